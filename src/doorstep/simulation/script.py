"""Script: a plan as columns, one row a stop and one a trip, for days to be lived through by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.handover import Handover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from doorstep.planning.plan import Plan, Route, Trip
    from doorstep.planning.problem import Problem

    Whole = NDArray[np.int64]

KINDS = tuple(Handover)
HANDOVER, LAUNCH, TAKE_IN, COME = range(4)


class Script(NamedTuple):
    """What is to be done in which sequence, with the times that it takes when all goes as planned."""

    trip_first: Whole
    """[trips + 1] where the stops of each trip begin."""
    opens_route: NDArray[np.bool_]
    """[trips] whether it is the first of its vehicle."""
    trip_fleet: Whole
    """[trips]"""
    load_s: Whole
    """[trips] when loading begins, and not before."""
    gap_s: Whole
    """[trips] least time at the hub after the trip before, until loading begins."""
    loading_s: Whole
    """[trips] from the beginning of loading until the trip could leave."""
    depart_s: Whole
    """[trips] when it leaves, and not before."""
    latest_s: Whole
    """[trips] when it must leave to be back in time, were all else as planned."""
    back_s: Whole
    """[trips] the way home."""
    back_rest_s: Whole
    """[trips] breaks on it."""
    order: Whole
    """[stops]"""
    kind: Whole
    """[stops] place in KINDS."""
    leg_s: Whole
    """[stops] the way there."""
    rest_s: Whole
    """[stops] breaks on it."""
    setup_s: Whole
    """[stops] from arriving until the handover could begin."""
    floor_s: Whole
    """[stops] when the handover begins, and not before: where the plan waits, or the place opens."""
    close_s: Whole
    """[stops] no handover begins later."""
    handover_s: Whole
    """[stops]"""
    act: Whole
    """[stops] what is done: HANDOVER by the vehicle, a LAUNCH, TAKE_IN, or COME to a stop before that."""
    task_s: Whole
    """[stops] the crew's time for a launch or for taking in."""
    sortie: Whole
    """[stops] which sortie is launched or taken in, counted as the trace does; -1 elsewhere."""
    sortie_fleet: Whole
    """[sorties]"""


def script_of(problem: Problem, plan: Plan) -> Script:
    """Return a plan as columns; its trips lie vehicle by vehicle, each vehicle's in the order in which it does them."""
    trips: list[tuple[int, ...]] = []
    stops: list[tuple[int, ...]] = []
    first, fleets = [0], list[int]()
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        home = -1
        for trip in route.trips:
            site, left = fleet.hub, trip.depart_s
            for place, stop in enumerate(trip.stops):
                stops += _at_stop(problem, route, trip, place, (site, left, len(fleets)))
                site, left = int(problem.option_site[stop.option]), trip.left_s(place)
            fleets += [sortie.fleet for sortie in trip.sorties]
            rest = _resting(route, left, trip.return_s)
            gap = min(trip.load_s - home, fleet.turnaround_s) if home >= 0 else 0
            loading = min(trip.depart_s - trip.load_s, fleet.load_s + _resting(route, trip.load_s, trip.depart_s))
            latest = max(trip.depart_s, fleet.close_s - (trip.return_s - trip.depart_s))
            trips.append(
                (
                    *(home < 0, route.fleet, trip.load_s, gap, loading, trip.depart_s, latest),
                    *(trip.return_s - left - rest, rest),
                )
            )
            first.append(len(stops))
            home = trip.return_s
    by_trip, by_stop = np.array(trips, np.int64).reshape(-1, 9).T, np.array(stops, np.int64).reshape(-1, 11).T
    return Script(
        np.array(first),
        by_trip[0].astype(bool),
        *(np.ascontiguousarray(column) for column in (*by_trip[1:], *by_stop, np.array(fleets, np.int64))),
    )


def _at_stop(
    problem: Problem, route: Route, trip: Trip, place: int, before: tuple[int, int, int]
) -> Iterator[tuple[int, ...]]:
    """Yield what is done at a stop, in its sequence, after leaving another `before`: (site, time, sorties so far)."""
    site, left, counted = before
    stop, fleet = trip.stops[place], problem.fleets[route.fleet]
    here, rest = int(problem.option_site[stop.option]), _resting(route, left, stop.arrive_s)
    setup = min(int(fleet.setup_s[stop.option]) if here != site else 0, stop.start_s - stop.arrive_s)
    tasks = [(s.launch_s, LAUNCH, k) for k, s in enumerate(trip.sorties) if s.launched_at == place]
    tasks += [(s.landed_s, TAKE_IN, k) for k, s in enumerate(trip.sorties) if s.taken_in_at == place]
    early = sorted(task for task in tasks if task[0] < stop.start_s)
    late = sorted(task for task in tasks if task[0] >= stop.start_s)
    way = stop.arrive_s - left - rest
    order, kind = int(problem.option_order[stop.option]), KINDS.index(problem.option_kind[stop.option])
    ready = stop.arrive_s + setup
    if early:
        yield order, kind, way, rest, setup, 0, 0, 0, COME, 0, -1
        yield from (_task(problem, trip, task, counted) for task in early)
        way = rest = setup = 0
        ready = max(trip.sorties[k].takeoff_s if act == LAUNCH else trip.sorties[k].end_s for _, act, k in early)
    open_s, close_s = int(problem.option_open_s[stop.option]), int(problem.option_close_s[stop.option])
    floor = stop.start_s if stop.start_s > ready else min(open_s, stop.start_s)
    spans = setup, floor, max(close_s, stop.start_s), stop.leave_s - stop.start_s
    yield order, kind, way, rest, *spans, HANDOVER, 0, -1
    yield from (_task(problem, trip, task, counted) for task in late)


def _task(problem: Problem, trip: Trip, task: tuple[int, int, int], counted: int) -> tuple[int, ...]:
    """Return a launch, with the way to the customer and the handover there, or a taking in, with the way back."""
    _, act, k = task
    sortie = trip.sorties[k]
    stop, who = sortie.stop, counted + k
    order, kind = int(problem.option_order[stop.option]), KINDS.index(problem.option_kind[stop.option])
    if act == TAKE_IN:
        return order, kind, sortie.back_s - stop.leave_s, 0, 0, 0, 0, 0, TAKE_IN, sortie.end_s - sortie.landed_s, who
    setup = min(int(problem.fleets[sortie.fleet].setup_s[stop.option]), stop.start_s - stop.arrive_s)
    floor = stop.start_s if stop.start_s > stop.arrive_s + setup else int(problem.option_open_s[stop.option])
    close, spent = max(int(problem.option_close_s[stop.option]), stop.start_s), stop.leave_s - stop.start_s
    spans = stop.arrive_s - sortie.takeoff_s, 0, setup, floor, close, spent
    return order, kind, *spans, LAUNCH, sortie.takeoff_s - sortie.launch_s, who


def _resting(route: Route, since: int, until: int) -> int:
    """Return the seconds between two times that breaks fill."""
    return sum(max(0, min(end, until) - max(start, since)) for start, end in route.breaks)
