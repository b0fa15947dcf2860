"""Timing: when each stop of a route happens, what the route costs, or which rule it breaks and by how much.

A route is written as a row of whole numbers: -1 opens a trip, every other number is a delivery option. The compiled
kernel is the same for search, planning and pricing; the checker does not use it. `g` is the search's Ground and `f` the
fleet; the kernel makes no arrays, so it is given `out` [6, n] for the schedule and `spare` [8, n] to work in.
"""

from __future__ import annotations

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.clock.draws import as_begun, first_refilled, lasts, refill_wait_s, refilled
from doorstep.planning.problem import DELIVER, MWH
from doorstep.planning.clock.schedule import ARRIVE, ENERGY_USED, LEAVE, METRES, START
from doorstep.planning.clock.sharing import later_s
from doorstep.planning.clock.shifts import compress, rested
from doorstep.planning.clock.aboard import rise
from doorstep.planning.clock.layout import (
    BEGUN_AS,
    BREAK_AFTER,
    CAPACITY,
    CLOSES,
    DRAW_LOADS,
    HELD,
    INF,
    LACKS,
    LOAD,
    LOADING,
    LONGEST,
    MOST,
    MOST_TRIPS,
    OPENS,
    PER_AWAY_S,
    PER_DUTY_S,
    PER_EARLY_S,
    PER_KWH,
    PER_LATE_S,
    PER_METRE,
    PER_OVERTIME_S,
    PER_STOP,
    PER_TRIP,
    PER_VEHICLE,
    PERIODS,
    PROMISE,
    READY,
    REFILL,
    RELEASE,
    SHARES,
    SITE,
    SITE_OF_HUB,
    SWAP,
    USUAL_METRE,
    USUAL_STOP,
    WORK_FROM,
)  # fmt: skip
from doorstep.planning.clock.trips import HOURS, MASS, SHARED_RULE, SHIFT, TRIPS_RULE, place_trip, trip_end
from doorstep.planning.clock.wages import duty_pay
from doorstep.planning.clock.wishes import await_wishes

RULES = ("", "mass", "volume", "parcels", "window", "range", "energy", "hours", "shift", "break", "trips", "shared")
"""Names of the rules by the number that the kernel returns; 0 is a route that keeps them all."""
UNITS = ("", "g", "mL", "orders", "s", "m", "mWh", "s", "s", "s", "trips", "free")


@bare_code
def time_route(g, f, row, n, out, spare):  # type: ignore[no-untyped-def]
    """Time the first `n` numbers of a row into `out`; return (rule, needs, has, cost), rule 0 where all is kept.

    A driver's break comes before the first leg or service that would make the work since the last one too long.
    Vehicles wait at the hub rather than in the street, and a duty begins as late as no promise minds.
    """
    fleet = g.fleet
    first, last, paused, i, trips = -1, -1, False, 0, 0
    free, work_from = fleet[f, OPENS], fleet[f, WORK_FROM]
    refills, battery, drawn = g.energy[f, REFILL] > 0, as_begun(g, f), g.energy[f, LACKS]
    while i < n:
        j, trips = trip_end(row, i, n), trips + 1
        if trips > fleet[f, MOST_TRIPS]:
            return TRIPS_RULE, trips, fleet[f, MOST_TRIPS], 0
        kind = fleet[f, BEGUN_AS] if first < 0 else f
        rule, needs, has, ready = _loads(g, kind, row, i, j)
        if rule:
            return rule, needs, has, 0
        due = free if first < 0 else free + fleet[f, SWAP]
        load = max(due, ready - fleet[f, LOADING])
        if row[i] <= -HELD:
            load = max(load, -HELD - row[i])
        began, wait = work_from, 1
        while wait > 0:
            rule, needs, has, work_from, had_rest = place_trip(g, kind, row, i, j, free, due, load, began, out)
            if rule:
                return rule, needs, has, 0
            wait = 0
            if fleet[f, SHARES] > 0:
                wait = later_s(g, f, out[ARRIVE, i], out[START, i], out[LEAVE, i], first >= 0)
            if wait >= INF:
                return SHARED_RULE, 1, 0, 0
            if refills and first >= 0:
                wait = max(wait, refill_wait_s(g, f, out[ARRIVE, i], due, out[ENERGY_USED, i + 1], battery))
            load = out[ARRIVE, i] + wait
        if refills:
            if first < 0:
                battery = first_refilled(g, f, out[ARRIVE, i], out[ENERGY_USED, i + 1])
            else:
                battery = refilled(g, f, out[ARRIVE, i], due, out[ENERGY_USED, i + 1], battery)
            drawn += out[ENERGY_USED, i + 1]
        paused = paused or had_rest
        if first < 0:
            first = i
        last = i
        free = out[LEAVE, i]
        i = j
    if last < 0:
        return 0, 0, 0, 0
    if out[LEAVE, last] > fleet[f, CLOSES]:
        return HOURS, out[LEAVE, last], fleet[f, CLOSES], 0
    paid = fleet[f, PER_DUTY_S] + fleet[f, PER_OVERTIME_S] > 0
    # Where one battery lasts all day, nothing waits for it.
    refills = refills and (drawn > g.energy[f, MOST] or fleet[f, PERIODS] > 0)
    # Where anything is shared, trips stay where they are booked.
    if paid and not paused and fleet[f, SHARES] == 0 and (last > first or fleet[f, PERIODS] > 0):
        _shift_later(g, f, row, n, first, last, refills, out, spare)
    unbroken = fleet[f, BREAK_AFTER] == 0 or out[LEAVE, last] - out[ARRIVE, first] <= fleet[f, BREAK_AFTER]
    if fleet[f, PER_EARLY_S] > 0 and unbroken and not refills and fleet[f, PERIODS] + fleet[f, SHARES] == 0:
        await_wishes(g, f, row, n, first, last, out)
    duty = out[LEAVE, last] - out[ARRIVE, first]
    if duty > fleet[f, LONGEST]:
        return SHIFT, duty, fleet[f, LONGEST], 0
    return 0, 0, 0, fleet[f, PER_VEHICLE] + duty_pay(g, f, duty) + _trips_cost(g, f, row, n, out)


@inner_code
def _shift_later(g, f, row, n, first, last, refills, out, spare):  # type: ignore[no-untyped-def]
    """Let a duty without breaks begin later, unless its driver would then need one or its batteries not last."""
    after = g.fleet[f, BREAK_AFTER]
    calm = after == 0 or out[LEAVE, last] - out[ARRIVE, first] <= after
    if calm and not refills:
        compress(g, f, row, n, out, spare)
        return
    for k in range(6):
        for p in range(n):
            spare[k, p] = out[k, p]
    compress(g, f, row, n, out, spare)
    if not (calm or rested(g, f, row, n, out)) or (refills and not lasts(g, f, row, n, out)):
        for k in range(6):
            for p in range(n):
                out[k, p] = spare[k, p]


@inner_code
def _trips_cost(g, f, row, n, out):  # type: ignore[no-untyped-def]
    """Return what trips, stops, metres, time away from the hub, and lateness cost."""
    cost, site, stops, metres, away, late, early = 0, -1, 0, 0, 0, 0, 0
    for i in range(n):
        o = row[i]
        if o < 0:
            site = g.fleet[f, SITE_OF_HUB]
            away += out[LEAVE, i] - out[START, i]
            metres += out[METRES, i]
            cost += g.fleet[f, PER_TRIP]
            if g.fleet[f, DRAW_LOADS] > 0:
                cost += out[ENERGY_USED, i + 1] * g.fleet[f, PER_KWH] // MWH
        else:
            if g.column[o, SITE] != site:
                stops += 1
            site = g.column[o, SITE]
            late += max(0, out[LEAVE, i] - g.column[o, PROMISE])
            early += max(0, g.wanted[o] - out[LEAVE, i])
    cost += stops * (g.fleet[f, PER_STOP] - g.fleet[f, USUAL_STOP]) + away * g.fleet[f, PER_AWAY_S]
    cost += metres * (g.fleet[f, PER_METRE] - g.fleet[f, USUAL_METRE])
    return cost + late * g.fleet[f, PER_LATE_S] + early * g.fleet[f, PER_EARLY_S]


@inner_code
def _loads(g, f, row, i, j):  # type: ignore[no-untyped-def]
    """Return the first limit of load that a trip breaks, and when its last parcel is ready."""
    ready, mass, volume, parcels = g.fleet[f, RELEASE], 0, 0, 0
    for p in range(i + 1, j):
        ready = max(ready, g.column[row[p], READY])
        if g.part[row[p]] == DELIVER:
            mass += g.column[row[p], LOAD]
            volume += g.column[row[p], LOAD + 1]
            parcels += g.column[row[p], LOAD + 2]
    for k, brought in enumerate((mass, volume, parcels)):
        load = most = brought
        if g.mixed:
            for p in range(i + 1, j):
                load += rise(g, row[p], k)
                most = max(most, load)
        if most > g.fleet[f, CAPACITY + k]:
            return MASS + k, most, g.fleet[f, CAPACITY + k], ready
    return 0, 0, 0, ready
