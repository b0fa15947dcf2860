"""Solution: routes as benchmark files write them, read into a plan and written from one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from doorstep.errors import InputError
from doorstep.formats.schedule import scheduled
from doorstep.formats.sheet import read_lines
from doorstep.planning.plan import Plan, Unserved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.formats.instance import Instance
    from doorstep.planning.plan import Route

_ROUTE = re.compile(r"Route\s*#?\s*(\d+)\s*:(.*)", re.IGNORECASE)
_SAID = re.compile(
    r"(cost|distance|optimal|comment|time|instance name|authors?|date|reference|solution)\b\s*:?(.*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Solution:
    """The routes of a file, as it numbers customers, and the cost that it states."""

    routes: tuple[tuple[int, ...], ...]
    cost: float | None = None


def read_solution(path: Path | str) -> Solution:
    """Return the routes of a .sol file or of a route file of the SINTEF pages.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    sheet, routes, cost = read_lines(Path(path)), [], None
    for number, raw in enumerate(sheet.lines, start=1):
        line = raw.strip()
        if found := _ROUTE.fullmatch(line):
            routes.append(tuple(sheet.whole(number, token) for token in found[2].split()))
        elif said := _SAID.fullmatch(line):
            if said[1].lower() == "cost":
                cost = sheet.number(number, said[2].strip())
        elif line:
            sheet.fault(
                number, f"unknown line '{line[:40]}'", "Route #1: 3 7 12 and Cost 123 are known", "unknown-line"
            )
    if not routes:
        sheet.fault(0, "there are no routes", "write Route #1: 3 7 12", "missing")
    sheet.stop()
    return Solution(tuple(routes), cost)


def plan_of(instance: Instance, routes: Sequence[Sequence[int]]) -> Plan:
    """Return routes of solution numbers as a plan, timed; what they leave out is unserved.

    Where vehicles differ, the first route is that of the file's first vehicle, and so on.

    Raises
    ------
    InputError
        If a number is no customer's.
    """
    option_of = {number: option for option, number in reversed(list(enumerate(instance.numbers)))}
    hubs = set(instance.hub_numbers)
    rows = []
    for k, numbers in enumerate(routes):
        trips: list[list[int]] = [[]]
        for number in numbers:
            if number in hubs:
                trips.append([])
            elif number in option_of:
                trips[-1].append(option_of[number])
            else:
                raise _unknown(instance, k, number)
        rows.append([trip for trip in trips if trip])
    return plan_of_rows(instance, rows)


def plan_of_rows(instance: Instance, rows: Sequence[Sequence[Sequence[int]]], *, placed: bool = False) -> Plan:
    """Return routes, each of trips of options, as a plan, timed; the position of a route is that of its vehicle.

    Where all vehicles are alike, only those that have a route are counted, unless the routes are `placed`.
    """
    problem = instance.problem
    driver = {k: (fleet, who) for fleet, ks in enumerate(instance.vehicles) for who, k in enumerate(ks)}
    if len(problem.fleets) == 1 and not placed:
        rows = [row for row in rows if row]
    found: list[Route] = []
    for k, row in enumerate(rows):
        if row and problem.fleets:
            # A route beyond the file's vehicles is timed as one of the first kind, for the checker to find.
            fleet, who = driver.get(k, (0, k))
            found.append(scheduled(problem, fleet, who, row))
    served = {int(problem.option_order[o]) for row in rows for trip in row for o in trip} if problem.fleets else set()
    left = tuple(Unserved(order, ()) for order in range(len(problem.order_ids)) if order not in served)
    return Plan(problem.configuration, tuple(found), left)


def numbered(instance: Instance, plan: Plan, *, labels: bool = False) -> list[list[int | str]]:
    """Return a plan's routes as solution files number customers, or as the instance's own file does.

    Where vehicles differ, the routes of unused ones are there and empty, up to the last that is used. A visit to the
    hub between two trips is the hub's number.
    """
    names = instance.labels if labels else instance.numbers
    hubs = instance.hub_labels if labels else instance.hub_numbers
    routes: dict[int, list[int | str]] = {}
    for route in plan.routes:
        row: list[int | str] = []
        for k, trip in enumerate(route.trips):
            row += [hubs[instance.problem.fleets[route.fleet].hub]] if k else []
            row += [names[stop.option] for stop in trip.stops]
        routes[instance.vehicles[route.fleet][route.vehicle]] = row
    if len(instance.problem.fleets) == 1:
        return [routes[k] for k in sorted(routes)]
    return [routes.get(k, []) for k in range(max(routes, default=-1) + 1)]


def write_solution(path: Path | str, instance: Instance, plan: Plan, cost: float) -> None:
    """Write a plan as a .sol file.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    lines = [
        f"Route #{k}: {' '.join(map(str, row))}".rstrip() for k, row in enumerate(numbered(instance, plan), start=1)
    ]
    text = "\n".join([*lines, f"Cost {cost:.10g}", ""])
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError.of(str(path), f"cannot be written: {error.strerror}", code="unwritable") from None


def _unknown(instance: Instance, route: int, number: int) -> InputError:
    what = f"{number} is no customer of {instance.name}"
    return InputError.of(f"route {route + 1}", what, "count customers as solution files do", "unknown-customer")
