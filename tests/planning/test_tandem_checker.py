"""Tests of the checker of tandem plans: every rule is broken once, and each time it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.planning.tandem import Act, TandemPlan, TandemProblem, breaches
from doorstep.planning.tandem.timeline import plan_of_row, row_of

if TYPE_CHECKING:
    from collections.abc import Callable

LEGS = np.array([[0.0, 10, 14, 10, 7], [10, 0, 10, 14, 7], [14, 10, 0, 10, 7], [10, 14, 10, 0, 7], [7, 7, 7, 7, 0]])
PROBLEM = TandemProblem.of(
    LEGS, LEGS / 2, van_stay_s=2.0, drone_stay_s=1.0, launch_s=1.0, recover_s=1.0, out_j=LEGS, back_j=LEGS, wait_w=1.0,
    battery_j=50.0, may_return=False, beside=1, beside_s=20.0, van_cost=LEGS, out_cost=1.0, back_cost=1.0,
)  # fmt: skip
TASKS = [
    (Act.DRIVE, 1), (Act.SERVE, 1), (Act.LAUNCH, 2), (Act.DRIVE, 3), (Act.SERVE, 3), (Act.RECOVER, 2), (Act.DRIVE, 0),
]  # fmt: skip


def good() -> TandemPlan:
    plan = plan_of_row(PROBLEM, row_of(PROBLEM, TASKS), [4])
    assert plan is not None
    return plan


def _task(plan: TandemPlan, k: int, **changes: object) -> TandemPlan:
    tasks = list(plan.tasks)
    tasks[k] = replace(tasks[k], **changes)
    return replace(plan, tasks=tuple(tasks))


def _sortie(plan: TandemPlan, **changes: object) -> TandemPlan:
    return replace(plan, sorties=(replace(plan.sorties[0], **changes),))


MUTANTS: dict[str, Callable[[TandemProblem, TandemPlan], tuple[TandemProblem, TandemPlan]]] = {
    "served": lambda p, plan: (p, replace(plan, shuttles=())),
    "crew": lambda p, plan: (p, _task(plan, 1, begin_s=8.0, end_s=10.0)),
    "drive": lambda p, plan: (p, _task(plan, 3, begin_s=plan.tasks[3].begin_s + 3)),
    "handover": lambda p, plan: (p, _task(plan, 1, end_s=plan.tasks[1].end_s - 1)),
    "launch": lambda p, plan: (p, _task(plan, 2, begin_s=plan.tasks[2].begin_s + 0.5)),
    "recover": lambda p, plan: (p, _task(plan, 5, end_s=plan.tasks[5].end_s - 0.5)),
    "window": lambda p, plan: (replace(p, closes_s=np.array([9e9, 9, 9e9, 9e9, 9e9])), plan),
    "eligible": lambda p, plan: (replace(p, by_drone=np.array([True, True, False, True, True])), plan),
    "flight": lambda p, plan: (p, _sortie(plan, handover_s=plan.sorties[0].handover_s - 2)),
    "endurance": lambda p, plan: (replace(p, battery_j=15.0), plan),
    "drones": lambda p, plan: (replace(p, drones=0), plan),
    "meeting": lambda p, plan: (replace(p, meets=np.array([True, False, True, True, True])), plan),
    "beside": lambda p, plan: (replace(p, beside_s=np.full(5, 30.0)), plan),
    "makespan": lambda p, plan: (p, replace(plan, makespan_s=plan.makespan_s - 5)),
    "cost": lambda p, plan: (p, replace(plan, cost=plan.cost - 5)),
}


def test_a_good_plan_breaks_nothing() -> None:
    """The plan that all mutants come from keeps every rule."""
    assert breaches(PROBLEM, good()) == ()


@pytest.mark.parametrize("rule", MUTANTS)
def test_a_broken_rule_is_told(rule: str) -> None:
    """A plan broken in just one way is reported by the name of the rule."""
    assert rule in {breach.rule for breach in breaches(*MUTANTS[rule](PROBLEM, good()))}


def test_coming_back_to_the_same_stop_is_told() -> None:
    """A drone that is taken in where it was launched breaks a rule, unless it may return."""
    problem = replace(PROBLEM, may_return=True, beside=0)
    tasks = [(Act.DRIVE, 1), (Act.SERVE, 1), (Act.LAUNCH, 2), (Act.RECOVER, 2), (Act.DRIVE, 0)]
    plan = plan_of_row(problem, row_of(problem, tasks))
    assert plan is not None
    assert breaches(problem, plan) == ()
    assert {"same-stop"} == {breach.rule for breach in breaches(replace(problem, may_return=False), plan)}


def test_coming_by_twice_is_told() -> None:
    """A van that drives to a customer again breaks a rule, unless it may."""
    problem = replace(PROBLEM, may_revisit=True, beside=0)
    tasks = [(Act.DRIVE, 1), (Act.SERVE, 1), (Act.DRIVE, 3), (Act.SERVE, 3), (Act.DRIVE, 1), (Act.DRIVE, 0)]
    plan = plan_of_row(problem, row_of(problem, tasks))
    assert plan is not None
    assert breaches(problem, plan) == ()
    assert {"revisit"} == {breach.rule for breach in breaches(replace(problem, may_revisit=False), plan)}


def test_one_drone_on_two_flights_is_told() -> None:
    """Two sorties at a time need two drones."""
    problem = replace(PROBLEM, drones=2, beside=0)
    tasks = [
        (Act.LAUNCH, 2), (Act.LAUNCH, 4), (Act.DRIVE, 1), (Act.SERVE, 1), (Act.RECOVER, 4), (Act.RECOVER, 2),
        (Act.DRIVE, 0),
    ]  # fmt: skip
    plan = plan_of_row(problem, row_of(problem, tasks))
    assert plan is not None
    assert breaches(problem, plan) == ()
    twice = replace(plan, sorties=tuple(replace(sortie, drone=0) for sortie in plan.sorties))
    assert {"drones"} == {breach.rule for breach in breaches(problem, twice)}
