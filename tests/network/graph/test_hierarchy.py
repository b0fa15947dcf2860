"""Tests of prepared streets: tables over a hierarchy are those of Dijkstra's algorithm, whatever the graph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from doorstep.network.graph.hierarchy import Hierarchy, customize, prepare
from doorstep.network.graph.search import fill_legs
from doorstep.network.graph.sweep import BLOCK, sweep_legs
from doorstep.network.graph.unpack import unpack_ways

Graph = tuple[np.ndarray, np.ndarray, np.ndarray]


def town(rng: np.random.Generator, side: int, kept: float) -> Graph:
    """Return tails, heads and places of a bent grid some of whose streets are missing or one-way."""
    number = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate([np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
                            np.column_stack([number[:-1].ravel(), number[1:].ravel()])])  # fmt: skip
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[rng.random(len(both)) < kept]
    xy_m = np.column_stack(np.divmod(np.arange(side * side), side)) * 100 + rng.normal(0, 20, (side * side, 2))
    return both[:, 0], both[:, 1], xy_m


def places(rng: np.random.Generator, count: int, nodes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how places hang on two junctions each, some on one only."""
    node = rng.integers(0, nodes, (count, 2))
    node[rng.random(count) < 0.3, 1] = -1
    return node, rng.uniform(0, 50, (count, 2)), rng.uniform(0, 500, (count, 2))


def by_search(graph: Graph, arc_s: np.ndarray, arc_m: np.ndarray, ends: list) -> tuple[np.ndarray, np.ndarray]:
    """Return the table that the search from each origin gives."""
    tail, head, xy_m = graph
    rows = np.argsort(tail, kind="stable")
    begin = np.searchsorted(tail[rows], np.arange(len(xy_m) + 1))
    return fill_legs((begin, head[rows], arc_s[rows], arc_m[rows]), *ends)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.sampled_from([0.3, 0.7, 1.0]), st.booleans())
def test_tables_are_those_of_dijkstra(seed: int, side: int, kept: float, equal: bool) -> None:
    """Times and distances agree with a search from each origin: one-ways, lost parts, parallel streets, loops, ties."""
    rng = np.random.default_rng(seed)
    tail, head, xy_m = town(rng, side, kept)
    more = rng.integers(0, side * side, (2, 5))  # some of them loops, some beside another
    tail, head = np.append(tail, more[0]), np.append(head, more[1])
    arc_s = np.ones(len(tail)) if equal else rng.exponential(10, len(tail))
    arc_m = np.rint(rng.uniform(1, 9, len(tail)))
    ends = [places(rng, BLOCK + 3, len(xy_m)), places(rng, 7, len(xy_m))]
    if equal:
        ends = [(node, np.zeros_like(s), np.rint(m)) for node, s, m in ends]
    shape = prepare(tail, head, xy_m)
    got_s, got_m = sweep_legs(shape, customize(shape, arc_s, arc_m), *ends)
    want_s, want_m = by_search((tail, head, xy_m), arc_s, arc_m, ends)
    np.testing.assert_allclose(got_s, want_s, rtol=1e-12)
    np.testing.assert_allclose(got_m, want_m, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.sampled_from([0.3, 0.7, 1.0]), st.booleans())
def test_unpacked_ways_are_those_of_tables(seed: int, side: int, kept: float, equal: bool) -> None:
    """Arcs follow one another from a place's junction to the other's, and take just what the table says, ties too."""
    rng = np.random.default_rng(seed)
    tail, head, xy_m = town(rng, side, kept)
    more = rng.integers(0, side * side, (2, 5))  # some of them loops, some beside another
    tail, head = np.append(tail, more[0]), np.append(head, more[1])
    arc_s = np.ones(len(tail)) if equal else rng.exponential(10, len(tail))
    arc_m = np.rint(rng.uniform(1, 9, len(tail)))
    leave, enter = places(rng, BLOCK + 3, len(xy_m)), places(rng, BLOCK + 3, len(xy_m))
    if equal:
        leave, enter = ((node, np.zeros_like(s), np.rint(m)) for node, s, m in (leave, enter))
    shape = prepare(tail, head, xy_m)
    weights = customize(shape, arc_s, arc_m)
    ways = unpack_ways(shape, weights, (arc_s, arc_m), leave, enter)
    want_s, want_m = sweep_legs(shape, weights, leave, enter)
    assert ways.duration_s.tolist() == np.diagonal(want_s).tolist()
    assert ways.distance_m.tolist() == np.diagonal(want_m).tolist()
    for k, way in enumerate(np.split(ways.arc, ways.first[1:-1])):
        if ways.side[k] < 0:
            assert len(way) == 0
            continue
        nodes = [int(ways.start[k]), *head[way].tolist()]
        assert tail[way].tolist() == nodes[:-1]
        assert nodes[-1] == enter[0][k, ways.side[k]]
        ends = [(leave[1][k, j], leave[2][k, j]) for j in range(2) if leave[0][k, j] == nodes[0]]
        last = enter[1][k, ways.side[k]], enter[2][k, ways.side[k]]
        took = [arcs[way].sum() + min(ends)[j] + last[j] for j, arcs in enumerate((arc_s, arc_m))]
        np.testing.assert_allclose(took, [ways.duration_s[k], ways.distance_m[k]], rtol=1e-12)


def test_tables_are_those_of_scipy() -> None:
    """On a town of some thousand junctions every way takes as long as scipy says."""
    rng = np.random.default_rng(3)
    tail, head, xy_m = town(rng, 40, 0.9)
    arc_s, n = rng.exponential(10, len(tail)), len(xy_m)
    node, zero = np.arange(0, n, 7)[:, None], np.zeros((len(range(0, n, 7)), 1))
    shape = prepare(tail, head, xy_m)
    got_s, _ = sweep_legs(shape, customize(shape, arc_s, arc_s), (node, zero, zero), (node, zero, zero))
    want_s = dijkstra(csr_array((arc_s, (tail, head)), shape=(n, n)), indices=node[:, 0])[:, node[:, 0]]
    np.testing.assert_allclose(got_s, want_s, rtol=1e-12)


@pytest.fixture(scope="module")
def prepared() -> tuple[Hierarchy, Graph]:
    graph = town(np.random.default_rng(8), 60, 0.95)
    return prepare(*graph), graph


def test_an_order_parts_a_town_early(prepared: tuple[Hierarchy, Graph]) -> None:
    """Whoever climbs from a junction of a 60 x 60 town to the top meets few others: not many more than two sides."""
    shape, _ = prepared
    count = len(shape.rank)
    depth = np.zeros(count, int)
    for rank in range(count - 1, -1, -1):
        if shape.begin[rank] < shape.begin[rank + 1]:
            depth[rank] = depth[shape.above[shape.begin[rank]]] + 1
    assert np.array_equal(np.sort(shape.rank), np.arange(count))
    assert depth.mean() < 3 * 60


def test_new_weights_need_no_new_preparation(prepared: tuple[Hierarchy, Graph]) -> None:
    """One preparation answers for any weights."""
    shape, (tail, head, xy_m) = prepared
    rng = np.random.default_rng(9)
    ends = [places(rng, 9, len(xy_m)), places(rng, 11, len(xy_m))]
    for _ in range(3):
        arc_s, arc_m = rng.exponential(5, len(tail)), rng.exponential(80, len(tail))
        got = sweep_legs(shape, customize(shape, arc_s, arc_m), *ends)
        for mine, theirs in zip(got, by_search((tail, head, xy_m), arc_s, arc_m, ends), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-12)


def test_nothing_is_prepared_of_nothing() -> None:
    """A graph without junctions has an empty table."""
    none = np.zeros((0, 2), int)
    shape = prepare(none[:, 0], none[:, 0], none.astype(float))
    empty = (none, none.astype(float), none.astype(float))
    weights = customize(shape, np.zeros(0), np.zeros(0))
    assert sweep_legs(shape, weights, empty, empty)[0].shape == (0, 0)
