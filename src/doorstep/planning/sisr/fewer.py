"""Fewer: vehicles taken out one by one as long as all can still be served.

So where a vehicle costs more than its way, and where only loads limit vehicles, for the search to begin with few.
What is left over is put back at a price that rises while it stays out (see `rising`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import load, save_best
from doorstep.planning.sisr.build import vehicles_of
from doorstep.planning.sisr.districts import LARGE
from doorstep.planning.sisr.rising import all_back, back_to_prices, low_prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.sisr.pace import Pace

SHARE_TIGHT = 0.15
"""Share of a search that may go into finding out with how few vehicles it should begin."""


def thin_out(g: at.Ground, s: at.State, pace: Pace, most: float, knobs: NDArray[np.float64], mean: float) -> None:
    """Leave the best plan with as few vehicles as can be found before a share of the search is over."""
    if not _worth_it(g, s, mean):
        return
    wanted, cost = int(s.counter[at.ABSENT]), int(s.counter[at.BEST])
    best = s.best[: s.counter[at.BEST_LENGTH]].copy()
    price = low_prices(g, mean)
    free = g.fleet.copy()
    free[:, at.PER_VEHICLE] = 0
    alone = np.where(g.alone < at.NOWHERE, g.alone - g.fleet[:, at.PER_VEHICLE, None], at.NOWHERE)
    spare = g._replace(price=price, fleet=free, alone=alone)
    fewest = _fewest(spare, s, pace, most, knobs, (wanted, mean), 1)
    # Vehicles cost nothing meanwhile, so that routes met look cheaper than they are.
    s.counter[at.MET], s.seen[:] = 0, 0
    for row in (fewest, best):
        _clear(g, s)
        load(g, s, row, len(row))
        if s.counter[at.LEVEL] < cost or row is best:
            save_best(g, s)
            return


def tighten(g: at.Ground, s: at.State, pace: Pace, knobs: NDArray[np.float64], mean: float) -> None:
    """Go on with hardly more vehicles than can serve all, where only their capacity limits them.

    `g` has one more of them afterwards than were found to be enough. A hot search that may take another at will
    packs them so loosely that it never gets by with fewer when it is cold, even where that is shorter.
    """
    filled = _filled(g)
    if not filled or s.counter[at.ABSENT] or s.counter[at.IN_USE] <= filled:
        return
    there = int(g.fleet[0, at.VEHICLES])
    best, cost = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST])
    spare = g._replace(price=low_prices(g, mean))
    fewest = _fewest(spare, s, pace, pace.share() + SHARE_TIGHT, knobs, (0, mean), filled)
    fewer = len(vehicles_of(fewest)) < len(vehicles_of(best))
    g.fleet[0, at.VEHICLES] = min(there, len(vehicles_of(fewest)) + 1) if fewer else there
    _clear(g, s)
    load(g, s, fewest, len(fewest))
    back_to_prices(g, s, best, cost)


def _fewest(
    spare: at.Ground,
    s: at.State,
    pace: Pace,
    most: float,
    knobs: NDArray[np.float64],
    aim: tuple[int, float],
    least: int,
) -> NDArray[np.int64]:
    """Return the best plan with vehicle after vehicle taken out, down to the least, while what is left can be served.

    The fleets and prices of `spare` change meanwhile, and the plan does.
    """
    fewest = s.best[: s.counter[at.BEST_LENGTH]].copy()
    while len(vehicles_of(fewest)) > least and _cut_one(spare, s, fewest):
        if not all_back(spare, s, pace, most, knobs, aim):
            break
        save_best(spare, s)
        fewest = s.best[: s.counter[at.BEST_LENGTH]].copy()
    return fewest


def _filled(g: at.Ground) -> int:
    """Return how many vehicles the loads fill, or 0 where there are no more, or not only their capacity counts."""
    kind = g.fleet[0] if len(g.fleet) == 1 else None
    if kind is None or kind[at.CLOCK] != at.NO_CLOCK or kind[at.MOST_TRIPS] > 1 or kind[at.EXACT] or g.mixed:
        return 0
    if len(g.option) != len(g.able) or len(g.able) > LARGE or g.still.any():
        return 0
    load = g.column[:, at.LOAD : at.LOAD + 3].sum(axis=0)
    filled = int(np.ceil(load / np.maximum(kind[at.CAPACITY : at.CAPACITY + 3], 1)).max())
    return filled if filled < kind[at.VEHICLES] else 0


def _worth_it(g: at.Ground, s: at.State, mean: float) -> bool:
    """Tell whether every vehicle costs the same, and more than what one of the plan does on average.

    Where they cost differently, fewer may be dearer: which ones to use is for the search itself.
    """
    used, fixed = int(s.counter[at.IN_USE]), g.fleet[:, at.PER_VEHICLE]
    if used < 2 or fixed.min() != fixed.max():  # noqa: PLR2004 - one must stay
        return False
    return bool(fixed[0] * used > mean * int(s.counter[at.SERVED]))


def _clear(g: at.Ground, s: at.State) -> None:
    """Take all out of the plan."""
    load(g, s, np.zeros(0, np.int64), 0)
    s.counter[at.LEVEL] = int(g.price.sum())


def _cut_one(g: at.Ground, s: at.State, row: NDArray[np.int64]) -> bool:
    """Load rows without the vehicle whose orders are the cheapest to be left over; tell whether one may go.

    Whoever has begun stays.
    """
    vehicles = vehicles_of(row)
    free = [k for k, mine in enumerate(vehicles) if not g.still[mine[mine >= 0]].any()]
    if not free:
        return False
    worth = [int(g.price[g.column[vehicles[k][vehicles[k] >= 0], at.ORDER]].sum()) for k in free]
    mark = vehicles.pop(free[int(np.argmin(worth))])[0]
    rest = np.concatenate(vehicles)
    g.fleet[-2 - int(mark), at.VEHICLES] = int((rest == mark).sum())
    _clear(g, s)
    load(g, s, rest, len(rest))
    s.counter[at.BEST] = at.NOWHERE
    return True
