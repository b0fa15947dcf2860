"""Grid: rows of numbers between commas, as several published sets keep their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.sheet import read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.formats.sheet import Sheet


def read_grid(path: Path, columns: int | None = None) -> NDArray[np.float64]:
    """Return a table [rows, columns] of a file with one row a line.

    Lines that begin with `%` or are blank are not read. Rows must have `columns` numbers, or as many as the first.

    Raises
    ------
    InputError
        With every fault of the file and its line.
    """
    sheet = read_lines(path)
    rows = [sheet.numbers(number, cells) for number, cells in cells_of(sheet)]
    wide = columns if columns is not None else len(rows[0]) if rows else 0
    for (number, cells), _ in zip(cells_of(sheet), rows, strict=True):
        if len(cells) != wide:
            sheet.fault(
                number, f"{wide} numbers are needed here, there are {len(cells)}", "is the file cut off?", "row"
            )
    sheet.stop()
    return np.array(rows, np.float64).reshape(-1, wide)


def cells_of(sheet: Sheet) -> list[tuple[int, list[str]]]:
    """Return the number of each line and what stands between its commas."""
    kept = [(number, line) for number, line in enumerate(sheet.lines, start=1) if line.strip()]
    return [
        (number, [cell.strip() for cell in line.split(",")])
        for number, line in kept
        if not line.lstrip().startswith("%")
    ]
