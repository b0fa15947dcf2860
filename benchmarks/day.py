"""How long it takes to live through many days of one plan.

    python benchmarks/day.py [--orders 500] [--days 1000] [--seed 1]

One row of JSON each for the days alone and for the days with all numbers of the scorecard. CPU seconds; compilation
comes once and is not in them. The orders are drawn over the map of the scenario `rural`; the plan is that of vans, with
little search, since its quality plays no part.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from doorstep.evaluation.scorecard import evaluate
from doorstep.modes.catalog import load_chance
from doorstep.scenario.file import load_scenario
from doorstep.simulation.days import simulate_days
from doorstep.study import run

TEXT = """\
extends: rural
demand: {{sample: {{orders: {orders}}}}}
planner: {{work: 1}}
configurations: {{courier: {{vehicles: [{{mode: van, count: 40, handover: [door]}}]}},
  drone: null, robot: null, locker: null, mixed: null}}
"""


def main() -> None:
    """Run it and print the rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.yaml"
        path.write_text(TEXT.format(orders=asked.orders), encoding="utf-8")
        scenario = load_scenario(path)
    outcome, book = run(scenario).outcomes[0], load_chance("usual")
    problem, plan = outcome.problem, outcome.plan
    simulate_days(problem, plan, book, scenario.modes, 1)
    begun = time.process_time()
    days = simulate_days(problem, plan, book, scenario.modes, asked.days, asked.seed)
    lived = time.process_time()
    for day in range(asked.days):
        evaluate(problem, plan, days.trace(day), outcome.scorecard)
    scored = time.process_time()
    row = {"orders": outcome.scorecard.served, "days": asked.days}
    print(json.dumps({"name": "simulate", **row, "cpu_s": round(lived - begun, 4)}))
    print(json.dumps({"name": "simulate and score", **row, "cpu_s": round(scored - begun, 4)}))


if __name__ == "__main__":
    main()
