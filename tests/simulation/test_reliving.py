"""Tests of days of chance on which trips are planned anew from how things went."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from plain import HOUR, MODES, configured, group, plain, random_orders

from doorstep.modes.catalog import load_chance
from doorstep.modes.mode import Charging, Refill
from doorstep.planning.planner import solve
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Dispatch, Effort
from doorstep.simulation import reliving
from doorstep.simulation.days import simulate_days
from doorstep.simulation.reliving import relive
from doorstep.simulation.trace import simulate
from doorstep.simulation.yard import LOCKER, NEIGHBOUR

if TYPE_CHECKING:
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario
    from doorstep.simulation.trace import Trace

USUAL = load_chance("usual")
FEW = Effort(3, 60)
RULES = {"waves": Dispatch((9 * HOUR, 11 * HOUR, 13 * HOUR)), "on demand": Dispatch((), 0.5 * HOUR, 3)}
FLEETS = {
    "vans": (group("van", 3),),
    "drones and a van": (group("quadcopter", 3), group("van", 1)),
    "robots": (group("sidewalk-robot", 5), group("van", 1)),
}


def day_of(fleet: str, rule: str) -> tuple[Scenario, Problem, Plan]:
    """Return a same-day scenario, its problem and the plan without chance."""
    scenario = configured(plain(random_orders(16, 11, same_day=True)), *FLEETS[fleet], lockers=("square",))
    charging = Charging(Refill.CHARGE, 100.0)
    modes = {name: replace(mode, charging=charging) for name, mode in MODES.items() if name != "van"}
    scenario = replace(scenario, modes=MODES | modes)
    (only,) = scenario.configurations
    scenario = replace(scenario, configurations=(replace(only, dispatch=RULES[rule]),))
    problem = tabulate(scenario, "only")
    return scenario, problem, solve(problem, FEW)


def same(one: Trace, other: Trace) -> bool:
    """Tell whether two days are the same in every number."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in one.__slots__]
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("fleet", FLEETS)
def test_without_chance_it_is_planned_the_same(fleet: str, rule: str) -> None:
    """With nothing left to chance a day that is planned anew is the plan, to the second and in every column."""
    scenario, problem, plan = day_of(fleet, rule)
    found = relive(problem, plan, USUAL.scaled(0.0), scenario.modes, FEW, 1)
    assert found.plans[0].routes == plan.routes
    assert same(found.trace(0), simulate(problem, plan))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("fleet", FLEETS)
def test_every_order_has_one_fate(fleet: str, rule: str) -> None:
    """On wild days every order is handed over, failed, or was not planned; who broke down goes no more."""
    scenario, problem, plan = day_of(fleet, rule)
    book = USUAL.scaled(2.0)
    book = replace(book, broken_per_m=dict.fromkeys(book.broken_per_m, 1e-5))
    found = relive(problem, plan, book, scenario.modes, FEW, 6, seed=3)
    out = 0
    for day, last in enumerate(found.plans):
        trace = found.trace(day)
        left = {one.order for one in last.unserved}
        came = np.isfinite(trace.handed_s)
        for order in range(len(problem.order_ids)):
            assert came[order] + trace.failed[order] + (order in left and not trace.couriered[order]) >= 1
            assert not (came[order] and trace.failed[order])
        assert (trace.handed_s[came] >= problem.placed_s[came]).all()
        assert (trace.return_s >= trace.depart_s).all()
        for route in last.routes:
            rests = [begin for begin, end in route.breaks if end >= problem.fleets[route.fleet].close_s]
            assert all(trip.load_s < begin for trip in route.trips for begin in rests)
            out += len(rests)
    assert out > 0 or rule == "waves"


def test_more_days_begin_with_the_same_ones() -> None:
    """Days are what they were whoever lives them again, and go on from those that are known."""
    scenario, problem, plan = day_of("vans", "waves")
    few = relive(problem, plan, USUAL, scenario.modes, FEW, 2, seed=4)
    many = relive(problem, plan, USUAL, scenario.modes, FEW, 3, seed=4, before=few)
    assert all(same(few.trace(day), many.trace(day)) for day in range(2))
    assert many.traces[0] is few.traces[0]
    again = relive(problem, plan, USUAL, scenario.modes, FEW, 3, seed=4)
    assert same(again.trace(2), many.trace(2))


def test_to_plan_anew_helps_where_much_goes_wrong() -> None:
    """On days on which vans break down, more orders come where trips are planned anew than where they are not."""
    scenario, problem, plan = day_of("vans", "on demand")
    book = replace(USUAL.scaled(0.0), broken_per_m=dict.fromkeys(USUAL.broken_per_m, 3e-5))
    book = replace(book, recourse={**book.recourse, "broken": "tomorrow"})
    anew = relive(problem, plan, book, scenario.modes, FEW, 12, seed=5)
    fixed = simulate_days(problem, plan, book, scenario.modes, 12, 5)
    assert fixed.failed.any()
    assert anew.failed.sum() < fixed.failed.sum()


def test_lockers_instead_of_doors_hold_no_more_than_they_can() -> None:
    """Where parcels go to the locker as nobody is at home, it holds no more, however often the day is planned."""
    scenario, problem, _ = day_of("vans", "on demand")
    free = np.minimum(problem.locker_room, 2)
    problem = replace(problem, locker_room=free)
    book = replace(USUAL.scaled(0.0), missed=dict.fromkeys(USUAL.missed, 0.5), neighbour_share=0.2)
    book = replace(book, recourse={**book.recourse, "missed": "locker"})
    found = relive(problem, solve(problem, FEW), book, scenario.modes, FEW, 6, seed=2)
    assert (found.course.fate == LOCKER).any()
    assert (found.course.fate == NEIGHBOUR).any()
    for day in range(6):
        trace = found.trace(day)
        took = trace.option[trace.option >= 0]
        assert (problem.option_locker[took] >= 0).sum() <= free.max()
        gone = found.course.fate[day] == LOCKER
        assert (problem.option_locker[trace.option[gone]] >= 0).all()
        assert (problem.option_order[trace.option[gone]] == np.flatnonzero(gone)).all()


@pytest.mark.parametrize("missed", ["tomorrow", "locker"])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("fleet", FLEETS)
def test_what_has_happened_stays_as_it_was(fleet: str, rule: str, missed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a day is planned anew, stops and trips that had happened keep their times, to the second."""
    scenario, problem, plan = day_of(fleet, rule)
    checked = []
    live = reliving.OneDay.live_by

    def and_check(self: Any, here: Problem, orders: Any, plan: Plan, locked: Locked) -> Any:
        script, course = live(self, here, orders, plan, locked)
        times, clocks = course.times_s[0], course.clock_s[0]
        stops = [stop for route in plan.routes for trip in route.trips for stop in trip.stops]
        trips = [trip for route in plan.routes for trip in route.trips]
        for k in np.flatnonzero(script.happened):
            assert times[k] == pytest.approx([stops[k].arrive_s, stops[k].start_s, stops[k].leave_s], abs=1)
            checked.append(k)
        for k in np.flatnonzero(script.load_happened):
            assert clocks[k, :2] == pytest.approx([trips[k].load_s, trips[k].depart_s], abs=1)
        for k in np.flatnonzero(script.back_happened):
            assert clocks[k, 2] == pytest.approx(trips[k].return_s, abs=1)
        return script, course

    monkeypatch.setattr(reliving.OneDay, "live_by", and_check)
    book = USUAL.scaled(1.5)
    book = replace(book, broken_per_m=dict.fromkeys(book.broken_per_m, 1e-5))
    if missed == "locker":
        book = replace(book, missed={**book.missed, "door": 0.4}, recourse={**book.recourse, "missed": missed})
    relive(problem, plan, book, scenario.modes, FEW, 5, seed=8)
    assert len(checked) > 10
