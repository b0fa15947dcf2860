"""Pricing: what a whole route costs, where stretches alone do not tell: breaks, lateness, travel by the hour."""

from __future__ import annotations

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.sisr.layout import AFTER, BEGUN_AS, EXACT, FIRST, KIND, NEXT, NOWHERE
from doorstep.planning.timing import time_route


@inner_code
def price_route(g, s, v, option, i, before, down):  # type: ignore[no-untyped-def]
    """Return (rule, cost) of a vehicle's route with one more option (none: -1), NOWHERE where a rule is broken.

    The option comes after node `i`; where that is -1, in a trip of its own before trip `before` (-1: the last). The
    drop of a pick-up comes after node `down`; where that is the pick-up, or nothing (-1), right after it.
    """
    row, at, options = s.row, 0, g.column.shape[0]
    mate = g.mate[option] if option >= 0 else -1
    t = s.vehicle[v, FIRST]
    while t >= 0:
        if option >= 0 and i < 0 and t == before:
            at = _own(row, at, option, mate)
        row[at] = -1
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
    return rule, cost if rule == 0 else NOWHERE


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
