"""Tests of ways drawn as lines."""

from __future__ import annotations

import numpy as np

from doorstep.network.osm.lines import draw_lines, keep_closed, keep_lines
from doorstep.network.osm.pbfbits import NOWHERE


def test_lines_take_a_place_once_and_leave_out_what_cannot_be_drawn() -> None:
    """Of four ways one is not asked for, one lacks a node, one is a single place, and one is a line of two places."""
    place = np.array([[0, 0], [5, 5], [5, 5], [NOWHERE, NOWHERE]], np.int32)
    row = np.array([0, 1, 0, 3, 1, 2, 0, 1, 2], np.int32)
    first, drawn, good = draw_lines(np.array([2, 2, 2, 3]), np.array([False, True, True, True]), row, place)
    assert good.tolist() == [False, False, True]
    assert first.tolist() == [0, 2]
    assert drawn.tolist() == [[0, 0], [5, 5]]


def test_only_lines_that_come_back_are_outlines() -> None:
    """A triangle is an outline; a line there and back again, and one that stays open, are none."""
    place = np.array([[0, 0], [4, 0], [0, 0], [0, 0], [4, 0], [0, 4], [0, 0], [0, 0], [4, 0], [0, 4], [9, 9]], np.int32)
    first, kept, closed = keep_closed(np.array([0, 3, 7, 11]), place)
    assert closed.tolist() == [False, True, False]
    assert first.tolist() == [0, 4]
    assert kept.tolist() == [[0, 0], [4, 0], [0, 4], [0, 0]]


def test_lines_that_are_kept_lie_where_they_lay() -> None:
    """Some lines are chosen without a copy of their places; if all are, nothing moves."""
    place = np.arange(12, dtype=np.int32).reshape(6, 2)
    first, kept = keep_lines(np.array([0, 2, 3, 6]), place, np.array([False, True, True]))
    assert first.tolist() == [0, 1, 4]
    assert kept.tolist() == [[4, 5], [6, 7], [8, 9], [10, 11]]
    assert np.shares_memory(kept, place)
    assert keep_lines(first, kept, np.ones(2, bool))[1] is kept
