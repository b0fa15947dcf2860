"""Rates: what one vehicle costs per day, second, metre, trip and order, line by line of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorstep.modes.mode import Mode, Ownership, PriceBook


class Line(StrEnum):
    """The lines of the ledger."""

    LABOUR = "labour"
    LOADING = "loading"
    SUPERVISION = "supervision"
    VEHICLES = "vehicles"
    SITES = "sites"
    ENERGY = "energy"
    WEAR = "wear"
    BATTERY = "battery"
    INSURANCE = "insurance"
    LOCKERS = "lockers"
    HUBS = "hubs"
    LATE = "late"
    EARLY = "early"


class Per(StrEnum):
    """What a rate is multiplied by."""

    VEHICLE = "vehicle"
    """One vehicle that leaves the hub on this day."""
    DUTY_SECOND = "duty_second"
    """From the first loading of a vehicle to its last return, some at the least where that is agreed."""
    OVERTIME_SECOND = "overtime_second"
    """On duty beyond what is agreed, paid on top of the duty itself."""
    AWAY_SECOND = "away_second"
    """From the departure of a trip to its return."""
    METRE = "metre"
    TRIP = "trip"
    STOP = "stop"
    """Standing still at one place, for however many orders."""
    KWH = "kwh"
    """Drawn from the battery or tank."""


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount of money on one line of the ledger for each unit of one driver of cost."""

    line: Line
    per: Per
    amount: float


def annuity(price: float, life_years: float, interest_rate: float) -> float:
    """Return the equal yearly payment that repays a price with interest over its life.

    The capital recovery factor of any textbook of engineering economics, e.g. Blank and Tarquin, ch. 2.
    """
    if interest_rate == 0:
        return price / life_years
    return price * interest_rate / (1 - float((1 + interest_rate) ** -life_years))


def rates_of(mode: Mode, prices: PriceBook) -> tuple[Rate, ...]:
    """Return what one vehicle of a mode costs at the prices of a place."""
    own = prices.ownership.get(mode.name, mode.ownership)
    money = prices.exchange[own.currency]

    def per_day(price: float, life_years: float) -> float:
        return money * annuity(price, life_years, prices.interest_rate) / prices.operating_days

    found = [
        Rate(Line.VEHICLES, Per.VEHICLE, per_day(own.price, own.life_years)),
        Rate(Line.SITES, Per.VEHICLE, per_day(own.site_price, own.site_life_years)),
        Rate(Line.INSURANCE, Per.VEHICLE, money * own.insurance_per_day),
        Rate(Line.WEAR, Per.METRE, money * own.wear_per_km / 1000),
        Rate(Line.ENERGY, Per.KWH, prices.energy_per_kwh[mode.carrier] / mode.charging.efficiency),
        Rate(Line.BATTERY, Per.KWH, money * _battery_per_kwh(mode, own)),
        Rate(Line.LABOUR, Per.DUTY_SECOND, prices.driver_per_hour / 3600 if mode.has_driver else 0.0),
        Rate(Line.LOADING, Per.TRIP, prices.loader_per_hour / 3600 * mode.loading_staff * mode.load_s),
        Rate(Line.SUPERVISION, Per.AWAY_SECOND, prices.operator_per_hour / 3600 / mode.vehicles_per_operator),
    ]
    return tuple(rate for rate in found if rate.amount)


def overtime_rates(mode: Mode, prices: PriceBook, premium: float) -> tuple[Rate, ...]:
    """Return what a driver's overtime costs on top of the wage; `premium` is a share of that."""
    amount = prices.driver_per_hour / 3600 * premium if mode.has_driver else 0.0
    return (Rate(Line.LABOUR, Per.OVERTIME_SECOND, amount),) if amount else ()


def locker_per_day(compartments: int, prices: PriceBook) -> float:
    """Return what one bank of lockers costs on a day that it is used."""
    price = prices.locker_price * compartments / prices.locker_compartments
    return annuity(price, prices.locker_life_years, prices.interest_rate) / 365 + prices.locker_running_per_day


def _battery_per_kwh(mode: Mode, own: Ownership) -> float:
    """Return the wear of a battery per kilowatt-hour drawn from it; 0 where its life is the vehicle's."""
    return 1000 * own.battery_price / (own.battery_cycles * mode.battery_wh) if own.battery_price else 0.0
