"""Units: what a catalogue file may write beside a number, and what it is in SI."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DIESEL_KWH_PER_L = 10.46
"""Energy in a litre of diesel [kWh/L]; Energy Saving Trust, fleet carbon toolkit, 2023."""

UNITS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "speed": {"km/h": 1 / 3.6, "m/s": 1.0},
        "mass": {"kg": 1.0, "g": 0.001},
        "volume": {"L": 1.0, "m3": 1000.0},
        "time": {"min": 60.0, "s": 1.0, "h": 3600.0},
        "length": {"km": 1000.0, "m": 1.0},
        "energy": {"Wh": 1.0, "kWh": 1000.0},
        "use": {"Wh/km": 0.001, "Wh/m": 1.0, "kWh/km": 1.0, "kWh/100km": 0.01, "L/100km": DIESEL_KWH_PER_L / 100},
        "power": {"W": 1.0, "kW": 1000.0},
        "area": {"m2": 1.0},
        "ratio": {"ratio": 1.0},
        "halts": {"halts/km": 0.001},
        "share": {"%": 0.01},
        "years": {"years": 1.0},
        "days": {"days/year": 1.0},
        "cycles": {"cycles": 1.0},
        "parcels": {"parcels": 1.0},
        "compartments": {"compartments": 1.0},
        "vehicles": {"vehicles": 1.0},
        "people": {"people": 1.0},
        "batteries": {"batteries": 1.0},
        "density": {"people/km2": 1.0},
        "money": {"CUR": 1.0},
        "money per km": {"CUR/km": 1.0},
        "money per day": {"CUR/day": 1.0},
        "money per hour": {"CUR/h": 1.0},
        "money per order": {"CUR/order": 1.0},
        "exchange": {"CUR/CUR": 1.0},
        "price of electricity": {"CUR/kWh": 1.0},
        "price of diesel": {"CUR/kWh": 1.0, "CUR/L": 1 / DIESEL_KWH_PER_L},
        "carbon of electricity": {"kg/kWh": 1.0},
        "carbon of diesel": {"kg/kWh": 1.0, "kg/L": 1 / DIESEL_KWH_PER_L},
        "failures": {"failures/1000km": 1e-6},
        "calls": {"calls/km": 0.001},
        "word": {"word": 1.0},
        "yes or no": {"yes/no": 1.0},
    },
)
"""By quantity, the units it may be given in the handiest first, and how much of the unit used inside
each is; CUR is any currency."""

_CURRENCY = re.compile(r"\b[A-Z]{3}\b")


def factor(unit: str, quantity: str) -> float | None:
    """Return how much of the unit used inside one such unit is; none where the quantity does not have this unit."""
    return UNITS[quantity].get(_CURRENCY.sub("CUR", unit))


def currencies(unit: str) -> tuple[str, ...]:
    """Return the currencies that a unit names, in order."""
    return tuple(_CURRENCY.findall(unit))


def units_of(quantity: str, currency: str = "EUR") -> str:
    """Return the units that a quantity may be given in, as words for a message."""
    return " or ".join(f"'{unit.replace('CUR', currency)}'" for unit in UNITS[quantity])
