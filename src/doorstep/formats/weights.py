"""Weights: tables of whole numbers between places, from coordinates or from matrices written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.instance import FACTORS, Rounding
from doorstep.planning.problem import FAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MOST_PLACES = 30_001
"""More would need a table of over 3.6 GB."""
_BLOCK = 1 << 21
"""Numbers that are computed at a time, so that what lies between stays small beside the table."""
_STEEPEST = 3
_TRIPLES = 200_000


def lengths(xy: NDArray[np.float64], rows: slice) -> NDArray[np.float64]:
    """Return the straight-line lengths [rows, places] from some places to all."""
    delta = xy[rows, 0][:, None] - xy[None, :, 0]
    square = delta * delta
    np.subtract(xy[rows, 1][:, None], xy[None, :, 1], out=delta)
    square += delta * delta
    return np.sqrt(square, out=square)


def flat_table(xy: NDArray[np.float64], rounding: Rounding, factor: int) -> NDArray[np.int32]:
    """Return [places, places] rounded straight-line lengths, `factor` to a unit of the coordinates."""
    n = len(xy)
    table = np.empty((n, n), np.int32)
    step = max(1, _BLOCK // max(n, 1))
    for begin in range(0, n, step):
        rows = slice(begin, begin + step)
        table[rows] = rounded(lengths(xy, rows), rounding, factor)
    return table


def rounded(values: NDArray[np.float64], rounding: Rounding, factor: int) -> NDArray[np.float64]:
    """Return values times the factor, made whole as the rounding says; changes what it is given."""
    if factor != 1:
        values *= factor
    if rounding == Rounding.NEAREST:
        values += 0.5  # halves go up, as TSPLIB has it, where rint makes them even
    rules: dict[Rounding, Callable[..., NDArray[np.float64]]] = {
        Rounding.CEIL: np.ceil,
        Rounding.TRUNC1: np.floor,
        Rounding.NEAREST: np.floor,
    }
    return rules.get(rounding, np.rint)(values, out=values)


def best_factor(rounding: Rounding, longest: float) -> int:
    """Return how many units of the tables are in one of the file; `none` makes do with fewer where it must."""
    factor = FACTORS[rounding]
    while rounding == Rounding.NONE and factor > 1 and longest * factor >= FAR:
        factor //= 10
    return factor


def spread(xy: NDArray[np.float64]) -> float:
    """Return a bound of the longest length between two places."""
    return float(np.hypot(*np.ptp(xy, axis=0))) if len(xy) else 0.0


def unfolded(values: NDArray[np.float64], layout: str, n: int) -> NDArray[np.float64] | None:
    """Return the matrix [n, n] that is written as a row of numbers; None where their number does not fit."""
    if values.size != written_size(layout, n):
        return None
    if layout == "FULL_MATRIX":
        return values.reshape(n, n)
    matrix = np.zeros((n, n))
    diagonal = 0 if "DIAG" in layout else 1
    # Columns of the upper half are rows of the lower one.
    if layout in {"LOWER_ROW", "LOWER_DIAG_ROW", "UPPER_COL", "UPPER_DIAG_COL"}:
        matrix[np.tril_indices(n, -diagonal)] = values
    else:
        matrix[np.triu_indices(n, diagonal)] = values
    whole: NDArray[np.float64] = matrix + matrix.T
    whole[np.diag_indices(n)] = matrix.diagonal()
    return whole


def written_size(layout: str, n: int) -> int:
    """Return how many numbers a matrix [n, n] has on paper."""
    if layout == "FULL_MATRIX":
        return n * n
    return n * (n + 1) // 2 if "DIAG" in layout else n * (n - 1) // 2


LAYOUTS = (
    "FULL_MATRIX",
    *(f"{half}_{diagonal}{way}" for half in ("LOWER", "UPPER") for diagonal in ("", "DIAG_") for way in ("ROW", "COL")),
)


def oddities(table: NDArray[np.int32]) -> list[str]:
    """Return what is unusual of a matrix: asymmetry, and detours that are shorter than the direct way."""
    n, said = len(table), []
    unlike = int(np.count_nonzero(table != table.T)) // 2
    if unlike:
        said.append(f"the matrix is asymmetric: {unlike} pairs of places differ by direction")
    if n < _STEEPEST:
        return said
    pick = np.random.default_rng(0).integers(0, n, (3, _TRIPLES))
    i, j, k = pick[:, (pick[0] != pick[1]) & (pick[1] != pick[2]) & (pick[0] != pick[2])]
    shorter = table[i, j].astype(np.int64) + table[j, k] < table[i, k]
    if shorter.any():
        share = 100 * shorter.mean()
        said.append(
            f"the triangle inequality does not hold: in about {share:.2g} % of triples a detour by a third place is "
            "shorter than the direct way; vehicles take the direct way all the same"
        )
    return said


def sketched(table: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return made-up coordinates [places, 2] that keep near places near, for a matrix that comes without any.

    Places are projected on the lines between two pairs of far-apart places (FastMap: Faloutsos and Lin 1995).
    """
    square = np.minimum(table, table.T).astype(np.float64) ** 2
    xy = np.zeros((len(table), 2))
    for axis in range(2):
        a = int(np.argmax(square[0])) if len(table) else 0
        b = int(np.argmax(square[a])) if len(table) else 0
        if not len(table) or square[a, b] <= 0:
            break
        xy[:, axis] = (square[a] + square[a, b] - square[b]) / (2 * np.sqrt(square[a, b]))
        square = np.maximum(square - (xy[:, axis][:, None] - xy[:, axis][None, :]) ** 2, 0)
    return xy
