"""Tests of freezing a day: what counts as begun, and that every planner leaves it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from chance import as_it_went
from hourly import slowed, some_problem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain import HOUR, VAN, configured, group, order, plain, plan_of, random_orders
from small import small_scenarios

from doorstep.errors import InputError
from doorstep.handover import Handover
from doorstep.planning.begun.homeward import free_s
from doorstep.planning.begun.locked import Begun, Locked, Pin, freeze
from doorstep.planning.checker import check, cost
from doorstep.planning.planner import solve
from doorstep.planning.sisr import districts, search
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort, Scenario

if TYPE_CHECKING:
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem

EFFORT = Effort(6, 60)
DOOR = {"accepts": frozenset({Handover.DOOR})}


@pytest.fixture
def street() -> tuple[Problem, Plan]:
    """Return three doors a kilometre apart on one trip of a van, two more on its next, and a second van."""
    day = tuple(order(f"o{k}", 1000.0 - 1000 * k, **DOOR) for k in range(5))
    scenario = configured(plain(day), group("van", 2, "door"))
    problem = tabulate(replace(scenario, modes={**scenario.modes, "van": replace(VAN, max_parcels=3)}), "only")
    return problem, plan_of(problem, [(0, [-1, 0, 1, 2, -1, 3, 4])])


def begun_at(street: tuple[Problem, Plan], now_s: int) -> Begun:
    """Return what the van has begun."""
    (one,) = freeze(*street, now_s).begun
    return one


def test_nothing_has_begun_before_the_first_loading(street: tuple[Problem, Plan]) -> None:
    """What is loaded from now on has not begun."""
    problem, plan = street
    assert freeze(problem, plan, plan.routes[0].trips[0].load_s).begun == ()


def test_a_vehicle_that_is_being_loaded_has_all_aboard(street: tuple[Problem, Plan]) -> None:
    """During loading no stop is locked, all that is loaded is aboard, and the vehicle is free at its departure."""
    trip = street[1].routes[0].trips[0]
    one = begun_at(street, trip.load_s + 1)
    assert (one.aboard, one.trips[0].stops, one.under_way, free_s(one)) == ((0, 1, 2), (), True, trip.depart_s)


def test_a_stop_that_is_being_driven_to_is_locked(street: tuple[Problem, Plan]) -> None:
    """Whoever has left for a stop goes there; what comes after it is aboard."""
    trip = street[1].routes[0].trips[0]
    one = begun_at(street, trip.stops[0].leave_s + 1)
    assert (one.aboard, one.trips[0].stops, free_s(one)) == ((2,), trip.stops[:2], trip.stops[1].leave_s)
    assert begun_at(street, trip.stops[0].leave_s).aboard == (1, 2)


def test_trips_that_are_over_are_whole(street: tuple[Problem, Plan]) -> None:
    """Between two trips a vehicle has begun one trip, and is not under way."""
    trips = street[1].routes[0].trips
    one = begun_at(street, trips[0].return_s)
    assert (one.trips, one.under_way, one.aboard, free_s(one)) == (trips[:1], False, (), trips[0].return_s)


def test_new_orders_join_what_has_begun(street: tuple[Problem, Plan]) -> None:
    """A plan of a day with fewer orders is frozen in one with more, known by the names of its orders."""
    old, plan = street
    day = tuple(order(f"o{k}", 1000.0 - 1000 * k, **DOOR) for k in (5, 4, 3, 2, 1, 0))
    scenario = configured(plain(day), group("van", 2, "door"))
    problem = tabulate(replace(scenario, modes={**scenario.modes, "van": replace(VAN, max_parcels=3)}), "only")
    now = plan.routes[0].trips[0].stops[0].leave_s + 1
    locked = freeze(problem, plan, now, of=old)
    assert locked.begun[0].aboard == (3,)
    found = solve(problem, EFFORT, start=(old, plan), locked=locked)
    assert check(problem, found, locked) == ()
    assert found.unserved == ()
    assert [stop.option for stop in found.routes[0].trips[0].stops] == [5, 4, 3]


def test_what_has_begun_must_be_in_the_problem(street: tuple[Problem, Plan]) -> None:
    """An order that has been loaded cannot be forgotten."""
    old, plan = street
    scenario = configured(plain((order("o4", -3000.0, **DOOR),)), group("van", 2, "door"))
    with pytest.raises(InputError, match=r"order o0: order; order o1: order.*keep in the problem whatever has begun"):
        freeze(tabulate(scenario, "only"), plan, 86_400, of=old)


def test_contradictions_are_told_at_once(street: tuple[Problem, Plan]) -> None:
    """Vehicles and options that there are not, and orders locked twice, are told in one message."""
    problem, plan = street
    trip = plan.routes[0].trips[0]
    begun = Begun(0, 0, (trip,)), Begun(0, 1, (trip,)), Begun(0, 1, ()), Begun(0, 2, (trip,))
    pins = Pin(9), Pin(0, 0, 7), Pin(1, option=0), Pin(0, 3)
    with pytest.raises(InputError) as told:
        solve(problem, EFFORT, locked=Locked(30_000, begun, pins))
    for words in (
        "no vehicle 3 of fleet 1",
        "van 2 has begun twice",
        "van 2 has begun nothing",
        "order o0 is locked 3 times",
        "no order 10 to pin",
        "order o0 is pinned to a vehicle that there is not",
        "order o1 is pinned to an option that it has not",
    ):
        assert words in str(told.value)


def test_pinned_orders_are_served_as_they_must_be(street: tuple[Problem, Plan]) -> None:
    """An order pinned to the other van goes there, though one van would be cheaper."""
    problem, _ = street
    locked = Locked(0, (), (Pin(2, 0, 1),))
    found = solve(problem, EFFORT, locked=locked)
    assert check(problem, found, locked) == ()
    (route,) = [r for r in found.routes if any(s.option == 2 for t in r.trips for s in t.stops)]
    assert route.vehicle == 1


def test_a_vehicle_that_comes_home_too_late_comes_home(street: tuple[Problem, Plan]) -> None:
    """Where what has happened breaks working hours already, the vehicle goes home and breaks no more of them."""
    problem, plan = street
    late = replace(problem, fleets=(replace(problem.fleets[0], close_s=plan.routes[0].trips[0].stops[1].leave_s),))
    locked = freeze(late, plan, plan.routes[0].trips[0].stops[1].leave_s - 1)
    found = solve(late, EFFORT, start=plan, locked=locked)
    assert check(late, found, locked) == ()
    assert [stop.option for stop in found.routes[0].trips[0].stops] == [0, 1]
    assert len(found.unserved) == 3
    assert all(unserved.reasons for unserved in found.unserved)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario=small_scenarios(), hour=st.floats(6, 20), planner=st.sampled_from(["doorstep", "ortools"]))
def test_any_day_is_planned_anew_from_any_moment(scenario: Scenario, hour: float, planner: str) -> None:
    """Whatever has begun stays as it is, and the rest is no dearer than planned; late days keep what they can."""
    for configuration in scenario.configurations:
        problem = tabulate(scenario, configuration.name)
        plan = solve(problem, scenario.effort, seed=1)
        locked = freeze(problem, plan, int(hour * HOUR))
        found = solve(problem, scenario.effort, seed=2, start=plan, locked=locked, planner=planner)
        assert check(problem, found, locked) == ()
        assert cost(problem, found) <= cost(problem, plan)
        assert found.solver["start"]["left_out"] == []
        assert found.solver["best"] == pytest.approx(cost(problem, found) / 1e9, abs=0.01)
        assert all(unserved.reasons for unserved in found.unserved)
        went = as_it_went(plan, [fleet.turnaround_s for fleet in problem.fleets], np.random.default_rng(3))
        locked = freeze(problem, went, int(hour * HOUR))
        assert check(problem, solve(problem, scenario.effort, start=went, locked=locked), locked) == ()
        assert check(problem, solve(problem, scenario.effort, locked=locked, planner=planner), locked) == ()


@pytest.mark.parametrize("hour", [7.5, 8.5, 9.5])
def test_a_day_with_rush_hours_is_planned_anew(hour: float) -> None:
    """Travel by the hour counts from where and when each vehicle is."""
    problem = slowed(some_problem(), (0, 8 * 3600, 10 * 3600), (1.0, 2.2, 1.1))
    plan = solve(problem, EFFORT)
    for day in plan, as_it_went(plan, [300], np.random.default_rng(1)):
        locked = freeze(problem, day, int(hour * HOUR))
        found = solve(problem, EFFORT, start=day, locked=locked)
        assert check(problem, found, locked) == ()
        assert day is not plan or cost(problem, found) <= cost(problem, plan)


def test_large_days_keep_what_has_begun_in_every_district(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that is searched in districts keeps what has begun, and gets no dearer; the same again is the same."""
    monkeypatch.setattr(search, "LARGE", 50)
    monkeypatch.setattr(districts, "SIZE", 40)
    day = random_orders(160, 5, spread_m=4000, same_day=True)
    groups = group("van", 6, "door", "locker"), group("quadcopter", 3, "yard"), group("robovan", 4, "kerb")
    problem = tabulate(configured(plain(day), *groups, lockers=("square",)), "only")
    plan = solve(problem, Effort(20, 60), seed=3)
    locked = freeze(problem, plan, 11 * 3600)
    assert len(locked.begun) > 2
    found = solve(problem, Effort(60, 60), seed=4, start=plan, locked=locked)
    assert check(problem, found, locked) == ()
    assert cost(problem, found) <= cost(problem, plan)
    again = solve(problem, Effort(60, 60), seed=4, start=plan, locked=locked)
    assert again.routes == found.routes


def test_vehicles_that_have_begun_are_not_saved() -> None:
    """Where a vehicle costs most, those are taken out that have not left yet."""
    day = [replace(one, mass_kg=10.0) for one in random_orders(24, 2, spread_m=3000)]
    problem = tabulate(configured(plain(tuple(day)), group("van", 12, "door")), "only")
    fleets = tuple(
        replace(fleet, mass_g=101_000, volume_ml=10**9, vehicle_cost=10**14, max_trips=1, break_after_s=0)
        for fleet in problem.fleets
    )
    dear = replace(problem, fleets=fleets, unserved_cost=np.full(24, 10**16), late_cost=0)
    able = np.flatnonzero(dear.fleets[0].allowed).tolist()
    plan = plan_of(dear, [(0, [-1, *able[k : k + 3]]) for k in range(0, 24, 3)])
    departs = sorted(route.trips[0].load_s for route in plan.routes)
    locked = freeze(dear, plan, departs[4])
    begun = {(one.fleet, one.vehicle) for one in locked.begun}
    found = solve(dear, EFFORT, start=plan, locked=locked)
    assert check(dear, found, locked) == ()
    assert begun <= {(route.fleet, route.vehicle) for route in found.routes}
    assert len(found.routes) < len(plan.routes)


def test_a_break_at_the_hub_that_has_begun_stays(street: tuple[Problem, Plan]) -> None:
    """A driver who rests at the hub goes on resting, and is loaded again only when that is over."""
    problem, plan = street
    back = plan.routes[0].trips[0].return_s
    rest = back + 10, back + 2000
    resting = replace(plan, routes=(replace(plan.routes[0], trips=plan.routes[0].trips[:1], breaks=(rest,)),))
    locked = freeze(problem, resting, back + 500)
    assert locked.begun[0].breaks == (rest,)
    found = solve(problem, EFFORT, locked=locked)
    assert check(problem, found, locked) == ()
    loads = [trip.load_s for route in found.routes if not route.vehicle for trip in route.trips[1:]]
    assert all(load >= rest[1] for load in loads)


def test_what_comes_back_is_aboard_until_then(street: tuple[Problem, Plan]) -> None:
    """A parcel that a new plan brings back is still aboard when that plan is frozen in its turn."""
    problem, plan = street
    now = plan.routes[0].trips[0].stops[0].leave_s - 1
    locked = freeze(problem, plan, now)
    trip = plan.routes[0].trips[0]
    home = replace(plan, routes=(replace(plan.routes[0], trips=(replace(trip, stops=trip.stops[:1]),)),))
    assert freeze(problem, home, now + 2).begun[0].aboard == ()
    assert set(freeze(problem, home, now + 2, before=locked).begun[0].aboard) == set(locked.begun[0].aboard)
