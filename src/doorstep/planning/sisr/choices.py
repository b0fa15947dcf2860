"""Choices: for each order of a trip the option that makes the trip cheapest, its sequence kept.

Options of one order after those of another are the layers of a graph, in which the shortest path is found exactly
(Fischetti, Salazar González and Toth 1997, doi:10.1287/opre.45.3.378). Only where time has nothing to do with it.
"""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.layout import (
    AFTER, CHANGED, CLOCK, FIRST, KIND, LENGTHS, LOCKER, METRES, NEXT, NO_CLOCK, NOWHERE, ORDER, PER_METRE, PER_STOP,
    PREV, SERVICE, SETUP, SITE, STEP, STOPS, TOUCHED,
)  # fmt: skip
from doorstep.planning.sisr.route import account, hook, unlink
from doorstep.planning.sisr.sums import resum, retime, trip_fits

COST, FROM = range(2)
"""Of an option in `s.early`, which is free where time does not matter: the least cost up to there, and after which."""


@inner_code
def choose_anew(g, s):  # type: ignore[no-untyped-def]
    """Give the trips that a step touched the cheapest options for their sequences."""
    for k in range(s.counter[CHANGED]):
        v = s.changed[k]
        f = s.vehicle[v, KIND]
        if f < 0 or s.vehicle[v, TOUCHED] != s.counter[STEP] or g.fleet[f, CLOCK] != NO_CLOCK:
            continue
        better, t = False, s.vehicle[v, FIRST]
        while t >= 0:
            last, cost = _cheapest_path(g, s, f, t)
            if cost < s.trip[t, METRES] * g.fleet[f, PER_METRE] + s.trip[t, STOPS] * g.fleet[f, PER_STOP]:
                better = _take(g, s, f, t, last) or better
            t = s.trip[t, AFTER]
        if better:
            resum(g, s, v)


@inner_code
def _cheapest_path(g, s, f, t):  # type: ignore[no-untyped-def]
    """Return (last option, cost) of the cheapest choice of options for a trip."""
    hub = g.column.shape[0] + t
    before, p = hub, s.node[hub, NEXT]
    while p != hub:
        o = s.node[p, ORDER]
        for q in range(g.first[o], g.first[o + 1]):
            c = g.option[q]
            s.early[c, COST] = NOWHERE
            if c == p or (g.allowed[f, c] and g.column[c, LOCKER] < 0 and s.node[p, LOCKER] < 0):
                s.early[c, COST], s.early[c, FROM] = _reach(g, s, f, hub, before, g.column[c, SITE])
        before, p = p, s.node[p, NEXT]
    cost, last = _reach(g, s, f, hub, before, -1)
    return last, cost


@inner_code
def _reach(g, s, f, hub, before, site):  # type: ignore[no-untyped-def]
    """Return (cost, option before) of the cheapest way to a site (-1: back to the hub) after a node's order."""
    at, n, per_metre, per_stop = g.fleet[f, LENGTHS], g.sites, g.fleet[f, PER_METRE], g.fleet[f, PER_STOP]
    to = site if site >= 0 else s.node[hub, SITE]
    if before == hub:
        here = s.node[hub, SITE]
        return g.length[at + here * n + to] * per_metre + (here != to) * per_stop, hub
    best, found, o = NOWHERE, -1, s.node[before, ORDER]
    for q in range(g.first[o], g.first[o + 1]):
        c = g.option[q]
        if s.early[c, COST] < NOWHERE:
            here = g.column[c, SITE]
            cost = s.early[c, COST] + g.length[at + here * n + to] * per_metre + (here != to and site >= 0) * per_stop
            if cost < best:
                best, found = cost, c
    return best, found


@inner_code
def _take(g, s, f, t, last):  # type: ignore[no-untyped-def]
    """Put the options of a path into a trip in place of those there, if range and energy last; return whether."""
    node, hub = s.node, g.column.shape[0] + t
    at, n, metres, stops, there, c = g.fleet[f, LENGTHS], g.sites, 0, 0, node[hub, SITE], last
    while c != hub:
        here, before = g.column[c, SITE], s.early[c, FROM]
        metres += g.length[at + here * n + there]
        there = node[hub, SITE] if before == hub else g.column[before, SITE]
        stops += here != there
        there, c = here, before
    metres += g.length[at + node[hub, SITE] * n + there]
    if not trip_fits(g, f, metres, stops):
        return False
    p, c = node[hub, PREV], last
    while p != hub:
        before, i, j = s.early[c, FROM], node[p, PREV], node[p, NEXT]
        if c != p:
            unlink(g, s, p)
            node[c, SERVICE], node[c, SETUP] = g.service[f, c], g.setup[f, c]
            hook(s, c, t, i, j)
            account(g, s, c, 1)
        p, c = i, before
    return retime(g, s, t)
