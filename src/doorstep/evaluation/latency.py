"""Latency of a day: how long after ordering the customers could have their parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.lockers.occupancy import DAY_S
from doorstep.planning.problem import RETURN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace

PERCENTILES = (50, 90, 95, 99)


def latency_min(problem: Problem, trace: Trace) -> Mapping[str, float]:
    """Return mean and percentiles of the minutes from order to handover, returns aside; empty where nothing came."""
    return _spread(trace.handed_s, problem, trace)


def collected_min(problem: Problem, trace: Trace) -> Mapping[str, float]:
    """Return the same of the minutes until the customers have it in their hands, at home from a locker too."""
    return _spread(collected_s(problem, trace), problem, trace)


def collected_s(problem: Problem, trace: Trace) -> np.ndarray:
    """Return when each order is in its customer's hands [orders], clock seconds; NaN where it never left the hub.

    Of lockers that is the end of its wait there, or when the locker opens next; of what is handed over in person, then.
    """
    found = trace.handed_s.copy()
    if problem.option_dwell_s is None or problem.locker_hours_s is None:
        return found
    mine = np.flatnonzero(np.isfinite(found) & (trace.option >= 0))
    mine = mine[problem.option_locker[trace.option[mine]] >= 0]
    option = trace.option[mine]
    opens, closes = problem.locker_hours_s[problem.option_locker[option]].T
    came = found[mine] + problem.option_dwell_s[option]
    day_s = DAY_S * np.floor((came - opens) / DAY_S)
    shut = (closes - opens < DAY_S) & (came > closes + day_s)
    found[mine] = np.where(shut, opens + day_s + DAY_S, came)
    return found


def returned(problem: Problem, trace: Trace) -> np.ndarray:
    """Return which orders are returns that were fetched [orders]."""
    found = np.zeros(len(trace.option), bool)
    found[problem.option_order[problem.option_part == RETURN]] = True
    return found & np.isfinite(trace.handed_s)


def _spread(clock_s: np.ndarray, problem: Problem, trace: Trace) -> Mapping[str, float]:
    clock_s = np.where(returned(problem, trace), np.nan, clock_s)
    minutes = (clock_s - problem.placed_s) / 60
    if problem.bundle is not None:
        minutes = np.repeat(minutes, problem.bundle)
    minutes = minutes[np.isfinite(minutes)]
    if not minutes.size:
        return {}
    found = {"mean": float(minutes.mean())}
    return found | {f"p{p}": float(np.percentile(minutes, p)) for p in PERCENTILES}


def on_time_share(problem: Problem, trace: Trace) -> float | None:
    """Return the share of all orders that came within their promise; None where there are no orders."""
    if not len(problem.order_ids):
        return None
    return float(np.average(trace.handed_s <= problem.promise_s, weights=problem.bundle))
