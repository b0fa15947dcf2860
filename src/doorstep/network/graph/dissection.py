"""Dissection: an order of junctions by which a street graph falls apart, halves first (nested dissection).

Each part is cut in two by few streets: the flow between its ends in one of several directions finds the narrowest
place (inertial flow: Schild and Sommer 2015, doi:10.1007/978-3-319-20086-6_22). The junctions at the cut come last, and
both sides are dissected in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.network.graph.flow import Part, cut_narrowest, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Short = NDArray[np.int32]
    Real = NDArray[np.float64]

DIRECTIONS = 4
"""In which each part is tried to be cut: east, north-east, north, north-west."""
END_SHARE = 0.25
"""Of a part's junctions that lie at either end of a direction, which the cut must part."""
SMALL = 4
"""Junctions of a part that is not cut any more."""
BETWEEN = 2
"""Side of the junctions at the cut."""


@machine_code
def dissect(begin: Whole, heads: Whole, xy_m: Real) -> Whole:
    """Return all junctions, those to be left out first at the beginning.

    `begin` [nodes + 1] and `heads` [arcs] are the neighbours of each junction, ascending: a street that joins two is
    with both, once, and none joins a junction with itself. `xy_m` [nodes, 2] is where they lie.
    """
    count, arcs = begin.size - 1, heads.size
    order, local, back = np.arange(count), np.full(count, -1), _pair_up(begin, heads)
    part = Part(
        np.empty(count + 1, np.int32),
        np.empty(arcs, np.int32),
        np.empty(arcs, np.int32),
        np.empty(arcs, np.int8),
        np.empty(count, np.int32),
        np.empty(count, np.int32),
        np.empty(count, np.int32),
        np.empty(count, np.int32),
        np.empty(count, np.int8),
        np.empty(count, np.int8),
    )
    local_arc = np.empty(arcs, np.int32)
    stack = np.empty((count + 2, 2), np.int64)
    stack[0, 0], stack[0, 1] = 0, count
    depth = 1
    while depth:
        depth -= 1
        low, high = stack[depth]
        if high - low <= SMALL:
            continue
        nodes = order[low:high].copy()
        _localise((begin, heads, back), nodes, local, local_arc, part)
        first, cut = _halve(nodes, xy_m, part)
        if first and first + cut < high - low:
            fill = np.array((low, low + first, high - cut))
            stack[depth, 0], stack[depth, 1] = low, fill[1]
            stack[depth + 1, 0], stack[depth + 1, 1] = fill[1], fill[2]
            depth += 2
            for k in range(high - low):
                order[fill[part.best[k]]] = nodes[k]
                fill[part.best[k]] += 1
        local[nodes] = -1
    return order


@machine_code
def _pair_up(begin: Whole, heads: Whole) -> Whole:
    """Return of each arc the one that runs back."""
    back = np.empty(heads.size, np.int64)
    fill = begin[:-1].copy()
    for tail in range(begin.size - 1):
        for a in range(begin[tail], begin[tail + 1]):
            back[a] = fill[heads[a]]
            fill[heads[a]] += 1
    return back


@machine_code
def _localise(graph: tuple[Whole, Whole, Whole], nodes: Whole, local: Whole, local_arc: Short, part: Part) -> None:
    """Write the graph within some nodes into the working space; `local` becomes their numbers there."""
    begin, heads, back = graph
    local[nodes] = np.arange(nodes.size)
    size = 0
    for k in range(nodes.size):
        part.begin[k] = size
        for a in range(begin[nodes[k]], begin[nodes[k] + 1]):
            if local[heads[a]] >= 0:
                part.head[size] = local[heads[a]]
                part.back[size] = a
                local_arc[a] = size
                size += 1
    part.begin[nodes.size] = size
    for a in range(size):
        part.back[a] = local_arc[back[part.back[a]]]


@machine_code
def _halve(nodes: Whole, xy_m: Real, part: Part) -> tuple[int, int]:
    """Part some nodes; returns how many are on the first side and how many at the cut, the sides being in `part.best`.

    Nodes that do not hang together are parted into one piece and the rest.
    """
    n = nodes.size
    reached = spread(n, part)
    if reached < n:
        for k in range(n):
            part.best[k] = 0 if part.level[k] >= 0 else 1
        return reached, 0
    best_score, found = np.inf, (0, 0)
    along_m = np.empty(n)
    for direction in range(DIRECTIONS):
        angle = np.pi * direction / DIRECTIONS
        for k in range(n):
            along_m[k] = np.cos(angle) * xy_m[nodes[k], 0] + np.sin(angle) * xy_m[nodes[k], 1]
        cut_narrowest(n, np.argsort(along_m), max(1, int(END_SHARE * n)), part)
        first, cut = _separate(n, part)
        lesser = min(first, n - first - cut)
        if lesser and cut / lesser**0.5 < best_score:
            best_score, found = cut / lesser**0.5, (first, cut)
            part.best[:n] = part.side[:n]
    return found


@machine_code
def _separate(n: int, part: Part) -> tuple[int, int]:
    """Put the nodes along the cut, those of the side that has fewer, between; returns the sizes of side 0 and of it."""
    touching = np.zeros(BETWEEN, np.int64)
    for k in range(n):
        touching[part.side[k]] += _touches(k, part)
    fewer = 0 if touching[0] <= touching[1] else 1
    for k in range(n):
        if part.side[k] == fewer and _touches(k, part):
            part.queue[k] = BETWEEN
        else:
            part.queue[k] = part.side[k]
    first = cut = 0
    for k in range(n):
        part.side[k] = part.queue[k]
        first += part.side[k] == 0
        cut += part.side[k] == BETWEEN
    return first, cut


@machine_code
def _touches(node: int, part: Part) -> bool:
    """Tell whether a node has a neighbour on the other side."""
    for a in range(part.begin[node], part.begin[node + 1]):  # noqa: SIM110  # numba knows no generators
        if part.side[part.head[a]] != part.side[node]:
            return True
    return False
