"""Rounds: take some orders out of the rows of vans, put each back where it adds least, keep it or not; compiled."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.sisr.dice import pick, share
from doorstep.planning.clock.layout import NOWHERE, ORDER
from doorstep.planning.sorties.crew import day_cost
from doorstep.planning.sorties.desk import BEST, KEPT, NOW
from doorstep.planning.sorties.hold import COUNT, EARLY_LAUNCH, FREE, LAUNCH, MOST_TAKEN
from doorstep.planning.sorties.spots import ADDED, LENGTH, OUT, VAN, best_spot, watched_room

MOST_OUT = 7
"""Orders that are taken out in a step, besides those whose sorties fall with them."""
EXCHANGES = 4
"""Neighbours in a row that are tried the other way round after a step."""
MISSING = 3
"""Orders left out that are tried in a step."""
GROUNDED = 0.02
"""Chance that all sorties of a van are taken out."""
SKIP = 0.3
"""Chance that a near order stays where it is."""


@bare_code
def set_out(g, h, d):  # type: ignore[no-untyped-def]
    """Price the rows as they are; return whether all keep the rules."""
    reprice(g, h, d)
    _same(d, NOW, BEST)
    return d.total[NOW] < NOWHERE


@bare_code
def reprice(g, h, d):  # type: ignore[no-untyped-def]
    """Price the rows of the plan under change anew; it becomes the best where it is."""
    for r in range(d.fleet.size):
        if d.length[NOW, r]:
            d.cost[NOW, r] = day_cost(g, h, d.fleet[r], d.rows[NOW, r], d.length[NOW, r], d.limit[NOW, r])
            if d.cost[NOW, r] < NOWHERE:
                _other_limits(g, h, d, r)
    _sum_up(g, d)
    if h.number[FREE] == 0 and d.total[NOW] < d.total[BEST]:
        _same(d, NOW, BEST)


@inner_code
def _sum_up(g, d):  # type: ignore[no-untyped-def]
    total = 0
    for r in range(d.fleet.size):
        if d.length[NOW, r]:
            total = NOWHERE if max(total, d.cost[NOW, r]) >= NOWHERE else total + d.cost[NOW, r]
    for k in range(d.able.size):
        if d.where[NOW, d.able[k]] < 0 and total < NOWHERE:
            total += g.price[d.able[k]]
    d.total[NOW] = total


@bare_code
def improve(g, h, d, steps, hot, cold):  # type: ignore[no-untyped-def]
    """Make so many steps while the temperature falls from one cost to another.

    The best plan is noted only while everything costs what it does.
    """
    warmth, cooling = hot, (cold / hot) ** (1.0 / max(steps, 1))
    for _ in range(steps if d.able.size else 0):
        warmth *= cooling
        _same(d, NOW, KEPT)
        _take_out(g, h, d)
        _put_back(g, h, d)
        if d.total[NOW] < d.total[BEST] and h.number[FREE] == 0:
            _same(d, NOW, BEST)
        if d.total[NOW] > d.total[KEPT] - warmth * np.log(1.0 - share(d.dice)):
            _same(d, KEPT, NOW)


@bare_code
def resume(d):  # type: ignore[no-untyped-def]
    """Go on from the best plan met."""
    _same(d, BEST, NOW)


@inner_code
def _same(d, source, target):  # type: ignore[no-untyped-def]
    """Make one plan like another."""
    for r in range(d.fleet.size):
        n = d.length[source, r]
        d.length[target, r], d.limit[target, r], d.cost[target, r] = n, d.limit[source, r], d.cost[source, r]
        for k in range(n):
            d.rows[target, r, k] = d.rows[source, r, k]
    for k in range(d.able.size):
        d.where[target, d.able[k]] = d.where[source, d.able[k]]
    d.total[target] = d.total[source]


@inner_code
def _take_out(g, h, d):  # type: ignore[no-untyped-def]
    """Take an order and some near it out of their rows."""
    d.met[OUT] = 0
    seed = d.able[pick(d.dice, d.able.size)]
    r = d.where[NOW, seed]
    if r >= 0 and share(d.dice) < GROUNDED:
        _ground(g, d, r)
    _drop(g, d, seed)
    many = pick(d.dice, MOST_OUT)
    for k in range(d.beside.shape[1]):
        other = d.beside[seed, k]
        if many <= 0 or other < 0:
            break
        if share(d.dice) >= SKIP:
            _drop(g, d, other)
            many -= 1
    tried = 0
    start = pick(d.dice, d.able.size)
    for k in range(d.able.size):
        order = d.able[(start + k) % d.able.size]
        if tried < MISSING and d.where[NOW, order] == -1:
            d.where[NOW, order] = -2
            d.out[d.met[OUT]] = order
            d.met[OUT] += 1
            tried += 1
    for k in range(d.met[OUT]):
        d.where[NOW, d.out[k]] = -1
    for r in range(d.fleet.size):
        _mend(g, h, d, r)


@inner_code
def _ground(g, d, r):  # type: ignore[no-untyped-def]
    """Take out all that a van's drones or robots bring."""
    options, k = g.column.shape[0], d.length[NOW, r] - 1
    while k >= 0:
        if k < d.length[NOW, r] and d.rows[NOW, r, k] >= options:
            _drop(g, d, g.column[d.rows[NOW, r, k] % options, ORDER])
        k -= 1


@inner_code
def _drop(g, d, order):  # type: ignore[no-untyped-def]
    """Take one order out of its row, if it is in any."""
    r, options = d.where[NOW, order], g.column.shape[0]
    if r < 0:
        return
    m = 0
    for k in range(d.length[NOW, r]):
        token = d.rows[NOW, r, k]
        if token < 0 or g.column[token % options, ORDER] != order:
            d.rows[NOW, r, m] = token
            m += 1
    d.length[NOW, r], d.cost[NOW, r] = m, -1
    d.total[NOW] += g.price[order]
    d.where[NOW, order] = -2
    d.out[d.met[OUT]] = order
    d.met[OUT] += 1


@inner_code
def _mend(g, h, d, r):  # type: ignore[no-untyped-def]
    """Price a row that orders were taken out of; sorties without a stop go with them, all where a rule is broken."""
    if d.cost[NOW, r] >= 0:
        return
    options, again = g.column.shape[0], True
    while again:
        again, stop = False, False
        n = d.length[NOW, r]
        for k in range(n):
            token = d.rows[NOW, r, k]
            if token < 0:
                stop = False
            elif token < options:
                stop = True
            else:
                kind = token // options
                lost = not stop and kind < EARLY_LAUNCH
                if kind >= EARLY_LAUNCH:
                    t = k
                    while t < n and d.rows[NOW, r, t] >= options:
                        t += 1
                    lost = t == n or d.rows[NOW, r, t] < 0
                if lost:
                    _lose(g, d, g.column[token % options, ORDER])
                    again = True
                    break
    _tidy(d, r)
    if not _priced(g, h, d, r):
        for k in range(d.length[NOW, r] - 1, -1, -1):
            if k < d.length[NOW, r] and d.rows[NOW, r, k] >= options:
                _lose(g, d, g.column[d.rows[NOW, r, k] % options, ORDER])
        _tidy(d, r)
        _priced(g, h, d, r)


@inner_code
def _lose(g, d, order):  # type: ignore[no-untyped-def]
    _drop(g, d, order)
    d.where[NOW, order] = -1


@inner_code
def _tidy(d, r):  # type: ignore[no-untyped-def]
    """Take out trips without stops."""
    m, n = 0, d.length[NOW, r]
    for k in range(n):
        last = k + 1 == n or d.rows[NOW, r, k + 1] < 0
        if d.rows[NOW, r, k] >= 0 or not last:
            d.rows[NOW, r, m] = d.rows[NOW, r, k]
            m += 1
    d.length[NOW, r] = m


@inner_code
def _priced(g, h, d, r):  # type: ignore[no-untyped-def]
    """Note what a row costs, in place of what it cost before; return whether it keeps the rules."""
    cost = 0
    if d.length[NOW, r]:
        cost = day_cost(g, h, d.fleet[r], d.rows[NOW, r], d.length[NOW, r], d.limit[NOW, r])
    d.cost[NOW, r] = cost
    return cost < NOWHERE


@inner_code
def _put_back(g, h, d):  # type: ignore[no-untyped-def]
    """Put what was taken out back, one by one in a random order, each where it adds least and less than its price."""
    many = d.met[OUT]
    for k in range(many - 1, 0, -1):
        j = pick(d.dice, k + 1)
        d.out[k], d.out[j] = d.out[j], d.out[k]
    for k in range(many):
        order = d.out[k]
        best_spot(g, h, d, order, g.price[order])
        r = d.met[VAN]
        if r < 0:
            continue
        d.limit[NOW, r] = min(d.limit[NOW, r], watched_room(g, h, d, r))
        for p in range(d.met[LENGTH]):
            d.rows[NOW, r, p] = d.spot[p]
        d.length[NOW, r], d.where[NOW, order] = d.met[LENGTH], r
        d.cost[NOW, r] += d.met[ADDED]
    for r in range(d.fleet.size):
        if d.cost[NOW, r] != d.cost[KEPT, r]:
            _other_limits(g, h, d, r)
            _exchange(g, h, d, r)
    _sum_up(g, d)


@inner_code
def _exchange(g, h, d, r):  # type: ignore[no-untyped-def]
    """Let neighbours in a row change places where that is cheaper: who is launched first, who is taken in first."""
    n, options = d.length[NOW, r], g.column.shape[0]
    for _ in range(EXCHANGES if n > 2 else 0):  # noqa: PLR2004 - no trip of one stop has neighbours
        k = 1 + pick(d.dice, n - 2)
        a, b = d.rows[NOW, r, k], d.rows[NOW, r, k + 1]
        if min(a, b) < 0 or max(a, b) < options:
            continue
        d.rows[NOW, r, k], d.rows[NOW, r, k + 1] = b, a
        cost = day_cost(g, h, d.fleet[r], d.rows[NOW, r], n, d.limit[NOW, r])
        if cost < d.cost[NOW, r]:
            d.cost[NOW, r] = cost
        else:
            d.rows[NOW, r, k], d.rows[NOW, r, k + 1] = a, b


@inner_code
def _other_limits(g, h, d, r):  # type: ignore[no-untyped-def]
    """Let a van take along more or fewer where that is cheaper."""
    f, options = d.fleet[r], g.column.shape[0]
    flown, n = False, d.length[NOW, r]
    for k in range(n):
        flown = flown or d.rows[NOW, r, k] >= LAUNCH * options
    most = min(h.carries[f, COUNT], h.number[MOST_TAKEN])
    most = min(most, watched_room(g, h, d, r)) if flown else most
    d.limit[NOW, r] = min(d.limit[NOW, r], most) if flown else most
    if not flown:
        return
    best, now = d.cost[NOW, r], d.limit[NOW, r]
    for limit in range(1, most + 1):
        if limit != now:
            cost = day_cost(g, h, f, d.rows[NOW, r], n, limit)
            if cost < best:
                best, d.limit[NOW, r] = cost, limit
    d.cost[NOW, r] = best
