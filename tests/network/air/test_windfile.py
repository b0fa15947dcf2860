"""Winds out of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyproj import Geod

from doorstep.errors import InputError
from doorstep.network.air.windfile import even_wind, read_wind
from doorstep.network.grid import grid_town
from doorstep.network.network import Network, Pace
from doorstep.network.sky import Sky

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "hour,speed_mps,from_deg\n"


@pytest.fixture(scope="module")
def town() -> Network:
    return grid_town(6, 5, 120.0, seed=1)


def written(folder: Path, text: str) -> Path:
    path = folder / "winds.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("side", [0.0, 45.0, 240.0, 360.0])
def test_a_wind_blows_from_where_it_is_said_to(town: Network, side: float) -> None:
    """A wind carries along the true bearing opposite to the one it blows from, at its speed."""
    u, v = even_wind(5.0, side, town).at(0.0)[0, 0]
    west, south, east, north = town.extent_m
    middle = np.array([[(west + east) / 2, (south + north) / 2]])
    (lon, lat), (there, up) = town.unproject(np.concatenate([middle, middle + np.array([1000 * u, 1000 * v])]))
    bearing, _, metres = Geod(ellps="WGS84").inv(lon, lat, there, up)
    assert (bearing - side - 180 + 180) % 360 - 180 == pytest.approx(0, abs=0.02)
    assert metres == pytest.approx(5000, rel=1e-3)


def test_true_north_is_not_that_of_the_grid() -> None:
    """Far from its meridian the axes of a projection are turned against true north, and a wind with them."""
    lapland = Network("EPSG:3067", (100_000, 7_700_000, 101_000, 7_701_000), {}, None, "made up")
    u, v = even_wind(10.0, 180.0, lapland).at(0.0)[0, 0]
    assert np.hypot(u, v) == pytest.approx(10)
    assert np.degrees(np.arctan2(u, v)) == pytest.approx(9.5, abs=0.3)


def test_a_wind_from_the_west_holds_up_who_flies_west(town: Network) -> None:
    """Eastward flights are faster in a wind from the west, by its speed, and westward ones slower."""
    sky = Sky(wind=even_wind(5.0, 270.0, town))
    west, south, *_ = town.extent_m
    places = sky.snap(np.array([[west, south], [west + 3000, south]]))
    seconds = sky.legs(places, places, Pace(10.0)).duration_s
    assert (seconds[0, 1], seconds[1, 0]) == pytest.approx((200, 600), rel=1e-3)


def test_winds_by_the_hour(town: Network, tmp_path: Path) -> None:
    """Each row holds from its hour until the next, in whatever order they stand, and what holds before is told."""
    text = "Hour;speed_mps;from_deg\n18:30;9;180\n6;3;180\n24:00;0;0\n"
    found = read_wind(written(tmp_path, text), town)
    speeds = [np.hypot(*found.wind.at(hour * 3600)[0, 0]) for hour in (0, 6, 18.4, 18.5, 23, 24, 47)]
    assert speeds == pytest.approx([3, 3, 3, 9, 9, 0, 0])
    assert any("before 6 h the wind of 6 h holds" in note for note in found.notes)


def test_a_grid_of_winds(town: Network, tmp_path: Path) -> None:
    """At its own points a grid has the winds of its rows, between them what lies between, outside those of its edge."""
    west, south, east, north = town.extent_m
    (lon0, lat0), (lon1, lat1) = town.unproject(np.array([[west, south], [east, north]]))
    places = [(lon0, lat0, 1), (lon1, lat0, 3), (lon0, lat1, 5), (lon1, lat1, 7)]
    rows = [f"{hour},{speed + hour},180,{lon},{lat}\n" for hour in (0, 2) for lon, lat, speed in places[::-1]]
    found = read_wind(written(tmp_path, HEAD.replace("\n", ",lon,lat\n") + "".join(rows)), town)
    wind = found.wind
    assert wind.at(0.0).shape == (2, 2, 2)
    assert wind.corner_m == pytest.approx((west, south), abs=2)
    np.testing.assert_allclose(np.hypot(*wind.at(0.0).T).T, [[1, 3], [5, 7]], atol=0.02)
    np.testing.assert_allclose(np.hypot(*wind.at(7200.0).T).T, [[3, 5], [7, 9]], atol=0.02)
    assert any("a grid of 4 places" in note for note in found.notes)


def test_one_place_is_everywhere(town: Network, tmp_path: Path) -> None:
    """A table of one weather station is a wind that blows everywhere."""
    found = read_wind(written(tmp_path, "hour,speed_mps,from_deg,lon,lat\n0,4,90,3,45\n9,5,90,3,45\n"), town)
    assert found.wind.uv_mps.shape == (2, 2)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("hour,speed,from_deg\n0,1,2\n", ["unknown-column", "no-column"]),
        ("hour,speed_mps,from_deg,lon\n0,1,2,3\n", ["no-column"]),
        (HEAD, ["empty-table"]),
        ("", ["empty-table"]),
        (HEAD + "25:00,-1,N\n49,nan,361\n", ["bad-speed", "bad-direction", "bad-hour", "bad-speed", "bad-direction"]),
        (HEAD + "7,5 m/s,90\n7,400,90\n", ["bad-speed", "bad-speed"]),
        (HEAD + "7am,5,90\n", ["bad-hour"]),
        (HEAD + "7,5,90\n07:00,5,90\n", ["duplicate-row"]),
        (HEAD + "7,5\n", ["ragged-row"]),
        ("hour,speed_mps,from_deg,lon,lat\n0,1,2,3,4\n0,1,2,5,6\n", ["no-grid"]),
        ("hour,speed_mps,from_deg,lon,lat\n0,1,2,3,4\n0,1,2,5,4\n1,1,2,5,4\n", ["no-grid"]),
        ("hour,speed_mps,from_deg,lon,lat\n0,1,2,3,100\n", ["bad-place"]),
        ("hour,speed_mps,from_deg,lon,lat\n0,1,2,45,3\n", ["off-map"]),
        ("hour,speed_mps,from_deg,lon,lat\n0,1,2,100,-40\n0,1,2,101,-40\n", ["off-map"]),
    ],
)
def test_bad_winds_are_told(town: Network, tmp_path: Path, text: str, codes: list[str]) -> None:
    """What is wrong with columns, hours, speeds, directions and places is told by its line, all at once."""
    with pytest.raises(InputError) as caught:
        read_wind(written(tmp_path, text), town)
    assert [fault.code for fault in caught.value.faults] == codes
    assert all(fault.fix and "winds.csv" in fault.where for fault in caught.value.faults)


def test_of_many_faults_some_are_told(town: Network, tmp_path: Path) -> None:
    """Of hundreds of faults twenty are told, and how many more there are."""
    with pytest.raises(InputError, match="and 280 more"):
        read_wind(written(tmp_path, HEAD + "x,1,2\n" * 300), town)


def test_an_even_wind_has_a_speed_and_a_direction(town: Network) -> None:
    """A speed below zero and a direction beyond the circle are told together."""
    with pytest.raises(InputError) as caught:
        even_wind(-1.0, 400.0, town)
    assert [fault.code for fault in caught.value.faults] == ["bad-speed", "bad-direction"]
