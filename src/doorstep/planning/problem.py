"""Problem: one configuration's task as whole-number tables.

Times are seconds, lengths metres, masses grams, volumes millilitres, energies milliwatt-hours; money is counted in
billionths of the scenario's currency, so that a metre of a drone's flight is still a whole number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from doorstep.handover import Handover, Size
    from doorstep.modes.rates import Rate

MONEY = 1_000_000_000
"""Whole-number units of money in one unit of currency."""
MWH = 1_000_000
"""Milliwatt-hours in a kilowatt-hour."""
DELIVER, RETURN, PICK_UP, DROP, UNLOAD = range(5)
"""What happens at an option: from the hub to here, from here to the hub, or from one stop of a trip to another; or
what is aboard a trip that has begun is handed over."""
MANY = 1 << 40
"""A number of trips that sets no limit."""
FAR = 10_000_000
"""Seconds or metres that stand for `cannot be reached`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule on every option of one fleet: kept where what it needs is no more than what it has."""

    rule: str
    unit: str
    needs: NDArray[np.float64]
    """[options]"""
    has: NDArray[np.float64]
    """[options]"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an order has no delivery option of one kind at all."""

    order: int
    kind: Handover
    rule: str
    needs: float
    has: float
    unit: str
    detail: str = ""


class Stage(StrEnum):
    """When a vehicle takes up something that vehicles share."""

    LOADING = "loading"
    """From the beginning of a trip's turnaround, or of its loading where it is the first, to its departure."""
    TURNAROUND = "turnaround"
    """From the beginning of a trip's turnaround to that of its loading."""
    AWAY = "away"
    """From departure to return."""
    PACKING = "packing"
    """From the beginning of a trip's loading to its departure."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that vehicles take up for a while, of which there is only so much at any moment."""

    name: str
    """Of pads, docks, chargers, loaders, operators: as it is told where it binds."""
    stage: Stage
    room: int
    takes: tuple[int, ...]
    """[fleets] how much of it one vehicle takes up; 0 where none."""
    taken: tuple[tuple[int, int, int], ...] = ()
    """(from, until, how much) that is taken up whatever is planned, by trips that have begun."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What a vehicle uses by how much it carries: straight lines between loads that are `step_g` apart, from 0 on."""

    step_g: int
    mwh_per_m: NDArray[np.float64]
    """[loads] for each metre; never less for more."""
    mwh_per_s: NDArray[np.float64]
    """[loads] for each second on the way."""
    mwh_per_stop: NDArray[np.float64]
    """[loads] at each new place, by what is aboard on arrival."""

    def at(self, values: NDArray[np.float64], load_g: int) -> float:
        """Return one of the three at a load; beyond the last one the line goes on level."""
        return float(self.each(values, load_g))

    def each(self, values: NDArray[np.float64], load_g: ArrayLike) -> NDArray[np.float64]:
        """Return the same at loads [k]."""
        return np.asarray(np.interp(np.asarray(load_g, float), self.step_g * np.arange(len(values)), values))


@dataclass(frozen=True, slots=True)
class Battery:
    """What is in a vehicle between two trips."""

    lacks_mwh: float = 0.0
    """Drawn and not put back."""
    full_s: float = -math.inf
    """When the battery that was taken out last is full again."""
    earlier_full_s: float = -math.inf
    """When the one before it is."""
    begun_mwh: float = 0.0
    """Of a trip that has begun, what it takes beyond what its stops here tell."""
    begun_s: float = -1.0
    """When that trip was loaded; -1 where its stops here tell."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles of one kind at one hub, with their own tables."""

    mode: str
    count: int
    hub: int
    """Site of the hub."""
    duration_s: NDArray[np.int32]
    """[sites, sites] travel times; FAR where there is no way."""
    distance_m: NDArray[np.int32]
    """[sites, sites] lengths; FAR where there is no way."""
    handover: frozenset[Handover]
    """Kinds of handover that its vehicles do, be it only in reserve."""
    verdicts: tuple[Verdict, ...]
    """Rule by rule, what each option needs of one of its vehicles and what it has."""
    allowed: NDArray[np.bool_]
    """[options] true where one vehicle by itself could deliver the option and is meant to."""
    last_resort: NDArray[np.bool_]
    """[options] true where it could, but only for an order that the others had no room for."""
    service_s: NDArray[np.int64]
    """[options] handing over."""
    setup_s: NDArray[np.int64]
    """[options] parking and approach, once per place."""
    mass_g: int
    volume_ml: int
    max_parcels: int
    load_s: int
    turnaround_s: int
    max_trips: int
    """Of one vehicle in its shift."""
    open_s: int
    """Loading may begin."""
    close_s: int
    """Every vehicle is back."""
    shift_s: int
    break_after_s: int
    """0 where nobody needs a break."""
    break_s: int
    range_m: int
    energy_mwh: float
    """What a trip may use, reserve kept back."""
    energy_mwh_per_m: float
    """Where `draw` is given, the least that any metre can take."""
    energy_mwh_per_stop: float
    """Likewise."""
    co2e_kg_per_kwh: float
    rates: tuple[Rate, ...]
    vehicle_cost: int
    trip_cost: int
    stop_cost: int
    metre_cost: int
    duty_cost: int
    """Per second from the first loading to the last return."""
    away_cost: int
    """Per second from departure to return."""
    period_from_s: tuple[int, ...] = ()
    """When each period begins, rising; the first holds before it too, the last for ever. Empty: all hours are alike."""
    period_duration_s: NDArray[np.int32] | None = None
    """[periods, sites, sites] travel times, were each period to last for ever; `duration_s` is the least of them."""
    draw: Draw | None = None
    """What is used by load, where that matters; a trip's energy is then rounded up to a whole milliwatt-hour."""
    kwh_cost: int = 0
    """Per kilowatt-hour, where `draw` is given; each trip's is rounded down."""
    paid_least_s: int = 0
    """Seconds of duty that are paid at the least, by a vehicle that leaves."""
    overtime_after_s: int = MANY
    """Duty beyond this costs `overtime_cost` more."""
    overtime_cost: int = 0
    """Per second, on top of `duty_cost`."""
    draw_model: str = ""
    """The energy model that gave `draw`."""
    other_draws: tuple[tuple[str, Draw], ...] = ()
    """Of the mode's other energy models, which no plan goes by."""
    kwh_at_plug: float = 1.0
    """Kilowatt-hours from the plug or pump for each that is drawn."""
    refill_mwh_per_s: float = 0.0
    """A battery is charged at this rate; 0 where each trip begins with all the energy that there is."""
    spares: int = 0
    """Other batteries of a vehicle, changed for what is in it where that would not last; 0 where it charges at the hub,
    when turnarounds are over and loading has not begun."""
    battery: Battery = Battery()
    """As the first loading finds it, where the vehicle charges or changes batteries."""
    begun_as: int = -1
    """Index of the fleet whose rules the first trip of its vehicle keeps, for that trip has begun; -1 its own."""
    work_from_s: int = -1
    """When the work of a driver who has begun goes on from, the last break over; -1 from the first loading."""
    release_s: int = -1
    """Later trips of a vehicle that has begun are loaded from then on; -1 at any time."""
    home_s: int = -1
    """When a vehicle that has begun is back if it goes straight home; what it takes up until then is `taken`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that planners and the checker may know."""

    configuration: str
    order_ids: tuple[str, ...]
    site_xy_m: NDArray[np.float64]
    """[sites, 2] hubs, then lockers, then the orders' own places."""
    hubs: tuple[str, ...]
    """Names of the first sites."""
    lockers: tuple[str, ...]
    """Names of the sites after them."""
    mass_g: NDArray[np.int64]
    """[orders]"""
    volume_ml: NDArray[np.int64]
    """[orders]"""
    sizes: tuple[Size, ...]
    """Of the orders."""
    placed_s: NDArray[np.int64]
    """[orders]"""
    ready_s: NDArray[np.int64]
    """[orders]"""
    promise_s: NDArray[np.int64]
    """[orders]"""
    unserved_cost: NDArray[np.int64]
    """[orders] price of leaving each out."""
    late_cost: int
    """Per second beyond an order's promise."""
    option_order: NDArray[np.int64]
    """[options]"""
    option_site: NDArray[np.int64]
    """[options]"""
    option_kind: tuple[Handover, ...]
    """Of the options."""
    option_locker: NDArray[np.int64]
    """[options] index into `lockers`, -1 elsewhere."""
    option_open_s: NDArray[np.int64]
    """[options] service may begin."""
    option_close_s: NDArray[np.int64]
    """[options] service may begin no later."""
    option_part: NDArray[np.int8]
    """[options] DELIVER, RETURN, PICK_UP or DROP."""
    option_mate: NDArray[np.int64]
    """[options] of a pick-up its drop and the other way round, in the same trip; -1 elsewhere."""
    option_walk_m: NDArray[np.float64]
    """[options] the customer's way to the locker and back; 0 elsewhere."""
    locker_room: NDArray[np.int64]
    """[lockers, sizes] compartments that take a parcel of at least this size."""
    locker_cost: NDArray[np.int64]
    """[lockers] on a day that it is used."""
    hub_cost: NDArray[np.int64]
    """[hubs] on a day that anything leaves from it."""
    fleets: tuple[Fleet, ...]
    refusals: tuple[Refusal, ...]
    own_reach: NDArray[np.bool_]
    """[orders] true where a vehicle that is no reserve could deliver it."""
    wanted_s: NDArray[np.int64] | None = None
    """[orders] handed over sooner costs `early_cost`; none where nobody minds."""
    early_cost: int = 0
    """Per second before an order is wanted."""
    shared: tuple[Shared, ...] = ()
    """What vehicles share for a while: pads, docks, chargers, loaders, operators."""
    parcels: NDArray[np.int64] | None = None
    """[orders] how many parcels each counts as; None for one each."""
    bundle: NDArray[np.int64] | None = None
    """[orders] how many orders of one household each stands for; None for one each."""
    option_dwell_s: NDArray[np.float64] | None = None
    """[options] how long after it is in the locker the customer comes for it; 0 elsewhere, None for not known."""
    locker_hours_s: NDArray[np.float64] | None = None
    """[lockers, 2] between which clock times of every day it is open, the second no less than a day later where it
    never closes; None for not known."""
    still: NDArray[np.bool_] | None = None
    """[options] true where an option stands for what a vehicle has done: it stays first of its route; None for none."""
