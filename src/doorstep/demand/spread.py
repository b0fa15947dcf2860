"""Spread: where orders go to, as a kernel over the places of past ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from doorstep.demand.history import History

    Real = np.typing.NDArray[np.float64]
    Whole = np.typing.NDArray[np.int64]

MOST_PLACES = 20_000
"""The latest that are kept; more tell nothing new of a town."""
WIDTHS_M = (10.0, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0)
TRIED, AGAINST = 500, 4000
"""Places by which widths are judged, and against how many."""
ELSEWHERE = 1e-3
"""Share of orders that go where none has gone: keeps a new place from being impossible when widths are judged."""
M_PER_DEGREE = 111_195.0
"""Of a great circle of a sphere of 6,371 km."""
CELL_M = 500.0
"""Estimate: side of the cells by which places are scored, a few minutes' walk."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Places of past orders, each a bell of one width."""

    rows: Whole
    """[n] of the history."""
    lon_lat: Real
    """[n, 2] degrees."""
    width_m: float
    """Standard deviation of a bell to each side."""

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Whole, Real]:
        """Return which past order each new one is like [count], and its place [count, 2] degrees."""
        chosen = rng.integers(len(self.rows), size=count)
        step = rng.standard_normal((count, 2)) * self.width_m / M_PER_DEGREE
        place = self.lon_lat[chosen]
        step[:, 0] /= np.cos(np.radians(np.clip(place[:, 1], -89, 89)))
        return self.rows[chosen], place + step


def fit_spread(history: History) -> Spread:
    """Return the kernel over the latest places, of the width by which the last fifth of them are likeliest."""
    rows = np.flatnonzero(np.ones(len(history.day), bool))
    rows = rows[np.lexsort((history.clock_s, history.day))][-MOST_PLACES:]
    xy = plane(history.lon_lat[rows])
    early, late = xy[: -max(1, len(xy) // 5)], xy[-max(1, len(xy) // 5) :]
    width = WIDTHS_M[0]
    if len(early):
        rng = np.random.default_rng(0)
        early = early[rng.permutation(len(early))[:AGAINST]]
        late = late[rng.permutation(len(late))[:TRIED]]
        apart = ((late[:, None, :] - early[None, :, :]) ** 2).sum(axis=2)
        box_m2 = max(float(np.prod(np.ptp(xy, axis=0))), CELL_M**2)
        width = max(WIDTHS_M, key=lambda one: _likely(apart, one, box_m2))
    return Spread(rows, history.lon_lat[rows], width)


def plane(lon_lat: Real, about: Real | None = None) -> Real:
    """Return [n, 2] metres east and north of a place, their middle unless one is given; for towns, not countries."""
    middle = np.median(lon_lat, axis=0) if about is None else about
    scale = M_PER_DEGREE * np.array([np.cos(np.radians(middle[1])), 1.0])
    return np.asarray((lon_lat - middle) * scale)


def _likely(apart_m2: Real, width_m: float, box_m2: float) -> float:
    bells = np.exp(-apart_m2 / (2 * width_m**2)).mean(axis=1) / (2 * np.pi * width_m**2)
    return float(np.log((1 - ELSEWHERE) * bells + ELSEWHERE / box_m2).sum())
