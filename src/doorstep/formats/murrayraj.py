"""Murray and Raj: a truck with several drones over real streets (mFSTSP), with an energy model."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.errors import InputError
from doorstep.formats.grid import cells_of, read_grid
from doorstep.formats.sheet import read_lines
from doorstep.network.given import given_path
from doorstep.planning.tandem.problem import TandemProblem

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

EARTH_M = 6_378_100.0
POUND_KG = 0.453592
FRAME_KG = 1.5
GRAVITY = 9.8
TILT_RAD = np.radians(10.0)
TURN_DEG = 180.0
"""A drone turns so far before each leg, whatever its heading."""
_PLACE, _LEG, _VEHICLE = 6, 4, 13
_DRONE = 2
"""Type of vehicles that fly."""


class _Craft(NamedTuple):
    """A drone as the file of vehicles has it."""

    climb: float
    cruise: float
    sink: float
    yaw: float
    altitude: float
    capacity: float
    launch_s: float
    recover_s: float
    stay_s: float
    battery_j: float


def read_mfstsp(folder: Path | str, vehicles: Path | str, drones: int = 1) -> TandemProblem:
    """Return the problem of a folder with the drones of a file, alike, in seconds and joules.

    Rises, turns, cruise and descents take their time; power is that of thrust, profile and drag for the mass aloft;
    waiting is hovering, standing at a customer costs nothing. The crew launches, takes in and hands over one by one,
    at the depot too (doi:10.1016/j.trc.2019.11.003).

    Raises
    ------
    InputError
        With every fault of the files.
    """
    folder, vehicles = given_path(folder), given_path(vehicles)
    van_stay_s, craft = _vehicles(vehicles)
    places = read_grid(folder / "tbl_locations.csv", _PLACE)
    if places[:, 0].tolist() != list(range(len(places))):
        raise InputError.of(str(folder / "tbl_locations.csv"), "places must be numbered from 0 on", code="place")
    van_s = _driving(folder / "tbl_truck_travel_data_PG.csv", len(places))
    pounds = places[:, 5]
    by_drone = (places[:, 1] == 1) & (pounds <= craft.capacity)
    rise_s = np.abs(craft.altitude - places[:, 4]) / craft.climb + TURN_DEG / craft.yaw
    fall_s = np.abs(craft.altitude - places[:, 4]) / craft.sink
    away = _metres(places[:, 2], places[:, 3])
    cruise_s = away / craft.cruise
    leg_s = np.where(away > 0, rise_s[:, None] + cruise_s + fall_s[None], 0.0)
    masses = np.where(by_drone, np.maximum(pounds, 0.0) * POUND_KG, 0.0)
    return TandemProblem.of(
        van_s,
        leg_s,
        van_stay_s=van_stay_s,
        drone_stay_s=craft.stay_s,
        launch_s=craft.launch_s,
        recover_s=craft.recover_s,
        out_j=_energy(craft, masses[None], rise_s, cruise_s, fall_s),
        back_j=_energy(craft, np.zeros((1, 1)), rise_s, cruise_s, fall_s),
        wait_w=float(_lift(_thrust(np.zeros(1), 0.0), 0.0)[0]),
        battery_j=craft.battery_j,
        drones=drones,
        by_drone=by_drone,
        may_return=False,
    )


def _vehicles(path: Path) -> tuple[float, _Craft]:
    """Return how long the truck's driver is at a door, and the drone."""
    sheet = read_lines(path)
    stay_s, craft = None, None
    for number, cells in cells_of(sheet):
        if len(cells) != _VEHICLE:
            sheet.fault(number, f"{_VEHICLE} columns are needed here, there are {len(cells)}", code="row")
            continue
        if sheet.number(number, cells[1]) != _DRONE:
            stay_s = sheet.number(number, cells[10])
        elif craft is None:
            craft = _Craft(*sheet.numbers(number, cells[2:12]))
            if min(craft.climb, craft.cruise, craft.sink, craft.yaw) <= 0:
                sheet.fault(number, "speeds must be above 0", code="number")
    if stay_s is None or craft is None:
        sheet.fault(0, "a truck (type 1) and a drone (type 2) are needed", code="row")
    sheet.stop()
    assert stay_s is not None  # noqa: S101 - told above
    assert craft is not None  # noqa: S101 - told above
    return stay_s, craft


def _driving(path: Path, sites: int) -> Numbers:
    """Return driving times [sites, sites]; infinite where the file has none."""
    rows = read_grid(path, _LEG)
    ends = rows[:, :2].astype(np.int64)
    if ((ends < 0) | (ends >= sites) | (ends != rows[:, :2])).any():
        raise InputError.of(str(path), f"places go from 0 to {sites - 1}", code="place")
    times = np.full((sites, sites), np.inf)
    times[ends[:, 0], ends[:, 1]] = rows[:, 2]
    np.fill_diagonal(times, 0.0)
    return times


def _metres(lat_deg: Numbers, lon_deg: Numbers) -> Numbers:
    """Return great-circle distances [places, places], by the haversine formula."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half = half + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.sqrt(half)))


def _thrust(mass_kg: Numbers, speed: float) -> Numbers:
    """Return the thrust [N] of the drone with a parcel at an airspeed [m/s], as the set's authors have it."""
    lift = (FRAME_KG + mass_kg) * GRAVITY - 0.0279 * (speed * np.cos(TILT_RAD)) ** 2
    return np.asarray(np.hypot(lift, 0.0296 * speed**2))


def _lift(thrust: Numbers, vertical: float) -> Numbers:
    """Return the power [W] of thrust and profile at a vertical speed."""
    induced = 0.8554 * thrust * (vertical / 2 + np.sqrt((vertical / 2) ** 2 + thrust / 0.3051**2))
    return np.asarray(induced + 0.3177 * thrust**1.5)


def _energy(craft: _Craft, mass_kg: Numbers, rise_s: Numbers, cruise_s: Numbers, fall_s: Numbers) -> Numbers:
    """Return the energy [places, places] of legs with a mass."""
    still, moving = _thrust(mass_kg, 0.0), _thrust(mass_kg, craft.cruise)
    cruising = _lift(moving, 0.0) + 0.0296 * craft.cruise**3
    rising, falling = _lift(still, craft.climb) * rise_s[:, None], _lift(still, craft.sink) * fall_s[None]
    return np.asarray(rising + cruising * cruise_s + falling)
