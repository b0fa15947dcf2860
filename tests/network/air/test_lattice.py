"""Grids with a point at every one of some easts and norths."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import RegularGridInterpolator

from doorstep.network.air.lattice import Lattice, interpolate


@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(2, 6))
def test_values_between_points_are_those_of_scipy(seed: int, rows: int, columns: int) -> None:
    """Inside of a grid whose points are unevenly spaced values are those that scipy interpolates."""
    rng = np.random.default_rng(seed)
    east, north = np.cumsum(rng.uniform(0.1, 5, columns)), np.cumsum(rng.uniform(0.1, 5, rows))
    values = rng.normal(size=(rows, columns, 2))
    places = rng.uniform((east[0], north[0]), (east[-1], north[-1]), (20, 2))
    expected = RegularGridInterpolator((north, east), values)(places[:, ::-1])
    np.testing.assert_allclose(interpolate(Lattice(east, north), values, places), expected, atol=1e-12)


def test_outside_the_edge_holds() -> None:
    """Beyond a grid, and beside a single row, values are those of the nearest edge."""
    lattice = Lattice(np.array([0.0, 1.0]), np.array([5.0]))
    got = interpolate(lattice, np.array([[1.0, 3.0]]), np.array([[-9.0, 5.0], [0.5, 99.0], [7.0, -7.0]]))
    assert got.tolist() == [1, 2, 3]
