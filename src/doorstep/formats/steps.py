"""Steps: a vehicle's stops as VROOM writes them, as trips of options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.planning.problem import DELIVER, DROP, PICK_UP, RETURN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.planning.problem import Problem

PARTS = {"job": {DELIVER, RETURN}, "pickup": {PICK_UP}, "delivery": {DROP}}
ENDS = {"start", "end", "reload"}
"""Types of steps; a trip ends with a reload."""


def options_of(
    problem: Problem, labels: Sequence[int | str], steps: Sequence[tuple[str, int, int | None]]
) -> tuple[list[list[int]], list[str]]:
    """Return the trips of steps, each given by type, id and begin [s] if known, and the tasks that there are not.

    Of a task with several windows that which holds its begin is taken, a shipment's two together; the first where none
    does: which one fits is for the planner to find.
    """
    begins: dict[tuple[int, int | str], int | None] = {
        (part, label): s for kind, label, s in steps for part in PARTS.get(kind, ())
    }
    names = list(zip(problem.option_part.tolist(), labels, strict=True))
    mates = problem.option_mate.tolist()

    def holds(option: int) -> bool:
        s = begins.get(names[option])
        return s is None or bool(problem.option_open_s[option] <= s <= problem.option_close_s[option])

    first: dict[tuple[int, int | str], int] = {}
    fits: dict[tuple[int, int | str], int] = {}
    for option, name in enumerate(names):
        first.setdefault(name, option)
        if name in begins and holds(option) and (mates[option] < 0 or holds(mates[option])):
            fits.setdefault(name, option)
    first |= fits
    trips: list[list[int]] = [[]]
    strangers = []
    for kind, label, _ in steps:
        found = [first[part, label] for part in PARTS.get(kind, ()) if (part, label) in first]
        if kind == "reload":
            trips.append([])
        elif found:
            trips[-1].append(found[0])
        elif kind not in ENDS:
            strangers.append(f"{kind} {label}" if label >= 0 else kind)
    return [trip for trip in trips if trip], strangers
