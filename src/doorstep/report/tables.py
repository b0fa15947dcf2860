"""Tables for people: the comparison, the ledger, and why orders stayed unserved, at any width and without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorstep.evaluation.scorecard import SIGNS
from doorstep.report.banksheet import banks
from doorstep.report.grid import NOTHING, Row, grids
from doorstep.report.livedsheet import lived_tables
from doorstep.report.words import (
    LINE_WORDS,
    RULE_WORDS,
    YES_OR_NO,
    as_percent,
    money,
    number,
    span_of,
    tenths,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

SHOWN: dict[str, Callable[[Any], str]] = {
    "currency": money,
    "min": whole,
    "share": as_percent,
    "orders": whole,
    "vehicles": whole,
    "km": tenths,
    "kWh": tenths,
    "kg": tenths,
}
"""How numbers are written, by their unit."""
FATES = {"returns": "returns fetched", "unserved": "unserved", "failed": "failed", "violations": "violations"}
UNIT_WORDS = {"share": "%"}


def study_tables(document: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Yield everything that there is to show of a study, top down."""
    yield from comparison(document, width)
    yield ""
    if "days" in document:
        yield from lived_tables(document, width)
        yield ""
    yield from ledger(document, width)
    yield ""
    yield from banks(document, width)
    if document["unserved"]:
        yield from unserved(document)
        yield ""
    yield from remarks(document)


def comparison(document: Mapping[str, Any], width: int) -> Iterator[Table]:
    """Yield the numbers side by side, one column a configuration; the best of a row is starred."""
    cards = document["configurations"]
    names = [card["name"] for card in cards]
    orders = f"{cards[0]['orders']} orders" if cards else "nothing planned"
    title = f"{document['scenario']}: {orders}, {document['currency']} of {document['price_year']}"
    caption = "* best of all configurations" if len(cards) > 1 else ""
    return grids(title, names, list(_comparison_rows(document)), width, caption)


def ledger(document: Mapping[str, Any], width: int) -> Iterator[Table]:
    """Yield the cost of the day line by line; the lines add up to the total."""
    cards = document["configurations"]
    rows = [
        _row(LINE_WORDS.get(line, line), [card["cost"]["lines"].get(line) for card in cards], money)
        for line in dict.fromkeys(line for card in cards for line in card["cost"]["lines"])
    ]
    rows.append(_row("total", [card["cost"]["total"] for card in cards], money, strong=True))
    penalties = [card["cost"]["unserved_penalty"] or None for card in cards]
    if any(penalties):
        rows.append(_row("unserved, not in the total", penalties, money))
    return grids(f"Ledger of the day, {document['currency']}", [card["name"] for card in cards], rows, width)


def unserved(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield, by configuration, the rules that kept orders out, with how many orders and by how much."""
    yield Text("Unserved: why, and by how much", style="bold")
    for card in document["configurations"]:
        left = [entry for entry in document["unserved"] if entry["configuration"] == card["name"]]
        if not left:
            continue
        yield Text(f"{card['name']}: {card['unserved']} of {card['orders']} orders")
        groups: dict[tuple[str, str, str], list[tuple[str, Any]]] = {}
        for entry in left:
            for reason in entry["reasons"]:
                key = reason["mode"] or "any vehicle", reason["rule"], reason["unit"]
                groups.setdefault(key, []).append((entry["order"], reason))
        for (mode, rule, unit), found in sorted(groups.items(), key=lambda item: -len(item[1])):
            words = f"{mode}: {RULE_WORDS.get(rule, rule)}{_margin(found, unit, document['currency'])}"
            yield Padding(Text(f"{words} · {_orders(found)}"), (0, 0, 0, 2))


def remarks(document: Mapping[str, Any], *, brief: bool = False) -> Iterator[RenderableType]:
    """Yield what a reader must know of the numbers: the streets' origin, estimates, defaults, what was not planned."""
    streets, values = document["streets"], document["values"]
    yield Text("What this rests on", style="bold")
    made_up = "MADE-UP STREETS: " if streets["made_up"] else "streets: "
    yield bullet(made_up + streets["origin"] + _credit(streets))
    yield bullet(
        f"numbers: {values['used'] - values['estimates']} of {values['used']} have a published source, "
        f"{values['estimates']} are estimates, each with its reason (doorstep modes NAME, doorstep prices NAME)",
    )
    yield from map(bullet, _incidents(document))
    yield from map(bullet, _doubts(document))
    if not brief:
        yield from map(bullet, document["notes"])
    elif document["notes"]:
        yield bullet(f"{len(document['notes'])} notes on defaults and repairs: doorstep run {document['scenario']}")


def _incidents(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what did not go as it should."""
    if document["skipped"]:
        yield f"stopped by hand before these were planned: {', '.join(document['skipped'])}"
    for card in document["configurations"]:
        stopped = card["solver"].get("stopped")
        if card["violations"]:
            yield f"{card['name']}: the plan breaks {card['violations']} rules; please report this fault of Doorstep"
        if stopped == "interrupted":
            yield f"{card['name']}: the search was stopped by hand; this is the best plan until then"
        if stopped == "time":
            yield f"{card['name']}: the time limit ended the search; another run may find another plan"


def _doubts(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield which energy model plans go by, and trips for which the battery would be too small by another."""
    cards = document["configurations"]
    planned = {mode: list(models) for card in cards for mode, models in card.get("energy_models_kwh", {}).items()}
    if planned:
        others = {mode: f", not {' or '.join(models[1:])}" if models[1:] else "" for mode, models in planned.items()}
        told = "; ".join(f"{mode} {models[0]}{others[mode]}" for mode, models in planned.items())
        yield f"energy models that plans go by (docs/energy.md): {told}"
    for card in cards:
        for mode, counts in card.get("beyond_battery_trips", {}).items():
            for model, count in counts.items():
                yield (
                    f"{card['name']}: by the model {model}, {count} of the trips of {mode} would draw more than the "
                    "battery may give"
                )


def _comparison_rows(document: Mapping[str, Any]) -> Iterator[Row]:
    """Yield every metric, then what each mode did, then how the orders changed hands."""
    cards = document["configurations"]
    for metric in document["metrics"]:
        unit, better = metric["unit"], SIGNS[metric["better"]]
        said = document["currency"] if unit == "currency" else UNIT_WORDS.get(unit, unit)
        values = [metric["values"].get(card["name"]) for card in cards]
        label = metric["name"] if unit == metric["name"] else f"{metric['name']}, {said}"
        yield _row(label, values, SHOWN.get(unit, number), better)
        if "spans" in metric:
            spans = [metric["spans"].get(card["name"]) for card in cards]
            yield _row(f" between models, {said}", spans, span_of)
    if any(card["cost"]["unserved_penalty"] for card in cards):
        label = f"total with unserved, {document['currency']}"
        yield _row(label, [card["cost"]["total"] + card["cost"]["unserved_penalty"] for card in cards], money, -1)
    for fate, label in FATES.items():
        if any(card.get(fate) for card in cards):
            yield _row(label, [card.get(fate) for card in cards], whole)
    modes = dict.fromkeys(mode for card in cards for mode in card["vehicles"])
    if modes:
        yield Row("what left the hub")
    for mode in modes:
        yield _row(f" {mode}, vehicles", [card["vehicles"].get(mode) for card in cards], whole)
        yield _row(f" {mode}, km", [card["distance_km"].get(mode) for card in cards], tenths)
    kinds = dict.fromkeys(kind for card in cards for kind in card["handovers"])
    if kinds:
        yield Row("where orders changed hands")
    for kind in kinds:
        yield _row(f" {kind}, orders", [card["handovers"].get(kind) for card in cards], whole)


def _row(
    label: str, values: Sequence[Any], show: Callable[[Any], str], better: int = 0, *, strong: bool = False
) -> Row:
    """Return a row; `better` is -1 where less is best, 1 where more is, 0 where nobody wins."""
    cells = tuple(NOTHING if value is None else show(value) for value in values)
    known = [value for value in values if value is not None]
    if not better or len(set(cells)) <= 1 or not known:
        return Row(label, cells, strong=strong)
    best = show(min(known) if better < 0 else max(known))
    return Row(label, cells, frozenset(place for place, cell in enumerate(cells) if cell == best), strong)


def _margin(found: Sequence[tuple[str, Any]], unit: str, currency: str) -> str:
    """Return what was needed and what there was; nothing for what can only be or not be."""
    if unit in YES_OR_NO:
        return ""
    said = currency if unit == "currency" else unit
    needs, has = (_span([reason[side] for _, reason in found]) for side in ("needs", "has"))
    return f", needs {needs} {said}, has {has}"


def _span(amounts: Sequence[float | None]) -> str:
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return "more than can be"
    low, high = number(min(known)), number(max(known))
    return low if low == high else f"{low} to {high}"


def _orders(found: Sequence[tuple[str, Any]]) -> str:
    """Return which orders they are if they are few, else how many."""
    names = list(dict.fromkeys(order for order, _ in found))
    few = 3
    return ", ".join(names) if len(names) <= few else f"{len(names)} orders"


def _credit(streets: Mapping[str, Any]) -> str:
    told = "OpenStreetMap contributors" in streets["origin"]
    return "" if streets["made_up"] or told else ", © OpenStreetMap contributors, ODbL"


def bullet(words: str) -> Table:
    """Return a remark whose further lines are indented."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_row("-", Text(words))
    return table
