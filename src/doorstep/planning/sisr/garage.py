"""Garage: vehicles taken into use and put away, and their trips."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.sharing import count_booking
from doorstep.planning.clock.layout import (
    AFTER, BD, BE, BEFORE, BEGUN_AS, BL, BOOKED, CLOCK, CLOSES, COST, CUT, DUE, DUTY, FD, FE, FIRST, FL, FLEET,
    FREE_TRIPS, FREE_VEHICLES, HUB, INF, IN_USE, KIND, LAST, LATEST_READY, LEFT, LEVEL, LOADING, NEXT, OPENS,
    ORDER, PLACE, PREV, RELEASE, SETUP, SITE, SITE_OF_HUB, TD, TE, TL, TOUCHED, TRIP, TRIPS, VEHICLE,
    WINDOWS,
)  # fmt: skip


@inner_code
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


@inner_code
def new_trip(g, s, v, before):  # type: ignore[no-untyped-def]
    """Add an empty trip to a vehicle, before another one or (-1) at the end."""
    counter, trip, vehicle, node = s.counter, s.trip, s.vehicle, s.node
    counter[FREE_TRIPS] -= 1
    t = s.free_trips[counter[FREE_TRIPS]]
    f = vehicle[v, KIND]
    after = trip[before, BEFORE] if before >= 0 else vehicle[v, LAST]
    trip[t, BOOKED] = -1
    trip[t, CUT] = trip[t, TD] = trip[t, TE] = trip[t, TL] = 0
    f = g.fleet[f, BEGUN_AS] if after < 0 else f
    trip[t, VEHICLE], trip[t, FLEET], trip[t, AFTER], trip[t, BEFORE] = v, f, before, after
    trip[t, LATEST_READY] = g.fleet[f, RELEASE]
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


@inner_code
def drop_trip(g, s, t):  # type: ignore[no-untyped-def]
    """Take an empty trip away, and its vehicle out of use if that was the only one; return the vehicle or -1."""
    counter, trip, vehicle = s.counter, s.trip, s.vehicle
    v, before, after = trip[t, VEHICLE], trip[t, BEFORE], trip[t, AFTER]
    if trip[t, BOOKED] >= 0:
        count_booking(g, vehicle[v, KIND], trip, t, -1)
        trip[t, BOOKED] = -1
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
