"""Faults told: line, caret, path and hint, in colour where there is any."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text

    from doorstep.errors import Fault, Mark

WIDTH = 100
"""Longest piece of a source line that is shown."""
TAB = "    "


def fault_text(fault: Fault) -> Text:
    """Return one fault as a compiler would tell it.

    bad.yaml:19:5: error[unknown-key] unknown key 'payload'
       19 │     payload: 2.3
          │     ^~~~~~~  configurations.drones.vehicles[1].payload
          = hint: did you mean 'payload_kg'?
    """
    from rich.text import Text

    mark = fault.mark
    text = Text(overflow="fold")
    if mark:
        text.append(f"{mark.file}:{mark.line}:{mark.column}: ", style="bold")
    text.append("error", style="bold red").append(f"[{fault.code}] ")
    where = "" if mark and mark.text.strip() else fault.where
    text.append(f"{where}: {fault.what}" if where else fault.what, style="bold")
    margin = " " * 6
    if mark and mark.text.strip():
        shown, before, length = _window(mark)
        text.append(f"\n{mark.line:>5} │ ", style="blue").append(shown)
        text.append(f"\n{margin}│ ", style="blue").append(before)
        text.append("^" + "~" * (length - 1), style="bold red")
        if fault.where:
            text.append(f"  {fault.where}", style="dim")
    if fault.fix:
        text.append(f"\n{margin}= ", style="blue").append("hint: ", style="bold cyan").append(fault.fix)
    return text


def faults_text(faults: Iterable[Fault]) -> Text:
    """Return all faults one after the other, and how many there are."""
    from rich.text import Text

    found = list(faults)
    told = [fault_text(fault) for fault in found]
    more = " shown" if any(fault.code == "more" for fault in found) else " found"
    number = sum(fault.code != "more" for fault in found)
    count = Text(f"{number} {'fault' if number == 1 else 'faults'}{more}", style="bold")
    return Text("\n").join([*told, count])


def _window(mark: Mark) -> tuple[str, str, int]:
    """Return what to show of the marked line, the blanks before the caret, and the caret's length in columns."""
    from rich.cells import cell_len

    start = mark.column - 1
    line = "".join(c if c == "\t" or c.isprintable() else "�" for c in mark.text)
    first = max(0, start - WIDTH // 2) if cell_len(line) > WIDTH else 0
    cut = line[first : first + WIDTH]
    shown = ("…" if first else "") + cut + ("…" if len(line) > first + WIDTH else "")
    lead = ("…" if first else "") + line[first:start]
    marked = line[start : min(start + mark.length, first + WIDTH)]
    blanks = " " * cell_len(lead.replace("\t", TAB))
    return shown.replace("\t", TAB), blanks, max(1, cell_len(marked.replace("\t", TAB)))
