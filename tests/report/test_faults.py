"""Faults told with line and caret."""

from __future__ import annotations

import io

from rich.console import Console

from doorstep.errors import Fault, Mark
from doorstep.report.faults import fault_text, faults_text

MARKED = Fault(
    "configurations.drones.vehicles[1].payload",
    "unknown key 'payload'",
    "did you mean 'payload_kg'?",
    "unknown-key",
    Mark("bad.yaml", 19, 5, 7, "    payload: 2.3"),
)


def test_a_marked_fault_shows_line_caret_path_and_hint() -> None:
    """A fault with a mark reads as in the picture of the design."""
    assert str(fault_text(MARKED)).splitlines() == [
        "bad.yaml:19:5: error[unknown-key] unknown key 'payload'",
        "   19 │     payload: 2.3",
        "      │     ^~~~~~~  configurations.drones.vehicles[1].payload",
        "      = hint: did you mean 'payload_kg'?",
    ]


def test_a_fault_without_mark_says_where_in_words() -> None:
    """A fault that is in no text file has its place before what is wrong."""
    fault = Fault("orders.csv, row 17", "-3 is not above zero", code="bad-cell")
    assert str(fault_text(fault)) == "error[bad-cell] orders.csv, row 17: -3 is not above zero"


def test_no_colour_means_no_escape() -> None:
    """On a console without colour there is not one escape sequence."""
    out = io.StringIO()
    Console(file=out, color_system=None, width=100).print(faults_text([MARKED, MARKED]))
    assert "\x1b" not in out.getvalue()
    assert out.getvalue().endswith("2 faults found\n")


def test_markup_in_a_file_stays_text() -> None:
    """Square brackets of a file are shown and never taken for markup."""
    fault = Fault("a", "unknown key '[red]x'", "", "unknown-key", Mark("[b].yaml", 1, 1, 6, "[red]x: [/red]"))
    out = io.StringIO()
    Console(file=out, color_system=None, width=100).print(fault_text(fault))
    assert "[red]x: [/red]" in out.getvalue()


def test_the_caret_stands_below_wide_and_tabbed_text() -> None:
    """Wide characters and tabs before the caret take as many columns as they are shown with."""
    wide = Fault("n", "w", "", "c", Mark("f", 1, 7, 2, "名字: [ab]"))
    tabbed = Fault("n", "w", "", "c", Mark("f", 1, 2, 2, "\tab"))
    assert str(fault_text(wide)).splitlines()[2].startswith("      │         ^~")
    assert str(fault_text(tabbed)).splitlines()[1:3] == ["    1 │     ab", "      │     ^~  n"]


def test_a_long_line_is_cut_around_the_caret() -> None:
    """Of a very long line only the piece around the caret is shown."""
    fault = Fault("n", "w", "", "c", Mark("f", 1, 5001, 3, "x" * 5000 + "bad" + "y" * 5000))
    shown, caret = str(fault_text(fault)).splitlines()[1:3]
    assert len(shown) < 120
    at = caret.index("^")
    assert shown[at : at + 3] == "bad"
