"""Sampling: how the orders of a day are drawn, and what would make no sense."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

import numpy as np

from doorstep.demand.order import Window
from doorstep.demand.parcel import DENSITY_KG_PER_L
from doorstep.demand.profiles import arrival_profiles
from doorstep.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.network.network import Doors

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
MOST = 1_000_000
"""No day of one place has more orders."""


@dataclass(frozen=True, slots=True)
class Shares:
    """A share of the orders, by the kind of home they go to."""

    house: float
    flat: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the orders of a day are drawn; every default is an estimate unless it says otherwise."""

    orders: int = 100
    """Orders of an ordinary day."""
    demand_factor: float = 1.0
    """How many times an ordinary day's orders; `demand_factors()` has published ones."""
    arrival: str | tuple[float, ...] = "day"
    """Name of an arrival profile, or 24 hourly weights."""
    placed_day: Literal["yesterday", "today"] = "yesterday"
    """Whether orders are placed on the day before they are delivered, or on the day itself."""
    cutoff_s: float = 22 * HOUR_S
    """Orders placed later in the day belong to the next day's delivery; those of the evening before to this one's."""
    preparation_s: float = HOUR_S
    """From the placing of an order until its parcel can be loaded."""
    ready_from_s: float = 7 * HOUR_S
    """No parcel can be loaded before, as it comes with the night's lorry."""
    hours: Window = Window(8 * HOUR_S, 20 * HOUR_S)  # noqa: RUF009  # frozen itself
    """When customers without a window of their own can be served."""
    window_share: float = 0.2
    """Share of the orders with a narrow window of their own, whose end is then their promise."""
    window_length_s: float = 2 * HOUR_S
    promise_by_s: float | None = 20 * HOUR_S
    """Clock time by which customers were told to have it."""
    promise_after_s: float | None = None
    """Or the time after placing within which they were told to have it; exactly one of the two is given."""
    mass_bound_kg: float = 2.27
    """Five pounds; with the share below it the claim of Bezos 2013, a weak source."""
    mass_share_below: float = 0.86
    mass_sigma: float = 1.0
    """Spread of the logarithm of mass."""
    mass_max_kg: float = 31.5
    """Heavier draws are taken as this, the heaviest that parcel services carry."""
    density_kg_per_l: float = DENSITY_KG_PER_L
    density_sigma: float = 0.5
    """Spread of the logarithm of density."""
    volume_max_l: float = 150.0
    """Larger draws are taken as this, about the largest that parcel services carry."""
    kerb: Shares = Shares(0.7, 0.5)
    """Who would come out to the kerb."""
    yard: Shares = Shares(0.6, 0.1)
    """Who would have it set down from the air."""
    locker: Shares = Shares(0.5, 0.7)
    """Who would fetch it from a locker."""
    landing_place: Shares = Shares(0.8, 0.05)
    """Who has a place where an aircraft can set a parcel down."""
    household_share: float = 0.0
    """Share of the orders that go to the home of an earlier order of the day."""
    return_share: float = 0.0
    """Share of the orders that are fetched at the customer's and brought to the hub."""
    walk_limit_low_m: float = 300.0
    walk_limit_high_m: float = 500.0
    """How far customers walk to a locker, one way, even between the two; 1 to 2 km in a village."""

    @property
    def count(self) -> int:
        """Return how many orders the day has."""
        return round(self.orders * self.demand_factor)


def hourly_weights(sampling: Sampling) -> tuple[float, ...]:
    """Return the hourly weights; empty where the profile is unknown."""
    if not isinstance(sampling.arrival, str):
        return tuple(sampling.arrival)
    profile = arrival_profiles().get(sampling.arrival)
    return profile.weights if profile else ()


def sampling_faults(doors: Doors, sampling: Sampling) -> Iterator[Fault]:
    """Yield what is wrong with a sampling, or with the doors it draws from."""
    homes = np.asarray(doors.homes, dtype=float)
    if not homes.size or not np.all(np.isfinite(homes)) or np.any(homes < 0) or not homes.sum():
        what = "the place has no homes to draw orders over"
        yield Fault("sample", what, "take a larger extract, or give the orders as a table", "no-doors")
    if not (math.isfinite(sampling.demand_factor) and sampling.count >= 1):
        what = f"{sampling.orders} orders times {sampling.demand_factor:g} are no orders"
        yield Fault("sample.orders", what, "at least one", "out-of-range")
    elif sampling.count > MOST:
        what = f"{sampling.orders} orders times {sampling.demand_factor:g} are more than {MOST:,}"
        yield Fault("sample.orders", what, "take fewer", "out-of-range")
    weights = hourly_weights(sampling)
    if not weights:
        names = list(arrival_profiles())
        close = get_close_matches(str(sampling.arrival), names, n=1)
        fix = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(names)}"
        yield Fault("sample.arrival", f"there is no arrival profile '{sampling.arrival}'", fix, "unknown-profile")
    elif len(weights) != 24 or not all(math.isfinite(w) and w >= 0 for w in weights) or not sum(weights):  # noqa: PLR2004
        fix = "give 24 numbers of zero or more, not all zero"
        yield Fault("sample.arrival", "these are not 24 hourly weights", fix, "bad-weights")
    yield from _number_faults(sampling)
    yield from _clock_faults(sampling)


def _number_faults(sampling: Sampling) -> Iterator[Fault]:
    """Yield numbers that are out of their range."""
    for name in ("mass_bound_kg", "mass_max_kg", "density_kg_per_l", "volume_max_l", "window_length_s"):
        if not (math.isfinite(getattr(sampling, name)) and getattr(sampling, name) > 0):
            yield Fault(f"sample.{name}", f"{getattr(sampling, name):g} is not above zero", "", "out-of-range")
    for name in ("mass_sigma", "density_sigma", "preparation_s", "walk_limit_low_m"):
        if not (math.isfinite(getattr(sampling, name)) and getattr(sampling, name) >= 0):
            yield Fault(f"sample.{name}", f"{getattr(sampling, name):g} is below zero", "", "out-of-range")
    if not sampling.walk_limit_low_m <= sampling.walk_limit_high_m < math.inf:
        low, high = sampling.walk_limit_low_m, sampling.walk_limit_high_m
        what = f"the longest walk of {high:g} m is below the shortest of {low:g} m"
        yield Fault("sample.walk_limit_high_m", what, "swap the two", "out-of-range")
    if not 0 < sampling.mass_share_below < 1:
        yield Fault("sample.mass_share_below", "must lie between 0 and 1", "0.86 is Bezos' claim", "out-of-range")
    shares = {"window_share": sampling.window_share, "household_share": sampling.household_share}
    shares["return_share"] = sampling.return_share
    for name in ("kerb", "yard", "locker", "landing_place"):
        pair: Shares = getattr(sampling, name)
        shares |= {f"{name}.house": pair.house, f"{name}.flat": pair.flat}
    for name, share in shares.items():
        if not 0 <= share <= 1:
            yield Fault(f"sample.{name}", f"{share:g} is no share", "give a number from 0 to 1", "out-of-range")


def _clock_faults(sampling: Sampling) -> Iterator[Fault]:
    """Yield times that cannot all be true."""
    hours = sampling.hours
    if sampling.placed_day not in {"yesterday", "today"}:
        yield Fault("sample.placed_day", f"'{sampling.placed_day}' is no day", "yesterday or today", "bad-value")
    if hours.close_s <= hours.open_s:
        yield Fault("sample.hours", "they close before they open", "swap the two", "window-reversed")
    open_s = hours.close_s - hours.open_s
    if sampling.window_share > 0 and sampling.window_length_s > open_s > 0:
        what = f"windows of {sampling.window_length_s / HOUR_S:g} h do not fit in {open_s / HOUR_S:g} h of delivery"
        yield Fault("sample.window_length_s", what, "write shorter ones, or `window_share: 0`", "out-of-range")
    if (sampling.promise_by_s is None) == (sampling.promise_after_s is None):
        what = "give either a clock time or a time after placing"
        yield Fault("sample.promise", what, "exactly one of promise_by_s and promise_after_s", "promise")
    if sampling.promise_after_s is not None and sampling.promise_after_s <= sampling.preparation_s:
        what = "customers are promised their parcel before it can be ready"
        yield Fault("sample.promise_after_s", what, "more than the preparation time", "promise")
    if not 0 < sampling.cutoff_s <= DAY_S:
        what = f"orders cannot close at {sampling.cutoff_s / HOUR_S:g} h"
        yield Fault("sample.cutoff_s", what, "write a time after 00:00, 24:00 at the latest", "out-of-range")
    late = max(
        sampling.ready_from_s, sampling.cutoff_s + sampling.preparation_s if sampling.placed_day == "today" else 0
    )
    if late >= hours.close_s:
        what = "some parcels are ready only after the last delivery of the day"
        yield Fault("sample.cutoff_s", what, "an earlier cutoff, a shorter preparation or longer hours", "too-late")
