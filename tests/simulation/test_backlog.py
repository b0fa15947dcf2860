"""Tests of what is carried on from day to day, against the fluid formula and by counting every order."""

from __future__ import annotations

import itertools
import math
from collections import deque

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from doorstep.simulation.backlog import carry_on, fluid_peak


@pytest.mark.parametrize(
    ("peak", "usual", "days", "most", "clear"),
    [(1.51, 1.25, 1, 0.26, 1.04), (1.25, 1.10, 22, 3.3, 33.0)],
    ids=["Double-11 day", "season"],
)
def test_published_figures(peak: float, usual: float, days: int, most: float, clear: float) -> None:
    """The fluid formula and days one by one both give the computed backlog and clearing time."""
    assert fluid_peak(peak, usual, days, 1.0) == pytest.approx((most, clear), abs=0.005)
    found = carry_on([peak] * days, 1.0, usual)
    assert (found.most, found.clear_days) == pytest.approx((most, clear), abs=0.005)


@given(st.floats(1.0, 4.0), st.floats(1.02, 4.0), st.integers(1, 30), st.floats(1, 500))
def test_days_one_by_one_are_the_fluid(peak: float, usual: float, days: int, ordinary: float) -> None:
    """For any level peak the backlog of days one by one and its clearing time are those of the fluid formula."""
    fluid = fluid_peak(peak, usual, days, ordinary)
    assume(fluid.clear_days < 390)
    found = carry_on([peak * ordinary] * days, ordinary, usual * ordinary)
    assert found.most == pytest.approx(fluid.most)
    assert found.clear_days == pytest.approx(fluid.clear_days, abs=1e-6)


days = st.lists(st.integers(0, 60), min_size=1, max_size=20)


@given(days, st.integers(0, 30), st.integers(1, 60))
def test_every_order_has_its_day(surge: list[int], ordinary: int, capacity: int) -> None:
    """Served and carried on add up to what came; mean and longest wait are those of orders counted one by one."""
    assume(ordinary < capacity)
    found = carry_on(surge, ordinary, capacity)
    queue: deque[int] = deque()
    waits = []
    for day, new in enumerate(found.new.tolist()):
        queue.extend([day] * int(new))
        gone = [queue.popleft() for _ in range(min(capacity, len(queue)))]
        waits += [(day - came, came) for came in gone]
        assert len(queue) == found.left[day]
        assert len(gone) == found.served[day]
    assert not queue
    assert found.served.sum() == found.new.sum()
    if waits:
        assert found.mean_delay_days == pytest.approx(np.mean([wait for wait, _ in waits]))
        of_surge = [wait for wait, came in waits if came < len(surge)]
        assert found.longest_delay_days == max(of_surge, default=0)


def test_a_backlog_that_takes_years_is_followed_to_its_end() -> None:
    """Where ordinary days do make it smaller it clears, be it after more than the days of one that never does."""
    assert carry_on([1000.0], 0.0, 1.0).clear_days == pytest.approx(999.0)


def test_a_backlog_that_never_clears() -> None:
    """Where ordinary days fill the capacity a backlog stays, and is said to stay for ever."""
    assert carry_on([2.0], 1.0, 1.0).clear_days == math.inf
    assert fluid_peak(2.0, 1.0, 1, 1.0).clear_days == math.inf
    assert carry_on([0.5], 1.0, 1.0).clear_days == 0.0
    assert fluid_peak(0.9, 1.0, 5, 1.0) == (0.0, 0.0)


def test_more_capacity_is_never_worse() -> None:
    """Each order more that a day can serve makes the backlog of a season smaller and shorter."""
    season = [1.24 * 100] * 21 + [151.0]
    found = [carry_on(season, 100.0, float(capacity)) for capacity in range(102, 155, 4)]
    for worse, better in itertools.pairwise(found):
        assert better.most < worse.most or better.most == 0
        assert better.clear_days <= worse.clear_days
        assert better.mean_delay_days <= worse.mean_delay_days
    assert found[-1].most == 0
