"""Assembly: streets, doors and lockers of a map made one Network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.layers import Layers
from doorstep.network.network import Network
from doorstep.network.streets import lay_streets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Roadside
    from doorstep.network.ways import StreetTable

LICENCE = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a map besides what is on it."""

    crs: str
    extent_m: tuple[float, float, float, float]
    origin: str
    made_up: bool = False


def assemble_network(sheet: Sheet, streets: StreetTable | Layers, roadside: Roadside) -> Network:
    """Return the network of a map; of ways a layer is laid for every medium when it is first asked for."""
    return Network(
        crs=sheet.crs,
        extent_m=sheet.extent_m,
        layers=streets if isinstance(streets, Layers) else Layers(streets.allowed, partial(lay_streets, streets)),
        roadside=roadside,
        origin=sheet.origin,
        made_up=sheet.made_up,
    )


_OUTLINE = np.array([(x / 8, y / 8) for x in range(9) for y in range(9) if {x, y} & {0, 8}])
"""Points round a square of one by one."""


def utm_crs(lon: float, lat: float) -> str:
    """Return the UTM zone of a place as `EPSG:nnnn` (zones of 6 degrees; those of Norway and Svalbard are not bent)."""
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def bounds_m(xy_m: NDArray[Any]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of [n, 2] places."""
    x_m, y_m = xy_m.T  # one after the other: numpy takes several times as long over rows of two
    return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())


def box_outline(box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """Return [n, 2] points round a box in degrees, close enough for its bent sides."""
    corner = np.array(box).reshape(2, 2)
    return np.asarray(corner[0] + _OUTLINE * (corner[1] - corner[0]))
