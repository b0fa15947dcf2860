"""Windfile: winds as people measure them, by speed and the side they blow from, as the winds of a network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.air.lattice import Lattice, interpolate
from doorstep.network.air.wind import Wind
from doorstep.network.bounds import whereabouts
from doorstep.network.given import given_path
from doorstep.network.spreadsheet import clock_s, name_faults, number, read_cells

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.network import Network

    Real = NDArray[np.float64]

COLUMNS = ("hour", "speed_mps", "from_deg", "lon", "lat")
LAST_H = 48.0
"""Clock times of a scenario end with the day after."""
FASTEST_MPS = 113.0
"""The fastest gust measured near the ground, Barrow Island 1996 (WMO 2010): more was hardly meant."""
NEAR_M = 100_000.0
"""A grid of winds all of whose points lie further off the map hardly belongs to it."""
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class WindTable:
    """The winds of one source, and what reading them needed."""

    wind: Wind
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    hour: float
    place: tuple[float, float]
    """Longitude and latitude; NaN where the table has none."""
    speed_mps: float
    from_deg: float


def even_wind(speed_mps: float, from_deg: float, network: Network) -> Wind:
    """Return a wind that blows everywhere and all day, from so many degrees clockwise from true north.

    Raises InputError if the speed is no speed or the direction none.
    """
    faults = [*_speed_faults("wind", speed_mps, str(speed_mps)), *_side_faults("wind", from_deg, str(from_deg))]
    if faults:
        raise InputError(faults)
    west, south, east, north = network.extent_m
    middle = np.array([[(west + east) / 2, (south + north) / 2]])
    return Wind(np.zeros(1), _on_the_grid(_towards(np.array([speed_mps]), np.array([from_deg])), middle, network))


def read_wind(path: str | Path, network: Network) -> WindTable:
    """Return the winds of a CSV file in the metres of a network.

    Columns: `hour` (0 to 48, or HH:MM) from when a wind holds, until the next or for ever; `speed_mps`; `from_deg`,
    where it blows from, clockwise from true north; and for a grid `lon` and `lat`, the same points at every hour.

    Raises
    ------
    InputError
        With every fault found: columns and cells that are none, hours given twice, places that are no grid.
    """
    path = given_path(path)
    faults: list[Fault] = []
    table = read_cells(path, ", ".join(COLUMNS), "give the wind of some hour", faults)
    _check_names(path, table.names)
    rows = [_row(f"{path}, line {line}", line, cells, faults) for line, cells in table.rows]
    if not faults:
        faults += _repeated(path, rows)
    if faults:
        rest = len(faults) - MOST_FAULTS
        more = [Fault("", f"and {rest} more", "mend these first", "more")] if rest > 0 else []
        raise InputError([*faults[:MOST_FAULTS], *more])
    rows.sort(key=lambda row: (row.hour, row.place[1], row.place[0]))
    hours = np.unique([row.hour for row in rows])
    uv_mps = _towards(np.array([row.speed_mps for row in rows]), np.array([row.from_deg for row in rows]))
    notes = [f"{path.name}: winds from {_told(hours)} h on, up to {max(row.speed_mps for row in rows):g} m/s"]
    if hours[0] > 0:
        notes.append(f"{path.name}: before {hours[0]:g} h the wind of {hours[0]:g} h holds")
    lattice = _lattice(path, rows, network) if "lon" in table.names else None
    if lattice is None or lattice.shape == (1, 1):
        west, south, east, north = network.extent_m
        middle = np.tile([[(west + east) / 2, (south + north) / 2]], (len(hours), 1))
        return WindTable(Wind(hours, _on_the_grid(uv_mps, middle, network)), tuple(notes))
    shape = len(hours), *lattice.shape
    corner_m, step_m, target_xy_m = lattice.in_metres(network)
    rows_columns = target_xy_m.shape[:2]
    flat_xy_m = target_xy_m.reshape(-1, 2)
    on_map = network.unproject(flat_xy_m)
    winds = [interpolate(lattice, one, on_map) for one in uv_mps.reshape(*shape, 2)]
    turned = np.stack([_on_the_grid(one, flat_xy_m, network).reshape(*rows_columns, 2) for one in winds])
    notes.append(f"{path.name}: a grid of {len(rows) // len(hours)} places, the wind between them interpolated")
    return WindTable(Wind(hours, turned, corner_m, step_m), tuple(notes))


def _told(hours: Real) -> str:
    return ", ".join(f"{hour:g}" for hour in hours)


def _check_names(path: Path, names: list[str]) -> None:
    """Raise InputError with every fault of the line of names."""
    where = f"{path}, line 1"
    faults = name_faults(where, names, COLUMNS)
    faults += [
        Fault(where, f"there is no column '{name}'", "add it", "no-column") for name in COLUMNS[:3] if name not in names
    ]
    if ("lon" in names) != ("lat" in names):
        faults.append(Fault(where, "places are not told", "give both `lon` and `lat`, or neither", "no-column"))
    if faults:
        raise InputError(faults)


def _row(where: str, line: int, cells: dict[str, str], faults: list[Fault]) -> _Row:
    """Return one row, and add what is wrong with its cells."""
    hour = clock_s(cells["hour"]) / 3600
    if not 0 <= hour <= LAST_H:
        fix = f"give hours from 0 to {LAST_H:g}, such as 7, 7.5 or 07:30"
        faults.append(Fault(where, f"'{cells['hour']}' is no hour", fix, "bad-hour"))
    speed_mps, from_deg = number(cells["speed_mps"]), number(cells["from_deg"])
    faults += _speed_faults(where, speed_mps, cells["speed_mps"])
    faults += _side_faults(where, from_deg, cells["from_deg"])
    place = (math.nan, math.nan)
    if "lon" in cells:
        place = number(cells["lon"]), number(cells["lat"])
        if not (abs(place[0]) <= 180 and abs(place[1]) <= 90):  # noqa: PLR2004 - degrees
            what = f"'{cells['lon']}', '{cells['lat']}' is no place"
            faults.append(Fault(where, what, "give longitude and latitude", "bad-place"))
    return _Row(line, hour, place, speed_mps, from_deg)


def _speed_faults(where: str, speed_mps: float, written: str) -> list[Fault]:
    if 0 <= speed_mps <= FASTEST_MPS:
        return []
    fix = f"give metres a second, 0 to {FASTEST_MPS:g}, with a decimal point"
    return [Fault(where, f"'{written}' is no speed of wind", fix, "bad-speed")]


def _side_faults(where: str, from_deg: float, written: str) -> list[Fault]:
    if 0 <= from_deg <= 360:  # noqa: PLR2004 - a full turn
        return []
    fix = "give degrees clockwise from north, 0 to 360: 90 is a wind from the east"
    return [Fault(where, f"'{written}' is no direction", fix, "bad-direction")]


def _repeated(path: Path, rows: list[_Row]) -> list[Fault]:
    """Return the rows that tell of the same hour and place again."""
    first: dict[tuple[float, tuple[float, float]], int] = {}
    faults = []
    for row in rows:
        key = row.hour, row.place if row.place[0] == row.place[0] else (0.0, 0.0)  # NaN is no key
        if key in first:
            what = f"says again what line {first[key]} does"
            faults.append(Fault(f"{path}, line {row.line}", what, "keep one of them", "duplicate-row"))
        first.setdefault(key, row.line)
    return faults


def _lattice(path: Path, rows: list[_Row], network: Network) -> Lattice:
    """Return the grid of the places of sorted rows; InputError where they are none, or another at some hour."""
    hours = sorted({row.hour for row in rows})
    spots = sorted({row.place for row in rows}, key=lambda place: (place[1], place[0]))
    columns, lines = sorted({lon for lon, _ in spots}), sorted({lat for _, lat in spots})
    if spots != [(lon, lat) for lat in lines for lon in columns] or len(rows) != len(spots) * len(hours):
        what = f"its {len(rows)} rows are no grid of {len(columns)} longitudes by {len(lines)} latitudes at every hour"
        fix = "give every longitude with every latitude at each hour, or one wind an hour without places"
        raise InputError.of(str(path), what, fix, "no-grid")
    off = whereabouts(network, np.array(spots), NEAR_M)
    if len(off) == len(spots):
        _, what, fix = off[0]
        raise InputError.of(str(path), f"no place of the grid lies near the map: {what}", fix, "off-map")
    return Lattice(np.array(columns), np.array(lines))


def _towards(speed_mps: Real, from_deg: Real) -> Real:
    """Return winds [n, 2] towards east and north of those that blow from so many degrees."""
    side = np.radians(from_deg)
    return np.column_stack([-speed_mps * np.sin(side), -speed_mps * np.cos(side)]) + 0.0


def _on_the_grid(uv_mps: Real, xy_m: Real, network: Network) -> Real:
    """Return winds [n, 2] towards true east and north, at places [n, 2], along the axes of the network.

    Its north is not the true one: meridians converge.
    """
    lon_lat, step = network.unproject(xy_m), np.array([0.0, 1e-4])
    north = network.project(lon_lat + step) - network.project(lon_lat - step)
    north /= np.hypot(north[:, 0], north[:, 1])[:, None]
    east = np.column_stack([north[:, 1], -north[:, 0]])
    return np.asarray(uv_mps[:, :1] * east + uv_mps[:, 1:] * north)
