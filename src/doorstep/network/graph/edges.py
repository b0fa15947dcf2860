"""Edges: a street graph from junction to junction, with the points and speeds along each edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.errors import InputError
from doorstep.network.graph.chains import measure_runs, measure_steps
from doorstep.network.graph.signs import Links, Signs, link_arcs
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

    def links(self, *, passable: bool = False) -> Links:
        """Return the arcs; limited streets may be passed through all the same if `passable`."""
        signs = self.signs._replace(limited=np.zeros((0, 2), bool)) if passable else self.signs
        return link_arcs(self.nodes, self.tail, self.head, self.allowed, signs)

    def length_m(self) -> NDArray[np.float64]:
        """Return how long each edge is [edges]."""
        return measure_runs(self.first, *self.points)

    def chosen(self, chosen: NDArray[np.bool_], limited: NDArray[np.bool_]) -> Draft:
        """Return some edges [edges], some [edges, 2] of them not to be passed through."""
        points, count = np.repeat(chosen, np.diff(self.first)), np.diff(self.first)[chosen]
        number = np.cumsum(chosen, dtype=np.int32) - 1
        bans = self.signs.bans[(chosen[self.signs.bans >> 1] | (self.signs.bans < 0)).all(axis=1)]
        signs = Signs(np.where(bans < 0, -1, 2 * number[bans >> 1] + (bans & 1)), limited[chosen])
        return Draft(
            *number_ends(self.nodes, self.tail[chosen], self.head[chosen]),
            self.allowed[chosen],
            run_begins(count),
            (self.points[0][points], self.points[1]),
            (self.speeds[0][points], *self.speeds[1:]),
            signs,
        )


def make_edges(draft: Draft, *, passable: bool = False) -> Edges:
    """Return edges with their lengths and arcs; limited streets may be passed through all the same if `passable`."""
    length_m = draft.length_m()
    links = draft.links(passable=passable)
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
        length_m=length_m,
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


def number_ends(
    nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32]
) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    """Return how many of some nodes are ends of edges, and tails and heads by their number among those."""
    used = np.zeros(nodes, bool)
    used[tail] = used[head] = True
    number = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return int(used.sum()), number[tail], number[head]


def run_begins(count: NDArray[np.integer]) -> NDArray[np.int32]:
    """Return where runs of these lengths begin, and where the last ends."""
    begin = np.zeros(len(count) + 1, np.int32)
    np.cumsum(count, out=begin[1:])
    return begin
