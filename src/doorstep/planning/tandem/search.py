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

HOT, WARM, COLD = 0.3, 0.3, 0.01
"""Annealing temperatures, in mean costs of one customer: of the first round, of those after, and at their ends."""
ROUNDS = 8
"""Times that the search is heated again; every other time from the best plan met."""


def solve_tandem(
    problem: TandemProblem,
    *,
    steps: int = 1_000_000,
    seconds: float | None = None,
    seed: int = 0,
    exact: bool = True,
) -> TandemPlan:
    """Return a plan; the best there is, and so marked, where `exact` methods reach.

    `steps` of annealing are made in rounds, none begun once `seconds` have passed. The same seed and steps give the
    same plan, unless the clock cut the search short.

    Raises
    ------
    InputError
        Where `steps` or `seed` are below 0, or `seconds` not above.
    """
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
    unit = _mean_cost(problem)
    for turn in range(ROUNDS if steps else 0):
        if seconds is not None and time.monotonic() - began > seconds:
            break
        if turn % 2:
            back_to_best(s)
        anneal(g, clock, s, steps // ROUNDS, (WARM if turn else HOT) * unit, COLD * unit, able)
    missing = [int(x) for x in able if s.aside[BEST, x]]
    plan = plan_of_row(problem, s.best[: s.lengths[BEST]], missing, method="annealing")
    assert plan is not None, "the best row met keeps the rules"  # noqa: S101 - it was timed before
    return plan


def _mean_cost(problem: TandemProblem) -> float:
    """Return what a leg between neighbours costs on average, for temperatures."""
    costs = problem.second_cost * problem.van_s + problem.van_cost
    legs = costs[np.isfinite(costs) & (costs > 0)]
    return float(np.median(legs)) if legs.size else 1.0
