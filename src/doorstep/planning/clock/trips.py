"""Trips: one trip timed from its loading on, with its driver's breaks and its waiting moved to the hub."""

from __future__ import annotations

import math

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.draws import HAIR_MWH, brought_g, leg_mwh
from doorstep.planning.clock.schedule import ARRIVE, ENERGY_USED, LEAVE, METRES, PAUSE, PAUSE_BACK, START
from doorstep.planning.clock.aboard import rise
from doorstep.planning.clock.layout import (
    BEGUN_MWH,
    BREAK,
    BREAK_AFTER,
    CLOSE,
    DRAW,
    DRAW_LOADS,
    DRAW_STEP,
    INF,
    LENGTHS,
    LOADING,
    OPEN,
    PERIODS,
    PROMISE,
    RANGE,
    SITE,
    SITE_OF_HUB,
)  # fmt: skip
from doorstep.planning.clock.stretch import travel_s

MASS, VOLUME, PARCELS, WINDOW, RANGE_RULE, ENERGY, HOURS, SHIFT, BREAK_RULE, TRIPS_RULE, SHARED_RULE = range(1, 12)
"""Rules that a route can break."""
TRIES = 10
"""How often waiting is moved to the hub where ways take longer or shorter later."""


@inner_code
def trip_end(row, i, n):  # type: ignore[no-untyped-def]
    """Return where the trip that opens at a position of a row ends."""
    j = i + 1
    while j < n and row[j] >= 0:
        j += 1
    return j


@inner_code
def place_trip(g, f, row, i, j, free, due, load, work_from, out):  # type: ignore[no-untyped-def]
    """Time one trip that may be loaded from `load` on; return (rule, needs, has, start of work, any break).

    Its waiting is first moved to the hub; where a break is needed too, part of the waiting is tried as room for it.
    """
    rule, needs, has, _, _ = run_trip(g, f, row, i, j, load, 0, 0, out)
    if rule:
        return rule, needs, has, work_from, False
    after, pause = g.fleet[f, BREAK_AFTER], g.fleet[f, BREAK]
    wait = _idle(g, f, row, i, j, out)
    fresh = load + wait if work_from < 0 or load + wait - due >= pause else work_from
    if after == 0 or out[LEAVE, i] - fresh <= after:
        # Ways that take less at another hour leave some waiting, and those that take longer move too far.
        tries, failed = TRIES if g.fleet[f, PERIODS] > 0 else 1, False
        while wait > 0 and tries > 0:
            later, tries = load + wait, tries - 1
            fresh = later if work_from < 0 or later - due >= pause else work_from
            rule, _, _, _, _ = run_trip(g, f, row, i, j, later, 0, 0, out)
            failed = rule != 0 or (after > 0 and out[LEAVE, i] - fresh > after)
            if failed:
                wait //= 2
            else:
                load, wait = later, _idle(g, f, row, i, j, out)
        if failed:
            run_trip(g, f, row, i, j, load, 0, 0, out)
        fresh = load if work_from < 0 or load - due >= pause else work_from
        if after == 0 or out[LEAVE, i] - fresh <= after:
            return 0, 0, 0, fresh, False
    for attempt in range(3):
        begin = load + max(0, wait - pause) if attempt == 1 else load + (wait if attempt == 0 else 0)
        since = begin if work_from < 0 or begin - due >= pause else work_from
        at_hub = since != begin and _first_leave(g, f, row, i, begin) - since > after
        if at_hub:
            begin = max(due + pause, begin)
            since = begin
        rule, needs, has, since, rested = run_trip(g, f, row, i, j, begin, since, after, out)
        if rule == 0:
            out[PAUSE, i] = free if at_hub else -1
            return 0, 0, 0, since, at_hub or rested
    return rule, needs, has, work_from, False


@inner_code
def _first_leave(g, f, row, i, load):  # type: ignore[no-untyped-def]
    o = row[i + 1]
    clock = load + g.fleet[f, LOADING]
    start = clock + travel_s(g, f, g.fleet[f, SITE_OF_HUB], g.column[o, SITE], clock) + g.setup[f, o]
    return max(start, g.column[o, OPEN]) + g.service[f, o]


@inner_code
def run_trip(g, f, row, i, j, load, work_from, after, out):  # type: ignore[no-untyped-def]
    """Time one trip from its loading on; return (rule, needs, has, start of the work still running, any break).

    `after` is the longest work without a break, 0 where breaks do not matter.
    """
    fleet, column, lengths, n = g.fleet, g.column, g.fleet[f, LENGTHS], g.sites
    hub, pause = fleet[f, SITE_OF_HUB], fleet[f, BREAK]
    clock, site, metres, stops, paused = load + fleet[f, LOADING], hub, 0, 0, False
    draws, aboard, energy = fleet[f, DRAW_LOADS] > 0, brought_g(g, f, row, i, j), g.energy[f, BEGUN_MWH]
    first, last, per_g = fleet[f, DRAW], fleet[f, DRAW_LOADS] - 1, 1 / max(fleet[f, DRAW_STEP], 1)
    out[ARRIVE, i], out[START, i], out[PAUSE, i] = load, clock, -1
    for p in range(i + 1, j):
        o = row[p]
        here = column[o, SITE]
        moved = here != site
        travel = travel_s(g, f, site, here, clock) if moved else 0
        setup = g.setup[f, o] if moved else 0
        out[PAUSE, p] = -1
        begin = max(clock + travel + setup, column[o, OPEN])
        leave = begin + g.service[f, o]
        if after > 0 and leave - work_from > after:
            if begin - clock - travel - setup >= pause and begin - pause - work_from <= after:
                out[PAUSE, p] = begin - pause
                work_from, paused = begin, True
            elif clock > work_from:
                out[PAUSE, p] = clock
                clock += pause
                work_from, paused = clock, True
                travel = travel_s(g, f, site, here, clock) if moved else 0
            begin = max(clock + travel + setup, column[o, OPEN])
            leave = begin + g.service[f, o]
            if leave - work_from > after:
                return BREAK_RULE, leave - work_from, after, work_from, paused
        out[ARRIVE, p], out[START, p], out[LEAVE, p] = clock + travel, begin, leave
        if begin > column[o, CLOSE]:
            return WINDOW, begin, column[o, CLOSE], work_from, paused
        clock = leave
        if moved:
            length = g.length[lengths + site * n + here]
            metres += length
            stops += 1
            if draws:
                energy += leg_mwh(g, first, last, per_g, aboard, length, travel, 1)
        if draws:
            aboard += rise(g, o, 0)
        site = here
    out[PAUSE_BACK, i] = -1
    travel = travel_s(g, f, site, hub, clock)
    if after > 0 and clock + travel - work_from > after:
        if clock > work_from:
            out[PAUSE_BACK, i] = clock
            clock += pause
            work_from, paused = clock, True
            travel = travel_s(g, f, site, hub, clock)
        if clock + travel - work_from > after:
            return BREAK_RULE, clock + travel - work_from, after, work_from, paused
    length = g.length[lengths + site * n + hub]
    metres += length
    out[LEAVE, i], out[METRES, i] = clock + travel, metres
    if metres > fleet[f, RANGE]:
        return RANGE_RULE, metres, fleet[f, RANGE], work_from, paused
    if draws:
        energy = math.ceil(energy + leg_mwh(g, first, last, per_g, aboard, length, travel, 0) - HAIR_MWH)
        out[ENERGY_USED, i + 1] = energy
    else:
        energy = metres * g.energy[f, 0] + stops * g.energy[f, 1]
    if energy > g.energy[f, 2]:
        return ENERGY, math.ceil(energy), int(g.energy[f, 2]), work_from, paused
    return 0, 0, 0, work_from, paused


@inner_code
def _idle(g, f, row, i, j, out):  # type: ignore[no-untyped-def]
    """Return how much of a trip's waiting in the street can be moved to the hub without making anyone late."""
    waited, room, site = 0, INF, g.fleet[f, SITE_OF_HUB]
    for p in range(i + 1, j):
        o = row[p]
        setup = g.setup[f, o] if g.column[o, SITE] != site else 0
        waited += out[START, p] - out[ARRIVE, p] - setup
        room = min(room, waited + give(g, o, p, out))
        site = g.column[o, SITE]
    return min(waited, room)


@inner_code
def give(g, o, p, out):  # type: ignore[no-untyped-def]
    """Return how much later one stop could happen within its window and its promise."""
    late_room = g.column[o, PROMISE] - out[LEAVE, p]
    return min(g.column[o, CLOSE] - out[START, p], max(late_room, 0))
