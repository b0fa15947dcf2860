"""Days: a plan lived through many times, every day with a chance of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.simulation.aside import OPTION
from doorstep.simulation.chance import draw_luck
from doorstep.simulation.course import Course
from doorstep.simulation.script import script_of
from doorstep.simulation.trace import Trace, simulate
from doorstep.simulation.yard import COURIER, LOCKER, TOMORROW, yard_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.modes.chancebook import ChanceBook
    from doorstep.modes.mode import Mode
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.simulation.script import Script


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """What happened on each of some days."""

    planned: Trace
    """The day on which all goes as planned, whose trips are those of `script`."""
    script: Script
    course: Course

    @property
    def handed_s(self) -> NDArray[np.float64]:
        """[days, orders] when the customer could have it; NaN where it was not handed over."""
        return self.course.handed_s

    @property
    def failed(self) -> NDArray[np.bool_]:
        """[days, orders] true where it was planned and did not come."""
        return np.asarray(self.course.fate == TOMORROW)

    @property
    def couriered(self) -> NDArray[np.bool_]:
        """[days, orders] true where somebody was called in for it."""
        return np.asarray(self.course.fate == COURIER)

    @property
    def clock_s(self) -> NDArray[np.float64]:
        """[days, trips, 3] loading, departure and return; NaN where a trip did not go."""
        return self.course.clock_s

    def trace(self, day: int) -> Trace:
        """Return one day, to the second."""
        one = Course._make(column[day : day + 1] for column in self.course)
        return as_it_went(self.planned, one, aside_options(self.script, len(self.planned.option)))


def simulate_days(
    problem: Problem,
    plan: Plan,
    book: ChanceBook,
    modes: Mapping[str, Mode],
    days: int,
    seed: int = 0,
    locked: Locked | None = None,
) -> Days:
    """Return some days lived through by a plan that nobody changes on the way; what is `locked` is as it was.

    What befalls day k depends on the seed and on k alone: plans of other configurations meet the same days.

    Raises
    ------
    InputError
        If `days` is below 1 or `seed` below 0.
    """
    from doorstep.simulation.engine import live

    if days < 1 or seed < 0:
        raise InputError.of(
            "days", f"{days} days with seed {seed}", "give one day at least, and a seed from 0 on", "days"
        )
    script = script_of(problem, plan, locked)
    luck = draw_luck(book, len(problem.order_ids), days, seed, len(problem.lockers))
    return Days(simulate(problem, plan), script, live(script, luck, yard_of(problem, plan, book, modes)))


def aside_options(script: Script, orders: int) -> NDArray[np.int64]:
    """Return the delivery option [orders] by which each is had that is taken to a locker as nobody was there."""
    found = np.full(orders, -1)
    given = script.aside[:, OPTION] >= 0
    found[script.order[given]] = script.aside[given, OPTION]
    return found


def as_it_went(planned: Trace, course: Course, aside: NDArray[np.int64]) -> Trace:
    """Return the trace of a course of one day; metres and energy to lockers `aside` [orders] as the trip's others."""
    handed_s, fate, clock_s = course.handed_s[0], course.fate[0], course.clock_s[0]
    went = np.isfinite(clock_s[:, 1])
    load_s, depart_s, return_s = np.rint(clock_s[went]).astype(np.int64).T
    came = np.isfinite(handed_s) & (fate != COURIER)
    distance_m, energy_mwh, more_m = planned.distance_m[went], planned.energy_mwh[went], course.aside_m[0, went]
    share = more_m / np.maximum(distance_m, 1)
    return replace(
        planned,
        option=np.where(came, np.where(fate == LOCKER, aside, planned.option), -1),
        handed_s=np.rint(handed_s),
        failed=fate == TOMORROW,
        couriered=fate == COURIER,
        carried=planned.carried | (fate == TOMORROW),
        trip_fleet=planned.trip_fleet[went],
        trip_vehicle=planned.trip_vehicle[went],
        load_s=load_s,
        depart_s=depart_s,
        return_s=return_s,
        distance_m=distance_m + np.rint(more_m).astype(np.int64),
        places=planned.places[went],
        energy_mwh=energy_mwh + np.rint(energy_mwh * share).astype(np.int64),
    )
