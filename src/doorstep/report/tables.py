"""Tables for people: the comparison, the ledger, and why orders stayed unserved, at any width and without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from doorstep.report.words import LINE_WORDS, RULE_WORDS, money, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    Card = Mapping[str, Any]
    Row = tuple[str, list[str], set[int]]

LABEL_WIDTH = 31
COLUMN_WIDTH = 10
NOTHING = "-"


def study_tables(document: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Yield everything that there is to show of a study, top down."""
    cards = document["configurations"]
    for part in fitting(cards, width):
        yield comparison(document, part)
        yield ""
    for part in fitting(cards, width):
        yield ledger(document, part)
        yield ""
    if document["unserved"]:
        yield unserved(document)
        yield ""
    yield from remarks(document)


def comparison(document: Mapping[str, Any], cards: Sequence[Card]) -> Table:
    """Return the numbers side by side, one column a configuration; the best of a row is starred."""
    currency, everyone = document["currency"], document["configurations"]
    table = _table(f"{document['scenario']} · {_orders(everyone)} · {currency} of {document['price_year']}", cards)
    columns = [everyone.index(card) for card in cards]
    for heading, rows in _sections(document):
        if heading and rows:
            table.add_row(Text(heading, style="italic"))
        for label, cells, best in rows:
            table.add_row(f" {label}", *(_cell(cells[column], column in best) for column in columns))
    if len(everyone) > 1:
        table.caption = "* best of all configurations"
        table.caption_justify = "left"
    return table


def ledger(document: Mapping[str, Any], cards: Sequence[Card]) -> Table:
    """Return the cost of the day line by line; the lines add up to the total."""
    table = _table(f"Ledger of the day, {document['currency']}", cards)
    lines = dict.fromkeys(line for card in document["configurations"] for line in card["cost"]["lines"])
    for line in lines:
        amounts = [card["cost"]["lines"].get(line, 0) for card in cards]
        table.add_row(f" {LINE_WORDS.get(line, line)}", *(money(amount) if amount else NOTHING for amount in amounts))
    table.add_section()
    table.add_row(" total", *(Text(money(card["cost"]["total"]), style="bold") for card in cards))
    if any(card["cost"]["unserved_penalty"] for card in cards):
        penalties = (card["cost"]["unserved_penalty"] for card in cards)
        table.add_row(" unserved, beside the ledger", *(money(p) if p else NOTHING for p in penalties))
    return table


def unserved(document: Mapping[str, Any]) -> Table:
    """Return the rules that kept orders out, with how many orders and by how much."""
    table = Table(title="Unserved: why, and by how much", box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for heading in ("configuration", "mode", "because"):
        table.add_column(heading, overflow="fold")
    for heading in ("orders", "needs", "has"):
        table.add_column(heading, justify="right", overflow="fold")
    groups: dict[tuple[str, str, str, str], list[tuple[str, float | None, float | None]]] = {}
    for left in document["unserved"]:
        for reason in left["reasons"]:
            key = left["configuration"], reason["mode"], reason["rule"], reason["unit"]
            groups.setdefault(key, []).append((left["order"], reason["needs"], reason["has"]))
    for (name, mode, rule, unit), found in sorted(groups.items()):
        orders = len({order for order, _, _ in found})
        unit_shown = document["currency"] if unit == "currency" else unit
        needs, has = _span([n for _, n, _ in found], unit_shown), _span([h for _, _, h in found], unit_shown)
        table.add_row(name, mode or "any", RULE_WORDS.get(rule, rule), str(orders), needs, has)
    return table


def remarks(document: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what a reader must know of the numbers: the streets' origin, estimates, defaults, what was not planned."""
    streets, values = document["streets"], document["values"]
    yield Text("What this rests on", style="bold")
    made_up = "MADE-UP STREETS: " if streets["made_up"] else "streets: "
    yield _bullet(made_up + streets["origin"] + _credit(streets))
    yield _bullet(
        f"numbers: {values['used'] - values['estimates']} of {values['used']} have a published source, "
        f"{values['estimates']} are estimates (`doorstep modes` shows each)",
    )
    for note in document["notes"]:
        yield _bullet(note)
    if document["skipped"]:
        yield _bullet(f"stopped by hand before these were planned: {', '.join(document['skipped'])}")
    for card in document["configurations"]:
        if card["violations"]:
            yield _bullet(f"{card['name']}: the plan breaks {card['violations']} rules; please report this as a fault")
        if card["solver"].get("stopped") == "interrupted":
            yield _bullet(f"{card['name']}: the search was stopped by hand; this is the best plan until then")
        if card["solver"].get("stopped") == "time":
            yield _bullet(f"{card['name']}: the time limit ended the search; another run may differ")


def _sections(document: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """Yield the groups of rows: every metric, then what each mode did, then how the orders changed hands."""
    cards = document["configurations"]
    numbers = []
    for metric in document["metrics"]:
        unit, better = metric["unit"], {"less": -1, "more": 1}.get(metric["better"], 0)
        label, show = f"{metric['name']}, {UNIT_WORDS.get(unit, unit)}", SHOWN.get(unit, number)
        if unit == "currency":
            label = f"{metric['name']}, {document['currency']}"
        numbers.append(_row(label, [metric["values"].get(card["name"]) for card in cards], show, better))
    yield "", numbers
    lost = [
        _row(fate, [card[fate] for card in cards], str, -1)
        for fate in ("unserved", "failed", "violations")
        if any(card[fate] for card in cards)
    ]
    if lost:
        yield "not delivered as it should be", lost
    modes = dict.fromkeys(mode for card in cards for mode in card["vehicles"])
    rows: list[Row] = []
    for mode in modes:
        rows.append(_row(f"{mode}, vehicles", [card["vehicles"].get(mode) for card in cards], str, 0))
        rows.append(_row(f"{mode}, km", [card["distance_km"].get(mode) for card in cards], _tenths, 0))
    yield "what left the hub", rows
    kinds = dict.fromkeys(kind for card in cards for kind in card["handovers"])
    yield (
        "where orders changed hands",
        [_row(f"{kind}, orders", [card["handovers"].get(kind) for card in cards], str, 0) for kind in kinds],
    )


def _row(label: str, values: Sequence[Any], show: Callable[[Any], str], better: int) -> Row:
    """Return a row; `better` is -1 where less is best, 1 where more is, 0 where nobody wins."""
    cells = [NOTHING if value is None else show(value) for value in values]
    known = [value for value in values if value is not None]
    if not better or len(set(cells)) <= 1 or not known:
        return label, cells, set()
    best = show(min(known) if better < 0 else max(known))
    return label, cells, {place for place, cell in enumerate(cells) if cell == best}


def _cell(text: str, best: bool) -> Text:
    return Text(f"{text}*", style="bold green") if best else Text(f"{text} ")


def _table(title: str, cards: Sequence[Card]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("", min_width=LABEL_WIDTH, no_wrap=True)
    for card in cards:
        table.add_column(card["name"], justify="right", overflow="fold")
    return table


def fitting(cards: Sequence[Card], width: int) -> Iterator[Sequence[Card]]:
    """Yield as many configurations at a time as fit side by side."""
    widest = max((len(card["name"]) + 2 for card in cards), default=0)
    fit = max(1, (width - LABEL_WIDTH - 2) // max(COLUMN_WIDTH, min(widest, 2 * COLUMN_WIDTH)))
    for start in range(0, len(cards), fit):
        yield cards[start : start + fit]


def _orders(cards: Sequence[Card]) -> str:
    return f"{cards[0]['orders']} orders" if cards else "nothing planned"


def _span(amounts: Sequence[float | None], unit: str) -> str:
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return NOTHING
    low, high = number(min(known)), number(max(known))
    return f"{low} {unit}" if low == high else f"{low} to {high} {unit}"


def _credit(streets: Mapping[str, Any]) -> str:
    told = "OpenStreetMap contributors" in streets["origin"]
    return "" if streets["made_up"] or told else " © OpenStreetMap contributors, ODbL"


def _bullet(words: str) -> Text:
    return Text(f"- {words}")


def _minutes(amount: float) -> str:
    return f"{amount:,.0f}"


def _tenths(amount: float) -> str:
    return f"{amount:,.1f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _whole(count: float) -> str:
    return f"{count:,.0f}"


SHOWN: dict[str, Callable[[Any], str]] = {
    "currency": money,
    "min": _minutes,
    "share": _percent,
    "orders": _whole,
    "vehicles": _whole,
    "km": _tenths,
    "kWh": _tenths,
    "kg": _tenths,
}
UNIT_WORDS = {"share": "%", "vehicles": "number"}
