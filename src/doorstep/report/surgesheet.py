"""Surge sheet: how each configuration stands several days of high demand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.text import Text

from doorstep.network.counting import counted
from doorstep.report.grid import NOTHING, Row, grids
from doorstep.report.words import number, tenths, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from doorstep.study.surging import Strain, Surging

SCHEMA = "doorstep/surge/1"
BLOCKS = " ▁▂▃▄▅▆▇█"
CALM = 7
"""Days after a surge that are shown where nothing clears."""
SPARK = 60
"""Days of the line of blocks."""
MOST_LINES = 12
"""Days that are told one by one; of more, some are left out."""


def surge_document(found: Surging) -> dict[str, Any]:
    """Return a surge as JSON values."""
    surge = found.surge
    return {
        "schema": SCHEMA,
        "scenario": found.scenario.name,
        "surge": {
            "name": surge.name,
            "label": surge.label,
            "source": surge.source,
            "estimate": surge.estimate,
            "factors": [round(factor, 6) for factor in surge.factors],
        },
        "ordinary_orders": found.ordinary,
        "planned_orders": len(found.scenario.orders),
        "configurations": [_strain(one) for one in found.strains],
    }


def _strain(one: Strain) -> dict[str, Any]:
    backlog = one.backlog
    return {
        "name": one.configuration,
        "served": one.served,
        "refused": one.refused,
        "waiting": one.waiting,
        "capacity": one.served if one.binds else None,
        "capacity_at_least": one.served,
        "new": [round(orders, 3) for orders in backlog.new.tolist()],
        "left": [round(orders, 3) for orders in backlog.left.tolist()],
        "most_left": round(backlog.most, 3),
        "clear_days": round(backlog.clear_days, 3) if math.isfinite(backlog.clear_days) else None,
        "mean_delay_days": round(backlog.mean_delay_days, 4),
        "longest_delay_days": backlog.longest_delay_days if math.isfinite(backlog.clear_days) else None,
    }


def surge_tables(document: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Yield a surge as people read it."""
    surge, cards = document["surge"], document["configurations"]
    factors, ordinary = surge["factors"], document["ordinary_orders"]
    origin = f"source {surge['source']}" if surge["source"] else surge["estimate"]
    yield Text(f"{document['scenario']}: {counted(len(factors), 'day')} of surge, {surge['label']}", style="bold")
    yield Text(
        f"{ordinary:,} orders on an ordinary day, {whole(sum(factors) / len(factors) * ordinary)} on the mean of the "
        f"surge, {document['planned_orders']:,} on its highest day, for which every fleet is planned ({origin})"
    )
    yield ""
    names = [card["name"] for card in cards]
    yield from grids("", names, list(_rows(cards, len(factors))), width)
    yield ""
    binding = [card for card in cards if card["waiting"]]
    if not binding:
        yield Text("nothing is carried on: every fleet serves the highest day")
        return
    yield Text("Orders carried on at the end of each day", style="bold")
    shown = _shown(cards, len(factors))
    rows = [Row(_day(day, len(factors)), tuple(_left(card, day) for card in cards)) for day in shown]
    yield from grids("", names, rows, width)
    for card in binding:
        yield Text(f"{card['name']:>12} {_spark(card['left'][:SPARK])}")
    yield Text(
        "capacity: orders that the plan of the highest day serves, the same on every day; first come, first served",
        style="dim",
    )


def _rows(cards: Sequence[Mapping[str, Any]], days: int) -> Iterator[Row]:
    def row(label: str, cells: Iterator[str]) -> Row:
        return Row(label, tuple(cells))

    yield row("orders a day", (whole(c["served"]) if c["waiting"] else f"≥ {whole(c['served'])}" for c in cards))
    yield row("waiting on the highest day", (whole(c["waiting"]) for c in cards))
    if any(card["refused"] for card in cards):
        yield row("refused on it, never carried on", (whole(c["refused"]) for c in cards))
    yield row("most carried on, orders", (whole(c["most_left"]) if _ends(c) else "grows" for c in cards))
    yield row("clear after the surge, days", (_days(c["clear_days"]) for c in cards))
    yield row("mean delay, days", (number(c["mean_delay_days"]) if _ends(c) else NOTHING for c in cards))
    yield row("longest delay, days", (_days(c["longest_delay_days"]) for c in cards))
    if any(card["left"][days - 1 :][0] for card in cards):
        yield row("carried on at its end, orders", (whole(c["left"][days - 1]) for c in cards))


def _ends(card: Mapping[str, Any]) -> bool:
    return card["clear_days"] is not None


def _days(amount: float | None) -> str:
    return "never" if amount is None else tenths(amount) if amount % 1 else whole(amount)


def _shown(cards: Sequence[Mapping[str, Any]], days: int) -> list[int]:
    """Return the days to tell: those of the surge, then until all that clears is clear, no more than so many."""
    until = [days + math.ceil(card["clear_days"]) if _ends(card) else days + CALM for card in cards]
    last = max(until) - 1
    step = max(1, math.ceil((last + 1) / MOST_LINES))
    return sorted({*range(0, last + 1, step), days - 1, last})


def _day(day: int, days: int) -> str:
    return f"day {day + 1}" + (", the last of the surge" if day == days - 1 else "")


def _left(card: Mapping[str, Any], day: int) -> str:
    left = card["left"]
    return whole(left[day]) if day < len(left) else "0"


def _spark(values: Sequence[float]) -> str:
    most = max([*values, 1.0])
    return "".join(BLOCKS[math.ceil((len(BLOCKS) - 1) * value / most)] for value in values)
