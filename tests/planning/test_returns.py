"""Returns, fetched at the door or out of a locker on the same trips as deliveries."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest
from plain import HOUR, MODES, changed, configured, group, order, plain, random_orders

from doorstep.demand.order import Window
from doorstep.handover import Handover, Size
from doorstep.lockers.locker import Locker
from doorstep.planning.checker import check
from doorstep.planning.planner import solve
from doorstep.planning.problem import DELIVER, RETURN
from doorstep.planning.task.tables import tabulate
from doorstep.study import run


def test_a_return_takes_the_room_that_a_delivery_has_left() -> None:
    """A van that holds two brings two and fetches two in one trip, each fetched after one is handed over."""
    orders = tuple(order(f"o{k}", 500 + 100 * k, 0, is_return=k % 2 == 0) for k in range(4))
    scenario = changed(configured(plain(orders), group("van", 1, "door")), "van", max_parcels=2, payload_kg=2)
    problem = tabulate(scenario, "only")
    plan = solve(problem, scenario.effort, seed=1)
    assert check(problem, plan) == ()
    ((trip,),) = [route.trips for route in plan.routes]
    parts = [int(problem.option_part[stop.option]) for stop in trip.stops]
    aboard = 2 + np.cumsum([{DELIVER: -1, RETURN: 1}[part] for part in parts])
    assert sorted(parts) == [DELIVER, DELIVER, RETURN, RETURN]
    assert aboard.max() <= 2


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["courier", "robot", "locker", "mixed"])
def test_days_with_returns_break_no_rule(seed: int, name: str) -> None:
    """Plans of days on which a third of the orders are returns keep every rule and lose no order."""
    drawn = random_orders(18, seed, same_day=True)
    orders = tuple(replace(one, is_return=k % 3 == 0) for k, one in enumerate(drawn))
    study = run(plain(orders, work=20), configurations=[name])
    (outcome,) = study.outcomes
    card = outcome.scorecard
    assert card.violations == 0
    assert card.served + card.unserved == 18
    frame = study.orders()
    fetched = frame[(frame["status"] == "served") & frame["returned"]]
    assert card.returns == len(fetched) <= 6
    assert set(fetched["order"]) <= {one.id for one in orders if one.is_return}


def test_the_cheapest_sequence_is_found() -> None:
    """With little room aboard a plan costs no more than the best of all sequences of one trip."""
    rng = np.random.default_rng(4)
    places = rng.uniform(-1500, 1500, (6, 2))
    orders = tuple(order(f"o{k}", *map(float, xy), is_return=k < 3) for k, xy in enumerate(places))
    scenario = changed(configured(plain(orders, work=200), group("van", 1, "door")), "van", max_parcels=3)
    problem = tabulate(scenario, "only")
    plan = solve(problem, scenario.effort, seed=1)
    assert check(problem, plan) == ()
    best = np.inf
    legs, site = problem.fleets[0].distance_m, problem.option_site
    for row in permutations(range(6)):
        change = [-1 if problem.option_part[k] == DELIVER else 1 for k in row]
        if max(3 + np.cumsum(change)) <= 3:
            stops = [0, *(int(site[k]) for k in row), 0]
            best = min(best, sum(int(legs[a, b]) for a, b in pairwise(stops)))
    metres = sum(trip.distance_m for route in plan.routes for trip in route.trips)
    assert metres <= best


def test_returns_are_fetched_when_they_are_ready_and_out_of_lockers() -> None:
    """A return waits for its own time and no trip for it; in a locker it takes a compartment until it is fetched."""
    late = order("late", 400, 0, is_return=True, ready_s=11 * HOUR, accepts=frozenset({Handover.DOOR}))
    early = order("early", 450, 0, window=Window(0, 10 * HOUR), accepts=frozenset({Handover.DOOR}))
    box = order("box", 20, 0, is_return=True, accepts=frozenset({Handover.LOCKER}))
    scenario = configured(plain((late, early, box)), group("van", 1, "door", "locker"), lockers=("square",))
    scenario = replace(scenario, lockers={"square": Locker("square", 0, 0, {Size.S: 1})})
    study = run(scenario)
    frame = study.orders().set_index("order")
    assert study.outcomes[0].scorecard.violations == 0
    assert frame.loc["late", "delivered_s"] >= 11 * HOUR
    assert frame.loc["early", "delivered_s"] <= 10 * HOUR + 300
    assert frame.loc["box", "locker"] == "square"
    (bank,) = study.banks("only")
    assert (bank.parcels, bank.nearest) == (1, 0)


def test_an_aircraft_fetches_nothing_from_a_yard() -> None:
    """A return that only an aircraft could come for is unserved, and the reason is told."""
    back = order("a", 300, 0, is_return=True, accepts=frozenset({Handover.YARD}))
    study = run(configured(plain((back,)), group("quadcopter", 1)))
    assert list(study.unserved_frame()["rule"]) == ["return"]


def test_returns_have_no_latency() -> None:
    """Latency is that of deliveries: a day of returns alone has none, and its cost is shared by what was fetched."""
    orders = (order("a", 300, 0, is_return=True), order("b", 300, 0, is_return=True))
    (outcome,) = run(configured(plain(orders), group("van", 1, "door"))).outcomes
    assert outcome.scorecard.latency_min == {}
    assert (outcome.scorecard.served, outcome.scorecard.returns) == (2, 2)
    assert outcome.scorecard.cost_per_delivered == outcome.scorecard.cost_total / 2
    assert MODES["van"].max_parcels > 2
