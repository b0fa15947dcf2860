"""Shelf: what comes with Doorstep, as lists: scenarios and price books."""

from __future__ import annotations

from rich import box
from rich.table import Table


def scenario_table() -> Table:
    """Return the shipped scenarios with the first sentence of each."""
    import yaml

    from doorstep.scenario.file import shipped

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("scenario", no_wrap=True)
    table.add_column("what it asks")
    for name, path in sorted(shipped().items()):
        written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        table.add_row(name, " ".join(str(written.get("description", "")).split()))
    table.caption = "doorstep run NAME runs one; copy a file and change it to ask your own question"
    table.caption_justify = "left"
    return table


def law_table() -> Table:
    """Return the books of law with their places."""
    from doorstep.modes.catalog import law_names, load_laws

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("book of law", "where"):
        table.add_column(heading)
    for name in law_names():
        table.add_row(name, load_laws(name).label)
    table.caption = "doorstep laws NAME shows every rule with its source; `laws: NAME` in a scenario keeps to it"
    table.caption_justify = "left"
    return table


def book_table() -> Table:
    """Return the price books with their country, currency and year."""
    from doorstep.modes.catalog import load_prices, price_names

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("price book", "where", "currency", "year"):
        table.add_column(heading)
    for name in price_names():
        book = load_prices(name)
        table.add_row(name, book.label, book.currency, str(book.year))
    table.caption = "doorstep prices NAME shows every number with its source"
    table.caption_justify = "left"
    return table
