"""Cost of a day: a ledger whose lines add up."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from doorstep.modes.rates import Line, Per
from doorstep.planning.problem import MONEY, MWH

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
        amounts = drivers(problem, trace, f)
        for rate in fleet.rates:
            money = round(rate.amount * MONEY) * amounts[rate.per]
            sums[rate.line] += money // MWH if rate.per == Per.KWH else money
    sums[Line.LATE] += round(problem.late_cost * float(np.nansum(late_s(problem, trace))))
    used = np.unique(problem.option_locker[trace.option[trace.option >= 0]])
    sums[Line.EARLY] += round(problem.early_cost * float(np.nansum(early_s(problem, trace))))
    sums[Line.LOCKERS] += sum(int(problem.locker_cost[locker]) for locker in used if locker >= 0)
    hubs = {problem.fleets[f].hub for f in np.unique(trace.trip_fleet)}
    sums[Line.HUBS] += sum(int(problem.hub_cost[hub]) for hub in hubs)
    if problem.courier_cost is not None and problem.carry_cost is not None:
        sums[Line.COURIER] += int(problem.courier_cost[trace.couriered].sum())
        sums[Line.TOMORROW] += int(problem.carry_cost[trace.carried].sum()) + _share_of_tomorrow(problem, trace, sums)
    return {line: (Decimal(sums[line]) / MONEY).quantize(CENTS) for line in Line if sums[line]}


def _share_of_tomorrow(problem: Problem, trace: Trace, sums: Mapping[Line, int]) -> int:
    """Return what orders carried to tomorrow take of that day, each as much as one of today's."""
    many = np.ones(len(problem.order_ids), np.int64) if problem.bundle is None else problem.bundle
    served = int(many[np.isfinite(trace.handed_s)].sum())
    return sum(sums.values()) // served * int(many[trace.carried].sum()) if served else 0


def drivers(problem: Problem, trace: Trace, fleet: int) -> Mapping[Per, int]:
    """Return how many units of each driver of cost a fleet used; of energy, milliwatt-hours."""
    mine, kind = trace.trip_fleet == fleet, problem.fleets[fleet]
    vehicles = np.unique(trace.trip_vehicle[mine])
    duty = over = 0
    for vehicle in vehicles:
        its = mine & (trace.trip_vehicle == vehicle)
        spent = int(trace.return_s[its].max() - trace.load_s[its].min())
        duty += max(spent, kind.paid_least_s)
        over += max(0, spent - kind.overtime_after_s)
    return {
        Per.VEHICLE: int(vehicles.size),
        Per.DUTY_SECOND: duty,
        Per.OVERTIME_SECOND: over,
        Per.AWAY_SECOND: int((trace.return_s - trace.depart_s)[mine].sum()),
        Per.METRE: int(trace.distance_m[mine].sum()),
        Per.TRIP: int(mine.sum()),
        Per.STOP: int(trace.places[mine].sum()),
        Per.KWH: int(trace.energy_mwh[mine].sum()),
    }


def late_s(problem: Problem, trace: Trace) -> np.ndarray:
    """Return how late each order came after its promise [orders], seconds; NaN where it did not come."""
    return np.maximum(trace.handed_s - problem.promise_s, 0)


def early_s(problem: Problem, trace: Trace) -> np.ndarray:
    """Return how much sooner each order came than it was wanted [orders], seconds; NaN where it did not come."""
    if problem.wanted_s is None:
        return np.zeros(len(trace.handed_s))
    return np.maximum(problem.wanted_s - trace.handed_s, 0)
