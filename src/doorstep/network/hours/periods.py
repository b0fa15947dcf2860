"""Periods: how long every leg takes in every period of the day, for plans whose departures are not known yet.

A table of the period in which a leg begins must not be used as it is: where a jam ends, whoever waits would overtake.
`Timetable.arrival_s` has the leg go on at the speed of each period that it meets (Ichoua, Gendreau and Potvin 2003,
doi:10.1016/S0377-2217(02)00147-9), so that first in is first out. That is exact wherever one factor holds on all
streets of a leg and their speeds, not the vehicle's own, bind; else it blends the ways of the periods, and `journeys`
knows the exact arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.network.hours.stretches import pass_stretch
from doorstep.network.network import Pace

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from doorstep.network.network import Snaps
    from doorstep.network.streets import Streets
    from doorstep.network.traffic import Traffic

    Real = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """The fastest journeys from n origins to m destinations, were each period to last for ever."""

    break_s: NDArray[np.float64]
    """[periods + 1] seconds since midnight, from 0 to 86,400; the day comes again every day."""
    duration_s: NDArray[np.float64]
    """[periods, n, m] seconds; infinite where there is no way."""
    distance_m: NDArray[np.float64]
    """[periods, n, m] metres along the fastest journey of each period."""

    def arrival_s(self, origin: ArrayLike, destination: ArrayLike, depart_s: ArrayLike) -> NDArray[np.float64]:
        """Return when legs [k] that begin at `depart_s` end, seconds since midnight; later begun is never earlier."""
        i, j, clock_s = np.broadcast_arrays(np.asarray(origin), np.asarray(destination), np.asarray(depart_s, float))
        flat = self.duration_s.reshape(len(self.duration_s), -1)
        leg = (i * self.duration_s.shape[2] + j).ravel().astype(np.int64)
        return end_legs(self.break_s, flat, leg, np.ascontiguousarray(clock_s.ravel(), float)).reshape(clock_s.shape)


def timetable(
    streets: Streets, origins: Snaps, destinations: Snaps, max_speed_mps: float, traffic: Traffic
) -> Timetable:
    """Return the journeys of every period; large tables go over streets that are prepared once for all periods.

    Periods with the same factors are worked out once.
    """
    from doorstep.network.streets import WORTH_PREPARING

    column = traffic.columns(streets)
    rows, of = np.unique(traffic.factor, axis=0, return_inverse=True)
    if len(rows) * len(origins.edge) * streets.edges.nodes > WORTH_PREPARING:
        streets.hierarchy  # noqa: B018 - made at its first use, and kept
    paces = [Pace(max_speed_mps, tuple(row)) for row in rows.tolist()]
    legs = [streets.legs(origins, destinations, pace, column) for pace in paces]
    duration_s, distance_m = (np.array([getattr(leg, name) for leg in legs]) for name in ("duration_s", "distance_m"))
    return Timetable(traffic.break_s, duration_s[of.reshape(-1)], distance_m[of.reshape(-1)])


@machine_code
def end_legs(break_s: Real, duration_s: Real, leg: Whole, clock_s: Real) -> Real:
    """Return when some legs [k] that begin at `clock_s` [k] end.

    `duration_s` [periods, legs] is what they take in each period.
    """
    end_s = np.empty(leg.size)
    for k in range(leg.size):
        end_s[k] = end_leg(break_s, duration_s[:, leg[k]], clock_s[k])
    return end_s


@machine_code
def end_leg(break_s: Real, duration_s: Real, clock_s: float) -> float:
    """Return when a leg ends that begins at `clock_s` and takes `duration_s` [periods] in each period.

    In a period of which it takes d seconds it gets on by 1/d of the leg each second.
    """
    if duration_s[0] == 0.0:
        return clock_s
    if not duration_s[0] < np.inf:
        return np.inf
    return pass_stretch(1.0, 1.0, np.inf, duration_s, break_s, clock_s)
