"""Aside: the best plan of a van and of drones that fly from the depot beside it (PDSTSP, Murray and Chu 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.tandem.layout import DRIVE, SERVE, ground_of
from doorstep.planning.tandem.tours import best_split, fill_tours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.tandem.problem import TandemProblem

MOST_CUSTOMERS = 20
"""Customers of an exact search: 0.2 GB of tables, a second."""


def within_reach(problem: TandemProblem) -> bool:
    """Return whether `best_shares` knows all that the problem asks and is done in seconds."""
    few = 1 < problem.sites <= MOST_CUSTOMERS + 1
    plain = problem.plain_makespan and not problem.windowed
    return few and plain and problem.drones == 0 and problem.beside > 0


def best_shares(problem: TandemProblem) -> tuple[NDArray[np.int64], dict[int, int]] | None:
    """Return the van's tasks and the drone of each customer flown to; None where no plan serves all.

    The van's tours over all sets come from dynamic programming; to each set the flights to the others are assigned by
    branch and bound (doi:10.1016/j.trc.2015.03.005 has the problem).
    """
    g, customers = ground_of(problem), problem.sites - 1
    last, tour = np.empty((1 << customers, customers)), np.empty(1 << customers)
    fill_tours(g, last, tour)
    flight_s = problem.beside_s[1:]
    order = np.argsort(-flight_s, kind="stable")
    order = order[np.isfinite(flight_s[order])].astype(np.int64)
    jobs, choice, found = (np.full(customers, -1, np.int64) for _ in range(3))
    flown = best_split(tour, flight_s, order, np.zeros(problem.beside), np.zeros(customers), jobs, choice, found)
    if flown < 0:
        return None
    driven = (1 << customers) - 1 ^ int(flown)
    way, end = [], 0
    while driven:
        ends = [x for x in range(customers) if driven >> x & 1]
        x = min(ends, key=lambda x: float(last[driven, x] + g.van_s[x + 1, end]))
        way.append(x + 1)
        driven, end = driven ^ (1 << x), x + 1
    tasks = [task for x in reversed(way) for task in ((DRIVE, x), (SERVE, x))]
    row = np.array([kind * problem.sites + site for kind, site in [*tasks, (DRIVE, 0)]], np.int64)
    return row, {int(x) + 1: int(found[x]) for x in np.flatnonzero(found >= 0)}
