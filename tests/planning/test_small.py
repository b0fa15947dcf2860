"""Tests of the small exact methods: lockers on a tour, charging on the way."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations, product

import numpy as np
import pytest

from doorstep.errors import PlanError
from doorstep.planning.small.charging import ChargingTask, plan_charging
from doorstep.planning.small.lockertour import LockerTour, plan_lockers


def _lockers(seed: int) -> LockerTour:
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 40, (6, 2)).astype(float)
    lengths = np.round(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)), 2)
    opens = np.zeros(6)
    opens[1:5] = rng.integers(0, 60, 4)
    closes = opens + 120.0
    closes[0] = closes[5] = 400.0
    return LockerTour(lengths, 4, np.array([25.0]), 2, opens, closes)


def _cheapest(task: LockerTour, windows: bool) -> float:
    """Return the cost of the best plan by trying all."""
    best = np.inf
    for users in product((False, True), repeat=4):
        away = [k + 1 for k in range(4) if users[k]]
        if len(away) > task.capacity or any(task.lengths[k, 5] > task.radius[0] for k in away):
            continue
        stops = [k for k in range(1, 5) if k not in away] + ([5] if away else [])
        for way in permutations(stops):
            time = 0.0
            for here, there in pairwise((0, *way, 0)):
                time = max(time + task.lengths[here, there], task.opens[there])
                if windows and time > task.closes[there]:
                    break
            else:
                cost = sum(task.lengths[leg] for leg in pairwise((0, *way, 0)))
                best = min(best, cost + 0.5 * sum(task.lengths[k, 5] for k in away))
    return best


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("windows", [False, True])
def test_lockers_are_used_as_well_as_can_be(seed: int, windows: bool) -> None:
    """Tour, ways of users and their sum are those of the best of all plans."""
    task = _lockers(seed)
    plan = plan_lockers(task, windows=windows)
    assert plan.optimal
    assert plan.cost == pytest.approx(_cheapest(task, windows))
    assert plan.cost == pytest.approx(plan.travel + 0.5 * plan.walk)
    assert plan.walk == pytest.approx(sum(task.lengths[pair] for pair in plan.users))
    assert set(plan.stops) | {home for home, _ in plan.users} >= set(range(5))
    assert len(plan.users) <= task.capacity


def test_windows_that_nobody_keeps_are_told() -> None:
    """A home that closes before anybody can be there is no plan."""
    task = _lockers(1)
    with pytest.raises(PlanError, match="windows"):
        plan_lockers(replace(task, closes=np.array([400.0, 0, 0, 0, 0, 400]), capacity=0), windows=True)


def _charging(seed: int) -> ChargingTask:
    rng = np.random.default_rng(seed)
    places = rng.random((5, 2)) * 50
    opens = np.array([0, 0, *rng.integers(0, 100, 3)], float)
    return ChargingTask(
        lengths=np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)),
        stations=1,
        demand=np.array([0, 0, 1.0, 1, 1]),
        opens=opens,
        closes=np.array([1000, 1000, *(opens[2:] + 150)]),
        service=np.array([0, 0, 5.0, 5, 5]),
        battery=110.0,
        load=2.0,
        consumption=1.0,
        charging=0.5,
        speed=1.0,
    )


def _routes(task: ChargingTask) -> dict[frozenset[int], float]:
    """Return the length of the shortest route to each set of customers, charging at most once between any two stops."""
    found: dict[frozenset[int], float] = {}
    for count in (1, 2, 3):
        for order in permutations((2, 3, 4), count):
            for stations in product((False, True), repeat=count + 1):
                way = [0]
                for site, charged in zip((*order, 0), stations, strict=True):
                    way += [1, site] if charged else [site]
                time, battery, length = 0.0, task.battery, 0.0
                for here, there in pairwise(way):
                    leg = task.lengths[here, there]
                    time, battery, length = max(time + leg, task.opens[there]), battery - leg, length + leg
                    if battery < 0 or time > task.closes[there]:
                        break
                    time += task.service[there]
                    if there == 1:
                        time, battery = time + task.charging * (task.battery - battery), task.battery
                else:
                    if task.demand[list(order)].sum() <= task.load:
                        found[frozenset(order)] = min(found.get(frozenset(order), np.inf), length)
    return found


@pytest.mark.parametrize("seed", range(10))
def test_charging_routes_are_the_best_there_are(seed: int) -> None:
    """Vehicles and length are those of the best way to share customers among routes."""
    task = _charging(seed)
    routes = _routes(task)
    pieces = list(routes)
    best = (99, np.inf)
    for chosen in product((False, True), repeat=len(pieces)):
        taken = [piece for piece, take in zip(pieces, chosen, strict=True) if take]
        if sorted(x for piece in taken for x in piece) == [2, 3, 4]:
            best = min(best, (len(taken), sum(routes[piece] for piece in taken)))
    if best[0] == 99:
        with pytest.raises(PlanError):
            plan_charging(task)
        return
    plan = plan_charging(task)
    assert len(plan.routes) == best[0]
    assert plan.distance == pytest.approx(best[1])
    assert plan.distance == pytest.approx(sum(task.lengths[leg] for route in plan.routes for leg in pairwise(route)))


def test_too_many_customers_are_told() -> None:
    """Beyond what all sets can be tried for, it is said so."""
    task = _charging(0)
    with pytest.raises(PlanError, match="customers"):
        plan_charging(replace(task, lengths=np.zeros((20, 20))))
