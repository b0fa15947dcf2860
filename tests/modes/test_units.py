"""The unit table."""

from __future__ import annotations

import pytest

from doorstep.modes.units import UNITS, currencies, factor, units_of


@pytest.mark.parametrize(
    ("quantity", "unit", "expected"),
    [
        ("speed", "km/h", 1 / 3.6),
        ("volume", "m3", 1000),
        ("time", "h", 3600),
        ("use", "Wh/km", 0.001),
        ("use", "kWh/100km", 0.01),
        ("use", "kWh/km", 1),
        ("share", "%", 0.01),
        ("money per km", "CNY/km", 1),
        ("price of diesel", "EUR/L", 1 / 10.46),
    ],
)
def test_factor(quantity: str, unit: str, expected: float) -> None:
    """One of each unit is so much of the unit used inside."""
    assert factor(unit, quantity) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [("speed", "kmh"), ("mass", "KG"), ("money", "euro"), ("money", "EUR/km"), ("money", "CUR/km"), ("use", "kWh")],
)
def test_strict(quantity: str, unit: str) -> None:
    """A unit of another quantity, or written otherwise, is no unit."""
    assert factor(unit, quantity) is None


def test_currencies() -> None:
    """The currencies of a unit are found in order, and physical units have none."""
    assert currencies("EUR/GBP") == ("EUR", "GBP")
    assert currencies("kWh/100km") == ()


def test_units_of() -> None:
    """The units of a quantity are listed in words, with a real currency."""
    assert units_of("speed") == "'km/h' or 'm/s'"
    assert units_of("money per km", "CNY") == "'CNY/km'"
    assert all(units_of(quantity) for quantity in UNITS)
