"""Overrides: a scenario with what somebody says in place of its file, by way of a file that extends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from doorstep.errors import InputError, ScenarioError
from doorstep.scenario.file import load_scenario

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario


def load_with(
    name: str, *, seed: int | None, work: int | None, time_limit: float | None, factor: float | None = None
) -> Scenario:
    """Return a scenario with another seed, work [steps] or time limit [s]; as it is where they are None.

    With a `factor` its demand is that multiple of an ordinary day's, whatever it says itself.

    Raises
    ------
    ScenarioError
        With the faults of the scenario, and where its orders come from a table, of which there are no more.
    """
    planner = {"work": work, "time_limit": f"{time_limit:g} s" if time_limit else None}
    planner = {key: value for key, value in planner.items() if value is not None}
    said: dict[str, object] = {"seed": seed} if seed is not None else {}
    if planner:
        said["planner"] = planner
    if factor is not None:
        said["demand"] = {_drawn(name): {"factor": factor}}
    if not said:
        return load_scenario(name)
    import tempfile
    from pathlib import Path

    from doorstep.scenario.document import parse, read_text
    from doorstep.scenario.inherit import scenario_path

    path = scenario_path(name).resolve()
    own_name = parse(read_text(path), str(path)).at(["name"])
    with tempfile.TemporaryDirectory() as folder:
        heir = Path(folder, "command-line.yaml")
        said |= {"name": own_name.value if own_name else path.stem, "extends": str(path)}
        heir.write_text(json.dumps(said), encoding="utf-8")
        try:
            return load_scenario(heir)
        except InputError:
            load_scenario(name)
            raise


def named_surge(name: str) -> str | tuple[float, ...] | None:
    """Return the surge that a scenario names, if any; ScenarioError where its tables are at fault."""
    from doorstep.scenario.case import open_case
    from doorstep.scenario.inherit import scenario_path

    case = open_case(scenario_path(name))
    if case.faults:
        raise ScenarioError(case.faults)
    return case.tables.demand.surge


def _drawn(name: str) -> str:
    """Return where a scenario's orders are drawn from; ScenarioError where they are not drawn."""
    from doorstep.scenario.case import open_case
    from doorstep.scenario.inherit import scenario_path

    case = open_case(scenario_path(name))
    for key in ("sample", "history"):
        if case.given("demand", key):
            return key
    fix = "draw them: `demand: {sample: {orders: 100}}`, or from past ones: `demand: {history: {file: …}}`"
    what = "the orders come from a table, which has none of other days"
    raise ScenarioError([case.fault(["demand"], what, fix, "no-more-orders", key=True)])
