"""Tests of the rules of what is locked: a plan that breaks one of them is reported for that."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from plain import HOUR, VAN, configured, group, order, plain, plan_of

from doorstep.handover import Handover
from doorstep.planning.begun import lockrules
from doorstep.planning.begun.locked import Locked, Pin, freeze
from doorstep.planning.checker import check
from doorstep.planning.plan import Plan, Unserved
from doorstep.planning.problem import RETURN
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.planning.problem import Problem

    Rows = list[tuple[int, list[int]]]

A, B, C, D, BACK, E = range(6)


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Return a day of five deliveries and one return, for two vans with room for 100 kg."""
    door = {"accepts": frozenset({Handover.DOOR}), "ready_s": 6 * HOUR}
    masses = 25, 25, 25, 25, 80, 25
    day = tuple(order(f"o{k}", 1500.0 - 500 * k, mass_kg=mass, **door) for k, mass in enumerate(masses))
    scenario = configured(plain(day), group("van", 2, "door"))
    problem = tabulate(replace(scenario, modes={**scenario.modes, "van": replace(VAN, payload_kg=100)}), "only")
    part = problem.option_part.copy()
    part[BACK] = RETURN
    return replace(problem, option_part=part)


START: Rows = [(0, [-1, A, B, C, -1, D]), (0, [-1, E])]
"""The first van has left A for B when the day is frozen; C is aboard."""


@pytest.fixture(scope="module")
def locked(problem: Problem) -> Locked:
    """Return what has begun, and an order that is pinned to the second van."""
    plan = plan_of(problem, START)
    locked = freeze(problem, plan, plan.routes[0].trips[0].stops[0].leave_s + 1, pinned=[Pin(E, 0, 1)])
    return replace(locked, begun=locked.begun[:1])


def later(plan: Plan, problem: Problem, seconds: int) -> Plan:
    """Return a plan whose second van leaves later."""
    van = plan.routes[1]
    trips = tuple(
        replace(
            trip,
            load_s=trip.load_s + seconds,
            depart_s=trip.depart_s + seconds,
            return_s=trip.return_s + seconds,
            stops=tuple(
                replace(s, arrive_s=s.arrive_s + seconds, start_s=s.start_s + seconds, leave_s=s.leave_s + seconds)
                for s in trip.stops
            ),
        )
        for trip in van.trips
    )
    return replace(plan, routes=(plan.routes[0], replace(van, trips=trips), *plan.routes[2:]))


def planned(problem: Problem, *rows: list[int]) -> Plan:
    """Return the plan of some rows, the second van leaving late enough."""
    plan = plan_of(problem, [(0, row) for row in rows])
    return later(plan, problem, 2 * 3600) if len(rows) > 1 else plan


def renumbered(plan: Plan) -> Plan:
    """Return a plan whose vans have changed places."""
    one, two = plan.routes
    return replace(plan, routes=(replace(one, vehicle=1), replace(two, vehicle=0)))


def resting(plan: Plan) -> tuple[tuple[int, int], ...]:
    """Return a break behind the last stop of the first van."""
    end = plan.routes[0].trips[-1].return_s
    return ((end, end + 1800),)


MUTANTS: dict[str, tuple[str, Callable[[Problem], Plan]]] = {
    "another stop first": ("locked", lambda p: planned(p, [-1, B, A, C, -1, D], [-1, E])),
    "another vehicle": ("locked aboard now", lambda p: renumbered(planned(p, [-1, A, B, C, -1, D], [-1, D]))),
    "a locked stop left out": ("locked", lambda p: planned(p, [-1, A, C, -1, D], [-1, E])),
    "at other times": (
        "locked",
        lambda p: planned(replace(p, fleets=(replace(p.fleets[0], open_s=30_000),)), [-1, A, B, C], [-1, E]),
    ),
    "what is aboard goes with the other van": ("aboard", lambda p: planned(p, [-1, A, B, -1, D], [-1, C, E])),
    "what is aboard comes on a later trip": ("aboard", lambda p: planned(p, [-1, A, B, -1, C, D], [-1, E])),
    "a parcel is loaded on the way": (
        "not-loaded",
        lambda p: planned(replace(p, fleets=(replace(p.fleets[0], mass_g=10**6),)), [-1, A, B, C, D], [-1, E]),
    ),
    "no room beside what comes back": ("mass", lambda p: planned(p, [-1, A, B, BACK, -1, D], [-1, E])),
    "a trip is loaded in the past": ("now", lambda p: plan_of(p, START)),
    "a pinned order goes with the first van": ("pinned", lambda p: planned(p, [-1, A, B, C, -1, D, E])),
}
"""Name: rules broken, the plan that breaks them."""


def broken(problem: Problem, plan: Plan, locked: Locked) -> set[str]:
    """Return the rules that a plan breaks, whoever it leaves out."""
    served = {int(problem.option_order[s.option]) for r in plan.routes for t in r.trips for s in t.stops}
    left = tuple(Unserved(k, ()) for k in range(len(problem.order_ids)) if k not in served)
    found = check(problem, replace(plan, unserved=left), locked)
    return {violation.rule for violation in found} - {"each-order-once"}


@pytest.mark.parametrize(
    "rows", [[[-1, A, B, C, -1, D], [-1, E]], [[-1, A, B, C, BACK, -1, D], [-1, E]], [[-1, A, B], [-1, E]]]
)
def test_a_plan_that_keeps_what_is_locked_is_good(problem: Problem, locked: Locked, rows: list[list[int]]) -> None:
    """What is aboard is brought or not, returns are fetched on the way, and all else is planned freely."""
    assert broken(problem, planned(problem, *rows), locked) == set()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_plan_that_changes_what_is_locked_is_found_out(problem: Problem, locked: Locked, name: str) -> None:
    """A plan that breaks one rule of what is locked is reported for that, and for nothing else."""
    rules, made = MUTANTS[name]
    assert broken(problem, made(problem), locked) == set(rules.split())


def test_a_forgotten_break_is_found_out(problem: Problem, locked: Locked) -> None:
    """A break that has been taken stays in the plan."""
    plan = planned(problem, [-1, A, B, C, -1, D], [-1, E])
    rest = resting(plan)
    kept = replace(locked, begun=(replace(locked.begun[0], breaks=rest),))
    assert broken(problem, plan, kept) == {"locked"}
    with_rest = replace(plan, routes=(replace(plan.routes[0], breaks=rest), *plan.routes[1:]))
    assert broken(problem, with_rest, kept) == set()


def test_volume_and_parcels_that_come_back_count_too(problem: Problem, locked: Locked) -> None:
    """Whatever measure of load the vehicle has too little of, it is named."""
    for rule, numbers in ("volume", {"volume_ml": 12_000}), ("parcels", {"max_parcels": 3}):
        tight = replace(problem, mass_g=problem.mass_g // 10, fleets=(replace(problem.fleets[0], **numbers),))
        assert broken(tight, planned(tight, [-1, A, B, BACK, -1, D], [-1, E]), locked) == set()
        slim = {"volume_ml": 7_000} if rule == "volume" else {"max_parcels": 1}
        tight = replace(tight, fleets=(replace(tight.fleets[0], **slim),))
        plan = planned(problem, [-1, A, B, BACK, -1, D], [-1, E])
        assert rule in broken(tight, plan, locked)


def test_facts_are_no_fault_of_the_plan(problem: Problem, locked: Locked) -> None:
    """What has happened may have been too fast, too late or too heavy; only more of it is a violation."""
    last = locked.begun[0].trips[0]
    hasty = replace(last, stops=(replace(last.stops[0], leave_s=last.stops[0].start_s + 1), *last.stops[1:]))
    facts = replace(locked, begun=(replace(locked.begun[0], trips=(hasty,)),))
    plan = planned(problem, [-1, A, B, C, -1, D], [-1, E])
    one = plan.routes[0]
    same = replace(one, trips=(replace(one.trips[0], stops=(*hasty.stops, *one.trips[0].stops[2:])), *one.trips[1:]))
    went = replace(plan, routes=(same, *plan.routes[1:]))
    assert check(problem, went) != ()
    assert broken(problem, went, facts) == set()


def test_every_rule_of_what_is_locked_is_tested() -> None:
    """Every name under which these rules report is met by a mutant."""
    source = "".join(inspect.getsource(rule) for rule in lockrules.LOCK_RULES)
    names = set(re.findall(r'(?:Violation\(|^\s+\()"([a-z-]+)"', source, re.MULTILINE))
    tested = {rule for rules, _ in MUTANTS.values() for rule in rules.split()}
    assert names == {*tested, "volume", "parcels"}
