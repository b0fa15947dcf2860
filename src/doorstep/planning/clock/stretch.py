"""Stretches: how long parts of trips take, and when they can start, kept so that insertion is cheap to judge.

A stretch is (least duration, earliest start, latest start) of part of a trip (Vidal et al. 2013,
doi:10.1016/j.cor.2012.07.018).
"""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.clock.clockwork import travel_s as leg_at_hour_s
from doorstep.planning.clock.layout import (
    BD, BE, BL, CLOCK, CLOSE, CLOSES, DUE, DURATIONS, FD, FE, FL, FLEET, LATEST_READY, LEFT, LOADING, OPEN, PERIOD_FROM,
    PERIOD_TABLE, PERIODS, PREV,    SERVICE, SETUP, SITE, TD, TE, TL, WINDOWS,
)  # fmt: skip


@bare_code
def travel_s(g, f, a, b, clock):  # type: ignore[no-untyped-def]
    """Return seconds from one site to another for a departure at a given time."""
    if g.fleet[f, PERIODS] == 0:
        return np.int64(g.duration[g.fleet[f, DURATIONS] + a * g.sites + b])
    at = g.fleet[f, PERIOD_FROM], g.fleet[f, PERIOD_TABLE]
    return leg_at_hour_s(g.period_from, g.period_duration, at, g.fleet[f, PERIODS], g.sites, a, b, clock)


@inner_code
def leg_s(g, s, f, i, j):  # type: ignore[no-untyped-def]
    """Return seconds from the end of service at a node to the earliest start of service at another."""
    here, there = s.node[i, SITE], s.node[j, SITE]
    t = g.duration[g.fleet[f, DURATIONS] + here * g.sites + there]
    return t + s.node[j, SETUP] if here != there else t


@inner_code
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


@inner_code
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


@inner_code
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


@inner_code
def join(d1, e1, l1, d2, e2, l2):  # type: ignore[no-untyped-def]
    """Return one stretch and another right after it as one."""
    wait = max(0, e2 - d1 - l1)
    return d1 + d2 + wait, max(e2 - d1, e1) - wait, min(l2 - d1, l1)
