"""Murray and Chu: a truck with one drone (FSTSP), and a truck with drones that fly from the depot (PDSTSP)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import InputError
from doorstep.formats.grid import read_grid
from doorstep.network.given import given_path
from doorstep.planning.tandem.problem import TandemProblem

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MINUTE_S = 60.0
LAUNCH_MIN = RECOVER_MIN = 1.0
"""Minutes of the published tests; launches at the depot take none."""
FLIGHT_MIN = 30.0
"""Endurance of the published PDSTSP tests."""


def read_fstsp(folder: Path | str, endurance_min: float = 20.0, *, waiting_counts: bool = True) -> TandemProblem:
    """Return the flying-sidekick problem of a folder, in seconds.

    The van launches the drone, which takes a minute but at the depot, then whichever of the two is later is waited
    for, then taking in takes a minute. The endurance bounds both legs and taking in, and the wait for the van where
    `waiting_counts`; the drone does not come back to the stop that it left (doi:10.1016/j.trc.2015.03.005).

    Raises
    ------
    InputError
        With every fault of the files.
    """
    van_s, fly_s, by_drone = _tables(given_path(folder))
    if not endurance_min > 0:
        raise InputError.of("endurance", f"{endurance_min} min", "must be above 0", "number")
    launch_s = np.full(len(van_s), LAUNCH_MIN * MINUTE_S)
    launch_s[0] = 0.0
    return TandemProblem.of(
        van_s,
        fly_s,
        launch_s=launch_s,
        recover_s=RECOVER_MIN * MINUTE_S,
        out_j=fly_s,
        back_j=fly_s,
        wait_w=1.0 if waiting_counts else 0.0,
        battery_j=max(0.0, endurance_min - RECOVER_MIN) * MINUTE_S,
        by_drone=by_drone,
        may_return=False,
    )


def read_pdstsp(folder: Path | str, drones: int = 1, flight_min: float = FLIGHT_MIN) -> TandemProblem:
    """Return the parallel-drone problem of a folder, in seconds: no drone on the van, `drones` at the depot.

    They serve whom the file lets them and whose flight there and back takes no longer than `flight_min`.

    Raises
    ------
    InputError
        With every fault of the files.
    """
    van_s, fly_s, by_drone = _tables(given_path(folder))
    flights: NDArray[np.float64] = fly_s[0] + fly_s[:, 0]
    flights[~by_drone | (flights > flight_min * MINUTE_S)] = np.inf
    return TandemProblem.of(van_s, fly_s, drones=0, by_drone=False, beside=drones, beside_s=flights)


def _tables(folder: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return driving and flying times [s], and to whom a drone may go; the second depot at the end is the first."""
    van, fly = (read_grid(folder / name) * MINUTE_S for name in ("tau.csv", "tauprime.csv"))
    sites = len(van) - 1
    if not (van.shape == fly.shape == (sites + 1, sites + 1) and sites > 0):
        what = f"tau and tauprime must be square tables of one size, are {van.shape} and {fly.shape}"
        raise InputError.of(str(folder), what, code="shape")
    by_drone, path = np.zeros(sites, bool), folder / "Cprime.csv"
    # Empty where no parcel is light enough.
    light: Any = (
        read_grid(path).ravel() if not path.is_file() or path.read_text(encoding="utf-8").strip() else np.empty(0)
    )
    if not np.isin(light, np.arange(1, sites)).all():
        raise InputError.of(str(path), f"customers go from 1 to {sites - 1}", code="place")
    by_drone[light.astype(np.int64)] = True
    return van[:sites, :sites], fly[:sites, :sites], by_drone
