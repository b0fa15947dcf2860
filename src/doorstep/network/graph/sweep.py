"""Sweep: tables of fastest ways over a hierarchy, many origins at a time.

From each origin the way leads up to the top of the hierarchy, and from there down to all destinations at once (PHAST:
Delling et al. 2013, doi:10.1016/j.jpdc.2012.02.007; restricted to what lies above destinations: Delling, Goldberg and
Werneck 2011, doi:10.4230/OASIcs.ATMOS.2011.52). Downward, a block of origins goes side by side, for which processors
have vector instructions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.graph.hierarchy import Hierarchy, Weights

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]

BLOCK = 16
"""Origins that go down side by side."""


def sweep_legs(
    hierarchy: Hierarchy,
    weights: Weights,
    exits: tuple[Whole, Real, Real],
    entries: tuple[Whole, Real, Real],
) -> tuple[Real, Real]:
    """Return times and distances [origins, destinations] of the fastest ways.

    `exits` are the nodes [origins, k] by which each origin is left, with the time and distance to them; `entries` the
    same of the destinations, from the nodes. Nodes of -1 are none.
    """
    rank = np.append(hierarchy.rank, -1)  # so that no node is no rank
    shape = (hierarchy.begin, hierarchy.above)
    up, down = (weights.up_s, weights.up_m), (weights.down_s, weights.down_m)
    return _sweep(shape, up, down, (rank[exits[0]], *exits[1:]), (rank[entries[0]], *entries[1:]))


@machine_code
def _sweep(
    shape: tuple[Whole, Whole],
    up: tuple[Real, Real],
    down: tuple[Real, Real],
    exits: tuple[Whole, Real, Real],
    entries: tuple[Whole, Real, Real],
) -> tuple[Real, Real]:
    """Return the tables of `sweep_legs`, nodes going by rank."""
    begin, above = shape
    row, rows, first, high, link_s, link_m = _lay_out(begin, above, down, entries[0])
    n, m = exits[0].shape[0], entries[0].shape[0]
    duration_s, distance_m = np.full((n, m), np.inf), np.full((n, m), np.inf)
    at_s, at_m = np.empty((rows, BLOCK)), np.empty((rows, BLOCK))
    climb_s, climb_m = np.full(begin.size - 1, np.inf), np.full(begin.size - 1, np.inf)
    for start in range(0, n, BLOCK):
        width = min(BLOCK, n - start)
        at_s[:] = np.inf
        at_m[:] = np.inf
        for lane in range(width):
            _climb(shape, up, (exits[0][start + lane], exits[1][start + lane], exits[2][start + lane]),
                   (climb_s, climb_m), row, lane, (at_s, at_m))  # fmt: skip
        _descend(first, high, link_s, link_m, at_s, at_m)
        for j in range(m):
            for end in range(entries[0].shape[1]):
                node = entries[0][j, end]
                if node >= 0:
                    r = row[node]
                    add_s, add_m = entries[1][j, end], entries[2][j, end]
                    for lane in range(width):
                        new_s, new_m = at_s[r, lane] + add_s, at_m[r, lane] + add_m
                        i = start + lane
                        old_s = duration_s[i, j]
                        if new_s < old_s or (new_s == old_s and new_m < distance_m[i, j]):
                            duration_s[i, j] = new_s
                            distance_m[i, j] = new_m
    return duration_s, distance_m


@machine_code
def _lay_out(
    begin: Whole, above: Whole, down: tuple[Real, Real], wanted: Whole
) -> tuple[Whole, int, Whole, Whole, Real, Real]:
    """Return all ranks above destinations as rows from the top, and the links down to them."""
    count = begin.size - 1
    row = np.full(count, -1)
    for start in wanted.flat:
        node = start
        while node >= 0 and row[node] < 0:
            row[node] = 0
            node = above[begin[node]] if begin[node] < begin[node + 1] else np.int64(-1)
    rows = links = 0
    for rank in range(count - 1, -1, -1):
        if row[rank] == 0:
            row[rank] = rows
            rows += 1
            links += begin[rank + 1] - begin[rank]
    first = np.zeros(rows + 1, np.int64)
    high, link_s, link_m = np.empty(links, np.int64), np.empty(links), np.empty(links)
    size = r = 0
    for rank in range(count - 1, -1, -1):
        if row[rank] >= 0:
            for link in range(begin[rank], begin[rank + 1]):
                if down[0][link] < np.inf:
                    high[size] = row[above[link]]
                    link_s[size] = down[0][link]
                    link_m[size] = down[1][link]
                    size += 1
            r += 1
            first[r] = size
    return row, rows, first, high[:size], link_s[:size], link_m[:size]


@machine_code
def _climb(
    shape: tuple[Whole, Whole],
    up: tuple[Real, Real],
    starts: tuple[Whole, Real, Real],
    climb: tuple[Real, Real],
    row: Whole,
    lane: int,
    at: tuple[Real, Real],
) -> None:
    """Go up from one origin to the top; write what lies above destinations into a lane and leave `climb` as it was."""
    begin, above = shape
    climb_s, climb_m = climb
    top = begin.size
    turns = np.full(starts[0].size, top)
    for k in range(starts[0].size):
        if starts[0][k] >= 0:
            turns[k] = starts[0][k]
            _reach(climb_s, climb_m, starts[0][k], starts[1][k], starts[2][k])
    while True:
        node = turns.min()
        if node == top:
            break
        here_s, here_m = climb_s[node], climb_m[node]
        climb_s[node] = np.inf
        climb_m[node] = np.inf
        if row[node] >= 0:
            at[0][row[node], lane] = here_s
            at[1][row[node], lane] = here_m
        for link in range(begin[node], begin[node + 1]):
            _reach(climb_s, climb_m, above[link], here_s + up[0][link], here_m + up[1][link])
        parent = above[begin[node]] if begin[node] < begin[node + 1] else top
        for k in range(turns.size):
            if turns[k] == node:
                turns[k] = parent


@machine_code
def _reach(climb_s: Real, climb_m: Real, node: int, new_s: float, new_m: float) -> None:
    """Take a way up to a node if it is the fastest so far, or shorter in the same time."""
    if new_s < climb_s[node] or (new_s == climb_s[node] and new_m < climb_m[node]):
        climb_s[node] = new_s
        climb_m[node] = new_m


@machine_code
def _descend(first: Whole, high: Whole, link_s: Real, link_m: Real, at_s: Real, at_m: Real) -> None:
    """Go down from the top row to the last, all lanes at once."""
    best_s, best_m = np.empty(BLOCK), np.empty(BLOCK)
    for r in range(first.size - 1):
        best_s[:] = at_s[r]
        best_m[:] = at_m[r]
        for link in range(first[r], first[r + 1]):
            h = high[link]
            add_s, add_m = link_s[link], link_m[link]
            for lane in range(BLOCK):
                new_s = at_s[h, lane] + add_s
                new_m = at_m[h, lane] + add_m
                better = (new_s < best_s[lane]) | ((new_s == best_s[lane]) & (new_m < best_m[lane]))
                best_s[lane] = new_s if better else best_s[lane]
                best_m[lane] = new_m if better else best_m[lane]
        at_s[r] = best_s
        at_m[r] = best_m
