"""Tests of how a search ends, what it says of orders left out, and what it does with reserves and lent plans."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from plain import HOUR, VAN, changed, configured, group, option_of, order, plain, plan_of, random_orders

from doorstep.demand.order import Dwelling, Window
from doorstep.errors import InputError
from doorstep.evaluation.scorecard import evaluate
from doorstep.handover import Handover, Size
from doorstep.planning.checker import check
from doorstep.planning.plan import Plan, Reason, Unserved
from doorstep.planning.planner import SHARE_POLISH, STEPS_PER_WORK, Progress, polish, solve
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort, Scenario
from doorstep.simulation.trace import simulate

if TYPE_CHECKING:
    from doorstep.demand.order import Order
    from doorstep.planning.problem import Problem

DOOR, KERB, YARD = (frozenset({kind}) for kind in (Handover.DOOR, Handover.KERB, Handover.YARD))
EFFORT = Effort(20, 60)


@pytest.fixture(scope="module")
def crowd() -> Problem:
    """Return a day with enough orders for a search to take its time."""
    return tabulate(plain(random_orders(25, 5)), "mixed")


def whole_cost(problem: Problem, plan: Plan) -> float:
    card = evaluate(problem, plan, simulate(problem, plan))
    return float(card.cost_total + card.unserved_penalty)


def served_by(problem: Problem, plan: Plan) -> dict[str, str]:
    """Return the mode that serves each order."""
    return {
        problem.order_ids[problem.option_order[stop.option]]: problem.fleets[route.fleet].mode
        for route in plan.routes
        for trip in route.trips
        for stop in trip.stops
    }


def why(scenario: Scenario, name: str) -> tuple[Reason, ...]:
    """Return the reasons why an order is unserved."""
    problem = tabulate(scenario, "only")
    plan = solve(problem, EFFORT)
    assert check(problem, plan) == ()
    return next(u.reasons for u in plan.unserved if problem.order_ids[u.order] == name)


def test_ctrl_c_keeps_the_best_plan(crowd: Problem) -> None:
    """Ctrl-C ends a search at once with the best plan so far, which says so, and afterwards works as before."""
    before = signal.getsignal(signal.SIGINT)
    told: list[Progress] = []

    def watch(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 2:
            signal.raise_signal(signal.SIGINT)

    plan = solve(crowd, Effort(300, 60), progress=watch)
    assert plan.solver["stopped"] == "interrupted"
    assert plan.solver["repeatable"] is False
    assert plan.solver["steps"] < 1200
    assert check(crowd, plan) == ()
    assert served_by(crowd, plan)
    assert whole_cost(crowd, plan) <= told[1].cost + 0.01
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_at_the_first_plan_keeps_that(crowd: Problem) -> None:
    """Ctrl-C before any search still gives the plan of insertion alone."""
    plan = solve(crowd, Effort(1_000_000, 600), progress=lambda _: signal.raise_signal(signal.SIGINT))
    assert (plan.solver["stopped"], plan.solver["steps"]) == ("interrupted", 0)
    assert check(crowd, plan) == ()
    assert len(served_by(crowd, plan)) == 25


def test_time_ends_work_without_end(crowd: Problem) -> None:
    """A search that runs out of time keeps its best plan and says that it is not repeatable."""
    plan = solve(crowd, Effort(1_000_000, 0.5))
    assert (plan.solver["stopped"], plan.solver["repeatable"]) == ("time", False)
    assert check(crowd, plan) == ()
    assert plan.solver["seconds"] < 20


def test_the_same_work_and_seed_give_the_same_plan(crowd: Problem) -> None:
    """Two searches with the same work and seed give the same plan and facts, in any thread."""
    told: list[list[float]] = [[], []]
    plans = [solve(crowd, EFFORT, seed=7, progress=lambda step: told[0].append(step.cost))]
    thread = threading.Thread(target=lambda: plans.append(solve(crowd, EFFORT, seed=7)))
    thread.start()
    thread.join()
    first, second = (replace(plan, solver={**plan.solver, "seconds": 0, "compile_s": 0}) for plan in plans)
    assert first == second
    assert first.solver["repeatable"] is True
    solve(crowd, EFFORT, seed=8, progress=lambda step: told[1].append(step.cost))
    assert told[0] != told[1]


def test_progress_tells_of_ever_cheaper_plans(crowd: Problem) -> None:
    """Each plan told is cheaper than the one before, and the last is what the plan costs."""
    told: list[Progress] = []
    plan = solve(crowd, EFFORT, progress=told.append)
    costs = [progress.cost for progress in told]
    assert len(costs) > 1
    assert costs == sorted(set(costs), reverse=True)
    assert whole_cost(crowd, plan) == pytest.approx(costs[-1], abs=0.002)


UNREACHED: dict[str, tuple[dict[str, object], Reason]] = {
    "too heavy": ({"mass_kg": 500, "accepts": DOOR}, Reason("mass", 500, 100, "kg", "van", "door")),
    "too large": ({"volume_l": 1200, "accepts": DOOR}, Reason("volume", 1200, 1000, "L", "van", "door")),
    "unwilling": (
        {"accepts": KERB},
        Reason("consent", 1, 0, "consents", "van", "the customer does not accept door"),
    ),
    "up in a flat": (
        {"accepts": YARD, "dwelling": Dwelling.FLAT, "landing_place": False},
        Reason("landing-place", 1, 0, "places", "quadcopter", "a flat without a landing place"),
    ),
    "away at noon": (
        {"accepts": DOOR, "window": Window(7 * HOUR, 8 * HOUR)},
        Reason("window", 8 + (100 + 60) / 3600, 8, "h", "van", "door"),
    ),
    "beyond the battery": ({"accepts": YARD, "x_m": 20000}, Reason("range", 36, 20, "km", "quadcopter", "yard")),
}


@pytest.mark.parametrize("name", UNREACHED)
def test_an_order_out_of_reach_is_left_out_with_the_numbers(name: str) -> None:
    """An order that no vehicle could bring is left out with the rule, what it needs and what there is."""
    numbers, reason = UNREACHED[name]
    x_m = numbers.get("x_m", 1000)
    lone = order("it", x_m, **{k: v for k, v in numbers.items() if k != "x_m"})
    scenario = configured(plain((lone, order("other", 1500))), group("van", 1, "door"), group("quadcopter", 1))
    reasons = why(scenario, "it")
    alike = [r for r in reasons if (r.rule, r.mode) == (reason.rule, reason.mode)]
    assert [(r.unit, r.detail) for r in alike] == [(reason.unit, reason.detail)]
    assert (alike[0].needs, alike[0].has) == pytest.approx((reason.needs, reason.has))
    assert all(r.needs > r.has for r in reasons)
    assert {r.mode for r in reasons} >= {"van", "quadcopter"}


def test_the_way_to_a_locker_is_a_reason() -> None:
    """Where the nearest locker is farther than a customer walks, its name and both lengths are given."""
    lone = order("it", 1000, accepts=frozenset({Handover.LOCKER}), walk_limit_m=600)
    (reason,) = why(configured(plain((lone,)), group("van", 1, "locker"), lockers=("square",)), "it")
    assert reason == Reason("walk", 1000, 600, "m", "van", "nearest is square")


def test_a_full_locker_is_a_reason() -> None:
    """Of three parcels for two compartments one is left out, for want of a compartment."""
    far = {"accepts": frozenset({Handover.LOCKER}), "size": Size.L}
    scenario = configured(
        plain(tuple(order(n, 100, **far) for n in "abc")), group("van", 1, "locker"), lockers=("square",)
    )
    problem = tabulate(scenario, "only")
    plan = solve(problem, EFFORT)
    (left,) = plan.unserved
    assert left.reasons == (Reason("compartments", 1, 0, "compartments", "van", "square"),)


def test_a_price_is_a_reason() -> None:
    """An order that costs more than leaving it out is left out with both amounts."""
    (reason,) = why(lone_order(10), "it")
    assert (reason.rule, reason.has, reason.unit, reason.mode) == ("price", 10, "currency", "van")
    assert reason.needs > 10


@pytest.mark.parametrize("kind", ["door", "locker"])
def test_a_price_counts_all_that_an_order_adds(kind: str) -> None:
    """The price of an order that is left out is all that it would add, the day of its hub and locker included."""
    problem = tabulate(lone_order(10, kind), "only")
    whole = whole_cost(problem, plan_of(problem, [(0, [-1, 0])]))
    (reason,) = why(lone_order(whole - 0.01, kind), "it")
    assert reason.needs > reason.has
    assert reason.needs == pytest.approx(whole, abs=0.001)


def lone_order(price: float, kind: str = "door") -> Scenario:
    """Return a day of one order far from the hub that it costs a price to leave out."""
    lone = order("it", 100, accepts=frozenset({Handover(kind)}))
    scenario = configured(plain((lone,), hub_m=(9000, 0)), group("van", 1, kind), lockers=("square",))
    return replace(scenario, prices=replace(scenario.prices, unserved_price=price))


def test_a_shift_that_is_full_is_a_reason() -> None:
    """Where the vehicles could bring each order but not all of them, the nearest miss is given."""
    orders = tuple(order(f"o{k}", 9000, 500 * k, accepts=DOOR) for k in range(3))
    scenario = changed(configured(plain(orders), group("van", 1, "door")), "van", max_parcels=1)
    scenario = replace(scenario, work=replace(scenario.work, shift_s=1.6 * HOUR))
    problem = tabulate(scenario, "only")
    plan = solve(problem, EFFORT)
    assert len(plan.unserved) == 1
    (reason,) = plan.unserved[0].reasons
    assert (reason.rule, reason.has, reason.unit, reason.mode) == ("shift", 1.6, "h", "van")
    assert 1.6 < reason.needs < 3
    assert "1 of 1 vehicles" in reason.detail


def test_a_larger_fleet_lends_what_a_smaller_has_vehicles_for() -> None:
    """A plan of two vehicles that is lent to a fleet of one is taken over as far as that vehicle goes."""
    orders = tuple(order(f"o{k}", 9000, 500 * k, accepts=DOOR) for k in range(3))
    scenario = changed(plain(orders), "van", max_parcels=1)
    scenario = replace(scenario, work=replace(scenario.work, shift_s=1.6 * HOUR))
    two, one = (tabulate(configured(scenario, group("van", n, "door")), "only") for n in (2, 1))
    lent, own = solve(two, EFFORT), solve(one, EFFORT)
    assert len(lent.routes) == 2
    better = polish(one, own, [(two, lent)], EFFORT)
    assert check(one, better) == ()
    assert whole_cost(one, better) <= whole_cost(one, own)


def test_money_beyond_counting_is_refused() -> None:
    """Prices at which a day's cost would not fit into whole numbers are told before any planning."""
    scenario = lone_order(50)
    dear = replace(scenario, prices=replace(scenario.prices, unserved_price=1e12))
    with pytest.raises(InputError, match="counted exactly"):
        tabulate(dear, "only")


def reserved(*orders: Order) -> Scenario:
    """Return a day with one drone, and a van in reserve for doors."""
    return configured(plain(orders), group("quadcopter", 1), group("van", 1, reserve=("door",)))


def test_a_reserve_takes_what_nobody_else_can() -> None:
    """The van in reserve serves the order that the drone cannot, and leaves it the others, though it passes by."""
    scenario = reserved(*(order(f"o{k}", 1000, 50 * k) for k in range(3)), order("heavy", 1000, 150, mass_kg=9))
    problem = tabulate(scenario, "only")
    plan = solve(problem, EFFORT)
    assert served_by(problem, plan) == {**dict.fromkeys(("o0", "o1", "o2"), "quadcopter"), "heavy": "van"}
    assert problem.own_reach.tolist() == [True, True, True, False]


def test_a_reserve_is_the_last_resort() -> None:
    """Where the drone has no time for all, the van in reserve takes just the rest."""
    orders = [order(f"o{k}", -3000, 50 * k, window=Window(0, 8 * HOUR + 1200)) for k in range(4)]
    problem = tabulate(reserved(*orders), "only")
    plan = solve(problem, EFFORT)
    assert check(problem, plan) == ()
    assert plan.unserved == ()
    modes = list(served_by(problem, plan).values())
    assert sorted(set(modes)) == ["quadcopter", "van"]
    assert all(problem.fleets[1].last_resort[option_of(problem, f"o{k}", "door")] for k in range(4))
    assert not problem.fleets[1].allowed.any()
    alone = tabulate(configured(plain(tuple(orders)), group("quadcopter", 1)), "only")
    assert modes.count("quadcopter") == len(served_by(alone, solve(alone, EFFORT)))


@pytest.mark.parametrize("name", ["o0", "o1", "o2", "o3"])
def test_room_goes_to_whom_no_reserve_may_help(name: str) -> None:
    """Where the drone has time for one only, it takes that which vans in reserve may not take, and they the rest."""
    orders = [order(f"o{k}", -3000, 50 * k, window=Window(0, 8 * HOUR + 1200)) for k in range(4)]
    asked = [replace(one, accepts=YARD) if one.id == name else one for one in orders]
    groups = group("quadcopter", 1), group("van", 2, reserve=("door",))
    scenario = configured(plain(tuple(asked)), *groups)
    problem = tabulate(replace(scenario, prices=replace(scenario.prices, unserved_price=500)), "only")
    plan = solve(problem, EFFORT)
    assert plan.unserved == ()
    assert [order for order, mode in served_by(problem, plan).items() if mode == "quadcopter"] == [name]


def test_polish_takes_over_what_was_found_elsewhere() -> None:
    """A plan that serves nobody becomes as cheap as a plan lent from a configuration with the same vehicles."""
    scenario = plain(random_orders(12, 3))
    ours, theirs = tabulate(scenario, "mixed"), tabulate(scenario, "courier")
    lent = solve(theirs, Effort(40, 60))
    nobody = Plan("mixed", (), tuple(Unserved(k, ()) for k in range(12)))
    better = polish(ours, nobody, [(theirs, lent)], Effort(0, 60))
    assert check(ours, better) == ()
    assert whole_cost(ours, better) <= whole_cost(theirs, lent) + 0.01


def test_polish_never_makes_a_plan_dearer() -> None:
    """A good plan stays as it is where the plans of others are worse and no step is done."""
    scenario = plain(random_orders(12, 3))
    ours, theirs = tabulate(scenario, "mixed"), tabulate(scenario, "drone")
    best, worse = solve(ours, Effort(100, 60)), plan_of(theirs, [])
    after = polish(ours, best, [(theirs, worse)], Effort(0, 60))
    assert after.routes == best.routes
    assert after.solver["polished"] == 0
    more = polish(ours, best, [(theirs, worse)], EFFORT)
    assert whole_cost(ours, more) <= whole_cost(ours, best)
    assert more.solver["polished"] == EFFORT.work * STEPS_PER_WORK * SHARE_POLISH


def test_a_start_is_never_made_dearer() -> None:
    """A search without work that is given a plan returns none that is dearer."""
    scenario = plain(random_orders(12, 3))
    problem = tabulate(scenario, "mixed")
    good = solve(problem, Effort(100, 60))
    again = solve(problem, Effort(0, 60), starts=[(problem, good)])
    assert whole_cost(problem, again) <= whole_cost(problem, good)


def test_a_plan_costs_what_a_hand_reckons() -> None:
    """One van with two doors costs its day, wage, energy, wear, hub and lateness, as reckoned by hand."""
    orders = (order("a", 1000, accepts=DOOR, promise_s=8 * HOUR), order("b", 0, accepts=DOOR))
    scenario = configured(plain(orders), group("van", 1, "door"))
    problem = tabulate(scenario, "only")
    plan = plan_of(problem, [(0, [-1, 0, 1])])
    card = evaluate(problem, plan, simulate(problem, plan))
    away_s = 100 + 60 + 120 + 100 + 60 + 120 + 200
    assert {line: float(amount) for line, amount in card.cost_lines.items()} == pytest.approx(
        {
            "labour": (600 + away_s) / 3600 * 20,
            "vehicles": 20000 * 0.05 / (1 - 1.05**-5) / 300,
            "insurance": 2,
            "energy": 4000 * 0.25 / 1000 * 0.2,
            "wear": 4 * 0.05,
            "hubs": 5,
            "late": (100 + 60 + 120) / 3600 * 2,
        },
        abs=0.0001,
    )
    assert VAN.load_s == 600
    assert card.unserved_penalty == 0
