"""Steps: a vehicle's stops as VROOM writes them, as trips of options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.planning.problem import DELIVER, DROP, PICK_UP, RETURN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from doorstep.planning.problem import Problem

PARTS = {"job": {DELIVER, RETURN}, "pickup": {PICK_UP}, "delivery": {DROP}}
ENDS = {"start", "end", "reload"}
"""Types of steps; a trip ends with a reload."""


def options_of(
    problem: Problem, labels: Sequence[int | str], steps: Iterable[tuple[str, int]]
) -> tuple[list[list[int]], list[str]]:
    """Return the trips of steps, each given by type and id, and the tasks that there are not.

    Of a task with several windows the first is taken; which one fits is for the planner to find.
    """
    first: dict[tuple[int, int | str], int] = {}
    for option, (part, label) in enumerate(zip(problem.option_part.tolist(), labels, strict=True)):
        first.setdefault((part, label), option)
    trips: list[list[int]] = [[]]
    strangers = []
    for kind, label in steps:
        found = [first[part, label] for part in PARTS.get(kind, ()) if (part, label) in first]
        if kind == "reload":
            trips.append([])
        elif found:
            trips[-1].append(found[0])
        elif kind not in ENDS:
            strangers.append(f"{kind} {label}" if label >= 0 else kind)
    return [trip for trip in trips if trip], strangers
