"""Timing: when each stop of a route happens, what the route costs, or which rule it breaks and by how much.

A route is written as a row of whole numbers: -1 opens a trip, every other number is a delivery option. The compiled
kernel is the same for planning, repair and pricing; the checker does not use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem

RULES = ("", "mass", "volume", "parcels", "window", "range", "energy", "hours", "shift", "break")
"""Names of the rules by the number that the kernel returns; 0 is a route that keeps them all."""
MASS, VOLUME, PARCELS, WINDOW, RANGE, ENERGY, HOURS, SHIFT, BREAK = range(1, 10)
UNITS = ("", "g", "mL", "orders", "s", "m", "mWh", "s", "s", "s")

ARRIVE, START, LEAVE, METRES, PAUSE = range(5)
"""Rows of the kernel's schedule. On a trip's opening: loading begins, departure, return, length of the trip."""
PAUSE_BACK = 5
"""Row of the schedule: start of a break before the way back; PAUSE is that before a stop or before loading."""


class Tables(NamedTuple):
    """What the kernel needs to know of one fleet, option by option."""

    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]
    near: NDArray[np.bool_]
    """[sites, sites] true where one place is among the nearest of another; insertion looks only there."""
    site: NDArray[np.int64]
    service_s: NDArray[np.int64]
    setup_s: NDArray[np.int64]
    open_s: NDArray[np.int64]
    close_s: NDArray[np.int64]
    mass_g: NDArray[np.int64]
    volume_ml: NDArray[np.int64]
    ready_s: NDArray[np.int64]
    promise_s: NDArray[np.int64]
    limits: NDArray[np.int64]
    """mass, volume, parcels, range, energy, fleet open, fleet close, shift, break after, break."""
    hub: int
    load_s: int
    turnaround_s: int
    energy_mwh_per_m: float
    energy_mwh_per_stop: float
    costs: NDArray[np.int64]
    """vehicle, trip, stop, metre, duty, away, late."""


def tables(problem: Problem, fleet: Fleet, near: NDArray[np.bool_]) -> Tables:
    """Return the kernel's tables of one fleet; `near` as in Tables."""
    who = problem.option_order
    limits = (fleet.mass_g, fleet.volume_ml, fleet.max_parcels, fleet.range_m, fleet.energy_mwh)
    clocks = (fleet.open_s, fleet.close_s, fleet.shift_s, fleet.break_after_s, fleet.break_s)
    costs = (fleet.vehicle_cost, fleet.trip_cost, fleet.stop_cost, fleet.metre_cost, fleet.duty_cost, fleet.away_cost)
    return Tables(
        duration_s=fleet.duration_s,
        distance_m=fleet.distance_m,
        near=near,
        site=problem.option_site,
        service_s=fleet.service_s,
        setup_s=fleet.setup_s,
        open_s=problem.option_open_s,
        close_s=problem.option_close_s,
        mass_g=problem.mass_g[who],
        volume_ml=problem.volume_ml[who],
        ready_s=problem.ready_s[who],
        promise_s=problem.promise_s[who],
        limits=np.array((*limits, *clocks), np.int64),
        hub=fleet.hub,
        load_s=fleet.load_s,
        turnaround_s=fleet.turnaround_s,
        energy_mwh_per_m=fleet.energy_mwh_per_m,
        energy_mwh_per_stop=fleet.energy_mwh_per_stop,
        costs=np.array((*costs, problem.late_cost), np.int64),
    )


@machine_code
def time_route(row, t, out):  # type: ignore[no-untyped-def]
    """Time a route into `out` [6, len(row)]; return (rule, needs, has, cost), rule being 0 where all is kept.

    A driver's break comes before the first leg or service that would make the work since the last one too long.
    Vehicles wait at the hub rather than in the street, and a duty begins as late as no promise minds.
    """
    n, first, last, paused, stops = row.size, -1, -1, False, 0
    free, work_from, total_m, away, late = t.limits[5], -1, 0, 0, 0
    i = 0
    while i < n:
        j = _trip_end(row, i)
        rule, needs, has, ready = _loads(row, i, j, t)
        if rule:
            return rule, needs, has, 0
        due = free if first < 0 else free + t.turnaround_s
        load = max(due, ready - t.load_s)
        rule, needs, has, work_from, rested = _place_trip(row, i, j, free, due, load, work_from, t, out)
        if rule:
            return rule, needs, has, 0
        paused = paused or rested
        if first < 0:
            first = i
        last = i
        free = out[LEAVE, i]
        i = j
    if last < 0:
        return 0, 0, 0, 0
    if out[LEAVE, last] > t.limits[6]:
        return HOURS, out[LEAVE, last], t.limits[6], 0
    if t.costs[4] > 0 and not paused and last > first:
        if t.limits[8] == 0 or out[LEAVE, last] - out[ARRIVE, first] <= t.limits[8]:
            _compress(row, t, out)
        else:
            kept = out.copy()
            _compress(row, t, out)
            if not _rested(row, t, out):
                out[:] = kept
    duty = out[LEAVE, last] - out[ARRIVE, first]
    if duty > t.limits[7]:
        return SHIFT, duty, t.limits[7], 0
    cost, site = t.costs[0], -1
    for i in range(n):
        if row[i] < 0:
            site = t.hub
            away += out[LEAVE, i] - out[START, i]
            total_m += out[METRES, i]
            cost += t.costs[1]
        else:
            if t.site[row[i]] != site:
                stops += 1
            site = t.site[row[i]]
            late += max(0, out[LEAVE, i] - t.promise_s[row[i]])
    cost += stops * t.costs[2] + total_m * t.costs[3] + duty * t.costs[4] + away * t.costs[5] + late * t.costs[6]
    return 0, 0, 0, cost


@machine_code
def _trip_end(row, i):  # type: ignore[no-untyped-def]
    j = i + 1
    while j < row.size and row[j] >= 0:
        j += 1
    return j


@machine_code
def _loads(row, i, j, t):  # type: ignore[no-untyped-def]
    """Return the first limit of load that a trip breaks, and when its last parcel is ready."""
    mass, volume, ready = 0, 0, -(1 << 40)
    for p in range(i + 1, j):
        o = row[p]
        mass += t.mass_g[o]
        volume += t.volume_ml[o]
        ready = max(ready, t.ready_s[o])
    if mass > t.limits[0]:
        return MASS, mass, t.limits[0], ready
    if volume > t.limits[1]:
        return VOLUME, volume, t.limits[1], ready
    if j - i - 1 > t.limits[2]:
        return PARCELS, j - i - 1, t.limits[2], ready
    return 0, 0, 0, ready


@machine_code
def _place_trip(row, i, j, free, due, load, work_from, t, out):  # type: ignore[no-untyped-def]
    """Time one trip that may be loaded from `load` on; return (rule, needs, has, start of work, any break).

    Its waiting is first moved to the hub; where a break is needed too, part of the waiting is tried as room for it.
    """
    rule, needs, has, _, _ = _run_trip(row, i, j, load, 0, 0, t, out)
    if rule:
        return rule, needs, has, work_from, False
    after, pause = t.limits[8], t.limits[9]
    wait = _idle(row, i, j, t, out)
    fresh = load + wait if work_from < 0 or load + wait - due >= pause else work_from
    if after == 0 or out[LEAVE, i] - fresh <= after:
        if wait > 0:
            _run_trip(row, i, j, load + wait, 0, 0, t, out)
        return 0, 0, 0, fresh, False
    for attempt in range(3):
        begin = load + max(0, wait - pause) if attempt == 1 else load + (wait if attempt == 0 else 0)
        since = begin if work_from < 0 or begin - due >= pause else work_from
        at_hub = since != begin and _first_leave(row, i, begin, t) - since > after
        if at_hub:
            begin = max(due + pause, begin)
            since = begin
        rule, needs, has, since, rested = _run_trip(row, i, j, begin, since, after, t, out)
        if rule == 0:
            out[PAUSE, i] = free if at_hub else -1
            return 0, 0, 0, since, at_hub or rested
    return rule, needs, has, work_from, False


@machine_code
def _first_leave(row, i, load, t):  # type: ignore[no-untyped-def]
    o = row[i + 1]
    start = load + t.load_s + t.duration_s[t.hub, t.site[o]] + t.setup_s[o]
    return max(start, t.open_s[o]) + t.service_s[o]


@machine_code
def _run_trip(row, i, j, load, work_from, after, t, out):  # type: ignore[no-untyped-def]
    """Time one trip from its loading on; return (rule, needs, has, start of the work still running, any break).

    `after` is the longest work without a break, 0 where breaks do not matter.
    """
    clock, site, metres, stops, paused = load + t.load_s, t.hub, 0, 0, False
    pause = t.limits[9]
    out[ARRIVE, i], out[START, i], out[PAUSE, i] = load, clock, -1
    for p in range(i + 1, j):
        o = row[p]
        here = t.site[o]
        moved = here != site
        travel = t.duration_s[site, here] if moved else 0
        setup = t.setup_s[o] if moved else 0
        out[PAUSE, p] = -1
        begin = max(clock + travel + setup, t.open_s[o])
        leave = begin + t.service_s[o]
        if after > 0 and leave - work_from > after:
            if begin - clock - travel - setup >= pause and begin - pause - work_from <= after:
                out[PAUSE, p] = begin - pause
                work_from, paused = begin, True
            elif clock > work_from:
                out[PAUSE, p] = clock
                clock += pause
                work_from, paused = clock, True
            leave = max(clock + travel + setup, t.open_s[o]) + t.service_s[o]
            if leave - work_from > after:
                return BREAK, leave - work_from, after, work_from, paused
        out[ARRIVE, p] = clock + travel
        out[START, p] = max(clock + travel + setup, t.open_s[o])
        if out[START, p] > t.close_s[o]:
            return WINDOW, out[START, p], t.close_s[o], work_from, paused
        clock = leave
        out[LEAVE, p] = leave
        if moved:
            metres += t.distance_m[site, here]
            stops += 1
        site = here
    out[PAUSE_BACK, i] = -1
    travel = t.duration_s[site, t.hub]
    if after > 0 and clock + travel - work_from > after:
        if clock > work_from:
            out[PAUSE_BACK, i] = clock
            clock += pause
            work_from, paused = clock, True
        if clock + travel - work_from > after:
            return BREAK, clock + travel - work_from, after, work_from, paused
    metres += t.distance_m[site, t.hub]
    out[LEAVE, i], out[METRES, i] = clock + travel, metres
    if metres > t.limits[3]:
        return RANGE, metres, t.limits[3], work_from, paused
    energy = metres * t.energy_mwh_per_m + stops * t.energy_mwh_per_stop
    if energy > t.limits[4]:
        return ENERGY, int(np.ceil(energy)), t.limits[4], work_from, paused
    return 0, 0, 0, work_from, paused


@machine_code
def _idle(row, i, j, t, out):  # type: ignore[no-untyped-def]
    """Return how much of a trip's waiting in the street can be moved to the hub without making anyone late."""
    waited, room, site = 0, 1 << 40, t.hub
    for p in range(i + 1, j):
        o = row[p]
        setup = t.setup_s[o] if t.site[o] != site else 0
        waited += out[START, p] - out[ARRIVE, p] - setup
        room = min(room, waited + _give(o, p, t, out))
        site = t.site[o]
    return min(waited, room)


@machine_code
def _give(o, p, t, out):  # type: ignore[no-untyped-def]
    """Return how much later one stop could happen within its window and its promise."""
    late_room = t.promise_s[o] - out[LEAVE, p]
    return min(t.close_s[o] - out[START, p], max(late_room, 0))


@machine_code
def _compress(row, t, out):  # type: ignore[no-untyped-def]
    """Move early trips later, into idle time at the hub between trips, so that the duty begins later."""
    n = row.size
    heads = np.empty(n, np.int64)
    trips = 0
    for i in range(n):
        if row[i] < 0:
            heads[trips] = i
            trips += 1
    if trips < 2:  # noqa: PLR2004
        return
    gaps, shift = np.zeros(trips, np.int64), 0
    for k in range(trips - 2, -1, -1):
        i = heads[k]
        gaps[k] = out[ARRIVE, heads[k + 1]] - t.turnaround_s - out[LEAVE, i]
        room = gaps[k] + shift
        for p in range(i + 1, _trip_end(row, i)):
            room = min(room, _give(row[p], p, t, out))
        shift = max(room, 0)
    for k in range(trips - 1):
        if shift <= 0:
            return
        for p in range(heads[k], _trip_end(row, heads[k])):
            out[ARRIVE, p] += shift
            out[START, p] += shift
            out[LEAVE, p] += shift
        shift -= gaps[k]


@machine_code
def _rested(row, t, out):  # type: ignore[no-untyped-def]
    """Tell whether idle time at the hub breaks up the work of a route that has no other breaks."""
    work_from, free = -1, 0
    for i in range(row.size):
        if row[i] < 0:
            if work_from < 0 or out[ARRIVE, i] - free - t.turnaround_s >= t.limits[9]:
                work_from = out[ARRIVE, i]
            free = out[LEAVE, i]
            if t.limits[8] > 0 and free - work_from > t.limits[8]:
                return False
    return True
