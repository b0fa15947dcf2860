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
    from doorstep.demand.forecast import Forecast, forecast_day
    from doorstep.demand.history import History, read_history
    from doorstep.demand.order import Order
    from doorstep.demand.skill import Score, score_history
    from doorstep.errors import DoorstepError, Fault, InputError, PlanError, StudyError
    from doorstep.evaluation.scorecard import Scorecard, evaluate
    from doorstep.lockers.occupancy import Dwell, compartments_for, erlang_b
    from doorstep.network.air.flight import Flight, Terrain
    from doorstep.network.air.nofly import Zone
    from doorstep.network.air.terrainfile import read_terrain
    from doorstep.network.air.wind import Wind
    from doorstep.network.air.windfile import even_wind, read_wind
    from doorstep.network.air.zonefile import read_zones
    from doorstep.network.basemap import Basemap, read_basemap, read_map
    from doorstep.network.catchment import catchments, isochrones
    from doorstep.network.extract import read_extract
    from doorstep.network.hours.departures import Journeys, journey_lines, journeys
    from doorstep.network.hours.periods import Timetable, timetable
    from doorstep.network.hours.trafficfile import read_traffic
    from doorstep.network.rulebook import RobotRules, RuleBook
    from doorstep.network.sky import Sky
    from doorstep.network.traffic import Traffic, load_traffic, traffic_names
    from doorstep.planning.begun.locked import Begun, Locked, Pin, freeze
    from doorstep.planning.checker import check
    from doorstep.planning.plan import Plan
    from doorstep.planning.planner import solve
    from doorstep.planning.problem import Problem
    from doorstep.planning.task.tables import tabulate
    from doorstep.report.archive import load_study, save
    from doorstep.report.document import study_document
    from doorstep.scenario.file import load_scenario
    from doorstep.scenario.scenario import Scenario
    from doorstep.simulation.trace import Trace, simulate
    from doorstep.study import Outcome, Study, run
    from doorstep.study.living import live_through
    from doorstep.study.pooling import Pooling, pool
    from doorstep.study.quoting import Quote, quote

__version__ = "0.1.0"

_HOMES = {
    "Basemap": "doorstep.network.basemap",
    "Begun": "doorstep.planning.begun.locked",
    "DoorstepError": "doorstep.errors",
    "Dwell": "doorstep.lockers.occupancy",
    "Fault": "doorstep.errors",
    "Flight": "doorstep.network.air.flight",
    "Forecast": "doorstep.demand.forecast",
    "History": "doorstep.demand.history",
    "InputError": "doorstep.errors",
    "Journeys": "doorstep.network.hours.departures",
    "Locked": "doorstep.planning.begun.locked",
    "Order": "doorstep.demand.order",
    "Outcome": "doorstep.study",
    "Pooling": "doorstep.study.pooling",
    "pool": "doorstep.study.pooling",
    "Pin": "doorstep.planning.begun.locked",
    "Plan": "doorstep.planning.plan",
    "PlanError": "doorstep.errors",
    "Problem": "doorstep.planning.problem",
    "Quote": "doorstep.study.quoting",
    "RobotRules": "doorstep.network.rulebook",
    "RuleBook": "doorstep.network.rulebook",
    "Scenario": "doorstep.scenario.scenario",
    "Score": "doorstep.demand.skill",
    "Scorecard": "doorstep.evaluation.scorecard",
    "Sky": "doorstep.network.sky",
    "Study": "doorstep.study",
    "StudyError": "doorstep.errors",
    "Terrain": "doorstep.network.air.flight",
    "Timetable": "doorstep.network.hours.periods",
    "Trace": "doorstep.simulation.trace",
    "Traffic": "doorstep.network.traffic",
    "Wind": "doorstep.network.air.wind",
    "Zone": "doorstep.network.air.nofly",
    "catchments": "doorstep.network.catchment",
    "check": "doorstep.planning.checker",
    "compartments_for": "doorstep.lockers.occupancy",
    "erlang_b": "doorstep.lockers.occupancy",
    "evaluate": "doorstep.evaluation.scorecard",
    "even_wind": "doorstep.network.air.windfile",
    "forecast_day": "doorstep.demand.forecast",
    "freeze": "doorstep.planning.begun.locked",
    "isochrones": "doorstep.network.catchment",
    "journey_lines": "doorstep.network.hours.departures",
    "journeys": "doorstep.network.hours.departures",
    "live_through": "doorstep.study.living",
    "load_scenario": "doorstep.scenario.file",
    "load_study": "doorstep.report.archive",
    "load_traffic": "doorstep.network.traffic",
    "read_basemap": "doorstep.network.basemap",
    "read_map": "doorstep.network.basemap",
    "quote": "doorstep.study.quoting",
    "read_extract": "doorstep.network.extract",
    "read_history": "doorstep.demand.history",
    "read_terrain": "doorstep.network.air.terrainfile",
    "read_traffic": "doorstep.network.hours.trafficfile",
    "read_wind": "doorstep.network.air.windfile",
    "read_zones": "doorstep.network.air.zonefile",
    "run": "doorstep.study",
    "save": "doorstep.report.archive",
    "score_history": "doorstep.demand.skill",
    "simulate": "doorstep.simulation.trace",
    "solve": "doorstep.planning.planner",
    "study_document": "doorstep.report.document",
    "tabulate": "doorstep.planning.task.tables",
    "timetable": "doorstep.network.hours.periods",
    "traffic_names": "doorstep.network.traffic",
}

__all__ = [
    "Basemap",
    "Begun",
    "DoorstepError",
    "Dwell",
    "Fault",
    "Flight",
    "Forecast",
    "History",
    "InputError",
    "Journeys",
    "Locked",
    "Order",
    "Outcome",
    "Pin",
    "Plan",
    "PlanError",
    "Pooling",
    "Problem",
    "Quote",
    "RobotRules",
    "RuleBook",
    "Scenario",
    "Score",
    "Scorecard",
    "Sky",
    "Study",
    "StudyError",
    "Terrain",
    "Timetable",
    "Trace",
    "Traffic",
    "Wind",
    "Zone",
    "__version__",
    "catchments",
    "check",
    "compartments_for",
    "erlang_b",
    "evaluate",
    "even_wind",
    "forecast_day",
    "freeze",
    "isochrones",
    "journey_lines",
    "journeys",
    "live_through",
    "load_scenario",
    "load_study",
    "load_traffic",
    "pool",
    "quote",
    "read_basemap",
    "read_extract",
    "read_history",
    "read_map",
    "read_terrain",
    "read_traffic",
    "read_wind",
    "read_zones",
    "run",
    "save",
    "score_history",
    "simulate",
    "solve",
    "study_document",
    "tabulate",
    "timetable",
    "traffic_names",
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
