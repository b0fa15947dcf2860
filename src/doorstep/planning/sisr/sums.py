"""Sums: what whole trips and vehicles carry, take and cost."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.layout import (
    AFTER, BEFORE, CAPACITY, CLOCK, COST, COUNT, DUTY, EXACT, FIRST, FLEET, INF, KIND, LAST, LATEST_READY,
    LENGTHS, LEVEL, LOAD, LOADING, LONGEST, METRES, NEXT, NO_CLOCK, ON_BOARD, PD, PE, PER_AWAY_S,
    PER_METRE, PER_STOP, PER_TRIP, PER_VEHICLE, PL, PREV, RANGE, READY, RELEASE, SD, SE, SHARES, SITE, SL, STOPS,
    STRETCHES, SWAP, TD, TE, TL,
)  # fmt: skip
from doorstep.planning.clock.aboard import load_up
from doorstep.planning.sisr.lateness import note_early
from doorstep.planning.sisr.pricing import price_route, rebook
from doorstep.planning.clock.stretch import backward, close_trip, forward, join
from doorstep.planning.clock.wages import duty_pay


@inner_code
def retime(g, s, t):  # type: ignore[no-untyped-def]
    """Time a trip anew, all sums included; return whether it keeps its windows and limits."""
    trip, node, fleet = s.trip, s.node, g.fleet
    f, hub = trip[t, FLEET], g.column.shape[0] + t
    metres, stops, count, ready, m0, m1, m2 = 0, 0, 0, fleet[f, RELEASE], 0, 0, 0
    i, p, fine = hub, node[hub, NEXT], True
    timed = fleet[f, CLOCK] != NO_CLOCK
    while p != hub:
        metres += g.length[fleet[f, LENGTHS] + node[i, SITE] * g.sites + node[p, SITE]]
        stops += node[i, SITE] != node[p, SITE]
        count += 1
        ready = max(ready, node[p, READY])
        m0 += node[p, LOAD]
        m1 += node[p, LOAD + 1]
        m2 += node[p, LOAD + 2]
        if timed:
            _, in_time = forward(g, s, f, i, p)
            fine = fine and in_time
        i, p = p, node[p, NEXT]
    metres += g.length[fleet[f, LENGTHS] + node[i, SITE] * g.sites + node[hub, SITE]]
    if timed:
        j, p = hub, node[hub, PREV]
        while p != hub:
            backward(g, s, f, p, j)
            j, p = p, node[p, PREV]
    trip[t, METRES], trip[t, STOPS], trip[t, COUNT], trip[t, LATEST_READY] = metres, stops, count, ready
    trip[t, ON_BOARD], trip[t, ON_BOARD + 1], trip[t, ON_BOARD + 2] = m0, m1, m2
    if g.mixed:
        load_up(g, s, t)
    if timed and not (fine and close_trip(g, s, t)):
        return False
    for k in range(3):
        if trip[t, ON_BOARD + k] > fleet[f, CAPACITY + k]:
            return False
    return trip_fits(g, f, metres, stops)


@inner_code
def trip_fits(g, f, metres, stops):  # type: ignore[no-untyped-def]
    """Tell whether range and energy last for a trip."""
    if metres > g.fleet[f, RANGE]:
        return False
    return metres * g.energy[f, 0] + stops * g.energy[f, 1] <= g.energy[f, 2]


@inner_code
def resum(g, s, v):  # type: ignore[no-untyped-def]
    """Sum up a vehicle's cost, and the stretches before and after each of its trips; return whether it keeps hours."""
    return sum_up(g, s, v, -1)


@inner_code
def sum_up(g, s, v, known):  # type: ignore[no-untyped-def]
    """Do as `resum` does where the cost of a vehicle that nothing is shared with may be known, if that is not -1."""
    vehicle, trip, fleet = s.vehicle, s.trip, g.fleet
    f = vehicle[v, KIND]
    cost, away, fine, duty = fleet[f, PER_VEHICLE], 0, True, 0
    t = vehicle[v, FIRST]
    while t >= 0:
        cost += fleet[f, PER_TRIP] + trip[t, METRES] * fleet[f, PER_METRE] + trip[t, STOPS] * fleet[f, PER_STOP]
        away += trip[t, TD] - fleet[f, LOADING]
        t = trip[t, AFTER]
    if fleet[f, CLOCK] == STRETCHES:
        fine, duty = _chain_trips(g, s, v, f)
        cost += duty_pay(g, f, duty) + away * fleet[f, PER_AWAY_S]
    if fleet[f, EXACT]:
        note_early(g, s, v)
        rule, whole = 0, known
        if fleet[f, SHARES] > 0:
            rule, whole = rebook(g, s, v)
        elif known < 0:
            rule, whole = price_route(g, s, v, -1, -1, -1, -1)
        fine = fine and rule == 0
        cost = whole if rule == 0 else cost
    s.counter[LEVEL] += cost - vehicle[v, COST]
    vehicle[v, COST], vehicle[v, DUTY] = cost, duty
    return fine and duty <= fleet[f, LONGEST]


@inner_code
def _chain_trips(g, s, v, f):  # type: ignore[no-untyped-def]
    trip, vehicle, swap, fine = s.trip, s.vehicle, g.fleet[f, SWAP], True
    d, e, late = 0, -INF, INF
    t = vehicle[v, FIRST]
    while t >= 0:
        trip[t, PD], trip[t, PE], trip[t, PL] = d, e, late
        fine = fine and e + d <= trip[t, TL]
        d, e, late = join(d, e, late, trip[t, TD], trip[t, TE], trip[t, TL])
        duty = d
        d += swap
        t = trip[t, AFTER]
    d, e, late = 0, -INF, INF
    t = vehicle[v, LAST]
    while t >= 0:
        trip[t, SD], trip[t, SE], trip[t, SL] = d, e, late
        d, e, late = join(trip[t, TD] + swap * (trip[t, AFTER] >= 0), trip[t, TE], trip[t, TL], d, e, late)
        t = trip[t, BEFORE]
    return fine, duty
