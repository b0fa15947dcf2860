"""Where orders go when lockers are full, and what is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from plain import configured, group, order, plain

from doorstep.evaluation.scorecard import evaluate
from doorstep.handover import Handover, Size
from doorstep.lockers.locker import Locker
from doorstep.planning.checker import check
from doorstep.planning.planner import solve
from doorstep.planning.task.tables import tabulate
from doorstep.simulation.trace import simulate
from doorstep.study import run

NEAR, FAR = Locker("near", 0, 0, {Size.S: 2}), Locker("far", 300, 0, {Size.S: 1})
AT_HOME = tuple(order(f"o{k}", 10.0 * k, 0, walk_limit_m=400) for k in range(5))


def test_a_full_locker_overflows_to_the_next_and_then_to_the_door() -> None:
    """Of five orders two fill the nearest locker, one the next within the walk, and the door takes the rest."""
    scenario = configured(plain(AT_HOME), group("van", 1, "locker", reserve=("door",)), lockers=("near", "far"))
    scenario = replace(scenario, lockers={"near": NEAR, "far": FAR})
    study = run(scenario)
    frame = study.orders()
    assert Counter(frame["locker"]) == {"near": 2, "far": 1, "": 2}
    assert set(frame.loc[frame["locker"] == "", "handover"]) == {"door"}
    near, far = study.banks("only")
    assert (near.nearest, near.elsewhere, near.otherwise) == (5, 1, 2)
    assert (far.parcels, far.nearest) == (1, 0)
    assert study.outcomes[0].scorecard.violations == 0


def test_without_a_way_to_the_door_full_lockers_are_the_reason() -> None:
    """Where nobody may go to the door, what does not fit is unserved, and each locker is named as full."""
    scenario = configured(plain(AT_HOME), group("van", 1, "locker"), lockers=("near", "far"))
    study = run(replace(scenario, lockers={"near": NEAR, "far": FAR}))
    reasons = study.unserved_frame()
    assert len(reasons["order"].unique()) == 2
    assert set(reasons["rule"]) == {"compartments"}
    assert set(reasons["detail"]) == {"near", "far"}


@pytest.mark.parametrize(
    ("bank", "rule"),
    [
        (Locker("near", 0, 0, {Size.S: 0}, taken={Size.S: 2}), "compartments"),
        (Locker("near", 0, 0, {Size.S: 3}), "size"),
        (Locker("near", 0, 4000, {Size.M: 3}), "walk"),
    ],
)
def test_why_no_locker_takes_an_order(bank: Locker, rule: str) -> None:
    """Lockers that are full in the morning, too small and too far away are told apart."""
    size = Size.S if rule == "compartments" else Size.M
    scenario = configured(plain((order("a", 10, 0, size=size),)), group("van", 1, "locker"), lockers=("near",))
    problem = tabulate(replace(scenario, lockers={"near": bank}), "only")
    (refusal,) = problem.refusals
    assert refusal.rule == rule


def test_customers_walk_on_the_foot_layer_there_and_back() -> None:
    """The walk of an order is twice its way to the locker, and whoever accepts no locker has no such option."""
    orders = (order("a", 120, 0), order("b", 50, 0, accepts=frozenset({Handover.DOOR})))
    scenario = configured(plain(orders), group("van", 1, "locker", "door"), lockers=("near",))
    problem = tabulate(replace(scenario, lockers={"near": NEAR}), "only")
    walks = {
        problem.order_ids[o]: w
        for o, w, k in zip(problem.option_order, problem.option_walk_m, problem.option_kind, strict=True)
        if k == Handover.LOCKER
    }
    assert walks == {"a": 240.0}
    assert [refusal.rule for refusal in problem.refusals] == ["consent"]


def test_one_handover_for_a_household_takes_less_time() -> None:
    """Two orders handed over as one count as two, cost less than apart, and as much when they are left out."""
    two = tuple(order(name, 500, 0, household="h") for name in "ab")
    joined = (replace(two[0], id="a+b", mass_kg=2, volume_l=8, parcels=2),)
    apart = tabulate(configured(plain(two), group("van", 1)), "only").unserved_cost.sum()
    cards = {}
    for orders in (two, joined):
        scenario = configured(plain(orders), group("van", 1, "door"))
        problem = tabulate(scenario, "only")
        assert problem.unserved_cost.sum() == apart
        plan = solve(problem, scenario.effort, seed=1)
        assert check(problem, plan) == ()
        cards[len(orders)] = evaluate(problem, plan, simulate(problem, plan))
    assert (cards[1].orders, cards[1].served, cards[1].handovers) == (2, 2, {"door": 2})
    assert cards[1].cost_total < cards[2].cost_total
