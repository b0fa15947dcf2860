"""Spreadsheet: CSV tables of a user's own, as rows of texts by the names of their columns."""

from __future__ import annotations

import csv
import io
import math
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from doorstep.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$")


class Cells(NamedTuple):
    """A table, its names in small letters and its cells without space around them."""

    names: list[str]
    rows: Iterator[tuple[int, dict[str, str]]]
    """Each with the number of its line."""


def read_cells(path: Path, columns: str, rows_fix: str, faults: list[Fault]) -> Cells:
    """Return the rows of a file, one after the other; those with too many cells or too few go to the faults in turn.

    Raises InputError where it is no table; `columns` and `rows_fix` say what belongs into an empty one.
    """
    text = _text(path)
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        where = f"{path}, line {reader.line_num}"
        raise InputError.of(where, f"cannot be read: {error}", "mend its quotes", "bad-line") from None
    if not rows:
        raise InputError.of(str(path), "the file is empty", f"begin with a line of {columns}", "empty-table")
    names = [name.lower() for name in rows[0][1]]
    if len(rows) == 1:
        raise InputError.of(str(path), "the table has no rows", rows_fix, "empty-table")
    return Cells(names, _sound(path, names, rows[1:], faults))


def _sound(
    path: Path, names: list[str], rows: list[tuple[int, list[str]]], faults: list[Fault]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows that are as long as the row of names; of the others add faults in their turn."""
    for line, cells in rows:
        if len(cells) == len(names):
            yield line, dict(zip(names, cells, strict=True))
            continue
        what = f"has {len(cells)} cells where line 1 has {len(names)}"
        faults.append(Fault(f"{path}, line {line}", what, "mend the row", "ragged-row"))


def _text(path: Path) -> str:
    """Return a file as text."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as refused:
        raise InputError.of(str(path), f"cannot be opened: {refused.strerror}", "check the path", "no-file") from None
    except UnicodeDecodeError:
        raise InputError.of(str(path), "is no text in UTF-8", "save it as CSV in UTF-8", "bad-encoding") from None


def name_faults(where: str, names: list[str], columns: Sequence[str]) -> list[Fault]:
    """Return a fault for every name that is none of the columns, or is there twice."""
    faults = []
    for name in dict.fromkeys(names):
        if name not in columns:
            near = get_close_matches(name, columns, n=1)
            fix = f"did you mean '{near[0]}'?" if near else f"columns are {', '.join(columns)}"
            faults.append(Fault(where, f"no column is called '{name}'", fix, "unknown-column"))
        elif names.count(name) > 1:
            faults.append(Fault(where, f"the column '{name}' is there twice", "keep one of them", "duplicate-column"))
    return faults


def number(text: str) -> float:
    """Return a number, NaN for anything else."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def clock_s(text: str) -> float:
    """Return a time of day, in hours, as HH:MM or HH:MM:SS, in whole seconds since midnight; NaN for anything else."""
    found = _CLOCK.match(text)
    if found:
        return 3600.0 * int(found[1]) + 60.0 * int(found[2]) + int(found[3] or 0)
    hours = number(text)
    return float(round(hours * 3600)) if math.isfinite(hours) else math.nan
