"""Reading: any problem file as an instance, its format known by what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.errors import InputError
from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.lilim import read_lilim
from doorstep.formats.sheet import read_lines
from doorstep.formats.solomon import read_solomon
from doorstep.formats.variants import read_vrplib
from doorstep.formats.vroom import read_vroom
from doorstep.formats.vrplib import KEYS
from doorstep.network.given import given_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from doorstep.formats.sheet import Sheet

READERS: dict[str, Callable[[Sheet, Rounding | None, Objective | None], Instance]] = {
    "vrplib": read_vrplib,
    "solomon": read_solomon,
    "lilim": read_lilim,
    "vroom": read_vroom,
}
"""Formats by their names."""
_LILIM_HEAD = 3
_LILIM_ROW = 9


def read_instance(
    path: Path | str,
    *,
    kind: str | None = None,
    rounding: Rounding | str | None = None,
    objective: Objective | str | None = None,
) -> Instance:
    """Return the problem of a file.

    `kind` is its format, told by its content where None; `rounding` and `objective` follow the format where None.

    Raises
    ------
    InputError
        With every fault of the file and its line.
    """
    if kind is not None and kind not in READERS:
        raise InputError.of("format", f"unknown format '{kind}'", f"one of {', '.join(READERS)}", "unknown-format")
    sheet = read_lines(given_path(path))
    kind = kind or sniffed(sheet)
    if kind is None:
        what = "is none of the formats that are known"
        raise InputError.of(str(path), what, f"say which with --format: {', '.join(READERS)}", "unknown-format")
    rounding = None if rounding is None else Rounding(rounding)
    objective = None if objective is None else Objective(objective)
    return READERS[kind](sheet, rounding, objective)


def sniffed(sheet: Sheet) -> str | None:
    """Return the format of a file by its first lines; None where it looks like no other."""
    lines = [line.strip() for line in sheet.lines if line.strip()]
    if lines[0].startswith(("{", "[")):
        return "vroom"
    words = {line.partition(":")[0].strip().upper() for line in lines[:30]}
    if "VEHICLE" in words or any(line.upper().startswith("CUST NO") for line in lines[:10]):
        return "solomon"
    if words & (set(KEYS) | {"NODE_COORD_SECTION"}):
        return "vrplib"
    if len(lines[0].split()) == _LILIM_HEAD and (len(lines) == 1 or len(lines[1].split()) == _LILIM_ROW):
        return "lilim"
    return None
