"""Routes under change: options linked into trips and taken out, with all sums kept up to date."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.problem import DROP
from doorstep.planning.clock.layout import (
    ABSENT, CLOCK, COUNT, FLEET, HERE_NEXT, HERE_PREV, LATEST_READY, LENGTHS, LEVEL, LOAD, LOCKER, METRES, NEXT,
    NO_CLOCK, ON_BOARD, ORDER, PREV, RANK, READY, SERVED, SERVICE, SETUP, SITE, STOPS, TRIP,
)  # fmt: skip
from doorstep.planning.clock.stretch import backward, close_trip, forward
from doorstep.planning.sisr.sums import retime


@inner_code
def link(g, s, c, t, i):  # type: ignore[no-untyped-def]
    """Put an option into a trip after a node, sums and stretches included."""
    node, trip, fleet = s.node, s.trip, g.fleet
    f, hub = trip[t, FLEET], g.column.shape[0] + t
    j = node[i, NEXT]
    node[c, SERVICE], node[c, SETUP] = g.service[f, c], g.setup[f, c]
    hook(s, c, t, i, j)
    if g.mixed:
        account(g, s, c, 1)
        retime(g, s, t)
        return
    base, n = fleet[f, LENGTHS], g.sites
    a, b, z = node[i, SITE], node[c, SITE], node[j, SITE]
    trip[t, METRES] += g.length[base + a * n + b] + g.length[base + b * n + z] - g.length[base + a * n + z]
    trip[t, STOPS] += (a != b) + (b != z and j != hub) - (a != z and j != hub)
    trip[t, COUNT] += 1
    trip[t, LATEST_READY] = max(trip[t, LATEST_READY], node[c, READY])
    for k in range(3):
        trip[t, ON_BOARD + k] += node[c, LOAD + k]
    account(g, s, c, 1)
    if fleet[f, CLOCK] == NO_CLOCK:
        return
    forward(g, s, f, i, c)
    p = c
    while node[p, NEXT] != hub:
        changed, _ = forward(g, s, f, p, node[p, NEXT])
        if not changed:
            break
        p = node[p, NEXT]
    backward(g, s, f, c, j)
    p = c
    while node[p, PREV] != hub:
        if not backward(g, s, f, node[p, PREV], p):
            break
        p = node[p, PREV]
    close_trip(g, s, t)


@inner_code
def link_pair(g, s, c, t, i, down):  # type: ignore[no-untyped-def]
    """Put a pick-up into a trip after a node, and its drop after another, which may be the pick-up."""
    node, f, d = s.node, s.trip[t, FLEET], g.mate[c]
    node[c, SERVICE], node[c, SETUP] = g.service[f, c], g.setup[f, c]
    node[d, SERVICE], node[d, SETUP] = g.service[f, d], g.setup[f, d]
    hook(s, c, t, i, node[i, NEXT])
    hook(s, d, t, down, node[down, NEXT])
    account(g, s, c, 1)
    retime(g, s, t)


@inner_code
def hook(s, c, t, i, j):  # type: ignore[no-untyped-def]
    """Link an option between two nodes of a trip, and into the list of its site; sums are left to the caller."""
    node = s.node
    node[c, TRIP], node[c, PREV], node[c, NEXT] = t, i, j
    node[i, NEXT], node[j, PREV] = c, c
    site = node[c, SITE]
    other = s.here[site]
    node[c, HERE_NEXT], node[c, HERE_PREV] = other, -1
    if other >= 0:
        node[other, HERE_PREV] = c
    s.here[site] = c


@inner_code
def unlink(g, s, c):  # type: ignore[no-untyped-def]
    """Take an option out of its trip; sums and stretches of the trip are stale until `retime`."""
    node = s.node
    i, j = node[c, PREV], node[c, NEXT]
    node[i, NEXT], node[j, PREV], node[c, TRIP] = j, i, -1
    before, after = node[c, HERE_PREV], node[c, HERE_NEXT]
    if before >= 0:
        node[before, HERE_NEXT] = after
    else:
        s.here[node[c, SITE]] = after
    if after >= 0:
        node[after, HERE_PREV] = before
    account(g, s, c, -1)


@inner_code
def account(g, s, c, one):  # type: ignore[no-untyped-def]
    """Count an option in or out: compartments, lockers in use, orders served and what absent ones cost.

    A drop is counted with its pick-up.
    """
    node, counter = s.node, s.counter
    if g.part[c] == DROP:
        return
    o, bank = node[c, ORDER], node[c, LOCKER]
    if bank >= 0:
        for size in range(node[c, RANK] + 1):
            s.room[bank, size] -= one
        if s.parcels[bank] == 0 or s.parcels[bank] + one == 0:
            counter[LEVEL] += one * g.locker_cost[bank]
        s.parcels[bank] += one
    counter[LEVEL] -= one * g.price[o]
    counter[SERVED] += one
    if one > 0:
        s.chosen[o] = c
        last = s.absent[counter[ABSENT] - 1]
        s.absent[s.absent_at[o]], s.absent_at[last] = last, s.absent_at[o]
        s.absent_at[o] = -1
        counter[ABSENT] -= 1
    else:
        s.chosen[o] = -1
        s.absent[counter[ABSENT]], s.absent_at[o] = o, counter[ABSENT]
        counter[ABSENT] += 1
