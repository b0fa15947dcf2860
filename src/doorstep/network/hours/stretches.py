"""Stretches: exact travel times through a day whose speeds change from period to period, compiled.

Whoever is under way when a period ends goes on at the speed of the next one (Ichoua, Gendreau and Potvin 2003,
doi:10.1016/S0377-2217(02)00147-9). So nobody overtakes by leaving later: first in, first out. Every step here rises
with the time of departure, rounding included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.streets import Streets
    from doorstep.network.traffic import Traffic

    Real = NDArray[np.float64]


class Stretches(NamedTuple):
    """Edges as runs of equal speed and class, and the day that is met on them."""

    begin: NDArray[np.int64]
    """[edges + 1] where the stretches of each edge begin."""
    length_m: NDArray[np.float64]
    """[stretches]"""
    free_mps: NDArray[np.float64]
    """[stretches, 2] forward and backward."""
    column: NDArray[np.int64]
    """[stretches] of `factor`."""
    edge_m: NDArray[np.float64]
    """[edges]"""
    break_s: NDArray[np.float64]
    """[periods + 1] of the day."""
    factor: NDArray[np.float64]
    """[columns, periods]"""
    max_speed_mps: float


def lay_stretches(streets: Streets, traffic: Traffic, max_speed_mps: float) -> Stretches:
    """Return the edges of a layer as a vehicle of some top speed meets them through the day."""
    edges, column = streets.edges, traffic.columns(streets)
    edge = np.repeat(np.arange(len(edges.tail)), np.diff(edges.first))
    is_segment = np.ones(len(edge), bool)
    is_segment[edges.first[1:] - 1] = False
    edge, column, step_m = edge[is_segment], column[is_segment], edges.step_m[is_segment]
    free_mps = edges.free_speed_mps[is_segment]
    begins = np.ones(len(edge), bool)
    begins[1:] = (np.diff(edge) != 0) | (np.diff(column) != 0) | (free_mps[1:] != free_mps[:-1]).any(axis=1)
    at = np.flatnonzero(begins)
    return Stretches(
        begin=np.searchsorted(edge[at], np.arange(len(edges.tail) + 1)),
        length_m=np.add.reduceat(step_m, at) if len(at) else np.empty(0),
        free_mps=np.ascontiguousarray(free_mps[at]),
        column=column[at],
        edge_m=edges.length_m,
        break_s=traffic.break_s,
        factor=np.ascontiguousarray(traffic.factor.T),
        max_speed_mps=float(max_speed_mps),
    )


@machine_code
def pass_edge(road: Stretches, edge: int, from_m: float, to_m: float, clock_s: float) -> float:
    """Return when somebody who leaves one place along an edge at `clock_s` is at another, before it or behind it."""
    if from_m == to_m or not clock_s < np.inf:
        return clock_s
    first, last = road.begin[edge], road.begin[edge + 1] - 1
    low, high = min(from_m, to_m), max(from_m, to_m)
    begin_m = 0.0 if from_m < to_m else road.edge_m[edge]
    for n in range(last - first + 1):
        if from_m < to_m:
            k = first + n
            end_m = begin_m + road.length_m[k] if k < last else road.edge_m[edge]
            share_m = min(high, end_m) - max(low, begin_m)
            way = 0
        else:
            k = last - n
            end_m = begin_m - road.length_m[k] if k > first else 0.0
            share_m = min(high, begin_m) - max(low, end_m)
            way = 1
        begin_m = end_m
        if share_m > 0:
            clock_s = pass_stretch(
                share_m, road.free_mps[k, way], road.max_speed_mps, road.factor[road.column[k]], road.break_s, clock_s
            )
    return clock_s


@machine_code
def pass_stretch(
    length_m: float, free_mps: float, max_speed_mps: float, factor: Real, break_s: Real, clock_s: float
) -> float:
    """Return when a stretch is behind somebody who enters it at `clock_s`.

    `factor` [periods] divides its free speed; the top speed of the vehicle is not divided.
    """
    periods, day_s = factor.size, float(break_s[-1])
    midnight_s = np.floor(clock_s / day_s) * day_s
    if midnight_s > clock_s:  # by rounding
        midnight_s -= day_s
    period = min(np.searchsorted(break_s, clock_s - midnight_s, side="right") - 1, periods - 1)
    met = 0
    while True:
        speed_mps = float(min(max_speed_mps, free_mps / factor[period]))
        needed_s = length_m / speed_mps
        end_s = midnight_s + break_s[period + 1]
        if clock_s + needed_s <= end_s:
            return clock_s + needed_s
        length_m = max(0.0, length_m - speed_mps * (end_s - clock_s))
        clock_s = end_s
        period += 1
        met += 1
        if period == periods:
            period = 0
            midnight_s += day_s
        if met == periods:  # whole days at once, for whatever creeps
            daily_m = 0.0
            for p in range(periods):
                daily_m += min(max_speed_mps, free_mps / factor[p]) * (break_s[p + 1] - break_s[p])
            days = np.floor(length_m / daily_m)
            if days > 1:
                length_m = max(0.0, length_m - (days - 1) * daily_m)
                midnight_s += (days - 1) * day_s
                clock_s += (days - 1) * day_s
