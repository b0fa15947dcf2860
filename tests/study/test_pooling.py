"""Tests of platforms that deliver apart and together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from doorstep.errors import InputError
from doorstep.evaluation.shapley import coalitions
from doorstep.planning.begun.merging import merged
from doorstep.planning.checker import check, cost
from doorstep.scenario.scenario import Platform
from doorstep.study.pooling import Pooling, coalition_scenario, pool

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario

NAMES = ("a", "b", "c")


@pytest.fixture(scope="module")
def shared(village: Scenario) -> Scenario:
    """Return the village with its twelve orders in the hands of three platforms."""
    orders = tuple(replace(order, platform=NAMES[k % 3]) for k, order in enumerate(village.orders))
    return replace(village, orders=orders, platforms=tuple(map(Platform, NAMES)))


@pytest.fixture(scope="module")
def pooling(shared: Scenario) -> Pooling:
    return pool(shared, configurations=["courier", "locker"])


def test_no_coalition_pays_more_than_its_parts(pooling: Pooling) -> None:
    """Every coalition is planned, and none is dearer than any two parts of it together."""
    for name in pooling.configurations:
        paid = pooling.cost(name)
        assert set(paid) == set(coalitions(NAMES))
        for some in paid:
            for part in paid:
                if part < some:
                    assert paid[some] <= paid[part] + paid[some - part]


def test_the_split_is_the_cost_of_all(pooling: Pooling) -> None:
    """What the platforms pay adds up to what they cost together, and nobody pays more than alone."""
    for name in pooling.configurations:
        paid, split = pooling.cost(name), pooling.split(name)
        assert sum(split.values()) == paid[frozenset(NAMES)]
        assert all(split[one] <= paid[frozenset((one,))] for one in NAMES)


def test_orders_are_those_of_the_members(pooling: Pooling, shared: Scenario) -> None:
    """A coalition serves the orders of its members and no others, and keeps every rule."""
    for some, study in pooling.studies.items():
        mine = {order.id for order in shared.orders if order.platform in some}
        for outcome in study.outcomes:
            assert set(outcome.problem.order_ids) == mine
            assert outcome.scorecard.violations == 0


def test_what_is_theirs_is_put_together(shared: Scenario) -> None:
    """Vehicles, pads, chargers, people and banks add up where several have them; what one owns comes with it alone."""
    hub, locker = next(iter(shared.hubs)), next(iter(shared.lockers))
    busy = replace(shared, hubs={hub: replace(shared.hubs[hub], pads=2, chargers=3, loaders=1)})
    busy = replace(busy, configurations=tuple(replace(one, operators=3) for one in busy.configurations))
    two = coalition_scenario(busy, frozenset("ab"))
    for one, other in zip(busy.configurations, two.configurations, strict=True):
        assert [2 * group.count for group in one.vehicles] == [group.count for group in other.vehicles]
        assert other.operators == 6
    assert (two.hubs[hub].pads, two.hubs[hub].chargers, two.hubs[hub].loaders) == (4, 6, 2)
    assert list(two.lockers) == [f"{name} of {who}" for name in shared.lockers for who in "ab"]
    owned = replace(busy, platforms=(Platform("a", (hub,), (locker,)), Platform("b"), Platform("c")))
    assert locker in coalition_scenario(owned, frozenset("a")).lockers
    without = coalition_scenario(owned, frozenset("bc"))
    assert locker not in without.lockers
    assert not any(group.count for one in without.configurations for group in one.vehicles)


def test_merged_plans_do_what_the_parts_did(pooling: Pooling) -> None:
    """Two plans as one serve the orders of both, keep every rule and cost the same but for what is paid once."""
    parts = [pooling.outcome("courier", one) for one in ("a", "b")]
    whole = pooling.outcome("courier", "a", "b").problem
    plan = merged(whole, [(part.problem, part.plan) for part in parts])
    assert check(whole, plan) == ()
    assert len(plan.unserved) == sum(len(part.plan.unserved) for part in parts)
    apart = sum(cost(part.problem, part.plan) for part in parts)
    assert cost(whole, plan) == apart - int(whole.hub_cost.sum())


def test_too_few_or_too_many(shared: Scenario) -> None:
    """One platform with orders, or seven, cannot be pooled, and it is said how many can."""
    alone = replace(shared, orders=tuple(replace(order, platform="a") for order in shared.orders))
    names = [f"p{k}" for k in range(7)]
    many = replace(shared, platforms=tuple(map(Platform, names)))
    many = replace(many, orders=tuple(replace(o, platform=names[k % 7]) for k, o in enumerate(shared.orders)))
    for scenario in (alone, many, replace(shared, platforms=())):
        with pytest.raises(InputError, match="2 to 6 can be pooled"):
            pool(scenario)
