"""Day count: how many orders a day has by its weekday, with a level that moves and days that differ beyond chance.

A log-linear model of negative binomial counts, fitted by iteratively reweighted least squares (McCullagh and Nelder
1989, ch. 2) with days weighing less the older they are, as in discounted models of a moving level (West and Harrison
1997, ch. 6). What days differ by beyond Poisson's chance comes from Pearson's statistic (Breslow 1984).
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
PRIOR_WEEKDAY, PRIOR_TREND = 1.0, 0.03
"""Spread of what weekdays differ by, and of the trend a week, on the scale of logarithms, before any day is seen."""
DRIFT = 0.05
"""By how much weekdays may have moved against each other, where the level is forgotten."""
VAGUE = 10.0
ROUNDS, CLOSE = 50, 1e-8
MOST_SPREAD = 100.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen by how well earlier days foretold later ones."""

    half_life_days: float = np.inf
    """After which a day weighs half; infinite where the level stays."""
    trend: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DayCount:
    """Counts of days as they were fitted."""

    settings: Settings
    days: int
    """Of the history, before the next one."""
    weights: Real
    """[k] of an intercept, weekdays and perhaps a trend."""
    covariance: Real
    """[k, k]"""
    spread: float
    """Of the factor between days of one weekday: its variance, beyond Poisson's chance."""
    freedom: float
    """Days, weighed, less what was fitted to them."""

    def middle(self, day: int, weekday: int) -> tuple[float, float]:
        """Return the logarithm of the expected count of a day and how unsure it is (a standard deviation).

        For days farther ahead than the next, whose level nobody has seen, it grows as the discount says.
        """
        row = _columns(np.array([day]), np.array([weekday]), self.days, self.settings.trend)[0]
        grows = 2.0 ** ((day - self.days) / self.settings.half_life_days)
        return float(row @ self.weights), float(np.sqrt(max(0.0, row @ self.covariance @ row) * grows))

    def draw(self, day: int, weekday: int, share: float, draws: int, rng: np.random.Generator) -> Whole:
        """Return what a day may count [draws], where `share` of its usual hours are on the clock.

        What is not known of its parameters is drawn too, the spread by way of a chi-squared law as for a variance.
        """
        middle, unsure = self.middle(day, weekday)
        mean = share * np.exp(middle + unsure * rng.standard_normal(draws))
        wide = self.freedom / np.maximum(rng.chisquare(self.freedom, draws), 1e-6)
        spread = np.clip((self.spread + 1 / mean) * wide - 1 / mean, 0.0, MOST_SPREAD)
        factor = np.where(spread > 0, rng.gamma(1 / np.maximum(spread, 1e-9)) * spread, 1.0)
        return np.asarray(rng.poisson(np.minimum(mean * factor, 1e9)), np.int64)


def fit_days(counts: Whole, share: Real, weekday: Whole, settings: Settings) -> DayCount:
    """Return the model of days [days] with their counts, the share of usual hours on their clock, and their weekday.

    Days whose share is 0 are not looked at.
    """
    seen = share > 0
    day = np.arange(len(counts))
    x = _columns(day, weekday, len(counts), settings.trend)[seen]
    y, offset = counts[seen].astype(float), np.log(share[seen])
    age = len(counts) - 1 - day[seen]
    weigh = 2.0 ** (-age / settings.half_life_days)
    prior = np.diag([VAGUE**-2, *[PRIOR_WEEKDAY**-2] * WEEK, *([PRIOR_TREND**-2] if settings.trend else [])])
    base = np.log(max((weigh * y).sum(), 0.5) / (weigh * np.exp(offset)).sum())
    centre = np.zeros(x.shape[1])
    if np.isfinite(settings.half_life_days):
        # Weekdays are remembered: what moves is the level that they have in common.
        whole = fit_days(counts, share, weekday, Settings())
        centre[1 : WEEK + 1] = whole.weights[1 : WEEK + 1]
        prior[1 : WEEK + 1, 1 : WEEK + 1] = np.diag(1 / (np.diag(_about_mean(whole.covariance)) + DRIFT**2))
    beta, spread, dof = centre.copy(), 0.0, max(2.0, float(weigh.sum()) - WEEK)
    cov = prior
    for _ in range(ROUNDS):
        mean = np.exp(np.clip(base + x @ beta + offset, -20, 20))
        work = weigh * mean / (1 + spread * mean)
        cov = np.linalg.inv((x.T * work) @ x + prior)
        new = cov @ ((x.T * work) @ (x @ beta + (y - mean) / mean) + prior @ centre)
        moved = float(np.abs(new - beta).max())
        beta = beta + np.clip(new - beta, -2, 2)
        mean = np.exp(np.clip(base + x @ beta + offset, -20, 20))
        dof = max(2.0, float(weigh.sum()) - float(np.einsum("ij,jk,ik->", x * work[:, None], cov, x)))
        before, spread = spread, _spread(y, mean, weigh, dof)
        if moved < CLOSE and abs(spread - before) < CLOSE:
            break
    weights = beta.copy()
    weights[0] += base
    return DayCount(settings, len(counts), weights, cov, spread, dof)


def log_score(model: DayCount, count: int, share: float, weekday: int) -> float:
    """Return the logarithm of the probability that the next day has a count, parameters taken as they were fitted."""
    from scipy.special import gammaln

    mean = share * np.exp(model.middle(model.days, weekday)[0])
    size = 1 / max(model.spread, 1e-6)
    found = gammaln(count + size) - gammaln(size) - gammaln(count + 1)
    return float(found + size * np.log(size / (size + mean)) + count * np.log(mean / (size + mean)))


def _about_mean(covariance: Real) -> Real:
    """Return the covariance of weekdays against the mean of all, without what they share with the intercept."""
    less = np.eye(WEEK) - 1 / WEEK
    return np.asarray(less @ covariance[1 : WEEK + 1, 1 : WEEK + 1] @ less)


def _columns(day: Whole, weekday: Whole, days: int, trend: bool) -> Real:
    """Return the rows of a model [n, k]: an intercept, a weekday, and weeks from the end of the history."""
    columns = [np.ones(len(day)), *(weekday == w for w in range(WEEK))]
    return np.column_stack([*columns, (day - days) / WEEK] if trend else columns).astype(float)


def _spread(y: Real, mean: Real, weigh: Real, dof: float) -> float:
    """Return the spread at which Pearson's statistic is what it should be; 0 where Poisson's chance is enough."""
    from scipy.optimize import brentq

    def excess(spread: float) -> float:
        return float((weigh * (y - mean) ** 2 / (mean + spread * mean**2)).sum()) - dof

    if excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, MOST_SPREAD, xtol=1e-10)) if excess(MOST_SPREAD) < 0 else MOST_SPREAD
