"""Tests of what the law of a place asks of vehicles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.errors import CatalogError
from doorstep.modes.catalog import law_names, load_laws, load_mode
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from pathlib import Path

BOOK = """\
name: own
label: Own
path:
  max_speed: {value: 3.6, unit: km/h, estimate: x}
  payload: {value: 5, unit: kg, estimate: x}
  vehicles_per_operator: {value: 2, unit: vehicles, estimate: x}
  opens: {value: 9, unit: h, estimate: x}
  closes: {value: 17.5, unit: h, estimate: x}
"""


def written(folder: Path, text: str) -> Path:
    """Return the file of a book."""
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", law_names())
def test_shipped_books(name: str) -> None:
    """Every book that comes with Doorstep can be read, and every value of it has an origin."""
    book = load_laws(name)
    assert book.name == name
    assert all(value.source or value.estimate for value in book.values)
    assert 100 < book.limit(Medium.AIR, "ceiling") < 130


def test_every_rule_binds_and_is_named(tmp_path: Path) -> None:
    """Speed, payload, operators and hours are those of the law where it asks for less, each named in words."""
    mode, told = load_laws(written(tmp_path, BOOK)).keep(load_mode("sidewalk-robot"))
    assert (mode.max_speed_mps, mode.payload_kg, mode.vehicles_per_operator) == (pytest.approx(1.0), 5, 2)
    assert (mode.opens_s, mode.closes_s) == (9 * 3600, 17.5 * 3600)
    assert told == (
        "sidewalk-robot moves at up to 3.6 km/h, by law (own, path.max_speed)",
        "sidewalk-robot carries up to 5 kg, by law (own, path.payload)",
        "sidewalk-robot watched by one operator for every 2, by law (own, path.vehicles_per_operator)",
        "sidewalk-robot back by 17:30, by law (own, path.closes)",
        "sidewalk-robot out from 09:00, by law (own, path.opens)",
    )


def test_what_does_not_bind_changes_nothing(tmp_path: Path) -> None:
    """A van is not touched by the law of pavements, nor a slow robot by a fast limit."""
    book = load_laws(written(tmp_path, BOOK.replace("value: 3.6", "value: 30")))
    van = load_mode("van")
    assert book.keep(van) == (van, ())
    assert book.keep(load_mode("sidewalk-robot"))[0].max_speed_mps == load_mode("sidewalk-robot").max_speed_mps


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOOK.replace("17.5", "8"), "hours-reversed"),
        ("name: own\nlabel: Own\nair: {density: {value: 5, unit: people/km2, estimate: x}}\n", "no-people"),
        (BOOK.replace("path:", "paths:"), "unknown-key"),
        (BOOK.replace("payload", "ceiling"), "unknown-key"),
        (BOOK.replace("unit: kg", "unit: km"), "wrong-unit"),
        (BOOK.replace("value: 2,", "value: 0,"), "out-of-range"),
    ],
)
def test_faults_of_a_book(tmp_path: Path, text: str, code: str) -> None:
    """Hours that end before they begin, a density of nobody, and strangers are faults with their lines."""
    with pytest.raises(CatalogError) as caught:
        load_laws(written(tmp_path, text))
    assert code in [fault.code for fault in caught.value.faults]
    assert all(fault.mark for fault in caught.value.faults)


def test_a_name_that_is_nearly_right() -> None:
    """The nearest book is asked after."""
    with pytest.raises(CatalogError, match="european-union-2024"):
        load_laws("european-union")
