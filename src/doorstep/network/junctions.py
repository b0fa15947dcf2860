"""Junctions: from the ways of a map to the edges that one medium may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.edges import choose_edges, make_edges
from doorstep.network.network import Medium
from doorstep.network.roadclass import CLASS_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.edges import Edges
    from doorstep.network.ways import StreetTable

TRAFFIC = (Medium.ROAD, Medium.CYCLE)
"""Media that move among motor traffic; the others keep their own pace."""


def join_ways(table: StreetTable, medium: Medium) -> Edges:
    """Return all edges that a medium may use in some direction, joined wherever nothing turns off.

    A barrier that stops the medium parts the streets at its node.
    """
    return make_edges(*_string_together(table, medium))


def _string_together(table: StreetTable, medium: Medium) -> tuple[Any, ...]:
    """Return what `make_edges` takes; what it took to find it takes much room, and is gone by then."""
    from doorstep.network.chains import cut_ways, lay_points, link_chains

    open_ways = table.allowed[medium]
    tail, head, way = cut_ways(table.first, table.node.astype(np.int32, copy=False), np.asarray(open_ways.any(axis=1)))
    were = np.empty(0, np.int32)
    if medium in table.blocked:
        tail, head, were = _part_at_barriers(tail, head, table.blocked[medium])
    nodes = len(table.xy_m)
    order, flipped, chain_first = link_chains(nodes + len(were), tail, head, open_ways[way, 0], open_ways[way, 1])
    *speeds, kind = _speeds(table, medium)
    node, speed = lay_points((tail, head, way), order, flipped, chain_first, kind)

    first = chain_first + np.arange(len(chain_first))
    ends = node[first[:-1]].astype(np.int64), node[first[1:] - 1].astype(np.int64)
    if len(were):
        beyond = node >= nodes
        node[beyond] = were[node[beyond] - nodes]
    begin = chain_first[:-1]
    allowed = _turned(open_ways[way[order[begin]]], flipped[begin])
    return ends, allowed, first, (node, table.xy_m), (speed, *speeds)


def largest_part(edges: Edges) -> tuple[Edges, int, float]:
    """Return the part, largest by length, whose every place can be reached from every other.

    With it come the number of connected parts that are left out, and their length in metres.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(edges.tail):
        return edges, 0, 0.0
    arc_tail = np.repeat(np.arange(edges.nodes), np.diff(edges.arc_begin))
    arcs = coo_matrix((np.ones(len(arc_tail)), (arc_tail, edges.arc_head)), shape=(edges.nodes, edges.nodes))
    _, part = connected_components(arcs, connection="strong")
    inside = part[edges.tail] == part[edges.head]
    size_m = np.bincount(part[edges.tail][inside], edges.length_m[inside], minlength=int(part.max()) + 1)
    chosen = inside & (part[edges.tail] == size_m.argmax())
    rest = ~chosen
    links = coo_matrix((np.ones(rest.sum()), (edges.tail[rest], edges.head[rest])), shape=(edges.nodes, edges.nodes))
    _, group = connected_components(links, directed=False)
    return choose_edges(edges, chosen), len(np.unique(group[edges.tail[rest]])), float(edges.length_m[rest].sum())


def _speeds(
    table: StreetTable, medium: Medium
) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.unsignedinteger]]:
    """Return the pairs of free speeds that there are with their road classes, and which of them each way has.

    The last is [2n]: as drawn, and turned.
    """
    if medium not in TRAFFIC:
        classes, kind = np.unique(table.road_class, return_inverse=True)
        return np.full((len(classes), 2), np.inf), classes, np.repeat(kind.astype(np.uint8), 2)
    values_mps, row = np.unique(table.free_speed_mps, return_inverse=True)
    row, n = row.reshape(-1, 2), len(values_mps)
    pairs = np.column_stack([row[:, 0] * n + row[:, 1], row[:, 1] * n + row[:, 0]])
    kinds, kind = np.unique(pairs * len(CLASS_NAMES) + table.road_class[:, None], return_inverse=True)
    pair, road_class = np.divmod(kinds, len(CLASS_NAMES))
    speeds_mps = np.column_stack([values_mps[pair // n], values_mps[pair % n]])
    return speeds_mps, road_class.astype(np.uint8), kind.reshape(-1).astype(np.min_scalar_type(len(kinds)))


def _part_at_barriers(
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    blocked: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return segments that end in a node of their own wherever a barrier stands, and which nodes those [k] were."""
    ends = np.concatenate([tail, head])
    stopped = np.flatnonzero(blocked[ends])
    were = ends[stopped]
    ends[stopped] = len(blocked) + np.arange(len(stopped))
    return ends[: len(tail)], ends[len(tail) :], were


def _turned(pairs: NDArray[Any], flipped: NDArray[np.bool_]) -> NDArray[Any]:
    """Return [n, 2] pairs, forward and backward changed over where flipped."""
    return np.where(flipped[:, None], pairs[:, ::-1], pairs)
