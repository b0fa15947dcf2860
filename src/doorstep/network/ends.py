"""Ends: how places in the middle of edges hang on the junctions of a street graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.edges import Edges
    from doorstep.network.network import Snaps


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """n places on edges, with the way before and behind them at one pace."""

    edge: NDArray[np.int64]
    """[n] -1 where a place is on none."""
    share: NDArray[np.float64]
    """[n]"""
    before_s: NDArray[np.float64]
    """[n, 2] tail to place running forward, place to tail running backward."""
    after_s: NDArray[np.float64]
    """[n, 2] place to head running forward, head to place running backward."""
    before_m: NDArray[np.float64]
    """[n]"""
    after_m: NDArray[np.float64]
    """[n]"""


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """The junctions by which n places are left, or are entered: beside the tail, and beside the head of their edge."""

    node: NDArray[np.int64]
    """[n, 2] -1 where that end is barred."""
    duration_s: NDArray[np.float64]
    """[n, 2]"""
    distance_m: NDArray[np.float64]
    """[n, 2]"""


def mark_places(edges: Edges, places: Snaps, clock_s: NDArray[np.float64]) -> Marks:
    """Return how long a vehicle takes from both ends of its edge to each place, by the clock of its pace."""
    on = places.edge >= 0
    edge, share = places.edge[on], places.share[on]
    start, last = edges.first[edge], edges.first[edge + 1] - 1
    road_m = np.concatenate([[0.0], np.cumsum(edges.step_m)])
    done_m = share * edges.length_m[edge]
    at_m = road_m[start] + done_m
    k = np.clip(np.searchsorted(road_m, at_m, side="right") - 1, start, last - 1)
    step_m = np.where(edges.step_m[k] > 0, edges.step_m[k], 1.0)
    within = np.clip((at_m - road_m[k]) / step_m, 0.0, 1.0)[:, None]
    here_s = clock_s[k] + within * (clock_s[k + 1] - clock_s[k])
    marks = Marks(places.edge, places.share, *(np.full((len(on), 2), np.inf) for _ in range(2)),
                  *(np.full(len(on), np.inf) for _ in range(2)))  # fmt: skip
    marks.before_s[on], marks.after_s[on] = here_s - clock_s[start], clock_s[last] - here_s
    marks.before_m[on], marks.after_m[on] = done_m, edges.length_m[edge] - done_m
    # Rounding must not put a place that stands on a junction a hair's breadth away from it.
    marks.before_s[places.share == 0], marks.after_s[places.share == 1] = 0.0, 0.0
    return marks


def exits(edges: Edges, marks: Marks) -> Ends:
    """Return the junctions by which places are left: tails by running backward, heads by running forward."""
    return _ends(edges, marks, tail_way=1, head_way=0)


def entries(edges: Edges, marks: Marks) -> Ends:
    """Return the junctions from which places are entered: tails by running forward, heads by running backward."""
    return _ends(edges, marks, tail_way=0, head_way=1)


def along_edge(
    edges: Edges,
    origins: Marks,
    destinations: Marks,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return seconds and metres of pairs of places without leaving their edge; infinite where that cannot be."""
    i, j = pairs
    edge = np.maximum(origins.edge[i], 0)
    same = (origins.edge[i] == destinations.edge[j]) & (origins.edge[i] >= 0)
    seconds, metres = np.full(len(i), np.inf), np.full(len(i), np.inf)
    i, j, edge = i[same], j[same], edge[same]
    step_m = destinations.before_m[j] - origins.before_m[i]
    way = np.where(step_m >= 0, 0, 1)
    taken_s = np.abs(destinations.before_s[j, way] - origins.before_s[i, way])
    can = edges.allowed[edge, way] | (step_m == 0)
    seconds[same], metres[same] = np.where(can, taken_s, np.inf), np.where(can, np.abs(step_m), np.inf)
    return seconds, metres


def _ends(edges: Edges, marks: Marks, *, tail_way: int, head_way: int) -> Ends:
    """Return both ends of the places' edges; a place on a junction hangs on it whichever way its edge runs."""
    node = np.full((len(marks.edge), 2), -1)
    on = marks.edge >= 0
    edge, share = marks.edge[on], marks.share[on]
    by_tail = edges.allowed[edge, tail_way] | (share == 0)
    by_head = edges.allowed[edge, head_way] | (share == 1)
    node[on, 0] = np.where(by_tail, edges.tail[edge], -1)
    node[on, 1] = np.where(by_head, edges.head[edge], -1)
    seconds = np.column_stack([marks.before_s[:, tail_way], marks.after_s[:, head_way]])
    return Ends(node, seconds, np.column_stack([marks.before_m, marks.after_m]))
