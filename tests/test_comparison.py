"""Tests of who was better, and how surely."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from doorstep.comparison import Comparison, days_needed, interval, pareto
from doorstep.errors import InputError


def test_intervals_are_those_of_student() -> None:
    """Mean and interval are those of scipy's t distribution; days without a number are left out."""
    values = np.random.default_rng(1).normal(5, 2, 30)
    low, high = stats.t.interval(0.95, 29, loc=values.mean(), scale=stats.sem(values))
    for given in (values, np.append(values, np.nan)):
        found = interval(given)
        assert (found.mean, found.low, found.high) == pytest.approx((values.mean(), low, high))
    assert interval(np.array([3.0])).high == math.inf
    assert math.isnan(interval(np.array([np.nan])).mean)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of a thousand intervals some 95 in a hundred hold the true mean."""
    rng = np.random.default_rng(2)
    held = [found.low <= 1.0 <= found.high for found in (interval(rng.normal(1, 3, 12)) for _ in range(1000))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.025)


def test_the_same_days_make_small_differences_sure() -> None:
    """Two that differ by little on the same wild days are told apart, though their own intervals overlap."""
    days = np.random.default_rng(3).normal(100, 30, 50)
    close = Comparison(("a", "b"), np.array([days, days + 1 + 0.1 * np.sin(np.arange(50))]), -1)
    assert close.interval("a").high > close.interval("b").low
    first, second = close.ranks()
    assert (first.name, second.name) == ("a", "b")
    assert first.sure
    assert second.sure
    assert second.behind is not None
    assert second.behind.mean == pytest.approx(1.0, abs=0.05)


def test_who_has_no_days_is_named() -> None:
    """Asked for a configuration that it does not have, it says which there are."""
    both = Comparison(("a", "b"), np.ones((2, 3)), -1)
    for ask in (lambda: both.interval("c"), lambda: both.difference("a", "c")):
        with pytest.raises(InputError, match=r"'c' \(choose one of a, b\)"):
            ask()


def test_who_is_not_sure_says_so() -> None:
    """Two that are alike on the whole are ranked by their means, and not surely; with more is better turned round."""
    rng = np.random.default_rng(4)
    alike = Comparison(("a", "b"), rng.normal(0, 1, (2, 40)), 1)
    first, second = alike.ranks()
    assert first.mean >= second.mean
    assert not first.sure
    assert not second.sure


def test_the_best_is_sure_before_everybody() -> None:
    """The best is not surely so where one farther behind, whose days are wild, may be before it."""
    rng = np.random.default_rng(6)
    calm = rng.normal(10, 0.1, 30)
    three = Comparison(("a", "b", "wild"), np.array([calm, calm + 1, calm + rng.normal(1.2, 9, 30)]), -1)
    first, second, _ = three.ranks()
    assert (first.name, second.name, second.sure, first.sure) == ("a", "b", True, False)
    assert not three.settled(0.95)


def test_who_is_alike_on_every_day_needs_no_more() -> None:
    """Two of which every day is the same are not told apart by more days, so it is settled though not sure."""
    days = np.random.default_rng(7).normal(10, 1, 20)
    twins = Comparison(("a", "b", "c"), np.array([days, days, days + 5]), -1)
    assert twins.settled(0.99)
    assert not twins.ranks()[0].sure


def test_a_width_that_is_reached() -> None:
    """As many days as are told to be needed for a width give it, about, and a tenth of them do not."""
    values = np.random.default_rng(8).normal(10, 2, (2, 4000))
    whole = Comparison(("a", "b"), values, -1)
    days = whole.days_needed(0.02)
    assert Comparison(("a", "b"), values[:, : int(1.1 * days)], -1).within(0.02)
    assert not Comparison(("a", "b"), values[:, : days // 10], -1).within(0.02)


def test_numbers_that_nobody_has() -> None:
    """A configuration without a number on any day is in no rank."""
    some = Comparison(("a", "b"), np.array([[1.0, 2.0], [np.nan, np.nan]]), -1)
    assert [step.name for step in some.ranks()] == ["a"]
    assert some.ranks()[0].sure


def test_days_for_a_width() -> None:
    """Half the width takes four times the days, and the days that are told give about the width."""
    values = np.random.default_rng(5).normal(10, 2, 4000)
    days = days_needed(values, 0.1)
    assert days_needed(values, 0.05) == pytest.approx(4 * days, rel=0.01)
    assert interval(values[:days]).half == pytest.approx(0.1, rel=0.1)
    assert days_needed(values[:1], 0.1) == 0


def test_the_front() -> None:
    """Whoever is beaten in all numbers is not on the front; equals are, and trade-offs are."""
    numbers = {"cheap": (1, 9), "quick": (9, 1), "middle": (5, 5), "beaten": (6, 6), "equal": (5, 5)}
    assert pareto(numbers) == ("cheap", "quick", "middle", "equal")
