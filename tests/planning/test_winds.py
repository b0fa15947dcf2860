"""Tests of flights in wind by the hour: their tables, and the plans made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plain import CONFIGURATIONS, DRONE, HOUR, group, order, plain

from doorstep.network.air.flight import Flight
from doorstep.network.air.wind import Wind, steady_wind
from doorstep.network.network import Medium, Pace
from doorstep.network.sky import Sky
from doorstep.planning.checker import check
from doorstep.planning.planner import solve
from doorstep.planning.problem import FAR
from doorstep.planning.task.tables import tabulate
from doorstep.planning.task.travel import Travel
from doorstep.scenario.scenario import Configuration, Scenario

BREEZES = Wind(np.array([0.0, 12.0, 15.0]), np.array([[5.0, 0.0], [0.0, 9.0], [-3.0, 2.0]]))


def windy(sky: Sky, *xs_m: float) -> Scenario:
    """Return a plain under a sky, with orders in a row east of the hub."""
    found = plain(tuple(order(f"o{k}", 2000 + x) for k, x in enumerate(xs_m)))
    network = replace(found.network, layers={**found.network.layers, Medium.AIR: sky})
    drones = Configuration("drones", (group("quadcopter", 2),))
    return replace(found, network=network, configurations=(*CONFIGURATIONS, drones))


def test_tables_are_those_of_the_winds_that_blow() -> None:
    """Each wind within the working hours has a table, and metres are the most through the air of them all."""
    sky = Sky(wind=BREEZES, flight=Flight(50.0, 5.0, 5.0))
    scenario = windy(sky, 1500, 4000)
    found = Travel(scenario).by_hour(Medium.AIR, 15.0)
    assert found.from_s == (round(scenario.work.hours.open_s), 12 * 3600, 15 * 3600)
    snaps = Travel(scenario).snaps(Medium.AIR)
    flown_m = []
    for begin_s, table in zip(found.from_s, found.duration_s, strict=True):
        legs = sky.legs(snaps, snaps, Pace(15.0), begin_s)
        np.testing.assert_array_equal(table, np.ceil(legs.duration_s - 1e-6))
        moves = legs.duration_s > 0
        flown_m.append(np.where(moves, 15.0 * (legs.duration_s - 20) + 100, 0))
    np.testing.assert_array_equal(found.distance_m, np.ceil(np.max(flown_m, axis=0) - 1e-6))
    np.testing.assert_array_equal(found.least_s, found.duration_s.min(axis=0))


def test_a_steady_wind_needs_no_hours() -> None:
    """Where one wind blows all day there is one table, and in still air it is that of a sky without wind."""
    assert Travel(windy(Sky(wind=steady_wind(5, 0)), 900)).by_hour(Medium.AIR, 15.0).from_s == ()
    still, none = (Travel(windy(sky, 900)).by_hour(Medium.AIR, 15.0) for sky in (Sky(wind=steady_wind(0, 0)), Sky()))
    np.testing.assert_array_equal(still.least_s, none.least_s)
    np.testing.assert_array_equal(still.distance_m, none.distance_m)


def test_an_hour_of_storm_closes_the_way_for_the_day() -> None:
    """A way that cannot be flown in one of the working hours has no table entry at any hour; staying in place has."""
    storm = Wind(np.array([0.0, 14.0, 15.0]), np.array([[1.0, 0.0], [15.0, 0.0], [1.0, 0.0]]))
    found = Travel(windy(Sky(wind=storm), 1500)).by_hour(Medium.AIR, 15.0)
    out, home = found.least_s[0, -1], found.least_s[-1, 0]
    assert (out < FAR, home) == (True, FAR)
    assert found.distance_m[-1, 0] == FAR
    assert (np.diag(found.least_s) == 0).all()
    before = Wind(np.array([0.0, 5.0]), np.array([[15.0, 0.0], [1.0, 0.0]]))
    assert (Travel(windy(Sky(wind=before), 1500)).by_hour(Medium.AIR, 15.0).least_s < FAR).all()


def test_the_battery_must_last_against_the_wind() -> None:
    """An order that a drone reaches in still air is out of its range where the wind holds it up."""
    drone = replace(DRONE, range_m=20_000)
    for sky, within in ((Sky(), True), (Sky(wind=steady_wind(10, 0)), False)):
        scenario = windy(sky, 9000)
        problem = tabulate(replace(scenario, modes={**scenario.modes, "quadcopter": drone}), "drones")
        (fleet,) = problem.fleets
        verdict = next(one for one in fleet.verdicts if one.rule == "range")
        yard = np.array([kind == "yard" for kind in problem.option_kind])
        assert (verdict.needs <= verdict.has)[yard].all() == within


@pytest.mark.parametrize("ready_h", [8, 11.9, 14.95])
def test_plans_in_wind_keep_every_rule(ready_h: float) -> None:
    """Flights that begin in one wind and end in the next are timed alike by the planner and the checker."""
    scenario = windy(Sky(wind=BREEZES), 1500, 2500, 4000, 900)
    late = tuple(replace(one, ready_s=round(ready_h * HOUR), placed_s=7 * HOUR) for one in scenario.orders)
    problem = tabulate(replace(scenario, orders=late), "drones")
    assert problem.fleets[0].period_from_s
    plan = solve(problem, scenario.effort)
    assert check(problem, plan) == ()
    assert sum(len(trip.stops) for route in plan.routes for trip in route.trips) == 4
