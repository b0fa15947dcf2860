"""Forecast: a model of past orders, and what it says of one day, with how unsure it is."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.demand.daycount import Settings, fit_days, log_score
from doorstep.demand.history import NAMES, WEEK
from doorstep.demand.rhythm import fit_rhythm
from doorstep.errors import OrderError
from doorstep.network.counting import counted

if TYPE_CHECKING:
    from doorstep.demand.daycount import DayCount
    from doorstep.demand.history import History
    from doorstep.demand.rhythm import Rhythm

    Real = np.typing.NDArray[np.float64]
    Whole = np.typing.NDArray[np.int64]

LEAST_DAYS = 2 * WEEK
"""Every weekday twice, or its rhythm is a guess."""
JUDGED_DAYS = 4 * WEEK
"""Days by which settings are chosen, at the most."""
HALF_LIVES = (3.5, 7.0, 14.0, 28.0, 56.0, np.inf)
CONVINCED = 1.0
"""By how much the logarithm of what the last days were given must grow for a moving level: a factor of three."""
DRAWS = 4000
FAR_DAYS = 4 * WEEK
"""Estimate: beyond four weeks nobody knows the level; forecasts say so."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """How many orders days have, and when in the day."""

    count: DayCount
    rhythm: Rhythm


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """One day's orders as they may be."""

    day: dt.date
    totals: Whole
    """[draws] orders of the day."""
    hours: Whole
    """[draws, 24] orders of every hour."""
    mean: float
    """Orders that are to be expected."""
    shares: Real
    """[24] of the hours."""
    ahead: int
    """Days after the last one that is known."""

    def total(self, share: float) -> float:
        """Return how many orders the day stays below with a probability."""
        return float(np.quantile(self.totals, share, method="inverted_cdf"))

    def hourly(self, share: float) -> Real:
        """Return the same of every hour [24]."""
        return np.asarray(np.quantile(self.hours, share, axis=0, method="inverted_cdf"), float)


def fit_model(history: History, settings: Settings | None = None) -> Model:
    """Return the model of a history; how fast days are forgotten, and a trend, are chosen unless `settings` are given.

    Chosen is what gave each of the last days the highest probability, foretold from the days before it.

    Raises
    ------
    OrderError
        If fewer than fourteen days are known.
    """
    known = int(history.known.sum())
    if known < LEAST_DAYS:
        what = f"the history has {counted(known, 'day')} with orders before the day that is to be foretold"
        raise OrderError.of("history", what, f"a weekly rhythm needs {LEAST_DAYS} at the least", "short-history")
    counts = history.counts()
    rhythm = fit_rhythm(counts, history.open_h, history.weekday)
    share = np.array([rhythm.on(w, h)[0] for w, h in zip(history.weekday, history.open_h, strict=True)])
    totals = counts.sum(axis=1)
    chosen = settings or _chosen(totals, share, history.weekday)
    return Model(fit_days(totals, share, history.weekday, chosen), rhythm)


def foretell(
    model: Model, day: dt.date, first: dt.date, open_h: Real, rng: np.random.Generator, draws: int = DRAWS
) -> Forecast:
    """Return what the model of a history that begins on `first` says of a later day with such hours [24]."""
    number = (day - first).days
    share, shares = model.rhythm.on(day.weekday(), open_h)
    totals = model.count.draw(number, day.weekday(), share, draws, rng)
    middle, unsure = model.count.middle(number, day.weekday())
    mean = share * float(np.exp(middle + unsure**2 / 2))
    return Forecast(day, totals, model.rhythm.draw(shares, totals, rng), mean, shares, number - model.count.days + 1)


def forecast_day(
    history: History, day: dt.date | None = None, seed: int = 0, zone: str | None = None, draws: int = DRAWS
) -> Forecast:
    """Return the forecast of one day, the one after the history unless another is given, from the days before it alone.

    Raises
    ------
    OrderError
        If the day lies before what can be foretold, or is so far off that nothing is known of it.
    """
    from doorstep.demand.stamps import hours_of

    day = day or history.date(history.days)
    number = (day - history.first).days
    last = history.date(history.days - 1)
    if number < LEAST_DAYS or number >= history.days + 366:
        what = f"{day} cannot be foretold from orders of {history.first} to {last}"
        fix = f"choose a day from {history.date(LEAST_DAYS)} on, and no more than a year after the last"
        raise OrderError.of("day", what, fix, "no-such-day")
    earlier = history.before(min(number, history.days))
    open_h = hours_of((day - dt.date(1970, 1, 1)).days, 1, zone)[0]
    return foretell(fit_model(earlier), day, history.first, open_h, np.random.default_rng([seed, number]), draws)


def day_name(day: dt.date) -> str:
    """Return a day as people write it."""
    return f"{NAMES[day.weekday()]} {day}"


def _chosen(totals: Whole, share: Real, weekday: Whole) -> Settings:
    """Return the settings that foretold the last days best."""
    days = len(totals)
    judged = [d for d in range(max(LEAST_DAYS, days - JUDGED_DAYS), days) if share[d] > 0]
    steady = Settings(np.inf, trend=False)
    others = [Settings(*pair) for pair in itertools.product(HALF_LIVES, (False, True))]

    def score(settings: Settings) -> float:
        found = 0.0
        for day in judged:
            model = fit_days(totals[:day], share[:day], weekday[:day], settings)
            found += log_score(model, int(totals[day]), float(share[day]), int(weekday[day]))
        return found

    best = max(others, key=score)
    return best if score(best) > score(steady) + CONVINCED else steady
