"""Turnover: a bank of compartments lived through for years, by sizes, in compiled loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.handover import Size
from doorstep.lockers.occupancy import DAY_S
from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.lockers.occupancy import Dwell

BATCHES = 20
"""The days after the first are parted into so many spans, whose shares tell how sure their mean is."""
WITHIN = 2.861
"""99 % of means of twenty lie within so many standard errors (Student's t with 19 degrees of freedom)."""
WARM_UP = 0.1
"""Share of the parcels that are not counted, for the bank begins empty."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """What became of the parcels that were brought to a bank."""

    blocked_share: float
    """Of all parcels, those that found no compartment."""
    within: float
    """Half the width of its interval of 99 %."""
    by_size: Mapping[Size, float]
    """The same share of each size that came."""
    taken_mean: float
    """Compartments that a parcel found taken, on average."""


def live_through(
    compartments: Mapping[Size, int],
    per_day: Mapping[Size, float],
    dwell: Dwell,
    parcels: int,
    rng: np.random.Generator,
) -> Turnover:
    """Return what becomes of so many parcels that come to an empty bank at random around the clock.

    Each takes the smallest free compartment of its size or a larger one; one that finds none is turned away for good.
    `per_day` are the parcels of each size a day, some of them above 0.
    """
    rates = np.array([per_day.get(size, 0.0) for size in Size])
    first = np.cumsum([0, *(compartments.get(size, 0) for size in Size)])
    ends = np.cumsum(rates) / rates.sum()
    sizes = np.minimum(np.searchsorted(ends, rng.random(parcels), side="right"), len(Size) - 1).astype(np.int64)
    came_s = np.cumsum(rng.exponential(DAY_S / rates.sum(), parcels))
    gone_s = came_s + dwell.at(rng.random(parcels))
    blocked, taken = _fill(first, sizes, came_s, gone_s)
    counted = slice(int(parcels * WARM_UP), None)
    shares = np.array([batch.mean() for batch in np.array_split(blocked[counted], BATCHES)])
    return Turnover(
        blocked_share=float(blocked[counted].mean()),
        within=WITHIN * float(shares.std(ddof=1)) / BATCHES**0.5,
        by_size={
            size: float(blocked[counted][mine].mean()) for size in Size if (mine := sizes[counted] == size.rank).any()
        },
        taken_mean=float(taken[counted].mean()),
    )


@machine_code
def _fill(first, sizes, came_s, gone_s):  # type: ignore[no-untyped-def]
    """Return which parcels [n] are turned away, and how many compartments each finds taken.

    `first` [sizes + 1] is where the compartments of each size begin, the smallest first.
    """
    until_s = np.zeros(first[-1])
    blocked = np.ones(sizes.size, np.bool_)
    taken = np.zeros(sizes.size, np.int64)
    for n in range(sizes.size):
        for k in range(until_s.size):
            if until_s[k] > came_s[n]:
                taken[n] += 1
        for k in range(first[sizes[n]], until_s.size):
            if until_s[k] <= came_s[n]:
                until_s[k] = gone_s[n]
                blocked[n] = False
                break
    return blocked, taken
