"""Tests of large plans: searched in districts on any number of cores, and with as few vehicles as are needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import configured, group, plain, random_orders
from test_sisr import Patient

from doorstep.planning.checker import check
from doorstep.planning.clock import layout as at
from doorstep.planning.planner import solve
from doorstep.planning.sisr import districts, search
from doorstep.planning.sisr.build import blank, ground
from doorstep.planning.sisr.search import explore
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Effort

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

ORDERS, STEPS = 160, 12_000


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Problem:
    """Return a day of vans, drones and a locker that counts as large."""
    monkeypatch.setattr(search, "LARGE", 50)
    monkeypatch.setattr(districts, "SIZE", 40)
    day = random_orders(ORDERS, 5, spread_m=4000, same_day=True)
    groups = group("van", 6, "door", "locker"), group("quadcopter", 3, "yard"), group("robovan", 4, "kerb")
    return tabulate(configured(plain(day), *groups, lockers=("square",)), "only")


def test_a_large_plan_keeps_every_rule_and_gets_cheaper(town: Problem) -> None:
    """The plan of a day that is searched in districts passes the checker and is cheaper than where it began."""
    watch = Patient()
    _, done, repeatable = explore(town, STEPS, 3, watch)
    assert repeatable
    assert done >= STEPS
    assert watch.costs[-1] < watch.costs[0]
    assert check(town, solve(town, Effort(60, 60), seed=3)) == ()


def test_cores_do_not_change_the_plan(town: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same seed and work give the same routes on one core and on three."""
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(districts, "_cores", lambda cores=cores: cores)
        found.append(explore(town, STEPS, 4, Patient()))
    assert found[0] == found[1]


def test_the_cores_are_as_many_as_the_environment_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """One core is used where OMP_NUM_THREADS says so, and at least one in any case."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert districts._cores() == 1  # noqa: SLF001 - the environment has no other witness
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert districts._cores() >= 1  # noqa: SLF001


def test_districts_share_out_vehicles_compartments_and_absent_orders(town: Problem) -> None:
    """Districts have every vehicle, compartment and order once between them, and no more than there are."""
    g = ground(town)
    s = blank(town, g, 1)
    search.construct(g, s, True, -1)
    rows = s.best[: s.counter[at.BEST_LENGTH]].copy()
    parts = districts._districts(town, g, s, rows, np.random.default_rng(1))  # noqa: SLF001 - no other door
    assert len(parts) > 1
    assert sorted(o for part in parts for o in part.orders) == g.able.tolist()
    grounds = districts._grounds(g, s, parts)  # noqa: SLF001
    assert (sum(own.fleet[:, at.VEHICLES] for own, _ in grounds) == g.fleet[:, at.VEHICLES]).all()
    assert (sum(room for _, room in grounds) <= town.locker_room).all()


def test_a_vehicle_that_costs_more_than_its_way_is_saved() -> None:
    """Where vehicles cost most, no more are used than the parcels fill."""
    day = [replace(order, mass_kg=10.0) for order in random_orders(40, 2, spread_m=3000)]
    problem = tabulate(configured(plain(tuple(day)), group("van", 12, "door")), "only")
    fleets = tuple(
        replace(fleet, mass_g=101_000, volume_ml=10**9, vehicle_cost=10**14, max_trips=1) for fleet in problem.fleets
    )
    dear = replace(problem, fleets=fleets, unserved_cost=np.full(40, 10**16))
    rows, _, _ = explore(dear, 5000, 1, Patient())
    assert len(rows) == 4
