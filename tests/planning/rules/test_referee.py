"""Tests of the referee: legs by the hour, rests on the way, and plans that were timed by other hours."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hourly import drawn, driven, slowed, some_problem, with_periods
from plain import option_of, plan_of

from doorstep.planning.checker import check
from doorstep.planning.problem import FAR, Draw
from doorstep.planning.rules.referee import trip_mwh, way_with_rests_s, ways_s

RUSH = (0, 9 * 3600, 10 * 3600), (1.0, 2.5, 1.0)
NAMES = ("o1", "o5", "o9", "o11", "o2", "o7")


def rules_broken(problem: object, plan: object) -> set[str]:
    """Return the rules but for orders left out."""
    return {violation.rule for violation in check(problem, plan)} - {"each-order-once"}


def test_a_static_fleet_takes_what_its_table_says() -> None:
    """Without periods a leg takes the same at all hours, rests come on top, and what is far stays far."""
    fleet = some_problem().fleets[0]
    assert ways_s(fleet, 0, [3, 4], [0, 50_000]).tolist() == fleet.duration_s[0, [3, 4]].tolist()
    assert way_with_rests_s(fleet, 0, 3, 100) == fleet.duration_s[0, 3]
    assert way_with_rests_s(fleet, 0, 3, 100, [(110, 200)]) == fleet.duration_s[0, 3] + 90
    lost = replace(fleet, duration_s=np.full_like(fleet.duration_s, FAR))
    assert way_with_rests_s(lost, 0, 3, 100) == FAR


def test_a_leg_goes_on_at_the_pace_of_the_next_period() -> None:
    """Of 200 s and then 100 s a leg that begins 50 s before the change takes 50 s, and three quarters of 100 s."""
    problem = with_periods(some_problem(), (0, 1000), np.array([[[0, 200], [8, 0]], [[0, 100], [4, 0]]], np.int32))
    assert ways_s(problem.fleets[0], 0, 1, [-99, 700, 950, 999, 1000, 5000]).tolist() == [200, 200, 125, 101, 100, 100]


@pytest.mark.parametrize("seed", range(3))
def test_rests_in_which_nobody_is_driving_cost_nothing(seed: int) -> None:
    """A rest before or after a leg does not delay it; one as long as the whole way until it ends only moves it."""
    fleet, rng = drawn(seed, 6, 5), np.random.default_rng(seed)
    for depart in rng.integers(0, 15_000, 50).tolist():
        took = way_with_rests_s(fleet, 0, 1, depart)
        assert int(np.ceil(took - 1e-9)) == ways_s(fleet, 0, 1, depart)
        end = depart + int(np.ceil(took)) + 1
        assert way_with_rests_s(fleet, 0, 1, depart, [(depart - 900, depart), (end, end + 900)]) == pytest.approx(took)
        rested = way_with_rests_s(fleet, 0, 1, depart, [(depart, depart + 900)])
        assert rested == pytest.approx(900 + way_with_rests_s(fleet, 0, 1, depart + 900))
        halfway = int(took // 2)
        broken = way_with_rests_s(fleet, 0, 1, depart, [(depart + halfway, depart + halfway + 700)])
        assert broken >= took - 1e-6


def test_a_plan_timed_by_its_own_hours_is_sound() -> None:
    """Who takes as long as the hour of each leg asks for breaks no rule, before, in and after the rush."""
    problem = slowed(some_problem(), *RUSH)
    for depart in (8 * 3600, 8 * 3600 + 3000, 9 * 3600 + 1700, 12 * 3600):
        plan = driven(problem, [option_of(problem, name, "door") for name in NAMES], depart)
        assert rules_broken(problem, plan) == set()


OTHER_HOURS = {
    "by the least of all hours": ((0,), (1.0,)),
    "by a rush an hour sooner": ((0, 8 * 3600, 9 * 3600), (1.0, 2.5, 1.0)),
    "by a rush that ends too soon": ((0, 9 * 3600, 9 * 3600 + 300), (1.0, 2.5, 1.0)),
    "by a rush that is too mild": ((0, 9 * 3600, 10 * 3600), (1.0, 2.4, 1.0)),
}


@pytest.mark.parametrize("name", OTHER_HOURS)
def test_a_plan_timed_by_other_hours_is_found_out(name: str) -> None:
    """A plan that is sound by other periods breaks the rule of travel, and no other."""
    problem = slowed(some_problem(), *RUSH)
    other = slowed(some_problem(), *OTHER_HOURS[name])
    plan = driven(other, [option_of(problem, name, "door") for name in NAMES], 9 * 3600 - 600)
    assert rules_broken(other, plan) == set()
    assert rules_broken(problem, plan) == {"travel"}


def test_a_plan_that_comes_a_second_too_soon_is_found_out() -> None:
    """The rule of travel is exact to the second, on the way home too, and says what was needed."""
    problem = slowed(some_problem(), *RUSH)
    plan = driven(problem, [option_of(problem, "o9", "door")], 9 * 3600 - 60)
    (route,) = plan.routes
    (trip,) = route.trips
    soon = replace(plan, routes=(replace(route, trips=(replace(trip, return_s=trip.return_s - 1),)),))
    (found,) = (violation for violation in check(problem, soon) if violation.rule != "each-order-once")
    way = trip.return_s - trip.stops[-1].leave_s
    assert (found.rule, found.needs, found.has) == ("travel", way, way - 1)


def test_a_break_on_the_way_is_no_driving() -> None:
    """In a rush a driver who rests on the way arrives when the rest of the way is done, and no sooner."""
    problem = slowed(some_problem(), *RUSH)
    plan = driven(problem, [option_of(problem, "o9", "door")], 9 * 3600)
    (route,) = plan.routes
    (trip,) = route.trips
    rest = trip.stops[-1].leave_s + 10, trip.stops[-1].leave_s + 10 + problem.fleets[0].break_s
    late = replace(trip, return_s=trip.return_s + problem.fleets[0].break_s)
    rested = replace(plan, routes=(replace(route, trips=(late,), breaks=(rest,)),))
    unrested = replace(plan, routes=(replace(route, breaks=(rest,)),))
    assert rules_broken(problem, rested) == set()
    assert rules_broken(problem, unrested) == {"travel"}


def test_energy_follows_the_load() -> None:
    """A trip uses by metre, second and place what its load on each leg draws, and the way back is empty."""
    problem = some_problem()
    draw = Draw(1000, np.array([10.0, 30.0]), np.array([1.0, 2.0]), np.array([0.0, 500.0]))
    problem = replace(problem, mass_g=np.full_like(problem.mass_g, 500))
    problem = replace(problem, fleets=(replace(problem.fleets[0], draw=draw), *problem.fleets[1:]))
    option = option_of(problem, "o1", "door")
    plan = plan_of(problem, [(0, [-1, option])])
    fleet, site = problem.fleets[0], int(problem.option_site[option])
    there_m, back_m = int(fleet.distance_m[fleet.hub, site]), int(fleet.distance_m[site, fleet.hub])
    there_s, back_s = int(fleet.duration_s[fleet.hub, site]), int(fleet.duration_s[site, fleet.hub])
    expected = there_m * 20 + there_s * 1.5 + 250 + back_m * 10 + back_s * 1
    assert trip_mwh(problem, plan.routes[0], plan.routes[0].trips[0]) == math.ceil(expected)
    tired = replace(problem, fleets=(replace(problem.fleets[0], energy_mwh=int(expected) - 1), *problem.fleets[1:]))
    assert rules_broken(tired, plan) == {"energy"}
