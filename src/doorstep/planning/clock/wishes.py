"""Wishes: handovers that wait for the time from which they are wanted, where that costs less than coming too early.

Costs are convex in the times of a route whose legs take as long at any hour. So from the last stop back, each is moved
later, pushing on what comes right behind it, as long as that saves money; what is behind is best already.
"""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.schedule import ARRIVE, LEAVE, START
from doorstep.planning.clock.layout import (
    BREAK_AFTER,
    CLOSE,
    CLOSES,
    INF,
    LONGEST,
    OVERTIME_AFTER,
    PAID_LEAST,
    PER_AWAY_S,
    PER_DUTY_S,
    PER_EARLY_S,
    PER_LATE_S,
    PER_OVERTIME_S,
    PROMISE,
    SITE,
    SITE_OF_HUB,
    SWAP,
)  # fmt: skip


@inner_code
def await_wishes(g, f, row, n, first, last, out):  # type: ignore[no-untyped-def]
    """Move the stops and departures of a timed route later where that saves money; there are no breaks in it."""
    for p in range(n - 1, -1, -1):
        step = _step(g, f, row, n, first, last, p, out)
        while step > 0:
            _push(g, f, row, n, p, step, out)
            step = _step(g, f, row, n, first, last, p, out)


@inner_code
def _step(g, f, row, n, first, last, p, out):  # type: ignore[no-untyped-def]
    """Return how far a stop or departure should move on, 0 where it should not, until what it costs changes."""
    slope, room, i, head = 0, INF, p, p
    while row[head] >= 0:
        head -= 1
    begins, ends = False, False
    while i < n:
        if row[i] < 0:
            head = i
            slope -= g.fleet[f, PER_AWAY_S]
            begins = begins or i == first
        else:
            early, late = g.wanted[row[i]] - out[LEAVE, i], g.column[row[i], PROMISE] - out[LEAVE, i]
            room = min(room, g.column[row[i], CLOSE] - out[START, i])
            if early > 0:
                slope, room = slope - g.fleet[f, PER_EARLY_S], min(room, early)
            if late > 0:
                room = min(room, late)
            else:
                slope += g.fleet[f, PER_LATE_S]
        if i + 1 < n and row[i + 1] >= 0:
            gap = _waited(g, f, row, head, i + 1, out)
        else:
            slope += g.fleet[f, PER_AWAY_S]
            ends = head == last
            gap = g.fleet[f, CLOSES] - out[LEAVE, head] if ends else _stood(g, f, head, i + 1, out)
        if gap > 0 or ends:
            room = min(room, gap)
            break
        i += 1
    change, most = _duty_change(g, f, begins, ends, out[LEAVE, last] - out[ARRIVE, first])
    return min(room, most) if slope + change < 0 else 0


@inner_code
def _duty_change(g, f, begins, ends, duty):  # type: ignore[no-untyped-def]
    """Return the pay of one more second, and for how long it is that, where a duty begins or ends later."""
    fleet = g.fleet
    if begins == ends:
        return 0, INF
    if begins:
        paid = fleet[f, PER_DUTY_S] * (duty > fleet[f, PAID_LEAST])
        paid += fleet[f, PER_OVERTIME_S] * (duty > fleet[f, OVERTIME_AFTER])
        least = fleet[f, OVERTIME_AFTER] if duty > fleet[f, OVERTIME_AFTER] else fleet[f, PAID_LEAST]
        return -paid, duty - least if duty > least else INF
    paid = fleet[f, PER_DUTY_S] * (duty >= fleet[f, PAID_LEAST])
    paid += fleet[f, PER_OVERTIME_S] * (duty >= fleet[f, OVERTIME_AFTER])
    most = fleet[f, LONGEST] if fleet[f, BREAK_AFTER] == 0 else min(fleet[f, LONGEST], fleet[f, BREAK_AFTER])
    room = max(most - duty, 0)
    for bound in (fleet[f, PAID_LEAST], fleet[f, OVERTIME_AFTER]):
        if bound > duty:
            room = min(room, bound - duty)
    return paid, room


@inner_code
def _push(g, f, row, n, p, step, out):  # type: ignore[no-untyped-def]
    """Move a stop or departure later, and all that has no gap before it."""
    i, head = p, p
    while row[head] >= 0:
        head -= 1
    while i < n:
        moved_first = i == p
        if row[i] < 0:
            head = i
        gap = INF
        if i + 1 < n and row[i + 1] >= 0:
            gap = _waited(g, f, row, head, i + 1, out)
        elif i + 1 < n:
            gap = _stood(g, f, head, i + 1, out)
        out[START, i] += step
        if row[i] < 0 or not moved_first:
            out[ARRIVE, i] += step
        if row[i] >= 0:
            out[LEAVE, i] += step
        if i + 1 == n or row[i + 1] < 0:
            out[LEAVE, head] += step
        elif gap > 0:
            out[ARRIVE, i + 1] += step
        if gap > 0:
            break
        i += 1


@inner_code
def _waited(g, f, row, head, p, out):  # type: ignore[no-untyped-def]
    """Return how long a vehicle stands at a stop before it begins, set-up left out."""
    before = g.fleet[f, SITE_OF_HUB] if p == head + 1 else g.column[row[p - 1], SITE]
    setup = g.setup[f, row[p]] if g.column[row[p], SITE] != before else 0
    return out[START, p] - out[ARRIVE, p] - setup


@inner_code
def _stood(g, f, head, following, out):  # type: ignore[no-untyped-def]
    """Return how long a vehicle stands at its hub before its next trip."""
    return out[ARRIVE, following] - g.fleet[f, SWAP] - out[LEAVE, head]
