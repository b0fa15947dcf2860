"""Foreseen: the orders of a day that a scenario has foretold from past ones, at the doors of its map."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import OrderError
from doorstep.network.counting import counted

if TYPE_CHECKING:
    from doorstep.demand.history import History
    from doorstep.demand.order import Order
    from doorstep.demand.sampling import Sampling
    from doorstep.network.network import Network
    from doorstep.scenario.demands import HistoryTable

MARGIN_M = 250.0
"""How far beyond the map past orders may lie."""


def foreseen_orders(
    table: HistoryTable, sampling: Sampling, network: Network, seed: int
) -> tuple[tuple[Order, ...], list[str]]:
    """Return the orders of the day that a file asks for, and notes on how they came about.

    Past orders off the map count for nothing. Raises OrderError where the history is at fault, none of it lies on the
    map, or no order is to be expected.
    """
    from doorstep.demand.forecast import day_name, forecast_day
    from doorstep.demand.history import read_history
    from doorstep.demand.sample import sample_orders
    from doorstep.demand.spread import fit_spread
    from doorstep.demand.tomorrow import DoorDay, draw_day

    history = on_the_map(read_history(table.file, table.columns, table.zone, table.year), network)
    day = a_day(table.day)
    found = forecast_day(history, day, seed, table.zone)
    rng = np.random.default_rng([seed, HISTORY])
    known = history.before(min((found.day - history.first).days, history.days))
    drawn = draw_day(found, fit_spread(known), known, table.draw, rng, table.factor)
    if not len(drawn.clock_s):
        what = f"no order is to be expected on {day_name(found.day)}"
        raise OrderError.of("day", what, "choose another day", "no-orders")
    at_doors = DoorDay(drawn.clock_s, network.project(drawn.lon_lat), drawn.mass_kg)
    orders = sample_orders(network.doors, _of(sampling, len(drawn.clock_s)), rng, at_doors)
    low, high = found.total(0.1), found.total(0.9)
    told = f"{len(orders)} orders for {day_name(found.day)} ({table.draw})"
    span = f"{found.mean:.0f} are expected, {low:.0f} to {high:.0f} in eight of ten cases"
    times = f", times {table.factor:g}" if table.factor != 1 else ""
    return orders, [*history.notes, f"{Path(table.file).name}: {told}; {span}{times}; each goes to the nearest door"]


HISTORY = 11
"""Parts the draws of days from others with the scenario's seed."""


def a_day(text: str | None) -> dt.date | None:
    """Return a date; OrderError where there is no such day."""
    try:
        return dt.date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise OrderError.of("day", f"there is no day '{text}'", "write it as 2024-05-01", "no-such-day") from None


def on_the_map(history: History, network: Network) -> History:
    """Return the part of a history that lies on a map; OrderError where there is none."""
    from doorstep.network.bounds import whereabouts

    xy = network.project(history.lon_lat)
    west, south, east, north = network.extent_m
    low, high = np.array([west, south]) - MARGIN_M, np.array([east, north]) + MARGIN_M
    inside = np.asarray(((xy >= low) & (xy <= high)).all(axis=1))
    if not inside.any():
        _, what, fix = whereabouts(network, np.median(history.lon_lat, axis=0).reshape(1, 2), MARGIN_M)[0]
        raise OrderError.of("file", f"no past order lies on the map; their middle {what}", fix, "outside")
    if inside.all():
        return history
    told = f"{inside.sum():,} of {counted(len(inside), 'past order')} lie on the map; the others count for nothing"
    return history.only(inside, told)


def _of(sampling: Sampling, count: int) -> Sampling:
    from dataclasses import replace

    return replace(sampling, orders=count, demand_factor=1.0)
