"""The planner: search for a plan of a problem, time it exactly, and say why anything was left out."""

from __future__ import annotations

import dataclasses
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.planning import checker, ortools
from doorstep.planning.bargains import take_bargains
from doorstep.planning.begun.rolling import in_course_of_day
from doorstep.planning.clock.layout import NOWHERE
from doorstep.planning.draft import Draft, Given
from doorstep.planning.outset import Outset
from doorstep.planning.problem import MONEY
from doorstep.planning.sisr.search import NOTICE_S, WARM, explore, warm_up
from doorstep.planning.sorties.handing import handed_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.planning.sisr.search import Rows
    from doorstep.scenario.scenario import Effort

STEPS_PER_WORK = 100
"""Steps of the compiled search to a unit of work."""
SORTIE_STEPS, LEAST_SORTIE_STEPS = 10, 2_000
"""Steps of the search for sorties to a unit of work, where vans carry others, and at the least."""
SHARE_POLISH = 0.25
"""Steps of a polish, as a share of those of a search."""
LESS_DEAR = 8
"""Part of its price by which an order is less dear to leave out where reserves could take it."""
TOOLS = {"doorstep": "ruin and recreate by string removals", "ortools": "OR-Tools' routing model"}
"""What each planner searches with."""


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
    start: Plan | tuple[Problem, Plan] | None = None,
    locked: Locked | None = None,
    starts: Sequence[tuple[Problem, Plan]] = (),
    progress: Callable[[Progress], None] | None = None,
    planner: str = "doorstep",
) -> Plan:
    """Return the best plan found; never dearer than what can be taken over from `start`, or from the best of `starts`.

    Plans to go on from may be of another problem, given with it: orders are known by their ids, vehicles by mode and
    hub. What could not be taken over, or broke a rule and was planned anew, is told in `plan.solver["start"]`. What is
    `locked` stays as it is (see `freeze`).

    Where orders become known in the course of the day (`problem.known_s`), the plan is that of planning anew at
    each decision from how things stand then; plans of others are of no use to it.

    The same work and seed give the same plan unless the time limit ends the search. Ctrl-C keeps the best plan so far
    and is told in `plan.solver["stopped"]`. With `planner="ortools"` OR-Tools' routing model is searched instead.

    Raises
    ------
    InputError
        If what is locked is not in the problem, or contradicts itself; or if something is given to go on from where
        orders become known in the course of the day.
    """
    if problem.known_s is not None:
        if start is not None or locked is not None:
            what = "orders become known in the course of the day, so that it is planned from its beginning"
            fix = "give neither a plan to go on from nor what is locked, or a problem without `known_s`"
            raise InputError.of(problem.configuration, what, fix, "dispatched")

        def search(here: Problem, effort: Effort, seed: int, begun: tuple[Problem, Plan] | None, lock: Locked) -> Plan:
            return solve(here, effort, seed=seed, start=begun, locked=lock, progress=progress, planner=planner)

        return in_course_of_day(problem, effort, seed, search)
    begun = time.monotonic()
    out = Outset(problem, locked)
    compile_s = warm_up(out.problem, out.given.ground)
    with _interruptible() as stop:
        watch = _Watch(out, effort, stop, progress)
        if compile_s < NOTICE_S:  # read from the cache, which counts; else the outset was compiled, too
            watch.begun, compile_s = begun, 0.0
        lent = [out.draft(old, plan) for old, plan in starts]
        told: dict[str, object] = {}
        # A plan to go on from may have reserves help out, which the search has them do only in the end.
        known, first = out, None
        if start is not None:
            source, plan = start if isinstance(start, tuple) else (problem, start)
            lent.append(out.draft(source, plan))
            known = Outset(_wider(problem), locked) if _has_reserves(problem) else out
            first = known.draft(source, plan)
            told = {"start": known.told(first)}
        elif locked:
            lent.append(out.draft())
        rows: Rows = min(lent, key=Draft.cost).as_rows() if lent else ()
        if planner == "ortools":
            rows, _, _ = explore(out.problem, 0, seed, watch, rows, g=out.given.ground)
            found, facts = ortools.search(out.problem, effort, rows, stop)
            best = min((Draft.of(out.given, r) for r in (rows, found)), key=Draft.cost)
            watch.better(best.cost())
            in_time = not facts.get("out_of_time")
        else:
            steps = effort.work * STEPS_PER_WORK
            given = _others_first(out.given) if locked is None else out.given
            rows, done, in_time = explore(given.problem, steps, seed, watch, rows, g=given.ground)
            best, facts = Draft.of(out.given, rows), {"steps": done}
        best = _last_resort(best, effort, seed, watch)
        if first is not None and known.cost(first) < out.cost(best):
            best, out = first, known
        plan = out.plan(best, {})
        if locked is None:
            again = [] if start is None or isinstance(start, tuple) else [start]
            plan, handed = _with_sorties(problem, [plan, *again], effort, seed, watch)
            facts = {**facts, **handed}
    solver = {
        "tool": TOOLS[planner],
        **_ending(stop, effort, in_time=in_time),
        "seconds": round(effort.time_limit_s - watch.left(), 3),
        "compile_s": round(compile_s, 3),
        "best": round(checker.cost(problem, plan) / MONEY, 2),
        **facts,
        **told,
    }
    return dataclasses.replace(plan, solver={**solver, **plan.solver})


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
    if problem.known_s is not None:  # it would know better than anybody did on the day
        return plan
    with _interruptible() as stop:
        out = Outset(problem)
        watch = _Watch(out, effort, stop, progress)
        start = min((out.draft(*one) for one in [(problem, plan), *lent]), key=Draft.cost).as_rows()
        steps = round(effort.work * STEPS_PER_WORK * SHARE_POLISH)
        rows, done, in_time = explore(problem, steps, seed + 1, watch, start, g=out.given.ground, heat=WARM)
        best = _last_resort(Draft.of(out.given, rows), effort, seed, watch)
        found, handed = _with_sorties(problem, [out.plan(best, {}), plan], effort, seed + 1, watch)
    ending = _ending(stop, effort, in_time=in_time and bool(plan.solver.get("repeatable", True)))
    seconds = effort.time_limit_s - watch.left() + float(str(plan.solver.get("seconds", 0)))
    cost = checker.cost(problem, found)
    if cost >= checker.cost(problem, plan):
        return dataclasses.replace(plan, solver={**plan.solver, **ending, "polished": done})
    facts = {**handed, "polished": done, "seconds": round(seconds, 3), "best": round(cost / MONEY, 2)}
    return dataclasses.replace(found, solver={**plan.solver, **ending, **facts})


class _Watch:
    """What a search looks at between two steps: the clock, a wish to stop, and whom to tell of better plans."""

    def __init__(
        self,
        out: Outset,
        effort: Effort,
        stop: Callable[[], bool],
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.out, self.stop, self.progress = out, stop, progress
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
                day = self.out.whole_cost(cost) / MONEY
                self.progress(Progress(self.out.problem.configuration, day, self.met, elapsed))


def _with_sorties(
    problem: Problem, starts: Sequence[Plan], effort: Effort, seed: int, watch: _Watch
) -> tuple[Plan, dict[str, object]]:
    """Return the best of some plans, or a cheaper one in which vans hand stops over to what they carry.

    The first of them has no sorties; what it costs is told. Later ones count only where vans carry.
    """
    if not any(fleet.carries for fleet in problem.fleets):
        return starts[0], {}
    found, done = handed_out(problem, starts, max(LEAST_SORTIE_STEPS, effort.work * SORTIE_STEPS), seed, watch.over)
    watch.better(checker.cost(problem, found))
    without = round(checker.cost(problem, starts[0]) / MONEY, 2)
    return found, {"sortie_steps": done, "without_sorties": without}


def _ending(stop: Callable[[], bool], effort: Effort, *, in_time: bool) -> dict[str, object]:
    stopped = "interrupted" if stop() else "work" if in_time else "time"
    return {"stopped": stopped, "repeatable": stopped == "work", "work": effort.work}


def _last_resort(best: Draft, effort: Effort, seed: int, watch: _Watch) -> Draft:
    """Return the plan with nothing left out that is worth its cost, and reserves helping out where there is no room.

    Whoever is left out in place of one that they help is asked for next.
    """
    take_bargains(best)
    problem = best.given.problem
    asked: set[int] = set()
    steps = round(effort.work * STEPS_PER_WORK * SHARE_POLISH)
    while _has_reserves(problem) and (waiting := set(best.unserved) - asked):
        asked |= waiting
        given = Given(_wider(problem, sorted(asked)))
        rows, _, _ = explore(given.problem, steps, seed + 2, watch, best.as_rows(), g=given.ground, heat=WARM)
        best = Draft.of(given, rows)
        take_bargains(best)
    return best


def _has_reserves(problem: Problem) -> bool:
    return any(fleet.last_resort.any() for fleet in problem.fleets)


def _others_first(given: Given) -> Given:
    """Return the problem in which orders that reserves could take in the end are a little less dear to leave out.

    So where there is not room for all, as in a full locker, it goes to those that nobody else may take.
    """
    problem = given.problem
    able, helped = np.zeros(len(problem.order_ids), bool), np.zeros(len(problem.order_ids), bool)
    for fleet in problem.fleets:
        able[problem.option_order[fleet.allowed]] = True
        helped[problem.option_order[fleet.last_resort]] = True
    if not (able & helped).any() or not (able & ~helped).any():
        return given
    price = problem.unserved_cost
    return Given(dataclasses.replace(problem, unserved_cost=np.where(helped, price - price // LESS_DEAR, price)))


def _wider(problem: Problem, orders: Sequence[int] | None = None) -> Problem:
    """Return the problem in which reserves may take these orders (all if none are named) where they could."""
    mine = np.ones(len(problem.option_order), bool) if orders is None else np.isin(problem.option_order, orders)
    fleets = tuple(dataclasses.replace(f, allowed=f.allowed | (f.last_resort & mine)) for f in problem.fleets)
    return dataclasses.replace(problem, fleets=fleets)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C into a flag while a plan is sought; OR-Tools would swallow the exception."""
    flag = threading.Event()
    with listening(lambda *_: flag.set()):
        yield flag.is_set


@contextmanager
def listening(heard: Callable[[int, object], None]) -> Iterator[None]:
    """Have Ctrl-C call a function meanwhile, which only the main thread can ask for; in others nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
