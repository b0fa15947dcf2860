"""Tests of quotes for one more order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.demand.order import Dwelling, Order, Window
from doorstep.errors import InputError
from doorstep.handover import Handover
from doorstep.modes.catalog import load_chance
from doorstep.planning.alternatives import alternatives_of, offers_for
from doorstep.planning.begun.locked import Pin, freeze
from doorstep.planning.checker import check, cost
from doorstep.planning.outset import Outset
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Dispatch, Effort
from doorstep.study import Study
from doorstep.study.asking import asked_order
from doorstep.study.outcome import outcome_of
from doorstep.study.quoting import quote

if TYPE_CHECKING:
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario

NAMES = ("courier", "drone", "robot", "locker", "mixed")
HOUR = 3600


def one_more(study: Study, ready_s: float = 8 * HOUR, **changes: object) -> Order:
    """Return an order between two of the study's."""
    first, second = study.scenario.orders[:2]
    found = replace(
        first,
        id="asked",
        x_m=(first.x_m + second.x_m) / 2,
        y_m=(first.y_m + second.y_m) / 2,
        mass_kg=1.0,
        volume_l=5.0,
        placed_s=ready_s - HOUR,
        ready_s=ready_s,
        window=Window(8 * HOUR, 21 * HOUR),
        promise_s=21.0 * HOUR,
        dwelling=Dwelling.HOUSE,
        landing_place=True,
        accepts=frozenset(Handover),
        walk_limit_m=3000.0,
    )
    return replace(found, **changes)


def without(scenario: Scenario, name: str, problem: Problem, plan: Plan, order: str) -> tuple[Problem, Plan]:
    """Return a problem without one order, and the plan that goes on without it."""
    fewer = tabulate(replace(scenario, orders=tuple(o for o in scenario.orders if o.id != order)), name)
    out = Outset(fewer)
    return fewer, out.plan(out.draft(problem, plan), {}, reasons=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_quote_is_what_explaining_would_tell(study: Study, name: str) -> None:
    """An order taken out of a plan is quoted at what each of its ways is told to add when it is explained."""
    outcome = study.outcome(name)
    scenario = study.scenario
    moved = replace(scenario, orders=(*scenario.orders[1:], scenario.orders[0]))
    problem = tabulate(moved, name)
    out = Outset(problem)
    plan = out.plan(out.draft(outcome.problem, outcome.plan), {}, reasons=False)
    order = problem.order_ids[-1]
    told = {(way.mode, way.kind, way.locker): way.marginal_cost for way in alternatives_of(problem, plan, order).ways}
    old, rest = without(moved, name, problem, plan, order)
    offers = offers_for(problem, old, rest, order)
    assert {(way.mode, way.kind, way.locker): way.marginal_cost for way in offers.ways} == pytest.approx(told)


@pytest.mark.parametrize("now_s", [None, 11 * HOUR])
def test_every_offer_can_be_kept(study: Study, now_s: int | None) -> None:
    """A plan that keeps what is locked and brings the order as offered costs no more than told and breaks no rule."""
    order = one_more(study, ready_s=8.0 * HOUR if now_s is None else now_s + HOUR)
    larger = replace(study.scenario, orders=(*study.scenario.orders, order))
    tried = 0
    for one in quote(study, order, now_s):
        outcome = study.outcome(one.configuration)
        problem = tabulate(larger, one.configuration)
        before = cost(outcome.problem, outcome.plan)
        for way in one.ways:
            options = np.flatnonzero(problem.option_order == len(problem.order_ids) - 1).tolist()
            option = next(
                o
                for o in options
                if problem.option_kind[o] == way.kind
                and (not way.locker or problem.lockers[problem.option_locker[o]] == way.locker)
            )
            pin = Pin(len(problem.order_ids) - 1, option=option)
            locked = freeze(problem, outcome.plan, now_s or 0, of=outcome.problem, pinned=[pin])
            plan = solve(problem, Effort(1, 60), start=(outcome.problem, outcome.plan), locked=locked)
            assert check(problem, plan) == ()
            assert cost(problem, plan) - before <= way.marginal_cost * MONEY + 10
            assert way.handed_s >= order.ready_s
            tried += 1
    assert tried >= len(NAMES)


def test_before_the_day_begins(study: Study) -> None:
    """At a time before anything is loaded a quote is that of a day that has not begun."""
    order = one_more(study)
    assert quote(study, order, 0) == quote(study, order)


def test_what_has_begun_stays(study: Study) -> None:
    """Late in the day no way hands the order over before it is ready, and ways of trips that are over are gone."""
    early, late = quote(study, one_more(study)), quote(study, one_more(study, ready_s=19.0 * HOUR), 18 * HOUR)
    for one, other in zip(early, late, strict=True):
        assert all(way.handed_s >= 19 * HOUR for way in other.ways)
        assert one.best is not None
    sums = [sum(one.best.marginal_cost for one in quotes if one.best) for quotes in (early, late)]
    assert sums[1] > sums[0]


def test_the_way_to_show(study: Study) -> None:
    """What is shown is the cheapest way that keeps the promise; where none does, the cheapest of all."""
    for one in quote(study, one_more(study)):
        assert one.best is not None
        assert one.best.marginal_cost == min(way.marginal_cost for way in one.ways if way.handed_s <= one.promise_s)
    for one in quote(study, one_more(study, placed_s=7.0 * HOUR, promise_s=7.5 * HOUR)):
        assert one.best == min(one.ways, key=lambda way: (way.marginal_cost, way.handed_s))


def test_what_cannot_be_is_told_with_its_margin(study: Study) -> None:
    """Of an order too heavy for every drone the drone's rule is told with what it needs and what there is."""
    found = {one.configuration: one for one in quote(study, one_more(study, mass_kg=9.0))}
    reasons = [reason for way in found["drone"].found.ways for reason in way.reasons if way.mode == "quadcopter"]
    assert ("mass", 9.0, 2.3) in {(reason.rule, reason.needs, reason.has) for reason in reasons}
    nobody = quote(study, one_more(study, accepts=frozenset({Handover.YARD})))
    courier = next(one for one in nobody if one.configuration == "courier")
    assert courier.best is None
    assert {reason.rule for reason in courier.found.refusals} == {"consent"}


def test_orders_that_make_no_sense(study: Study) -> None:
    """An id that is taken, a window that is over, and a promise before the order are faults."""
    for changes in (
        {"id": study.scenario.orders[0].id},
        {"window": Window(8.0 * HOUR, 9.0 * HOUR)},
        {"promise_s": 0.0},
    ):
        with pytest.raises(InputError):
            quote(study, one_more(study, **changes), 10 * HOUR)


def test_orders_in_words(study: Study) -> None:
    """Words become an order at its place, and what they do not say is noted."""
    lon, lat = study.scenario.network.unproject(
        np.array([[study.scenario.orders[0].x_m, study.scenario.orders[0].y_m]])
    )[0]
    asked = {"place": f"{lon},{lat}", "at": "09:30", "parcel": "1.2kg, 6 L", "window": "10:00-14:00"}
    order, place, now_s, notes = asked_order(study.scenario, asked)
    assert (order.mass_kg, order.volume_l, now_s) == (1.2, 6.0, 34_200)
    assert (order.window, order.promise_s, order.ready_s) == (Window(36_000, 50_400), 50_400, 37_800)
    assert place == pytest.approx((lon, lat))
    assert order.x_m == pytest.approx(study.scenario.orders[0].x_m, abs=0.01)
    assert any("60 min" in note for note in notes)


@pytest.mark.parametrize(
    "wrong",
    [{"place": "1"}, {"at": "24h"}, {"parcel": "1,2,3"}, {"parcel": "-1"}, {"accepts": "dor"}, {"window": "10"}],
)
def test_words_that_mean_nothing(study: Study, wrong: dict[str, str]) -> None:
    """Each word that means nothing is a fault that names its option."""
    with pytest.raises(InputError) as error:
        asked_order(study.scenario, {"place": "26.96,60.53", **wrong})
    assert error.value.faults[0].where == f"--{next(iter(wrong))}"


def test_a_quote_waits_for_the_next_decision(study: Study) -> None:
    """In waves nothing leaves with the order before the wave that knows it, and who comes after the last has no way."""
    courier = next(one for one in study.scenario.configurations if one.name == "courier")
    waves = replace(courier, dispatch=Dispatch(waves_s=(9.0 * HOUR, 14.0 * HOUR)))
    scenario = replace(study.scenario, configurations=(waves,))
    problem = tabulate(scenario, "courier")
    plan = solve(problem, Effort(20, 60))
    waved = Study(scenario, (outcome_of(problem, plan),), 0.0)
    (told,) = quote(waved, one_more(study, 10.5 * HOUR), int(9.5 * HOUR))
    assert told.ways
    assert all(way.handed_s is not None and way.handed_s > 14 * HOUR for way in told.ways)
    (late,) = quote(waved, one_more(study, 16 * HOUR), 15 * HOUR)
    assert not late.found.ways
    assert late.found.refusals[0].rule == "cut-off"


def test_explaining_who_came_too_late(study: Study) -> None:
    """An order after the last decision has no way, whatever room there is in the routes."""
    courier = next(one for one in study.scenario.configurations if one.name == "courier")
    early = replace(courier, dispatch=Dispatch(waves_s=(1.0,)))
    late = replace(study.scenario.orders[0], id="late", placed_s=8.0 * HOUR, ready_s=8.5 * HOUR)
    scenario = replace(study.scenario, orders=(*study.scenario.orders[1:], late), configurations=(early,))
    problem = tabulate(scenario, "courier")
    told = alternatives_of(problem, solve(problem, Effort(20, 60)), "late")
    assert (told.ways, told.refusals[0].rule) == ((), "cut-off")


def test_explaining_keeps_to_what_was_known(study: Study) -> None:
    """Nobody could have brought an order whose window is over at the wave that knows it; others are told as ever."""
    courier = next(one for one in study.scenario.configurations if one.name == "courier")
    noon = replace(courier, dispatch=Dispatch(waves_s=(12.0 * HOUR,)))
    first, *others = study.scenario.orders
    early = replace(first, window=Window(8 * HOUR, 11 * HOUR), promise_s=11.0 * HOUR)
    others = [replace(one, window=Window(8 * HOUR, 21 * HOUR)) for one in others]
    scenario = replace(study.scenario, orders=(early, *others), configurations=(noon,))
    problem = tabulate(scenario, "courier")
    plan = solve(problem, Effort(20, 60))
    told = alternatives_of(problem, plan, early.id)
    assert told.ways
    assert all(way.marginal_cost is None and way.reasons[0].rule == "window" for way in told.ways)
    served = problem.order_ids[int(problem.option_order[plan.routes[0].trips[0].stops[0].option])]
    found = alternatives_of(problem, plan, served)
    assert found.saved_by_leaving_out is not None
    assert sum(way.chosen for way in found.ways) == 1


def test_the_way_that_is_taken_has_a_cost(study: Study) -> None:
    """At a hub with one dock, whose bookings hide its place, the way taken adds no more than leaving it out saves."""
    courier = next(one for one in study.scenario.configurations if one.name == "courier")
    name = courier.vehicles[0].hub
    hubs = {**study.scenario.hubs, name: replace(study.scenario.hubs[name], docks=1)}
    every = replace(courier, dispatch=Dispatch(every_s=1800.0))
    problem = tabulate(replace(study.scenario, hubs=hubs, configurations=(every,)), "courier")
    plan = solve(problem, Effort(20, 60))
    for order in {
        problem.order_ids[problem.option_order[s.option]] for r in plan.routes for t in r.trips for s in t.stops
    }:
        found = alternatives_of(problem, plan, order)
        (cost,) = [way.marginal_cost for way in found.ways if way.chosen]
        assert cost is not None
        assert cost <= (found.saved_by_leaving_out or 0.0)


@pytest.mark.parametrize("now_s", [None, 11 * HOUR])
def test_a_quote_on_days_of_chance(study: Study, now_s: int | None) -> None:
    """Without chance a way comes on every day when it is told to; with it, later on some, and not on others."""
    order = one_more(study, 12 * HOUR)
    calm, wild = (
        replace(study, scenario=replace(study.scenario, chance=load_chance("usual").scaled(factor)))
        for factor in (0.0, 2.0)
    )
    for one in quote(calm, order, now_s, days=2):
        assert len(one.expected) == len(one.found.ways)
        for way, expected in zip(one.found.ways, one.expected, strict=True):
            assert (expected is None) == (way.marginal_cost is None)
            if expected:
                assert (expected.came_share, expected.mean_s, expected.p95_s) == (1, way.handed_s, way.handed_s)
                assert expected.on_time_share == (way.handed_s is not None and way.handed_s <= order.promise_s)
    found = [
        pair for one in quote(wild, order, now_s, days=60) for pair in zip(one.found.ways, one.expected, strict=True)
    ]
    doors = [expected for way, expected in found if way.kind == "door"]
    shares = [one.came_share for one in doors if one]
    assert shares
    assert all(0.5 < share < 1 for share in shares)
    assert all(one.p95_s > one.mean_s for one in doors if one and one.p95_s and one.mean_s)
    assert all(one.expected == () for one in quote(calm, order, now_s))
