"""Tests of places found by squares."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.network.cells import count_near, lay_cells


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.floats(0.0, 300.0))
def test_as_many_places_are_near_a_line_as_shapely_finds(seed: int, places: int, reach_m: float) -> None:
    """Lines have as many places within reach as a search of all of them finds, on either side of nought."""
    rng = np.random.default_rng(seed)
    xy_m = rng.uniform(-500, 500, (places, 2))
    lines = [rng.uniform(-600, 600, (rng.integers(2, 6), 2)) for _ in range(5)]
    first = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    gap_m = [shapely.distance(shapely.LineString(line), shapely.points(xy_m)) for line in lines]
    count = count_near(lay_cells(xy_m), first, np.concatenate(lines), reach_m)
    assert count.tolist() == [int((gap <= reach_m).sum()) for gap in gap_m]


def test_a_line_of_one_place_has_those_within_reach() -> None:
    """Of a line whose two corners are one place those count that are near to it, to the last one on the brink."""
    xy_m = np.array([[3.0, 4.0], [3.0, 4.1], [0.0, 0.0]])
    assert count_near(lay_cells(xy_m), np.array([0, 2]), np.zeros((2, 2)), 5.0).tolist() == [2]
