"""Reading: one value of a catalogue file with its unit and origin, read by strict rules."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from doorstep.errors import Fault
from doorstep.modes.mode import Value
from doorstep.modes.names import name_misfit
from doorstep.modes.sheet import near
from doorstep.modes.sources import load_sources
from doorstep.modes.units import UNITS, currencies, factor, units_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from doorstep.errors import Mark
    from doorstep.modes.sheet import Cell

UNLIMITED = "unlimited"
_PARTS = ("value", "unit", "source", "estimate", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """What one value may be, in the unit used inside."""

    quantity: str
    low: float = 0.0
    high: float = math.inf
    above: bool = False
    """True where `low` itself is not allowed."""
    whole: bool = False
    endless: bool = False
    """True where `unlimited` is allowed."""
    words: tuple[str, ...] = ()
    """The words to choose from."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a table of values may hold."""

    entries: Mapping[str, Rule | Table]
    open_to: Rule | Table | None = None
    """What any further key holds; none where no further key is allowed."""
    choice: bool = False
    """True where any of the entries will do, but at least one."""
    optional: tuple[str, ...] = ()
    """Entries that may be absent."""
    plain: tuple[str, ...] = ()
    """Keys that hold a bare word and no measured value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value in the unit used inside, and as the file gives it."""

    amount: float | str | bool
    value: Value
    mark: Mark

    @property
    def number(self) -> float:
        """Return the amount as a number."""
        return float(self.amount)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the currencies in its unit."""
        return currencies(self.value.unit)


def read_table(cell: Cell, table: Table, faults: list[Fault], where: str = "") -> dict[str, Reading]:
    """Return the readings of a table by their dotted path, adding every fault found."""
    return dict(_table(cell, table, faults, where))


def _table(cell: Cell, table: Table, faults: list[Fault], where: str) -> Iterator[tuple[str, Reading]]:
    """Yield path and reading of each value of a table."""
    if cell.cells is None or cell.keys is None:
        faults.append(Fault(where, "a table belongs here", f"keys: {', '.join(table.entries)}", "bad-form", cell.mark))
        return
    for key, inner in cell.cells.items():
        path = f"{where}.{key}" if where else key
        rule = table.entries.get(key, table.open_to)
        if key in table.plain:
            _plain(inner, faults, path)
        elif rule is None:
            fix = near(key, (*table.plain, *table.entries))
            faults.append(Fault(where, f"unknown key '{key}'", fix, "unknown-key", cell.keys[key]))
        elif isinstance(rule, Table):
            yield from _table(inner, rule, faults, path)
        else:
            reading = _entry(inner, rule, faults, path)
            if reading:
                yield path, reading
    missing = [key for key in (*table.plain, *table.entries) if key not in cell.cells and key not in table.optional]
    if table.choice and len(missing) == len(table.entries):
        faults.append(Fault(where, "is empty", f"give one of {', '.join(table.entries)}", "missing-key", cell.mark))
    if not table.choice:
        fixes = [f"add `{key}: {_example(table.entries.get(key))}`" for key in missing]
        faults.extend(
            Fault(f"{where}.{key}" if where else key, f"key '{key}' is missing", fix, "missing-key", cell.mark)
            for key, fix in zip(missing, fixes, strict=True)
        )


def _plain(cell: Cell, faults: list[Fault], where: str) -> None:
    """Fault a bare word that is none."""
    if cell.value is None or cell.value == "":
        faults.append(Fault(where, "is empty", "write a word", "bad-text", cell.mark))
    elif where == "name" and (wrong := name_misfit(str(cell.value))):
        faults.append(Fault(where, *wrong, "bad-name", cell.mark))


def _example(rule: Rule | Table | None) -> str:
    """Return how a missing entry might be written."""
    if rule is None:
        return "…"
    if isinstance(rule, Table):
        return "{" + ", ".join(f"{key}: …" for key in rule.entries) + "}"
    unit = next(iter(UNITS[rule.quantity])).replace("CUR", "EUR")
    unit = f'"{unit}"' if unit.startswith("%") else unit
    return f"{{value: …, unit: {unit}, source: … or estimate: …}}"


def _entry(cell: Cell, rule: Rule, faults: list[Fault], where: str) -> Reading | None:
    """Return one value, or none and its faults."""
    before = len(faults)

    def fault(what: str, fix: str, code: str, mark: Mark | None = None) -> None:
        faults.append(Fault(where, what, fix, code, mark or cell.mark))

    if cell.cells is None or cell.keys is None:
        fault("a bare value has no unit and no origin", f"write {_example(rule)}", "bare-value")
        return None
    for key in cell.cells.keys() - set(_PARTS):
        fault(f"unknown key '{key}'", near(key, _PARTS), "unknown-key", cell.keys[key])
    texts = {key: _text(cell, key, fault) for key in ("unit", "source", "estimate", "note")}
    _origin(texts, cell, fault)
    unit = texts["unit"]
    scale = factor(unit, rule.quantity) if unit else None
    if not unit:
        fault("has no unit", f"units: {units_of(rule.quantity)}", "missing-unit")
    elif scale is None:
        what = f"'{unit}' is no unit of {rule.quantity}"
        fault(what, f"units: {units_of(rule.quantity)}", "wrong-unit", cell.cells["unit"].mark)
    raw = cell.cells.get("value")
    if raw is None:
        fault("has no value", f"write {_example(rule)}", "missing-value")
        return None
    amount = _amount(raw, rule, scale or 1.0, fault)
    if amount is None or len(faults) > before:
        return None
    shown = raw.value if raw.value is not None else ""
    return Reading(amount, Value(where, shown, unit, texts["source"], texts["estimate"], texts["note"]), cell.mark)


def _text(cell: Cell, key: str, fault: Callable[..., None]) -> str:
    """Return a part that is words; an empty text where it is absent."""
    inner = (cell.cells or {}).get(key)
    if inner is None:
        return ""
    if not isinstance(inner.value, str) or not inner.value.strip():
        fault(f"'{key}' must be words", f"write {key}: some words", "bad-text", inner.mark)
        return ""
    return " ".join(inner.value.split())


def _origin(texts: Mapping[str, str], cell: Cell, fault: Callable[..., None]) -> None:
    """Fault a value that names no origin, two, or an unknown one."""
    given = [key for key in ("source", "estimate") if key in (cell.cells or {})]
    if not given:
        fault("has neither source nor estimate", "name a key of sources.bib, or say `estimate: why`", "missing-source")
    if len(given) > 1:
        fault("has both source and estimate", "keep the one that is true", "two-origins")
    if texts["source"] and texts["source"] not in load_sources():
        what = f"source '{texts['source']}' is unknown"
        fault(what, f"{near(texts['source'], load_sources())} (or `estimate: why`)", "unknown-source")


def _amount(raw: Cell, rule: Rule, scale: float, fault: Callable[..., None]) -> float | str | bool | None:
    """Return the amount in the unit used inside; none where it is not possible."""
    value = raw.value
    if rule.quantity == "yes or no":
        if not isinstance(value, bool):
            fault(f"'{value}' is neither true nor false", "write true or false", "bad-value", raw.mark)
        return value
    if rule.quantity == "word":
        if value not in rule.words:
            fault(f"'{value}' is not known here", near(str(value), rule.words), "bad-value", raw.mark)
        return value
    if rule.endless and value == UNLIMITED:
        return math.inf
    fix = f"write a number or '{UNLIMITED}'" if rule.endless else "write a number"
    if isinstance(value, bool) or not isinstance(value, float):
        shown = "a table" if raw.cells is not None else f"'{value}'" if value is not None else "nothing"
        fault(f"{shown} is not a number", fix, "not-a-number", raw.mark)
        return None
    amount = value * scale
    if not math.isfinite(value):
        fault(f"{value} is not a finite number", fix, "not-finite", raw.mark)
    elif amount < rule.low or amount > rule.high or (rule.above and amount == rule.low):
        fault(f"{value:g} is impossible", f"must be {_bounds(rule, scale)}", "out-of-range", raw.mark)
    elif rule.whole and amount != int(amount):
        fault(f"{value:g} is not a whole number", "round it", "not-whole", raw.mark)
    return amount


def _bounds(rule: Rule, scale: float) -> str:
    """Return the bounds of a rule in the unit that the file uses."""
    low = f"{'more than' if rule.above else 'at least'} {rule.low / scale:,.12g}"
    return low if math.isinf(rule.high) else f"{low} and at most {rule.high / scale:,.12g}"
