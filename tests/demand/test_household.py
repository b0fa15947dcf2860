"""Orders of one home, handed over as one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from doorstep.demand.household import consolidated
from doorstep.demand.order import Dwelling, Order, Window
from doorstep.demand.sample import Sampling, sample_orders
from doorstep.handover import Handover, Size
from doorstep.network.network import Doors

HOUR = 3600.0
ONE = Order(
    id="a",
    x_m=0,
    y_m=0,
    mass_kg=1,
    volume_l=10,
    size=Size.S,
    placed_s=0,
    ready_s=8 * HOUR,
    window=Window(9 * HOUR, 18 * HOUR),
    promise_s=20 * HOUR,
    dwelling=Dwelling.HOUSE,
    landing_place=True,
    accepts=frozenset({Handover.DOOR, Handover.LOCKER}),
    walk_limit_m=500,
    household="h",
)
OTHER = replace(
    ONE,
    id="b",
    volume_l=15,
    placed_s=-HOUR,
    ready_s=10 * HOUR,
    window=Window(12 * HOUR, 20 * HOUR),
    promise_s=19 * HOUR,
    accepts=frozenset({Handover.DOOR, Handover.KERB}),
    walk_limit_m=400,
)
DOORS = Doors(np.array([[0.0, 0], [100, 0], [0, 100]]), np.array([False, True, False]), np.array([1.0, 20, 1]))


def test_two_orders_of_a_home_become_one() -> None:
    """What is joined weighs and fills what both do, and keeps the stricter of everything else."""
    (joined,) = consolidated([ONE, OTHER], Size.L)
    assert (joined.id, joined.parcels, joined.mass_kg, joined.volume_l, joined.size) == ("a+b", 2, 2, 25, Size.M)
    assert (joined.placed_s, joined.ready_s, joined.promise_s) == (-HOUR, 10 * HOUR, 19 * HOUR)
    assert joined.window == Window(12 * HOUR, 18 * HOUR)
    assert joined.accepts == {Handover.DOOR}
    assert joined.walk_limit_m == 400


@pytest.mark.parametrize(
    "change",
    [
        {"household": "g"},
        {"household": ""},
        {"platform": "p"},
        {"volume_l": 30.0},
        {"mass_kg": 31.0},
        {"x_m": 60.0},
        {"window": Window(18.5 * HOUR, 20 * HOUR)},
    ],
)
def test_what_does_not_go_together_is_left_apart(change: dict[str, object]) -> None:
    """Orders of other homes or platforms, too large, too heavy, elsewhere or at other times stay apart."""
    orders = (ONE, replace(OTHER, **change))
    assert consolidated(orders, Size.M) == orders


def test_a_home_may_need_two_handovers() -> None:
    """Orders that do not fit together fill one handover after the other, and none is lost."""
    orders = [replace(ONE, id=str(k), volume_l=14) for k in range(5)]
    found = consolidated(orders, Size.M)
    assert [one.parcels for one in found] == [2, 2, 1]
    assert "+".join(one.id for one in found) == "0+1+2+3+4"


def test_a_share_of_the_orders_goes_to_the_home_of_another() -> None:
    """About the share asked for goes to an earlier order's home, with its place and wishes; nothing else changes."""
    rng = np.random.default_rng
    alone = sample_orders(DOORS, Sampling(orders=400), rng(5))
    shared = sample_orders(DOORS, Sampling(orders=400, household_share=0.3), rng(5))
    first = {order.household: order for order in reversed(shared)}
    assert 400 - len(first) == pytest.approx(120, abs=30)
    for one, other in zip(alone, shared, strict=True):
        root = first[other.household]
        assert (other.mass_kg, other.placed_s, other.window) == (one.mass_kg, one.placed_s, one.window)
        assert (other.x_m, other.accepts, other.walk_limit_m) == (root.x_m, root.accepts, root.walk_limit_m)
    assert {order.household for order in alone} == {""}


def test_the_homes_of_a_smaller_day_are_those_of_a_larger() -> None:
    """The first orders of a larger day go to the same homes as those of a smaller one."""
    small, large = (
        sample_orders(DOORS, Sampling(orders=n, household_share=0.4), np.random.default_rng(2)) for n in (20, 50)
    )
    assert small == large[:20]


def test_a_share_of_the_orders_is_returns() -> None:
    """About the share asked for is returns, and all else of the orders stays as it was."""
    alone = sample_orders(DOORS, Sampling(orders=400), np.random.default_rng(5))
    some = sample_orders(DOORS, Sampling(orders=400, return_share=0.25), np.random.default_rng(5))
    assert sum(order.is_return for order in some) == pytest.approx(100, abs=30)
    assert tuple(replace(order, is_return=False) for order in some) == alone
    back = replace(ONE, id="c", is_return=True)
    assert consolidated([ONE, back], Size.L) == (ONE, back)
