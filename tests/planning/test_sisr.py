"""Tests of the compiled search: its sums, its prices, and that it finds the cheapest of all plans of small days."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import configured, group, order, plain
from test_exact import DAYS, cheapest_plan, random_day

from doorstep.handover import Handover
from doorstep.planning.checker import check
from doorstep.planning.clock import layout as at
from doorstep.planning.draft import Draft, Given
from doorstep.planning.planner import solve
from doorstep.planning.sisr import search
from doorstep.planning.sisr.annealing import anneal, construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.search import SHORT, explore
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

NEVER_S = 1 << 40
STEPS = 3000


class Patient:
    """A watch that never ends a search."""

    def __init__(self) -> None:
        self.costs: list[int] = []

    def left(self) -> float:
        """Return an hour."""
        return 3600.0

    def over(self) -> bool:
        """Return False."""
        return False

    def better(self, cost: int) -> None:
        """Take note."""
        self.costs.append(cost)


def without_breaks_and_promises(problem: Problem) -> Problem:
    """Return the problem without the rules that only whole routes tell of."""
    fleets = tuple(replace(fleet, break_after_s=0) for fleet in problem.fleets)
    return replace(problem, late_cost=0, promise_s=np.full_like(problem.promise_s, NEVER_S), fleets=fleets)


def plain_day(name: str, seed: int) -> Problem:
    """Return a day of few orders as such a problem."""
    return without_breaks_and_promises(tabulate(random_day(DAYS[name], seed), "only"))


def whole_day(name: str, seed: int) -> Problem:
    """Return a day of few orders with breaks and with a price of lateness."""
    return tabulate(random_day(DAYS[name], seed), "only")


KINDS = {"plain": plain_day, "whole": whole_day}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", DAYS)
def test_the_search_finds_the_cheapest_of_all_plans(kind: str, name: str, seed: int) -> None:
    """On a day of a few orders the search finds the cheapest plan there is, and knows its cost to the last digit."""
    problem, watch = KINDS[kind](name, seed), Patient()
    rows, done, repeatable = explore(problem, STEPS, seed, watch)
    assert watch.costs[-1] == Draft.of(Given(problem), rows).cost() == cheapest_plan(problem)
    assert (done, repeatable) == (STEPS, True)
    assert watch.costs == sorted(watch.costs, reverse=True)


@pytest.mark.parametrize("name", DAYS)
def test_plans_of_the_search_keep_every_rule(name: str) -> None:
    """A plan that the compiled search finds passes the checker."""
    problem = plain_day(name, 99)
    scenario = random_day(DAYS[name], 99)
    plan = solve(problem, scenario.effort, seed=1)
    assert plan.solver["tool"] == "ruin and recreate by string removals"
    assert check(problem, plan) == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", DAYS)
def test_sums_kept_step_by_step_are_those_of_the_plan(kind: str, name: str) -> None:
    """After hundreds of changes and undone changes the running cost is that of the plan built anew from its rows."""
    problem = KINDS[kind](name, 7)
    g = ground(problem)
    s = blank(problem, g, 3)
    construct(g, s, True, -1)
    for _ in range(20):
        anneal(g, s, 50, 1e10, 1e9, SHORT, -1)
        rows, length = s.best.copy(), int(s.counter[at.BEST_LENGTH])
        again = blank(problem, g, 4)
        assert load(g, again, rows, length)
        assert again.counter[at.LEVEL] == s.counter[at.BEST]
        mine = Draft.of(Given(problem), _routes_now(problem, g, s))
        assert mine.cost() == s.counter[at.LEVEL]


def test_the_same_seed_gives_the_same_plan() -> None:
    """Two searches with one seed and the same work end with the same routes; another seed takes another way."""
    problem = plain_day("vehicles are mixed", 3)
    found = [explore(problem, 700, seed, watch) for seed, watch in ((5, Patient()), (5, Patient()))]
    assert found[0] == found[1]


def test_a_search_goes_on_from_a_plan_that_it_is_given() -> None:
    """A search without steps returns the very routes that it was given."""
    problem = plain_day("vehicles are mixed", 3)
    rows, _, _ = explore(problem, STEPS, 1, Patient())
    watch = Patient()
    kept, done, _ = explore(problem, 0, 2, watch, rows)
    assert (sorted(kept), done) == (sorted((f, list(row)) for f, row in rows), 0)
    assert watch.costs == [Draft.of(Given(problem), rows).cost()]


def _routes_now(problem: Problem, g: at.Ground, s: at.State) -> list[tuple[int, list[int]]]:
    routes = []
    for v in s.in_use[: s.counter[at.IN_USE]]:
        row, t = [], int(s.vehicle[v, at.FIRST])
        while t >= 0:
            row.append(-1)
            hub = len(problem.option_order) + t
            p = int(s.node[hub, at.NEXT])
            while p != hub:
                row.append(p)
                p = int(s.node[p, at.NEXT])
            t = int(s.trip[t, at.AFTER])
        routes.append((int(s.vehicle[v, at.KIND]), row))
    return routes


def test_a_compilation_that_takes_long_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for the search to be compiled is told so on stderr; else nothing is said."""
    problem = plain_day("vehicles are mixed", 3)
    search.warm_up(problem, ground(problem))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(search, "NOTICE_S", 0.0)
    monkeypatch.setattr(search, "construct", lambda *_: time.sleep(0.2))
    search.warm_up(problem, ground(problem))
    assert "compiled on first use" in capsys.readouterr().err


def test_a_row_holds_the_widest_plan() -> None:
    """The row on trial is long enough for a plan in which every order has a trip and a vehicle of its own."""
    problem = plain_day("vehicles are mixed", 3)
    orders = len(problem.order_ids)
    many = replace(problem, fleets=tuple(replace(fleet, count=orders) for fleet in problem.fleets))
    assert len(blank(many, ground(many), 0).row) >= 3 * orders


@pytest.mark.parametrize("seed", range(30))
def test_no_step_at_any_price_breaks_a_rule(seed: int) -> None:
    """Where orders are put back at any price, whatever breaks and lateness cost, sums stay those of the plan."""
    scenario = random_day(DAYS["vehicles are mixed and late"], seed)
    free = replace(scenario, prices=replace(scenario.prices, late_per_hour=9.0 * (seed % 2), unserved_price=4))
    rules = replace(free.work, shift_s=5400, break_after_s=(0, 1800)[seed % 3 == 0], break_s=2700)
    problem = tabulate(replace(free, work=rules), "only")
    g = ground(problem)
    s = blank(problem, g, seed)
    construct(g, s, True, -1)
    for _ in range(60):
        anneal(g, s, 1, 1e10, 1e10, SHORT, -1)
        assert Draft.of(Given(problem), _routes_now(problem, g, s)).cost() == s.counter[at.LEVEL]


def test_vehicles_change_places_only_with_those_that_may_do_the_same() -> None:
    """A cheap vehicle that may not go far does not take over the way of a dear one that may."""
    near, far = (order(name, x_m, accepts=frozenset({Handover.DOOR})) for name, x_m in (("near", 1500), ("far", -4000)))
    problem = tabulate(configured(plain((near, far)), group("van", 1, "door"), group("van", 1, "door")), "only")
    alone = {"max_trips": 1, "max_parcels": 1, "break_after_s": 0, "duty_cost": 0, "vehicle_cost": 0}
    cheap, dear = (replace(fleet, **alone) for fleet in problem.fleets)
    fleets = replace(cheap, allowed=problem.option_order == 0), replace(dear, metre_cost=10 * dear.metre_cost)
    problem = replace(without_breaks_and_promises(problem), fleets=fleets)
    plan = solve(problem, Effort(10, 60), seed=1)
    assert check(problem, plan) == ()
    assert plan.unserved == ()
