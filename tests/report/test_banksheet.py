"""Tests of the lockers' tables."""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING, Any

from rich.console import Console

from doorstep.report.banksheet import SHOWN, banks
from doorstep.report.tables import study_tables

if TYPE_CHECKING:
    from collections.abc import Mapping


def printed(document: Mapping[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=80, highlight=False)
    for part in banks(document, 80):
        console.print(part)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def test_each_configuration_with_lockers_has_a_table(document: dict[str, Any]) -> None:
    """Configurations with lockers have a table of them, those without have none, and the shares are explained once."""
    text = printed(document)
    assert "Lockers of locker" in text
    assert "Lockers of mixed" in text
    assert "Lockers of courier" not in text
    assert text.count("turned away: of the orders") == 1
    bank = next(card for card in document["configurations"] if card["name"] == "locker")["lockers"][0]
    assert ["compartments", "used", "today", str(bank["parcels"])] in [line.split() for line in text.splitlines()]


def test_many_lockers_are_cut_short_and_counted(document: dict[str, Any]) -> None:
    """Of many lockers those with most parcels are shown, and the others counted."""
    many = copy.deepcopy(document)
    for card in many["configurations"]:
        if card["lockers"]:
            card["lockers"] = [{**card["lockers"][0], "name": f"bank-{k}", "parcels": k} for k in range(SHOWN + 5)]
    text = printed(many)
    assert "and 5 more with fewer parcels" in text
    assert f"bank-{SHOWN + 4}" in text
    assert "bank-4 " not in text


def test_studies_of_before_can_still_be_shown(document: dict[str, Any]) -> None:
    """A document without the numbers of lockers and returns is shown without them."""
    old = copy.deepcopy(document)
    for card in old["configurations"]:
        for key in ("lockers", "returns", "collected_min"):
            del card[key]
    assert printed(old) == ""
    assert list(study_tables(old, 80))
