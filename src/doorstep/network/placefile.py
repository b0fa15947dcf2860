"""Placefile: places of a user's own out of a CSV table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.given import given_path
from doorstep.network.spreadsheet import number, read_cells

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MOST_FAULTS = 20
"""So many are told of one table."""


class PlaceTable(NamedTuple):
    """Places in degrees, with what they are called."""

    names: tuple[str, ...]
    lon_lat: NDArray[np.float64]
    """[n, 2]"""


def read_places(path: str | Path) -> PlaceTable:
    """Return the places of a CSV file with the columns `lon` and `lat` in degrees, and `name` if they have one.

    Other columns are no matter; places without a name have their number.

    Raises
    ------
    InputError
        With every fault found: columns that are missing, and cells that are no numbers.
    """
    path = given_path(path)
    faults: list[Fault] = []
    table = read_cells(path, "lon,lat", "give a place a row", faults)
    if missing := [name for name in ("lon", "lat") if name not in table.names]:
        what = f"has no column {' and '.join(missing)}, but {', '.join(table.names)}"
        raise InputError.of(f"{path}, line 1", what, "name columns lon and lat, in degrees", "missing-column")
    names: list[str] = []
    pairs = []
    for line, cells in table.rows:
        pair = number(cells["lon"]), number(cells["lat"])
        if not all(map(math.isfinite, pair)):
            what = f"'{cells['lon']}', '{cells['lat']}' is no position"
            faults.append(Fault(f"{path}, line {line}", what, "write degrees, as 24.94", "bad-place"))
        names.append(cells.get("name") or str(len(names)))
        pairs.append(pair)
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    return PlaceTable(tuple(names), np.array(pairs, float).reshape(-1, 2))
