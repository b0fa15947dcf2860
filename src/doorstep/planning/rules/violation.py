"""Violation: a rule that a plan breaks, and the names of the places where it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorstep.planning.plan import Route, Stop, Trip
    from doorstep.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks, where, and by how much."""

    rule: str
    where: str
    needs: float
    has: float
    unit: str


def vehicle_name(problem: Problem, fleet: int, vehicle: int) -> str:
    """Return what messages call a vehicle."""
    return f"{problem.fleets[fleet].mode} {vehicle + 1}"


def trip_name(problem: Problem, route: Route, trip: Trip) -> str:
    """Return what messages call a trip of a route."""
    return f"{vehicle_name(problem, route.fleet, route.vehicle)}, trip {route.trips.index(trip) + 1}"


def stop_name(problem: Problem, route: Route, stop: Stop) -> str:
    """Return what messages call a stop of a route."""
    name = problem.order_ids[problem.option_order[stop.option]]
    return f"{vehicle_name(problem, route.fleet, route.vehicle)}, order {name}"
