"""Comparison: which was better, and how sure that is, by the same days for all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

LEVEL = 0.95
"""Of the intervals."""
FEW = 2
"""Days of which there can be no interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its interval of confidence, by Student's t; both ends are infinite where there are too few days."""

    mean: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """How far the interval reaches to each side."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Step:
    """How far one configuration is behind the next better one."""

    name: str
    mean: float
    behind: Interval | None
    """Day by day, by how much it is worse than the one before it; None for the best."""
    sure: bool
    """Whether that interval leaves out nought; of the best, whether it does for everybody else's difference from it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number of some configurations on the same days."""

    names: tuple[str, ...]
    values: NDArray[np.float64]
    """[configurations, days]; NaN on days without such a number."""
    better: int
    """-1 where less is better, 1 where more is, 0 where neither is."""

    def interval(self, name: str) -> Interval:
        """Return the mean of one configuration's days.

        Raises
        ------
        InputError
            If there is no such configuration.
        """
        return interval(self._row(name))

    def difference(self, one: str, other: str, level: float = LEVEL) -> Interval:
        """Return by how much one configuration is above another, day by day."""
        return interval(self._row(one) - self._row(other), level)

    def days_needed(self, share: float) -> int:
        """Return about how many days it takes for the interval of every mean to reach so far a share of it aside."""
        means = {name: self.interval(name).mean for name in self.names}
        rows = zip(means.values(), self.values, strict=True)
        return max((days_needed(row, share * abs(mean)) for mean, row in rows if math.isfinite(mean)), default=0)

    def within(self, share: float) -> bool:
        """Tell whether it reaches no farther for any."""
        found = [self.interval(name) for name in self.names]
        return all(one.half <= share * abs(one.mean) for one in found if math.isfinite(one.mean))

    def ranks(self) -> tuple[Step, ...]:
        """Return the configurations from the best on, each with how surely it is behind the one before."""
        means = {name: self.interval(name).mean for name in self.names}
        known = [name for name in self.names if math.isfinite(means[name])]
        order = sorted(known, key=lambda name: -self.better * means[name])
        behind = [None, *(self._behind(worse, best) for best, worse in pairwise(order))]
        sure = [one is not None and one.low > 0 for one in behind]
        sure[:1] = [all(self._behind(other, order[0]).low > 0 for other in order[1:])] if order else []
        return tuple(map(Step, order, (means[name] for name in order), behind, sure))

    def settled(self, level: float) -> bool:
        """Tell whether the best is surely before all others at a level, or cannot be told from them by any day."""
        order = [step.name for step in self.ranks()]
        return all(self._behind(other, order[0], level).low > 0 or self._alike(other, order[0]) for other in order[1:])

    def _row(self, name: str) -> NDArray[np.float64]:
        if name not in self.names:
            mend = f"choose one of {', '.join(self.names)}"
            raise InputError.of("configuration", f"there are no days of a configuration '{name}'", mend)
        row: NDArray[np.float64] = self.values[self.names.index(name)]
        return row

    def _alike(self, one: str, other: str) -> bool:
        return bool(np.array_equal(self._row(one), self._row(other), equal_nan=True))

    def _behind(self, worse: str, best: str, level: float = LEVEL) -> Interval:
        found = self.difference(worse, best, level)
        return found if self.better < 0 else Interval(-found.mean, -found.high, -found.low)


def interval(values: NDArray[np.float64], level: float = LEVEL) -> Interval:
    """Return the mean of [days] numbers with its interval; days without a number are left out."""
    known = values[np.isfinite(values)]
    n = len(known)
    if not n:
        return Interval(math.nan, math.nan, math.nan)
    mean = float(known.mean())
    if n < FEW:
        return Interval(mean, -math.inf, math.inf)
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, (1 + level) / 2) * known.std(ddof=1) / math.sqrt(n))
    return Interval(mean, mean - half, mean + half)


def days_needed(values: NDArray[np.float64], half: float, level: float = LEVEL) -> int:
    """Return about how many days like [days] these it takes for an interval that reaches `half` to each side."""
    from scipy.special import ndtri

    known = values[np.isfinite(values)]
    if len(known) < FEW or half <= 0:
        return 0
    wide = float(ndtri((1 + level) / 2)) * float(known.std(ddof=1))
    return max(FEW, math.ceil((wide / half) ** 2))


def pareto(numbers: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    """Return those that nobody beats in one number without being worse in another; less is better in all of them."""
    table = np.array(list(numbers.values()), float)
    beaten = [bool(((table <= row).all(axis=1) & (table < row).any(axis=1)).any()) for row in table]
    return tuple(name for name, worse in zip(numbers, beaten, strict=True) if not worse)
