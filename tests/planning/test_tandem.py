"""Tests of vans with drones: exact methods against all plans there are, the search, and what must always hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tandems import best_of_all, drawn

from doorstep.errors import InputError
from doorstep.planning.tandem import Act, TandemProblem, breaches, solve_tandem
from doorstep.planning.tandem.timeline import plan_of_row, row_of

SQUARE = np.array([[0.0, 10, 14, 10], [10, 0, 10, 14], [14, 10, 0, 10], [10, 14, 10, 0]])


@pytest.mark.parametrize("seed", range(25))
def test_one_drone_is_planned_as_well_as_can_be(seed: int) -> None:
    """Dynamic programming finds the makespan of the best of all orders of tasks, and a plan that keeps the rules."""
    problem = drawn(seed, 3 + seed % 2)
    found, best = solve_tandem(problem), best_of_all(problem)
    assert best is not None
    assert found.optimal
    assert breaches(problem, found) == ()
    assert found.makespan_s == pytest.approx(best.makespan_s)


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_what_is_best_of_all(seed: int) -> None:
    """Annealing matches the best of all plans, of one drone and of two, by makespan and by cost."""
    costs = (
        {"second_cost": 0.5, "van_cost": SQUARE, "out_cost": SQUARE * 0.2, "back_cost": 0.0} if seed % 3 == 0 else {}
    )
    problem = drawn(seed, 3, drones=1 + seed % 2, **costs)
    found, best = solve_tandem(problem, steps=60_000, seed=seed, exact=False), best_of_all(problem)
    assert best is not None
    assert breaches(problem, found) == ()
    assert found.cost == pytest.approx(best.cost)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), alpha=st.sampled_from([1.0, 2.0, 3.0]))
def test_a_drone_saves_no_more_than_its_speed(seed: int, alpha: float) -> None:
    """With nothing but flights, TSP / (1 + alpha) <= TSP-D <= TSP, alpha being how much faster the drone is."""
    places = np.random.default_rng(seed).random((7, 2))
    legs = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    alone = solve_tandem(TandemProblem.of(legs, drones=0)).makespan_s
    both = solve_tandem(TandemProblem.of(legs, legs / alpha)).makespan_s
    again = solve_tandem(TandemProblem.of(legs, legs / alpha, may_revisit=True)).makespan_s
    assert alone / (1 + alpha) - 1e-9 <= again <= both + 1e-9
    assert both <= alone + 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_more_drones_are_never_worse(seed: int) -> None:
    """The best of all plans with two drones takes no longer than with one, and with one no longer than with none."""
    makespans = []
    for drones in range(3):
        best = best_of_all(drawn(seed, 3, drones=drones, by_van=True))
        assert best is not None
        makespans.append(best.makespan_s)
    assert makespans == sorted(makespans, reverse=True)


@pytest.mark.parametrize("seed", range(6))
def test_flights_from_the_depot_are_shared_out_as_well_as_can_be(seed: int) -> None:
    """Van and drones at the depot are back no later than in any way of giving customers to them."""
    rng = np.random.default_rng(seed)
    places = rng.random((6, 2)) * 50
    legs = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    flights = np.where(rng.random(6) < 0.8, legs[0] * 1.5, np.inf)
    problem = TandemProblem.of(legs, drones=0, beside=2, beside_s=flights, by_drone=False)
    found = solve_tandem(problem)
    assert found.optimal
    assert breaches(problem, found) == ()
    best, tours = np.inf, {}
    for ways in np.ndindex(*[3] * 5):
        loads, driven = np.zeros(2), [0]
        for x, way in enumerate(ways, start=1):
            if way == 2:
                driven.append(x)
            else:
                loads[way] += flights[x]
        if tuple(driven) not in tours:
            tours[tuple(driven)] = solve_tandem(TandemProblem.of(legs[np.ix_(driven, driven)], drones=0)).makespan_s
        best = min(best, max(tours[tuple(driven)], loads.max()))
    assert found.makespan_s == pytest.approx(best)
    annealed = solve_tandem(problem, exact=False, steps=60_000)
    assert annealed.makespan_s == pytest.approx(best)
    assert breaches(problem, annealed) == ()


def test_a_launch_is_held_back_where_the_drone_would_wait_too_long() -> None:
    """The drone leaves later, not the plan: the van waits for the other drone anyway."""
    problem = TandemProblem.of(
        SQUARE, SQUARE, drones=2, out_j=0.0, back_j=0.0, wait_w=1.0, battery_j=3.0, drone_stay_s=[0, 0, 20, 0]
    )
    tasks = [(Act.LAUNCH, 2), (Act.LAUNCH, 3), (Act.DRIVE, 1), (Act.SERVE, 1), (Act.RECOVER, 2), (Act.RECOVER, 3)]
    row = row_of(problem, [*tasks, (Act.DRIVE, 0)])
    plan = plan_of_row(problem, row)
    assert plan is not None
    assert breaches(problem, plan) == ()
    by = {sortie.customer: sortie for sortie in plan.sorties}
    assert by[3].landed_s - by[3].back_s <= 3.0 + 1e-6
    assert by[3].takeoff_s == pytest.approx(17)
    assert plan.makespan_s == pytest.approx(14 + 20 + 10 + 10)


def test_a_row_that_breaks_a_rule_is_no_plan() -> None:
    """Served elsewhere, launched without a drone, taken in unlaunched, away at the end: none of these is a plan."""
    problem = TandemProblem.of(SQUARE)
    for tasks in (
        [(Act.SERVE, 1), (Act.DRIVE, 0)],
        [(Act.LAUNCH, 1), (Act.LAUNCH, 2), (Act.DRIVE, 3), (Act.RECOVER, 1), (Act.RECOVER, 2), (Act.DRIVE, 0)],
        [(Act.RECOVER, 1), (Act.DRIVE, 0)],
        [(Act.LAUNCH, 1), (Act.DRIVE, 2), (Act.SERVE, 2), (Act.DRIVE, 0)],
        [(Act.DRIVE, 1), (Act.SERVE, 1)],
    ):
        assert plan_of_row(problem, row_of(problem, tasks)) is None


def test_windows_are_kept_and_who_fits_nowhere_is_told() -> None:
    """Handovers begin within their windows; a customer whose window nobody can meet is left out by name."""
    problem = TandemProblem.of(SQUARE, opens_s=[0, 50, 0, 0], closes_s=[1e9, 60, 1, 30])
    plan = solve_tandem(problem, steps=20_000)
    assert plan.unserved == (2,)
    assert not plan.optimal
    assert breaches(problem, plan) == ()


def test_the_same_seed_gives_the_same_plan() -> None:
    """Two searches with one seed and as many steps are alike to the last digit."""
    problem = drawn(3, 8, drones=2)
    first = solve_tandem(problem, steps=20_000, seed=5)
    assert first == solve_tandem(problem, steps=20_000, seed=5)


def test_a_larger_problem_is_planned_within_the_rules() -> None:
    """Forty customers, four drones: nothing is broken, nobody left out, the van alone is beaten."""
    problem = drawn(7, 40, drones=3, battery_j=120.0, beside=1, beside_s=150.0)
    plan = solve_tandem(problem, steps=60_000)
    alone = solve_tandem(replace(problem, drones=0, beside=0), steps=60_000)
    assert breaches(problem, plan) == ()
    assert plan.unserved == ()
    assert plan.makespan_s < alone.makespan_s


def test_no_customer_at_all_is_a_plan_of_nothing() -> None:
    """A depot alone needs no time."""
    plan = solve_tandem(TandemProblem.of([[0.0]]))
    assert (plan.makespan_s, plan.unserved) == (0.0, ())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"van_s": [[0.0, 1]]}, "square"),
        ({"out_s": np.zeros((3, 3))}, "shape"),
        ({"launch_s": -1.0}, "0 or more"),
        ({"van_stay_s": np.inf}, "0 or more"),
        ({"drones": -1}, "0 or more"),
        ({"battery_j": np.nan}, "0 or more"),
        ({"by_van": False, "by_drone": False}, "neither"),
    ],
)
def test_bad_tables_are_told(options: dict[str, object], words: str) -> None:
    """What is wrong with a table is said, with its name."""
    with pytest.raises(InputError, match=words):
        TandemProblem.of(**({"van_s": SQUARE} | options))  # type: ignore[arg-type]


def test_bad_effort_is_told() -> None:
    """Steps below 0 and no time at all are no effort."""
    for effort in ({"steps": -1}, {"seconds": 0.0}, {"seed": -1}):
        with pytest.raises(InputError):
            solve_tandem(TandemProblem.of(SQUARE), **effort)  # type: ignore[arg-type]
