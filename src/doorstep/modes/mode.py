"""Mode: everything a plan depends on of one kind of vehicle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.handover import Handover
    from doorstep.modes.energy import Energy
    from doorstep.network.network import Medium


@dataclass(frozen=True, slots=True)
class Value:
    """One number of the catalogue as a reader should see it: amount, unit, and where it comes from."""

    name: str
    amount: float | str | bool
    unit: str
    source: str
    """Key into `sources.bib`; empty for an estimate."""
    estimate: str
    """Why this number, where nobody has published one; empty for a sourced value."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ownership:
    """What it costs to have one vehicle, in the currency it is sold in."""

    price: float
    currency: str
    life_years: float
    wear_per_km: float
    """Tyres, service and repair."""
    battery_price: float
    """Price of one traction battery that wears out before the vehicle; 0 where its life is the vehicle's."""
    battery_cycles: float
    """Full cycles until that battery is replaced; infinite where it is never."""
    site_price: float
    """Pad, dock or charger that each vehicle needs at its hub."""
    site_life_years: float
    insurance_per_day: float
    """Insurance and permits, per operating day."""


class Refill(StrEnum):
    """How a vehicle gets its energy back at the hub."""

    SWAP = "swap"
    """Its battery is changed for a full one."""
    CHARGE = "charge"
    """It stands at a charger until what the trip took is back."""
    FUEL = "fuel"
    """Its tank lasts for days."""


@dataclass(frozen=True, slots=True)
class Charging:
    """How a vehicle gets back what it drew."""

    way: Refill
    power_w: float = math.inf
    """What one charger puts into a battery; infinite where nothing is charged."""
    efficiency: float = 1.0
    """Of charger and battery, from the plug to what can be drawn."""
    spares: float = 0
    """Batteries of a vehicle besides the one in it, where they are changed; each has its charger."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One kind of vehicle: where it may go, what it carries, how long it takes, what it uses."""

    name: str
    label: str
    medium: Medium
    max_speed_mps: float
    payload_kg: float
    capacity_l: float
    max_parcels: int
    """Orders in one trip."""
    service_s: Mapping[Handover, float]
    """Time to hand one order over, of each kind that the mode can do."""
    setup_s: Mapping[Handover, float]
    """Time to park or approach at a new place, of each kind."""
    load_s: float
    """Time at the hub to load a trip."""
    turnaround_s: float
    """Further time at the hub between two trips; where it charges, to plug in and out."""
    range_m: float
    """Longest trip, reserve kept back; infinite where energy is the only limit."""
    battery_wh: float
    """Energy carried at the start of a trip; infinite where a tank never binds."""
    reserve_share: float
    """Share of the battery that must be left at the end of a trip."""
    energy: Energy
    """What it draws, by each model that its file has values for."""
    carrier: str
    """What it runs on: `electricity` or `diesel`."""
    has_driver: bool
    vehicles_per_operator: float
    """Vehicles under way that one remote operator watches; infinite where nobody does."""
    loading_staff: float
    """People who load it at the hub, besides a driver."""
    ownership: Ownership
    descent_s: float = 0.0
    """Time to come down at a new place, where the scenario does not time flights by their altitude."""
    climb_s: float = 0.0
    """Time to rise from it again, likewise."""
    altitude_m: float = 0.0
    """Height of those climbs, likewise."""
    hover_s: float = 0.0
    """Of the time at a new place, hovering."""
    max_wind_mps: float = math.inf
    """It does not fly where more wind blows."""
    charging: Charging = Charging(Refill.FUEL)
    opens_s: float = 0.0
    """Clock time from which the law lets it out."""
    closes_s: float = math.inf
    """Clock time by which the law wants it back."""
    values: tuple[Value, ...] = ()
    """Every number above as the catalogue gives it."""


@dataclass(frozen=True, slots=True)
class PriceBook:
    """What things cost in one country and year."""

    name: str
    label: str
    currency: str
    year: int
    driver_per_hour: float
    operator_per_hour: float
    loader_per_hour: float
    energy_per_kwh: Mapping[str, float]
    """By carrier."""
    co2e_kg_per_kwh: Mapping[str, float]
    """By carrier."""
    interest_rate: float
    operating_days: float
    """Days a year that a vehicle works."""
    exchange: Mapping[str, float]
    """Units of this currency for one unit of another."""
    locker_price: float
    """Of a bank of `locker_compartments` compartments."""
    locker_compartments: int
    locker_life_years: float
    locker_running_per_day: float
    """Rent, power and service of one bank."""
    hub_per_day: float
    """A hub that anything leaves from."""
    unserved_price: float
    """What leaving an order undelivered is held to cost; steers the plan, never in the ledger."""
    late_per_hour: float
    """Compensation owed for each hour beyond the promise."""
    ownership: Mapping[str, Ownership]
    """Modes whose price here differs from their own file's."""
    values: tuple[Value, ...] = ()
