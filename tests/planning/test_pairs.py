"""Tests of the checker on what is fetched: pairs, returns, loads along the way; and of what plans cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from pairs import BACK, BRING, FETCH, GOOD, OUT, PAIRS, late, paired, planned
from small import small_scenarios

from doorstep.planning.checker import check, cost
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario


def test_a_van_carries_more_in_a_day_than_at_once() -> None:
    """What is brought, moved and fetched one after the other may be more than there is room for at once."""
    problem = paired()
    assert int(problem.mass_g.sum()) == 150_000
    assert problem.fleets[0].mass_g == 100_000
    assert check(problem, planned(problem, *GOOD)) == ()
    assert check(problem, planned(problem, (FETCH, OUT, BRING, BACK))) == ()


@pytest.mark.parametrize("name", PAIRS)
def test_a_broken_pair_is_found_out(name: str) -> None:
    """A plan that breaks one rule of pairs or loads breaks exactly that."""
    problem, (rules, trips) = paired(), PAIRS[name]
    assert {violation.rule for violation in check(problem, planned(problem, *trips))} == set(rules.split())


@pytest.mark.parametrize(("name", "option"), [("parcel", FETCH), ("empties", BACK), ("crate", OUT)])
def test_nothing_is_taken_before_it_is_ready(name: str, option: int) -> None:
    """What is brought must be ready when the van leaves, what is fetched when the van is there."""
    problem = paired()
    plan = planned(problem, *GOOD)
    (violation,) = check(late(problem, name), plan)
    start = next(stop.start_s for stop in plan.routes[0].trips[0].stops if stop.option == option)
    assert violation.rule == "ready"
    assert violation.has == (plan.routes[0].trips[0].depart_s if option == OUT else start)


@given(scenario=small_scenarios(most=5))
@settings(max_examples=10, deadline=None)
def test_the_checkers_cost_is_the_planners(scenario: Scenario) -> None:
    """The cost that the checker adds up from a plan is what its planner said that it costs."""
    for configuration in scenario.configurations:
        problem = tabulate(scenario, configuration.name)
        plan = solve(problem, scenario.effort, seed=1)
        assert round(cost(problem, plan) / MONEY, 2) == pytest.approx(float(str(plan.solver["best"])), abs=0.011)


def test_nobody_is_late_at_a_pick_up() -> None:
    """Lateness is charged where a parcel is handed over, and not where it is picked up as well."""
    problem = paired()
    plan = planned(problem, *GOOD)
    late_problem = replace(problem, late_cost=MONEY, promise_s=np.zeros_like(problem.promise_s))
    leaves = [stop.leave_s for stop in plan.routes[0].trips[0].stops if stop.option != FETCH]
    assert cost(late_problem, plan) - cost(replace(late_problem, late_cost=0), plan) == sum(leaves) * MONEY
