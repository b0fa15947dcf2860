"""Every number of a book of chance moves what becomes of the days of a shipped scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml
from levers import leaves, merge, moved, of_modes, places_of, plain_keys, shipped_sheet

from doorstep.modes.catalog import load_chance
from doorstep.modes.layout import CHANCE
from doorstep.scenario.file import load_scenario
from doorstep.study import run
from doorstep.study.living import live_through

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from doorstep.modes.entries import Rule
    from doorstep.study.study import Study

DAYS = 25
OFTEN = {
    "broken": dict.fromkeys(("road", "cycle", "path", "air"), 20),
    "wind": {"share": 40},
    "rain": {"share": 40},
    "full": {"spread": 100},
    "missed": dict.fromkeys(("door", "kerb", "yard", "locker", "kiosk"), 10),
}
"""What is rare, or not to be expected where nobody need be there, made frequent enough to be met in a few days."""
BESIDE: Mapping[str, Mapping[str, Any]] = {
    "recourse.patience": {"recourse": {"missed": "wait"}},
    "broken.mended": {"recourse": {"broken": "wait"}},
}
"""What else must be so for a number to be asked for."""
FLEETS = {
    "van": ["door", "locker"],
    "cargo-trike": ["door"],
    "robovan": ["kiosk"],
    "sidewalk-robot": ["kerb"],
    "quadcopter": ["yard"],
    "walker": ["door"],
}


def with_values(sheet: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a book with other values."""
    found = dict(sheet)
    for key, value in values.items():
        inner = isinstance(value, dict)
        found[key] = with_values(sheet[key], value) if inner else {**sheet[key], "value": value}
    return found


def numbers(study: Study, folder: Path, sheet: dict[str, Any]) -> list[np.ndarray]:
    """Return all that the days of a study come to by a book: what each order became, and every number of the day."""
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(sheet, sort_keys=False), encoding="utf-8")
    lived = live_through(study, DAYS, load_chance(path)).lived
    assert lived is not None
    return [comparison.values for comparison in lived.numbers.values()]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a day of doors, kerbs, yards, lockers that are nearly full, and kiosks."""
    folder = tmp_path_factory.mktemp("planned")
    walker = shipped_sheet("catalog", "cargo-trike")
    walker |= {"name": "walker", "medium": {"value": "foot", "unit": "word", "estimate": "on foot"}}
    (folder / "walker.yaml").write_text(yaml.safe_dump(walker, sort_keys=False), encoding="utf-8")
    tight = {"compartments": {"S": 6, "M": 4, "L": 2}, "occupied": {"S": 3, "M": 2, "L": 1}}
    day = {
        "extends": "peak-kiosks",
        "modes": {"walker": "walker.yaml"},
        "demand": {"absent": None, "sample": {"orders": 40}},
        "lockers": dict.fromkeys(("south", "west", "east", "north"), tight),
        "planner": {"work": 2},
        "configurations": dict.fromkeys(("courier", "drone", "robovan", "locker", "mixed")),
    }
    path = folder / "day.yaml"
    path.write_text(yaml.safe_dump(merge(day, of_modes(FLEETS)), sort_keys=False), encoding="utf-8")
    return run(load_scenario(path))


@pytest.mark.parametrize(("path", "rule"), list(leaves(CHANCE)), ids=[path for path, _ in leaves(CHANCE)])
def test_every_number_of_chance_moves_something(planned: Study, tmp_path: Path, path: str, rule: Rule) -> None:
    """With another value in the book the same plans come to something else on the same days."""
    sheet = with_values(shipped_sheet("chance", "usual"), merge(OFTEN, BESIDE.get(path, {})))
    before = numbers(planned, tmp_path, sheet)
    for keys in places_of(sheet, path):
        for other in moved(sheet, keys, rule):
            if any(
                not np.array_equal(was, now, equal_nan=True)
                for was, now in zip(before, numbers(planned, tmp_path, other), strict=True)
            ):
                return
    pytest.fail(f"nothing moves by {path}")


def test_books_of_chance_have_no_other_keys_than_names() -> None:
    """Beside their numbers they hold a name and a label."""
    assert plain_keys(CHANCE) == {"name", "label"}
