"""Flow: the fewest streets that part one end of a street graph from the other (blocking flows: Dinic 1970)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np  # noqa: TC002  # numba reads the types of Part

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


class Part(NamedTuple):
    """Working space for a part of a graph with nodes of its own; every arc has one that runs back."""

    begin: NDArray[np.int32]
    """[nodes + 1] where the arcs of each node begin."""
    head: NDArray[np.int32]
    """[arcs]"""
    back: NDArray[np.int32]
    """[arcs] the arc that runs back."""
    flow: NDArray[np.int8]
    """[arcs] one more of it fits while it is below 1."""
    level: NDArray[np.int32]
    """[nodes] open arcs away from where a search began; -1 where it did not come."""
    queue: NDArray[np.int32]
    """[nodes]"""
    tried: NDArray[np.int32]
    """[nodes] next arc to be tried."""
    path: NDArray[np.int32]
    """[nodes] arcs of the way under construction."""
    side: NDArray[np.int8]
    """[nodes] 0 or 1, and 2 between them."""
    best: NDArray[np.int8]
    """[nodes] the sides of the best cut so far."""


@machine_code
def cut_narrowest(n: int, along: Whole, ends: int, part: Part) -> None:
    """Set the sides, 0 and 1, that the narrowest cut makes of the first and the last `ends` of nodes in a row [n]."""
    part.flow[: part.begin[n]] = 0
    part.side[:n] = 0
    part.side[along[n - ends : n]] = 1
    while _set_levels(along, ends, n, part):
        part.tried[:n] = part.begin[:n]
        for start in along[:ends]:
            while _push(start, part):
                pass
    # What the first nodes still reach is one side; what still reaches the last ones may halve the graph better.
    first = 0
    for k in range(n):
        part.side[k] = 0 if part.level[k] >= 0 else 1
        first += 1 - part.side[k]
    last = _reach_back(along, ends, n, part)
    if abs(2 * last - n) < abs(2 * first - n):
        for k in range(n):
            part.side[k] = 1 if part.level[k] >= 0 else 0


@machine_code
def spread(n: int, part: Part) -> int:
    """Give level 0 to what hangs together with the first node, -1 to the rest; returns how many nodes do."""
    part.level[:n] = -1
    part.level[0] = 0
    part.queue[0] = 0
    size, at = 1, 0
    while at < size:
        node = part.queue[at]
        at += 1
        for a in range(part.begin[node], part.begin[node + 1]):
            if part.level[part.head[a]] < 0:
                part.level[part.head[a]] = 0
                part.queue[size] = part.head[a]
                size += 1
    return size


@machine_code
def _set_levels(along: Whole, ends: int, n: int, part: Part) -> bool:
    """Set how many open arcs each node is away from the first nodes; returns whether the last can be reached."""
    part.level[:n] = -1
    for k in range(ends):
        part.queue[k] = along[k]
        part.level[along[k]] = 0
    size, at, found = ends, 0, n + 1
    while at < size:
        node = part.queue[at]
        at += 1
        if part.level[node] >= found:
            break
        for a in range(part.begin[node], part.begin[node + 1]):
            head = part.head[a]
            if part.flow[a] < 1 and part.level[head] < 0:
                part.level[head] = part.level[node] + 1
                part.queue[size] = head
                size += 1
                if part.side[head] == 1:
                    found = part.level[head]
    return found <= n


@machine_code
def _push(start: int, part: Part) -> bool:
    """Send one unit from a node to the last ones, level by level; returns whether one more fitted."""
    node, depth = start, 0
    while part.side[node] != 1:
        a = part.tried[node]
        if a == part.begin[node + 1]:
            if depth == 0:
                return False
            depth -= 1
            node = part.head[part.back[part.path[depth]]]
            part.tried[node] += 1
        elif part.flow[a] < 1 and part.level[part.head[a]] == part.level[node] + 1:
            part.path[depth] = a
            depth += 1
            node = part.head[a]
        else:
            part.tried[node] += 1
    for a in part.path[:depth]:
        part.flow[a] += 1
        part.flow[part.back[a]] -= 1
    return True


@machine_code
def _reach_back(along: Whole, ends: int, n: int, part: Part) -> int:
    """Give level 0 to what open arcs lead from to the last nodes, -1 to the rest; returns how many there are."""
    part.level[:n] = -1
    for k in range(ends):
        part.queue[k] = along[n - 1 - k]
        part.level[part.queue[k]] = 0
    size, at = ends, 0
    while at < size:
        node = part.queue[at]
        at += 1
        for a in range(part.begin[node], part.begin[node + 1]):
            head = part.head[a]
            if part.flow[part.back[a]] < 1 and part.level[head] < 0:
                part.level[head] = 0
                part.queue[size] = head
                size += 1
    return size
