"""Doorstep plans unmanned last-mile delivery: couriers, drones, robots and lockers on the same streets.

    scenario = doorstep.load_scenario("rural")
    study = doorstep.run(scenario)
    study.frame()

Everything here is loaded when it is first asked for, so that `import doorstep` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorstep.demand.order import Order
    from doorstep.errors import DoorstepError, Fault, InputError, PlanError, StudyError
    from doorstep.evaluation.scorecard import Scorecard, evaluate
    from doorstep.network.catchment import catchments, isochrones
    from doorstep.network.extract import read_extract
    from doorstep.network.rulebook import RobotRules, RuleBook
    from doorstep.planning.checker import check
    from doorstep.planning.plan import Plan
    from doorstep.planning.planner import solve
    from doorstep.planning.problem import Problem
    from doorstep.planning.tables import tabulate
    from doorstep.report.archive import save
    from doorstep.report.document import study_document
    from doorstep.scenario.file import load_scenario
    from doorstep.scenario.scenario import Scenario
    from doorstep.simulation.trace import Trace, simulate
    from doorstep.study import Outcome, Study, run

__version__ = "0.1.0"

_HOMES = {
    "DoorstepError": "doorstep.errors",
    "Fault": "doorstep.errors",
    "InputError": "doorstep.errors",
    "Order": "doorstep.demand.order",
    "Outcome": "doorstep.study",
    "Plan": "doorstep.planning.plan",
    "PlanError": "doorstep.errors",
    "Problem": "doorstep.planning.problem",
    "RobotRules": "doorstep.network.rulebook",
    "RuleBook": "doorstep.network.rulebook",
    "Scenario": "doorstep.scenario.scenario",
    "Scorecard": "doorstep.evaluation.scorecard",
    "Study": "doorstep.study",
    "StudyError": "doorstep.errors",
    "Trace": "doorstep.simulation.trace",
    "catchments": "doorstep.network.catchment",
    "check": "doorstep.planning.checker",
    "evaluate": "doorstep.evaluation.scorecard",
    "isochrones": "doorstep.network.catchment",
    "load_scenario": "doorstep.scenario.file",
    "read_extract": "doorstep.network.extract",
    "run": "doorstep.study",
    "save": "doorstep.report.archive",
    "simulate": "doorstep.simulation.trace",
    "solve": "doorstep.planning.planner",
    "study_document": "doorstep.report.document",
    "tabulate": "doorstep.planning.tables",
}

__all__ = [
    "DoorstepError",
    "Fault",
    "InputError",
    "Order",
    "Outcome",
    "Plan",
    "PlanError",
    "Problem",
    "RobotRules",
    "RuleBook",
    "Scenario",
    "Scorecard",
    "Study",
    "StudyError",
    "Trace",
    "__version__",
    "catchments",
    "check",
    "evaluate",
    "isochrones",
    "load_scenario",
    "read_extract",
    "run",
    "save",
    "simulate",
    "solve",
    "study_document",
    "tabulate",
]


def __getattr__(name: str) -> object:
    """Load what is asked for from the room it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'doorstep' has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
