"""Levers: variants of shipped scenarios with one number moved, and what they come to."""

from __future__ import annotations

import copy
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from doorstep.handover import BANKS
from doorstep.modes.entries import Rule, Table
from doorstep.modes.sources import FOLDER
from doorstep.report.document import study_document
from doorstep.scenario.file import load_scenario
from doorstep.study import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Sheet = dict[str, Any]
    Own = Mapping[str, Any]

BASE = "peak-kiosks"
"""It has doors, kerbs, yards, lockers and kiosks, streets, tracks and paths, promises that are broken, and returns."""
ANY = "*"
"""Stands for any key of an open table."""
FACTORS = (0.8, 1.25, 0.1, 3.0, 5.0)
"""By which values are moved, one after the other until something gives way."""
LIMITS: Mapping[str, float] = {"speed": 3, "mass": 0.5, "vehicles": 0.5, "length": 0.04, "density": 1, "people": 50}
"""Of each quantity a value that binds, in its handiest unit; for what no shipped book limits."""


def leaves(table: Table, where: str = "") -> Iterator[tuple[str, Rule]]:
    """Yield every value that a file may hold, by its dotted path."""
    entries = dict(table.entries) | ({ANY: table.open_to} if table.open_to else {})
    for key, rule in entries.items():
        path = f"{where}.{key}" if where else key
        if isinstance(rule, Table):
            yield from leaves(rule, path)
        else:
            yield path, rule


def plain_keys(table: Table) -> set[str]:
    """Return the keys of a table that hold a bare word."""
    inner = [rule for rule in (*table.entries.values(), table.open_to) if isinstance(rule, Table)]
    return set(table.plain).union(*(plain_keys(rule) for rule in inner))


def shipped_sheet(folder: str, name: str) -> Sheet:
    """Return a file of the catalogue as it is written."""
    found: Sheet = yaml.safe_load((FOLDER / folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def places_of(sheet: Sheet, path: str) -> list[tuple[str, ...]]:
    """Return the keys by which a file has a value of the path: several where the path goes through an open table."""
    found: list[tuple[tuple[str, ...], Any]] = [((), sheet)]
    for step in path.split("."):
        found = [
            ((*keys, key), inner)
            for keys, table in found
            if isinstance(table, dict)
            for key, inner in table.items()
            if step in (key, ANY)
        ]
    return [keys for keys, entry in found if isinstance(entry, dict) and "value" in entry]


def moved(sheet: Sheet, keys: tuple[str, ...], rule: Rule) -> Iterator[Sheet]:
    """Yield a file with one value moved, this way and that."""
    entry = _entry(sheet, keys)
    for value in _others(entry["value"], rule):
        found = copy.deepcopy(sheet)
        _entry(found, keys)["value"] = value
        yield _consistent(found, keys, value)


def results(folder: Path, own: Own, base: str = BASE, without: str = "") -> Any:
    """Return what a variant of a shipped scenario comes to, but not how that was found.

    `own` says what is otherwise; configurations are those that it names. `without` is a key that is taken away before.
    """
    if without:
        (folder / "less.yaml").write_text(f"extends: {base}\n{without}: null\n", encoding="utf-8")
    variant: Sheet = {
        "extends": "less.yaml" if without else base,
        "demand": {"sample": {"orders": 12}},
        "planner": {"work": 1, "unserved_price": None},
    }
    merged = merge(variant, own)
    if "configurations" in own:
        merged["configurations"] = {**dict.fromkeys(configurations_of(base)), **own["configurations"]}
    path = folder / "variant.yaml"
    path.write_text(yaml.safe_dump(merged, sort_keys=False), encoding="utf-8")
    document = study_document(run(load_scenario(path)))
    cards = [{key: value for key, value in card.items() if key != "solver"} for card in document["configurations"]]
    return cards, document["unserved"]


@cache
def configurations_of(base: str) -> tuple[str, ...]:
    """Return the names of the configurations of a shipped scenario."""
    return tuple(one.name for one in load_scenario(base).configurations)


def of_modes(modes: Mapping[str, list[str]]) -> Own:
    """Return a variant with one configuration for each mode and each of its kinds of handover."""
    return {
        "configurations": {
            f"{mode}-{kind}": {
                "vehicles": [{"mode": mode, "count": 2, "handover": [kind]}],
                "lockers": "all" if kind in BANKS else "none",
            }
            for mode, kinds in modes.items()
            for kind in kinds
        },
        "demand": {"sample": {"landing_place": {"house": 1, "flat": 0.8}, "yard": {"house": 1, "flat": 1}}},
    }


def merge(first: Own, then: Own) -> Sheet:
    """Return the keys of both; where both have a map, that of both."""
    found = dict(first)
    for key, value in then.items():
        both = isinstance(value, dict) and isinstance(found.get(key), dict)
        found[key] = merge(found[key], value) if both else value
    return found


def _entry(sheet: Sheet, keys: tuple[str, ...]) -> Sheet:
    for key in keys:
        sheet = sheet[key]
    return sheet


def _others(value: object, rule: Rule) -> Iterator[object]:
    """Yield other values of a kind, those near it first."""
    if isinstance(value, bool):
        yield not value
    elif rule.words:
        yield from (word for word in rule.words if word != value)
    elif value == "unlimited":
        yield from (1, 0.1)
    elif not value:
        yield from (1, 20)
    elif isinstance(value, (int, float)):
        near = [factor * value for factor in FACTORS]
        yield from sorted({max(1, round(one)) for one in near} - {value}) if rule.whole else near


def _consistent(sheet: Sheet, keys: tuple[str, ...], value: object) -> Sheet:
    """Return a file in which what a choice asks for is there, and what it forbids is not."""
    if keys == ("carrier",) and value == "diesel":
        sheet.pop("charging", None)
    if keys == ("charging", "way"):
        spares = {"value": 1, "unit": "batteries", "estimate": "a lever"}
        sheet["charging"].pop("spares", None) if value == "charge" else sheet["charging"].update(spares=spares)
    return sheet
