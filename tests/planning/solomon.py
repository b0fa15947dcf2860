"""Days of one kind of vehicle, written as Solomon's files are and read as any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.formats import read_instance

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.planning.problem import Problem

HEAD = """DAY

VEHICLE
NUMBER CAPACITY
{} {}

CUSTOMER
CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME

"""


def solomon(folder: Path, vehicles: int, capacity: int, rows: list[str]) -> Problem:
    """Return the problem of a file with these rows, the hub's first, each without its number."""
    file = folder / "day.txt"
    numbered = [f"{number} {row}" for number, row in enumerate(rows)]
    file.write_text(HEAD.format(vehicles, capacity) + "\n".join(numbered), encoding="utf-8")
    return read_instance(file).problem
