"""Buzzega and Novellani: travelling salesman problems with lockers and time windows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.formats.sheet import read_lines
from doorstep.network.given import given_path
from doorstep.planning.small.lockertour import LockerTour

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.formats.sheet import Sheet

_LINES = 5
"""Customers, lengths, radii, capacity, windows; coordinates and unused columns follow."""


def read_lockers(path: Path | str) -> LockerTour:
    """Return the problem of a file: the number of customers, lengths, radii of lockers, their capacity, windows.

    Raises
    ------
    InputError
        With every fault of the file and its line.
    """
    sheet = read_lines(given_path(path))
    if len(sheet.lines) < _LINES:
        sheet.fault(0, f"{_LINES} lines are needed, there are {len(sheet.lines)}", "is the file cut off?", "row")
    sheet.stop()
    customers, capacity = sheet.whole(1, sheet.lines[0].strip(), 1), sheet.whole(4, sheet.lines[3].strip())
    lengths, radius, windows = (_array(sheet, line, deep) for line, deep in ((2, 2), (3, 1), (5, 2)))
    sheet.stop()
    sites = customers + 1 + len(radius)
    if lengths.shape != (sites, sites):
        sheet.fault(2, f"{sites} places need a square table, this one is {lengths.shape}", code="shape")
    if windows.shape != (sites, 2):
        sheet.fault(5, f"{sites} places need two times each, here are {windows.shape}", code="shape")
    elif (windows[:, 0] > windows[:, 1]).any():
        sheet.fault(5, "a window closes before it opens", code="window")
    sheet.stop()
    return LockerTour(lengths, customers, radius, capacity, windows[:, 0], windows[:, 1])


def _array(sheet: Sheet, line: int, deep: int) -> Any:
    """Return the numbers of a line between brackets, as a table of so many dimensions."""
    try:
        made = np.array(json.loads(sheet.lines[line - 1]), np.float64)
    except (ValueError, TypeError):
        made = np.full((), np.nan)
    if made.ndim != deep or not np.isfinite(made).all() or (made < 0).any():
        sheet.fault(line, "numbers of 0 or more in brackets are needed here", code="number")
        return np.zeros((1,) * deep)
    return made
