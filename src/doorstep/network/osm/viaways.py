"""Viaways: the ways over streets that a turn restriction leads along, from node to node."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Runs = tuple[NDArray[np.int64], NDArray[np.integer]]
    """Where the nodes of each way begin, and the nodes of all ways."""

MOST_STEPS = 10_000
"""No restriction of any map is as long: streets that need more cross themselves again and again."""


def nodes_of(rows: Iterable[int], runs: Runs) -> set[int]:
    """Return the nodes of some ways."""
    first, node = runs
    return {n for row in rows for n in node[first[row] : first[row + 1]].tolist()}


def paths_over(over: Sequence[Collection[int]], starts: set[int], ends: set[int], runs: Runs) -> list[tuple[int, ...]]:
    """Return every way, as its nodes, from one of the starts to one of the ends that meets no node twice.

    It leads over all streets in turn, each of them given by its rows; where there is none so, over the last one first.
    Streets that cross themselves so often that the search does not end have none.
    """
    return _search(over, starts, ends, runs) or _search(over[::-1], starts, ends, runs)


def _search(over: Sequence[Collection[int]], starts: set[int], ends: set[int], runs: Runs) -> list[tuple[int, ...]]:
    first, node = runs
    onward: dict[int, list[tuple[int, int]]] = {}
    for number, rows in enumerate(over):
        for row in rows:
            for one, other in pairwise(node[first[row] : first[row + 1]].tolist()):
                onward.setdefault(one, []).append((other, number))
                onward.setdefault(other, []).append((one, number))
    found: set[tuple[int, ...]] = set()
    open_ways: list[tuple[tuple[int, ...], int]] = [((start,), 0) for start in sorted(starts & onward.keys())]
    for _ in range(MOST_STEPS):
        if not open_ways:
            return sorted(found)
        path, reached = open_ways.pop()
        for then, number in onward[path[-1]]:
            if then in path or not (number == reached or (number == reached + 1 and len(path) > 1)):
                continue
            open_ways.append(((*path, then), number))
            if number == len(over) - 1 and then in ends:
                found.add((*path, then))
    return []
