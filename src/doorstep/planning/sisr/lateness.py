"""Lateness: what one more order adds to the price of others that it delays, told from the earliest possible times.

Waiting at the hub makes nobody late, so lateness is that of vehicles that leave as early as they can, breaks left out.
"""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.layout import (
    AFTER,
    BEFORE,
    FIRST,
    INF,
    KIND,
    LATEST_READY,
    LOADING,
    NEXT,
    OPEN,
    OPENS,
    PER_LATE_S,
    PREV,
    PROMISE,
    READY,
    RELEASE,
    SITE,
    SITE_OF_HUB,
    SWAP,
)  # fmt: skip
from doorstep.planning.clock.stretch import travel_s

EARLY, ROOM = range(2)
"""Of a node: when it is left at the earliest, and how much later that can be at no price. Of a trip: its departure."""


@inner_code
def note_early(g, s, v):  # type: ignore[no-untyped-def]
    """Note the earliest times of a vehicle's trips, and how much later they can be."""
    f, t, last = s.vehicle[v, KIND], s.vehicle[v, FIRST], -1
    free = g.fleet[f, OPENS] - g.fleet[f, SWAP]
    while t >= 0:
        p, clock = g.column.shape[0] + t, _departure(g, s, f, t, free)
        s.early[p, EARLY] = clock
        while s.node[p, NEXT] < g.column.shape[0]:
            clock = leave_s(g, s, f, p, s.node[p, NEXT], clock)
            p = s.node[p, NEXT]
            s.early[p, EARLY] = clock
        free = clock + travel_s(g, f, s.node[p, SITE], g.fleet[f, SITE_OF_HUB], clock)
        last, t = t, s.trip[t, AFTER]
    room = INF
    while last >= 0:
        p = s.node[g.column.shape[0] + last, PREV]
        while p < g.column.shape[0]:
            spare = s.node[p, PROMISE] - s.early[p, EARLY]
            # What waits before its window opens can be reached later at no price, which is left to the walk.
            room = min(room, spare)
            s.early[p, ROOM] = room
            p = s.node[p, PREV]
        s.early[p, ROOM] = room
        last = s.trip[last, BEFORE]


@inner_code
def leave_s(g, s, f, i, p, clock):  # type: ignore[no-untyped-def]
    """Return when an option is done that comes right after a node that is left at `clock`."""
    here, there = s.node[i, SITE], g.column[p, SITE]
    start = clock
    if here != there:
        start += travel_s(g, f, here, there, clock) + g.setup[f, p]
    return max(start, g.column[p, OPEN]) + g.service[f, p]


@inner_code
def later_beside(g, s, f, t, i, c):  # type: ignore[no-untyped-def]
    """Return the price of all lateness that an option after node `i` of a trip brings about, its own included."""
    clock = s.early[i, EARLY]
    late = 0
    if g.column[c, READY] > s.trip[t, LATEST_READY]:
        # The whole trip may have to wait for this parcel.
        p = g.column.shape[0] + t
        if g.column[c, READY] > s.early[p, EARLY]:
            clock = g.column[c, READY]
            while p != i:
                p = s.node[p, NEXT]
                clock = leave_s(g, s, f, s.node[p, PREV], p, clock)
                late += _more(s, p, clock)
    clock = leave_s(g, s, f, i, c, clock)
    late += max(0, clock - g.column[c, PROMISE])
    p = s.node[i, NEXT]
    if p < g.column.shape[0]:
        here = g.column[c, SITE]
        start = clock
        if here != s.node[p, SITE]:
            start += travel_s(g, f, here, s.node[p, SITE], clock) + g.setup[f, p]
        clock = max(start, s.node[p, OPEN]) + g.service[f, p]
        return (late + _walk(g, s, f, t, p, clock)) * g.fleet[f, PER_LATE_S]
    back = clock + travel_s(g, f, g.column[c, SITE], g.fleet[f, SITE_OF_HUB], clock)
    return (late + _next_trips(g, s, f, s.trip[t, AFTER], back)) * g.fleet[f, PER_LATE_S]


@inner_code
def later_own(g, s, f, before, after, c):  # type: ignore[no-untyped-def]
    """Return the price of all lateness that a trip for one option only between two trips brings about."""
    hub = g.fleet[f, SITE_OF_HUB]
    free = _back_s(g, s, f, before) if before >= 0 else g.fleet[f, OPENS] - g.fleet[f, SWAP]
    clock = max(free + g.fleet[f, SWAP] + g.fleet[f, LOADING], g.column[c, READY], g.fleet[f, RELEASE])
    if g.column[c, SITE] != hub:
        clock += travel_s(g, f, hub, g.column[c, SITE], clock) + g.setup[f, c]
    clock = max(clock, g.column[c, OPEN]) + g.service[f, c]
    late = max(0, clock - g.column[c, PROMISE])
    back = clock + travel_s(g, f, g.column[c, SITE], hub, clock)
    return (late + _next_trips(g, s, f, after, back)) * g.fleet[f, PER_LATE_S]


@inner_code
def _walk(g, s, f, t, p, clock):  # type: ignore[no-untyped-def]
    """Return the seconds of lateness added from a node on that is now left at `clock`, later trips included."""
    late, options = 0, g.column.shape[0]
    while True:
        later = clock - s.early[p, EARLY]
        if later <= 0 or later <= s.early[p, ROOM]:
            return late
        if p < options:
            late += _more(s, p, clock)
        following = s.node[p, NEXT]
        if following < options:
            clock = leave_s(g, s, f, p, following, clock)
            p = following
            continue
        clock += travel_s(g, f, s.node[p, SITE], g.fleet[f, SITE_OF_HUB], clock)
        t = s.trip[t, AFTER]
        if t < 0:
            return late
        p, clock = options + t, _departure(g, s, f, t, clock)


@inner_code
def _next_trips(g, s, f, t, free):  # type: ignore[no-untyped-def]
    """Return the seconds of lateness added to a trip and those after it by a vehicle that is back at `free`."""
    if t < 0:
        return 0
    return _walk(g, s, f, t, g.column.shape[0] + t, _departure(g, s, f, t, free))


@inner_code
def _departure(g, s, f, t, free):  # type: ignore[no-untyped-def]
    return max(free + g.fleet[f, SWAP] + g.fleet[f, LOADING], s.trip[t, LATEST_READY])


@inner_code
def _back_s(g, s, f, t):  # type: ignore[no-untyped-def]
    last = s.node[g.column.shape[0] + t, PREV]
    clock = s.early[last, EARLY]
    return clock + travel_s(g, f, s.node[last, SITE], g.fleet[f, SITE_OF_HUB], clock)


@inner_code
def _more(s, p, clock):  # type: ignore[no-untyped-def]
    """Return how much later than its promise a stop is than it was, if it is left at `clock`."""
    promise = s.node[p, PROMISE]
    return max(0, clock - promise) - max(0, s.early[p, EARLY] - promise)
