"""Tests that more noise never improves how long customers of the same plan wait, on the same days."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.comparison import interval
from doorstep.modes.catalog import load_chance
from doorstep.planning.planner import solve
from doorstep.planning.task.tables import tabulate
from doorstep.planning.task.travel import Travel
from doorstep.scenario.file import load_scenario
from doorstep.scenario.scenario import Effort
from doorstep.simulation.days import simulate_days

if TYPE_CHECKING:
    from doorstep.modes.chancebook import ChanceBook
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario

USUAL = load_chance("usual")
CARRIED = replace(USUAL, recourse=dict.fromkeys(USUAL.recourse, "tomorrow"))
"""Nobody is called in who might be quicker than the plan."""
SOURCES = (
    *("travel_spread", "leg_spread", "handover_spread", "missed", "wind_share", "rain_share"),
    *("broken_per_m", "stopped_per_m", "full_spread"),
)
DAYS, DAY_MIN = 300, 1440
HAIR = 0.005
"""Of the p95: noise of mean 1 may pull a quantile that so many orders lie close to a little down as well as up."""


def p95_min(scenario: Scenario, problem: Problem, plan: Plan, book: ChanceBook) -> np.ndarray:
    """Return the minutes that 95 % of what was planned wait no longer than, day by day; what fails, a day more."""
    days = simulate_days(problem, plan, book, scenario.modes, DAYS, 5)
    planned_s = days.planned.handed_s
    wait_s = np.where(days.failed, planned_s + 60 * DAY_MIN, days.handed_s) - problem.placed_s
    return np.asarray(np.percentile(wait_s[:, np.isfinite(planned_s)], 95, axis=1) / 60)


@pytest.mark.parametrize("name", ["rural", "peak", "peak-kiosks"])
def test_more_noise_is_never_better(name: str) -> None:
    """Half, all and twice the usual noise surely worsen the p95 of a plan, and no source alone improves it visibly."""
    scenario = load_scenario(name)
    travel = Travel(scenario)
    for configuration in scenario.configurations:
        problem = tabulate(scenario, configuration.name, travel)
        plan = solve(problem, Effort(10, 60), seed=scenario.seed)
        for sources in (SOURCES, *((source,) for source in SOURCES)):
            books = [
                replace(CARRIED.scaled(0.0), **{key: getattr(CARRIED.scaled(factor), key) for key in sources})
                for factor in ((0.0, 0.5, 1.0, 2.0) if sources == SOURCES else (0.0, 1.5))
            ]
            found = [p95_min(scenario, problem, plan, book) for book in books]
            worse = [interval(more - less) for less, more in itertools.pairwise(found)]
            least = -HAIR * found[0].mean()
            assert all(step.high >= least for step in worse), (configuration.name, sources)
            if sources == SOURCES:
                assert all(step.low > 0 for step in worse), configuration.name
