"""Handing: a plan in which vans hand stops over to what they carry, never dearer than the plan that it begins with."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning import checker
from doorstep.planning.draft import Given
from doorstep.planning.plan import Plan, Reason, Unserved
from doorstep.planning.problem import DELIVER, MONEY, RETURN
from doorstep.planning.sorties.crew import day_cost
from doorstep.planning.sorties.desk import BEST, desk_for
from doorstep.planning.sorties.hold import FREE, MOST_CARRIED, MOST_TAKEN, hold_for
from doorstep.planning.sorties.rounds import improve, reprice, resume, set_out
from doorstep.planning.sorties.rows import row_of, timed
from doorstep.planning.task.things import operators_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from doorstep.planning.plan import Route
    from doorstep.planning.problem import Problem
    from doorstep.planning.sorties.desk import Desk
    from doorstep.planning.sorties.hold import Hold

TURNS = (
    (0, MOST_CARRIED, False),
    (1, 1, True),
    (0, 1, False),
    (1, MOST_CARRIED, True),
    (0, MOST_CARRIED, False),
    (0, MOST_CARRIED, True),
)
"""How often the search is heated: whether drones and robots cost nothing by the day, how many of them a van may take,
and whether it goes on from the best plan. A vehicle pays only for a good many sorties, which no single step finds."""
HOT, COLD = 0.3, 0.003
"""First and last temperature of a turn, in costs of an order (tuned)."""
MOST_EMPTY = 1
"""Vans beyond those in use that the search may send out, of each kind."""


def carriers(problem: Problem) -> list[int]:
    """Return the fleets whose vans carry others, and do not wait for docks or chargers that they share."""
    return [
        f
        for f, fleet in enumerate(problem.fleets)
        if fleet.carries and fleet.draw and not any(thing.takes[f] for thing in problem.shared)
    ]


def handed_out(
    problem: Problem,
    starts: Sequence[Plan],
    steps: int,
    seed: int,
    over: Callable[[], bool],
) -> tuple[Plan, int]:
    """Return the best plan found and the steps made; one of the starts where nothing that keeps all rules is cheaper.

    Rows of vans that carry are changed, all else stays as a start has it.
    """
    best = min(starts, key=lambda plan: checker.cost(problem, plan))
    if not carriers(problem):
        return best, 0
    given, done = Given(problem), 0
    for k, start in enumerate(starts):
        found, made = _searched(given, start, steps // len(starts), seed + k, over)
        done += made
        if found is not None and checker.cost(problem, found) < checker.cost(problem, best):
            broken = checker.check(problem, found)
            assert not broken, f"a plan with sorties breaks {broken[0]}"  # noqa: S101 - what is timed keeps the rules
            best = found
    return best, done


def _searched(given: Given, start: Plan, steps: int, seed: int, over: Callable[[], bool]) -> tuple[Plan | None, int]:
    problem, g = given.problem, given.ground
    mine = carriers(problem)
    routes = [route for route in start.routes if route.fleet in mine]
    vehicles = [(route.fleet, route.vehicle) for route in routes]
    vans = [(route.fleet, row_of(problem, route)) for route in routes]
    for f in mine:
        used = {vehicle for fleet, vehicle in vehicles if fleet == f}
        free = [vehicle for vehicle in range(problem.fleets[f].count) if vehicle not in used][:MOST_EMPTY]
        vehicles += [(f, vehicle) for vehicle in free]
        vans += [(f, []) for _ in free]
    others = tuple(route for route in start.routes if route.fleet not in mine)
    able = _movable(given, start, routes)
    d = desk_for(problem, vans, able, seed)
    h = hold_for(problem, d.trial.size, _attention(problem, others))
    for van, route in enumerate(routes):
        d.limit[:, van] = len({s.vehicle for trip in route.trips for s in trip.sorties}) or MOST_CARRIED
    if not set_out(g, h, d):
        return None, 0
    unit = max(1.0, float(d.cost[BEST].sum()) / max(1, able.size))
    done = 0
    for gratis, most, anew in TURNS if steps else ():
        if over():
            break
        if anew:
            resume(d)
        h.number[FREE], h.number[MOST_TAKEN] = gratis, most
        reprice(g, h, d)
        improve(g, h, d, steps // len(TURNS), HOT * unit, COLD * unit)
        done += steps // len(TURNS)
    h.number[FREE], h.number[MOST_TAKEN] = 0, MOST_CARRIED
    found = _routes(given, d, h, vehicles)
    return _plan(problem, start, (*others, *found)), done


def _attention(problem: Problem, others: Sequence[Route]) -> int:
    """Return the attention that operators have for what leaves vans, all others that leave the hub watched at once.

    What leaves its van on a day is counted as if all of it did so at once: so no day of chance asks for more.
    """
    watching = operators_of(problem)
    away = {(route.fleet, route.vehicle) for route in others if route.trips}
    return watching.room - sum(watching.takes[fleet] for fleet, _ in away) if watching else 0


def _movable(given: Given, start: Plan, routes: Sequence[Route]) -> NDArray[np.int64]:
    """Return the orders that vans that carry bring or might bring, to lockers and in pairs left out."""
    problem, g = given.problem, given.ground
    mine = carriers(problem)
    fleets = [*mine, *(one.fleet for f in mine if (one := problem.fleets[f].carries))]
    plain = np.isin(problem.option_part, (DELIVER, RETURN)) & (problem.option_locker < 0)
    options = g.allowed[fleets].any(axis=0) & plain
    found = np.zeros(len(problem.order_ids), bool)
    for route in routes:
        for stop in (stop for trip in route.trips for stop in trip.handed):
            found[problem.option_order[stop.option]] = options[stop.option]
    found[[left.order for left in start.unserved]] = True
    able = np.zeros(len(found), bool)
    able[problem.option_order[options]] = True
    return np.flatnonzero(found & able).astype(np.int64)


def _routes(given: Given, d: Desk, h: Hold, vehicles: Sequence[tuple[int, int]]) -> list[Route]:
    found = []
    for van, (fleet, vehicle) in enumerate(vehicles):
        row = d.rows[BEST, van, : d.length[BEST, van]].copy()
        if len(row):
            day_cost(given.ground, h, fleet, row, len(row), d.limit[BEST, van])
            found.append(timed(given.problem, h, fleet, vehicle, row))
    return found


def _plan(problem: Problem, start: Plan, routes: tuple[Route, ...]) -> Plan:
    """Return a plan of routes; what it leaves out and the start did not costs more than its price."""
    served = {int(problem.option_order[s.option]) for route in routes for trip in route.trips for s in trip.handed}
    known = {left.order: left.reasons for left in start.unserved}
    left: list[Unserved] = []
    for order in range(len(problem.order_ids)):
        if order not in served:
            price = int(problem.unserved_cost[order]) / MONEY
            dear = Reason("price", price, price, "currency", "", "costs as much as leaving it out, or more")
            left.append(Unserved(order, known.get(order, (dear,))))
    return dataclasses.replace(start, routes=routes, unserved=tuple(left))
