"""Wind, and what it does to the speed over ground."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import InputError
from doorstep.network.air.piece import crossing_s
from doorstep.network.air.wind import Wind, steady_wind

EVERYWHERE = np.ones(4)
SIZE = st.floats(-8, 8)


@given(SIZE, SIZE, st.floats(-500, 500), st.floats(-500, 500))
def test_the_triangle_closes(u: float, v: float, x: float, y: float) -> None:
    """What is left of the speed over ground without the wind is the airspeed, in any direction."""
    took_s = crossing_s(12.0, steady_wind(u, v).at(0), EVERYWHERE, (0.0, 0.0, x, y))
    if np.hypot(x, y) < 1e-6:
        return
    assert np.hypot(x / took_s - u, y / took_s - v) == pytest.approx(12.0)


@pytest.mark.parametrize(("u", "v"), [(0.0, 12.0), (0.0, -13.0), (-12.0, 0.0), (-20.0, 1.0)])
def test_against_too_much_wind_there_is_no_way(u: float, v: float) -> None:
    """Wind across as fast as the aircraft, or as fast against it, makes a piece endless; staying takes no time."""
    wind = steady_wind(u, v).at(0)
    assert crossing_s(12.0, wind, EVERYWHERE, (0.0, 0.0, 10.0, 0.0)) == np.inf
    assert crossing_s(12.0, wind, EVERYWHERE, (5.0, 5.0, 5.0, 5.0)) == 0


def test_wind_on_a_grid_is_met_where_it_blows() -> None:
    """A piece through wind that grows evenly takes as long as the integral of its slowness says."""
    uv = np.zeros((1, 2, 11, 2))
    uv[..., 0] = np.arange(11.0) / 2
    wind = Wind(np.zeros(1), uv, (0.0, 0.0), (100.0, 100.0))
    took_s = crossing_s(10.0, wind.at(0), np.array([0.0, 0.0, 100.0, 100.0]), (0.0, 50.0, 1000.0, 50.0))
    assert took_s == pytest.approx(200 * np.log(15 / 10), rel=1e-4)


def test_the_wind_of_the_hour_holds() -> None:
    """A wind holds from its hour on until the next, the first also before and the last ever after."""
    wind = Wind(np.array([6.0, 12.0]), np.array([[1.0, 0.0], [2.0, 0.0]]))
    east = [wind.at(hour * 3600)[0, 0, 0] for hour in (0, 6, 11.99, 12, 50)]
    assert east == [1, 1, 1, 2, 2]


def test_what_is_no_wind_is_told() -> None:
    """Hours out of order, shapes that do not belong together and gaps are told at once."""
    with pytest.raises(InputError) as caught:
        Wind(np.array([2.0, 1.0]), np.array([[0.0, np.nan, 1.0]]), step_m=(0.0, 1.0))
    codes = {fault.code for fault in caught.value.faults}
    assert codes == {"wind-hours", "wind-shape", "wind-gaps", "wind-grid"}


def test_the_calm_part_of_a_day() -> None:
    """The calm part of a span is its longest run of winds within a limit, all of it where none passes, or nothing."""
    wind = Wind(np.array([0.0, 9.0, 10.0, 12.0, 18.0]), np.array([[3.0, 4], [0, 12], [6, 0], [0, 8], [0, 20]]))
    span = 7 * 3600.0, 20 * 3600.0
    assert [mps for _, mps in wind.strongest(*span)] == [5.0, 12.0, 6.0, 8.0, 20.0]
    assert wind.calm(*span, 10.0) == (10 * 3600.0, 18 * 3600.0)
    assert wind.calm(*span, 7.0) == (7 * 3600.0, 9 * 3600.0)
    assert wind.calm(*span, 20.0) == span
    assert wind.calm(*span, 4.9) is None
