"""Tests of dayparts: the tables of a town by the hour, and the hours of which working hours have any."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from plain import HOUR, MODES, group, order, plain

from doorstep.demand.order import Window
from doorstep.errors import InputError
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Network
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.traffic import Traffic, load_traffic
from doorstep.planning.task.dayparts import parts_of
from doorstep.planning.task.tables import tabulate
from doorstep.planning.task.travel import Travel
from doorstep.scenario.scenario import Configuration, Hub, Scenario, Stem, WorkRules


@cache
def town_map() -> Network:
    """Return a small town."""
    return grid_town(6, 6, 120, 1)


def town(traffic: Traffic | None, begin_h: float = 7, end_h: float = 21, **numbers: object) -> Scenario:
    """Return a day in a small town with vans that go as fast as the streets let them, drones and robots."""
    network = town_map()
    doors = network.doors.xy_m[::12][:12]
    orders = tuple(order(f"o{k}", *xy) for k, xy in enumerate(doors.tolist()))
    vehicles = group("van", 2), group("quadcopter", 1), group("sidewalk-robot", 1)
    scenario = replace(
        plain(orders),
        network=network,
        hubs={"hub": Hub("hub", *doors[5].tolist())},
        lockers={},
        modes=MODES | {"van": replace(MODES["van"], max_speed_mps=25)},
        configurations=(Configuration("only", vehicles),),
        work=WorkRules(Window(begin_h * HOUR, end_h * HOUR), 9 * HOUR, 0, 0),
        traffic=traffic,
    )
    return replace(scenario, **numbers)


def by_class(*hours: tuple[float, float]) -> Traffic:
    """Return traffic of (begin in hours, factor) that is twice as strong on the wide streets."""
    factor = np.array([[factor] * len(CLASS_NAMES) for _, factor in hours], float)
    factor[:, CLASS_NAMES.index("secondary")] *= 2
    return Traffic("drawn", np.array([*(begin for begin, _ in hours), 24]) * HOUR, factor)


CITY = by_class((0, 1), (7, 2.5), (9, 1.4), (16, 3), (18, 1))


def test_the_table_of_a_period_is_that_of_its_hour() -> None:
    """Each period has the network's legs re-weighted for its hour, rounded up, and `duration_s` the least of them."""
    van, *_ = tabulate(town(CITY), "only").fleets
    assert van.period_from_s == (7 * 3600, 9 * 3600, 16 * 3600, 18 * 3600)
    travel, layer = Travel(town(CITY)), town_map().layers[Medium.ROAD]
    snaps = travel.snaps(Medium.ROAD)
    for begin_s, table in zip(van.period_from_s, van.period_duration_s, strict=True):
        legs = layer.legs(snaps, snaps, CITY.pace(25, begin_s))
        np.testing.assert_array_equal(table, np.ceil(legs.duration_s - 1e-6))
    np.testing.assert_array_equal(van.duration_s, van.period_duration_s.min(axis=0))
    assert van.period_duration_s.dtype == np.int32
    assert van.period_duration_s[2].sum() > 1.5 * van.period_duration_s[1].sum()


def test_metres_are_the_mean_of_the_hours() -> None:
    """The way of each hour counts as long as that hour lasts within the working hours."""
    blocked = CITY.factor.copy()
    blocked[3, CLASS_NAMES.index("secondary")] = 90
    traffic = replace(CITY, factor=blocked)
    travel, layer = Travel(town(traffic, 8, 17)), town_map().layers[Medium.ROAD]
    snaps, ways = travel.snaps(Medium.ROAD), travel.by_hour(Medium.ROAD, 25)
    metres = [np.ceil(layer.legs(snaps, snaps, traffic.pace(25, h * HOUR)).distance_m - 1e-6) for h in (8, 9, 16)]
    assert (metres[0] < metres[2]).any()
    np.testing.assert_array_equal(ways.distance_m, np.ceil((metres[0] + 7 * metres[1] + metres[2]) / 9 - 1e-6))


def test_whom_traffic_does_not_slow_has_no_periods() -> None:
    """Drones and robots have one table for all hours, the very same as without traffic."""
    busy, calm = (tabulate(town(traffic), "only").fleets for traffic in (CITY, None))
    for one, other in list(zip(busy, calm, strict=True))[1:]:
        assert one.period_from_s == ()
        assert one.period_duration_s is None
        np.testing.assert_array_equal(one.duration_s, other.duration_s)
        np.testing.assert_array_equal(one.distance_m, other.distance_m)


def test_a_flat_profile_is_the_static_answer() -> None:
    """A day that is alike at all hours has no periods and the table of its one factor, however it is cut up."""
    flat = Traffic("flat", np.array([0, 6, 12, 24]) * HOUR, np.full((3, len(CLASS_NAMES)), 1.7))
    for traffic, factor in (flat, 1.7), (load_traffic("flat"), 1):
        van, still = (tabulate(s, "only").fleets[0] for s in (town(traffic), town(None, traffic_factor=factor)))
        assert van.period_from_s == ()
        np.testing.assert_array_equal(van.duration_s, still.duration_s)
        np.testing.assert_array_equal(van.distance_m, still.distance_m)


def test_hours_that_are_alike_are_one_and_each_pace_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbours with the same factors are joined, and hours that come again share their tables."""
    asked: list[int] = []
    layer = type(town_map().layers[Medium.ROAD])
    legs = layer.legs
    monkeypatch.setattr(layer, "legs", lambda *given: asked.append(1) or legs(*given))
    traffic = by_class(*((h, 2 if h in {8, 17} else 1) for h in range(24)))
    ways = Travel(town(traffic)).by_hour(Medium.ROAD, 25)
    assert ways.from_s == (7 * 3600, 8 * 3600, 9 * 3600, 17 * 3600, 18 * 3600)
    assert len(asked) == 2


def test_days_after_the_first_are_like_it() -> None:
    """Working hours beyond midnight meet the next day's hours, with their seconds within the working hours."""
    traffic = by_class((0, 1), (7, 2), (9, 1))
    assert parts_of(traffic, 8 * HOUR, 33 * HOUR) == [
        (7 * 3600, 1, 3600),
        (9 * 3600, 2, 22 * 3600),
        (31 * 3600, 1, 2 * 3600),
    ]
    assert parts_of(traffic, 9 * HOUR, 9 * HOUR) == [(9 * 3600, 2, 1.0)]
    assert [begin for begin, *_ in parts_of(traffic, 7 * HOUR, 24 * HOUR)] == [7 * 3600, 9 * 3600]


def test_a_stem_is_as_slow_as_the_street_at_its_gate() -> None:
    """The road to a hub off the map is slowed at each hour as the street where it enters the map."""
    network = town_map()
    gate = network.layers[Medium.ROAD].snap(network.doors.xy_m[:1]).xy_m[0].tolist()
    hubs = {"hub": Hub("hub", gate[0], gate[1] - 9000, Stem(*gate, 9000, 600))}
    van = tabulate(town(CITY, hubs=hubs), "only").fleets[0]
    near = {"hub": Hub("hub", *gate)}
    bare = tabulate(town(CITY, hubs=near), "only").fleets[0]
    added = van.period_duration_s[:, 0, 1:] - bare.period_duration_s[:, 0, 1:]
    assert np.abs(added - np.array([1500, 840, 1800, 600])[:, None]).max() <= 1


def test_reach_is_judged_by_the_hour() -> None:
    """In a jam windows close before the van is there, or home; at an hour without one it could serve them all."""
    early = tuple(replace(o, window=Window(0, 8.2 * HOUR)) for o in town(None).orders)
    jam = by_class((0, 1), (8, 40), (10, 1))
    allowed = [
        tabulate(town(traffic, begin_h, orders=early), "only").fleets[0].allowed.sum()
        for traffic, begin_h in ((jam, 7), (None, 7))
    ]
    assert 0 < allowed[0] < allowed[1]


def test_the_way_home_is_judged_by_its_own_hour() -> None:
    """Who may hand over only when the jam has begun is not home by the end of the working hours."""
    late = tuple(replace(o, window=Window(9 * HOUR, 10 * HOUR)) for o in town(None).orders)
    jam = by_class((0, 1), (9, 40))
    allowed = [tabulate(town(traffic, 7, 9.2, orders=late), "only").fleets[0].allowed.sum() for traffic in (jam, None)]
    assert 0 < allowed[0] < allowed[1]


def test_a_layer_without_streets_knows_no_hours() -> None:
    """Whoever brings a layer of their own is told that traffic by the hour needs streets."""
    with pytest.raises(InputError, match="no streets"):
        tabulate(replace(plain((order("one", 100),)), traffic=CITY), "courier")
