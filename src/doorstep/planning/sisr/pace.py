"""Pace: how far a search is on its way, by its steps or by the clock, whichever is further."""

from __future__ import annotations

import time
from typing import Protocol

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


class Pace:
    """Steps done of those to do, and whether the clock had a say in it."""

    def __init__(self, steps: int, watch: Watch) -> None:
        self.steps, self.watch = steps, watch
        self.done, self.by_work = 0, True
        self._begun, self.limit_s = time.monotonic(), max(watch.left(), 1e-3)

    def left_s(self) -> float:
        """Return the seconds that are left."""
        return self._begun + self.limit_s - time.monotonic()

    def likely(self, steps: int, seconds: float) -> float:
        """Return how many steps are likely to be done yet, going by how long some took."""
        return min(float(self.steps - self.done), steps * self.left_s() / max(seconds, 1e-9))

    def go(self, steps: int) -> None:
        """Count steps as done."""
        self.done += steps

    def share(self, ahead: int = 0) -> float:
        """Return which share of the search is done, or will be some steps ahead.

        The clock has no say in it as long as it is no further than the work will be a chunk of steps later.
        """
        by_clock, steps = 1 - self.left_s() / self.limit_s, max(self.steps, 1)
        if by_clock <= (self.done + CHUNK) / steps:
            return min(1.0, (self.done + ahead) / steps)
        self.by_work = False
        return min(1.0, max(by_clock, (self.done + ahead) / steps))

    def over(self) -> bool:
        """Tell whether the search should end."""
        return self.done >= self.steps or self.watch.over()
