"""Tests of recombination: the best set of routes met, within what they share, against every set there is."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_exact import DAYS, random_day
from test_sisr import Patient, plain_day

from doorstep.planning.clock import layout as at
from doorstep.planning.draft import Draft, Given
from doorstep.planning.sisr import recombine
from doorstep.planning.sisr.annealing import anneal, construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.pace import Pace
from doorstep.planning.sisr.recombine import Pool
from doorstep.planning.sisr.search import SHORT
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

MOST = 14
"""Routes of which every set is tried."""


def filled(problem: Problem, seed: int) -> tuple[at.Ground, at.State, Pool]:
    """Return a search that has met some routes."""
    g = ground(problem)
    s = blank(problem, g, seed)
    construct(g, s, True, -1)
    pool = Pool(g, s, problem.locker_room)
    for _ in range(200):
        anneal(g, s, 3, 1e11, 1e11, SHORT, -1)
        pool.note(s)
        if len(pool.by_options) >= MOST:
            break
    best = s.best[: s.counter[at.BEST_LENGTH]].copy()
    load(g, s, best, len(best))
    pool.note(s)
    return g, s, pool


def every_set(problem: Problem, pool: Pool) -> int:
    """Return what the cheapest plan costs that is put together from routes of the pool."""
    given, least = Given(problem), int(problem.unserved_cost.sum())
    routes = [(met.fleet, [int(k) for k in met.row[1:]]) for met in pool.by_options.values()]
    for n in range(1, len(problem.order_ids) + 1):
        for some in itertools.combinations(routes, n):
            options = [o for _, row in some for o in row if o >= 0]
            orders = problem.option_order[options].tolist()
            count = [fleet for fleet, _ in some]
            if len(set(orders)) < len(orders) or any(
                count.count(f) > fleet.count for f, fleet in enumerate(problem.fleets)
            ):
                continue
            draft = Draft.of(given, some)
            if sum(o >= 0 for _, row in draft.as_rows() for o in row) == len(options):
                least = min(least, draft.cost())
    return least


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", DAYS)
def test_the_best_set_of_routes_is_found(name: str, seed: int) -> None:
    """No set of the routes met costs less than the one chosen or, if that is none, than the best plan met."""
    problem = plain_day(name, seed)
    g, s, pool = filled(problem, seed)
    best = s.best[: s.counter[at.BEST_LENGTH]].copy()
    rows = pool.best_set(best, Pace(1, Patient()))
    cost = int(s.counter[at.BEST])
    if len(rows) and load(g, s, rows, len(rows)):
        cost = min(cost, int(s.counter[at.LEVEL]))
    assert cost <= every_set(problem, pool)


def test_few_columns_still_hold_the_best_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few routes CP-SAT is given, those of the best plan are among them."""
    monkeypatch.setattr(recombine, "MOST_CHOSEN", 1)
    problem = plain_day("vehicles are mixed", 2)
    g, s, pool = filled(problem, 2)
    best = s.best[: s.counter[at.BEST_LENGTH]].copy()
    rows = pool.best_set(best, Pace(1, Patient()))
    assert not len(rows) or (load(g, s, rows, len(rows)) and s.counter[at.LEVEL] <= s.counter[at.BEST])


def test_the_pool_forgets_the_routes_of_the_worst_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool that is full keeps the better half of its routes, those of the best plan among them."""
    monkeypatch.setattr(recombine, "MOST_KEPT", 10)
    problem = tabulate(random_day(DAYS["couriers keep windows"], 1), "only")
    _, s, pool = filled(problem, 1)
    assert len(pool.by_row) <= 20
    best = {int(o) for o in s.best[: s.counter[at.BEST_LENGTH]] if o >= 0}
    held = {int(o) for met in pool.by_options.values() for o in met.options}
    assert best <= held
    assert np.all([met.cost > 0 for met in pool.by_options.values()])
