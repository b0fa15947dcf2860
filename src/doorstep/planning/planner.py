"""The planner: search for a plan of a problem, time it exactly, and say why anything was left out."""

from __future__ import annotations

import dataclasses
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning import ortools
from doorstep.planning.draft import Draft, Given
from doorstep.planning.plan import Plan, Route, Stop, Trip
from doorstep.planning.problem import MONEY
from doorstep.planning.reasons import unserved_with_reasons
from doorstep.planning.recombine import Pool, recombined, remember
from doorstep.planning.ruin import WARM, fill, improve
from doorstep.planning.timing import ARRIVE, LEAVE, METRES, PAUSE, PAUSE_BACK, START, time_route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Effort

STEPS_PER_WORK = 4
"""Ruin-and-recreate steps to a unit of work."""
SHARE_FIRST = 0.85
"""Share of those steps that come before the routes met are recombined; the others come after."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A better plan than any before, as it is told to whoever watches."""

    configuration: str
    cost: float
    """In the scenario's currency, the price of unserved orders included."""
    solutions: int
    seconds: float


def solve(
    problem: Problem,
    effort: Effort,
    *,
    seed: int = 0,
    starts: Sequence[tuple[Problem, Plan]] = (),
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return the best plan found; never dearer than the best of `starts` (plans of the same scenario).

    The same work and seed give the same plan unless the time limit ends the search. Ctrl-C keeps the best plan so far
    and is told in `plan.solver["stopped"]`.
    """
    begun = time.monotonic()
    met = {"solutions": 0, "cost": np.inf}

    def better(cost: int) -> None:
        met["solutions"] += 1
        if cost < met["cost"]:
            met["cost"] = cost
            if progress:
                elapsed = time.monotonic() - begun
                progress(Progress(problem.configuration, cost / MONEY, int(met["solutions"]), elapsed))

    with _interruptible() as stop:
        given, pool = Given(problem), Pool()
        until = begun + effort.time_limit_s
        drafts = [fill(Draft.empty(given))]
        drafts += [fill(Draft.of(given, _rows(problem, old, plan))) for old, plan in starts]
        cheapest = min(drafts, key=Draft.cost)
        better(cheapest.cost())
        routes, facts = ortools.search(problem, effort, cheapest.as_rows(), stop)
        drafts.append(fill(Draft.of(given, routes)))
        best = min(drafts, key=Draft.cost)
        better(best.cost())
        for draft in drafts:
            remember(pool, draft)
        steps, first = effort.work * STEPS_PER_WORK, round(effort.work * STEPS_PER_WORK * SHARE_FIRST)
        rng = np.random.default_rng(seed)
        best, done = improve(best, first, rng, until, stop, better, pool)
        if not stop():
            best = recombined(given, pool, best, until - time.monotonic())
            better(best.cost())
        best, more = improve(best, steps - first, rng, until, stop, better, pool, WARM)
        best = _last_resort(best)
    in_time = done + more == steps and not facts.get("out_of_time")
    stopped = "interrupted" if stop() else "work" if in_time else "time"
    solver = {
        "tool": "OR-Tools routing and CP-SAT, with ruin and recreate",
        "stopped": stopped,
        "repeatable": stopped == "work",
        "work": effort.work,
        "steps": done + more,
        "routes_met": len(pool),
        "seconds": round(time.monotonic() - begun, 3),
        "first": round(drafts[0].cost() / MONEY, 2),
        "routing": round(drafts[-1].cost() / MONEY, 2),
        "best": round(best.cost() / MONEY, 2),
        "ortools": facts,
    }
    return Plan(problem.configuration, _routes(best), unserved_with_reasons(best), solver)


def _last_resort(best: Draft) -> Draft:
    """Return the plan with reserves helping out where the others had no room."""
    problem = best.given.problem
    if not best.unserved or not any(fleet.last_resort.any() for fleet in problem.fleets):
        return best
    fleets = tuple(dataclasses.replace(f, allowed=f.allowed | f.last_resort) for f in problem.fleets)
    wider = Given(dataclasses.replace(problem, fleets=fleets))
    return fill(Draft.of(wider, best.as_rows()))


def _rows(problem: Problem, old: Problem, plan: Plan) -> list[tuple[int, list[int]]]:
    """Return a plan of another configuration of the same scenario as rows of this problem's options."""
    here = {key: option for option, key in enumerate(_keys(problem))}
    keys = _keys(old)
    fleets = {(fleet.mode, fleet.hub): f for f, fleet in enumerate(problem.fleets)}
    rows = []
    for route in plan.routes:
        theirs = old.fleets[route.fleet]
        row: list[int] = []
        for trip in route.trips:
            row += [-1, *(here[keys[stop.option]] for stop in trip.stops)]
        rows.append((fleets[theirs.mode, theirs.hub], row))
    return rows


def _keys(problem: Problem) -> list[tuple[int, int, str]]:
    """Return what makes an option the same in two configurations: order, site and kind."""
    columns = problem.option_order.tolist(), problem.option_site.tolist(), problem.option_kind
    return list(zip(*columns, strict=True))


def _routes(draft: Draft) -> tuple[Route, ...]:
    """Return the timed routes of a draft, vehicles numbered within their fleet."""
    numbers: dict[int, int] = {}
    routes = []
    for fleet, row in sorted(zip(draft.fleets, draft.rows, strict=True), key=lambda pair: (pair[0], pair[1].tolist())):
        number = numbers[fleet] = numbers.get(fleet, -1) + 1
        routes.append(_timed(draft.given, fleet, number, row))
    return tuple(routes)


def _timed(given: Given, fleet: int, number: int, row: np.ndarray) -> Route:
    out = np.zeros((6, row.size), np.int64)
    time_route(row, given.tables[fleet], out)
    rest = given.problem.fleets[fleet].break_s
    heads = [*np.flatnonzero(row < 0).tolist(), row.size]
    trips, pauses = [], []
    for i, j in pairwise(heads):
        stops = [
            Stop(int(row[p]), int(out[ARRIVE, p]), int(out[START, p]), int(out[LEAVE, p])) for p in range(i + 1, j)
        ]
        load, depart, back, metres = (int(out[k, i]) for k in (ARRIVE, START, LEAVE, METRES))
        trips.append(Trip(load, depart, tuple(stops), back, metres))
        pauses += [int(s) for s in (*out[PAUSE, i:j], out[PAUSE_BACK, i]) if s >= 0]
    return Route(fleet, number, tuple(trips), tuple((s, s + rest) for s in pauses))


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C into a flag while a plan is sought; OR-Tools would swallow the exception."""
    flag = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield flag.is_set
        return
    before = signal.signal(signal.SIGINT, lambda *_: flag.set())
    try:
        yield flag.is_set
    finally:
        signal.signal(signal.SIGINT, before)
