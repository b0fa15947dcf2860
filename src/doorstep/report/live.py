"""Live: a table on the terminal that tells how far each configuration's search has come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from rich import box
from rich.live import Live
from rich.table import Table
from rich.text import Text

from doorstep.report.words import money
from doorstep.study import Phase, Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from rich.console import Console

BARS = "▁▂▃▄▅▆▇█"
POINTS = 14
"""Costs in the sparkline."""
STYLES = {
    Phase.DONE: "green",
    Phase.STOPPED: "yellow",
    Phase.SEARCH: "cyan",
    Phase.POLISH: "cyan",
    Phase.MEASURE: "cyan",
}


@dataclass(slots=True)
class _Line:
    """What has been heard of one configuration."""

    costs: list[float] = field(default_factory=list)
    step: Step | None = None
    heard: float = 0.0


class SearchTable:
    """Shows the steps of a run while it is on; without a terminal it is silent."""

    def __init__(self, console: Console, title: str, currency: str, names: Sequence[str]) -> None:
        self._title, self._currency = title, currency
        self._lines = {name: _Line() for name in names}
        self._live = Live(console=console, get_renderable=self.table, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        """Begin to show."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the table away again, whatever happened."""
        self._live.stop()

    def __call__(self, step: Step) -> None:
        """Take note of a step."""
        line = self._lines.setdefault(step.configuration, _Line())
        line.step, line.heard = step, time.monotonic()
        if step.cost is not None and (not line.costs or step.cost != line.costs[-1]):
            line.costs.append(step.cost)
        self._live.refresh()

    def table(self) -> Table:
        """Return the table as it stands."""
        table = Table(title=self._title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
        table.add_column("configuration")
        table.add_column("state")
        for heading in (f"best {self._currency}", f"first {self._currency}", "improved", "plans"):
            table.add_column(heading, justify="right")
        table.add_column("")
        table.add_column("elapsed", justify="right")
        for name, line in self._lines.items():
            table.add_row(name, *_cells(line))
        return table


def sparkline(costs: Sequence[float]) -> str:
    """Return the course of the costs as bars, the dearest highest."""
    if not costs:
        return ""
    every = max(1, -(-len(costs) // POINTS))
    shown = [*costs[::-1][::every]][::-1]
    low, high = min(shown), max(shown)
    top = len(BARS) - 1
    return "".join(BARS[round(top * (cost - low) / (high - low)) if high > low else 0] for cost in shown)


def _cells(line: _Line) -> list[Text | str]:
    step = line.step
    if step is None:
        return [Text("waiting", style="dim"), "", "", "", "", "", ""]
    state = Text(step.phase.value, style=STYLES[step.phase])
    running = step.phase in {Phase.MEASURE, Phase.SEARCH, Phase.POLISH}
    elapsed = f"{step.seconds + (time.monotonic() - line.heard if running else 0):.1f} s"
    if not line.costs:
        return [state, "", "", "", "", "", elapsed]
    first, best = line.costs[0], min(line.costs)
    change = f"{100 * (best / first - 1):.1f} %" if first else ""
    return [state, money(best), money(first), change, str(step.solutions), sparkline(line.costs), elapsed]


def told(step: Step, currency: str, console: Console) -> None:
    """Print the end of a configuration's search in one line."""
    if step.phase in {Phase.DONE, Phase.STOPPED}:
        cost = "no plan" if step.cost is None else f"{currency} {money(step.cost)}"
        console.print(f"{step.configuration}: {step.phase.value} after {step.seconds:.1f} s, {cost}")
