"""Tests of forecasts against laws that are known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from pasts import HOURS, WEEKDAYS, past
from scipy import stats

from doorstep.demand.daycount import Settings, fit_days, log_score
from doorstep.demand.forecast import fit_model, forecast_day, foretell
from doorstep.demand.rhythm import fit_rhythm
from doorstep.demand.skill import score_history
from doorstep.errors import OrderError


def test_the_law_is_found_again() -> None:
    """From years of days the means of weekdays, the shares of hours and both kinds of spread come out as they were."""
    history = past(days=1400, mean=60, spread=0.08, unlike=0.02, seed=3)
    counts = history.counts()
    model = fit_days(counts.sum(axis=1), np.ones(1400), history.weekday, Settings())
    means = [np.exp(model.middle(1400, weekday)[0]) for weekday in range(7)]
    assert np.allclose(means, 60 * WEEKDAYS, rtol=0.08)
    assert model.spread == pytest.approx(0.08, rel=0.15)
    rhythm = fit_rhythm(counts, history.open_h, history.weekday)
    assert np.abs(rhythm.shares - HOURS).max() < 0.01
    assert rhythm.unlike == pytest.approx(0.02, rel=0.15)


def test_poisson_days_have_no_spread() -> None:
    """Where days differ by Poisson's chance alone, hardly any more is found."""
    history = past(days=700, spread=0.0, unlike=0.0, seed=4)
    model = fit_model(history, Settings())
    assert model.count.spread < 0.005
    assert model.rhythm.unlike < 0.001


def test_a_trend_is_found() -> None:
    """A growth of five per cent a week is found within its own uncertainty, and foretold."""
    history = past(days=140, spread=0.01, growth=0.05, seed=5)
    model = fit_days(history.counts().sum(axis=1), np.ones(140), history.weekday, Settings(trend=True))
    assert model.weights[-1] == pytest.approx(0.05, abs=4 * np.sqrt(model.covariance[-1, -1]))
    found = forecast_day(history)
    assert found.mean == pytest.approx(100 * WEEKDAYS[0] * np.exp(0.05 * 20), rel=0.1)


def test_probabilities_are_those_of_the_negative_binomial() -> None:
    """The probability of a count is that of scipy's negative binomial law."""
    history = past(seed=6)
    model = fit_days(history.counts().sum(axis=1), np.ones(84), history.weekday, Settings())
    mean, size = np.exp(model.middle(84, 0)[0]), 1 / model.spread
    for count in (60, 100, 170):
        expected = stats.nbinom.logpmf(count, size, size / (size + mean))
        assert log_score(model, count, 1.0, 0) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("spread", "unlike", "mean"), [(0.05, 0.01, 100.0), (0.3, 0.03, 60.0)], ids=["ordinary", "wild"]
)
def test_intervals_cover_what_they_say(spread: float, unlike: float, mean: float) -> None:
    """Of days not seen, intervals of 80 % hold 74 to 90 in a hundred, those of 95 % at least 92, over ten histories."""
    scores = [score_history(past(spread=spread, unlike=unlike, mean=mean, seed=seed)) for seed in range(10)]
    eighty, ninety_five = np.mean([[days for _, days, _ in score.within] for score in scores], axis=0)
    assert 0.74 <= eighty <= 0.90
    assert ninety_five >= 0.92


def test_poisson_intervals_would_be_too_narrow() -> None:
    """Days that differ beyond chance lie outside of Poisson's 80 % interval far oftener than one time in five."""
    history = past(spread=0.3, seed=7)
    model = fit_model(history, Settings())
    plain = replace(model.count, spread=0.0)
    means = np.exp([plain.middle(84, weekday)[0] for weekday in history.weekday])
    low, high = stats.poisson.ppf(0.1, means), stats.poisson.ppf(0.9, means)
    counts = history.counts().sum(axis=1)
    assert ((counts < low) | (counts > high)).mean() > 0.5
    found = forecast_day(history)
    assert found.total(0.9) - found.total(0.1) > 3 * (high - low)[0]


def test_a_moving_level_is_more_unsure_farther_ahead() -> None:
    """Where days are forgotten, a day of the same weekday weeks ahead is less sure, and its middle no other."""
    history = past(days=120, moves=0.12, spread=0.01, seed=8)
    model = fit_model(history, Settings(half_life_days=7.0))
    days = [history.date(history.days + 7 * weeks) for weeks in range(4)]
    found = [foretell(model, day, history.first, np.ones(24), np.random.default_rng(1)) for day in days]
    spans = [one.total(0.9) - one.total(0.1) for one in found]
    assert spans == sorted(spans)
    assert spans[-1] > 1.1 * spans[0]
    assert [one.ahead for one in found] == [1, 8, 15, 22]
    assert found[-1].total(0.5) == pytest.approx(found[0].total(0.5), rel=0.05)


def test_a_day_of_the_past_knows_nothing_later() -> None:
    """The forecast of a day of the history is that of the history cut off before it."""
    history = past(seed=9)
    there = forecast_day(history, history.date(60))
    cut = forecast_day(history.before(60))
    assert there.day == cut.day
    assert np.array_equal(there.hours, cut.hours)


def test_the_same_seed_the_same_forecast() -> None:
    """A seed gives the same numbers again, another gives others."""
    history = past(seed=10)
    one, again, other = (forecast_day(history, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.hours, again.hours)
    assert not np.array_equal(one.hours, other.hours)
    assert (one.hours.sum(axis=1) == one.totals).all()


def test_hours_that_the_clock_leaves_out() -> None:
    """On the day of change in spring the hour that there is not has no orders, and the day fewer."""
    history = past(days=55, seed=11)  # ends on 30 March 2024
    usual, zoned = forecast_day(history), forecast_day(history, zone="America/New_York")
    assert zoned.day == dt.date(2024, 3, 31)
    helsinki = forecast_day(history, zone="Europe/Helsinki")
    assert helsinki.shares[3] == 0
    assert np.array_equal(usual.totals, zoned.totals)


def test_too_short_or_too_far() -> None:
    """A history of less than two weeks, a day among its first two weeks, and one years ahead are faults."""
    history = past()
    for day in (history.date(5), history.date(2000)):
        with pytest.raises(OrderError, match="cannot be foretold"):
            forecast_day(history, day)
    with pytest.raises(OrderError, match="13 days"):
        fit_model(past(days=13))
    with pytest.raises(OrderError, match="too few to hold"):
        score_history(past(days=18))


def test_skill_against_the_naive_forecast() -> None:
    """Where weekdays have steady means, forecasts are surely better than last week's counts, by hour and place."""
    score = score_history(past(seed=12))
    assert [skill.name.split()[1] for skill in score.skills] == ["a", "an", "in"]
    assert all(0 < skill.low <= skill.value <= skill.high < 1 for skill in score.skills[1:])
    assert all(skill.sure for skill in score.skills[1:])


def test_skill_may_be_negative() -> None:
    """After a sudden leap of the level a forecast that trusts the past is worse than last week's counts."""
    history = past(days=84, mean=20, spread=0.0, unlike=0.0, seed=13)
    late = history.day >= 60
    thrice = replace(
        history,
        day=np.concatenate([history.day, *[history.day[late]] * 3]),
        clock_s=np.concatenate([history.clock_s, *[history.clock_s[late]] * 3]),
        lon_lat=np.concatenate([history.lon_lat, *[history.lon_lat[late]] * 3]),
        mass_kg=np.concatenate([history.mass_kg, *[history.mass_kg[late]] * 3]),
    )
    assert score_history(thrice).skills[0].value < 0
