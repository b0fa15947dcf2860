"""Meeting: routes of good plans written down as the search passes them, a set of options again if it gets cheaper."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.layout import (
    AFTER, BEST, CHANGED, COST, FIRST, KIND, LEVEL, MET, NEXT, STEP, TOUCHED, TRIPS,
)  # fmt: skip
from doorstep.planning.sisr.rows import write_row

GOOD = 0.005
"""By how much of its cost a plan may be dearer than the best one."""
HEAD = 3
"""Before each row: where the next one begins, what the route costs, and what the plan does."""
_ODD, _OTHER = 0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9


@inner_code
def meet(g, s):  # type: ignore[no-untyped-def]
    """Write down the routes that a step changed, if the plan is good and there is room."""
    counter, met = s.counter, s.met
    if counter[MET] >= met.size or counter[LEVEL] - counter[BEST] > GOOD * counter[BEST]:
        return
    for k in range(counter[CHANGED]):
        v = s.changed[k]
        if s.vehicle[v, KIND] < 0 or s.vehicle[v, TOUCHED] != counter[STEP]:
            continue
        key, length = _key(g, s, v)
        at, slot = counter[MET], key & (s.seen.shape[0] - 1)
        known = s.seen[slot, 0] == key and s.seen[slot, 1] <= s.vehicle[v, COST]
        if known or at + length + HEAD > met.size:
            continue
        s.seen[slot, 0], s.seen[slot, 1] = key, s.vehicle[v, COST]
        end = write_row(g, s, v, met, at + HEAD)
        met[at], met[at + 1], met[at + 2] = end, s.vehicle[v, COST], counter[LEVEL]
        counter[MET] = end


@inner_code
def _key(g, s, v):  # type: ignore[no-untyped-def]
    """Return a number that stands for a vehicle's fleet and set of options, and the length of its row."""
    key, length, t = _mixed(-1 - s.vehicle[v, KIND]), 1 + s.vehicle[v, TRIPS], s.vehicle[v, FIRST]
    while t >= 0:
        hub = g.column.shape[0] + t
        p = s.node[hub, NEXT]
        while p != hub:
            key += _mixed(p)
            length += 1
            p = s.node[p, NEXT]
        t = s.trip[t, AFTER]
    return key, length


@inner_code
def _mixed(x):  # type: ignore[no-untyped-def]
    """Return a number that looks drawn at random (after Steele et al. 2014, doi:10.1145/2660193.2660195)."""
    x = (x + 1) * _ODD
    x = (x ^ (x >> 30)) * _OTHER
    return x ^ (x >> 27)
