"""Clocksearch: earliest arrivals through a street graph whose speeds change by the clock, compiled.

Dijkstra's algorithm as in `search`, but each street takes what it takes when it is entered. That is right since nobody
arrives earlier by leaving later (Kaufman and Smith 1993, doi:10.1080/10248079308903779).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.network.graph.search import START, pop, push
from doorstep.network.hours.stretches import pass_edge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.hours.stretches import Stretches

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Graph = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
    Labels = tuple[Real, Real, Whole]
    Heap = tuple[Real, Whole]
    Ways = tuple[NDArray[np.bool_], NDArray[np.bool_]]


class Hooks(NamedTuple):
    """n places along edges, and the junctions, beside tail and head in turn, by which each is left or entered."""

    edge: NDArray[np.int64]
    """[n] -1 where a place is on none."""
    at_m: NDArray[np.float64]
    """[n] from the tail of the edge."""
    node: NDArray[np.int64]
    """[n, 2 k] -1 where that end is barred."""
    distance_m: NDArray[np.float64]
    """[n, 2 k]"""


@machine_code
def fill_journeys(
    graph: Graph, road: Stretches, ways: Ways, out: Hooks, to: Hooks, clocks_s: Real
) -> tuple[Real, Real]:
    """Return arrivals and distances [departures, origins, destinations].

    The graph is where each node's arcs begin [nodes + 1], their heads, and which edge each runs through: twice its row,
    one more if backward; `ways` [edges, 2] are the directions that are allowed, and those that are limited.
    """
    count, k_count, n, m = graph[0].size - 1, clocks_s.size, out.edge.size, to.edge.size
    labels = (np.empty(count), np.empty(count), np.empty(count, np.int64))
    heap = (np.empty(graph[1].size + 2), np.empty(graph[1].size + 2, np.int64))
    wanted = np.zeros(count, np.bool_)
    for node in to.node.flat:
        if node >= 0:
            wanted[node] = True
    arrival_s, distance_m = np.full((k_count, n, m), np.inf), np.full((k_count, n, m), np.inf)
    for k in range(k_count):
        for i in range(n):
            grow_by_clock(graph, road, (out.node[i], set_out(road, out, i, clocks_s[k]), out.distance_m[i]),
                          wanted, labels, heap)  # fmt: skip
            for j in range(m):
                t, d = go_along(road, ways, (out, i), (to, j), clocks_s[k])
                for side in range(to.node.shape[1]):
                    node = to.node[j, side]
                    if node >= 0:
                        new_t = come_in(road, to, j, side, labels[0][node])
                        new_d = labels[1][node] + to.distance_m[j, side]
                        if new_t < t or (new_t == t and new_d < d):
                            t, d = new_t, new_d
                arrival_s[k, i, j], distance_m[k, i, j] = t, d
    return arrival_s, distance_m


@machine_code
def grow_by_clock(
    graph: Graph,
    road: Stretches,
    starts: tuple[Whole, Real, Real],
    wanted: NDArray[np.bool_],
    labels: Labels,
    heap: Heap,
) -> None:
    """Label nodes with earliest arrival, distance and last arc, until all wanted are settled; see `search.grow_tree`.

    `starts` are nodes with the clock and distance to begin with, -1 being no node.
    """
    begin, heads, runs = graph
    arrival, distance, came_by = labels
    keys, nodes = heap
    arrival[:] = np.inf
    distance[:] = np.inf
    came_by[:] = -1
    size = 0
    for k in range(starts[0].size):
        n, t, d = starts[0][k], starts[1][k], starts[2][k]
        if n >= 0 and (t < arrival[n] or (t == arrival[n] and d < distance[n])):
            arrival[n] = t
            distance[n] = d
            size = push(keys, nodes, size, t, n)
    left = wanted.sum()
    while size > 0 and left > 0:
        t, n = keys[0], nodes[0]
        size = pop(keys, nodes, size)
        if t > arrival[n] or came_by[n] <= START:
            continue
        if wanted[n]:
            left -= 1
        mark, d = came_by[n], distance[n]
        for a in range(begin[n], begin[n + 1]):
            h, edge = heads[a], runs[a] >> 1
            if came_by[h] <= START:
                continue
            whole_m = road.edge_m[edge]
            new_t = pass_edge(road, edge, whole_m, 0.0, t) if runs[a] & 1 else pass_edge(road, edge, 0.0, whole_m, t)
            new_d = d + whole_m
            old_t = arrival[h]
            if new_t < old_t or (new_t == old_t and new_d < distance[h]):
                arrival[h] = new_t
                distance[h] = new_d
                came_by[h] = a
                if new_t < old_t:
                    size = push(keys, nodes, size, new_t, h)
        came_by[n] = START - 1 - mark if mark >= 0 else START


@machine_code
def set_out(road: Stretches, out: Hooks, place: int, clock_s: float) -> Real:
    """Return when somebody who leaves a place at `clock_s` is at the tail and at the head of its edge [2]."""
    arrival_s = np.full(2, np.inf)
    for side in range(2):
        if out.node[place, side] >= 0:
            end_m = road.edge_m[out.edge[place]] if side else 0.0
            arrival_s[side] = pass_edge(road, out.edge[place], out.at_m[place], end_m, clock_s)
    return arrival_s


@machine_code
def come_in(road: Stretches, to: Hooks, place: int, side: int, clock_s: float) -> float:
    """Return when somebody who is at one end of a place's edge at `clock_s` is at the place; odd sides are heads."""
    end_m = road.edge_m[to.edge[place]] if side & 1 else 0.0
    return pass_edge(road, to.edge[place], end_m, to.at_m[place], clock_s)


@machine_code
def go_along(
    road: Stretches, ways: Ways, out: tuple[Hooks, int], to: tuple[Hooks, int], clock_s: float
) -> tuple[float, float]:
    """Return arrival and distance from place to place without leaving their edge; infinite where that cannot be."""
    edge, from_m, to_m = out[0].edge[out[1]], out[0].at_m[out[1]], to[0].at_m[to[1]]
    if edge < 0 or edge != to[0].edge[to[1]]:
        return np.inf, np.inf
    if from_m != to_m:
        way, last_m = 0 if from_m < to_m else 1, road.edge_m[edge]
        through = not (0.0 < from_m < last_m or 0.0 < to_m < last_m)
        if not ways[0][edge, way] or (through and ways[1][edge, way]):
            return np.inf, np.inf
    return pass_edge(road, edge, from_m, to_m, clock_s), abs(to_m - from_m)
