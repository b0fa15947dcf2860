"""Agatz, Bouman and Schmidt: travelling salesman problems with a drone, plain and restricted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.sheet import read_lines
from doorstep.network.given import given_path
from doorstep.planning.tandem.plan import Act
from doorstep.planning.tandem.problem import MOST_SITES, TandemProblem
from doorstep.planning.tandem.timeline import plan_of_row, row_of

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.formats.sheet import Sheet
    from doorstep.planning.tandem.plan import TandemPlan

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_HEAD = 3
_OPERATION = 4
"""Numbers of an operation: its start, its end, whom the drone serves, how many stops follow."""


def read_agatz(path: Path | str) -> TandemProblem:
    """Return the problem of a file: van and drone over straight lines, in the file's own units of time.

    The drone may come back to the stop that it left, the van to a place that it has served; neither launches nor
    taking in take time (doi:10.1287/trsc.2017.0791). `#MAXFLY` is the most that a sortie's two legs may take in the
    drone's units, `#NOVISIT` names a place, counted from 0 at the depot, that the drone may not serve.

    Raises
    ------
    InputError
        With every fault of the file and its line.
    """
    sheet = read_lines(given_path(path))
    most, forbidden = _restrictions(sheet)
    numbers = _numbers(sheet)
    sheet.stop()
    by_drone = np.ones(len(numbers) - 1, bool)
    for line, place in forbidden:
        if place >= len(by_drone):
            sheet.fault(line, f"there is no place {place}", f"there are {len(by_drone)}", "place")
        else:
            by_drone[place] = False
    sheet.stop()
    (van, drone), places = numbers[0], np.array(numbers[1:])
    lengths = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    legs = lengths * drone
    limits = {} if most is None else {"out_j": legs, "back_j": legs, "battery_j": most}
    return TandemProblem.of(lengths * van, legs, by_drone=by_drone, may_revisit=True, **limits)


def _restrictions(sheet: Sheet) -> tuple[float | None, list[tuple[int, int]]]:
    """Return how long a sortie may be, and lines and places where no drone may go."""
    most, forbidden = None, []
    for number, line in enumerate(sheet.lines, start=1):
        words = line.split()
        if not words or not words[0].startswith("#"):
            continue
        if words[0] == "#MAXFLY" and len(words) == 2:  # noqa: PLR2004 - the word and its number
            most = sheet.number(number, words[1])
        elif words[0] == "#NOVISIT" and len(words) == 2:  # noqa: PLR2004 - the word and its number
            forbidden.append((number, sheet.whole(number, words[1])))
        else:
            sheet.fault(number, f"'{line.strip()}' is not known", "#MAXFLY or #NOVISIT with a number", "word")
    return most, forbidden


def _words(sheet: Sheet) -> list[tuple[int, str]]:
    """Return all words outside comments, each with its line."""
    text = "\n".join("" if line.lstrip().startswith("#") else line for line in sheet.lines)
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    return [(number, word) for number, line in enumerate(text.split("\n"), start=1) for word in line.split()]


def _numbers(sheet: Sheet) -> list[tuple[float, float]]:
    """Return the time of a unit of length by van and by drone, and then the places."""
    words = _words(sheet)
    if len(words) < _HEAD:
        sheet.fault(0, "two speeds and the number of places are missing", "is the file cut off?", "row")
        return []
    van, drone = (sheet.positive(*word) for word in words[:2])
    count = sheet.whole(*words[2], least=1)
    rest = words[_HEAD:]
    if count > MOST_SITES or len(rest) != 3 * count:
        what = f"{count} places need {3 * count} words, here are {len(rest)}"
        sheet.fault(words[2][0], what, f"x, y and a name each, at most {MOST_SITES} places", "row")
        return []
    places = [(sheet.number(*rest[3 * k]), sheet.number(*rest[3 * k + 1])) for k in range(count)]
    return [(van, drone), *places]


def read_operations(path: Path | str, problem: TandemProblem) -> TandemPlan:
    """Return the plan of a solution file: operations with start, end, whom the drone serves (else 0 or less), stops.

    Raises
    ------
    InputError
        With every fault of the file, or where its operations are no plan for the problem.
    """
    sheet = read_lines(given_path(path))
    words = _words(sheet)
    count = sheet.whole(*words[0]) if words else 0
    wholes = [(line, int(sheet.number(line, word))) for line, word in words[1:]]
    tasks: list[tuple[Act, int]] = []
    at, served = 0, {0}
    for _ in range(count):
        if len(wholes) < _OPERATION or len(wholes) < _OPERATION + max(0, wholes[3][1]):
            sheet.fault(0, f"{count} operations are told, there are fewer", "is the file cut off?", "row")
            break
        (line, start), (_, end), (_, flown), (_, inner) = wholes[:_OPERATION]
        stops = [place for _, place in wholes[_OPERATION : _OPERATION + max(0, inner)]]
        wholes = wholes[_OPERATION + max(0, inner) :]
        if start != at or not all(0 <= place < problem.sites for place in (*stops, end, max(flown, 0))):
            sheet.fault(line, f"an operation begins at {start} or leads nowhere, the van is at {at}", code="operation")
            break
        legs = [*stops, *([end] if stops or end != start else [])]
        tasks += [(Act.LAUNCH, flown)] if flown > 0 else []
        for place in legs:
            tasks += [(Act.DRIVE, place), *([] if place in served else [(Act.SERVE, place)])]
            served.add(place)
        tasks += [(Act.RECOVER, flown)] if flown > 0 else []
        at = end
    sheet.stop()
    plan = plan_of_row(problem, row_of(problem, tasks), method="archived")
    if plan is None:
        sheet.fault(0, "the operations are no plan for this problem", code="operation")
        sheet.stop()
    assert plan is not None  # noqa: S101 - the fault above was raised
    return plan
