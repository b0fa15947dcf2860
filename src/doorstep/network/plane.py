"""Plane: degrees turned into metres of a UTM zone, fast over one map.

Over the box of a map each coordinate is a polynomial of longitude and latitude, fitted to what PROJ says and checked
between the places that it was fitted to: a map differs from PROJ by less than a thousandth of a millimetre, or is left
to PROJ.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Project = Callable[[NDArray[np.float64]], NDArray[np.float64]]
    Box = tuple[float, float, float, float]

REACH = 75.0
"""Degrees from the middle meridian beyond which places are drawn at this distance: there is no plane for them."""
PROJECTED = 2**18
"""Places turned into metres at a time by PROJ."""
FITTED = 500
"""PROJ itself is quicker for no more places than these."""
DEGREES = (4, 7)
"""Of the polynomials that are tried: maps of a town need the first, of a country the second."""
EXACT_M = 1e-6
"""How far polynomials may be from PROJ."""
LEAST_SPAN = 1e-4
"""Degrees to which narrower boxes are widened."""


class Fit(NamedTuple):
    """Polynomials over a box in degrees."""

    middle: NDArray[np.float64]
    """[2]"""
    half: NDArray[np.float64]
    """[2] half the width and the height."""
    factor: NDArray[np.float64]
    """[degree + 1, degree + 1, 2] of the powers of longitude and latitude, from -1 to 1 over the box."""


def projection(crs: str, box: Box | None = None, places: int = PROJECTED) -> Project:
    """Return what turns [n, 2] degrees into metres of a UTM zone, sooner for many places within a box in degrees."""
    exact = partial(_by_proj, crs)
    fit = _fit(exact, box) if box and places > FITTED else None
    return exact if fit is None else partial(_by_fit, fit, exact)


def _by_proj(crs: str, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return metres [n, 2] by PROJ, asked some places at a time."""
    turn = _transformer(crs)
    middle = int(crs[-2:]) * 6.0 - 183.0
    xy_m = np.empty((len(degrees), 2))
    for begin in range(0, len(degrees), PROJECTED):
        some = slice(begin, begin + PROJECTED)
        lon, lat = degrees[some].T
        if (far := np.abs(lon - middle) > REACH).any():
            across = (lon[far] - middle + 180) % 360 - 180
            lon = lon.copy()
            lon[far] = middle + np.clip(across, -REACH, REACH)
        xy_m[some, 0], xy_m[some, 1] = turn(lon, lat)
    return xy_m


@cache
def _transformer(crs: str) -> Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return PROJ's way into a zone, which takes milliseconds to find."""
    from pyproj import Transformer

    turn: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]]
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
    return turn


def _fit(exact: Project, box: Box) -> Fit | None:
    """Return the polynomials of the least degree that is exact, if one is."""
    low, high = np.array(box[:2]), np.array(box[2:])
    middle, half = (low + high) / 2, np.maximum(high - low, LEAST_SPAN) / 2
    for degree in DEGREES:
        places, inverse = _places(degree)
        powers, asked, known = _powers(degree), middle + places * half, inverse.shape[1]
        xy_m = exact(asked)
        factor = np.zeros((degree + 1, degree + 1, 2))
        factor[powers[:, 0], powers[:, 1]] = inverse @ xy_m[:known]
        fit = Fit(middle, half, factor)
        if np.abs(_by_fit(fit, exact, asked[known:]) - xy_m[known:]).max() < EXACT_M:
            return fit
    return None


@cache
def _places(degree: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return places [n, 2] from -1 to 1, and what makes factors of polynomials [factors, k] of values at the first k.

    Those are Chebyshev's; by the others, the corners and all between, polynomials are checked.
    """
    nodes = np.cos(np.pi * (np.arange(degree + 1) + 0.5) / (degree + 1))
    at = np.stack(np.meshgrid(nodes, nodes), axis=-1).reshape(-1, 2)
    powers = _powers(degree)
    inverse = np.asarray(np.linalg.pinv(at[:, :1] ** powers[:, 0] * at[:, 1:] ** powers[:, 1]), float)
    between = np.linspace(-1, 1, degree + 2)
    return np.concatenate([at, np.stack(np.meshgrid(between, between), axis=-1).reshape(-1, 2)]), inverse


@cache
def _powers(degree: int) -> NDArray[np.int64]:
    """Return the powers [n, 2] of longitude and latitude up to a degree."""
    return np.array([(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)])


def _by_fit(fit: Fit, exact: Project, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return metres [n, 2] by polynomials; of places beyond the box by PROJ."""
    xy_m, beyond = _evaluate(fit, np.ascontiguousarray(degrees, np.float64))
    if beyond.any():
        xy_m[beyond] = exact(degrees[beyond])
    return xy_m


@machine_code
def _evaluate(fit: Fit, degrees: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return metres [n, 2] and which places are beyond the box (Horner's scheme)."""
    n, degree = len(degrees), len(fit.factor) - 1
    xy_m, beyond = np.empty((n, 2)), np.zeros(n, np.bool_)
    for k in range(n):
        p = (degrees[k, 0] - fit.middle[0]) / fit.half[0]
        q = (degrees[k, 1] - fit.middle[1]) / fit.half[1]
        # The corners themselves are within, however they are rounded.
        beyond[k] = not (abs(p) < 1 + 1e-9 and abs(q) < 1 + 1e-9)
        x = y = 0.0
        for i in range(degree, -1, -1):
            inner_x = inner_y = 0.0
            for j in range(degree - i, -1, -1):
                inner_x = inner_x * q + fit.factor[i, j, 0]
                inner_y = inner_y * q + fit.factor[i, j, 1]
            x = x * p + inner_x
            y = y * p + inner_y
        xy_m[k, 0], xy_m[k, 1] = x, y
    return xy_m, beyond
