"""No-fly zones: their margin, their altitudes and the places in them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.errors import InputError
from doorstep.network.air.flight import Flight, Terrain
from doorstep.network.air.nofly import Zone, close_off, names_at, widen
from doorstep.network.network import Pace
from doorstep.network.sky import Sky

BOX = shapely.box(-10, -10, 10, 10)
ENDS = np.array([[-35.0, 0.0], [35.0, 0.0]])


def across_m(sky: Sky) -> float:
    places = sky.snap(ENDS)
    return float(sky.legs(places, places, Pace(10.0)).distance_m[0, 1])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=9),
    st.floats(0.5, 30),
)
def test_the_margin_is_kept_everywhere(spots: list[tuple[int, int]], margin_m: float) -> None:
    """All points nearer than the margin are closed, also at sharp corners, and none further off than twice of it."""
    parts = shapely.get_parts(shapely.make_valid(shapely.Polygon(spots)))
    area = shapely.union_all([part for part in parts if part.geom_type == "Polygon"])
    if area.is_empty:
        return
    wide = widen(Zone("any", area), margin_m)
    assert shapely.buffer(area, margin_m, quad_segs=32).difference(wide).area < 1e-6 * margin_m**2
    assert shapely.difference(wide, shapely.buffer(area, 2.1 * margin_m, quad_segs=32)).area == 0


@pytest.mark.parametrize(
    ("floor_m", "ceiling_m", "holds"),
    [(0, 120, True), (0, 59, False), (61, 120, False), (60, 61, True), (20, 60, True), (0, np.inf, True)],
)
def test_a_zone_holds_in_its_band_only(floor_m: float, ceiling_m: float, holds: bool) -> None:
    """A flight at 60 m goes round a zone whose band it is in, its ends included, and straight past any other."""
    sky = Sky((Zone("band", BOX, floor_m, ceiling_m),), 5.0, Flight(60.0))
    assert (across_m(sky) > 70 + 120 + 1) == holds
    assert bool(sky.notes) != holds


def test_a_zone_holds_wherever_the_altitude_is_unknown() -> None:
    """Without a cruise altitude every zone holds, however high it begins."""
    assert across_m(Sky((Zone("high", BOX, 500, 600),), 5.0)) > 71


def test_ground_that_rises_and_falls_widens_the_band() -> None:
    """Over terrain a flight may be higher above ground by the whole relief, so zones up there hold as well."""
    ground = Terrain(np.array([[0.0, 40.0], [0.0, 40.0]]), (-50, -50), (100, 100))
    zones = (Zone("high", BOX, 90, 120),)
    assert across_m(Sky(zones, 5.0, Flight(60.0))) == pytest.approx(70 + 120)
    assert not Sky(zones, 5.0, Flight(60.0), terrain=ground).snap(np.zeros((1, 2))).distance_m[0] < np.inf


def test_nobody_rises_through_a_zone_that_flights_pass_over() -> None:
    """A place under a low zone cannot be flown to although flights pass over it; one under a high zone can."""
    low, high = Zone("low", BOX, 20, 40), Zone("high", BOX, 80, 90)
    spot = np.zeros((1, 2))
    for zone, distance_m, names in ((low, np.inf, ("low",)), (high, 0.0, ())):
        sky = Sky((zone,), 0.0, Flight(60.0))
        assert across_m(sky) == pytest.approx(70 + 120)
        assert sky.snap(spot).distance_m.tolist() == [distance_m]
        assert sky.zones_at(spot) == [names]


def test_places_in_zones_are_named() -> None:
    """A place in a zone or its margin, the outline included, has no flights, and is told with every zone it lies in."""
    zones = (Zone("airport", BOX), Zone("prison", shapely.box(0, 0, 40, 40)))
    sky = Sky(zones, 5.0)
    xy = np.array([[5.0, 5.0], [-15.0, 0.0], [-15.001, 0.0], [44.0, 44.0]])
    assert names_at(zones, 5.0, xy) == [("airport", "prison"), ("airport",), (), ("prison",)]
    assert sky.zones_at(xy) == names_at(zones, 5.0, xy)
    snaps = sky.snap(xy)
    assert snaps.distance_m.tolist() == [np.inf, np.inf, 0.0, np.inf]
    legs = sky.legs(snaps, snaps, Pace(10.0))
    open_pair = np.outer(np.isfinite(snaps.distance_m), np.isfinite(snaps.distance_m))
    assert (np.isfinite(legs.distance_m) == open_pair).all()
    assert (np.isfinite(legs.duration_s) == open_pair).all()
    assert [len(line) for line in sky.paths(snaps, snaps, Pace(10.0))] == [0, 0, 2, 0]
    told = sky.refusals(xy)
    assert [k for k, _, _ in told] == [0, 1, 3]
    assert told[0][1] == "lies in the no-fly zone 'airport', 'prison' or within 5 m of it"
    assert all("move the place" in fix for _, _, fix in told)


@pytest.mark.parametrize("margin_m", [0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 0.01])
def test_the_least_margin_closes_a_zone(margin_m: float) -> None:
    """However small the margin, also where coordinates are large, the zone itself stays closed and is flown round."""
    zone = Zone("box", shapely.box(496_656.99, 6_709_325.07, 497_156.99, 6_709_825.07))
    sky = Sky((zone,), margin_m)
    ends = sky.snap(np.array([[496_556.0, 6_709_425.0], [497_256.0, 6_709_425.0], [496_900.0, 6_709_400.0]]))
    legs = sky.legs(ends, ends, Pace(10.0))
    assert legs.distance_m[0, 1] == pytest.approx(500 + 2 * np.hypot(100, 100), abs=5)
    assert np.isinf(legs.distance_m[2, 0])


def test_outlines_with_many_corners_are_drawn_simpler_and_never_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zones with thousands of corners are simplified outwards by a stated length, and a place in between is told."""
    monkeypatch.setattr("doorstep.network.air.nofly.MOST_CORNERS", 1500)
    turn = np.linspace(0, 2 * np.pi, 6001)[:-1]
    reach = 500 + 3 * np.sin(40 * turn) + np.random.default_rng(1).uniform(-0.5, 0.5, 6000)
    area = shapely.Polygon(np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None])
    zone = Zone("round", area)
    solid, notes = close_off((zone,), 2.0)
    exact = widen(zone, 2.0)
    assert shapely.get_num_coordinates(solid) <= 1500
    assert shapely.difference(exact, solid).area < 1e-6
    kept_m = float(notes[0].split("up to about ")[1].split(" m")[0])
    outline = shapely.points(shapely.get_coordinates(shapely.segmentize(solid, 0.1)))
    assert 0 < shapely.distance(outline, exact).max() <= kept_m
    assert Sky((zone,), 2.0).notes == notes
    ring = solid.difference(exact.buffer(1e-3))
    spot = np.array([shapely.get_coordinates(ring.representative_point())[0]])
    sky = Sky((zone,), 2.0)
    assert np.isinf(sky.snap(spot).distance_m[0])
    assert "simpler outline" in sky.refusals(spot)[0][1]


def test_simpler_outlines_close_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rings within rings stay apart by all but some metres, however few corners are asked for."""
    rings = [shapely.Point(0, 0).buffer(reach).exterior.buffer(10) for reach in range(200, 2000, 100)]
    zones = tuple(Zone(f"{k}", ring) for k, ring in enumerate(rings))
    monkeypatch.setattr("doorstep.network.air.nofly.MOST_CORNERS", 100)
    solid, notes = close_off(zones, 5.0)
    exact = shapely.union_all([widen(zone, 5.0) for zone in zones])
    assert len(notes) == 1
    assert shapely.difference(exact, solid).area < 1e-6
    assert shapely.hausdorff_distance(solid, exact) < 25
    assert len(shapely.get_parts(solid)) == len(rings)


@pytest.mark.parametrize(("across", "gap_m"), [(40, 3.0), (12, 0.01)])
def test_a_narrow_gap_between_many_zones_is_flown_through(across: int, gap_m: float) -> None:
    """However many corners the zones have, a way between two of them that is wider than the clearance is found."""
    boxes = [
        Zone(f"{x}:{y}", shapely.box(x * 50, y * 50, (x + 1) * 50 - gap_m, (y + 1) * 50 - gap_m))
        for x in range(across)
        for y in range(across)
    ]
    sky = Sky(tuple(boxes))
    ends = sky.snap(np.array([[-gap_m / 2, -gap_m / 2], [across * 50 - gap_m / 2, across * 50 - gap_m / 2]]))
    legs = sky.legs(ends, ends, Pace(10.0))
    assert legs.distance_m[0, 1] < 2 * across * 50
    assert len(sky.paths(ends, sky.snap(ends.xy_m[::-1]), Pace(10.0))[0]) > 2


@pytest.mark.parametrize(
    ("area", "floor_m", "ceiling_m", "told"),
    [
        (shapely.Point(0, 0), 0, 1, "no sound polygon but Point"),
        (shapely.Polygon(), 0, 1, "without any area"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 0, 1, "make_valid"),
        (BOX, 10, 10, "floor below the ceiling"),
        (BOX, np.nan, 10, "floor below the ceiling"),
        (BOX, 0, np.nan, "floor below the ceiling"),
    ],
)
def test_what_is_no_zone_is_told(area: shapely.Geometry, floor_m: float, ceiling_m: float, told: str) -> None:
    """A zone without an inside, with an outline that crosses itself or with no band is a fault by its name."""
    with pytest.raises(InputError, match=told) as caught:
        Zone("odd", area, floor_m, ceiling_m)
    assert "'odd'" in str(caught.value)
