"""Who wins where: cost and latency of every configuration of shipped scenarios on days of chance, with intervals.

    python benchmarks/winners.py rural rural-winter peak peak-ordinary peak-dispatch --days 200

One row a scenario and configuration, with the means and both ends of their 95 % intervals, and one a scenario and
number: who is best, whether surely, and who is among configurations that combine no others.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING

from doorstep.scenario.file import load_scenario
from doorstep.study import run
from doorstep.study.living import live_through

if TYPE_CHECKING:
    from doorstep.comparison import Interval
    from doorstep.study.living import Lived

NUMBERS = {"cost": "cost per parcel", "p50": "latency p50", "p95": "latency p95", "on_time": "on time"}
SCENARIOS = ("rural", "rural-winter", "peak", "peak-ordinary", "peak-dispatch")


def main() -> None:
    """Run it and print the rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scenarios", nargs="*", default=SCENARIOS)
    parser.add_argument("--days", type=int, default=200)
    asked = parser.parse_args()
    for name in asked.scenarios:
        scenario = load_scenario(name)
        begun = time.process_time()
        planned = run(scenario)
        searched = time.process_time()
        lived = live_through(planned, asked.days).lived
        lasted = {"plan_cpu_s": round(searched - begun, 1), "days_cpu_s": round(time.process_time() - searched, 1)}
        if lived is None:
            continue
        for outcome in planned.outcomes:
            found = {key: _ends(lived.interval(metric, outcome.name)) for key, metric in NUMBERS.items()}
            replans = outcome.plan.solver.get("replans", 1)
            row = {"scenario": name, "configuration": outcome.name, "days": asked.days, "plans": replans}
            print(json.dumps({"name": "lived", **row, **found}), flush=True)
        joined = {one.name for one in scenario.configurations if one.combines}
        for key, metric in NUMBERS.items():
            print(json.dumps({"name": "winner", "scenario": name, "number": key, **_winner(lived, metric, joined)}))
        print(json.dumps({"name": "time", "scenario": name, **lasted}), flush=True)


def _ends(found: Interval) -> list[float]:
    return [round(number, 3) for number in (found.mean, found.low, found.high)]


def _winner(lived: Lived, metric: str, joined: set[str]) -> dict[str, object]:
    steps = lived.numbers[metric].ranks()
    plain = next((step.name for step in steps if step.name not in joined), None)
    return {"best": steps[0].name, "sure": steps[0].sure, "best_that_combines_none": plain}


if __name__ == "__main__":
    main()
