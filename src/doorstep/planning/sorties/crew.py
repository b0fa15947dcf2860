"""Crew: when a van, its crew and what it carries do the tasks of a row, and what that costs, compiled.

Every task is as early as may be. A battery that would not last is changed, or charged for longer, before the launch,
and the trip timed anew until nothing changes.
"""

from __future__ import annotations

import math

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.clock.draws import HAIR_MWH, as_begun, first_refilled, leg_mwh, refill_wait_s, refilled
from doorstep.planning.problem import DELIVER, FAR, MWH
from doorstep.planning.clock.schedule import ARRIVE, ENERGY_USED, LEAVE, METRES, PAUSE, PAUSE_BACK, START
from doorstep.planning.clock.aboard import rise
from doorstep.planning.clock.layout import (
    BREAK, BREAK_AFTER, CAPACITY, CLOSE, CLOSES, DRAW, DRAW_LOADS, DRAW_STEP, INF, LENGTHS, LOAD, LOADING, LONGEST,
    MOST, MOST_TRIPS, NOWHERE, OPEN, OPENS, PER_AWAY_S, PER_KWH, PER_LATE_S, PER_METRE, PER_STOP, PER_TRIP, PER_VEHICLE,
    PROMISE, RANGE, READY, REFILL, RELEASE, SITE, SITE_OF_HUB, SWAP, USUAL_METRE, USUAL_STOP, WORK_FROM,
)  # fmt: skip
from doorstep.planning.clock.stretch import travel_s
from doorstep.planning.sorties.hold import (
    ABOARD_G, ARRIVES, BACK, BEGIN, BY, CARRIED_G, CARRIED_ML, COUNT, EARLY_LAUNCH, END, FREE, FROM, IDLE, LANDED, LATE,
    LAUNCH, LAUNCH_S, LEAVES, LENGTH, MOST_TAKEN, NEED, RECOVER_S, SAME_STOP, SERVE, SPARES_ABOARD, STAGE, STARTS,
    SWAP_S, TAKEOFF, USED,
)  # fmt: skip
from doorstep.planning.clock.timing import time_route
from doorstep.planning.clock.trips import trip_end
from doorstep.planning.clock.wages import duty_pay

FINE, AGAIN, BROKEN = range(3)
ROUNDS, TRIES = 12, 8
"""How often a trip is timed anew for its batteries, and its waiting moved to the hub."""


@bare_code
def day_cost(g, h, f, row, n, limit):  # type: ignore[no-untyped-def]
    """Return what a van's day costs that takes along at most `limit` of what it could carry; NOWHERE if against a rule.

    Times are left in `h`. A row without sorties is timed as everywhere else.
    """
    options, launches = g.column.shape[0], 0
    for p in range(n):
        launches += row[p] >= options
    if launches == 0:
        rule, _, _, cost = time_route(g, f, row, n, h.out, h.spare)
        return NOWHERE if rule else cost
    if h.carried[f] < 0:
        return NOWHERE
    return _day(g, h, f, row, n, min(limit, h.number[MOST_TAKEN], h.carries[f, COUNT]))


@inner_code
def _day(g, h, f, row, n, limit):  # type: ignore[no-untyped-def]
    fleet = g.fleet
    first, i, trips, late = -1, 0, 0, 0
    free, work_from, due = fleet[f, OPENS], fleet[f, WORK_FROM], 0
    refills, battery = g.energy[f, REFILL] > 0, as_begun(g, f)
    h.lack[:] = 0.0
    h.since[:] = 0
    h.away[:] = 0
    while i < n:
        j, trips = trip_end(row, i, n), trips + 1
        if trips > fleet[f, MOST_TRIPS] or j == i + 1:
            return NOWHERE
        ready = _loads(g, h, f, row, i, j, limit)
        if ready < 0:
            return NOWHERE
        due = free if first < 0 else free + fleet[f, SWAP]
        load, wait, began = max(due, ready - fleet[f, LOADING]), 1, work_from
        while wait > 0:
            fine, work_from = _place(g, h, f, row, i, j, load, due, began, limit)
            if not fine:
                return NOWHERE
            wait = 0
            if refills and first >= 0:
                wait = refill_wait_s(g, f, h.out[ARRIVE, i], due, h.out[ENERGY_USED, i + 1], battery)
            load = h.out[ARRIVE, i] + wait
        if refills and first < 0:
            battery = first_refilled(g, f, h.out[ARRIVE, i], h.out[ENERGY_USED, i + 1])
        elif refills:
            battery = refilled(g, f, h.out[ARRIVE, i], due, h.out[ENERGY_USED, i + 1], battery)
        late += h.number[LATE]
        for v in range(limit):
            h.lack[1, v] = h.lack[0, v] if h.charge[f] > 0 else 0.0
            h.since[1, v] = h.since[0, v]
        first = i if first < 0 else first
        free = h.out[LEAVE, i]
        i = j
    duty = free - h.out[ARRIVE, first]
    if free > fleet[f, CLOSES] or duty > fleet[f, LONGEST]:
        return NOWHERE
    return fleet[f, PER_VEHICLE] + duty_pay(g, f, duty) + late * fleet[f, PER_LATE_S] + _money(g, h, f, row, n, limit)


@inner_code
def _loads(g, h, f, row, i, j, limit):  # type: ignore[no-untyped-def]
    """Return when the last parcel of a trip is ready, -1 where it is too much; note what is aboard at departure.

    What sorties take out counts as aboard to the end, beside what is fetched.
    """
    options, ready, launches = g.column.shape[0], max(0, g.fleet[f, RELEASE]), 0
    for p in range(i + 1, j):
        o = row[p] % options
        if row[p] // options == LAUNCH or row[p] // options == EARLY_LAUNCH:
            launches += 1
            h.sortie[o, STAGE] = 0
        ready = max(ready, g.column[o, READY])
    taken = min(launches, limit)
    for k in range(3):
        load = 0
        for p in range(i + 1, j):
            kind, o = row[p] // options, row[p] % options
            if kind == LAUNCH or kind == EARLY_LAUNCH or (kind == SERVE and g.part[o] == DELIVER):
                load += g.column[o, LOAD + k]
        if k == 0:
            load += taken * h.carries[f, CARRIED_G]
            h.number[ABOARD_G] = load
        elif k == 1:
            load += taken * h.carries[f, CARRIED_ML]
        most = load
        if g.mixed:
            for p in range(i + 1, j):
                if row[p] < options:
                    load += rise(g, row[p], k)
                    most = max(most, load)
        if most > g.fleet[f, CAPACITY + k]:
            return -1
    return ready


@inner_code
def _place(g, h, f, row, i, j, load, due, work_from, limit):  # type: ignore[no-untyped-def]
    """Time a trip that may be loaded from `load` on, its waiting moved to the hub; return (fine, start of work)."""
    pause = g.fleet[f, BREAK]
    fresh = load if work_from < 0 or load - due >= pause else work_from
    state, after_it = _settled(g, h, f, row, i, j, load, fresh, limit)
    if state != FINE:
        return False, work_from
    wait, late, back, failed = h.number[IDLE], h.number[LATE], h.out[LEAVE, i], False
    for _ in range(TRIES):
        if wait <= 0:
            break
        later = load + wait
        fresh = later if work_from < 0 or later - due >= pause else work_from
        state, then = _settled(g, h, f, row, i, j, later, fresh, limit)
        failed = state != FINE or h.number[LATE] > late or h.out[LEAVE, i] > back
        if failed:
            wait //= 2
        else:
            load, wait, after_it = later, 0, then
    if failed:
        fresh = load if work_from < 0 or load - due >= pause else work_from
        state, after_it = _settled(g, h, f, row, i, j, load, fresh, limit)
    return True, after_it


@inner_code
def _settled(g, h, f, row, i, j, load, work_from, limit):  # type: ignore[no-untyped-def]
    """Time a trip until its batteries last; return (state, start of work)."""
    options = g.column.shape[0]
    for p in range(i + 1, j):
        if row[p] >= options:
            h.sortie[row[p] % options, NEED] = 0
    for _ in range(ROUNDS):
        state, since = _run(g, h, f, row, i, j, load, work_from, limit)
        if state != AGAIN:
            return state, since
    return BROKEN, work_from


@inner_code
def _run(g, h, f, row, i, j, load, work_from, limit):  # type: ignore[no-untyped-def]
    fleet, column, out, options, n = g.fleet, g.column, h.out, g.column.shape[0], g.sites
    hub, after, pause, c = fleet[f, SITE_OF_HUB], fleet[f, BREAK_AFTER], fleet[f, BREAK], h.carried[f]
    first, last, per_g = fleet[f, DRAW], fleet[f, DRAW_LOADS] - 1, 1 / max(fleet[f, DRAW_STEP], 1)
    clock, site, metres, energy, under_way = load + fleet[f, LOADING], hub, 0, 0.0, 0
    aboard, came, just_come, again = h.number[ABOARD_G], 0, False, False
    spares, waited, late, state, early = h.carries[f, SPARES_ABOARD], 0, 0, FINE, False
    room = INF
    for v in range(limit):
        h.lack[0, v], h.since[0, v], h.away[0, v] = h.lack[1, v], h.since[1, v], 0
    for p in range(i + 1, j):
        if row[p] >= options:
            h.sortie[row[p] % options, STAGE] = 0
    out[ARRIVE, i], out[START, i], out[PAUSE, i] = load, clock, -1
    for p in range(i + 1, j):
        kind, o = row[p] // options, row[p] % options
        out[PAUSE, p] = -1
        if early and 0 < kind < EARLY_LAUNCH:
            return BROKEN, work_from  # the van has left that stop
        early = kind >= EARLY_LAUNCH
        if kind == SERVE or kind >= EARLY_LAUNCH:
            t = p
            while t < j and row[t] >= options:
                t += 1
            if t == j:
                return BROKEN, work_from
            here = column[row[t], SITE]
            if here != site:
                setup, travel = g.setup[f, row[t]], travel_s(g, f, site, here, clock)
                leave = max(clock + travel + setup, column[row[t], OPEN]) + g.service[f, row[t]]
                if after > 0 and leave - work_from > after:
                    if under_way > 0 or clock <= work_from or clock - work_from > after:
                        return BROKEN, work_from
                    out[PAUSE, p] = clock
                    clock += pause
                    work_from = clock
                    travel = travel_s(g, f, site, here, clock)
                if travel >= FAR:
                    return BROKEN, work_from
                length = g.length[fleet[f, LENGTHS] + site * n + here]
                metres += length
                energy += leg_mwh(g, first, last, per_g, aboard, length, travel, 1)
                came, just_come, site = clock + travel, True, here
                clock = came + setup
        if kind == SERVE:
            begin = max(clock, column[o, OPEN])
            leave = begin + g.service[f, o]
            if begin > column[o, CLOSE] or (after > 0 and leave - work_from > after):
                return BROKEN, work_from
            out[ARRIVE, p], out[START, p], out[LEAVE, p] = came if just_come else clock, begin, leave
            waited += begin - clock
            room = min(room, waited + min(column[o, CLOSE] - begin, max(column[o, PROMISE] - leave, 0)))
            late += max(0, leave - column[o, PROMISE])
            clock, just_come = leave, False
            aboard += rise(g, o, 0)
        elif kind == LAUNCH or kind == EARLY_LAUNCH:
            if site == hub or not g.allowed[c, o]:
                return BROKEN, work_from
            clock, spares = _launch(g, h, f, c, o, site, clock, spares, limit)
            if clock < 0:
                return BROKEN, work_from
            leave = h.sortie[o, LEAVES]
            late += max(0, leave - column[o, PROMISE])
            give = min(column[o, CLOSE] - h.sortie[o, STARTS], max(column[o, PROMISE] - leave, 0))
            room = min(room, waited + max(give, 0))
            aboard -= column[o, LOAD]
            under_way += 1
        else:
            state, clock = _recover(g, h, f, c, o, site, clock)
            if state == BROKEN:
                return BROKEN, work_from
            again = again or state == AGAIN
            under_way -= 1
    if under_way:
        return BROKEN, work_from
    out[PAUSE_BACK, i] = -1
    travel = travel_s(g, f, site, hub, clock)
    if after > 0 and clock + travel - work_from > after:
        if clock <= work_from or clock - work_from > after:
            return BROKEN, work_from
        out[PAUSE_BACK, i] = clock
        clock += pause
        work_from = clock
        travel = travel_s(g, f, site, hub, clock)
        if clock + travel - work_from > after:
            return BROKEN, work_from
    length = g.length[fleet[f, LENGTHS] + site * n + hub]
    metres += length
    used = math.ceil(energy + leg_mwh(g, first, last, per_g, aboard, length, travel, 0) - HAIR_MWH)
    out[LEAVE, i], out[METRES, i], out[ENERGY_USED, i + 1] = clock + travel, metres, used
    h.number[IDLE], h.number[LATE] = min(waited, room), late
    if travel >= FAR or metres > fleet[f, RANGE] or used > g.energy[f, MOST]:
        return BROKEN, work_from
    return AGAIN if again else FINE, work_from


@inner_code
def _launch(g, h, f, c, o, site, clock, spares, limit):  # type: ignore[no-untyped-def]
    """Let the vehicle whose battery is fullest take a parcel out; return (time, spares left), time -1 if it cannot."""
    charge, v, lack = h.charge[f], -1, 0.0
    for k in range(limit):
        if h.away[0, k] == 0:
            lacks = max(0.0, h.lack[0, k] - charge * (clock - h.since[0, k]))
            if v < 0 or lacks < lack:
                v, lack = k, lacks
    if v < 0:
        return -1, spares
    sortie, need = h.sortie[o], h.sortie[o, NEED]
    sortie[BEGIN] = clock
    if charge > 0:
        clock += need
        lack = max(0.0, lack - charge * need)
    elif need > 0:
        spares -= 1
        clock += h.carries[f, SWAP_S]
        lack = 0.0
    takeoff, there = clock + h.carries[f, LAUNCH_S], g.column[o, SITE]
    travel = travel_s(g, c, site, there, takeoff) if there != site else 0
    arrives = takeoff + travel
    ready = arrives + (g.setup[c, o] if there != site else 0)
    starts = max(ready, g.column[o, OPEN])
    if spares < 0 or travel >= FAR or starts > g.column[o, CLOSE] or takeoff < g.fleet[c, OPENS]:
        return -1, spares
    first, last, per_g = g.fleet[c, DRAW], g.fleet[c, DRAW_LOADS] - 1, 1 / max(g.fleet[c, DRAW_STEP], 1)
    length = g.length[g.fleet[c, LENGTHS] + site * g.sites + there] if there != site else 0
    h.drawn[o] = leg_mwh(g, first, last, per_g, g.column[o, LOAD], length, travel + starts - ready, 1)
    sortie[TAKEOFF], sortie[ARRIVES], sortie[STARTS], sortie[LEAVES] = (
        takeoff,
        arrives,
        starts,
        starts + g.service[c, o],
    )
    sortie[LENGTH], sortie[BY], sortie[FROM], sortie[STAGE] = length, v, site, 1
    h.away[0, v], h.away[1, v] = 1, 1
    h.lack[0, v] = lack
    return takeoff, spares


@inner_code
def _recover(g, h, f, c, o, site, clock):  # type: ignore[no-untyped-def]
    """Take in who has brought an option; return (state, time)."""
    sortie = h.sortie[o]
    there, v = g.column[o, SITE], sortie[BY]
    if sortie[STAGE] != 1 or (h.carries[f, SAME_STOP] == 0 and sortie[FROM] == site):
        return BROKEN, clock
    travel = travel_s(g, c, there, site, sortie[LEAVES]) if there != site else 0
    if travel >= FAR:
        return BROKEN, clock
    back = sortie[LEAVES] + travel
    landed = max(clock, back)
    end = landed + h.carries[f, RECOVER_S]
    first, last, per_g = g.fleet[c, DRAW], g.fleet[c, DRAW_LOADS] - 1, 1 / max(g.fleet[c, DRAW_STEP], 1)
    length = g.length[g.fleet[c, LENGTHS] + there * g.sites + site] if there != site else 0
    back_mwh = leg_mwh(g, first, last, per_g, 0, length, landed - sortie[LEAVES], 0)
    used = math.ceil(h.drawn[o] + back_mwh - HAIR_MWH)
    metres, most, lack, state = sortie[LENGTH] + length, g.energy[c, MOST], h.lack[0, v], FINE
    if used > most or metres > g.fleet[c, RANGE] or end > g.fleet[c, CLOSES]:
        return BROKEN, clock
    if lack + used > most:
        if h.charge[f] > 0:
            sortie[NEED] += math.ceil((lack + used - most) / h.charge[f])
        elif sortie[NEED] > 0 or lack == 0:
            return BROKEN, clock
        else:
            sortie[NEED] = 1
        state = AGAIN
    sortie[BACK], sortie[LANDED], sortie[END], sortie[LENGTH], sortie[USED], sortie[STAGE] = (
        back,
        landed,
        end,
        metres,
        used,
        2,
    )
    h.lack[0, v], h.since[0, v], h.away[0, v] = lack + used, end, 0
    return state, end


@inner_code
def _money(g, h, f, row, n, limit):  # type: ignore[no-untyped-def]
    """Return what trips, stops, metres, energy and sorties cost, and the vehicles that make these."""
    options, c, cost, site, stops, metres, away, flown, sorties = g.column.shape[0], h.carried[f], 0, -1, 0, 0, 0, 0, 0
    flown_s = 0
    for p in range(n):
        o = row[p]
        if o < 0:
            site = g.fleet[f, SITE_OF_HUB]
            away += h.out[LEAVE, p] - h.out[START, p]
            metres += h.out[METRES, p]
            cost += g.fleet[f, PER_TRIP] + h.out[ENERGY_USED, p + 1] * g.fleet[f, PER_KWH] // MWH
        elif o < options:
            stops += g.column[o, SITE] != site
            site = g.column[o, SITE]
        elif o // options == LAUNCH or o // options == EARLY_LAUNCH:
            sortie = h.sortie[o % options]
            sorties += 1
            flown += sortie[LENGTH]
            flown_s += sortie[LANDED] - sortie[TAKEOFF]
            cost += sortie[USED] * g.fleet[c, PER_KWH] // MWH
    cost += stops * (g.fleet[f, PER_STOP] - g.fleet[f, USUAL_STOP]) + away * g.fleet[f, PER_AWAY_S]
    cost += metres * (g.fleet[f, PER_METRE] - g.fleet[f, USUAL_METRE])
    cost += sorties * (g.fleet[c, PER_TRIP] + g.fleet[c, PER_STOP] - g.fleet[c, USUAL_STOP])
    cost += flown * (g.fleet[c, PER_METRE] - g.fleet[c, USUAL_METRE]) + flown_s * g.fleet[c, PER_AWAY_S]
    for v in range(limit if h.number[FREE] == 0 else 0):
        cost += h.away[1, v] * g.fleet[c, PER_VEHICLE]
    return cost
