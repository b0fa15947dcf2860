"""Tests of ventures: trips made anew where orders are optional."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import HOUR
from test_exact import DAYS
from test_optional import villages
from test_sisr import Patient, plain_day

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.newtrip import LABELS, NONE, best_trip
from doorstep.planning.sisr.pace import Pace
from doorstep.planning.sisr.search import SHORT
from doorstep.planning.sisr.ventures import venture

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

STEPS = 20_000


@pytest.mark.parametrize("seed", range(8))
def test_the_best_trip_of_a_sequence_is_found(seed: int) -> None:
    """Without windows, the best trip is that of all subsequences which earns most."""
    problem, rng = villages(0), np.random.default_rng(seed)
    g, fleet = ground(problem), problem.fleets[0]
    options, worth = rng.permutation(36)[:8], rng.integers(0, 9000, 8)
    before = np.full(8, NONE)
    end, found = best_trip(g, 0, options, worth, before, np.zeros((8, LABELS), np.int64)), []
    while end >= 0:
        found.append(int(end))
        end = before[end]

    def earned(trip: tuple[int, ...]) -> int:
        sites = [fleet.hub, *problem.option_site[options[list(trip)]].tolist(), fleet.hub]
        return int(worth[list(trip)].sum()) - int(fleet.distance_m[sites[:-1], sites[1:]].sum())

    every = (trip for n in range(1, 9) for trip in combinations(range(8), n))
    assert earned(tuple(found[::-1])) == max(map(earned, every))


def test_a_trip_keeps_windows_and_carries_no_more_than_fits() -> None:
    """Of orders at the same hour one is chosen; of those after each other as many as fit."""
    problem, worth = villages(0), np.full(4, 10**6)
    fleet = replace(problem.fleets[0], max_parcels=3)
    options, many = np.arange(4), len(problem.option_order)
    for hours, expected in (((2, 2, 2, 2), 1), ((2, 3, 4, 5), 3)):
        opens = np.full(many, fleet.open_s + 2 * HOUR)
        opens[:4] = fleet.open_s + np.array(hours) * HOUR
        g = ground(replace(problem, fleets=(fleet,), option_open_s=opens, option_close_s=opens))
        before, label = np.full(4, NONE), np.zeros((4, LABELS), np.int64)
        end = best_trip(g, 0, options, worth, before, label)
        assert label[end, LABELS - 1] == expected


def built(name: str) -> tuple[Problem, at.Ground, at.State]:
    """Return a day of some kind, and a first plan of it."""
    problem = plain_day(name, 5)
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    return problem, g, s


def assert_sound(problem: Problem, g: at.Ground, s: at.State, first: int) -> None:
    """Prices are true, and the best plan keeps rules, costs what it says and is no dearer than the first."""
    assert (g.price == problem.unserved_cost).all()
    assert s.counter[at.BEST] <= first
    best, length, told = s.best.copy(), int(s.counter[at.BEST_LENGTH]), int(s.counter[at.BEST])
    assert load(g, s, best, length)
    assert s.counter[at.LEVEL] == told
    assert (s.room >= 0).all()


@pytest.mark.parametrize("name", DAYS)
def test_ventures_leave_true_prices_and_a_plan_that_costs_what_it_says(name: str) -> None:
    """After ventures on any kind of day prices are true, and the best plan keeps rules and is no dearer than before."""
    problem, g, s = built(name)
    first = int(s.counter[at.BEST])
    venture(g, s, Pace(STEPS, Patient()), (SHORT, SHORT), 1e6, 0.5)
    assert_sound(problem, g, s, first)


def test_trips_that_no_single_order_pays_for_are_made() -> None:
    """From a plan that serves nobody, ventures serve every village that pays as a whole."""
    problem = villages(2500)
    g = ground(problem)
    s = blank(problem, g, 1)
    venture(g, s, Pace(STEPS, Patient()), (SHORT, SHORT), 1500.0, 0.9)
    assert load(g, s, s.best.copy(), int(s.counter[at.BEST_LENGTH]))
    assert s.counter[at.SERVED] == 36
