"""Solomon: files of Solomon, Gehring and Homberger, customers with windows and one kind of vehicle."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.tabling import MONEY_UNIT, REQUIRED, Task, Vehicle, problem_of
from doorstep.formats.weights import MOST_PLACES, best_factor, flat_table, rounded, spread
from doorstep.planning.problem import FAR
from doorstep.planning.task.tables import ENDLESS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.formats.sheet import Sheet

WIDTH = 7
"""Numbers of a customer: its own, x, y, demand, ready, due, service."""
_HEAD = 2
_WORDS = (
    re.compile(r"VEHICLES?"),
    re.compile(r"NUMBER\s+CAPACITY"),
    re.compile(r"CUSTOMERS?"),
    re.compile(r"CUST\s*NO\.?\s+XCOORD\.?\s+YCOORD\.?\s+DEMAND\s+READY\s*TIME\s+DUE\s*DATE\s+SERVICE(\s*TIME)?"),
)


@dataclass(slots=True)
class Rows:
    """A file of one depot and its customers: every row with its line, and what is said of the vehicles."""

    name: str = ""
    count: int = 0
    capacity: int = 0
    lines: list[int] = field(default_factory=list)
    values: list[list[float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def columns(self) -> NDArray[np.float64]:
        """Return the rows as an array [places, values], the depot first."""
        return np.array(self.values, np.float64)


def read_solomon(sheet: Sheet, rounding: Rounding | None, objective: Objective | None) -> Instance:
    """Return the instance of a file as Solomon wrote them.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = _rows(sheet)
    check_rows(sheet, rows)
    sheet.stop()
    objective = objective or Objective.DISTANCE
    rounding = rounding or (Rounding.NONE if objective == Objective.VEHICLES else Rounding.TRUNC1)
    table = rows.columns()
    task, factor = depot_task(sheet, rows, rounding)
    n = len(table) - 1
    task = replace(
        task,
        order_ids=[str(int(label)) for label in table[1:, 0]],
        mass=table[1:, 3].astype(np.int64),
        ready=np.zeros(n, np.int64),
        price=np.full(n, REQUIRED, np.int64),
        option_order=np.arange(n),
        option_site=np.arange(1, n + 1),
    )
    return instance_of(task, rows, "solomon", "VRPTW", objective, rounding, factor)


def depot_task(sheet: Sheet, rows: Rows, rounding: Rounding) -> tuple[Task, int]:
    """Return what all files of one depot have in common, with the factor; orders are left to be filled in."""
    table = rows.columns()
    xy = np.ascontiguousarray(table[:, 1:3])
    longest = spread(xy)
    factor = best_factor(rounding, longest)
    if longest * factor >= FAR:
        what = f"lengths up to {longest:.6g} in parts of {factor} are more than {FAR - 1}"
        sheet.fault(0, what, "choose another --rounding", "beyond-measure")
        sheet.stop()
    ways = flat_table(xy, rounding, factor)
    clock = rounded(table[:, 4:7].copy(), rounding, factor).astype(np.int64)
    vehicle = Vehicle(mass=rows.capacity, open_s=int(clock[0, 0]), close_s=int(clock[0, 1]))
    n = len(table) - 1
    none = np.zeros(n, np.int64)
    task = Task(
        name=rows.name,
        hubs=[f"depot {int(table[0, 0])}"],
        xy=xy,
        tables=[(ways, ways)],
        order_ids=[],
        mass=none,
        ready=none,
        price=none,
        option_order=none,
        option_site=none,
        option_open=clock[1:, 0],
        option_close=clock[1:, 1],
        service=clock[1:, 2],
        vehicles=[vehicle] * min(rows.count, n),  # more are of no use
    )
    return task, factor


def instance_of(
    task: Task, rows: Rows, kind: str, variant: str, objective: Objective, rounding: Rounding, factor: int
) -> Instance:
    """Return the instance of a file of one depot, whose customers are told by their own numbers."""
    task.vehicles_first = objective == Objective.VEHICLES
    problem, positions = problem_of(task)
    labels = tuple(int(row[0]) for row in rows.values)
    said = f"lengths are rounded: {rounding.value}; times are counted in parts of {factor}"
    notes = [said if rounding != Rounding.NONE else f"plans are made with lengths and times in parts of {factor}"]
    notes.append(f"the file's {rows.count} vehicles are a limit")
    return Instance(
        name=task.name,
        kind=kind,
        variant=variant,
        objective=objective,
        rounding=rounding,
        factor=factor,
        scale=float(MONEY_UNIT * factor),
        length_scale=float(factor),
        problem=problem,
        labels=labels[1:],
        numbers=labels[1:],
        hub_labels=labels[:1],
        hub_numbers=labels[:1],
        vehicles=positions,
        vehicle_labels=tuple(range(1, len(task.vehicles) + 1)),
        prize=np.maximum(task.price, 0),
        notes=(*notes, *rows.notes),
    )


def check_rows(sheet: Sheet, rows: Rows) -> None:
    """Note what is wrong with the depot and the customers."""
    seen: set[float] = set()
    for line, row in zip(rows.lines, rows.values, strict=True):
        label, demand, opens, closes, service = row[0], row[3], row[4], row[5], row[6]
        if label in seen or label != int(label) or label < 0:
            sheet.fault(line, f"customer number {label:g} is there twice or is no whole number", code="twice")
        seen.add(label)
        if opens > closes:
            sheet.fault(line, f"customer {label:g} closes before it opens", code="window")
        if service < 0 or opens < 0:
            sheet.fault(line, f"customer {label:g} has a negative time", code="negative")
        if demand != int(demand):
            sheet.fault(line, f"customer {label:g} has a demand that is no whole number", code="number")
    if sum(abs(row[3]) for row in rows.values) >= ENDLESS:
        sheet.fault(0, "demands are too large to be counted", "count them in larger units", "beyond-measure")
    if not rows.values:
        sheet.fault(0, "there is no depot", "the first row of customers is the depot", "missing")
    elif len(rows.values) > MOST_PLACES:
        sheet.fault(0, f"there are more than {MOST_PLACES} places", "cut the problem up", "size")
    elif rows.values[0][3] != 0:
        sheet.fault(rows.lines[0], "the first row has a demand", "it is the depot's, which has 0", "demand")


def _rows(sheet: Sheet) -> Rows:
    rows, told = Rows(), False
    for number, raw in enumerate(sheet.lines, start=1):
        tokens, words = raw.split(), " ".join(raw.upper().split())
        if not tokens or any(word.fullmatch(words) for word in _WORDS):
            continue
        named = bool(rows.name or told)
        rows.name = rows.name or (raw.strip() if tokens[0][0].isalpha() else sheet.file)
        if tokens[0][0].isalpha():
            if named:
                sheet.fault(
                    number, f"unknown heading '{raw.strip()}'", "VEHICLE and CUSTOMER are known", "unknown-section"
                )
        elif not told:
            told = True
            if len(tokens) == _HEAD:
                rows.count, rows.capacity = sheet.whole(number, tokens[0]), sheet.whole(number, tokens[1])
            else:
                sheet.fault(number, "number and capacity of the vehicles are needed here", code="row")
        else:
            _add(sheet, rows, number, tokens)
    if not told:
        sheet.fault(0, "number and capacity of the vehicles are missing", "is the file cut off?", "missing")
    return rows


def _add(sheet: Sheet, rows: Rows, number: int, tokens: list[str]) -> None:
    if len(tokens) != WIDTH:
        sheet.fault(number, f"a customer has {WIDTH} numbers, here are {len(tokens)}", "is the file cut off?", "row")
        return
    rows.lines.append(number)
    rows.values.append(sheet.numbers(number, tokens))
    if rows.values[-1][3] < 0:
        sheet.fault(number, "the demand is negative", code="negative", token=tokens[3])
