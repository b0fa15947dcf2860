"""Timing: when each task of a row begins and ends, at the earliest, and what the row costs.

A drone that waits longer for the van than its battery lasts is launched later instead: its launch is held back by the
excess and the row timed anew, until nothing changes. This is the least solution of a simple temporal network (Dechter,
Meiri and Pearl 1991, doi:10.1016/0004-3702(91)90006-6), so no other times of the same row end earlier.
"""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.tandem.layout import (
    ASIDE, BATTERY_J, BESIDE, DRIVE, DRONE, DRONES, LAUNCH, MAY_RETURN, NOBODY, SECOND_COST, SERVE, UNSERVED_COST, VAN,
    WAIT_W,
)  # fmt: skip

HAIR = 1e-7
"""Rounding error that breaks no limit."""


@bare_code
def timed_row(g, c, row, length, rounds):  # type: ignore[no-untyped-def]
    """Return the cost of a row; infinite where it breaks a rule. Times are left in the clock `c`.

    Launches are held back at most `rounds` times.
    """
    return timed(g, c, row, length, rounds)


@inner_code
def timed(g, c, row, length, rounds):  # type: ignore[no-untyped-def]
    """Do as `timed_row`, for compiled callers."""
    c.hold_s[:] = 0.0
    for _ in range(rounds):
        cost = _once(g, c, row, length)
        if cost >= 0.0:
            return cost + _aside(g, c)
    return np.inf


@inner_code
def _once(g, c, row, length):  # type: ignore[no-untyped-def]
    """Return the cost of the van and its drones; infinite where a rule is broken, -1 where launches are to be held."""
    sites = g.van_s.shape[0]
    at, stop, t, cost, again = 0, 0, 0.0, 0.0, False
    aboard = int(g.numbers[DRONES])
    battery, wait_w = g.numbers[BATTERY_J], g.numbers[WAIT_W]
    for x in range(sites):
        c.launched_in[x] = -1
        if c.who[x] != BESIDE:
            c.who[x] = NOBODY
    for k in range(length):
        kind, x = row[k] // sites, row[k] % sites
        if kind == DRIVE:
            c.begin_s[k] = t
            t += g.van_s[at, x]
            cost += g.van_cost[at, x]
            at, stop = x, stop + 1
        elif kind == SERVE:
            if x != at or not g.by_van[x]:
                return np.inf
            t = max(t, g.opens_s[x])
            if t > g.closes_s[x] + HAIR:
                return np.inf
            c.who[x], c.begin_s[k] = VAN, t
            t += g.van_stay_s[x]
        elif kind == LAUNCH:
            if aboard == 0 or not (g.meets[at] and g.by_drone[x]):
                return np.inf
            begin = max(t, c.hold_s[x] - g.launch_s[at])
            c.begin_s[k] = begin
            t = begin + g.launch_s[at]
            arrival = t + g.out_s[at, x]
            handover = max(arrival, g.opens_s[x])
            energy = g.out_j[at, x] + wait_w * (handover - arrival)
            if handover > g.closes_s[x] + HAIR or energy > battery + HAIR:
                return np.inf
            cost += g.out_cost[at, x]
            aboard -= 1
            c.takeoff_s[x], c.handover_s[x], c.energy_j[x] = t, handover, energy
            c.launched_at[x], c.launched_in[x], c.who[x] = at, stop, DRONE
        else:
            if c.launched_in[x] < 0 or not g.meets[at] or (c.launched_in[x] == stop and g.numbers[MAY_RETURN] == 0.0):
                return np.inf
            ready = c.handover_s[x] + g.drone_stay_s[x] + g.back_s[x, at]
            spare = battery - c.energy_j[x] - g.back_j[x, at]
            if spare < -HAIR:
                return np.inf
            t = max(t, ready)
            if not t < np.inf:
                return np.inf
            waits = t - ready
            if wait_w > 0.0 and waits * wait_w > spare + HAIR:
                again = True
                c.hold_s[x] = max(c.hold_s[x], c.takeoff_s[x] + waits - spare / wait_w)
            c.ready_s[x] = ready
            c.energy_j[x] += g.back_j[x, at] + waits * wait_w
            cost += g.back_cost[x, at]
            c.begin_s[k] = t
            t += g.recover_s[at]
            aboard += 1
            c.launched_in[x] = -1
        c.end_s[k] = t
        if not t < np.inf:
            return np.inf
    if at != 0 or aboard != int(g.numbers[DRONES]):
        return np.inf
    if again:
        return -1.0
    c.makespan_s[0] = t
    return cost


@inner_code
def _aside(g, c):  # type: ignore[no-untyped-def]
    """Return what the makespan and the customers left out cost, once the depot's drones have their flights too.

    Longest flights first, each to the drone that is free first (Graham 1969, doi:10.1137/0117039).
    """
    c.aside_s[:] = 0.0
    missing = 0
    for k in range(c.aside_order.size):
        x = c.aside_order[k]
        if x == 0:
            continue
        if c.who[x] == NOBODY:
            missing += 1
        elif c.who[x] == BESIDE:
            first = 0
            for drone in range(1, int(g.numbers[ASIDE])):
                if c.aside_s[drone] < c.aside_s[first]:
                    first = drone
            c.aside_s[first] += g.beside_s[x]
            c.aside_by[x] = first
            c.makespan_s[0] = max(c.makespan_s[0], c.aside_s[first])
    return g.numbers[SECOND_COST] * c.makespan_s[0] + UNSERVED_COST * missing
