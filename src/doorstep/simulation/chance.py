"""Chance: what befalls a day, drawn for its orders and hours and never for plans, so that all meet the same day."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from doorstep.modes.chancebook import ChanceBook

    Real = NDArray[np.float64]
    Draw = Callable[[np.random.Generator, int, ChanceBook], Real]

HOURS = 48
"""Of a day and the night after it, for each of which there is one number."""


class Luck(NamedTuple):
    """What befalls some days; every number is of a day and an hour, or of a day and an order."""

    traffic: Real
    """[days, HOURS] factor on travel times among motor traffic, rain included."""
    leg: Real
    """[days, orders] factor on the leg that leads to an order's place."""
    handover: Real
    """[days, orders] factor on the time of its handover."""
    absent: Real
    """[days, orders] its handover fails where this is below the share of its kind that do."""
    grounded: NDArray[np.bool_]
    """[days, HOURS] whether nothing flies."""
    broken: Real
    """[days, orders, 2] a vehicle breaks down on the leg to an order's place, or on the way home from it, where this is
    below the probability of that."""
    stopped: Real
    """[days, orders, 2] likewise it stops and asks for somebody who watches."""
    held: Real
    """[days, lockers] factor on the compartments that parcels of earlier days hold."""
    neighbour: Real
    """[days, orders] where nobody is there, a neighbour takes it in where this is below the share of those that do."""


def draw_luck(book: ChanceBook, orders: int, days: int, seed: int, lockers: int = 0) -> Luck:
    """Return what befalls each of some days, orders and lockers of a scenario.

    Day k has the seed `SeedSequence(seed).spawn(days)[k]`, with one child for each source of chance: more days, fewer
    sources or other plans change nothing of what a day has in store.
    """
    found: list[list[Real]] = [[] for _ in SOURCES]
    for day in np.random.SeedSequence(seed).spawn(days):
        for rows, child, draw in zip(found, day.spawn(len(SOURCES)), SOURCES, strict=True):
            rows.append(draw(np.random.default_rng(child), lockers if draw is _held else orders, book))
    traffic, leg, handover, absent, calm, broken, stopped, held, neighbour, dry = (np.array(rows) for rows in found)
    windy, wet = calm < _quantile(book.wind_share), dry < _quantile(book.rain_share)
    traffic, grounded = traffic * np.where(wet, 1 + book.rain_slower, 1.0), windy | wet
    return Luck(traffic, leg, handover, absent, grounded, broken, stopped, held, neighbour)


def _traffic(rng: np.random.Generator, _: int, book: ChanceBook) -> Real:
    """Return a factor of mean 1 for every hour, whose logarithm goes on from the hour before."""
    return _factor(_going_on(rng, book.travel_persistence), book.travel_spread)


def _leg(rng: np.random.Generator, orders: int, book: ChanceBook) -> Real:
    return _factor(rng.standard_normal(orders), book.leg_spread)


def _handover(rng: np.random.Generator, orders: int, book: ChanceBook) -> Real:
    return _factor(rng.standard_normal(orders), book.handover_spread)


def _absent(rng: np.random.Generator, orders: int, _: ChanceBook) -> Real:
    return rng.random(orders)


def _calm(rng: np.random.Generator, _: int, book: ChanceBook) -> Real:
    """Return how calm every hour is; in the least calm ones nothing flies."""
    return _going_on(rng, book.wind_persistence)


def _broken(rng: np.random.Generator, orders: int, _: ChanceBook) -> Real:
    return rng.random((orders, 2))


def _stopped(rng: np.random.Generator, orders: int, _: ChanceBook) -> Real:
    return rng.random((orders, 2))


def _held(rng: np.random.Generator, lockers: int, book: ChanceBook) -> Real:
    return _factor(rng.standard_normal(lockers), book.full_spread)


def _neighbour(rng: np.random.Generator, orders: int, _: ChanceBook) -> Real:
    return rng.random(orders)


def _dry(rng: np.random.Generator, _: int, book: ChanceBook) -> Real:
    """Return how dry every hour is; in the least dry ones it rains."""
    return _going_on(rng, book.rain_persistence)


SOURCES: tuple[Draw, ...] = (_traffic, _leg, _handover, _absent, _calm, _broken, _stopped, _held, _neighbour, _dry)
"""One each, in the order of Luck; a new one comes last, so that the others' numbers stay as they are."""


def _going_on(rng: np.random.Generator, persistence: float) -> Real:
    """Return a normal number for every hour, each correlated with the one before (a process AR(1), stationary)."""
    found = rng.standard_normal(HOURS)
    for hour in range(1, HOURS):
        found[hour] = persistence * found[hour - 1] + math.sqrt(1 - persistence**2) * found[hour]
    return found


def _factor(normal: Real, spread: float) -> Real:
    """Return lognormal factors of mean 1 and a coefficient of variation out of normal numbers."""
    variance = math.log1p(spread**2)
    return np.asarray(np.exp(math.sqrt(variance) * normal - variance / 2))


def _quantile(share: float) -> float:
    """Return what a standard normal number lies below with a probability."""
    from scipy.special import ndtri

    return float(ndtri(share))
