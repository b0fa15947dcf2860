"""Charges: what the batteries of a route hold from trip to trip, apart from the compiled kernels, for all who check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from doorstep.planning.plan import Route
from doorstep.planning.problem import Battery
from doorstep.planning.rules.referee import trip_mwh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.begun.locked import Begun
    from doorstep.planning.plan import Trip
    from doorstep.planning.problem import Fleet, Problem

HAIR = 1e-3
"""Seconds or milliwatt-hours that rounding may make."""


def loaded(
    fleet: Fleet, battery: Battery, idle_s: float, load_s: float, used_mwh: float
) -> tuple[Battery, float, float]:
    """Return the battery after a trip, and what the trip needs of it and what there is.

    A vehicle that charges has done so for `idle_s` before; needs and has are milliwatt-hours. Where batteries are
    changed, that is done at the loading of a trip for which the one in it does not last; needs and has are then the
    times at which a full one is there and is wanted.
    """
    if not fleet.spares:
        lacks = max(0.0, battery.lacks_mwh - fleet.refill_mwh_per_s * idle_s)
        return Battery(lacks + used_mwh), lacks + used_mwh, fleet.energy_mwh
    if battery.lacks_mwh + used_mwh <= fleet.energy_mwh + HAIR:
        return Battery(battery.lacks_mwh + used_mwh, battery.full_s, battery.earlier_full_s), 0.0, 0.0
    full_s = load_s + battery.lacks_mwh / fleet.refill_mwh_per_s
    return Battery(used_mwh, full_s, battery.full_s), _wanted_s(fleet, battery), load_s


def changeable(fleet: Fleet, battery: Battery, load_s: float) -> bool:
    """Tell whether a full battery is there at a loading."""
    return fleet.spares > 0 and _wanted_s(fleet, battery) <= load_s


def _wanted_s(fleet: Fleet, battery: Battery) -> float:
    """Return when the battery that would be put in is full."""
    return battery.full_s if fleet.spares == 1 else battery.earlier_full_s


def batteries(problem: Problem, route: Route) -> Iterator[tuple[Trip, Battery, float, float]]:
    """Yield each trip of a route with the battery after it, what it needs, and what there is; see `loaded`."""
    fleet, due_s = problem.fleets[route.fleet], None
    battery = fleet.battery
    for trip in route.trips if fleet.refill_mwh_per_s else ():
        idle_s = 0.0 if due_s is None else max(0.0, trip.load_s - due_s)
        battery, needs, has = loaded(fleet, battery, idle_s, trip.load_s, trip_mwh(problem, route, trip))
        yield trip, battery, needs, has
        due_s = trip.return_s + fleet.turnaround_s


def begun_battery(problem: Problem, one: Begun) -> Battery:
    """Return what is in a vehicle at the loading of the trip that it is on, else what is in it now."""
    fleet = problem.fleets[one.fleet]
    states = list(batteries(problem, Route(one.fleet, one.vehicle, one.trips, one.breaks)))
    if not states or not one.under_way:
        return states[-1][1] if states else fleet.battery
    if fleet.spares:
        return states[-2][1] if len(states) > 1 else fleet.battery
    trip, after, _, _ = states[-1]
    used = trip_mwh(problem, Route(one.fleet, one.vehicle, one.trips, one.breaks), trip)
    return replace(after, lacks_mwh=after.lacks_mwh - used)
