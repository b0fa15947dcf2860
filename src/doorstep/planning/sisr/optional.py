"""Optional orders: a search that holds each to be worth more than it is, by as much as it is warm.

From a poor first plan the quickest way down is to leave orders out, until vehicles stand still that would have paid
once their trips were good ones; and no single order pays for a trip anew. Warmth does the same at any time, since there
are more ways to leave orders out than to serve them: a price that rises with it makes up for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.sisr import layout as at
from doorstep.planning.sisr.annealing import anneal
from doorstep.planning.sisr.pace import CHUNK
from doorstep.planning.sisr.rising import back_to_prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.sisr.pace import Pace

LITTLE_MORE = 3
"""Times the mean cost of serving an order that half of them are worth where it matters which are served."""
SHARE, SHARE_OF_FEW, FEW = 0.9, 0.4, 40
"""Share of the search until prices are true; no more than so many orders are searched once more from the hottest on."""
WARM, COOL = 1.4, 0.03
"""Temperatures to begin and to end with meanwhile, in what half of the orders are worth or serving one costs on
average, whichever is less."""
MORE_PER_WARMTH = 1.0
"""Temperatures that each order is held to be worth beyond its price, tuned: with less, trips that single orders do not
pay for melt away before they are good ones, most of all where time is plenty; with more, there are too many trips."""


def are_optional(g: at.Ground, mean: float) -> bool:
    """Tell whether orders are worth little more than serving one costs."""
    return float(np.median(g.price[g.able])) < LITTLE_MORE * mean


def serve_generously(g: at.Ground, s: at.State, pace: Pace, knobs: NDArray[np.float64], mean: float) -> float:
    """Search with prices beyond the true ones, less so as it cools; return the highest to go on with, in means."""
    rows, cost, begun = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST]), pace.share()
    share = SHARE if len(g.able) > FEW else SHARE_OF_FEW
    true, scale = g.price.copy(), min(mean, float(np.median(g.price[g.able])))
    while not pace.over() and pace.share() < share:
        done = (pace.share() - begun) / (share - begun)
        size = min(CHUNK, pace.steps - pace.done)
        warmth = scale * WARM * (COOL / WARM) ** done
        _set_prices(g, s, true + round(MORE_PER_WARMTH * warmth))
        s.counter[at.BEST] = at.NOWHERE
        anneal(g, s, size, warmth, warmth, knobs, -1)
        pace.go(size)
    _set_prices(g, s, true)
    back_to_prices(g, s, rows, cost)
    return COOL if len(g.able) > FEW else float("inf")


def _set_prices(g: at.Ground, s: at.State, prices: NDArray[np.int64]) -> None:
    """Change prices, and the cost of the plan with them."""
    s.counter[at.LEVEL] += int((prices - g.price)[s.chosen < 0].sum())
    g.price[:] = prices
