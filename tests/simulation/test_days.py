"""Tests of plans lived through on days of chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.errors import InputError
from doorstep.modes.catalog import load_chance
from doorstep.network.traffic import load_traffic
from doorstep.scenario.scenario import Effort
from doorstep.simulation.days import simulate_days
from doorstep.simulation.trace import simulate
from doorstep.study import run

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario
    from doorstep.simulation.days import Days
    from doorstep.simulation.trace import Trace
    from doorstep.study import Outcome, Study

USUAL = load_chance("usual")
NAMES = ("courier", "drone", "robot", "locker", "mixed")


def same(one: Trace, other: Trace) -> bool:
    """Tell whether two days are the same in every number."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in one.__slots__]
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


def lived(study: Study, name: str, days: int, factor: float = 1.0, seed: int = 5) -> tuple[Outcome, Days]:
    """Return one configuration's outcome and some days of it, with more or less left to chance."""
    outcome = study.outcome(name)
    book = USUAL.scaled(factor)
    return outcome, simulate_days(outcome.problem, outcome.plan, book, study.scenario.modes, days, seed)


@pytest.mark.parametrize("name", NAMES)
def test_without_chance_every_day_is_the_plan(study: Study, name: str) -> None:
    """With nothing left to chance every day is the planned one to the second, in every column."""
    outcome, days = lived(study, name, 2, factor=0.0)
    planned = simulate(outcome.problem, outcome.plan)
    assert same(days.trace(0), planned)
    assert same(days.trace(1), planned)


@pytest.mark.parametrize("profile", ["chinese-metropolis", None])
def test_without_chance_with_breaks_and_traffic(village: Scenario, profile: str | None) -> None:
    """So it is with traffic by the hour, breaks, narrow windows and few pads."""
    work = replace(village.work, break_after_s=1800.0, break_s=600.0)
    hubs = {name: replace(hub, pads=1, docks=1) for name, hub in village.hubs.items()}
    traffic = load_traffic(profile) if profile else None
    busy = run(replace(village, work=work, hubs=hubs, traffic=traffic, effort=Effort(4, 60)))
    assert any(route.breaks for outcome in busy.outcomes for route in outcome.plan.routes)
    for outcome in busy.outcomes:
        _, days = lived(busy, outcome.name, 1, factor=0.0)
        assert same(days.trace(0), simulate(outcome.problem, outcome.plan))


def test_every_order_has_one_fate(study: Study) -> None:
    """On every day orders are handed over, failed or were not planned, and never two of these."""
    for name in NAMES:
        outcome, days = lived(study, name, 50)
        came, planned = np.isfinite(days.handed_s), np.isfinite(days.planned.handed_s)
        assert not (came & days.failed).any()
        assert ((came | days.failed) == planned).all()
        assert len(outcome.problem.order_ids) == came.shape[1]


def test_days_are_the_same_whatever_else_is_run(study: Study) -> None:
    """The same seed gives the same days; more of them begin with the same ones; another seed gives others."""
    _, few = lived(study, "courier", 3)
    _, many = lived(study, "courier", 6)
    _, other = lived(study, "courier", 3, seed=6)
    assert all(same(few.trace(day), many.trace(day)) for day in range(3))
    assert not same(few.trace(0), other.trace(0))


def test_nobody_is_sooner_than_the_plan_waits(study: Study) -> None:
    """No vehicle loads or leaves before its planned time, and nothing is handed over before its window opens."""
    outcome, days = lived(study, "courier", 80, factor=2.0)
    script = days.script
    assert (days.clock_s[:, :, 0] >= script.load_s - 1e-9).all()
    assert (days.clock_s[:, :, 1] >= script.depart_s - 1e-9).all()
    handed, opens = days.handed_s[:, script.order], outcome.problem.option_open_s[days.planned.option[script.order]]
    assert (np.isnan(handed) | (handed >= opens)).all()


def test_more_chance_is_never_better(study: Study) -> None:
    """With twice the chance on the same days fewer orders come, and those that come are later on the whole."""
    for name in NAMES:
        _, usual = lived(study, name, 400)
        _, more = lived(study, name, 400, factor=2.0)
        assert more.failed.mean() >= usual.failed.mean()
        late = [np.nanpercentile(days.handed_s - days.planned.handed_s, 95) for days in (usual, more)]
        assert late[1] >= late[0]


def test_nothing_flies_when_all_hours_are_foul(study: Study) -> None:
    """Where it is never fair, flights stay on the ground all day, cost no trip, and their orders do not come."""
    outcome = study.outcome("drone")
    book = replace(USUAL.scaled(0.0), wind_share=1.0)
    days = simulate_days(outcome.problem, outcome.plan, book, study.scenario.modes, 1)
    flights = np.array([outcome.problem.fleets[f].mode == "quadcopter" for f in days.script.trip_fleet])
    assert flights.any()
    assert np.isnan(days.clock_s[0, flights]).all()
    assert np.isfinite(days.clock_s[0, ~flights]).all()
    assert len(days.trace(0).trip_fleet) == np.count_nonzero(~flights)


def test_absence_is_as_frequent_as_the_book_says(study: Study) -> None:
    """With absence alone left to chance, doors fail at the book's share, within five standard errors."""
    outcome = study.outcome("courier")
    book = replace(USUAL.scaled(0.0), missed={**USUAL.missed, "door": 0.2})
    days = simulate_days(outcome.problem, outcome.plan, book, study.scenario.modes, 2000)
    tries = days.failed[:, np.isfinite(days.planned.handed_s)]
    assert tries.mean() == pytest.approx(0.2, abs=5 * np.sqrt(0.2 * 0.8 / tries.size))


def test_no_days_at_all(study: Study) -> None:
    """Fewer than one day, and a seed below nought, are faults."""
    for days, seed in ((0, 1), (1, -1)):
        with pytest.raises(InputError):
            lived(study, "courier", days, seed=seed)
