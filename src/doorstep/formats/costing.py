"""Costing: what a plan costs in the terms of its instance's file, and which rules it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.instance import Objective, Rounding
from doorstep.formats.solution import Solution, plan_of
from doorstep.planning.checker import check

if TYPE_CHECKING:
    from doorstep.formats.instance import Instance
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan, Trip
    from doorstep.planning.rules.violation import Violation

WEIGHT = 10_000
"""Units of distance that a vehicle counts for where vehicles come first and one number is wanted."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What a plan comes to, told as the instance's best-known values are."""

    cost: float
    """Without vehicles where they come first, and without what had to be served and is not."""
    distance: float
    vehicles: int
    missing: int
    """Orders that had to be served and are not."""
    violations: tuple[Violation, ...]
    plan: Plan

    @property
    def feasible(self) -> bool:
        """Tell whether all rules are kept and all is served that must be."""
        return not self.violations and not self.missing


def recompute(instance: Instance, solution: Solution | Plan, locked: Locked | None = None) -> Bill:
    """Return what a solution costs and which rules it breaks, whatever it says of itself.

    What is locked has happened, and so breaks none.

    Raises
    ------
    InputError
        If it speaks of customers that there are not.
    """
    plan = plan_of(instance, solution.routes) if isinstance(solution, Solution) else solution
    problem = instance.problem
    money, units = 0.0, 0.0
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        length = sum(_length(instance, route.fleet, trip) for trip in route.trips)
        money += length * fleet.metre_cost
        money += 0 if instance.objective == Objective.VEHICLES else fleet.vehicle_cost
        units += sum(_metres(instance, route.fleet, trip) for trip in route.trips) if instance.metres else length
    money += sum(int(instance.prize[unserved.order]) for unserved in plan.unserved)
    missing = sum(not instance.prize[unserved.order] for unserved in plan.unserved)
    used = sum(bool(route.trips) for route in plan.routes)
    cost, distance = money / instance.scale, units / instance.length_scale
    return Bill(tidy(cost), tidy(distance), used, missing, check(problem, plan, locked), plan)


def score(instance: Instance, bill: Bill) -> float:
    """Return one number to compare plans by."""
    return bill.cost + (WEIGHT * bill.vehicles if instance.objective == Objective.VEHICLES else 0)


def _metres(instance: Instance, fleet: int, trip: Trip) -> int:
    """Return the distance of a trip where the file gives distances apart from what is paid for."""
    return sum(int(instance.metres[fleet][here, there]) for here, there in pairwise(_sites(instance, fleet, trip)))


def _length(instance: Instance, fleet: int, trip: Trip) -> float:
    """Return the length of a trip in units of the tables, unrounded where the instance's is."""
    if instance.rounding != Rounding.NONE:
        return trip.distance_m
    xy = instance.problem.site_xy_m[np.array(_sites(instance, fleet, trip))]
    return float(sum(np.hypot(*(there - here)) for here, there in pairwise(xy))) * instance.factor


def _sites(instance: Instance, fleet: int, trip: Trip) -> list[int]:
    """Return the sites of a trip, from the hub back to it."""
    hub = instance.problem.fleets[fleet].hub
    return [hub, *(int(instance.problem.option_site[stop.option]) for stop in trip.stops), hub]


def tidy(value: float) -> float:
    """Return a number without the dust of its last bits, whole where it is whole."""
    kept = round(value, 6)
    return int(kept) if kept == int(kept) else kept
