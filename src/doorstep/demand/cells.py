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

_CLOCK = re.compile(r"(?:([+-]\d) +)?(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
_HOURS = 48


class MisfitError(ValueError):
    """A cell does not mean anything; says what it is and what would mend it."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)


def number(text: str) -> float:
    """Return a finite number."""
    try:
        value = float(text)
    except ValueError:
        fix = (
            "write a decimal point, not a comma"
            if re.fullmatch(r"-?\d+,\d+", text)
            else "write a number without its unit"
        )
        raise MisfitError(f"'{text}' is not a number", fix) from None
    if not math.isfinite(value):
        raise MisfitError(f"'{text}' is not a finite number", "write a number, or leave the cell empty")
    return value


def positive(text: str) -> float:
    """Return a number above zero."""
    value = number(text)
    if value <= 0:
        raise MisfitError(f"{value:g} is not above zero", "write how much it is")
    return value


def not_negative(text: str) -> float:
    """Return a number of zero or more."""
    value = number(text)
    if value < 0:
        raise MisfitError(f"{value:g} is below zero", "write zero or more")
    return value


@lru_cache(maxsize=4096)
def clock(text: str) -> float:
    """Return seconds since the scenario's midnight of `HH:MM[:SS]`, `-1 18:30` for the day before, or seconds."""
    match = _CLOCK.fullmatch(text)
    if match:
        day, hour, minute, second = (int(part or 0) for part in match.groups())
        if hour < _HOURS:
            return float(day * 86_400 + hour * 3600 + minute * 60 + second)
    elif ":" not in text:
        return number(text)
    raise MisfitError(f"'{text}' is not a clock time", "write 07:30, or -1 18:30 for the day before, or seconds")


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
    fix = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(names)}"
    raise MisfitError(f"'{text}' is unknown", fix)


@lru_cache(maxsize=1024)
def kinds(text: str) -> frozenset[Handover]:
    """Return the handover kinds of a list such as `door;kerb`."""
    words = [part for part in re.split(r"[;,|\s]+", text) if part]
    return frozenset(word(part, Handover) for part in words)
