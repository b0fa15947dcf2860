"""Laying: chains of segments laid as edges, and some edges picked out of all, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code, nested_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int32]
    Flags = NDArray[np.bool_]
    Points = tuple[Rows, Rows, NDArray[np.unsignedinteger]]
    Laid = tuple[int, Rows, Flags, Points]

LIMITED = 2
"""How a way is open to who starts or ends there only; to all it is 1, and 0 where it is not."""


@machine_code
def lay_edges(
    nodes: int,
    segments: tuple[Rows, Rows, Rows],
    chains: tuple[Rows, Flags, Rows],
    openness: NDArray[np.int8],
    speed: NDArray[np.unsignedinteger],
) -> Laid:
    """Return the edges that chains are, which run from junction to junction.

    How many junctions there are; tails and heads [2, edges], numbered among those; where edges are open, and LIMITED,
    forward and backward [2, edges, 2]; and their points: where these begin [edges + 1], their nodes, and what is told
    of the segment that begins there. `segments` are tails, heads and kinds of way, `chains` as `link_chains` returns
    them; `speed` [2 kinds] is what is told of a way as drawn, and turned.
    """
    tail, head, kind = segments
    order, flipped, begin = chains
    edges, points = begin.size - 1, order.size + begin.size - 1
    ends, flags = np.empty((2, edges), np.int32), np.empty((2, edges, 2), np.bool_)
    first, node, found = np.zeros(edges + 1, np.int32), np.empty(points, np.int32), np.zeros(points, speed.dtype)
    p = 0
    for edge in range(edges):
        last = 0
        for k in range(begin[edge], begin[edge + 1]):
            s = order[k]
            node[p] = head[s] if flipped[k] else tail[s]
            last = tail[s] if flipped[k] else head[s]
            found[p] = speed[2 * kind[s] + flipped[k]]
            p += 1
        node[p] = last
        p += 1
        ends[0, edge], ends[1, edge], first[edge + 1] = node[first[edge]], last, p
        how, back = openness[kind[order[begin[edge]]]], int(flipped[begin[edge]])
        for way in range(2):
            flags[0, edge, way], flags[1, edge, way] = how[way ^ back] > 0, how[way ^ back] == LIMITED
    return number_ends(nodes, ends), ends, flags, (first, node, found)


@nested_code
def number_ends(nodes: int, ends: Rows) -> int:
    """Count the nodes that tails and heads [2, edges] are, and write down these by their number among those."""
    number = np.full(nodes, -1, np.int32)
    for edge in range(ends.shape[1]):
        number[ends[0, edge]] = number[ends[1, edge]] = 0
    count = 0
    for node in range(nodes):
        if number[node] == 0:
            number[node] = count
            count += 1
    for edge in range(ends.shape[1]):
        ends[0, edge], ends[1, edge] = number[ends[0, edge]], number[ends[1, edge]]
    return count


@machine_code
def pick_edges(
    nodes: int,
    chosen: Flags,
    ends: tuple[Rows, Rows],
    flags: tuple[Flags, Flags],
    points: Points,
) -> Laid:
    """Return the `chosen` [edges] among edges, as `lay_edges` does, of which all ends, flags and points are given."""
    (tail, head), (opened, limited), (first, node, found) = ends, flags, points
    edges = size = 0
    for edge in range(chosen.size):
        if chosen[edge]:
            edges += 1
            size += first[edge + 1] - first[edge]
    its_ends, its_flags = np.empty((2, edges), np.int32), np.empty((2, edges, 2), np.bool_)
    begin, its_node, its_found = np.zeros(edges + 1, np.int32), np.empty(size, np.int32), np.empty(size, found.dtype)
    k = p = 0
    for edge in range(chosen.size):
        if chosen[edge]:
            its_ends[0, k], its_ends[1, k] = tail[edge], head[edge]
            for way in range(2):
                its_flags[0, k, way], its_flags[1, k, way] = opened[edge, way], limited[edge, way]
            for at in range(first[edge], first[edge + 1]):
                its_node[p], its_found[p] = node[at], found[at]
                p += 1
            k += 1
            begin[k] = p
    return number_ends(nodes, its_ends), its_ends, its_flags, (begin, its_node, its_found)


@machine_code
def find_steps(chosen: Flags, first: Rows, point: Rows) -> Rows:
    """Return both ends [segments, 2] of the segments of the edges that are not `chosen` [edges]."""
    size = 0
    for edge in range(chosen.size):
        if not chosen[edge]:
            size += first[edge + 1] - first[edge] - 1
    ends, n = np.empty((size, 2), np.int32), 0
    for edge in range(chosen.size):
        if not chosen[edge]:
            for k in range(first[edge], first[edge + 1] - 1):
                ends[n, 0], ends[n, 1] = point[k], point[k + 1]
                n += 1
    return ends
