"""Search: the compiled annealing run to its end, by work or by the clock."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from doorstep.planning.problem import DELIVER
from doorstep.planning.sisr import layout as at
from doorstep.planning.sisr.annealing import anneal, construct, load, save_best
from doorstep.planning.sisr.build import blank, ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.planning.problem import Problem

    Rows = Sequence[tuple[int, Sequence[int]]]

HOT, WARM, COLD = 1.0, 0.05, 0.01
"""Annealing temperatures, in mean costs of one order: to begin with, to polish a good plan, and to end with."""
KNOBS = (10.0, 10.0, 0.5, 0.99, 0.02)
"""See `strings`; all but the last from Christiaens and Vanden Berghe (2020), tuned anew on 2 x 12 instances."""
CHUNK = 500
"""Steps between two looks at the clock."""


class Watch(Protocol):
    """Who follows a search: says when it is over, and is told of every better plan's cost."""

    def left(self) -> float:
        """Return the seconds that are left."""
        ...

    def over(self) -> bool:
        """Tell whether to stop at once."""
        ...

    def better(self, cost: int) -> None:
        """Take note of the cost of a new best plan."""
        ...


def judges_exactly(problem: Problem) -> bool:
    """Tell whether the search prices every rule of a problem exactly: there are no pick-ups yet."""
    return bool((problem.option_part == DELIVER).all())


def explore(
    problem: Problem,
    steps: int,
    seed: int,
    watch: Watch,
    start: Rows = (),
    *,
    g: at.Ground | None = None,
    heat: float = HOT,
) -> tuple[Rows, int, bool]:
    """Return the routes of the best plan met as (fleet, row), steps done, and whether the clock had no say in it.

    A search goes on from `start` if that keeps all rules. `heat` is the first temperature, in mean costs of one order.
    """
    g = g or ground(problem)
    s, knobs = blank(problem, g, seed), np.array(KNOBS)
    row = _written(start)
    if len(row) and load(g, s, row, len(row)):
        save_best(g, s)
        if steps:
            construct(g, s, False)
    else:
        load(g, s, row, 0)
        construct(g, s, True)
    anneal(g, s, 0, 1.0, 1.0, knobs)
    hot = heat * _mean_cost(g, s)
    watch.better(int(s.counter[at.BEST]))
    begun, limit_s, done, best, repeatable = time.monotonic(), max(watch.left(), 1e-3), 0, int(s.counter[at.BEST]), True
    while done < steps and not watch.over():
        size = min(CHUNK, steps - done)
        by_clock = (time.monotonic() - begun) / limit_s
        repeatable = repeatable and by_clock <= (done + size) / steps
        shares = [min(1.0, max(by_clock, share)) for share in (done / steps, (done + size) / steps)]
        warm, cool = (hot * (COLD / heat) ** share for share in shares)
        anneal(g, s, size, warm, cool, knobs)
        done += size
        if s.counter[at.BEST] < best:
            best = int(s.counter[at.BEST])
            watch.better(best)
    return _read(s.best[: s.counter[at.BEST_LENGTH]]), done, repeatable and done == steps


def warm_up(problem: Problem) -> float:
    """Compile the search, or read what was compiled before; return how many seconds that took."""
    begun = time.monotonic()
    g = ground(problem)
    s = blank(problem, g, 0)
    load(g, s, np.zeros(0, np.int64), 0)
    anneal(g, s, 0, 1.0, 1.0, np.array(KNOBS))
    construct(g, s, True)
    return time.monotonic() - begun


def _mean_cost(g: at.Ground, s: at.State) -> float:
    """Return what serving an order costs on average, the fixed costs of vehicles left out."""
    used = s.in_use[: s.counter[at.IN_USE]]
    fixed = g.fleet[s.vehicle[used, at.KIND], at.PER_VEHICLE].sum()
    served = len(s.chosen) - int(s.counter[at.ABSENT])
    return max(1.0, float(s.vehicle[used, at.COST].sum() - fixed) / max(served, 1))


def _written(rows: Rows) -> np.ndarray:
    """Return routes as the search writes them."""
    return np.array([k for fleet, row in rows for k in (-2 - fleet, *row)], np.int64)


def _read(row: np.ndarray) -> Rows:
    """Return routes as (fleet, row)."""
    heads = [*np.flatnonzero(row <= -2).tolist(), len(row)]  # noqa: PLR2004 - below the marks of trips
    return [(-2 - int(row[i]), row[i + 1 : j].tolist()) for i, j in pairwise(heads)]
