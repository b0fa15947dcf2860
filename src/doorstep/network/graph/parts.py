"""Parts: which junctions can be reached from each other, and which hang together at all, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code, nested_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.integer]
    Flags = NDArray[np.bool_]


@machine_code
def mutual_parts(  # noqa: C901, PLR0912 - a loop for the compiler
    begin: Whole, head: Whole, arc: Whole, used: Flags, edge_m: NDArray[np.float64]
) -> tuple[Whole, NDArray[np.float64]]:
    """Return [nodes] the part of each node whose nodes all reach each other, and how long the edges in each part are.

    `begin` [nodes + 1] is where the arcs of each node begin, `head` [arcs] where they lead. In `arc` [arcs] they are
    twice an edge of `edge_m` [edges], and one more if backward; `used` [2 edges] tells which count (Tarjan 1972,
    doi:10.1137/0201010). An edge that is in a part in several directions is counted once.
    """
    count = begin.size - 1
    part, low, order = np.full(count, -1, np.int32), np.empty(count, np.int32), np.full(count, -1, np.int32)
    pile, way, tried = np.empty(count, np.int32), np.empty(count, np.int32), begin[:-1].copy()
    counted, total_m = np.full(edge_m.size, -1, np.int32), np.zeros(count)
    piled = parts = met = 0
    for start in range(count):
        if order[start] >= 0:
            continue
        depth = 0
        way[0] = start
        while depth >= 0:
            node = way[depth]
            if order[node] < 0:
                order[node] = low[node] = met
                met += 1
                pile[piled] = node
                piled += 1
            deeper = False
            while tried[node] < begin[node + 1]:
                onward = head[tried[node]]
                if used[arc[tried[node]]] and order[onward] < 0:
                    depth += 1
                    way[depth] = onward
                    deeper = True
                    break
                # Of nodes that have no part yet some way leads back here.
                if used[arc[tried[node]]] and part[onward] < 0:
                    low[node] = min(low[node], low[onward])
                tried[node] += 1
            if deeper:
                continue
            if low[node] == order[node]:
                end = piled
                while True:
                    piled -= 1
                    part[pile[piled]] = parts
                    if pile[piled] == node:
                        break
                for member in pile[piled:end]:
                    for a in range(begin[member], begin[member + 1]):
                        edge = arc[a] >> 1
                        if used[arc[a]] and part[head[a]] == parts and counted[edge] != parts:
                            counted[edge] = parts
                            total_m[parts] += edge_m[edge]
                parts += 1
            depth -= 1
    return part, total_m[:parts].copy()


@machine_code
def longest_part(begin: Whole, head: Whole, arc: Whole, used: Flags, edge_m: NDArray[np.float64]) -> Flags:
    """Return which arcs that are used [2 edges] lie in the longest part whose nodes all reach each other.

    What is given is told at `mutual_parts`.
    """
    part, total_m = mutual_parts(begin, head, arc, used, edge_m)
    found, longest = np.zeros(used.size, np.bool_), 0
    for candidate in range(total_m.size):
        if total_m[candidate] > total_m[longest]:
            longest = candidate
    for node in range(part.size):
        if part[node] == longest:
            for a in range(begin[node], begin[node + 1]):
                found[arc[a]] |= used[arc[a]] and part[head[a]] == longest
    return found


@machine_code
def loose_parts(nodes: int, tail: Whole, head: Whole) -> int:
    """Return into how many parts edges from `tail` to `head` [edges] fall, whatever their direction."""
    leader = np.arange(nodes, dtype=np.int32)
    seen = np.zeros(nodes, np.bool_)
    parts = 0
    for edge in range(tail.size):
        one, other = tail[edge], head[edge]
        for node in (one, other):
            if not seen[node]:
                seen[node] = True
                parts += 1
        one, other = _leader(leader, one), _leader(leader, other)
        if one != other:
            leader[max(one, other)] = min(one, other)
            parts -= 1
    return parts


@nested_code
def _leader(leader: Whole, node: int) -> int:
    """Return the node that stands for all that hang together with one, halving the way there."""
    while leader[node] != node:
        leader[node] = leader[leader[node]]
        node = leader[node]
    return node
