"""Queues: who waits for what while a day goes on, compiled.

A vehicle that wants something waits until all of it is free and nobody who came before it waits for any of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import inner_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.simulation.script import Script
    from doorstep.simulation.yard import Yard

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]

HUB_GO, PACK_GO, LEAVE_GO, STOP_GO, HELP_GO, LOADED, HOME, STOOD, DONE, HELPED, HELP, LEAVE, STOP, HUB, PACK = range(15)
"""What comes next of a vehicle. At one moment those that have what they waited for come first, then those that give
something back, then those that want something."""
LOADING, TURNAROUND, AWAY, PACKING = range(4)
"""Stages at which things are taken up, as in `problem.Stage`."""


class State(NamedTuple):
    """How things stand at one moment of a day; [vehicles] unless it says otherwise."""

    trip: Whole
    stop: Whole
    next: Whole
    """What comes next of it."""
    due: Real
    """When that comes; infinite while it waits, and when it is done."""
    since: Real
    """When it began to wait; infinite while it does not."""
    home: Real
    """When it was back last."""
    site: Whole
    """Where it stands, -1 on the way."""
    rest: Real
    """What is left of a leg that was broken off."""
    onward: Real
    """How much longer its next leg is from a locker aside than from its last stop."""
    calls: Whole
    """How often it asks for help on a leg."""
    load: Real
    """When it was loaded last."""
    battery: Real
    """[vehicles, 3] drawn and not put back, when the battery taken out last is full, and the one before."""
    room: Whole
    """[lockers, sizes] compartments left."""
    used: Whole
    """[things]"""
    places: Whole
    """[sites] vehicles there."""
    helping: Whole
    """[1] people who look at a vehicle."""
    waiting: Whole
    """[1] vehicles that wait for something."""
    left: Real
    """[sorties] when the vehicle that is carried leaves its customer; NaN where it was not launched."""


def morning(script: Script, yard: Yard) -> State:
    """Return room for how things stand, to be filled in for each day."""
    n = script.route_first.size - 1
    whole, real = np.zeros((5, n), np.int64), np.zeros((6, n))
    trip, stop, then, site, calls = whole
    due, since, home, rest, load, onward = real
    room, used = yard.bank_room.copy(), np.zeros(yard.room.size, np.int64)
    places, (helping, waiting) = np.zeros(yard.place_room.size, np.int64), np.zeros((2, 1), np.int64)
    battery = np.zeros((n, 3))
    return State(
        *(trip, stop, then, due, since, home, site, rest, onward),
        *(calls, load, battery, room, used, places, helping, waiting),
        left=np.full(script.sortie_fleet.size, np.nan),
    )


@inner_code
def ask(script, yard, state, v, now):  # type: ignore[no-untyped-def]
    """Let a vehicle have what it wants next, or wait for it."""
    if state.waiting[0] == 0 and _free(script, yard, state, v):
        _take(script, yard, state, v, now)
        return
    state.since[v], state.due[v] = now, np.inf
    state.waiting[0] += 1
    serve(script, yard, state, now)


@inner_code
def serve(script, yard, state, now):  # type: ignore[no-untyped-def]
    """Let those that wait have what has become free, in the order in which they came."""
    if state.waiting[0] == 0:
        return
    since, v = -np.inf, -1
    while True:
        after, last = since, v
        v = -1
        for other in range(state.since.size):
            came = state.since[other]
            if came < np.inf and (came > after or (came == after and other > last)) and (v < 0 or came < since):
                v, since = other, came
        if v < 0:
            return
        blocked = False
        for other in range(state.since.size):
            if state.since[other] < since or (state.since[other] == since and other < v):
                blocked = blocked or _rivals(script, yard, state, other, v)
        if not blocked and _free(script, yard, state, v):
            state.since[v] = np.inf
            state.waiting[0] -= 1
            _take(script, yard, state, v, now)


@inner_code
def give_back(script, yard, state, v, stage):  # type: ignore[no-untyped-def]
    """Give back what a vehicle holds of what is taken up at a stage."""
    fleet = script.trip_fleet[state.trip[v]]
    for thing in range(yard.room.size):
        if yard.stage[thing] == stage:
            state.used[thing] -= yard.takes[thing, fleet]


@inner_code
def _wants(script, yard, state, v, thing):  # type: ignore[no-untyped-def]
    """Return how much of a thing a vehicle wants for what comes next."""
    what, stage = state.next[v], yard.stage[thing]
    hub = stage in (LOADING, TURNAROUND)
    if (what == LEAVE and stage == AWAY) or (what == PACK and stage == PACKING) or (what == HUB and hub):
        return yard.takes[thing, script.trip_fleet[state.trip[v]]]
    return 0


@inner_code
def _free(script, yard, state, v):  # type: ignore[no-untyped-def]
    """Tell whether all that a vehicle wants is free."""
    what = state.next[v]
    if what == STOP:
        site = script.site[state.stop[v]]
        return state.places[site] < yard.place_room[site]
    if what == HELP:
        return state.helping[0] < yard.people
    for thing in range(yard.room.size):
        much = _wants(script, yard, state, v, thing)
        if much > 0 and state.used[thing] + much > yard.room[thing]:
            return False
    return True


@inner_code
def _take(script, yard, state, v, now):  # type: ignore[no-untyped-def]
    """Give a vehicle what it wants, and let it go on at once."""
    what = state.next[v]
    if what == STOP:
        state.places[script.site[state.stop[v]]] += 1
        state.next[v] = STOP_GO
    elif what == HELP:
        state.helping[0] += 1
        state.next[v] = HELP_GO
    else:
        for thing in range(yard.room.size):
            state.used[thing] += _wants(script, yard, state, v, thing)
        state.next[v] = HUB_GO if what == HUB else PACK_GO if what == PACK else LEAVE_GO
    state.due[v] = now


@inner_code
def _rivals(script, yard, state, one, other):  # type: ignore[no-untyped-def]
    """Tell whether two vehicles that wait want the same."""
    what = state.next[one]
    if what in (STOP, HELP):
        same = state.next[other] == what
        return same and (what == HELP or script.site[state.stop[one]] == script.site[state.stop[other]])
    for thing in range(yard.room.size):
        if _wants(script, yard, state, one, thing) > 0 and _wants(script, yard, state, other, thing) > 0:
            return True
    return False
