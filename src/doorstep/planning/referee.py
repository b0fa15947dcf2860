"""Referee: how long legs take by the hour, worked out apart from the compiled clockwork, for all who check or ask.

The way of a leg is added up period by period from its departure on, and its end read off that sum; the clockwork goes
through the same day by what is left of the leg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.problem import FAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from doorstep.planning.problem import Fleet

HAIR_S = 1e-9
"""Rounding error that does not make another second."""


def ways_s(fleet: Fleet, origin: ArrayLike, destination: ArrayLike, depart_s: ArrayLike) -> NDArray[np.int64]:
    """Return the whole seconds of legs [k] between sites [k] that begin at times [k]; FAR where there is no way."""
    here, there, clock_s = np.broadcast_arrays(np.asarray(origin), np.asarray(destination), np.asarray(depart_s))
    least: NDArray[np.int64] = fleet.duration_s[here, there].astype(np.int64)
    if fleet.period_duration_s is None:
        return least
    duration_s = fleet.period_duration_s[:, here, there].reshape(len(fleet.period_from_s), -1).astype(float)
    begins_s = np.asarray(fleet.period_from_s, float)[1:]
    took_s = _took_s(begins_s, duration_s, clock_s.reshape(-1).astype(float))
    whole: NDArray[np.int64] = np.ceil(took_s - HAIR_S).astype(np.int64).reshape(here.shape)
    return np.where(least >= FAR, FAR, whole)


def way_with_rests_s(
    fleet: Fleet, origin: int, destination: int, depart_s: int, rests: Sequence[tuple[int, int]] = ()
) -> float:
    """Return the least seconds from leaving one site to being at another, the rests on the way included.

    A rest is (begin, end); meanwhile the vehicle stands still. FAR where there is no way.
    """
    least = int(fleet.duration_s[origin, destination])
    table = fleet.period_duration_s
    if least >= FAR:
        return FAR
    from_s = fleet.period_from_s if table is not None else (0,)
    leg_s = table[:, origin, destination].tolist() if table is not None else [least]
    ends_s = sorted({*from_s[1:], *(moment for rest in rests for moment in rest)})
    paces = []
    for begin_s in [min([*ends_s, depart_s]) - 1, *ends_s]:
        resting = any(start <= begin_s < end for start, end in rests)
        paces.append(np.inf if resting else leg_s[max(0, int(np.searchsorted(from_s, begin_s, side="right")) - 1)])
    took_s = _took_s(np.array(ends_s, float), np.array(paces, float)[:, None], np.array([float(depart_s)]))
    return float(took_s[0])


def _took_s(
    begins_s: NDArray[np.float64], duration_s: NDArray[np.float64], depart_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what legs [k] take that begin at `depart_s` [k].

    `begins_s` [periods - 1] is when all but the first begin, `duration_s` [periods, k] what a leg takes in each.
    """
    legs = np.arange(len(depart_s))
    bounds_s = np.maximum(begins_s[:, None] - depart_s, 0.0)
    bounds_s = np.concatenate([np.zeros((1, len(legs))), bounds_s])
    widths_s = np.diff(bounds_s, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(widths_s > 0, widths_s / duration_s[:-1], 0.0)
    done = np.concatenate([np.zeros((1, len(legs))), np.cumsum(shares, axis=0)])
    period = (done[1:] < 1).sum(axis=0)
    return np.asarray(bounds_s[period, legs] + (1 - done[period, legs]) * duration_s[period, legs])
