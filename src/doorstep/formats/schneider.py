"""Schneider, Stenger and Goeke: electric vehicles with time windows and charging stations (E-VRPTW)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.sheet import read_lines
from doorstep.network.given import given_path
from doorstep.planning.small.charging import ChargingTask

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.formats.sheet import Sheet

_COLUMNS = 8
_KINDS = {"d": 0, "f": 1, "c": 2}
_VALUE = re.compile(r"^([QCrgv])\b.*/\s*([^/\s]+)\s*/\s*$")


def read_charging(path: Path | str) -> ChargingTask:
    """Return the problem of a file: a depot, stations and customers, then five values between slashes.

    Raises
    ------
    InputError
        With every fault of the file and its line.
    """
    sheet = read_lines(given_path(path))
    rows: list[list[float]] = []
    values: dict[str, float] = {}
    names: set[str] = set()
    for number, line in enumerate(sheet.lines, start=1):
        words = line.split()
        if found := _VALUE.match(line.strip()):
            values[found[1]] = sheet.number(number, found[2])
        elif words and words[0] != "StringID":
            rows += _row(sheet, number, words)
            if words[0] in names:
                sheet.fault(number, f"there is a place {words[0]} already", code="twice", token=words[0])
            names.add(words[0])
    kinds = [row[0] for row in rows]
    if kinds.count(0) != 1 or 2 not in kinds:  # noqa: PLR2004 - a customer
        sheet.fault(0, "one depot (d) and customers (c) are needed", "is the file cut off?", "row")
    missing = [name for name in "QCrgv" if name not in values]
    if missing:
        sheet.fault(
            0, f"the vehicle's {', '.join(missing)} are not told", "as in 'Q Vehicle fuel tank capacity /77.75/'"
        )
    elif min(values["Q"], values["v"]) <= 0 or min(values.values()) < 0:
        sheet.fault(0, "battery and speed must be above 0, and C, r and g not below", code="number")
    sheet.stop()
    table = np.array(sorted(rows, key=lambda row: row[0]))
    x, y, demand, opens, closes, service = table[:, 1:].T
    return ChargingTask(
        lengths=np.hypot(x[:, None] - x, y[:, None] - y),
        stations=kinds.count(1),
        demand=demand,
        opens=opens,
        closes=closes,
        service=service,
        battery=values["Q"],
        load=values["C"],
        consumption=values["r"],
        charging=values["g"],
        speed=values["v"],
    )


def _row(sheet: Sheet, number: int, words: list[str]) -> list[list[float]]:
    """Return the numbers of a place, its kind first; nothing where it is none."""
    if len(words) != _COLUMNS or words[1] not in _KINDS:
        sheet.fault(number, "a place has a name, d, f or c, and six numbers", code="row")
        return []
    x, y, demand, opens, closes, service = sheet.numbers(number, words[2:])
    if min(demand, service) < 0:
        sheet.fault(number, f"demand {words[4]} and service {words[7]} must be 0 or more", code="number")
    if opens > closes:
        sheet.fault(number, f"the window closes at {words[6]}, before it opens at {words[5]}", code="window")
    return [[float(_KINDS[words[1]]), x, y, demand, opens, closes, service]]
