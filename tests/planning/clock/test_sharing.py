"""Tests of what vehicles share for a while: pads, docks, chargers, people who load, and people who watch."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pads import limited, morning
from plain import HOUR, MODES, configured, group, order, plain

from doorstep.planning.begun.locked import freeze
from doorstep.planning.checker import check, cost
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY, Stage
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.plan import Plan

ROOMS = {Stage.LOADING: (1, 2), Stage.TURNAROUND: (1,), Stage.AWAY: (2, 4), Stage.PACKING: (1,)}
CASES = [(stage, room) for stage, rooms in ROOMS.items() for room in rooms]


def departures(plan: Plan) -> Iterator[int]:
    return (trip.depart_s for route in plan.routes for trip in route.trips)


@pytest.mark.parametrize(("stage", "room"), CASES)
@pytest.mark.parametrize("seed", range(3))
def test_no_more_is_taken_up_than_there_is(seed: int, stage: Stage, room: int) -> None:
    """Plans keep within what is shared, cost what they say, and tell who had to be left out for it."""
    scenario = morning(seed)
    problem = limited(scenario, stage, room)
    plan = solve(problem, scenario.effort, seed=seed)
    assert check(problem, plan) == ()
    assert cost(problem, plan) / MONEY == pytest.approx(float(str(plan.solver["best"])), abs=0.0051)
    assert all(reason.rule and reason.needs > reason.has for left in plan.unserved for reason in left.reasons)
    assert solve(problem, scenario.effort, seed=seed).routes == plan.routes


def test_pads_limit_how_many_leave() -> None:
    """From one pad nobody leaves before the one before is gone and the next is ready; without a limit many do."""
    scenario = morning(1)
    problem = limited(scenario, Stage.LOADING, 1)
    plan, free = solve(problem, scenario.effort, seed=1), solve(tabulate(scenario, "only"), scenario.effort, seed=1)
    left = sorted(departures(plan))
    assert min(b - a for a, b in itertools.pairwise(left)) >= problem.fleets[0].load_s
    assert {violation.rule for violation in check(problem, free)} == {"shared"}
    assert cost(problem, plan) > cost(problem, free)


def test_loaders_are_free_while_batteries_are_changed() -> None:
    """One loader sends off a drone each loading time, though drones that stand on pads meanwhile are turned round."""
    scenario = morning(1)
    pads, loaders = (limited(scenario, stage, 1) for stage in (Stage.LOADING, Stage.PACKING))
    fleet = loaders.fleets[0]
    assert fleet.turnaround_s > 0
    plan = solve(loaders, scenario.effort, seed=1)
    loadings = sorted((trip.load_s, trip.depart_s) for route in plan.routes for trip in route.trips)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(loadings))
    assert cost(loaders, plan) < cost(pads, solve(pads, scenario.effort, seed=1))
    assert {violation.rule for violation in check(pads, plan)} == {"shared"}


def test_ample_room_changes_nothing() -> None:
    """With a pad for every drone the plan costs as much as without any limit."""
    scenario = morning(2)
    plan, free = (
        solve(problem, scenario.effort, seed=2)
        for problem in (limited(scenario, Stage.LOADING, 6), tabulate(scenario, "only"))
    )
    assert cost(tabulate(scenario, "only"), plan) == cost(tabulate(scenario, "only"), free)


@pytest.mark.parametrize("stage", [Stage.LOADING, Stage.AWAY, Stage.PACKING])
def test_a_plan_can_be_gone_on_from(stage: Stage) -> None:
    """A search that sets out with a plan keeps its times, and what has begun takes up what it takes up."""
    scenario = morning(3)
    problem = limited(scenario, stage, 2)
    plan = solve(problem, scenario.effort, seed=3)
    again = solve(problem, replace(scenario.effort, work=1), seed=4, start=plan)
    assert cost(problem, again) <= cost(problem, plan)
    locked = freeze(problem, plan, round(8.4 * HOUR))
    later = solve(problem, scenario.effort, seed=5, start=plan, locked=locked)
    assert locked.begun
    assert check(problem, later, locked) == ()


def test_scenarios_say_how_much_there_is() -> None:
    """Pads, docks and loaders of a hub and operators of a configuration limit the fleets that need them."""
    scenario = configured(plain((order("o1", 1000),)), group("quadcopter", 4), group("robovan", 2), group("van", 1))
    hub = replace(scenario.hubs["hub"], pads=3, docks=2, loaders=2)
    modes = {**MODES, "robovan": replace(MODES["robovan"], vehicles_per_operator=4, loading_staff=1.5)}
    only = replace(scenario.configurations[0], operators=2)
    whole = replace(scenario, hubs={"hub": hub}, modes=modes, configurations=(only,))
    told = {thing.name: (thing.stage, thing.room, thing.takes) for thing in tabulate(whole, "only").shared}
    assert told == {
        "pads of hub": (Stage.LOADING, 3, (1, 0, 0)),
        "docks of hub": (Stage.LOADING, 2, (0, 1, 1)),
        "loaders of hub": (Stage.PACKING, 1680, (840, 1260, 0)),
        "operators": (Stage.AWAY, 1680, (84, 210, 0)),
    }
    assert tabulate(scenario, "only").shared == ()


def test_a_plan_that_takes_up_too_much_is_put_right() -> None:
    """Going on from the plan of a day with more pads, trips wait until one is free."""
    scenario = morning(4)
    wide, narrow = (limited(scenario, Stage.LOADING, room) for room in (6, 1))
    plan = solve(wide, scenario.effort, seed=4)
    assert check(narrow, plan)
    found = solve(narrow, replace(scenario.effort, work=1), seed=4, start=(wide, plan))
    assert check(narrow, found) == ()
    assert len(found.unserved) < len(scenario.orders) / 2
