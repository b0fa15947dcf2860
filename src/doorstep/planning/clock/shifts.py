"""Shifts: a duty that begins later, its early trips moved into idle time at the hub between trips."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.schedule import ARRIVE, LEAVE, START
from doorstep.planning.clock.layout import (
    BREAK,
    BREAK_AFTER,
    CLOSES,
    OPENS,
    PERIOD_FROM,
    PERIODS,
    PROMISE,
    SWAP,
    WORK_FROM,
)  # fmt: skip
from doorstep.planning.clock.trips import give, run_trip, trip_end

HEADS, GAPS = 6, 7
"""Rows of the spare schedule: where trips open, and idle time behind them."""
TRIES = 4
"""How often a trip is moved less far where travel takes longer at a later hour."""


@inner_code
def compress(g, f, row, n, out, spare):  # type: ignore[no-untyped-def]
    """Move early trips later, into idle time at the hub between trips, so that the duty begins later."""
    trips = 0
    for i in range(n):
        if row[i] < 0:
            spare[HEADS, trips] = i
            trips += 1
    if g.fleet[f, PERIODS] > 0:
        _by_the_hour(g, f, row, n, trips, out, spare)
        return
    shift = 0
    for k in range(trips - 2, -1, -1):
        i = spare[HEADS, k]
        spare[GAPS, k] = out[ARRIVE, spare[HEADS, k + 1]] - g.fleet[f, SWAP] - out[LEAVE, i]
        room = spare[GAPS, k] + shift
        for p in range(i + 1, trip_end(row, i, n)):
            room = min(room, give(g, row[p], p, out))
        shift = max(room, 0)
    for k in range(trips - 1):
        if shift <= 0:
            return
        for p in range(spare[HEADS, k], trip_end(row, spare[HEADS, k], n)):
            out[ARRIVE, p] += shift
            out[START, p] += shift
            out[LEAVE, p] += shift
        shift -= spare[GAPS, k]


@inner_code
def _by_the_hour(g, f, row, n, trips, out, spare):  # type: ignore[no-untyped-def]
    """Move trips later where travel takes longer or shorter then; the last one to another hour if that saves time."""
    i = spare[HEADS, trips - 1]
    _to_another_hour(g, f, row, i, n, out)
    for k in range(trips - 2, -1, -1):
        i = spare[HEADS, k]
        j, end = trip_end(row, i, n), out[ARRIVE, spare[HEADS, k + 1]] - g.fleet[f, SWAP]
        load, late = out[ARRIVE, i], _late(g, row, i, j, out)
        shift, moved = end - out[LEAVE, i], False
        for _ in range(TRIES):
            if shift <= 0:
                break
            rule, _, _, _, _ = run_trip(g, f, row, i, j, load + shift, 0, 0, out)
            if rule == 0 and out[LEAVE, i] <= end and _late(g, row, i, j, out) <= late:
                moved = True
                break
            shift = shift // 2 if rule or out[LEAVE, i] <= end else shift - (out[LEAVE, i] - end)
        if not moved:
            run_trip(g, f, row, i, j, load, 0, 0, out)


@inner_code
def _to_another_hour(g, f, row, i, n, out):  # type: ignore[no-untyped-def]
    """Let a trip leave with the beginning of a later period where it then takes less time and nobody is later."""
    load, late, lead = out[ARRIVE, i], _late(g, row, i, n, out), out[START, i] - out[ARRIVE, i]
    best, least, ends = load, out[LEAVE, i] - load, out[LEAVE, i]
    for k in range(g.fleet[f, PERIODS]):
        begin = g.period_from[g.fleet[f, PERIOD_FROM] + k] - lead
        if begin <= load or begin >= ends:
            continue
        rule, _, _, _, _ = run_trip(g, f, row, i, n, begin, 0, 0, out)
        fine = rule == 0 and out[LEAVE, i] <= g.fleet[f, CLOSES] and _late(g, row, i, n, out) <= late
        if fine and out[LEAVE, i] - begin < least:
            best, least = begin, out[LEAVE, i] - begin
    run_trip(g, f, row, i, n, best, 0, 0, out)


@inner_code
def _late(g, row, i, j, out):  # type: ignore[no-untyped-def]
    late = 0
    for p in range(i + 1, j):
        late += max(0, out[LEAVE, p] - g.column[row[p], PROMISE])
    return late


@inner_code
def rested(g, f, row, n, out):  # type: ignore[no-untyped-def]
    """Tell whether idle time at the hub breaks up the work of a route that has no other breaks."""
    work_from, free, after = g.fleet[f, WORK_FROM], g.fleet[f, OPENS], g.fleet[f, BREAK_AFTER]
    for i in range(n):
        if row[i] < 0:
            if work_from < 0 or out[ARRIVE, i] - free - g.fleet[f, SWAP] >= g.fleet[f, BREAK]:
                work_from = out[ARRIVE, i]
            free = out[LEAVE, i]
            if after > 0 and free - work_from > after:
                return False
    return True
