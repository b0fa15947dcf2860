"""Handing: what becomes of an order when its vehicle is there, and where it does not get there, compiled."""

from __future__ import annotations

import math

from doorstep.handover import Handover
from doorstep.network.compiled import inner_code
from doorstep.simulation.aside import BANK, CLOSES, GIVEN, METRES, ONWARD, OPENS, SERVICE, WAY
from doorstep.simulation.script import COME, KINDS, TAKE_IN
from doorstep.simulation.yard import COURIER, FULL, LATE, LOCKER, MISSED, NEIGHBOUR, TOMORROW, WAIT

DOOR = KINDS.index(Handover.DOOR)


@inner_code
def hand_over(script, yard, luck, day, state, v, now, out):  # type: ignore[no-untyped-def]
    """Hand one order over, or not; return when the vehicle began that, and when it is done with it."""
    k = state.stop[v]
    order, bank = script.order[k], script.bank[k]
    start = max(now + script.setup_s[k], float(script.floor_s[k]))
    if start > script.close_s[k]:
        settle(script, yard, day, k, now, LATE, out)
        return now, now
    if bank >= 0 and not script.happened[k] and not _has_room(state, bank, script.rank[k]):
        settle(script, yard, day, k, start, FULL, out)
        return start, start
    done = start + script.handover_s[k] * (1.0 if script.happened[k] else luck.handover[day, order])
    if luck.absent[day, order] < yard.nobody[script.kind[k]]:
        if script.happened[k]:
            _went_aside(script, yard, luck, day, state, v, done, out)
        else:
            return _nobody_there(script, yard, luck, day, state, v, start, done, out)
    if bank >= 0:
        _take_room(state, bank, script.rank[k])
    out.handed_s[day, order] = done
    return start, done


@inner_code
def _has_room(state, bank, rank):  # type: ignore[no-untyped-def]
    """Tell whether a locker has a compartment for a parcel of a size."""
    for size in range(rank + 1):
        if state.room[bank, size] <= 0:
            return False
    return True


@inner_code
def _take_room(state, bank, rank):  # type: ignore[no-untyped-def]
    """Put a parcel of a size into a locker."""
    for size in range(rank + 1):
        state.room[bank, size] -= 1


@inner_code
def _nobody_there(script, yard, luck, day, state, v, start, done, out):  # type: ignore[no-untyped-def]
    """Let a neighbour have it, or do what the rule is; return when that began, and when the vehicle is done with it."""
    k = state.stop[v]
    order = script.order[k]
    if _asks_neighbour(script, yard, luck, day, k):
        done += yard.neighbour_s
        out.fate[day, order] = NEIGHBOUR
    elif yard.recourse[MISSED] == LOCKER and _fits_aside(script, state, k, done):
        done = _put_aside(script, day, state, v, done, out)
        out.fate[day, order] = LOCKER
    elif yard.recourse[MISSED] == WAIT:
        done += yard.patience_s
    else:
        settle(script, yard, day, k, done, MISSED, out)
        return start, done
    out.cause[day, order] = MISSED
    out.handed_s[day, order] = done
    return start, done


@inner_code
def _asks_neighbour(script, yard, luck, day, k):  # type: ignore[no-untyped-def]
    """Tell whether a neighbour takes in what nobody at a door is there for."""
    mine = script.kind[k] == DOOR and script.aside[k, GIVEN] == 1
    return mine and luck.neighbour[day, script.order[k]] < yard.neighbour


@inner_code
def _fits_aside(script, state, k, now):  # type: ignore[no-untyped-def]
    """Tell whether a parcel that is left can be put into the locker aside."""
    bank, begin = script.aside[k, BANK], now + script.aside[k, WAY]
    if bank < 0 or begin < script.aside[k, OPENS] or begin > script.aside[k, CLOSES]:
        return False
    return _has_room(state, bank, script.rank[k])


@inner_code
def _put_aside(script, day, state, v, now, out):  # type: ignore[no-untyped-def]
    """Take a parcel to the locker aside; return when it lies there."""
    k = state.stop[v]
    _take_room(state, script.aside[k, BANK], script.rank[k])
    state.onward[v] = script.aside[k, ONWARD]
    out.aside_m[day, state.trip[v]] += script.aside[k, METRES]
    return now + script.aside[k, WAY] + script.aside[k, SERVICE]


@inner_code
def _went_aside(script, yard, luck, day, state, v, done, out):  # type: ignore[no-untyped-def]
    """Let a locker be as a parcel has made it that was taken there, as is told; so is when the vehicle was done."""
    k = state.stop[v]
    left = done - script.aside[k, WAY] - script.aside[k, SERVICE]
    aside = yard.recourse[MISSED] == LOCKER and not _asks_neighbour(script, yard, luck, day, k)
    if aside and _fits_aside(script, state, k, left):
        _put_aside(script, day, state, v, left, out)


@inner_code
def settle(script, yard, day, k, now, cause, out):  # type: ignore[no-untyped-def]
    """Settle what becomes of an order that its vehicle does not hand over; who cannot be waited for comes tomorrow."""
    if script.act[k] in (COME, TAKE_IN):
        return
    order = script.order[k]
    out.fate[day, order], out.cause[day, order] = TOMORROW, cause
    if yard.recourse[cause] == COURIER and yard.courier_s[order] < math.inf:
        out.fate[day, order] = COURIER
        out.handed_s[day, order] = now + yard.courier_s[order]
