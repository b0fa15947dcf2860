"""Edges: a street graph from junction to junction, with the points and speeds along each edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.errors import InputError
from doorstep.network.graph.chains import measure_runs, measure_steps
from doorstep.network.graph.laying import pick_edges
from doorstep.network.graph.signs import Signs, link_arcs
from doorstep.network.roadclass import CLASS_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Pace


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """A street graph; points lie edge by edge, and the last of each edge begins a segment of no length."""

    nodes: int
    """Number of junctions and of their copies, which come after them."""
    tail: NDArray[np.int32]
    """[edges] junction where each edge begins."""
    head: NDArray[np.int32]
    """[edges] junction where it ends."""
    allowed: NDArray[np.bool_]
    """[edges, 2] forward and backward."""
    first: NDArray[np.int32]
    """[edges + 1] where the points of each edge begin."""
    point: NDArray[np.int32]
    """[points] rows of `node_xy_m`."""
    node_xy_m: NDArray[np.float64]
    """[map nodes, 2] which all layers of a map have in common."""
    speed: NDArray[np.unsignedinteger]
    """[points] rows of `speed_mps` and `speed_class`, on that segment."""
    speed_mps: NDArray[np.float64]
    """[speeds, 2] the free speeds that there are, forward and backward."""
    speed_class: NDArray[np.uint8]
    """[speeds] places in CLASS_NAMES of the streets that have them."""
    length_m: NDArray[np.float64]
    """[edges]"""
    arc_begin: NDArray[np.int32]
    """[nodes + 1] where the arcs out of each junction or copy begin."""
    arc: NDArray[np.int32]
    """[arcs] twice the edge, and one more where it is run through backward; again for each copy where it begins."""
    arc_head: NDArray[np.int32]
    """[arcs] junction or copy to which each leads."""
    limited: NDArray[np.bool_]
    """[edges, 2] open only to who starts or ends there."""
    bans: NDArray[np.int64]
    """[bans, longest] runs of arcs, the last of which may not follow the others; shorter ones end in -1."""
    copies: NDArray[np.int64]
    """[copies] junction that each copy stands for, ascending (`signs.py`)."""
    rests: NDArray[np.bool_]
    """[copies] whether who comes there has come to the junction itself."""
    signed: NDArray[np.int64]
    """[signed] ascending arcs by which places on their edges lead to a copy; by all others, to the junction itself."""
    leads: NDArray[np.int64]
    """[signed] those copies."""

    @property
    def junctions(self) -> int:
        """Number of junctions without copies."""
        return self.nodes - len(self.copies)

    def arc_tail(self) -> NDArray[np.int64]:
        """Return the junction or copy where each arc begins [arcs]."""
        return np.repeat(np.arange(self.nodes), np.diff(self.arc_begin))

    @property
    def step_m(self) -> NDArray[np.float64]:
        """Length of the segment that begins at each point [points]; made anew each time."""
        return measure_steps(self.first, self.point, self.node_xy_m)

    def led_to(self, edge: NDArray[np.int64], way: int) -> NDArray[np.int64]:
        """Return the junctions or copies [n] to which places on edges [n] lead, forward (0) or backward (1)."""
        arc = 2 * edge + way
        to = (self.tail if way else self.head)[edge].astype(np.int64)
        at = np.searchsorted(self.signed, arc)
        told = np.flatnonzero(np.append(self.signed, -1)[at] == arc)
        to[told] = self.leads[at[told]]
        return to

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

    def xy_m(self, points: slice | NDArray[np.integer]) -> NDArray[np.float64]:
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


class Draft(NamedTuple):
    """A street graph before its arcs are known."""

    nodes: int
    tail: NDArray[np.int32]
    """[edges] junction where each begins."""
    head: NDArray[np.int32]
    """[edges]"""
    allowed: NDArray[np.bool_]
    """[edges, 2] forward and backward."""
    first: NDArray[np.int32]
    """[edges + 1] where the points of each edge begin."""
    points: tuple[NDArray[np.int32], NDArray[np.float64]]
    """Rows [points] of the nodes of the map, and these [map nodes, 2], metres."""
    speeds: tuple[NDArray[np.unsignedinteger], NDArray[np.float64], NDArray[np.uint8]]
    """Rows [points] of the free speeds, these [speeds, 2], and their classes [speeds]."""
    signs: Signs

    def length_m(self) -> NDArray[np.float64]:
        """Return how long each edge is [edges]."""
        return measure_runs(self.first, *self.points)

    def chosen(self, chosen: NDArray[np.bool_], limited: NDArray[np.bool_]) -> Draft:
        """Return some edges [edges], some [edges, 2] of them not to be passed through."""
        bans = self.signs.bans
        if len(bans):
            number = np.cumsum(chosen, dtype=np.int32) - 1
            bans = bans[(chosen[bans >> 1] | (bans < 0)).all(axis=1)]
            bans = np.where(bans < 0, -1, 2 * number[bans >> 1] + (bans & 1))
        points = self.first, self.points[0], self.speeds[0]
        count, ends, flags, (first, point, speed) = pick_edges(
            self.nodes, chosen, (self.tail, self.head), (self.allowed, limited), points
        )
        nodes, speeds = (point, self.points[1]), (speed, *self.speeds[1:])
        return Draft(count, ends[0], ends[1], flags[0], first, nodes, speeds, Signs(bans, flags[1]))


def make_edges(draft: Draft, length_m: NDArray[np.float64] | None = None) -> Edges:
    """Return edges with their arcs and lengths [edges], which are measured if nobody has."""
    links = link_arcs(draft.nodes, draft.tail, draft.head, draft.allowed, draft.signs)
    return Edges(
        nodes=len(links.begin) - 1,
        tail=draft.tail,
        head=draft.head,
        allowed=draft.allowed,
        first=draft.first,
        point=draft.points[0],
        node_xy_m=draft.points[1],
        speed=draft.speeds[0],
        speed_mps=draft.speeds[1],
        speed_class=draft.speeds[2],
        length_m=draft.length_m() if length_m is None else length_m,
        arc_begin=links.begin,
        arc=links.arc,
        arc_head=links.head,
        limited=draft.signs.limited,
        bans=draft.signs.bans,
        copies=links.copies,
        rests=links.rests,
        signed=links.signed,
        leads=links.leads,
    )
