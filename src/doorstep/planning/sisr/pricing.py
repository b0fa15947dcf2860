"""Pricing: what a whole route costs, where stretches alone do not tell: breaks, lateness, travel by the hour."""

from __future__ import annotations

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.clock.schedule import ARRIVE, LEAVE, START
from doorstep.planning.clock.sharing import count_booking
from doorstep.planning.clock.layout import (
    AFTER, BEGUN_AS, BOOKED, EXACT, FIRST, HELD, KIND, LEAVES, NEXT, NOWHERE, RETURNS, SHARES,
)  # fmt: skip
from doorstep.planning.clock.timing import time_route


@inner_code
def price_route(g, s, v, option, i, before, down):  # type: ignore[no-untyped-def]
    """Return (rule, cost) of a vehicle's route with one more option (none: -1), NOWHERE where a rule is broken.

    The option comes after node `i`; where that is -1, in a trip of its own before trip `before` (-1: the last). The
    drop of a pick-up comes after node `down`; where that is the pick-up, or nothing (-1), right after it.
    """
    row, at, options = s.row, 0, g.column.shape[0]
    shares = g.fleet[s.vehicle[v, KIND], SHARES] > 0
    if shares:
        count_bookings(g, s, v, -1)
    mate = g.mate[option] if option >= 0 else -1
    t = s.vehicle[v, FIRST]
    while t >= 0:
        if option >= 0 and i < 0 and t == before:
            at = _own(row, at, option, mate)
        # Trips that nothing is added to are loaded when they are meant to.
        row[at] = -1 if option >= 0 or s.trip[t, BOOKED] > -2 else s.trip[t, BOOKED] + 2 - HELD  # noqa: PLR2004
        at += 1
        hub = options + t
        p = hub
        while True:
            if p == i and option >= 0:
                row[at] = option
                at += 1
            if mate >= 0 and (p == down or (p == i and down == option)):
                row[at] = mate
                at += 1
            p = s.node[p, NEXT]
            if p == hub:
                break
            row[at] = p
            at += 1
        t = s.trip[t, AFTER]
    if option >= 0 and i < 0 and before < 0:
        at = _own(row, at, option, mate)
    rule, _, _, cost = time_route(g, s.vehicle[v, KIND], row, at, s.schedule, s.spare)
    if shares:
        count_bookings(g, s, v, 1)
    return rule, cost if rule == 0 else NOWHERE


@inner_code
def price_new(g, s, f, option):  # type: ignore[no-untyped-def]
    """Return (rule, cost) of a vehicle for one option only, beside the plan as it is."""
    n = _own(s.row, 0, option, g.mate[option])
    rule, _, _, cost = time_route(g, f, s.row, n, s.schedule, s.spare)
    return rule, cost if rule == 0 else NOWHERE


@inner_code
def count_bookings(g, s, v, one):  # type: ignore[no-untyped-def]
    """Book what the trips of a vehicle take up, by the times noted in them, or (`one` -1) give it back."""
    t = s.vehicle[v, FIRST]
    while t >= 0:
        if s.trip[t, BOOKED] >= 0:
            count_booking(g, s.vehicle[v, KIND], s.trip, t, one)
        t = s.trip[t, AFTER]


@inner_code
def rebook(g, s, v):  # type: ignore[no-untyped-def]
    """Price a vehicle's route at the times that are free for it, and book them; return (rule, cost)."""
    count_bookings(g, s, v, -1)
    t = s.vehicle[v, FIRST]
    while t >= 0:
        s.trip[t, BOOKED] = min(s.trip[t, BOOKED], -1)
        t = s.trip[t, AFTER]
    rule, cost = price_route(g, s, v, -1, -1, -1, -1)
    t, p = s.vehicle[v, FIRST], 0
    while t >= 0 and rule == 0:
        s.trip[t, BOOKED], s.trip[t, LEAVES] = s.schedule[ARRIVE, p], s.schedule[START, p]
        s.trip[t, RETURNS] = 2 * s.schedule[LEAVE, p] + (p > 0)
        p += 1
        while s.row[p] >= 0 and s.trip[t, AFTER] >= 0:
            p += 1
        t = s.trip[t, AFTER]
    count_bookings(g, s, v, 1)
    return rule, cost


@inner_code
def _own(row, at, option, mate):  # type: ignore[no-untyped-def]
    """Write a trip for one order only; return where the row goes on."""
    row[at], row[at + 1] = -1, option
    if mate >= 0:
        row[at + 2] = mate
        return at + 3
    return at + 2


@bare_code
def price_alone(g, row, out, spare):  # type: ignore[no-untyped-def]
    """Put exact costs of a vehicle for one option only in place of those that were found by stretches."""
    for f in range(g.fleet.shape[0]):
        if not g.fleet[f, EXACT] or g.fleet[f, BEGUN_AS] != f:
            continue
        for c in range(g.column.shape[0]):
            if g.alone[f, c] < NOWHERE:
                n = _own(row, 0, c, g.mate[c])
                rule, _, _, cost = time_route(g, f, row, n, out, spare)
                g.alone[f, c] = cost if rule == 0 else NOWHERE
