"""Annealing: change the row of tasks a little, keep it or not, step after step without leaving the compiled loop."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.sisr.dice import pick, share
from doorstep.planning.tandem.layout import (
    ASIDE, BESIDE, BEST, DRIVE, DRONES, KEPT, LAUNCH, MAY_RETURN, MAY_REVISIT, NOBODY, RECOVER, ROW, SERVE, TRIAL,
)  # fmt: skip
from doorstep.planning.tandem.moves import (
    carried, elsewhere, exchanged, find_drives, next_drive, put, revisited, same_aside, shifted, turned, without,
)  # fmt: skip
from doorstep.planning.tandem.timing import timed

ROUNDS = 6
"""How often launches of one row are held back before it is given up."""
ELSEWHERE, SHIFT, EXCHANGE, TURN, CARRY, REVISIT = 0.5, 0.64, 0.78, 0.88, 0.97, 1.0
"""Shares of the moves, summed up."""
LONGEST_TURN, LONGEST_CARRY = 30, 3
SPAN = 3
"""Stops after which a drone is taken in, at the most, where all places of a customer are tried."""


@inner_code
def _price(g, c, s, length):  # type: ignore[no-untyped-def]
    """Return what the row on trial costs."""
    for x in range(c.who.size):
        c.who[x] = BESIDE if s.aside[TRIAL, x] else NOBODY
    return timed(g, c, s.trial, length, ROUNDS)


@inner_code
def _take(s, length, cost):  # type: ignore[no-untyped-def]
    for k in range(length):
        s.row[k] = s.trial[k]
    s.lengths[ROW], s.costs[0] = length, cost
    same_aside(s, TRIAL, ROW)


@inner_code
def _note_best(s):  # type: ignore[no-untyped-def]
    for k in range(s.lengths[ROW]):
        s.best[k] = s.row[k]
    s.lengths[BEST], s.costs[1] = s.lengths[ROW], s.costs[0]
    same_aside(s, ROW, BEST)


@bare_code
def back_to_best(s):  # type: ignore[no-untyped-def]
    """Go on from the best row met."""
    for k in range(s.lengths[BEST]):
        s.row[k] = s.best[k]
    s.lengths[ROW], s.costs[0] = s.lengths[BEST], s.costs[1]
    same_aside(s, BEST, ROW)


@bare_code
def anneal(g, c, s, steps, hot, cold, able):  # type: ignore[no-untyped-def]
    """Run steps while the temperature falls from one cost to another.

    `able` are the customers that may be moved.
    """
    warmth, cooling = hot, (cold / hot) ** (1.0 / max(steps, 1))
    for _ in range(steps if able.size else 0):
        warmth *= cooling
        length = _changed(g, s, able)
        if length < 0:
            continue
        cost = _price(g, c, s, length)
        if cost < s.costs[0] - warmth * np.log(1.0 - share(s.dice)):
            _take(s, length, cost)
            if cost < s.costs[1] - 1e-9:
                _note_best(s)


@inner_code
def _changed(g, s, able):  # type: ignore[no-untyped-def]
    """Write a changed row on trial; return its length, -1 for none."""
    what = share(s.dice)
    x = able[pick(s.dice, able.size)]
    if what < ELSEWHERE:
        return elsewhere(g, s, x)
    if what < SHIFT:
        return shifted(g, s)
    if what < EXCHANGE:
        y = g.near[x, pick(s.dice, g.near.shape[1])]
        return -1 if y == 0 else exchanged(g, s, x, y)
    if what >= CARRY and g.numbers[MAY_REVISIT] > 0.0:
        return revisited(g, s)
    stops = find_drives(g, s)
    if stops < 2:  # noqa: PLR2004 - there is no other order of one stop
        return -1
    first = pick(s.dice, stops)
    if what < TURN:
        last = min(stops - 1, first + 1 + pick(s.dice, min(stops, LONGEST_TURN)))
        return turned(g, s, first, last)
    last = min(stops - 1, first + pick(s.dice, LONGEST_CARRY))
    return carried(s, first, last, pick(s.dice, stops + 1))


@bare_code
def construct(g, c, s, order):  # type: ignore[no-untyped-def]
    """Put customers into the present row one by one, each where it costs least; whoever fits nowhere is left out."""
    for k in range(s.lengths[ROW]):
        s.trial[k] = s.row[k]
    same_aside(s, ROW, TRIAL)
    s.costs[0] = _price(g, c, s, s.lengths[ROW])
    for k in range(order.size):
        _best_place(g, c, s, order[k])
    if s.costs[0] < s.costs[1]:
        _note_best(s)


@inner_code
def _offer(g, c, s, length):  # type: ignore[no-untyped-def]
    """Keep the row on trial if it is cheaper than the one kept."""
    cost = _price(g, c, s, length)
    if cost < s.costs[2]:
        s.costs[2], s.lengths[KEPT] = cost, length
        for k in range(length):
            s.kept[k] = s.trial[k]
        same_aside(s, TRIAL, KEPT)


@inner_code
def _best_place(g, c, s, x):  # type: ignore[no-untyped-def]
    """Put one customer where it costs least, by the van, by a drone or by one of the depot's."""
    sites = g.van_s.shape[0]
    s.costs[2] = s.costs[0]
    n = without(g, s, x)
    home = n - 1
    while s.trial[home] // sites != DRIVE:
        home -= 1
    if g.numbers[ASIDE] > 0.0 and g.beside_s[x] < np.inf:
        s.aside[TRIAL, x] = 1
        _offer(g, c, s, n)
    for where in range(home + 1):
        if g.by_van[x]:
            n = without(g, s, x)
            n = put(s.trial, n, where, DRIVE * sites + x)
            n = put(s.trial, n, where + 1, SERVE * sites + x)
            _offer(g, c, s, n)
        if not g.by_drone[x] or g.numbers[DRONES] == 0.0:
            continue
        then = where
        for stops in range(SPAN + 1):
            if stops > 0 or g.numbers[MAY_RETURN] > 0.0:
                n = without(g, s, x)
                end = next_drive(s.trial, n, sites, then)
                n = put(s.trial, n, end, RECOVER * sites + x)
                n = put(s.trial, n, where, LAUNCH * sites + x)
                _offer(g, c, s, n)
            n = without(g, s, x)
            then = next_drive(s.trial, n, sites, then) + 1
            if then > n:
                break
    if s.costs[2] < s.costs[0]:
        for k in range(s.lengths[KEPT]):
            s.row[k] = s.kept[k]
        s.lengths[ROW], s.costs[0] = s.lengths[KEPT], s.costs[2]
        same_aside(s, KEPT, ROW)
