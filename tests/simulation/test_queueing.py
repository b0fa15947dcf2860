"""Tests of waiting lines: one hub whose drones fly to doors at random and share few people who watch them.

An order waits from when it is ready until somebody is free to watch its flight there and back. Flights take no other
time, so that doors at exponential distances make the service exponential.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from plain import DRONE, HOUR, changed, configured, constant, group, option_of, order, plain, plan_of
from queueing import erlang_c, in_turn, kingman_bound, mgc_wait, mmc_wait

from doorstep.demand.order import Window
from doorstep.handover import Handover
from doorstep.modes.catalog import load_chance
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import WorkRules
from doorstep.simulation.days import simulate_days

pytest.importorskip("doorstep.simulation.queues", reason="days of chance do not queue for what vehicles share")

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NO_CHANCE = load_chance("usual").scaled(0.0)
SERVICE_S = 120.0
FROM_S, UNTIL_S = 1.0 * HOUR, 31.0 * HOUR
"""Orders become ready between these; everything is handed over long before the end of the second day."""
DAY = Window(0, 47 * HOUR)
SEEDS = range(6)


LAWS: Mapping[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "exponential": lambda rng, n: rng.exponential(SERVICE_S, n),
    "disc": lambda rng, n: SERVICE_S * 1.5 * np.sqrt(rng.random(n)),
    "even": lambda _, n: np.full(n, SERVICE_S),
    "two towns": lambda rng, n: np.where(rng.random(n) < 0.2, 3.0, 0.5) * SERVICE_S,
}
"""How long flights there and back take [n], seconds, by where the doors are."""
LONG, RUNS = 20_000, 10
"""Orders of one long line, and how many of these."""


@cache
def long_run(law: str, servers: int, busy: float) -> tuple[float, float]:
    """Return the mean wait over long plain lines, and its standard error."""
    waits = []
    for seed in range(RUNS):
        rng = np.random.default_rng([7, seed, servers])
        arrive = np.cumsum(rng.exponential(SERVICE_S / (servers * busy), LONG))
        waits.append(float(in_turn(arrive, LAWS[law](rng, LONG), servers)[LONG // 20 :].mean()))
    return float(np.mean(waits)), float(np.std(waits, ddof=1) / math.sqrt(RUNS))


class Hub(NamedTuple):
    """One long day at the hub, one number an order, in the sequence in which they become ready."""

    ready_s: np.ndarray
    wait_s: np.ndarray
    service_s: np.ndarray
    home_s: np.ndarray


@cache
def lived(law: str, servers: int, busy: float, seed: int) -> Hub:
    """Return a day on which so many people watch flights of a law, and are busy that share of the time."""
    rng = np.random.default_rng([seed, servers])
    gaps = rng.exponential(SERVICE_S / (servers * busy), size=int(1.2 * (UNTIL_S - FROM_S) * servers / SERVICE_S))
    ready = FROM_S + np.cumsum(gaps)
    ready = np.round(ready[ready < UNTIL_S])
    n = len(ready)
    seconds = LAWS[law](rng, n)
    metres, angle = seconds / 2 * DRONE.max_speed_mps, rng.uniform(0, 2 * math.pi, n)
    xy = np.column_stack([2000 + metres * np.cos(angle), metres * np.sin(angle)])
    day = tuple(
        order(f"o{k}", *xy[k].tolist(), ready_s=ready[k], window=DAY, promise_s=DAY.close_s, accepts=YARD)
        for k in range(n)
    )
    scenario = configured(plain(day), group("quadcopter", n))
    quick = {"service_s": {Handover.YARD: 0}, "setup_s": {Handover.YARD: 0}, "load_s": 0, "vehicles_per_operator": 1}
    scenario = changed(scenario, "quadcopter", range_m=math.inf, energy=constant(0.0), **quick)
    only = replace(scenario.configurations[0], operators=servers)
    scenario = replace(scenario, configurations=(only,), work=WorkRules(DAY, 47 * HOUR, 47 * HOUR, 0))
    problem = tabulate(scenario, "only")
    plan = plan_of(problem, [(0, [-1, option_of(problem, f"o{k}", "yard")]) for k in range(n)])
    days = simulate_days(problem, plan, NO_CHANCE, scenario.modes, 1)
    _, left, home = days.clock_s[0].T
    assert np.isfinite(days.handed_s).all()
    return Hub(ready, left - ready, home - left, home)


YARD = frozenset({Handover.YARD})


def test_formulas() -> None:
    """Erlang's C is that of the books, and Lee and Longton's wait is M/M/c's for exponential services."""
    assert erlang_c(1.6, 2) == pytest.approx(0.7111, abs=1e-4)
    assert mmc_wait(0.5, 1.0, 1) == pytest.approx(1.0)
    times = np.random.default_rng(1).exponential(1.0, 400_000)
    assert mgc_wait(1.6, times, 2) == pytest.approx(mmc_wait(1.6, 1.0, 2), rel=0.03)
    assert mgc_wait(0.5, np.ones(10), 1) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("law", "servers", "busy"), [("exponential", 2, 0.7), ("disc", 3, 0.75), ("even", 1, 0.7), ("two towns", 2, 0.8)]
)
def test_each_waits_as_long_as_its_turn(law: str, servers: int, busy: float) -> None:
    """Every order waits to the second as long as it does in a plain line of first come, first served."""
    day = lived(law, servers, busy, 0)
    assert day.wait_s.max() > SERVICE_S
    assert np.array_equal(day.wait_s, in_turn(day.ready_s, day.service_s, servers))


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.6), (2, 0.7), (4, 0.8)])
def test_exponential_doors_are_mmc(servers: int, busy: float) -> None:
    """With doors at exponential distances a long line's mean wait is Erlang's, within four standard errors."""
    mean, error = long_run("exponential", servers, busy)
    assert error < 0.04 * mean
    assert mean == pytest.approx(mmc_wait(servers * busy / SERVICE_S, SERVICE_S, servers), abs=4 * error)


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.7), (3, 0.75)])
@pytest.mark.parametrize("law", ["disc", "even", "two towns"])
def test_other_doors_are_mgc(law: str, servers: int, busy: float) -> None:
    """With doors in a disc, all as far, or in two towns, waits are Lee and Longton's: exact for one, near for more."""
    mean, error = long_run(law, servers, busy)
    times = LAWS[law](np.random.default_rng(0), 1_000_000)
    near = 0.0 if servers == 1 else 0.08
    expected = mgc_wait(servers * busy / SERVICE_S, times, servers)
    assert mean == pytest.approx(expected, abs=4 * error + near * expected)


@pytest.mark.parametrize(("law", "servers", "busy"), [("exponential", 2, 0.7), ("disc", 3, 0.75)])
def test_days_at_the_hub_wait_as_the_formulas_say(law: str, servers: int, busy: float) -> None:
    """The mean wait over days at the hub is that of the formulas, within four standard errors and two seconds."""
    waits = [lived(law, servers, busy, seed).wait_s.mean() for seed in SEEDS]
    times = LAWS[law](np.random.default_rng(0), 1_000_000) + 1.0  # both ways are rounded up
    expected = mgc_wait(servers * busy / SERVICE_S, times, servers)
    assert np.mean(waits) == pytest.approx(expected, abs=4 * np.std(waits, ddof=1) / math.sqrt(len(waits)) + 2)


@pytest.mark.parametrize("law", list(LAWS))
def test_kingman_bounds_the_wait(law: str) -> None:
    """The mean wait of one server is no longer than Kingman's bound, chance left aside."""
    mean, error = long_run(law, 1, 0.7)
    rng = np.random.default_rng(0)
    gaps, times = rng.exponential(SERVICE_S / 0.7, 1_000_000), LAWS[law](rng, 1_000_000)
    assert mean <= kingman_bound(gaps, times) + 4 * error


def test_more_who_watch_never_make_anybody_wait_longer() -> None:
    """With one person more nobody's order waits longer, on the same day."""
    day = lived("two towns", 2, 0.8, 1)
    assert (in_turn(day.ready_s, day.service_s, 3) <= day.wait_s + 1e-9).all()


@pytest.mark.parametrize(("law", "servers", "busy"), [("exponential", 2, 0.7), ("disc", 3, 0.75)])
def test_littles_law(law: str, servers: int, busy: float) -> None:
    """Counted minute by minute, flights and those that wait are as many as their rate times how long they take."""
    for seed in SEEDS:
        day = lived(law, servers, busy, seed)
        clock = np.arange(day.ready_s[0], day.home_s.max(), 7.0)
        came, left, home = (
            np.searchsorted(np.sort(times), clock, side="right")
            for times in (day.ready_s, day.ready_s + day.wait_s, day.home_s)
        )
        rate = len(day.ready_s) / (clock[-1] - clock[0])
        assert (left - home).max() <= servers
        assert (came - left).mean() == pytest.approx(rate * day.wait_s.mean(), rel=0.02, abs=0.01)
        assert (came - home).mean() == pytest.approx(rate * (day.home_s - day.ready_s).mean(), rel=0.02, abs=0.01)
