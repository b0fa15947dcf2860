"""Homeward: where a vehicle that has begun is when it is done with what is locked, and its way home from there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from doorstep.planning.plan import Route, Trip
from doorstep.planning.problem import Stage
from doorstep.planning.rules.referee import ways_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.begun.locked import Begun
    from doorstep.planning.plan import Stop
    from doorstep.planning.problem import Fleet, Problem


def free_s(begun: Begun) -> int:
    """Return when a vehicle is done with what is locked: back, or at the last of its stops."""
    last = begun.trips[-1]
    if not begun.under_way:
        return last.return_s
    left = last.stops[-1].leave_s if last.stops else last.depart_s
    return max([left, *(end for begin, end in begun.breaks if begin >= last.load_s)])


def site_of(problem: Problem, begun: Begun) -> int:
    """Return where a vehicle is when it is done with what is locked."""
    last = begun.trips[-1]
    if begun.under_way and last.stops:
        return int(problem.option_site[last.stops[-1].option])
    return problem.fleets[begun.fleet].hub


def work_from_s(problem: Problem, begun: Begun) -> int:
    """Return when the work began that counts towards a driver's next break; no later than he could have it."""
    fleet, free = problem.fleets[begun.fleet], free_s(begun)
    ends = [end for begin, end in begun.breaks if end - begin >= fleet.break_s and end <= free]
    for before, after in pairwise(begun.trips):
        if after.load_s - before.return_s - fleet.turnaround_s >= fleet.break_s:
            ends.append(after.load_s)
    return max([begun.trips[0].load_s, free - fleet.break_after_s if fleet.break_after_s else 0, *ends])


def trip_home(
    problem: Problem, fleet: int, trip: Trip, stops: tuple[Stop, ...], breaks: tuple[tuple[int, int], ...] = ()
) -> Trip:
    """Return a trip that goes home after some stops."""
    kind = problem.fleets[fleet]
    sites = [kind.hub, *(int(problem.option_site[stop.option]) for stop in stops), kind.hub]
    clock = max(
        [stops[-1].leave_s if stops else trip.depart_s, *(end for begin, end in breaks if begin >= trip.load_s)]
    )
    metres = sum(int(kind.distance_m[a, b]) for a, b in pairwise(sites) if a != b)
    return Trip(trip.load_s, trip.depart_s, stops, clock + _way_s(kind, sites[-2], clock), metres)


def straight_home(problem: Problem, begun: Begun) -> Route:
    """Return what a vehicle has begun, and nothing more; its driver rests first where the way home asks for it."""
    trips, breaks = begun.trips, begun.breaks
    if begun.under_way:
        fleet, free, since = problem.fleets[begun.fleet], free_s(begun), work_from_s(problem, begun)
        back = free + _way_s(fleet, site_of(problem, begun), free)
        if fleet.break_after_s and back - since > fleet.break_after_s and free > since:
            breaks = (*breaks, (free, free + fleet.break_s))
        trips = (*trips[:-1], trip_home(problem, begun.fleet, trips[-1], trips[-1].stops, breaks))
    return Route(begun.fleet, begun.vehicle, trips, breaks)


def taken_up(problem: Problem, route: Route, stage: Stage) -> Iterator[tuple[int, int]]:
    """Yield from when until when each trip of a route takes up what is shared in a stage."""
    swap_s = problem.fleets[route.fleet].turnaround_s
    for k, trip in enumerate(route.trips):
        since = trip.load_s - swap_s * (k > 0)
        yield {
            Stage.LOADING: (since, trip.depart_s),
            Stage.TURNAROUND: (since, trip.load_s),
            Stage.AWAY: (trip.depart_s, trip.return_s),
            Stage.PACKING: (trip.load_s, trip.depart_s),
        }[stage]


def _way_s(fleet: Fleet, site: int, leave_s: int) -> int:
    return int(ways_s(fleet, site, fleet.hub, leave_s)) if site != fleet.hub else 0
