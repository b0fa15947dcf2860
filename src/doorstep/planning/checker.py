"""Checker: which rules does a plan break? It knows no solver, and reads nothing but the problem and the plan.

One function a rule; each yields a Violation for every place where the plan breaks it.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from doorstep.handover import Size
from doorstep.planning.begun.homeward import taken_up
from doorstep.planning.begun.lockrules import LOCK_RULES, happened, most_aboard, without
from doorstep.planning.problem import DELIVER, DROP, FAR, MWH, PICK_UP, Stage
from doorstep.planning.rules.charges import HAIR, batteries
from doorstep.planning.rules.referee import HAIR_S, trip_mwh, way_with_rests_s
from doorstep.planning.rules.sortierules import SORTIE_RULES, carried_out, sorties_cost
from doorstep.planning.rules.violation import Violation, stop_name, trip_name, vehicle_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan, Route, Stop, Trip
    from doorstep.planning.problem import Fleet, Problem


def check(problem: Problem, plan: Plan, locked: Locked | None = None) -> tuple[Violation, ...]:
    """Return every violation of every rule; an empty tuple is a good plan.

    Where parts are locked, what these have broken by themselves is no fault of the plan.
    """
    found = [violation for rule in RULES for violation in rule(problem, plan)]
    if locked is None:
        return tuple(found)
    own = happened(problem, locked)
    facts = [violation for rule in RULES for violation in rule(problem, own)]
    return (*without(found, facts), *(violation for rule in LOCK_RULES for violation in rule(problem, plan, locked)))


def each_order_once(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Every order is served exactly once or is listed as unserved, and not both; a drop counts with its pick-up."""
    brought = (stop.option for _, trip in _trips(plan) for stop in trip.handed)
    served = (option for option in brought if problem.option_part[option] != DROP)
    times = Counter(int(problem.option_order[option]) for option in served)
    times.update(unserved.order for unserved in plan.unserved)
    for order, name in enumerate(problem.order_ids):
        if times[order] != 1:
            yield Violation("each-order-once", f"order {name}", times[order], 1, "times")


def pairs_together(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Each pick-up has its drop later in the same trip, and each drop its pick-up, once."""
    for route, trip in _trips(plan):
        at: dict[int, list[int]] = {}
        for position, stop in enumerate(trip.stops):
            at.setdefault(stop.option, []).append(position)
        for position, stop in enumerate(trip.stops):
            part = problem.option_part[stop.option]
            if part not in {PICK_UP, DROP}:
                continue
            mates = at.get(int(problem.option_mate[stop.option]), [])
            if len(mates) != 1:
                yield Violation("pair", stop_name(problem, route, stop), len(mates), 1, "mates")
            elif part == PICK_UP and mates[0] < position:
                yield Violation("pair-order", stop_name(problem, route, stop), position, mates[0], "stops")


def known_vehicles(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Every route has a vehicle of its own out of those that there are."""
    for (fleet, vehicle), n in Counter((route.fleet, route.vehicle) for route in plan.routes).items():
        if n > 1:
            yield Violation("one-route-a-vehicle", vehicle_name(problem, fleet, vehicle), n, 1, "routes")
        if not 0 <= vehicle < problem.fleets[fleet].count:
            where = vehicle_name(problem, fleet, vehicle)
            yield Violation("fleet", where, vehicle + 1, problem.fleets[fleet].count, "vehicles")


def allowed_options(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Vehicles do only kinds of handover that are their own, for orders that they are meant to take."""
    for route, _, stop in _stops(plan):
        fleet = problem.fleets[route.fleet]
        where = stop_name(problem, route, stop)
        if problem.option_kind[stop.option] not in fleet.handover:
            yield Violation("handover", where, 1, 0, "kinds")
        elif not (fleet.allowed[stop.option] or fleet.last_resort[stop.option]):
            yield Violation("allowed", where, 1, 0, "vehicles")


def loads(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """At no moment does a vehicle carry more mass, volume or parcels than it can."""
    for route, trip in _trips(plan):
        fleet, where = problem.fleets[route.fleet], trip_name(problem, route, trip)
        # What a sortie takes out counts as aboard until its van's trip ends, as if it were brought last.
        orders = [int(problem.option_order[stop.option]) for stop in trip.handed]
        parts = [int(problem.option_part[stop.option]) for stop in trip.handed]
        taken = len({sortie.vehicle for sortie in trip.sorties}) if fleet.carries else 0
        each = (fleet.carries.mass_g, fleet.carries.volume_ml) if fleet.carries else (0, 0)
        for rule, amounts, has, unit in (
            ("mass", [int(problem.mass_g[o]) for o in orders], fleet.mass_g - taken * each[0], "g"),
            ("volume", [int(problem.volume_ml[o]) for o in orders], fleet.volume_ml - taken * each[1], "mL"),
            ("parcels", [1] * len(orders), fleet.max_parcels, "orders"),
        ):
            needs = most_aboard(parts, amounts)
            if needs > has:
                yield Violation(rule, where, needs, has, unit)


def readiness(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No trip leaves before its last parcel is ready, and nothing is fetched before it is."""
    for route, trip in _trips(plan):
        for stop in trip.handed:
            part = problem.option_part[stop.option]
            ready = int(problem.ready_s[problem.option_order[stop.option]])
            taken = trip.depart_s if part == DELIVER else stop.start_s
            if part != DROP and taken < ready:
                yield Violation("ready", stop_name(problem, route, stop), ready, taken, "s")


def foresight(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No trip is loaded before all that it brings is known, and nothing is fetched before it is."""
    if problem.known_s is None:
        return
    for route, trip in _trips(plan):
        for stop in trip.stops:
            known = int(problem.known_s[problem.option_order[stop.option]])
            acted = trip.load_s if problem.option_part[stop.option] == DELIVER else stop.start_s
            if acted < known:
                yield Violation("known", stop_name(problem, route, stop), known, acted, "s")


def trip_counts(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No vehicle makes more trips than it may."""
    for route in plan.routes:
        most = problem.fleets[route.fleet].max_trips
        if len(route.trips) > most:
            where = vehicle_name(problem, route.fleet, route.vehicle)
            yield Violation("trips", where, len(route.trips), most, "trips")


def windows(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Every handover begins within its window, both ends included."""
    for route, _, stop in _stops(plan):
        opens, closes = int(problem.option_open_s[stop.option]), int(problem.option_close_s[stop.option])
        if stop.start_s > closes:
            yield Violation("window", stop_name(problem, route, stop), stop.start_s, closes, "s")
        if stop.start_s < opens:
            yield Violation("window", stop_name(problem, route, stop), opens, stop.start_s, "s")


def travel(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No vehicle arrives sooner than its way takes from when it leaves, breaks on the way included."""
    for route, trip in _trips(plan):
        fleet = problem.fleets[route.fleet]
        for site, left, there, came in _legs(problem, fleet, trip):
            way = int(fleet.duration_s[site, there]) if site != there else 0
            rest = _rest(route, left, came)
            if fleet.period_duration_s is not None and site != there:
                way, rest = math.ceil(way_with_rests_s(fleet, site, there, left, route.breaks) - HAIR_S), 0
            if way >= FAR or came - left - rest < way:
                yield Violation("travel", trip_name(problem, route, trip), way, came - left - rest, "s")


def handovers(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """At every new place set-up takes its time, breaks not counted, and then service at every stop."""
    for route, trip in _trips(plan):
        fleet = problem.fleets[route.fleet]
        site = fleet.hub
        for stop in trip.stops:
            here = int(problem.option_site[stop.option])
            setup = int(fleet.setup_s[stop.option]) if here != site else 0
            has = stop.start_s - stop.arrive_s - _rest(route, stop.arrive_s, stop.start_s)
            if has < setup:
                yield Violation("setup", stop_name(problem, route, stop), setup, has, "s")
            service = int(fleet.service_s[stop.option])
            if stop.leave_s - stop.start_s < service:
                where = stop_name(problem, route, stop)
                yield Violation("service", where, service, stop.leave_s - stop.start_s, "s")
            site = here


def loading(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Before each trip loading takes its time, breaks not counted, and between two the turnaround."""
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        for k, trip in enumerate(route.trips):
            has = trip.depart_s - trip.load_s - _rest(route, trip.load_s, trip.depart_s)
            if has < fleet.load_s:
                yield Violation("loading", trip_name(problem, route, trip), fleet.load_s, has, "s")
            if k:
                between = trip.load_s - route.trips[k - 1].return_s
                if between < fleet.turnaround_s:
                    yield Violation("turnaround", trip_name(problem, route, trip), fleet.turnaround_s, between, "s")


def charges(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No trip draws what its battery lacks, and none is loaded before the battery that it needs is full."""
    for route in plan.routes:
        unit = "s" if problem.fleets[route.fleet].spares else "mWh"
        for k, (trip, _, needs, has) in enumerate(batteries(problem, route)):
            if k and needs > has + HAIR:
                yield Violation("charge", trip_name(problem, route, trip), needs, has, unit)


def distances(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Every trip says its true length, and goes no further than range and energy allow."""
    for route, trip in _trips(plan):
        fleet, where = problem.fleets[route.fleet], trip_name(problem, route, trip)
        legs = list(_legs(problem, fleet, trip))
        metres = sum(int(fleet.distance_m[site, there]) for site, _, there, _ in legs if site != there)
        places = sum(site != there for site, _, there, _ in legs[:-1])
        energy = metres * fleet.energy_mwh_per_m + places * fleet.energy_mwh_per_stop
        if fleet.draw is not None:
            energy = trip_mwh(problem, route, trip)
        if trip.distance_m != metres:
            yield Violation("length", where, metres, trip.distance_m, "m")
        if metres > fleet.range_m:
            yield Violation("range", where, metres, fleet.range_m, "m")
        if energy > fleet.energy_mwh:
            yield Violation("energy", where, energy, fleet.energy_mwh, "mWh")


def hours(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Vehicles are out within the working hours only, and no duty is longer than a shift."""
    for route in plan.routes:
        if not route.trips:
            continue
        fleet, where = problem.fleets[route.fleet], vehicle_name(problem, route.fleet, route.vehicle)
        begins, ends = route.trips[0].load_s, route.trips[-1].return_s
        if begins < fleet.open_s:
            yield Violation("hours", where, fleet.open_s, begins, "s")
        if ends > fleet.close_s:
            yield Violation("hours", where, ends, fleet.close_s, "s")
        if ends - begins > fleet.shift_s:
            yield Violation("shift", where, ends - begins, fleet.shift_s, "s")


def breaks(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Drivers' breaks are long enough, and nobody hands anything over during one."""
    for route in plan.routes:
        least = problem.fleets[route.fleet].break_s
        for start, end in route.breaks:
            if end - start < least:
                where = vehicle_name(problem, route.fleet, route.vehicle)
                yield Violation("break-length", where, least, end - start, "s")
            for trip in route.trips:
                for stop in trip.stops:
                    if start < stop.leave_s and stop.start_s < end:
                        yield Violation("break-disturbed", stop_name(problem, route, stop), end - start, 0, "s")


def work_spans(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No driver works longer than allowed without a break or as long a rest at the hub."""
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        if not fleet.break_after_s or not route.trips:
            continue
        rests = list(route.breaks)
        for before, after in pairwise(route.trips):
            if after.load_s - before.return_s - fleet.turnaround_s >= fleet.break_s:
                rests.append((before.return_s, after.load_s))
        since, done = route.trips[0].load_s, route.trips[-1].return_s
        for start, end in [*sorted(rests), (done, done)]:
            if start - since > fleet.break_after_s:
                where = vehicle_name(problem, route.fleet, route.vehicle)
                yield Violation("break", where, start - since, fleet.break_after_s, "s")
            since = end


def compartments(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No locker holds more parcels of a size or larger than it has compartments that take them."""
    used: Counter[tuple[int, int]] = Counter()
    for _, _, stop in _stops(plan):
        locker = int(problem.option_locker[stop.option])
        if locker >= 0:
            rank = problem.sizes[problem.option_order[stop.option]].rank
            used.update((locker, size) for size in range(rank + 1))
    for (locker, size), n in sorted(used.items()):
        room = int(problem.locker_room[locker, size])
        if n > room:
            where = f"locker {problem.lockers[locker]}, size {list(Size)[size]} and larger"
            yield Violation("compartments", where, n, room, "parcels")


def shared_things(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """At no moment is more taken up of pads, docks, chargers, loaders or operators than there is."""
    for thing in problem.shared:
        changes: Counter[int] = Counter()
        spans = [(route.fleet, *span) for route in plan.routes for span in taken_up(problem, route, thing.stage)]
        spans += [(s.fleet, s.takeoff_s, s.landed_s) for _, _, s in plan.sorties() if thing.stage is Stage.AWAY]
        for fleet, begin, end in spans:
            changes[begin] += thing.takes[fleet]
            changes[end] -= thing.takes[fleet]
        taken, most = 0, 0
        for _, change in sorted(changes.items()):
            taken += change
            most = max(most, taken)
        if most > thing.room:
            yield Violation("shared", thing.name, most, thing.room, "at once")


def order_of_time(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Trips of a vehicle follow one another, and none is empty."""
    for route in plan.routes:
        if not route.trips:
            yield Violation("empty", vehicle_name(problem, route.fleet, route.vehicle), 1, 0, "trips")
        for before, after in pairwise(route.trips):
            if after.load_s < before.return_s:
                yield Violation("order-of-time", trip_name(problem, route, after), before.return_s, after.load_s, "s")
        for trip in route.trips:
            if not trip.stops:
                yield Violation("empty", trip_name(problem, route, trip), 1, 0, "stops")


RULES: tuple[Callable[[Problem, Plan], Iterator[Violation]], ...] = (
    order_of_time,
    each_order_once,
    pairs_together,
    known_vehicles,
    allowed_options,
    loads,
    readiness,
    foresight,
    trip_counts,
    windows,
    travel,
    handovers,
    loading,
    charges,
    distances,
    hours,
    breaks,
    work_spans,
    compartments,
    shared_things,
    *SORTIE_RULES,
)


def cost(problem: Problem, plan: Plan) -> int:
    """Return all that a plan costs in the problem's money, the price of unserved orders included."""
    money = sum(int(problem.unserved_cost[unserved.order]) for unserved in plan.unserved)
    lockers = {int(problem.option_locker[stop.option]) for _, _, stop in _stops(plan)} - {-1}
    hubs = {problem.fleets[route.fleet].hub for route in plan.routes if route.trips}
    money += sum(int(problem.locker_cost[k]) for k in lockers) + sum(int(problem.hub_cost[k]) for k in hubs)
    for fleet_of in (problem.fleets[fleet] for fleet, _ in carried_out(plan)):
        money += fleet_of.vehicle_cost
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        if route.trips:
            duty = route.trips[-1].return_s - route.trips[0].load_s
            money += fleet.vehicle_cost + max(duty, fleet.paid_least_s) * fleet.duty_cost
            money += max(0, duty - fleet.overtime_after_s) * fleet.overtime_cost
        for trip in route.trips:
            money += fleet.trip_cost + trip.distance_m * fleet.metre_cost
            money += (trip.return_s - trip.depart_s) * fleet.away_cost
            if fleet.draw is not None:
                money += trip_mwh(problem, route, trip) * fleet.kwh_cost // MWH
            sites = [fleet.hub, *(int(problem.option_site[stop.option]) for stop in trip.stops)]
            money += sum(here != there for here, there in pairwise(sites)) * fleet.stop_cost
            money += sorties_cost(problem, trip)
            for stop in trip.handed:
                if problem.option_part[stop.option] == PICK_UP:  # nobody has it yet
                    continue
                order = problem.option_order[stop.option]
                money += max(0, stop.leave_s - int(problem.promise_s[order])) * problem.late_cost
                if problem.wanted_s is not None:
                    money += max(0, int(problem.wanted_s[order]) - stop.leave_s) * problem.early_cost
    return money


def _trips(plan: Plan) -> Iterator[tuple[Route, Trip]]:
    return ((route, trip) for route in plan.routes for trip in route.trips)


def _rest(route: Route, since: int, until: int) -> int:
    """Return the seconds of a span that the driver's breaks fill, those that overlap counted once."""
    rest = 0
    for start, end in sorted(route.breaks):
        begin = max(start, since)
        rest += max(0, min(end, until) - begin)
        since = max(since, min(end, until))
    return rest


def _stops(plan: Plan) -> Iterator[tuple[Route, Trip, Stop]]:
    return ((route, trip, stop) for route, trip in _trips(plan) for stop in trip.stops)


def _legs(problem: Problem, fleet: Fleet, trip: Trip) -> Iterator[tuple[int, int, int, int]]:
    """Yield (from site, left at, to site, came at) of a trip, the way back to the hub last."""
    site, left = fleet.hub, trip.depart_s
    for place, stop in enumerate(trip.stops):
        here = int(problem.option_site[stop.option])
        yield site, left, here, stop.arrive_s
        site, left = here, trip.left_s(place)
    yield site, left, fleet.hub, trip.return_s
