"""Orders drawn at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.demand.order import Dwelling, Order, Window
from doorstep.demand.sample import Sampling, Shares, sample_orders
from doorstep.errors import InputError
from doorstep.handover import Handover
from doorstep.network.network import Doors

HOUR = 3600.0


def _doors(count: int = 50) -> Doors:
    """Return doors on a line, every second one a flat, with as many homes as its number."""
    xy = np.column_stack([np.arange(count) * 10.0, np.zeros(count)])
    return Doors(xy, np.arange(count) % 2 == 1, np.arange(count, dtype=float))


def _draw(sampling: Sampling, seed: int = 1, doors: Doors | None = None) -> tuple[Order, ...]:
    """Return orders of a seed."""
    return sample_orders(doors or _doors(), sampling, np.random.default_rng(seed))


def test_same_seed_same_orders() -> None:
    """The same seed gives the same orders and another seed others."""
    assert _draw(Sampling(), 1) == _draw(Sampling(), 1)
    assert _draw(Sampling(), 1) != _draw(Sampling(), 2)


def test_ordinary_day_is_part_of_the_peak() -> None:
    """The orders of an ordinary day are the first of a day with a higher demand factor."""
    peak = _draw(Sampling(orders=80, demand_factor=1.51))
    assert len(peak) == 121
    assert peak[:80] == _draw(Sampling(orders=80))


def test_ids() -> None:
    """Orders are numbered from o0001, each once, beyond 9,999 too."""
    orders = _draw(Sampling(orders=10_001))
    assert (orders[0].id, orders[-1].id) == ("o0001", "o10001")
    assert len({order.id for order in orders}) == 10_001


def test_doors_by_their_homes() -> None:
    """Doors are drawn as often as they have homes, those without homes never, and each order lies at its door."""
    orders = _draw(Sampling(orders=20_000))
    hits = np.bincount([round(order.x_m / 10) for order in orders], minlength=50)
    expected = np.arange(50) / np.arange(50).sum() * 20_000
    assert hits[0] == 0
    assert np.all(np.abs(hits - expected) <= 5 * np.sqrt(expected) + 1)
    assert all((order.dwelling is Dwelling.FLAT) == (round(order.x_m / 10) % 2 == 1) for order in orders)


def test_mass_as_claimed() -> None:
    """86 in 100 parcels weigh at most five pounds, and another share asked for is kept as well."""
    orders = _draw(Sampling(orders=20_000))
    assert np.mean([order.mass_kg <= 2.27 for order in orders]) == pytest.approx(0.86, abs=0.01)
    orders = _draw(Sampling(orders=20_000, mass_bound_kg=5, mass_share_below=0.5, mass_sigma=0.3))
    assert np.mean([order.mass_kg <= 5 for order in orders]) == pytest.approx(0.5, abs=0.015)


def test_limits_of_parcels() -> None:
    """No parcel is heavier or larger than the largest that is carried."""
    orders = _draw(Sampling(orders=2000, mass_bound_kg=20, mass_share_below=0.5))
    assert max(order.mass_kg for order in orders) == 31.5
    assert max(order.volume_l for order in orders) == 150


@pytest.mark.parametrize(("profile", "low", "high"), [("live-stream", 0.45, 0.55), ("flat", 0.11, 0.14)])
def test_arrivals_follow_the_profile(profile: str, low: float, high: float) -> None:
    """The share of orders placed between 20 and 23 h is the profile's."""
    sampling = Sampling(orders=5000, arrival=profile, cutoff_s=24 * HOUR)
    share = np.mean([20 <= (order.placed_s / HOUR) % 24 < 23 for order in _draw(sampling)])
    assert low < share < high


def test_own_weights() -> None:
    """Hourly weights of one's own are kept to the hour."""
    weights = tuple(float(hour in {9, 14}) for hour in range(24))
    hours = {int(order.placed_s // HOUR) % 24 for order in _draw(Sampling(arrival=weights))}
    assert hours == {9, 14}


def test_placed_the_day_before() -> None:
    """Orders of yesterday are placed between the cutoff of the day before and yesterday's, and ready in the morning."""
    for order in _draw(Sampling(orders=2000)):
        assert -26 * HOUR <= order.placed_s <= -2 * HOUR
        assert order.ready_s == 7 * HOUR


def test_placed_today() -> None:
    """Orders of the day itself are ready after their preparation, and those after the cutoff came last evening."""
    sampling = Sampling(orders=2000, placed_day="today", cutoff_s=18 * HOUR)
    orders = _draw(sampling)
    assert all(-6 * HOUR <= order.placed_s <= 18 * HOUR for order in orders)
    assert all(order.ready_s == max(order.placed_s + HOUR, 7 * HOUR) for order in orders)
    assert min(order.placed_s for order in orders) < 0 < max(order.placed_s for order in orders)


def test_windows() -> None:
    """The stated share of orders has a narrow window, inside the hours, whose end is its promise."""
    sampling = Sampling(orders=4000, window_share=0.3)
    narrow = [order for order in _draw(sampling) if order.window != sampling.hours]
    assert len(narrow) / 4000 == pytest.approx(0.3, abs=0.03)
    for order in narrow:
        assert order.window.close_s - order.window.open_s == 2 * HOUR
        assert sampling.hours.open_s <= order.window.open_s <= order.window.close_s <= sampling.hours.close_s
        assert order.promise_s == order.window.close_s


def test_promise_after_placing() -> None:
    """A promise counted from placing is kept from placing; one by the clock is the same for all."""
    sampling = Sampling(promise_by_s=None, promise_after_s=30 * HOUR, window_share=0)
    assert all(order.promise_s == order.placed_s + 30 * HOUR for order in _draw(sampling))
    assert {order.promise_s for order in _draw(Sampling(window_share=0, promise_by_s=19 * HOUR))} == {19 * HOUR}


def test_shares_by_dwelling() -> None:
    """Shares of 0 and 1 hold without exception, by dwelling; the door is always accepted."""
    sampling = Sampling(
        orders=500,
        kerb=Shares(1, 0),
        yard=Shares(0, 1),
        locker=Shares(0, 0),
        landing_place=Shares(1, 0),
        walk_limit_low_m=200,
        walk_limit_high_m=900,
    )
    for order in _draw(sampling):
        house = order.dwelling is Dwelling.HOUSE
        assert order.accepts == {Handover.DOOR, Handover.KERB if house else Handover.YARD}
        assert order.landing_place == house
        assert 200 <= order.walk_limit_m <= 900


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    today=st.booleans(),
    arrival=st.sampled_from(["flat", "day", "evening", "live-stream"]),
    cutoff=st.integers(1, 22),
    length=st.integers(1, 16),
    preparation=st.integers(0, 60),
)
def test_every_order_makes_sense(
    seed: int, today: bool, arrival: str, cutoff: int, length: int, preparation: int
) -> None:
    """Whatever is asked, each order is placed before it is ready, and its window closes after it is ready."""
    sampling = Sampling(
        orders=40,
        placed_day="today" if today else "yesterday",
        arrival=arrival,
        cutoff_s=cutoff * HOUR,
        window_length_s=length * HOUR,
        window_share=0.5,
        preparation_s=preparation * 60.0,
        hours=Window(8 * HOUR, 24 * HOUR),
    )
    for order in _draw(sampling, seed):
        assert order.placed_s <= order.ready_s < order.window.close_s
        assert sampling.hours.open_s <= order.window.open_s < order.window.close_s <= sampling.hours.close_s
        assert 0 < order.mass_kg <= 31.5
        assert order.volume_l > 0


@pytest.mark.parametrize(
    "doors",
    [
        Doors(np.zeros((0, 2)), np.zeros(0, bool), np.zeros(0)),
        Doors(np.zeros((2, 2)), np.zeros(2, bool), np.zeros(2)),
        Doors(np.zeros((2, 2)), np.zeros(2, bool), np.array([1, np.nan])),
    ],
)
def test_no_doors(doors: Doors) -> None:
    """A place without homes cannot be drawn over, and says so."""
    with pytest.raises(InputError, match="no homes"):
        _draw(Sampling(), doors=doors)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"orders": 0}, "sample.orders"),
        ({"demand_factor": float("nan")}, "sample.orders"),
        ({"arrival": "evning"}, "sample.arrival"),
        ({"arrival": (1.0, 2.0)}, "sample.arrival"),
        ({"arrival": (0.0,) * 24}, "sample.arrival"),
        ({"window_share": 1.2}, "sample.window_share"),
        ({"kerb": Shares(-0.1, 0.5)}, "sample.kerb.house"),
        ({"mass_bound_kg": 0.0}, "sample.mass_bound_kg"),
        ({"mass_share_below": 1.0}, "sample.mass_share_below"),
        ({"walk_limit_low_m": 900.0}, "sample.walk_limit_high_m"),
        ({"promise_after_s": 7200.0}, "sample.promise"),
        ({"promise_by_s": None}, "sample.promise"),
        ({"promise_by_s": None, "promise_after_s": 60.0}, "sample.promise_after_s"),
        ({"hours": Window(20 * HOUR, 8 * HOUR)}, "sample.hours"),
        ({"placed_day": "today"}, "sample.cutoff_s"),
        ({"cutoff_s": 25 * HOUR}, "sample.cutoff_s"),
        ({"placed_day": "tomorrow"}, "sample.placed_day"),
        ({"window_length_s": -1.0}, "sample.window_length_s"),
        ({"window_length_s": 30 * HOUR}, "sample.window_length_s"),
        ({"cutoff_s": 0.0}, "sample.cutoff_s"),
        ({"density_sigma": float("inf")}, "sample.density_sigma"),
    ],
)
def test_faults(change: dict[str, object], where: str) -> None:
    """A sampling that makes no sense is answered with the field that is at fault."""
    with pytest.raises(InputError) as caught:
        _draw(replace(Sampling(), **change))
    assert where in [fault.where for fault in caught.value.faults]


def test_faults_together() -> None:
    """Several faults of a sampling are told together, with the nearest profile."""
    with pytest.raises(InputError) as caught:
        _draw(Sampling(arrival="evning", window_share=2, mass_sigma=-1))
    assert len(caught.value.faults) == 3
    assert "did you mean 'evening'?" in str(caught.value)
