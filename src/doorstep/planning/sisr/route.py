"""Routes under change: nodes linked into trips, trips into vehicles, with stretches that make insertion cheap to judge.

A stretch is (least duration, earliest start, latest start) of part of a trip (Vidal et al. 2013,
doi:10.1016/j.cor.2012.07.018). Plans are written as rows: -2 - fleet opens a vehicle, -1 a trip, options follow.
"""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code
from doorstep.planning.sisr.layout import (
    ABSENT, AFTER, BD, BE, BEFORE, BL, CAPACITY, CHANGED, CLOCK, CLOSE, CLOSES, COST, COUNT, CUT, DUE, DURATIONS, DUTY, FD,
    FE, FIRST, FL, FLEET, FREE_TRIPS, FREE_VEHICLES, HERE_NEXT, HERE_PREV, HUB, IN_USE, INF, KIND, LAST, LATEST_READY,
    LEFT, LENGTHS, LEVEL, LOAD, LOADING, LOCKER, LOGGED, LONGEST, METRES, NEXT, NO_CLOCK, ON_BOARD, OPEN, OPENS, ORDER,
    PD, PE, PER_AWAY_S, PER_DUTY_S, PER_METRE, PER_STOP, PER_TRIP, PER_VEHICLE, PL, PLACE, PREV, RANGE, RANK, READY, SD,
    SE, SERVICE, SETUP, SITE, SITE_OF_HUB, SL, STEP, STOPS, STRETCHES, SWAP, TD, TE, TL, TOUCHED, TRIP, TRIPS, VEHICLE,
    VEHICLES, WINDOWS,
)  # fmt: skip


@bare_code
def leg_s(g, s, f, i, j):  # type: ignore[no-untyped-def]
    """Return seconds from the end of service at a node to the earliest start of service at another."""
    here, there = s.node[i, SITE], s.node[j, SITE]
    t = g.duration[g.fleet[f, DURATIONS] + here * g.sites + there]
    return t + s.node[j, SETUP] if here != there else t


@bare_code
def forward(g, s, f, i, p):  # type: ignore[no-untyped-def]
    """Time a node after its predecessor; return (whether anything changed, whether it is in time)."""
    node = s.node
    t = leg_s(g, s, f, i, p)
    if g.fleet[f, CLOCK] == WINDOWS:
        start = max(node[i, LEFT] + t, node[p, OPEN])
        left = start + node[p, SERVICE]
        changed = node[p, LEFT] != left
        node[p, LEFT] = left
        return changed, start <= node[p, CLOSE]
    delta = node[i, FD] + t
    wait = max(0, node[p, OPEN] - delta - node[i, FL])
    d = delta + wait + node[p, SERVICE]
    e = max(node[p, OPEN] - delta, node[i, FE]) - wait
    late = min(node[p, CLOSE] - delta, node[i, FL])
    changed = node[p, FD] != d or node[p, FE] != e or node[p, FL] != late
    node[p, FD], node[p, FE], node[p, FL] = d, e, late
    return changed, node[i, FE] + delta <= node[p, CLOSE]


@bare_code
def backward(g, s, f, p, j):  # type: ignore[no-untyped-def]
    """Time a node before its successor; return whether anything changed."""
    node = s.node
    t = leg_s(g, s, f, p, j)
    if g.fleet[f, CLOCK] == WINDOWS:
        due = min(node[p, CLOSE], node[j, DUE] - t - node[p, SERVICE])
        changed = node[p, DUE] != due
        node[p, DUE] = due
        return changed
    delta = node[p, SERVICE] + t
    wait = max(0, node[j, BE] - delta - node[p, CLOSE])
    d = delta + node[j, BD] + wait
    e = max(node[j, BE] - delta, node[p, OPEN]) - wait
    late = min(node[j, BL] - delta, node[p, CLOSE])
    changed = node[p, BD] != d or node[p, BE] != e or node[p, BL] != late
    node[p, BD], node[p, BE], node[p, BL] = d, e, late
    return changed


@bare_code
def close_trip(g, s, t):  # type: ignore[no-untyped-def]
    """Note the stretch of a whole trip; return whether it can be driven at all."""
    trip, node, options = s.trip, s.node, g.column.shape[0]
    f, hub = trip[t, FLEET], options + t
    last = node[hub, PREV]
    way = leg_s(g, s, f, last, hub)
    if g.fleet[f, CLOCK] == WINDOWS:
        return node[last, LEFT] + way <= node[hub, DUE]
    delta = node[last, FD] + way
    trip[t, TD] = delta
    trip[t, TE] = max(node[last, FE], trip[t, LATEST_READY] - g.fleet[f, LOADING])
    trip[t, TL] = min(node[last, FL], g.fleet[f, CLOSES] - delta)
    return trip[t, TE] <= trip[t, TL]


@bare_code
def retime(g, s, t):  # type: ignore[no-untyped-def]
    """Time a trip anew, all sums included; return whether it keeps its windows and limits."""
    trip, node, fleet = s.trip, s.node, g.fleet
    f, hub = trip[t, FLEET], g.column.shape[0] + t
    metres, stops, count, ready, m0, m1, m2 = 0, 0, 0, -INF, 0, 0, 0
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
    if timed and not (fine and close_trip(g, s, t)):
        return False
    for k in range(3):
        if trip[t, ON_BOARD + k] > fleet[f, CAPACITY + k]:
            return False
    return trip_fits(g, f, metres, stops)


@bare_code
def trip_fits(g, f, metres, stops):  # type: ignore[no-untyped-def]
    """Tell whether range and energy last for a trip."""
    if metres > g.fleet[f, RANGE]:
        return False
    return metres * g.energy[f, 0] + stops * g.energy[f, 1] <= g.energy[f, 2]


@bare_code
def resum(g, s, v):  # type: ignore[no-untyped-def]
    """Sum up a vehicle's cost from its trips, and the stretches before and after each; return whether it keeps hours."""
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
        cost += duty * fleet[f, PER_DUTY_S] + away * fleet[f, PER_AWAY_S]
    s.count[LEVEL] += cost - vehicle[v, COST]
    vehicle[v, COST], vehicle[v, DUTY] = cost, duty
    return fine and duty <= fleet[f, LONGEST]


@bare_code
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


@bare_code
def join(d1, e1, l1, d2, e2, l2):  # type: ignore[no-untyped-def]
    """Return one stretch and another right after it as one."""
    wait = max(0, e2 - d1 - l1)
    return d1 + d2 + wait, max(e2 - d1, e1) - wait, min(l2 - d1, l1)


@bare_code
def link(g, s, c, t, i):  # type: ignore[no-untyped-def]
    """Put an option into a trip after a node, sums and stretches included."""
    node, trip, fleet = s.node, s.trip, g.fleet
    f, hub = trip[t, FLEET], g.column.shape[0] + t
    j = node[i, NEXT]
    node[c, SERVICE], node[c, SETUP] = g.service[f, c], g.setup[f, c]
    _hook(s, c, t, i, j)
    base, n = fleet[f, LENGTHS], g.sites
    a, b, z = node[i, SITE], node[c, SITE], node[j, SITE]
    trip[t, METRES] += g.length[base + a * n + b] + g.length[base + b * n + z] - g.length[base + a * n + z]
    trip[t, STOPS] += (a != b) + (b != z and j != hub) - (a != z and j != hub)
    trip[t, COUNT] += 1
    trip[t, LATEST_READY] = max(trip[t, LATEST_READY], node[c, READY])
    for k in range(3):
        trip[t, ON_BOARD + k] += node[c, LOAD + k]
    _account(g, s, c, 1)
    if fleet[f, CLOCK] == NO_CLOCK:
        return
    forward(g, s, f, i, c)
    p = c
    while node[p, NEXT] != hub:
        changed, _ = forward(g, s, f, p, node[p, NEXT])
        if not changed:
            break
        p = node[p, NEXT]
    backward(g, s, f, c, j)
    p = c
    while node[p, PREV] != hub:
        if not backward(g, s, f, node[p, PREV], p):
            break
        p = node[p, PREV]
    close_trip(g, s, t)


@bare_code
def _hook(s, c, t, i, j):  # type: ignore[no-untyped-def]
    node = s.node
    node[c, TRIP], node[c, PREV], node[c, NEXT] = t, i, j
    node[i, NEXT], node[j, PREV] = c, c
    site = node[c, SITE]
    other = s.here[site]
    node[c, HERE_NEXT], node[c, HERE_PREV] = other, -1
    if other >= 0:
        node[other, HERE_PREV] = c
    s.here[site] = c


@bare_code
def unlink(g, s, c):  # type: ignore[no-untyped-def]
    """Take an option out of its trip; sums and stretches of the trip are stale until `retime`."""
    node = s.node
    i, j = node[c, PREV], node[c, NEXT]
    node[i, NEXT], node[j, PREV], node[c, TRIP] = j, i, -1
    before, after = node[c, HERE_PREV], node[c, HERE_NEXT]
    if before >= 0:
        node[before, HERE_NEXT] = after
    else:
        s.here[node[c, SITE]] = after
    if after >= 0:
        node[after, HERE_PREV] = before
    _account(g, s, c, -1)


@bare_code
def _account(g, s, c, one):  # type: ignore[no-untyped-def]
    """Count an option in or out: compartments, lockers in use, orders served and what absent ones cost."""
    node, count = s.node, s.count
    o, bank = node[c, ORDER], node[c, LOCKER]
    if bank >= 0:
        for size in range(node[c, RANK] + 1):
            s.room[bank, size] -= one
        if s.parcels[bank] == 0 or s.parcels[bank] + one == 0:
            count[LEVEL] += one * g.locker_cost[bank]
        s.parcels[bank] += one
    count[LEVEL] -= one * g.price[o]
    if one > 0:
        s.chosen[o] = c
        last = s.absent[count[ABSENT] - 1]
        s.absent[s.absent_at[o]], s.absent_at[last] = last, s.absent_at[o]
        s.absent_at[o] = -1
        count[ABSENT] -= 1
    else:
        s.chosen[o] = -1
        s.absent[count[ABSENT]], s.absent_at[o] = o, count[ABSENT]
        count[ABSENT] += 1


@bare_code
def new_vehicle(g, s, f):  # type: ignore[no-untyped-def]
    """Take a vehicle of a fleet into use, without trips yet."""
    count, vehicle = s.count, s.vehicle
    count[FREE_VEHICLES] -= 1
    v = s.free_vehicles[count[FREE_VEHICLES]]
    vehicle[v, TRIPS] = vehicle[v, COST] = vehicle[v, DUTY] = 0
    vehicle[v, KIND], vehicle[v, FIRST], vehicle[v, LAST], vehicle[v, TOUCHED] = f, -1, -1, -1
    vehicle[v, PLACE] = count[IN_USE]
    s.in_use[count[IN_USE]] = v
    count[IN_USE] += 1
    s.used[f] += 1
    hub = g.fleet[f, HUB]
    if s.hub_used[hub] == 0:
        count[LEVEL] += g.hub_cost[hub]
    s.hub_used[hub] += 1
    return v


@bare_code
def new_trip(g, s, v, before):  # type: ignore[no-untyped-def]
    """Add an empty trip to a vehicle, before another one or (-1) at the end."""
    count, trip, vehicle, node = s.count, s.trip, s.vehicle, s.node
    count[FREE_TRIPS] -= 1
    t = s.free_trips[count[FREE_TRIPS]]
    f = vehicle[v, KIND]
    after = trip[before, BEFORE] if before >= 0 else vehicle[v, LAST]
    trip[t, CUT] = trip[t, TD] = trip[t, TE] = trip[t, TL] = 0
    trip[t, VEHICLE], trip[t, FLEET], trip[t, AFTER], trip[t, BEFORE] = v, f, before, after
    trip[t, LATEST_READY] = -INF
    if after >= 0:
        trip[after, AFTER] = t
    else:
        vehicle[v, FIRST] = t
    if before >= 0:
        trip[before, BEFORE] = t
    else:
        vehicle[v, LAST] = t
    vehicle[v, TRIPS] += 1
    hub = g.column.shape[0] + t
    node[hub, SITE], node[hub, NEXT], node[hub, PREV], node[hub, TRIP] = g.fleet[f, SITE_OF_HUB], hub, hub, t
    node[hub, SETUP], node[hub, ORDER] = 0, -1
    if g.fleet[f, CLOCK] == WINDOWS:
        node[hub, LEFT], node[hub, DUE] = g.fleet[f, OPENS] + g.fleet[f, LOADING], g.fleet[f, CLOSES]
    else:
        node[hub, FD], node[hub, FE], node[hub, FL] = g.fleet[f, LOADING], g.fleet[f, OPENS], INF
        node[hub, BD], node[hub, BE], node[hub, BL] = 0, -INF, g.fleet[f, CLOSES]
    return t


@bare_code
def drop_trip(g, s, t):  # type: ignore[no-untyped-def]
    """Take an empty trip away, and its vehicle out of use if that was the only one; return the vehicle or -1."""
    count, trip, vehicle = s.count, s.trip, s.vehicle
    v, before, after = trip[t, VEHICLE], trip[t, BEFORE], trip[t, AFTER]
    if before >= 0:
        trip[before, AFTER] = after
    else:
        vehicle[v, FIRST] = after
    if after >= 0:
        trip[after, BEFORE] = before
    else:
        vehicle[v, LAST] = before
    vehicle[v, TRIPS] -= 1
    s.free_trips[count[FREE_TRIPS]] = t
    count[FREE_TRIPS] += 1
    if vehicle[v, TRIPS] > 0:
        return v
    f, hub, at = vehicle[v, KIND], g.fleet[vehicle[v, KIND], HUB], vehicle[v, PLACE]
    count[LEVEL] -= vehicle[v, COST]
    count[IN_USE] -= 1
    last = s.in_use[count[IN_USE]]
    s.in_use[at], vehicle[last, PLACE] = last, at
    s.free_vehicles[count[FREE_VEHICLES]] = v
    count[FREE_VEHICLES] += 1
    vehicle[v, KIND] = -1
    s.used[f] -= 1
    s.hub_used[hub] -= 1
    if s.hub_used[hub] == 0:
        count[LEVEL] -= g.hub_cost[hub]
    return -1


@bare_code
def write_row(g, s, v, row, at):  # type: ignore[no-untyped-def]
    """Write a vehicle's row; return where the next one goes."""
    row[at] = -2 - s.vehicle[v, KIND]
    at += 1
    t = s.vehicle[v, FIRST]
    while t >= 0:
        row[at] = -1
        at += 1
        hub = g.column.shape[0] + t
        p = s.node[hub, NEXT]
        while p != hub:
            row[at] = p
            at += 1
            p = s.node[p, NEXT]
        t = s.trip[t, AFTER]
    return at


@bare_code
def read_rows(g, s, row, length):  # type: ignore[no-untyped-def]
    """Put vehicles into use by their rows; return whether all of them keep their rules."""
    v, t, i, fine = -1, -1, -1, True
    for k in range(length):
        c = row[k]
        if c >= 0:
            f = s.trip[t, FLEET]
            s.node[c, SERVICE], s.node[c, SETUP] = g.service[f, c], g.setup[f, c]
            _hook(s, c, t, i, g.column.shape[0] + t)
            _account(g, s, c, 1)
            i = c
            continue
        if t >= 0:
            fine = retime(g, s, t) and fine
            t = -1
        if c == -1:
            t = new_trip(g, s, v, -1)
            i = g.column.shape[0] + t
        else:
            if v >= 0:
                fine = resum(g, s, v) and fine
            v = new_vehicle(g, s, -2 - c)
    if t >= 0:
        fine = retime(g, s, t) and fine
    if v >= 0:
        fine = resum(g, s, v) and fine
    return fine


@bare_code
def dissolve(g, s, v):  # type: ignore[no-untyped-def]
    """Take a vehicle with all its orders out of the plan."""
    t = s.vehicle[v, FIRST]
    while t >= 0:
        hub, after = g.column.shape[0] + t, s.trip[t, AFTER]
        while s.node[hub, NEXT] != hub:
            unlink(g, s, s.node[hub, NEXT])
        drop_trip(g, s, t)
        t = after


@bare_code
def touch(g, s, v):  # type: ignore[no-untyped-def]
    """Note a vehicle's row before this step changes it for the first time."""
    count = s.count
    if s.vehicle[v, TOUCHED] == count[STEP]:
        return
    s.vehicle[v, TOUCHED] = count[STEP]
    s.changed[count[CHANGED]] = v
    count[CHANGED] += 1
    if s.vehicle[v, TRIPS] > 0:
        count[LOGGED] = write_row(g, s, v, s.log, count[LOGGED])
