"""Tests of traffic profiles: what they rest on, and what they do to a vehicle's pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from doorstep.errors import InputError
from doorstep.modes.sources import load_sources
from doorstep.network import traffic as room
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Pace
from doorstep.network.roadclass import CLASS_NAMES, ROAD_CLASSES, class_number
from doorstep.network.rules.speed import USUAL_KMH
from doorstep.network.streets import lay_streets
from doorstep.network.traffic import DAY_S, Traffic, load_traffic, traffic_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.network.ways import StreetTable

SOME = np.full((2, len(CLASS_NAMES)), 1.5)
NOON = np.array([0.0, DAY_S / 2, DAY_S])


def test_every_class_of_street_that_has_a_speed_belongs_to_one_road_class() -> None:
    """Each highway value of the table of speeds is in one group; anything else counts as `other`."""
    grouped = [highway for group in ROAD_CLASSES.values() for highway in group]
    assert sorted(grouped) == sorted(USUAL_KMH)
    assert [CLASS_NAMES[class_number(name)] for name in ("trunk_link", "living_street", "road", "cycleway", "")] == [
        *("trunk", "residential", "minor"),
        *("other", "other"),
    ]


@pytest.mark.parametrize("name", traffic_names())
def test_every_number_of_a_profile_has_an_origin(name: str) -> None:
    """Every entry of every shipped profile has a known source or says why it was estimated, and numbers their unit."""
    facts: dict[str, Any] = yaml.safe_load((room._FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))  # noqa: SLF001
    entries = {key: value for key, value in facts.items() if key != "label"}
    assert entries
    for value in entries.values():
        assert ("source" in value) != ("estimate" in value)
        assert "estimate" in value or value["source"] in load_sources()
        assert "unit" in value or not {"value", "values"} & set(value)
    assert len(load_traffic(name).notes) >= len(entries)


def test_the_shipped_profiles_are_as_slow_as_their_sources_say() -> None:
    """Peaks are those of the sources, the fastest hour is free, and the European hours are the published speeds."""
    assert traffic_names() == ["chinese-metropolis", "european-city", "flat", "open-country"]
    peaks = {name: load_traffic(name).factor.max() for name in traffic_names()}
    assert peaks == pytest.approx(
        {"chinese-metropolis": 1.609, "european-city": 41 / 28.4, "flat": 1, "open-country": 1.1}
    )
    assert {load_traffic(name).factor.min() for name in traffic_names()} == {1.0}
    city = load_traffic("european-city")
    assert 41.0 / city.factor[[0, 8, 17, 23], 3] == pytest.approx([38.9, 30.2, 28.4, 38.0])
    assert "european-city, hourly speed: source rudy2025" in " ".join(load_traffic("chinese-metropolis").notes)


def test_an_unknown_profile_is_told_with_the_nearest_name() -> None:
    """A name that no profile has is an InputError that says which one may be meant."""
    with pytest.raises(InputError, match="did you mean 'european-city'"):
        load_traffic("europe-city")


def test_days_come_again() -> None:
    """A period begins with its first second, and holds at the same hour of every day, before and after."""
    assert [Traffic("two", NOON, SOME).period(day * DAY_S + s) for day in (-1, 0, 2) for s in (0, 43199, 43200)] == [
        *(0, 0, 1),
        *(0, 0, 1),
        *(0, 0, 1),
    ]


def test_faults_of_a_profile_come_at_once() -> None:
    """Periods that make no day, factors in a wrong shape, and factors that are none are all told."""
    wrong = np.array([[1.0, 0.0], [np.nan, 2.0]])
    with pytest.raises(InputError) as caught:
        Traffic("bad", np.array([0.0, 7200.0, 3600.0]), wrong)
    assert [fault.code for fault in caught.value.faults] == ["traffic-day", "traffic-shape", "traffic-factor"]
    for breaks in ([0.0], [1.0, DAY_S], [0.0, DAY_S / 2]):
        with pytest.raises(InputError, match="do not make up a day"):
            Traffic("bad", np.array(breaks), SOME[: max(len(breaks) - 1, 1)])
    for factor in (0.0, -1.0, np.inf, 101.0):
        with pytest.raises(InputError, match="are not between"):
            Traffic("bad", NOON, SOME * factor)


def test_a_pace_slows_each_class_by_its_own_factor(table: Callable[..., StreetTable]) -> None:
    """Main street and side street of equal limits take what the factor of their class makes of them, at that hour."""
    ways = [([0, 1], {"highway": name, "maxspeed": "45"}) for name in ("primary", "residential")]
    ways[1] = ([1, 2], ways[1][1])
    streets = lay_streets(table([(0, 0), (100, 0), (300, 0)], *ways), Medium.ROAD)
    factor = np.ones((2, len(CLASS_NAMES)))
    factor[1, [CLASS_NAMES.index("primary"), CLASS_NAMES.index("residential")]] = 2.0, 4.0
    places = streets.snap(np.array([[0.0, 0.0], [300.0, 0.0]]))
    traffic = Traffic("jam", NOON, factor)
    assert streets.legs(places, places, traffic.pace(99.0, 0.0)).duration_s[0, 1] == pytest.approx(30)
    assert streets.legs(places, places, traffic.pace(99.0, 50_000.0)).duration_s[0, 1] == pytest.approx(20 + 80)
    assert streets.legs(places, places, traffic.pace(4.0, 50_000.0)).duration_s[0, 1] == pytest.approx(25 + 80)


def test_equal_factors_of_classes_are_one_factor_of_all() -> None:
    """A pace of equal factors gives the table of a pace with that one factor."""
    streets = grid_town(4, 3, 100.0, seed=3).layers[Medium.ROAD]
    places = streets.snap(np.array([[500110.0, 5000130.0], [500250.0, 5000010.0], [500020.0, 5000290.0]]))
    one = streets.legs(places, places, Pace(9.0, 1.4))
    many = streets.legs(places, places, Pace(9.0, (1.4,) * len(CLASS_NAMES)))
    np.testing.assert_array_equal(one.duration_s, many.duration_s)


def test_a_pace_has_as_many_factors_as_there_are_classes() -> None:
    """Too few factors are an InputError, not a wrong street."""
    streets = grid_town(3, 3, 100.0, seed=1).layers[Medium.ROAD]
    places = streets.snap(np.array([[500110.0, 5000130.0]]))
    with pytest.raises(InputError, match="2 factors for 9 road classes"):
        streets.legs(places, places, Pace(9.0, (1.0, 2.0)))


def test_a_network_knows_the_class_of_its_streets() -> None:
    """The axes of the made-up town are secondary streets, its other roads residential, its footway `other`."""
    layers = grid_town(4, 4, 100.0, seed=1).layers
    found = {}
    for medium in (Medium.ROAD, Medium.FOOT):
        edges = layers[medium].edges
        metres = np.bincount(edges.road_class, edges.step_m, len(CLASS_NAMES))
        found[medium] = {CLASS_NAMES[k]: round(metres[k]) for k in np.flatnonzero(metres)}
    assert set(found[Medium.ROAD]) == {"secondary", "residential"}
    assert found[Medium.FOOT]["secondary"] == 800
    assert found[Medium.FOOT]["other"] >= 141
