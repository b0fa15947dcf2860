"""Rolling: a day planned in the course of it, at each decision anew from how things stand then.

What is under way goes on as it is (`freeze`): vehicles come back when they come back, what they hold in their batteries
and what lies in lockers stays there. The plan of the day is that of its last decision, which holds all before it.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Protocol

import numpy as np

from doorstep.planning.begun.known import only, options_of
from doorstep.planning.begun.locked import Locked, freeze
from doorstep.planning.plan import Plan, Unserved
from doorstep.planning.reasons import cut_off
from doorstep.planning.task.decisions import NEVER
from doorstep.scenario.scenario import Effort

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from doorstep.planning.begun.locked import Begun
    from doorstep.planning.plan import Trip
    from doorstep.planning.problem import Problem

Standing = tuple[Plan, "Mapping[tuple[int, int], int]", "NDArray[np.bool_]"]
"""A plan with its real times as far as they have come; vehicles that are out, by fleet and number, with when their last
trip ended; and of all [orders] which are settled without being in the plan."""
LEAST_WORK = 20
"""Units of it for a decision, be there ever so few orders to plan."""


class Search(Protocol):
    """A planner for one decision."""

    def __call__(
        self, problem: Problem, effort: Effort, seed: int, last: tuple[Problem, Plan] | None, locked: Locked, /
    ) -> Plan:
        """Return a plan of all that is known, what is locked as it is."""


class World(Protocol):
    """How things go while a plan is carried out."""

    def __call__(self, here: Problem, orders: NDArray[np.int64], plan: Plan, locked: Locked, now_s: int, /) -> Standing:
        """Return how things stand at a moment by a plan of some orders, of which something was locked."""


def in_course_of_day(problem: Problem, effort: Effort, seed: int, search: Search, world: World | None = None) -> Plan:
    """Return the plan that comes of planning at each of a problem's decisions what is known by then.

    Work is shared out by how many orders are there to be planned; `plan.solver["replans"]` says how often, and
    `replan_s` how long each took at the most. Orders that no decision knows are unserved, with the reason `cut-off`.
    Where there is a `world`, it tells how things stand at each decision, and once more when the day is over.
    """
    begun, told, known_s = time.monotonic(), list[Plan](), _known_s(problem)
    known = np.zeros(len(problem.order_ids), bool)
    here, locked, spent = only(problem, known), Locked(0), [0.0]
    plan: Plan | None = None
    for k, now_s in enumerate(problem.decisions_s):
        real, gone = plan, np.zeros(len(known), bool)
        out: Mapping[tuple[int, int], int] = {}
        if world and plan:
            real, out, gone = world(here, np.flatnonzero(known), plan, locked, now_s)
        known = (known_s <= now_s) & ~gone
        there = only(problem, known)
        if real is None:
            locked = Locked(now_s)
        else:
            fit = Locked(locked.now_s, tuple(one for one in locked.begun if (one.fleet, one.vehicle) not in out))
            locked = _without(here, freeze(there, real, now_s, of=here, before=fit), out)
        compiling_s = sum(_number(one, "compile_s") for one in told)
        left_s = effort.time_limit_s - (time.monotonic() - begun - compiling_s)
        work = _work(effort, there, locked, len(problem.order_ids))
        if left_s <= 0 or (told and told[-1].solver["stopped"] == "interrupted"):
            work = 0
        last: tuple[Problem, Plan] | None = (here, plan) if plan else None
        plan = search(there, Effort(work, max(left_s, 1.0)), seed + k, last, locked)
        told, here = [*told, plan], there
        spent.append(float(str(plan.solver["seconds"])))
    if plan is None:
        plan = search(here, effort, seed, None, Locked(0))
        told = [plan]
    if world:
        world(here, np.flatnonzero(known), plan, locked, NEVER)
    return _whole(problem, plan, known, _facts(told, effort, max(spent)), empty=world is not None)


def _without(problem: Problem, locked: Locked, out: Mapping[tuple[int, int], int]) -> Locked:
    """Return what is locked with vehicles that are out for the day: as if they had a rest until it is over."""
    return dataclasses.replace(locked, begun=tuple(_ended(problem, one, out) for one in locked.begun))


def _ended(problem: Problem, one: Begun, out: Mapping[tuple[int, int], int]) -> Begun:
    end_s = out.get((one.fleet, one.vehicle))
    if end_s is None:
        return one
    last = dataclasses.replace(one.trips[-1], return_s=end_s)
    rest = end_s, max(end_s + 1, problem.fleets[one.fleet].close_s)
    breaks = (*(other for other in one.breaks if other[1] <= end_s), rest)
    return dataclasses.replace(one, trips=(*one.trips[:-1], last), breaks=breaks, aboard=(), under_way=False)


def _known_s(problem: Problem) -> NDArray[np.int64]:
    return np.zeros(len(problem.order_ids), np.int64) if problem.known_s is None else problem.known_s


def _work(effort: Effort, there: Problem, locked: Locked, orders: int) -> int:
    """Return how much work a decision is worth: the day's, by the share of its orders that are still to be planned."""
    done = sum(len(trip.stops) for one in locked.begun for trip in one.trips)
    waiting = len(there.order_ids) - done
    return min(effort.work, max(LEAST_WORK, round(effort.work * waiting / max(orders, 1))))


def _facts(told: list[Plan], effort: Effort, most_s: float) -> Mapping[str, object]:
    """Return how a day's plan was found, out of what is told of the plan of each decision."""
    ends = [str(plan.solver["stopped"]) for plan in told]
    stopped = next((end for end in ("interrupted", "time") if end in ends), "work")
    last = {key: value for key, value in told[-1].solver.items() if key not in {"start", "brought_back"}}
    sums = {key: sum(_number(plan, key) for plan in told) for key in ("seconds", "compile_s", "steps") if key in last}
    rounded: dict[str, object] = {
        key: round(amount, 3) if key != "steps" else int(amount) for key, amount in sums.items()
    }
    ending = {"stopped": stopped, "repeatable": stopped == "work", "work": effort.work}
    return {**last, **rounded, **ending, "replans": len(told), "replan_s": round(most_s, 3)}


def _number(plan: Plan, key: str) -> float:
    return float(str(plan.solver.get(key, 0)))


def _whole(problem: Problem, plan: Plan, known: NDArray[np.bool_], facts: Mapping[str, object], *, empty: bool) -> Plan:
    """Return a plan of what is known as one of the whole problem; trips that were unloaded again may stay `empty`."""
    options, orders = options_of(problem, known).tolist(), np.flatnonzero(known).tolist()

    def renamed(trip: Trip) -> Trip:
        stops = (dataclasses.replace(stop, option=options[stop.option]) for stop in trip.stops)
        return dataclasses.replace(trip, stops=tuple(stops))

    routes = [
        dataclasses.replace(route, trips=tuple(renamed(trip) for trip in route.trips if trip.stops or empty))
        for route in plan.routes
    ]
    left = [Unserved(orders[one.order], one.reasons) for one in plan.unserved]
    left += _too_late(problem)
    driven = tuple(route for route in routes if route.trips)
    return Plan(problem.configuration, driven, tuple(sorted(left, key=lambda one: one.order)), facts)


def _too_late(problem: Problem) -> Iterator[Unserved]:
    """Yield the orders that came after the last decision of the day; tomorrow's plan has them."""
    for order in range(len(problem.order_ids)):
        reason = cut_off(problem, order)
        if reason:
            yield Unserved(order, (reason,))
