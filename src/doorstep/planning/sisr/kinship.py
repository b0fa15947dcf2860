"""Kinship: what a vehicle of each fleet costs for one order only, and which fleets could stand in for which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.problem import DROP, FAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem


def alone_by(
    problem: Problem,
    rows: NDArray[np.int64],
    column: NDArray[np.int64],
    service: NDArray[np.int32],
    setup: NDArray[np.int32],
    allowed: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return for each fleet and option the cost of a vehicle for it only, of one more trip, and that trip's stretch."""
    shape = allowed.shape
    cost, way = np.full(shape, at.NOWHERE), np.full(shape, at.NOWHERE)
    stretch = np.zeros((*shape, 3), np.int64)
    site = problem.option_site
    paired = problem.option_mate >= 0
    mate = np.where(paired, problem.option_mate, np.arange(len(site)))
    last = site[mate]
    for f, fleet in enumerate(problem.fleets):
        row, hub = rows[f], fleet.hub
        out_s, back_s = fleet.duration_s[hub, site].astype(np.int64), fleet.duration_s[last, hub].astype(np.int64)
        metres = fleet.distance_m[hub, site].astype(np.int64) + fleet.distance_m[last, hub]
        moved = (site != hub).astype(np.int64)
        delta = row[at.LOADING] + out_s + setup[f] * moved
        opens, closes = column[:, at.OPEN], column[:, at.CLOSE]
        fine = allowed[f] & (fleet.count > 0) & (row[at.OPENS] + delta <= closes)
        early, late = np.maximum(opens - delta, row[at.OPENS]), closes - delta
        delta = delta + service[f]
        if paired.any():
            # The drop comes right after its pick-up: one stretch more.
            on_s = fleet.duration_s[site, last].astype(np.int64)
            apart = (site != last).astype(np.int64)
            on = np.where(paired, on_s + setup[f, mate] * apart, 0)
            opens, closes = np.where(paired, opens[mate], -at.INF), np.where(paired, closes[mate], at.INF)
            fine &= early + delta + on <= closes
            wait = np.maximum(opens - delta - on - late, 0)
            early = np.maximum(opens - delta - on, early) - wait
            late = np.minimum(closes - delta - on, late)
            delta = delta + on + wait + np.where(paired, service[f, mate], 0)
            metres = metres + np.where(paired, fleet.distance_m[site, last], 0)
            moved = moved + np.where(paired, apart, 0)
            fine &= (on_s < FAR) & (problem.option_part != DROP)
        delta = delta + back_s
        late = np.minimum(late, row[at.CLOSES] - delta)
        early = np.maximum(early, np.maximum(column[:, at.READY], row[at.RELEASE]) - row[at.LOADING])
        fine &= (early <= late) & (metres <= row[at.RANGE]) & (delta <= row[at.LONGEST])
        fine &= metres * fleet.energy_mwh_per_m + moved * fleet.energy_mwh_per_stop <= fleet.energy_mwh
        for k in range(3):
            fine &= column[:, at.LOAD + k] <= row[at.CAPACITY + k]
        fine &= (out_s < FAR) & (back_s < FAR)
        trip = fleet.trip_cost + metres * fleet.metre_cost + moved * fleet.stop_cost
        trip += (delta - row[at.LOADING]) * fleet.away_cost
        way[f] = np.where(fine, trip, at.NOWHERE)
        cost[f] = np.where(fine, trip + fleet.vehicle_cost + _pay(fleet, delta), at.NOWHERE)
        stretch[f] = np.stack([delta, early, late], axis=1)
    return cost, way, stretch


def _pay(fleet: Fleet, duty_s: NDArray[np.int64]) -> NDArray[np.int64]:
    over_s = np.maximum(duty_s - fleet.overtime_after_s, 0)
    pay: NDArray[np.int64] = np.maximum(duty_s, fleet.paid_least_s) * fleet.duty_cost + over_s * fleet.overtime_cost
    return pay


def kin_of(
    rows: NDArray[np.int64], service: NDArray[np.int32], setup: NDArray[np.int32], allowed: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return for each fleet those that differ from it only in capacity, range and costs, and may do all that it may."""
    clocks = (at.OPENS, at.CLOSES, at.LOADING, at.SWAP, at.LONGEST, at.MOST_TRIPS, at.CLOCK)
    same = (at.SITE_OF_HUB, *clocks, at.DURATIONS, at.LENGTHS)
    n = len(rows)
    kin = np.full((n, max(n, 1)), -1, np.int64)
    for f in range(n):
        if rows[f, at.MOST_TRIPS] > 1 or rows[f, at.EXACT] or rows[f, at.BEGUN_AS] != f:
            continue
        mine = [
            other
            for other in range(n)
            if other != f
            and not rows[other, at.EXACT]
            and rows[other, at.BEGUN_AS] == other
            and all(rows[f, k] == rows[other, k] for k in same)
            and (service[f] == service[other]).all()
            and (setup[f] == setup[other]).all()
            and (allowed[other] >= allowed[f]).all()
        ]
        mine.sort(key=lambda other: tuple(rows[other, at.CAPACITY : at.CAPACITY + 3]))
        kin[f, : len(mine)] = mine
    return kin
