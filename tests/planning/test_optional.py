"""Tests of orders that may be left out: of a search that serves them first as if they were worth more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import configured, group, order, plain
from test_sisr import Patient

from doorstep.network.compiled import bare_code
from doorstep.planning.checker import check, cost
from doorstep.planning.clock import layout as at
from doorstep.planning.planner import solve
from doorstep.planning.sisr.annealing import construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.optional import are_optional, serve_generously
from doorstep.planning.sisr.pace import Pace
from doorstep.planning.sisr.rows import write_all
from doorstep.planning.sisr.search import SHORT
from doorstep.planning.sisr.strings import give_up
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem


def villages(price: int) -> Problem:
    """Return a day with three far villages of twelve orders each, for vans that leave once; money is metres."""
    rng = np.random.default_rng(1)
    places = [(9000.0 * np.cos(a), 9000.0 * np.sin(a)) for a in (0.0, 2.1, 4.2)]
    orders = [
        order(f"{v}-{k}", x + float(rng.uniform(-300, 300)), y + float(rng.uniform(-300, 300)), mass_kg=5)
        for v, (x, y) in enumerate(places)
        for k in range(12)
    ]
    problem = tabulate(configured(plain(tuple(orders), hub_m=(0, 0)), group("van", 9, "door")), "only")
    nothing = {
        "vehicle_cost": 0,
        "trip_cost": 0,
        "stop_cost": 0,
        "duty_cost": 0,
        "away_cost": 0,
        "break_after_s": 0,
        "draw": None,
    }
    fleets = tuple(replace(f, **nothing, metre_cost=1, max_trips=1, max_parcels=12) for f in problem.fleets)
    prices = np.full(len(orders), price)
    return replace(problem, fleets=fleets, late_cost=0, unserved_cost=prices, hub_cost=np.zeros_like(problem.hub_cost))


@pytest.mark.parametrize(("price", "optional"), [(10**9, False), (2500, True)])
def test_orders_are_optional_where_they_are_worth_little(price: int, *, optional: bool) -> None:
    """Prices beyond what serving costs leave no choice; those near it do."""
    problem = villages(price)
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    assert are_optional(g, 1500.0) == optional


def test_prices_are_true_again_afterwards() -> None:
    """After a while of generosity prices, the plan's cost and the best plan are what they say."""
    problem = villages(2500)
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    first, pace = int(s.counter[at.BEST]), Pace(20_000, Patient())
    serve_generously(g, s, pace, (SHORT, SHORT), 1500.0)
    assert (g.price == problem.unserved_cost).all()
    assert 0 < pace.done < 20_000
    assert s.counter[at.BEST] <= first
    best, length, told = s.best.copy(), int(s.counter[at.BEST_LENGTH]), int(s.counter[at.BEST])
    assert load(g, s, best, length)
    assert s.counter[at.LEVEL] == told


def test_a_village_is_served_where_it_pays_as_a_whole() -> None:
    """No order of a far village is worth its way, and all together are: they are served, or none where they are not."""
    scenario = configured(plain(()), group("van", 1, "door"))
    worth = solve(villages(2500), replace(scenario.effort, work=60), seed=1)
    assert check(villages(2500), worth) == ()
    assert worth.unserved == ()
    poor = solve(villages(1000), replace(scenario.effort, work=60), seed=1)
    assert len(poor.unserved) == 36
    assert cost(villages(1000), poor) == 36_000


def test_who_was_put_back_at_any_price_and_does_not_pay_goes_again() -> None:
    """No step at any price leaves an order behind whose detour is longer than what it is worth, and sums stay true."""
    problem = villages(400)
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    served, before = int(s.counter[at.SERVED]), int(s.counter[at.LEVEL])
    s.counter[at.STEP] += 1
    s.counter[at.LOGGED] = s.counter[at.CHANGED] = 0
    s.out[:36] = np.arange(36)
    lighten(g, s, 36)
    assert s.counter[at.SERVED] < served
    assert s.counter[at.LEVEL] < before
    rows, told = s.row.copy(), int(s.counter[at.LEVEL])
    length = int(write_all(g, s, rows))
    assert load(g, s, rows, length)
    assert s.counter[at.LEVEL] == told


@bare_code
def lighten(g: at.Ground, s: at.State, n: int) -> None:
    """Call the compiled code of the search."""
    give_up(g, s, n)
