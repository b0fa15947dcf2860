"""Aboard: what a trip carries from stop to stop, where parcels are fetched as well as brought.

Of each node, three numbers each (mass, volume, parcels): what is aboard after it, the most from the start up to then,
and the most from then to the end. Of a trip's hub: what is aboard as it leaves.
"""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.problem import DELIVER, DROP, UNLOAD
from doorstep.planning.clock.layout import CAPACITY, LOAD, NEXT, ON_BOARD, PREV

NOW, UP_TO, FROM = 0, 3, 6
"""Where the three numbers of each kind begin."""


@inner_code
def load_up(g, s, t):  # type: ignore[no-untyped-def]
    """Note what a trip carries along its way; the most of it becomes its load."""
    node, aboard, hub = s.node, s.aboard, g.column.shape[0] + t
    for k in range(3):
        load, p = 0, node[hub, NEXT]
        while p != hub:
            load += node[p, LOAD + k] if g.part[p] == DELIVER else 0
            p = node[p, NEXT]
        aboard[hub, NOW + k] = aboard[hub, UP_TO + k] = most = load
        p = node[hub, NEXT]
        while p != hub:
            load += rise(g, p, k)
            most = max(most, load)
            aboard[p, NOW + k], aboard[p, UP_TO + k] = load, most
            p = node[p, NEXT]
        s.trip[t, ON_BOARD + k] = most
        most, p = load, node[hub, PREV]
        while p != hub:
            most = max(most, aboard[p, NOW + k])
            aboard[p, FROM + k] = most
            p = node[p, PREV]
        aboard[hub, FROM + k] = max(most, aboard[hub, NOW + k])


@inner_code
def rise(g, o, k):  # type: ignore[no-untyped-def]
    """Return by how much the load rises at an option: mass, volume or parcels."""
    falls = g.part[o] == DELIVER or g.part[o] == DROP or g.part[o] == UNLOAD
    return -g.column[o, LOAD + k] if falls else g.column[o, LOAD + k]


@inner_code
def has_space(g, s, f, i, c):  # type: ignore[no-untyped-def]
    """Tell whether a delivery or a return after node `i` finds space aboard all the way that it is carried."""
    if g.part[c] == UNLOAD:
        return True
    kept = UP_TO if g.part[c] == DELIVER else FROM
    for k in range(3):
        if s.aboard[i, kept + k] + g.column[c, LOAD + k] > g.fleet[f, CAPACITY + k]:
            return False
    return True


@inner_code
def has_space_after(g, s, f, i, c):  # type: ignore[no-untyped-def]
    """Tell whether what is picked up finds space beside what is aboard after node `i`."""
    for k in range(3):
        if s.aboard[i, NOW + k] + g.column[c, LOAD + k] > g.fleet[f, CAPACITY + k]:
            return False
    return True
