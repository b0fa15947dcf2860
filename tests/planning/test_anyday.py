"""Tests of all rules in any mixture: what must hold of every plan, of every start, and of whatever has begun."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from anyday import any_day
from chance import as_it_went

from doorstep.planning.begun.locked import freeze
from doorstep.planning.checker import check, cost
from doorstep.planning.clock import layout as at
from doorstep.planning.planner import solve
from doorstep.planning.problem import FAR, MONEY
from doorstep.planning.sisr.annealing import anneal, construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.rows import write_all
from doorstep.planning.sisr.search import SHORT as KNOBS
from doorstep.scenario.scenario import Effort

if TYPE_CHECKING:
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem

SHORT = Effort(5, 60)
ODD = (159, 177, 330, 376, 428, 429, 452, 454, 481, 651, 755, 769, 803, 821, 872, 1037)
"""Days on which something did not hold once."""


def is_sound(problem: Problem, plan: Plan, locked: Locked | None = None) -> bool:
    """Tell whether a plan keeps every rule and costs what it says."""
    said = float(str(plan.solver["best"]))
    return check(problem, plan, locked) == () and cost(problem, plan) / MONEY == pytest.approx(said, abs=0.0055)


def moment(plan: Plan, rng: np.random.Generator) -> int:
    """Return some moment of a day."""
    clocks = [clock for route in plan.routes for trip in route.trips for clock in (trip.load_s, trip.return_s)]
    return int(rng.uniform(min(clocks), max(clocks)))


def begun_sound(problem: Problem, plan: Plan, seed: int) -> bool:
    """Tell whether a day, as planned and as it went, is planned anew soundly from two moments on."""
    rng = np.random.default_rng(seed)
    went = as_it_went(plan, [fleet.turnaround_s for fleet in problem.fleets], rng)
    for day in plan, went:
        locked = freeze(problem, day, moment(plan, rng))
        found = solve(
            problem, SHORT, seed=seed + 1, start=day, locked=locked, planner=("doorstep", "ortools")[seed % 2]
        )
        if not is_sound(problem, found, locked) or (day is plan and found.solver["start"]["left_out"]):
            return False
        fresh = solve(problem, SHORT, seed=seed + 2, locked=locked)
        later = freeze(problem, found, locked.now_s + int(rng.integers(0, 5000)), before=locked)
        again = solve(problem, SHORT, seed=seed + 3, start=found, locked=later)
        if not is_sound(problem, fresh, locked) or not is_sound(problem, again, later):
            return False
    return True


def faults(seed: int) -> list[str]:
    """Return what does not hold of a day."""
    problem = any_day(seed)
    plan, other = solve(problem, SHORT, seed=seed), solve(problem, SHORT, seed=seed, planner="ortools")
    again = solve(problem, Effort(1, 60), seed=seed + 1, start=plan)
    told = {
        "the plan": is_sound(problem, plan),
        "the plan of OR-Tools": is_sound(problem, other),
        "going on from it": is_sound(problem, again) and again.solver["start"]["left_out"] == [],
        "no dearer": cost(problem, again) <= cost(problem, plan),
        "what has begun": not plan.routes or begun_sound(problem, plan, seed),
    }
    return [name for name, holds in told.items() if not holds]


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_any_day_is_planned_and_planned_anew(first: int) -> None:
    """Thirty days: plans keep every rule and cost what they say; starts are no dearer; what has begun stays."""
    assert {seed: found for seed in range(first, first + 30) if (found := faults(seed))} == {}


def torn(seed: int) -> Problem:
    """Return a day of many orders with few vehicles, and with ways so uneven that fewer stops may take longer."""
    problem, rng, fleets = any_day(seed, 40), np.random.default_rng(seed), []
    for fleet in problem.fleets:
        times = rng.choice([1, 1, 1, 6], fleet.duration_s.shape)
        np.fill_diagonal(times, 1)
        uneven = np.where(fleet.duration_s < FAR, fleet.duration_s.astype(np.int64) * times, FAR).astype(np.int32)
        here = {"duration_s": uneven} if fleet.period_duration_s is None else {}
        fleets.append(replace(fleet, count=int(rng.integers(1, 6)), **here))
    return replace(problem, fleets=tuple(fleets))


@pytest.mark.parametrize("seed", [20774, 20776, 20778])
def test_no_step_leaves_a_vehicle_that_breaks_a_rule(seed: int) -> None:
    """After each of many hot steps on uneven ways the plan as it is keeps all rules, and costs what it says."""
    problem = torn(seed)
    g = ground(problem)
    s, other = blank(problem, g, seed), blank(problem, g, 1)
    construct(g, s, True, -1)
    for _ in range(400):
        anneal(g, s, 1, 3e9, 3e9, KNOBS, -1)
        rows = s.row[: write_all(g, s, s.row)].copy()
        assert load(g, other, rows, len(rows))
        assert other.counter[at.LEVEL] == s.counter[at.LEVEL]


def test_days_that_were_too_much_once_are_no_more() -> None:
    """What shares pads with trips under way, rests before it goes home or brings parcels back is planned soundly."""
    assert {seed: found for seed in ODD if (found := faults(seed))} == {}
