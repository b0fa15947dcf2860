"""Places off the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.network.bounds import whereabouts
from doorstep.network.grid import grid_town

if TYPE_CHECKING:
    from doorstep.network.network import Network


@pytest.fixture(scope="module")
def town() -> Network:
    """Return a town at 3° E, 45.15° N."""
    return grid_town(4, 4, 100.0, seed=1)


def _middle(town: Network) -> tuple[float, float]:
    west, south, east, north = town.extent_m
    lon, lat = town.unproject(np.array([[(west + east) / 2, (south + north) / 2]]))[0].tolist()
    return lon, lat


def test_places_on_the_map_are_well(town: Network) -> None:
    """Nothing is said of places on the map or within the margin of it."""
    lon, lat = _middle(town)
    assert whereabouts(town, np.array([[lon, lat], [lon + 0.005, lat]]), 500.0) == []
    assert whereabouts(town, np.empty((0, 2)), 0.0) == []


def test_a_swapped_pair_is_named(town: Network) -> None:
    """Latitude and longitude in the wrong order are seen, and the right order is proposed."""
    lon, lat = _middle(town)
    ((index, what, fix),) = whereabouts(town, np.array([[lon, lat], [lat, lon]]), 100.0)
    assert index == 1
    assert "km off the map" in what
    assert "did you swap longitude and latitude?" in fix
    assert f"[{lon:g}, {lat:g}]" in fix


def test_a_place_somewhat_off_the_map(town: Network) -> None:
    """A place beyond the margin is given with its distance in metres and the span of the map."""
    lon, lat = _middle(town)
    ((_, what, fix),) = whereabouts(town, np.array([[lon, lat + 0.02]]), 1000.0)
    metres = float(what.split(" is ")[1].split(" m ")[0].replace(",", ""))
    assert metres == pytest.approx(0.02 * 111_130 - 200, rel=0.01)
    assert "the map covers longitudes" in fix


@pytest.mark.parametrize(
    ("lon", "lat", "said"),
    [(200.0, 10.0, "no position on Earth"), (10.0, -91.0, "no position on Earth"), (float("nan"), 1.0, "no position")],
)
def test_no_places_on_earth(town: Network, lon: float, lat: float, said: str) -> None:
    """Degrees that no place on Earth has are called so."""
    assert said in whereabouts(town, np.array([[lon, lat]]), 1e9)[0][1]
