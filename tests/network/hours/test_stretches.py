"""Tests of exact travel times through a day of changing speeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.network.grid import grid_town
from doorstep.network.hours.stretches import Stretches, lay_stretches, pass_edge, pass_stretch
from doorstep.network.network import Medium
from doorstep.network.traffic import DAY_S, load_traffic

seeds = st.integers(0, 2**32 - 1)
clocks = st.floats(-3 * DAY_S, 3 * DAY_S)


def day(rng: np.random.Generator, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the breaks of some day and the factors [columns, periods] of its classes."""
    periods = int(rng.integers(1, 9))
    inner = np.sort(rng.choice(np.arange(1, 86400), periods - 1, replace=False)).astype(float)
    return np.array([0.0, *inner, DAY_S]), rng.uniform(0.2, 9, (columns, periods))


def road(rng: np.random.Generator) -> Stretches:
    """Return a single edge of several stretches of any class, some without motor traffic."""
    count, columns = int(rng.integers(1, 6)), 3
    length_m = rng.choice([0.5, 40.0, 900.0, 30_000.0], count) * rng.uniform(0.5, 1.5, count)
    free_mps = rng.uniform(2, 30, (count, 2))
    free_mps[rng.random(count) < 0.2] = np.inf
    break_s, factor = day(rng, columns)
    return Stretches(np.array([0, count]), length_m, free_mps, rng.integers(0, columns, count),
                     np.array([length_m.sum()]), break_s, factor, float(rng.uniform(1, 40)))  # fmt: skip


def crawl(road: Stretches, from_m: float, to_m: float, clock_s: float, step_s: float) -> float:
    """Return the arrival of somebody who looks at the clock and at the street under him again and again."""
    ends = np.cumsum(road.length_m[:-1])
    sign, way = (1, 0) if to_m > from_m else (-1, 1)
    at_m = from_m
    while sign * (to_m - at_m) > 0:
        k = int(np.searchsorted(ends, at_m, side="right" if sign > 0 else "left"))
        period = int(np.searchsorted(road.break_s, clock_s % DAY_S, side="right")) - 1
        speed = min(road.max_speed_mps, road.free_mps[k, way] / road.factor[road.column[k], period])
        at_m += sign * speed * step_s
        clock_s += step_s
    return clock_s


@settings(max_examples=300, deadline=None)
@given(seeds, clocks, st.floats(0, 4000))
def test_who_leaves_later_never_arrives_earlier(seed: int, clock_s: float, wait_s: float) -> None:
    """On any edge, in any traffic, between any two places: first in, first out, to the last digit."""
    rng = np.random.default_rng(seed)
    street = road(rng)
    from_m, to_m = rng.uniform(0, street.edge_m[0], 2)
    for start_m, end_m in ((from_m, to_m), (0.0, street.edge_m[0]), (street.edge_m[0], 0.0)):
        early = pass_edge(street, 0, start_m, end_m, clock_s)
        assert early >= clock_s
        assert pass_edge(street, 0, start_m, end_m, clock_s + wait_s) >= early


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_who_leaves_just_before_a_break_is_not_overtaken(seed: int) -> None:
    """Around every break of the day, a second or the least possible bit apart, nobody overtakes."""
    rng = np.random.default_rng(seed)
    street = road(rng)
    whole_m = street.edge_m[0]
    near = [(b - 1, np.nextafter(b, -1), b, np.nextafter(b, 1e6), b + 1) for b in street.break_s]
    arrivals = [pass_edge(street, 0, 0.0, whole_m, t) for t in np.unique(near)]
    assert (np.diff(arrivals) >= 0).all()


@settings(max_examples=200, deadline=None)
@given(seeds, clocks)
def test_slower_streets_never_bring_anybody_earlier(seed: int, clock_s: float) -> None:
    """Raising any factor of any class delays, or leaves as it is, but for rounding."""
    rng = np.random.default_rng(seed)
    street = road(rng)
    worse = street._replace(factor=street.factor * np.where(rng.random(street.factor.shape) < 0.5, 1.0, 1.7))
    whole_m = street.edge_m[0]
    assert pass_edge(worse, 0, 0.0, whole_m, clock_s) >= pass_edge(street, 0, 0.0, whole_m, clock_s) - 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_arrivals_are_those_of_tiny_steps(seed: int) -> None:
    """Across breaks and midnight, forward and backward, the arrival is that of somebody who advances bit by bit."""
    rng = np.random.default_rng(seed)
    street = road(rng)
    scale = 400 / street.edge_m[0]
    street = street._replace(length_m=street.length_m * scale, edge_m=street.edge_m * scale)
    from_m, to_m = rng.uniform(0, 400, 2)
    if seed % 2:
        from_m, to_m = to_m, from_m
    for begin_s in (street.break_s[len(street.break_s) // 2], DAY_S, 2 * DAY_S, -DAY_S):
        clock_s = float(begin_s - rng.uniform(0, 20))
        assert pass_edge(street, 0, from_m, to_m, clock_s) == pytest.approx(
            crawl(street, from_m, to_m, clock_s, 0.005), abs=0.15
        )


def test_a_break_on_the_way_by_hand() -> None:
    """600 m at 10 m/s for the last 20 s before noon and at half of that from then on take 20 s and 80 s."""
    noon = np.array([0.0, 43200.0, DAY_S])
    assert pass_stretch(600.0, 10.0, 99.0, np.array([1.0, 2.0]), noon, 43180.0) == 43280.0
    assert pass_stretch(600.0, 10.0, 5.0, np.array([1.0, 2.0]), noon, 43180.0) == 43300.0
    assert pass_stretch(600.0, 10.0, 99.0, np.array([1.0, 2.0]), noon, 86380.0) == 86400 + (600 - 100) / 10


def test_creeping_takes_whole_days() -> None:
    """Whoever takes years arrives when the distance of every day says, without going through every hour."""
    noon = np.array([0.0, 43200.0, DAY_S])
    factor = np.array([1.0, 2.0])
    daily_m = 1e-3 * 43200 * 1.5
    got = pass_stretch(10_000 * daily_m, 1e-3, 99.0, factor, noon, 7200.0)
    assert got == pytest.approx(10_000 * DAY_S + 7200, abs=1e-3)
    brink = pass_stretch(3.2 * daily_m, 1e-3, 99.0, factor, noon, 7200.0)
    assert brink == pytest.approx(3 * DAY_S + 7200 + 0.2 * daily_m * 1e3, abs=1e-3)


def test_stretches_are_runs_of_equal_streets() -> None:
    """The stretches of every edge add up to its length, and there are fewer of them than points."""
    streets = grid_town(5, 4, 100.0, seed=2).layers[Medium.ROAD]
    laid = lay_stretches(streets, load_traffic("flat"), 9.0)
    lengths = np.add.reduceat(laid.length_m, laid.begin[:-1])
    np.testing.assert_allclose(lengths, streets.edges.length_m)
    assert laid.begin[-1] == len(laid.length_m) < len(streets.edges.step_m) - len(streets.edges.tail) + 1
