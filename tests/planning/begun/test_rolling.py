"""Tests of days that are planned in the course of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from anyday import any_day
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain import HOUR, configured, group, order, plain, random_orders
from small import small_scenarios

from doorstep.errors import InputError
from doorstep.planning.begun.rolling import in_course_of_day
from doorstep.planning.checker import check, cost
from doorstep.planning.planner import polish, solve
from doorstep.planning.task.decisions import NEVER, moments
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Dispatch, Effort

if TYPE_CHECKING:
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario

WAVES = Dispatch((9 * HOUR, 11 * HOUR, 13 * HOUR))
DEMAND = Dispatch((), 0.5 * HOUR, 3)
FEW = Effort(2, 60)


def dispatched(scenario: Scenario, rule: Dispatch) -> Scenario:
    """Return a scenario with all its configurations dispatched by one rule."""
    return replace(scenario, configurations=tuple(replace(one, dispatch=rule) for one in scenario.configurations))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario=small_scenarios(), rule=st.sampled_from([WAVES, DEMAND, Dispatch((10 * HOUR,))]), data=st.data())
def test_plans_keep_every_rule(scenario: Scenario, rule: Dispatch, data: st.DataObject) -> None:
    """Any small day by any rule of dispatch is planned without a violation, that of knowing too much among them."""
    chosen = dispatched(scenario, rule)
    problem = tabulate(chosen, data.draw(st.sampled_from([one.name for one in chosen.configurations])))
    plan = solve(problem, FEW)
    assert check(problem, plan) == ()
    assert plan.solver.get("replans", 1) == max(1, len(problem.decisions_s))


@pytest.mark.parametrize("seed", range(30))
def test_any_rules_mixed(seed: int) -> None:
    """Problems with any mixture of rules are planned at each decision so that nothing that has begun is changed."""
    whole = any_day(seed)
    rng = np.random.default_rng(seed)
    placed = rng.integers(6, 12, len(whole.order_ids)) * 3600
    rule = Dispatch((), 0.5 * HOUR) if seed % 2 else Dispatch((8 * HOUR, 9.5 * HOUR, 11 * HOUR))
    decisions, known = moments(rule, placed, 7 * HOUR, 18 * HOUR)
    problem = replace(whole, decisions_s=decisions, known_s=known)

    def search(here: Problem, effort: Effort, seed: int, last: tuple[Problem, Plan] | None, locked: Locked, /) -> Plan:
        plan = solve(here, effort, seed=seed, start=last, locked=locked)
        owed = {"pair"} if "brought_back" in plan.solver else set()
        assert {one.rule for one in check(here, plan, locked)} <= owed
        return plan

    plan = in_course_of_day(problem, FEW, 1, search)
    if "brought_back" not in plan.solver:
        assert {one.rule for one in check(problem, plan)} <= {"pair"}
    late = {one.order for one in plan.unserved if any(reason.rule == "cut-off" for reason in one.reasons)}
    assert late == set(np.flatnonzero(known == NEVER).tolist())


def test_nobody_leaves_before_his_last_parcel_is_ready() -> None:
    """Trips are loaded at a decision that knows all their orders, and leave when the last of them is ready."""
    scenario = replace(plain(random_orders(20, 3, same_day=True)), effort=Effort(10, 60))
    problem = tabulate(dispatched(configured(scenario, group("van", 4)), WAVES), "only")
    plan = solve(problem, scenario.effort)
    trips = [trip for route in plan.routes for trip in route.trips]
    assert len(trips) > 2
    for trip in trips:
        orders = problem.option_order[[stop.option for stop in trip.stops]]
        assert trip.depart_s >= problem.ready_s[orders].max()
        assert problem.known_s is not None
        assert trip.load_s >= problem.known_s[orders].max()


def test_a_vehicle_under_way_comes_back_before_it_goes_again() -> None:
    """With one van, whoever orders while it is out waits until it is back, turned round and loaded."""
    day = (order("far", 12000, ready_s=8 * HOUR), order("next", 2500, placed_s=8.5 * HOUR, ready_s=8.5 * HOUR))
    scenario = configured(plain(day), group("van", 1))
    problem = tabulate(dispatched(scenario, Dispatch((7 * HOUR, 8.5 * HOUR))), "only")
    plan = solve(problem, FEW)
    (route,) = plan.routes
    first, second = route.trips
    assert first.depart_s < 8.5 * HOUR < first.return_s
    assert second.load_s >= first.return_s + problem.fleets[0].turnaround_s


def test_foresight_is_never_dearer() -> None:
    """Who knows all before and is shown what others did without knowing is never dearer than they."""
    scenario = replace(plain(random_orders(16, 5, same_day=True)), effort=Effort(10, 60))
    known = tabulate(configured(scenario, group("van", 4)), "only")
    for rule in (WAVES, DEMAND):
        problem = tabulate(dispatched(configured(scenario, group("van", 4)), rule), "only")
        plan = solve(problem, scenario.effort)
        best = polish(known, solve(known, scenario.effort), [(problem, plan)], scenario.effort)
        assert cost(known, best) <= cost(problem, plan)


def test_the_same_again() -> None:
    """The same work and seed give the same day, and others' plans change nothing of it."""
    scenario = replace(plain(random_orders(14, 7, same_day=True)), effort=Effort(5, 60))
    problem = tabulate(dispatched(configured(scenario, group("van", 3)), DEMAND), "only")
    one, other = solve(problem, scenario.effort), solve(problem, scenario.effort)
    assert (one.routes, one.unserved) == (other.routes, other.unserved)
    assert polish(problem, one, [(problem, other)], scenario.effort) is one
    with pytest.raises(InputError, match="in the course of the day"):
        solve(problem, scenario.effort, start=one)


def test_who_comes_too_late_is_tomorrows() -> None:
    """Who orders after the last wave is unserved for that reason, with both times in hours."""
    day = (order("early", 1000), order("late", 1200, placed_s=14 * HOUR, ready_s=14 * HOUR))
    problem = tabulate(dispatched(configured(plain(day), group("van", 1)), WAVES), "only")
    (left,) = solve(problem, FEW).unserved
    (reason,) = left.reasons
    assert (left.order, reason.rule, reason.needs, reason.has) == (1, "cut-off", 14, 9)


def test_nobody_who_came_too_late_is_served() -> None:
    """Where all orders come after the only wave nothing is planned, and every one of them is tomorrow's."""
    scenario = dispatched(configured(plain(random_orders(5, seed=1)), group("van", 2, "door")), Dispatch((1.0,)))
    problem = tabulate(scenario, scenario.configurations[0].name)
    plan = solve(problem, FEW)
    assert not problem.decisions_s
    assert not plan.routes
    assert {reason.rule for one in plan.unserved for reason in one.reasons} == {"cut-off"}
    assert len(plan.unserved) == len(problem.order_ids)
