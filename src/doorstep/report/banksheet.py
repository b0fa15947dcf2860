"""Bank sheet: the lockers of each configuration, how full they become, and how often they would turn parcels away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from doorstep.report.grid import Row, grids
from doorstep.report.words import as_percent, tenths, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

SHOWN = 12
"""So many lockers of a configuration have columns of their own, those with most parcels."""
ROWS = (
    ("compartments", "compartments", whole),
    ("taken in the morning", "taken", whole),
    ("compartments used today", "parcels", whole),
    ("orders that have it nearest", "nearest", whole),
    ("of these left in another", "elsewhere", whole),
    ("of these handed over otherwise", "otherwise", whole),
    ("compartments these keep busy", "offered", tenths),
    ("turned away (Erlang B), %", "erlang_b", as_percent),
    ("turned away by size, %", "blocked_share", as_percent),
)


def banks(document: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Yield one table for each configuration that has lockers."""
    told = False
    for card in document["configurations"]:
        lockers = sorted(card.get("lockers", ()), key=lambda bank: -bank["parcels"])[:SHOWN]
        if not lockers:
            continue
        told = True
        left = len(card["lockers"]) - len(lockers)
        title = f"Lockers of {card['name']}" + (f", and {left} more with fewer parcels" if left else "")
        rows = [Row(label, tuple(show(bank[key]) for bank in lockers)) for label, key, show in ROWS]
        yield from grids(title, [bank["name"] for bank in lockers], rows, width)
        yield ""
    if told:
        words = (
            "turned away: of the orders that have it nearest, if they came on every day, at random around the clock, "
            "and all used it; on the day itself no compartment is used twice"
        )
        yield Text(words, style="dim")
        yield ""
