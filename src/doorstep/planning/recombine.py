"""Recombine: the best set of routes out of all routes met, by OR-Tools' CP-SAT, within what they share.

Set partitioning over a pool of routes (Balinski and Quandt 1964), with vehicles, compartments of lockers, and the daily
costs of lockers and hubs as rows of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.planning.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from doorstep.planning.draft import Given


class Pool(dict[tuple[int, bytes], int]):
    """Cost of every route met, by fleet and row."""


MOST_ROUTES = 4000
"""The cheapest per order that are kept for the model."""
WORK_LIMIT = 4.0
"""Of CP-SAT, in its own deterministic seconds."""
COST_UNIT = 1000


def remember(pool: Pool, draft: Draft) -> None:
    """Add the routes of a draft to the pool."""
    for fleet, row, cost in zip(draft.fleets, draft.rows, draft.costs, strict=True):
        pool[fleet, row.tobytes()] = cost


def recombined(given: Given, pool: Pool, best: Draft, limit_s: float) -> Draft:
    """Return the cheapest draft that routes of the pool make; `best` itself where there is none cheaper."""
    hint = {(fleet, row.tobytes()) for fleet, row in zip(best.fleets, best.rows, strict=True)}
    routes = [(fleet, np.frombuffer(row, np.int64), cost) for (fleet, row), cost in pool.items()]
    routes.sort(key=lambda r: ((r[0], r[1].tobytes()) not in hint, r[2] / np.count_nonzero(r[1] >= 0)))
    routes = routes[:MOST_ROUTES]
    if len(routes) <= len(best.rows):
        return best
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    use = [model.new_bool_var("") for _ in routes]
    _partition(model, given, routes, use)
    for take, (fleet, row, _) in zip(use, routes, strict=True):
        model.add_hint(take, (fleet, row.tobytes()) in hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    # CP-SAT would leave Ctrl-C without a handler, and the next one would end the program with its plan.
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_deterministic_time = WORK_LIMIT
    solver.parameters.max_time_in_seconds = max(limit_s, 0.1)
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return best
    found = Draft.of(given, [(r[0], r[1].tolist()) for take, r in zip(use, routes, strict=True) if solver.value(take)])
    return found if found.cost() < best.cost() else best


def _partition(model: Any, given: Given, routes: Sequence[tuple[int, NDArray[np.int64], int]], use: list[Any]) -> None:
    """Add the rows and the objective: each order once or at its price, within what routes share."""
    problem = given.problem
    orders, fleets, hubs = defaultdict(list), defaultdict(list), defaultdict(list)
    rooms, lockers = defaultdict(list), defaultdict(list)
    for take, (fleet, row, _) in zip(use, routes, strict=True):
        fleets[fleet].append(take)
        hubs[problem.fleets[fleet].hub].append(take)
        options = row[row >= 0].tolist()
        for option in options:
            orders[given.order_of[option]].append(take)
        for locker, rank, n in _lodged(given, options):
            rooms[locker, rank].append(n * take)
            if rank == 0:
                lockers[locker].append(take)
    served = [model.new_bool_var("") for _ in problem.order_ids]
    for order, known in enumerate(served):
        model.add(sum(orders[order]) == known)
    for fleet, takes in fleets.items():
        model.add(sum(takes) <= problem.fleets[fleet].count)
    for (locker, rank), parcels in rooms.items():
        model.add(sum(parcels) <= int(problem.locker_room[locker, rank]))
    costs = [cost // COST_UNIT * take for take, (_, _, cost) in zip(use, routes, strict=True)]
    costs += [int(problem.unserved_cost[o]) // COST_UNIT * (1 - known) for o, known in enumerate(served)]
    for users, daily in (lockers, problem.locker_cost), (hubs, problem.hub_cost):
        for key, takes in users.items():
            opened = model.new_bool_var("")
            model.add_max_equality(opened, takes)
            costs.append(int(daily[key]) // COST_UNIT * opened)
    model.minimize(sum(costs))


def _lodged(given: Given, options: list[int]) -> list[tuple[int, int, int]]:
    """Return (locker, size, parcels of at least that size) of a route's options."""
    counts: Counter[tuple[int, int]] = Counter()
    for option in options:
        if given.locker_of[option] >= 0:
            largest = int(given.rank[given.order_of[option]])
            counts.update((given.locker_of[option], rank) for rank in range(largest + 1))
    return [(locker, rank, n) for (locker, rank), n in counts.items()]
