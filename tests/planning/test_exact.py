"""Tests of the planner against the cheapest of all plans, found by trying every one on days of a few orders."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numba
import numpy as np
import pytest
from plain import DRONE, HOUR, MODES, PRICES, TROLLEY, VAN, configured, group, order, plain

from doorstep.demand.order import Window
from doorstep.handover import Handover, Size
from doorstep.lockers.locker import Locker
from doorstep.planning.checker import check
from doorstep.planning.checker import cost as price
from doorstep.planning.clock.timing import time_route
from doorstep.planning.draft import Draft, Given
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY, Draw
from doorstep.planning.sisr.build import ground, scratch
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.demand.order import Order
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario, VehicleGroup

Cheapest = list[dict[frozenset[int], int]]
WORK = 100
SEEDS = range(4)


@numba.njit
def costs_of(rows, lengths, g, f, out, spare):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the cost of each row, -1 where it breaks a rule."""
    costs = np.empty(lengths.size, np.int64)
    for k in range(lengths.size):
        rule, _, _, cost = time_route(g, f, rows[k], lengths[k], out, spare)
        costs[k] = -1 if rule else cost
    return costs


def rows_of(options: tuple[int, ...]) -> Iterator[list[int]]:
    """Yield every row of some options: in every sequence, parted into trips in every way."""
    for sequence in itertools.permutations(options):
        for opens in itertools.product((False, True), repeat=len(sequence) - 1):
            row = [-1, sequence[0]]
            for option, anew in zip(sequence[1:], opens, strict=True):
                row += [-1, option] if anew else [option]
            yield row


def choices(problem: Problem, fleet: int) -> Iterator[tuple[int, ...]]:
    """Yield every set of a fleet's options that serves no order twice."""
    able = np.flatnonzero(problem.fleets[fleet].allowed).tolist()
    by_order = [[o for o in able if problem.option_order[o] == who] for who in range(len(problem.order_ids))]
    for chosen in itertools.product(*([-1, *mine] for mine in by_order)):
        if any(o >= 0 for o in chosen):
            yield tuple(o for o in chosen if o >= 0)


def cheapest_routes(problem: Problem) -> Cheapest:
    """Return for each fleet what the cheapest route costs that serves just these options."""
    g, found = ground(problem), []
    for f in range(len(problem.fleets)):
        rows = [(frozenset(chosen), row) for chosen in choices(problem, f) for row in rows_of(chosen)]
        table = np.full((len(rows), 2 * len(problem.order_ids)), -1)
        for k, (_, row) in enumerate(rows):
            table[k, : len(row)] = row
        _, out, spare = scratch(table.shape[1])
        costs = costs_of(table, np.array([len(row) for _, row in rows], np.int64), g, f, out, spare)
        best: dict[frozenset[int], int] = {}
        for (chosen, _), cost in zip(rows, costs.tolist(), strict=True):
            if cost >= 0:
                best[chosen] = min(cost, best.get(chosen, cost))
        found.append(best)
    return found


def shared_cost(problem: Problem, chosen: list[int], used: list[int]) -> int | None:
    """Return what lockers and hubs cost; None where a locker is too full."""
    lodged = [o for o in chosen if problem.option_locker[o] >= 0]
    held: Counter[tuple[int, int]] = Counter()
    for option in lodged:
        rank = problem.sizes[problem.option_order[option]].rank
        held.update((int(problem.option_locker[option]), size) for size in range(rank + 1))
    if any(n > problem.locker_room[bank, size] for (bank, size), n in held.items()):
        return None
    banks = {int(problem.option_locker[o]) for o in lodged}
    hubs = {problem.fleets[f].hub for f in used}
    return sum(int(problem.locker_cost[b]) for b in banks) + sum(int(problem.hub_cost[h]) for h in hubs)


def cheapest_plan(problem: Problem) -> int:
    """Return what the cheapest of all plans costs: every order left out, or in a route with any others that wait."""
    routes, n = cheapest_routes(problem), len(problem.order_ids)
    of_first: list[list[tuple[int, frozenset[int], int]]] = [[] for _ in range(n)]
    for f, mine in enumerate(routes):
        for chosen, cost in mine.items():
            of_first[min(int(problem.option_order[o]) for o in chosen)].append((f, chosen, cost))
    best = int(problem.unserved_cost.sum())

    def go_on(who: int, served: frozenset[int], chosen: list[int], used: list[int], cost: int) -> None:
        nonlocal best
        if who == n:
            shared = shared_cost(problem, chosen, used)
            best = best if shared is None else min(best, cost + shared)
            return
        if who in served:
            go_on(who + 1, served, chosen, used, cost)
            return
        go_on(who + 1, served, chosen, used, cost + int(problem.unserved_cost[who]))
        for f, options, spent in of_first[who]:
            orders = {int(problem.option_order[o]) for o in options}
            if used.count(f) < problem.fleets[f].count and orders.isdisjoint(served):
                go_on(who + 1, served | orders, [*chosen, *options], [*used, f], cost + spent)

    go_on(0, frozenset(), [], [], 0)
    return best


@dataclass(frozen=True)
class Day:
    """A kind of day: how many orders, the vehicles and the numbers that make it tight."""

    orders: int
    groups: tuple[VehicleGroup, ...]
    unserved_price: float = 50
    same_day: bool = False
    windows: bool = False
    lockers: bool = False
    spread_m: float = 1500
    late_per_hour: float = 2
    heavy: bool = False
    """Whether what is aboard costs energy."""
    paid: bool = False
    """Whether some hours are paid at the least, and overtime dearer."""
    early_per_hour: float = 0
    returns: bool = False
    """Whether every other order is fetched instead of brought."""


MODES_HERE = MODES | {
    "quadcopter": replace(DRONE, max_parcels=2, battery_wh=260, payload_kg=3),
    "robovan": replace(TROLLEY, max_parcels=3, payload_kg=8, battery_wh=3500),
    "van": replace(VAN, max_parcels=4, payload_kg=12),
}
BANK = Locker("square", 200, 0, {Size.S: 1, Size.M: 1, Size.L: 1})
MIXED = (group("van", 1, "door", "locker"), group("quadcopter", 1), group("robovan", 1))
DAYS = {
    "drones fly again and again": Day(5, (group("quadcopter", 2),), same_day=True, late_per_hour=90),
    "robots are loaded twice": Day(5, (group("robovan", 2),), 9, same_day=True),
    "couriers keep windows": Day(5, (group("van", 2, "door"),), 40, windows=True, spread_m=9000),
    "lockers are tight": Day(4, (group("van", 2, "door", "locker"),), 10, lockers=True),
    "vehicles are mixed": Day(4, MIXED, 25, same_day=True, windows=True, lockers=True, spread_m=4000),
    "vehicles are mixed and late": Day(4, MIXED, 25, same_day=True, lockers=True, late_per_hour=60),
    "lockers hardly pay": Day(4, (group("van", 2, "door", "locker"),), 8, lockers=True),
    "loads cost energy": Day(5, (group("quadcopter", 2),), same_day=True, heavy=True, spread_m=3000),
    "loads cost robots energy": Day(5, (group("robovan", 2),), 12, heavy=True, spread_m=2500),
    "couriers are paid by the hour": Day(5, (group("van", 2, "door"),), 40, windows=True, spread_m=9000, paid=True),
    "nobody wants it early": Day(4, MIXED, 25, lockers=True, late_per_hour=20, early_per_hour=12),
    "vans fetch and bring": Day(5, (group("van", 2, "door"),), 40, same_day=True, spread_m=4000, returns=True),
    "robots fetch and bring": Day(5, (group("robovan", 2),), 12, same_day=True, spread_m=2000, returns=True),
    "lockers take returns": Day(4, MIXED, 25, same_day=True, windows=True, lockers=True, spread_m=3000, returns=True),
    "loads, hours and wishes": Day(4, MIXED, 25, same_day=True, heavy=True, paid=True, early_per_hour=12),
}


def random_day(day: Day, seed: int) -> Scenario:
    """Return a scenario of one kind of day, its orders drawn at random."""
    rng = np.random.default_rng(seed)
    kinds = [Handover.DOOR, Handover.KERB, Handover.YARD, Handover.LOCKER]
    orders: list[Order] = []
    for k in range(day.orders):
        ready = (8 + 4 * rng.random() * day.same_day) * HOUR
        opens = ready + 4 * rng.random() * HOUR * day.windows
        window = Window(opens, opens + (0.5 + rng.random()) * HOUR) if day.windows else Window(0, 20 * HOUR)
        orders.append(
            order(
                f"o{k + 1}",
                *(float(x) for x in rng.uniform(-day.spread_m, day.spread_m, 2)),
                mass_kg=float(rng.uniform(0.5, 3.5)),
                size=(Size.S, Size.M, Size.L)[int(rng.integers(3))],
                ready_s=ready,
                window=window,
                promise_s=ready + 0.5 * HOUR,
                walk_limit_m=2000,
                is_return=day.returns and k % 2 == 0,
                accepts=frozenset(kinds) if rng.random() < 0.8 else frozenset(kinds[:3]),
            )
        )
    scenario = configured(plain(tuple(orders)), *day.groups, lockers=("square",) if day.lockers else ())
    prices = replace(PRICES, unserved_price=day.unserved_price, late_per_hour=day.late_per_hour)
    effort = replace(scenario.effort, work=WORK)
    return replace(scenario, modes=MODES_HERE, lockers={"square": BANK}, prices=prices, effort=effort)


def with_rules(problem: Problem, day: Day, seed: int) -> Problem:
    """Return the problem with the rules of a day that scenarios do not have."""
    rng = np.random.default_rng(seed)
    fleets = []
    for fleet in problem.fleets:
        loads = np.arange(3)
        rates = fleet.energy_mwh_per_m * (1 + 0.3 * loads**2), 0.02 * fleet.energy_mwh_per_m * loads, 900.0 * loads
        heavy = {"draw": Draw(1500, *rates), "kwh_cost": 40 * MONEY} if day.heavy else {}
        paid = {"paid_least_s": 3000, "overtime_after_s": 5400, "overtime_cost": fleet.duty_cost} if day.paid else {}
        fleets.append(replace(fleet, **heavy, **paid))
    wanted_s = problem.ready_s + rng.integers(0, 7200, len(problem.ready_s))
    early = {"wanted_s": wanted_s, "early_cost": round(day.early_per_hour * MONEY / 3600)}
    return replace(problem, fleets=tuple(fleets), **early if day.early_per_hour else {})


def solved(day: Day, seed: int) -> tuple[Problem, Plan, int]:
    """Return problem, the planner's plan, and what that costs, timed and priced anew."""
    scenario = random_day(day, seed)
    problem = with_rules(tabulate(scenario, "only"), day, seed)
    plan = solve(problem, scenario.effort, seed=seed)
    rows = [(r.fleet, [o for trip in r.trips for o in (-1, *(s.option for s in trip.stops))]) for r in plan.routes]
    return problem, plan, Draft.of(Given(problem), rows).cost()


@pytest.fixture(scope="module")
def days() -> dict[tuple[str, int], tuple[Problem, Plan, int]]:
    """Return all days, planned."""
    return {(name, seed): solved(DAYS[name], seed) for name in DAYS for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", DAYS)
def test_no_plan_is_cheaper_than_the_planners(
    days: dict[tuple[str, int], tuple[Problem, Plan, int]], name: str, seed: int
) -> None:
    """On a day of a few orders no plan at all costs less than the one that the planner returns."""
    problem, plan, cost = days[name, seed]
    assert check(problem, plan) == ()
    assert cost == price(problem, plan) == cheapest_plan(problem)


def test_the_days_are_not_all_alike(days: dict[tuple[str, int], tuple[Problem, Plan, int]]) -> None:
    """The days above have what makes planning hard: several trips, vehicles, lockers, and orders left out."""
    plans = [(problem, plan) for problem, plan, _ in days.values()]
    trips = [[trip for route in plan.routes for trip in route.trips] for _, plan in plans]
    assert sum(len(mine) > len(plan.routes) for mine, (_, plan) in zip(trips, plans, strict=True)) >= 5
    assert sum(len(plan.routes) > 1 for _, plan in plans) >= 2
    assert sum(bool(plan.unserved) for _, plan in plans) >= 2
    assert sum(any(len(trip.stops) > 1 for trip in mine) for mine in trips) >= 5
    kinds = {
        problem.option_kind[s.option]
        for (problem, _), mine in zip(plans, trips, strict=True)
        for t in mine
        for s in t.stops
    }
    assert kinds == set(Handover) - {Handover.KIOSK}
