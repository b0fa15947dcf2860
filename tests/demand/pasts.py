"""Past orders that are made up by a law that is known."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from doorstep.demand.history import History

if TYPE_CHECKING:
    from pathlib import Path

WEEKDAYS = np.array([1.1, 1.0, 1.0, 1.05, 1.2, 0.8, 0.5])
HOURS = np.array([1, 1, 0, 0, 0, 1, 2, 4, 8, 12, 14, 13, 10, 11, 13, 13, 12, 10, 9, 8, 7, 6, 4, 2]) / 161
MONDAY = dt.date(2024, 2, 5)
TOWNS_M = np.array([[0, 0], [1500, 500], [-900, 1200], [300, -2000]])


def past(
    days: int = 84,
    mean: float = 100.0,
    spread: float = 0.05,
    unlike: float = 0.01,
    seed: int = 1,
    growth: float = 0.0,
    moves: float = 0.0,
) -> History:
    """Return days of negative binomial counts by weekday, whose hours differ from day to day, at four places.

    `growth` is the trend a week and `moves` the daily step of the level, both of the logarithm.
    """
    rng = np.random.default_rng(seed)
    level = growth * np.arange(days) / 7 + np.cumsum(moves * rng.standard_normal(days))
    rate = mean * WEEKDAYS[np.arange(days) % 7] * np.exp(level)
    totals = rng.poisson(rate * (rng.gamma(1 / spread, size=days) * spread if spread else 1))
    day, clock = [], []
    for k, total in enumerate(totals.tolist()):
        shares = rng.dirichlet(HOURS * (1 / unlike - 1) + 1e-9) if unlike else HOURS
        hour = rng.choice(24, size=total, p=shares)
        day.append(np.full(total, k))
        clock.append(hour * 3600 + rng.integers(3600, size=total))
    n = int(totals.sum())
    xy = TOWNS_M[rng.integers(len(TOWNS_M), size=n)] + rng.normal(0, 200, (n, 2))
    lon_lat = np.array([24.94, 60.17]) + xy / np.array([55_500, 111_195])
    return History(MONDAY, np.ones((days, 24)), np.concatenate(day), np.concatenate(clock), lon_lat, np.full(n, np.nan))


def rows_of(history: History) -> list[list[str]]:
    """Return a history as rows of id, placed, lon, lat."""
    found = []
    for k, (day, clock, (lon, lat)) in enumerate(
        zip(history.day.tolist(), history.clock_s.tolist(), history.lon_lat.tolist(), strict=True)
    ):
        placed = f"{history.date(day)} {clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}"
        found.append([f"o{k}", placed, f"{lon:.6f}", f"{lat:.6f}"])
    return found


def written(path: Path, rows: list[list[str]], head: str = "id,placed,lon,lat") -> Path:
    """Write rows as a CSV file and return its path."""
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path
