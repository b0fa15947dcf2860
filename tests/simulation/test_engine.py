"""Tests of single days whose luck is made by hand: who waits for what, and what becomes of orders."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from plain import HOUR, MODES, ROBOT, configured, group, option_of, order, plain, plan_of

from doorstep.demand.order import Window
from doorstep.handover import Handover, Size
from doorstep.lockers.locker import Locker
from doorstep.modes.catalog import load_chance
from doorstep.modes.mode import Charging, Refill
from doorstep.planning.problem import FAR
from doorstep.planning.rules.referee import ways_s
from doorstep.planning.task.tables import tabulate
from doorstep.simulation.chance import HOURS, Luck
from doorstep.simulation.days import Days
from doorstep.simulation.engine import live
from doorstep.simulation.script import script_of
from doorstep.simulation.trace import simulate
from doorstep.simulation.yard import COURIER, LOCKER, MISSED, NEIGHBOUR, TOMORROW, yard_of

if TYPE_CHECKING:
    from doorstep.modes.chancebook import ChanceBook
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario

NO_CHANCE = load_chance("usual").scaled(0.0)


def no_luck(orders: int, banks: int = 1) -> Luck:
    """Return one day on which all goes as planned."""
    return Luck(
        np.ones((1, HOURS)),
        *(np.ones((1, orders)) for _ in range(3)),
        np.zeros((1, HOURS), bool),
        *(np.ones((1, orders, 2)) for _ in range(2)),
        np.ones((1, banks)),
        np.ones((1, orders)),
    )


class Day:
    """One day of a plan with the luck that it is given."""

    def __init__(
        self, scenario: Scenario, routes: list[tuple[int, str, str]], book: ChanceBook = NO_CHANCE, **luck: Any
    ) -> None:
        self.scenario, self.problem = scenario, tabulate(scenario, "only")
        self.plan = plan_of(self.problem, [(fleet, self.row(kind, trips)) for fleet, kind, trips in routes])
        self.script = script_of(self.problem, self.plan)
        found = no_luck(len(self.problem.order_ids), len(self.problem.lockers))
        for name, numbers in luck.items():
            column = getattr(found, name)
            for where, number in numbers.items():
                here = self.problem.order_ids.index(where) if isinstance(where, str) else where
                column[0, here] = number
        yard = yard_of(self.problem, self.plan, book, scenario.modes)
        self.course = live(self.script, found, yard)
        self.handed, self.fate, self.clocks = (self.course[k][0] for k in (0, 1, 3))

    def row(self, kind: str, trips: str) -> list[int]:
        """Return a row of trips parted by bars, each the names of its orders parted by blanks."""
        return [o for trip in trips.split("|") for o in (-1, *(option_of(self.problem, n, kind) for n in trip.split()))]

    def late(self, name: str) -> float:
        """Return how much later than planned an order came [s]."""
        stops = [stop for route in self.plan.routes for trip in route.trips for stop in trip.stops]
        here = self.problem.order_ids.index(name)
        planned = next(stop.leave_s for stop in stops if self.problem.option_order[stop.option] == here)
        return float(self.handed[here] - planned)

    def became(self, name: str) -> int:
        """Return what became of an order."""
        return int(self.fate[self.problem.order_ids.index(name)])


def only(kind: Handover, **numbers: Any) -> dict[str, Any]:
    return {"accepts": frozenset({kind}), **numbers}


@pytest.fixture
def pads() -> Scenario:
    """Return a hub with one pad, and two drones."""
    day = tuple(order(name, 2000, -1500 if name < "c" else 1500, **only(Handover.YARD)) for name in "abcd")
    scenario = configured(plain(day), group("quadcopter", 2))
    return replace(scenario, hubs={name: replace(hub, pads=1) for name, hub in scenario.hubs.items()})


def test_who_comes_late_waits_for_the_pad(pads: Scenario) -> None:
    """A drone that is back late takes its turn at the pad: those that came before go first, those after wait for it."""
    day = tuple(replace(one, ready_s=8 * HOUR + (120 if one.id > "b" else 0)) for one in pads.orders)
    routes = [(0, "yard", "a|b"), (0, "yard", "c|d")]
    planned, late = (Day(replace(pads, orders=day), routes, leg=leg) for leg in ({}, {"a": 1.6}))
    assert [planned.late(name) for name in "abcd"] == [0, 0, 0, 0]
    assert late.late("c") == 0
    assert late.late("b") >= late.late("a") > 0
    assert late.late("d") > 0
    for found in (planned, late):
        swap_s = found.problem.fleets[0].turnaround_s * np.array([0, 1, 0, 1])
        spans = sorted(zip(found.clocks[:, 0] - swap_s, found.clocks[:, 1], strict=True))
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_a_locker_serves_as_many_at_once_as_planned() -> None:
    """Where the plan has one vehicle after another at a locker, the second waits where the first is late."""
    day = tuple(order(name, 100, ready_s=8 * HOUR + k * 300, **only(Handover.LOCKER)) for k, name in enumerate("ab"))
    scenario = configured(plain(day), group("van", 2, "locker"), lockers=("square",))
    routes = [(0, "locker", "a"), (0, "locker", "b")]
    planned, late = Day(scenario, routes), Day(scenario, routes, handover={"a": 20.0})
    assert planned.late("a") == planned.late("b") == 0
    stays_s = planned.script.setup_s[1] + planned.script.handover_s[1]
    assert late.handed[1] == late.handed[0] + stays_s
    at_once = tuple(replace(one, ready_s=8 * HOUR) for one in day)
    both = Day(replace(scenario, orders=at_once), routes, handover={"a": 20.0})
    assert both.late("a") > 0
    assert both.late("b") == 0


def test_two_robots_ask_one_person() -> None:
    """Of two robots that stop on the way at once, the second is looked at when the first goes on."""
    day = tuple(order(name, 2000, y, **only(Handover.KERB)) for name, y in (("a", 600), ("b", -600)))
    scenario = configured(plain(day), group("sidewalk-robot", 2))
    book = replace(NO_CHANCE, stopped_per_m=0.001, stopped_s=300.0)
    found = Day(scenario, [(0, "kerb", "a"), (0, "kerb", "b")], book, stopped={"a": (0.3, 1.0), "b": (0.3, 1.0)})
    assert sorted([found.late("a"), found.late("b")]) == [300, 600]


def test_help_is_asked_for_as_often_as_chance_has_it() -> None:
    """The number of calls on a leg is that of Poisson's law at its length, for any chance."""
    day = (order("a", 2000, 1000, **only(Handover.KERB)),)
    scenario = configured(plain(day), group("sidewalk-robot", 1))
    book = replace(NO_CHANCE, stopped_per_m=0.001, stopped_s=60.0)
    for chance, calls in ((0.7, 0), (0.6, 1), (0.26, 2), (0.07, 3)):  # 1 - e^-1 = 0.632, then 0.264, 0.080, 0.019
        assert Day(scenario, [(0, "kerb", "a")], book, stopped={"a": (chance, 1.0)}).late("a") == 60 * calls


@pytest.mark.parametrize("spares", [0, 1, 2])
def test_a_late_robot_charges_before_it_goes_again(spares: int) -> None:
    """Who charges between trips does so as long as planned, be it back ever so late; who changes batteries need not."""
    day = tuple(order(name, 2000, 2500, **only(Handover.KERB)) for name in "abc")
    charging = Charging(Refill.SWAP if spares else Refill.CHARGE, 300.0, 1.0, spares)
    modes = {**MODES, "sidewalk-robot": replace(ROBOT, battery_wh=150, charging=charging)}
    scenario = replace(configured(plain(day), group("sidewalk-robot", 1)), modes=modes)
    routes = [(0, "kerb", "a|b|c")]
    planned, late = Day(scenario, routes), Day(scenario, routes, leg={"a": 1.5})
    assert [planned.late(name) for name in "abc"] == [0, 0, 0]
    turnaround_s = planned.problem.fleets[0].turnaround_s
    gap_s = planned.clocks[1, 0] - planned.clocks[0, 2]
    assert (gap_s > turnaround_s) == (spares == 0)
    assert late.clocks[0, 2] > planned.clocks[0, 2]
    assert late.clocks[1, 0] - late.clocks[0, 2] == pytest.approx(gap_s, abs=1)
    if spares == 1:  # the one taken out first is full at its own time
        assert late.clocks[2, 0] >= planned.clocks[2, 0]


@pytest.mark.parametrize("rule", ["wait", "courier", "tomorrow"])
def test_what_breaks_down(rule: str) -> None:
    """What is aboard a vehicle that breaks down, and what it was to bring later, waits, goes by courier or tomorrow."""
    day = tuple(order(name, 1500, 100 * k) for k, name in enumerate("abc"))
    scenario = configured(plain(day), group("van", 1, "door"))
    book = replace(NO_CHANCE, recourse={**NO_CHANCE.recourse, "broken": rule}, mended_s=1800.0)
    book = replace(book, broken_per_m={**book.broken_per_m, "road": 0.001})
    found = Day(scenario, [(0, "door", "a b|c")], book, broken={"b": (0.0, 1.0)})
    assert found.late("a") == 0
    assert found.became("a") == 0
    if rule == "wait":
        assert found.late("b") == 1800
        assert found.late("c") > 0
        assert not found.fate.any()
    else:
        assert found.became("b") == found.became("c") == (COURIER if rule == "courier" else TOMORROW)
        assert np.isnan(found.clocks[1]).all()
        assert np.isfinite(found.handed[1]) == (rule == "courier")
    if rule == "courier":
        courier_s = found.problem.courier_s
        assert courier_s is not None
        assert found.handed[2] == max(found.script.depart_s[1], found.clocks[0, 2] - 1800) + courier_s[2]


@pytest.mark.parametrize(("rule", "code"), [("courier", COURIER), ("tomorrow", TOMORROW)])
def test_a_locker_that_is_fuller_than_planned(rule: str, code: int) -> None:
    """Where parcels of earlier days hold more compartments than the plan counts with, the last to come find none."""
    bank = Locker("square", 0, 0, {Size.S: 2}, taken={Size.S: 2})
    day = tuple(order(name, 100 + 10 * k, **only(Handover.LOCKER)) for k, name in enumerate("ab"))
    scenario = replace(configured(plain(day), group("van", 1, "locker"), lockers=("square",)), lockers={"square": bank})
    book = replace(NO_CHANCE, recourse={**NO_CHANCE.recourse, "full": rule})
    routes = [(0, "locker", "a b")]
    assert not Day(scenario, routes, book, held={0: 1.2}).fate.any()
    found = Day(scenario, routes, book, held={0: 1.5})
    assert (found.became("a"), found.became("b")) == (0, code)
    assert (Day(scenario, routes, book, held={0: 2.0}).fate == code).all()
    assert not Day(scenario, routes, book, held={0: 0.1}).fate.any()


@pytest.mark.parametrize(("rule", "code"), [("wait", 0), ("courier", COURIER), ("tomorrow", TOMORROW)])
def test_nobody_at_the_door(rule: str, code: int) -> None:
    """Who is not there is waited for, or the parcel goes by courier or tomorrow; the vehicle has lost its time."""
    day = (order("a", 1500), order("b", 1400))
    scenario = configured(plain(day), group("van", 1, "door"))
    book = replace(NO_CHANCE, recourse={**NO_CHANCE.recourse, "missed": rule}, patience_s=240.0)
    book = replace(book, missed={**book.missed, Handover.DOOR: 0.5})
    found = Day(scenario, [(0, "door", "a b")], book, absent={"a": 0.4})
    assert found.became("a") == code
    assert found.late("b") == (240 if rule == "wait" else 0)


def at_the_door(**rules: Any) -> Day:
    """Return a day on which nobody is there for the first of two orders, with a locker near it."""
    accepts = frozenset({Handover.DOOR, Handover.LOCKER})
    day = (order("a", 1500, accepts=accepts), order("b", 1600, accepts=accepts))
    bank = Locker("square", 1500, 100, {Size.S: 1, Size.M: 1, Size.L: 1})
    scenario = configured(plain(day), group("van", 1, "door", "locker"), lockers=("square",))
    share, absent, held = rules.get("share", 0.0), rules.get("absent", {"a": 0.1}), rules.get("held", 1.0)
    book = replace(NO_CHANCE, recourse={**NO_CHANCE.recourse, "missed": rules.get("rule", "tomorrow")})
    book = replace(book, missed={**book.missed, Handover.DOOR: 0.5}, neighbour_share=share, neighbour_s=90.0)
    bank = replace(bank, taken=dict.fromkeys(bank.compartments, 1))
    neighbour = {"a": rules.get("asked", 1.0)}
    lockers = {"square": bank}
    return Day(
        replace(scenario, lockers=lockers),
        [(0, "door", "a b")],
        book,
        absent=absent,
        neighbour=neighbour,
        held={0: held},
    )


def test_a_neighbour_takes_it_in() -> None:
    """Where a neighbour is found the parcel is had from him, a little later; the share that fails stays the book's."""
    taken, refused = at_the_door(share=0.4, asked=0.39), at_the_door(share=0.4, asked=0.41)
    assert (taken.became("a"), refused.became("a")) == (NEIGHBOUR, TOMORROW)
    assert taken.late("a") == taken.late("b") == 90
    assert refused.late("b") == 0
    assert [int(day.course.cause[0, 0]) for day in (taken, refused)] == [MISSED, MISSED]
    home = at_the_door(share=0.4, absent={"a": 0.5 / 0.6 + 0.01})
    assert home.became("a") == 0
    assert home.course.cause.max() == -1


def test_a_parcel_goes_to_a_locker_instead() -> None:
    """Where nobody is there it is taken to the locker near, if there is room: the vehicle goes round that way."""
    gone, full = at_the_door(rule="locker"), at_the_door(rule="locker", held=2.0)
    assert (gone.became("a"), full.became("a")) == (LOCKER, TOMORROW)
    assert full.late("b") == 0
    fleet = gone.problem.fleets[0]
    at_locker = next(o for o in range(len(gone.problem.option_order)) if gone.problem.option_locker[o] >= 0)
    there_s = 10 + fleet.setup_s[at_locker] + fleet.service_s[at_locker]
    assert gone.late("a") == there_s
    assert gone.late("b") == there_s + math.ceil(math.hypot(100, 100) / 10) - 10
    assert gone.course.aside_m[0, 0] == pytest.approx(100 + math.hypot(100, 100) - 100, abs=2)
    day = Days(simulate(gone.problem, gone.plan), gone.script, gone.course).trace(0)
    assert gone.problem.option_kind[day.option[0]] == Handover.LOCKER
    assert day.distance_m[0] > gone.plan.routes[0].trips[0].distance_m
    assert day.energy_mwh[0] > simulate(gone.problem, gone.plan).energy_mwh[0]


def test_ways_are_those_of_the_hour_at_which_they_are_set_off_on() -> None:
    """Who is late into the rush is slowed by it, on the way home too, as `ways_s` has it for that second."""
    day = (order("a", 3000), order("b", 6000))
    scenario = configured(plain(day), group("van", 1, "door"))
    problem = tabulate(scenario, "only")
    (van,) = problem.fleets
    rush_s = int(9 * HOUR)
    table = np.stack([van.duration_s, np.minimum(3 * van.duration_s, FAR).astype(np.int32)])
    rushed = replace(van, period_from_s=(0, rush_s), period_duration_s=table)
    problem = replace(problem, fleets=(rushed,))
    plan = plan_of(problem, [(0, [-1, 0, 1])])
    script, luck = script_of(problem, plan), no_luck(2)
    yard = yard_of(problem, plan, NO_CHANCE, scenario.modes)
    (trip,) = plan.routes[0].trips
    planned = live(script, luck, yard, stops=True)
    assert planned.clock_s[0, 0].tolist() == [trip.load_s, trip.depart_s, trip.return_s]
    luck.handover[0, 0] = 1 + (rush_s - trip.stops[0].leave_s) / script.handover_s[0]
    late = live(script, luck, yard, stops=True)
    left_s, came_s, gone_s = late.times_s[0, 0, 2], late.times_s[0, 1, 0], late.times_s[0, 1, 2]
    assert left_s == rush_s
    sites = problem.option_site
    assert came_s - left_s == ways_s(rushed, sites[0], sites[1], rush_s)
    assert came_s - left_s > trip.stops[1].arrive_s - trip.stops[0].leave_s
    assert late.clock_s[0, 0, 2] - gone_s == ways_s(rushed, sites[1], rushed.hub, gone_s)


@pytest.mark.parametrize(("rule", "code"), [("wait", 0), ("courier", COURIER), ("tomorrow", TOMORROW)])
def test_what_the_wind_keeps_on_the_ground(pads: Scenario, rule: str, code: int) -> None:
    """Where it is foul until too late, flights go once it is fair, or their orders by courier or tomorrow."""
    book = replace(NO_CHANCE, recourse={**NO_CHANCE.recourse, "grounded": rule})
    awake = replace(pads, orders=tuple(replace(one, window=Window(0, 24 * HOUR)) for one in pads.orders))
    found = Day(awake, [(0, "yard", "a")], book, grounded=dict.fromkeys(range(22), True))
    assert found.became("a") == code
    assert np.isfinite(found.clocks).all() == (rule == "wait")
    if rule == "wait":
        assert found.clocks[0, 1] == 22 * HOUR


def test_couriers_and_tomorrow_cost(pads: Scenario) -> None:
    """Somebody called in is paid there and back, and what is carried to tomorrow its work and its share of that day."""
    found = Day(pads, [(0, "yard", "a")])
    problem: Problem = found.problem
    plan: Plan = found.plan
    from doorstep.evaluation.cost import ledger
    from doorstep.evaluation.scorecard import evaluate
    from doorstep.simulation.trace import simulate

    trace = simulate(problem, plan)
    lines = ledger(problem, trace)
    here = np.array([name == "b" for name in problem.order_ids])
    called = ledger(problem, replace(trace, couriered=here))
    assert problem.courier_cost is not None
    assert problem.carry_cost is not None
    assert float(called["courier"]) == pytest.approx(problem.courier_cost[here].sum() / 1e9, abs=1e-4)
    carried = evaluate(problem, plan, replace(trace, carried=here))
    share = float(sum(lines.values()))
    assert float(carried.cost_lines["tomorrow"]) == pytest.approx(
        problem.carry_cost[here].sum() / 1e9 + share, abs=1e-3
    )
    assert carried.cost_total == sum(carried.cost_lines.values())
    assert (carried.carried, carried.couriered) == (1, 0)
