"""Tails: the ends of two trips that pass near each other exchanged, which strings of a few orders cannot do.

Known as 2-opt* (Potvin and Rousseau 1995, doi:10.1057/jors.1995.204).
"""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import inner_code
from doorstep.planning.sisr.dice import pick, share
from doorstep.planning.sisr.garage import drop_trip
from doorstep.planning.clock.layout import (
    CAPACITY, CLOCK, DUE, EXACT, FLEET, LEFT, LENGTHS, LOAD, NEXT, ON_BOARD, PER_METRE, PREV, SITE, TRIP,
    VEHICLE, WINDOWS,
)  # fmt: skip
from doorstep.planning.sisr.rows import touch
from doorstep.planning.clock.stretch import leg_s
from doorstep.planning.sisr.sums import resum, retime

TRIES, NEAREST = 8, 20
"""Pairs of stops looked at in one step, and among how many nearest sites."""


@inner_code
def swap_tails(g, s, warmth):  # type: ignore[no-untyped-def]
    """Exchange the ends of two trips where that adds little length; return whether the plan was changed and kept rules.

    A plan that was changed but broke a rule is told by -1, for the caller to undo.
    """
    node, options = s.node, g.column.shape[0]
    most = -warmth * np.log(1.0 - share(s.dice))
    for _ in range(TRIES):
        order = g.able[pick(s.dice, g.able.size)]
        x = s.chosen[order]
        if x < 0 or node[x, TRIP] < 0:
            continue
        other = g.near[node[x, SITE], 1 + pick(s.dice, min(NEAREST, g.near.shape[1] - 1))]
        y = s.here[other] if other >= 0 else -1
        if y < 0:
            continue
        t, u = node[x, TRIP], node[y, TRIP]
        f = s.trip[t, FLEET]
        if t == u or s.trip[t, VEHICLE] == s.trip[u, VEHICLE] or f != s.trip[u, FLEET] or g.fleet[f, EXACT]:
            continue
        p, q = node[y, PREV], node[x, NEXT]
        if _added(g, s, f, x, y, p, q) * g.fleet[f, PER_METRE] >= most or not _fits(g, s, f, t, u, x, y):
            continue
        if g.fleet[f, CLOCK] == WINDOWS:
            late = node[x, LEFT] + leg_s(g, s, f, x, y) > node[y, DUE]
            if q >= options and p >= options:
                q = options + u
            if late or node[p, LEFT] + leg_s(g, s, f, p, q) > node[q, DUE]:
                continue
        return _exchange(g, s, t, u, x, y)
    return 0


@inner_code
def _added(g, s, f, x, y, p, q):  # type: ignore[no-untyped-def]
    at, n, node = g.fleet[f, LENGTHS], g.sites, s.node
    a, b, c, d = node[x, SITE], node[y, SITE], node[p, SITE], node[q, SITE]
    return g.length[at + a * n + b] + g.length[at + c * n + d] - g.length[at + a * n + d] - g.length[at + c * n + b]


@inner_code
def _fits(g, s, f, t, u, x, y):  # type: ignore[no-untyped-def]
    """Tell whether both vehicles can carry what they would have aboard."""
    node, hub, other = s.node, g.column.shape[0] + t, g.column.shape[0] + u
    for k in range(3):
        mine, theirs, p = 0, 0, node[x, NEXT]
        while p != hub:
            mine += node[p, LOAD + k]
            p = node[p, NEXT]
        p = y
        while p != other:
            theirs += node[p, LOAD + k]
            p = node[p, NEXT]
        if s.trip[t, ON_BOARD + k] - mine + theirs > g.fleet[f, CAPACITY + k]:
            return False
        if s.trip[u, ON_BOARD + k] - theirs + mine > g.fleet[f, CAPACITY + k]:
            return False
    return True


@inner_code
def _exchange(g, s, t, u, x, y):  # type: ignore[no-untyped-def]
    """Let what comes from `y` on follow `x`, and what followed `x` what came before `y`; return 1, or -1 if late."""
    node, hub, other = s.node, g.column.shape[0] + t, g.column.shape[0] + u
    v, w = s.trip[t, VEHICLE], s.trip[u, VEHICLE]
    touch(g, s, v)
    touch(g, s, w)
    p, q, last, end = node[y, PREV], node[x, NEXT], node[hub, PREV], node[other, PREV]
    node[x, NEXT], node[y, PREV] = y, x
    node[end, NEXT], node[hub, PREV] = hub, end
    if q == hub:
        node[p, NEXT], node[other, PREV] = other, p
    else:
        node[p, NEXT], node[q, PREV] = q, p
        node[last, NEXT], node[other, PREV] = other, last
    k = y
    while k != hub:
        node[k, TRIP] = t
        k = node[k, NEXT]
    k = q
    while k not in (other, hub):
        node[k, TRIP] = u
        k = node[k, NEXT]
    fine = retime(g, s, t)
    if node[other, NEXT] == other:
        w = drop_trip(g, s, u)
    else:
        fine = retime(g, s, u) and fine
    fine = resum(g, s, v) and fine
    if w >= 0:
        fine = resum(g, s, w) and fine
    return 1 if fine else -1
