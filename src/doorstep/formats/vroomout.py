"""VROOM documents written: a problem for VROOM to solve, and a plan as VROOM would tell it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import InputError
from doorstep.formats.tabling import LATEST
from doorstep.planning.problem import DELIVER, DROP, FAR, PICK_UP, RETURN
from doorstep.planning.task.tables import ENDLESS

if TYPE_CHECKING:
    from doorstep.formats.costing import Bill
    from doorstep.formats.instance import Instance
    from doorstep.planning.plan import Route, Stop, Trip
    from doorstep.planning.problem import Fleet, Problem

_LONGEST = 1 << 31
_TYPES = {DELIVER: "job", RETURN: "job", PICK_UP: "pickup", DROP: "delivery"}
Document = dict[str, Any]


def left_out(problem: Problem) -> list[str]:
    """Return the rules of a problem that VROOM has no words for."""
    options = np.bincount(problem.option_order, minlength=len(problem.order_ids))
    paired = np.bincount(problem.option_order[problem.option_mate >= 0], minlength=len(problem.order_ids))
    found = {
        "several trips": any(fleet.max_trips > 1 for fleet in problem.fleets),
        "longest duty": any(fleet.shift_s < LATEST for fleet in problem.fleets),
        "release times": bool(problem.ready_s.any()),
        "alternatives": bool(np.any(options - paired // 2 > 1)),
        "lockers": bool(problem.lockers),
        "travel by the hour": any(fleet.period_from_s for fleet in problem.fleets),
        "energy": any(fleet.energy_mwh_per_m for fleet in problem.fleets),
    }
    return [rule for rule, there in found.items() if there]


def vroom_input(instance: Instance, vehicles: int | None = None) -> Document:
    """Return a problem as VROOM's JSON, one profile a fleet; what `left_out` names is not in it.

    Ids count from 0: tasks by their options, vehicles by their positions in the file. `vehicles` is how many of each
    fleet to offer at the most.
    """
    problem, skills = instance.problem, _skills(instance.problem)
    per = _money_of_cost(problem)
    matrices, offered = {}, []
    for f, fleet in enumerate(problem.fleets):
        costs = np.minimum(np.rint(fleet.distance_m.astype(float) * (fleet.metre_cost / per)), _LONGEST - 1)
        matrices[f"fleet{f}"] = {"durations": fleet.duration_s.tolist(), "costs": costs.astype(np.int64).tolist()}
        for position in instance.vehicles[f][:vehicles]:
            vehicle: Document = {
                "id": position,
                "profile": f"fleet{f}",
                "start_index": fleet.hub,
                "end_index": fleet.hub,
                "capacity": [min(fleet.mass_g, _LONGEST), min(fleet.volume_ml, _LONGEST)],
                "costs": {"fixed": round(fleet.vehicle_cost / per)},
                "skills": [k for k, fleets in enumerate(skills) if f in fleets],
            }
            if fleet.open_s > 0 or fleet.close_s < LATEST:
                vehicle["time_window"] = [fleet.open_s, min(fleet.close_s, _LONGEST)]
            if fleet.shift_s < LATEST:
                vehicle["max_travel_time"] = fleet.shift_s  # looser than the duty, which VROOM does not know
            if fleet.max_parcels < ENDLESS:
                vehicle["max_tasks"] = fleet.max_parcels
            offered.append(vehicle)
    tasks = [_task(problem, option) for option in range(len(problem.option_order))]
    jobs, shipments = [], []
    for option, task in enumerate(tasks):
        order, part = int(problem.option_order[option]), int(problem.option_part[option])
        amount = [int(problem.mass_g[order]), int(problem.volume_ml[order])]
        needed = {"skills": [skills.index(_able(problem, option))]} if problem.fleets else {}
        if part in {DELIVER, RETURN}:
            jobs.append(task | needed | {"delivery" if part == DELIVER else "pickup": amount})
        elif part == PICK_UP:
            drop = tasks[int(problem.option_mate[option])]
            shipments.append({"pickup": task, "delivery": drop, "amount": amount} | needed)
    return {"vehicles": offered, "jobs": jobs, "shipments": shipments, "matrices": matrices}


def vroom_solution(instance: Instance, bill: Bill) -> Document:
    """Return a plan as VROOM tells solutions; times in units of the instance's tables."""
    plan, problem = bill.plan, instance.problem
    routes = [_route(instance, route) for route in plan.routes]
    totals = {key: sum(route[key] for route in routes) for key in ("setup", "service", "duration", "waiting_time")}
    unassigned = [
        {"id": instance.labels[option], "type": _TYPES[int(problem.option_part[option])]}
        for left in plan.unserved
        for option in np.flatnonzero(problem.option_order == left.order).tolist()
    ]
    summary = {"cost": bill.cost, "routes": len(routes), "unassigned": len(unassigned), **totals, "violations": []}
    return {"code": 0, "summary": summary, "unassigned": unassigned, "routes": routes}


def write_vroom(path: Path | str, instance: Instance, bill: Bill) -> None:
    """Write a plan as VROOM tells solutions.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        Path(path).write_text(json.dumps(vroom_solution(instance, bill), indent=1), encoding="utf-8")
    except OSError as error:
        raise InputError.of(str(path), f"cannot be written: {error.strerror}", code="unwritable") from None


def _route(instance: Instance, route: Route) -> Document:
    fleet = instance.problem.fleets[route.fleet]
    steps = [step for k, trip in enumerate(route.trips) for step in _steps(instance, fleet, trip, again=k > 0)]
    ended = route.trips[-1].return_s
    steps.append({"type": "end", "arrival": ended, "setup": 0, "service": 0, "waiting_time": 0})
    totals = {key: sum(step[key] for step in steps) for key in ("setup", "service", "waiting_time")}
    aboard = sum(trip.return_s - trip.depart_s for trip in route.trips) - sum(totals.values())
    money = fleet.vehicle_cost + fleet.metre_cost * sum(trip.distance_m for trip in route.trips)
    return {
        "vehicle": instance.vehicle_labels[instance.vehicles[route.fleet][route.vehicle]],
        "cost": round(money / instance.scale, 6),
        **totals,
        "duration": aboard,
        "priority": 0,
        "steps": steps,
        "violations": [],
    }


def _steps(instance: Instance, fleet: Fleet, trip: Trip, *, again: bool) -> list[Document]:
    """Return the steps of a trip, with what is aboard after each."""
    problem = instance.problem
    who = [int(problem.option_order[stop.option]) for stop in trip.stops]
    parts = [int(problem.option_part[stop.option]) for stop in trip.stops]
    load = sum(int(problem.mass_g[order]) for order, part in zip(who, parts, strict=True) if part == DELIVER)
    kind = "reload" if again else "start"
    steps: list[Document] = [
        {"type": kind, "arrival": trip.depart_s, "setup": 0, "service": 0, "waiting_time": 0, "load": [load]}
    ]
    site = fleet.hub
    for stop, order, part in zip(trip.stops, who, parts, strict=True):
        load += int(problem.mass_g[order]) * (-1 if part in {DELIVER, DROP} else 1)
        here = int(problem.option_site[stop.option])
        setup = int(fleet.setup_s[stop.option]) if here != site else 0
        steps.append(_step(instance, stop, _TYPES[part], setup, int(fleet.service_s[stop.option])) | {"load": [load]})
        site = here
    return steps


def _step(instance: Instance, stop: Stop, kind: str, setup: int, service: int) -> Document:
    return {
        "type": kind,
        "id": instance.labels[stop.option],
        "arrival": stop.arrive_s,
        "setup": setup,
        "service": service,
        "waiting_time": stop.start_s - stop.arrive_s - setup,
    }


def _task(problem: Problem, option: int) -> Document:
    """Return the job, pickup or delivery of an option."""
    fleet = problem.fleets[0] if problem.fleets else None
    task: Document = {"id": option, "location_index": int(problem.option_site[option])}
    setup = int(fleet.setup_s[option]) if fleet is not None else 0
    if setup:
        task["setup"] = setup
    if fleet is not None and fleet.service_s[option]:
        task["service"] = int(fleet.service_s[option])
    opens, closes = int(problem.option_open_s[option]), int(problem.option_close_s[option])
    if opens > 0 or closes < LATEST:
        task["time_windows"] = [
            [max(0, opens - setup), min(closes - setup, _LONGEST)]
        ]  # VROOM's hold the setup's begin
    return task


def _able(problem: Problem, option: int) -> frozenset[int]:
    """Return the fleets that may serve an option."""
    return frozenset(f for f, fleet in enumerate(problem.fleets) if fleet.allowed[option])


def _skills(problem: Problem) -> list[frozenset[int]]:
    """Return every set of fleets that some option asks for; each is a skill."""
    able = np.array([fleet.allowed for fleet in problem.fleets]).reshape(len(problem.fleets), -1)
    columns = np.unique(able, axis=1) if able.size else able
    return [frozenset(np.flatnonzero(column).tolist()) for column in columns.T]


def _money_of_cost(problem: Problem) -> float:
    """Return the problem's money in one unit of VROOM's cost, so that all costs stay small enough."""
    dearest = max((fleet.metre_cost for fleet in problem.fleets), default=1)
    longest = max((int(fleet.distance_m[fleet.distance_m < FAR].max(initial=1)) for fleet in problem.fleets), default=1)
    least = min((fleet.metre_cost for fleet in problem.fleets), default=1)
    return max(float(least), dearest * longest / 1e7)
