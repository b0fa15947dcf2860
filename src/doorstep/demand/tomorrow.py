"""Tomorrow: the orders of one day drawn from a forecast, each at an hour and a place, like one of the past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.demand.stamps import HOUR_S

if TYPE_CHECKING:
    from doorstep.demand.forecast import Forecast
    from doorstep.demand.history import History
    from doorstep.demand.spread import Spread
    from doorstep.network.network import Doors

    Real = np.typing.NDArray[np.float64]
    Whole = np.typing.NDArray[np.int64]

DRAWS_OF_DAY = ("expected", "p10", "p50", "p90", "p95", "sampled")
"""How many orders a drawn day has: the mean, what it stays below with that probability, or one day of chance."""


@dataclass(frozen=True, slots=True, eq=False)
class DoorDay:
    """The same on a map, where orders go to doors."""

    clock_s: Real
    xy_m: Real
    """[n, 2] metres."""
    mass_kg: Real

    def doors(self, doors: Doors) -> Whole:
        """Return the door nearest to each place [n]."""
        from scipy.spatial import cKDTree

        return np.asarray(cKDTree(doors.xy_m).query(self.xy_m)[1], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnDay:
    """Orders [n] of a day, sorted by when they are placed."""

    clock_s: Real
    """Seconds since midnight."""
    lon_lat: Real
    """[n, 2] degrees."""
    mass_kg: Real
    """NaN where the history does not say."""


def draw_day(
    forecast: Forecast,
    spread: Spread,
    history: History,
    draw: str,
    rng: np.random.Generator,
    factor: float = 1.0,
) -> DrawnDay:
    """Return orders of a day: as many as DRAWS_OF_DAY says, times a factor, in hours of their shares.

    Only a sampled day throws its hours, too; the others part their orders as the shares have it.
    """
    if draw == "sampled":
        hours = forecast.hours[int(rng.integers(len(forecast.hours)))]
        hours = apportioned(round(factor * hours.sum()), hours / max(hours.sum(), 1)) if factor != 1 else hours
    else:
        count = forecast.mean if draw == "expected" else forecast.total(float(draw[1:]) / 100)
        hours = apportioned(round(factor * count), forecast.shares)
    clock = np.repeat(np.arange(24) * HOUR_S, hours) + np.floor(rng.random(int(hours.sum())) * HOUR_S)
    rows, lon_lat = spread.draw(len(clock), rng)
    return DrawnDay(np.sort(clock), lon_lat, history.mass_kg[rows])


def apportioned(count: int, shares: Real) -> Whole:
    """Return whole numbers that add up to a count, as near to the shares as can be (largest remainders)."""
    exact = count * shares
    found = np.floor(exact).astype(np.int64)
    most = np.argsort(found - exact, kind="stable")[: count - int(found.sum())]
    found[most] += 1
    return found
