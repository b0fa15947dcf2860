"""Spots: where an order goes best into the rows of vans, by the van itself or by what it carries, compiled."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.sisr.dice import share
from doorstep.planning.clock.layout import LOCKER, NOWHERE, SITE
from doorstep.planning.sorties.crew import day_cost
from doorstep.planning.sorties.desk import NOW
from doorstep.planning.sorties.hold import (
    ATTENTION,
    EARLY_LAUNCH,
    EARLY_RECOVER,
    LAUNCH,
    MOST_CARRIED,
    RECOVER,
    WATCHED,
)
from doorstep.planning.tandem.moves import put

SPAN = 3
"""Stops after which a sortie ends, at the most, where an order is put."""
BLINK = 0.02
"""Share of the spots that are overlooked (Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914)."""
FEW = 16
"""Numbers of a row so short that all its spots are tried."""
ADDED, VAN, LENGTH, OUT, TAKEN = range(5)
"""Places in `met`; the last is how many of what it could carry the van on trial takes along."""


@inner_code
def watched_room(g, h, d, r):  # type: ignore[no-untyped-def]
    """Return how many of what a van carries operators can watch, beside all that leave the other vans on this day."""
    asked, left, options = h.carries[d.fleet[r], WATCHED], h.number[ATTENTION], g.column.shape[0]
    if asked == 0:
        return MOST_CARRIED
    for q in range(d.fleet.size):
        if q != r and _flown(d, q, options):
            left -= d.limit[NOW, q] * h.carries[d.fleet[q], WATCHED]
    return max(0, left // asked)


@inner_code
def _flown(d, r, options):  # type: ignore[no-untyped-def]
    flown, k = False, 0
    while k < d.length[NOW, r] and not flown:
        flown, k = d.rows[NOW, r, k] >= options, k + 1
    return flown


@inner_code
def _copy(d, r):  # type: ignore[no-untyped-def]
    n = d.length[NOW, r]
    for k in range(n):
        d.trial[k] = d.rows[NOW, r, k]
    return n


@inner_code
def _offer(g, h, d, r, n):  # type: ignore[no-untyped-def]
    """Keep the row on trial if it adds less than the best spot met."""
    if share(d.dice) < BLINK:
        return
    cost = day_cost(g, h, d.fleet[r], d.trial, n, d.met[TAKEN])
    if cost < NOWHERE and cost - d.cost[NOW, r] < d.met[ADDED]:
        d.met[ADDED], d.met[VAN], d.met[LENGTH] = cost - d.cost[NOW, r], r, n
        for k in range(n):
            d.spot[k] = d.trial[k]


@inner_code
def best_spot(g, h, d, order, most):  # type: ignore[no-untyped-def]
    """Look for the spot of an order that adds the least, less than `most`; it is left in `spot` and `met`."""
    options, empty_seen = g.column.shape[0], -1
    d.met[ADDED], d.met[VAN] = most, -1
    for r in range(d.fleet.size):
        f = d.fleet[r]
        if d.cost[NOW, r] >= NOWHERE:
            continue
        d.met[TAKEN] = min(d.limit[NOW, r], watched_room(g, h, d, r))
        if d.length[NOW, r] == 0:
            if empty_seen == f:
                continue
            empty_seen = f
        for k in range(g.first[order], g.first[order + 1]):
            o = g.option[k]
            if g.allowed[f, o] and g.column[o, LOCKER] < 0:
                _by_van(g, h, d, r, o)
            if d.met[TAKEN] > 0 and h.carried[f] >= 0 and g.allowed[h.carried[f], o]:
                _by_sortie(g, h, d, r, o, options)


@inner_code
def _by_van(g, h, d, r, o):  # type: ignore[no-untyped-def]
    options, n, here = g.column.shape[0], d.length[NOW, r], g.column[o, SITE]
    if n == 0:
        d.trial[0], d.trial[1] = -1, o
        _offer(g, h, d, r, 2)
        return
    for where in range(1, n + 1):
        before = d.rows[NOW, r, where - 1]
        after = d.rows[NOW, r, where] if where < n else -1
        near = n < FEW
        near = near or (before >= 0 and d.close[here, g.column[before % options, SITE]])
        near = near or (after >= 0 and d.close[here, g.column[after % options, SITE]])
        if near:
            put(d.trial, _copy(d, r), where, o)
            _offer(g, h, d, r, n + 1)


@inner_code
def _by_sortie(g, h, d, r, o, options):  # type: ignore[no-untyped-def]
    """Try launches at every stop near by, before the van hands over there or after, and stops after it to end at."""
    n, here = d.length[NOW, r], g.column[o, SITE]
    for at in range(n):
        stop = d.rows[NOW, r, at]
        if stop < 0 or stop >= options or not (n < FEW or d.beside_stop[here, g.column[stop, SITE]]):
            continue
        behind = _behind(d, r, at, n, options)
        _pair(g, h, d, r, o, at, EARLY_LAUNCH, behind, RECOVER)
        _pair(g, h, d, r, o, behind, LAUNCH, behind, RECOVER)
        if at + 1 < behind:
            _pair(g, h, d, r, o, at + 1, LAUNCH, behind, RECOVER)
        then, stops = at, 0
        while stops < SPAN:
            then = _next_stop(d, r, then + 1, n, options)
            if then < 0:
                break
            stops += 1
            beyond = _behind(d, r, then, n, options)
            for late in range(2):
                start, kind = (behind, LAUNCH) if late else (at, EARLY_LAUNCH)
                _pair(g, h, d, r, o, start, kind, then, EARLY_RECOVER)
                _pair(g, h, d, r, o, start, kind, beyond, RECOVER)


@inner_code
def _pair(g, h, d, r, o, start, kind, end, way):  # type: ignore[no-untyped-def]
    """Try a launch before position `start` and its end before position `end`."""
    options, n = g.column.shape[0], _copy(d, r)
    n = put(d.trial, n, end, way * options + o)
    n = put(d.trial, n, start, kind * options + o)
    _offer(g, h, d, r, n)


@inner_code
def _behind(d, r, at, n, options):  # type: ignore[no-untyped-def]
    """Return the position behind a handover and the launches and recoveries that follow it."""
    k = at + 1
    while k < n and d.rows[NOW, r, k] >= 0 and LAUNCH <= d.rows[NOW, r, k] // options <= RECOVER:
        k += 1
    return k


@inner_code
def _next_stop(d, r, k, n, options):  # type: ignore[no-untyped-def]
    """Return the position of the next handover by the van in this trip, -1 where there is none."""
    while k < n and d.rows[NOW, r, k] >= options:
        k += 1
    return k if k < n and d.rows[NOW, r, k] >= 0 else -1
