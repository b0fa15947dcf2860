"""Tests of the shortlist: places among which the cheapest is found by timing whole routes."""

from __future__ import annotations

import numpy as np
import pytest
from test_sisr import whole_day

from doorstep.network.compiled import bare_code
from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import load
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.shortlist import BESIDE, LEAST, THEN, cheapest_listed, list_place


@bare_code
def cheapest_of_all(g: at.Ground, s: at.State, option: int, most: int) -> int:
    """Put every place of the first vehicle in use on the list, and return the row of the cheapest."""
    v = s.in_use[0]
    hub = g.column.shape[0] + s.vehicle[v, at.FIRST]
    s.counter[at.LISTED], s.counter[at.WHOLE] = 0, -1
    p = hub
    while True:
        list_place(g, s, 0, option, BESIDE, v, -1, p, 0)
        p = s.node[p, at.NEXT]
        if p == hub:
            break
    return cheapest_listed(g, s, most)


@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_place_is_found_by_timing_whole_routes(seed: int) -> None:
    """The place chosen costs what the plan costs more with it, and no other place costs less."""
    problem = whole_day("couriers keep windows", seed)
    g = ground(problem)
    s, other = blank(problem, g, 1), blank(problem, g, 1)
    row = [-2, -1, *np.argsort(problem.option_open_s[:4], kind="stable").tolist()]
    if not load(g, s, np.array(row), len(row)):
        row = row[:3]
        assert load(g, s, np.array(row), len(row))
    before, option = int(s.counter[at.LEVEL]), 4
    costs = {}
    for k in range(2, len(row) + 1):
        longer = np.array([*row[:k], option, *row[k:]])
        if load(g, other, longer, len(longer)):
            after = len(problem.option_order) if k == 2 else row[k - 1]
            costs[after] = int(other.counter[at.LEVEL]) - before + int(g.price[option])
    found = cheapest_of_all(g, s, option, at.NOWHERE)
    if not costs:
        assert found == -1
        return
    least = min(costs.values())
    place = int(s.listed[found, THEN])
    assert int(s.listed[found, LEAST]) == least
    assert costs[min(place, len(problem.option_order))] == least
    assert cheapest_of_all(g, s, option, least) == -1
