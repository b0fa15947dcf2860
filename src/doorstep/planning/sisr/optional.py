"""Optional orders: a search that first serves as many as it can, as if each were worth more than it is.

From a poor first plan the quickest way down is to leave orders out, until vehicles stand still that would have paid
once their trips were good ones; and no single order pays for a trip anew. What is not worth its way is left out later.
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
GENEROUS = 3.0
"""Times its price that each order is held to be worth at first."""
SHARE, AT_FIRST = 0.6, 0.2
"""Share of the search until prices are true, and share of that until they begin to fall."""
WARM, COOL, PICKY = 0.1, 0.02, 0.03
"""Temperatures in mean costs of one order: meanwhile, to begin and to end with, and the highest after that, if there
are `FEW` steps to an order; they rise with steps to the power of `MORE`, up to `MOST` times as hot."""
FEW, MORE, MOST = 180, 1.3, 10.0


def are_optional(g: at.Ground, mean: float) -> bool:
    """Tell whether orders are worth little more than serving one costs."""
    return float(np.median(g.price[g.able])) < LITTLE_MORE * mean


def serve_generously(
    g: at.Ground, s: at.State, pace: Pace, knobs: NDArray[np.float64], mean: float, long: float
) -> float:
    """Search with prices beyond the true ones for a while; return the highest temperature to go on with.

    Plans of long trips (`long` from 0 to 1) are searched hotter where there is time.
    """
    rows, cost, begun = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST]), pace.share()
    true, hotter, left_s = g.price.copy(), 1.0, pace.left_s()
    while not pace.over() and pace.share() < SHARE:
        done = (pace.share() - begun) / (SHARE - begun)
        size = min(CHUNK, pace.steps - pace.done)
        _set_prices(g, s, np.rint(true * GENEROUS ** min(1.0, (1 - done) / (1 - AT_FIRST))).astype(np.int64))
        s.counter[at.BEST] = at.NOWHERE
        warmth = mean * hotter * WARM * (COOL / WARM) ** done
        anneal(g, s, size, warmth, warmth, knobs, -1)
        pace.go(size)
        if left_s > 0:
            likely = pace.likely(size, left_s - pace.left_s())
            plenty = float(np.clip(likely / FEW / max(len(g.able), 1), 1.0, MOST ** (1 / MORE)))
            hotter, left_s = plenty ** (MORE * long), 0.0
    _set_prices(g, s, true)
    back_to_prices(g, s, rows, cost)
    return PICKY * hotter


def _set_prices(g: at.Ground, s: at.State, prices: NDArray[np.int64]) -> None:
    """Change prices, and the cost of the plan with them."""
    s.counter[at.LEVEL] += int((prices - g.price)[s.chosen < 0].sum())
    g.price[:] = prices
