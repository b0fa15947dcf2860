"""Steps: a vehicle's stops as VROOM writes them, as trips of options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.planning.problem import DELIVER, DROP, PICK_UP, RETURN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from doorstep.planning.problem import Problem

    Name = tuple[int, int | str]
    """Part and label of a task."""

PARTS = {"job": {DELIVER, RETURN}, "pickup": {PICK_UP}, "delivery": {DROP}}
ENDS = {"start", "end", "reload"}
"""Types of steps; a trip ends with a reload."""


def ways_of(problem: Problem, labels: Sequence[int | str]) -> dict[Name, list[int]]:
    """Return the options of each task by its part and label, one for each window."""
    ways: dict[Name, list[int]] = {}
    for option, name in enumerate(zip(problem.option_part.tolist(), labels, strict=True)):
        ways.setdefault(name, []).append(option)
    return ways


def options_of(
    problem: Problem,
    labels: Sequence[int | str],
    ways: Mapping[Name, list[int]],
    steps: Sequence[tuple[str, int, int | None]],
) -> tuple[list[list[int]], list[str]]:
    """Return the trips of steps, each given by type, id and begin [s] if known, and the tasks that there are not.

    Of a task with several windows that which holds its begin is taken, a shipment's two together; the first where none
    does: which one fits is for the planner to find.
    """
    begins: dict[Name, int | None] = {(part, label): s for kind, label, s in steps for part in PARTS.get(kind, ())}

    def holds(option: int) -> bool:
        s = begins.get((int(problem.option_part[option]), labels[option]))
        return s is None or bool(problem.option_open_s[option] <= s <= problem.option_close_s[option])

    def fits(option: int) -> bool:
        mate = int(problem.option_mate[option])
        return holds(option) and (mate < 0 or holds(mate))

    trips: list[list[int]] = [[]]
    strangers = []
    for kind, label, _ in steps:
        found = [option for part in PARTS.get(kind, ()) for option in ways.get((part, label), ())]
        if kind == "reload":
            trips.append([])
        elif found:
            trips[-1].append(next(filter(fits, found), found[0]))
        elif kind not in ENDS:
            strangers.append(f"{kind} {label}" if label >= 0 else kind)
    return [trip for trip in trips if trip], strangers
