"""Tests of the planner on small days of every kind: its plans keep the rules, and cost what it says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from plain import CONFIGURATIONS, configured, group, plain, random_orders
from small import small_scenarios

from doorstep.evaluation.scorecard import Scorecard, evaluate
from doorstep.planning.checker import check
from doorstep.planning.plan import Plan
from doorstep.planning.planner import solve
from doorstep.planning.problem import Problem
from doorstep.planning.task.tables import tabulate
from doorstep.simulation.trace import simulate

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario

Solved = dict[str, tuple[Problem, Plan]]


def solve_all(scenario: Scenario) -> Solved:
    """Return problem and plan of each configuration, those that combine others being started from theirs."""
    solved: Solved = {}
    for configuration in scenario.configurations:
        problem = tabulate(scenario, configuration.name)
        starts = [solved[part] for part in configuration.combines]
        solved[configuration.name] = problem, solve(problem, scenario.effort, seed=scenario.seed, starts=starts)
    return solved


def score(problem: Problem, plan: Plan) -> Scorecard:
    return evaluate(problem, plan, simulate(problem, plan))


def whole_cost(card: Scorecard) -> Decimal:
    return card.cost_total + card.unserved_penalty


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario=small_scenarios())
def test_any_small_day_is_planned_within_the_rules(scenario: Scenario) -> None:
    """For any small scenario and any configuration the checker finds nothing, and all numbers are kept together."""
    solved = solve_all(scenario)
    cards = {name: score(*pair) for name, pair in solved.items()}
    for name, (problem, plan) in solved.items():
        assert check(problem, plan) == ()
        card = cards[name]
        assert card.served + card.unserved + card.failed == len(scenario.orders)
        assert sum(card.cost_lines.values(), Decimal(0)) == card.cost_total
        assert float(whole_cost(card)) == pytest.approx(plan.solver["best"], abs=0.0051 + 0.0001 * len(card.cost_lines))
        assert all(unserved.reasons for unserved in plan.unserved)
        assert all(reason.rule and reason.needs > reason.has for u in plan.unserved for reason in u.reasons)
    singles = min(whole_cost(cards[name]) for name in CONFIGURATIONS[-1].combines)
    assert whole_cost(cards["mixed"]) <= singles + Decimal("0.01")


@pytest.mark.parametrize("planner", ["doorstep", "ortools"])
def test_a_vehicle_that_leaves_once_is_not_sent_again(planner: str) -> None:
    """Where every vehicle leaves once and all are full, the rest is left out with a reason, by either planner."""
    scenario = configured(plain(random_orders(6, 1)), group("van", 1, "door"))
    problem = tabulate(scenario, "only")
    small = replace(problem.fleets[0], max_trips=1, max_parcels=4)
    problem = replace(problem, fleets=(small,))
    plan = solve(problem, scenario.effort, seed=1, planner=planner)
    assert check(problem, plan) == ()
    assert len(plan.unserved) == 2
    assert all(unserved.reasons for unserved in plan.unserved)
