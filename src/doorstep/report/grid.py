"""Grid: labelled rows with one column a configuration, cut into as many tables as the width asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOTHING = "-"
GAP = 2
"""Blanks between columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """A label and one cell a configuration; a row without cells is a heading, one without a label a rule."""

    label: str
    cells: tuple[str, ...] = ()
    best: frozenset[int] = frozenset()
    """Columns to be starred."""
    strong: bool = False


def grids(title: str, names: Sequence[str], rows: Sequence[Row], width: int, caption: str = "") -> Iterator[Table]:
    """Yield tables that hold all columns between them, each no wider than `width` if one column fits at all."""
    label_width = max((len(row.label) for row in rows), default=0) + 1
    widths = [_column_width(name, column, rows) for column, name in enumerate(names)]
    start = 0
    while start < len(names):
        end, used = start, label_width
        while end < len(names) and (end == start or used + widths[end] <= width):
            used += widths[end]
            end += 1
        yield _table(title, names, rows, range(start, end), caption if end == len(names) else "")
        start = end


def _column_width(name: str, column: int, rows: Sequence[Row]) -> int:
    return GAP + max([len(name), *(len(_shown(row, column).plain) for row in rows if row.cells)])


def _table(title: str, names: Sequence[str], rows: Sequence[Row], columns: range, caption: str) -> Table:
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        caption=caption or None,
        caption_justify="left",
        caption_style="dim",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(f"{names[column]} ", justify="right", no_wrap=True)
    for row in rows:
        if not row.cells:
            table.add_row(Text(row.label, style="italic"))
            continue
        style = "bold" if row.strong else ""
        table.add_row(Text(row.label, style=style), *(_shown(row, column) for column in columns))
    return table


def _shown(row: Row, column: int) -> Text:
    starred = column in row.best
    style = "bold green" if starred else "bold" if row.strong else ""
    return Text(row.cells[column] + ("*" if starred else " "), style=style)
