"""Beginning: the plan that a search goes on from, read from a file of routes or from the steps of vehicles."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorstep.errors import InputError
from doorstep.formats.sheet import read_lines
from doorstep.formats.solution import plan_of, plan_of_rows, read_solution
from doorstep.formats.steps import options_of, ways_of
from doorstep.formats.tabling import LATEST
from doorstep.planning.begun.locked import freeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.formats.instance import Instance
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Beginning:
    """A plan to go on from, what of it is locked, and what of its file could not be understood."""

    plan: Plan
    locked: Locked | None = None
    strangers: tuple[str, ...] = ()
    """Customers that the problem does not have."""


def begun_from(instance: Instance, path: str | None, now: float | None) -> Beginning | None:
    """Return what to go on from: a file's routes, or else the steps of the problem's own vehicles; None without either.

    What has begun before `now`, a time in the units of the problem's file, is locked.

    Raises
    ------
    InputError
        If the file cannot be read, knows none of the customers, or there is a moment but nothing to go on from.
    """
    if path is not None:
        plan, strangers = _read(instance, path)
    elif any(instance.start):
        plan, strangers = plan_of_rows(instance, instance.start, placed=True), ()
    elif now is not None:
        fix = "give the plan that was begun with --start"
        raise InputError.of("--now", "there is no plan that could have begun", fix, "no-start")
    else:
        return None
    if now is None:
        return Beginning(plan, None, strangers)
    if now * instance.factor > LATEST:
        fix = "give a moment of the day that is planned, in the units of its file"
        raise InputError.of("--now", f"{now:g} is later than can be counted", fix, "beyond-measure")
    moment = math.ceil(now * instance.factor) - instance.origin
    return Beginning(plan, freeze(instance.problem, plan, moment), strangers)


def _read(instance: Instance, path: str) -> tuple[Plan, tuple[str, ...]]:
    if path.lower().endswith(".json"):
        rows, strangers = _rows_of_document(instance, path)
        plan = plan_of_rows(instance, rows, placed=True)
    else:
        routes = read_solution(Path(path)).routes
        known = {*instance.numbers, *instance.hub_numbers}
        strangers = [str(number) for route in routes for number in route if number not in known]
        plan = plan_of(instance, [[number for number in route if number in known] for route in routes])
    if strangers and not plan.routes:
        what = f"none of its customers is one of {instance.name}"
        raise InputError.of(path, what, "count customers as solution files do", "unknown-customer")
    return plan, tuple(dict.fromkeys(strangers))


def _begin(instance: Instance, step: dict[str, Any]) -> int | None:
    """Return when the service of a step begins, counted as the problem does; None where it is not told."""
    if "arrival" not in step:
        return None
    return int(step["arrival"]) + int(step.get("setup", 0)) + int(step.get("waiting_time", 0)) - instance.origin


def _rows_of_document(instance: Instance, path: str) -> tuple[Sequence[Sequence[Sequence[int]]], list[str]]:
    """Return the routes of a solution as VROOM tells it."""
    sheet = read_lines(Path(path))
    try:
        document = json.loads("\n".join(sheet.lines))
        told: list[dict[str, Any]] = document["routes"]
        routes = {int(route["vehicle"]): list(route["steps"]) for route in told}
        kinds = [
            (str(step["type"]), int(step.get("id", -1)), _begin(instance, step))
            for steps in routes.values()
            for step in steps
        ]
    except json.JSONDecodeError as error:
        raise InputError.of(path, f"this is no JSON: {error.msg}", "is the file cut off?", "syntax") from None
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        what = "this is no solution of VROOM's: each route needs its vehicle and steps, each step its type and id"
        raise InputError.of(path, what, code="type") from None
    strangers = [f"vehicle {label}" for label in routes if label not in instance.vehicle_labels]
    rows, found, ways = [], iter(kinds), ways_of(instance.problem, instance.labels)
    by_vehicle = {label: [next(found) for _ in steps] for label, steps in routes.items()}
    for label in instance.vehicle_labels:
        trips, unknown = options_of(instance.problem, instance.labels, ways, by_vehicle.get(label, []))
        rows.append(trips)
        strangers += unknown
    return rows, strangers
