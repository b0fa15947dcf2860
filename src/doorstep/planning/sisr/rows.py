"""Rows: vehicles written down and read back: -2 - fleet opens a vehicle, -1 (or HELD) a trip, options follow."""

from __future__ import annotations

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.sisr.garage import drop_trip, new_trip, new_vehicle
from doorstep.planning.clock.layout import (
    AFTER, BOOKED, CHANGED, COST, FIRST, FLEET, HELD, IN_USE, KIND, LOGGED, NEXT, SERVICE, SETUP, STEP, TOUCHED, TRIPS,
)  # fmt: skip
from doorstep.planning.sisr.route import account, hook, unlink
from doorstep.planning.sisr.sums import retime, sum_up


@inner_code
def write_row(g, s, v, row, at):  # type: ignore[no-untyped-def]
    """Write a vehicle's row; return where the next one goes."""
    row[at] = -2 - s.vehicle[v, KIND]
    at += 1
    t = s.vehicle[v, FIRST]
    while t >= 0:
        row[at] = -1 if s.trip[t, BOOKED] < 0 else -HELD - s.trip[t, BOOKED]
        at += 1
        hub = g.column.shape[0] + t
        p = s.node[hub, NEXT]
        while p != hub:
            row[at] = p
            at += 1
            p = s.node[p, NEXT]
        t = s.trip[t, AFTER]
    return at


@bare_code
def write_all(g, s, row):  # type: ignore[no-untyped-def]
    """Write the rows of all vehicles in use; return how long that is."""
    at = 0
    for k in range(s.counter[IN_USE]):
        at = write_row(g, s, s.in_use[k], row, at)
    return at


@inner_code
def read_rows(g, s, row, length, costs):  # type: ignore[no-untyped-def]
    """Put vehicles into use by their rows; return whether all of them keep their rules.

    `costs` are those of the vehicles if they are known, -1 between them for nobody; else nothing.
    """
    v, t, i, fine, at, cost = -1, -1, -1, True, 0, -1
    for k in range(length):
        c = row[k]
        if c >= 0:
            f = s.trip[t, FLEET]
            s.node[c, SERVICE], s.node[c, SETUP] = g.service[f, c], g.setup[f, c]
            hook(s, c, t, i, g.column.shape[0] + t)
            account(g, s, c, 1)
            i = c
            continue
        if t >= 0:
            fine = retime(g, s, t) and fine
            t = -1
        if c == -1 or c <= -HELD:
            t = new_trip(g, s, v, -1)
            s.trip[t, BOOKED] = -1 if c == -1 else c + HELD - 2
            i = g.column.shape[0] + t
        else:
            if v >= 0:
                fine = sum_up(g, s, v, cost) and fine
            v = new_vehicle(g, s, -2 - c)
            while at < costs.size and costs[at] < 0:
                at += 1
            cost = costs[at] if at < costs.size else -1
            at += 1
    if t >= 0:
        fine = retime(g, s, t) and fine
    if v >= 0:
        fine = sum_up(g, s, v, cost) and fine
    return fine


@inner_code
def dissolve(g, s, v):  # type: ignore[no-untyped-def]
    """Take a vehicle with all its orders out of the plan."""
    t = s.vehicle[v, FIRST]
    while t >= 0:
        hub, after = g.column.shape[0] + t, s.trip[t, AFTER]
        while s.node[hub, NEXT] != hub:
            unlink(g, s, s.node[hub, NEXT])
        drop_trip(g, s, t)
        t = after


@inner_code
def touch(g, s, v):  # type: ignore[no-untyped-def]
    """Note a vehicle's row before this step changes it for the first time."""
    counter = s.counter
    if s.vehicle[v, TOUCHED] == counter[STEP]:
        return
    s.vehicle[v, TOUCHED] = counter[STEP]
    s.changed[counter[CHANGED]] = v
    s.was[counter[CHANGED]] = s.vehicle[v, COST] if s.vehicle[v, TRIPS] > 0 else -1
    counter[CHANGED] += 1
    if s.vehicle[v, TRIPS] > 0:
        counter[LOGGED] = write_row(g, s, v, s.log, counter[LOGGED])
