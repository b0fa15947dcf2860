"""Every number of modes, price books and books of law moves some result of a shipped scenario."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from levers import ANY, LIMITS, leaves, merge, moved, of_modes, places_of, plain_keys, results, shipped_sheet

from doorstep.errors import InputError
from doorstep.modes.catalog import load_mode, load_prices, mode_names, price_names
from doorstep.modes.layout import LAWS, MODE, PRICES
from doorstep.modes.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from doorstep.modes.entries import Rule

DESCRIPTIVE: Mapping[str, str] = {
    "name": "by which scenarios call it",
    "label": "told in tables",
    "currency": "the unit of all other numbers of the book; another one is a fault of theirs",
    "year": "told beside the currency",
}
"""Keys that move nothing, and what they are for."""
WINDY: Mapping[str, Any] = {"weather": {"wind": {"speed": "6 m/s", "from": "W"}}}
PRICED = of_modes({"diesel-van": ["door"], "quadcopter": ["yard"], "sidewalk-robot": ["kerb"], "van": ["locker"]})
LAWFUL = merge(
    of_modes({"van": ["door"], "cargo-trike": ["door"], "sidewalk-robot": ["kerb"], "quadcopter": ["yard"]}),
    {
        "modes": {"walker": "walker.yaml"},
        "configurations": {"walker": {"vehicles": [{"mode": "walker", "count": 2, "handover": ["door"]}]}},
        "network": {"flight": {"altitude": "150 m"}},
    },
)
FAR = "goodchild-toy-far"
"""Whence flights take most of a battery."""
FLOWN = {"reserve", "turnaround", "charging.way", "charging.power", "charging.spares"}
"""What binds where flights are long; of the quadcopter."""
CLOCK = {"opens": 21, "closes": 16}
CROWD = {"density": {"value": 2000, "unit": "people/km2", "estimate": "a lever"}}


def written(folder: Path, name: str, sheet: dict[str, Any]) -> str:
    """Write a book and return its path."""
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(sheet, sort_keys=False), encoding="utf-8")
    return str(path)


def mode_variants(path: str, rule: Rule) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield modes of the catalogue with a value moved, by their names."""
    for name in ("quadcopter",) if path in FLOWN else mode_names():
        sheet = shipped_sheet("catalog", name)
        for keys in places_of(sheet, path):
            for other in moved(sheet, keys, rule):
                yield name, other


def of_mode(folder: Path, name: str, sheet: dict[str, Any], *, far: bool) -> Any:
    """Return what a mode comes to, each of its kinds of handover by itself."""
    own = merge(WINDY, {"modes": {name: written(folder, name, sheet)}})
    if far:
        one = {"only": {"vehicles": [{"mode": name, "count": 1, "handover": ["yard"]}]}}
        return results(folder, merge(own, {"configurations": one}), FAR)
    return results(folder, merge(of_modes({name: sorted(sheet["service"])}), own))


@cache
def before(folder: Path, name: str, far: bool) -> Any:
    """Return what a mode comes to as it is in the catalogue."""
    return of_mode(folder, name, shipped_sheet("catalog", name), far=far)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for scenarios as they are."""
    folder = tmp_path_factory.mktemp("before")
    walker = shipped_sheet("catalog", "cargo-trike")
    walker |= {"name": "walker", "medium": {"value": "foot", "unit": "word", "estimate": "on foot"}}
    written(folder, "walker", walker)
    return folder


@pytest.mark.parametrize(("path", "rule"), list(leaves(MODE)), ids=[path for path, _ in leaves(MODE)])
def test_every_value_of_a_mode_moves_something(desk: Path, tmp_path: Path, path: str, rule: Rule) -> None:
    """Some mode with another value costs, uses, takes, reaches or leaves out something else."""
    for name, sheet in mode_variants(path, rule):
        try:
            after = of_mode(tmp_path, name, sheet, far=path in FLOWN)
        except InputError:
            continue
        if after != before(desk, name, path in FLOWN):
            return
    pytest.fail(f"no mode moves anything by {path}")


@pytest.mark.parametrize(("path", "rule"), list(leaves(PRICES)), ids=[path for path, _ in leaves(PRICES)])
def test_every_price_moves_something(desk: Path, tmp_path: Path, path: str, rule: Rule) -> None:
    """Some price book with another value gives another ledger, plan, emission or price of orders left out."""
    for name in ("euro-area-2024", "china-2024"):
        sheet, own = shipped_sheet("prices", name), PRICED
        if ANY in path and path.startswith("vehicles"):
            own = of_modes({"robovan": ["kerb"]})
        as_it_is = priced(desk, name, path.startswith("vehicles")) if places_of(sheet, path) else None
        for keys in places_of(sheet, path):
            for other in moved(sheet, keys, rule):
                try:
                    after = results(tmp_path, {**own, "prices": written(tmp_path, name, other)})
                except InputError:
                    continue
                if after != as_it_is:
                    return
    pytest.fail(f"no price book moves anything by {path}")


@cache
def priced(folder: Path, book: str, of_vehicles: bool) -> Any:
    """Return what a price book comes to as it is."""
    return results(folder, {**(of_modes({"robovan": ["kerb"]}) if of_vehicles else PRICED), "prices": book})


@cache
def unbound(folder: Path, more: str = "") -> Any:
    """Return what comes of a law that asks nothing, or the one rule that is needed beside another."""
    sheet = {"name": "own", "label": "Own"} | ({"air": CROWD | people(2)} if more else {})
    return results(folder, {**LAWFUL, "laws": written(folder, "own", sheet)})


def people(number: float) -> dict[str, Any]:
    """Return how many people live in a home."""
    return {"people_per_home": {"value": number, "unit": "people", "estimate": "a lever"}}


@pytest.mark.parametrize(("path", "rule"), list(leaves(LAWS)), ids=[path for path, _ in leaves(LAWS)])
def test_every_law_moves_something(desk: Path, tmp_path: Path, path: str, rule: Rule) -> None:
    """A law that asks much changes what is delivered, when, or at what cost."""
    medium, key = path.split(".")
    (tmp_path / "walker.yaml").write_text((desk / "walker.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    unit = "h" if key in CLOCK else next(iter(UNITS[rule.quantity]))
    rules = {key: {"value": CLOCK.get(key) or LIMITS[rule.quantity], "unit": unit, "estimate": "a lever"}}
    if key == "density":
        rules |= people(2)
    counted = key == "people_per_home"
    rules |= CROWD if counted else {}
    law = written(tmp_path, "own", {"name": "own", "label": "Own", medium: rules})
    assert results(tmp_path, {**LAWFUL, "laws": law}) != unbound(desk, "people" if counted else "")


def test_what_moves_nothing_is_only_told() -> None:
    """The keys of books that hold bare words are names, labels, and the currency and year that are told."""
    assert plain_keys(MODE) | plain_keys(PRICES) | plain_keys(LAWS) == set(DESCRIPTIVE)


def flat(record: object, where: str = "") -> dict[str, Any]:
    """Return the values of a dataclass by dotted path, its mappings and inner dataclasses taken apart."""
    found: dict[str, Any] = {}
    for field in fields(record):  # type: ignore[arg-type]
        value, path = getattr(record, field.name), f"{where}{field.name}"
        if field.name == "values":
            continue
        if is_dataclass(value):
            found |= flat(value, f"{path}.")
        else:
            found[path] = value
    return found


def test_every_field_of_a_mode_is_told_by_some_value(tmp_path: Path) -> None:
    """Each field of Mode and what is in it changes with some value of a file; opening hours are the law's."""
    seen: set[str] = set()
    for path, rule in leaves(MODE):
        for name, sheet in mode_variants(path, rule):
            try:
                after = flat(load_mode(tmp_path / written(tmp_path, name, sheet)))
            except InputError:
                continue
            now = flat(load_mode(name))
            seen |= {key for key, value in after.items() if value != now[key]}
            break
    assert set(flat(load_mode("van"))) - seen == {"name", "label", "opens_s", "closes_s", "ownership.currency"}


def test_every_field_of_a_price_book_is_told_by_some_value(tmp_path: Path) -> None:
    """Each field of PriceBook changes with some value of a file, but for what is only told."""
    assert set(price_names()) >= {"china-2024", "euro-area-2024"}
    seen: set[str] = set()
    for path, rule in leaves(PRICES):
        for name in ("euro-area-2024", "china-2024"):
            sheet = shipped_sheet("prices", name)
            for keys in places_of(sheet, path)[:1]:
                after, now = (
                    flat(load_prices(tmp_path / written(tmp_path, name, next(moved(sheet, keys, rule))))),
                    flat(load_prices(name)),
                )
                seen |= {key for key, value in after.items() if value != now[key]}
    assert set(flat(load_prices("china-2024"))) - seen == set(DESCRIPTIVE)
