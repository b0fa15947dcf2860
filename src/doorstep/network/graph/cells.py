"""Cells: places sorted by the squares that they lie in, so that compiled loops find what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code, nested_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]

CELL_M = 64.0
"""Side of a square."""
_ROW = 2**32
"""Squares to a row, more than there are."""


class Cells(NamedTuple):
    """n places in the order of their squares, row by row."""

    square: NDArray[np.int64]
    """[n] rising."""
    which: NDArray[np.int64]
    """[n] the number of each place."""
    xy_m: NDArray[np.float64]
    """[n, 2] metres."""


def lay_cells(xy_m: Real) -> Cells:
    """Return [n, 2] places by their squares."""
    column, row = np.floor(xy_m / CELL_M).astype(np.int64).T
    square = row * _ROW + column
    order = np.argsort(square, kind="stable")
    return Cells(square[order], order, np.ascontiguousarray(xy_m[order]))


@nested_code
def end_of_row(x_m: float, row: int) -> np.int64:
    """Return the last square of a row that reaches an easting."""
    return np.int64(row * _ROW) + np.int64(np.floor(x_m / CELL_M))


@nested_code
def first_in_row(cells: Cells, x_m: float, row: int) -> int:
    """Return where the places of a row of squares begin that are not west of the square of an easting."""
    square = end_of_row(x_m, row)
    low, high = 0, cells.square.size
    while low < high:
        middle = (low + high) // 2
        if cells.square[middle] < square:
            low = middle + 1
        else:
            high = middle
    return low


@nested_code
def squared_gap(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Return the square of the distance of a place from a straight piece, metres."""
    dx, dy = bx - ax, by - ay
    px, py = x - ax, y - ay
    length = dx * dx + dy * dy
    share = 0.0
    if length > 0:
        share = min(1.0, max(0.0, (px * dx + py * dy) / length))
    px -= share * dx
    py -= share * dy
    return px * px + py * py


@machine_code
def least_gaps(
    cells: Cells, first: NDArray[np.integer], point: NDArray[np.int32], node_xy_m: Real, scale: float
) -> Real:
    """Return how far places [n] are from the nearest of some lines; infinite where that is farther than a square.

    `first` [lines + 1] is where the corners of each line begin in `point`, which are rows of `node_xy_m`. Squares and
    distances are those of a map that is so many times larger.
    """
    gap = np.full(cells.which.size, np.inf)
    for line in range(first.size - 1):
        for k in range(first[line], first[line + 1] - 1):
            a, b = point[k], point[k + 1]
            ax, ay, bx, by = node_xy_m[a, 0], node_xy_m[a, 1], node_xy_m[b, 0], node_xy_m[b, 1]
            ax, ay, bx, by = ax * scale, ay * scale, bx * scale, by * scale
            west, east = min(ax, bx) - CELL_M, max(ax, bx) + CELL_M
            south, north = min(ay, by) - CELL_M, max(ay, by) + CELL_M
            for row in range(int(np.floor(south / CELL_M)), int(np.floor(north / CELL_M)) + 1):
                last = end_of_row(east, row)
                place = first_in_row(cells, west, row)
                while place < cells.square.size and cells.square[place] <= last:
                    away = squared_gap(cells.xy_m[place, 0], cells.xy_m[place, 1], ax, ay, bx, by)
                    if away <= CELL_M * CELL_M and away < gap[cells.which[place]]:
                        gap[cells.which[place]] = away
                    place += 1
    return np.asarray(np.sqrt(gap))


@machine_code
def count_near(cells: Cells, first: NDArray[np.int64], corner_m: Real, reach_m: float) -> NDArray[np.int64]:
    """Return how many places lie within reach of each line; `first` [lines + 1] is where its corners begin."""
    lines = first.size - 1
    count, seen = np.zeros(lines, np.int64), np.full(cells.which.size, -1)
    for line in range(lines):
        for k in range(first[line], first[line + 1] - 1):
            ax, ay, bx, by = corner_m[k, 0], corner_m[k, 1], corner_m[k + 1, 0], corner_m[k + 1, 1]
            west, east = min(ax, bx) - reach_m, max(ax, bx) + reach_m
            south, north = min(ay, by) - reach_m, max(ay, by) + reach_m
            for row in range(int(np.floor(south / CELL_M)), int(np.floor(north / CELL_M)) + 1):
                last = end_of_row(east, row)
                place = first_in_row(cells, west, row)
                while place < cells.square.size and cells.square[place] <= last:
                    x, y = cells.xy_m[place, 0], cells.xy_m[place, 1]
                    inside = seen[place] != line and west <= x <= east and south <= y <= north
                    if inside and squared_gap(x, y, ax, ay, bx, by) <= reach_m * reach_m:
                        seen[place] = line
                        count[line] += 1
                    place += 1
    return count
