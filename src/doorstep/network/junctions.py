"""Junctions: from the ways of a map to the edges that one medium may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from doorstep.network.edges import choose_edges, make_edges
from doorstep.network.network import Medium
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.signs import Signs
from doorstep.network.turning import as_arcs, forbidden_turns, junctions_of
from doorstep.network.ways import TRAFFIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.edges import Edges
    from doorstep.network.ways import StreetTable


def join_ways(table: StreetTable, medium: Medium) -> Edges:
    """Return all edges that a medium may use in some direction, joined wherever nothing turns off.

    A barrier that stops the medium parts the streets at its node. Limited streets may still be passed through.
    """
    return make_edges(*_string_together(table, medium), passable=True)


def _string_together(table: StreetTable, medium: Medium) -> tuple[Any, ...]:
    """Return what `make_edges` takes; what it took to find it takes much room, and is gone by then."""
    from doorstep.network.chains import cut_ways, lay_points, link_chains

    open_ways = table.allowed[medium]
    tail, head, way = cut_ways(table.first, table.node.astype(np.int32, copy=False), np.asarray(open_ways.any(axis=1)))
    limited = table.limited[medium] & open_ways if medium in table.limited else np.zeros_like(open_ways)
    were, nodes = np.empty(0, np.int32), len(table.xy_m)
    if len(stops := _stops(table, medium, tail, head, way)):
        tail, head, were = _part_at_barriers(tail, head, stops, nodes)
    turns = forbidden_turns(table.turns.get(medium, ()), tail, head, way)
    kept = np.zeros(nodes + len(were), bool)
    kept[junctions_of(turns, tail, head)] = True
    openness = open_ways.astype(np.int8) + limited
    order, flipped, chain_first = link_chains(len(kept), tail, head, openness[way, 0], openness[way, 1], kept)
    *speeds, kind = _speeds(table, medium)
    node, speed = lay_points((tail, head, way), order, flipped, chain_first, kind)

    first = chain_first + np.arange(len(chain_first))
    ends = node[first[:-1]].astype(np.int64), node[first[1:] - 1].astype(np.int64)
    if len(were):
        beyond = node >= nodes
        node[beyond] = were[node[beyond] - nodes]
    begin = chain_first[:-1]
    chain_way = way[order[begin]]
    signs = Signs(as_arcs(turns, order, flipped, chain_first), _turned(limited[chain_way], flipped[begin]))
    allowed = _turned(open_ways[chain_way], flipped[begin])
    return ends, allowed, first, (node, table.xy_m), (speed, *speeds), signs


class Part(NamedTuple):
    """The part of a street graph that is used, and what is left out."""

    edges: Edges
    left_out_parts: int
    """How many connected parts."""
    left_out_m: float
    """Their length."""
    left_out_node: NDArray[np.int32]
    """[segments, 2] both ends of all their segments, as rows of the nodes of the map."""


def largest_part(edges: Edges) -> Part:
    """Return the part, largest by length, whose every place can be reached from every other.

    Within it, streets that lead only over limited ones to the largest part open to all are limited themselves: who may
    not pass through the former has business there if he is on the latter.
    """
    from doorstep.network.parts import loose_parts

    if not len(edges.tail):
        return Part(edges, 0, 0.0, np.empty((0, 2), np.int32))
    inside = _strongest(edges, edges.allowed | True)
    chosen = np.asarray(inside.any(axis=1))
    limited = edges.limited & inside
    if limited.any():
        core = _strongest(edges, inside & ~edges.limited)
        limited = edges.allowed & ~core & core.any()
    rest = np.asarray(~chosen)
    parts = loose_parts(edges.nodes, edges.tail[rest], edges.head[rest])
    left_out_m, ends = float(edges.length_m[rest].sum()), _segments(edges, rest)
    pieces = choose_edges(edges, chosen, limited)
    del edges
    return Part(make_edges(*pieces), parts, left_out_m, ends)


def _strongest(edges: Edges, used: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return in which directions [edges, 2] edges belong to the largest part by length, by those directions only."""
    from doorstep.network.parts import mutual_parts

    taken = np.asarray(used.reshape(-1)[edges.arc])
    part = mutual_parts(edges.arc_begin, edges.arc_head, taken)
    head_part = part[edges.arc_head]
    within = taken & (part[edges.arc_tail()] == head_part)
    # An edge counts once for each part that it belongs to; signs may let an arc lead to several.
    count = len(edges.tail)
    keys = np.sort(head_part[within] * count + (edges.arc[within] >> 1))
    part_of, edge = np.divmod(keys[np.diff(keys, prepend=-1) > 0], count)
    largest = np.bincount(part_of, edges.length_m[edge], minlength=1).argmax()
    found = np.zeros(2 * count, bool)
    found[edges.arc[within & (head_part == largest)]] = True
    return found.reshape(-1, 2)


def _segments(edges: Edges, chosen: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return both ends of the segments of some edges [segments, 2], as rows of the nodes of the map."""
    begins = np.repeat(chosen, np.diff(edges.first))
    begins[edges.first[1:] - 1] = False
    at = np.flatnonzero(begins)
    return np.column_stack([edges.point[at], edges.point[at + 1]])


def _stops(
    table: StreetTable, medium: Medium, tail: NDArray[np.int32], head: NDArray[np.int32], way: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the ends of segments, counting all tails first, that barriers stop; kerbs only who crosses the street."""
    count = len(tail)
    stops = np.zeros(2 * count, bool)
    if medium in table.blocked:
        stops[:count], stops[count:] = table.blocked[medium][tail], table.blocked[medium][head]
    if medium == Medium.PATH and table.kerbs.any():
        beside = ~table.carriageway[way]
        stops[:count] |= table.kerbs[tail] & beside
        stops[count:] |= table.kerbs[head] & beside
    return np.flatnonzero(stops)


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
    stopped: NDArray[np.int64],
    nodes: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return segments of which some ends, counting all tails first, are new nodes, and which those [k] were."""
    ends = np.concatenate([tail, head])
    were = ends[stopped]
    ends[stopped] = nodes + np.arange(len(stopped))
    return ends[: len(tail)], ends[len(tail) :], were


def _turned(pairs: NDArray[Any], flipped: NDArray[np.bool_]) -> NDArray[Any]:
    """Return [n, 2] pairs, forward and backward changed over where flipped."""
    return np.where(flipped[:, None], pairs[:, ::-1], pairs)
