"""Routes under change: nodes linked into trips, trips into vehicles, with all sums kept up to date."""

from __future__ import annotations

from doorstep.network.compiled import bare_code
from doorstep.planning.sisr.layout import (
    ABSENT,
    AFTER,
    BD,
    BE,
    BEFORE,
    BL,
    CLOCK,
    CLOSES,
    COST,
    COUNT,
    CUT,
    DUE,
    DUTY,
    FD,
    FE,
    FIRST,
    FL,
    FLEET,
    FREE_TRIPS,
    FREE_VEHICLES,
    HERE_NEXT,
    HERE_PREV,
    HUB,
    IN_USE,
    INF,
    KIND,
    LAST,
    LATEST_READY,
    LEFT,
    LENGTHS,
    LEVEL,
    LOAD,
    LOADING,
    LOCKER,
    METRES,
    NEXT,
    NO_CLOCK,
    ON_BOARD,
    OPENS,
    ORDER,
    PLACE,
    PREV,
    RANK,
    READY,
    SERVICE,
    SETUP,
    SITE,
    SITE_OF_HUB,
    STOPS,
    TD,
    TE,
    TL,
    TOUCHED,
    TRIP,
    TRIPS,
    VEHICLE,
    WINDOWS,
)  # fmt: skip
from doorstep.planning.sisr.stretch import backward, close_trip, forward


@bare_code
def link(g, s, c, t, i):  # type: ignore[no-untyped-def]
    """Put an option into a trip after a node, sums and stretches included."""
    node, trip, fleet = s.node, s.trip, g.fleet
    f, hub = trip[t, FLEET], g.column.shape[0] + t
    j = node[i, NEXT]
    node[c, SERVICE], node[c, SETUP] = g.service[f, c], g.setup[f, c]
    hook(s, c, t, i, j)
    base, n = fleet[f, LENGTHS], g.sites
    a, b, z = node[i, SITE], node[c, SITE], node[j, SITE]
    trip[t, METRES] += g.length[base + a * n + b] + g.length[base + b * n + z] - g.length[base + a * n + z]
    trip[t, STOPS] += (a != b) + (b != z and j != hub) - (a != z and j != hub)
    trip[t, COUNT] += 1
    trip[t, LATEST_READY] = max(trip[t, LATEST_READY], node[c, READY])
    for k in range(3):
        trip[t, ON_BOARD + k] += node[c, LOAD + k]
    account(g, s, c, 1)
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
def hook(s, c, t, i, j):  # type: ignore[no-untyped-def]
    """Link an option between two nodes of a trip, and into the list of its site; sums are left to the caller."""
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
    account(g, s, c, -1)


@bare_code
def account(g, s, c, one):  # type: ignore[no-untyped-def]
    """Count an option in or out: compartments, lockers in use, orders served and what absent ones cost."""
    node, counter = s.node, s.counter
    o, bank = node[c, ORDER], node[c, LOCKER]
    if bank >= 0:
        for size in range(node[c, RANK] + 1):
            s.room[bank, size] -= one
        if s.parcels[bank] == 0 or s.parcels[bank] + one == 0:
            counter[LEVEL] += one * g.locker_cost[bank]
        s.parcels[bank] += one
    counter[LEVEL] -= one * g.price[o]
    if one > 0:
        s.chosen[o] = c
        last = s.absent[counter[ABSENT] - 1]
        s.absent[s.absent_at[o]], s.absent_at[last] = last, s.absent_at[o]
        s.absent_at[o] = -1
        counter[ABSENT] -= 1
    else:
        s.chosen[o] = -1
        s.absent[counter[ABSENT]], s.absent_at[o] = o, counter[ABSENT]
        counter[ABSENT] += 1


@bare_code
def new_vehicle(g, s, f):  # type: ignore[no-untyped-def]
    """Take a vehicle of a fleet into use, without trips yet."""
    counter, vehicle = s.counter, s.vehicle
    counter[FREE_VEHICLES] -= 1
    v = s.free_vehicles[counter[FREE_VEHICLES]]
    vehicle[v, TRIPS] = vehicle[v, COST] = vehicle[v, DUTY] = 0
    vehicle[v, KIND], vehicle[v, FIRST], vehicle[v, LAST], vehicle[v, TOUCHED] = f, -1, -1, -1
    vehicle[v, PLACE] = counter[IN_USE]
    s.in_use[counter[IN_USE]] = v
    counter[IN_USE] += 1
    s.used[f] += 1
    hub = g.fleet[f, HUB]
    if s.hub_used[hub] == 0:
        counter[LEVEL] += g.hub_cost[hub]
    s.hub_used[hub] += 1
    return v


@bare_code
def new_trip(g, s, v, before):  # type: ignore[no-untyped-def]
    """Add an empty trip to a vehicle, before another one or (-1) at the end."""
    counter, trip, vehicle, node = s.counter, s.trip, s.vehicle, s.node
    counter[FREE_TRIPS] -= 1
    t = s.free_trips[counter[FREE_TRIPS]]
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
    counter, trip, vehicle = s.counter, s.trip, s.vehicle
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
    s.free_trips[counter[FREE_TRIPS]] = t
    counter[FREE_TRIPS] += 1
    if vehicle[v, TRIPS] > 0:
        return v
    f, hub, at = vehicle[v, KIND], g.fleet[vehicle[v, KIND], HUB], vehicle[v, PLACE]
    counter[LEVEL] -= vehicle[v, COST]
    counter[IN_USE] -= 1
    last = s.in_use[counter[IN_USE]]
    s.in_use[at], vehicle[last, PLACE] = last, at
    s.free_vehicles[counter[FREE_VEHICLES]] = v
    counter[FREE_VEHICLES] += 1
    vehicle[v, KIND] = -1
    s.used[f] -= 1
    s.hub_used[hub] -= 1
    if s.hub_used[hub] == 0:
        counter[LEVEL] -= g.hub_cost[hub]
    return -1
