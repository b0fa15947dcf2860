"""Li and Lim: files of pickups with their deliveries, one depot, one kind of vehicle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.solomon import Rows, check_rows, depot_task, instance_of
from doorstep.formats.tabling import REQUIRED
from doorstep.planning.problem import DROP, PICK_UP

if TYPE_CHECKING:
    from doorstep.formats.sheet import Sheet

WIDTH = 9
"""Numbers of a stop: its own, x, y, demand, ready, due, service, its pickup, its delivery."""
_HEAD = 3


def read_lilim(sheet: Sheet, rounding: Rounding | None, objective: Objective | None) -> Instance:
    """Return the instance of a file as Li and Lim wrote them; each order is a pickup with its delivery.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = _rows(sheet)
    check_rows(sheet, rows)
    sheet.stop()
    pairs = _pairs(sheet, rows)
    sheet.stop()
    objective, rounding = objective or Objective.VEHICLES, rounding or Rounding.NONE
    task, factor = depot_task(sheet, rows, rounding)
    table, n = rows.columns(), len(rows.values) - 1
    stops = np.array(pairs, np.int64).reshape(-1, 2) - 1
    labels = table[1:, 0].astype(np.int64)
    order, part, mate = np.zeros(n, np.int64), np.full(n, PICK_UP, np.int8), np.zeros(n, np.int64)
    order[stops] = np.arange(len(pairs))[:, None]
    part[stops[:, 1]] = DROP
    mate[stops] = stops[:, ::-1]
    task = replace(
        task,
        order_ids=[f"{labels[pick]}>{labels[drop]}" for pick, drop in stops],
        mass=table[1:, 3].astype(np.int64)[stops[:, 0]],
        ready=np.zeros(len(pairs), np.int64),
        price=np.full(len(pairs), REQUIRED, np.int64),
        option_order=order,
        option_site=np.arange(1, n + 1),
        part=part,
        mate=mate,
    )
    return instance_of(task, rows, "lilim", "PDPTW", objective, rounding, factor)


def _rows(sheet: Sheet) -> Rows:
    rows, told = Rows(name=sheet.file.rpartition(".")[0] or sheet.file), False
    for number, raw in enumerate(sheet.lines, start=1):
        tokens = raw.split()
        if not tokens:
            continue
        if not told:
            told = True
            if len(tokens) != _HEAD:
                sheet.fault(number, "number, capacity and speed of the vehicles are needed here", code="row")
                continue
            rows.count, rows.capacity = sheet.whole(number, tokens[0]), sheet.whole(number, tokens[1])
            if sheet.number(number, tokens[2]) != 1:
                rows.notes.append(f"the file's speed of {tokens[2]} is not used: times are lengths, as in all its sets")
        elif len(tokens) != WIDTH:
            what = f"a stop has {WIDTH} numbers, here are {len(tokens)}"
            sheet.fault(number, what, "is the file cut off?", "row")
        else:
            rows.lines.append(number)
            rows.values.append(sheet.numbers(number, tokens))
    return rows


def _pairs(sheet: Sheet, rows: Rows) -> list[tuple[int, int]]:
    """Return the positions of each pickup and its delivery among the rows."""
    at = {row[0]: position for position, row in enumerate(rows.values)}
    pairs = []
    for position, (line, row) in enumerate(zip(rows.lines, rows.values, strict=True)):
        pickup, delivery = row[7], row[8]
        if position == 0:
            continue
        other = at.get(delivery or pickup, 0)
        if other == 0 or (pickup != 0) == (delivery != 0):
            sheet.fault(line, f"stop {row[0]:g} has no pickup or delivery, or both", "is the file cut off?", "pair")
        elif delivery and rows.values[other][7] != row[0]:
            sheet.fault(line, f"delivery {delivery:g} does not name pickup {row[0]:g}", code="pair")
        elif pickup and rows.values[other][8] != row[0]:
            sheet.fault(line, f"pickup {pickup:g} does not name delivery {row[0]:g}", code="pair")
        elif row[3] != -rows.values[other][3] or (row[3] < 0) != (pickup != 0):
            sheet.fault(line, f"stop {row[0]:g} does not bring what stop {rows.values[other][0]:g} takes", code="pair")
        elif delivery:
            pairs.append((position, other))
    return pairs
