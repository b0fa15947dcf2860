"""Layout: the tables of a tandem problem and the row of tasks of a plan, as compiled loops take them.

A plan is one row of whole numbers, `kind * sites + site`, in the order in which the van's crew does things: drive to a
customer, serve it, launch a drone with a customer's parcel, take that drone in. Whatever stands between two drives is
done at one stop. The row ends with the drive to the depot and what is taken in there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from doorstep.network.addresses import by_address

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.tandem.problem import TandemProblem

DRIVE, SERVE, LAUNCH, RECOVER = range(4)
"""Kinds of tasks."""
NOBODY, VAN, DRONE, BESIDE = range(4)
"""Who serves a customer."""
UNSERVED_COST = 1e9
"""Cost of a customer whom nobody serves: above any plan's."""


@by_address
class Ground(NamedTuple):
    """The tables of a problem, for compiled loops."""

    van_s: NDArray[np.float64]
    out_s: NDArray[np.float64]
    back_s: NDArray[np.float64]
    van_stay_s: NDArray[np.float64]
    drone_stay_s: NDArray[np.float64]
    launch_s: NDArray[np.float64]
    recover_s: NDArray[np.float64]
    out_j: NDArray[np.float64]
    back_j: NDArray[np.float64]
    by_van: NDArray[np.bool_]
    by_drone: NDArray[np.bool_]
    meets: NDArray[np.bool_]
    opens_s: NDArray[np.float64]
    closes_s: NDArray[np.float64]
    beside_s: NDArray[np.float64]
    van_cost: NDArray[np.float64]
    out_cost: NDArray[np.float64]
    back_cost: NDArray[np.float64]
    numbers: NDArray[np.float64]
    """[7] as WAIT_W and the following say."""
    near: NDArray[np.int64]
    """[sites, sites - 1] the other sites, nearest first."""


WAIT_W, BATTERY_J, DRONES, MAY_RETURN, MAY_REVISIT, ASIDE, SECOND_COST = range(7)


@by_address
class Clock(NamedTuple):
    """What a row of tasks comes to, and room to find out; one number for each site unless said otherwise."""

    begin_s: NDArray[np.float64]
    """[room] when each task of the row begins."""
    end_s: NDArray[np.float64]
    """[room]"""
    takeoff_s: NDArray[np.float64]
    """By customer: when its drone has left the van."""
    handover_s: NDArray[np.float64]
    ready_s: NDArray[np.float64]
    """By customer: when its drone may be taken in."""
    energy_j: NDArray[np.float64]
    hold_s: NDArray[np.float64]
    """By customer: no launch ends before this, so that the drone need not wait longer than it can."""
    launched_at: NDArray[np.int64]
    launched_in: NDArray[np.int64]
    """By customer: the stop of its launch, counted; -1: not under way."""
    who: NDArray[np.int64]
    """By customer: who serves it."""
    aside_s: NDArray[np.float64]
    """[drones of the depot] when each is back."""
    aside_order: NDArray[np.int64]
    """Customers by the time of a flight from the depot, longest first."""
    aside_by: NDArray[np.int64]
    """By customer: which drone of the depot flies there."""
    makespan_s: NDArray[np.float64]
    """[1]"""


@by_address
class Search(NamedTuple):
    """Rows of tasks while better ones are looked for: the present one, one on trial, the best, one kept aside."""

    row: NDArray[np.int64]
    trial: NDArray[np.int64]
    best: NDArray[np.int64]
    kept: NDArray[np.int64]
    lengths: NDArray[np.int64]
    """[4] of the rows above."""
    aside: NDArray[np.int64]
    """[4, sites] whom the depot's own drones serve (1), for each of the rows."""
    costs: NDArray[np.float64]
    """[3] of the present row, the best, the one kept."""
    marks: NDArray[np.int64]
    """[2, sites] room: where a customer's tasks are."""
    drives: NDArray[np.int64]
    """[room] where the drives of a row are."""
    dice: NDArray[np.uint64]


ROW, TRIAL, BEST, KEPT = range(4)


def search_for(problem: TandemProblem, seed: int) -> Search:
    """Return a search that begins with a van that stays at the depot."""
    room, sites = room_for(problem), problem.sites
    dice = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    return Search(
        row=np.zeros(room, np.int64), trial=np.zeros(room, np.int64), best=np.zeros(room, np.int64),
        kept=np.zeros(room, np.int64), lengths=np.ones(4, np.int64), aside=np.zeros((4, sites), np.int64),
        costs=np.full(3, np.inf), marks=np.zeros((2, sites), np.int64), drives=np.zeros(room, np.int64), dice=dice,
    )  # fmt: skip


def ground_of(problem: TandemProblem) -> Ground:
    """Return a problem's tables for compiled loops."""
    nearness = np.minimum(problem.van_s, problem.van_s.T)
    nearness = np.minimum(nearness, np.minimum(problem.out_s, problem.back_s))
    order = np.argsort(nearness + np.diag(np.full(problem.sites, -1.0)), axis=1, kind="stable")[:, 1:]
    numbers = [
        problem.wait_w, problem.battery_j, problem.drones, problem.may_return, problem.may_revisit, problem.beside,
        problem.second_cost,
    ]  # fmt: skip
    own: dict[str, Any] = {"numbers": np.array(numbers, np.float64), "near": np.ascontiguousarray(order, np.int64)}
    return Ground(**{name: getattr(problem, name) for name in Ground._fields if name not in own}, **own)


def clock_for(problem: TandemProblem) -> Clock:
    """Return room for the times of a plan."""
    sites, room = problem.sites, room_for(problem)
    return Clock(
        begin_s=np.zeros(room), end_s=np.zeros(room), takeoff_s=np.zeros(sites), handover_s=np.zeros(sites),
        ready_s=np.zeros(sites), energy_j=np.zeros(sites), hold_s=np.zeros(sites),
        launched_at=np.full(sites, -1, np.int64), launched_in=np.full(sites, -1, np.int64),
        who=np.zeros(sites, np.int64), aside_s=np.zeros(max(problem.beside, 1)),
        aside_order=np.argsort(-problem.beside_s, kind="stable").astype(np.int64),
        aside_by=np.full(sites, -1, np.int64), makespan_s=np.zeros(1),
    )  # fmt: skip


def room_for(problem: TandemProblem) -> int:
    """Return how long a row of tasks may be: two for each customer, a second drive to some, the drive to the depot."""
    return 3 * problem.sites + 8
