"""Oneroute: the best plan of a van with one drone, by dynamic programming over sets of served customers, compiled."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.tandem.layout import MAY_RETURN, MAY_REVISIT
from doorstep.planning.tandem.paths import loop_s

MOVE, MEET, LOOP, HANDOVER, AGAIN = range(1, 6)
"""How a state was reached: the drone on board, after an operation, after waiting for it, after serving, after an
operation that ends where the van has been before."""
_SITES = 64


@inner_code
def _pack(how, flag, v, inside):  # type: ignore[no-untyped-def]
    return how + 8 * (flag + 2 * (v + _SITES * inside))


@inner_code
def _reach(best, came, into, w, flag, value, mark):  # type: ignore[no-untyped-def]
    if value < best[into, w, flag]:
        best[into, w, flag] = value
        came[into, w, flag] = mark


@bare_code
def sweep(g, tables, best, came):  # type: ignore[no-untyped-def]
    """Fill `best` and `came` [sets, sites, flags]: the least time with a set served and van and drone at a site.

    `tables` [2 * flags - 1 or 4, sites, sets, sites] has the times of operations. Flag 0 of two is `not served yet`;
    where no handover of the van takes time there is one flag only. The whole set at site 0 is the end.
    """
    sites, sets, flags = best.shape[1], best.shape[0], best.shape[2]
    done, full = flags - 1, best.shape[0] - 1
    best[:] = np.inf
    came[:] = 0
    best[0, 0, done] = 0.0
    for served in range(sets):
        for v in range(sites):
            if v == 0 and served == full:
                continue
            _loops(g, best, came, served, v)
            if flags > 1 and v > 0:
                value = best[served, v, 0] + g.van_stay_s[v]
                _reach(best, came, served, v, 1, value, _pack(HANDOVER, 0, v, 0))
            value = best[served, v, done]
            if value < np.inf:
                mark = _pack(MOVE, done, v, 0)
                for w in range(1, sites):
                    bit = 1 << (w - 1)
                    if not served & bit and g.by_van[w]:
                        _reach(best, came, served | bit, w, 0, value + g.van_s[v, w], mark)
                if served == full:
                    _reach(best, came, full, 0, done, value + g.van_s[v, 0], mark)
            for flag in range(flags):
                value = best[served, v, flag]
                if value == np.inf:
                    continue
                rest = full ^ served
                inside = rest
                while inside > 0:
                    mark = _pack(MEET, flag, v, inside)
                    if inside == rest:
                        _reach(best, came, full, 0, done, value + tables[2 * flag, v, inside, 0], mark)
                    for w in range(1, sites):
                        bit = 1 << (w - 1)
                        if not rest & bit or inside & bit:
                            continue
                        into = served | inside | bit
                        _reach(best, came, into, w, 0, value + tables[2 * flag, v, inside, w], mark)
                        if flags > 1:
                            _reach(best, came, into, w, 1, value + tables[2 * flag + 1, v, inside, w], mark)
                    if g.numbers[MAY_REVISIT] > 0.0:
                        mark = _pack(AGAIN, flag, v, inside)
                        into = served | inside
                        for w in range(sites):
                            if w == 0 or served >> (w - 1) & 1:
                                _reach(best, came, into, w, done, value + tables[2 * flag, v, inside, w], mark)
                    inside = (inside - 1) & rest


@inner_code
def _loops(g, best, came, served, v):  # type: ignore[no-untyped-def]
    """Let the van wait at a stop for its drone."""
    if g.numbers[MAY_RETURN] == 0.0 or not g.meets[v]:
        return
    flags = best.shape[2]
    for d in range(1, best.shape[1]):
        bit = 1 << (d - 1)
        if served & bit or not g.by_drone[d]:
            continue
        for flag in range(flags):
            value = best[served, v, flag]
            if value == np.inf:
                continue
            mark = _pack(LOOP, flag, v, bit)
            into = served | bit
            _reach(best, came, into, v, flag, value + loop_s(g, v, d, False), mark)
            if flags > 1 and flag == 0:
                _reach(best, came, into, v, 1, value + loop_s(g, v, d, True), mark)
