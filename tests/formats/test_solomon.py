"""Tests of Solomon's files: windows, the two objectives, and their roundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from texts import SOLOMON

from doorstep.formats import Objective, Rounding, Solution, read_instance, recompute, score

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]


def test_distance_is_in_truncated_tenths(written: Write) -> None:
    """By default lengths are cut off after one decimal, and costs are told with it."""
    instance = read_instance(written(SOLOMON))
    assert (instance.name, instance.kind, instance.rounding, instance.factor) == ("R3", "solomon", Rounding.TRUNC1, 10)
    assert instance.problem.fleets[0].distance_m[0].tolist() == [0, 14, 28, 90]
    assert (instance.problem.fleets[0].count, instance.problem.fleets[0].close_s) == (2, 600)
    bill = recompute(instance, Solution(((1, 2), (3,))))
    assert (bill.cost, bill.vehicles, bill.feasible) == (1.4 + 1.4 + 2.8 + 18, 2, True)


def test_vehicles_then_distance_is_in_doubles(written: Write) -> None:
    """With vehicles first lengths are not rounded."""
    instance = read_instance(written(SOLOMON), objective=Objective.VEHICLES)
    assert instance.rounding == Rounding.NONE
    bill = recompute(instance, Solution(((1, 2), (3,))))
    assert bill.cost == pytest.approx(4 * 2**0.5 + 18, abs=1e-6)
    assert score(instance, bill) == pytest.approx(20_000 + 4 * 2**0.5 + 18, abs=1e-6)


def test_windows_loads_and_the_fleet_are_judged(written: Write) -> None:
    """A late arrival, too much aboard and a third vehicle of two are each found out."""
    instance = read_instance(written(SOLOMON))
    cases = {((2, 1), (3,)): "window", ((1, 2, 3),): "mass", ((1,), (2,), (3,)): "fleet"}
    for routes, rule in cases.items():
        assert {violation.rule for violation in recompute(instance, Solution(routes)).violations} == {rule}


def test_a_customer_left_out_is_missing(written: Write) -> None:
    """All customers must be served."""
    bill = recompute(read_instance(written(SOLOMON)), Solution(((1, 2),)))
    assert (bill.missing, bill.violations, bill.feasible) == (1, (), False)


def test_more_vehicles_than_customers_take_no_room(written: Write) -> None:
    """A file of two thousand million vehicles is read at once; one for each customer will do."""
    instance = read_instance(written(SOLOMON.replace("  2         10", "  2147483647         10")))
    assert instance.problem.fleets[0].count == 3
    assert "2147483647" in " ".join(instance.notes)
