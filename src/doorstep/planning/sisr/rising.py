"""Rising prices: room found for orders that cannot be left out, where vehicles are few or hours are short.

An order is put back at a price that rises while it stays out (after Nagata and Bräysy 2009,
doi:10.1016/j.orl.2009.04.006), in the very steps of the search. So it may push out others for which there is more room;
at prices beyond any cost nothing ever gives way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import anneal, save_best

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.sisr.pace import Pace

ROUND = 200
"""Steps after which what is still out becomes dearer."""
PENALTY, RISE = 5.0, 1.0
"""Price of leaving an order out, in mean costs of one order, to begin with and added after each round."""
WARMTH = 0.3
"""Temperature meanwhile, in mean costs of one order."""
SHARE, SHARE_MUST = 0.3, 0.9
"""Share of a search that may go into finding room for all; where leaving one out costs more than all else together."""


def make_room(g: at.Ground, s: at.State, pace: Pace, knobs: NDArray[np.float64], mean: float) -> None:
    """Go on from a plan that serves all orders worth more than the first price, if one is found in time."""
    dear = np.zeros(len(g.price), bool)
    dear[g.able] = g.price[g.able] > PENALTY * mean
    out = s.absent[: s.counter[at.ABSENT]]
    if not dear[out].any():
        return
    rows, cost = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST])
    must = dear & (g.price > mean * len(g.able))
    most = SHARE_MUST if must[out].any() else SHARE
    spare = g._replace(price=low_prices(g, mean))
    s.counter[at.LEVEL] -= int((g.price - spare.price)[out].sum())
    s.counter[at.BEST] = at.NOWHERE
    all_back(spare, s, pace, most, knobs, (int((~dear[out]).sum()), mean))
    s.counter[at.LEVEL] += int((g.price - spare.price)[s.absent[: s.counter[at.ABSENT]]].sum())
    back_to_prices(g, s, rows, cost)


def set_prices(g: at.Ground, s: at.State, prices: NDArray[np.int64]) -> None:
    """Change prices, and the cost of the plan with them."""
    s.counter[at.LEVEL] += int((prices - g.price)[s.chosen < 0].sum())
    g.price[:] = prices


def back_to_prices(g: at.Ground, s: at.State, rows: NDArray[np.int64], cost: int) -> None:
    """Take what was the best plan before prices were others for it again, unless the present one is better.

    Routes met meanwhile are forgotten, for their costs are not the true ones.
    """
    s.counter[at.MET], s.seen[:] = 0, 0
    s.best[: len(rows)] = rows
    s.counter[at.BEST_LENGTH], s.counter[at.BEST] = len(rows), cost
    if s.counter[at.LEVEL] < cost:
        save_best(g, s)


def low_prices(g: at.Ground, mean: float) -> NDArray[np.int64]:
    """Return the prices of leaving orders out to begin with."""
    prices: NDArray[np.int64] = np.minimum(g.price, round(PENALTY * mean))
    return prices


def all_back(
    g: at.Ground, s: at.State, pace: Pace, most: float, knobs: NDArray[np.float64], aim: tuple[int, float]
) -> bool:
    """Search until no more orders are out than wanted; return whether that came about before a share was over."""
    wanted, mean = aim
    rise, warmth = round(RISE * mean), max(1.0, WARMTH * mean)
    while not pace.over() and pace.share() < most:
        begun = int(s.counter[at.STEP])
        anneal(g, s, ROUND, warmth, warmth, knobs, wanted)
        pace.go(int(s.counter[at.STEP]) - begun)
        if s.counter[at.ABSENT] <= wanted:
            return True
        out = s.absent[: s.counter[at.ABSENT]]
        g.price[out] += rise
        s.counter[at.LEVEL] += rise * len(out)
        s.counter[at.BEST] = at.NOWHERE
    return False
