"""Tests of what can be reached within some minutes, and of the homes around lockers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from doorstep.errors import InputError
from doorstep.network.catchment import WALK_MPS, catchments, isochrones
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Network, Pace


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


def test_bad_questions_are_told(town: Network) -> None:
    """A time that is none and a medium without streets are named with a mend."""
    with pytest.raises(InputError, match="no span of time"):
        isochrones(town, np.array([[0.0, 0.0]]), [0])
    with pytest.raises(InputError, match="has no streets"):
        isochrones(town, np.array([[0.0, 0.0]]), [5], medium="air")
    assert catchments(town, np.zeros((0, 2))).empty
