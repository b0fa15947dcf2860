"""Wind: where the air itself goes, by place and hour, and how fast that lets an aircraft cross the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Wind:
    """Wind at flight altitude, alike everywhere or on a grid, from certain hours on.

    Each wind holds from its hour until the next one; the first also before, the last for ever. Between the points of a
    grid it is interpolated, beyond its edges that of the edge holds.
    """

    hours: NDArray[np.float64]
    """[hours] from when each holds, hours since midnight, ascending."""
    uv_mps: NDArray[np.float64]
    """[hours, 2] or [hours, rows, columns, 2] towards east and north, rows from south to north, m/s."""
    corner_m: tuple[float, float] = (0.0, 0.0)
    """The first point of the first row: x and y, metres."""
    step_m: tuple[float, float] = (1.0, 1.0)
    """Between the points of the grid in x and in y, metres."""

    def __post_init__(self) -> None:
        """Raise InputError with every fault found."""
        hours, uv = np.atleast_1d(np.asarray(self.hours, float)), np.asarray(self.uv_mps, float)
        faults = []
        if hours.ndim != 1 or not len(hours) or not np.isfinite(hours).all() or (np.diff(hours) <= 0).any():
            what = "the hours of the wind are no ascending row of numbers"
            faults.append(Fault("wind", what, "give each hour once, the earliest first", "wind-hours"))
        if uv.ndim not in {2, 4} or uv.shape[-1:] != (2,) or uv.shape[:1] != hours.shape[:1] or not uv.size:
            what = f"winds of shape {list(uv.shape)} do not belong to {hours.size} hours"
            fix = "give [hours, 2] for one wind everywhere, or [hours, rows, columns, 2] for a grid"
            faults.append(Fault("wind", what, fix, "wind-shape"))
        if not np.isfinite(uv).all():
            count = int((~np.isfinite(uv)).sum())
            faults.append(Fault("wind", f"{count} values are no numbers", "fill the gaps first", "wind-gaps"))
        if not (np.isfinite([*self.corner_m, *self.step_m]).all() and min(self.step_m) > 0):
            fix = "give steps above 0 m, with rows from south to north and columns from west to east"
            faults.append(Fault("wind", f"a grid from {self.corner_m} in steps of {self.step_m}", fix, "wind-grid"))
        if faults:
            raise InputError(faults)
        object.__setattr__(self, "hours", hours)
        object.__setattr__(self, "uv_mps", uv)

    def period(self, clock_s: float) -> int:
        """Return which of the winds holds at so many seconds since midnight."""
        return max(0, int(np.searchsorted(self.hours, clock_s / 3600.0, side="right")) - 1)

    def at(self, depart_s: float) -> NDArray[np.float64]:
        """Return the wind [rows, columns, 2] that holds at so many seconds since midnight, m/s."""
        uv: Real = self.uv_mps[self.period(depart_s)]
        return np.ascontiguousarray(uv.reshape(1, 1, 2) if uv.ndim == 1 else uv)

    def within(self, open_s: float, close_s: float) -> list[tuple[float, NDArray[np.float64]]]:
        """Return the winds that hold in a span of the day, each with the seconds since midnight it begins there."""
        inner = [hour * 3600.0 for hour in self.hours.tolist() if open_s < hour * 3600.0 < close_s]
        return [(begin_s, self.at(begin_s)) for begin_s in (open_s, *inner)]

    def strongest(self, open_s: float, close_s: float) -> list[tuple[float, float]]:
        """Return (since when, strongest wind anywhere, m/s) of each wind that holds in a span of the day."""
        return [
            (begin_s, float(np.hypot(uv[..., 0], uv[..., 1]).max())) for begin_s, uv in self.within(open_s, close_s)
        ]

    def calm(self, open_s: float, close_s: float, limit_mps: float) -> tuple[float, float] | None:
        """Return the longest part of a span of the day in which no more wind blows anywhere; None where there is none.

        Seconds since midnight.
        """
        winds = self.strongest(open_s, close_s)
        ends = [*(begin_s for begin_s, _ in winds[1:]), close_s]
        spans: list[tuple[float, float]] = []
        for (begin_s, mps), end_s in zip(winds, ends, strict=True):
            if mps <= limit_mps:
                joins = bool(spans) and spans[-1][1] == begin_s
                spans.append((spans.pop()[0] if joins else begin_s, end_s))
        return max(spans, key=lambda span: span[1] - span[0], default=None)


def steady_wind(east_mps: float, north_mps: float) -> Wind:
    """Return a wind that blows everywhere and always alike, towards east and north."""
    return Wind(np.zeros(1), np.array([[east_mps, north_mps]]))
