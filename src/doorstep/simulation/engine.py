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
from doorstep.simulation.charging import charged, draw
from doorstep.simulation.course import Course
from doorstep.simulation.handing import hand_over, settle
from doorstep.simulation.hours import way_s
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
from doorstep.simulation.yard import BROKEN, GROUNDED, LATE, WAIT

if TYPE_CHECKING:
    from doorstep.simulation.chance import Luck
    from doorstep.simulation.script import Script
    from doorstep.simulation.yard import Yard


def live(script: Script, luck: Luck, yard: Yard, *, stops: bool = False) -> Course:
    """Return what happened on days; with `stops` also when that was at each stop.

    Sorties meet the chances of ways, handovers and weather.
    """
    days, orders = luck.leg.shape
    trips = script.trip_fleet.size + script.sortie_fleet.size
    out = Course(
        np.full((days, orders), np.nan),
        np.zeros((days, orders), np.int8),
        np.full((days, orders), -1, np.int8),
        np.full((days, trips, 3), np.nan),
        np.zeros((days, trips)),
        np.full((days if stops else 0, len(script.order), 3), np.nan),
    )
    _live(script, luck, yard, morning(script, yard), out)
    return out


@bare_code
def _live(script, luck, yard, state, out):  # type: ignore[no-untyped-def]
    for day in range(luck.leg.shape[0]):
        _wake(script, yard, luck, day, state)
        while True:
            v = _first(state)
            if v < 0:
                break
            _go_on(script, yard, luck, day, state, v, state.due[v], out)


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
        state.trip[v], state.onward[v] = script.route_first[v], 0.0
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
def _go_on(script, yard, luck, day, state, v, now, out):  # type: ignore[no-untyped-def]
    """Let happen what comes next of a vehicle."""
    what, trip = state.next[v], state.trip[v]
    if what in (HUB, PACK, LEAVE, HELP) or (what == STOP and state.site[v] < 0):
        ask(script, yard, state, v, now)
    elif what == HUB_GO:
        load = max(float(script.load_s[trip]), now + (0.0 if script.opens_route[trip] else script.gap_s[trip]))
        state.load[v] = load = charged(script, yard, state, v, load)
        state.next[v], state.due[v] = LOADED, load
    elif what == LOADED:
        give_back(script, yard, state, v, TURNAROUND)
        state.next[v], state.due[v] = PACK, now
        serve(script, yard, state, now)
    elif what == PACK_GO:
        state.load[v] = now
        _make_ready(script, yard, luck, day, state, v, now, out)
    elif what == LEAVE_GO:
        if now > script.depart_s[trip] and foul(yard, luck, day, script.trip_fleet[trip], now):
            give_back(script, yard, state, v, AWAY)
            serve(script, yard, state, now)
            _make_ready(script, yard, luck, day, state, v, now, out)
        elif now > script.latest_s[trip] and now > script.depart_s[trip] and not braves(yard, script.trip_fleet[trip]):
            give_back(script, yard, state, v, AWAY)
            _stay(script, yard, day, state, v, now, now, LATE, out)
        else:
            _leave_hub(script, yard, state, v)
            out.clock_s[day, trip, 0], out.clock_s[day, trip, 1] = state.load[v], now
            draw(script, yard, state, v)
            serve(script, yard, state, now)
            state.stop[v] = script.trip_first[trip]
            _set_off(script, yard, luck, day, state, v, now)
    elif what == STOOD:
        if yard.recourse[BROKEN] == WAIT:
            _befall(script, day, state.stop[v], script.trip_first[trip + 1], BROKEN, out)
            _arrive_later(script, state, v, now + yard.mended_s)
        else:
            out.clock_s[day, trip, 2] = now + yard.mended_s
            for other in range(trip, script.route_first[v + 1]):
                first = state.stop[v] if other == trip else script.trip_first[other]
                call = now if other == trip else max(now, float(script.depart_s[other]))
                for k in range(first, script.trip_first[other + 1]):
                    settle(script, yard, day, k, call, BROKEN, out)
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
            start, done = hand_over(script, yard, luck, day, state, v, now, out)
        if out.times_s.shape[0] > 0:
            out.times_s[day, k, 0], out.times_s[day, k, 1], out.times_s[day, k, 2] = now, start, done
        state.next[v], state.due[v] = DONE, done
    elif what == DONE:
        k = state.stop[v] = state.stop[v] + 1
        while k < script.trip_first[trip + 1] and script.act[k] in (LAUNCH, TAKE_IN):
            done = _handle(script, yard, luck, day, state, v, now, out)
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
        state.home[v] = out.clock_s[day, trip, 2] = now
        _next_trip(script, state, v, now)
        serve(script, yard, state, now)


@inner_code
def _make_ready(script, yard, luck, day, state, v, now, out):  # type: ignore[no-untyped-def]
    """Let a vehicle that is loaded leave when it can, or stay where that is too late."""
    trip = state.trip[v]
    ready = max(float(script.depart_s[trip]), state.load[v] + script.loading_s[trip], now)
    leave, cause = ready, LATE
    if yard.flies[script.trip_fleet[trip]]:
        leave = fair(luck, day, ready)
        cause = GROUNDED if leave > ready else LATE
    waits = cause == GROUNDED and yard.recourse[GROUNDED] == WAIT and leave < np.inf
    if leave > script.latest_s[trip] and leave > script.depart_s[trip] and not waits:
        _stay(script, yard, day, state, v, now, ready, cause, out)
    else:
        if waits:
            _befall(script, day, script.trip_first[trip], script.trip_first[trip + 1], GROUNDED, out)
        state.next[v], state.due[v] = LEAVE, leave


@inner_code
def _befall(script, day, first, last, cause, out):  # type: ignore[no-untyped-def]
    """Take note of what befell the orders of some stops, that come for all that."""
    for k in range(first, last):
        out.cause[day, script.order[k]] = cause


@inner_code
def _stay(script, yard, day, state, v, now, call, cause, out):  # type: ignore[no-untyped-def]
    """Let a trip stay at the hub, and go on to the next."""
    trip = state.trip[v]
    for k in range(script.trip_first[trip], script.trip_first[trip + 1]):
        settle(script, yard, day, k, call, cause, out)
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
    if homeward:
        rest, planned, metres = script.back_rest_s[trip], script.back_s[trip], script.back_m[trip]
    else:
        rest, planned, metres = script.rest_s[k], script.leg_s[k], script.leg_m[k]
    if told:
        way, metres = rest + float(planned), 0
    else:
        factor = luck.traffic[day, hour(now)] if yard.in_traffic[fleet] else 1.0
        if not homeward:
            factor *= luck.leg[day, order]
        way = rest + (way_s(script, yard, k, trip, now, homeward) + state.onward[v]) * factor
    state.onward[v] = 0.0
    side = 1 if homeward else 0
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
def _handle(script, yard, luck, day, state, v, now, out):  # type: ignore[no-untyped-def]
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
        out.clock_s[day, row, 2] = landed
        return landed + script.task_s[k]
    if foul(yard, luck, day, script.sortie_fleet[who], now):
        settle(script, yard, day, k, now, GROUNDED, out)
        return now
    out.clock_s[day, row, 0], out.clock_s[day, row, 1] = now, now + script.task_s[k]
    arrived = now + script.task_s[k] + script.leg_s[k] * luck.leg[day, order]
    _, state.left[who] = hand_over(script, yard, luck, day, state, v, arrived, out)
    return now + script.task_s[k]


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
