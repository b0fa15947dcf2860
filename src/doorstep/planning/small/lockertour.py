"""LockerTour: one tour that serves customers at home or leaves their parcels in lockers, to which they walk."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import PlanError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCALE = 100
"""Whole numbers in one unit of length: the published tables have two decimals."""


@dataclass(frozen=True, slots=True)
class LockerTour:
    """Site 0 is the depot, then come the customers, then the lockers; lengths and times are one."""

    lengths: NDArray[np.float64]
    """[sites, sites]"""
    customers: int
    radius: NDArray[np.float64]
    """[lockers] how far a customer's home may be."""
    capacity: int
    """Parcels of one locker."""
    opens: NDArray[np.float64]
    """[sites]"""
    closes: NDArray[np.float64]
    """[sites]"""
    walk_share: float = 0.5
    """What a unit of a customer's way to a locker costs beside one of the tour."""


@dataclass(frozen=True, slots=True)
class LockerPlan:
    """A tour, and who goes to which locker."""

    stops: tuple[int, ...]
    """From depot to depot."""
    users: tuple[tuple[int, int], ...]
    """Customers who fetch their parcel, each with the site of the locker."""
    travel: float
    walk: float
    """Ways of all users together."""
    cost: float
    optimal: bool


def plan_lockers(task: LockerTour, *, windows: bool = False, seconds: float = 60.0, seed: int = 0) -> LockerPlan:
    """Return the cheapest plan, by CP-SAT: tour plus a share of the users' ways (doi:10.1007/s00500-021-06592-6).

    A locker in use is a stop of the tour. Windows of homes, lockers and depot are kept where `windows`.

    Raises
    ------
    PlanError
        Where there is no plan, or none was found in time.
    """
    from ortools.sat.python import cp_model

    model: Any = cp_model.CpModel()
    whole = np.rint(task.lengths * SCALE).astype(np.int64)
    sites, homes = len(whole), range(1, task.customers + 1)
    arcs = {(i, j): model.new_bool_var("") for i in range(sites) for j in range(sites) if i != j}
    away = {i: model.new_bool_var("") for i in range(1, sites)}
    model.add_circuit([(i, j, arc) for (i, j), arc in arcs.items()] + [(i, i, no) for i, no in away.items()])
    uses = {
        (home, locker): model.new_bool_var("")
        for locker, radius in enumerate(task.radius, start=task.customers + 1)
        for home in homes
        if task.lengths[home, locker] <= radius
    }
    for home in homes:
        model.add_exactly_one([away[home].negated(), *(use for (who, _), use in uses.items() if who == home)])
    for locker in range(task.customers + 1, sites):
        own = [use for (_, where), use in uses.items() if where == locker]
        model.add(sum(own) <= task.capacity)
        # No way is cheaper by way of a locker that nobody uses, where lengths keep the triangle inequality.
        for use in own:
            model.add_implication(use, away[locker].negated())
    if windows:
        _keep_windows(model, task, whole, arcs)
    walk = round(task.walk_share * SCALE)
    travel = sum(int(whole[arc]) * SCALE * used for arc, used in arcs.items())
    model.minimize(travel + sum(int(whole[pair]) * walk * use for pair, use in uses.items()))
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, seed
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        never = status in {cp_model.INFEASIBLE, cp_model.MODEL_INVALID}
        why = "no tour keeps the windows" if never else f"no tour found in {seconds:g} s"
        raise PlanError(why)
    following = {i: j for (i, j), used in arcs.items() if solver.value(used)}
    stops = [0]
    while following and (len(stops) == 1 or stops[-1]):
        stops.append(following[stops[-1]])
    users = tuple(pair for pair, use in uses.items() if solver.value(use))
    driven = float(sum(task.lengths[leg] for leg in pairwise(stops)))
    walked = float(sum(task.lengths[pair] for pair in users))
    cost = driven + task.walk_share * walked
    return LockerPlan(tuple(stops), users, driven, walked, cost, status == cp_model.OPTIMAL)


def _keep_windows(model: Any, task: LockerTour, whole: NDArray[np.int64], arcs: dict[tuple[int, int], Any]) -> None:
    """Let every stop begin within its window, and no sooner than the way from the last one takes."""
    opens, closes = (np.rint(times * SCALE).astype(np.int64) for times in (task.opens, task.closes))
    begin = [model.new_int_var(int(low), int(high), "") for low, high in zip(opens, closes, strict=True)]
    for (i, j), used in arcs.items():
        if j == 0:
            model.add(begin[i] + int(whole[i, 0]) <= int(closes[0])).only_enforce_if(used)
        elif opens[i] + whole[i, j] > closes[j]:
            model.add(used == 0)
        else:
            model.add(begin[j] >= begin[i] + int(whole[i, j])).only_enforce_if(used)
