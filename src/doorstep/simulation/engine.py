"""Engine: days lived through by a plan, event by event, compiled.

Every vehicle does what the plan says in its sequence, each thing once what comes before is done and what it shares is
free. It does nothing sooner than planned that the plan makes it wait for, and what takes longer makes the rest late. So
without chance every day is the plan to the second.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import bare_code, inner_code
from doorstep.simulation.chance import HOURS
from doorstep.simulation.queues import (
    AWAY,
    DONE,
    HELP,
    HELP_GO,
    HELPED,
    HOME,
    HUB,
    HUB_GO,
    LEAVE,
    LEAVE_GO,
    LOADED,
    LOADING,
    PACK,
    PACK_GO,
    PACKING,
    STOOD,
    STOP,
    STOP_GO,
    TURNAROUND,
    ask,
    give_back,
    morning,
    serve,
)  # fmt: skip
from doorstep.simulation.script import COME, LAUNCH, TAKE_IN
from doorstep.simulation.weather import braves, fair, foul, hour
from doorstep.simulation.yard import BROKEN, COURIER, FULL, GROUNDED, LATE, MISSED, TOMORROW, WAIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.simulation.chance import Luck
    from doorstep.simulation.script import Script
    from doorstep.simulation.yard import Yard

    Real = NDArray[np.float64]

HAIR = 1.0
"""Milliwatt-hours or seconds that are no reason to wait."""


def live(script: Script, luck: Luck, yard: Yard, times: Real | None = None) -> tuple[Real, NDArray[np.int8], Real]:
    """Return when orders were handed over [days, orders] (NaN: never), what became of them, and the trips.

    What became of an order is one of WAIT, COURIER and TOMORROW. Trips [days, trips, 3] are when loading began, when
    they left and were back; NaN where they did not go. Sorties are trips too, after those of vehicles; they meet the
    chances of ways, handovers and weather. Into `times` [days, stops, 3], if given, is written when they
    arrived, began and were done at stops.
    """
    days, orders = luck.leg.shape
    handed = np.full((days, orders), np.nan)
    fate = np.zeros((days, orders), np.int8)
    clocks = np.full((days, script.trip_fleet.size + script.sortie_fleet.size, 3), np.nan)
    stops = np.full((0, 0, 3), np.nan) if times is None else times
    _live(script, luck, yard, morning(script, yard), handed, fate, clocks, stops)
    return handed, fate, clocks


@bare_code
def _live(script, luck, yard, state, handed, fate, clocks, times):  # type: ignore[no-untyped-def]
    for day in range(handed.shape[0]):
        _wake(script, yard, luck, day, state)
        while True:
            v = _first(state)
            if v < 0:
                break
            _go_on(script, yard, luck, day, state, v, state.due[v], handed, fate, clocks, times)


@inner_code
def _wake(script, yard, luck, day, state):  # type: ignore[no-untyped-def]
    """Let things stand as they do before anything happens on a day."""
    for bank in range(state.room.shape[0]):
        for size in range(state.room.shape[1]):
            held = yard.bank_held[bank, size]
            more = math.floor(held * luck.held[day, bank] + 0.5) - held
            state.room[bank, size] = max(0, yard.bank_room[bank, size] - more)
    for thing in range(state.used.size):
        state.used[thing] = 0
    for site in range(state.places.size):
        state.places[site] = 0
    for sortie in range(state.left.size):
        state.left[sortie] = np.nan
    state.helping[0] = state.waiting[0] = 0
    for v in range(state.trip.size):
        state.trip[v] = script.route_first[v]
        state.next[v], state.due[v], state.since[v] = HUB, script.load_s[state.trip[v]], np.inf
        state.home[v], state.site[v], state.battery[v, 0] = -np.inf, -1, 0.0
        state.battery[v, 1] = state.battery[v, 2] = -np.inf


@inner_code
def _first(state):  # type: ignore[no-untyped-def]
    """Return the vehicle of which something comes first, -1 where nothing comes any more."""
    best = -1
    for v in range(state.due.size):
        due = state.due[v]
        if due < np.inf and (
            best < 0 or due < state.due[best] or (due == state.due[best] and state.next[v] < state.next[best])
        ):
            best = v
    return best


@inner_code
def _go_on(script, yard, luck, day, state, v, now, handed, fate, clocks, times):  # type: ignore[no-untyped-def]
    """Let happen what comes next of a vehicle."""
    what, trip = state.next[v], state.trip[v]
    if what in (HUB, PACK, LEAVE, HELP) or (what == STOP and state.site[v] < 0):
        ask(script, yard, state, v, now)
    elif what == HUB_GO:
        load = max(float(script.load_s[trip]), now + (0.0 if script.opens_route[trip] else script.gap_s[trip]))
        state.load[v] = load = _charged(script, yard, state, v, load)
        state.next[v], state.due[v] = LOADED, load
    elif what == LOADED:
        give_back(script, yard, state, v, TURNAROUND)
        state.next[v], state.due[v] = PACK, now
        serve(script, yard, state, now)
    elif what == PACK_GO:
        state.load[v] = now
        _make_ready(script, yard, luck, day, state, v, now, handed, fate)
    elif what == LEAVE_GO:
        if now > script.depart_s[trip] and foul(yard, luck, day, script.trip_fleet[trip], now):
            give_back(script, yard, state, v, AWAY)
            serve(script, yard, state, now)
            _make_ready(script, yard, luck, day, state, v, now, handed, fate)
        elif now > script.latest_s[trip] and now > script.depart_s[trip] and not braves(yard, script.trip_fleet[trip]):
            give_back(script, yard, state, v, AWAY)
            _stay(script, yard, day, state, v, now, now, LATE, handed, fate)
        else:
            _leave_hub(script, yard, state, v)
            clocks[day, trip, 0], clocks[day, trip, 1] = state.load[v], now
            _draw(script, yard, state, v)
            serve(script, yard, state, now)
            state.stop[v] = script.trip_first[trip]
            _set_off(script, yard, luck, day, state, v, now)
    elif what == STOOD:
        if yard.recourse[BROKEN] == WAIT:
            _arrive_later(script, state, v, now + yard.mended_s)
        else:
            clocks[day, trip, 2] = now + yard.mended_s
            for other in range(trip, script.route_first[v + 1]):
                first = state.stop[v] if other == trip else script.trip_first[other]
                call = now if other == trip else max(now, float(script.depart_s[other]))
                for k in range(first, script.trip_first[other + 1]):
                    _settle(script, yard, day, k, call, BROKEN, handed, fate)
            give_back(script, yard, state, v, AWAY)
            state.due[v] = np.inf
            serve(script, yard, state, now)
    elif what == HELP_GO:
        state.next[v], state.due[v] = HELPED, now + state.calls[v] * yard.stopped_s
    elif what == HELPED:
        state.helping[0] -= 1
        _arrive_later(script, state, v, now)
        serve(script, yard, state, now)
    elif what in (STOP, STOP_GO):
        k = state.stop[v]
        state.site[v] = script.site[k]
        if script.act[k] == COME:
            start = done = now + script.setup_s[k]
        else:
            start, done = _hand_over(script, yard, luck, day, state, v, now, handed, fate)
        if times.shape[0] > 0:
            times[day, k, 0], times[day, k, 1], times[day, k, 2] = now, start, done
        state.next[v], state.due[v] = DONE, done
    elif what == DONE:
        k = state.stop[v] = state.stop[v] + 1
        while k < script.trip_first[trip + 1] and script.act[k] in (LAUNCH, TAKE_IN):
            done = _handle(script, yard, luck, day, state, v, now, handed, fate, clocks)
            if done > now:
                state.due[v] = done
                return
            k = state.stop[v] = state.stop[v] + 1
        if k == script.trip_first[trip + 1] or script.site[k] != state.site[v]:
            state.places[state.site[v]] -= 1
            state.site[v] = -1
            serve(script, yard, state, now)
        _set_off(script, yard, luck, day, state, v, now)
    else:
        give_back(script, yard, state, v, AWAY)
        state.home[v] = clocks[day, trip, 2] = now
        _next_trip(script, state, v, now)
        serve(script, yard, state, now)


@inner_code
def _make_ready(script, yard, luck, day, state, v, now, handed, fate):  # type: ignore[no-untyped-def]
    """Let a vehicle that is loaded leave when it can, or stay where that is too late."""
    trip = state.trip[v]
    ready = max(float(script.depart_s[trip]), state.load[v] + script.loading_s[trip], now)
    leave, cause = ready, LATE
    if yard.flies[script.trip_fleet[trip]]:
        leave = fair(luck, day, ready)
        cause = GROUNDED if leave > ready else LATE
    waits = cause == GROUNDED and yard.recourse[GROUNDED] == WAIT and leave < np.inf
    if leave > script.latest_s[trip] and leave > script.depart_s[trip] and not waits:
        _stay(script, yard, day, state, v, now, ready, cause, handed, fate)
    else:
        state.next[v], state.due[v] = LEAVE, leave


@inner_code
def _stay(script, yard, day, state, v, now, call, cause, handed, fate):  # type: ignore[no-untyped-def]
    """Let a trip stay at the hub, and go on to the next."""
    trip = state.trip[v]
    for k in range(script.trip_first[trip], script.trip_first[trip + 1]):
        _settle(script, yard, day, k, call, cause, handed, fate)
    _leave_hub(script, yard, state, v)
    if script.opens_route[trip]:
        state.home[v] = state.load[v]
    _next_trip(script, state, v, now)
    serve(script, yard, state, now)


@inner_code
def _leave_hub(script, yard, state, v):  # type: ignore[no-untyped-def]
    """Give back what a vehicle holds until it leaves the hub."""
    give_back(script, yard, state, v, LOADING)
    give_back(script, yard, state, v, PACKING)


@inner_code
def _next_trip(script, state, v, now):  # type: ignore[no-untyped-def]
    """Let a vehicle want to be loaded for its next trip."""
    state.trip[v] += 1
    trip = state.trip[v]
    state.next[v], state.due[v] = HUB, np.inf
    if trip < script.route_first[v + 1]:
        state.due[v] = max(state.home[v], float(script.load_s[trip] - script.gap_s[trip]), now)


@inner_code
def _set_off(script, yard, luck, day, state, v, now):  # type: ignore[no-untyped-def]
    """Let a vehicle go to its next stop or home; it may break down or ask for help half way."""
    trip, k = state.trip[v], state.stop[v]
    fleet, homeward = script.trip_fleet[trip], k == script.trip_first[trip + 1]
    order = script.order[k] if not homeward else script.order[k - 1] if k > 0 else 0
    told = script.back_happened[trip] if homeward else script.happened[k]
    factor = luck.traffic[day, hour(now)] if yard.in_traffic[fleet] and not told else 1.0
    if homeward:
        way, metres = script.back_rest_s[trip] + script.back_s[trip] * factor, script.back_m[trip]
    else:
        factor *= 1.0 if told else luck.leg[day, order]
        way, metres = script.rest_s[k] + script.leg_s[k] * factor, script.leg_m[k]
    side, metres = 1 if homeward else 0, 0 if told else metres
    state.calls[v] = _times(yard.stopped_per_m[fleet] * metres, luck.stopped[day, order, side])
    if luck.broken[day, order, side] < 1 - math.exp(-yard.broken_per_m[fleet] * metres):
        state.next[v] = STOOD
    elif state.calls[v] > 0:
        state.next[v] = HELP
    else:
        state.next[v], state.due[v] = HOME if homeward else STOP, now + way
        return
    state.rest[v], state.due[v] = way / 2, now + way / 2


@inner_code
def _arrive_later(script, state, v, now):  # type: ignore[no-untyped-def]
    """Let a vehicle do the rest of a leg that was broken off."""
    homeward = state.stop[v] == script.trip_first[state.trip[v] + 1]
    state.next[v], state.due[v] = HOME if homeward else STOP, now + state.rest[v]


@inner_code
def _handle(script, yard, luck, day, state, v, now, handed, fate, clocks):  # type: ignore[no-untyped-def]
    """Launch a vehicle that is carried, or take it in; return when the crew is done with that.

    One that cannot fly then stays aboard, and its parcel too.
    """
    k = state.stop[v]
    order, who = script.order[k], script.sortie[k]
    row = script.trip_fleet.size + who
    if script.act[k] == TAKE_IN:
        if not np.isfinite(state.left[who]):
            return now
        landed = max(now, state.left[who] + script.leg_s[k] * luck.leg[day, order])
        clocks[day, row, 2] = landed
        return landed + script.task_s[k]
    if foul(yard, luck, day, script.sortie_fleet[who], now):
        _settle(script, yard, day, k, now, GROUNDED, handed, fate)
        return now
    clocks[day, row, 0], clocks[day, row, 1] = now, now + script.task_s[k]
    arrived = now + script.task_s[k] + script.leg_s[k] * luck.leg[day, order]
    _, state.left[who] = _hand_over(script, yard, luck, day, state, v, arrived, handed, fate)
    return now + script.task_s[k]


@inner_code
def _hand_over(script, yard, luck, day, state, v, now, handed, fate):  # type: ignore[no-untyped-def]
    """Hand one order over, or not; return when the vehicle began that, and when it is done with it."""
    k = state.stop[v]
    order, bank = script.order[k], script.bank[k]
    start = max(now + script.setup_s[k], float(script.floor_s[k]))
    if start > script.close_s[k]:
        _settle(script, yard, day, k, now, LATE, handed, fate)
        return now, now
    if bank >= 0 and not script.happened[k]:
        for size in range(script.rank[k] + 1):
            if state.room[bank, size] <= 0:
                _settle(script, yard, day, k, start, FULL, handed, fate)
                return start, start
    done = start + script.handover_s[k] * (1.0 if script.happened[k] else luck.handover[day, order])
    if luck.absent[day, order] < yard.missed[script.kind[k]] and not script.happened[k]:
        if yard.recourse[MISSED] != WAIT:
            _settle(script, yard, day, k, done, MISSED, handed, fate)
            return start, done
        done += yard.patience_s
    if bank >= 0:
        for size in range(script.rank[k] + 1):
            state.room[bank, size] -= 1
    handed[day, order] = done
    return start, done


@inner_code
def _settle(script, yard, day, k, now, cause, handed, fate):  # type: ignore[no-untyped-def]
    """Settle what becomes of an order that its vehicle does not hand over; who cannot be waited for comes tomorrow."""
    if script.act[k] in (COME, TAKE_IN):
        return
    order = script.order[k]
    fate[day, order] = TOMORROW
    if yard.recourse[cause] == COURIER and yard.courier_s[order] < np.inf:
        fate[day, order] = COURIER
        handed[day, order] = now + yard.courier_s[order]


@inner_code
def _charged(script, yard, state, v, load):  # type: ignore[no-untyped-def]
    """Return when a vehicle has the energy for its trip that could be loaded at a time, at that time or later."""
    trip = state.trip[v]
    fleet, used, lacks = script.trip_fleet[trip], script.used_mwh[trip], state.battery[v, 0]
    rate = yard.refill_mwh_per_s[fleet]
    if rate <= 0 or script.opens_route[trip] or script.load_happened[trip]:
        return load
    if yard.spares[fleet] == 0:
        due = state.home[v] + yard.turnaround_s[fleet]
        over = max(0.0, lacks - rate * max(0.0, load - due)) + used - yard.battery_mwh[fleet]
        return load + over / rate if over > HAIR else load
    wanted = state.battery[v, 1] if yard.spares[fleet] == 1 else state.battery[v, 2]
    return wanted if lacks + used > yard.battery_mwh[fleet] + HAIR and wanted > load + HAIR else load


@inner_code
def _draw(script, yard, state, v):  # type: ignore[no-untyped-def]
    """Take from a vehicle's battery what its trip uses, after what was put back before."""
    trip = state.trip[v]
    fleet, used, lacks = script.trip_fleet[trip], script.used_mwh[trip], state.battery[v, 0]
    rate = yard.refill_mwh_per_s[fleet]
    if rate <= 0:
        return
    if yard.spares[fleet] == 0:
        due = state.home[v] + yard.turnaround_s[fleet]
        state.battery[v, 0] = max(0.0, lacks - rate * max(0.0, state.load[v] - due)) + used
    elif lacks + used <= yard.battery_mwh[fleet] + HAIR:
        state.battery[v, 0] = lacks + used
    else:
        state.battery[v, 2] = state.battery[v, 1]
        state.battery[v, 1] = state.load[v] + lacks / rate
        state.battery[v, 0] = used


@inner_code
def _times(mean, chance):  # type: ignore[no-untyped-def]
    """Return how often something happens that does so `mean` times on the whole, by Poisson's law."""
    below = term = math.exp(-mean)
    n = 0
    while 1.0 - chance > below and n < HOURS:
        n += 1
        term *= mean / n
        below += term
    return n
