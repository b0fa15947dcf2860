"""Cost of a day: a ledger whose lines add up."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from doorstep.modes.rates import Line, Per
from doorstep.planning.problem import MONEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace

CENTS = Decimal("0.0001")
"""Lines are kept to a hundredth of a cent; the total is their sum."""


def ledger(problem: Problem, trace: Trace) -> Mapping[Line, Decimal]:
    """Return the money of each line, in the scenario's currency."""
    sums: Counter[Line] = Counter()
    for f, fleet in enumerate(problem.fleets):
        amounts = drivers(trace, f)
        for rate in fleet.rates:
            sums[rate.line] += round(rate.amount * MONEY) * amounts[rate.per]
    sums[Line.LATE] += round(problem.late_cost * float(np.nansum(late_s(problem, trace))))
    used = np.unique(problem.option_locker[trace.option[trace.option >= 0]])
    sums[Line.LOCKERS] += sum(int(problem.locker_cost[locker]) for locker in used if locker >= 0)
    hubs = {problem.fleets[f].hub for f in np.unique(trace.trip_fleet)}
    sums[Line.HUBS] += sum(int(problem.hub_cost[hub]) for hub in hubs)
    return {line: (Decimal(sums[line]) / MONEY).quantize(CENTS) for line in Line if sums[line]}


def drivers(trace: Trace, fleet: int) -> Mapping[Per, int]:
    """Return how many units of each driver of cost a fleet used."""
    mine = trace.trip_fleet == fleet
    vehicles = np.unique(trace.trip_vehicle[mine])
    duty = 0
    for vehicle in vehicles:
        its = mine & (trace.trip_vehicle == vehicle)
        duty += int(trace.return_s[its].max() - trace.load_s[its].min())
    return {
        Per.VEHICLE: int(vehicles.size),
        Per.DUTY_SECOND: duty,
        Per.AWAY_SECOND: int((trace.return_s - trace.depart_s)[mine].sum()),
        Per.METRE: int(trace.distance_m[mine].sum()),
        Per.TRIP: int(mine.sum()),
        Per.STOP: int(trace.places[mine].sum()),
    }


def late_s(problem: Problem, trace: Trace) -> np.ndarray:
    """Return how late each order came after its promise [orders], seconds; NaN where it did not come."""
    return np.maximum(trace.handed_s - problem.promise_s, 0)
