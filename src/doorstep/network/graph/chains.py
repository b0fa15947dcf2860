"""Chains: the segments of a street graph joined into edges between its junctions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code, nested_code

if TYPE_CHECKING:
    from numpy.typing import NDArray


@machine_code
def cut_ways(
    first: NDArray[np.int64], node: NDArray[np.int32], kind: NDArray[np.int32], openness: NDArray[np.int8]
) -> NDArray[np.int32]:
    """Return tails, heads and ways [3, segments] of the segments of ways that are used, but for those of one node.

    `first` [ways + 1] is where the nodes of each way begin in `node`; ways are used if their `kind` [ways] is open in
    some direction, which `openness` [kinds, 2] tells.
    """
    size = 0
    used = np.empty(kind.size, np.bool_)
    for way in range(kind.size):
        used[way] = openness[kind[way], 0] > 0 or openness[kind[way], 1] > 0
    for way in range(used.size):
        if used[way]:
            for k in range(first[way], first[way + 1] - 1):
                size += node[k] != node[k + 1]
    segments, s = np.empty((3, size), np.int32), 0
    for way in range(used.size):
        if used[way]:
            for k in range(first[way], first[way + 1] - 1):
                if node[k] != node[k + 1]:
                    segments[0, s], segments[1, s], segments[2, s] = node[k], node[k + 1], way
                    s += 1
    return segments


@nested_code
def _step_m(node_xy_m: NDArray[np.float64], one: int, other: int) -> float:
    """Return how far two nodes are apart."""
    return float(np.hypot(node_xy_m[other, 0] - node_xy_m[one, 0], node_xy_m[other, 1] - node_xy_m[one, 1]))


@machine_code
def measure_steps(
    first: NDArray[np.integer], point: NDArray[np.int32], node_xy_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return [points] how long the segment is that begins at each point of edges; none begins at their last ones."""
    step_m = np.zeros(point.size)
    for edge in range(first.size - 1):
        for k in range(first[edge], first[edge + 1] - 1):
            step_m[k] = _step_m(node_xy_m, point[k], point[k + 1])
    return step_m


@machine_code
def measure_runs(
    first: NDArray[np.integer], point: NDArray[np.int32], node_xy_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how long edges are [edges], whose points begin at `first` [edges + 1]."""
    length_m = np.zeros(first.size - 1)
    for edge in range(first.size - 1):
        for k in range(first[edge], first[edge + 1] - 1):
            length_m[edge] += _step_m(node_xy_m, point[k], point[k + 1])
    return length_m


@machine_code
def find_segments(
    first: NDArray[np.int32],
    point: NDArray[np.int32],
    node_xy_m: NDArray[np.float64],
    edge: NDArray[np.int64],
    at_m: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return on which segment each of n places lies, by its first point, and what share of it is behind the place.

    Places are along their `edge` [n], `at_m` [n] from its tail.
    """
    found, share = np.empty(edge.size, np.int64), np.zeros(edge.size)
    for place in range(edge.size):
        k, last, left_m = first[edge[place]], first[edge[place] + 1] - 2, at_m[place]
        while True:
            step_m = _step_m(node_xy_m, point[k], point[k + 1])
            if left_m < step_m or k == last:
                break
            left_m -= step_m
            k += 1
        found[place] = k
        if step_m > 0:
            share[place] = min(1.0, max(0.0, left_m / step_m))
    return found, share


@machine_code
def link_chains(  # noqa: C901, PLR0912 - a loop for the compiler
    nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    kind: NDArray[np.int32],
    openness: NDArray[np.int8],
    kept: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.int32]]:
    """Join segments end to end wherever a node has just two of them that are open in the same directions to the same.

    `openness` [kinds, 2] tells how segments of each `kind` [segments] are open, forward and backward, in any numbers;
    nodes that are `kept` stay junctions. Returns the segments [m] in the order of the chains, whether each is run
    through from its head to its tail [m], and where each chain begins in that order [chains + 1]. Rings without a
    junction begin at one of their nodes.
    """
    m = tail.size
    begin = np.zeros(nodes + 1, np.int32)
    for s in range(m):
        begin[tail[s] + 1] += 1
        begin[head[s] + 1] += 1
    for n in range(nodes):
        begin[n + 1] += begin[n]
    fill = begin[:-1].copy()
    touching = np.empty(2 * m, np.int32)
    for s in range(m):
        touching[fill[tail[s]]] = s
        fill[tail[s]] += 1
        touching[fill[head[s]]] = s
        fill[head[s]] += 1

    through = np.zeros(nodes, np.bool_)
    for n in range(nodes):
        if begin[n + 1] - begin[n] == 2 and not kept[n]:  # noqa: PLR2004 - nothing turns off
            one, two = touching[begin[n]], touching[begin[n] + 1]
            if one != two:
                come, go = openness[kind[one]], openness[kind[two]]
                into, onward = int(head[one] != n), int(tail[two] != n)
                through[n] = come[into] == go[onward] and come[1 - into] == go[1 - onward]

    order = np.empty(m, np.int32)
    flipped = np.zeros(m, np.bool_)
    first = np.empty(m + 1, np.int32)
    done = np.zeros(m, np.bool_)
    placed = 0
    chains = 0
    for lap in range(2):
        for start in range(m):
            if done[start]:
                continue
            # The first lap starts at junctions only; what is left for the second are rings without one.
            if lap == 0 and through[tail[start]] and through[head[start]]:
                continue
            s = start
            flip = lap == 0 and through[tail[start]]
            first[chains] = placed
            chains += 1
            while True:
                done[s] = True
                order[placed] = s
                flipped[placed] = flip
                placed += 1
                n = tail[s] if flip else head[s]
                if not through[n]:
                    break
                s = touching[begin[n] + 1] if touching[begin[n]] == s else touching[begin[n]]
                if done[s]:
                    break
                flip = head[s] == n
    first[chains] = placed
    return order, flipped, first[: chains + 1]
