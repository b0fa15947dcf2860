"""Tests of places found by squares."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.network.graph.cells import CELL_M, count_near, lay_cells, least_gaps


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


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.sampled_from([1.0, 0.25, 0.01]))
def test_places_are_as_far_from_lines_as_shapely_finds(seed: int, places: int, scale: float) -> None:
    """Places within the side of a square are as far from the nearest line as shapely says, the others infinitely."""
    rng = np.random.default_rng(seed)
    xy_m, corner_m = rng.uniform(-500, 500, (places, 2)), rng.uniform(-600, 600, (12, 2))
    point = rng.integers(len(corner_m), size=15).astype(np.int32)
    lines = shapely.MultiLineString([corner_m[point[k : k + 5]] for k in (0, 5, 10)])
    true = shapely.distance(lines, shapely.points(xy_m)) * scale
    gap = least_gaps(lay_cells(xy_m * scale), np.arange(0, 16, 5), point, corner_m, scale)
    np.testing.assert_allclose(gap, np.where(true <= CELL_M, true, np.inf), atol=1e-9)
