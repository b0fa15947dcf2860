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
from doorstep.planning.insertion import NOWHERE
from doorstep.planning.plan import Plan, Route, Stop, Trip
from doorstep.planning.problem import MONEY
from doorstep.planning.reasons import unserved_with_reasons
from doorstep.planning.recombine import Pool, recombined, remember
from doorstep.planning.ruin import WARM, fill, improve
from doorstep.planning.sisr.search import explore, judges_exactly, warm_up
from doorstep.planning.timing import ARRIVE, LEAVE, METRES, PAUSE, PAUSE_BACK, START, time_route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Effort

STEPS_PER_WORK = 4
"""Ruin-and-recreate steps to a unit of work."""
SWIFT_STEPS_PER_WORK = 400
"""Steps of the compiled search to a unit of work."""
SHARE_FIRST = 0.85
"""Share of those steps that come before the routes met are recombined; the others come after."""
SHARE_POLISH = 0.25
"""Steps of a polish, as a share of those of a search."""


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
    if judges_exactly(problem):
        return _solve_swiftly(problem, effort, seed, starts, progress)
    with _interruptible() as stop:
        watch = _Watch(problem.configuration, effort, stop, progress)
        given, pool = Given(problem), Pool()
        drafts = [fill(Draft.empty(given)), *_lent(given, starts)]
        cheapest = min(drafts, key=Draft.cost)
        watch.better(cheapest.cost())
        routes, facts = ortools.search(problem, effort, cheapest.as_rows(), stop)
        drafts.append(fill(Draft.of(given, routes)))
        for draft in drafts:
            remember(pool, draft)
        steps, first = effort.work * STEPS_PER_WORK, round(effort.work * STEPS_PER_WORK * SHARE_FIRST)
        rng = np.random.default_rng(seed)
        best, done = improve(min(drafts, key=Draft.cost), first, rng, watch, pool)
        best = recombined(given, pool, best, watch.left())
        best, more = improve(best, steps - first, rng, watch, pool, WARM)
        best = _last_resort(best)
        in_time = done + more == steps and not facts.get("out_of_time")
    solver = {
        "tool": "OR-Tools routing and CP-SAT, with ruin and recreate",
        **_ending(stop, effort, in_time=in_time),
        "steps": done + more,
        "routes_met": len(pool),
        "seconds": round(effort.time_limit_s - watch.left(), 3),
        "first": round(drafts[0].cost() / MONEY, 2),
        "routing": round(drafts[-1].cost() / MONEY, 2),
        "best": round(best.cost() / MONEY, 2),
        "ortools": facts,
    }
    return Plan(problem.configuration, _routes(best), unserved_with_reasons(best), solver)


def _solve_swiftly(
    problem: Problem,
    effort: Effort,
    seed: int,
    starts: Sequence[tuple[Problem, Plan]],
    progress: Callable[[Progress], None] | None,
) -> Plan:
    """Return the best plan that the compiled search finds, for problems whose every rule it prices exactly."""
    compile_s = warm_up(problem)
    with _interruptible() as stop:
        watch = _Watch(problem.configuration, effort, stop, progress)
        given = Given(problem)
        lent = min(_lent(given, starts), key=Draft.cost, default=None)
        steps = effort.work * SWIFT_STEPS_PER_WORK
        rows, done, repeatable = explore(problem, steps, seed, watch, lent.as_rows() if lent else ())
        seconds = effort.time_limit_s - watch.left()
        best = _last_resort(Draft.of(given, rows))
        if lent and lent.cost() < best.cost():
            best = lent
    solver = {
        "tool": "ruin and recreate by string removals",
        **_ending(stop, effort, in_time=repeatable),
        "steps": done,
        "seconds": round(seconds, 3),
        "compile_s": round(compile_s, 3),
        "best": round(best.cost() / MONEY, 2),
    }
    return Plan(problem.configuration, _routes(best), unserved_with_reasons(best), solver)


def polish(
    problem: Problem,
    plan: Plan,
    lent: Sequence[tuple[Problem, Plan]],
    effort: Effort,
    *,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return a plan no dearer than `plan`, gone on from it or from what can be taken over from other configurations.

    So a configuration is not made to look dear by a search that was luckier elsewhere: what another one does with
    vehicles and options that this one has too, it is shown.
    """
    with _interruptible() as stop:
        watch = _Watch(problem.configuration, effort, stop, progress)
        given, pool = Given(problem), Pool()
        own_cost = Draft.of(Given(_wider(problem)), _rows(problem, problem, plan)).cost()
        best = min(_lent(given, [(problem, plan), *lent]), key=Draft.cost)
        watch.better(best.cost())
        steps = round(effort.work * STEPS_PER_WORK * SHARE_POLISH)
        best, done = improve(best, steps, np.random.default_rng([seed, 1]), watch, pool, WARM)
        best = _last_resort(best)
    ending = _ending(stop, effort, in_time=done == steps and bool(plan.solver.get("repeatable", True)))
    seconds = effort.time_limit_s - watch.left() + float(str(plan.solver.get("seconds", 0)))
    facts = {"polished": done, "seconds": round(seconds, 3), "best": round(best.cost() / MONEY, 2)}
    if best.cost() >= own_cost:
        return dataclasses.replace(plan, solver={**plan.solver, **ending, "polished": done})
    return Plan(problem.configuration, _routes(best), unserved_with_reasons(best), {**plan.solver, **ending, **facts})


class _Watch:
    """What a search looks at between two steps: the clock, a wish to stop, and whom to tell of better plans."""

    def __init__(
        self,
        configuration: str,
        effort: Effort,
        stop: Callable[[], bool],
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.configuration, self.stop, self.progress = configuration, stop, progress
        self.begun, self.limit_s = time.monotonic(), effort.time_limit_s
        self.met, self.cost = 0, NOWHERE

    def left(self) -> float:
        """Return the seconds that are left."""
        return self.begun + self.limit_s - time.monotonic()

    def over(self) -> bool:
        """Tell whether the search should end before its work is done."""
        return self.stop() or self.left() <= 0

    def better(self, cost: int) -> None:
        """Take note of a plan that is better than any before."""
        self.met += 1
        if cost < self.cost:
            self.cost = cost
            if self.progress:
                elapsed = time.monotonic() - self.begun
                self.progress(Progress(self.configuration, cost / MONEY, self.met, elapsed))


def _ending(stop: Callable[[], bool], effort: Effort, *, in_time: bool) -> dict[str, object]:
    stopped = "interrupted" if stop() else "work" if in_time else "time"
    return {"stopped": stopped, "repeatable": stopped == "work", "work": effort.work}


def _lent(given: Given, plans: Sequence[tuple[Problem, Plan]]) -> Iterator[Draft]:
    """Yield what can be taken over from plans of the same scenario, filled up."""
    return (fill(Draft.of(given, _rows(given.problem, old, plan))) for old, plan in plans)


def _last_resort(best: Draft) -> Draft:
    """Return the plan with reserves helping out where the others had no room."""
    problem = best.given.problem
    if not best.unserved or not any(fleet.last_resort.any() for fleet in problem.fleets):
        return best
    return fill(Draft.of(Given(_wider(problem)), best.as_rows()))


def _wider(problem: Problem) -> Problem:
    """Return the problem in which reserves may take every order that they could."""
    fleets = tuple(dataclasses.replace(f, allowed=f.allowed | f.last_resort) for f in problem.fleets)
    return dataclasses.replace(problem, fleets=fleets)


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
            row += [-1, *(here[keys[stop.option]] for stop in trip.stops if keys[stop.option] in here)]
        if (theirs.mode, theirs.hub) in fleets:
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
