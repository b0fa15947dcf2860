"""Tests of pick-ups, drops and returns in the OR-Tools routing model."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pairs import BACK, BRING, FETCH, OUT, paired
from test_fetched import cheapest, fetched
from test_ortools import never

from doorstep.planning import ortools
from doorstep.planning.checker import check, cost
from doorstep.planning.planner import solve
from doorstep.scenario.scenario import Effort


@pytest.mark.parametrize("seed", range(12))
def test_the_model_plans_what_is_fetched(seed: int) -> None:
    """Plans of small days with pick-ups, drops and a return keep the rules, and none at all is cheaper."""
    problem = fetched("one trip", seed)
    plan = solve(problem, Effort(60, 60), seed=seed, planner="ortools")
    assert check(problem, plan) == ()
    assert cost(problem, plan) == cheapest(problem)


def test_what_is_aboard_is_counted_along_the_way() -> None:
    """A van that could not carry everything at once brings, moves and fetches it one after the other."""
    problem = paired()
    problem = replace(problem, fleets=tuple(replace(fleet, max_trips=1) for fleet in problem.fleets))
    rows, _ = ortools.search(problem, Effort(60, 60), [(0, [-1, OUT])], never)
    ((_, row),) = rows
    assert sorted(row[1:]) == [FETCH, BRING, BACK, OUT]
    assert row.index(OUT) < row.index(BACK)
