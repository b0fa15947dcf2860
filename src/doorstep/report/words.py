"""Words and figures that people read: rules, lines of the ledger, money and spans of time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE_WORDS = {
    "begun": "what is aboard or under way stays as it is",
    "break": "driver's break",
    "size": "no compartment so large",
    "compartments": "lockers full",
    "consent": "customer does not accept it",
    "cut-off": "ordered after the last decision of the day",
    "density": "too many people below, by law",
    "energy": "battery too small",
    "hours": "back too late",
    "landing-place": "no place to land",
    "lockers": "no locker there",
    "mass": "too heavy",
    "no-fly": "inside a no-fly zone",
    "pair": "pick-up and drop in one trip",
    "parcels": "too many for one trip",
    "price": "dearer than leaving it out",
    "range": "too far",
    "return": "cannot be fetched that way",
    "reserve": "kept in reserve",
    "shared": "pads, docks or people taken up",
    "shift": "shift too short",
    "sorties": "no quote for a plan with sorties",
    "snap": "too far from its way",
    "trips": "too many trips for one vehicle",
    "vehicles": "no vehicle there",
    "volume": "too bulky",
    "walk": "locker too far to walk",
    "way": "no way there and back",
    "wind": "too much wind in every working hour",
    "window": "cannot come in time",
}
LINE_WORDS = {
    "labour": "labour",
    "loading": "loading staff",
    "supervision": "remote supervision",
    "vehicles": "vehicles' capital",
    "sites": "pads, docks, chargers",
    "energy": "energy",
    "wear": "wear",
    "battery": "battery wear",
    "insurance": "insurance and permits",
    "lockers": "lockers",
    "hubs": "hubs",
    "late": "compensation for lateness",
    "courier": "couriers called in",
    "tomorrow": "carried to tomorrow",
}


CAUSE_WORDS = {
    "missed": "nobody was there",
    "late": "too late",
    "grounded": "grounded by the weather",
    "broken": "the vehicle broke down",
    "full": "the locker was full",
}
FATE_WORDS = {
    "came": "brought for all that",
    "courier": "brought by somebody called in",
    "tomorrow": "carried to tomorrow",
    "locker": "taken to a locker",
    "neighbour": "taken in by a neighbour",
}


YES_OR_NO = frozenset({"compartments", "consents", "free", "kiosks", "lockers", "places", "vehicles", "ways"})
"""Units of what is there or is not, so that no margin need be told."""


def money(amount: float) -> str:
    """Return an amount of money to the cent."""
    return f"{amount:,.2f}"


def whole(count: float) -> str:
    """Return a number without decimals."""
    return f"{count:,.0f}"


def tenths(amount: float) -> str:
    """Return a number with one decimal."""
    return f"{amount:,.1f}"


def span_of(ends: Sequence[float]) -> str:
    """Return the least and the most of an amount with a dash between, rounded apart; below ten with one decimal."""
    per = 1 if min(ends) >= 10 else 10  # noqa: PLR2004 - two digits tell enough
    show = whole if per == 1 else tenths
    low, high = show(math.floor(min(ends) * per + 1e-6) / per), show(math.ceil(max(ends) * per - 1e-6) / per)
    return low if low == high else f"{low}\N{EN DASH}{high}"


def as_percent(share: float) -> str:
    """Return a share as a percentage, without its sign."""
    return f"{100 * share:.1f}"


def number(amount: float) -> str:
    """Return a number with as many digits as a reader needs."""
    thousand = 1000
    return f"{amount:,.0f}" if abs(amount) >= thousand else f"{amount:.3g}"


def minutes(amount: float) -> str:
    """Return a span of time as `48 min` or `20 h 5 min`."""
    whole = round(amount)
    hour = 60
    return f"{whole} min" if whole < 2 * hour else f"{whole // hour} h {whole % hour} min"


def hours(amount: float) -> str:
    """Return minutes as hours with one decimal."""
    return f"{amount / 60:,.1f} h"


def clock(seconds: float) -> str:
    """Return a clock time of the scenario's day, told as the day before or after where it is not on it."""
    day, rest = divmod(round(seconds), 86_400)
    told = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
    return told if not day else f"{told} ({day:+d} d)"
