"""Ends: how places in the middle of edges hang on the junctions of a street graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.graph.chains import find_segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.graph.edges import Edges
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
    """The junctions by which n places are left, or are entered, and their copies.

    Even columns are beside the tail, odd ones beside the head of their edge.
    """

    node: NDArray[np.int64]
    """[n, 2 k] -1 where that end is barred."""
    duration_s: NDArray[np.float64]
    """[n, 2 k]"""
    distance_m: NDArray[np.float64]
    """[n, 2 k]"""


def mark_places(edges: Edges, places: Snaps, clock_s: NDArray[np.float64]) -> Marks:
    """Return how long a vehicle takes from both ends of its edge to each place, by the clock of its pace."""
    on = places.edge >= 0
    edge = places.edge[on]
    start, last = edges.first[edge], edges.first[edge + 1] - 1
    done_m = places.share[on] * edges.length_m[edge]
    point, within = find_segments(edges.first, edges.point, edges.node_xy_m, edge, done_m)
    here_s = clock_s[point] + within[:, None] * (clock_s[point + 1] - clock_s[point])
    marks = Marks(places.edge, places.share, *(np.full((len(on), 2), np.inf) for _ in range(2)),
                  *(np.full(len(on), np.inf) for _ in range(2)))  # fmt: skip
    marks.before_s[on], marks.after_s[on] = here_s - clock_s[start], clock_s[last] - here_s
    marks.before_m[on], marks.after_m[on] = done_m, edges.length_m[edge] - done_m
    # Rounding must not put a place that stands on a junction a hair's breadth away from it.
    marks.before_s[places.share == 0], marks.after_s[places.share == 1] = 0.0, 0.0
    return marks


def exits(edges: Edges, marks: Marks) -> Ends:
    """Return the junctions by which places are left: tails by running backward, heads by running forward.

    A place on a junction is left from there only, whichever way its edge runs, and into any street.
    """
    node = np.full((len(marks.edge), 2), -1)
    on = marks.edge >= 0
    edge, share = marks.edge[on], marks.share[on]
    for end, way, at in ((0, 1, edges.tail), (1, 0, edges.head)):
        off = np.where(edges.allowed[edge, way] & (share != 1 - end), edges.led_to(edge, way), -1)
        node[on, end] = np.where(share == end, at[edge], off)
    seconds = np.column_stack([marks.before_s[:, 1], marks.after_s[:, 0]])
    return Ends(node, seconds, np.column_stack([marks.before_m, marks.after_m]))


def entries(edges: Edges, marks: Marks) -> Ends:
    """Return the junctions from which places are entered: tails by running forward, heads by running backward.

    A place on a junction is entered there only, whichever way its edge runs, and from any street.
    """
    on = marks.edge >= 0
    edge, share = marks.edge[on], marks.share[on]
    sides = []
    for end, way, at in ((0, 0, edges.tail), (1, 1, edges.head)):
        node = _with_copies(edges, at[edge])
        rests = np.concatenate([np.ones(edges.junctions, bool), edges.rests, [False]])[node]
        off = _leave(edges, node, 2 * edge + way) & (share != 1 - end)[:, None]
        side = np.full((len(on), node.shape[1]), -1)
        side[on] = np.where(np.where((share == end)[:, None], rests & (node >= 0), off), node, -1)
        sides.append(side)
    width = max(side.shape[1] for side in sides)
    node = np.full((len(on), width, 2), -1)
    for end, side in enumerate(sides):
        node[:, : side.shape[1], end] = side
    seconds = np.column_stack([marks.before_s[:, 0], marks.after_s[:, 1]])
    metres = np.column_stack([marks.before_m, marks.after_m])
    return Ends(node.reshape(len(on), 2 * width), np.tile(seconds, width), np.tile(metres, width))


def along_edge(
    edges: Edges,
    origins: Marks,
    destinations: Marks,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return seconds and metres of pairs of places without leaving their edge; infinite where that cannot be.

    From junction to junction the way is found through the graph, which knows who may pass through the edge.
    """
    i, j = pairs
    edge = np.maximum(origins.edge[i], 0)
    same = (origins.edge[i] == destinations.edge[j]) & (origins.edge[i] >= 0)
    seconds, metres = np.full(len(i), np.inf), np.full(len(i), np.inf)
    i, j, edge = i[same], j[same], edge[same]
    step_m = destinations.before_m[j] - origins.before_m[i]
    way = np.where(step_m >= 0, 0, 1)
    taken_s = np.abs(destinations.before_s[j, way] - origins.before_s[i, way])
    whole = np.isin(origins.share[i], (0, 1)) & np.isin(destinations.share[j], (0, 1))
    can = (edges.allowed[edge, way] & ~(whole & edges.limited[edge, way])) | (step_m == 0)
    seconds[same], metres[same] = np.where(can, taken_s, np.inf), np.where(can, np.abs(step_m), np.inf)
    return seconds, metres


def _with_copies(edges: Edges, junction: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return junctions [n] with all their copies [n, k], -1 where there are fewer."""
    low, high = (np.searchsorted(edges.copies, junction, side) for side in ("left", "right"))
    number = np.arange(int((high - low).max(initial=0)))
    copies = np.where(number < (high - low)[:, None], edges.junctions + low[:, None] + number, -1)
    return np.column_stack([junction, copies])


def _leave(edges: Edges, node: NDArray[np.int64], arc: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which junctions and copies [n, k] an arc [n] leaves."""
    if not len(edges.copies):
        return np.asarray(edges.allowed[arc >> 1, arc & 1][:, None])
    # Arcs ascend from node to node and for each node, so that one number tells both.
    key = edges.arc_tail() * (2 * len(edges.tail)) + edges.arc
    wanted = node * (2 * len(edges.tail)) + arc[:, None]
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return np.asarray((key[at] == wanted) & (node >= 0))
