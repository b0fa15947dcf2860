"""Script: a plan as columns, one row a stop and one a trip, for days to be lived through by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.handover import Handover
from doorstep.planning.rules.referee import trip_mwh
from doorstep.simulation.aside import asides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from doorstep.planning.begun.locked import Begun, Locked
    from doorstep.planning.plan import Plan, Route, Trip
    from doorstep.planning.problem import Problem

    Whole = NDArray[np.int64]

KINDS = tuple(Handover)
SITE, ACT = 10, 13
"""Columns of a row of stops."""
HANDOVER, LAUNCH, TAKE_IN, COME = range(4)
"""What is done in a row of stops; the last is to come to a stop at which something is done before the handover."""


class Script(NamedTuple):
    """What is to be done in which sequence, with the times that it takes when all goes as planned."""

    trip_first: Whole
    """[trips + 1] where the stops of each trip begin."""
    opens_route: NDArray[np.bool_]
    """[trips] whether it is the first of its vehicle."""
    route_first: Whole
    """[vehicles + 1] where the trips of each vehicle begin."""
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
    back_m: Whole
    """[trips] its length."""
    back_from_s: Whole
    """[trips] when the plan has it set off home, breaks before that over."""
    used_mwh: Whole
    """[trips] what each takes from the battery."""
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
    leg_m: Whole
    """[stops] the length of the way there."""
    leg_from_s: Whole
    """[stops] when the plan has it set off there, breaks before that over."""
    site: Whole
    """[stops] place in the problem."""
    bank: Whole
    """[stops] locker whose compartment is taken, -1 elsewhere."""
    rank: Whole
    """[stops] of the order's size."""
    act: Whole
    """[stops] what is done: HANDOVER by the vehicle, a LAUNCH, TAKE_IN, or COME to a stop before that."""
    task_s: Whole
    """[stops] the crew's time for a launch or for taking in."""
    sortie: Whole
    """[stops] which sortie is launched or taken in, counted as the trace does; -1 elsewhere."""
    happened: NDArray[np.bool_]
    """[stops] whether the way there and the handover are told as they were, so that chance has no part in them."""
    back_happened: NDArray[np.bool_]
    """[trips] whether the way home is."""
    load_happened: NDArray[np.bool_]
    """[trips] whether the loading is."""
    sortie_fleet: Whole
    """[sorties]"""
    aside: Whole
    """[stops, columns of `aside`] the locker to which a parcel can go instead."""


def script_of(problem: Problem, plan: Plan, locked: Locked | None = None) -> Script:
    """Return a plan as columns; its trips lie vehicle by vehicle, each vehicle's in the order in which it does them.

    What is locked is told in the plan as it was.
    """
    begun = {(one.fleet, one.vehicle): one for one in (locked.begun if locked else ())}
    happened: list[bool] = []
    back_happened: list[bool] = []
    load_happened: list[bool] = []
    trips: list[tuple[int, ...]] = []
    stops: list[tuple[int, ...]] = []
    options: list[int] = []
    first, vehicles, fleets = [0], [0], list[int]()
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        home = -1
        for trip in route.trips:
            site, left = fleet.hub, trip.depart_s
            over, done = _happened(begun.get((route.fleet, route.vehicle)), len(trips) - vehicles[-1], trip)
            back_happened.append(over)
            load_happened.append(over or done >= 0)
            for place, stop in enumerate(trip.stops):
                rows = list(_at_stop(problem, route, trip, place, (site, left, len(fleets))))
                stops += rows
                options += [stop.option if row[ACT] == HANDOVER else -1 for row in rows]
                happened += [place < done] * len(rows)
                site, left = int(problem.option_site[stop.option]), trip.left_s(place)
            fleets += [sortie.fleet for sortie in trip.sorties]
            rest = route.resting_s(left, trip.return_s)
            gap = min(trip.load_s - home, fleet.turnaround_s) if home >= 0 else 0
            loading = min(trip.depart_s - trip.load_s, fleet.load_s + route.resting_s(trip.load_s, trip.depart_s))
            latest = max(trip.depart_s, fleet.close_s - (trip.return_s - trip.depart_s))
            trips.append(
                (
                    *(home < 0, route.fleet, trip.load_s, gap, loading, trip.depart_s, latest),
                    *(trip.return_s - left - rest, rest),
                    int(fleet.distance_m[site, fleet.hub]) if site != fleet.hub else 0,
                    left + rest,
                    trip_mwh(problem, route, trip),
                )
            )
            first.append(len(stops))
            home = trip.return_s
        vehicles.append(len(trips))
    by_trip, by_stop = np.array(trips, np.int64).reshape(-1, 12).T, np.array(stops, np.int64).reshape(-1, 16).T
    was = (np.array(flags, bool) for flags in (happened, back_happened, load_happened))
    aside = asides(problem, np.array(first), by_trip[1], by_stop[SITE], np.array(options, np.int64))
    return Script(
        np.array(first),
        by_trip[0].astype(bool),
        np.array(vehicles),
        *(np.ascontiguousarray(column) for column in (*by_trip[1:], *by_stop, *was, np.array(fleets, np.int64), aside)),
    )


def _happened(one: Begun | None, k: int, trip: Trip) -> tuple[bool, int]:
    """Tell whether the trip at a place of a route is over, and how many of its stops are told as they were.

    One that has not begun has -1 of them.
    """
    if one is None or k >= len(one.trips):
        return False, -1
    last = k == len(one.trips) - 1
    return not (last and one.under_way), len(one.trips[k].stops) if last else len(trip.stops)


def _at_stop(
    problem: Problem, route: Route, trip: Trip, place: int, before: tuple[int, int, int]
) -> Iterator[tuple[int, ...]]:
    """Yield what is done at a stop, in its sequence, after leaving another `before`: (site, time, sorties so far)."""
    site, left, counted = before
    stop, fleet = trip.stops[place], problem.fleets[route.fleet]
    here, rest = int(problem.option_site[stop.option]), route.resting_s(left, stop.arrive_s)
    metres = int(fleet.distance_m[site, here]) if here != site else 0
    setup = min(int(fleet.setup_s[stop.option]) if here != site else 0, stop.start_s - stop.arrive_s)
    tasks = [(s.launch_s, LAUNCH, k) for k, s in enumerate(trip.sorties) if s.launched_at == place]
    tasks += [(s.landed_s, TAKE_IN, k) for k, s in enumerate(trip.sorties) if s.taken_in_at == place]
    early = sorted(task for task in tasks if task[0] < stop.start_s)
    late = sorted(task for task in tasks if task[0] >= stop.start_s)
    way = stop.arrive_s - left - rest
    order, kind = int(problem.option_order[stop.option]), KINDS.index(problem.option_kind[stop.option])
    ready = stop.arrive_s + setup
    if early:
        yield order, kind, way, rest, setup, 0, 0, 0, metres, left + rest, here, -1, 0, COME, 0, -1
        yield from (_task(problem, trip, task, here, counted) for task in early)
        way = rest = setup = metres = 0
        ready = max(trip.sorties[k].takeoff_s if act == LAUNCH else trip.sorties[k].end_s for _, act, k in early)
    open_s, close_s = int(problem.option_open_s[stop.option]), int(problem.option_close_s[stop.option])
    floor = stop.start_s if stop.start_s > ready else min(open_s, stop.start_s)
    spans = setup, floor, max(close_s, stop.start_s), stop.leave_s - stop.start_s
    bank, rank = int(problem.option_locker[stop.option]), problem.sizes[order].rank
    yield order, kind, way, rest, *spans, metres, left + rest, here, bank, rank, HANDOVER, 0, -1
    yield from (_task(problem, trip, task, here, counted) for task in late)


def _task(problem: Problem, trip: Trip, task: tuple[int, int, int], here: int, counted: int) -> tuple[int, ...]:
    """Return a launch, with the way to the customer and the handover there, or a taking in, with the way back."""
    _, act, k = task
    sortie = trip.sorties[k]
    stop, who = sortie.stop, counted + k
    order, kind = int(problem.option_order[stop.option]), KINDS.index(problem.option_kind[stop.option])
    if act == TAKE_IN:
        way, spent = sortie.back_s - stop.leave_s, sortie.end_s - sortie.landed_s
        return order, kind, way, 0, 0, 0, 0, 0, 0, stop.leave_s, here, -1, 0, TAKE_IN, spent, who
    setup = min(int(problem.fleets[sortie.fleet].setup_s[stop.option]), stop.start_s - stop.arrive_s)
    floor = stop.start_s if stop.start_s > stop.arrive_s + setup else int(problem.option_open_s[stop.option])
    close, spent = max(int(problem.option_close_s[stop.option]), stop.start_s), stop.leave_s - stop.start_s
    spans = stop.arrive_s - sortie.takeoff_s, 0, setup, floor, close, spent
    bank, rank = int(problem.option_locker[stop.option]), problem.sizes[order].rank
    spent = sortie.takeoff_s - sortie.launch_s
    return order, kind, *spans, 0, sortie.takeoff_s, here, bank, rank, LAUNCH, spent, who
