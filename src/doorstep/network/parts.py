"""Parts: which junctions can be reached from each other, and which hang together at all, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code, nested_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@machine_code
def mutual_parts(begin: Whole, head: Whole, used: Flags) -> Whole:  # noqa: C901 - a loop for the compiler
    """Return [nodes] the part of each node whose nodes all reach each other (Tarjan 1972, doi:10.1137/0201010).

    `begin` [nodes + 1] is where the arcs of each node begin, `head` [arcs] where they lead, `used` [arcs] which count.
    """
    count = begin.size - 1
    part, low, order = np.full(count, -1), np.empty(count, np.int64), np.full(count, -1)
    pile, way, tried = np.empty(count, np.int64), np.empty(count, np.int64), begin[:-1].copy()
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
                arc = tried[node]
                onward = head[arc]
                if used[arc] and order[onward] < 0:
                    depth += 1
                    way[depth] = onward
                    deeper = True
                    break
                # Of nodes that have no part yet some way leads back here.
                if used[arc] and part[onward] < 0:
                    low[node] = min(low[node], low[onward])
                tried[node] += 1
            if deeper:
                continue
            if low[node] == order[node]:
                while True:
                    piled -= 1
                    part[pile[piled]] = parts
                    if pile[piled] == node:
                        break
                parts += 1
            depth -= 1
    return part


@machine_code
def loose_parts(nodes: int, tail: Whole, head: Whole) -> int:
    """Return into how many parts edges from `tail` to `head` [edges] fall, whatever their direction."""
    leader = np.arange(nodes)
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
