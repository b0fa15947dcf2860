"""Sortie rules: what drones and robots that leave a van at its stops must keep to. They know no solver.

One function a rule; each yields a Violation for every place where the plan breaks it.
"""

from __future__ import annotations

import math
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from doorstep.planning.problem import DELIVER, FAR, MWH
from doorstep.planning.rules.referee import HAIR_S, sortie_mwh, way_with_rests_s
from doorstep.planning.rules.violation import Violation, stop_name, trip_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.plan import Plan, Route, Sortie, Trip
    from doorstep.planning.problem import Carries, Problem


def carried_out(plan: Plan) -> set[tuple[int, int]]:
    """Return (fleet, vehicle) of every carried vehicle that leaves its van at least once."""
    return {(sortie.fleet, sortie.vehicle) for _, _, sortie in plan.sorties()}


def sorties_cost(problem: Problem, trip: Trip) -> int:
    """Return what the sorties of a trip cost, lateness and the vehicles themselves left out."""
    money = 0
    for sortie in trip.sorties:
        fleet = problem.fleets[sortie.fleet]
        money += fleet.trip_cost + fleet.stop_cost + sortie.distance_m * fleet.metre_cost
        money += (sortie.landed_s - sortie.takeoff_s) * fleet.away_cost
        money += sortie_mwh(problem, trip, sortie) * fleet.kwh_cost // MWH
    return money


def carried_vehicles(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Vans launch only what they carry, for deliveries that this is meant to take, from one of their stops on."""
    for route, trip, sortie in plan.sorties():
        carries, where = problem.fleets[route.fleet].carries, stop_name(problem, route, sortie.stop)
        if carries is None or carries.fleet != sortie.fleet:
            yield Violation("carried", where, 1, 0, "vehicles")
            continue
        mine = sortie.vehicle - route.vehicle * carries.count
        if not 0 <= mine < carries.count:
            yield Violation("carried", where, mine + 1, carries.count, "vehicles")
        option = sortie.stop.option
        if not problem.fleets[sortie.fleet].allowed[option] or problem.option_part[option] != DELIVER:
            yield Violation("allowed", where, 1, 0, "vehicles")
        if not 0 <= sortie.launched_at <= sortie.taken_in_at < len(trip.stops):
            yield Violation("sortie-stops", where, sortie.taken_in_at, sortie.launched_at, "stops")
        elif not carries.same_stop and _site(problem, trip, sortie.launched_at) == _site(
            problem, trip, sortie.taken_in_at
        ):
            yield Violation("same-stop", where, 1, 0, "stops")


def crew_tasks(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Crews take as long as they must for launches and for taking in, while the van stands at the stop."""
    for route, trip, sortie in plan.sorties():
        carries, where = problem.fleets[route.fleet].carries, stop_name(problem, route, sortie.stop)
        if carries is None:
            continue
        for name, least, begin, end, place in (
            ("launch", carries.launch_s, sortie.launch_s, sortie.takeoff_s, sortie.launched_at),
            ("recover", carries.recover_s, sortie.landed_s, sortie.end_s, sortie.taken_in_at),
        ):
            if end - begin < least:
                yield Violation(name, where, least, end - begin, "s")
            came, gone = _stands(problem, route, trip, place)
            if begin < came:
                yield Violation(f"{name}-stop", where, came, begin, "s")
            if end > gone:
                yield Violation(f"{name}-stop", where, end, gone, "s")


def one_at_a_time(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Nobody launches, takes in, hands over or rests while doing another of these."""
    for route in plan.routes:
        for trip in route.trips if any(trip.sorties for trip in route.trips) else ():
            spans = [(stop.start_s, stop.leave_s) for stop in trip.stops]
            spans += chain.from_iterable(((s.launch_s, s.takeoff_s), (s.landed_s, s.end_s)) for s in trip.sorties)
            spans += [rest for rest in route.breaks if trip.load_s <= rest[0] < trip.return_s]
            for before, after in pairwise(sorted(spans)):
                if after[0] < before[1]:
                    yield Violation("one-thing-at-a-time", trip_name(problem, route, trip), before[1], after[0], "s")


def flights(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Ways of sorties take their time, handovers keep their windows, and nothing is taken in before it is back."""
    for route, trip, sortie in plan.sorties():
        fleet, stop, where = problem.fleets[sortie.fleet], sortie.stop, stop_name(problem, route, sortie.stop)
        there = int(problem.option_site[stop.option])
        start, end = (_site(problem, trip, place) for place in (sortie.launched_at, sortie.taken_in_at))
        for origin, left, target, came in (
            (start, sortie.takeoff_s, there, stop.arrive_s),
            (there, stop.leave_s, end, sortie.back_s),
        ):
            way = 0 if origin == target else math.ceil(way_with_rests_s(fleet, origin, target, left) - HAIR_S)
            if way >= FAR or came - left < way:
                yield Violation("sortie-travel", where, way, came - left, "s")
        setup = int(fleet.setup_s[stop.option]) if there != start else 0
        if stop.start_s - stop.arrive_s < setup:
            yield Violation("setup", where, setup, stop.start_s - stop.arrive_s, "s")
        if stop.leave_s - stop.start_s < fleet.service_s[stop.option]:
            yield Violation("service", where, int(fleet.service_s[stop.option]), stop.leave_s - stop.start_s, "s")
        opens, closes = int(problem.option_open_s[stop.option]), int(problem.option_close_s[stop.option])
        if not opens <= stop.start_s <= closes:
            late = stop.start_s > closes
            yield Violation("window", where, stop.start_s if late else opens, closes if late else stop.start_s, "s")
        if sortie.landed_s < sortie.back_s:
            yield Violation("taken-in", where, sortie.back_s, sortie.landed_s, "s")
        if sortie.takeoff_s < fleet.open_s or sortie.end_s > fleet.close_s:
            yield Violation("sortie-hours", where, sortie.end_s, fleet.close_s, "s")


def endurance(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Sorties say their true length, go no further than their range, and draw no more than is in their battery."""
    for route, trip, sortie in plan.sorties():
        fleet, where = problem.fleets[sortie.fleet], stop_name(problem, route, sortie.stop)
        there = int(problem.option_site[sortie.stop.option])
        start, end = (_site(problem, trip, place) for place in (sortie.launched_at, sortie.taken_in_at))
        metres = sum(int(fleet.distance_m[a, b]) for a, b in ((start, there), (there, end)) if a != b)
        if sortie.distance_m != metres:
            yield Violation("length", where, metres, sortie.distance_m, "m")
        if metres > fleet.range_m:
            yield Violation("range", where, metres, fleet.range_m, "m")
    for route in plan.routes:
        carries = problem.fleets[route.fleet].carries
        if carries is not None:
            yield from _batteries(problem, route, carries)


def _batteries(problem: Problem, route: Route, carries: Carries) -> Iterator[Violation]:
    """Follow the battery of each carried vehicle through the day; a van has full spares on each of its trips."""
    most = problem.fleets[carries.fleet].energy_mwh
    lacks: dict[int, float] = {}
    free_s: dict[int, int] = {}
    for trip in route.trips:
        spares = carries.spares
        if not carries.charge_mwh_per_s:
            lacks = {}
        for sortie in sorted(trip.sorties, key=lambda s: s.launch_s):
            where, who = stop_name(problem, route, sortie.stop), sortie.vehicle
            if sortie.launch_s < free_s.get(who, 0):
                yield Violation("sorties-overlap", where, free_s[who], sortie.launch_s, "s")
            used, lack = sortie_mwh(problem, trip, sortie), lacks.get(who, 0.0)
            if carries.charge_mwh_per_s:
                charged_s = sortie.takeoff_s - carries.launch_s - free_s.get(who, 0)
                lack = max(0.0, lack - carries.charge_mwh_per_s * max(0, charged_s))
            elif _swapped(carries, sortie, lack + used > most):
                lack, spares = 0.0, spares - 1
                if spares < 0:
                    yield Violation("spares", where, carries.spares - spares, carries.spares, "batteries")
            if lack + used > most + _HAIR_MWH:
                yield Violation("energy", where, lack + used, most, "mWh")
            lacks[who], free_s[who] = lack + used, sortie.end_s


def _swapped(carries: Carries, sortie: Sortie, needed: bool) -> bool:
    """Tell whether a battery was changed before a launch: by the time that it took, or by need where it takes none."""
    spent_s = sortie.takeoff_s - sortie.launch_s
    return spent_s >= carries.launch_s + carries.swap_s and (carries.swap_s > 0 or needed)


_HAIR_MWH = 1e-3
"""Milliwatt-hours that rounding may make."""

SORTIE_RULES = (carried_vehicles, crew_tasks, one_at_a_time, flights, endurance)


def _site(problem: Problem, trip: Trip, place: int) -> int:
    return int(problem.option_site[trip.stops[place].option])


def _stands(problem: Problem, route: Route, trip: Trip, place: int) -> tuple[int, int]:
    """Return from when until when a van stands where one of its stops is, set-up done."""
    first = last = place
    here = _site(problem, trip, place)
    while first and _site(problem, trip, first - 1) == here:
        first -= 1
    while last + 1 < len(trip.stops) and _site(problem, trip, last + 1) == here:
        last += 1
    fleet = problem.fleets[route.fleet]
    came = trip.stops[first].arrive_s + int(fleet.setup_s[trip.stops[first].option])
    onward = _site(problem, trip, last + 1) if last + 1 < len(trip.stops) else fleet.hub
    must = trip.stops[last + 1].arrive_s if last + 1 < len(trip.stops) else trip.return_s
    return came, must - int(fleet.duration_s[here, onward])
