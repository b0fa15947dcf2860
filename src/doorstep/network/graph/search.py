"""Search: fastest ways through a street graph, compiled (Dijkstra 1959, binary heap with lazy deletion)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code

START = -2
"""Marks a settled node where a tree began; the others carry the arc a that led to them as START - 1 - a."""

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Rows = NDArray[np.int32] | NDArray[np.int64]
    Real = NDArray[np.float64]


@machine_code
def grow_tree(
    arcs: tuple[Rows, Rows, Real, Real],
    starts: tuple[Whole, Real, Real],
    wanted: NDArray[np.bool_],
    wanted_count: int,
    labels: tuple[Real, Real, Whole],
    heap: tuple[Real, Whole],
) -> None:
    """Label nodes with the time, distance and last arc of the fastest way from any start, until all wanted are settled.

    `arcs` are where each node's arcs begin [nodes + 1], and of each arc its head, time and length; `starts` are nodes
    with the time and distance to begin with, -1 being no node; `labels` are overwritten. Of ways that take the same
    time the shorter one is kept.
    """
    begin, heads, times, lengths = arcs
    duration, distance, came_by = labels
    keys, nodes = heap
    duration[:] = np.inf
    distance[:] = np.inf
    came_by[:] = -1
    size = 0
    for k in range(starts[0].size):
        n = starts[0][k]
        t = starts[1][k]
        d = starts[2][k]
        if n >= 0 and (t < duration[n] or (t == duration[n] and d < distance[n])):
            duration[n] = t
            distance[n] = d
            size = push(keys, nodes, size, t, n)
    left = wanted_count
    while size > 0 and left > 0:
        t = keys[0]
        n = nodes[0]
        size = pop(keys, nodes, size)
        # A node met again, or with a better label by now, has been dealt with.
        if t > duration[n] or came_by[n] <= START:
            continue
        if wanted[n]:
            left -= 1
        mark = came_by[n]
        d = distance[n]
        for a in range(begin[n], begin[n + 1]):
            h = heads[a]
            new_t = t + times[a]
            new_d = d + lengths[a]
            old_t = duration[h]
            if new_t < old_t or (new_t == old_t and came_by[h] > START and new_d < distance[h]):
                duration[h] = new_t
                distance[h] = new_d
                came_by[h] = a
                if new_t < old_t:
                    size = push(keys, nodes, size, new_t, h)
        came_by[n] = START - 1 - mark if mark >= 0 else START


@machine_code
def push(keys: Real, nodes: Whole, size: int, key: float, node: int) -> int:
    """Add a node to the heap; returns its new size."""
    k = size
    while k > 0:
        above = (k - 1) >> 1
        if keys[above] <= key:
            break
        keys[k] = keys[above]
        nodes[k] = nodes[above]
        k = above
    keys[k] = key
    nodes[k] = node
    return size + 1


@machine_code
def pop(keys: Real, nodes: Whole, size: int) -> int:
    """Take the least node off the heap; returns its new size."""
    size -= 1
    key = keys[size]
    node = nodes[size]
    k = 0
    while True:
        below = 2 * k + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[k] = keys[below]
        nodes[k] = nodes[below]
        k = below
    keys[k] = key
    nodes[k] = node
    return size


@machine_code
def trace_back(came_by: Whole, tails: Whole, node: int) -> tuple[int, Whole]:
    """Return the node where a grown tree began and the arcs from there to a node, given the tail of each arc."""
    size, here = 0, node
    while came_by[here] != START:
        here = tails[START - 1 - came_by[here]]
        size += 1
    arcs = np.empty(size, np.int64)
    while came_by[node] != START:
        size -= 1
        arcs[size] = START - 1 - came_by[node]
        node = tails[arcs[size]]
    return node, arcs


@machine_code
def fill_legs(
    arcs: tuple[Rows, Rows, Real, Real],
    exits: tuple[Whole, Real, Real],
    entries: tuple[Whole, Real, Real],
) -> tuple[Real, Real]:
    """Return times and distances [origins, destinations] of the fastest ways through the graph.

    `exits` are the nodes [origins, k] by which each origin is left, with the time and distance to them; `entries`
    the same of the destinations, from the nodes. Nodes of -1 are none.
    """
    count = arcs[0].size - 1
    n, m = exits[0].shape[0], entries[0].shape[0]
    wanted = np.zeros(count, np.bool_)
    for j in range(m):
        for side in range(entries[0].shape[1]):
            if entries[0][j, side] >= 0:
                wanted[entries[0][j, side]] = True
    wanted_count = int(wanted.sum())
    labels = (np.empty(count), np.empty(count), np.empty(count, np.int64))
    heap = (np.empty(arcs[1].size + 2), np.empty(arcs[1].size + 2, np.int64))
    duration_s = np.full((n, m), np.inf)
    distance_m = np.full((n, m), np.inf)
    for i in range(n):
        starts = (exits[0][i], exits[1][i], exits[2][i])
        grow_tree(arcs, starts, wanted, wanted_count, labels, heap)
        for j in range(m):
            for side in range(entries[0].shape[1]):
                node = entries[0][j, side]
                if node >= 0:
                    t = labels[0][node] + entries[1][j, side]
                    d = labels[1][node] + entries[2][j, side]
                    if t < duration_s[i, j] or (t == duration_s[i, j] and d < distance_m[i, j]):
                        duration_s[i, j] = t
                        distance_m[i, j] = d
    return duration_s, distance_m
