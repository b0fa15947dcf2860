"""Trace: the lines of fastest journeys over a street graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.ends import along_edge, entries, exits, mark_places
from doorstep.network.search import START, grow_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.edges import Edges
    from doorstep.network.ends import Ends, Marks
    from doorstep.network.network import Snaps

    Tree = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]

NOTHING = np.empty((0, 2))


def trace_paths(
    edges: Edges,
    origins: Snaps,
    destinations: Snaps,
    clock_s: NDArray[np.float64],
) -> list[NDArray[np.float64]]:
    """Return the line [p, 2] from the k-th origin to the k-th destination; empty where there is no way.

    One tree is grown for each distinct origin, in the same order as for a table of times, so that both agree.
    """
    out, to = mark_places(edges, origins, clock_s), mark_places(edges, destinations, clock_s)
    leave, enter = exits(edges, out), entries(edges, to)
    pairs = (np.arange(len(out.edge)), np.arange(len(to.edge)))
    direct = np.column_stack(along_edge(edges, out, to, pairs))
    arcs = (edges.arc_begin, edges.arc_head, edges.arc_s(clock_s), edges.length_m[edges.arc >> 1])
    labels = (np.empty(edges.nodes), np.empty(edges.nodes), np.empty(edges.nodes, np.int64))
    heap = (np.empty(len(edges.arc) + 2), np.empty(len(edges.arc) + 2, np.int64))
    lines, arc_tail = [NOTHING] * len(out.edge), edges.arc_tail()
    keys = np.column_stack([out.edge.astype(float), out.share])
    _, group = np.unique(keys, axis=0, return_inverse=True)
    by_origin = np.argsort(group.reshape(-1), kind="stable")
    for rows in np.split(by_origin, np.flatnonzero(np.diff(group.reshape(-1)[by_origin])) + 1):
        if not len(rows) or out.edge[rows[0]] < 0:
            continue
        wanted = np.zeros(edges.nodes, bool)
        wanted[enter.node[rows][enter.node[rows] >= 0]] = True
        k = int(rows[0])
        grow_tree(arcs, (leave.node[k], leave.duration_s[k], leave.distance_m[k]), wanted, wanted.sum(), labels, heap)
        for row in rows.tolist():
            lines[row] = _line((edges, arc_tail), (out, to), (leave, enter), labels, row, direct[row])
    return lines


def _line(
    graph: tuple[Edges, NDArray[np.int64]],
    marks: tuple[Marks, Marks],
    ends: tuple[Ends, Ends],
    tree: Tree,
    row: int,
    direct: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the line of one journey: along its edge, or out, over the tree and in."""
    (edges, arc_tail), (out, to), (leave, enter) = graph, marks, ends
    best, side = (direct[0], direct[1]), -1
    for k, node in enumerate(enter.node[row].tolist()):
        if node >= 0:
            found = (tree[0][node] + enter.duration_s[row, k], tree[1][node] + enter.distance_m[row, k])
            if found < best:
                best, side = found, k
    if not np.isfinite(best[0]):
        return NOTHING
    from_m, to_m = float(out.before_m[row]), float(to.before_m[row])
    if side < 0:
        return _piece(edges, int(out.edge[row]), from_m, to_m)
    start, runs = _way_back((edges, arc_tail), tree[2], int(enter.node[row, side]))
    open_ends = [k for k in range(2) if leave.node[row, k] == start]
    end = min(open_ends, key=lambda k: (leave.duration_s[row, k], leave.distance_m[row, k]))
    whole_m = edges.length_m
    pieces = [_piece(edges, int(out.edge[row]), from_m, whole_m[out.edge[row]] if end else 0.0)]
    pieces += [_run(edges, arc) for arc in reversed(runs)]
    pieces.append(_piece(edges, int(to.edge[row]), whole_m[to.edge[row]] if side & 1 else 0.0, to_m))
    line = np.concatenate(pieces)
    moved = np.concatenate([[True], (np.diff(line, axis=0) != 0).any(axis=1)])
    return line[moved] if moved.sum() > 1 else line[:2]


def _way_back(graph: tuple[Edges, NDArray[np.int64]], came_by: NDArray[np.int64], node: int) -> tuple[int, list[int]]:
    """Return the junction from which the tree grew to a node, and the arcs between, last one first."""
    edges, arc_tail = graph
    runs = []
    while came_by[node] != START:
        row = START - 1 - came_by[node]
        runs.append(int(edges.arc[row]))
        node = int(arc_tail[row])
    return node, runs


def _run(edges: Edges, arc: int) -> NDArray[np.float64]:
    """Return the points of a whole edge in the direction of an arc."""
    points = edges.point_xy_m[edges.first[arc >> 1] : edges.first[(arc >> 1) + 1]]
    return points[::-1] if arc & 1 else points


def _piece(edges: Edges, edge: int, from_m: float, to_m: float) -> NDArray[np.float64]:
    """Return the points of an edge from one place along it to another."""
    span = slice(edges.first[edge], edges.first[edge + 1])
    points = edges.point_xy_m[span]
    road_m = np.concatenate([[0.0], np.cumsum(edges.step_m[span][:-1])])
    low, high = min(from_m, to_m), max(from_m, to_m)
    between = points[(road_m > low) & (road_m < high)]
    ends = np.column_stack([np.interp([low, high], road_m, points[:, axis]) for axis in range(2)])
    line = np.concatenate([ends[:1], between, ends[1:]])
    return line if from_m <= to_m else line[::-1]
