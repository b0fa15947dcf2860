"""Tests of Li and Lim's files: pickups with their deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from texts import LILIM

from doorstep.formats import Objective, Solution, read_instance, recompute
from doorstep.planning.problem import DROP, PICK_UP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]


def test_pairs_are_orders_of_two_options(written: Write) -> None:
    """A pickup and its delivery are the two options of one order, and mates."""
    instance = read_instance(written(LILIM))
    problem = instance.problem
    assert (instance.kind, instance.objective) == ("lilim", Objective.VEHICLES)
    assert problem.order_ids == ("1>2", "3>4")
    assert problem.option_order.tolist() == [0, 0, 1, 1]
    assert problem.option_part.tolist() == [PICK_UP, DROP, PICK_UP, DROP]
    assert problem.option_mate.tolist() == [1, 0, 3, 2]
    assert problem.mass_g.tolist() == [2, 2]


def test_a_good_route_is_costed(written: Write) -> None:
    """One vehicle takes the pairs one after the other and waits for the last window."""
    bill = recompute(read_instance(written(LILIM)), Solution(((1, 2, 3, 4),)))
    assert bill.feasible
    assert bill.cost == pytest.approx(3 + 4 + 3 + 3 + 1)
    trip = bill.plan.routes[0].trips[0]
    assert trip.return_s == 22_000
    assert trip.stops[-1].start_s == 20_000


@pytest.mark.parametrize(
    ("routes", "rules"),
    [
        (((2, 1, 3, 4),), {"pair-order"}),
        (((1, 2, 3), (4,)), {"pair"}),
        (((1, 3, 2, 4),), {"mass"}),
        (((1, 2, 4),), {"pair"}),
    ],
)
def test_bad_routes_are_found_out(written: Write, routes: tuple[tuple[int, ...], ...], rules: set[str]) -> None:
    """A delivery before its pickup, in another vehicle or alone, and too much aboard on the way, are found out."""
    bill = recompute(read_instance(written(LILIM)), Solution(routes))
    assert {violation.rule for violation in bill.violations} - {"each-order-once"} == rules
