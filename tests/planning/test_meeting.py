"""Tests of meeting: the routes that a search writes down as it passes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_exact import DAYS
from test_sisr import Patient, plain_day

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import anneal, construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.fewer import thin_out
from doorstep.planning.sisr.meeting import HEAD
from doorstep.planning.sisr.pace import Pace
from doorstep.planning.sisr.recombine import Pool
from doorstep.planning.sisr.search import SHORT

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

STEPS = 300


def met_routes(problem: Problem) -> tuple[at.Ground, at.State, list[tuple[list[int], int]]]:
    """Return a search and the rows that it wrote down, each with its cost."""
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    anneal(g, s, STEPS, 1e10, 1e9, SHORT, -1)
    begin, found = 0, []
    while begin < s.counter[at.MET]:
        after, cost, _ = s.met[begin : begin + HEAD].tolist()
        found.append((s.met[begin + HEAD : after].tolist(), cost))
        begin = after
    return g, s, found


@pytest.mark.parametrize("name", DAYS)
def test_each_route_is_written_down_with_its_cost(name: str) -> None:
    """A route that was written down costs what stands beside it."""
    problem = plain_day(name, 7)
    g, _, found = met_routes(problem)
    for row, cost in found:
        alone = blank(problem, g, 1)
        assert load(g, alone, np.array(row, np.int64), len(row))
        assert alone.vehicle[alone.in_use[0], at.COST] == cost


def test_the_same_stops_are_written_down_again_only_where_they_got_cheaper() -> None:
    """Of the routes over the same options that were written down, each is cheaper than the one before."""
    _, _, found = met_routes(plain_day("vehicles are mixed", 7))
    assert found
    least: dict[tuple[int, ...], int] = {}
    for row, cost in found:
        key = (row[0], *sorted(k for k in row if k >= 0))
        assert cost < least.get(key, cost + 1)
        least[key] = cost


def test_routes_met_while_vehicles_cost_nothing_are_forgotten() -> None:
    """After vehicles were thinned out no route is known at the price that it had meanwhile."""
    g, s, found = met_routes(plain_day("couriers keep windows", 7))
    g.fleet[:, at.PER_VEHICLE] = 10**12
    best = s.best[: s.counter[at.BEST_LENGTH]].copy()
    load(g, s, best, len(best))
    thin_out(g, s, Pace(STEPS, Patient()), 1.0, SHORT, 1.0)
    assert found
    assert s.counter[at.MET] == 0
    assert not s.seen.any()


def test_the_pool_reads_what_was_written_down_once() -> None:
    """What a pool has read is in it, and the page is blank again."""
    problem = plain_day("vehicles are mixed", 7)
    g, s, found = met_routes(problem)
    pool = Pool(g, s, problem.locker_room)
    pool.note(s)
    assert s.counter[at.MET] == 0
    assert {np.array(row, np.int64).tobytes() for row, _ in found} <= set(pool.by_row)
