"""Tests of plans with more vehicles than a search begins with: found although no single order pays for one more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from solomon import solomon
from test_sisr import Patient

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import anneal, construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.search import LONG, SHORT, explore
from doorstep.planning.sisr.strings import LURE, OPENING, lured

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.planning.problem import Problem

ORDERS, APART, METRE = 60, 4, 10_000
"""Orders by turns on two sides of a street, so far apart; what a unit of length costs in the problem."""


def zigzag(folder: Path, away: int) -> Problem:
    """Return a day of one street, so far from the hub: a single vehicle has to cross it between any two orders."""
    rows = [f"{0 if k % 2 else APART} {away} 1 {200 + 10 * k} {205 + 10 * k} 0" for k in range(ORDERS)]
    return solomon(folder, 5, 1000, ["2 0 0 0 100000 0", *rows])


@pytest.mark.parametrize("away", [60, 40])
def test_a_second_vehicle_is_found_that_pays_only_once_it_has_dozens_of_orders(tmp_path: Path, away: int) -> None:
    """Each order saves two crossings and costs a way from the hub and back; a side together saves more than that."""
    problem, watch = zigzag(tmp_path, away), Patient()
    rows, _, _ = explore(problem, 10_000, 1, watch)
    assert len(rows) == 2
    assert watch.costs[-1] == 4 * away * METRE


def trips_when_hot(problem: Problem, knob: int, worth: float) -> float:
    """Return how many trips a plan has on average while a knob has a value and the search stays hot."""
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    knobs, trips = SHORT.copy(), []
    knobs[[OPENING, LURE]] = 0
    knobs[knob] = worth
    for _ in range(40):
        anneal(g, s, 50, 40.0 * METRE, 40.0 * METRE, knobs, -1)
        trips.append(len(s.free_trips) - int(s.counter[at.FREE_TRIPS]))
    best, length, told = s.best.copy(), int(s.counter[at.BEST_LENGTH]), int(s.counter[at.BEST])
    assert load(g, s, best, length)
    assert s.counter[at.LEVEL] == told
    return float(np.mean(trips))


@pytest.mark.parametrize("knob", [OPENING, LURE])
def test_either_knob_brings_more_trips_and_leaves_costs_true(tmp_path: Path, knob: int) -> None:
    """A hot search meets plans of more trips with either knob, and the best cost that it tells is that of its rows."""
    problem = zigzag(tmp_path, 60)
    assert trips_when_hot(problem, knob, LONG[knob]) > trips_when_hot(problem, knob, 0)


def test_the_lure_falls_to_nothing_and_other_knobs_stay() -> None:
    """Half of it is left at half of the search, nothing at its end; what is given is not changed."""
    half = lured(LONG, 0.5)
    assert half[LURE] == LONG[LURE] / 2
    assert lured(LONG, 1.2)[LURE] == 0
    assert (half[:LURE] == LONG[:LURE]).all()
