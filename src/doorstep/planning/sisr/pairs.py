"""Pairs: what is picked up at one stop of a trip and dropped at a later one, put in at its two cheapest places."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.aboard import has_space_after
from doorstep.planning.sisr.dice import until_hit
from doorstep.planning.clock.layout import (
    BLINK, CLOCK, CLOSE, COST, DUE, DURATIONS, FD, FE, FLEET, HERE_NEXT, LEFT, LENGTHS, METRES, NEXT, NO_CLOCK, OPEN,
    PER_METRE, PER_STOP, PREV, SERVICE, SETUP, SITE, STOPS, STRETCHES, TRIP, VEHICLE, WINDOWS,
)  # fmt: skip
from doorstep.planning.sisr.pricing import price_route
from doorstep.planning.sisr.sums import trip_fits


@inner_code
def pair_beside(g, s, c, most, only):  # type: ignore[no-untyped-def]
    """Return (added cost, trip or -1, node before the pick-up, node before the drop) of the cheapest two places.

    The pick-up comes beside a near node, its drop anywhere after it; the node before the drop may be the pick-up.
    """
    node = s.node
    best, best_trip, best_up, best_down, blink = most, -1, -1, -1, s.counter[BLINK]
    for k in range(g.near.shape[1]):
        other = g.near[g.column[c, SITE], k]
        if other < 0:
            break
        x = s.here[other]
        while x >= 0:
            t = node[x, TRIP]
            f = s.trip[t, FLEET]
            if g.allowed[f, c] and (only < 0 or f == only):
                for side in range(2):
                    blink -= 1
                    if blink <= 0:
                        blink = until_hit(s.dice, g.blinks)
                        continue
                    i = x if side == 0 else node[x, PREV]
                    cost, down = _drop_after(g, s, f, t, i, c, best)
                    if down >= 0:
                        best, best_trip, best_up, best_down = cost, t, i, down
            x = node[x, HERE_NEXT]
    s.counter[BLINK] = blink
    return best, best_trip, best_up, best_down


@inner_code
def _drop_after(g, s, f, t, i, c, most):  # type: ignore[no-untyped-def]
    """Return (added cost, node before the drop or -1) of the cheapest drop if the pick-up comes after node `i`."""
    node, clocks, d = s.node, g.fleet[f, CLOCK], g.mate[c]
    best, found, per_metre, per_stop = most, -1, g.fleet[f, PER_METRE], g.fleet[f, PER_STOP]
    y = node[i, NEXT]
    if y < g.column.shape[0] and g.still[y]:
        return best, found
    metres, stops = _detour(g, s, f, i, c, y)
    if (metres * per_metre + stops * per_stop >= best and clocks != STRETCHES) or not has_space_after(g, s, f, i, c):
        return best, found
    clock = 0
    if clocks != NO_CLOCK:
        left = node[i, LEFT] if clocks == WINDOWS else node[i, FE] + node[i, FD]
        clock = _begins(g, s, f, i, c, g.setup[f, c], left)
        if clock > g.column[c, CLOSE]:
            return best, found
        clock += g.service[f, c]
    before = c
    while True:
        more, places = _detour(g, s, f, before, d, y)
        if before == c:
            # The pick-up's detour was to `y`, which now comes after the drop.
            more += _way(g, s, f, i, c) + _way(g, s, f, c, y) - _way(g, s, f, i, y)
            places += stops
        else:
            more, places = more + metres, places + stops
        cost = more * per_metre + places * per_stop
        fine = cost < best and trip_fits(g, f, s.trip[t, METRES] + more, s.trip[t, STOPS] + places)
        if fine and clocks != NO_CLOCK:
            begin = _begins(g, s, f, before, d, g.setup[f, d], clock)
            fine = begin <= g.column[d, CLOSE]
            fine = fine and _begins(g, s, f, d, y, node[y, SETUP], begin + g.service[f, d]) <= node[y, DUE]
        if fine and clocks == STRETCHES:
            rule, whole = price_route(g, s, s.trip[t, VEHICLE], c, i, -1, before)
            cost, fine = whole - s.vehicle[s.trip[t, VEHICLE], COST], rule == 0
        if fine and cost < best:
            best, found = cost, before
        if y >= g.column.shape[0]:
            return best, found
        if clocks != NO_CLOCK:
            clock = _begins(g, s, f, before, y, node[y, SETUP], clock)
            if clock > node[y, DUE] or clock > g.column[d, CLOSE]:
                return best, found
            clock += node[y, SERVICE]
        if not has_space_after(g, s, f, y, c):
            return best, found
        before, y = y, node[y, NEXT]


@inner_code
def _detour(g, s, f, i, c, y):  # type: ignore[no-untyped-def]
    """Return the metres and places that an option between two nodes adds."""
    a, b, z = s.node[i, SITE], g.column[c, SITE], s.node[y, SITE]
    inner = y < g.column.shape[0]
    metres = _way(g, s, f, i, c) + _way(g, s, f, c, y) - _way(g, s, f, i, y)
    return metres, int(a != b) + int(b != z and inner) - int(a != z and inner)


@inner_code
def _way(g, s, f, i, j):  # type: ignore[no-untyped-def]
    return g.length[g.fleet[f, LENGTHS] + s.node[i, SITE] * g.sites + s.node[j, SITE]]


@inner_code
def _begins(g, s, f, i, j, setup, left):  # type: ignore[no-untyped-def]
    """Return when service at a node begins after another one that was left at a given time."""
    here, there = s.node[i, SITE], s.node[j, SITE]
    if here != there:
        left += g.duration[g.fleet[f, DURATIONS] + here * g.sites + there] + setup
    return max(left, s.node[j, OPEN]) if j < g.column.shape[0] else left
