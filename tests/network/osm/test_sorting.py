"""Ways sorted out by what they are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorstep.network.osm.pbfbits import NOWHERE
from doorstep.network.osm.sorting import cut_streets, find_kinds, pick_ways, without_repeats

WAYS = st.lists(st.tuples(st.integers(0, 2), st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=2)))


@given(WAYS)
def test_kinds(ways: list[tuple[int, list[tuple[int, int]]]]) -> None:
    """Ways are of one kind if they have the same use and tags, and kinds are numbered as they are met."""
    first = np.cumsum([0, *(len(tags) for _, tags in ways)])
    tags = np.array([pair for _, pairs in ways for pair in pairs], np.int32).reshape(-1, 2)
    kind, example = find_kinds(np.array([use for use, _ in ways], np.uint8), first, tags)
    known: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
    assert kind.tolist() == [known.setdefault((use, tuple(pairs)), len(known)) for use, pairs in ways]
    assert example.tolist() == [kind.tolist().index(number) for number in range(len(known))]


def test_picked_ways() -> None:
    """Ways that have a use or that relations need are moved together, with their nodes."""
    ids, size, refs = np.array([7, 8, 9]), np.array([2, 3, 1]), np.array([1, 2, 3, 4, 5, 6])
    use, member = np.array([0, 1, 0], np.uint8), np.array([False, False, True])
    assert pick_ways(ids, use, member, size, refs) == (2, 4)
    assert (ids[:2].tolist(), use[:2].tolist(), member[:2].tolist()) == ([8, 9], [1, 0], [False, True])
    assert (size[:2].tolist(), refs[:4].tolist()) == ([3, 1], [3, 4, 5, 6])


def test_repeats() -> None:
    """Of rising numbers each stays once, and of none there stays none."""
    assert without_repeats(np.array([1, 1, 2, 5, 5])).tolist() == [1, 2, 5]
    assert without_repeats(np.empty(0, np.int64)).tolist() == []


def test_torn_streets() -> None:
    """Whole streets come first, then the pieces of others that have two nodes; nodes are counted among those used."""
    place = np.array([(1, 1), (NOWHERE, NOWHERE), (3, 3), (4, 4), (5, 5), (6, 6)], np.int32)
    size, chosen = np.array([5, 2, 2, 1]), np.array([True, False, True, True])
    row = np.array([0, 2, 1, 3, 4, 0, 5, 4, 3, 3], np.int32)
    of, first, node, used, torn, lost, stubs = cut_streets(size, chosen, row, place)
    assert of.tolist() == [1, 0, 0]
    assert first.tolist() == [0, 2, 4, 6]
    assert node.tolist() == [3, 2, 0, 1, 2, 3]
    assert used.tolist() == [True, False, True, True, True, False]
    assert (torn, lost, stubs) == (1, 1, 1)
