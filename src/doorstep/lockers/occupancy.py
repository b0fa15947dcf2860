"""Occupancy: how long parcels stay in a locker, what that takes up, and how often it turns parcels away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.handover import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

DAY_S = 86_400.0
FORGOTTEN_DAYS = 60
"""What is left of a day's parcels is followed for so long."""


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long parcels wait for their customers in a compartment: lognormal."""

    mean_s: float
    spread: float
    """Of the logarithm; 0 where all wait equally long."""

    def at(self, share: ArrayLike) -> NDArray[np.float64]:
        """Return the wait [s] that these shares of parcels, from 0 up to 1, do not exceed."""
        from scipy.special import ndtri

        shares = np.asarray(share, np.float64)
        beyond = self.spread * np.asarray(ndtri(shares), np.float64) if self.spread else np.zeros_like(shares)
        return np.asarray(self.mean_s * np.exp(beyond - self.spread**2 / 2), np.float64)

    def left_after(self, wait_s: ArrayLike) -> NDArray[np.float64]:
        """Return the share of parcels that wait longer than so many seconds, each above 0."""
        from scipy.special import ndtr

        middle = math.log(self.mean_s) - self.spread**2 / 2
        beyond = np.log(np.asarray(wait_s, np.float64)) - middle
        if not self.spread:
            return np.where(beyond < 0, 1.0, 0.0)
        return np.asarray(1 - ndtr(beyond / self.spread), np.float64)

    def carried_over(self) -> float:
        """Return how many parcels of earlier days still wait, for each that is put in at one time of every day."""
        return float(self.left_after(DAY_S * np.arange(1, FORGOTTEN_DAYS + 1)).sum())


def erlang_b(offered: float, compartments: int) -> float:
    """Return the share of parcels that find all compartments of a bank taken.

    They come at random around the clock, so many at once wait on average that as many compartments as one likes would
    have `offered` of them taken: parcels a day times their mean wait in days. The law of the wait plays no part
    (Erlang 1917; Sevastyanov 1957, doi:10.1137/1102005).
    """
    blocked = 1.0
    for number in range(1, compartments + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked


def compartments_for(offered: float, blocked: float) -> int:
    """Return the least number of compartments that turn away no more than this share, above 0, of the parcels."""
    share, number = 1.0, 0
    while share > blocked:
        number += 1
        share = offered * share / (number + offered * share)
    return number


def put_in(compartments: Mapping[Size, int], parcels: Mapping[Size, int]) -> tuple[dict[Size, int], int]:
    """Return how many compartments of each size so many parcels take, and how many parcels find none.

    The largest choose first, each the smallest that takes it.
    """
    free = {size: compartments.get(size, 0) for size in Size}
    there, lost = dict(free), 0
    for size in reversed(Size):
        left = parcels.get(size, 0)
        for room in Size:
            if room.rank >= size.rank:
                took = min(left, free[room])
                free[room] -= took
                left -= took
        lost += left
    return {size: there[size] - free[size] for size in Size if there[size] > free[size]}, lost


def whole_parcels(expected: Mapping[Size, float]) -> dict[Size, int]:
    """Return whole numbers near expected ones; from the largest size on, sums are rounded rather than parts."""
    found, total, told = dict[Size, int](), 0.0, 0
    for size in reversed(Size):
        total += expected.get(size, 0.0)
        found[size] = round(total) - told
        told = round(total)
    return {size: found[size] for size in Size if found[size]}
