"""Unpack: fastest ways over a hierarchy arc by arc, for pairs of places.

Each way is sought as in a table: from the origin up to the top, then down to what lies above the destination (see
`sweep.py`), by the same sums in the same order, so that both choose the same way. Its shortcuts are then taken apart
into what they joined, down to the arcs of the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.graph.hierarchy import Hierarchy, Weights

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]


class Ways(NamedTuple):
    """Fastest ways of n pairs from junction to junction."""

    duration_s: NDArray[np.float64]
    """[n] infinite where there is none."""
    distance_m: NDArray[np.float64]
    """[n]"""
    side: NDArray[np.int64]
    """[n] which of the junctions of its destination each leads to; -1 for none."""
    start: NDArray[np.int64]
    """[n] the junction where it begins."""
    first: NDArray[np.int64]
    """[n + 1] where the arcs of each begin."""
    arc: NDArray[np.int64]
    """[k]"""


def unpack_ways(
    hierarchy: Hierarchy,
    weights: Weights,
    arcs: tuple[Real, Real],
    exits: tuple[Whole, Real, Real],
    entries: tuple[Whole, Real, Real],
) -> Ways:
    """Return the fastest ways of n pairs of places.

    `arcs` are seconds and metres of the arcs, as the weights were made of; `exits` are the junctions [n, k] by which
    each origin is left, with the time and distance to them; `entries` the same of the destinations, from the junctions.
    Junctions of -1 are none.
    """
    rank = np.append(hierarchy.rank, -1)  # so that no junction is no rank
    node = np.empty(len(hierarchy.rank) + 1, np.int64)
    node[hierarchy.rank], node[-1] = np.arange(len(hierarchy.rank)), -1
    links = np.arange(len(hierarchy.above))
    by_slot = np.argsort(hierarchy.slot, kind="stable")
    shape = (
        hierarchy.begin,
        hierarchy.above,
        np.repeat(np.arange(len(hierarchy.rank)), np.diff(hierarchy.begin)),
        *_grouped(hierarchy.above, len(hierarchy.rank)),
        np.searchsorted(hierarchy.slot[by_slot], np.arange(2 * len(links) + 1)),
        by_slot,
    )
    up, down = (weights.up_s, weights.up_m), (weights.down_s, weights.down_m)
    found = _unpack(shape, up, down, arcs, (rank[exits[0]], *exits[1:]), (rank[entries[0]], *entries[1:]))
    duration_s, distance_m, side, start, first, arc = found
    return Ways(duration_s, distance_m, side, node[start], first, arc)


def _grouped(above: Whole, ranks: int) -> tuple[Whole, Whole]:
    """Return where the links that lead up to each rank begin [ranks + 1], and those links."""
    links = np.argsort(above, kind="stable")
    return np.searchsorted(above[links], np.arange(ranks + 1)), links


@machine_code
def _unpack(
    shape: tuple[Whole, Whole, Whole, Whole, Whole, Whole, Whole],
    up: tuple[Real, Real],
    down: tuple[Real, Real],
    arcs: tuple[Real, Real],
    exits: tuple[Whole, Real, Real],
    entries: tuple[Whole, Real, Real],
) -> tuple[Real, Real, Whole, Whole, Whole, Whole]:
    """Return what `unpack_ways` does, junctions going by rank."""
    begin, above, owner = shape[:3]
    count, n = begin.size - 1, exits[0].shape[0]
    duration_s, distance_m = np.full(n, np.inf), np.full(n, np.inf)
    side, start, first = np.full(n, -1), np.full(n, -1), np.zeros(n + 1, np.int64)
    arc, size = np.empty(1024, np.int64), 0
    climb = (np.full(count, np.inf), np.full(count, np.inf), np.full(count, -1))
    at = (np.full(count, np.inf), np.full(count, np.inf), np.full(count, -1))
    path, stack, trail = np.empty(count, np.int64), np.empty(count + 2, np.int64), np.empty(2 * count, np.int64)
    for k in range(n):
        _climb((begin, above), up, (exits[0][k], exits[1][k], exits[2][k]), climb, path)
        _descend((begin, above), down, entries[0][k], climb, at, path)
        for end in range(entries[0].shape[1]):
            node = entries[0][k, end]
            if node >= 0:
                new_s, new_m = at[0][node] + entries[1][k, end], at[1][node] + entries[2][k, end]
                if new_s < duration_s[k] or (new_s == duration_s[k] and new_m < distance_m[k]):
                    duration_s[k], distance_m[k], side[k] = new_s, new_m, end
        if side[k] >= 0:
            # Back to where the way began: first by the links that lead down, then by those that lead up.
            steps, node = 0, entries[0][k, side[k]]
            while at[2][node] >= 0:
                trail[steps] = at[2][node]
                node = above[trail[steps] >> 1]
                steps += 1
            while climb[2][node] >= 0:
                trail[steps] = climb[2][node]
                node = owner[trail[steps] >> 1]
                steps += 1
            start[k] = node
            for step in range(steps - 1, -1, -1):
                arc, size = _take_apart(shape, up, down, arcs, trail[step], stack, arc, size)
        first[k + 1] = size
        for end in range(exits[0].shape[1]):
            _forget((begin, above), exits[0][k, end], climb)
    return duration_s, distance_m, side, start, first, arc[:size].copy()


@machine_code
def _line_up(shape: tuple[Whole, Whole], ends: Whole, path: Whole) -> int:
    """Write all ranks above some, these included, in rising order; returns how many."""
    begin, above = shape
    top, n = begin.size, 0
    turns = np.full(ends.size, top)
    for k in range(ends.size):
        if ends[k] >= 0:
            turns[k] = ends[k]
    while True:
        node = turns.min()
        if node == top:
            return n
        path[n] = node
        n += 1
        parent = above[begin[node]] if begin[node] < begin[node + 1] else top
        for k in range(turns.size):
            if turns[k] == node:
                turns[k] = parent


@machine_code
def _climb(
    shape: tuple[Whole, Whole],
    up: tuple[Real, Real],
    starts: tuple[Whole, Real, Real],
    climb: tuple[Real, Real, Whole],
    path: Whole,
) -> None:
    """Label all that lies above an origin with time, distance, and twice the link that led there."""
    begin, above = shape
    for k in range(starts[0].size):
        if starts[0][k] >= 0:
            _reach(climb, starts[0][k], starts[1][k], starts[2][k], -1)
    for m in range(_line_up(shape, starts[0], path)):
        node = path[m]
        for link in range(begin[node], begin[node + 1]):
            _reach(climb, above[link], climb[0][node] + up[0][link], climb[1][node] + up[1][link], 2 * link)


@machine_code
def _descend(
    shape: tuple[Whole, Whole],
    down: tuple[Real, Real],
    ends: Whole,
    climb: tuple[Real, Real, Whole],
    at: tuple[Real, Real, Whole],
    path: Whole,
) -> None:
    """Label all that lies above a destination, from the top down, and where it is not climbed to, with the link."""
    begin, above = shape
    for m in range(_line_up(shape, ends, path) - 1, -1, -1):
        node = path[m]
        at[0][node], at[1][node], at[2][node] = climb[0][node], climb[1][node], -1
        for link in range(begin[node], begin[node + 1]):
            high = above[link]
            _reach(at, node, at[0][high] + down[0][link], at[1][high] + down[1][link], 2 * link + 1)


@machine_code
def _forget(shape: tuple[Whole, Whole], node: int, labels: tuple[Real, Real, Whole]) -> None:
    """Take back the labels of all that lies above a rank."""
    begin, above = shape
    here = np.int64(node)
    while here >= 0:
        labels[0][here], labels[1][here], labels[2][here] = np.inf, np.inf, -1
        here = above[begin[here]] if begin[here] < begin[here + 1] else np.int64(-1)


@machine_code
def _reach(labels: tuple[Real, Real, Whole], node: int, new_s: float, new_m: float, by: int) -> None:
    """Take a way to a rank if it is the fastest so far, or shorter in the same time."""
    if new_s < labels[0][node] or (new_s == labels[0][node] and new_m < labels[1][node]):
        labels[0][node], labels[1][node], labels[2][node] = new_s, new_m, by


@machine_code
def _take_apart(
    shape: tuple[Whole, Whole, Whole, Whole, Whole, Whole, Whole],
    up: tuple[Real, Real],
    down: tuple[Real, Real],
    arcs: tuple[Real, Real],
    whole: int,
    stack: Whole,
    arc: Whole,
    size: int,
) -> tuple[Whole, int]:
    """Append the arcs that a link stands for; returns them, and how many there are now."""
    begin, above, owner, below_first, below, slot_first, by_slot = shape
    stack[0] = whole
    depth = 1
    while depth:
        depth -= 1
        link, odd = stack[depth] >> 1, stack[depth] & 1
        want_s = down[0][link] if odd else up[0][link]
        want_m = down[1][link] if odd else up[1][link]
        found = False
        for k in range(slot_first[2 * link + odd], slot_first[2 * link + odd + 1]):
            a = by_slot[k]
            if arcs[0][a] == want_s and arcs[1][a] == want_m:
                if size == arc.size:
                    grown = np.empty(2 * size, np.int64)
                    grown[:size] = arc
                    arc = grown
                arc[size] = a
                size += 1
                found = True
                break
        if found:
            continue
        # A shortcut is the sum of two links of one lower rank, to the last bit, as it was made of them.
        for k in range(below_first[owner[link]], below_first[owner[link] + 1]):
            low = below[k]
            high = low + 1
            while high < begin[owner[low] + 1] and above[high] < above[link]:
                high += 1
            if high == begin[owner[low] + 1] or above[high] != above[link]:
                continue
            one, two = (high, low) if odd else (low, high)
            if down[0][one] + up[0][two] == want_s and down[1][one] + up[1][two] == want_m:
                stack[depth] = 2 * two
                stack[depth + 1] = 2 * one + 1
                depth += 2
                break
    return arc, size
