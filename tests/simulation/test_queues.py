"""Tests that nobody takes up what is not free on days of chance, and that every order has one fate on each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.modes.catalog import load_chance
from doorstep.planning.problem import Stage
from doorstep.scenario.scenario import Effort
from doorstep.simulation.days import simulate_days
from doorstep.study import run

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Study

TWICE = load_chance("usual").scaled(2.0)


@pytest.fixture(scope="module")
def tight(village: Scenario) -> Study:
    """Return the village with one pad, dock and operator."""
    hubs = {name: replace(hub, pads=1, docks=1, chargers=1) for name, hub in village.hubs.items()}
    configurations = tuple(replace(one, operators=1) for one in village.configurations)
    return run(replace(village, hubs=hubs, configurations=configurations, effort=Effort(4, 60)))


def most_at_once(spans: np.ndarray) -> int:
    """Return the most of [k, 2] spans that hold at one moment; who leaves makes room for who comes."""
    if not len(spans):
        return 0
    moments = np.concatenate([spans[:, 1], spans[:, 0]])
    steps = np.repeat([-1, 1], len(spans))
    return int(np.cumsum(steps[np.lexsort((steps, moments))]).max())


def test_never_more_at_once_than_there_is_room(tight: Study) -> None:
    """However late trips are, at no moment of any day are more being loaded or watched than there is room for."""
    checked = 0
    book = replace(TWICE, broken_per_m=dict.fromkeys(TWICE.broken_per_m, 0.0))
    for outcome in tight.outcomes:
        days = simulate_days(outcome.problem, outcome.plan, book, tight.scenario.modes, 50, 3)
        for thing in outcome.problem.shared:
            takes = np.array(thing.takes)[days.script.trip_fleet]
            if thing.stage is Stage.TURNAROUND or not takes.any():
                continue
            here = (0, 1) if thing.stage is Stage.LOADING else (1, 2)
            for clocks in days.clock_s:
                went = (takes > 0) & np.isfinite(clocks).all(axis=1)
                assert most_at_once(clocks[went][:, here]) * takes.max() <= thing.room
            checked += 1
    assert checked > 2


@pytest.mark.parametrize("rule", ["wait", "courier", "tomorrow"])
def test_every_order_has_one_fate(tight: Study, rule: str) -> None:
    """Whatever the recourse, what was planned is handed over or fails, and what a courier brings is handed over."""
    allowed = {
        cause: rule if rule != "wait" or cause not in {"late", "full"} else "courier" for cause in TWICE.recourse
    }
    book = replace(TWICE, recourse=allowed, broken_per_m={m: r * 20 for m, r in TWICE.broken_per_m.items()})
    for outcome in tight.outcomes:
        days = simulate_days(outcome.problem, outcome.plan, book, tight.scenario.modes, 100, 3)
        came, planned = np.isfinite(days.handed_s), np.isfinite(days.planned.handed_s)
        assert ((came | days.failed) == planned).all()
        assert not (came & days.failed).any()
        assert not (days.couriered & ~came).any()
        assert rule != "courier" or not days.failed.any()
        assert rule != "tomorrow" or not days.couriered.any()
        gone = np.isfinite(days.clock_s).sum(axis=2)
        assert np.isin(gone, (0, 3)).all()
