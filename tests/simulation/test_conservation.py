"""Tests of what is kept on every day of every configuration: orders, and the time that they spend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.evaluation.scorecard import evaluate
from doorstep.modes.catalog import load_chance
from doorstep.simulation.days import simulate_days

if TYPE_CHECKING:
    from doorstep.study import Study

NAMES = ("courier", "drone", "robot", "locker", "mixed")
DAYS = 60


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("factor", [1.0, 3.0], ids=["usual", "wild"])
def test_orders_are_conserved_on_every_day(study: Study, name: str, factor: float) -> None:
    """On each day served, failed and unserved are the orders of the scenario, each id once, in every configuration."""
    outcome = study.outcome(name)
    book = load_chance("usual").scaled(factor)
    days = simulate_days(outcome.problem, outcome.plan, book, study.scenario.modes, DAYS)
    unserved = {one.order for one in outcome.plan.unserved}
    for day in range(DAYS):
        trace = days.trace(day)
        card = evaluate(outcome.problem, outcome.plan, trace, outcome.scorecard)
        assert card.served + card.failed + card.unserved == len(study.scenario.orders)
        came, failed = set(np.flatnonzero(np.isfinite(trace.handed_s))), set(np.flatnonzero(trace.failed))
        assert not came & failed
        assert came | failed | unserved == set(range(len(outcome.problem.order_ids)))
        assert outcome.problem.order_ids == tuple(order.id for order in study.scenario.orders)


@pytest.mark.parametrize("name", NAMES)
def test_littles_law_on_every_day(study: Study, name: str) -> None:
    """On each day the orders under way, counted every ten seconds, are as many as their rate times their latency."""
    outcome = study.outcome(name)
    days = simulate_days(outcome.problem, outcome.plan, load_chance("usual"), study.scenario.modes, DAYS)
    ready_s = outcome.problem.ready_s.astype(float)
    for handed_s in days.handed_s:
        came = np.isfinite(handed_s)
        begun, ended = np.sort(ready_s[came]), np.sort(handed_s[came])
        clock = np.arange(begun[0], ended[-1], 10.0) + 5.0
        under_way = np.searchsorted(begun, clock, side="right") - np.searchsorted(ended, clock, side="right")
        rate = came.sum() / (ended[-1] - begun[0])
        latency_s = (handed_s[came] - ready_s[came]).mean()
        assert under_way.min() >= 0
        assert under_way.mean() == pytest.approx(rate * latency_s, rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_vehicles_that_leave_come_back(study: Study, name: str) -> None:
    """On each day every trip that leaves is back after it left, and loads again only when it is back."""
    outcome = study.outcome(name)
    days = simulate_days(outcome.problem, outcome.plan, load_chance("usual"), study.scenario.modes, DAYS)
    for day in range(DAYS):
        trace = days.trace(day)
        assert (trace.load_s <= trace.depart_s).all()
        assert (trace.depart_s <= trace.return_s).all()
        for fleet, vehicle in set(zip(trace.trip_fleet.tolist(), trace.trip_vehicle.tolist(), strict=True)):
            mine = (trace.trip_fleet == fleet) & (trace.trip_vehicle == vehicle)
            assert (trace.load_s[mine][1:] >= trace.return_s[mine][:-1]).all()
