"""What a vehicle costs, line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.modes.catalog import load_mode, load_prices, mode_names
from doorstep.modes.rates import Line, Per, annuity, locker_per_day, rates_of

BOOK = load_prices("euro-area-2024")


def _amount(mode: str, line: Line, per: Per) -> float:
    """Return one rate of a mode; 0 where it has none."""
    return sum(rate.amount for rate in rates_of(load_mode(mode), BOOK) if (rate.line, rate.per) == (line, per))


@given(price=st.floats(1, 1e6), life=st.integers(1, 30), interest=st.floats(0.001, 0.5))
def test_annuity_repays_the_price(price: float, life: int, interest: float) -> None:
    """The yearly payments, each discounted, are together worth the price."""
    payment = annuity(price, life, interest)
    assert sum(payment / (1 + interest) ** year for year in range(1, life + 1)) == pytest.approx(price)


def test_annuity_without_interest() -> None:
    """Without interest a price is spread evenly, and interest tending to none tends to that."""
    assert annuity(1200, 6, 0) == 200
    assert annuity(1200, 6, 1e-9) == pytest.approx(200, rel=1e-6)


def test_driver_is_paid_by_the_hour() -> None:
    """An hour of a courier's duty costs the courier's wage, and no operator."""
    assert _amount("van", Line.LABOUR, Per.DUTY_SECOND) * 3600 == pytest.approx(BOOK.driver_per_hour)
    assert _amount("van", Line.SUPERVISION, Per.AWAY_SECOND) == 0


def test_operator_is_shared() -> None:
    """An hour of one drone away costs a fifteenth of an operator's wage, and its loading the loader's minutes."""
    assert _amount("quadcopter", Line.SUPERVISION, Per.AWAY_SECOND) * 3600 * 15 == pytest.approx(BOOK.operator_per_hour)
    assert _amount("quadcopter", Line.LOADING, Per.TRIP) == pytest.approx(3 / 60 * BOOK.loader_per_hour)


def test_battery_wears_by_the_full_cycle() -> None:
    """Drawing as much energy as the battery holds costs its price over its cycles."""
    drone = load_mode("quadcopter")
    cycle = _amount("quadcopter", Line.BATTERY, Per.KWH) * drone.battery_wh / 1000
    assert cycle == pytest.approx(drone.ownership.battery_price / drone.ownership.battery_cycles)


def test_charging_loses() -> None:
    """A kilowatt-hour drawn costs that from the plug and what charging loses on the way; diesel loses nothing."""
    drone = load_mode("quadcopter")
    price = _amount("quadcopter", Line.ENERGY, Per.KWH) * drone.charging.efficiency
    assert price == pytest.approx(BOOK.energy_per_kwh["electricity"])
    assert _amount("diesel-van", Line.ENERGY, Per.KWH) == pytest.approx(BOOK.energy_per_kwh["diesel"])


@pytest.mark.parametrize("name", mode_names())
def test_dearer_electricity_costs_more(name: str) -> None:
    """Twice the price of a carrier doubles the energy lines of the modes that run on it and changes nothing else."""
    mode = load_mode(name)
    dearer = replace(BOOK, energy_per_kwh={carrier: 2 * price for carrier, price in BOOK.energy_per_kwh.items()})
    for before, after in zip(rates_of(mode, BOOK), rates_of(mode, dearer), strict=True):
        assert after.amount == pytest.approx(before.amount * (2 if before.line is Line.ENERGY else 1))


def test_exchange_scales_what_is_bought_abroad() -> None:
    """A dearer dollar makes the robot, sold in dollars, dearer by as much, and leaves its supervision alone."""
    robot = load_mode("sidewalk-robot")
    dearer = replace(BOOK, exchange={**BOOK.exchange, "USD": 2 * BOOK.exchange["USD"]})
    before = {(rate.line, rate.per): rate.amount for rate in rates_of(robot, BOOK)}
    after = {(rate.line, rate.per): rate.amount for rate in rates_of(robot, dearer)}
    assert after[Line.VEHICLES, Per.VEHICLE] == pytest.approx(2 * before[Line.VEHICLES, Per.VEHICLE])
    assert after[Line.SUPERVISION, Per.AWAY_SECOND] == before[Line.SUPERVISION, Per.AWAY_SECOND]


def test_locker_by_its_compartments() -> None:
    """A bank half as large costs half the capital and the same running."""
    running = BOOK.locker_running_per_day
    whole = locker_per_day(BOOK.locker_compartments, BOOK) - running
    assert locker_per_day(2 * BOOK.locker_compartments, BOOK) - running == pytest.approx(2 * whole)
    assert whole * 365 == pytest.approx(annuity(BOOK.locker_price, BOOK.locker_life_years, BOOK.interest_rate))
