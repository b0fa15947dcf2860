"""Hierarchy: a street graph prepared once, so that any weights answer many-to-many questions fast.

A customizable contraction hierarchy (Dibbelt, Strasser and Wagner 2016, doi:10.1145/2886843): junctions are left out
one by one in an order that comes from the shape of the graph alone, and shortcuts keep what they joined. Weights come
later: one pass over the triangles of shortcuts makes a hierarchy of any mode and hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.network.graph.dissection import dissect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Rows = NDArray[np.int32] | NDArray[np.int64]
    Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """The shape of a prepared graph; nodes go by rank, the first to be left out being 0."""

    rank: NDArray[np.int64]
    """[nodes] of each node of the graph."""
    begin: NDArray[np.int64]
    """[nodes + 1] where the links of each rank begin."""
    above: NDArray[np.int64]
    """[links] the higher rank that each leads to, ascending; the first of a rank is its parent."""
    slot: NDArray[np.int64]
    """[arcs] where each arc of the graph goes: twice the link, one more if it leads downward; -1 for loops."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What a vehicle takes for the links of a hierarchy; infinite where there is no way."""

    up_s: NDArray[np.float64]
    """[links] seconds to the higher rank."""
    up_m: NDArray[np.float64]
    """[links] metres."""
    down_s: NDArray[np.float64]
    """[links] seconds from the higher rank."""
    down_m: NDArray[np.float64]
    """[links] metres."""


def prepare(tail: Whole, head: Rows, xy_m: Real) -> Hierarchy:
    """Return the hierarchy of a graph of arcs from `tail` to `head` [arcs] between junctions at `xy_m` [nodes, 2]."""
    count = len(xy_m)
    pairs = np.concatenate([tail, head]), np.concatenate([head, tail])
    other = pairs[0] != pairs[1]
    keys = np.unique(pairs[0][other] * count + pairs[1][other])
    begin = np.searchsorted(keys, np.arange(count + 1) * count)
    order = dissect(begin, keys % max(count, 1), np.ascontiguousarray(xy_m, float))
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    low, high = np.minimum(rank[tail], rank[head]), np.maximum(rank[tail], rank[head])
    links = np.unique(low[low < high] * count + high[low < high])
    first, above = _contract(np.searchsorted(links, np.arange(count + 1) * count), links % max(count, 1))
    owner = np.repeat(np.arange(count), np.diff(first))
    link = np.searchsorted(owner * count + above, low * count + high)
    slot = np.where(low < high, 2 * link + (rank[tail] > rank[head]), -1)
    return Hierarchy(rank, first, above, slot)


def customize(hierarchy: Hierarchy, arc_s: Real, arc_m: Real) -> Weights:
    """Return the weights of all links for arcs that take `arc_s` seconds over `arc_m` metres [arcs].

    Of ways that take the same time the shorter one is kept.
    """
    return Weights(*_customize(hierarchy.begin, hierarchy.above, hierarchy.slot, arc_s, arc_m))


@machine_code
def _contract(begin: Whole, above: Whole) -> tuple[Whole, Whole]:
    """Leave out the ranks one by one, linking the neighbours above each; returns all links as `begin` and `above`."""
    count = begin.size - 1
    first = np.zeros(count + 1, np.int64)
    links = np.empty(4 * above.size + count, np.int64)
    child = np.full(count, -1)  # the last child of each rank, and of each child the one before
    sibling = np.full(count, -1)
    seen = np.full(count, -1)
    found = np.empty(count, np.int64)
    size = 0
    for rank in range(count):
        n = 0
        for a in range(begin[rank], begin[rank + 1]):
            seen[above[a]] = rank
            found[n] = above[a]
            n += 1
        below = child[rank]
        while below >= 0:
            for a in range(first[below] + 1, first[below + 1]):
                if seen[links[a]] != rank:
                    seen[links[a]] = rank
                    found[n] = links[a]
                    n += 1
            below = sibling[below]
        if size + n > links.size:
            grown = np.empty(2 * (size + n), np.int64)
            grown[:size] = links[:size]
            links = grown
        links[size : size + n] = np.sort(found[:n])
        size += n
        first[rank + 1] = size
        if n:
            parent = links[first[rank]]
            sibling[rank] = child[parent]
            child[parent] = rank
    return first, links[:size].copy()


@machine_code
def _customize(begin: Whole, above: Whole, slot: Whole, arc_s: Real, arc_m: Real) -> tuple[Real, Real, Real, Real]:
    """Return seconds and metres up, then down, of every link: arcs first, then ways over a rank below."""
    up_s, up_m = np.full(above.size, np.inf), np.full(above.size, np.inf)
    down_s, down_m = np.full(above.size, np.inf), np.full(above.size, np.inf)
    for arc in range(slot.size):
        if slot[arc] >= 0:
            link = slot[arc] >> 1
            if slot[arc] & 1:
                _better(down_s, down_m, link, arc_s[arc], arc_m[arc])
            else:
                _better(up_s, up_m, link, arc_s[arc], arc_m[arc])
    for rank in range(begin.size - 1):
        for low in range(begin[rank], begin[rank + 1]):
            middle = above[low]
            link = begin[middle]
            for high in range(low + 1, begin[rank + 1]):
                # What is above a rank and its parent is above the parent too, so the link is always there.
                while above[link] < above[high]:
                    link += 1
                _better(up_s, up_m, link, down_s[low] + up_s[high], down_m[low] + up_m[high])
                _better(down_s, down_m, link, down_s[high] + up_s[low], down_m[high] + up_m[low])
    return up_s, up_m, down_s, down_m


@machine_code
def _better(seconds: Real, metres: Real, link: int, new_s: float, new_m: float) -> None:
    """Take the new way if it is faster, or shorter in the same time."""
    if new_s < seconds[link] or (new_s == seconds[link] and new_m < metres[link]):
        seconds[link] = new_s
        metres[link] = new_m
