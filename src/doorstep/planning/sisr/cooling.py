"""Cooling: how warm the search is at a share of it, and how often it cools down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

COLD = 0.01
"""Temperature to end with, in mean costs of one order."""
STEPS_A_CYCLE, MOST_CYCLES, FEW = 1500, 4, 100
"""Small plans are heated again after so many steps to an order, so often: routes of several good plans recombine.
Beyond a hundred orders it takes the more steps to an order the more there are, since slow cooling pays more there."""
MANY = 200
"""Orders beyond which a search cools down slowly from the hottest several times, if it has the steps for it, so that
there are several plans to cross."""
STEPS_A_PLAN, FEWEST_PLANS = (3500, 1000), 3
"""Steps of a search to an order, crossing included, for each of them, in plans of short and of long trips. Two do worse
than one that cools slowly."""
STEPS_A_QUICK, QUICK = 1000, (12, 20)
"""Steps of a search to an order for each of many plans that cool quickly, and the fewest and the most of these. From
FEW to MANY orders crossing them does better than heating again, where there are the steps for so many; of more orders,
a few good ones do as well."""
QUICK_LENGTH = 0.5
"""How long trips may be for that: with longer ones, heating again did better."""
EARLY, LATE = (0.3, 0.93), (0.7, 0.95)
"""Shares of what is left of the search then, from which on plans are crossed and until when: many, and a few."""
FEWEST_AGAIN = 6
"""New plans that there must be the steps for, where crossing came to an end early."""


@dataclass(frozen=True, slots=True)
class Cooling:
    """From the hottest to the coldest, so many times until a share of the search; cold from then on."""

    mean: float
    """What serving an order costs on average."""
    hot: float
    """Temperature to begin with, in means."""
    begun: float
    """Share of the search at which it begins."""
    cycles: int
    crossing: tuple[float, float] | None = None
    """Shares of what is left between which plans of several cycles are crossed, after the last one."""

    @property
    def end(self) -> float:
        """Share of the search at which the last cycle is over."""
        return self._at(self.crossing[0]) if self.crossing else 1.0

    @property
    def middle(self) -> float:
        """Share of the search at which half of the cycles are over."""
        return (self.begun + self.end) / 2

    @property
    def crossed_until(self) -> float:
        """Share of the search until which plans are crossed."""
        return self._at(self.crossing[1]) if self.crossing else 1.0

    def again(self, share: float) -> Cooling:
        """Return how to go on at a share of the search where plans were crossed: with new ones if much is left."""
        cycles = round(self.cycles * (1 - share) / (1 - self.begun))
        if cycles >= FEWEST_AGAIN:
            return replace(self, begun=share, cycles=cycles)
        return replace(self, hot=COLD, begun=share, cycles=1, crossing=None)

    def done(self, share: float) -> float:
        """Return how many cycles are done at a share of the search."""
        return min(1.0, (share - self.begun) / (self.end - self.begun + 1e-9)) * self.cycles

    def warmth(self, share: float) -> float:
        """Return the temperature at a share of the search."""
        done = self.done(share)
        return float(self.mean * self.hot * (COLD / self.hot) ** min(1.0, done - min(int(done), self.cycles - 1)))

    def span(self, share: float, later: float) -> tuple[float, float]:
        """Return the temperatures to begin and to end with between two shares; what is cold is not heated meanwhile."""
        hot = self.warmth(share)
        return hot, min(hot, self.warmth(later))

    def _at(self, share: float) -> float:
        return self.begun + share * (1 - self.begun)


def cycles_for(
    orders: int, steps: float, long: float, *, may_cross: bool = True
) -> tuple[int, tuple[float, float] | None]:
    """Return how often a search of so many steps should cool down, and when to cross what it comes to, if at all.

    `long` tells whether trips are long: from 0 for short ones to 1. Without `may_cross`, nothing is crossed.
    """
    each, (short_each, long_each), (fewest, most) = steps / max(orders, 1), STEPS_A_PLAN, QUICK
    quick = int(each / STEPS_A_QUICK)
    if may_cross and long < QUICK_LENGTH and FEW <= orders <= MANY and quick >= fewest:
        return min(quick, most), EARLY
    plans = round(each / (short_each + long * (long_each - short_each)))
    if may_cross and orders > MANY and plans >= FEWEST_PLANS:
        return min(plans, MOST_CYCLES), LATE
    return int(np.clip(round(each / STEPS_A_CYCLE * FEW / max(orders, FEW)), 1, MOST_CYCLES)), None
