"""Shortlist: places where only a whole route tells the cost, timed from the most promising on until none can be better.

What a place costs at the least is told beforehand by its way, its time and whom it delays; timing a route takes many
times as long.
"""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.layout import COST, LISTED, NOWHERE, WHOLE
from doorstep.planning.sisr.pricing import price_route

BESIDE, TRIP_OF_ITS_OWN, VEHICLE_OF_ITS_OWN, PAIR = range(4)
"""How an order is put back."""
LEAST, OPTION, HOW, VEHICLE, WHERE, THEN, EXTRA, TIMED = range(8)
"""Of a place on the list: its least cost, the option, how and where (see `cheapest`), what a locker costs then, and
what the whole route costs if that is known, else -1."""


@inner_code
def list_place(g, s, least, option, how, v, where, then, extra):  # type: ignore[no-untyped-def]
    """Put a place on the list, if it is full instead of the least promising one; return what none may cost from now on.

    The first one is timed at once, so that the list stays short.
    """
    row = s.counter[LISTED]
    if row < s.listed.shape[0]:
        s.counter[LISTED] += 1
    else:
        row = 0
        for k in range(1, s.listed.shape[0]):
            if s.listed[k, LEAST] > s.listed[row, LEAST]:
                row = k
        if s.listed[row, LEAST] <= least:
            return NOWHERE
    s.listed[row, LEAST], s.listed[row, OPTION], s.listed[row, HOW], s.listed[row, VEHICLE] = least, option, how, v
    s.listed[row, WHERE], s.listed[row, THEN], s.listed[row, EXTRA], s.listed[row, TIMED] = where, then, extra, -1
    if row > 0:
        return NOWHERE
    _time(g, s, row)
    return s.listed[row, LEAST] + 1 if s.listed[row, LEAST] < NOWHERE else NOWHERE


@inner_code
def cheapest_listed(g, s, most):  # type: ignore[no-untyped-def]
    """Return the row of the list of the cheapest place below `most`, or -1; note what its route costs."""
    listed = s.listed
    while True:
        row = -1
        for k in range(s.counter[LISTED]):
            if listed[k, LEAST] < most and (row < 0 or listed[k, LEAST] < listed[row, LEAST]):
                row = k
        if row < 0:
            return -1
        if listed[row, TIMED] >= 0:
            s.counter[WHOLE] = listed[row, TIMED]
            return row
        _time(g, s, row)


@inner_code
def _time(g, s, row):  # type: ignore[no-untyped-def]
    """Put what a place really costs on the list, NOWHERE if a rule would be broken."""
    listed = s.listed
    v, option, then = listed[row, VEHICLE], listed[row, OPTION], listed[row, THEN]
    if listed[row, HOW] == BESIDE:
        rule, whole = price_route(g, s, v, option, then, -1, -1)
    else:
        rule, whole = price_route(g, s, v, option, -1, then, -1)
    listed[row, TIMED] = whole
    listed[row, LEAST] = whole - s.vehicle[v, COST] + listed[row, EXTRA] if rule == 0 else NOWHERE
