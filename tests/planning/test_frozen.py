"""Tests of freezing against the cheapest of all plans that keep what is locked, tried one by one on small days."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from chance import as_it_went
from plain import DRONE, HOUR, MODES, VAN, configured, constant, group, order, plain

from doorstep.demand.order import Window
from doorstep.formats.schedule import scheduled
from doorstep.handover import Handover
from doorstep.planning.begun.locked import Locked, freeze
from doorstep.planning.checker import check, cost
from doorstep.planning.plan import Plan, Route, Stop, Trip, Unserved
from doorstep.planning.planner import solve
from doorstep.planning.problem import DELIVER, DROP, PICK_UP, RETURN, Problem
from doorstep.planning.rules.referee import ways_s
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort, WorkRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.begun.locked import Begun
    from doorstep.planning.problem import Fleet

    Trips = list[list[int]]

ORDERS = 6
WORK = Effort(20, 60)
KINDS = {
    "drones": (group("quadcopter", 2),),
    "vans": (group("van", 2, "door"),),
    "vans and a drone": (group("van", 1, "door", "locker"), group("quadcopter", 1)),
    "vans that fetch": (group("van", 2, "door"),),
}


def small_day(kind: str, seed: int) -> Problem:
    """Return a day of a few orders without breaks and promises, so that whoever is sooner is never dearer."""
    rng = np.random.default_rng(seed)
    day = []
    for k in range(ORDERS):
        ready = float(rng.uniform(7, 11)) * HOUR
        opens = ready + float(rng.uniform(0, 1)) * HOUR
        day.append(
            order(
                f"o{k}",
                *rng.uniform(-4000, 4000, 2).tolist(),
                mass_kg=float(rng.uniform(0.5, 2)),
                ready_s=ready if kind != "vans that fetch" else 7 * HOUR,
                window=Window(opens, opens + float(rng.uniform(0.5, 5)) * HOUR),
                accepts=frozenset({Handover.DOOR, Handover.YARD, Handover.LOCKER}),
                walk_limit_m=3000,
            )
        )
    rules = WorkRules(Window(7 * HOUR, 19 * HOUR), 9 * HOUR, 0, 0)
    modes = MODES | {
        "van": replace(VAN, payload_kg=4, energy=constant(0.25, 3), battery_wh=6500),
        "quadcopter": replace(DRONE, max_parcels=2, payload_kg=3, battery_wh=450),
    }
    scenario = configured(plain(tuple(day)), *KINDS[kind], lockers=("square",) if "and" in kind else ())
    problem = tabulate(replace(scenario, modes=modes, work=rules), "only")
    fleets = tuple(replace(fleet, away_cost=0, max_trips=3) for fleet in problem.fleets)
    problem = replace(problem, late_cost=0, fleets=fleets)
    return fetching(problem) if kind == "vans that fetch" else problem


def fetching(problem: Problem) -> Problem:
    """Return the problem of two deliveries, a return, another delivery and a pair of the six places."""
    kept = [0, 1, 2, 3, 4]
    columns = ("mass_g", "volume_ml", "placed_s", "ready_s", "promise_s", "unserved_cost", "own_reach")
    allowed = np.ones(ORDERS, bool)
    return replace(
        problem,
        fleets=tuple(replace(fleet, allowed=allowed) for fleet in problem.fleets),
        order_ids=("out", "away", "back", "far", "pair"),
        sizes=tuple(problem.sizes[k] for k in kept),
        option_order=np.array([0, 1, 2, 3, 4, 4]),
        option_part=np.array([DELIVER, DELIVER, RETURN, DELIVER, PICK_UP, DROP], np.int8),
        option_mate=np.array([-1, -1, -1, -1, 5, 4]),
        **{name: getattr(problem, name)[kept] for name in columns},
    )


class Oracle:
    """Tries every plan that keeps what is locked; times it by simple steps, and lets the checker judge."""

    def __init__(self, problem: Problem, locked: Locked) -> None:
        self.problem, self.locked = problem, locked
        self.begun = {(one.fleet, one.vehicle): one for one in locked.begun}
        done = [s.option for one in locked.begun for t in one.trips for s in t.stops]
        self.aboard = {k: (one.fleet, one.vehicle) for one in locked.begun for k in one.aboard}
        self.owed = [k for k in self.aboard if problem.option_part[k] == DROP]
        mine = {int(problem.option_order[k]) for k in (*done, *self.aboard)}
        self.open = [k for k in range(len(problem.order_ids)) if k not in mine]

    def cheapest(self) -> int:
        """Return what the cheapest plan costs."""
        start: dict[tuple[int, int], Trips] = {
            (f, v): [[]] if (f, v) in self.begun and self.begun[f, v].under_way else []
            for f, fleet in enumerate(self.problem.fleets)
            for v in range(fleet.count)
        }
        best, fewest_left = 1 << 62, len(self.owed) + 1
        for routes in self.all(start, [*self.aboard], self.open):
            served = {o for trips in routes.values() for trip in trips for o in trip}
            left = sum(option not in served for option in self.owed)
            if left > fewest_left:
                continue
            plan = self.plan(routes)
            money = cost(self.problem, plan)
            # What has been picked up is dropped wherever that can be, at any price.
            if (left < fewest_left or money < best) and self.is_fine(plan, left):
                best, fewest_left = money, left
        return best

    def is_fine(self, plan: Plan, left: int) -> bool:
        """Tell whether the checker finds nothing but parcels that could not be dropped."""
        found = [violation for violation in check(self.problem, plan, self.locked) if violation.rule != "pair"]
        return not found and (left > 0 or not check(self.problem, plan, self.locked))

    def all(
        self, routes: dict[tuple[int, int], Trips], aboard: list[int], orders: list[int]
    ) -> Iterator[dict[tuple[int, int], Trips]]:
        """Yield all ways to put in what is aboard, and then the orders, each of them or not."""
        if aboard:
            yield from self.all(routes, aboard[1:], orders)
            who = self.aboard[aboard[0]]
            for trips in inserted(routes[who], aboard[0], first=True):
                yield from self.all({**routes, who: trips}, aboard[1:], orders)
            return
        if not orders:
            yield routes
            return
        yield from self.all(routes, aboard, orders[1:])
        for option in np.flatnonzero(self.problem.option_order == orders[0]).tolist():
            if self.problem.option_part[option] == DROP:
                continue
            for who, mine in self.chosen(routes):
                if not self.problem.fleets[who[0]].allowed[option]:
                    continue
                for trips in self.ways(mine, who, option):
                    yield from self.all({**routes, who: trips}, aboard, orders[1:])

    def chosen(self, routes: dict[tuple[int, int], Trips]) -> Iterator[tuple[tuple[int, int], Trips]]:
        """Yield the vehicles, of those of a fleet that have done nothing yet only the first."""
        fresh = set()
        for who, trips in routes.items():
            if who in self.begun or trips or who[0] not in fresh:
                yield who, trips
            if who not in self.begun and not trips:
                fresh.add(who[0])

    def ways(self, trips: Trips, who: tuple[int, int], option: int) -> Iterator[Trips]:
        """Yield the trips with one order more; what is brought from the hub is in none that has begun."""
        closed = who in self.begun and self.begun[who].under_way and self.problem.option_part[option] == DELIVER
        for more in inserted(trips, option, first=False):
            if closed and option in more[0]:
                continue
            mate = int(self.problem.option_mate[option])
            if mate < 0:
                yield more
                continue
            k = next(k for k, trip in enumerate(more) if option in trip)
            for at in range(more[k].index(option) + 1, len(more[k]) + 1):
                yield [*more[:k], [*more[k][:at], mate, *more[k][at:]], *more[k + 1 :]]

    def plan(self, routes: dict[tuple[int, int], Trips]) -> Plan:
        """Return trips as a plan, every vehicle as soon as it can; whoever has not begun, as late as it can."""
        timed = []
        for who, trips in routes.items():
            if who in self.begun:
                timed.append(self.gone_on(self.begun[who], trips))
            elif trips:
                kind = self.problem.fleets[who[0]]
                fleet = replace(kind, open_s=max(kind.open_s, self.locked.now_s))
                mine = replace(self.problem, fleets=tuple(fleet if f == kind else f for f in self.problem.fleets))
                timed.append(scheduled(mine, *who, trips))
        served = {int(self.problem.option_order[s.option]) for r in timed for t in r.trips for s in t.stops}
        left = tuple(Unserved(k, ()) for k in range(len(self.problem.order_ids)) if k not in served)
        return Plan(self.problem.configuration, tuple(timed), left)

    def gone_on(self, one: Begun, trips: Trips) -> Route:
        """Return the route of a vehicle that has begun."""
        fleet, done = self.problem.fleets[one.fleet], list(one.trips)
        if one.under_way:
            last = done.pop()
            site = self.problem.option_site[last.stops[-1].option] if last.stops else fleet.hub
            left = last.stops[-1].leave_s if last.stops else last.depart_s
            done.append(self.driven(fleet, last, (int(site), left), trips[0]))
        for trip in trips[1:] if one.under_way else trips:
            ready = [self.problem.ready_s[self.problem.option_order[o]] for o in trip if self.is_brought(o)]
            load = max(
                done[-1].return_s + fleet.turnaround_s, self.locked.now_s, *(int(r) - fleet.load_s for r in ready)
            )
            fresh = Trip(load, load + fleet.load_s, (), 0, 0)
            done.append(self.driven(fleet, fresh, (fleet.hub, load + fleet.load_s), trip))
        return Route(one.fleet, one.vehicle, tuple(done), one.breaks)

    def is_brought(self, option: int) -> bool:
        """Tell whether an option is loaded at the hub."""
        return bool(self.problem.option_part[option] == DELIVER)

    def driven(self, fleet: Fleet, trip: Trip, at: tuple[int, int], more: list[int]) -> Trip:
        """Return a trip that goes on from a place and a time."""
        stops, (site, clock) = list(trip.stops), at
        for option in more:
            here = int(self.problem.option_site[option])
            arrive = clock + (int(ways_s(fleet, site, here, clock)) if here != site else 0)
            start = max(arrive + (int(fleet.setup_s[option]) if here != site else 0), self.opens_s(option))
            clock, site = start + int(fleet.service_s[option]), here
            stops.append(Stop(option, arrive, start, clock))
        back = clock + (int(ways_s(fleet, site, fleet.hub, clock)) if site != fleet.hub else 0)
        sites = [fleet.hub, *(int(self.problem.option_site[stop.option]) for stop in stops), fleet.hub]
        metres = sum(int(fleet.distance_m[a, b]) for a, b in itertools.pairwise(sites) if a != b)
        return Trip(trip.load_s, trip.depart_s, tuple(stops), back, metres)

    def opens_s(self, option: int) -> int:
        """Return when an option may begin."""
        ready = self.problem.ready_s[self.problem.option_order[option]]
        fetched = self.problem.option_part[option] in {PICK_UP, RETURN}
        return max(int(self.problem.option_open_s[option]), int(ready) if fetched else 0)


def inserted(trips: Trips, option: int, *, first: bool) -> Iterator[Trips]:
    """Yield trips with one option more, in every place, or in every one of the first trip."""
    for k, trip in enumerate(trips[:1] if first else trips):
        for at in range(len(trip) + 1):
            yield [*trips[:k], [*trip[:at], option, *trip[at:]], *trips[k + 1 :]]
    for k in range(0 if first else len(trips) + 1):
        # A trip that has begun stays the first, which is told from others by being there when nothing else is.
        if k or not trips:
            yield [*trips[:k], [option], *trips[k:]]
        elif trips:
            yield [[option], *trips]


def morning(problem: Problem, seed: int) -> Plan:
    """Return the plan of a day of which two orders are not known yet."""
    known = ~np.isin(problem.option_order, np.random.default_rng(seed).choice(len(problem.order_ids), 2, replace=False))
    fleets = tuple(replace(fleet, allowed=fleet.allowed & known) for fleet in problem.fleets)
    return solve(replace(problem, fleets=fleets), WORK, seed=seed)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["as planned", "as it went", "with new orders", "with new orders, as it went"])
def test_no_plan_that_keeps_what_is_locked_is_cheaper(what: str, kind: str, seed: int) -> None:
    """From any moment of a small day on, no plan that keeps what has begun costs less than the planner's."""
    problem, rng = small_day(kind, seed), np.random.default_rng(seed)
    day = morning(problem, seed) if "new" in what else solve(problem, WORK, seed=seed)
    moments = sorted(trip.load_s for route in day.routes for trip in route.trips) or [8 * 3600]
    now = int(rng.uniform(moments[len(moments) // 3], moments[-1] + 900))
    if "went" in what:
        day = as_it_went(day, [fleet.turnaround_s for fleet in problem.fleets], rng)
    locked = freeze(problem, day, now)
    found = solve(problem, WORK, seed=seed, start=day, locked=locked)
    assert [violation for violation in check(problem, found, locked) if violation.rule != "pair"] == []
    assert cost(problem, found) == Oracle(problem, locked).cheapest()
