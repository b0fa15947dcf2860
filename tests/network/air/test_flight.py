"""Flight profiles and the ground below."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.errors import InputError
from doorstep.network.air.flight import Flight, Terrain
from doorstep.network.air.piece import highest_m

HEIGHT_M = np.random.default_rng(3).uniform(0, 100, (7, 9))
GROUND = Terrain(HEIGHT_M, (100.0, -50.0), (10.0, 20.0))
GRID = np.array([100.0, -50.0, 10.0, 20.0])
COORDINATE = st.floats(-1, 1)


def test_ground_is_bilinear_and_goes_on_level_beyond_the_edges() -> None:
    """Heights are those of the grid at its points, their mean between four, and those of the edge outside."""
    spots = np.array([[100.0, -50.0], [120.0, -10.0], [105.0, -40.0], [-1e6, -1e6], [1e6, 1e6]])
    expected = [HEIGHT_M[0, 0], HEIGHT_M[2, 2], HEIGHT_M[:2, :2].mean(), HEIGHT_M[0, 0], HEIGHT_M[-1, -1]]
    np.testing.assert_allclose(GROUND.ground_m(spots), expected)
    assert GROUND.relief_m() == pytest.approx(HEIGHT_M.max() - HEIGHT_M.min())


@settings(max_examples=200, deadline=None)
@given(COORDINATE, COORDINATE, COORDINATE, COORDINATE)
def test_nothing_under_a_piece_is_higher_than_its_highest(ax: float, ay: float, bx: float, by: float) -> None:
    """The highest ground is no lower than any point on the way, and no higher than the points of the cells on it."""
    ends = np.array([[ax, ay], [bx, by]]) * [60, 80] + [140, 10]
    top_m = highest_m(HEIGHT_M, GRID, (*ends[0].tolist(), *ends[1].tolist()))
    way = ends[0] + np.linspace(0, 1, 2001)[:, None] * (ends[1] - ends[0])
    assert top_m >= GROUND.ground_m(way).max() - 1e-9
    row, column = np.clip(np.floor((way - GRID[:2]) / GRID[2:]).astype(int).T[::-1], [[0], [0]], [[6], [8]])
    near = HEIGHT_M[np.clip(row[:, None] + np.arange(-1, 3), 0, 6)][..., :].max()
    assert top_m <= max(near, HEIGHT_M[:, column].max())


@pytest.mark.parametrize(
    "wrong", [{"cruise_m": -1.0}, {"cruise_m": np.inf}, {"climb_mps": 0.0}, {"descent_mps": np.nan}]
)
def test_what_is_no_flight_is_told(wrong: dict[str, float]) -> None:
    """Altitudes below ground and speeds of zero are faults."""
    with pytest.raises(InputError, match=r"^flight"):
        Flight(**wrong)


def test_what_is_no_terrain_is_told() -> None:
    """Gaps in the heights and steps of no length are told together."""
    with pytest.raises(InputError) as caught:
        Terrain(np.array([[0.0, np.nan]]), (0, 0), (0, 1))
    assert {fault.code for fault in caught.value.faults} == {"terrain-gaps", "terrain-grid"}
    with pytest.raises(InputError, match="no grid"):
        Terrain(np.zeros(3), (0, 0), (1, 1))
