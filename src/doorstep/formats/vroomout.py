"""VROOM documents written: a problem for VROOM to solve, and a plan as VROOM would tell it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import InputError
from doorstep.formats.costing import tidy
from doorstep.formats.tabling import LATEST
from doorstep.planning.problem import DELIVER, DROP, FAR, PICK_UP, RETURN
from doorstep.planning.task.tables import ENDLESS

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from doorstep.formats.costing import Bill
    from doorstep.formats.instance import Instance
    from doorstep.planning.plan import Route, Stop, Trip
    from doorstep.planning.problem import Problem

    Amounts: TypeAlias = NDArray[np.int64]

_LONGEST = 1 << 31
_TYPES = {DELIVER: "job", RETURN: "job", PICK_UP: "pickup", DROP: "delivery"}
_SUMS = ("setup", "service", "duration", "waiting_time", "priority")
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
                opens, closes = fleet.open_s + instance.origin, fleet.close_s + instance.origin
                vehicle["time_window"] = [opens, min(closes, _LONGEST)]
            if fleet.shift_s < LATEST:
                vehicle["max_travel_time"] = fleet.shift_s  # looser than the duty, which VROOM does not know
            if fleet.max_parcels < ENDLESS:
                vehicle["max_tasks"] = fleet.max_parcels
            offered.append(vehicle)
    tasks = [_task(problem, option, instance.origin) for option in range(len(problem.option_order))]
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
    said = _Said(instance)
    routes = [_Log(instance, said, route).document() for route in plan.routes]
    missing = {
        (instance.labels[option], _TYPES[int(problem.option_part[option])]): option
        for left in plan.unserved
        for option in np.flatnonzero(problem.option_order == left.order).tolist()
    }
    unassigned = [{"id": label, "type": kind} | said.place(option) for (label, kind), option in missing.items()]
    sums = {key: sum(route[key] for route in routes) for key in _SUMS}
    metres = {"distance": sum(route["distance"] for route in routes)} if instance.metres else {}
    brought, fetched = (
        sum((np.array(route.get(key, []), np.int64) for route in routes), said.nothing())
        for key in ("delivery", "pickup")
    )
    summary = {"cost": bill.cost, "routes": len(routes), "unassigned": len(unassigned)}
    summary |= said.told(brought, fetched) | sums | metres | {"violations": []}
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


class _Said:
    """What the file says of tasks, vehicles and amounts, in VROOM's words."""

    def __init__(self, instance: Instance) -> None:
        self.instance, problem = instance, instance.problem
        document = instance.document or {}
        self.crew: list[Document] = document.get("vehicles", [])
        self.tasks: dict[tuple[str, Any], Document] = {("job", job["id"]): job for job in document.get("jobs", [])}
        for shipment in document.get("shipments", []):
            for part in "pickup", "delivery":
                self.tasks[part, shipment[part]["id"]] = shipment[part] | {"priority": shipment.get("priority", 0)}
        self.width = 1 + bool(problem.volume_ml.any())
        if instance.document is not None:
            self.width = max((len(vehicle.get("capacity", [])) for vehicle in self.crew), default=0)
        self.amounts = np.stack([problem.mass_g, problem.volume_ml], axis=1)[:, : self.width]

    def nothing(self) -> Amounts:
        """Return amounts of 0."""
        return np.zeros(self.width, np.int64)

    def told(self, delivery: Amounts, pickup: Amounts) -> Document:
        """Return the amounts of a route as VROOM has them, which says deliveries twice; none where there are none."""
        brought = delivery.tolist()
        return {"delivery": brought, "amount": brought, "pickup": pickup.tolist()} if self.width else {}

    def task(self, option: int) -> Document:
        """Return what the file says of the task of an option."""
        problem = self.instance.problem
        here: Document = {"location_index": int(problem.option_site[option])}
        return self.tasks.get((_TYPES[int(problem.option_part[option])], self.instance.labels[option]), here)

    def place(self, option: int) -> Document:
        """Return description and place of a task."""
        task = self.task(option)
        return {key: task[key] for key in ("description", "location", "location_index") if key in task}

    def end(self, position: int, hub: int, key: str, stops: tuple[Stop, ...]) -> Document:
        """Return where a vehicle starts or ends: at its first or last task where the file does not say."""
        if self.instance.document is None:
            return {"location_index": hub}
        names = {key: "location", f"{key}_index": "location_index"}
        found = {name: self.crew[position][own] for own, name in names.items() if own in self.crew[position]}
        places = found or (self.place(stops[0].option) if stops else {})
        return {name: value for name, value in places.items() if name != "description"}


class _Log:
    """The steps of a route, and what adds up along it."""

    def __init__(self, instance: Instance, said: _Said, route: Route) -> None:
        self.instance, self.said, self.route = instance, said, route
        self.position = instance.vehicles[route.fleet][route.vehicle]
        self.fleet = instance.problem.fleets[route.fleet]
        self.steps: list[Document] = []
        self.site = self.fleet.hub
        self.left = self.duration = self.metres = self.priority = 0
        self.load, self.brought, self.fetched = said.nothing(), said.nothing(), said.nothing()

    def document(self) -> Document:
        """Return the route."""
        fleet, said, trips = self.fleet, self.said, self.route.trips
        for k, trip in enumerate(trips):
            self._trip(trip, "reload" if k else "start")
        last = trips[-1]
        self._step({"type": "end"} | said.end(self.position, fleet.hub, "end", last.stops[-1:]), last.return_s)
        money = fleet.vehicle_cost + fleet.metre_cost * sum(trip.distance_m for trip in trips)
        vehicle = said.crew[self.position] if said.crew else {}
        return {
            "vehicle": self.instance.vehicle_labels[self.position],
            "cost": tidy(money / self.instance.scale),
            **({"description": vehicle["description"]} if "description" in vehicle else {}),
            **said.told(self.brought, self.fetched),
            **{key: sum(step[key] for step in self.steps) for key in ("setup", "service", "waiting_time")},
            "duration": self.duration,
            "priority": self.priority,
            **({"distance": self.metres} if self.instance.metres else {}),
            "steps": self.steps,
            "violations": [],
        }

    def _trip(self, trip: Trip, kind: str) -> None:
        """Add the steps of a trip, with what is aboard after each."""
        problem, hub = self.instance.problem, self.fleet.hub
        for stop in trip.stops:
            if problem.option_part[stop.option] == DELIVER:
                self.load += self.said.amounts[problem.option_order[stop.option]]
        place = self.said.end(self.position, hub, "start", trip.stops[:1])
        self._step({"type": kind} | place, trip.depart_s)
        self.left, self.site = trip.depart_s, hub
        for stop in trip.stops:
            self._stop(stop)
        self._go(hub, trip.return_s)

    def _stop(self, stop: Stop) -> None:
        problem, said = self.instance.problem, self.said
        part, site = int(problem.option_part[stop.option]), int(problem.option_site[stop.option])
        setup = int(self.fleet.setup_s[stop.option]) if site != self.site else 0
        service = int(self.fleet.service_s[stop.option])
        amount = said.amounts[problem.option_order[stop.option]]
        if part in {DELIVER, DROP}:
            self.load, self.brought = self.load - amount, self.brought + amount
        else:
            self.load, self.fetched = self.load + amount, self.fetched + amount
        self.priority += said.task(stop.option).get("priority", 0)
        self._go(site, stop.arrive_s)
        name = {"type": _TYPES[part], "id": self.instance.labels[stop.option]}
        self._step(name | said.place(stop.option), stop.arrive_s, setup, service, stop.start_s - stop.arrive_s - setup)
        self.left = stop.start_s + service

    def _go(self, site: int, arrival: int) -> None:
        self.duration += arrival - self.left
        if self.instance.metres:
            self.metres += int(self.instance.metres[self.route.fleet][self.site, site])
        self.site = site

    def _step(self, step: Document, arrival: int, setup: int = 0, service: int = 0, waiting: int = 0) -> None:
        times = {
            "arrival": self.instance.origin + arrival,
            "duration": self.duration,
            "setup": setup,
            "service": service,
        }
        load = {"load": self.load.tolist()} if self.said.width else {}
        metres = {"distance": self.metres} if self.instance.metres else {}
        self.steps.append(step | times | {"waiting_time": waiting} | load | metres | {"violations": []})


def _task(problem: Problem, option: int, origin: int) -> Document:
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
        early = setup - origin  # VROOM's windows hold the begin of the setup
        task["time_windows"] = [[max(0, opens - early), min(closes - early, _LONGEST)]]
    return task


def _able(problem: Problem, option: int) -> frozenset[int]:
    """Return the fleets that may serve an option."""
    return frozenset(f for f, fleet in enumerate(problem.fleets) if fleet.allowed[option])


def _skills(problem: Problem) -> list[frozenset[int]]:
    """Return every set of fleets that some option asks for; each is a skill."""
    able = np.array([fleet.allowed for fleet in problem.fleets]).reshape(len(problem.fleets), len(problem.option_order))
    columns = np.unique(able, axis=1) if able.size else able
    return [frozenset(np.flatnonzero(column).tolist()) for column in columns.T]


def _money_of_cost(problem: Problem) -> float:
    """Return the problem's money in one unit of VROOM's cost, so that all costs stay small enough."""
    dearest = max((fleet.metre_cost for fleet in problem.fleets), default=1)
    longest = max((int(fleet.distance_m[fleet.distance_m < FAR].max(initial=1)) for fleet in problem.fleets), default=1)
    least = min((fleet.metre_cost for fleet in problem.fleets), default=1)
    return max(float(least), dearest * longest / 1e7) or 1.0
