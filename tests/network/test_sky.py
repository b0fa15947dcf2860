"""The air as a layer."""

from __future__ import annotations

import numpy as np

from doorstep.network.network import Pace
from doorstep.network.sky import Sky


def test_flights_are_straight() -> None:
    """Distance is the straight line, time follows from the top speed, and traffic on the ground changes nothing."""
    sky = Sky()
    places = sky.snap(np.array([[0.0, 0.0], [300.0, 400.0]]))
    legs = sky.legs(places, places, Pace(10.0, 3.0))
    np.testing.assert_allclose(legs.distance_m, [[0, 500], [500, 0]])
    np.testing.assert_allclose(legs.duration_s, [[0, 50], [50, 0]])
    assert [line.tolist() for line in sky.paths(places, places, Pace(10.0))] == [[[0, 0]] * 2, [[300, 400]] * 2]


def test_no_places() -> None:
    """No places give empty tables and no paths."""
    none = Sky().snap(np.empty((0, 2)))
    assert Sky().legs(none, none, Pace(1.0)).distance_m.shape == (0, 0)
    assert Sky().paths(none, none, Pace(1.0)) == []
