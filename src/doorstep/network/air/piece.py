"""Piece: what a straight piece of flight costs, compiled: its time in the wind, and the highest ground under it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]

MOST_SAMPLES = 64
"""Along one straight piece; the wind is taken twice per step of the grid or this often."""


class Air(NamedTuple):
    """What a piece of flight costs depends on this; grids are west, south and two steps, from the maze's origin."""

    airspeed_mps: float
    uv_mps: NDArray[np.float64]
    """[rows, columns, 2] wind towards east and north; without rows there is none."""
    wind_grid: NDArray[np.float64]
    height_m: NDArray[np.float64]
    """[rows, columns] of the ground; without rows it is level."""
    height_grid: NDArray[np.float64]


@machine_code
def weigh_pieces(air: Air, starts: Real, ends: Real) -> tuple[Real, Real, Real]:
    """Return time, length and highest ground [n] of straight pieces from [n, 2] to [n, 2]."""
    n = starts.shape[0]
    time_s, length_m, top_m = np.empty(n), np.empty(n), np.empty(n)
    for k in range(n):
        piece = (starts[k, 0], starts[k, 1], ends[k, 0], ends[k, 1])
        time_s[k] = crossing_s(air.airspeed_mps, air.uv_mps, air.wind_grid, piece)
        length_m[k] = np.hypot(piece[2] - piece[0], piece[3] - piece[1])
        top_m[k] = highest_m(air.height_m, air.height_grid, piece)
    return time_s, length_m, top_m


@machine_code
def crossing_s(airspeed_mps: float, uv_mps: Real, grid: Real, ends: tuple[float, float, float, float]) -> float:
    """Return how long a straight piece takes whose nose is turned into the wind, seconds.

    The wind triangle: what blows across is made up for, which leaves sqrt(airspeed² - across²) along, and what blows
    along is added (e.g. Stull 2017, Practical Meteorology, or any navigation textbook). Infinite where the wind across
    is as fast as the aircraft, or where no way is made against it. `grid` is west, south and the two steps; `uv_mps`
    [rows, columns, 2] without rows is still air; `ends` are x and y of both ends, metres.
    """
    ax, ay, bx, by = ends
    length = math.hypot(bx - ax, by - ay)
    if length == 0:
        return 0.0
    if uv_mps.shape[0] == 0:
        return length / airspeed_mps
    ex, ey = (bx - ax) / length, (by - ay) / length
    samples = 1
    if uv_mps.shape[0] > 1 or uv_mps.shape[1] > 1:
        samples = int(min(MOST_SAMPLES, 1 + 2 * length // min(grid[2], grid[3])))
    slowness = 0.0
    for k in range(samples):
        share = (k + 0.5) / samples
        u, v = _blow(uv_mps, (ax + share * (bx - ax) - grid[0]) / grid[2], (ay + share * (by - ay) - grid[1]) / grid[3])
        across = u * ey - v * ex
        if abs(across) >= airspeed_mps:
            return np.inf
        ground_mps = u * ex + v * ey + math.sqrt(airspeed_mps * airspeed_mps - across * across)
        if ground_mps <= 0:
            return np.inf
        slowness += 1 / ground_mps
    return length * slowness / samples


@machine_code
def _blow(uv_mps: Real, column: float, row: float) -> tuple[float, float]:
    """Return the wind between the points of a grid, m/s."""
    rows, columns = uv_mps.shape[0], uv_mps.shape[1]
    column, row = min(max(column, 0.0), columns - 1.0), min(max(row, 0.0), rows - 1.0)
    i, j = int(column), int(row)
    right, up = min(i + 1, columns - 1), min(j + 1, rows - 1)
    p, q = column - i, row - j
    a, b, c, d = (1 - p) * (1 - q), p * (1 - q), (1 - p) * q, p * q
    u = a * uv_mps[j, i, 0] + b * uv_mps[j, right, 0] + c * uv_mps[up, i, 0] + d * uv_mps[up, right, 0]
    v = a * uv_mps[j, i, 1] + b * uv_mps[j, right, 1] + c * uv_mps[up, i, 1] + d * uv_mps[up, right, 1]
    return u, v


@machine_code
def highest_m(height_m: Real, grid: Real, ends: tuple[float, float, float, float]) -> float:
    """Return the highest corner of all cells of a terrain that a straight piece touches: nothing under it is higher.

    `grid` is west, south and the two steps, `ends` are x and y of both ends, metres. Without rows the ground is level.
    """
    rows, columns = height_m.shape
    if rows == 0:
        return 0.0
    ax, ay = (ends[0] - grid[0]) / grid[2], (ends[1] - grid[1]) / grid[3]
    bx, by = (ends[2] - grid[0]) / grid[2], (ends[3] - grid[1]) / grid[3]
    if ax > bx:
        ax, ay, bx, by = bx, by, ax, ay
    top = -np.inf
    for i in range(int(np.floor(ax)), int(np.floor(bx)) + 1):
        enter, leave = ay, by
        if bx > ax:
            enter = ay + (by - ay) * (max(ax, float(i)) - ax) / (bx - ax)
            leave = ay + (by - ay) * (min(bx, i + 1.0) - ax) / (bx - ax)
        left, right = min(max(i, 0), columns - 1), min(max(i + 1, 0), columns - 1)
        for j in range(int(np.floor(min(enter, leave))), int(np.floor(max(enter, leave))) + 2):
            k = min(max(j, 0), rows - 1)
            top = max(top, height_m[k, left], height_m[k, right])
    return top
