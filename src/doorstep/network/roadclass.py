"""Roadclass: the few classes of streets that traffic tells apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROAD_CLASSES: Mapping[str, tuple[str, ...]] = {
    "motorway": ("motorway", "motorway_link"),
    "trunk": ("trunk", "trunk_link"),
    "primary": ("primary", "primary_link"),
    "secondary": ("secondary", "secondary_link"),
    "tertiary": ("tertiary", "tertiary_link"),
    "minor": ("unclassified", "road"),
    "residential": ("residential", "living_street"),
    "service": ("service", "track"),
    "other": (),
}
"""Values of `highway` by class (wiki page `Key:highway`); `other` is any other way that a motor vehicle may use."""
CLASS_NAMES = tuple(ROAD_CLASSES)
OTHER = CLASS_NAMES.index("other")
_NUMBERS = {highway: number for number, group in enumerate(ROAD_CLASSES.values()) for highway in group}


def class_number(highway: str) -> int:
    """Return the place in CLASS_NAMES of the class that a value of `highway` belongs to."""
    return _NUMBERS.get(highway, OTHER)
