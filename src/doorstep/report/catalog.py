"""The catalogue as tables: every number of a mode or a price book with its unit and where it comes from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from doorstep.modes.catalog import load_laws, load_mode, load_prices, load_sources, mode_names, price_faults
from doorstep.modes.energy import own_conditions, trip_range_m
from doorstep.modes.mode import Mode, PriceBook
from doorstep.modes.rates import Line, Per, rates_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Group
    from rich.table import Table

    from doorstep.modes.mode import Value

_PER = {
    Per.VEHICLE: "vehicle and day",
    Per.DUTY_SECOND: "hour on duty",
    Per.AWAY_SECOND: "hour away from the hub",
    Per.METRE: "km",
    Per.TRIP: "trip",
    Per.STOP: "stop",
    Per.KWH: "kWh drawn",
}
_SCALE = {Per.DUTY_SECOND: 3600, Per.AWAY_SECOND: 3600, Per.METRE: 1000}


def origin(value: Value) -> str:
    """Return where a value comes from: author and year, or `estimate: why`; weak sources are named so."""
    if value.estimate:
        return f"estimate: {value.estimate}"
    source = load_sources().get(value.source)
    cite = source.cite if source else value.source
    weak = "weak source" if source and source.weak else ""
    note = value.note.removeprefix("weak source").removeprefix("; ")
    return "; ".join(part for part in (cite, weak, note) if part)


def mode_table(mode: Mode | str | Path, prices: PriceBook | str | Path | None = None) -> Group:
    """Return every value of a mode with amount, unit and origin, what its energy models come to, and what it costs.

    Costs are there where prices are given.

    CatalogError where there is no such mode or price book, or the book cannot price the mode.
    """
    from rich.console import Group

    mode = mode if isinstance(mode, Mode) else load_mode(mode)
    parts = [_values_table(f"{mode.name}: {mode.label}", mode.values), _energy_table(mode)]
    if prices is not None:
        parts.append(_rates_table(mode, prices if isinstance(prices, PriceBook) else load_prices(prices)))
    return Group(*parts, *_bibliography(mode.values))


def prices_table(book: PriceBook | str | Path) -> Group:
    """Return every value of a price book with amount, unit and origin; CatalogError where there is no such book."""
    from rich.console import Group

    book = book if isinstance(book, PriceBook) else load_prices(book)
    title = f"{book.name}: {book.label}, in {book.currency} of {book.year}"
    return Group(_values_table(title, book.values), *_bibliography(book.values))


def laws_table(book: str | Path) -> Group:
    """Return the rules of a book of law with their origins, and the sources that they name."""
    from rich.console import Group

    laws = load_laws(book)
    return Group(_values_table(f"{laws.name}: {laws.label}", laws.values), *_bibliography(laws.values))


def modes_table(prices: PriceBook | str | Path | None = None) -> Table:
    """Return all modes of the catalogue, one a line; with the fixed cost of a day where prices are given."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    book = prices if isinstance(prices, PriceBook) or prices is None else load_prices(prices)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0)
    for heading in ("mode", "on", "hands over"):
        table.add_column(heading, no_wrap=True)
    for heading in ("km/h", "kg", "L", "parcels", "km/trip", *((f"{book.currency}/day",) if book else ())):
        table.add_column(heading, justify="right", no_wrap=True)
    modes = [load_mode(name) for name in mode_names()]
    for mode in modes:
        row = [mode.name, mode.medium.value, " ".join(mode.service_s)]
        reach = trip_range_m(mode)
        figures = (mode.max_speed_mps * 3.6, mode.payload_kg, mode.capacity_l, mode.max_parcels, reach / 1000)
        row += ["any" if math.isinf(figure) else _figure(figure) for figure in figures]
        if book:
            row.append(f"{sum(rate.amount for rate in rates_of(mode, book) if rate.per is Per.VEHICLE):.2f}")
        table.add_row(*map(Text, row))
    values = [value for mode in modes for value in mode.values]
    sourced = sum(bool(value.source) for value in values)
    told = f"{len(values)} values: {sourced} from a source, {len(values) - sourced} estimates"
    day = f"; {book.currency}/day: capital, site and insurance of one vehicle" if book else ""
    table.caption = Text(f"{told}. doorstep modes NAME shows each with its origin{day}")
    table.caption_justify = "left"
    return table


def _values_table(title: str, values: Iterable[Value]) -> Table:
    """Return values, one a line."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=Text(title), title_justify="left")
    table.add_column("value", no_wrap=True)
    table.add_column("amount", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("where it comes from")
    for value in values:
        style = "" if value.source else "italic"
        name = value.name.replace("_", " ").replace(".", ": ")
        unit = "" if value.unit in {"word", "yes/no"} else value.unit
        table.add_row(Text(name), Text(_amount(value.amount)), Text(unit), Text(origin(value), style=style))
    return table


def _energy_table(mode: Mode) -> Table:
    """Return what each energy model of a mode comes to, that of plans first."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    conditions = own_conditions(mode)
    title = Text(f"energy by model, at {conditions.speed_mps * 3.6:.3g} km/h; plans go by {mode.energy.planned}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left", min_width=len(title))
    table.add_column("model")
    for heading in ("Wh/km empty", "Wh/km full", "Wh/stop", "km/trip"):
        table.add_column(heading, justify="right")
    for key in sorted(mode.energy.models, key=lambda key: key != mode.energy.planned):
        use = mode.energy.use(key, np.array([0.0, mode.payload_kg]), conditions)
        per_km = (use.j_per_m + use.j_per_s / conditions.speed_mps) / 3.6
        reach = trip_range_m(mode, key) / 1000
        figures = (*per_km, use.j_per_place[-1] / 3600, reach)
        table.add_row(key, *("any" if math.isinf(figure) else f"{figure:,.3g}" for figure in figures))
    return table


def _rates_table(mode: Mode, book: PriceBook) -> Table:
    """Return what a mode costs by line of the ledger."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from doorstep.errors import CatalogError

    faults = price_faults(mode, book)
    if faults:
        raise CatalogError(faults)
    where = "the book has prices of its own for it" if mode.name in book.ownership else "its own prices, exchanged"
    title = Text(f"what it costs: {book.label}; {where}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left", min_width=len(title))
    table.add_column("line")
    table.add_column(book.currency, justify="right")
    table.add_column("for each")
    found = rates_of(mode, book)
    for line in Line:
        for rate in found:
            if rate.line is line:
                amount = rate.amount * _SCALE.get(rate.per, 1)
                table.add_row(line.value, f"{amount:.2f}" if amount >= 1 else f"{amount:.3g}", _PER[rate.per])
    return table


def _bibliography(values: Iterable[Value]) -> list[Table]:
    """Return the sources that values name; nothing where all are estimates."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    known = load_sources()
    keys = [key for key in dict.fromkeys(value.source for value in values) if key in known]
    if not keys:
        return []
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=Text("sources"), title_justify="left")
    for heading in ("key", "author and year", "title, place"):
        table.add_column(heading)
    for key in keys:
        source = known[key]
        what = ". ".join(part for part in (source.title, source.where, source.url) if part)
        table.add_row(Text(key), Text(source.cite), Text(what + (" (weak source)" if source.weak else "")))
    return [table]


def _amount(amount: float | str | bool) -> str:
    """Return an amount as a person writes it."""
    if isinstance(amount, bool):
        return "yes" if amount else "no"
    return _figure(amount) if isinstance(amount, int | float) else amount


def _figure(number: float) -> str:
    """Return a number with its thousands apart and no needless decimals."""
    if math.isinf(number):
        return "unlimited"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"  # noqa: PLR2004  # from here on with commas
