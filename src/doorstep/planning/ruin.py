"""Improve a draft: take a neighbourhood of orders out, put each back where it is cheapest, keep what costs less.

Ruin and recreate (Schrimpf et al. 2000) with string removals (Christiaens and Vanden Berghe 2020), on exact costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from doorstep.planning.insertion import NOWHERE
from doorstep.planning.recombine import remember

if TYPE_CHECKING:
    from doorstep.planning.draft import Draft
    from doorstep.planning.recombine import Pool

MOST_OUT = 12
"""Orders taken out at once, at the most."""
HOT, WARM, COLD = 3.0, 0.1, 0.03
"""Annealing temperatures, in mean costs of one order: to begin with, to polish a good plan, and to end with."""
WHOLE = 0.1
"""Share of the steps that empty a small route."""
ANY_PRICE = 0.2
"""Share of the steps that put orders back even where one by itself costs more than it is worth."""
MOST_STRINGS = 4
"""Routes that are cut in one step, at the most."""


class Watch(Protocol):
    """Who follows a search: says when it is over, and is told of every better draft's cost."""

    def over(self) -> bool:
        """Tell whether to stop before the steps are done."""
        ...

    def better(self, cost: int) -> None:
        """Take note of the cost of a new best draft."""
        ...


def improve(
    draft: Draft,
    steps: int,
    rng: np.random.Generator,
    watch: Watch,
    pool: Pool,
    heat: float = HOT,
) -> tuple[Draft, int]:
    """Return the best draft met and the steps done.

    The routes of every draft that is gone on from join the pool.
    """
    near, problem = _neighbours(draft), draft.given.problem
    now = best = draft
    now_cost = best_cost = draft.cost()
    for step in range(steps):
        if watch.over():
            return best, step
        trial = now.copy()
        out = _pick(trial, near, rng)
        trial.remove(out)
        waiting = trial.unserved
        any_price = rng.random() < ANY_PRICE
        for order in _line_up(trial, waiting, rng):
            trial.insert(order, NOWHERE if any_price else int(problem.unserved_cost[order]))
        cost = trial.cost()
        warmth = heat * (COLD / heat) ** (step / steps) * best_cost / max(len(near), 1)
        if cost < now_cost + warmth * -np.log(1 - rng.random()):
            now, now_cost = trial, cost
            remember(pool, now)
            if cost < best_cost:
                best, best_cost = trial, cost
                watch.better(cost)
    return best, steps


def fill(draft: Draft) -> Draft:
    """Return the draft with every order put in that it pays to serve, the most urgent first.

    A vehicle may cost more than its first order is worth and yet pay for several, so all orders are tried at any price
    first, and routes that do not pay are taken out again.
    """
    problem = draft.given.problem
    urgent = sorted(draft.unserved, key=lambda o: (int(problem.promise_s[o]), o))
    filled = []
    for any_price in (False, True):
        trial = draft.copy()
        for order in urgent:
            trial.insert(order, NOWHERE if any_price else int(problem.unserved_cost[order]))
        trial.prune()
        for order in trial.unserved:
            trial.insert(order, int(problem.unserved_cost[order]))
        filled.append(trial)
    return min(filled, key=lambda d: d.cost())


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
    """Return orders to take out: from each route near one order a string of stops, now and then a whole small route."""
    if not len(near) or not draft.rows:
        return []
    order_of, chosen = draft.given.order_of, draft.chosen
    if rng.random() < WHOLE:
        row = draft.rows[int(rng.integers(len(draft.rows)))]
        orders = [order_of[o] for o in row.tolist() if o >= 0]
        if len(orders) <= 2 * MOST_OUT:
            return orders
    count = int(rng.integers(1, MOST_OUT + 1))
    strings = int(rng.integers(1, MOST_STRINGS + 1))
    route_of = {o: r for r, row in enumerate(draft.rows) for o in row.tolist() if o >= 0}
    picked: list[int] = []
    cut: set[int] = set()
    for order in near[int(rng.integers(len(near)))].tolist():
        route = route_of.get(chosen[order], -1)
        if route < 0 or route in cut:
            continue
        cut.add(route)
        stops = [o for o in draft.rows[route].tolist() if o >= 0]
        length = min(len(stops), max(1, count // strings))
        at = stops.index(chosen[order])
        start = int(rng.integers(max(0, at - length + 1), min(at, len(stops) - length) + 1))
        picked += [order_of[o] for o in stops[start : start + length]]
        if len(cut) == strings:
            break
    return picked


def _line_up(draft: Draft, orders: list[int], rng: np.random.Generator) -> list[int]:
    """Return the orders in the sequence in which they are put back: at random, by promise, or by readiness."""
    problem, sort = draft.given.problem, int(rng.integers(3))
    shuffled = [orders[k] for k in rng.permutation(len(orders))]
    if sort == 1:
        shuffled.sort(key=lambda o: int(problem.promise_s[o]))
    elif sort == 2:  # noqa: PLR2004
        shuffled.sort(key=lambda o: int(problem.ready_s[o]))
    return shuffled
