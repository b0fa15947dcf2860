"""Tests of degrees made metres."""

from __future__ import annotations

import numpy as np
import pytest

from doorstep.network import plane
from doorstep.network.plane import EXACT_M, projection


@pytest.mark.parametrize(
    ("box", "crs"),
    [
        ((7.40, 43.72, 7.45, 43.76), "EPSG:32632"),
        ((24.0, 60.0, 27.0, 61.5), "EPSG:32635"),
        ((-54.8, -20.6, -54.5, -20.3), "EPSG:32721"),
        ((15.0, 78.0, 16.0, 78.5), "EPSG:32633"),
        ((7.4, 43.7, 7.4, 43.7), "EPSG:32632"),
    ],
)
def test_within_a_box_metres_are_those_of_proj(box: tuple[float, float, float, float], crs: str) -> None:
    """Anywhere in the box of a map, and outside of it, places lie where PROJ says, to a thousandth of a millimetre."""
    rng = np.random.default_rng(3)
    low, high = np.array(box[:2]), np.array(box[2:])
    inside = low + rng.uniform(0, 1, (2000, 2)) * (high - low)
    degrees = np.concatenate([inside, low[None], high[None], low[None] - 0.3, high[None] + 0.3])
    np.testing.assert_allclose(projection(crs, box)(degrees), projection(crs)(degrees), rtol=0, atol=EXACT_M)


def test_a_box_that_no_polynomial_fits_is_left_to_proj(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where polynomials are off by more than they may be, every place is PROJ's to the last bit."""
    box = (0.0, 0.0, 50.0, 80.0)
    degrees = np.array([[10.0, 20.0], [49.0, 79.0]])
    monkeypatch.setattr(plane, "_by_fit", lambda _fit, _exact, degrees: np.full(degrees.shape, 1e9))
    np.testing.assert_array_equal(projection("EPSG:32632", box)(degrees), projection("EPSG:32632")(degrees))


def test_no_places_are_no_metres() -> None:
    """Of no places there are none in metres either."""
    assert projection("EPSG:32632", (7.4, 43.7, 7.5, 43.8))(np.empty((0, 2))).shape == (0, 2)


def test_few_places_are_left_to_proj() -> None:
    """No polynomial is made for a handful of places: they are PROJ's to the last bit."""
    degrees = np.array([[7.41, 43.73], [7.44, 43.75]])
    box = (7.40, 43.72, 7.45, 43.76)
    few = projection("EPSG:32632", box, len(degrees))(degrees)
    np.testing.assert_array_equal(few, projection("EPSG:32632")(degrees))
    assert not np.array_equal(few, projection("EPSG:32632", box)(degrees))
