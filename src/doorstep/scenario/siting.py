"""Siting: hubs and lockers chosen from the map, where a scenario leaves the choice to Doorstep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.network import Medium

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Network

NEAR_M = 300.0
"""A door is near a locker within the shorter of the walks that customers in town are taken to accept."""
CANDIDATES = 1200
"""Doors that are looked at as places of a locker; more would only lie between them."""
GRID = 24


def demand_points(network: Network) -> tuple[NDArray[np.float64], NDArray[np.float64], str]:
    """Return places [n, 2] and weights [n] of likely customers, and what they are: doors, or streets where none are."""
    doors = network.doors
    if len(doors.xy_m) and np.sum(doors.homes) > 0:
        return doors.xy_m, np.asarray(doors.homes, float), "doors"
    west, south, east, north = network.extent_m
    x, y = np.meshgrid(np.linspace(west, east, GRID), np.linspace(south, north, GRID))
    snaps = network.layers[Medium.ROAD].snap(np.column_stack([x.ravel(), y.ravel()]))
    found = snaps.xy_m[np.isfinite(snaps.distance_m)]
    found = np.unique(np.round(found, 1), axis=0)
    return found, np.ones(len(found)), "streets"


def middle_of_demand(network: Network, snap_limit_m: float) -> NDArray[np.float64] | None:
    """Return the point [2] of the road network in the middle of the doors; None where there is no road.

    Half of all homes lie west of the middle and half south of it. Of the street points next to it, the first that also
    touches cycle ways, paths and footways within the snap limit is taken, or else the one that comes nearest to that.
    """
    xy, weight, _ = demand_points(network)
    if not len(xy):
        return None
    middle = np.array([_median(xy[:, axis], weight) for axis in (0, 1)])
    order = np.argsort(np.sum((xy - middle) ** 2, axis=1), kind="stable")[:200]
    points, stray = _on_streets(network, np.vstack([middle[None, :], xy[order]]))
    if not np.isfinite(stray).any():
        return None
    good = np.flatnonzero(stray <= snap_limit_m / 10)
    chosen: NDArray[np.float64] = points[good[0] if good.size else int(np.argmin(stray))]
    return chosen


def near_most_doors(
    network: Network, count: int, snap_limit_m: float, taken_m: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return street places [n, 2] for lockers and how many homes [n] each brings near that no other locker is near to.

    The greedy rule for the maximal covering location problem (Church and ReVelle 1974): one after the other, where most
    homes are within NEAR_M in a straight line of no locker yet, `taken_m` [k, 2] being lockers that are there already.
    Fewer than `count` are returned where the map has no more places.
    """
    from scipy.spatial import cKDTree

    xy, weight, _ = demand_points(network)
    if not len(xy):
        return np.empty((0, 2)), np.empty(0)
    chosen = np.unique(np.linspace(0, len(xy) - 1, min(CANDIDATES, len(xy))).round().astype(int))
    points, stray = _on_streets(network, xy[chosen])
    points = points[stray <= snap_limit_m]
    if not len(points):
        return np.empty((0, 2)), np.empty(0)
    points = points[np.sort(np.unique(np.round(points), axis=0, return_index=True)[1])]
    doors = cKDTree(xy)
    around = doors.query_ball_point(points, NEAR_M)
    open_weight = weight.copy()
    for near in doors.query_ball_point(taken_m.reshape(-1, 2), NEAR_M):
        open_weight[near] = 0
    found: list[NDArray[np.float64]] = []
    gains: list[float] = []
    for _ in range(min(count, len(points))):
        gain = np.array([open_weight[near].sum() for near in around])
        if gain.max() > 0:
            best = int(np.argmax(gain))
        else:
            there = np.vstack([taken_m.reshape(-1, 2), *[one[None, :] for one in found]])
            best = int(np.argmax(cKDTree(there).query(points)[0])) if len(there) else 0
        found.append(points[best])
        gains.append(float(gain[best]))
        open_weight[around[best]] = 0
    return np.array(found).reshape(-1, 2), np.array(gains)


def _on_streets(network: Network, xy_m: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the road point [n, 2] next to each place, and how far [n] it is at most from the other layers in use."""
    road = network.layers[Medium.ROAD].snap(xy_m)
    points = road.xy_m
    stray = np.where(np.isfinite(road.distance_m), 0.0, np.inf)
    safe = np.where(np.isfinite(points), points, 0.0)
    for medium in (Medium.CYCLE, Medium.PATH, Medium.FOOT):
        away = network.layers[medium].snap(safe).distance_m
        if np.isfinite(away).any():
            stray = np.maximum(stray, away)
    return safe, stray


def _median(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order])
    return float(values[order[np.searchsorted(share, share[-1] / 2)]])
