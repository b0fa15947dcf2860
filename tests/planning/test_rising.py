"""Tests of room found for all at rising prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plain import configured, group, plain
from test_sisr import Patient
from tight import tight

from doorstep.planning.checker import check
from doorstep.planning.clock import layout as at
from doorstep.planning.planner import solve
from doorstep.planning.sisr.annealing import construct, load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.pace import Pace
from doorstep.planning.sisr.rising import SHARE, make_room
from doorstep.planning.sisr.search import SHORT

MEAN = 1000.0


@pytest.mark.parametrize(
    ("vehicles", "orders", "slack_s", "spare", "others"),
    [(4, 6, 600, 0.05, 0.3), (6, 8, 3000, 0.02, 0.5), (8, 10, 10_000, 0.02, 0.3), (8, 4, 36_000, 0.1, 1.0)],
)
def test_all_are_served_where_there_is_hardly_room(
    vehicles: int, orders: int, slack_s: int, spare: float, others: float
) -> None:
    """Windows, two loads and what vehicles may do leave few plans that serve all, and one is found."""
    effort = replace(configured(plain(()), group("van", 1, "door")).effort, work=1000)
    for seed in range(6):
        problem = tight(seed, vehicles, orders, slack_s=slack_s, spare=spare, others=others)
        plan = solve(problem, effort, seed=1)
        assert check(problem, plan) == ()
        assert plan.unserved == ()


def test_what_there_is_no_room_for_does_not_take_the_whole_search() -> None:
    """Where two of six vehicles are missing a share is searched, prices and cost are true again, and no worse."""
    problem = tight(1, 6, 8, slack_s=3000, spare=0.02, others=1.0)
    first = replace(problem.fleets[0], count=4)
    problem = replace(problem, fleets=(first,), unserved_cost=np.full(48, 20 * round(MEAN)))
    g = ground(problem)
    s = blank(problem, g, 1)
    construct(g, s, True, -1)
    before, pace = int(s.counter[at.BEST]), Pace(20_000, Patient())
    make_room(g, s, pace, SHORT, MEAN)
    assert (g.price == problem.unserved_cost).all()
    assert 0.9 * SHARE < pace.share() < 1.2 * SHARE
    assert s.counter[at.BEST] <= before
    best, length, told = s.best.copy(), int(s.counter[at.BEST_LENGTH]), int(s.counter[at.BEST])
    assert load(g, s, best, length)
    assert s.counter[at.LEVEL] == told


def test_those_that_no_vehicle_may_serve_together_are_not_near() -> None:
    """A site's nearest are those that some vehicle may serve with it, however many others are nearer."""
    problem = tight(2, 6, 20, slack_s=3000, spare=0.02, others=0.0)
    may = np.stack([fleet.allowed for fleet in problem.fleets])
    near = ground(problem).near
    for option, site in enumerate(problem.option_site.tolist()):
        own = may[may[:, option]].any(axis=0).sum()
        there = near[site][near[site] >= 0][:own]
        others = np.flatnonzero(np.isin(problem.option_site, there))
        assert len(there) == min(own, near.shape[1])
        assert (may[:, others] & may[:, [option]]).any(axis=0).all()
