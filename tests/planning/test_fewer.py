"""Tests of few vehicles to begin with, where only what they carry limits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from solomon import solomon
from test_sisr import Patient

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.fewer import tighten
from doorstep.planning.sisr.pace import Pace
from doorstep.planning.sisr.search import SHORT, explore

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.planning.problem import Problem

VEHICLES, CAPACITY = 30, 103
"""Vehicles that are enough, each nearly filled by three parcels."""
MEAN = 1e6


def packed(folder: Path, *, due: int = 10**6) -> Problem:
    """Return a day of parcels all around their hub, three of which fill a vehicle to 100 of 103."""
    rng, rows = np.random.default_rng(5), ["0 0 0 0 1000000 0"]
    for _ in range(VEHICLES):
        large, middle = rng.integers(38, 50), rng.integers(26, 34)
        for weight in (large, middle, 100 - large - middle):
            x, y = rng.integers(-50, 50, 2)
            rows.append(f"{x} {y} {weight} 0 {due} 0")
    return solomon(folder, 3 * VEHICLES, CAPACITY, rows)


def begun(problem: Problem, steps: int = 50_000) -> tuple[at.Ground, at.State, int, Pace]:
    """Return a search that was tightened, how many vehicles it had before, and its pace."""
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    before, pace = int(s.counter[at.IN_USE]), Pace(steps, Patient())
    tighten(g, s, pace, SHORT, MEAN)
    return g, s, before, pace


def test_a_search_begins_with_as_few_vehicles_as_can_serve_all(tmp_path: Path) -> None:
    """All parcels go into fewer vehicles; one more of them may be used then, and no better plan is forgotten."""
    problem = packed(tmp_path)
    g, s, before, _ = begun(problem)
    assert s.counter[at.ABSENT] == 0
    assert VEHICLES <= s.counter[at.IN_USE] < before
    assert g.fleet[0, at.VEHICLES] == s.counter[at.IN_USE] + 1
    assert (g.price == problem.unserved_cost).all()
    best, length, told = s.best.copy(), int(s.counter[at.BEST_LENGTH]), int(s.counter[at.BEST])
    assert told <= s.counter[at.LEVEL]
    assert load(g, s, best, length)
    assert s.counter[at.LEVEL] == told


def test_without_time_all_stays(tmp_path: Path) -> None:
    """Where no search is left the plan and the vehicles there are stay what they were."""
    g, s, before, pace = begun(packed(tmp_path), steps=0)
    assert s.counter[at.IN_USE] == before
    assert g.fleet[0, at.VEHICLES] == ground(packed(tmp_path)).fleet[0, at.VEHICLES]
    assert pace.done == 0


def test_hours_that_limit_vehicles_leave_all_of_them(tmp_path: Path) -> None:
    """Where windows matter, how many vehicles are enough is not told by loads, and nothing is taken out."""
    _, s, before, pace = begun(packed(tmp_path, due=150))
    assert (s.counter[at.IN_USE], pace.done) == (before, 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_all_vehicles_may_be_used_again_in_the_end(tmp_path: Path, seed: int) -> None:
    """After a whole search the tables that were given are what they were, and its plan costs what it says."""
    problem, watch = packed(tmp_path), Patient()
    g = ground(problem)
    before = g.fleet.copy()
    rows, _, _ = explore(problem, 4000, seed, watch, g=g)
    assert np.array_equal(g.fleet, before)
    assert sorted(option for _, row in rows for option in row if option >= 0) == list(range(3 * VEHICLES))
