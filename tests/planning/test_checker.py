"""Tests of the checker: a good plan has no violation, and a plan broken in one way is reported for that."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pads import SHARED
from pairs import PAIRS
from plain import DRONE, HOUR, MODES, TROLLEY, VAN, configured, group, option_of, order, plain, plan_of

from doorstep.demand.order import Window
from doorstep.handover import Handover, Size
from doorstep.planning import checker
from doorstep.planning.checker import Violation, check
from doorstep.planning.plan import Plan, Unserved
from doorstep.planning.problem import Battery
from doorstep.planning.rules.sortierules import SORTIE_RULES
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import WorkRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.planning.plan import Route, Stop, Trip
    from doorstep.planning.problem import Fleet, Problem

ROBOVAN, QUADCOPTER, COURIER = range(3)
DOOR, KERB, YARD, LOCKER = map(str, (Handover.DOOR, Handover.KERB, Handover.YARD, Handover.LOCKER))


def only(kind: str) -> frozenset[Handover]:
    return frozenset({Handover(kind)})


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Return a day on which each limit is met by some pair of orders that one vehicle cannot take together."""
    big = {"accepts": only(LOCKER), "size": Size.L}
    orders = (
        order("iron", 2500, mass_kg=2, accepts=only(KERB)),
        order("lead", 2600, mass_kg=2, accepts=only(KERB)),
        order("foam", 2500, 100, volume_l=8, mass_kg=0.1, accepts=only(KERB)),
        order("down", 2600, 100, volume_l=8, mass_kg=0.1, accepts=only(KERB)),
        *(order(f"card{k}", 2500, 50 * k, volume_l=1, mass_kg=0.1, accepts=only(KERB)) for k in range(3)),
        order("east", 10000, volume_l=1, mass_kg=0.1, accepts=only(KERB)),
        order("west", -6000, volume_l=1, mass_kg=0.1, accepts=only(KERB)),
        order("north", 2000, 3000, accepts=only(YARD)),
        order("south", 2000, -3000, accepts=only(YARD)),
        order("noon", 1500, accepts=only(DOOR), window=Window(12 * HOUR, 13 * HOUR)),
        order("door", 1000, 500, accepts=only(DOOR)),
        order("dawn", 1000, 600, accepts=only(DOOR), ready_s=6 * HOUR, window=Window(0, 8 * HOUR)),
        order("dusk", 1000, 700, accepts=only(DOOR), ready_s=14 * HOUR),
        order("tea", 1500, 100, accepts=only(DOOR), window=Window(15 * HOUR, 16 * HOUR)),
        order("owl", -4000, accepts=only(KERB), ready_s=18 * HOUR + 600),
        *(order(f"box{k}", 100, 10 * k, **big) for k in range(3)),
        order("safe", 1000, 500, accepts=only(DOOR), mass_kg=500),
        order("rush", 1000, 400, accepts=only(DOOR)),
    )
    scenario = configured(
        plain(orders),
        group("robovan", 3, KERB),
        group("quadcopter", 2, YARD),
        group("van", 2, DOOR, LOCKER),
        lockers=("square",),
    )
    modes = (
        replace(TROLLEY, payload_kg=3, capacity_l=12, max_parcels=2, battery_wh=9000),
        replace(DRONE, max_parcels=2, battery_wh=200, range_m=90000),
        VAN,
    )
    rules = WorkRules(Window(7 * HOUR, 19 * HOUR), 6 * HOUR, 2 * HOUR, 0.5 * HOUR)
    problem = tabulate(replace(scenario, modes=MODES | {mode.name: mode for mode in modes}, work=rules), "only")
    known_s = np.where(np.array(problem.order_ids) == "rush", round(9 * HOUR), 0)
    problem = replace(problem, known_s=known_s)
    return fleet(ROBOVAN, max_trips=3, refill_mwh_per_s=100.0, battery=Battery(6_700_000))(problem)


def stops(problem: Problem, kind: str, *trips: str) -> list[int]:
    """Return a row: each trip is the names of its orders, parted by blanks."""
    row: list[int] = []
    for trip in trips:
        row += [-1, *(option_of(problem, name, kind) for name in trip.split())]
    return row


@pytest.fixture
def good(problem: Problem) -> Plan:
    """Return a plan that keeps every rule: six vehicles, several trips, a wait, a break and a full locker."""
    routes = [
        (ROBOVAN, stops(problem, KERB, "iron", "lead", "card0 card1")),
        (ROBOVAN, stops(problem, KERB, "east", "west")),
        (ROBOVAN, stops(problem, KERB, "owl")),
        (QUADCOPTER, stops(problem, YARD, "north", "south")),
        (COURIER, [*stops(problem, LOCKER, "box0 box1"), *stops(problem, DOOR, "door")]),
        (COURIER, stops(problem, DOOR, "noon tea")),
    ]
    return plan_of(problem, routes)


COLUMNS = {"setup_s", "service_s", "allowed"}


def fleet(number: int, **numbers: object) -> Callable[[Problem], Problem]:
    """Return what gives every vehicle of a fleet other numbers."""

    def loosen(problem: Problem) -> Problem:
        fleets: list[Fleet] = list(problem.fleets)
        columns = {k: np.full(len(problem.option_order), v) for k, v in numbers.items() if k in COLUMNS}
        fleets[number] = replace(fleets[number], **{**numbers, **columns})
        return replace(problem, fleets=tuple(fleets))

    return loosen


def orders(**numbers: object) -> Callable[[Problem], Problem]:
    """Return what gives all orders or options another number."""

    def loosen(problem: Problem) -> Problem:
        return replace(problem, **{name: np.full_like(getattr(problem, name), n) for name, n in numbers.items()})

    return loosen


def halved(number: int, table: str) -> Callable[[Problem], Problem]:
    """Return what makes every way of a fleet half as long."""
    return lambda problem: fleet(number, **{table: getattr(problem.fleets[number], table) // 2})(problem)


def able(number: int, **numbers: object) -> Callable[[Problem], Problem]:
    """Return what lets a fleet do everything for everyone."""
    return fleet(number, handover=frozenset(Handover), allowed=True, **numbers)


ENDLESS = 10**12
OVERLOOKED: dict[str, tuple[str, Callable[[Problem], Problem], int, str, tuple[str, ...]]] = {
    "four trips": ("trips", fleet(ROBOVAN, max_trips=9), ROBOVAN, KERB, ("iron", "lead", "card0", "card1")),
    "two heavy orders": ("mass", fleet(ROBOVAN, mass_g=ENDLESS), ROBOVAN, KERB, ("iron lead",)),
    "two large orders": ("volume", fleet(ROBOVAN, volume_ml=ENDLESS), ROBOVAN, KERB, ("foam down",)),
    "three small orders": ("parcels", fleet(ROBOVAN, max_parcels=9), ROBOVAN, KERB, ("card0 card1 card2",)),
    "two far orders": ("range", fleet(ROBOVAN, range_m=ENDLESS), ROBOVAN, KERB, ("east west",)),
    "two flights in one": ("energy", fleet(QUADCOPTER, energy_mwh=ENDLESS), QUADCOPTER, YARD, ("north south",)),
    "a parcel that is not ready": ("ready", orders(ready_s=0), COURIER, DOOR, ("door",)),
    "an order that nobody knows yet": ("known", orders(known_s=0), COURIER, DOOR, ("rush door",)),
    "a door that is still shut": ("window", orders(option_open_s=0), COURIER, DOOR, ("noon",)),
    "a door that is shut again": ("window", orders(option_close_s=ENDLESS), COURIER, DOOR, ("dusk noon",)),
    "a vehicle that is faster": ("travel", halved(ROBOVAN, "duration_s"), ROBOVAN, KERB, ("iron", "lead")),
    "a shorter way": ("length", halved(ROBOVAN, "distance_m"), ROBOVAN, KERB, ("iron", "lead")),
    "no time to park": ("setup", fleet(COURIER, setup_s=0), COURIER, DOOR, ("door",)),
    "no time to ring": ("service", fleet(COURIER, service_s=0), COURIER, DOOR, ("door",)),
    "no time to load": ("loading", fleet(ROBOVAN, load_s=0), ROBOVAN, KERB, ("iron",)),
    "no time to charge": ("turnaround", fleet(ROBOVAN, turnaround_s=0), ROBOVAN, KERB, ("iron", "lead")),
    "no battery to go on with": ("charge", fleet(ROBOVAN, refill_mwh_per_s=0.0), ROBOVAN, KERB, ("west", "east")),
    "a vehicle out at night": ("hours", fleet(ROBOVAN, close_s=ENDLESS), ROBOVAN, KERB, ("west owl",)),
    "a vehicle out too early": ("hours", fleet(COURIER, open_s=0), COURIER, DOOR, ("dawn",)),
    "a duty without end": ("shift", fleet(COURIER, shift_s=ENDLESS), COURIER, DOOR, ("dawn", "tea")),
    "a driver without a break": ("break", fleet(COURIER, break_after_s=0), COURIER, DOOR, ("noon tea",)),
    "a break that is too short": ("break-length", fleet(COURIER, break_s=60), COURIER, DOOR, ("noon tea",)),
    "a locker without end": ("compartments", orders(locker_room=99), COURIER, LOCKER, ("box0 box1 box2",)),
    "a drone at the kerb": ("handover", able(QUADCOPTER), QUADCOPTER, KERB, ("card0",)),
    "a safe in a van": ("allowed mass", able(COURIER, mass_g=ENDLESS), COURIER, DOOR, ("safe",)),
}
"""Name: rules broken, what the planner overlooked, fleet, kind of handover, trips."""


def with_route(plan: Plan, number: int, **changes: object) -> Plan:
    """Return the plan with one route changed."""
    routes: list[Route] = list(plan.routes)
    routes[number] = replace(routes[number], **changes)
    return replace(plan, routes=tuple(routes))


def later(trip: Trip, seconds: int) -> Trip:
    """Return the trip moved in time."""
    stops: list[Stop] = [
        replace(s, arrive_s=s.arrive_s + seconds, start_s=s.start_s + seconds, leave_s=s.leave_s + seconds)
        for s in trip.stops
    ]
    clocks = {name: getattr(trip, name) + seconds for name in ("load_s", "depart_s", "return_s")}
    return replace(trip, stops=tuple(stops), **clocks)


def overlapping(plan: Plan) -> Plan:
    """Return the plan with one drone in the air twice at once."""
    first, second = plan.routes[DRONES].trips
    return with_route(plan, DRONES, trips=(first, later(second, first.return_s - second.load_s - 1)))


def without_a_stop(plan: Plan) -> Plan:
    """Return the plan with one more flight, for nothing."""
    trips = plan.routes[DRONES].trips
    back = trips[-1].return_s
    nothing = replace(trips[-1], stops=(), load_s=back + 60, depart_s=back + 120, return_s=back + 120, distance_m=0)
    return with_route(plan, DRONES, trips=(*trips, nothing))


def break_moved(seconds: int) -> Callable[[Plan], Plan]:
    """Return what moves the driver's break."""

    def move(plan: Plan) -> Plan:
        ((start, end),) = plan.routes[RESTED].breaks
        return with_route(plan, RESTED, breaks=((start + seconds, end + seconds),))

    return move


DRONES, LOCKERS, RESTED = 3, 4, 5
"""Numbers of routes of the good plan."""
TAMPERED: dict[str, tuple[str, Callable[[Plan], Plan]]] = {
    "an order that is lost": ("each-order-once", lambda p: replace(p, unserved=p.unserved[1:])),
    "an order unserved twice": ("each-order-once", lambda p: replace(p, unserved=(p.unserved[0], *p.unserved))),
    "an order served and unserved": ("each-order-once", lambda p: replace(p, unserved=(Unserved(0, ()), *p.unserved))),
    "orders served twice": (
        "each-order-once",
        lambda p: replace(p, routes=(*p.routes, replace(p.routes[DRONES], vehicle=1))),
    ),
    "a vehicle with two routes": ("one-route-a-vehicle", lambda p: with_route(p, RESTED, vehicle=0)),
    "a vehicle that there is not": ("fleet", lambda p: with_route(p, RESTED, vehicle=2)),
    "a vehicle before the first": ("fleet", lambda p: with_route(p, RESTED, vehicle=-1)),
    "a route without a trip": (
        "empty",
        lambda p: replace(p, routes=(*p.routes, replace(p.routes[DRONES], vehicle=1, trips=()))),
    ),
    "a trip without a stop": ("empty", without_a_stop),
    "two trips at once": ("order-of-time turnaround", overlapping),
    "no break": ("break", lambda p: with_route(p, RESTED, breaks=())),
    "a handover in a break": ("break-disturbed", break_moved(60)),
    "a break cut short": (
        "break-length",
        lambda p: with_route(p, RESTED, breaks=tuple((start + 1, end) for start, end in p.routes[RESTED].breaks)),
    ),
    "a load that takes no time": (
        "loading",
        lambda p: with_route(
            p, RESTED, trips=(replace(p.routes[RESTED].trips[0], load_s=p.routes[RESTED].trips[0].depart_s),)
        ),
    ),
}
"""Name: rules broken, what was done to the good plan."""


def break_at(moment: str) -> Callable[[Plan], Plan]:
    """Return what adds a break of half an hour to a driver who has the time only if they do two things at once."""

    def add(plan: Plan) -> Plan:
        trip = plan.routes[LOCKERS].trips[0]
        begin = {
            "driving and setting up": trip.stops[0].start_s - 1800,
            "loading": trip.load_s - 1799,
            "driving home": plan.routes[LOCKERS].trips[-1].return_s - 1,
        }[moment]
        return with_route(plan, LOCKERS, breaks=((begin, begin + 1800),))

    return add


def names_of(rule: Callable[[Problem, Plan], object]) -> set[str]:
    """Return the names under which a rule reports, as they stand in its source."""
    return set(re.findall(r'(?:Violation\(|^\s+\()"([a-z-]+)"', inspect.getsource(rule), re.MULTILINE))


def rules_broken(problem: Problem, plan: Plan) -> set[str]:
    return {violation.rule for violation in check(problem, plan)}


def test_a_good_plan_has_no_violation(problem: Problem, good: Plan) -> None:
    """Nothing is found in a plan with several trips, a break on the way, a rest, and a full locker."""
    assert check(problem, good) == ()
    assert len(good.routes[RESTED].breaks) == 1
    assert [len(route.trips) for route in good.routes] == [3, 2, 1, 2, 2, 1]


@pytest.mark.parametrize("name", OVERLOOKED)
def test_a_plan_that_overlooks_a_rule_is_found_out(problem: Problem, name: str) -> None:
    """A plan that is good for a looser problem breaks exactly the rule that was loosened, and is good there."""
    rules, loosen, number, kind, trips = OVERLOOKED[name]
    looser = loosen(problem)
    plan = plan_of(looser, [(number, stops(problem, kind, *trips))])
    assert check(looser, plan) == ()
    assert rules_broken(problem, plan) == set(rules.split())


@pytest.mark.parametrize("name", TAMPERED)
def test_a_plan_that_was_tampered_with_is_found_out(problem: Problem, good: Plan, name: str) -> None:
    """A good plan changed in one place breaks exactly the rule that is about that place."""
    rules, tamper = TAMPERED[name]
    assert rules_broken(problem, tamper(good)) == set(rules.split())


def test_every_rule_is_tested() -> None:
    """Every name under which the checker reports is met by a test, and every rule is among its rules.

    Those of sorties have tests of their own.
    """
    rules = [rule for rule in checker.RULES if rule not in SORTIE_RULES]
    tested = {
        rule
        for case in (*OVERLOOKED.values(), *TAMPERED.values(), *PAIRS.values(), *SHARED.values())
        for rule in case[0].split()
    }
    assert set.union(*map(names_of, rules)) == tested
    assert all(names_of(rule) for rule in rules)
    yields = "Iterator[Violation]"
    written = {f for f in vars(checker).values() if getattr(f, "__annotations__", {}).get("return") == yields}
    assert written == set(rules)
    assert len(checker.RULES) == len(set(checker.RULES))


def test_a_violation_says_where_and_by_how_much(problem: Problem) -> None:
    """A violation names the vehicle and trip, what would be needed, what there is, and the unit."""
    looser = fleet(ROBOVAN, mass_g=ENDLESS)(problem)
    plan = plan_of(looser, [(ROBOVAN, stops(problem, KERB, "card0", "iron lead"))])
    assert check(problem, plan) == (Violation("mass", "robovan 1, trip 2", 4000, 3000, "g"),)
    looser = orders(locker_room=99)(problem)
    plan = plan_of(looser, [(COURIER, stops(problem, LOCKER, "box0 box1 box2"))])
    where = "locker square, size L and larger"
    assert check(problem, plan) == (Violation("compartments", where, 3, 2, "parcels"),)


@pytest.mark.parametrize("moment", ["driving and setting up", "loading", "driving home"])
def test_nobody_works_during_a_break(problem: Problem, good: Plan, moment: str) -> None:
    """A break during which the vehicle is driven, parked or loaded is no break."""
    assert check(problem, break_at(moment)(good)) != ()
