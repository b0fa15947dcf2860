"""Paths and operations of a van with one drone, over all sets of customers, in compiled loops.

An operation takes the van from one stop to another while its drone serves one customer (Agatz, Bouman and Schmidt
2018, doi:10.1287/trsc.2017.0791); the tables are those of Bouman, Agatz and Schmidt (2018, doi:10.1002/net.21864).
Customer `k` is bit `k - 1` of a set.
"""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code
from doorstep.planning.tandem.layout import BATTERY_J, MAY_REVISIT, WAIT_W

HAIR = 1e-7


@bare_code
def fill_paths(g, path):  # type: ignore[no-untyped-def]
    """Fill `path` [sites, sets, sites] with the least time from leaving a site to reaching another by way of a set."""
    sites, sets = path.shape[0], path.shape[1]
    for v in range(sites):
        for w in range(sites):
            path[v, 0, w] = g.van_s[v, w]
        for inner in range(1, sets):
            for w in range(sites):
                path[v, inner, w] = np.inf
            if v > 0 and inner >> (v - 1) & 1:
                continue
            for x in range(1, sites):
                if not (inner >> (x - 1) & 1 and g.by_van[x]):
                    continue
                before = path[v, inner ^ (1 << (x - 1)), x] + g.van_stay_s[x]
                if before == np.inf:
                    continue
                for w in range(sites):
                    path[v, inner, w] = min(path[v, inner, w], before + g.van_s[x, w])
            for x in range(1, sites):
                if inner >> (x - 1) & 1:
                    path[v, inner, x] = np.inf


@bare_code
def fill_operations(g, path, late, early, table):  # type: ignore[no-untyped-def]
    """Fill `table` [sites, sets, sites] with the least time of an operation that serves a set and ends at a site.

    `late`: the van serves where it starts after the launch, not before; `early`: it serves where it ends before it
    takes the drone in, not after.
    """
    sites, sets = path.shape[0], path.shape[1]
    for v in range(sites):
        for inside in range(sets):
            for w in range(sites):
                table[v, inside, w] = np.inf
        if not g.meets[v] or (late and v == 0):
            continue
        for inside in range(1, sets):
            if v > 0 and inside >> (v - 1) & 1:
                continue
            for d in range(1, sites):
                bit = 1 << (d - 1)
                if not (inside & bit and g.by_drone[d]):
                    continue
                for w in range(sites):
                    if v == w and v > 0 and (g.numbers[MAY_REVISIT] == 0.0 or inside == bit):
                        continue
                    if not g.meets[w] or (w > 0 and (inside >> (w - 1) & 1 or not g.by_van[w])):
                        continue
                    value = operation_s(g, path, v, inside ^ bit, w, d, late, early)
                    table[v, inside, w] = min(table[v, inside, w], value)


@bare_code
def operation_s(g, path, v, inner, w, d, late, early):  # type: ignore[no-untyped-def]
    """Return the time of an operation: launch, the later of van and drone, taking in; infinite beyond the battery."""
    van = path[v, inner, w]
    if late:
        van += g.van_stay_s[v]
    if early and w > 0:
        van += g.van_stay_s[w]
    return _met(g, v, w, d, van)


@bare_code
def loop_s(g, v, d, serves):  # type: ignore[no-untyped-def]
    """Return the time for which the van stands at a stop until its drone is back there."""
    return _met(g, v, v, d, g.van_stay_s[v] if serves else 0.0)


@bare_code
def _met(g, v, w, d, van):  # type: ignore[no-untyped-def]
    fly = g.out_s[v, d] + g.drone_stay_s[d] + g.back_s[d, w]
    waits = max(0.0, van - fly)
    energy = g.out_j[v, d] + g.back_j[d, w]
    if g.numbers[WAIT_W] > 0.0 and waits > 0.0:
        energy += g.numbers[WAIT_W] * waits
    if energy > g.numbers[BATTERY_J] + HAIR:
        return np.inf
    return g.launch_s[v] + max(van, fly) + g.recover_s[w]
