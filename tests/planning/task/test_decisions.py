"""Tests of when trips are planned, and who is known by then."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorstep.planning.task.decisions import NEVER, moments
from doorstep.scenario.scenario import Dispatch

RULES = st.one_of(
    st.lists(st.integers(-50, 300), min_size=1, max_size=5, unique=True).map(lambda w: Dispatch(tuple(sorted(w)))),
    st.integers(1, 90).map(lambda every: Dispatch((), every)),
    st.integers(1, 5).map(lambda orders: Dispatch((), 0.0, orders)),
    st.tuples(st.integers(1, 90), st.integers(1, 5)).map(lambda both: Dispatch((), *both)),
)


def test_waves_take_who_makes_the_cut_off() -> None:
    """Who orders by a cut-off, that second included, goes with that wave; who orders after the last is known never."""
    at, known = moments(Dispatch((100.0, 200.0)), np.array([-500, 100, 101, 200, 201]), 0, 1000)
    assert at == (100, 200)
    assert known.tolist() == [100, 100, 200, 200, NEVER]


def test_the_clock_of_the_working_day() -> None:
    """By the clock it is planned at whole intervals from the beginning of the day on, where somebody new waits."""
    at, known = moments(Dispatch((), 60.0), np.array([-500, 130, 170, 299, 301, 999]), 100, 340)
    assert at == (100, 160, 220)
    assert known.tolist() == [100, 160, 220, NEVER, NEVER, NEVER]


def test_as_soon_as_enough_wait() -> None:
    """By number it is planned when the last of them comes, and by both when the first of the two is due."""
    came = np.array([10, 20, 30, 40, 50])
    assert moments(Dispatch((), 0.0, 2), came, 0, 1000)[0] == (20, 40)
    assert moments(Dispatch((), 0.0, 2), came, 0, 1000)[1].tolist() == [20, 20, 40, 40, NEVER]
    assert moments(Dispatch((), 25.0, 2), came, 0, 1000)[0] == (20, 40, 50)


@given(RULES, st.lists(st.integers(-400, 400), max_size=12))
def test_nobody_is_known_before_he_orders(rule: Dispatch, placed: list[int]) -> None:
    """Decisions rise and lie in the working day; all are known at the first after ordering, or after the last never."""
    at, known = moments(rule, np.array(placed, np.int64), 0, 250)
    assert list(at) == sorted(set(at))
    assert all(moment < 250 for moment in at)
    assert set(at) == set(known.tolist()) - {NEVER}
    for came, moment in zip(placed, known.tolist(), strict=True):
        assert moment == min((one for one in at if one >= came), default=NEVER)
