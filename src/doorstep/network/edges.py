"""Edges: a street graph from junction to junction, with the points and speeds along each edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.network.roadclass import CLASS_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Pace


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """A street graph; points lie edge by edge, and the last of each edge begins a segment of no length."""

    nodes: int
    """Number of junctions."""
    tail: NDArray[np.int64]
    """[edges] junction where each edge begins."""
    head: NDArray[np.int64]
    """[edges] junction where it ends."""
    allowed: NDArray[np.bool_]
    """[edges, 2] forward and backward."""
    first: NDArray[np.int64]
    """[edges + 1] where the points of each edge begin."""
    point_xy_m: NDArray[np.float64]
    """[points, 2]"""
    step_m: NDArray[np.float64]
    """[points] length of the segment that begins at each point."""
    free_speed_mps: NDArray[np.float64]
    """[points, 2] on that segment, forward and backward."""
    road_class: NDArray[np.uint8]
    """[points] place in CLASS_NAMES of that segment."""
    length_m: NDArray[np.float64]
    """[edges]"""
    arc_begin: NDArray[np.int64]
    """[nodes + 1] where the arcs out of each junction begin."""
    arc: NDArray[np.int64]
    """[arcs] twice the edge, and one more where it is run through backward."""
    arc_head: NDArray[np.int64]
    """[arcs] junction to which each leads."""

    def junction_xy_m(self) -> NDArray[np.float64]:
        """Return where the junctions lie [nodes, 2], metres."""
        xy_m = np.empty((self.nodes, 2))
        xy_m[self.tail], xy_m[self.head] = self.point_xy_m[self.first[:-1]], self.point_xy_m[self.first[1:] - 1]
        return xy_m

    def clock_s(self, pace: Pace, column: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Return [points, 2] seconds from the very first point to each, all edges in a row, forward and backward.

        Only differences along one edge mean anything: how long a vehicle of this pace takes from point to point. Of
        several traffic factors each point has the one in its `column` [points], by default that of its road class.
        """
        speed = np.minimum(pace.max_speed_mps, self.free_speed_mps / self._slowing(pace, column))
        clock_s = np.zeros_like(speed)
        np.cumsum((self.step_m[:, None] / speed)[:-1], axis=0, out=clock_s[1:])
        return clock_s

    def _slowing(self, pace: Pace, column: NDArray[np.int64] | None) -> float | NDArray[np.float64]:
        """Return what divides free speeds: one number, or one for each point [points, 1]."""
        factor = pace.traffic_factor
        if not isinstance(factor, tuple):
            return factor
        if column is None and len(factor) != len(CLASS_NAMES):
            fix = f"give one for each of {', '.join(CLASS_NAMES)}"
            raise InputError.of("pace", f"has {len(factor)} factors for {len(CLASS_NAMES)} road classes", fix)
        return np.array(factor)[self.road_class if column is None else column][:, None]

    def arc_s(self, clock_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [arcs] seconds from junction to junction by a clock."""
        edge, back = self.arc >> 1, self.arc & 1
        return np.asarray(clock_s[self.first[edge + 1] - 1, back] - clock_s[self.first[edge], back])


def make_edges(
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    allowed: NDArray[np.bool_],
    first: NDArray[np.int64],
    point_xy_m: NDArray[np.float64],
    free_speed_mps: NDArray[np.float64],
    road_class: NDArray[np.uint8],
) -> Edges:
    """Return edges with their lengths and arcs; junctions are numbered anew in the order of their old numbers."""
    names, numbers = np.unique(np.concatenate(ends), return_inverse=True)
    tail, head = numbers[: len(ends[0])], numbers[len(ends[0]) :]
    step_m = np.zeros(len(point_xy_m))
    step_m[:-1] = np.hypot(*np.diff(point_xy_m, axis=0).T) if len(point_xy_m) else 0.0
    step_m[first[1:] - 1] = 0.0
    arc = np.flatnonzero(allowed.reshape(-1))
    edge, back = arc >> 1, arc & 1
    arc_tail = np.where(back == 1, head[edge], tail[edge])
    by_tail = np.argsort(arc_tail, kind="stable")
    arc, edge, back = arc[by_tail], edge[by_tail], back[by_tail]
    return Edges(
        nodes=len(names),
        tail=tail,
        head=head,
        allowed=allowed,
        first=first,
        point_xy_m=point_xy_m,
        step_m=step_m,
        free_speed_mps=free_speed_mps,
        road_class=road_class,
        length_m=np.add.reduceat(step_m, first[:-1]) if len(tail) else np.empty(0),
        arc_begin=np.concatenate([[0], np.cumsum(np.bincount(arc_tail, minlength=len(names)))]),
        arc=arc,
        arc_head=np.where(back == 1, tail[edge], head[edge]),
    )


def choose_edges(edges: Edges, chosen: NDArray[np.bool_]) -> Edges:
    """Return some [edges] of a graph as a graph of their own."""
    points = np.repeat(chosen, np.diff(edges.first))
    first = np.concatenate([[0], np.cumsum(np.diff(edges.first)[chosen])])
    ends = edges.tail[chosen], edges.head[chosen]
    along = edges.point_xy_m[points], edges.free_speed_mps[points], edges.road_class[points]
    return make_edges(ends, edges.allowed[chosen], first, *along)
