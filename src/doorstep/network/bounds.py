"""Whereabouts: which places given in degrees lie off the map, and what may have gone wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Network

LIMIT = np.array([180.0, 90.0])
"""Greatest longitude and latitude, degrees."""


def whereabouts(network: Network, lon_lat: NDArray[np.float64], margin_m: float) -> list[tuple[int, str, str]]:
    """Return index, what is wrong and its mend, for each of the [n, 2] places more than a margin outside the map.

    A place whose two numbers would lie on or near the map the other way round is named as swapped.
    """
    given = np.asarray(lon_lat, float).reshape(-1, 2)
    away_m = _distance_m(network, given)
    turned_m = _distance_m(network, given[:, ::-1])
    faults = []
    for k in np.flatnonzero(~(away_m <= margin_m)).tolist():
        lon, lat = given[k].tolist()
        if turned_m[k] <= margin_m:
            fix = f"did you swap longitude and latitude? try [{lat:g}, {lon:g}]"
        else:
            fix = f"the map covers {_span(network)}; positions are [longitude, latitude] in degrees"
        faults.append((k, _what(lon, lat, float(away_m[k])), fix))
    return faults


def _what(lon: float, lat: float, away_m: float) -> str:
    """Return in words where a place is."""
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return f"[{lon:g}, {lat:g}] is no position"
    if abs(lon) > LIMIT[0] or abs(lat) > LIMIT[1]:
        return f"[{lon:g}, {lat:g}] is no position on Earth: longitudes end at ±180, latitudes at ±90"
    if not np.isfinite(away_m):
        return f"[{lon:g}, {lat:g}] is on the other side of the Earth from the map"
    told = f"{away_m / 1000:,.0f} km" if away_m >= 10_000 else f"{away_m:,.0f} m"  # noqa: PLR2004 - from here on in km
    return f"[{lon:g}, {lat:g}] is {told} off the map"


def _distance_m(network: Network, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far [n, 2] places lie outside the extent, metres; infinite where there is no such place.

    Near the map in its own projection, far off along the ellipsoid from its middle, as projections end somewhere.
    """
    from pyproj import Geod

    sound = np.asarray(np.isfinite(lon_lat).all(axis=1))
    sound[sound] = (np.abs(lon_lat[sound]) <= LIMIT).all(axis=1)
    away_m = np.full(len(lon_lat), np.inf)
    if not sound.any():
        return away_m
    west, south, east, north = network.extent_m
    middle = network.unproject(np.array([[(west + east) / 2, (south + north) / 2]]))[0]
    lon, lat = lon_lat[sound].T
    _, _, ground_m = Geod(ellps="WGS84").inv(np.full(len(lon), middle[0]), np.full(len(lon), middle[1]), lon, lat)
    half_m = np.hypot(east - west, north - south) / 2
    near = ground_m < NEAR_M + half_m
    outside_m = np.maximum(ground_m - half_m, 0.0)
    if near.any():
        x, y = network.project(lon_lat[sound][near]).T
        outside_m[near] = np.hypot(
            np.maximum(0, np.maximum(west - x, x - east)), np.maximum(0, np.maximum(south - y, y - north))
        )
    away_m[sound] = outside_m
    return away_m


NEAR_M = 300_000.0
"""Up to here distances are those of the map's own projection."""


def _span(network: Network) -> str:
    """Return what the map covers, in degrees."""
    west, south, east, north = network.extent_m
    corners = network.unproject(np.array([[west, south], [east, north]]))
    (left, bottom), (right, top) = corners.tolist()
    return f"longitudes {left:.4f} to {right:.4f} and latitudes {bottom:.4f} to {top:.4f}"
