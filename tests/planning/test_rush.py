"""Tests of plans by the hour: they keep every rule, and a day that is alike at all hours is planned as before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hourly import slowed, some_problem
from plain import CONFIGURATIONS, plain, random_orders

from doorstep.planning.checker import check, cost
from doorstep.planning.clock.schedule import ARRIVE, START
from doorstep.planning.draft import Given
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY, Problem
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort

EFFORT = Effort(3, 60)
RUSH = (0, 28_800, 34_200, 39_600), (1.0, 3.0, 1.0, 2.0)


def by_hour(problem: Problem, from_s: tuple[int, ...], factors: tuple[float, ...]) -> Problem:
    """Return the problem with every way of every fleet so many times as long in each period."""
    fleets = [slowed(replace(problem, fleets=(fleet,)), from_s, factors).fleets[0] for fleet in problem.fleets]
    return replace(problem, fleets=tuple(fleets))


@pytest.mark.parametrize("name", [configuration.name for configuration in CONFIGURATIONS])
@pytest.mark.parametrize("same_day", [False, True])
def test_plans_by_the_hour_keep_every_rule(name: str, *, same_day: bool) -> None:
    """Breaks, waiting, several trips and lockers included, no leg is shorter than its hour asks for."""
    problem = by_hour(tabulate(plain(random_orders(14, 3, same_day=same_day)), name), *RUSH)
    plan = solve(problem, EFFORT, seed=1)
    assert check(problem, plan) == ()
    assert plan.routes
    assert cost(problem, plan) / MONEY == pytest.approx(plan.solver["best"], abs=0.01)


@pytest.mark.parametrize("name", ["courier", "mixed"])
def test_a_day_cut_into_hours_that_are_alike_is_planned_as_before(name: str) -> None:
    """The same times in each of several periods lead to plans that cost the same as one table for all hours."""
    problem = tabulate(plain(random_orders(10, 5)), name)
    costs = [
        cost(p, solve(p, Effort(20, 60), seed=1)) for p in (problem, by_hour(problem, (0, 30_000, 40_000), (1,) * 3))
    ]
    assert costs[1] == pytest.approx(costs[0], rel=0.02)


def test_waiting_is_done_at_the_hub_at_any_hour() -> None:
    """Whatever the hour makes of the way out, nobody stands long before a door that is still shut."""
    waits = []
    for opens in range(32_400, 50_400, 1800):
        problem = slowed(some_problem(), (0, 28_800, 36_000, 39_600, 43_200), (1.0, 2.6, 1.1, 3.0, 0.7))
        open_s = np.full_like(problem.option_open_s, opens)
        problem = replace(problem, option_open_s=open_s, option_close_s=open_s + 60)
        for option in np.flatnonzero(problem.fleets[0].allowed).tolist():
            rule, _, _, _, out = Given(problem).time(0, [-1, option])
            assert not rule
            waits.append(out[START, 1] - out[ARRIVE, 1] - problem.fleets[0].setup_s[option])
    assert max(waits) <= 300
