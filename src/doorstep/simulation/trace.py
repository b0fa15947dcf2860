"""Trace: one flat table of what happened to every order and on every trip."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.rules.referee import sortie_mwh, trip_mwh
from doorstep.planning.task.decisions import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Trace:
    """A day lived through."""

    option: NDArray[np.int64]
    """[orders] the delivery option by which each came; -1 where it never left the hub."""
    handed_s: NDArray[np.float64]
    """[orders] when the customer could have it; NaN where it was not handed over."""
    failed: NDArray[np.bool_]
    """[orders] true where it was planned and did not come."""
    couriered: NDArray[np.bool_]
    """[orders] true where somebody was called in to bring it."""
    carried: NDArray[np.bool_]
    """[orders] true where it is tomorrow's, because it did not come or was ordered too late for any trip."""
    fleet: NDArray[np.int64]
    """[orders] fleet that carried it, -1 where none did."""
    trip_fleet: NDArray[np.int64]
    """[trips]"""
    trip_vehicle: NDArray[np.int64]
    """[trips] number within the fleet."""
    load_s: NDArray[np.int64]
    """[trips]"""
    depart_s: NDArray[np.int64]
    """[trips]"""
    return_s: NDArray[np.int64]
    """[trips]"""
    distance_m: NDArray[np.int64]
    """[trips]"""
    places: NDArray[np.int64]
    """[trips] how many times the vehicle stood still."""
    energy_mwh: NDArray[np.int64]
    """[trips] what each used, rounded up."""


def simulate(problem: Problem, plan: Plan) -> Trace:
    """Return the day on which everything goes as planned, to the second; sorties are trips too, after those of vans."""
    n = len(problem.order_ids)
    option, handed, fleet = np.full(n, -1), np.full(n, np.nan), np.full(n, -1)
    trips = []
    for route in plan.routes:
        for trip in route.trips:
            sites = [problem.fleets[route.fleet].hub, *(int(problem.option_site[s.option]) for s in trip.stops)]
            places = sum(a != b for a, b in pairwise(sites))
            clocks = trip.load_s, trip.depart_s, trip.return_s
            trips.append((route.fleet, route.vehicle, *clocks, trip.distance_m, places, trip_mwh(problem, route, trip)))
            for stop in trip.stops:
                order = int(problem.option_order[stop.option])
                option[order], handed[order], fleet[order] = stop.option, stop.leave_s, route.fleet
    for _, trip, sortie in plan.sorties():
        order = int(problem.option_order[sortie.stop.option])
        option[order], handed[order], fleet[order] = sortie.stop.option, sortie.stop.leave_s, sortie.fleet
        clocks = sortie.launch_s, sortie.takeoff_s, sortie.landed_s
        drawn = sortie_mwh(problem, trip, sortie)
        trips.append((sortie.fleet, sortie.vehicle, *clocks, sortie.distance_m, 1, drawn))
    columns = np.array(trips, np.int64).reshape(-1, 8).T
    nobody = np.zeros(n, bool)
    carried = np.zeros(n, bool) if problem.known_s is None else problem.known_s == NEVER
    return Trace(option, handed, nobody, nobody, carried, fleet, *columns)
