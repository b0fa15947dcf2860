"""Tests of the search where parcels are fetched: against the cheapest of all plans, tried one by one on small days."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import HOUR, VAN, configured, group, order, plain
from test_sisr import Patient, without_breaks_and_promises

from doorstep.demand.order import Window
from doorstep.handover import Handover
from doorstep.planning.checker import check
from doorstep.planning.draft import Draft, Given
from doorstep.planning.planner import solve
from doorstep.planning.problem import DELIVER, DROP, PICK_UP, RETURN, Problem
from doorstep.planning.sisr.search import explore
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = 3000
PLACES, ORDERS = 5, 3
KINDS = ("plain", "whole", "one trip")
"""Without breaks and promises, with them, and without them by vehicles that leave once."""


def fetched(kind: str, seed: int) -> Problem:
    """Return two pick-ups with their drops and one delivery or return, for two vans with little room."""
    rng = np.random.default_rng(seed)
    day = []
    for k in range(PLACES):
        opens = float(rng.uniform(8, 12)) * HOUR
        window = Window(opens, opens + float(rng.uniform(1, 6)) * HOUR)
        numbers = {"mass_kg": float(rng.uniform(20, 60)), "promise_s": opens + HOUR, "window": window}
        x_m, y_m = rng.uniform(-8000, 8000, 2).tolist()
        day.append(order(f"o{k}", x_m, y_m, accepts=frozenset({Handover.DOOR}), **numbers))
    scenario = configured(plain(tuple(day)), group("van", 2, "door"))
    problem = tabulate(replace(scenario, modes={**scenario.modes, "van": replace(VAN, payload_kg=100)}), "only")
    kept, single = [0, 2, 4], int(rng.choice((DELIVER, RETURN)))
    columns = ("mass_g", "volume_ml", "placed_s", "ready_s", "promise_s", "unserved_cost", "own_reach")
    allowed = np.ones(PLACES, bool)
    problem = replace(problem, fleets=tuple(replace(fleet, allowed=allowed) for fleet in problem.fleets))
    if kind != "whole":
        problem = without_breaks_and_promises(problem)
    if kind == "one trip":
        problem = replace(problem, fleets=tuple(replace(fleet, max_trips=1) for fleet in problem.fleets))
    return replace(
        problem,
        order_ids=("first", "second", "single"),
        sizes=tuple(problem.sizes[k] for k in kept),
        option_order=np.array([0, 0, 1, 1, 2]),
        option_part=np.array([PICK_UP, DROP, PICK_UP, DROP, single], np.int8),
        option_mate=np.array([1, 0, 3, 2, -1]),
        **{name: getattr(problem, name)[kept] for name in columns},
    )


def rows_of(problem: Problem, orders: tuple[int, ...]) -> Iterator[list[int]]:
    """Yield every row that serves some orders: every sequence, every parting into trips that keeps pairs together."""
    options = [o for o in range(PLACES) if problem.option_order[o] in orders]
    for sequence in itertools.permutations(options):
        at = {option: k for k, option in enumerate(sequence)}
        if any(problem.option_part[o] == PICK_UP and at[problem.option_mate[o]] < at[o] for o in options):
            continue
        for opens in itertools.product((False, True), repeat=len(sequence) - 1):
            trip = np.cumsum([0, *opens])
            if all(trip[at[o]] == trip[at[problem.option_mate[o]]] for o in options if problem.option_mate[o] >= 0):
                row = [-1, sequence[0]]
                for option, anew in zip(sequence[1:], opens, strict=True):
                    row += [-1, option] if anew else [option]
                yield row


def cheapest(problem: Problem) -> int:
    """Return what the cheapest of all plans costs."""
    given = Given(problem)
    route: dict[tuple[int, ...], int] = {(): 0}
    for n in range(1, ORDERS + 1):
        for orders in itertools.combinations(range(ORDERS), n):
            costs = [
                given.time(0, row) for row in rows_of(problem, orders) if row.count(-1) <= problem.fleets[0].max_trips
            ]
            fine = [cost for rule, _, _, cost, _ in costs if rule == 0]
            if fine:
                route[orders] = min(fine)
    best = int(problem.unserved_cost.sum())
    for whose in itertools.product(range(3), repeat=ORDERS):
        split = [tuple(o for o in range(ORDERS) if whose[o] == v) for v in range(3)]
        if split[0] in route and split[1] in route:
            hub = int(problem.hub_cost[0]) if split[0] or split[1] else 0
            left = int(problem.unserved_cost[list(split[2])].sum())
            best = min(best, route[split[0]] + route[split[1]] + hub + left)
    return best


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_fetched_is_planned_at_the_least_cost(kind: str, seed: int) -> None:
    """No plan of a small day with pick-ups, drops and a return costs less than the one that the search finds."""
    problem, watch = fetched(kind, seed), Patient()
    rows, _, _ = explore(problem, STEPS, seed, watch)
    assert watch.costs[-1] == Draft.of(Given(problem), rows).cost() == cheapest(problem)


@pytest.mark.parametrize("seed", range(6))
def test_plans_with_pick_ups_pass_the_checker(seed: int) -> None:
    """Plans of days with pick-ups break no rule, and tell of whoever is left out."""
    problem = fetched("whole", seed)
    plan = solve(problem, Effort(30, 60), seed=seed)
    assert check(problem, plan) == ()


def test_a_pair_that_finds_no_room_is_left_out_with_its_reason() -> None:
    """Where a pick-up and its drop cannot be in one trip, that is why the order is left out."""
    problem = fetched("plain", 1)
    closes = problem.option_close_s.copy()
    opens = problem.option_open_s.copy()
    opens[0], closes[0], opens[1], closes[1] = 15 * 3600, 15 * 3600, 9 * 3600, 9 * 3600
    plan = solve(replace(problem, option_open_s=opens, option_close_s=closes), Effort(10, 60), seed=1)
    (left,) = [unserved for unserved in plan.unserved if unserved.order == 0]
    assert {reason.rule for reason in left.reasons} == {"pair"}


def test_the_model_of_or_tools_says_where_it_leaves_pick_ups_out() -> None:
    """With pick-ups and several trips the plan of `planner="ortools"` is that of an insertion, which it says."""
    problem = fetched("plain", 2)
    tight = replace(problem, fleets=tuple(replace(fleet, count=1, max_parcels=1) for fleet in problem.fleets))
    tight = replace(tight, option_part=np.array([PICK_UP, DROP, PICK_UP, DROP, DELIVER], np.int8))
    tight = replace(tight, ready_s=np.full(ORDERS, 12 * 3600), option_close_s=np.full(PLACES, 20 * 3600))
    plan = solve(tight, Effort(10, 60), seed=1, planner="ortools")
    assert check(tight, plan) == ()
    assert "pick-ups" in str(plan.solver["left_out"])
