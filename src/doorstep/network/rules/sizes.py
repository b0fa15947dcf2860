"""Sizes: which ways and nodes are too low, too narrow, too short or too weak for a vehicle.

Page names are those of the OpenStreetMap wiki (wiki.openstreetmap.org/wiki/...).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Size(NamedTuple):
    """A vehicle with its load."""

    height_m: float
    width_m: float
    length_m: float
    mass_t: float


SIZES: Mapping[Medium, Size] = {
    Medium.ROAD: Size(2.8, 2.1, 6.0, 3.5),
    Medium.CYCLE: Size(2.0, 1.0, 3.0, 0.5),
}
"""The largest of each medium. Estimates: a high-roofed panel van of 3.5 t (Sprinter, Transit, Ducato of 6 m: 2.5 to
2.8 m high, 2.0 to 2.1 m wide without its mirrors, which signs leave out), and a cargo trike with a box."""

HEIGHT = ("maxheight", "maxheight:physical")
WIDTH = ("maxwidth", "maxwidth:physical", "width", "est_width")
LENGTH = ("maxlength",)
MASS = ("maxweight", "maxweightrating")
KEYS = frozenset((*HEIGHT, *WIDTH, *LENGTH, *MASS))
NODE_KEYS = KEYS - {"width", "est_width", "maxlength"}
"""Of a node `width` may be that of the bollard itself."""

NO_LIMIT = frozenset(
    ("none", "no", "default", "below_default", "unsigned", "no_sign", "no_indications", "unspecified", "unknown"),
)
"""What a sign would say does not bind; who is below the default of a country (4 m in most) is above our van."""
_UNIT_M = {"": 1.0, "m": 1.0, "km": 1000.0, "cm": 0.01, "mm": 0.001, "mi": 1609.344}
_FOOT_M, _INCH_M = 0.3048, 0.0254
_UNIT_T = {"": 1.0, "t": 1.0, "kg": 0.001, "lbs": 0.000_453_592_37, "lb": 0.000_453_592_37, "st": 0.907_184_74}
_UNIT_T |= {"lt": 1.016_046_908_8, "cwt": 0.050_802_345_44}
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)")
_FEET = re.compile(r"(\d+(?:\.\d+)?)\s*(?:'|ft|feet|foot)\s*(?:(\d+(?:\.\d+)?)\s*(?:''|\"|in|inches)?)?")
_INCHES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:''|\"|in|inches)")


@lru_cache(maxsize=1024)
def metres(text: str) -> float | None:
    """Return the length that a value states, infinite for none, None if it cannot be read (page `Map features/Units`).

    Metres unless it says so; feet and inches as in 6'7".
    """
    said = text.strip().lower().replace("\u2032", "'").replace("\u2033", '"')
    if found := _FEET.fullmatch(said):
        return float(found[1]) * _FOOT_M + float(found[2] or 0) * _INCH_M
    if found := _INCHES.fullmatch(said):
        return float(found[1]) * _INCH_M
    return _stated(said, _UNIT_M)


@lru_cache(maxsize=1024)
def tonnes(text: str) -> float | None:
    """Return the mass that a value states, as `metres` does; `st` are short tons, `lt` long ones."""
    return _stated(text.strip().lower(), _UNIT_T)


def _stated(said: str, units: Mapping[str, float]) -> float | None:
    if said in NO_LIMIT:
        return math.inf
    found = _NUMBER.fullmatch(said)
    if found is None or found[2] not in units:
        return None
    return float(found[1].replace(",", ".")) * units[found[2]]


def too_low(tags: Mapping[str, str], size: Size) -> bool:
    """Return whether a vehicle is too high for a way (page `Key:maxheight`)."""
    return _exceeds(tags, HEIGHT, metres, size.height_m)


def too_narrow(tags: Mapping[str, str], size: Size) -> bool:
    """Return whether a vehicle is too wide for a way (pages `Key:maxwidth`, `Key:width`)."""
    return _exceeds(tags, WIDTH, metres, size.width_m)


def too_short(tags: Mapping[str, str], size: Size) -> bool:
    """Return whether a vehicle is too long for a way (page `Key:maxlength`)."""
    return _exceeds(tags, LENGTH, metres, size.length_m)


def too_weak(tags: Mapping[str, str], size: Size) -> bool:
    """Return whether a vehicle is too heavy for a way (pages `Key:maxweight`, `Key:maxweightrating`)."""
    return _exceeds(tags, MASS, tonnes, size.mass_t)


RULES: tuple[Callable[[Mapping[str, str], Size], bool], ...] = (too_low, too_narrow, too_short, too_weak)


def keeps_out(tags: Mapping[str, str], medium: Medium) -> bool:
    """Return whether the vehicles of a medium are too large for a way or a node."""
    if KEYS.isdisjoint(tags) or medium not in SIZES:
        return False
    return any(rule(tags, SIZES[medium]) for rule in RULES)


def unread(tags: Mapping[str, str]) -> list[str]:
    """Return the limits of size that cannot be read, and so do not bind, as `key=value`."""
    if KEYS.isdisjoint(tags):
        return []
    readers = {key: tonnes if key in MASS else metres for key in KEYS}
    return [f"{key}={tags[key]}" for key in sorted(KEYS & tags.keys()) if readers[key](tags[key]) is None]


def _exceeds(tags: Mapping[str, str], keys: tuple[str, ...], read: Callable[[str], float | None], has: float) -> bool:
    """Return whether a vehicle has more than some limit; those that cannot be read do not bind."""
    limits = [read(tags[key]) for key in keys if key in tags]
    return any(limit is not None and limit < has for limit in limits)
