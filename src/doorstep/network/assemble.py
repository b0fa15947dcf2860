"""Assembly: streets, doors and lockers of a map made one Network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.counting import counted
from doorstep.network.memory import give_back
from doorstep.network.network import Medium, Network
from doorstep.network.sky import Sky
from doorstep.network.streets import lay_streets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Doors, Layer
    from doorstep.network.ways import StreetTable

LICENCE = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a map besides its streets, doors and lockers."""

    crs: str
    extent_m: tuple[float, float, float, float]
    origin: str
    notes: tuple[str, ...]
    made_up: bool = False


def assemble_network(sheet: Sheet, table: StreetTable, doors: Doors, lockers_m: NDArray[np.float64]) -> Network:
    """Return the network with a layer for every medium; parts of a layer that nobody can use are noted."""
    layers: dict[Medium, Layer] = {Medium.AIR: Sky()}
    notes = []
    # The largest first, while there is most room; then in the order of the table.
    size = {medium: np.count_nonzero(allowed) for medium, allowed in table.allowed.items()}
    laid = {}
    for medium in sorted(size, key=lambda medium: -size[medium]):
        laid[medium] = lay_streets(table, medium)
        give_back(len(table.xy_m))
    for medium in table.allowed:
        streets = laid[medium]
        layers[medium] = streets
        if streets.left_out_parts:
            out_km, in_km = streets.left_out_m / 1000, streets.edges.length_m.sum() / 1000
            notes.append(
                f"{medium}: {counted(streets.left_out_parts, 'part')}, {out_km:.2f} km in all, cannot be reached and "
                f"left again, so not used; {in_km:.2f} km are",
            )
        if streets.edges.limited.any():
            only_km = streets.edges.length_m[streets.edges.limited.any(axis=1)].sum() / 1000
            notes.append(f"{medium}: {only_km:.2f} km are used to reach places there, not to pass through")
        if not len(streets.edges.tail):
            notes.append(f"{medium}: nothing on this map may be used")
    return Network(
        crs=sheet.crs,
        extent_m=sheet.extent_m,
        layers=layers,
        doors=doors,
        lockers_m=lockers_m,
        origin=sheet.origin,
        made_up=sheet.made_up,
        notes=(*sheet.notes, *notes),
    )


def utm_crs(lon: float, lat: float) -> str:
    """Return the UTM zone of a place as `EPSG:nnnn` (zones of 6 degrees; those of Norway and Svalbard are not bent)."""
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def bounds_m(xy_m: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of [n, 2] places."""
    (west, south), (east, north) = xy_m.min(axis=0).tolist(), xy_m.max(axis=0).tolist()
    return west, south, east, north


def box_outline(box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """Return [n, 2] points round a box in degrees, close enough for its bent sides."""
    west, south, east, north = box
    share = np.linspace(0, 1, 9)
    x, y = west + share * (east - west), south + share * (north - south)
    sides = [(x, np.full(9, south)), (x, np.full(9, north)), (np.full(9, west), y), (np.full(9, east), y)]
    return np.concatenate([np.column_stack(side) for side in sides])
