"""Desk: the routes of all vans while better ones are looked for, as compiled loops take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.addresses import by_address
from doorstep.planning.sorties.hold import MOST_CARRIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem

    Whole = NDArray[np.int64]

NEAREST, TO_LAUNCH = 24, 14
"""Places beside which an order is put, and from which it is brought by what a van carries."""
NOW, KEPT, BEST = range(3)
"""The plan under change, as it was before the step, and the best."""


@by_address
class Desk(NamedTuple):
    """Plans of all vans, and room for changes on trial."""

    rows: Whole
    """[3, vans, room]"""
    length: Whole
    """[3, vans]"""
    limit: Whole
    """[3, vans] how many of what each could carry it takes along."""
    cost: Whole
    """[3, vans]"""
    total: Whole
    """[3] the price of what is left out included."""
    where: Whole
    """[3, orders] the van of each order, -1 for none."""
    fleet: Whole
    """[vans]"""
    able: Whole
    """Orders that may be moved."""
    beside: Whole
    """[orders, k] orders that may be moved, nearest first; -1 where there are no more."""
    close: NDArray[np.bool_]
    """[sites, sites] whether one is among the nearest of the other."""
    beside_stop: NDArray[np.bool_]
    """[sites, sites] the same of fewer, to launch from."""
    trial: Whole
    """[room]"""
    spot: Whole
    """[room] the best found for an order."""
    out: Whole
    """[orders] those taken out."""
    met: Whole
    """[5] of the best spot: cost added, van, length; how many were taken out; and what the van on trial takes along."""
    dice: NDArray[np.uint64]


def desk_for(problem: Problem, vans: Sequence[tuple[int, Sequence[int]]], able: NDArray[np.int64], seed: int) -> Desk:
    """Return a desk that begins with rows of vans, (fleet, row) each; `able` are the orders that may be moved."""
    orders = len(problem.order_ids)
    room = 3 * orders + max([len(row) for _, row in vans], default=0) + 8
    place = np.zeros(orders, np.int64)
    place[problem.option_order] = problem.option_site
    xy = problem.site_xy_m
    away = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    rank = np.argsort(np.argsort(away, axis=1, kind="stable"), axis=1, kind="stable")
    beside = np.full((orders, NEAREST), -1, np.int64)
    for order in able.tolist():
        others = able[able != order]
        found = others[np.argsort(away[place[order], place[others]], kind="stable")][:NEAREST]
        beside[order, : len(found)] = found
    rows, length = np.zeros((3, len(vans), room), np.int64), np.zeros((3, len(vans)), np.int64)
    where = np.full((3, orders), -1, np.int64)
    for van, (_, row) in enumerate(vans):
        rows[:, van, : len(row)], length[:, van] = row, len(row)
        mine = np.array([token % len(problem.option_order) for token in row if token >= 0], np.int64)
        where[:, problem.option_order[mine]] = van
    return Desk(
        rows=rows,
        length=length,
        limit=np.full((3, len(vans)), MOST_CARRIED, np.int64),
        cost=np.zeros((3, len(vans)), np.int64),
        total=np.zeros(3, np.int64),
        where=where,
        fleet=np.array([fleet for fleet, _ in vans], np.int64),
        able=able,
        beside=beside,
        close=np.minimum(rank, rank.T) <= NEAREST,
        beside_stop=rank <= TO_LAUNCH,
        trial=np.zeros(room, np.int64),
        spot=np.zeros(room, np.int64),
        out=np.zeros(orders + 1, np.int64),
        met=np.zeros(5, np.int64),
        dice=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
    )
