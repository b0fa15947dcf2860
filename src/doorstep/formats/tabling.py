"""Tabling: what a file says of customers and vehicles, as columns, turned into a Problem."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import InputError
from doorstep.formats.weights import sketched
from doorstep.handover import Handover, Size
from doorstep.planning.nodes import COST_UNIT
from doorstep.planning.problem import DELIVER, DROP, FAR, PICK_UP, RETURN, Fleet, Problem, Verdict
from doorstep.planning.task.tables import ENDLESS

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]

MONEY_UNIT = COST_UNIT
"""Money of the problem to one unit of a table's length, so that planners that count in thousands lose nothing."""
LATEST = 1 << 40
"""A clock time later than any."""
_MOST = 1 << 61
REQUIRED = -1
"""Price of an order that must be served."""


def _none() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle of a file; those equal in everything become one fleet."""

    mode: str = "vehicle"
    hub: int = 0
    mass: int = ENDLESS
    volume: int = ENDLESS
    parcels: int = ENDLESS
    trips: int = 1
    open_s: int = 0
    close_s: int = LATEST
    shift_s: int = LATEST
    range_m: int = ENDLESS
    fixed: int = 0
    """Money on a day that it is used."""
    metre: int = MONEY_UNIT
    """Money for each unit of length."""
    tables: int = 0
    """Which pair of tables it travels by."""
    allowed: frozenset[int] | None = None
    """Options that it may serve; None for all."""


@dataclass(slots=True)
class Task:
    """Columns that a reader fills, sites being hubs first."""

    name: str
    hubs: list[str]
    xy: NDArray[np.float64] | None
    """[sites, 2]; None where the file has none."""
    tables: list[tuple[NDArray[np.int32], NDArray[np.int32]]]
    """Times and lengths [sites, sites]; the same array twice where they are equal."""
    order_ids: list[str]
    mass: Ints
    ready: Ints
    price: Ints
    """Money for leaving an order out; REQUIRED where it must be served."""
    option_order: Ints
    option_site: Ints
    option_open: Ints
    option_close: Ints
    service: Ints
    """[options]"""
    vehicles: list[Vehicle]
    vehicles_first: bool = False
    """Every vehicle saved is worth more than any length."""
    volume: Ints = field(default_factory=_none)
    setup: Ints = field(default_factory=_none)
    """[options]"""
    part: NDArray[np.int8] = field(default_factory=lambda: _none().astype(np.int8))
    mate: Ints = field(default_factory=_none)
    weight: list[int] = field(default_factory=list)
    """How many times the price of a required order is asked for each; empty for once."""

    def __post_init__(self) -> None:
        """Fill the columns that a reader left empty."""
        options = len(self.option_order)
        self.volume = self.volume if self.volume.size else np.zeros(len(self.order_ids), np.int64)
        self.setup = self.setup if self.setup.size else np.zeros(options, np.int64)
        self.part = self.part if self.part.size else np.full(options, DELIVER, np.int8)
        self.mate = self.mate if self.mate.size else np.full(options, -1, np.int64)


def problem_of(task: Task) -> tuple[Problem, tuple[tuple[int, ...], ...]]:
    """Return the problem, and which vehicles of the file make up each fleet.

    Raises
    ------
    InputError
        If a plan could cost more than can be counted exactly.
    """
    orders, options = len(task.order_ids), len(task.option_order)
    if task.vehicles_first:
        task.vehicles = [_dear(task, vehicle) for vehicle in task.vehicles]
    same: dict[Vehicle, list[int]] = {}
    for position, vehicle in enumerate(task.vehicles):
        same.setdefault(vehicle, []).append(position)
    fleets = tuple(_fleet(task, vehicle, len(who)) for vehicle, who in same.items())
    own_reach = np.zeros(orders, bool)
    for fleet in fleets:
        own_reach[task.option_order[fleet.allowed]] = True
    problem = Problem(
        configuration=task.name,
        order_ids=tuple(task.order_ids),
        site_xy_m=sketched(task.tables[0][1]) if task.xy is None else task.xy,
        hubs=tuple(task.hubs),
        lockers=(),
        mass_g=task.mass,
        volume_ml=task.volume,
        sizes=(Size.S,) * orders,
        placed_s=np.zeros(orders, np.int64),
        ready_s=task.ready,
        promise_s=np.full(orders, LATEST, np.int64),
        unserved_cost=_prices(task),
        late_cost=0,
        option_order=task.option_order,
        option_site=task.option_site,
        option_kind=(Handover.DOOR,) * options,
        option_locker=np.full(options, -1, np.int64),
        option_open_s=task.option_open,
        option_close_s=task.option_close,
        option_part=task.part,
        option_mate=task.mate,
        option_walk_m=np.zeros(options),
        locker_room=np.zeros((0, len(Size)), np.int64),
        locker_cost=np.zeros(0, np.int64),
        hub_cost=np.zeros(len(task.hubs), np.int64),
        fleets=fleets,
        refusals=(),
        own_reach=own_reach,
    )
    return problem, tuple(tuple(who) for who in same.values())


def _dear(task: Task, vehicle: Vehicle) -> Vehicle:
    """Return a vehicle that costs more than going to every stop and back by itself."""
    ways = task.tables[vehicle.tables][1]
    there = np.maximum(ways[vehicle.hub, task.option_site], ways[task.option_site, vehicle.hub]).astype(np.int64)
    return dataclasses.replace(vehicle, fixed=int(np.minimum(there, FAR).sum()) * 2 * vehicle.metre + 1)


def _fleet(task: Task, vehicle: Vehicle, count: int) -> Fleet:
    duration_s, distance_m = task.tables[vehicle.tables]
    verdicts = _verdicts(task, vehicle)
    allowed = np.ones(len(task.option_order), bool)
    for verdict in verdicts:
        allowed &= verdict.needs <= verdict.has
    allowed &= (task.mate < 0) | allowed[task.mate]
    return Fleet(
        mode=vehicle.mode,
        count=count,
        hub=vehicle.hub,
        duration_s=duration_s,
        distance_m=distance_m,
        handover=frozenset({Handover.DOOR}),
        verdicts=verdicts,
        allowed=allowed,
        last_resort=np.zeros(len(allowed), bool),
        service_s=task.service,
        setup_s=task.setup,
        mass_g=vehicle.mass,
        volume_ml=vehicle.volume,
        max_parcels=vehicle.parcels,
        load_s=0,
        turnaround_s=0,
        max_trips=vehicle.trips,
        open_s=vehicle.open_s,
        close_s=vehicle.close_s,
        shift_s=vehicle.shift_s,
        break_after_s=0,
        break_s=0,
        range_m=vehicle.range_m,
        energy_mwh=ENDLESS,
        energy_mwh_per_m=0.0,
        energy_mwh_per_stop=0.0,
        co2e_kg_per_kwh=0.0,
        rates=(),
        vehicle_cost=vehicle.fixed,
        trip_cost=0,
        stop_cost=0,
        metre_cost=vehicle.metre,
        duty_cost=0,
        away_cost=0,
    )


def _verdicts(task: Task, vehicle: Vehicle) -> tuple[Verdict, ...]:
    """Return, rule by rule, what one vehicle that does nothing else needs for each option and what it has."""
    duration_s, distance_m = task.tables[vehicle.tables]
    who, site, hub = task.option_order, task.option_site, vehicle.hub
    ready = task.ready[who]
    loaded = np.where(task.part == DELIVER, ready, 0)
    out_s, back_s = duration_s[hub, site].astype(np.int64), duration_s[site, hub].astype(np.int64)
    metres = distance_m[hub, site].astype(np.int64) + distance_m[site, hub]
    begin = np.maximum(np.maximum(vehicle.open_s, loaded) + out_s + task.setup, task.option_open)
    begin = np.maximum(begin, np.where((task.part == PICK_UP) | (task.part == RETURN), ready, 0))
    duty = out_s + task.setup + task.service + back_s
    drop = np.flatnonzero(task.part == DROP)
    pick = task.mate[drop]
    way_s = duration_s[site[pick], site[drop]] + np.where(site[pick] != site[drop], task.setup[drop], 0)
    begin[drop] = np.maximum(begin[pick] + task.service[pick] + way_s, task.option_open[drop])
    metres[drop] = distance_m[hub, site[pick]] + distance_m[site[pick], site[drop]] + distance_m[site[drop], hub]
    duty[drop] = out_s[pick] + task.setup[pick] + task.service[pick] + way_s + task.service[drop] + back_s[drop]
    home = begin + task.service + back_s
    for column in home, metres, duty:
        column[pick] = column[drop]
    may = np.ones(len(who)) if vehicle.allowed is None else np.isin(np.arange(len(who)), list(vehicle.allowed))
    rows: tuple[tuple[str, str, NDArray[Any], NDArray[Any] | int], ...] = (
        ("mass", "units", task.mass[who], vehicle.mass),
        ("volume", "units", task.volume[who], vehicle.volume),
        ("parcels", "orders", np.ones(len(who)), vehicle.parcels),
        ("allowed", "vehicles", np.ones(len(who)), may),
        ("reach", "missing ways", (np.maximum(out_s, back_s) >= FAR) * 1, 0),
        ("window", "units of time", begin, task.option_close),
        ("hours", "units of time", home, vehicle.close_s),
        ("shift", "units of time", duty, vehicle.shift_s),
        ("range", "units of length", metres, vehicle.range_m),
    )
    full = [(rule, unit, needs, np.broadcast_to(np.asarray(has), len(who))) for rule, unit, needs, has in rows]
    return tuple(Verdict(rule, unit, needs.astype(float), has.astype(float)) for rule, unit, needs, has in full)


def _prices(task: Task) -> Ints:
    """Return what leaving each order out costs: where it must be served, more than any plan of all of them.

    Raises
    ------
    InputError
        If that is more than can be counted exactly.
    """
    orders, most = len(task.order_ids), 1
    for vehicle in set(task.vehicles):
        most = max(most, vehicle.fixed + vehicle.metre * 3 * _longest(task.tables[vehicle.tables][1]))
    required = task.price < 0
    weights = np.array(task.weight or [1] * orders, dtype=object)
    share = int(weights.sum()) if orders else 1
    optional = sum(int(price) for price in task.price[~required])
    price = min(orders * most + 1, (_MOST - optional) // max(2 * share, 1))
    if orders and (price <= most or optional >= _MOST):
        what = "costs, lengths or prizes are so large that their sum cannot be counted exactly in 63 bits"
        raise InputError.of(task.name, what, "count them in larger units", "beyond-measure")
    return np.where(required, (weights * price).astype(np.int64), task.price)


def _longest(table: NDArray[np.int32]) -> int:
    longest = int(table.max(initial=0))
    return longest if longest < FAR else int(table[table < FAR].max(initial=0))
