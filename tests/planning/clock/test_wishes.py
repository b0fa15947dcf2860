"""Tests of routes timed by what coming early, coming late and being on duty cost, against a linear program."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plain import HOUR, changed, configured, group, option_of, order, plain
from scipy.optimize import linprog

from doorstep.demand.order import Window
from doorstep.planning.draft import Given
from doorstep.planning.problem import MONEY, Problem
from doorstep.planning.task.tables import tabulate


def random_route(seed: int, *, paid: bool = False) -> tuple[Problem, list[int]]:
    """Return a problem with soft and hard windows, and a row of its options in one, two or three trips."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6))
    orders = []
    for k in range(n):
        opens = float(rng.integers(0, 4)) * HOUR + 7 * HOUR
        hard = Window(opens, opens + 9 * HOUR) if rng.random() < 0.5 else Window(0, 20 * HOUR)
        promise_s = 8 * HOUR + float(rng.integers(0, 18000))
        x, y = (float(z) for z in rng.integers(-4000, 4000, 2))
        ready_s = 8 * HOUR + float(rng.integers(0, 3600))
        orders.append(order(f"o{k}", x, y, window=hard, promise_s=promise_s, ready_s=ready_s))
    scenario = configured(plain(tuple(orders)), group("van", 1, "door"))
    scenario = changed(scenario, "van", max_speed_mps=5.0)
    scenario = replace(scenario, work=replace(scenario.work, break_after_s=0, break_s=0, shift_s=13 * HOUR))
    problem = tabulate(scenario, "only")
    costs = rng.integers(0, 5, 4) * MONEY // 600
    fleet = replace(problem.fleets[0], duty_cost=int(costs[0]), away_cost=int(costs[1]), kwh_cost=0)
    if paid:
        least_s, after_s, dearer = rng.integers((0, 1, 0), (4, 6, 3)).tolist()
        fleet = replace(fleet, paid_least_s=3600 * least_s, overtime_after_s=3600 * after_s)
        fleet = replace(fleet, overtime_cost=dearer * MONEY // 600)
    wanted_s = problem.ready_s + rng.integers(0, 18000, n)
    row = [-1]
    for k, who in enumerate(rng.permutation(n).tolist()):
        row += [-1] if k and rng.random() < 0.4 else []
        row.append(option_of(problem, f"o{who}", "door"))
    late, early = int(costs[2]), int(costs[3]) + MONEY // 900
    return replace(problem, fleets=(fleet,), wanted_s=wanted_s, early_cost=early, late_cost=late), row


def least_cost(problem: Problem, row: list[int]) -> float | None:
    """Return what a row costs at its best times, found by a linear program; none where it breaks a rule."""
    fleet, cost, rows, bounds = problem.fleets[0], [], [], []

    def variable(low: float, high: float | None, price: float) -> int:
        bounds.append((low, high))
        cost.append(price)
        return len(cost) - 1

    def at_least(later: int, sooner: int, gap: float) -> None:
        rows.append(({sooner: 1.0, later: -1.0}, -gap))

    fixed, heads, site, last = fleet.vehicle_cost, [], fleet.hub, -1
    ready = [
        max(int(problem.ready_s[problem.option_order[o]]) for o in _trip(row, k)) for k, o in enumerate(row) if o < 0
    ]
    for k, option in enumerate(row):
        if option < 0:
            load = variable(max(fleet.open_s, ready[len(heads)] - fleet.load_s), fleet.close_s, -fleet.away_cost)
            if heads:
                at_least(load, heads[-1][1], fleet.turnaround_s)
            heads.append([load, -1])
            last, gap, site = load, fleet.load_s, fleet.hub
            fixed += fleet.trip_cost - fleet.away_cost * fleet.load_s
            continue
        here = int(problem.option_site[option])
        way = int(fleet.duration_s[site, here]) + int(fleet.setup_s[option])
        start = variable(int(problem.option_open_s[option]), int(problem.option_close_s[option]), 0)
        at_least(start, last, gap + way)
        who, service = problem.option_order[option], int(fleet.service_s[option])
        late, early = variable(0, None, problem.late_cost), variable(0, None, problem.early_cost)
        rows.append(({start: 1.0, late: -1.0}, float(problem.promise_s[who]) - service))
        rows.append(({start: -1.0, early: -1.0}, service - float(problem.wanted_s[who])))
        fixed += int(fleet.distance_m[site, here]) * fleet.metre_cost + fleet.stop_cost * (site != here)
        last, gap, site = start, service, here
        if k + 1 == len(row) or row[k + 1] < 0:
            back = variable(0, fleet.close_s, fleet.away_cost)
            at_least(back, last, gap + int(fleet.duration_s[site, fleet.hub]))
            fixed += int(fleet.distance_m[site, fleet.hub]) * fleet.metre_cost
            heads[-1][1] = back
    paid = variable(fleet.paid_least_s, fleet.shift_s, fleet.duty_cost)
    over = variable(0, None, fleet.overtime_cost)
    duty = {heads[-1][1]: 1.0, heads[0][0]: -1.0}
    rows += [({**duty, paid: -1.0}, 0.0), ({**duty, over: -1.0}, float(fleet.overtime_after_s))]
    matrix = np.zeros((len(rows), len(cost)))
    for k, (terms, _) in enumerate(rows):
        for v, factor in terms.items():
            matrix[k, v] = factor
    found = linprog(np.array(cost, float) / MONEY, matrix, [bound for _, bound in rows], bounds=bounds, method="highs")
    return fixed / MONEY + float(found.fun) if found.status == 0 else None


def _trip(row: list[int], k: int) -> list[int]:
    """Return the options of the trip that opens at a position."""
    end = next((j for j in range(k + 1, len(row)) if row[j] < 0), len(row))
    return row[k + 1 : end]


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_times_cost_least(first: int) -> None:
    """Fifty random routes cost what a linear program finds to be the least for their times."""
    for seed in range(first, first + 50):
        problem, row = random_route(seed)
        rule, _, _, cost, _ = Given(problem).time(0, row)
        least = least_cost(problem, row)
        assert (rule == 0) == (least is not None), seed
        if least is not None:
            assert cost / MONEY == pytest.approx(least, abs=1e-4), seed


def test_paid_hours_never_make_times_impossible() -> None:
    """With some hours paid at the least and overtime, routes cost no less than the least, and seldom more."""
    dearer = 0
    for seed in range(100):
        problem, row = random_route(seed, paid=True)
        rule, _, _, cost, _ = Given(problem).time(0, row)
        least = least_cost(problem, row)
        assert (rule == 0) == (least is not None), seed
        if least is not None:
            assert cost / MONEY >= least - 1e-4, seed
            dearer += cost / MONEY > least + 1e-4
    assert dearer <= 10
