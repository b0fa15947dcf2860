"""Banks: the compartments of lockers as a file says them, and what earlier days have left in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from doorstep.demand.parcel import LIMITS_L
from doorstep.handover import BANKS, Size
from doorstep.lockers.occupancy import put_in, whole_parcels
from doorstep.network.network import Medium, Pace
from doorstep.scenario.fields import Duration, Hours, PositionOrAuto, Sizes, SizesOrSteady, Table, default

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.demand.order import Order
    from doorstep.errors import Fault
    from doorstep.lockers.locker import Locker
    from doorstep.network.network import Network
    from doorstep.scenario.case import Case


class BankTable(Table):
    """What every bank of compartments has."""

    compartments: Sizes = default({"S": 32, "M": 29, "L": 18, "XL": 0}, source="rudy2025")
    """How many of each size (S, M, L, XL) there are."""
    occupied: SizesOrSteady = default({}, estimate="empty at the start of the day, which flatters the locker")
    """How many of each size still hold parcels of the days before; `steady` for what days like this one leave behind,
    where everybody who accepts a locker uses the nearest."""
    dwell: Duration = default(
        "14 h", estimate="means of 0.4 to 0.8 days are told; with this spread nine in ten are gone within a day"
    )
    """How long parcels wait for their customers, on average."""
    dwell_spread: Annotated[float, Field(ge=0, le=10, json_schema_extra={"stated": True})] = default(
        0.5, estimate="two thirds of waits within a factor of 1.65; with the mean above nine in ten are below a day"
    )
    """Spread of the logarithm of that wait."""
    kiosk: bool = False
    """Whether it takes parcels in by itself, or a keeper does: only such banks are served by drones and robovans."""
    hours: Hours = default(["00:00", "48:00"], estimate="lockers stand in the open, day and night")
    """When couriers and customers can get at it."""


class LockerTable(BankTable):
    """One bank of compartments."""

    place: PositionOrAuto
    """Longitude and latitude; `auto` is where most doors are near that no other locker is near to."""


class LockerCount(BankTable):
    """So many lockers, placed one after the other where most doors are near that no other locker is near to."""

    count: Annotated[int, Field(ge=1, le=500, json_schema_extra={"stated": True, "unit": "lockers"})]
    """How many banks, all alike."""


def tables_of(case: Case, names: Sequence[str]) -> dict[str, tuple[tuple[str, ...], BankTable]]:
    """Return the table of each locker by its name, with where it stands in the file."""
    lockers = case.tables.lockers
    if isinstance(lockers, dict):
        return {name: (("lockers", name), lockers[name]) for name in names}
    return dict.fromkeys(names, (("lockers",), lockers))


def large_enough(case: Case, lockers: Mapping[str, Locker], orders: Sequence[Order]) -> list[Fault]:
    """Return a fault for each locker that is smaller than every parcel of the day."""
    if not orders:
        return []
    least = min(orders, key=lambda order: (order.size.rank, order.volume_l))
    faults = []
    for name, (loc, _) in tables_of(case, list(lockers)).items():
        largest = max((size for size in Size if lockers[name].of_size(size)), key=lambda s: s.rank, default=None)
        if largest is not None and largest.rank < least.size.rank:
            what = (
                f"locker '{name}' is smaller than every parcel: size {largest.value} holds up to {LIMITS_L[largest]:g} "
                f"L, and the smallest of {len(orders)} orders, {least.id}, has {least.volume_l:g} L, size "
                f"{least.size.value}"
            )
            fix = f"give it compartments of size {least.size.value} or larger, or take it out"
            faults.append(case.fault([*loc, "compartments"], what, fix, "locker-too-small"))
    return faults


def after_yesterday(
    case: Case, lockers: dict[str, Locker], orders: Sequence[Order], network: Network
) -> tuple[dict[str, Locker], list[str]]:
    """Return the lockers as they are in the morning, with notes: `steady` ones hold what days like this one leave.

    Whoever accepts a locker is taken to use the nearest within the walk that has compartments of the size, every day
    at the same hour. What then still waits of all earlier days is rounded to whole parcels.
    """
    tables = {name: table for name, (_, table) in tables_of(case, list(lockers)).items()}
    steady = [name for name, table in tables.items() if table.occupied == "steady" and table.dwell > 0]
    if not steady or not orders:
        return lockers, []
    nearest = _nearest(case, lockers, orders, network)
    found, notes = dict(lockers), []
    for bank, name in enumerate(lockers):
        if name not in steady:
            continue
        locker, per_day = lockers[name], dict.fromkeys(Size, 0)
        for row in np.flatnonzero(nearest == bank).tolist():
            per_day[orders[row].size] += 1
        share = locker.dwell.carried_over()
        expected = {size: count * share for size, count in per_day.items()}
        taken, lost = put_in(locker.compartments, whole_parcels(expected))
        free = {size: count - taken.get(size, 0) for size, count in locker.compartments.items()}
        found[name] = replace(locker, compartments=free, taken=taken)
        told = ", ".join(f"{size.value} {count}" for size, count in taken.items()) or "none"
        full = f", and {lost} more for which there is no room" if lost else ""
        notes.append(
            f"locker {name}: {sum(taken.values())} of {locker.size} compartments hold parcels of earlier days ({told})"
            f"{full}: {sum(per_day.values())} a day wait {locker.dwell.mean_s / 3600:g} h on average"
        )
    return found, notes


def _nearest(case: Case, lockers: Mapping[str, Locker], orders: Sequence[Order], network: Network) -> NDArray[np.int64]:
    """Return the locker [orders] that each order would be left in where all accept them who may; -1 for none."""
    feet, limit_m = network.layers[Medium.FOOT], case.tables.network.snap_limit
    homes = feet.snap(np.array([(o.x_m, o.y_m) for o in orders]))
    banks = feet.snap(np.array([(b.x_m, b.y_m) for b in lockers.values()]))
    walk_m = feet.legs(banks, homes, Pace(case.tables.walk_speed)).distance_m.T.copy()
    walk_m[np.maximum(homes.distance_m[:, None], banks.distance_m[None, :]) > limit_m] = np.inf
    walk_m[walk_m > np.array([order.walk_limit_m for order in orders])[:, None]] = np.inf
    walk_m[np.array([order.is_return or not order.accepts & set(BANKS) for order in orders]), :] = np.inf
    for bank, locker in enumerate(lockers.values()):
        walk_m[np.array([not locker.takes(order.size) for order in orders]), bank] = np.inf
    return np.where(np.isfinite(walk_m.min(axis=1)), walk_m.argmin(axis=1), -1).astype(np.int64)
