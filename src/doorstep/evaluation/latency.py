"""Latency of a day: how long after ordering the customers could have their parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace

PERCENTILES = (50, 90, 95, 99)


def latency_min(problem: Problem, trace: Trace) -> Mapping[str, float]:
    """Return mean and percentiles of the minutes from order to handover; empty where nothing came."""
    minutes = (trace.handed_s - problem.placed_s) / 60
    minutes = minutes[np.isfinite(minutes)]
    if not minutes.size:
        return {}
    found = {"mean": float(minutes.mean())}
    return found | {f"p{p}": float(np.percentile(minutes, p)) for p in PERCENTILES}


def on_time_share(problem: Problem, trace: Trace) -> float | None:
    """Return the share of all orders that came within their promise; None where there are no orders."""
    if not len(problem.order_ids):
        return None
    return float(np.mean(trace.handed_s <= problem.promise_s))
