"""Nearness: beside which sites an order is worth putting back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.problem import DELIVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem

NEAREST = 48
"""Sites beside which an order is put back."""
WAIT_WEIGHT, LATE_WEIGHT = 0.2, 1.0
"""How waiting and lateness between two sites count beside the way (PyVRP's neighbourhood, Wouda et al. 2024)."""
STRANGE = 1e12
"""How far apart sites are between which no vehicle may drive: beyond any other, which are below 2^31 m and s."""
BLOCK = 256


def nearest_sites(problem: Problem, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return each site's nearest sites that have options, itself first; what waiting and lateness cost counts too."""
    sites = len(problem.site_xy_m)
    near = np.full((sites, NEAREST + 1), -1, np.int32)
    if not problem.fleets or not len(problem.option_order):
        return near
    here = np.unique(problem.option_site)
    tables: dict[int, Fleet] = {}
    for kind in problem.fleets:
        tables.setdefault(id(kind.distance_m), kind)
    fleet = min(tables.values(), key=lambda f: int(f.distance_m.max(initial=0)))
    opens, closes = np.full(sites, at.INF), np.full(sites, -at.INF)
    np.minimum.at(opens, problem.option_site, problem.option_open_s)
    np.maximum.at(closes, problem.option_site, problem.option_close_s)
    loaded = _loaded_s(problem, fleet)
    work = np.full(sites, np.iinfo(np.int32).max)
    np.minimum.at(work, problem.option_site, fleet.service_s)
    timed = bool((rows[:, at.CLOCK] != at.NO_CLOCK).any())
    k = min(NEAREST, len(here) - 1)
    may = _fleets_at(problem)
    for start in range(0, len(here), BLOCK):
        mine = here[start : start + BLOCK]
        ways = [_apart(fleet, (mine, here), (opens, closes, work), loaded, timed=timed)]
        ways.append(_apart(fleet, (here, mine), (opens, closes, work), loaded, timed=timed).T)
        apart = np.minimum(*ways)
        apart[may[mine].astype(np.float32) @ may[here].T.astype(np.float32) == 0] = STRANGE
        apart[mine[:, None] == here[None, :]] = -1.0
        chosen = (
            np.argpartition(apart, k, axis=1)[:, : k + 1]
            if k + 1 < len(here)
            else np.tile(np.arange(len(here)), (len(mine), 1))
        )
        order = np.argsort(np.take_along_axis(apart, chosen, axis=1), axis=1, kind="stable")
        near[mine, : k + 1] = here[np.take_along_axis(chosen, order, axis=1)]
    _keep_begun(problem, near)
    return near


def _loaded_s(problem: Problem, fleet: Fleet) -> NDArray[np.int64] | None:
    """Return from when on what is brought to each site can leave its hub, or None where all can when that opens."""
    brought = problem.option_part == DELIVER
    ready_s = problem.ready_s[problem.option_order[brought]]
    if not (ready_s > fleet.open_s + fleet.load_s).any():
        return None
    loaded = np.full(len(problem.site_xy_m), at.INF)
    np.minimum.at(loaded, problem.option_site[brought], ready_s)
    return np.where(loaded == at.INF, fleet.open_s, loaded)


def _fleets_at(problem: Problem) -> NDArray[np.bool_]:
    """Return which fleets may serve anything at each site [sites, fleets]."""
    may = np.zeros((len(problem.site_xy_m), len(problem.fleets)), bool)
    for f, fleet in enumerate(problem.fleets):
        may[problem.option_site[fleet.allowed], f] = True
    return may


def _keep_begun(problem: Problem, near: NDArray[np.int32]) -> None:
    """Let what is aboard a vehicle have the place where that goes on from among its nearest sites."""
    for fleet in problem.fleets:
        if fleet.begun_as < 0 or problem.still is None:
            continue
        first = problem.fleets[fleet.begun_as].allowed
        (place,) = problem.option_site[first & problem.still]
        for site in np.unique(problem.option_site[first & ~problem.still & ~fleet.allowed]):
            if place not in near[site]:
                near[site, -1] = place


def _apart(
    fleet: Fleet,
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    clocks: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    loaded_s: NDArray[np.int64] | None,
    *,
    timed: bool,
) -> NDArray[np.float32]:
    """Return how far apart sites are [origins, destinations], in metres and seconds of waiting or lateness.

    A trip leaves once all of its parcels are ready (`loaded_s` by site, if any is later than the hub opens).
    """
    (out, to), (opens, closes, work) = ends, clocks
    apart = fleet.distance_m[np.ix_(out, to)].astype(np.float32)
    if timed:
        way = fleet.duration_s[np.ix_(out, to)].astype(np.float32) + work[out].astype(np.float32)[:, None]
        a, b = opens.astype(np.float32), closes.astype(np.float32)
        first = a[out][:, None]
        if loaded_s is not None:
            leaves = np.maximum(loaded_s[out][:, None], loaded_s[to][None, :]).astype(np.float32)
            first = np.maximum(first, leaves + fleet.duration_s[fleet.hub, out].astype(np.float32)[:, None])
            apart += LATE_WEIGHT * np.maximum(first - b[out][:, None], 0)
        apart += WAIT_WEIGHT * np.maximum(a[to][None, :] - way - b[out][:, None], 0)
        apart += LATE_WEIGHT * np.maximum(first + way - b[to][None, :], 0)
    return apart
