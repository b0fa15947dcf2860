"""Tests of the table that is shown while a search is on."""

from __future__ import annotations

import io

from rich.console import Console

from doorstep.report.live import SearchTable, sparkline, told
from doorstep.study import Phase, Step


def screen() -> tuple[Console, io.StringIO]:
    words = io.StringIO()
    return Console(file=words, width=100, force_terminal=True, color_system=None), words


def test_the_table_follows_the_search() -> None:
    """Best and first cost, change, number of plans and state of each configuration are shown as steps come in."""
    console, words = screen()
    with SearchTable(console, "village", "EUR", ["courier", "drone"]) as watch:
        watch(Step("courier", Phase.SEARCH, 200.0, 1, 0.5))
        watch(Step("courier", Phase.DONE, 150.0, 7, 1.5))
        console.print(watch.table())
    text = words.getvalue()
    for word in ("courier", "done", "150.00", "200.00", "-25.0 %", "7", "1.5 s", "drone", "waiting", "best EUR"):
        assert word in text


def test_a_sparkline_falls_with_the_cost() -> None:
    """The dearest plan is the highest bar and the cheapest the lowest, in at most fourteen bars."""
    assert sparkline([8, 4.5, 1]) == "█▅▁"
    assert sparkline([3.0, 3.0]) == "▁▁"
    assert sparkline([]) == ""
    long = sparkline([float(k) for k in range(100, 0, -1)])
    assert len(long) <= 14
    assert long[-1] == "▁"


def test_without_a_terminal_one_line_tells_an_end() -> None:
    """Only the end of a search is told in a line, with its cost."""
    console, words = screen()
    for phase in (Phase.MEASURE, Phase.SEARCH, Phase.DONE):
        told(Step("courier", phase, 150.0, 7, 1.5), "EUR", console)
    assert words.getvalue().strip() == "courier: done after 1.5 s, EUR 150.00"
