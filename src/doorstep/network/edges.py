"""Edges: a street graph from junction to junction, with the points and speeds along each edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import InputError
from doorstep.network.roadclass import CLASS_NAMES
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
    point: NDArray[np.int32]
    """[points] rows of `node_xy_m`."""
    node_xy_m: NDArray[np.float64]
    """[map nodes, 2] which all layers of a map have in common."""
    step_m: NDArray[np.float64]
    """[points] length of the segment that begins at each point."""
    speed: NDArray[np.unsignedinteger]
    """[points] rows of `speed_mps` and `speed_class`, on that segment."""
    speed_mps: NDArray[np.float64]
    """[speeds, 2] the free speeds that there are, forward and backward."""
    speed_class: NDArray[np.uint8]
    """[speeds] places in CLASS_NAMES of the streets that have them."""
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
    """[bans, longest] runs of arcs, the last of which may not follow the others; shorter ones end in -1."""
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

    @property
    def point_xy_m(self) -> NDArray[np.float64]:
        """Where all points lie [points, 2]; made anew each time."""
        return self.node_xy_m[self.point]

    @property
    def free_speed_mps(self) -> NDArray[np.float64]:
        """Free speeds [points, 2] on the segment that begins at each point; made anew each time."""
        return np.asarray(self.speed_mps[self.speed])

    @property
    def road_class(self) -> NDArray[np.uint8]:
        """Places in CLASS_NAMES [points] of the segment that begins at each point; made anew each time."""
        return np.asarray(self.speed_class[self.speed])

    def xy_m(self, points: slice | NDArray[np.int64]) -> NDArray[np.float64]:
        """Return where some points lie [n, 2], metres."""
        return self.node_xy_m[self.point[points]]

    def junction_xy_m(self) -> NDArray[np.float64]:
        """Return where the junctions and copies lie [nodes, 2], metres."""
        xy_m = np.empty((self.nodes, 2))
        xy_m[self.tail], xy_m[self.head] = self.xy_m(self.first[:-1]), self.xy_m(self.first[1:] - 1)
        xy_m[self.junctions :] = xy_m[self.copies]
        return xy_m

    def clock_s(self, pace: Pace, column: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Return [points, 2] seconds from the very first point to each, all edges in a row, forward and backward.

        Only differences along one edge mean anything: how long a vehicle of this pace takes from point to point. Of
        several traffic factors each point has the one in its `column` [points], by default that of its road class.
        """
        factor = pace.traffic_factor
        if column is not None and isinstance(factor, tuple):
            seconds = self.step_m[:, None] / np.minimum(
                pace.max_speed_mps, self.free_speed_mps / np.array(factor)[column][:, None]
            )
        else:
            seconds = (
                self.step_m[:, None] / np.minimum(pace.max_speed_mps, self.speed_mps / self._by_class(pace))[self.speed]
            )
        clock_s = np.zeros((len(self.point), 2))
        np.cumsum(seconds[:-1], axis=0, out=clock_s[1:])
        return clock_s

    def _by_class(self, pace: Pace) -> float | NDArray[np.float64]:
        """Return what divides free speeds: one number, or one for each row of `speed_mps` [speeds, 1]."""
        factor = pace.traffic_factor
        if not isinstance(factor, tuple):
            return factor
        if len(factor) != len(CLASS_NAMES):
            fix = f"give one for each of {', '.join(CLASS_NAMES)}"
            raise InputError.of("pace", f"has {len(factor)} factors for {len(CLASS_NAMES)} road classes", fix)
        return np.array(factor)[self.speed_class][:, None]

    def arc_s(self, clock_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [arcs] seconds from junction to junction by a clock."""
        edge, back = self.arc >> 1, self.arc & 1
        return np.asarray(clock_s[self.first[edge + 1] - 1, back] - clock_s[self.first[edge], back])


def make_edges(
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    allowed: NDArray[np.bool_],
    first: NDArray[np.int64],
    points: tuple[NDArray[np.int32], NDArray[np.float64]],
    speeds: tuple[NDArray[np.unsignedinteger], NDArray[np.float64], NDArray[np.uint8]],
    signs: Signs | None = None,
    *,
    passable: bool = False,
) -> Edges:
    """Return edges with their lengths and arcs; junctions are numbered anew in the order of their old numbers.

    `points` and `speeds` are the rows of each point with the table that they are of. Limited streets may be passed
    through all the same if `passable`.
    """
    from doorstep.network.chains import measure_steps

    names, numbers = np.unique(np.concatenate(ends), return_inverse=True)
    tail, head = numbers[: len(ends[0])], numbers[len(ends[0]) :]
    step_m = measure_steps(first, *points)
    none = no_signs(len(tail))
    signs = signs or none
    links = link_arcs(len(names), tail, head, allowed, signs._replace(limited=none.limited) if passable else signs)
    return Edges(
        nodes=len(links.begin) - 1,
        tail=tail,
        head=head,
        allowed=allowed,
        first=first,
        point=points[0],
        node_xy_m=points[1],
        step_m=step_m,
        speed=speeds[0],
        speed_mps=speeds[1],
        speed_class=speeds[2],
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


def choose_edges(edges: Edges, chosen: NDArray[np.bool_], limited: NDArray[np.bool_]) -> tuple[Any, ...]:
    """Return what `make_edges` takes for some [edges] of a graph, some [edges, 2] not to be passed through.

    The graph itself need not be kept any longer: on large maps there is no room for both.
    """
    points = np.repeat(chosen, np.diff(edges.first))
    first = np.concatenate([[0], np.cumsum(np.diff(edges.first)[chosen])])
    ends = edges.tail[chosen], edges.head[chosen]
    places, speeds = (edges.point[points], edges.node_xy_m), (edges.speed[points], edges.speed_mps, edges.speed_class)
    number = np.cumsum(chosen) - 1
    bans = edges.bans[(chosen[edges.bans >> 1] | (edges.bans < 0)).all(axis=1)]
    signs = Signs(np.where(bans < 0, -1, 2 * number[bans >> 1] + (bans & 1)), limited[chosen])
    return ends, edges.allowed[chosen], first, places, speeds, signs
