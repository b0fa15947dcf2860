"""Rhythm: which share of a day's orders each hour has, by weekday, and how much days differ in it.

Hours of a day share its orders by a Dirichlet-multinomial law (Mosimann 1962): like dice whose weights are thrown anew
every day, so that a busy hour is busier than chance alone would have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Whole = NDArray[np.int64]

WEEK = 7
PULLS = np.geomspace(1.0, 1e6, 25)
"""Orders that the mean of all weekdays may count for against what one weekday shows by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Shares of the hours."""

    shares: Real
    """[7, 24] of an hour that lasts an hour; Monday first; each row adds up to 1."""
    unlike: float
    """Correlation of two orders of one day in their hour beyond the shares, from 0 (none) to 1."""

    def on(self, weekday: int, open_h: Real) -> tuple[float, Real]:
        """Return how much of a usual day a clock has, and the shares of its hours [24]."""
        weigh = self.shares[weekday] * open_h
        total = float(weigh.sum())
        return total, weigh / total if total > 0 else weigh

    def draw(self, shares: Real, totals: Whole, rng: np.random.Generator) -> Whole:
        """Return the orders of every hour [draws, 24] of days with so many orders [draws]."""
        if self.unlike > 0:
            thrown = rng.gamma(np.maximum(shares * (1 / self.unlike - 1), 1e-12), size=(len(totals), 24))
            thrown[:, shares == 0] = 0.0
            weigh = thrown / np.maximum(thrown.sum(axis=1, keepdims=True), 1e-300)
            lost = weigh.sum(axis=1) <= 0
            weigh[lost] = shares
        else:
            weigh = np.broadcast_to(shares, (len(totals), 24))
        return np.asarray(rng.multinomial(totals, weigh / weigh.sum(axis=1, keepdims=True)), np.int64)


def fit_rhythm(counts: Whole, open_h: Real, weekday: Whole) -> Rhythm:
    """Return the shares of the hours of days [days, 24]; those of a weekday are drawn towards the mean of all.

    How far is chosen by which pull makes what weekdays show likeliest.
    """
    from scipy.special import gammaln

    known = open_h.any(axis=1)
    n, open_h, weekday = counts[known].astype(float), open_h[known], weekday[known]
    whole = n.sum(axis=0) / np.maximum(open_h.sum(axis=0), 1e-9)
    whole = whole / whole.sum() if whole.sum() > 0 else np.full(24, 1 / 24)
    by_weekday = np.array([n[weekday == w].sum(axis=0) for w in range(WEEK)])
    used = whole > 0

    def likely(pull: float) -> float:
        a = pull * whole[used]
        rows = gammaln(pull) - gammaln(pull + by_weekday.sum(axis=1))
        return float(rows.sum() + (gammaln(by_weekday[:, used] + a) - gammaln(a)).sum())

    pull = max(PULLS, key=likely)
    shares = by_weekday + pull * whole
    shares /= shares.sum(axis=1, keepdims=True)
    return Rhythm(shares, _unlike(n, open_h, shares[weekday]))


def _unlike(n: Real, open_h: Real, shares: Real) -> float:
    """Return by moments how much days differ in their hours beyond chance."""
    p = shares * open_h
    p /= np.maximum(p.sum(axis=1, keepdims=True), 1e-9)
    total = n.sum(axis=1, keepdims=True)
    by_chance = float((total * p * (1 - p)).sum())
    beyond = float(((n - total * p) ** 2).sum()) - by_chance
    pairs = float((total * (total - 1) * p * (1 - p)).sum())
    return min(max(beyond / pairs, 0.0), 0.99) if pairs > 0 else 0.0
