"""Flight: how high an aircraft cruises, how fast it rises and sinks, and the ground below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Flight:
    """One flight profile: straight up, across at one altitude, straight down.

    Its vertical parts add their lengths and their times to every leg between two different places. Without terrain the
    ground is level and they are `cruise_m` each. With terrain the altitude of a leg is `cruise_m` above the highest
    ground under it.
    """

    cruise_m: float | None = None
    """Altitude above the (highest) ground; None: not given, so every zone holds and nothing is added."""
    climb_mps: float = np.inf
    """Vertical speed upwards; infinite: climbs take no time (they may be counted elsewhere)."""
    descent_mps: float = np.inf
    """Vertical speed downwards."""

    def __post_init__(self) -> None:
        """Raise InputError with every fault found."""
        faults = []
        if self.cruise_m is not None and not 0 <= self.cruise_m < np.inf:
            what = f"a cruise altitude of {self.cruise_m} m"
            faults.append(Fault("flight", what, "give metres above ground, 0 or more", "cruise-altitude"))
        for name, speed in (("climb", self.climb_mps), ("descent", self.descent_mps)):
            if not speed > 0:
                faults.append(
                    Fault(f"flight, {name}", f"{speed:g} m/s is no speed", "give one above 0 m/s", "vertical-speed")
                )
        if faults:
            raise InputError(faults)


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Heights of the ground on a grid, bilinear between its points; beyond its edges those of the edge hold."""

    height_m: NDArray[np.float64]
    """[rows, columns] rows from south to north, metres above any one level."""
    corner_m: tuple[float, float]
    """The first point of the first row: x and y, metres."""
    step_m: tuple[float, float]
    """Between the points in x and in y, metres."""

    def __post_init__(self) -> None:
        """Raise InputError with every fault found."""
        height = np.ascontiguousarray(self.height_m, float)
        faults = []
        if height.ndim != 2 or not height.size:  # noqa: PLR2004 - rows and columns
            what = f"heights of shape {list(height.shape)} are no grid"
            faults.append(Fault("terrain", what, "give [rows, columns]", "terrain-shape"))
        if not np.isfinite(height).all():
            what = f"{int((~np.isfinite(height)).sum())} heights are no numbers"
            faults.append(Fault("terrain", what, "fill the gaps first", "terrain-gaps"))
        if not (np.isfinite([*self.corner_m, *self.step_m]).all() and min(self.step_m) > 0):
            fix = "give steps above 0 m, with rows from south to north and columns from west to east"
            faults.append(
                Fault("terrain", f"a grid from {self.corner_m} in steps of {self.step_m}", fix, "terrain-grid")
            )
        if faults:
            raise InputError(faults)
        object.__setattr__(self, "height_m", height)

    def relief_m(self) -> float:
        """Return how much higher the highest ground is than the lowest, metres."""
        return float(self.height_m.max() - self.height_m.min())

    def ground_m(self, xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the height [n] of the ground at [n, 2] places, metres."""
        rows, columns = self.height_m.shape
        at = np.nan_to_num((np.asarray(xy_m, float) - self.corner_m) / self.step_m)
        column, row = np.clip(at[:, 0], 0, columns - 1), np.clip(at[:, 1], 0, rows - 1)
        i, j = column.astype(np.int64), row.astype(np.int64)
        right, up = np.minimum(i + 1, columns - 1), np.minimum(j + 1, rows - 1)
        p, q = column - i, row - j
        low = (1 - p) * self.height_m[j, i] + p * self.height_m[j, right]
        high = (1 - p) * self.height_m[up, i] + p * self.height_m[up, right]
        return np.asarray((1 - q) * low + q * high)
