"""Insertion: the cheapest place for one more order in a route, by the exact cost of the whole route."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.planning.timing import time_route

NOWHERE = 1 << 62
"""Cost of an insertion that no place allows."""


@machine_code
def cheapest(row, option, t):  # type: ignore[no-untyped-def]
    """Return (cost of the route with the option in it, position, whether it opens a trip of its own)."""
    n = row.size
    best, where, opens = NOWHERE, -1, False
    wide, out = np.empty(n + 2, np.int64), np.empty((6, n + 2), np.int64)
    for p in range(n + 1):
        if p > 0 and t.limits[2] > 1 and _worth_trying(row, p, t.site[option], t):
            trial = wide[: n + 1]
            trial[:p], trial[p], trial[p + 1 :] = row[:p], option, row[p:]
            rule, _, _, cost = time_route(trial, t, out[:, : n + 1])
            if rule == 0 and cost < best:
                best, where, opens = cost, p, False
        if p == n or row[p] < 0:
            trial = wide
            trial[:p], trial[p], trial[p + 1], trial[p + 2 :] = row[:p], -1, option, row[p:]
            rule, _, _, cost = time_route(trial, t, out)
            if rule == 0 and cost < best:
                best, where, opens = cost, p, True
    return best, where, opens


@machine_code
def _worth_trying(row, p, site, t):  # type: ignore[no-untyped-def]
    """Tell whether a place is next to the hub or to a near place."""
    if row[p - 1] < 0 or p == row.size or row[p] < 0:
        return True
    return t.near[site, t.site[row[p - 1]]] or t.near[site, t.site[row[p]]]


@machine_code
def nearest_miss(row, option, t):  # type: ignore[no-untyped-def]
    """Return the rule that comes closest to allowing an insertion: (rule, needs, has), relative to what there is."""
    n = row.size
    closest, found = np.inf, (0, 0, 0)
    wide, out = np.empty(n + 2, np.int64), np.empty((6, n + 2), np.int64)
    for p in range(n + 1):
        for opens in range(2):
            if (opens == 1 and p < n and row[p] >= 0) or (opens == 0 and p == 0):
                continue
            trial = wide[: n + 1 + opens]
            trial[:p], trial[p + 1 + opens :] = row[:p], row[p:]
            trial[p] = -1
            trial[p + opens] = option
            rule, needs, has, _ = time_route(trial, t, out[:, : n + 1 + opens])
            miss = (needs - has) / max(abs(has), 1)
            if rule > 0 and miss < closest:
                closest, found = miss, (rule, needs, has)
    return found


def inserted(row: np.ndarray, option: int, where: int, *, opens: bool) -> np.ndarray:
    """Return the route with an option put in at a position."""
    return np.concatenate([row[:where], [-1, option] if opens else [option], row[where:]]).astype(np.int64)


def without(row: np.ndarray, options: set[int]) -> np.ndarray:
    """Return the route without some options, and without the trips that this empties."""
    kept = [o for o in row.tolist() if o not in options]
    tidy = [o for k, o in enumerate(kept) if o >= 0 or max(kept[k + 1 : k + 2], default=-1) >= 0]
    return np.array(tidy, np.int64)
