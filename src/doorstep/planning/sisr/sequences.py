"""Sequences: in which orders go back into a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem

KEY_WEIGHTS = {"demand": 4.0, "far": 2.0, "near": 1.0}
CLOCK_WEIGHTS = {"narrow": 2.0, "open": 2.0, "close": 2.0}
RANDOM_WEIGHT = 4.0
"""How often orders go back in which sequence (Christiaens and Vanden Berghe 2020, sections 5.2 and 6.2)."""


def sequence_keys(problem: Problem, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return keys by which orders are put back, least first, and the summed up shares of their use."""
    orders = len(problem.order_ids)
    option = np.full(orders, -1)
    option[problem.option_order[::-1]] = np.arange(len(problem.option_order))[::-1]
    site = problem.option_site[option] if len(problem.option_order) else np.zeros(orders, np.int64)
    way = np.zeros(orders)
    if problem.fleets:
        fleet = problem.fleets[0]
        way = fleet.distance_m[fleet.hub, site].astype(float)
    most = np.array([max(1, min(f.mass_g, 1 << 60)) for f in problem.fleets] or [1], float).max()
    bulk = np.array([max(1, min(f.volume_ml, 1 << 60)) for f in problem.fleets] or [1], float).max()
    demand = np.maximum(problem.mass_g / most, problem.volume_ml / bulk)
    opens = problem.option_open_s[option].astype(float) if len(problem.option_order) else way
    closes = problem.option_close_s[option].astype(float) if len(problem.option_order) else way
    columns = {"demand": -demand, "far": -way, "near": way, "narrow": closes - opens, "open": opens, "close": -closes}
    weights = dict(KEY_WEIGHTS)
    if (rows[:, at.CLOCK] != at.NO_CLOCK).any():
        weights |= CLOCK_WEIGHTS
    total = RANDOM_WEIGHT + sum(weights.values())
    return np.array([columns[name] for name in weights]), np.cumsum(list(weights.values())) / total
