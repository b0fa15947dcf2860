"""Tests of where vehicles go and stop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.network.air.wind import Wind
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.network.traffic import load_traffic
from doorstep.planning.checker import check
from doorstep.scenario.scenario import Stem
from doorstep.study import run
from doorstep.study.places import unserved

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Study


@pytest.fixture(scope="module")
def far_study(village: Scenario) -> Study:
    """Return a study whose hub lies ten kilometres off the map."""
    hub = village.hubs["depot"]
    stem = Stem(hub.x_m, hub.y_m, 12_000, 900)
    hubs = {"depot": replace(hub, y_m=hub.y_m + 10_000, stem=stem)}
    return run(replace(village, hubs=hubs), configurations=["courier"])


@pytest.mark.parametrize("name", ["courier", "drone", "robot", "locker", "mixed"])
def test_routes_lie_on_the_map(study: Study, name: str) -> None:
    """Every leg lies within the map, in degrees, and takes no negative time."""
    legs = study.routes(name)
    west, south, east, north = legs.total_bounds
    assert legs.crs == "EPSG:4326"
    assert (26.8, 60.4) < (west, south) < (east, north) < (27.1, 60.7)
    assert (legs["arrive_s"] >= legs["depart_s"]).all()


def test_routes_are_as_long_as_the_plan_says(study: Study) -> None:
    """The lengths of the drawn legs add up to the plan's distance, which rounds each leg up to a metre."""
    outcome = study.outcome("courier")
    legs = study.routes("courier")
    drawn_m = legs.to_crs(study.scenario.network.crs).length.sum()
    planned_m = sum(trip.distance_m for route in outcome.plan.routes for trip in route.trips)
    assert drawn_m - 1 <= planned_m <= drawn_m * 1.001 + len(legs)


def test_routes_by_the_hour_are_those_of_the_hour(village: Scenario) -> None:
    """With traffic by the hour every leg is drawn, and as long as the plan says, where all streets are slowed alike."""
    by_hour = run(replace(village, traffic=load_traffic("chinese-metropolis")), configurations=["courier"])
    outcome, legs = by_hour.outcome("courier"), by_hour.routes("courier")
    assert outcome.problem.fleets[0].period_from_s
    drawn_m = legs.to_crs(village.network.crs).length.sum()
    planned_m = sum(trip.distance_m for route in outcome.plan.routes for trip in route.trips)
    assert drawn_m == pytest.approx(planned_m, rel=0.01, abs=len(legs))
    assert check(outcome.problem, outcome.plan) == ()


def test_flights_in_wind_are_drawn_and_are_as_long_as_the_sky_says(village: Scenario) -> None:
    """Every flight in wind by the hour is drawn straight, and its metres are those through the air, not over ground."""
    wind = Wind(np.array([0.0, 10.0]), np.array([[6.0, 0.0], [0.0, 8.0]]))
    network = replace(village.network, layers={**village.network.layers, Medium.AIR: Sky(wind=wind)})
    windy = run(replace(village, network=network), configurations=["drone"])
    outcome, legs = windy.outcome("drone"), windy.routes("drone")
    assert check(outcome.problem, outcome.plan) == ()
    flights = legs[legs["piece"] == "air"].to_crs(village.network.crs)
    speed_mps = village.modes["quadcopter"].max_speed_mps
    flown = [fleet for fleet in outcome.problem.fleets if fleet.mode == "quadcopter"]
    assert len(flights)
    assert flown[0].period_from_s
    assert (flights.geometry.count_coordinates() == 2).all()
    seconds = (flights["arrive_s"] - flights["depart_s"]).to_numpy()
    assert (np.abs(flights.length - speed_mps * seconds) > 0.05 * flights.length).any()


def test_routes_run_on_the_streets(study: Study) -> None:
    """The van's legs lie on the drawn streets, and nothing is drawn of the air."""
    metres = study.scenario.network.crs
    streets = study.streets("road").to_crs(metres).union_all().buffer(0.5)
    legs = study.routes("courier").to_crs(metres)
    assert legs.within(streets).all()
    assert study.streets("air").empty


def test_loads_rise_where_returns_are_fetched(village: Scenario) -> None:
    """A courier who only fetches leaves with nothing, and has everything aboard on the last leg."""
    back = tuple(replace(order, is_return=True) for order in village.orders)
    study = run(replace(village, orders=back), configurations=["courier"])
    legs = study.routes("courier")
    for _, trip in legs[legs["piece"] == "street"].groupby(["vehicle", "trip"]):
        loads = list(trip["load"])
        assert loads == sorted(loads)
        assert loads[0] == 0 < loads[-1]
    assert study.stops("courier")["returned"].all()


def test_loads_fall_from_leg_to_leg(study: Study) -> None:
    """A vehicle leaves the hub with all parcels of its trip and comes back with none."""
    legs = study.routes("courier")
    for _, trip in legs.groupby(["vehicle", "trip"]):
        loads = list(trip["load"])
        assert loads == sorted(loads, reverse=True)
        assert loads[0] > loads[-1] == 0


def test_stops_are_the_served_orders(study: Study) -> None:
    """There is one stop for each served order, no later than its latency says."""
    for outcome in study.outcomes:
        stops = study.stops(outcome.name)
        assert len(stops) == outcome.scorecard.served
        assert stops["order"].is_unique
        assert stops["latency_min"].mean() == pytest.approx(outcome.scorecard.latency_min["mean"])


def test_locker_parcels_fit_their_compartments(study: Study) -> None:
    """The parcels in each locker are those of the stops there, and no more than its compartments."""
    lockers, stops = study.lockers("locker"), study.stops("locker")
    assert lockers["parcels"].sum() == (stops["handover"] == "locker").sum()
    assert (lockers["parcels"] <= lockers["compartments"]).all()


def test_a_stem_is_drawn_straight_and_named(far_study: Study) -> None:
    """The road of a hub off the map is drawn as a straight line of its own kind, out and back."""
    legs = far_study.routes("courier")
    stems = legs[legs["piece"] == "stem"].to_crs(far_study.scenario.network.crs)
    trips = sum(len(route.trips) for route in far_study.outcome("courier").plan.routes)
    assert len(stems) == 2 * trips
    assert stems.length.round().eq(10_000).all()
    assert set(legs["piece"]) == {"stem", "street"}


def test_hubs_of_a_configuration_are_those_of_its_vehicles(far_study: Study) -> None:
    """A hub off the map stands where it is, with the length of its stem."""
    hubs = far_study.hubs("courier")
    assert list(hubs["stem_m"]) == [12_000]
    assert hubs.geometry.iloc[0].y > 60.6


def test_nothing_unserved_is_an_empty_layer(study: Study) -> None:
    """A plan that leaves no order out has an empty frame of unserved places, with its columns."""
    outcome = study.outcome("courier")
    full = replace(outcome, plan=replace(outcome.plan, unserved=()))
    places = unserved(study.scenario, full)
    assert list(places.columns) == ["order", "rules", "reasons", "geometry"]
    assert places.empty
