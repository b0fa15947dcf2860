"""Improve a draft: take a neighbourhood of orders out, put each back where it is cheapest, keep what costs less.

Ruin and recreate (Schrimpf et al. 2000) with the neighbourhoods of Shaw (1998), on exact costs and every rule.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.recombine import remember

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.planning.draft import Draft
    from doorstep.planning.recombine import Pool

MOST_OUT = 12
"""Orders taken out at once, at the most."""
START_SHARE = 0.01
"""Share of the draft's cost that a change may at first be worse by (annealing towards none)."""


def improve(
    draft: Draft,
    steps: int,
    rng: np.random.Generator,
    until: float,
    stop: Callable[[], bool],
    better: Callable[[int], None],
    pool: Pool,
) -> tuple[Draft, int]:
    """Return the best draft met and the steps done; `until` is a reading of `time.monotonic`.

    `better` is told the cost of every new best draft; the routes of every draft that is gone on from join the pool.
    """
    near = _neighbours(draft)
    now = best = draft
    now_cost = best_cost = draft.cost()
    for step in range(steps):
        if stop() or time.monotonic() > until:
            return best, step
        trial = now.copy()
        out = _pick(trial, near, rng)
        trial.remove(out)
        waiting = trial.unserved
        for order in _line_up(trial, waiting, rng):
            trial.insert(order)
        cost = trial.cost()
        heat = START_SHARE * best_cost * (1 - step / steps) ** 2 / max(len(near), 1) * 4
        if cost < now_cost + heat * -np.log(1 - rng.random()):
            now, now_cost = trial, cost
            remember(pool, now)
            if cost < best_cost:
                best, best_cost = trial, cost
                better(cost)
    return best, steps


def fill(draft: Draft) -> Draft:
    """Return the draft with every order put in that it pays to serve, the hardest to place first."""
    filled = draft.copy()
    problem = draft.given.problem
    for order in sorted(filled.unserved, key=lambda o: (int(problem.promise_s[o]), o)):
        filled.insert(order)
    return filled


def _neighbours(draft: Draft) -> np.ndarray:
    """Return for each order its nearest orders, itself first [orders, k]."""
    from scipy.spatial import cKDTree

    problem = draft.given.problem
    places = problem.site_xy_m[len(problem.hubs) + len(problem.lockers) :]
    if not len(places):
        return np.zeros((0, 0), np.int64)
    k = min(len(places), 4 * MOST_OUT)
    _, near = cKDTree(places).query(places, k=k)
    return np.asarray(near, np.int64).reshape(len(places), k)


def _pick(draft: Draft, near: np.ndarray, rng: np.random.Generator) -> list[int]:
    """Return orders to take out: neighbours of one order, or now and then a whole small route."""
    if not len(near):
        return []
    if draft.rows and rng.random() < 0.1:  # noqa: PLR2004
        row = draft.rows[int(rng.integers(len(draft.rows)))]
        orders = [draft.given.order_of[o] for o in row.tolist() if o >= 0]
        if len(orders) <= 2 * MOST_OUT:
            return orders
    seed = int(rng.integers(len(near)))
    count = int(rng.integers(1, min(MOST_OUT, near.shape[1]) + 1))
    line = near[seed]
    skip = rng.random(line.size) < 0.5  # noqa: PLR2004
    picked = line[~skip] if (~skip).any() else line
    return [int(order) for order in picked[:count]]


def _line_up(draft: Draft, orders: list[int], rng: np.random.Generator) -> list[int]:
    """Return the orders in the sequence in which they are put back: at random, by promise, or by readiness."""
    problem, sort = draft.given.problem, int(rng.integers(3))
    shuffled = [orders[k] for k in rng.permutation(len(orders))]
    if sort == 1:
        shuffled.sort(key=lambda o: int(problem.promise_s[o]))
    elif sort == 2:  # noqa: PLR2004
        shuffled.sort(key=lambda o: int(problem.ready_s[o]))
    return shuffled
