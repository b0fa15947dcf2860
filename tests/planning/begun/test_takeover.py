"""Tests of starts: plans of the same problem or another one, whole or broken, that a search goes on from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pairs import BRING, FETCH, OUT, paired
from plain import HOUR, VAN, configured, group, option_of, order, plain, plan_of, random_orders

from doorstep.demand.order import Window
from doorstep.handover import Handover
from doorstep.planning.begun.takeover import matched, taken_over
from doorstep.planning.checker import check, cost
from doorstep.planning.draft import Draft, Given
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort

if TYPE_CHECKING:
    from doorstep.demand.order import Order
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem

NOTHING, SOME = Effort(0, 60), Effort(10, 60)
DOOR = {"accepts": frozenset({Handover.DOOR})}


def vans(day: tuple[Order, ...], count: int = 2, **numbers: object) -> Problem:
    """Return the problem of a day for a few vans."""
    scenario = configured(plain(day), group("van", count, "door", "locker"), lockers=("square",))
    return tabulate(replace(scenario, modes={**scenario.modes, "van": replace(VAN, **numbers)}), "only")


def names(plan: Plan) -> dict[str, str]:
    """Return the orders that could not stay where the start had them, with the rule."""
    return {left["order"]: left["rule"] for left in plan.solver["start"]["left_out"]}


@pytest.mark.parametrize("planner", ["doorstep", "ortools"])
def test_a_whole_start_is_kept_or_bettered(planner: str) -> None:
    """A start of the same problem is taken over whole, its cost told, and the plan is no dearer."""
    problem = tabulate(plain(random_orders(14, 5)), "mixed")
    start = solve(problem, Effort(1, 60), seed=9)
    found = solve(problem, SOME, start=start, planner=planner)
    assert found.solver["start"] == {"cost": pytest.approx(cost(problem, start) / MONEY, abs=0.01), "left_out": []}
    assert cost(problem, found) <= cost(problem, start)
    assert check(problem, found) == ()


def test_a_start_of_fewer_and_other_orders_is_taken_over_by_their_names() -> None:
    """Orders that both days have stay where they were; those of the old day only are named."""
    old_day = tuple(order(f"o{k}", 300.0 * k, **DOOR) for k in range(6))
    new_day = tuple(order(f"o{k}", 300.0 * k, **DOOR) for k in (7, 6, 5, 4, 3, 2))
    old, new = vans(old_day), vans(new_day)
    start = plan_of(old, [(0, [-1, *(option_of(old, f"o{k}", "door") for k in (2, 3, 0, 1, 4, 5))])])
    found = solve(new, NOTHING, start=(old, start))
    assert names(found) == {"o0": "order", "o1": "order"}
    assert check(new, found) == ()
    stops = [new.order_ids[new.option_order[s.option]] for r in found.routes for t in r.trips for s in t.stops]
    assert [name for name in stops if name in old.order_ids] == ["o2", "o3", "o4", "o5"]


def test_options_that_are_no_more_are_named() -> None:
    """An order that may not go to the locker any more is planned anew, and so is what a vehicle had that is gone."""
    day = (order("door", 900.0, **DOOR), order("box", 100.0))
    old, new = vans(day), vans((day[0], replace(day[1], **DOOR)), 1)
    box, door = option_of(old, "box", "locker"), option_of(old, "door", "door")
    found = solve(new, NOTHING, start=(old, plan_of(old, [(0, [-1, box]), (0, [-1, door])])))
    assert names(found) == {"box": "option"}
    found = solve(new, NOTHING, start=(old, plan_of(old, [(0, [-1, door]), (0, [-1, option_of(old, "box", "door")])])))
    assert names(found) == {"box": "fleet"}
    assert check(new, found) == ()


def test_a_vehicle_of_another_kind_takes_nothing_over() -> None:
    """Where there are no vehicles of a kind any more, all that they had is named."""
    scenario = plain(random_orders(6, 1))
    drones, robots = tabulate(scenario, "drone"), tabulate(scenario, "robot")
    start = solve(drones, SOME)
    flown = {s.option for r in start.routes if r.fleet == 0 for t in r.trips for s in t.stops}
    taken = taken_over(robots, drones, start)
    assert {rule for _, rule in taken.lost} <= {"fleet", "option"}
    assert {drones.order_ids[drones.option_order[o]] for o in flown} <= {name for name, _ in taken.lost}


def test_a_start_that_breaks_rules_is_mended_and_told() -> None:
    """Of a start that is too heavy and too late only the stops that break a rule are planned anew."""
    late = {"window": Window(8 * HOUR, 8.2 * HOUR), "ready_s": 6 * HOUR, **DOOR}
    day = (
        *(order(f"o{k}", 300.0 * k, mass_kg=30.0, **DOOR) for k in range(4)),
        order("early", 5000.0, mass_kg=1.0, **late),
    )
    problem = vans(day, payload_kg=100)
    loose = replace(problem, fleets=(replace(problem.fleets[0], mass_g=10**9),))
    door = [option_of(problem, name, "door") for name in problem.order_ids]
    loose = replace(loose, option_close_s=np.full_like(loose.option_close_s, 80_000))
    start = plan_of(loose, [(0, [-1, *door[:4], -1, door[4]])])
    assert {v.rule for v in check(problem, start)} == {"mass", "window"}
    found = solve(problem, NOTHING, start=start)
    assert names(found) == {"o3": "mass", "early": "window"}
    assert check(problem, found) == ()
    better = solve(problem, SOME, start=start)
    assert better.unserved == ()


def test_a_stop_in_the_wrong_window_takes_another_one() -> None:
    """An order with several windows is taken over in the one that fits."""
    problem = vans((order("a", 500.0, **DOOR), order("b", 800.0, **DOOR)))
    a, b = option_of(problem, "a", "door"), option_of(problem, "b", "door")
    twice = [*range(len(problem.option_order)), b]
    columns = {k: getattr(problem, k) for k in problem.__dataclass_fields__ if k.startswith("option_")}
    longer = {k: tuple(v[n] for n in twice) if isinstance(v, tuple) else v[twice] for k, v in columns.items()}
    longer["option_open_s"][a], longer["option_close_s"][a] = 9 * 3600, 10 * 3600
    longer["option_close_s"][b], longer["option_open_s"][-1] = 7 * 3600, 11 * 3600
    fleet = problem.fleets[0]
    wide = {name: getattr(fleet, name)[twice] for name in ("allowed", "last_resort", "service_s", "setup_s")}
    two = replace(problem, **longer, fleets=(replace(fleet, **wide, verdicts=()),))
    loose = replace(two, option_close_s=np.full_like(two.option_close_s, 80_000))
    found = solve(two, NOTHING, start=plan_of(loose, [(0, [-1, a, b])]))
    assert names(found) == {}
    assert [stop.option for stop in found.routes[0].trips[0].stops] == [a, len(two.option_order) - 1]


def test_a_start_with_an_order_twice_or_too_many_trips_is_mended() -> None:
    """An order counts once, and trips beyond those that a vehicle may make are planned anew."""
    problem = vans(tuple(order(f"o{k}", 300.0 * k, **DOOR) for k in range(3)), 1)
    once = replace(problem, fleets=(replace(problem.fleets[0], max_trips=1),))
    a, b, c = (option_of(problem, f"o{k}", "door") for k in range(3))
    found = solve(once, NOTHING, start=plan_of(problem, [(0, [-1, a, b, a, -1, c])]))
    assert names(found) == {"o0": "each-order-once", "o2": "trips"}
    assert check(once, found) == ()


def test_the_same_options_of_a_problem_are_matched_as_they_are() -> None:
    """In a problem of the same tables every option is itself."""
    problem = vans((order("a", 500.0), order("b", 800.0)))
    assert matched(problem, problem).option == list(range(len(problem.option_order)))
    again = vans((order("a", 500.0), order("b", 800.0)))
    assert matched(again, problem).option == list(range(len(problem.option_order)))


def test_a_pick_up_that_is_never_dropped_is_planned_anew() -> None:
    """Routes with half of a pair, or its halves in two trips, lose the pair, and the search ends."""
    problem = paired()
    given = Given(problem)
    for row in [-1, OUT, FETCH], [-1, OUT, FETCH, -1, BRING], [-1, BRING, OUT, FETCH], [-1, OUT, BRING]:
        draft = Draft.of(given, [(0, row)])
        assert draft.rows == [[-1, OUT]]
        assert {drop.rule for drop in draft.dropped} == {"pair"}
    draft = Draft.of(given, [(0, [-1, FETCH, BRING, BRING, OUT])])
    assert draft.rows == [[-1, FETCH, BRING, OUT]]
    assert [drop.rule for drop in draft.dropped] == ["each-order-once"]


def test_fleets_are_known_by_name_where_orders_are_the_same() -> None:
    """A plan of the same orders for other vehicles is taken over by their names; vehicles of two fleets may meet."""
    day = random_orders(8, 3)
    problem = tabulate(configured(plain(day), group("van", 3, "door"), group("robovan", 2, "kerb")), "only")
    vans, robots = problem.fleets
    plan = solve(problem, SOME, seed=1)
    swapped = replace(problem, fleets=(robots, vans))
    assert cost(swapped, solve(swapped, NOTHING, start=(problem, plan))) <= cost(problem, plan)
    few = replace(problem, fleets=(vans,))
    assert matched(few, problem).fleet == [0, -1]
    assert check(few, solve(few, NOTHING, start=(problem, plan))) == ()
    twice = replace(problem, fleets=(replace(vans, count=1), replace(vans, count=2)))
    mine = [option_of(twice, name, "door") for name in twice.order_ids]
    both = plan_of(twice, [(0, [-1, mine[0]]), (1, [-1, mine[1]])])
    one = taken_over(few, twice, both).routes
    assert [(fleet, vehicle) for fleet, vehicle, _ in one] == [(0, 0), (0, 1)]
