"""Tests of the clockwork: legs that begin at any second, against two other ways to work them out."""

from __future__ import annotations

import numpy as np
import pytest
from hourly import drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.planning.clock.clockwork import travel_s
from doorstep.planning.problem import FAR
from doorstep.planning.rules.referee import ways_s

HOURS = st.lists(st.integers(1, 900), min_size=1, max_size=6)


def legs_s(fleet: object, a: int, b: int, departs: np.ndarray) -> np.ndarray:
    """Return what the clockwork says of one leg at many departures."""
    table = fleet.period_duration_s
    begins, flat = np.array(fleet.period_from_s, np.int64), np.ascontiguousarray(table).reshape(-1)
    return np.array([travel_s(begins, flat, (0, 0), len(table), table.shape[1], a, b, int(s)) for s in departs])


def crept_s(begins: list[int], durations: list[int], depart_s: int, step_s: float) -> float:
    """Return what a leg takes by going on in tiny steps."""
    clock, done = float(depart_s), 0.0
    while done < 1:
        period = max((k for k, begin in enumerate(begins) if begin <= clock), default=0)
        done += step_s / durations[period]
        clock += step_s
    return clock - depart_s


@pytest.mark.parametrize("seed", range(4))
def test_the_clockwork_and_the_referee_agree(seed: int) -> None:
    """Both give the same seconds for legs that begin before, in and after the periods, and last through several."""
    fleet, rng = drawn(seed, 1 + 8 * seed, 6), np.random.default_rng(seed)
    departs = rng.integers(-5000, 60_000, 1000)
    for _ in range(12):
        a, b = rng.integers(0, 6, 2).tolist()
        np.testing.assert_array_equal(legs_s(fleet, a, b, departs), ways_s(fleet, a, b, departs))


def test_the_clockwork_is_what_tiny_steps_come_to() -> None:
    """Going on in steps of a fiftieth of a second ends within one step of where the clockwork says, rounded up."""
    rng = np.random.default_rng(5)
    for _ in range(40):
        begins = np.cumsum(rng.integers(5, 60, 4))
        durations = rng.integers(3, 150, 4)
        depart, step = int(rng.integers(-20, 250)), 0.02
        whole = travel_s(begins, durations.astype(np.int32), (0, 0), 4, 1, 0, 0, depart)
        crept = crept_s(begins.tolist(), durations.tolist(), depart, step)
        assert whole - 1 - 0.1 <= crept <= whole + 2 * step


@settings(deadline=None, max_examples=200)
@given(st.data(), HOURS)
def test_nobody_arrives_sooner_by_leaving_later(data: st.DataObject, lengths: list[int]) -> None:
    """First in is first out, to the whole second, from each second to the next."""
    begins = np.cumsum(lengths)
    durations = data.draw(st.lists(st.integers(1, 5000), min_size=len(lengths), max_size=len(lengths)))
    flat = np.array(durations, np.int32)
    first = data.draw(st.integers(-2000, 6000))
    arrivals = [s + travel_s(begins, flat, (0, 0), len(flat), 1, 0, 0, s) for s in range(first, first + 40)]
    assert (np.diff(arrivals) >= 0).all()


@settings(deadline=None)
@given(st.integers(0, 1_000_000), st.integers(-5000, 100_000), HOURS)
def test_a_day_that_is_alike_at_all_hours_has_the_static_times(leg_s: int, depart_s: int, lengths: list[int]) -> None:
    """However many periods it is cut into, a leg takes what it takes in each of them, without rounding error."""
    begins = np.cumsum(lengths)
    flat = np.full(len(begins), leg_s, np.int32)
    assert travel_s(begins, flat, (0, 0), len(begins), 1, 0, 0, depart_s) == leg_s


def test_fleets_lie_one_after_the_other() -> None:
    """Each fleet is read from where its own periods and tables begin, and a leg without a way has none at any hour."""
    one, two = drawn(1, 3, 4), drawn(2, 5, 4)
    begins = np.array(one.period_from_s + two.period_from_s, np.int64)
    flat = np.concatenate([fleet.period_duration_s.reshape(-1) for fleet in (one, two)])
    for depart in range(-1000, 12_000, 500):
        found = travel_s(begins, flat, (3, 48), 5, 4, 2, 1, depart)
        assert found == legs_s(two, 2, 1, np.array([depart]))[0]
        assert travel_s(begins, flat, (0, 0), 3, 4, 3, 3, depart) == 0
    lost = np.full(12, FAR, np.int32)
    assert travel_s(begins, lost, (0, 0), 3, 2, 0, 1, 50) == FAR
