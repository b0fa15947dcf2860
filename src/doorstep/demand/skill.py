"""Skill: a forecast against one that repeats the same weekday of the week before, on days that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.demand.forecast import LEAST_DAYS, fit_model, foretell
from doorstep.demand.history import WEEK
from doorstep.demand.spread import CELL_M, fit_spread, plane
from doorstep.errors import OrderError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from doorstep.demand.history import History

    Real = np.typing.NDArray[np.float64]
    Whole = np.typing.NDArray[np.int64]

HELD_BACK = 4 * WEEK
"""Days that are held back, or a third of the history where that is less."""
SHARES = (0.8, 0.95)
"""Of the intervals whose coverage is counted."""
THROWS, PLACES = 2000, 40_000
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Skill:
    """Mean squared errors of a forecast and of the seasonal naive one."""

    name: str
    ours: float
    naive: float
    low: float
    high: float
    """Ends of the 95 % interval of the skill, days drawn again from those held back."""

    @property
    def value(self) -> float:
        """1 is perfect, 0 as good as the naive forecast, below 0 worse (Murphy 1988)."""
        return 1 - self.ours / self.naive if self.naive > 0 else (0.0 if self.ours == 0 else -np.inf)

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Score:
    """How well a history foretells its own last days, each from those before it."""

    days: int
    skills: tuple[Skill, ...]
    """Of days, of their hours, and of their places."""
    within: tuple[tuple[float, float, float], ...]
    """(share, share of days, share of hours that lay in the interval)."""


def score_history(history: History, seed: int = 0) -> Score:
    """Return how forecasts of the last days of a history fare, each made the day before, by settings fixed before all.

    Raises
    ------
    OrderError
        If the history is too short to hold anything back.
    """
    held = [int(d) for d in np.flatnonzero(history.known)]
    back = held[max(0, len(held) - min(HELD_BACK, len(held) // 3)) :]
    if not back or int(history.before(back[0]).known.sum()) < LEAST_DAYS:
        what = f"the history has {len(held)} days with orders, too few to hold some back"
        raise OrderError.of("history", what, f"give {3 * WEEK} days at the least", "short-history")
    counts = history.counts()
    settings = fit_model(history.before(back[0])).count.settings
    cells, shares = _cells(history, back[0])
    days, hours, places, naive_days, naive_hours, naive_places, seen = [], [], [], [], [], [], []
    for day in back:
        model = fit_model(history.before(day), settings)
        rng = np.random.default_rng([seed, day])
        found = foretell(model, history.date(day), history.first, history.open_h[day], rng, DRAWS)
        before = _week_before(history, day)
        here = np.bincount(cells[history.day == day], minlength=len(shares))
        then = np.bincount(cells[history.day == before], minlength=len(shares))
        days.append((counts[day].sum() - found.mean) ** 2)
        hours.append(((counts[day] - found.mean * found.shares) ** 2).mean())
        places.append(((here - found.mean * shares) ** 2).mean())
        naive_days.append((counts[day].sum() - counts[before].sum()) ** 2)
        naive_hours.append(((counts[day] - counts[before]) ** 2).mean())
        naive_places.append(((here - then) ** 2).mean())
        for_day = [_inside(counts[day].sum(), found.totals, share) for share in SHARES]
        for_hours = [_inside(counts[day], found.hours, share) for share in SHARES]
        seen.append([*for_day, *for_hours])
    covered = np.mean(seen, axis=0)
    pairs = (("orders a day", days, naive_days), ("orders an hour", hours, naive_hours))
    skills = [_skill(*pair, seed) for pair in (*pairs, (f"orders in {CELL_M:g} m cells", places, naive_places))]
    within = tuple((share, float(covered[k]), float(covered[k + len(SHARES)])) for k, share in enumerate(SHARES))
    return Score(len(back), tuple(skills), within)


def _week_before(history: History, day: int) -> int:
    """Return the nearest known day before of the same weekday, or else the nearest."""
    known = np.flatnonzero(history.known[:day])
    same = known[(day - known) % WEEK == 0]
    return int(same[-1] if same.size else known[-1])


def _cells(history: History, until: int) -> tuple[Whole, Real]:
    """Return the cell of every order, and the share of orders that each cell is to have by the days before."""
    spread = fit_spread(history.before(until))
    _, drawn = spread.draw(PLACES, np.random.default_rng(0))
    about = np.median(history.lon_lat, axis=0)
    both = np.floor(plane(np.concatenate([history.lon_lat, drawn]), about) / CELL_M).astype(np.int64)
    _, cell = np.unique(both, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    mine, theirs = cell[: len(history.day)], cell[len(history.day) :]
    return mine, np.bincount(theirs, minlength=int(cell.max()) + 1) / len(theirs)


def _inside(count: Whole | int, draws: Whole, share: float) -> float:
    """Return which share of counts lies in the interval between the quantiles of draws."""
    ends = np.quantile(draws, [(1 - share) / 2, (1 + share) / 2], axis=0, method="inverted_cdf")
    return float(np.mean((ends[0] <= count) & (count <= ends[1])))


def _skill(name: str, ours: Iterable[float], naive: Iterable[float], seed: int) -> Skill:
    one, other = np.array(list(ours), float), np.array(list(naive), float)
    chosen = np.random.default_rng(seed).integers(len(one), size=(THROWS, len(one)))
    ratio = one[chosen].sum(axis=1) / np.maximum(other[chosen].sum(axis=1), 1e-12)
    low, high = np.quantile(1 - ratio, [0.025, 0.975])
    return Skill(name, float(one.mean()), float(other.mean()), float(low), float(high))
