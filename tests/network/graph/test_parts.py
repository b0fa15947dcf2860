"""Tests of the parts that a street graph falls into, against scipy."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from doorstep.network.graph.parts import loose_parts, mutual_parts


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(0, 120))
def test_parts_are_those_of_scipy(seed: int, nodes: int, arcs: int) -> None:
    """Two nodes are in one part exactly if scipy has them in one, and a part is as long as the arcs within it."""
    rng = np.random.default_rng(seed)
    tail, head = np.sort(rng.integers(nodes, size=arcs)), rng.integers(nodes, size=arcs)
    used = rng.random(arcs) < 0.8
    graph = coo_matrix((np.ones(int(used.sum())), (tail[used], head[used])), shape=(nodes, nodes))
    edge_m = rng.random(arcs)
    ways = np.repeat(used, 2) & (np.arange(2 * arcs) % 2 == 0)
    part, total_m = mutual_parts(np.searchsorted(tail, np.arange(nodes + 1)), head, 2 * np.arange(arcs), ways, edge_m)
    count, true = connected_components(graph, connection="strong")
    assert len(np.unique(part)) == count
    assert ((part[:, None] == part) == (true[:, None] == true)).all()
    within = used & (part[tail] == part[head])
    np.testing.assert_allclose(total_m, np.bincount(part[tail[within]], edge_m[within], minlength=count))
    loose = connected_components(graph, directed=False)[1]
    touched = np.concatenate([tail[used], head[used]])
    assert loose_parts(nodes, tail[used], head[used]) == len(np.unique(loose[touched]))


def test_a_long_street_is_no_trouble() -> None:
    """A ring of a hundred thousand nodes is one part."""
    n = 100_000
    ways = np.arange(n) + 1
    part, total_m = mutual_parts(np.arange(n + 1), ways % n, 2 * np.arange(n), np.ones(2 * n, bool), np.ones(n))
    assert (len(np.unique(part)), total_m.tolist()) == (1, [n])
