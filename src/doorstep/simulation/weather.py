"""Weather: the hours of a day of chance, and who may fly in them, compiled."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import inner_code
from doorstep.simulation.chance import HOURS
from doorstep.simulation.yard import GROUNDED, WAIT

HOUR_S = 3600.0


@inner_code
def hour(clock_s):  # type: ignore[no-untyped-def]
    """Return which hour a clock time is in."""
    return min(max(int(clock_s // HOUR_S), 0), HOURS - 1)


@inner_code
def braves(yard, fleet):  # type: ignore[no-untyped-def]
    """Tell whether a vehicle flies that may be back too late after foul weather."""
    return yard.flies[fleet] and yard.recourse[GROUNDED] == WAIT


@inner_code
def foul(yard, luck, day, fleet, now):  # type: ignore[no-untyped-def]
    """Tell whether a vehicle flies that cannot now."""
    return yard.flies[fleet] and luck.grounded[day, hour(now)]


@inner_code
def fair(luck, day, clock_s):  # type: ignore[no-untyped-def]
    """Return when somebody may fly who would at some time: then, or when the next fair hour begins."""
    at = hour(clock_s)
    while at < HOURS and luck.grounded[day, at]:
        at += 1
        clock_s = at * HOUR_S
    return clock_s if at < HOURS else np.inf
