"""Quantities as people write them in a scenario file: `30 min`, `13 km`, `15 km/h`, `07:30`."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_WRITTEN = re.compile(r"\s*([-+]?(?:[0-9][0-9  _]*)?(?:[.,][0-9]+)?)\s*([^\d\s.,].*?)?\s*")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?")
_SPELT = {
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("metre", "metres", "meter", "meters"), "m"),
    **dict.fromkeys(("kms", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("kmh", "kph", "km/hr", "kmph"), "km/h"),
    **dict.fromkeys(("mps", "m/sec"), "m/s"),
    **dict.fromkeys(("kgs", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("litre", "litres", "liter", "liters"), "L"),
    "m³": "m3",
}
"""Other spellings of units, in small letters."""
CLOCK_PATTERN = r"^([0-3]?[0-9]|4[0-7]):[0-5][0-9](:[0-5][0-9])?$|^48:00(:00)?$"
"""A clock time, up to the end of the day after the scenario's."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The units in which one kind of quantity may be written, each with its size in the unit kept inside."""

    noun: str
    units: dict[str, float]
    example: str
    most: float = float("inf")
    """In the unit kept inside; more was hardly meant."""

    @property
    def pattern(self) -> str:
        """Regular expression of everything that may be written."""
        units = "|".join(re.escape(unit) for unit in self.units)
        return f"^{_NUMBER} ?({units})$"


DURATION = Scale("a duration", {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}, "30 min", 366 * 86400.0)
LENGTH = Scale("a length", {"m": 1.0, "km": 1000.0}, "250 m", 4.1e7)
MASS = Scale("a mass", {"kg": 1.0, "g": 0.001}, "2.5 kg", 1e6)
VOLUME = Scale("a volume", {"L": 1.0, "l": 1.0, "m3": 1000.0}, "40 L", 1e6)
SPEED = Scale("a speed", {"km/h": 1 / 3.6, "m/s": 1.0}, "15 km/h", 1000.0)


class MisfitError(ValueError):
    """A text is not the quantity that its key asks for; `fix` says what would mend it."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)


def measured(written: object, scale: Scale) -> float:
    """Return a quantity such as `30 min` in the unit kept inside: seconds, metres or metres per second.

    Raises
    ------
    MisfitError
        If it is no text with a number and a known unit.
    """
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        raise MisfitError(
            f"{written} has no unit", f"write the unit: {', '.join(f'{written} {u}' for u in scale.units)}"
        )
    found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if found is None or not found[1].strip():
        raise MisfitError(f"{_quote(written)} is not {scale.noun}", f"write it as in: {scale.example}")
    digits, unit = found[1].strip(), found[2] or ""
    if "," in digits or re.search(r"[  _]", digits):
        mended = re.sub(r"[  _]", "", digits).replace(",", ".")
        raise MisfitError(f"{_quote(written)} is not {scale.noun}", f"use a decimal point: {mended} {unit}".rstrip())
    if re.match(r"[eE][-+]?\d", unit):
        fix = f"write the number without one, as in: {scale.example}"
        raise MisfitError(f"{_quote(written)} has an exponent", fix)
    if unit not in scale.units:
        meant = _SPELT.get(unit.lower().rstrip("."), unit)
        near = [meant] if meant in scale.units else difflib.get_close_matches(unit, scale.units, n=1, cutoff=0.6)
        known = f"use one of: {', '.join(scale.units)}"
        hint = f"did you mean '{digits} {near[0]}'? {known}" if near else known
        raise MisfitError(f"{_quote(written)} has an unknown unit" if unit else f"{_quote(written)} has no unit", hint)
    if digits.startswith("-"):
        raise MisfitError(f"{_quote(written)} is below zero", f"{scale.noun} is zero or more")
    amount = float(digits) * scale.units[unit]
    if amount > scale.most:
        most = f"{scale.most / scale.units[unit]:,.0f} {unit}"
        raise MisfitError(f"{_quote(written)} is beyond all measure", f"{scale.noun} is at most {most}")
    return amount


def clock(written: object) -> float:
    """Return a clock time such as `07:30` in seconds since midnight; up to `48:00`, the end of the next day.

    Raises
    ------
    MisfitError
        If it is no such time.
    """
    found = _CLOCK.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise MisfitError(f"{_quote(written)} is not a clock time", _clock_hint(written))
    seconds = 3600.0 * int(found[1]) + 60.0 * int(found[2]) + int(found[3] or 0)
    if seconds > 48 * 3600:
        raise MisfitError(f"{_quote(written)} is later than the next day", "clock times go from 00:00 to 48:00")
    return seconds


def amount_and_unit(written: object) -> tuple[float | str | bool, str]:
    """Return what a reader should see of a written value: its number and its unit, where it has both."""
    if isinstance(written, (bool, int, float)):
        return written, ""
    text = str(written).strip()
    found = re.fullmatch(r"([-+]?\d+(?:\.\d+)?) ?([^\d\s:,][^\s:,]*)", text)
    if found is None:
        return text, "clock" if _CLOCK.fullmatch(text) else ""
    number = float(found[1])
    return int(number) if number.is_integer() else number, found[2]


def _clock_hint(written: object) -> str:
    """Return the clock time that was probably meant."""
    text = str(written).strip().lower()
    found = re.fullmatch(r"([0-9]{1,2})(?:[.h:]([0-9]{2})?)?\s*(am|pm)?", text)
    if found:
        hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] else int(found[1])
        meant = f"{hour:02d}:{found[2] or '00'}"
        if _CLOCK.fullmatch(meant):
            return f"write hours and minutes: {meant}"
    return "write hours and minutes, as in 07:30"


def _quote(written: object) -> str:
    if written is None:
        return "nothing"
    if isinstance(written, str):
        return f"'{written}'"
    if isinstance(written, (dict, list)):
        return "a map" if isinstance(written, dict) else "a list"
    return str(written).lower()
