"""Sharing: when a trip can begin so that pads, docks, chargers, loaders or operators are free for it, compiled.

What vehicles share is booked by whole slots of time, so a booking takes up a little more than the trip needs, and no
plan takes up more than there is.
"""

from __future__ import annotations

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.clock.schedule import ARRIVE, LEAVE, START
from doorstep.planning.clock.layout import BOOKED, HELD, HOME, INF, LEAVES, RETURNS, SLOT_S, SWAP

WHILE_LOADING, WHILE_TURNING, WHILE_AWAY, WHILE_PACKING = range(4)
"""Stages by number."""


@inner_code
def later_s(g, f, load, depart, back, again):  # type: ignore[no-untyped-def]
    """Return by how much later a trip must be for all that it takes up to be free; INF where it cannot be."""
    later, r, things, slots = 0, 0, g.takes.shape[1], g.booked.shape[1]
    while r < things:
        takes = g.takes[f, r]
        if takes == 0:
            r += 1
            continue
        since, until = _span(g, f, r, load + later, depart + later, back + later, again)
        # The slot in which a vehicle that has begun comes home is taken up by itself.
        hit, own = -1, (g.fleet[f, HOME] - g.slot_from) // SLOT_S if g.stage[r] == WHILE_AWAY else 0
        for k in range(max(since, 0), min(until, slots)):
            if g.booked[r, k] + takes * (k >= own) > g.room[r]:
                hit = k
        if hit < 0:
            r += 1
            continue
        if hit + 1 >= slots:
            return INF
        begin = depart if g.stage[r] == WHILE_AWAY else load
        if g.stage[r] <= WHILE_TURNING:
            begin -= g.fleet[f, SWAP] * again
        later = max(later + 1, (hit + 1) * SLOT_S + g.slot_from - begin)
        r = 0
    return later


@inner_code
def book(g, f, load, depart, back, again, one):  # type: ignore[no-untyped-def]
    """Take up what a trip needs of all that is shared, or (`one` -1) give it back."""
    for r in range(g.takes.shape[1]):
        if g.takes[f, r] > 0:
            since, until = _span(g, f, r, load, depart, back, again)
            for k in range(max(since, 0), min(until, g.booked.shape[1])):
                g.booked[r, k] += one * g.takes[f, r]


@inner_code
def count_booking(g, f, trip, t, one):  # type: ignore[no-untyped-def]
    """Book what a trip takes up by the times noted in it, or (`one` -1) give it back."""
    book(g, f, trip[t, BOOKED], trip[t, LEAVES], trip[t, RETURNS] >> 1, trip[t, RETURNS] & 1, one)


@inner_code
def _span(g, f, r, load, depart, back, again):  # type: ignore[no-untyped-def]
    """Return the slots that a trip takes up of a thing: the first, and that after the last."""
    since, until = load - g.fleet[f, SWAP] * again, depart
    if g.stage[r] == WHILE_TURNING:
        until = load
    elif g.stage[r] == WHILE_AWAY:
        since, until = depart, back
    elif g.stage[r] == WHILE_PACKING:
        since = load
    if not again:  # what has begun is taken up already, its way home too
        since = max(since, g.fleet[f, HOME])
    if until <= since:
        return 0, 0
    return (since - g.slot_from) // SLOT_S, -((g.slot_from - until) // SLOT_S)


@bare_code
def book_trips(g, f, row, n, out):  # type: ignore[no-untyped-def]
    """Book what a timed route takes up, and mark its trips with the times at which they are loaded."""
    for p in range(n):
        if row[p] < 0:
            book(g, f, out[ARRIVE, p], out[START, p], out[LEAVE, p], p > 0, 1)
            row[p] = -HELD - out[ARRIVE, p]
