"""Decisions: at which moments of a day trips are planned, and which orders are known by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.scenario.scenario import Dispatch

NEVER = 1 << 40
"""Seconds beyond any: an order that no decision of the day knows."""


def moments(
    rule: Dispatch, placed_s: NDArray[np.int64], opens_s: float, closes_s: float
) -> tuple[tuple[int, ...], NDArray[np.int64]]:
    """Return when trips are planned [clock seconds], and at which of these moments each order is known first [orders].

    Nothing is decided before the working day begins, nor when it is over: whoever comes too late is known `NEVER`.
    Moments at which nobody new waits are none.
    """
    came_s = np.maximum(placed_s, int(np.ceil(opens_s))) if not rule.waves_s else placed_s
    queue_s = np.sort(came_s).tolist()
    decisions: list[int] = []
    known = 0
    while known < len(queue_s):
        moment = _next(rule, queue_s[known:], opens_s)
        if moment >= closes_s:
            break
        decisions.append(int(moment))
        known = int(np.searchsorted(queue_s, moment, side="right"))
    at = np.searchsorted(decisions, came_s)
    known_s = np.array([*decisions, NEVER], np.int64)[at]
    return tuple(decisions), known_s


def _next(rule: Dispatch, waiting_s: list[int], opens_s: float) -> float:
    """Return when those are planned for who come from now on: the first of some orders, in the order of coming."""
    first = waiting_s[0]
    if rule.waves_s:
        return min((np.ceil(wave) for wave in rule.waves_s if wave >= first), default=np.inf)
    tick = np.inf
    if rule.every_s:
        tick = np.ceil(opens_s + np.ceil((first - opens_s) / rule.every_s) * rule.every_s)
    enough = waiting_s[rule.orders - 1] if 0 < rule.orders <= len(waiting_s) else np.inf
    return float(min(tick, enough))
