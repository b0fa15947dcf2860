"""Tests of the OR-Tools routing model: what it gives back is a plan that keeps the rules, or it says why it did not."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import HOUR, changed, configured, group, option_of, order, plain, plan_of, random_orders
from test_sisr import Patient

from doorstep.handover import Handover
from doorstep.planning import ortools
from doorstep.planning.checker import check
from doorstep.planning.draft import Draft, Given
from doorstep.planning.planner import solve
from doorstep.planning.sisr.search import explore
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort, Scenario, VehicleGroup

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

Rows = list[tuple[int, list[int]]]


def day(*groups: VehicleGroup, n: int = 9, same_day: bool = False) -> Scenario:
    """Return a day on which nobody needs a break, so that the model knows all of it but the lockers' cost."""
    orders = tuple(
        replace(o, accepts=frozenset(Handover), landing_place=True, mass_kg=min(o.mass_kg, 2.4), volume_l=5)
        for o in random_orders(n, 4, same_day=same_day, spread_m=700)
    )
    scenario = configured(plain(orders), *groups, lockers=("square",))
    return replace(scenario, work=replace(scenario.work, break_after_s=0, break_s=0))


DAYS = {
    "courier": day(group("van", 2, "door")),
    "courier, small van": changed(day(group("van", 2, "door")), "van", max_parcels=3),
    "courier, ready late": day(group("van", 2, "door"), same_day=True),
    "drone, small battery": changed(day(group("quadcopter", 2)), "quadcopter", max_parcels=2, battery_wh=250),
    "robovan, ready late": day(group("robovan", 2), same_day=True),
    "locker": day(group("van", 2, "locker")),
    "mixed": day(group("van", 1, "door", "locker"), group("quadcopter", 2), group("sidewalk-robot", 2)),
}


def one_by_one(problem: Problem) -> Rows:
    """Return a start: each vehicle brings one order, as far as there are vehicles."""
    rows: Rows = []
    waiting = list(range(len(problem.order_ids)))
    for f, fleet in enumerate(problem.fleets):
        able = {int(problem.option_order[o]): int(o) for o in np.flatnonzero(fleet.allowed)[::-1]}
        mine = [who for who in waiting if who in able][: fleet.count]
        rows += [(f, [-1, able[who]]) for who in mine]
        waiting = [who for who in waiting if who not in mine]
    return rows


def cost(problem: Problem, rows: Rows) -> int:
    return Draft.of(Given(problem), rows).cost()


def never() -> bool:
    return False


@pytest.mark.parametrize("name", DAYS)
def test_routes_of_the_model_are_a_good_plan(name: str) -> None:
    """What the model gives back keeps every rule, serves more than it began with, and costs less."""
    problem = tabulate(DAYS[name], "only")
    start = one_by_one(problem)
    rows, facts = ortools.search(problem, Effort(40, 60), start, never)
    plan = plan_of(problem, rows)
    assert check(problem, plan) == ()
    assert len(plan.unserved) < len(problem.order_ids) - len(start)
    assert cost(problem, rows) < cost(problem, start)
    assert facts["solutions"] > 0
    assert facts["out_of_time"] is False


def test_the_same_work_gives_the_same_routes() -> None:
    """The model searched twice with the same work gives the same routes after as many decisions."""
    problem = tabulate(DAYS["mixed"], "only")
    first, second = (ortools.search(problem, Effort(40, 60), one_by_one(problem), never) for _ in range(2))
    assert first == second


def test_orders_that_cost_more_than_their_price_are_left_out() -> None:
    """An order far away is left out by the model where the way costs more than it is worth, and the near one is not."""
    scenario = configured(plain((order("near", 1900), order("far", 9000))), group("van", 1, "door"))
    scenario = replace(scenario, prices=replace(scenario.prices, driver_per_hour=0, unserved_price=0.5))
    own = replace(scenario.modes["van"].ownership, price=0, insurance_per_day=0, wear_per_km=1)
    problem = tabulate(changed(scenario, "van", ownership=own), "only")
    both = [(0, [-1, option_of(problem, "near", "door"), option_of(problem, "far", "door")])]
    rows, _ = ortools.search(problem, Effort(20, 60), both, never)
    assert rows == [(0, [-1, option_of(problem, "near", "door")])]


def test_a_trip_waits_for_its_last_parcel() -> None:
    """Two parcels that are ready hours apart go in two trips, where the first would come too late otherwise."""
    orders = (order("early", 1000, promise_s=9 * HOUR), order("late", 1000, 200, ready_s=14 * HOUR))
    scenario = configured(plain(orders), group("robovan", 1))
    problem = tabulate(replace(scenario, prices=replace(scenario.prices, late_per_hour=60)), "only")
    early, late = (option_of(problem, name, "kerb") for name in ("early", "late"))
    rows, _ = ortools.search(problem, Effort(20, 60), [(0, [-1, early, late])], never)
    assert rows == [(0, [-1, early, -1, late])]


def test_a_start_is_read_at_once() -> None:
    """Where parcels become ready during the day, decisions are left for the search when the start is read."""
    problem = tabulate(plain(random_orders(25, 5, same_day=True)), "courier")
    start, _, _ = explore(problem, 0, 1, Patient())
    _, facts = ortools.search(problem, Effort(4, 60), start, never)
    assert facts["solutions"] > 1


def test_a_model_that_is_too_large_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem with more nodes than the model is worth is left to insertion, with the number of nodes."""
    problem = tabulate(DAYS["courier"], "only")
    monkeypatch.setattr(ortools, "MOST_NODES", 5)
    rows, facts = ortools.search(problem, Effort(40, 60), one_by_one(problem), never)
    assert rows == []
    assert facts == {"left_out": "too many nodes", "nodes": len(problem.hubs) + 2 * 9}


def test_a_model_without_a_start_says_so() -> None:
    """Where no order is served yet there is nothing to go on from."""
    rows, facts = ortools.search(tabulate(DAYS["courier"], "only"), Effort(40, 60), [], never)
    assert rows == []
    assert facts["left_out"] == "no plan to go on from"


def test_a_start_that_the_model_cannot_write_says_so() -> None:
    """A second trip that nothing calls for has no nodes, so the model says that it cannot go on from it."""
    problem = tabulate(
        configured(plain(tuple(order(name, 1000, ready_s=7 * HOUR) for name in "ab")), group("van", 1, "door")), "only"
    )
    first, second = (option_of(problem, name, "door") for name in "ab")
    assert ortools.search(problem, Effort(9, 60), [(0, [-1, first, second])], never)[0]
    rows, facts = ortools.search(problem, Effort(40, 60), [(0, [-1, first, -1, second])], never)
    assert rows == []
    assert facts["left_out"] == "the plan to go on from needs what the model leaves out"


def test_a_wish_to_stop_ends_the_search() -> None:
    """The search ends at once when it is asked to, with routes that are no dearer than its start."""
    problem = tabulate(DAYS["mixed"], "only")
    start = one_by_one(problem)
    asked = itertools.count()
    rows, facts = ortools.search(problem, Effort(100_000, 60), start, lambda: next(asked) > 2000)
    assert 1000 < facts["decisions"] <= 2001
    assert facts["out_of_time"] is False
    assert check(problem, plan_of(problem, rows)) == ()
    assert cost(problem, rows) <= cost(problem, start)


def test_a_time_limit_ends_the_search() -> None:
    """Work without end is ended by half of the time limit, and the model says so."""
    problem = tabulate(DAYS["mixed"], "only")
    begun = time.monotonic()
    _, facts = ortools.search(problem, Effort(100_000, 1), one_by_one(problem), never)
    assert time.monotonic() - begun < 5
    assert facts["out_of_time"] is True


def test_what_nobody_reaches_in_time_is_left_out() -> None:
    """An order wanted when every vehicle is home again is out of the model, and of the plan, with a reason."""
    problem = tabulate(DAYS["courier"], "only")
    opens = problem.option_open_s.copy()
    opens[problem.option_order == 0] = problem.fleets[0].close_s + 1
    night = replace(problem, option_open_s=opens, option_close_s=np.maximum(problem.option_close_s, opens))
    plan = solve(night, Effort(5, 60), planner="ortools")
    assert check(night, plan) == ()
    assert [(left.order, bool(left.reasons)) for left in plan.unserved] == [(0, True)]
    assert "status" in plan.solver
