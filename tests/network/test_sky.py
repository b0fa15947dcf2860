"""The air as a layer."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from doorstep.errors import InputError
from doorstep.network.air.flight import Flight, Terrain
from doorstep.network.air.maze import CLEARANCE_M
from doorstep.network.air.nofly import Zone, widen
from doorstep.network.air.wind import Wind, steady_wind
from doorstep.network.network import Pace
from doorstep.network.sky import Sky

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Real = NDArray[np.float64]

PACE = Pace(10.0)
FAR_M = np.array([4e5, 3e6])
SQUARE = Zone("square", shapely.box(-10, -10, 10, 10))


def table(sky: Sky, *xy: tuple[float, float], depart_s: float = 0.0) -> tuple[Real, Real]:
    places = sky.snap(np.array(xy, float))
    legs = sky.legs(places, places, PACE, depart_s)
    return legs.duration_s, legs.distance_m


@st.composite
def towns(draw: st.DrawFn) -> tuple[tuple[Zone, ...], float, Real]:
    """Return zones on whole metres, which touch and overlap often, a margin, and places far from the origin."""
    spot = st.tuples(st.integers(0, 30), st.integers(0, 30))
    zones = []
    for k in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            x, y = draw(spot)
            area = shapely.box(x, y, x + draw(st.integers(1, 9)), y + draw(st.integers(1, 9)))
        else:
            area = shapely.Polygon(draw(st.lists(spot, min_size=3, max_size=7)))
        made = [part for part in shapely.get_parts(shapely.make_valid(area)) if part.geom_type == "Polygon"]
        if made:
            zones.append(Zone(f"{k}", shapely.transform(shapely.union_all(made), lambda xy: xy + FAR_M)))
    places = draw(st.lists(spot, min_size=2, max_size=6, unique=True))
    return tuple(zones), draw(st.sampled_from([0.0, 0.7, 2.0])), np.array(places, float) + FAR_M


def brute(sky: Sky, xy: Real, cost: Callable[[Real], Real]) -> Real:
    """Return least costs [n, n] over all corners of the zones, seen or not seen by shapely's judgement."""
    solid = shapely.union_all([widen(zone, sky.margin_m) for zone in sky.zones])
    corners = shapely.get_coordinates(solid.buffer(CLEARANCE_M, join_style="mitre", mitre_limit=2**0.5))
    nodes = np.concatenate([xy, np.unique(corners, axis=0)])
    count = len(nodes)
    shapely.prepare(solid)
    a, b = np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
    shut = shapely.intersects(solid, shapely.linestrings(np.stack([nodes[a], nodes[b]], axis=1)))
    weight = np.where(shut | (a == b), np.inf, cost(nodes[b] - nodes[a])).reshape(count, count)
    return np.asarray(dijkstra(np.where(np.isfinite(weight), weight, 0.0)))[: len(xy), : len(xy)]


def test_flights_are_straight() -> None:
    """Distance is the straight line, time follows from the top speed, and traffic on the ground changes nothing."""
    sky = Sky()
    places = sky.snap(np.array([[0.0, 0.0], [300.0, 400.0]]))
    legs = sky.legs(places, places, Pace(10.0, 3.0))
    np.testing.assert_allclose(legs.distance_m, [[0, 500], [500, 0]])
    np.testing.assert_allclose(legs.duration_s, [[0, 50], [50, 0]])
    assert [line.tolist() for line in sky.paths(places, places, Pace(10.0))] == [[[0, 0]] * 2, [[300, 400]] * 2]


@pytest.mark.parametrize("sky", [Sky(), Sky((SQUARE,), 5.0), Sky(wind=steady_wind(1, 0))])
def test_no_places(sky: Sky) -> None:
    """No places give empty tables and no paths."""
    none = sky.snap(np.empty((0, 2)))
    assert sky.legs(none, none, Pace(1.0)).distance_m.shape == (0, 0)
    assert sky.paths(none, none, Pace(1.0)) == []


def test_a_flight_goes_round_a_square_at_its_margin() -> None:
    """The way round a square with a margin bends at two mitred corners, and its length is that of geometry."""
    duration_s, distance_m = table(Sky((SQUARE,), 5.0), (-35, 0), (35, 0))
    assert distance_m[0, 1] == pytest.approx(2 * np.hypot(20, 15) + 30, abs=0.01)
    assert duration_s[0, 1] == pytest.approx(distance_m[0, 1] / 10)


def test_a_flight_hugs_a_round_zone() -> None:
    """The way round a zone of 360 corners is two tangents and an arc."""
    turn = np.linspace(0, 2 * np.pi, 361)[:-1]
    disc = Zone("disc", shapely.Polygon(100 * np.column_stack([np.cos(turn), np.sin(turn)])))
    expected = 2 * np.sqrt(350**2 - 100**2) + 100 * (np.pi - 2 * np.arccos(100 / 350))
    assert table(Sky((disc,)), (-350, 0), (350, 0))[1][0, 1] == pytest.approx(expected, rel=1e-4)


def test_two_zones_that_touch_at_a_corner_leave_no_way_between() -> None:
    """A flight does not slip through the one point that two zones share."""
    zones = (Zone("a", shapely.box(-10, 0, 0, 10)), Zone("b", shapely.box(0, -10, 10, 0)))
    _, distance_m = table(Sky(zones), (-5, -5), (5, 5))
    assert distance_m[0, 1] == pytest.approx(2 * np.hypot(5, 5) + 20, abs=0.01)


def test_a_courtyard_has_no_way_out() -> None:
    """Places in the hole of a zone reach each other, and nothing outside."""
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    _, distance_m = table(Sky((Zone("ring", ring),), 1.0), (13, 13), (17, 17), (50, 50))
    assert distance_m[0, 1] == pytest.approx(4 * 2**0.5)
    assert np.isinf(distance_m[:2, 2]).all()


@settings(max_examples=120, deadline=None)
@given(towns())
def test_no_flight_enters_a_zone(town: tuple[tuple[Zone, ...], float, Real]) -> None:
    """No path comes inside a zone or its margin by shapely's judgement, and its length is the one reported."""
    zones, margin_m, xy = town
    sky = Sky(zones, margin_m)
    n = len(xy)
    starts, ends = sky.snap(np.repeat(xy, n, axis=0)), sky.snap(np.tile(xy, (n, 1)))
    distance_m = table(sky, *xy)[1].ravel()
    shut = [widen(zone, margin_m).buffer(-1e-6) for zone in zones]
    raw = [zone.area.buffer(margin_m - 1e-6, quad_segs=64) for zone in zones]
    for k, line in enumerate(sky.paths(starts, ends, PACE)):
        assert bool(len(line)) == np.isfinite(distance_m[k])
        if len(line):
            assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(distance_m[k], abs=1e-6)
            assert not any(shapely.relate_pattern(shapely.LineString(line), area, "T********") for area in shut + raw)


@settings(max_examples=60, deadline=None)
@given(towns())
def test_no_way_is_shorter(town: tuple[tuple[Zone, ...], float, Real]) -> None:
    """Distances are to 1 cm those of a search over all corners, alike there and back, and detours are no shorter."""
    zones, margin_m, xy = town
    sky = Sky(zones, margin_m)
    xy = xy[np.isfinite(sky.snap(xy).distance_m)]
    if not len(xy) or not zones:
        return
    _, distance_m = table(sky, *xy)
    np.testing.assert_allclose(distance_m, brute(sky, xy, lambda step: np.hypot(*step.T)), atol=0.01)
    np.testing.assert_allclose(distance_m, distance_m.T, atol=1e-9)
    over = (distance_m[:, :, None] + distance_m[None, :, :]).min(axis=1)
    # A place that touches a wall is rounded by less than the clearance, corner by corner.
    assert (distance_m <= over + 0.1).all()


@settings(max_examples=30, deadline=None)
@given(towns(), st.floats(-12, 12), st.floats(-12, 12))
def test_no_way_is_faster_in_even_wind(town: tuple[tuple[Zone, ...], float, Real], u: float, v: float) -> None:
    """In wind from any side, even one faster than the aircraft, times are those of a search over all corners."""
    zones, margin_m, xy = town
    sky = Sky(zones, margin_m, wind=steady_wind(u, v))
    xy = xy[np.isfinite(sky.snap(xy).distance_m)]
    if not len(xy) or not zones:
        return

    def cost(step: Real) -> Real:
        # Independent of the code: |step / t - wind| = airspeed, solved for the lesser positive t.
        a, b, c = u * u + v * v - 100.0, -2 * (step @ [u, v]), (step**2).sum(axis=1)
        with np.errstate(all="ignore"):
            root = np.sqrt(b * b - 4 * a * c)
            times = np.stack([(-b - root) / (2 * a), (-b + root) / (2 * a)])
        times[~(times > 0)] = np.inf
        return np.asarray(np.where(c == 0, 0.0, times.min(axis=0)))

    if abs(np.hypot(u, v) - 10) < 0.5:
        return
    np.testing.assert_allclose(table(sky, *xy)[0], brute(sky, xy, cost), rtol=1e-3, atol=1e-3)


def test_times_follow_the_wind_of_the_hour() -> None:
    """With the wind a flight is faster and against it slower, by the wind that holds at departure."""
    sky = Sky(wind=Wind(np.array([6.0, 12.0]), np.array([[5.0, 0.0], [0.0, 6.0]])))
    places = ((0.0, 0.0), (3000.0, 0.0))
    assert table(sky, *places)[0].tolist() == [[0, 200], [600, 0]]
    assert table(sky, *places, depart_s=12 * 3600)[0] == pytest.approx(np.array([[0, 375], [375, 0]]))


def test_in_a_storm_there_are_no_flights() -> None:
    """Where the wind across is as fast as the aircraft no flight is possible, and its path is empty."""
    sky = Sky(wind=steady_wind(0, 10))
    places = sky.snap(np.array([[0.0, 0.0], [3000.0, 0.0]]))
    assert table(sky, (0, 0), (3000, 0))[0].tolist() == [[0, np.inf], [np.inf, 0]]
    assert np.isinf(sky.legs(places, places, PACE).distance_m[0, 1])
    assert [len(line) for line in sky.paths(places, sky.snap(places.xy_m[::-1]), PACE)] == [0, 0]


@pytest.mark.parametrize(
    "sky",
    [
        Sky(),
        Sky((SQUARE,), 5.0),
        Sky((SQUARE,), wind=steady_wind(1, 0)),
        Sky(flight=Flight(50.0), terrain=Terrain(np.ones((3, 3)), (0, 0), (9, 9))),
    ],
)
def test_no_flight_leads_to_no_place(sky: Sky) -> None:
    """A place without coordinates is infinitely far from the air, and no flight leads there or from there."""
    duration_s, _ = table(sky, (40, 0), (np.nan, 0), (0, np.inf), (-40, 0))
    known = np.isfinite(duration_s)
    assert known.tolist() == [[k in (0, 3) and j in (0, 3) for j in range(4)] for k in range(4)]
    assert np.isinf(sky.snap(np.array([[np.nan, 1.0]])).distance_m).all()


def test_climb_and_descent_are_added() -> None:
    """A flight takes the time and the length of its climb and descent besides; staying in place takes none."""
    sky = Sky(flight=Flight(60.0, climb_mps=4.0, descent_mps=3.0))
    duration_s, distance_m = table(sky, (0, 0), (300, 400))
    assert duration_s.tolist() == [[0, 50 + 15 + 20], [85, 0]]
    assert distance_m.tolist() == [[0, 620], [620, 0]]


def test_a_flight_keeps_above_the_highest_ground_on_its_way() -> None:
    """A hill under the way, be the way straight or bent, lifts the whole flight; one beside it does not."""
    hill = np.zeros((21, 21))
    hill[10, 10] = 100.0
    ground = Terrain(hill, (0.0, 0.0), (10.0, 10.0))
    sky = Sky(flight=Flight(50.0, 5.0, 5.0), terrain=ground)
    _, distance_m = table(sky, (0, 100), (200, 100), (0, 0), (200, 0), (100, 100))
    assert distance_m[0, 1] == pytest.approx(200 + 2 * 150)
    assert distance_m[2, 3] == pytest.approx(200 + 2 * 50)
    assert distance_m[0, 4] == pytest.approx(100 + 150 + 50)
    wall = Zone("wall", shapely.box(90, -500, 110, 95))
    bent = Sky((wall,), flight=Flight(50.0, 5.0, 5.0), terrain=ground)
    over_m = 2 * np.hypot(90, 95) + 20 + 2 * 150
    assert table(bent, (0, 0), (200, 0))[1][0, 1] == pytest.approx(over_m, abs=0.01)


def test_a_sky_survives_pickling() -> None:
    """A sky sent to another process gives the same table."""
    sky = Sky((SQUARE,), 5.0, Flight(50.0, 5.0, 5.0))
    again = pickle.loads(pickle.dumps(sky))  # noqa: S301 - made here
    for mine, theirs in zip(table(sky, (-35, 0), (35, 0)), table(again, (-35, 0), (35, 0)), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_what_is_no_sky_is_told() -> None:
    """A margin that is no length and terrain without an altitude are faults with a mend."""
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="give metres"):
            Sky(margin_m=wrong)
    with pytest.raises(InputError, match="give a cruise altitude"):
        Sky(terrain=Terrain(np.zeros((2, 2)), (0, 0), (1, 1)))


def test_a_finer_wind_grid_of_one_wind_changes_nothing() -> None:
    """The same wind at every point of a grid gives the times of that wind everywhere."""
    grid = Wind(np.zeros(1), np.tile([3.0, 2.0], (1, 4, 5, 1)), (-50.0, -50.0), (20.0, 30.0))
    for one, other in pairwise([Sky((SQUARE,), wind=grid), Sky((SQUARE,), wind=steady_wind(3, 2))]):
        ends = ((-35, 0), (35, 0), (0, 40))
        np.testing.assert_allclose(table(one, *ends)[0], table(other, *ends)[0])
