"""Optional orders: a search that holds each to be worth more than it is, by as much as it is warm.

From a poor first plan the quickest way down is to leave orders out, until vehicles stand still that would have paid
once their trips were good ones; and no single order pays for a trip anew. Warmth does the same at any time, since there
are more ways to leave orders out than to serve them: a price that rises with it makes up for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import anneal
from doorstep.planning.sisr.pace import CHUNK
from doorstep.planning.sisr.rising import back_to_prices, set_prices
from doorstep.planning.sisr.ventures import venture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.sisr.pace import Pace
    from doorstep.planning.sisr.ventures import Both

LITTLE_MORE = 3
"""Times the mean cost of serving an order that half of them are worth where it matters which are served."""
SHARE, SHARE_OF_FEW, FEW, SHARE_VENTURED = 0.25, 0.4, 40, 0.95
"""Share of the search until prices are true; no more than so many orders are searched once more from the hottest on, of
more of them trips are made anew (see `ventures`) until most of it is over."""
WARM, COOL = 1.4, 0.03
"""Temperatures to begin and to end with meanwhile, in what half of the orders are worth or serving one costs on
average, whichever is less."""
MORE_PER_WARMTH = 2.5, 1.0
"""Temperatures that each order is held to be worth beyond its price, in two laps, tuned: with less, trips that single
orders do not pay for melt away before they are good ones, most of all where few orders pay; with more, there are too
many trips where most do. The better plan of both laps is gone on with."""


def are_optional(g: at.Ground, mean: float) -> bool:
    """Tell whether orders are worth little more than serving one costs."""
    return float(np.median(g.price[g.able])) < LITTLE_MORE * mean


def serve_generously(g: at.Ground, s: at.State, pace: Pace, knobs: Both, mean: float) -> float:
    """Search with prices beyond the true ones, less so as it cools, then by ventures.

    Return the highest temperature to go on with, in means.
    """
    few = len(g.able) <= FEW
    begun, end = pace.share(), SHARE_OF_FEW if few else SHARE
    scale = min(mean, float(np.median(g.price[g.able])))
    for lap, more in enumerate(MORE_PER_WARMTH, 1):
        _cool(g, s, pace, knobs[0], scale, more, begun + (end - begun) * lap / len(MORE_PER_WARMTH))
    if few:
        return float("inf")
    venture(g, s, pace, knobs, scale, SHARE_VENTURED)
    return COOL


def _cool(
    g: at.Ground, s: at.State, pace: Pace, knobs: NDArray[np.float64], scale: float, more: float, end: float
) -> None:
    """Search from warm to cool until a share of the search is over, orders being worth `more` the warmer it is."""
    rows, cost, begun = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST]), pace.share()
    true = g.price.copy()
    while not pace.over() and pace.share() < end:
        done = (pace.share() - begun) / (end - begun)
        size = min(CHUNK, pace.steps - pace.done)
        warmth = scale * WARM * (COOL / WARM) ** done
        set_prices(g, s, true + round(more * warmth))
        s.counter[at.BEST] = at.NOWHERE
        anneal(g, s, size, warmth, warmth, knobs, -1)
        pace.go(size)
    set_prices(g, s, true)
    back_to_prices(g, s, rows, cost)
