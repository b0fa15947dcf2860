"""Timeline: a row of tasks as a plan with times, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.tandem.layout import (
    BESIDE,
    DRIVE,
    LAUNCH,
    NOBODY,
    RECOVER,
    SERVE,
    UNSERVED_COST,
    clock_for,
    ground_of,
)  # fmt: skip
from doorstep.planning.tandem.plan import Act, Shuttle, Sortie, TandemPlan, Task
from doorstep.planning.tandem.timing import timed_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.tandem.layout import Clock
    from doorstep.planning.tandem.problem import TandemProblem

ROUNDS = 1_000
"""How often launches may be held back before a row is given up."""
ACTS = {DRIVE: Act.DRIVE, SERVE: Act.SERVE, LAUNCH: Act.LAUNCH, RECOVER: Act.RECOVER}
_KINDS = {act: kind for kind, act in ACTS.items()}


def row_of(problem: TandemProblem, tasks: Iterable[tuple[Act, int]]) -> NDArray[np.int64]:
    """Return the row of tasks (what, for which customer), in order, as `layout` says."""
    return np.array([_KINDS[act] * problem.sites + customer for act, customer in tasks], np.int64)


def plan_of_row(
    problem: TandemProblem,
    row: NDArray[np.int64],
    beside: Mapping[int, int] | Iterable[int] = (),
    *,
    optimal: bool = False,
    method: str = "",
) -> TandemPlan | None:
    """Return the plan of a row, every task as early as may be; None where the row breaks a rule.

    `beside` are the customers served by flights from the depot, with the drone of each where it is a mapping; else
    longest flights go first, each to the drone that is free first.
    """
    g, clock = ground_of(problem), clock_for(problem)
    clock.who[list(beside)] = BESIDE
    cost = timed_row(g, clock, row, len(row), ROUNDS)
    if not np.isfinite(cost):
        return None
    missing = [x for x in range(1, problem.sites) if clock.who[x] == NOBODY]
    tasks, sorties = _tasks(problem, row, clock)
    greedy = {x: int(clock.aside_by[x]) for x in beside}
    shuttles = _shuttles(problem, beside if isinstance(beside, Mapping) else greedy)
    makespan = max([tasks[-1].end_s if tasks else 0.0, *(shuttle.end_s for shuttle in shuttles)])
    saved = problem.second_cost * (float(clock.makespan_s[0]) - makespan)
    return TandemPlan(
        tasks=tasks,
        sorties=sorties,
        shuttles=shuttles,
        unserved=tuple(missing),
        makespan_s=makespan,
        cost=float(cost - UNSERVED_COST * len(missing) - saved),
        optimal=optimal and not missing,
        method=method,
    )


def _tasks(problem: TandemProblem, row: NDArray[np.int64], clock: Clock) -> tuple[tuple[Task, ...], tuple[Sortie, ...]]:
    """Return what the van does, and what its drones do between launch and taking in.

    Drones are told apart only here: the one that has been on board longest flies next.
    """
    site, tasks, sorties, aboard = 0, [], [], list(range(problem.drones))
    under_way: dict[int, tuple[int, int]] = {}
    for k, token in enumerate(row.tolist()):
        kind, customer = divmod(token, problem.sites)
        if kind == DRIVE:
            site = customer
        task = Task(ACTS[kind], site, customer, float(clock.begin_s[k]), float(clock.end_s[k]))
        tasks.append(task)
        if kind == LAUNCH:
            under_way[customer] = (aboard.pop(0), site)
        elif kind == RECOVER:
            drone, launch_site = under_way.pop(customer)
            aboard.append(drone)
            handover = float(clock.handover_s[customer])
            sorties.append(
                Sortie(
                    drone=drone,
                    customer=customer,
                    launch_site=launch_site,
                    recover_site=site,
                    takeoff_s=float(clock.takeoff_s[customer]),
                    handover_s=handover,
                    leave_s=handover + float(problem.drone_stay_s[customer]),
                    back_s=float(clock.ready_s[customer]),
                    landed_s=task.begin_s,
                    energy_j=float(clock.energy_j[customer]),
                )
            )
    return tuple(tasks), tuple(sorted(sorties, key=lambda sortie: sortie.takeoff_s))


def _shuttles(problem: TandemProblem, drones: Mapping[int, int]) -> tuple[Shuttle, ...]:
    """Return the flights from the depot, longest first, each as soon as its drone is back."""
    free, made = [0.0] * problem.beside, []
    for customer in sorted(drones, key=lambda customer: (-problem.beside_s[customer], customer)):
        drone = drones[customer]
        begin, free[drone] = free[drone], free[drone] + float(problem.beside_s[customer])
        made.append(Shuttle(drone, customer, begin, free[drone]))
    return tuple(made)
