"""Speed: how fast motor traffic goes on an empty street, by its class and its tagged limit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

USUAL_KMH: Mapping[str, float] = {
    "motorway": 90,
    "motorway_link": 45,
    "trunk": 85,
    "trunk_link": 40,
    "primary": 65,
    "primary_link": 30,
    "secondary": 55,
    "secondary_link": 25,
    "tertiary": 40,
    "tertiary_link": 20,
    "unclassified": 25,
    "road": 25,
    "residential": 25,
    "living_street": 10,
    "service": 15,
    "track": 15,
}
"""By highway class: the car profile of OSRM 5 (`profiles/car.lua`); `road` and `track` are estimates."""
OTHER_KMH = 10.0
"""On any other way that a motor vehicle may use: OSRM's `default`."""
LIMIT_SHARE = 0.8
"""Share of a tagged limit that is driven on average, junctions included: OSRM's `speed_reduction`."""
MPH_KMH = 1.609344
KNOT_KMH = 1.852
WALK_KMH = 7.0
"""`maxspeed=walk` is walking pace: up to 7 km/h in German case law (wiki page `Key:maxspeed`)."""
NO_LIMIT_KMH = 130.0
"""`maxspeed=none`: the advisory speed of German motorways (wiki page `Key:maxspeed`)."""

ZONES_KMH: Mapping[str, float] = {
    "urban": 50,
    "rural": 90,
    "trunk": 110,
    "motorway": 130,
    "living_street": 20,
    "bicycle_road": 30,
    "zone20": 20,
    "zone30": 30,
    "zone:20": 20,
    "zone:30": 30,
    "nsl_single": 60 * MPH_KMH,
    "nsl_dual": 70 * MPH_KMH,
    "walk": WALK_KMH,
}
"""What follows the country in values such as `RO:urban`: the defaults of OSRM's `maxspeed_table_default`."""
COUNTRY_ZONES_KMH: Mapping[str, float] = {
    "at:rural": 100,
    "at:trunk": 100,
    "ch:rural": 80,
    "ch:trunk": 100,
    "ch:motorway": 120,
    "de:rural": 100,
    "de:living_street": WALK_KMH,
    "de:motorway": NO_LIMIT_KMH,
    "dk:rural": 80,
    "fr:rural": 80,
    "gb:motorway": 70 * MPH_KMH,
    "nl:rural": 80,
    "no:rural": 80,
    "no:motorway": 110,
    "ro:trunk": 100,
    "ru:urban": 60,
    "ru:living_street": 20,
    "ua:urban": 50,
    "uk:motorway": 70 * MPH_KMH,
}
"""Where a country differs: OSRM's `maxspeed_table`, and the wiki page `Default speed limits`."""

FASTEST_KMH = 200.0
"""Limits beyond are slips of the pen (estimate: no public road is signed so fast)."""
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|kmph|mph|knots)?$")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d(?:\D|$))")
"""A comma before a single digit."""
_FACTOR = {"mph": MPH_KMH, "knots": KNOT_KMH}


@lru_cache(maxsize=1024)
def limit_kmh(text: str) -> float | None:
    """Return the speed limit in km/h that a value of `maxspeed` states, or None where it states none.

    Of several values (`50;30`, or lanes parted by `|`) the lowest counts; `none` is a limit that no van reaches.
    """
    said = re.split(r"[;|,]", _DECIMAL_COMMA.sub(".", text))
    parts = [_one_limit_kmh(part.strip().lower()) for part in said if part.strip()]
    known = [part for part in parts if part]
    return min(known) if known else None


def is_number(text: str) -> bool:
    """Return whether a value of `maxspeed` is a single number, with or without its unit."""
    return _NUMBER.match(text.strip().lower()) is not None


def _one_limit_kmh(text: str) -> float | None:
    """Return a single limit in km/h."""
    if found := _NUMBER.match(text):
        limit = float(found[1]) * _FACTOR.get(found[2], 1.0)
        return limit if limit <= FASTEST_KMH else None
    if text in ("none", "unlimited"):
        return NO_LIMIT_KMH
    if text in ("walk", "walking_pace"):
        return WALK_KMH
    _, colon, zone = text.partition(":")
    if text in COUNTRY_ZONES_KMH:
        return COUNTRY_ZONES_KMH[text]
    return ZONES_KMH.get(zone) if colon else None


def usual_mps(highway: str) -> float:
    """Return the usual speed in m/s of a highway class."""
    return USUAL_KMH.get(highway, OTHER_KMH) / 3.6


def free_speeds_mps(tags: Mapping[str, str]) -> tuple[float, float]:
    """Return the free speed in m/s, forward and backward, of a way that motor traffic may use."""
    usual = usual_mps(tags.get("highway", ""))
    speeds = []
    for direction in ("forward", "backward"):
        limit = limit_kmh(tags.get(f"maxspeed:{direction}", "")) or limit_kmh(tags.get("maxspeed", ""))
        speeds.append(limit * LIMIT_SHARE / 3.6 if limit else usual)
    return speeds[0], speeds[1]
