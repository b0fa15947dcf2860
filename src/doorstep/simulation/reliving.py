"""Reliving: days of chance on which trips are planned anew in the course of them, from how things went until then.

At each decision what has happened is what happened on that day: late vehicles come back late, those that broke down
are out, and flights that stayed on the ground are planned again. Of a leg that has begun it is known how it ends.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.begun.known import options_of
from doorstep.planning.begun.rolling import in_course_of_day
from doorstep.planning.plan import Plan, Stop, Trip
from doorstep.planning.planner import solve
from doorstep.simulation.chance import Luck, draw_luck
from doorstep.simulation.days import as_it_went, aside_options
from doorstep.simulation.engine import live
from doorstep.simulation.script import script_of
from doorstep.simulation.trace import Trace, simulate
from doorstep.simulation.yard import yard_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.modes.chancebook import ChanceBook
    from doorstep.modes.mode import Mode
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.begun.rolling import Standing
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Effort
    from doorstep.simulation.course import Course
    from doorstep.simulation.script import Script

BY_ORDER = ("leg", "handover", "absent", "broken", "stopped", "neighbour")
"""Of a day's luck."""


@dataclass(frozen=True, slots=True, eq=False)
class Relived:
    """What happened on some days, each with a plan of its own."""

    planned: Trace
    """The day on which all goes as planned."""
    plans: tuple[Plan, ...]
    """[days] what was planned last, with all that had happened by then."""
    courses: tuple[Course, ...]
    """[days] each of one day."""
    traces: tuple[Trace, ...]
    """[days]"""

    @property
    def course(self) -> Course:
        """What became of orders; trips and stops are those of each day's plan."""
        one, *_ = self.courses
        handed_s, fate, cause = (np.concatenate(rows) for rows in list(zip(*self.courses, strict=True))[:3])
        return one._replace(handed_s=handed_s, fate=fate, cause=cause)

    @property
    def handed_s(self) -> NDArray[np.float64]:
        """[days, orders] when the customer could have it; NaN where it was not handed over."""
        return np.array([trace.handed_s for trace in self.traces])

    @property
    def failed(self) -> NDArray[np.bool_]:
        """[days, orders] true where it was planned and did not come."""
        return np.array([trace.failed for trace in self.traces])

    @property
    def couriered(self) -> NDArray[np.bool_]:
        """[days, orders] true where somebody was called in for it."""
        return np.array([trace.couriered for trace in self.traces])

    def trace(self, day: int) -> Trace:
        """Return one day, to the second."""
        return self.traces[day]


def relive(
    problem: Problem,
    plan: Plan,
    book: ChanceBook,
    modes: Mapping[str, Mode],
    effort: Effort,
    days: int,
    *,
    seed: int = 0,
    before: Relived | None = None,
) -> Relived:
    """Return some days on which a problem is planned anew at each of its decisions; `plan` is that without chance.

    What befalls day k is what befalls it in `simulate_days`. Days that are known from `before` are not lived again.
    """
    luck = draw_luck(book, len(problem.order_ids), days, seed, len(problem.lockers))
    known = list(zip(before.plans, before.courses, before.traces, strict=True))[:days] if before else []
    for day in range(len(known), days):
        one = OneDay(problem, book, modes, Luck._make(column[day : day + 1] for column in luck))
        known.append(one.through(effort, seed))
    return Relived(simulate(problem, plan), *zip(*known, strict=True))


class OneDay:
    """One day, as far as it has been lived."""

    def __init__(self, problem: Problem, book: ChanceBook, modes: Mapping[str, Mode], luck: Luck) -> None:
        self.problem, self.book, self.modes, self.luck = problem, book, modes, luck
        self.handed_s = np.full(len(problem.order_ids), np.nan)
        self.fate = np.zeros(len(problem.order_ids), np.int8)
        self.gone = np.zeros(len(problem.order_ids), bool)
        self.out: dict[tuple[int, int], int] = {}
        self.cause = np.full(len(problem.order_ids), -1, np.int8)
        self.aside = np.full(len(problem.order_ids), -1)

    def through(self, effort: Effort, seed: int) -> tuple[Plan, Course, Trace]:
        """Return what was planned last, and the day."""

        def search(
            here: Problem, effort: Effort, seed: int, last: tuple[Problem, Plan] | None, locked: Locked, /
        ) -> Plan:
            return solve(here, effort, seed=seed, start=last, locked=locked)

        plan = in_course_of_day(self.problem, effort, seed, search, self.standing)
        return plan, *self._whole(plan)

    def standing(self, here: Problem, orders: NDArray[np.int64], plan: Plan, locked: Locked, now_s: int) -> Standing:
        """Return how things stand at a moment: what has happened, who is out, and whose orders are settled."""
        script, course = self.live_by(here, orders, plan, locked)
        times, clocks = course.times_s[0], course.clock_s[0]
        real, gone = [], np.zeros(len(orders), bool)
        for v, route in enumerate(plan.routes):
            trips: list[Trip] = []
            for k, trip in enumerate(route.trips, script.route_first[v]):
                stops = np.arange(script.trip_first[k], script.trip_first[k + 1])
                if np.isfinite(clocks[k, 1]):
                    made, aboard = _as_it_was(trip, clocks[k], times[stops], now_s)
                    if aboard:
                        self.out[route.fleet, route.vehicle] = made.return_s
                        gone[script.order[stops[len(made.stops) :]]] = True
                    trips.append(made)
                    if aboard:
                        break
                elif script.load_s[k] >= now_s:
                    trips.append(trip)
            if trips:
                real.append(dataclasses.replace(route, trips=tuple(trips)))
        self.gone[orders[gone]] = True
        return dataclasses.replace(plan, routes=tuple(real)), self.out, self.gone

    def live_by(self, here: Problem, orders: NDArray[np.int64], plan: Plan, locked: Locked) -> tuple[Script, Course]:
        """Let the day go on by a plan; take note of what becomes of each order that has not been settled."""
        script = script_of(here, plan, locked)
        luck = self.luck._replace(**{name: getattr(self.luck, name)[:, orders] for name in BY_ORDER})
        course = live(script, luck, yard_of(here, plan, self.book, self.modes), stops=True)
        settled = self.gone.copy()
        settled[orders[script.order[script.happened]]] = True
        mine = orders[~settled[orders]]
        self.handed_s[~settled], self.fate[~settled], self.cause[~settled] = np.nan, 0, -1
        at, known = np.full(len(self.problem.order_ids), -1), np.zeros(len(self.problem.order_ids), bool)
        at[orders], known[orders] = np.arange(len(orders)), True
        for whole, its in ((self.handed_s, course.handed_s), (self.fate, course.fate), (self.cause, course.cause)):
            whole[mine] = its[0, at[mine]]
        aside = aside_options(script, len(orders))[at[mine]]
        self.aside[mine] = np.append(options_of(self.problem, known), -1)[aside]
        self.course = course
        return script, course

    def _whole(self, plan: Plan) -> tuple[Course, Trace]:
        """Return the day by what was planned last."""
        course = self.course._replace(handed_s=self.handed_s[None], fate=self.fate[None], cause=self.cause[None])
        return course, as_it_went(simulate(self.problem, plan), course, self.aside)


def _as_it_was(trip: Trip, clock_s: NDArray[np.float64], times_s: NDArray[np.float64], now_s: int) -> tuple[Trip, bool]:
    """Return a trip with its real times, and whether its vehicle is known to have broken down on it.

    Where it will break down on a leg that has not begun, nobody knows: what follows is as planned.
    """
    load, depart = np.rint(clock_s[:2]).astype(int).tolist()
    stops: list[Stop] = []
    left = depart
    for stop, real in zip(trip.stops, times_s, strict=True):
        if np.isfinite(real[0]):
            arrive, start, leave = np.rint(real).astype(int).tolist()
        elif left < now_s:
            return Trip(load, depart, tuple(stops), round(float(clock_s[2])), trip.distance_m), True
        else:
            arrive = start = leave = max(left, stop.leave_s)
        stops.append(dataclasses.replace(stop, arrive_s=arrive, start_s=start, leave_s=leave))
        left = leave
    return Trip(load, depart, tuple(stops), max(left, round(float(clock_s[2]))), trip.distance_m), False
