"""Tests of the tables for people."""

from __future__ import annotations

import copy
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from doorstep.report.grid import Row, grids
from doorstep.report.tables import comparison, ledger, remarks, study_tables
from doorstep.report.words import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType


def printed(parts: Iterable[RenderableType], width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    for part in parts:
        console.print(part)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_nothing_is_wider_than_the_terminal(document: dict[str, Any], width: int) -> None:
    """At any width all configurations and all lines are shown, nothing is cut short, and no colour is needed."""
    text = printed(study_tables(document, width), width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text
    assert "…" not in text
    for name in ("courier", "drone", "robot", "locker", "mixed", "labour", "total cost", "latency p95, min"):
        assert name in text


def test_five_configurations_fit_eighty_columns(document: dict[str, Any]) -> None:
    """At eighty columns the five configurations stand in one table."""
    assert len(list(comparison(document, 80))) == 1
    assert len(list(ledger(document, 80))) == 1


def test_energy_is_no_single_number(document: dict[str, Any]) -> None:
    """Below the energy stands what its models give between them, and which model plans go by is told."""
    lines = printed(comparison(document, 80), 80).splitlines()
    row = next(k for k, line in enumerate(lines) if line.startswith("energy, kWh"))
    assert lines[row + 1].startswith(" between models, kWh")
    assert "\N{EN DASH}" in lines[row + 1]
    told = printed(remarks(document), 200)
    assert "energy models that plans go by (docs/energy.md): van rolling, not constant" in told


@pytest.mark.parametrize(
    ("ends", "words"), [((10.5, 11.2), "10~12"), ((2.24, 3.01), "2.2~3.1"), ((0, 0), "0.0"), ((17.0, 17.0), "17")]
)
def test_spans_are_rounded_apart(ends: tuple[float, float], words: str) -> None:
    """A span as it is shown holds all that it stands for."""
    assert span_of(ends) == words.replace("~", "\N{EN DASH}")


def test_trips_that_another_model_forbids_are_told(document: dict[str, Any]) -> None:
    """Where by another model the battery would be too small for some trips, model and number are told."""
    doubtful = copy.deepcopy(document)
    doubtful["configurations"][0]["beyond_battery_trips"] = {"van": {"constant": 2}}
    told = printed(remarks(doubtful), 200)
    assert "courier: by the model constant, 2 of the trips of van would draw more than the battery may give" in told


def test_many_configurations_are_cut_into_several_tables() -> None:
    """Columns that do not fit go on in a further table; every column is shown once, however narrow it gets."""
    names = [f"configuration-{k}" for k in range(6)]
    rows = [Row("cost, EUR", tuple(str(k) for k in range(6)))]
    for width in (10, 40, 80):
        text = printed(grids("title", names, rows, width), 80)
        assert [text.count(name) for name in names] == [1] * 6
    assert len(list(grids("title", names, rows, 10))) == 6


def test_the_best_is_starred(document: dict[str, Any]) -> None:
    """The star of a row stands at its least cost, ties included."""
    cards = document["configurations"]
    line = next(line for line in printed(comparison(document, 80), 80).splitlines() if line.startswith("total cost"))
    cells = re.split(r"\s{2,}", line.removeprefix("total cost, EUR").strip())
    least = min(card["cost"]["total"] for card in cards)
    cheapest = [k for k, card in enumerate(cards) if card["cost"]["total"] == least]
    assert [k for k, cell in enumerate(cells) if cell.endswith("*")] == cheapest
    assert len(cheapest) < len(cards)


def test_unserved_orders_are_told_with_their_margin(document: dict[str, Any]) -> None:
    """Rules are told in words with need and limit; what can only be or not be has no margin."""
    told = copy.deepcopy(document)
    told["unserved"] = [
        {
            "configuration": "drone",
            "order": "o0001",
            "reasons": [
                {"rule": "mass", "needs": 4.2, "has": 2.3, "unit": "kg", "mode": "quadcopter", "detail": ""},
                {"rule": "landing-place", "needs": 1, "has": 0, "unit": "places", "mode": "quadcopter", "detail": ""},
                {"rule": "range", "needs": None, "has": 20, "unit": "km", "mode": "quadcopter", "detail": ""},
            ],
        }
    ]
    text = printed(study_tables(told, 100), 100)
    assert "quadcopter: too heavy, needs 4.2 kg, has 2.3 · o0001" in text
    assert "quadcopter: no place to land · o0001" in text
    assert "needs more than can be km, has 20" in text


def test_made_up_streets_are_called_so(document: dict[str, Any]) -> None:
    """Streets that nobody can drive on are named as made up, and real ones carry their licence."""
    real = printed(remarks(document), 300)
    assert "OpenStreetMap contributors" in real
    assert "MADE-UP" not in real
    told = copy.deepcopy(document) | {"streets": {"origin": "town of 3 x 3 blocks", "made_up": True}}
    assert "MADE-UP STREETS: town of 3 x 3 blocks" in printed(remarks(told), 100)


def test_what_went_wrong_is_remarked(document: dict[str, Any]) -> None:
    """Skipped configurations, broken rules and searches that were ended are said, briefly or at length."""
    told = copy.deepcopy(document)
    told["skipped"] = ["mixed"]
    told["configurations"][0]["violations"] = 2
    told["configurations"][1]["solver"]["stopped"] = "interrupted"
    told["configurations"][2]["solver"]["stopped"] = "time"
    for brief in (True, False):
        text = printed(remarks(told, brief=brief), 160)
        for words in ("planned: mixed", "breaks 2 rules", "stopped by hand;", "time limit"):
            assert words in text
