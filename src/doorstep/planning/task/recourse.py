"""Recourse: what it takes to bring an order by a courier who is called in, or to carry it to tomorrow."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from doorstep.modes.chancebook import ChanceBook
    from doorstep.planning.problem import Problem


def with_recourse(problem: Problem, book: ChanceBook) -> Problem:
    """Return a problem that was tabulated from a scenario, with the times and prices of recourse by a book of chance.

    A courier is paid from the nearest hub to the order's own place and back, at a driver's wage; an order that is
    carried to tomorrow costs the work on it, besides its share of such a day, which the ledger adds.
    """
    hubs = len(problem.hubs)
    homes, depots = problem.site_xy_m[hubs + len(problem.lockers) :], problem.site_xy_m[:hubs]
    apart_m = np.hypot(*(homes[:, None] - depots[None]).transpose(2, 0, 1)).min(axis=1, initial=np.inf)
    way_s = apart_m * book.courier_detour / book.courier_mps
    many = np.ones(len(problem.order_ids), np.int64) if problem.bundle is None else problem.bundle
    paid_s = np.rint(2 * way_s + book.courier_handling_s).astype(np.int64)
    return dataclasses.replace(
        problem,
        courier_s=np.rint(book.courier_call_s + way_s + book.courier_handling_s).astype(np.int64),
        courier_cost=paid_s * problem.wage_cost,
        carry_cost=many * (round(book.carry_s) * problem.wage_cost),
    )
