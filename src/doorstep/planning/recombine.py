"""Recombine: the best set of routes out of all routes met, by OR-Tools' CP-SAT, within what they share.

Set partitioning over a pool of routes (Balinski and Quandt 1964), with vehicles, compartments of lockers, and the daily
costs of lockers and hubs as rows of their own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.draft import Draft

if TYPE_CHECKING:
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


def recombine(given: Given, pool: Pool, best: Draft, limit_s: float) -> Draft:
    """Return the cheapest draft that routes of the pool make; `best` itself where there is none cheaper."""
    problem = given.problem
    routes = [(fleet, np.frombuffer(row, np.int64), cost) for (fleet, row), cost in pool.items()]
    hint = {(fleet, row.tobytes()) for fleet, row in zip(best.fleets, best.rows, strict=True)}
    routes.sort(key=lambda r: ((r[0], r[1].tobytes()) not in hint, r[2] / np.count_nonzero(r[1] >= 0)))
    routes = routes[:MOST_ROUTES]
    if len(routes) <= len(best.rows):
        return best
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    use = [model.new_bool_var("") for _ in routes]
    served = [model.new_bool_var("") for _ in problem.order_ids]
    by_order, by_fleet = defaultdict(list), defaultdict(list)
    by_size, lodged, by_hub = defaultdict(list), defaultdict(list), defaultdict(list)
    for take, (fleet, row, _) in zip(use, routes, strict=True):
        by_fleet[fleet].append(take)
        by_hub[problem.fleets[fleet].hub].append(take)
        sizes: dict[tuple[int, int], int] = defaultdict(int)
        for option in row[row >= 0].tolist():
            by_order[given.order_of[option]].append(take)
            for rank in range(int(given.rank[given.order_of[option]]) + 1 if given.locker_of[option] >= 0 else 0):
                sizes[given.locker_of[option], rank] += 1
        for (locker, rank), n in sizes.items():
            by_size[locker, rank].append(n * take)
            if rank == 0:
                lodged[locker].append(take)
    for order, known in enumerate(served):
        model.add(sum(by_order[order]) == known)
    for fleet, takes in by_fleet.items():
        model.add(sum(takes) <= problem.fleets[fleet].count)
    for (locker, rank), parcels in by_size.items():
        model.add(sum(parcels) <= int(problem.locker_room[locker, rank]))
    costs = [cost // COST_UNIT * take for take, (_, _, cost) in zip(use, routes, strict=True)]
    costs += [problem.unserved_cost // COST_UNIT * (1 - known) for known in served]
    for users, daily in (lodged, problem.locker_cost), (by_hub, problem.hub_cost):
        for key, takes in users.items():
            opened = model.new_bool_var("")
            model.add_max_equality(opened, takes)
            costs.append(int(daily[key]) // COST_UNIT * opened)
    model.minimize(sum(costs))
    for take, (fleet, row, _) in zip(use, routes, strict=True):
        model.add_hint(take, (fleet, row.tobytes()) in hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = WORK_LIMIT
    solver.parameters.max_time_in_seconds = max(limit_s, 0.1)
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return best
    chosen = [(fleet, row.tolist()) for take, (fleet, row, _) in zip(use, routes, strict=True) if solver.value(take)]
    found = Draft.of(given, chosen)
    return found if found.cost() < best.cost() else best
