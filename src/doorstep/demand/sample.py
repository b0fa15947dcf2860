"""Orders drawn at random over the real doors of a place, the same for the same seed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from doorstep.demand.order import Dwelling, Order, Window
from doorstep.demand.parcel import sizes_by_volume
from doorstep.demand.sampling import DAY_S, HOUR_S, Sampling, Shares, hourly_weights, sampling_faults
from doorstep.errors import InputError
from doorstep.handover import Handover

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.demand.tomorrow import DoorDay
    from doorstep.network.network import Doors

__all__ = ["Sampling", "Shares", "sample_orders"]

HOME = [0, 7, 8, 9, 10, 11]
"""Columns of an order's numbers that tell of its home: where it is, how far they walk, and what they accept."""


def sample_orders(
    doors: Doors, sampling: Sampling, rng: np.random.Generator, day: DoorDay | None = None
) -> tuple[Order, ...]:
    """Return orders drawn over the doors of a place, each door as likely as it has homes.

    Every order uses its own row of the generator's numbers: the first n orders of a larger day are those of a day of n.
    Orders of a `day` drawn from a forecast go to the doors nearest to its places, at its hours, with its masses.
    InputError names every fault of the sampling, and a place without doors.
    """
    faults = list(sampling_faults(doors, sampling))
    if faults:
        raise InputError(faults)
    # Numbers of a stream of their own leave all others as they are where no two orders go to one home.
    apart = rng.spawn(1)[0].random((sampling.count, 3))
    homes, returns = _homes(sampling, apart), apart[:, 2] < sampling.return_share
    u = rng.random((sampling.count, 12))
    u[:, HOME] = u[homes][:, HOME]
    door = np.searchsorted(_shares(doors.homes), u[:, 0], side="right") if day is None else day.doors(doors)[homes]
    xy, flat = doors.xy_m[door], doors.flat[door]
    placed, ready = _times(sampling, _clock(sampling, u[:, 1], u[:, 2]) if day is None else day.clock_s)
    opens, closes, promise = _windows(sampling, placed, ready, u[:, 3], u[:, 4])
    mass, volume = _parcels(sampling, u[:, 5], u[:, 6], None if day is None else day.mass_kg)
    low, high = sampling.walk_limit_low_m, sampling.walk_limit_high_m
    walk = np.round((low + (high - low) * u[:, 7]) / 10) * 10
    wishes = zip(
        *(
            (u[:, 8 + k] < np.where(flat, share.flat, share.house)).tolist()
            for k, share in enumerate((sampling.kerb, sampling.yard, sampling.locker, sampling.landing_place))
        ),
        strict=True,
    )
    names = [f"h{home + 1:04d}" if sampling.household_share else "" for home in homes.tolist()]
    given = zip(names, returns.tolist(), strict=True)
    columns = (xy[:, 0], xy[:, 1], mass, volume, placed, ready, opens, closes, promise, flat, walk)
    rows = zip(*(column.tolist() for column in columns), sizes_by_volume(volume), wishes, given, strict=True)
    kinds = (Handover.KERB, Handover.YARD, Handover.LOCKER)
    return tuple(
        Order(
            id=f"o{number:04d}",
            x_m=x,
            y_m=y,
            mass_kg=kg,
            volume_l=litres,
            size=size,
            placed_s=at,
            ready_s=ready_at,
            window=Window(start, end),
            promise_s=due,
            dwelling=Dwelling.FLAT if in_block else Dwelling.HOUSE,
            landing_place=wish[3],
            accepts=frozenset((Handover.DOOR, *(kind for kind, yes in zip(kinds, wish, strict=False) if yes))),
            walk_limit_m=metres,
            household=home,
            is_return=back,
        )
        for number, (
            x,
            y,
            kg,
            litres,
            at,
            ready_at,
            start,
            end,
            due,
            in_block,
            metres,
            size,
            wish,
            (home, back),
        ) in enumerate(rows, 1)
    )


def _homes(sampling: Sampling, u: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the first order [n] of each order's home: itself, or that of one of the orders before it."""
    rows = np.arange(len(u))
    homes = np.where(u[:, 0] < sampling.household_share, np.floor(u[:, 1] * rows), rows).astype(np.int64)
    while (homes[homes] != homes).any():
        homes = homes[homes]
    return homes


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the running shares of [n] weights, the last exactly 1."""
    total = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(total / total[-1], dtype=np.float64)


def _clock(sampling: Sampling, which: NDArray[np.float64], within: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return [n] at which clock times orders are placed, whole seconds."""
    hour = np.searchsorted(_shares(np.asarray(hourly_weights(sampling))), which, side="right")
    return np.asarray(np.floor((hour + within) * HOUR_S))


def _times(sampling: Sampling, clock: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return [n] when orders of these clock times are placed and when they are ready, whole seconds."""
    day = -DAY_S if sampling.placed_day == "yesterday" else 0.0
    placed = clock + day - np.where(clock > sampling.cutoff_s, DAY_S, 0.0)
    return placed, np.maximum(placed + sampling.preparation_s, sampling.ready_from_s)


def _windows(
    sampling: Sampling,
    placed: NDArray[np.float64],
    ready: NDArray[np.float64],
    whether: NDArray[np.float64],
    which: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return [n] openings, closings and promises; narrow windows begin at half hours, once the parcel is ready."""
    hours, length, half = sampling.hours, sampling.window_length_s, HOUR_S / 2
    last = max(hours.open_s, hours.close_s - length)
    first = np.clip(np.ceil(np.maximum(ready, hours.open_s) / half) * half, hours.open_s, last)
    begin = np.minimum(first + np.floor(which * (np.floor((last - first) / half) + 1)) * half, last)
    narrow = whether < sampling.window_share
    closes = np.where(narrow, np.minimum(begin + length, hours.close_s), hours.close_s)
    if sampling.promise_by_s is not None:
        promise = np.full_like(placed, sampling.promise_by_s)
    else:
        promise = placed + float(sampling.promise_after_s or 0.0)
    return np.where(narrow, begin, hours.open_s), closes, np.where(narrow, closes, promise)


def _parcels(
    sampling: Sampling,
    heavy: NDArray[np.float64],
    dense: NDArray[np.float64],
    known_kg: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return [n] masses [kg], to the gram, known or lognormal, and volumes [L], to the decilitre, lognormal."""
    from scipy.special import ndtri

    middle = math.log(sampling.mass_bound_kg) - sampling.mass_sigma * float(ndtri(sampling.mass_share_below))
    mass = np.exp(middle + sampling.mass_sigma * np.asarray(ndtri(heavy), dtype=np.float64))
    mass = np.clip(mass, 0.001, sampling.mass_max_kg)
    if known_kg is not None:
        mass = np.where(np.isfinite(known_kg), known_kg, mass)
    density = sampling.density_kg_per_l * np.exp(sampling.density_sigma * np.asarray(ndtri(dense), dtype=np.float64))
    volume = np.clip(mass / density, 0.1, sampling.volume_max_l)
    return np.maximum(mass.round(3), 0.001), volume.round(1)
