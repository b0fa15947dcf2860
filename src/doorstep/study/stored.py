"""Stored plans: the plans of a study as JSON values, and a study made of them and its scenario again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from doorstep.errors import StudyError
from doorstep.planning.plan import Plan, Reason, Route, Sortie, Stop, Trip, Unserved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario
    from doorstep.study.study import Study

SCHEMA = "doorstep/plans/1"


def plans_document(study: Study) -> dict[str, Any]:
    """Return the plans of a study; orders, lockers, modes and hubs go by their names, times are seconds."""
    return {"schema": SCHEMA, "plans": {one.name: _plan_values(one.problem, one.plan) for one in study.outcomes}}


def study_of(scenario: Scenario, document: Mapping[str, Any]) -> Study:
    """Return the study whose plans were stored, its problems tabulated anew from its scenario.

    Raises
    ------
    StudyError
        If the document is of another schema or tells no plans, its plans do not belong to the scenario, or break rules.
    """
    from doorstep.planning.checker import check
    from doorstep.planning.task.tables import tabulate
    from doorstep.planning.task.travel import Travel
    from doorstep.study.outcome import Outcome, outcome_of
    from doorstep.study.study import Study

    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        raise StudyError(f"plans of the schema {schema!r}; this Doorstep reads {SCHEMA}")
    plans = document.get("plans")
    if not isinstance(plans, dict) or not plans:
        raise StudyError("the study has no plans; run the scenario again")
    travel, outcomes = Travel(scenario), list[Outcome]()
    for name, values in plans.items():
        try:
            problem = tabulate(scenario, name, travel)
            outcomes.append(outcome_of(problem, _plan_of(problem, name, values)))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
            what = f"the plan of '{name}' does not belong to the scenario beside it ({error})"
            raise StudyError(f"{what}; run the scenario again") from error
        broken = check(problem, outcomes[-1].plan) if outcomes[-1].scorecard.violations else ()
        if broken:
            what = f"the plan of '{name}' breaks rules in the scenario beside it ({broken[0]})"
            raise StudyError(f"{what}; run the scenario again")
    return Study(scenario, tuple(outcomes), 0.0)


def _plan_values(problem: Problem, plan: Plan) -> dict[str, Any]:
    return {
        "routes": [_route_values(problem, route) for route in plan.routes],
        "unserved": [
            {"order": problem.order_ids[left.order], "reasons": [asdict(reason) for reason in left.reasons]}
            for left in plan.unserved
        ],
        "solver": dict(plan.solver),
    }


def _route_values(problem: Problem, route: Route) -> dict[str, Any]:
    fleet = problem.fleets[route.fleet]
    return {
        "fleet": route.fleet,
        "mode": fleet.mode,
        "hub": problem.hubs[fleet.hub],
        "vehicle": route.vehicle,
        "breaks": [list(rest) for rest in route.breaks],
        "trips": [
            {
                "load_s": trip.load_s,
                "depart_s": trip.depart_s,
                "return_s": trip.return_s,
                "distance_m": trip.distance_m,
                "stops": [_stop_values(problem, stop) for stop in trip.stops],
                **({"sorties": [_sortie_values(problem, one) for one in trip.sorties]} if trip.sorties else {}),
            }
            for trip in route.trips
        ],
    }


def _stop_values(problem: Problem, stop: Stop) -> dict[str, Any]:
    bank = int(problem.option_locker[stop.option])
    return {
        "order": problem.order_ids[int(problem.option_order[stop.option])],
        "option": stop.option,
        "kind": str(problem.option_kind[stop.option]),
        "locker": problem.lockers[bank] if bank >= 0 else None,
        "arrive_s": stop.arrive_s,
        "start_s": stop.start_s,
        "leave_s": stop.leave_s,
    }


def _sortie_values(problem: Problem, sortie: Sortie) -> dict[str, Any]:
    return {**asdict(sortie), "stop": _stop_values(problem, sortie.stop)}


def _plan_of(problem: Problem, name: str, values: Mapping[str, Any]) -> Plan:
    number = {order: k for k, order in enumerate(problem.order_ids)}
    left = tuple(
        Unserved(number[one["order"]], tuple(Reason(**reason) for reason in one["reasons"]))
        for one in values["unserved"]
    )
    return Plan(name, tuple(_route_of(problem, route) for route in values["routes"]), left, values["solver"])


def _route_of(problem: Problem, values: Mapping[str, Any]) -> Route:
    """Return a route; ValueError where its fleet or one of its options is another one here."""
    fleet = problem.fleets[values["fleet"]]
    if (fleet.mode, problem.hubs[fleet.hub]) != (values["mode"], values["hub"]):
        raise ValueError(f"no {values['mode']} at {values['hub']} where it was")
    trips = []
    for trip in values["trips"]:
        stops = tuple(_stop_of(problem, stop) for stop in trip["stops"])
        sorties = tuple(Sortie(**{**one, "stop": _stop_of(problem, one["stop"])}) for one in trip.get("sorties", ()))
        clocks = trip["load_s"], trip["depart_s"], stops, trip["return_s"]
        trips.append(Trip(*clocks, trip["distance_m"], sorties))
    breaks = tuple((begin, end) for begin, end in values["breaks"])
    return Route(values["fleet"], values["vehicle"], tuple(trips), breaks)


def _stop_of(problem: Problem, values: Mapping[str, Any]) -> Stop:
    made = Stop(values["option"], values["arrive_s"], values["start_s"], values["leave_s"])
    if _stop_values(problem, made) != values:
        raise ValueError(f"order {values['order']} has another option there")
    return made
