"""Region: where on earth a map lies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import ExtractError
from doorstep.network.assemble import bounds_m
from doorstep.network.counting import counted
from doorstep.network.network import Doors
from doorstep.network.osm.crop import E7

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.osm.crop import Crop

    Box = tuple[float, float, float, float]

BOX_TOO_WIDE = 10.0
"""A header's box so many times wider or higher than what is in the file says nothing about it."""
LEAST_SPAN = 0.01
"""Of streets, in degrees: a file of a single street may still be about its surroundings."""
WIDEST = 60.0
"""Degrees of longitude that streets may span; farther apart they are no map, but stray ones (estimate)."""
UTM_SCALE = 0.9996
"""Of lengths on the middle meridian of a zone, by definition of UTM."""
TOLD_ERROR = 0.005
"""Share by which lengths may be wrong at the sides of a wide map without a word."""
STRAY_M = 10_000.0
"""Doors and lockers so far outside of the map are strays (estimate: extracts are cut at whole ways and buildings)."""


def find_box(path: Path, crop: Crop) -> tuple[Box, list[str]]:
    """Return west, south, east, north in degrees, as the header says if it fits the streets, else theirs; and notes.

    Longitudes of a map across the line of dates go beyond 180. Raises ExtractError for streets too far apart.
    """
    own = _own_box(crop.streets.place)
    if own[2] - own[0] > WIDEST:
        what = f"its streets lie from longitude {own[0]:.1f} to {own[2]:.1f}, too far apart for one map"
        raise ExtractError.of(str(path), what, "cut it to one region", "too-wide")
    notes = []
    if stretched := _stretch(own):
        notes.append(f"the map is so wide that lengths at its sides are up to {stretched:.1%} too long")
    if crop.box is None:
        return own, ["the file does not say what area it covers; that of its streets is taken", *notes]
    west, south, east, north = crop.box
    widest = BOX_TOO_WIDE * max(own[2] - own[0], own[3] - own[1], LEAST_SPAN)
    fits = west < own[2] and own[0] < east and south < own[3] and own[1] < north
    if not fits or max(east - west, north - south) > widest:
        return own, ["the area that the file claims to cover does not fit its streets; theirs is taken", *notes]
    return crop.box, notes


def _own_box(place: NDArray[np.int32]) -> Box:
    """Return the box round places [n, 2] in 1e-7 degrees."""
    west, south, east, north = (side / E7 for side in bounds_m(place))
    if east - west > 180:  # noqa: PLR2004 - degrees, half round the earth
        lon = place[:, 0] / E7
        beyond = np.where(lon < 0, lon + 360, lon)
        if np.ptp(beyond) < east - west:
            west, east = float(beyond.min()), float(beyond.max())
    return west, south, east, north


def _stretch(box: Box) -> float:
    """Return by which share lengths at the sides of a box are too long in its UTM zone, nothing if hardly.

    The scale grows by half the square of the angle from the middle meridian (Snyder 1987, USGS PP 1395, eq. 8-11).
    """
    middle = _meridian((box[0] + box[2]) / 2)
    nearest = 0.0 if box[1] < 0 < box[3] else min(abs(box[1]), abs(box[3]))
    angle = math.radians(max(middle - box[0], box[2] - middle)) * math.cos(math.radians(nearest))
    error = UTM_SCALE * (1 + angle**2 / 2) - 1
    return error if error > TOLD_ERROR else 0.0


def _meridian(lon: float) -> float:
    """Return the middle meridian of the UTM zone of a longitude."""
    return math.floor(lon / 6) * 6.0 + 3.0


def leave_out_strays(
    doors: Doors, lockers_m: NDArray[np.float64], street_xy_m: NDArray[np.float64], extent_m: Box
) -> tuple[Doors, NDArray[np.float64], list[str]]:
    """Return doors and lockers [n, 2] without those far outside of the map and of its streets, and how many went."""
    own = bounds_m(street_xy_m)
    low = np.minimum(own[:2], extent_m[:2]) - STRAY_M
    high = np.maximum(own[2:], extent_m[2:]) + STRAY_M

    def near(xy_m: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(((xy_m >= low) & (xy_m <= high)).all(axis=1))

    at_doors, at_lockers = near(doors.xy_m), near(lockers_m)
    if at_doors.all() and at_lockers.all():
        return doors, lockers_m, []
    kept = Doors(doors.xy_m[at_doors], doors.flat[at_doors], doors.homes[at_doors])
    count = int((~at_doors).sum() + (~at_lockers).sum())
    return (
        kept,
        lockers_m[at_lockers],
        [f"{counted(count, 'door or locker', 'doors or lockers')} over 10 km outside of the map left out"],
    )
