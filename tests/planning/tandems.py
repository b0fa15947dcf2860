"""Small tandem problems at random, and all rows of tasks that there are for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.tandem import Act, TandemProblem
from doorstep.planning.tandem.timeline import plan_of_row, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.tandem import TandemPlan

    Tasks = tuple[tuple[Act, int], ...]


def drawn(seed: int, customers: int, **options: object) -> TandemProblem:
    """Return a problem with launches, stays and an endurance that binds now and then."""
    rng = np.random.default_rng(seed)
    places = rng.random((customers + 1, 2)) * 100
    legs = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    by_drone = rng.random(customers + 1) < 0.8
    given = {
        "van_s": legs * rng.uniform(1, 1.4, legs.shape),
        "out_s": legs * 0.6,
        "van_stay_s": rng.integers(0, 2) * 6.0,
        "drone_stay_s": 4.0,
        "launch_s": 3.0,
        "recover_s": 2.0,
        "out_j": legs,
        "back_j": legs * 0.8,
        "wait_w": float(rng.integers(0, 2)),
        "battery_j": rng.choice([90.0, 160.0, np.inf]),
        "by_drone": by_drone,
        "may_return": bool(rng.integers(0, 2)),
    }
    return TandemProblem.of(**(given | options))  # type: ignore[arg-type]


def all_tasks(problem: TandemProblem) -> Iterator[Tasks]:
    """Yield every order in which the crew might do things, each customer a stop once or flown to once."""
    yield from _ways(problem, (), 0, frozenset(range(1, problem.sites)), frozenset(), True)


def _ways(
    problem: TandemProblem, done: Tasks, at: int, left: frozenset[int], away: frozenset[int], served: bool
) -> Iterator[Tasks]:
    if served and not left:
        home = done if at == 0 and done else (*done, (Act.DRIVE, 0))
        yield from _taken_in(home, away)
    if not served:
        yield from _ways(problem, (*done, (Act.SERVE, at)), at, left, away, True)
    else:
        for x in left:
            yield from _ways(problem, (*done, (Act.DRIVE, x)), x, left - {x}, away, False)
    if len(away) < problem.drones:
        for x in left:
            yield from _ways(problem, (*done, (Act.LAUNCH, x)), at, left - {x}, away | {x}, served)
    for x in away:
        yield from _ways(problem, (*done, (Act.RECOVER, x)), at, left, away - {x}, served)


def _taken_in(done: Tasks, away: frozenset[int]) -> Iterator[Tasks]:
    if not away:
        yield done
    for x in away:
        yield from _taken_in((*done, (Act.RECOVER, x)), away - {x})


def best_of_all(problem: TandemProblem) -> TandemPlan | None:
    """Return the cheapest plan of all."""
    plans = (plan_of_row(problem, row_of(problem, tasks)) for tasks in all_tasks(problem))
    return min((plan for plan in plans if plan and not plan.unserved), key=lambda plan: plan.cost, default=None)
