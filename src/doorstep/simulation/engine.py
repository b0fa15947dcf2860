"""Engine: days lived through by a plan, compiled.

Every vehicle does what the plan says in its sequence, each thing once what comes before is done. It does nothing sooner
than planned that the plan makes it wait for, and what takes longer makes the rest late. So without chance every day is
the plan to the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.simulation.chance import HOURS
from doorstep.simulation.script import COME, LAUNCH, TAKE_IN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.simulation.chance import Luck
    from doorstep.simulation.script import Script

    Real = NDArray[np.float64]
    Flags = NDArray[np.bool_]

HOUR_S = 3600.0


@machine_code
def live(  # noqa: C901, PLR0912, PLR0915 - a loop for the compiler
    script: Script, luck: Luck, in_traffic: Flags, flies: Flags, missed: Real
) -> tuple[Real, Flags, Real]:
    """Return when orders were handed over [days, orders] (NaN: never), which were brought back or stayed behind, trips.

    `in_traffic` and `flies` [fleets] tell what befalls whom, `missed` [stops] the share of such handovers that fail.
    Trips [days, trips, 3] are when loading began, when they left and were back; NaN where they did not go. Sorties are
    trips too, after those of vehicles; one that is grounded at its launch stays aboard, and its parcel is brought back.
    A battery is taken to last for whoever has to wait longer than planned.
    """
    days, orders = luck.leg.shape
    trips, sorties = script.trip_fleet.size, script.sortie_fleet.size
    handed = np.full((days, orders), np.nan)
    failed = np.zeros((days, orders), np.bool_)
    clocks = np.full((days, trips + sorties, 3), np.nan)
    left = np.full(sorties, np.nan)
    for day in range(days):
        home = 0.0
        for trip in range(trips):
            fleet = script.trip_fleet[trip]
            load = float(script.load_s[trip])
            if not script.opens_route[trip]:
                load = max(load, home + script.gap_s[trip])
            else:
                home = load
            clock = max(float(script.depart_s[trip]), load + script.loading_s[trip])
            if flies[fleet]:
                clock = _fair(luck.grounded[day], clock)
            begin, end = script.trip_first[trip], script.trip_first[trip + 1]
            if clock > script.latest_s[trip] and clock > script.depart_s[trip]:
                for k in range(begin, end):
                    failed[day, script.order[k]] = True
                    if script.sortie[k] >= 0:
                        left[script.sortie[k]] = np.nan
                continue
            clocks[day, trip, 0], clocks[day, trip, 1] = load, clock
            for k in range(begin, end):
                order = script.order[k]
                factor = luck.leg[day, order]
                act, who = script.act[k], script.sortie[k]
                if act == TAKE_IN:
                    if np.isfinite(left[who]):
                        clock = max(clock, left[who] + script.leg_s[k] * factor)
                        clocks[day, trips + who, 2] = clock
                        clock += script.task_s[k]
                    continue
                if act == LAUNCH:
                    left[who] = np.nan
                    if flies[script.sortie_fleet[who]] and luck.grounded[day, _hour(clock)]:
                        failed[day, order] = True
                        continue
                    clocks[day, trips + who, 0] = clock
                    clock += script.task_s[k]
                    clocks[day, trips + who, 1] = clock
                    arrive = clock + script.leg_s[k] * factor
                    start = max(arrive + script.setup_s[k], float(script.floor_s[k]))
                    left[who] = arrive
                    failed[day, order] = start > script.close_s[k] or luck.absent[day, order] < missed[k]
                    if start <= script.close_s[k]:
                        left[who] = start + script.handover_s[k] * luck.handover[day, order]
                    if not failed[day, order]:
                        handed[day, order] = left[who]
                    continue
                if in_traffic[fleet]:
                    factor *= luck.traffic[day, _hour(clock)]
                if act == COME:
                    clock += script.rest_s[k] + script.leg_s[k] * factor + script.setup_s[k]
                    continue
                arrive = clock + script.rest_s[k] + script.leg_s[k] * factor
                start = max(arrive + script.setup_s[k], float(script.floor_s[k]))
                if start > script.close_s[k]:
                    failed[day, order] = True
                    clock = arrive
                    continue
                clock = start + script.handover_s[k] * luck.handover[day, order]
                if luck.absent[day, order] < missed[k]:
                    failed[day, order] = True
                else:
                    handed[day, order] = clock
            factor = luck.traffic[day, _hour(clock)] if in_traffic[fleet] else 1.0
            home = clock + script.back_rest_s[trip] + script.back_s[trip] * factor
            clocks[day, trip, 2] = home
    return handed, failed, clocks


@machine_code
def _hour(clock_s: float) -> int:
    """Return which hour a clock time is in."""
    return min(max(int(clock_s // HOUR_S), 0), HOURS - 1)


@machine_code
def _fair(grounded: Flags, clock_s: float) -> float:
    """Return when somebody may fly who would at some time: then, or when the next fair hour begins."""
    hour = _hour(clock_s)
    while hour < HOURS and grounded[hour]:
        hour += 1
        clock_s = hour * HOUR_S
    return clock_s if hour < HOURS else np.inf
