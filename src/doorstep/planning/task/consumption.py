"""Consumption: what the energy models of a mode come to in a scenario, as straight lines between loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.demand.order import Window
from doorstep.modes.energy import Conditions, stand_s
from doorstep.network.air.flight import Flight
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.planning.problem import FAR, Draw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.modes.energy import Use
    from doorstep.modes.mode import Mode
    from doorstep.network.network import Network
    from doorstep.planning.task.dayparts import Dayparts

STEPS, BETWEEN = 8, 4
"""Straight lines between no load and the largest, and places within each at which they are measured."""
LONG_M = 200
"""On shorter ways whole seconds and metres do not tell a speed."""
MWH_PER_J = 1 / 3.6
_ROWS = 256


def conditions_of(mode: Mode, network: Network, ways: Dayparts) -> Conditions:
    """Return what the energy of a mode hangs on in a scenario besides loads, metres and seconds.

    Climbs and descents are those of the scenario's flights, else of the mode; above terrain all count as the highest.
    """
    if mode.medium != Medium.AIR:
        return Conditions(min(mode.max_speed_mps, _fastest_mps(ways, LONG_M)), stand_s=stand_s(mode))
    sky = network.layers[Medium.AIR]
    flight, relief_m = Flight(), 0.0
    if isinstance(sky, Sky):
        flight, relief_m = sky.flight, sky.terrain.relief_m() if sky.terrain else 0.0
    height_m = mode.altitude_m if flight.cruise_m is None else flight.cruise_m + relief_m
    timed = [flight.cruise_m is not None and np.isfinite(mps) for mps in (flight.climb_mps, flight.descent_mps)]
    return Conditions(
        speed_mps=mode.max_speed_mps,
        climb_m=height_m,
        climb_s=height_m / flight.climb_mps if timed[0] else mode.climb_s,
        descent_m=height_m,
        descent_s=height_m / flight.descent_mps if timed[1] else mode.descent_s,
        climb_timed=bool(timed[0]),
        descent_timed=bool(timed[1]),
        hover_s=mode.hover_s,
        stand_s=stand_s(mode),
    )


def flying_hours(mode: Mode, network: Network, hours: Window) -> tuple[Window, tuple[float, float]]:
    """Return when a mode moves within the working hours, and (wind, limit) of the calmest of them [m/s].

    An aircraft keeps to the longest part of the hours in which no more wind blows anywhere than it flies in. Where
    there is none it has all of them, and the wind is beyond the limit.
    """
    sky = network.layers[Medium.AIR] if mode.medium == Medium.AIR else None
    if not isinstance(sky, Sky) or sky.wind is None:
        return hours, (0.0, np.inf)
    calmest = min(mps for _, mps in sky.wind.strongest(hours.open_s, hours.close_s))
    calm = sky.wind.calm(hours.open_s, hours.close_s, mode.max_wind_mps)
    return Window(*calm) if calm else hours, (calmest, mode.max_wind_mps)


def draws_of(mode: Mode, conditions: Conditions, most_g: int) -> dict[str, Draw]:
    """Return the draw of every model of a mode, that of the planned one first.

    Between the loads that the lines join, a model may lie above them; by as much as it does at most, measured, all are
    raised. So no load is taken to need less than its model says.

    Raises
    ------
    InputError
        If a model gives an energy that is negative or no number.
    """
    step_g = max(1, -(-most_g // STEPS))
    fine_kg = np.linspace(0.0, STEPS * step_g / 1000, STEPS * BETWEEN + 1)
    keys = [mode.energy.planned, *(key for key in mode.energy.models if key != mode.energy.planned)]
    return {
        key: Draw(step_g, *_lines(mode.energy.use(key, fine_kg, conditions, f"mode {mode.name}"), fine_kg))
        for key in keys
    }


def pace_s_per_m(ways: Dayparts) -> float:
    """Return the least seconds that any way takes for each of its metres."""
    return 1 / max(_fastest_mps(ways, 1), 1e-9)


def _lines(use: Use, fine_kg: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    found = []
    for _, joules in use.parts():
        rough = joules[::BETWEEN]
        above = joules - np.interp(fine_kg, fine_kg[::BETWEEN], rough)
        found.append((rough + max(0.0, float(above.max()))) * MWH_PER_J)
    return found


def _fastest_mps(ways: Dayparts, least_m: int) -> float:
    """Return the fastest mean speed of any way of some length [m/s]."""
    best = 0.0
    for row in range(0, len(ways.least_s), _ROWS):
        seconds, metres = ways.least_s[row : row + _ROWS], ways.distance_m[row : row + _ROWS]
        known = (seconds < FAR) & (metres < FAR) & (seconds > 0) & (metres >= least_m)
        if known.any():
            best = max(best, float((metres[known] / seconds[known]).max()))
    return best
