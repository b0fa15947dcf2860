"""Past file: the columns of a table of past orders, some rows at a time, as they are or as LaDe has them."""

from __future__ import annotations

from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from doorstep.demand.rows import MARKS, NUL_WITHIN, read_rows
from doorstep.errors import Fault, OrderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

NEEDED = ("placed", "lon", "lat")
OPTIONAL = ("date", "id", "mass_kg")
LADE: Mapping[str, str] = MappingProxyType({"placed": "accept_time", "lon": "lng", "lat": "lat", "id": "order_id"})
"""Columns of both parts of LaDe (Wu et al. 2023, arXiv 2306.10675): when a courier took a parcel on, and its place."""
TEXTS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
ROWS_AT_ONCE = 200_000


def read_past(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[pd.DataFrame, tuple[str, ...]]]:
    """Yield the rows of a table as text under our names (see NEEDED and OPTIONAL), some at a time, with notes.

    `columns` says which column of the file is meant by a name of ours. OrderError names what is wrong with the file.
    """
    kind = "".join(path.suffixes[-2:]).lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    if kind in TEXTS:
        yield from _from_text(path, columns)
    else:
        yield _from_points(path, columns)


def _from_points(path: Path, columns: Mapping[str, str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of a file of points, or why it is of no kind that can be read."""
    import pandas as pd

    rows = read_rows(path)
    frame = pd.DataFrame(rows.cells, columns=list(rows.names), dtype=str)
    if rows.lon_lat is not None:
        frame["lon"], frame["lat"] = (rows.lon_lat[:, k].astype(str) for k in (0, 1))
    which, note = _which(path, list(frame.columns), columns)
    return _ours(frame, which), (*rows.notes, *note)


def _from_text(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[pd.DataFrame, tuple[str, ...]]]:
    """Yield the rows of a file of text, packed or not."""
    import pandas as pd

    if not path.is_file():
        read_rows(path.with_name(path.name.removesuffix(".gz")))  # which tells what there is instead
        raise OrderError.of(str(path), "there is no such file", "check the path", "missing-file")
    empty = True
    try:
        mark, names = _head(path)
        which, note = _which(path, names, columns)
        # All columns are read, as rows with too many cells are seen only then.
        opened = pd.read_csv(
            path, sep=mark, dtype=str, keep_default_na=False, encoding="utf-8-sig", chunksize=ROWS_AT_ONCE
        )
        with opened as reader:
            for frame in reader:
                if len(frame):
                    empty = False
                    yield _ours(frame, which), note
                    note = ()
    except UnicodeError:
        raise OrderError.of(str(path), "the file is not UTF-8", "save it as UTF-8", "bad-encoding") from None
    except pd.errors.ParserError as error:
        what = " ".join(str(error).split()).removeprefix("Error tokenizing data. C error: ")
        raise OrderError.of(str(path), f"a row cannot be read: {what}", "mend it", "ragged-row") from None
    except (OSError, EOFError) as error:
        raise OrderError.of(str(path), f"the file cannot be read: {error}", "save it again", "unreadable") from None
    if empty:
        raise OrderError.of(str(path), "the table holds no orders", "give one row an order", "empty-table")


def _head(path: Path) -> tuple[str, list[str]]:
    """Return what stands between cells, and the names of the columns."""
    import csv
    import gzip

    with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
        start = file.read(1 << 16)
    if b"\0" in start[:NUL_WITHIN]:
        raise OrderError.of(
            str(path), "the file holds zero bytes: it is UTF-16 or no text", "save it as UTF-8", "bad-encoding"
        )
    lines = [line for line in start.decode("utf-8-sig", errors="replace").splitlines()[:3] if line.strip()]
    if not lines:
        fix = "give a line of column names and one an order"
        raise OrderError.of(str(path), "the file is empty", fix, "empty-table")
    tabs = ".tsv" in path.name.lower()
    mark = "\t" if tabs else max(",", *MARKS, key=lines[0].count)
    rows = list(csv.reader(lines, delimiter=mark))
    names = [name.strip() for name in rows[0]]
    faults = [
        Fault(f"{path}, row 1", f"the column '{name}' is there twice", "keep one of them", "duplicate-column")
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    if len(rows) > 1 and len(rows[1]) > len(names):
        what = f"has {len(rows[1])} cells where row 1 has {len(names)}"
        faults.append(Fault(f"{path}, row 2", what, "mend the row", "ragged-row"))
    if faults:
        raise OrderError(faults)
    return mark, rows[0]


def _which(path: Path, names: Sequence[str], columns: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return which column of the file is which of ours, by what is said, by LaDe's names, or by their own."""
    known = (*NEEDED, *OPTIONAL)
    faults = [
        Fault("columns", f"'{ours}' is no column of past orders", _near(ours, known), "unknown-column")
        for ours in columns
        if ours not in known
    ]
    stripped = {name.strip(): name for name in names}
    is_lade = {"accept_time", "lng", "lat"} <= set(stripped)
    found: dict[str, str] = {}
    for ours in known:
        theirs = columns.get(ours) or (LADE.get(ours, ours) if is_lade else ours)
        if theirs in stripped:
            found[ours] = stripped[theirs]
        elif ours in columns or ours in NEEDED:
            fix = _near(theirs, list(stripped))
            told = f"{fix} (say which it is: `columns: {{{ours}: NAME}}`, `--column {ours}=NAME`)"
            faults.append(Fault(str(path), f"the column '{theirs}' is missing", told, "missing-column"))
    for theirs in dict.fromkeys(found.values()):
        twice = [ours for ours, name in found.items() if name == theirs]
        if len(twice) > 1:
            what = f"the column '{theirs}' is taken for {' and '.join(twice)}"
            faults.append(Fault(str(path), what, "name a column for each", "column-twice"))
    if faults:
        raise OrderError(faults)
    note = f"{path.name}: LaDe's columns; an order counts as placed when a courier took it on (`accept_time`)"
    return found, (note,) if is_lade and "placed" not in columns else ()


def _ours(frame: pd.DataFrame, which: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns that are meant under our names, stripped."""
    kept: Any = {ours: frame[theirs].fillna("").astype(str).str.strip() for ours, theirs in which.items()}
    return type(frame)(kept).reset_index(drop=True)


def _near(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(name for name in known if name)}"
