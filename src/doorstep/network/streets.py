"""Streets: a street graph as a layer: places on it, and fastest times, distances and paths between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.network.counting import counted
from doorstep.network.memory import give_back
from doorstep.network.network import Legs, Snaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from shapely import STRtree

    from doorstep.network.graph.edges import Edges
    from doorstep.network.graph.ends import Ends
    from doorstep.network.graph.hierarchy import Hierarchy
    from doorstep.network.graph.junctions import Part
    from doorstep.network.network import Medium, Pace
    from doorstep.network.ways import StreetTable

WORTH_PREPARING = 20_000_000
"""Origins times junctions from which on it pays to prepare the streets: some 4 s of searching from each origin."""
AT_JUNCTION_M = 1e-3
"""Places this near to an end of their edge stand on the junction itself."""


@dataclass(frozen=True, eq=False)
class Streets:
    """The part of one medium's streets whose every place can be reached from every other."""

    medium: Medium
    edges: Edges
    left_out_parts: int
    """Connected parts of the layer that cannot be reached from here, or not left again."""
    left_out_m: float
    """Their length."""
    left_out_node: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 2), np.int32))
    """[segments, 2] both ends of all their segments, as rows of `edges.node_xy_m`."""
    notes: tuple[str, ...] = ()
    """What there is to say of the layer: what is left out, what is limited, what could not be kept."""

    @property
    def left_out_xy_m(self) -> NDArray[np.float64]:
        """Both ends of all segments that are left out [segments, 2, 2], metres; made anew each time."""
        return self.edges.node_xy_m[self.left_out_node]

    @cached_property
    def tree(self) -> STRtree:
        """Lines of the edges, to look up what lies near."""
        import shapely

        owner = np.repeat(np.arange(len(self.edges.tail)), np.diff(self.edges.first))
        lines = np.asarray(shapely.linestrings(self.edges.point_xy_m, indices=owner) if len(owner) else [], object)
        return shapely.STRtree(lines)

    def snap(self, xy_m: NDArray[np.float64]) -> Snaps:
        """Return the nearest points on the layer, anywhere along its edges, of the [n, 2] places.

        Raises InputError for places that are none.
        """
        import shapely

        xy_m = _places(xy_m)
        n = len(xy_m)
        if not len(self.edges.tail) or not n:
            return Snaps(xy_m.copy(), np.full(n, np.inf), np.full(n, -1), np.zeros(n))
        places = shapely.points(xy_m)
        edge = np.asarray(self.tree.nearest(places), np.int64)
        lines, length_m = self.tree.geometries[edge], self.edges.length_m[edge]
        along_m = np.nan_to_num(shapely.line_locate_point(lines, places))
        on_m = shapely.get_coordinates(shapely.line_interpolate_point(lines, along_m))
        share = np.clip(along_m / np.where(length_m > 0, length_m, 1.0), 0.0, 1.0)
        share[along_m < AT_JUNCTION_M], share[length_m - along_m < AT_JUNCTION_M] = 0.0, 1.0
        return Snaps(on_m, np.hypot(*(on_m - xy_m).T), edge, share)

    def cut_off(self, xy_m: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which of the [n, 2] places lie at streets that are left out: nearer to them than to any other."""
        from doorstep.network.graph.cells import lay_cells, least_gaps

        xy_m, edges = _places(xy_m), self.edges
        cut = np.zeros(len(xy_m), bool)
        if not len(self.left_out_node):
            return cut
        left_out = np.arange(0, self.left_out_node.size + 1, 2), self.left_out_node.reshape(-1)
        rest, scale = np.arange(len(xy_m)), 1.0
        # Nearly all are found beside a street at once; for those that are not, squares grow.
        while len(rest):
            cells = lay_cells(xy_m[rest] * scale)
            out = least_gaps(cells, *left_out, edges.node_xy_m, scale)
            used = least_gaps(cells, edges.first, edges.point, edges.node_xy_m, scale)
            cut[rest] = out < used - AT_JUNCTION_M * scale
            rest, scale = rest[np.isinf(out) & np.isinf(used)], scale / 4
        return cut

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The streets prepared for large tables; the same for every pace."""
        from doorstep.network.graph.hierarchy import prepare

        edges = self.edges
        return prepare(edges.arc_tail(), edges.arc_head, edges.junction_xy_m())

    def legs(self, origins: Snaps, destinations: Snaps, pace: Pace, column: NDArray[np.int64] | None = None) -> Legs:
        """Return the fastest journeys; of those that take the same time the shorter ones.

        Times and distances are exact for places in the middle of edges: by Dijkstra's algorithm from every distinct
        origin (Dijkstra 1959, doi:10.1007/BF01386390), or, for large tables, over the prepared streets. Which of
        several traffic factors holds where is in `column` [points], by default that of the road class.
        """
        from doorstep.network.graph.ends import along_edge, entries, exits, mark_places

        edges, clock_s = self.edges, self.edges.clock_s(pace, column)
        (out, out_of), (to, to_of) = _distinct(origins), _distinct(destinations)
        here, there = mark_places(edges, out, clock_s), mark_places(edges, to, clock_s)
        leave, enter = exits(edges, here), entries(edges, there)
        duration_s, distance_m = self._between(leave, enter, edges.arc_s(clock_s), edges.length_m[edges.arc >> 1])
        i, j = np.nonzero(out.edge[:, None] == to.edge[None, :])
        seconds, metres = along_edge(edges, here, there, (i, j))
        old_s, old_m = duration_s[i, j], distance_m[i, j]
        better = (seconds < old_s) | ((seconds == old_s) & (metres < old_m))
        duration_s[i, j], distance_m[i, j] = np.where(better, seconds, old_s), np.where(better, metres, old_m)
        rows = np.ix_(out_of, to_of)
        return Legs(duration_s[rows], distance_m[rows])

    def _between(
        self, leave: Ends, enter: Ends, arc_s: NDArray[np.float64], arc_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return seconds and metres [origins, destinations] of the fastest ways from junction to junction."""
        from doorstep.network.graph.hierarchy import customize
        from doorstep.network.graph.search import fill_legs
        from doorstep.network.graph.sweep import sweep_legs

        ends = [(end.node, end.duration_s, end.distance_m) for end in (leave, enter)]
        if self._worth_preparing(len(leave.node)):
            return sweep_legs(self.hierarchy, customize(self.hierarchy, arc_s, arc_m), ends[0], ends[1])
        return fill_legs((self.edges.arc_begin, self.edges.arc_head, arc_s, arc_m), ends[0], ends[1])

    def paths(
        self, origins: Snaps, destinations: Snaps, pace: Pace, column: NDArray[np.int64] | None = None
    ) -> Sequence[NDArray[np.float64]]:
        """Return the lines of the very journeys that `legs` tells of; at least two points wherever there is a way."""
        from doorstep.network.graph.trace import trace_paths

        hierarchy = self.hierarchy if self._worth_preparing(len(_distinct(origins)[0].edge)) else None
        return trace_paths(self.edges, origins, destinations, self.edges.clock_s(pace, column), hierarchy)

    def _worth_preparing(self, origins: int) -> bool:
        """Tell whether so many distinct origins are asked for that the streets are prepared first, if they are not."""
        return "hierarchy" in vars(self) or origins * self.edges.nodes > WORTH_PREPARING


def lay_streets(table: StreetTable, medium: Medium) -> Streets:
    """Return the layer of one medium: its largest part that can be reached and left again."""
    from doorstep.network.graph.junctions import join_ways, largest_part

    part = largest_part(join_ways(table, medium))
    give_back(len(table.xy_m))
    return Streets(medium, *part, notes=tuple(_notes(medium, part)))


def _notes(medium: Medium, part: Part) -> Iterator[str]:
    """Yield what part of a layer nobody can use, and what not everybody."""
    edges = part.edges
    if part.left_out_parts:
        yield (
            f"{medium}: {counted(part.left_out_parts, 'part')}, {part.left_out_m / 1000:.2f} km in all, cannot be "
            f"reached and left again, so not used; {edges.length_m.sum() / 1000:.2f} km are"
        )
    if edges.limited.any():
        only_km = edges.length_m[edges.limited.any(axis=1)].sum() / 1000
        yield f"{medium}: {only_km:.2f} km are used to reach places there, not to pass through"
    if not len(edges.tail):
        yield f"{medium}: nothing on this map may be used"


def _places(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places [n, 2]; InputError for the first of them that is not two finite numbers."""
    places = np.asarray(xy_m, float).reshape(-1, 2)
    if len(wrong := np.flatnonzero(~np.isfinite(places).all(axis=1))):
        x, y = places[wrong[0]].tolist()
        raise InputError.of(f"place {wrong[0]}", f"[{x:g}, {y:g}] is no position", "give finite metres", "bad-place")
    return places


def _distinct(places: Snaps) -> tuple[Snaps, NDArray[np.int64]]:
    """Return places without duplicates, and where each of the given ones is among them."""
    keys = np.column_stack([places.edge.astype(float), places.share])
    _, rows, back = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    only = Snaps(places.xy_m[rows], places.distance_m[rows], places.edge[rows], places.share[rows])
    return only, back.reshape(-1)
