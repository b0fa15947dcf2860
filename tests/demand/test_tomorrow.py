"""Tests of days drawn from a forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasts import HOURS, TOWNS_M, past

from doorstep.demand.forecast import forecast_day
from doorstep.demand.spread import fit_spread, plane
from doorstep.demand.tomorrow import apportioned, draw_day

HISTORY = past(seed=20)
FOUND = forecast_day(HISTORY)


@given(st.integers(0, 500), st.lists(st.floats(0, 10), min_size=1, max_size=24).filter(lambda w: sum(w) > 1e-3))
def test_apportioned(count: int, weights: list[float]) -> None:
    """Whole numbers add up to the count and differ from the exact shares by less than one."""
    shares = np.array(weights) / sum(weights)
    found = apportioned(count, shares)
    assert found.sum() == count
    assert (np.abs(found - count * shares) < 1 + 1e-6).all()


@pytest.mark.parametrize(("draw", "count"), [("expected", FOUND.mean), ("p90", FOUND.total(0.9))])
def test_as_many_as_asked_for(draw: str, count: float) -> None:
    """A day has as many orders as its name says, times a factor, in hours of the forecast's shares."""
    spread = fit_spread(HISTORY)
    for factor in (1.0, 1.5):
        drawn = draw_day(FOUND, spread, HISTORY, draw, np.random.default_rng(1), factor)
        assert len(drawn.clock_s) == round(factor * count)
        hours = np.bincount((drawn.clock_s // 3600).astype(int), minlength=24)
        assert (np.abs(hours - len(drawn.clock_s) * FOUND.shares) < 1).all()
        assert (np.diff(drawn.clock_s) >= 0).all()


def test_sampled_days_have_the_spread_of_the_forecast() -> None:
    """The counts of many sampled days have the mean and the spread of the forecast."""
    spread = fit_spread(HISTORY)
    counts = [len(draw_day(FOUND, spread, HISTORY, "sampled", np.random.default_rng(k)).clock_s) for k in range(600)]
    assert np.mean(counts) == pytest.approx(FOUND.mean, abs=5 * np.std(FOUND.totals) / np.sqrt(600))
    assert np.std(counts) == pytest.approx(np.std(FOUND.totals), rel=0.15)
    assert np.abs(FOUND.shares - HOURS).max() < 0.02


def test_places_are_like_those_of_the_past() -> None:
    """Drawn places lie round the four towns of the past in like shares, no width of a bell off by a town."""
    spread = fit_spread(HISTORY)
    assert spread.width_m <= 200
    _, lon_lat = spread.draw(4000, np.random.default_rng(2))
    xy = plane(lon_lat, np.array([24.94, 60.17]))
    town = ((xy[:, None] - TOWNS_M[None]) ** 2).sum(axis=2)
    assert np.sqrt(town.min(axis=1)).mean() < 350
    assert np.bincount(town.argmin(axis=1), minlength=4) / 4000 == pytest.approx(np.full(4, 0.25), abs=0.03)


def test_masses_are_those_of_the_past() -> None:
    """Where the past tells masses, each drawn order has that of an order of the past."""
    heavy = replace(HISTORY, mass_kg=np.round(np.random.default_rng(3).lognormal(size=len(HISTORY.day)), 2))
    drawn = draw_day(FOUND, fit_spread(heavy), heavy, "expected", np.random.default_rng(4))
    assert np.isin(drawn.mass_kg, heavy.mass_kg).all()
