"""Tests of tables by period, and of legs that last through several of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.network import streets
from doorstep.network.extract import read_extract
from doorstep.network.graph import hierarchy
from doorstep.network.grid import grid_town
from doorstep.network.hours.departures import journeys
from doorstep.network.hours.periods import Timetable, end_leg, timetable
from doorstep.network.network import Medium
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.streets import Streets, lay_streets
from doorstep.network.traffic import DAY_S, Traffic, load_traffic

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.network.network import Snaps
    from doorstep.network.ways import StreetTable

KARHULA = Path(__file__).parents[3] / "scenarios" / "data" / "karhula.osm.pbf"
NOON = np.array([0.0, DAY_S / 2, DAY_S])


def places(layer: Streets, count: int) -> Snaps:
    low, high = layer.edges.point_xy_m.min(axis=0), layer.edges.point_xy_m.max(axis=0)
    return layer.snap(np.random.default_rng(3).uniform(low, high, (count, 2)))


@pytest.fixture(scope="module")
def village() -> Streets:
    layer = read_extract(KARHULA).layers[Medium.ROAD]
    assert isinstance(layer, Streets)
    return layer


def test_a_timetable_holds_the_table_of_every_period(village: Streets) -> None:
    """Each period has the times and distances that its own pace gives, also where two periods are alike."""
    snaps = places(village, 8)
    factor = np.random.default_rng(1).uniform(1, 3, (4, len(CLASS_NAMES)))
    factor[3] = factor[0]
    traffic = Traffic("drawn", np.array([0.0, 7, 9, 16, 24]) * 3600, factor)
    table = timetable(village, snaps, snaps, 20.0, traffic)
    assert table.duration_s.shape == table.distance_m.shape == (4, 8, 8)
    for period, clock_s in enumerate(traffic.break_s[:-1]):
        legs = village.legs(snaps, snaps, traffic.pace(20.0, clock_s))
        np.testing.assert_array_equal(table.duration_s[period], legs.duration_s)
        np.testing.assert_array_equal(table.distance_m[period], legs.distance_m)


def test_all_hours_take_one_preparation(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many hours and paces are asked for, streets are prepared once, and the numbers stay the same."""
    calls = []
    prepare = hierarchy.prepare
    monkeypatch.setattr(hierarchy, "prepare", lambda *given: calls.append(1) or prepare(*given))
    layer = grid_town(6, 5, 100.0, seed=4).layers[Medium.ROAD]
    snaps, city = places(layer, 9), load_traffic("european-city")
    searched = timetable(layer, snaps, snaps, 12.0, city)
    assert calls == []
    monkeypatch.setattr(streets, "WORTH_PREPARING", 10 * 9 * layer.edges.nodes)
    swept = timetable(layer, snaps, snaps, 12.0, city)
    layer.legs(snaps, snaps, city.pace(9.0, 3600.0))
    timetable(layer, snaps, snaps, 12.0, load_traffic("open-country"))
    assert calls == [1]
    np.testing.assert_allclose(swept.duration_s, searched.duration_s, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("name", ["european-city", "chinese-metropolis"])
def test_legs_are_exact_where_all_streets_are_slowed_alike(village: Streets, name: str) -> None:
    """With one factor an hour for all streets a leg by the timetable ends when the exact journey does, at any time."""
    snaps, traffic = places(village, 9), load_traffic(name)
    table = timetable(village, snaps, snaps, 99.0, traffic)
    departs = np.array([6.98, 7.99, 18.95, 23.97]) * 3600
    exact = journeys(village, snaps, snaps, 99.0, traffic, departs)
    i, j = np.divmod(np.arange(81), 9)
    got = table.arrival_s(i, j, departs[:, None]).reshape(4, 9, 9)
    np.testing.assert_allclose(got, exact.arrival_s, atol=1e-6)
    assert (got - departs[:, None, None] - table.duration_s[[6, 7, 18, 23]] < -1e-3).any()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-DAY_S, 2 * DAY_S), st.floats(0, 9000))
def test_a_leg_begun_later_never_ends_earlier(seed: int, clock_s: float, wait_s: float) -> None:
    """Whatever a leg takes in the periods of a day: first in, first out, to the last digit."""
    rng = np.random.default_rng(seed)
    inner = np.sort(rng.choice(np.arange(1, 86400), 5, replace=False)).astype(float)
    break_s, duration_s = np.array([0.0, *inner, DAY_S]), rng.uniform(1, 20_000, 6)
    early = end_leg(break_s, duration_s, clock_s)
    assert clock_s + duration_s.min() - 1e-6 <= early <= clock_s + duration_s.max() + 1e-6
    assert end_leg(break_s, duration_s, clock_s + wait_s) >= early


def test_a_leg_over_a_break_by_hand() -> None:
    """A leg of 100 s before noon and 50 s after it, begun 40 s before noon, is over 30 s after noon."""
    table = Timetable(NOON, np.array([100.0, 50.0]).reshape(2, 1, 1), np.full((2, 1, 1), 700.0))
    assert table.arrival_s(0, 0, 43160.0) == 43230.0
    np.testing.assert_allclose(table.arrival_s(0, 0, [[43160.0, 86375.0]]), [[43230.0, 86450.0]])


def test_legs_to_nowhere_and_to_oneself() -> None:
    """A leg without a way never ends, one to its own place ends at once, and columns are not rows."""
    duration_s = np.array([[0.0, 60.0, np.inf], [90.0, 0.0, np.inf]])[None].repeat(2, axis=0)
    table = Timetable(NOON, duration_s, duration_s)
    np.testing.assert_array_equal(table.arrival_s([0, 0, 1, 0], [0, 2, 0, 1], 5.0), [5.0, np.inf, 95.0, 65.0])


def test_single_streets_are_in_the_timetable(table: Callable[..., StreetTable]) -> None:
    """A factor of one street's own counts in the tables of its hours, and a pace refuses to tell it."""
    xy = [(0, 0), (500, 0), (1000, 0), (0, 300), (1000, 300), (-50, 0), (1050, 0)]
    tags = {"highway": "primary", "maxspeed": "45"}
    made = table(xy, ([5, 0, 1, 2, 6], tags), ([0, 3, 4, 2], tags))
    layer = lay_streets(made, Medium.ROAD)
    own = np.where(np.isclose(layer.edges.length_m, 1000), len(CLASS_NAMES), -1)
    factor = np.ones((2, len(CLASS_NAMES) + 1))
    factor[0, -1] = 9.0
    traffic = Traffic("works", NOON, factor, (), own)
    ends = layer.snap(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    found = timetable(layer, ends, ends, 99.0, traffic)
    assert found.duration_s[:, 0, 1] == pytest.approx([160, 100])
    assert journeys(layer, ends, ends, 99.0, traffic, [0.0, 50_000.0]).distance_m[:, 0, 1] == pytest.approx(
        [1600, 1000]
    )
    with pytest.raises(ValueError, match="single streets have factors of their own"):
        traffic.pace(9.0, 0.0)
    cycled = lay_streets(made, Medium.CYCLE)
    assert timetable(cycled, ends, ends, 99.0, traffic).duration_s[:, 0, 1] == pytest.approx([100, 100])
    with pytest.raises(ValueError, match="is of a map with 4 road edges"):
        traffic.columns(grid_town(3, 3, 100.0, seed=1).layers[Medium.ROAD])
