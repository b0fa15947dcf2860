"""Backlog: what a day cannot serve is carried to the next, first come, first served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    Real = np.typing.NDArray[np.float64]

LAST_DAYS = 400
"""Ordinary days after a surge for which a backlog is followed that they do not make smaller."""
MOST_DAYS = 100_000
"""Ordinary days that are followed at the most where they do make it smaller."""


class Fluid(NamedTuple):
    """The closed form of a level peak."""

    most: float
    """Orders left over at its end."""
    clear_days: float
    """From its end until none is left over; infinite where that never comes."""


@dataclass(frozen=True, slots=True, eq=False)
class Backlog:
    """Orders of some days that are served or carried on."""

    new: Real
    """[days] orders of each day."""
    capacity: float
    """Orders that a day can serve."""
    surge_days: int
    """Of the first days, those of the surge; ordinary days follow."""
    left: Real
    """[days] orders carried on at the end of each day."""

    @property
    def served(self) -> Real:
        """[days] orders handed over on each day."""
        return np.asarray(self.new - np.diff(self.left, prepend=0.0))

    @property
    def most(self) -> float:
        """Most orders that are carried on from one day to the next."""
        return float(self.left.max(initial=0.0))

    @property
    def clear_days(self) -> float:
        """Days after the end of the surge until nothing is carried on, the last of them in part; infinite if never."""
        after = self.left[self.surge_days - 1 :]
        if after[0] <= 0:
            return 0.0
        if after[-1] > 0:
            return float("inf")
        last = int(np.flatnonzero(after > 0)[-1])
        free = self.capacity - self.new[self.surge_days + last]
        return float(last + after[last] / free)

    @property
    def mean_delay_days(self) -> float:
        """Days that an order waits on average beyond its own, over all days until nothing is left (Little 1961)."""
        return float(self.left.sum() / self.new.sum()) if self.new.sum() else 0.0

    @property
    def longest_delay_days(self) -> int:
        """Days that the last served of any day's orders wait beyond their own."""
        came, gone = np.cumsum(self.new), np.cumsum(self.served)
        served_by = np.searchsorted(gone, came - 1e-9)
        late = served_by - np.arange(len(came))
        return int(late[: self.surge_days].max(initial=0)) if self.left[-1] <= 0 else len(came)


def carry_on(surge: Sequence[float] | Real, ordinary: float, capacity: float) -> Backlog:
    """Return what is carried on through the days of a surge and the ordinary days after it, until nothing is left.

    A backlog that ordinary days do not make smaller is followed for 400 days, one that they do for 100,000 at the most.
    """
    new = [float(orders) for orders in surge]
    left: list[float] = []
    waiting = 0.0
    for day in range(len(new) + (LAST_DAYS if ordinary >= capacity else MOST_DAYS)):
        if day >= len(new):
            if waiting <= 0:
                break
            new.append(ordinary)
        waiting = max(0.0, waiting + new[day] - capacity)
        left.append(waiting)
    return Backlog(np.array(new), capacity, len(surge), np.array(left))


def fluid_peak(peak: float, usual: float, days: float, ordinary: float) -> Fluid:
    """Return the backlog of a level peak; its demand `peak` and the capacity `usual` as multiples of an ordinary day.

    Both as a deterministic fluid: (p - u) orders are left over each day of the peak, (u - 1) fewer on each day after.
    """
    most = max(0.0, peak - usual) * ordinary * days
    if not most:
        return Fluid(0.0, 0.0)
    return Fluid(most, (peak - usual) / (usual - 1) * days if usual > 1 else float("inf"))
