"""The keys of VROOM's JSON: what each holds, and a fault for each that is unknown, misspelt or out of bounds."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any

from doorstep.formats.sheet import MOST_FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorstep.formats.sheet import Sheet

    Spec = dict[str, str]

TOP = {"jobs": "list", "shipments": "list", "vehicles": "list", "matrices": "table"}
TASK = {
    "id": "id",
    "description": "text",
    "location": "place",
    "location_index": "whole",
    "setup": "whole",
    "service": "whole",
    "time_windows": "windows",
}
JOB = TASK | {"delivery": "amounts", "pickup": "amounts", "skills": "wholes", "priority": "percent"}
SHIPMENT = {"pickup": "table", "delivery": "table", "amount": "amounts", "skills": "wholes", "priority": "percent"}
VEHICLE = {
    "id": "id",
    "profile": "text",
    "description": "text",
    "type": "text",
    "start": "place",
    "start_index": "whole",
    "end": "place",
    "end_index": "whole",
    "capacity": "amounts",
    "costs": "table",
    "skills": "wholes",
    "time_window": "window",
    "speed_factor": "factor",
    "max_tasks": "whole",
    "max_travel_time": "whole",
    "max_distance": "whole",
    "steps": "list",
}
END_STEP = {"type": "step", "description": "text"}
STEP = END_STEP | {"id": "id"}
COSTS = {"fixed": "whole", "per_hour": "whole", "per_km": "whole"}
MATRIX = {"durations": "matrix", "distances": "matrix", "costs": "matrix"}
ENDS = ("start", "end")
STEPS = (*ENDS, "job", "pickup", "delivery")
UNSUPPORTED = {
    "breaks": "breaks at given hours cannot be planned from this format",
    "service_at": "forced times are not read; --now freezes what has begun by then",
    "service_after": "forced times are not read; --now freezes what has begun by then",
    "service_before": "forced times are not read; --now freezes what has begun by then",
    "setup_per_type": "setup depending on the vehicle's type is not read",
    "service_per_type": "service depending on the vehicle's type is not read",
    "per_task_hour": "hours of tasks have no price here",
    "max_first_leg_distance": "single legs have no limits here",
}
"""Keys that VROOM knows and Doorstep does not, and why; they may be there as long as they are empty."""
OLD = {
    "matrix": 'matrices: {"car": {"durations": ...}}',
    "amount": "delivery or pickup",
    "cost": "costs",
    "break": "breaks",
}
_LARGEST, _LARGEST_ID = 1 << 40, (1 << 63) - 1
_NEEDED = {("id", "id"), ("type", "step")}
_ENDLESS = re.compile(r"\d{4000}")
_FASTEST = 5
_WEST, _NORTH = 180, 90


def parsed(sheet: Sheet) -> dict[str, Any]:
    """Return the document of a file with all its keys checked; the faults are the sheet's."""
    try:
        document = json.loads("\n".join(sheet.lines), object_pairs_hook=lambda pairs: _unique(sheet, pairs))
    except json.JSONDecodeError as error:
        sheet.fault(error.lineno, f"this is no JSON: {error.msg}", "is the file cut off?", "syntax")
        sheet.stop()
    except ValueError:
        lines = (n for n, text in enumerate(sheet.lines, start=1) if _ENDLESS.search(text))
        sheet.fault(next(lines, 0), "a number has thousands of digits", "write it shorter", "beyond-measure")
        sheet.stop()
    except RecursionError:
        sheet.fault(0, "this is no problem of VROOM's: too many tables within tables", code="syntax")
        sheet.stop()
    if not isinstance(document, dict):
        sheet.fault(1, "a table with vehicles and jobs is needed", code="type")
        sheet.stop()
    _check(_Check(sheet), document)
    sheet.stop()
    return dict(document)


def _check(check: _Check, document: dict[str, Any]) -> None:
    check.table("", document, TOP)
    for k, job in check.items(document, "jobs"):
        check.table(f"jobs[{k}]", job, JOB)
    for k, shipment in check.items(document, "shipments"):
        check.table(f"shipments[{k}]", shipment, SHIPMENT)
        for part in "pickup", "delivery":
            if part not in shipment:
                check.fault(f"shipments[{k}]", f"has no {part}", code="missing")
            elif isinstance(shipment[part], dict):
                check.table(f"shipments[{k}].{part}", shipment[part], TASK)
    for k, vehicle in check.items(document, "vehicles"):
        check.table(f"vehicles[{k}]", vehicle, VEHICLE)
        if isinstance(vehicle.get("costs"), dict):
            check.table(f"vehicles[{k}].costs", vehicle["costs"], COSTS)
        for n, step in check.items(vehicle, "steps", f"vehicles[{k}]."):
            check.table(f"vehicles[{k}].steps[{n}]", step, END_STEP if step.get("type") in ENDS else STEP)
    matrices = document.get("matrices", {})
    for name, matrix in matrices.items() if isinstance(matrices, dict) else ():
        check.table(f"matrices.{name}", matrix, MATRIX)


class _Check:
    """Notes faults with the path of the value, and the line where it stands."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def fault(self, where: str, what: str, fix: str = "", code: str = "type", key: str = "") -> None:
        """Note a fault of a value, or of a key of it."""
        line = _line(self.sheet, f"{where}.{key}") if len(self.sheet.faults) < MOST_FAULTS else 0
        self.sheet.fault(line, f"{where}: {what}".removeprefix(": "), fix, code)

    def items(self, document: dict[str, Any], key: str, where: str = "") -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the tables of a list."""
        found = document.get(key, [])
        for k, item in enumerate(found if isinstance(found, list) else ()):
            if isinstance(item, dict):
                yield k, item
            else:
                self.fault(f"{where}{key}[{k}]", "is no table")

    def table(self, where: str, table: object, spec: Spec) -> None:
        """Note every key of a table that is unknown, missing its id, or does not hold what it should."""
        if not isinstance(table, dict):
            self.fault(where, "is no table")
            return
        for key, value in table.items():
            at = f"{where}.{key}".removeprefix(".")
            if key in spec:
                said = _KINDS[spec[key]](value)
                if said:
                    self.fault(at, said)
            elif key in UNSUPPORTED:
                if value not in ([], {}, 0):
                    self.fault(at, "is not supported", UNSUPPORTED[key], "unsupported")
            else:
                close = difflib.get_close_matches(key, spec, 1)
                fix = OLD.get(key) or (close[0] if close else "")
                fix = f"write {fix}" if fix else f"known are {', '.join(spec)}"
                self.fault(where, f"unknown key '{key}'", fix, "unknown-key", key)
        for key in sorted(key for key, _ in _NEEDED & spec.items() if key not in table):
            self.fault(where, f"has no {key}", code="missing")


def _line(sheet: Sheet, path: str) -> int:
    """Return the line of the value at a path such as jobs[2].service, or of the last table or list on its way."""
    text = "\n".join(sheet.lines)
    at = _skipped(text, 0)
    for part in re.findall(r"[^.\[\]]+", path):
        found = next((begin for name, begin in _items(text, at) if name == part), None)
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def _skipped(text: str, at: int) -> int:
    """Return the place of the next thing that is neither blank nor between two others."""
    while text[at] in " \t\r\n,:":
        at += 1
    return at


def _items(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the keys of the table, or the positions in the list, that begins at a place of a text; and their places."""
    decoder, close = json.JSONDecoder(), {"{": "}", "[": "]"}.get(text[at])
    if close is None:
        return
    count, at = 0, _skipped(text, at + 1)
    while text[at] != close:
        name = str(count)
        if close == "}":
            name, at = decoder.raw_decode(text, at)
            at = _skipped(text, at)
        yield name, at
        _, at = decoder.raw_decode(text, at)
        count, at = count + 1, _skipped(text, at)


def _unique(sheet: Sheet, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        sheet.fault(0, f"key '{twice}' is twice in one table", code="twice")
    return table


def _is_whole(value: object, least: int = 0, most: int = _LARGEST) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _window(value: object) -> str:
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_whole, value)):  # noqa: PLR2004
        return f"needs [begin, end] in whole seconds from 0 to {_LARGEST}"
    return "" if value[0] <= value[1] else f"ends at {value[1]}, before it begins at {value[0]}"


def _windows(value: object) -> str:
    if not isinstance(value, list) or not value:
        return "needs a list of [begin, end]"
    said = ((k, _window(window)) for k, window in enumerate(value, start=1))
    return next((f"window {k} {what}" for k, what in said if what), "")


def _place(value: object) -> str:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(v, int | float) for v in value):  # noqa: PLR2004
        return "needs [longitude, latitude]"
    if abs(value[1]) > _NORTH >= abs(value[0]):
        return "has a latitude beyond 90: are longitude and latitude swapped?"
    return "" if abs(value[0]) <= _WEST and abs(value[1]) <= _NORTH else "lies beyond 180 or 90 degrees"


def _needs(right: Callable[[Any], bool], what: str) -> Callable[[Any], str]:
    return lambda value: "" if right(value) else f"needs {what}"


def _wholes(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_whole, value))


def _is_factor(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _FASTEST


def _is_matrix(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, list) and len(row) == len(value) for row in value)


_KINDS: dict[str, Callable[[Any], str]] = {
    "list": _needs(lambda value: isinstance(value, list), "a list"),
    "table": _needs(lambda value: isinstance(value, dict), "a table"),
    "step": _needs(lambda value: value in STEPS, f"one of {', '.join(STEPS)}; breaks are not planned from this format"),
    "text": _needs(lambda value: isinstance(value, str), "a text"),
    "id": _needs(lambda value: _is_whole(value, 0, _LARGEST_ID), f"a whole number from 0 to {_LARGEST_ID}"),
    "whole": _needs(_is_whole, f"a whole number from 0 to {_LARGEST}"),
    "wholes": _needs(_wholes, f"a list of whole numbers from 0 to {_LARGEST}"),
    "amounts": _needs(lambda v: _wholes(v) and len(v) <= 2, "at most two whole amounts, such as mass and volume"),  # noqa: PLR2004
    "percent": _needs(lambda value: _is_whole(value, 0, 100), "a whole number from 0 to 100"),
    "factor": _needs(_is_factor, "a number above 0 and up to 5"),
    "window": _window,
    "windows": _windows,
    "place": _place,
    "matrix": _needs(_is_matrix, "as many numbers in each row as there are rows"),
}
