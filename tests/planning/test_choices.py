"""Tests of choices: of the options of a trip's orders, those that make it cheapest."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_sisr import Patient

from doorstep.formats import read_instance
from doorstep.planning.draft import Draft, Given
from doorstep.planning.sisr.search import explore

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.planning.problem import Problem

CLUSTERS, PLACES = 9, 3
STEPS = 1000


def clustered(folder: Path, seed: int) -> Problem:
    """Return a problem of clusters of which one place each is visited."""
    rng, n = np.random.default_rng(seed), CLUSTERS * PLACES + 1
    head = f"NAME: random\nTYPE: GVRP\nDIMENSION: {n}\nEDGE_WEIGHT_TYPE: EUC_2D\nVEHICLES: 3\nCAPACITY: 4\n"
    places = "\n".join(f"{k + 1} {x} {y}" for k, (x, y) in enumerate(rng.integers(0, 100, (n, 2)).tolist()))
    loads = "\n".join(f"{k + 1} {int(k > 0)}" for k in range(n))
    clusters = "\n".join(
        " ".join(map(str, (k + 1, *range(2 + k * PLACES, 2 + (k + 1) * PLACES)))) for k in range(CLUSTERS)
    )
    file = folder / "random.vrp"
    file.write_text(
        f"{head}NODE_COORD_SECTION\n{places}\nDEMAND_SECTION\n{loads}\n"
        f"MUTUALLY_EXCLUSIVE_GROUP_SECTION\n{clusters}\nDEPOT_SECTION\n1\n-1\nEOF\n"
    )
    return read_instance(file).problem


@pytest.mark.parametrize("seed", range(4))
def test_no_other_options_make_a_route_cheaper(tmp_path: Path, seed: int) -> None:
    """Whatever options the orders of a route were given instead, in the same sequence it would not be cheaper."""
    problem = clustered(tmp_path, seed)
    given = Given(problem)
    rows, *_ = explore(problem, STEPS, seed, Patient())
    assert sum(o >= 0 for _, row in rows for o in row) == CLUSTERS
    for fleet, row in rows:
        orders = problem.option_order[[o for o in row if o >= 0]]
        every = itertools.product(*(np.flatnonzero(problem.option_order == order).tolist() for order in orders))
        costs = [Draft.of(given, [(fleet, [-1, *options])]).cost() for options in every]
        assert Draft.of(given, [(fleet, row)]).cost() == min(costs)
