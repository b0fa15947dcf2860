"""Tests of journeys by the clock: earliest arrivals, distances and lines."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstep.errors import InputError
from doorstep.network.extract import read_extract
from doorstep.network.grid import grid_town
from doorstep.network.hours.departures import journey_lines, journeys
from doorstep.network.network import Medium, Pace
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.streets import Streets, lay_streets
from doorstep.network.traffic import DAY_S, Traffic, load_traffic

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from doorstep.network.network import Network
    from doorstep.network.ways import StreetTable

    Make = Callable[..., StreetTable]

KARHULA = Path(__file__).parents[3] / "scenarios" / "data" / "karhula.osm.pbf"
SHARED = Path(__file__).parents[3].parent / "shared" / "osm" / "beijing-tsinghua.osm.pbf"
RUSH_S = 8 * 3600.0


def some_traffic(rng: np.random.Generator, periods: int, widest_s: float = DAY_S) -> Traffic:
    """Return any profile; breaks are drawn from the first `widest_s` of the day, so that journeys meet them."""
    inner = np.sort(rng.choice(np.arange(1, int(widest_s)), periods - 1, replace=False)).astype(float)
    factor = rng.uniform(0.5, 6, (periods, len(CLASS_NAMES)))
    return Traffic("drawn", np.array([0.0, *inner, DAY_S]), factor)


def random_town(table: Make, rng: np.random.Generator, side: int) -> tuple[StreetTable, NDArray[np.int64]]:
    """Return a bent lattice of all classes, partly one-way, with a node in the middle of every street; and those."""
    xy = (np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) * 400.0).tolist()
    xy = [(x + rng.uniform(-90, 90), y + rng.uniform(-90, 90)) for x, y in xy]
    numbers = np.arange(side * side).reshape(side, side)
    ways, middles = [], []
    for line in [*numbers.tolist(), *numbers.T.tolist()]:
        for a, b in pairwise(line):
            if rng.random() < 0.1:
                continue
            middles.append(len(xy))
            share = rng.uniform(0.2, 0.8)
            xy.append(tuple(share * p + (1 - share) * q for p, q in zip(xy[a], xy[b], strict=True)))
            oneway = str(rng.choice(["yes", "-1", "no", "no"]))
            kinds = rng.choice(["primary", "secondary", "residential", "service"], 2)
            for kind, nodes in zip(kinds, ([a, middles[-1]], [middles[-1], b]), strict=True):
                ways.append((nodes, {"highway": str(kind), "maxspeed": str(rng.integers(10, 90)), "oneway": oneway}))
    return table(xy, *ways), np.array(middles)


def by_label_correcting(
    made: StreetTable, traffic: Traffic, max_speed_mps: float, start: int, clock_s: float
) -> NDArray[np.float64]:
    """Return earliest arrivals at all nodes: street by street, again and again, until nothing gets better.

    How far one gets by a time is a broken line; where it is as long as the street, one is through.
    """
    days = np.arange(-1, 3) * DAY_S
    at_s = np.unique(np.concatenate([day + traffic.break_s for day in days]))
    arcs = []
    for way in range(len(made.first) - 1):
        a, b = made.node[made.first[way] : made.first[way + 1]]
        length_m = float(np.hypot(*(made.xy_m[b] - made.xy_m[a])))
        factor = np.tile(traffic.factor[:, made.road_class[way]], len(days))
        for tail, head, k in ((a, b, 0), (b, a, 1)):
            if made.allowed[Medium.ROAD][way, k]:
                speed = np.minimum(max_speed_mps, made.free_speed_mps[way, k] / factor)
                arcs.append((tail, head, length_m, np.concatenate([[0.0], np.cumsum(speed * np.diff(at_s))])))
    arrival = np.full(len(made.xy_m), np.inf)
    arrival[start] = clock_s
    better = True
    while better:
        better = False
        for tail, head, length_m, gone_m in arcs:
            if np.isfinite(arrival[tail]):
                there = np.interp(np.interp(arrival[tail], at_s, gone_m) + length_m, gone_m, at_s)
                if there < arrival[head] - 1e-7:
                    arrival[head], better = there, True
    return arrival


@pytest.mark.parametrize("seed", range(6))
def test_arrivals_are_those_of_label_correcting(table: Make, seed: int) -> None:
    """Between places in the middle of streets arrivals are those found by trying every street until nothing changes."""
    rng = np.random.default_rng(seed)
    made, middles = random_town(table, rng, 5)
    streets = lay_streets(made, Medium.ROAD)
    traffic = some_traffic(rng, 12, 1200.0)
    snaps = streets.snap(made.xy_m[middles])
    on = np.flatnonzero(snaps.distance_m < 1e-6)
    assert len(on) > 12
    places = streets.snap(made.xy_m[middles[on]])
    departs = [0.0, float(rng.uniform(0, 900)), DAY_S - 100.0]
    got = journeys(streets, places, places, 14.0, traffic, departs)
    for k, clock_s in enumerate(departs):
        for i in range(0, len(on), 7):
            want = by_label_correcting(made, traffic, 14.0, int(middles[on[i]]), clock_s)[middles[on]]
            np.testing.assert_allclose(got.arrival_s[k, i], want, atol=1e-5)
    assert (got.duration_s[1:] != got.duration_s[:1]).any()


@pytest.fixture(scope="module")
def towns() -> list[Network]:
    return [grid_town(6, 5, 120.0, seed=4), read_extract(KARHULA)]


def spread(streets: Streets, count: int, seed: int) -> NDArray[np.float64]:
    """Return places [n, 2] all over a layer."""
    low, high = streets.edges.point_xy_m.min(axis=0), streets.edges.point_xy_m.max(axis=0)
    return np.random.default_rng(seed).uniform(low, high, (count, 2))


def same_as_static(network: Network) -> None:
    """Assert that a flat profile gives the static table of every layer that moves on streets."""
    for medium in (Medium.ROAD, Medium.CYCLE, Medium.PATH, Medium.FOOT):
        streets = network.layers[medium]
        places = streets.snap(spread(streets, 12, 5))
        legs = streets.legs(places, places, Pace(7.0))
        got = journeys(streets, places, places, 7.0, load_traffic("flat"), [0.0, RUSH_S, DAY_S - 60])
        for k in range(3):
            np.testing.assert_allclose(got.duration_s[k], legs.duration_s, atol=1e-6)
            np.testing.assert_allclose(got.distance_m[k], legs.distance_m, atol=1e-6)


def test_flat_traffic_is_no_traffic(towns: list[Network]) -> None:
    """At any time of departure, in a made-up town and in a village, a flat profile gives the static table."""
    for network in towns:
        same_as_static(network)


@pytest.mark.skipif(not SHARED.exists(), reason="the extract of a quarter of Beijing is not there")
def test_flat_traffic_is_no_traffic_in_beijing() -> None:
    """In a quarter of Beijing, too, a flat profile gives the static table."""
    same_as_static(read_extract(SHARED))


def test_an_hour_that_outlasts_the_journey_is_its_static_table(towns: list[Network]) -> None:
    """Whoever arrives before the period ends takes what the pace of that period says."""
    streets = towns[1].layers[Medium.ROAD]
    places = streets.snap(spread(streets, 10, 6))
    traffic = some_traffic(np.random.default_rng(1), 4)
    clock_s = float(traffic.break_s[1])
    legs = streets.legs(places, places, traffic.pace(30.0, clock_s))
    got = journeys(streets, places, places, 30.0, traffic, clock_s)
    inside = got.arrival_s[0] <= traffic.break_s[2]
    assert inside.sum() > 50
    np.testing.assert_allclose(got.duration_s[0][inside], legs.duration_s[inside], atol=1e-6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_whole_journeys_keep_their_order(towns: list[Network], seed: int) -> None:
    """Between two places a journey begun later never ends earlier, and slower streets bring nobody earlier."""
    rng = np.random.default_rng(seed)
    streets = towns[0].layers[Medium.ROAD]
    places = streets.snap(spread(streets, 4, seed))
    traffic = some_traffic(rng, 30, 3600.0)
    clocks = np.sort(rng.uniform(-300, 3900, 9))
    got = journeys(streets, places, places, 12.0, traffic, clocks).arrival_s
    assert (np.diff(got, axis=0) >= 0).all()
    worse = Traffic("worse", traffic.break_s, traffic.factor * rng.uniform(1, 1.5, traffic.factor.shape))
    assert (journeys(streets, places, places, 12.0, worse, clocks).arrival_s >= got - 1e-6).all()


def test_lines_are_those_of_the_journeys(towns: list[Network]) -> None:
    """Each line begins and ends at its places and is as long as the journey at that time of departure says."""
    for network in towns:
        streets = network.layers[Medium.ROAD]
        rng = np.random.default_rng(8)
        out, to = streets.snap(spread(streets, 9, 1)), streets.snap(spread(streets, 9, 2))
        clocks, traffic = rng.uniform(0, 3600, 9), some_traffic(rng, 40, 3600.0)
        told = journeys(streets, out, to, 12.0, traffic, clocks)
        lines = journey_lines(streets, out, to, 12.0, traffic, clocks)
        for k, line in enumerate(lines):
            assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(told.distance_m[k, k, k], abs=1e-6)
            np.testing.assert_allclose(line[[0, -1]], [out.xy_m[k], to.xy_m[k]], atol=1e-6)


def test_a_jam_sends_people_round(table: Make) -> None:
    """While the main street is jammed the way leads over the side streets, and the line shows it."""
    xy = [(0, 0), (500, 0), (1000, 0), (0, 300), (1000, 300), (-50, 0), (1050, 0)]
    main, side = {"highway": "primary", "maxspeed": "50"}, {"highway": "residential", "maxspeed": "50"}
    streets = lay_streets(table(xy, ([5, 0, 1, 2, 6], main), ([0, 3, 4, 2], side)), Medium.ROAD)
    factor = np.ones((2, len(CLASS_NAMES)))
    factor[0, CLASS_NAMES.index("primary")] = 5.0
    traffic = Traffic("jam", np.array([0.0, 3600.0, DAY_S]), factor)
    ends = streets.snap(np.array([[0.0, 0.0]])), streets.snap(np.array([[1000.0, 0.0]]))
    got = journeys(streets, *ends, 99.0, traffic, [1800.0, 3600.0])
    assert got.distance_m.ravel() == pytest.approx([1600, 1000])
    line = journey_lines(streets, *ends, 99.0, traffic, [1800.0])[0]
    assert line[:, 1].max() == 300


def test_who_is_slowed_and_who_is_not(table: Make) -> None:
    """Traffic slows vans; cycles only where it falls below their own speed; people and robots never."""
    one = table([(0, 0), (300, 0)], ([0, 1], {"highway": "residential", "maxspeed": "45"}))
    seconds = {}
    for medium in (Medium.ROAD, Medium.CYCLE, Medium.FOOT, Medium.PATH):
        streets = lay_streets(one, medium)
        ends = streets.snap(np.array([[0.0, 0.0]])), streets.snap(np.array([[300.0, 0.0]]))
        jams = [Traffic("jam", np.array([0.0, DAY_S]), np.full((1, len(CLASS_NAMES)), f)) for f in (1.0, 2.0, 5.0)]
        seconds[medium] = [journeys(streets, *ends, 4.0, jam, 0.0).duration_s.item() for jam in jams]
    assert seconds[Medium.ROAD] == seconds[Medium.CYCLE] == pytest.approx([75, 75, 150])
    assert seconds[Medium.FOOT] == seconds[Medium.PATH] == pytest.approx([75, 75, 75])


def test_no_way_no_arrival(table: Make) -> None:
    """On a layer without streets nobody arrives, no line is drawn, and no places give empty tables."""
    empty = lay_streets(table([(0, 0), (9, 0)], ([0, 1], {"highway": "steps"})), Medium.ROAD)
    lost = empty.snap(np.array([[1.0, 1.0]]))
    flat = load_traffic("flat")
    assert np.isinf(journeys(empty, lost, lost, 9.0, flat, 0.0).arrival_s).all()
    assert journey_lines(empty, lost, lost, 9.0, flat, 0.0)[0].shape == (0, 2)
    none = empty.snap(np.empty((0, 2)))
    assert journeys(empty, none, lost, 9.0, flat, [0.0, 1.0]).arrival_s.shape == (2, 0, 1)


def test_times_and_speeds_that_are_none_are_told(towns: list[Network]) -> None:
    """Clock times that are no numbers or of another calendar, no speed, and a time too few are InputErrors."""
    streets = towns[0].layers[Medium.ROAD]
    places = streets.snap(spread(streets, 2, 1))
    flat = load_traffic("flat")
    with pytest.raises(InputError) as caught:
        journeys(streets, places, places, 0.0, flat, [np.nan])
    assert [fault.code for fault in caught.value.faults] == ["depart-time", "speed"]
    with pytest.raises(InputError, match="beyond thirty years"):
        journeys(streets, places, places, 9.0, flat, 1.7e9)
    with pytest.raises(InputError, match="no row of numbers"):
        journeys(streets, places, places, 9.0, flat, ["noon"])  # type: ignore[list-item]
    with pytest.raises(InputError, match="1 times for 2 origins"):
        journey_lines(streets, places, places, 9.0, flat, 0.0)


def test_of_equal_arrivals_the_shorter_way_counts(table: Make) -> None:
    """Where two ways take the same time, to a junction or into the middle of a street, the shorter one is told."""
    xy = [(0, 0), (1000, 0), (0, 500), (1000, 500), (0, 300), (1000, 300), (-50, 0), (1050, 0)]
    slow, equal, fast = ({"highway": "primary", "maxspeed": limit} for limit in ("45", "90", "180"))
    start, flat = np.array([[-50.0, 0.0]]), load_traffic("flat")
    one = lay_streets(table(xy, ([6, 0, 1, 7], slow), ([0, 2, 3, 1], equal)), Medium.ROAD)
    got = journeys(one, one.snap(start), one.snap(np.array([[1050.0, 0.0]])), 99.0, flat, 0.0)
    assert (got.arrival_s.item(), got.distance_m.item()) == (110, 1100)
    two = lay_streets(table(xy, ([6, 0, 1, 7], slow), ([0, 4, 5, 1], fast)), Medium.ROAD)
    got = journeys(two, two.snap(start), two.snap(np.array([[700.0, 0.0]])), 99.0, flat, 0.0)
    assert (got.arrival_s.item(), got.distance_m.item()) == (75, 750)


def test_a_class_ends_where_its_street_does(table: Make) -> None:
    """Along one edge of equal limits each piece of street has the factor of its own class."""
    tags = [{"highway": name, "maxspeed": "45"} for name in ("primary", "residential")]
    streets = lay_streets(table([(0, 0), (100, 0), (300, 0)], ([0, 1], tags[0]), ([1, 2], tags[1])), Medium.ROAD)
    factor = np.ones((1, len(CLASS_NAMES)))
    factor[0, CLASS_NAMES.index("primary")] = 3.0
    ends = streets.snap(np.array([[0.0, 0.0], [300.0, 0.0]]))
    got = journeys(streets, ends, ends, 99.0, Traffic("jam", np.array([0.0, DAY_S]), factor), 0.0)
    np.testing.assert_allclose(got.arrival_s, [[[0, 50], [50, 0]]])
