"""Dayparts: the periods of a day's traffic that working hours meet, neighbours that are alike joined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.traffic import DAY_S
from doorstep.planning.problem import FAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from doorstep.network.traffic import Traffic
    from doorstep.planning.problem import Fleet

    Tables = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True, slots=True, eq=False)
class Dayparts:
    """Travel between sites by the hour."""

    from_s: tuple[int, ...]
    """When each period begins, seconds since the scenario's midnight; empty where all hours are alike."""
    duration_s: NDArray[np.int32] | None
    """[periods, sites, sites] whole seconds; None where all hours are alike."""
    least_s: NDArray[np.int32]
    """[sites, sites] the least of them."""
    distance_m: NDArray[np.int32]
    """[sites, sites] whole metres: the mean of the ways of all working hours, each as often as it lasts."""


def parts_of(traffic: Traffic, open_s: float, close_s: float) -> list[tuple[int, int, float]]:
    """Return (begin, period of the traffic, seconds within the working hours) of the dayparts that these meet.

    Days after the first are like it; neighbours whose factors are equal are one.
    """
    found: list[tuple[int, int, float]] = []
    for day in range(int(open_s // DAY_S), int(close_s // DAY_S) + 1):
        for period, (begin, end) in enumerate(pairwise((day * DAY_S + traffic.break_s).tolist())):
            lasts_s = min(end, close_s) - max(begin, open_s)
            if lasts_s <= 0:
                continue
            if found and (traffic.factor[found[-1][1]] == traffic.factor[period]).all():
                found[-1] = *found[-1][:2], found[-1][2] + lasts_s
            else:
                found.append((round(begin), period, lasts_s))
    return found or [(round(open_s), traffic.period(open_s), 1.0)]


def joined(parts: list[tuple[int, float, Tables]]) -> Dayparts:
    """Return the dayparts of (begin, seconds within the working hours, tables) [periods].

    Neighbours whose times are the same are one.
    """
    kept: list[tuple[int, NDArray[np.int32]]] = []
    for begin, _, (duration_s, _) in parts:
        if not kept or (kept[-1][1] is not duration_s and (kept[-1][1] != duration_s).any()):
            kept.append((begin, duration_s))
    hours_s = sum(lasts_s for _, lasts_s, _ in parts)
    mean_m = sum(distance_m * (lasts_s / hours_s) for _, lasts_s, (_, distance_m) in parts)
    whole_m = np.minimum(np.ceil(np.asarray(mean_m) - 1e-6), FAR).astype(np.int32)
    if len(kept) == 1:
        return Dayparts((), None, kept[0][1], whole_m)
    table = np.stack([duration_s for _, duration_s in kept])
    return Dayparts(tuple(begin for begin, _ in kept), table, table.min(axis=0), whole_m)


def weathered(parts: list[tuple[int, Tables]]) -> Dayparts:
    """Return the dayparts of flights in winds that each hold from a second on: (begin, tables) [winds].

    Metres are those of the wind that asks most, since range and battery must last in any. A way that cannot be flown
    in all of them is none: whoever is under way when it closes could not wait in the air.
    """
    lost = np.logical_or.reduce([duration_s >= FAR for _, (duration_s, _) in parts])
    most_m = np.where(lost, FAR, np.maximum.reduce([distance_m for _, (_, distance_m) in parts])).astype(np.int32)
    begins = tuple(begin for begin, _ in parts)
    table = np.stack([np.where(lost, FAR, duration_s).astype(np.int32) for _, (duration_s, _) in parts])
    if (table == table[0]).all():
        return Dayparts((), None, table[0], most_m)
    return Dayparts(begins, table, table.min(axis=0), most_m)


def side_by_side(fleets: Sequence[Fleet]) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return when the periods of all fleets begin and their tables, one fleet after the other, each table once.

    Besides, of each fleet [fleets, 3], how many periods it has and where their beginnings and tables start.
    """
    begins: list[int] = []
    flat: list[NDArray[np.int32]] = []
    places: dict[tuple[tuple[int, ...], int], tuple[int, int]] = {}
    rows = np.zeros((len(fleets), 3), np.int64)
    for row, fleet in zip(rows, fleets, strict=True):
        if fleet.period_duration_s is not None:
            key = fleet.period_from_s, id(fleet.period_duration_s)
            if key not in places:
                places[key] = len(begins), sum(table.size for table in flat)
                begins += fleet.period_from_s
                flat.append(np.ascontiguousarray(fleet.period_duration_s, np.int32).reshape(-1))
            row[:] = len(fleet.period_from_s), *places[key]
    return np.array(begins, np.int64), np.concatenate(flat) if flat else np.zeros(0, np.int32), rows
