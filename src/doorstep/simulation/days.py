"""Days: a plan lived through many times, every day with a chance of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.simulation.chance import draw_luck
from doorstep.simulation.script import script_of
from doorstep.simulation.trace import Trace, simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.modes.chancebook import ChanceBook
    from doorstep.modes.mode import Mode
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.simulation.script import Script


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """What happened on each of some days."""

    planned: Trace
    """The day on which all goes as planned, whose trips are those of `script`."""
    script: Script
    handed_s: NDArray[np.float64]
    """[days, orders] when the customer could have it; NaN where it was not handed over."""
    failed: NDArray[np.bool_]
    """[days, orders] true where it was planned and did not come."""
    couriered: NDArray[np.bool_]
    """[days, orders] true where somebody was called in for it."""
    clock_s: NDArray[np.float64]
    """[days, trips, 3] loading, departure and return; NaN where a trip did not go."""

    def trace(self, day: int) -> Trace:
        """Return one day, to the second."""
        went = np.isfinite(self.clock_s[day, :, 1])
        planned = self.planned
        load_s, depart_s, return_s = np.rint(self.clock_s[day][went]).astype(np.int64).T
        came = np.isfinite(self.handed_s[day]) & ~self.couriered[day]
        return Trace(
            np.where(came, planned.option, -1),
            np.rint(self.handed_s[day]),
            self.failed[day],
            self.couriered[day],
            planned.carried | self.failed[day],
            planned.fleet,
            planned.trip_fleet[went],
            planned.trip_vehicle[went],
            load_s,
            depart_s,
            return_s,
            planned.distance_m[went],
            planned.places[went],
            planned.energy_mwh[went],
        )


def simulate_days(
    problem: Problem, plan: Plan, book: ChanceBook, modes: Mapping[str, Mode], days: int, seed: int = 0
) -> Days:
    """Return some days lived through by a plan that nobody changes on the way.

    What befalls day k depends on the seed and on k alone: plans of other configurations meet the same days.

    Raises
    ------
    InputError
        If `days` is below 1 or `seed` below 0.
    """
    from doorstep.simulation.engine import live
    from doorstep.simulation.yard import COURIER, TOMORROW, yard_of

    if days < 1 or seed < 0:
        raise InputError.of(
            "days", f"{days} days with seed {seed}", "give one day at least, and a seed from 0 on", "days"
        )
    script = script_of(problem, plan)
    luck = draw_luck(book, len(problem.order_ids), days, seed, len(problem.lockers))
    handed_s, fate, clock_s = live(script, luck, yard_of(problem, plan, book, modes))
    return Days(simulate(problem, plan), script, handed_s, fate == TOMORROW, fate == COURIER, clock_s)
