"""Lockrules: what a plan must keep of what is locked; one function a rule, for the checker."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from doorstep.planning.begun.homeward import straight_home
from doorstep.planning.plan import Plan
from doorstep.planning.problem import DELIVER, DROP
from doorstep.planning.rules.violation import Violation, stop_name, trip_name, vehicle_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from doorstep.planning.begun.locked import Begun, Locked
    from doorstep.planning.plan import Trip
    from doorstep.planning.problem import Problem

BEYOND_HELP = {"hours", "shift", "range", "energy", "charge", "break", "mass", "volume", "parcels", "trips", "shared"}
"""Rules that a vehicle may break no more than it does if it goes straight home from what is locked."""


def happened(problem: Problem, locked: Locked) -> Plan:
    """Return the plan in which every vehicle that has begun goes straight home."""
    return Plan(problem.configuration, tuple(straight_home(problem, one) for one in locked.begun), ())


def without(found: Sequence[Violation], facts: Sequence[Violation]) -> list[Violation]:
    """Return the violations that are not facts already, or that are worse than these."""
    known = Counter(facts)
    excess = {(fact.rule, fact.where): fact.needs - fact.has for fact in facts if fact.rule in BEYOND_HELP}
    left = []
    for violation in found:
        if known[violation]:
            known[violation] -= 1
        elif violation.needs - violation.has > excess.get((violation.rule, violation.where), -1):
            left.append(violation)
    return left


def begun_stays(problem: Problem, plan: Plan, locked: Locked) -> Iterator[Violation]:
    """All that a vehicle has begun is in the plan too: the same stops in the same sequence at the same times."""
    routes = {(route.fleet, route.vehicle): route for route in plan.routes}
    for one in locked.begun:
        where = vehicle_name(problem, one.fleet, one.vehicle)
        route = routes.get((one.fleet, one.vehicle))
        trips = route.trips if route else ()
        kept = sum(_same(one, k, trip) for k, trip in enumerate(trips[: len(one.trips)]))
        if kept < len(one.trips):
            yield Violation("locked", where, len(one.trips), kept, "trips")
        if route and not set(one.breaks) <= set(route.breaks):
            yield Violation("locked", where, len(one.breaks), len(set(one.breaks) & set(route.breaks)), "breaks")


def _same(one: Begun, k: int, trip: Trip) -> bool:
    mine = one.trips[k]
    if not one.under_way or k < len(one.trips) - 1:
        return mine == trip
    begun = mine.load_s, mine.depart_s, mine.stops
    return begun == (trip.load_s, trip.depart_s, trip.stops[: len(mine.stops)])


def loaded_stays(problem: Problem, plan: Plan, locked: Locked) -> Iterator[Violation]:
    """Parcels aboard are handed over on this trip, as they were meant to be, or not at all; no others are loaded."""
    aboard = {option: (one.fleet, one.vehicle, len(one.trips) - 1) for one in locked.begun for option in one.aboard}
    who = {int(problem.option_order[option]): option for option in aboard}
    begun = {(one.fleet, one.vehicle, len(one.trips) - 1): one for one in locked.begun}
    for route in plan.routes:
        for k, trip in enumerate(route.trips):
            here = route.fleet, route.vehicle, k
            done = begun[here].trips[-1].stops if here in begun else ()
            for stop in trip.stops[len(done) :]:
                mine = who.get(int(problem.option_order[stop.option]), -1)
                if mine >= 0 and (mine != stop.option or aboard[mine] != here):
                    yield Violation("aboard", stop_name(problem, route, stop), 1, 0, "trips")
                elif mine < 0 and here in begun and problem.option_part[stop.option] == DELIVER:
                    yield Violation("not-loaded", stop_name(problem, route, stop), 1, 0, "parcels")


def brought_back(problem: Problem, plan: Plan, locked: Locked) -> Iterator[Violation]:
    """Parcels aboard that are not handed over take their room until the vehicle is back."""
    routes = {(route.fleet, route.vehicle): route for route in plan.routes}
    for one in locked.begun:
        route = routes.get((one.fleet, one.vehicle))
        if not one.under_way or route is None or len(route.trips) < len(one.trips):
            continue
        fleet, trip = problem.fleets[one.fleet], route.trips[len(one.trips) - 1]
        handed = {stop.option for stop in trip.stops}
        kept = [problem.option_order[k] for k in one.aboard if k not in handed and problem.option_part[k] == DELIVER]
        if not kept:
            continue
        who = [problem.option_order[stop.option] for stop in trip.stops]
        parts = [int(problem.option_part[stop.option]) for stop in trip.stops]
        for rule, column, has, unit in (
            ("mass", problem.mass_g, fleet.mass_g, "g"),
            ("volume", problem.volume_ml, fleet.volume_ml, "mL"),
        ):
            needs = most_aboard(parts, [int(column[o]) for o in who]) + sum(int(column[o]) for o in kept)
            if needs > has and any(part != DELIVER for part in parts[len(one.trips[-1].stops) :]):
                yield Violation(rule, trip_name(problem, route, trip), needs, has, unit)
        needs = most_aboard(parts, [1] * len(parts)) + len(kept)
        if needs > fleet.max_parcels and any(part != DELIVER for part in parts[len(one.trips[-1].stops) :]):
            yield Violation("parcels", trip_name(problem, route, trip), needs, fleet.max_parcels, "orders")


def from_now_on(problem: Problem, plan: Plan, locked: Locked) -> Iterator[Violation]:
    """Whatever is not locked is loaded from now on."""
    begun = {(one.fleet, one.vehicle): len(one.trips) for one in locked.begun}
    for route in plan.routes:
        for trip in route.trips[begun.get((route.fleet, route.vehicle), 0) :]:
            if trip.load_s < locked.now_s:
                yield Violation("now", trip_name(problem, route, trip), locked.now_s, trip.load_s, "s")


def pins_hold(problem: Problem, plan: Plan, locked: Locked) -> Iterator[Violation]:
    """Whoever is pinned to a fleet, a vehicle or an option is served so or not at all."""
    pins = {pin.order: pin for pin in locked.pinned}
    for route in plan.routes:
        for trip in route.trips:
            for stop in trip.stops:
                pin = pins.get(int(problem.option_order[stop.option]))
                if pin is None:
                    continue
                mates = {pin.option, int(problem.option_mate[pin.option])} if pin.option >= 0 else {stop.option}
                fits = pin.fleet in {-1, route.fleet} and pin.vehicle in {-1, route.vehicle} and stop.option in mates
                if not fits:
                    yield Violation("pinned", stop_name(problem, route, stop), 1, 0, "vehicles")


LOCK_RULES: tuple[Callable[[Problem, Plan, Locked], Iterator[Violation]], ...] = (
    begun_stays,
    loaded_stays,
    brought_back,
    from_now_on,
    pins_hold,
)


def most_aboard(parts: list[int], amounts: list[int]) -> int:
    """Return the most that a trip carries at once: all its deliveries when it leaves, all its returns at the end."""
    most = aboard = sum(amount for part, amount in zip(parts, amounts, strict=True) if part == DELIVER)
    for part, amount in zip(parts, amounts, strict=True):
        aboard += -amount if part in {DELIVER, DROP} else amount
        most = max(most, aboard)
    return most
