"""Ferries: ways over water, used only where the rule book says so, and how fast they go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = ("route", "duration")
USUAL_MPS = 5 / 3.6
"""Of ferries that tell no duration, waiting included: OSRM's car profile (`route_speeds`)."""
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d\d)")
_PERIOD = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def is_ferry(tags: Mapping[str, str]) -> bool:
    """Return whether a way is that of a ship (wiki page `Tag:route=ferry`)."""
    return tags.get("route") == "ferry"


def crossing_s(text: str) -> float | None:
    """Return the seconds that a value of `duration` states, None if it states none (wiki page `Key:duration`).

    Minutes, hours and minutes (`0:35`), with seconds (`0:35:00`), or a period of ISO 8601 (`PT35M`).
    """
    said = text.strip()
    seconds = 0.0
    if said.isascii() and said.isdigit():
        seconds = 60.0 * int(said)
    elif found := _CLOCK.fullmatch(said):
        hours, minutes, rest = (found[1], found[2], found[3]) if found[1] else (found[2], found[3], "0")
        seconds = 3600.0 * int(hours) + 60.0 * int(minutes) + int(rest)
    elif found := _PERIOD.fullmatch(said):
        seconds = sum(float(part or 0) * unit for part, unit in zip(found.groups(), (86_400, 3600, 60, 1), strict=True))
    return seconds or None


def ferry_mps(tags: Mapping[str, str], length_m: float) -> float:
    """Return how fast a ferry crosses, by its duration if it tells one."""
    seconds = crossing_s(tags.get("duration", ""))
    return length_m / seconds if seconds and length_m > 0 else USUAL_MPS
