"""Junctions: from the ways of a map to the edges that one medium may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.edges import choose_edges, make_edges
from doorstep.network.network import Medium
from doorstep.network.roadclass import OTHER

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
    from doorstep.network.chains import link_chains

    tail, head, way = _segments(table)
    open_ways = table.allowed[medium]
    used = np.asarray(open_ways.any(axis=1))[way] & (tail != head)
    tail, head, way = tail[used], head[used], way[used]
    allowed = open_ways[way]
    xy_m = table.xy_m
    if medium in table.blocked:
        tail, head, xy_m = _part_at_barriers(tail, head, xy_m, table.blocked[medium])
    order, flipped, chain_first = link_chains(len(xy_m), tail, head, allowed[:, 0].copy(), allowed[:, 1].copy())

    start, end = np.where(flipped, head[order], tail[order]), np.where(flipped, tail[order], head[order])
    chain = np.repeat(np.arange(len(chain_first) - 1), np.diff(chain_first))
    point = np.arange(len(order)) + chain
    first = chain_first + np.arange(len(chain_first))
    last_segment = chain_first[1:] - 1
    node = np.empty(len(order) + len(last_segment), np.int64)
    node[point], node[first[1:] - 1] = start, end[last_segment]
    speed_mps = np.full((len(node), 2), np.inf)
    if medium in TRAFFIC:
        speed_mps[point] = _turned(table.free_speed_mps[way[order]], flipped)
    road_class = np.full(len(node), OTHER, np.uint8)
    road_class[point] = table.road_class[way[order]]
    begin = chain_first[:-1]
    return make_edges(
        (start[begin], end[last_segment]),
        _turned(allowed[order[begin]], flipped[begin]),
        first,
        xy_m[node],
        speed_mps,
        road_class,
    )


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


def _segments(table: StreetTable) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the two nodes and the way of every segment of every way."""
    count = np.diff(table.first)
    way = np.repeat(np.arange(len(count)), count)
    begins = np.ones(len(table.node), bool)
    begins[table.first[1:][count > 0] - 1] = False
    at = np.flatnonzero(begins)
    return table.node[at], table.node[np.minimum(at + 1, len(table.node) - 1)], way[at]


def _part_at_barriers(
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    xy_m: NDArray[np.float64],
    blocked: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return segments that end in a node of their own wherever a barrier stands."""
    ends = np.concatenate([tail, head])
    stopped = np.flatnonzero(blocked[ends])
    grown = np.concatenate([xy_m, xy_m[ends[stopped]]])
    ends[stopped] = len(xy_m) + np.arange(len(stopped))
    return ends[: len(tail)], ends[len(tail) :], grown


def _turned(pairs: NDArray[Any], flipped: NDArray[np.bool_]) -> NDArray[Any]:
    """Return [n, 2] pairs, forward and backward changed over where flipped."""
    return np.where(flipped[:, None], pairs[:, ::-1], pairs)
