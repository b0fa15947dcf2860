"""Edges: a street graph from junction to junction, with the points and speeds along each edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.signs import Signs, link_arcs, no_signs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Pace


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """A street graph; points lie edge by edge, and the last of each edge begins a segment of no length."""

    nodes: int
    """Number of junctions and of their copies, which come after them."""
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
    length_m: NDArray[np.float64]
    """[edges]"""
    arc_begin: NDArray[np.int64]
    """[nodes + 1] where the arcs out of each junction or copy begin."""
    arc: NDArray[np.int64]
    """[arcs] twice the edge, and one more where it is run through backward; again for each copy where it begins."""
    arc_head: NDArray[np.int64]
    """[arcs] junction or copy to which each leads."""
    limited: NDArray[np.bool_]
    """[edges, 2] open only to who starts or ends there."""
    bans: NDArray[np.int64]
    """[bans, 2] an arc, and one that may not follow it."""
    copies: NDArray[np.int64]
    """[copies] junction that each copy stands for, ascending (`signs.py`)."""
    rests: NDArray[np.bool_]
    """[copies] whether who comes there has come to the junction itself."""
    leads: NDArray[np.int64]
    """[edges, 2] junction or copy to which a place on an edge leads, forward and backward."""

    @property
    def junctions(self) -> int:
        """Number of junctions without copies."""
        return self.nodes - len(self.copies)

    def arc_tail(self) -> NDArray[np.int64]:
        """Return the junction or copy where each arc begins [arcs]."""
        return np.repeat(np.arange(self.nodes), np.diff(self.arc_begin))

    def junction_xy_m(self) -> NDArray[np.float64]:
        """Return where the junctions and copies lie [nodes, 2], metres."""
        xy_m = np.empty((self.nodes, 2))
        xy_m[self.tail], xy_m[self.head] = self.point_xy_m[self.first[:-1]], self.point_xy_m[self.first[1:] - 1]
        xy_m[self.junctions :] = xy_m[self.copies]
        return xy_m

    def clock_s(self, pace: Pace) -> NDArray[np.float64]:
        """Return [points, 2] seconds from the very first point to each, all edges in a row, forward and backward.

        Only differences along one edge mean anything: how long a vehicle of this pace takes from point to point.
        """
        speed = np.minimum(pace.max_speed_mps, self.free_speed_mps / pace.traffic_factor)
        clock_s = np.zeros_like(speed)
        np.cumsum((self.step_m[:, None] / speed)[:-1], axis=0, out=clock_s[1:])
        return clock_s

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
    signs: Signs | None = None,
    *,
    passable: bool = False,
) -> Edges:
    """Return edges with their lengths and arcs; junctions are numbered anew in the order of their old numbers.

    Limited streets may be passed through all the same if `passable`.
    """
    names, numbers = np.unique(np.concatenate(ends), return_inverse=True)
    tail, head = numbers[: len(ends[0])], numbers[len(ends[0]) :]
    step_m = np.zeros(len(point_xy_m))
    step_m[:-1] = np.hypot(*np.diff(point_xy_m, axis=0).T) if len(point_xy_m) else 0.0
    step_m[first[1:] - 1] = 0.0
    none = no_signs(len(tail))
    signs = signs or none
    links = link_arcs(len(names), tail, head, allowed, signs._replace(limited=none.limited) if passable else signs)
    return Edges(
        nodes=len(links.begin) - 1,
        tail=tail,
        head=head,
        allowed=allowed,
        first=first,
        point_xy_m=point_xy_m,
        step_m=step_m,
        free_speed_mps=free_speed_mps,
        length_m=np.add.reduceat(step_m, first[:-1]) if len(tail) else np.empty(0),
        arc_begin=links.begin,
        arc=links.arc,
        arc_head=links.head,
        limited=signs.limited,
        bans=signs.bans,
        copies=links.copies,
        rests=links.rests,
        leads=links.leads,
    )


def choose_edges(edges: Edges, chosen: NDArray[np.bool_], limited: NDArray[np.bool_]) -> Edges:
    """Return some [edges] of a graph as a graph of their own, some [edges, 2] not to be passed through."""
    points = np.repeat(chosen, np.diff(edges.first))
    first = np.concatenate([[0], np.cumsum(np.diff(edges.first)[chosen])])
    ends = edges.tail[chosen], edges.head[chosen]
    number = np.cumsum(chosen) - 1
    bans = edges.bans[chosen[edges.bans >> 1].all(axis=1)]
    signs = Signs(2 * number[bans >> 1] + (bans & 1), limited[chosen])
    points_xy_m, speed_mps = edges.point_xy_m[points], edges.free_speed_mps[points]
    return make_edges(ends, edges.allowed[chosen], first, points_xy_m, speed_mps, signs)
