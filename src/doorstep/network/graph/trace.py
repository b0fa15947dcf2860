"""Trace: the lines of fastest journeys over a street graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.graph.ends import along_edge, entries, exits, mark_places
from doorstep.network.graph.hierarchy import customize
from doorstep.network.graph.search import grow_tree, trace_back
from doorstep.network.graph.unpack import unpack_ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.graph.edges import Edges
    from doorstep.network.graph.ends import Ends, Marks
    from doorstep.network.graph.hierarchy import Hierarchy
    from doorstep.network.network import Snaps

    Way = tuple[float, float, int, int, NDArray[np.int64]]
    """Seconds, metres, at which end it enters the edge of its destination, the junction it begins at, and arcs."""

NOTHING = np.empty((0, 2))
NO_WAY = (np.inf, np.inf, -1, -1, np.empty(0, np.int64))


def trace_paths(
    edges: Edges,
    origins: Snaps,
    destinations: Snaps,
    clock_s: NDArray[np.float64],
    hierarchy: Hierarchy | None = None,
) -> list[NDArray[np.float64]]:
    """Return the line [p, 2] from the k-th origin to the k-th destination; empty where there is no way.

    They are found as those of a table are, over the hierarchy if there is one, else by a tree from each distinct
    origin, so that lines and tables agree.
    """
    out, to = mark_places(edges, origins, clock_s), mark_places(edges, destinations, clock_s)
    leave, enter = exits(edges, out), entries(edges, to)
    pairs = (np.arange(len(out.edge)), np.arange(len(to.edge)))
    direct = np.column_stack(along_edge(edges, out, to, pairs)).tolist()
    arc_s, arc_m = edges.arc_s(clock_s), edges.length_m[edges.arc >> 1]
    if hierarchy is None:
        ways = _by_trees(edges, out, (leave, enter), (arc_s, arc_m))
    else:
        ways = _by_hierarchy(hierarchy, (leave, enter), (arc_s, arc_m))
    return [
        draw_line(edges, (out, to), leave, row, (direct[row][0], direct[row][1]), way) for row, way in enumerate(ways)
    ]


def _by_hierarchy(
    hierarchy: Hierarchy, ends: tuple[Ends, Ends], arcs: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> list[Way]:
    """Return the fastest ways from junction to junction over prepared streets."""
    exits_, entries_ = ((end.node, end.duration_s, end.distance_m) for end in ends)
    ways = unpack_ways(hierarchy, customize(hierarchy, *arcs), arcs, exits_, entries_)
    runs = np.split(ways.arc, ways.first[1:-1])
    columns = (ways.duration_s.tolist(), ways.distance_m.tolist(), ways.side.tolist(), ways.start.tolist())
    return list(zip(*columns, runs[: len(ways.side)], strict=True))


def _by_trees(
    edges: Edges, out: Marks, ends: tuple[Ends, Ends], arcs: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> list[Way]:
    """Return the fastest ways from junction to junction by one tree for each distinct origin."""
    leave, enter = ends
    graph = (edges.arc_begin, edges.arc_head, *arcs)
    tails = edges.arc_tail()
    labels = (np.empty(edges.nodes), np.empty(edges.nodes), np.empty(edges.nodes, np.int64))
    heap = (np.empty(len(edges.arc) + 2), np.empty(len(edges.arc) + 2, np.int64))
    ways: list[Way] = [NO_WAY] * len(out.edge)
    keys = np.column_stack([out.edge.astype(float), out.share])
    _, group = np.unique(keys, axis=0, return_inverse=True)
    by_origin = np.argsort(group.reshape(-1), kind="stable")
    for rows in np.split(by_origin, np.flatnonzero(np.diff(group.reshape(-1)[by_origin])) + 1):
        if not len(rows) or out.edge[rows[0]] < 0:
            continue
        wanted = np.zeros(edges.nodes, bool)
        wanted[enter.node[rows][enter.node[rows] >= 0]] = True
        k = int(rows[0])
        grow_tree(graph, (leave.node[k], leave.duration_s[k], leave.distance_m[k]), wanted, wanted.sum(), labels, heap)
        for row in rows.tolist():
            ways[row] = best_way(labels, tails, enter, row)
    return ways


def best_way(
    labels: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]],
    tails: NDArray[np.int64],
    enter: Ends,
    row: int,
) -> Way:
    """Return the way over a tree to one of the ends by which a place is entered; NO_WAY where the tree has none."""
    found = [
        (labels[0][node] + enter.duration_s[row, side], labels[1][node] + enter.distance_m[row, side], side)
        for side, node in enumerate(enter.node[row].tolist())
        if node >= 0
    ]
    took_s, length_m, side = min(found, default=(np.inf, np.inf, -1))
    if not np.isfinite(took_s):
        return NO_WAY
    return took_s, length_m, side, *trace_back(labels[2], tails, enter.node[row, side])


def draw_line(
    edges: Edges, marks: tuple[Marks, Marks], leave: Ends, row: int, direct: tuple[float, float], way: Way
) -> NDArray[np.float64]:
    """Return the line of one journey: along its edge, or out, from junction to junction and in."""
    out, to = marks
    took_s, length_m, side, start, arcs = way
    if not np.isfinite(min(direct[0], took_s)):
        return NOTHING
    from_m, to_m = float(out.before_m[row]), float(to.before_m[row])
    if direct <= (took_s, length_m):
        return _piece(edges, int(out.edge[row]), from_m, to_m)
    open_ends = [k for k in range(2) if leave.node[row, k] == start]
    end = min(open_ends, key=lambda k: (leave.duration_s[row, k], leave.distance_m[row, k]))
    whole_m = edges.length_m
    line = np.concatenate(
        [
            _piece(edges, int(out.edge[row]), from_m, whole_m[out.edge[row]] if end else 0.0),
            _run(edges, edges.arc[arcs]),
            _piece(edges, int(to.edge[row]), whole_m[to.edge[row]] if side & 1 else 0.0, to_m),
        ]
    )
    moved = np.concatenate([[True], (np.diff(line, axis=0) != 0).any(axis=1)])
    return line[moved] if moved.sum() > 1 else line[:2]


def _run(edges: Edges, arcs: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the points of whole edges one after the other, each in the direction of its arc."""
    edge, back = arcs >> 1, arcs & 1
    count = edges.first[edge + 1] - edges.first[edge]
    begin = np.cumsum(count) - count
    step = np.arange(count.sum()) - np.repeat(begin, count)
    start = np.where(back == 1, edges.first[edge + 1] - 1, edges.first[edge])
    return edges.xy_m(np.repeat(start, count) + np.where(np.repeat(back, count) == 1, -step, step))


def _piece(edges: Edges, edge: int, from_m: float, to_m: float) -> NDArray[np.float64]:
    """Return the points of an edge from one place along it to another."""
    span = slice(edges.first[edge], edges.first[edge + 1])
    points = edges.xy_m(span)
    road_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    low, high = min(from_m, to_m), max(from_m, to_m)
    between = points[(road_m > low) & (road_m < high)]
    ends = np.column_stack([np.interp([low, high], road_m, points[:, axis]) for axis in range(2)])
    line = np.concatenate([ends[:1], between, ends[1:]])
    return line if from_m <= to_m else line[::-1]
