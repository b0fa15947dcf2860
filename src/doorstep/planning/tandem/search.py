"""Search: the best plan of a tandem problem: exact where it is small and plain, found by annealing beyond."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.planning.tandem import aside
from doorstep.planning.tandem.annealing import anneal, back_to_best, construct
from doorstep.planning.tandem.exact import best_row, within_reach
from doorstep.planning.tandem.layout import BEST, clock_for, ground_of, search_for
from doorstep.planning.tandem.timeline import plan_of_row

if TYPE_CHECKING:
    from doorstep.planning.tandem.plan import TandemPlan
    from doorstep.planning.tandem.problem import TandemProblem

FEW = 20
"""Sites of a small problem: it is searched hotter, and heated again more often."""
SMALL, LARGE = (0.3, 0.01), (0.1, 0.003)
"""First and last temperature of a round, in costs of a leg: of small problems and of others (both tuned)."""
STEPS_A_SITE, LEAST_STEPS = 40_000, 1_000_000
"""Steps of a search where none are told: about a second for a small problem."""
ROUND_SMALL, ROUND_LARGE, MOST_ROUNDS = 6_000, 13_000, 16
"""Steps of a round for each site, at the least, and rounds; every other one begins with the best plan met."""


def solve_tandem(
    problem: TandemProblem,
    *,
    steps: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
    exact: bool = True,
) -> TandemPlan:
    """Return a plan; the best there is, and so marked, where `exact` methods reach.

    `steps` of annealing (more for more sites where None) are made in rounds, none begun once `seconds` have passed. The
    same seed and steps give the same plan, unless the clock cut the search short. Customers whom no plan met serves are
    told in it as unserved.

    Raises
    ------
    InputError
        Where `steps` or `seed` are below 0, or `seconds` not above.
    """
    if steps is None:
        steps = max(LEAST_STEPS, STEPS_A_SITE * problem.sites)
    if steps < 0 or seed < 0 or (seconds is not None and not seconds > 0):
        raise InputError.of("search", f"steps {steps}, seed {seed}, seconds {seconds}", "0 or more", "effort")
    if exact and within_reach(problem):
        row = best_row(problem)
        found = None if row is None else plan_of_row(problem, row, optimal=True, method="dynamic programming")
        if found is not None:
            return found
    if exact and aside.within_reach(problem):
        shares = aside.best_shares(problem)
        found = None if shares is None else plan_of_row(problem, *shares, optimal=True, method="dynamic programming")
        if found is not None:
            return found
    return _annealed(problem, steps, seconds, seed)


def _annealed(problem: TandemProblem, steps: int, seconds: float | None, seed: int) -> TandemPlan:
    began = time.monotonic()
    g, clock, s = ground_of(problem), clock_for(problem), search_for(problem, seed)
    able = np.arange(1, problem.sites, dtype=np.int64)
    construct(g, clock, s, np.random.default_rng(seed).permutation(able))
    unit = _leg_cost(problem)
    small = problem.sites <= FEW
    hot, cold = SMALL if small else LARGE
    rounds = min(MOST_ROUNDS, max(1, steps // ((ROUND_SMALL if small else ROUND_LARGE) * problem.sites)))
    for turn in range(rounds if steps else 0):
        if seconds is not None and time.monotonic() - began > seconds:
            break
        if turn % 2:
            back_to_best(s)
        anneal(g, clock, s, steps // rounds, hot * unit, cold * unit, able)
    missing = [int(x) for x in able if s.aside[BEST, x]]
    plan = plan_of_row(problem, s.best[: s.lengths[BEST]], missing, method="annealing")
    assert plan is not None, "the best row met keeps the rules"  # noqa: S101 - it was timed before
    return plan


def _leg_cost(problem: TandemProblem) -> float:
    """Return the median cost of the van's legs, for temperatures."""
    costs = problem.second_cost * problem.van_s + problem.van_cost
    legs = costs[np.isfinite(costs) & (costs > 0)]
    return float(np.median(legs)) if legs.size else 1.0
