"""Tests of vans that hand stops over to drones and robots: against all plans there are, the rules, and the costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from carried import DRONES, all_rows, carrying, drawn, problem_of
from plain import group, order, plain

from doorstep.evaluation.scorecard import evaluate
from doorstep.modes.catalog import load_chance
from doorstep.planning import checker
from doorstep.planning.draft import Given
from doorstep.planning.planner import polish, solve
from doorstep.planning.problem import MONEY
from doorstep.planning.sorties.crew import day_cost
from doorstep.planning.sorties.hold import hold_for
from doorstep.planning.sorties.rows import row_of
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.file import load_scenario
from doorstep.scenario.scenario import Effort
from doorstep.simulation.days import simulate_days
from doorstep.simulation.trace import simulate

if TYPE_CHECKING:
    from doorstep.planning.plan import Plan, Sortie, Trip
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario

EFFORT = Effort(40, 600)


def sorties(plan: Plan) -> list[Sortie]:
    return [sortie for route in plan.routes for trip in route.trips for sortie in trip.sorties]


def best_of_all(problem: Problem) -> int:
    """Return what the cheapest of all sequences of tasks of the only van costs."""
    g, hold, row = Given(problem).ground, hold_for(problem, 64), np.zeros(64, np.int64)
    carries = problem.fleets[0].carries
    assert carries is not None
    best = 1 << 62
    for tasks in all_rows(problem):
        row[: len(tasks)] = tasks
        best = min(best, *(day_cost(g, hold, 0, row, len(tasks), most) for most in range(carries.count + 1)))
    return best + int(problem.hub_cost.sum())


@pytest.mark.parametrize("seed", range(60))
def test_a_van_is_planned_as_well_as_can_be(seed: int) -> None:
    """With three orders, drones or robots, the plan costs what the best of all sequences of tasks does."""
    problem = problem_of(drawn(seed, 3))
    plan = solve(problem, EFFORT, seed=1)
    assert checker.check(problem, plan) == ()
    if plan.unserved or any(len(route.trips) > 1 for route in plan.routes):
        pytest.skip("not one trip that serves all")
    assert checker.cost(problem, plan) == best_of_all(problem)


def test_larger_plans_are_near_the_best() -> None:
    """With four orders the plans of a dozen vans cost at most 0.1 % more than the best there are, in the mean."""
    gaps = []
    for seed in range(12):
        problem = problem_of(drawn(seed, 4))
        plan = solve(problem, EFFORT, seed=1)
        best = best_of_all(problem)
        if not plan.unserved:
            gaps.append(checker.cost(problem, plan) / best - 1)
    assert len(gaps) > 6
    assert np.mean(gaps) < 0.001


@pytest.mark.parametrize("seed", range(8))
def test_carrying_never_costs_more(seed: int) -> None:
    """A plan with what vans may carry is never dearer than the plan that it begins with, and keeps every rule."""
    problem = problem_of(drawn(seed, 14, vans=2))
    plain_fleets = tuple(replace(fleet, carries=None) for fleet in problem.fleets)
    bare = solve(replace(problem, fleets=plain_fleets), EFFORT, seed=1)
    plan = solve(problem, EFFORT, seed=1)
    assert checker.check(problem, plan) == ()
    assert checker.cost(problem, plan) <= checker.cost(problem, bare)
    assert plan.solver["without_sorties"] == round(checker.cost(problem, bare) / MONEY, 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_scorecard_counts_what_the_plan_costs(seed: int) -> None:
    """The ledger of a day with sorties adds up to the cost of the plan, and every order is told by whom it came."""
    problem = problem_of(drawn(seed, 12, vans=2))
    plan = solve(problem, EFFORT, seed=1)
    trace = simulate(problem, plan)
    card = evaluate(problem, plan, trace)
    total = checker.cost(problem, plan) - sum(int(problem.unserved_cost[left.order]) for left in plan.unserved)
    assert float(card.cost_total) == pytest.approx(total / MONEY, abs=0.001)
    assert card.violations == 0
    assert card.served + card.unserved == card.orders
    for sortie in sorties(plan):
        assert trace.fleet[problem.option_order[sortie.stop.option]] == sortie.fleet


def test_rows_and_routes_are_the_same_plan() -> None:
    """A route with sorties, written as a row and timed anew, costs what it did."""
    problem, plan = flown()
    g = Given(problem).ground
    hold = hold_for(problem, 200)
    for route in plan.routes:
        row = np.array(row_of(problem, route), np.int64)
        alone = replace(plan, routes=(route,), unserved=())
        whole = checker.cost(problem, alone) - int(problem.hub_cost.sum())
        assert min(day_cost(g, hold, route.fleet, row, len(row), most) for most in (1, 2)) == whole


def test_polishing_keeps_sorties() -> None:
    """A plan with sorties that is polished beside one without is no dearer, and stays free of faults."""
    problem, plan = flown()
    bare = solve(replace(problem, fleets=tuple(replace(f, carries=None) for f in problem.fleets)), EFFORT, seed=2)
    found = polish(problem, plan, [(problem, bare)], EFFORT, seed=1)
    assert checker.check(problem, found) == ()
    assert checker.cost(problem, found) <= checker.cost(problem, plan)


def test_a_flat_without_a_landing_place_is_not_flown_to() -> None:
    """Orders without a landing place, above the payload or without consent come by the van itself."""
    problem, plan = flown()
    heavy = {problem.order_ids.index("heavy"), problem.order_ids.index("nowhere")}
    assert not heavy & {int(problem.option_order[s.stop.option]) for s in sorties(plan)}
    assert sorties(plan)


def test_a_dear_drone_stays_at_the_hub() -> None:
    """Where a drone costs more by the day than it could save, plans have no sorties and cost what they do without."""
    problem = problem_of(village())
    dear = tuple(fleet if fleet.count else replace(fleet, vehicle_cost=10**12) for fleet in problem.fleets)
    plan = solve(replace(problem, fleets=dear), EFFORT, seed=1)
    assert sorties(plan) == []
    assert plan.solver["best"] == plan.solver["without_sorties"]


def village() -> Scenario:
    orders = [order(f"o{k}", 300.0 * k, 400.0 * (k % 3)) for k in range(9)]
    orders += [order("heavy", 100.0, 700.0, mass_kg=9.0), order("nowhere", 900.0, 900.0, landing_place=False)]
    return carrying(plain(tuple(orders)), DRONES)


def flown() -> tuple[Problem, Plan]:
    problem = problem_of(village())
    return problem, solve(problem, EFFORT, seed=1)


def broken(problem: Problem, plan: Plan, **changes: object) -> set[str]:
    """Return the rules that a plan breaks whose first sortie is changed."""
    route = next(route for route in plan.routes if any(trip.sorties for trip in route.trips))
    trip = next(trip for trip in route.trips if trip.sorties)
    first = replace(trip.sorties[0], **changes)
    other: Trip = replace(trip, sorties=(first, *trip.sorties[1:]))
    trips = tuple(other if one is trip else one for one in route.trips)
    routes = tuple(replace(route, trips=trips) if one is route else one for one in plan.routes)
    return {violation.rule for violation in checker.check(problem, replace(plan, routes=routes))}


@pytest.mark.parametrize("what", range(13))
def test_every_rule_of_sorties_is_kept_watch_over(what: int) -> None:
    """A sortie that is changed in just one way breaks the rule that speaks of it."""
    problem, plan = flown()
    one = sorties(plan)[0]
    stop = one.stop
    rule, changes = (
        ("carried", {"vehicle": 7}),
        ("carried", {"fleet": 0}),
        ("sortie-stops", {"launched_at": one.taken_in_at + 1}),
        ("launch", {"launch_s": one.takeoff_s - 10}),
        ("recover", {"end_s": one.landed_s + 5}),
        ("sortie-travel", {"stop": replace(stop, arrive_s=one.takeoff_s)}),
        ("setup", {"stop": replace(stop, start_s=stop.arrive_s)}),
        ("service", {"stop": replace(stop, leave_s=stop.start_s + 1)}),
        ("taken-in", {"landed_s": one.back_s - 1}),
        ("length", {"distance_m": one.distance_m + 1}),
        ("launch-stop", {"launch_s": one.launch_s - 7200, "takeoff_s": one.takeoff_s - 7200}),
        ("recover-stop", {"landed_s": one.landed_s + 7200, "end_s": one.end_s + 7200}),
        ("each-order-once", {"stop": replace(stop, option=plan.routes[0].trips[0].stops[0].option)}),
    )[what]
    assert checker.check(problem, plan) == ()
    assert rule in broken(problem, plan, **changes)


def test_batteries_windows_and_hours_of_sorties_are_kept_watch_over() -> None:
    """With less in the battery, less range, shorter hours or a narrower window the same plan is at fault."""
    problem, plan = flown()
    carried = problem.fleets[1]
    option = sorties(plan)[0].stop.option
    late = problem.option_close_s.copy()
    late[option] = 0
    for rule, other in (
        ("energy", replace(problem, fleets=(problem.fleets[0], replace(carried, energy_mwh=10.0)))),
        ("range", replace(problem, fleets=(problem.fleets[0], replace(carried, range_m=10)))),
        ("sortie-hours", replace(problem, fleets=(problem.fleets[0], replace(carried, close_s=10)))),
        ("window", replace(problem, option_close_s=late)),
    ):
        assert rule in {violation.rule for violation in checker.check(other, plan)}


def test_swaps_and_stops_are_kept_watch_over() -> None:
    """Without spares a plan that changes batteries is at fault; so is one that waits where that is not to be."""
    problem = problem_of(carrying(plain(village().orders), DRONES, battery_wh=110))
    plan = solve(problem, EFFORT, seed=1)
    van, carried = problem.fleets
    assert van.carries is not None
    assert any(s.takeoff_s - s.launch_s > van.carries.launch_s for s in sorties(plan))
    bare = replace(van, carries=replace(van.carries, spares=0))
    assert "spares" in {v.rule for v in checker.check(replace(problem, fleets=(bare, carried)), plan)}
    waits = any(s.launched_at == s.taken_in_at for s in sorties(plan))
    strict = replace(van, carries=replace(van.carries, same_stop=False))
    rules = {v.rule for v in checker.check(replace(problem, fleets=(strict, carried)), plan)}
    assert ("same-stop" in rules) == waits


def test_one_vehicle_flies_one_sortie_at_a_time() -> None:
    """Two sorties of one drone at once, and two things of one driver at once, are faults."""
    problem, plan = flown()
    first, second = sorted(sorties(plan), key=lambda sortie: sortie.launch_s)[:2]
    route = plan.routes[0]
    trip = route.trips[0]
    gone_s = second.launch_s - first.end_s + 1
    longer = replace(first, landed_s=first.landed_s + gone_s, end_s=first.end_s + gone_s)
    same = tuple(longer if s is first else replace(s, vehicle=first.vehicle) for s in trip.sorties)
    wrong = replace(plan, routes=(replace(route, trips=(replace(trip, sorties=same),)),))
    assert "sorties-overlap" in {v.rule for v in checker.check(problem, wrong)}
    began_s = trip.stops[trip.sorties[0].launched_at].start_s
    ends_s = began_s + trip.sorties[0].takeoff_s - trip.sorties[0].launch_s
    assert "one-thing-at-a-time" in broken(problem, plan, launch_s=began_s, takeoff_s=ends_s)


def test_days_without_chance_are_the_plan() -> None:
    """Lived through where nothing happens, sorties take off, hand over and end at the second that was planned."""
    scenario = village()
    problem, plan = flown()
    days = simulate_days(problem, plan, load_chance("usual").scaled(0), scenario.modes, 2, 3)
    planned = simulate(problem, plan)
    for day in range(2):
        lived = days.trace(day)
        assert np.array_equal(lived.handed_s, planned.handed_s)
        for column in ("load_s", "depart_s", "return_s", "energy_mwh"):
            assert np.array_equal(getattr(lived, column), getattr(planned, column)), column


def watched(operators: int, per_operator: float) -> Problem:
    """Return two villages in haste, with vans of two drones each, so many of which one person watches for nothing."""
    spots = [(side * (6000 + 300 * k), 400.0 * (k % 3)) for side in (-1, 1) for k in range(6)]
    hasty = tuple(order(f"o{k}", *spot, promise_s=8.6 * 3600) for k, spot in enumerate(spots))
    scenario = carrying(plain(hasty), DRONES, vans=3, vehicles_per_operator=per_operator)
    only = replace(scenario.configurations[0], operators=operators)
    prices = replace(scenario.prices, operator_per_hour=0, late_per_hour=60)
    return problem_of(replace(scenario, configurations=(only,), prices=prices))


def out_at_once(plan: Plan) -> int:
    """Return the most that are on their way at one moment."""
    begun = [one.takeoff_s for one in sorties(plan)]
    return max((sum(s.takeoff_s <= now_s < s.landed_s for s in sorties(plan)) for now_s in begun), default=0)


@pytest.mark.parametrize(
    ("operators", "per_operator", "most"), [(1, 1, 1), (1, 2, 2), (2, 1, 2), (1, 0.5, 0), (2, 0.5, 1)]
)
def test_no_more_leave_their_vans_than_are_watched(operators: int, per_operator: float, most: int) -> None:
    """Operators limit what leaves vans: never are more out than they watch, and fewer people make dearer plans."""
    problem = watched(operators, per_operator)
    plan = solve(problem, EFFORT, seed=1)
    assert checker.check(problem, plan) == ()
    assert len({(s.fleet, s.vehicle) for s in sorties(plan)}) <= most
    assert bool(sorties(plan)) == bool(most)
    free = solve(replace(problem, shared=()), EFFORT, seed=1)
    assert out_at_once(plan) <= most < len({(s.fleet, s.vehicle) for s in sorties(free)})
    assert checker.cost(problem, free) <= checker.cost(problem, plan)


def test_operators_of_what_is_carried_are_kept_watch_over() -> None:
    """A plan in which more are out at once than operators watch is at fault."""
    problem = watched(2, 2)
    plan = solve(replace(problem, shared=()), EFFORT, seed=1)
    assert out_at_once(plan) > 1
    fewer = replace(problem, shared=(replace(problem.shared[0], room=problem.shared[0].takes[1]),))
    assert {violation.rule for violation in checker.check(fewer, plan)} == {"shared"}


def test_docks_for_all_leave_vans_free_to_launch() -> None:
    """Where a hub has a dock and a charger for every van, what vans carry leaves them as where none are told."""
    scenario = village()
    hub = replace(scenario.hubs["hub"], docks=1, chargers=1)
    problem = problem_of(replace(scenario, hubs={"hub": hub}))
    assert problem.shared == ()
    assert sorties(solve(problem, EFFORT, seed=1))


def test_robots_leave_their_vans_in_a_shipped_scenario() -> None:
    """In `peak-robots` robots bring parcels on pavements from where vans stop, and the day costs less than without."""
    problem = tabulate(load_scenario("peak-robots"), "van+robots")
    plan = solve(problem, Effort(100, 600), seed=1)
    assert checker.check(problem, plan) == ()
    assert {problem.fleets[s.fleet].mode for s in sorties(plan)} == {"sidewalk-robot-aboard"}
    assert checker.cost(problem, plan) / MONEY < plan.solver["without_sorties"]


def test_drones_of_the_hub_are_watched_first() -> None:
    """Of two whom operators watch, one that flies from the hub leaves one for the vans."""
    scenario = carrying(plain(village().orders), DRONES, vans=2, vehicles_per_operator=2)
    groups = (*scenario.configurations[0].vehicles, group("quadcopter", 1, "yard"))
    only = replace(scenario.configurations[0], vehicles=groups, operators=1)
    problem = problem_of(replace(scenario, configurations=(only,)))
    plan = solve(problem, EFFORT, seed=1)
    assert checker.check(problem, plan) == ()
    hub = {route.vehicle for route in plan.routes if problem.fleets[route.fleet].mode == "quadcopter"}
    assert len(hub) + len({s.vehicle for s in sorties(plan)}) <= 2
