"""Days as they really go: plans whose legs and handovers take longer, or less long, than planned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from doorstep.planning.plan import Plan, Route, Stop, Trip


def as_it_went(plan: Plan, turnaround_s: list[int], rng: np.random.Generator) -> Plan:
    """Return a plan with real times: every leg and every handover by a factor of its own, nothing before it is due."""
    return replace(plan, routes=tuple(_route(route, turnaround_s[route.fleet], rng) for route in plan.routes))


def _route(route: Route, turnaround_s: int, rng: np.random.Generator) -> Route:
    trips: list[Trip] = []
    moved: dict[int, int] = {}
    free = 0
    for trip in route.trips:
        load = max(trip.load_s, free + turnaround_s) if trips else trip.load_s
        clock, left = load + trip.depart_s - trip.load_s, trip.depart_s
        depart, stops = clock, []
        for stop in trip.stops:
            moved[left] = clock
            arrive = clock + round((stop.arrive_s - left) * rng.uniform(0.8, 1.7))
            start = max(stop.start_s - round(rng.uniform(0, 60)), arrive)
            clock, left = start + round((stop.leave_s - stop.start_s) * rng.uniform(0.5, 2)), stop.leave_s
            stops.append(_at(stop, arrive, start, clock))
        moved[left] = clock
        free = clock + round((trip.return_s - left) * rng.uniform(0.8, 1.7))
        moved[trip.return_s] = free
        trips.append(replace(trip, load_s=load, depart_s=depart, stops=tuple(stops), return_s=free))
    breaks = tuple((moved.get(begin, begin), moved.get(begin, begin) + end - begin) for begin, end in route.breaks)
    return replace(route, trips=tuple(trips), breaks=breaks)


def _at(stop: Stop, arrive_s: int, start_s: int, leave_s: int) -> Stop:
    """Return a stop at other times."""
    return replace(stop, arrive_s=arrive_s, start_s=start_s, leave_s=leave_s)
