"""Tests of what can be reached within some minutes, and of the homes around lockers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from doorstep.errors import InputError
from doorstep.network.catchment import WALK_MPS, catchments, isochrones
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Network, Pace
from doorstep.network.streets import lay_streets

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.network.ways import StreetTable


@pytest.fixture(scope="module")
def town() -> Network:
    return grid_town(10, 9, 110, 3)


@pytest.mark.parametrize("medium", [Medium.FOOT, Medium.ROAD])
def test_what_is_reached_is_what_the_legs_say(town: Network, medium: Medium) -> None:
    """A place on the streets is in the area if and only if the way to it takes no longer."""
    rng = np.random.default_rng(2)
    streets, pace = town.layers[medium], Pace(WALK_MPS)
    west, south, east, north = town.extent_m
    anywhere = streets.snap(rng.uniform((west, south), (east, north), (400, 2))).xy_m
    here = np.array([[(west + east) / 2 + 13, (south + north) / 2 + 7]])
    snaps = streets.snap(anywhere)
    minutes = streets.legs(streets.snap(here), snaps, pace).duration_s[0] / 60
    for limit in (2.0, 6.0, 11.0):
        frame = isochrones(town, town.unproject(here), [limit], medium=medium)
        area = frame.to_crs(town.crs).geometry.iloc[0]
        off_m = shapely.distance(area, shapely.points(snaps.xy_m))
        assert (off_m[minutes < limit - 1e-3] < 1e-3).all()
        # Beyond the end of a street that is reached, the land beside it counts too: 25 m, a third of a minute.
        assert (off_m[minutes > limit + 25 / WALK_MPS / 60 + 1e-3] > 0).mean() > 0.9
        assert 0 < (minutes < limit).sum() < 400


def test_more_minutes_reach_further(town: Network) -> None:
    """The longer time allowed, the more streets, and every area holds the smaller ones."""
    west, south, east, north = town.extent_m
    here = town.unproject(np.array([[(west + east) / 2, (south + north) / 2]]))
    frame = isochrones(town, here, [1, 3, 9])
    assert frame["streets_km"].is_monotonic_increasing
    areas = frame.geometry.tolist()
    assert areas[1].buffer(1e-9).contains(areas[0])
    assert areas[2].buffer(1e-9).contains(areas[1])


def test_walking_leads_to_either_side(town: Network) -> None:
    """From the middle of a straight street the time for two fifths of it reaches four fifths."""
    streets = town.layers[Medium.FOOT]
    edge = int(np.flatnonzero(np.diff(streets.edges.first) == 2)[0])  # no bend
    span = slice(streets.edges.first[edge], streets.edges.first[edge + 1])
    middle = streets.edges.point_xy_m[span].mean(axis=0)
    minute = 0.4 * streets.edges.length_m[edge] / WALK_MPS / 60
    frame = isochrones(town, town.unproject(middle[None]), [minute])
    assert frame["streets_km"].item() == pytest.approx(0.8 * streets.edges.length_m[edge] / 1000, rel=1e-6)


def test_every_home_has_one_nearest_locker(town: Network) -> None:
    """Homes within a walk are counted for each locker, and once for the nearest of them."""
    west, south, east, north = town.extent_m
    places = np.array([[west + (east - west) * share, (south + north) / 2] for share in (0.3, 0.7)])
    wide = catchments(town, town.unproject(places), walk_m=1e6)
    assert (wide["doors"] == len(town.doors.homes)).all()
    assert wide["homes_nearest"].sum() == pytest.approx(town.doors.homes.sum())
    near = catchments(town, town.unproject(places), walk_m=150)
    assert (near["doors"] < wide["doors"]).all()
    assert (near["walk_mean_m"] <= 150).all()
    alone = catchments(town, town.unproject(places[:1]), walk_m=150)
    assert alone["homes_nearest"].item() == near["homes"][0]


def lattice(side: int, block_m: float) -> tuple[list[tuple[float, float]], list[tuple[list[int], dict[str, str]]]]:
    """Return points and ways of a square of streets."""
    xy = [(500_000 + x * block_m, 5_000_000 + y * block_m) for y in range(side) for x in range(side)]
    rows = [list(range(y * side, (y + 1) * side)) for y in range(side)]
    return xy, [(line, {"highway": "residential"}) for line in [*rows, *map(list, zip(*rows, strict=True))]]


@pytest.mark.parametrize(("blocks", "start", "streets"), [(1, 0.0, 4), (3, 0.0, 36), (4, 0.0, 64), (1.5, 0.5, 7)])
def test_streets_reached_in_a_square_grid(
    table: Callable[..., StreetTable], town: Network, blocks: float, start: float, streets: int
) -> None:
    """From a crossing of a square grid 4 k² blocks of street lie within k blocks, and no street is counted twice."""
    xy, ways = lattice(11, 100.0)
    layer = lay_streets(table(xy, *ways), Medium.FOOT)
    square = replace(town, layers={**town.layers, Medium.FOOT: layer}, extent_m=(500_000, 5e6, 501_000, 5_001_000))
    here = square.unproject(np.array([[500_500 + 100 * start, 5_000_500.0]]))
    frame = isochrones(square, here, [blocks * 100 / WALK_MPS / 60, 1e6])
    assert frame["streets_km"].tolist() == pytest.approx([streets / 10, 22.0])
    area = frame.to_crs(square.crs).geometry[0]
    # The start lies half a block east of a crossing, so crossing streets are reached half a block later.
    ahead_m, aside_m = blocks * 100 + 25, (blocks - start) * 100 + 25
    middle = 500_500 + 100 * start
    expected = middle - ahead_m, 5_000_500 - aside_m, middle + ahead_m, 5_000_500 + aside_m
    assert area.bounds == pytest.approx(expected, abs=0.1)


def test_a_way_round_the_block_counts_its_street_once(table: Callable[..., StreetTable], town: Network) -> None:
    """From the middle of a ring all of it is reached, once, however much time there is."""
    xy = [(500_000.0, 5e6), (500_100.0, 5e6), (500_100.0, 5_000_100.0), (500_000.0, 5_000_100.0), (499_900.0, 5e6)]
    layer = lay_streets(
        table(xy, ([0, 1, 2, 3, 0], {"highway": "service"}), ([4, 0], {"highway": "path"})), Medium.FOOT
    )
    ring = replace(town, layers={**town.layers, Medium.FOOT: layer})
    frame = isochrones(ring, ring.unproject(np.array([[500_050.0, 5e6]])), [1, 2, 60])
    assert frame["streets_km"].tolist() == pytest.approx([0.19, 0.42, 0.5], abs=1e-4)


def test_a_catchment_holds_its_doors_and_no_others(town: Network) -> None:
    """The area of a locker's catchment lies within its walk as the crow flies, and is empty where it stands far off."""
    west, south, east, north = town.extent_m
    places = np.array([[(west + east) / 2, (south + north) / 2], [west - 600, south]])
    frame = catchments(town, town.unproject(places), walk_m=300)
    assert frame.crs == "EPSG:4326"
    areas = frame.to_crs(town.crs).geometry
    assert shapely.distance(shapely.points(places[0]), areas[0]) < 60
    assert shapely.points(places[0]).buffer(300 + 25.1).contains(areas[0])
    assert areas[1].is_empty
    assert frame["doors"].tolist()[1] == 0


@pytest.mark.parametrize("places", ["here", [[1.0, 2.0, 3.0]], [["a", "b"]], [[1.0], [2.0, 3.0]]])
def test_what_are_no_places_is_told(town: Network, places: object) -> None:
    """Words, and lists that are no pairs of numbers, are faults."""
    for ask in (lambda: isochrones(town, places, [5]), lambda: catchments(town, places)):  # type: ignore[arg-type]
        with pytest.raises(InputError, match="are no places"):
            ask()


def test_places_off_the_map_are_told(town: Network) -> None:
    """A place elsewhere, swapped or no number is a fault for isochrones and catchments; one nearby tells how far."""
    west, south, east, north = town.extent_m
    lon, lat = town.unproject(np.array([[(west + east) / 2, (south + north) / 2]]))[0]
    for pair, told in (((lon + 2, lat), "off the map"), ((lat, lon), "swap"), ((np.nan, lat), "no position")):
        for ask in (lambda at: isochrones(town, at, [5]), lambda at: catchments(town, at)):
            with pytest.raises(InputError, match=told):
                ask(np.array([[lon, lat], pair]))
    near = town.unproject(np.array([[west - 300, south]]))
    assert isochrones(town, near, 5)["away_m"].item() == pytest.approx(300, abs=1)
    assert isochrones(town, np.zeros((0, 2)), [5]).crs == "EPSG:4326"


@pytest.mark.parametrize("minutes", [[np.nan], [np.inf], [-1], ["five"], [None]])
def test_times_that_are_none_are_told(town: Network, minutes: list[object]) -> None:
    """No time, no number, and no end of time are faults, and so are a walk and a pace of zero."""
    here = town.unproject(np.array([[town.extent_m[0], town.extent_m[1]]]))
    with pytest.raises(InputError, match="write numbers above zero"):
        isochrones(town, here, minutes)
    with pytest.raises(InputError, match="is no speed"):
        isochrones(town, here, [5], pace=Pace(0.0))
    with pytest.raises(InputError, match="not a walk"):
        catchments(town, here, walk_m=minutes[0])


def test_bad_questions_are_told(town: Network) -> None:
    """A time that is none and a medium without streets are named with a mend."""
    with pytest.raises(InputError, match="not a span of time"):
        isochrones(town, np.array([[0.0, 0.0]]), [0])
    with pytest.raises(InputError, match="has no streets"):
        isochrones(town, np.array([[0.0, 0.0]]), [5], medium="air")
    assert catchments(town, np.zeros((0, 2))).empty
