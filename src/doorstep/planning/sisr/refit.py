"""Refit: vehicles that change places with others of another capacity, or another price."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.layout import (
    CAPACITY, CHANGED, CLOCK, DUTY, FIRST, FLEET, IN_USE, KIND, LOAD, LOADING, METRES, ON_BOARD, PER_AWAY_S,
    PER_METRE, PER_STOP, PER_TRIP, PER_VEHICLE, STEP, STOPS, STRETCHES, TD, TOUCHED, VEHICLE, VEHICLES,
)  # fmt: skip
from doorstep.planning.sisr.rows import touch
from doorstep.planning.sisr.sums import resum, trip_fits
from doorstep.planning.clock.wages import duty_pay


@inner_code
def carries(g, s, t, f, c):  # type: ignore[no-untyped-def]
    """Tell whether a vehicle of another fleet could carry a trip with one more option (or none: -1)."""
    for k in range(3):
        more = g.column[c, LOAD + k] if c >= 0 else 0
        if s.trip[t, ON_BOARD + k] + more > g.fleet[f, CAPACITY + k]:
            return False
    return True


@inner_code
def dearer(g, s, t, f, other):  # type: ignore[no-untyped-def]
    """Return what a vehicle with one trip costs more if it is of another fleet that is its kin."""
    b = g.fleet
    cost = b[other, PER_VEHICLE] - b[f, PER_VEHICLE] + b[other, PER_TRIP] - b[f, PER_TRIP]
    cost += s.trip[t, METRES] * (b[other, PER_METRE] - b[f, PER_METRE])
    cost += s.trip[t, STOPS] * (b[other, PER_STOP] - b[f, PER_STOP])
    if b[f, CLOCK] == STRETCHES:
        duty = s.vehicle[s.trip[t, VEHICLE], DUTY]
        cost += duty_pay(g, other, duty) - duty_pay(g, f, duty)
        cost += (s.trip[t, TD] - b[f, LOADING]) * (b[other, PER_AWAY_S] - b[f, PER_AWAY_S])
    return cost


@inner_code
def change_fleet(g, s, v, f):  # type: ignore[no-untyped-def]
    """Make a vehicle with one trip one of another fleet that is its kin."""
    old = s.vehicle[v, KIND]
    s.used[old] -= 1
    s.used[f] += 1
    s.vehicle[v, KIND] = f
    s.trip[s.vehicle[v, FIRST], FLEET] = f
    resum(g, s, v)


@inner_code
def refit_changed(g, s):  # type: ignore[no-untyped-def]
    """Give the vehicles that this step touched another fleet, or that of another vehicle, where that is cheaper."""
    for k in range(s.counter[CHANGED]):
        v = s.changed[k]
        if s.vehicle[v, KIND] < 0 or s.vehicle[v, TOUCHED] != s.counter[STEP] or g.kin[s.vehicle[v, KIND], 0] < 0:
            continue
        _refit(g, s, v)


@inner_code
def _refit(g, s, v):  # type: ignore[no-untyped-def]
    f, t = s.vehicle[v, KIND], s.vehicle[v, FIRST]
    best, found = 0, -1
    for k in range(g.kin.shape[1]):
        other = g.kin[f, k]
        if other >= 0 and s.used[other] < g.fleet[other, VEHICLES] and _may(g, s, t, other):
            cost = dearer(g, s, t, f, other)
            if cost < best:
                best, found = cost, other
    if found >= 0:
        change_fleet(g, s, v, found)
        f, best = found, 0
    partner = -1
    for k in range(s.counter[IN_USE]):
        u, other = s.in_use[k], s.vehicle[s.in_use[k], KIND]
        if other == f or s.used[other] < g.fleet[other, VEHICLES] or not _are_kin(g, f, other):
            continue
        if not _are_kin(g, other, f):
            continue
        cost = dearer(g, s, t, f, other) + dearer(g, s, s.vehicle[u, FIRST], other, f)
        if cost < best and _may(g, s, t, other) and _may(g, s, s.vehicle[u, FIRST], f):
            best, partner = cost, u
    if partner >= 0:
        other = s.vehicle[partner, KIND]
        touch(g, s, partner)
        change_fleet(g, s, partner, f)
        change_fleet(g, s, v, other)


@inner_code
def _may(g, s, t, f):  # type: ignore[no-untyped-def]
    return carries(g, s, t, f, -1) and trip_fits(g, f, s.trip[t, METRES], s.trip[t, STOPS])


@inner_code
def _are_kin(g, f, other):  # type: ignore[no-untyped-def]
    found = False
    for k in range(g.kin.shape[1]):
        found = found or g.kin[f, k] == other
    return found
