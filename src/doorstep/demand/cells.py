"""What the cells of a table of orders mean: numbers, clock times, words."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from doorstep.handover import Handover

Word = TypeVar("Word", bound=StrEnum)

_CLOCK = re.compile(r"(?:([+-]\d) +)?(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
_DIGITS = re.compile(r"[-+]?\d+(?:\.\d+)?", re.ASCII)
_OCLOCK = re.compile(r"(\d{1,2})(?:[.h](\d{2}))?\s*(am|pm)?", re.IGNORECASE | re.ASCII)
_DAY_S = 86_400
_LEAST_S, _MOST_S = 100, 10 * _DAY_S
"""Bare numbers below are hours more likely than seconds; clock times beyond belong to no day of delivery."""
MOST = 1e6
"""No mass in kilograms, volume in litres or walk in metres of a parcel is as much."""


class MisfitError(ValueError):
    """A cell does not mean anything; says what it is and what would mend it."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)


def number(text: str) -> float:
    """Return a finite number."""
    if not text.isascii() or "_" in text:  # Python would read both
        raise MisfitError(f"'{text}' is not a number", "write it in the digits 0 to 9, without separators")
    try:
        value = float(text)
    except ValueError:
        comma = re.fullmatch(r"-?\d+,\d+", text)
        fix = "write a decimal point, not a comma" if comma else "write a number without its unit"
        raise MisfitError(f"'{text}' is not a number", fix) from None
    if not math.isfinite(value):
        raise MisfitError(f"'{text}' is not a finite number", "write a number")
    return value


def positive(text: str) -> float:
    """Return a number above zero."""
    value = number(text)
    if value <= 0:
        raise MisfitError(f"{value:g} is not above zero", "write how much it is")
    return _likely(value)


def not_negative(text: str) -> float:
    """Return a number of zero or more."""
    value = number(text)
    if value < 0:
        raise MisfitError(f"{value:g} is below zero", "write zero or more")
    return _likely(value)


@lru_cache(maxsize=4096)
def clock(text: str) -> float:
    """Return seconds since the scenario's midnight of `HH:MM[:SS]`, `-1 18:30` for the day before, or seconds."""
    match = _CLOCK.fullmatch(text)
    if match:
        day, hour, minute, second = (int(part or 0) for part in match.groups())
        of_day_s = hour * 3600 + minute * 60 + second
        if of_day_s <= 2 * _DAY_S:
            return float(day * _DAY_S + of_day_s)
    elif _DIGITS.fullmatch(text) and (float(text) == 0 or _LEAST_S <= abs(float(text)) <= _MOST_S):
        return float(text)
    raise MisfitError(f"'{text}' is not a clock time", _clock_hint(text))


def _clock_hint(text: str) -> str:
    """Return the clock time that was probably meant."""
    known = "write 07:30, or -1 18:30 for the day before, or seconds"
    found = _OCLOCK.fullmatch(text)
    hour = int(found[1]) if found else 24
    if found is None or hour >= 24 or int(found[2] or 0) >= 60 or (found[3] and not 1 <= hour <= 12):  # noqa: PLR2004
        return known
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "pm" else 0)
    return f"did you mean {hour:02d}:{found[2] or '00'}? {known}"


def _likely(value: float) -> float:
    """Return a number that is not beyond all measure."""
    if value > MOST:
        raise MisfitError(f"{value:g} is beyond all measure", f"write less than {MOST:,.0f}")
    return value


def truth(text: str) -> bool:
    """Return yes or no."""
    if text.lower() not in _YES | _NO:
        raise MisfitError(f"'{text}' is neither yes nor no", "write yes or no")
    return text.lower() in _YES


def word(text: str, kind: type[Word]) -> Word:
    """Return the member of an enumeration that a word names, in capitals or not."""
    for member in kind:
        if member.value.lower() == text.lower():
            return member
    names = [member.value for member in kind]
    close = get_close_matches(text.lower(), [name.lower() for name in names], n=1)
    near = [name for name in names if close and name.lower() == close[0]]
    raise MisfitError(f"'{text}' is unknown", f"did you mean '{near[0]}'?" if near else f"known: {', '.join(names)}")


@lru_cache(maxsize=1024)
def kinds(text: str) -> frozenset[Handover]:
    """Return the handover kinds of a list such as `door;kerb`."""
    return frozenset(word(part, Handover) for part in re.split(r"[;,|\s]+", text) if part)
