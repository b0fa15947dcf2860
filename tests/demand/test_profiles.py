"""Arrival profiles and demand factors."""

from __future__ import annotations

import pytest

from doorstep.demand.profiles import arrival_profiles, demand_factors


def test_profiles_have_a_weight_for_every_hour() -> None:
    """Every profile has 24 weights of zero or more, not all zero."""
    assert set(arrival_profiles()) == {"flat", "day", "evening", "live-stream"}
    for profile in arrival_profiles().values():
        assert len(profile.weights) == 24
        assert min(profile.weights) >= 0 < sum(profile.weights)


def test_live_stream_peaks_in_the_evening() -> None:
    """Live sales bring half of the day's orders between 20 and 23 h, far more than any other profile does."""
    share = {name: sum(one.weights[20:23]) / sum(one.weights) for name, one in arrival_profiles().items()}
    assert share["live-stream"] == pytest.approx(0.5, abs=0.05)
    assert share["live-stream"] > 1.5 * max(value for name, value in share.items() if name != "live-stream")


def test_published_factors() -> None:
    """The peak of 11 November was 1.51 in 2024 and 1.87 in 2023, its season 1.25 and 1.40."""
    factors = {name: factor.value for name, factor in demand_factors().items()}
    assert factors == {
        "double-11-day-2024": 1.51,
        "double-11-day-2023": 1.87,
        "double-11-season-2024": 1.25,
        "double-11-season-2023": 1.4,
    }
