"""Junctions: from the ways of a map to the edges that one medium may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.graph.chains import cut_ways, link_chains
from doorstep.network.graph.edges import Draft, make_edges
from doorstep.network.graph.laying import find_steps, lay_edges
from doorstep.network.graph.parts import longest_part, loose_parts
from doorstep.network.graph.signs import Signs, link_arcs
from doorstep.network.graph.turning import as_arcs, forbidden_turns, junctions_of
from doorstep.network.network import Medium
from doorstep.network.ways import TRAFFIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.graph.edges import Edges
    from doorstep.network.ways import StreetTable


def join_ways(table: StreetTable, medium: Medium) -> Draft:
    """Return all edges that a medium may use in some direction, joined wherever nothing turns off.

    A barrier that stops the medium parts the streets at its node.
    """
    openness = table.allowed[medium].astype(np.int8)
    if medium in table.limited:
        openness += openness & table.limited[medium]
    segments = cut_ways(table.first, table.node.astype(np.int32, copy=False), table.kind, openness)
    (tail, head, way), nodes = segments, len(table.xy_m)
    were = _part_at_barriers(segments[:2].reshape(-1), _stops(table, medium, tail, head, way), nodes)
    turns = forbidden_turns(table.turns.get(medium, ()), tail, head, way)
    kept = np.zeros(nodes + len(were), bool)
    kept[junctions_of(turns, tail, head)] = True
    drawn = tail, head, table.kind[way]
    chains = link_chains(len(kept), *drawn, openness, kept)
    speed_mps, speed_class, speed_of = _speeds(table, medium)
    count, ends, flags, (first, node, speed) = lay_edges(len(kept), drawn, chains, openness, speed_of)
    if len(were):
        beyond = node >= nodes
        node[beyond] = were[node[beyond] - nodes]
    signs = Signs(as_arcs(turns, *chains), flags[1])
    return Draft(count, ends[0], ends[1], flags[0], first, (node, table.xy_m), (speed, speed_mps, speed_class), signs)


class Part(NamedTuple):
    """The part of a street graph that is used, and what is left out."""

    edges: Edges
    left_out_parts: int
    """How many connected parts."""
    left_out_m: float
    """Their length."""
    left_out_node: NDArray[np.int32]
    """[segments, 2] both ends of all their segments, as rows of the nodes of the map."""


def largest_part(draft: Draft) -> Part:
    """Return the part, largest by length, whose every place can be reached from every other.

    Within it, streets that lead only over limited ones to the largest part open to all are limited themselves: who may
    not pass through the former has business there if he is on the latter.
    """
    nowhere = np.empty((0, 2), np.int32)
    if not len(draft.tail):
        return Part(make_edges(draft), 0, 0.0, nowhere)
    length_m = draft.length_m()
    inside, limited = _usable(draft, length_m)
    chosen = inside[:, 0] | inside[:, 1]
    if chosen.all():
        draft = draft._replace(signs=draft.signs._replace(limited=limited))
        return Part(make_edges(draft, length_m), 0, 0.0, nowhere)
    parts = loose_parts(draft.nodes, draft.tail[~chosen], draft.head[~chosen])
    left_out_m, ends = float(length_m[~chosen].sum()), find_steps(chosen, draft.first, draft.points[0])
    length_m = length_m[chosen]
    del inside
    # On large maps there is no room for more than this at once.
    draft = draft.chosen(chosen, limited)
    return Part(make_edges(draft, length_m), parts, left_out_m, ends)


def _usable(draft: Draft, length_m: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return in which directions [edges, 2] edges belong to the part, and where they are not to be passed through."""
    # To begin with, limited streets may be passed through all the same.
    signs = draft.signs._replace(limited=np.zeros_like(draft.allowed))
    links = link_arcs(draft.nodes, draft.tail, draft.head, draft.allowed, signs)
    graph = links.begin, links.head, links.arc
    inside = longest_part(*graph, draft.allowed.reshape(-1), length_m).reshape(-1, 2)
    limited = draft.signs.limited & inside
    if limited.any():
        core = longest_part(*graph, (inside & ~draft.signs.limited).reshape(-1), length_m).reshape(-1, 2)
        limited = draft.allowed & ~core & core.any()
    return inside, limited


def _stops(
    table: StreetTable, medium: Medium, tail: NDArray[np.int32], head: NDArray[np.int32], way: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the ends of segments, counting all tails first, that barriers stop; kerbs only who crosses the street."""
    found = np.zeros((2, len(tail)), bool)
    if medium in table.blocked and len(table.blocked[medium]):
        found |= _at(table.blocked[medium], table, tail, head)
    if medium == Medium.PATH and len(table.kerbs):
        found |= _at(table.kerbs, table, tail, head) & ~table.carriageway[table.kind[way]]
    return np.flatnonzero(found)


def _at(
    nodes: NDArray[np.int64], table: StreetTable, tail: NDArray[np.int32], head: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Return whether tails and heads [2, segments] are some of the nodes of a map."""
    among = np.zeros(len(table.xy_m), bool)
    among[nodes] = True
    return np.stack([among[tail], among[head]])


def _speeds(
    table: StreetTable, medium: Medium
) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.unsignedinteger]]:
    """Return the pairs of free speeds that there are with their road classes, and which of them each kind of way has.

    The last is [2n]: as drawn, and turned.
    """
    mps = table.free_speed_mps if medium in TRAFFIC else np.full(table.free_speed_mps.shape, np.inf)
    classes: dict[tuple[float, float, int], int] = {}
    rows = zip(*mps.T.tolist(), table.road_class.tolist(), strict=True)
    pairs = [((there, back, row), (back, there, row)) for there, back, row in rows]
    kind = [classes.setdefault(way, len(classes)) for pair in pairs for way in pair]
    told = np.array(list(classes)).reshape(-1, 3)
    return told[:, :2], told[:, 2].astype(np.uint8), np.array(kind, np.min_scalar_type(len(classes)))


def _part_at_barriers(ends: NDArray[np.int32], stopped: NDArray[np.int64], nodes: int) -> NDArray[np.int32]:
    """Make new nodes of some ends, where they lie, and return which nodes those [stopped] were."""
    were = ends[stopped]
    ends[stopped] = nodes + np.arange(len(stopped))
    return were
