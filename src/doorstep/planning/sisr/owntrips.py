"""Own trips: one more trip of a vehicle in use, for one order only."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.sisr.dice import until_hit
from doorstep.planning.clock.layout import (
    AFTER, BLINK, DUTY, EXACT, FIRST, IN_USE, KIND, LONGEST, MOST_TRIPS, NEXT, PD, PE, PL, SD, SE,
    SL, SWAP, TD, TRIPS,
)  # fmt: skip
from doorstep.planning.sisr.lateness import later_own
from doorstep.planning.sisr.shortlist import TRIP_OF_ITS_OWN, list_place
from doorstep.planning.clock.stretch import join
from doorstep.planning.clock.wages import duty_pay


@inner_code
def own_trip(g, s, f, c, most, extra):  # type: ignore[no-untyped-def]
    """Return (added cost, vehicle, trip after it or -1) of the cheapest trip of its own in a vehicle in use.

    Where only whole routes tell the cost, places are listed, with what opening a locker costs (`extra`).
    """
    trip, fleet, vehicle = s.trip, g.fleet, s.vehicle
    best, best_vehicle, best_after = most, -1, -1
    d, e, late = g.alone_stretch[f, c, 0], g.alone_stretch[f, c, 1], g.alone_stretch[f, c, 2]
    swap, base = fleet[f, SWAP], g.alone_way[f, c]
    if base >= best and not fleet[f, EXACT]:
        return best, -1, -1
    for k in range(s.counter[IN_USE]):
        v = s.in_use[k]
        if vehicle[v, KIND] != f or vehicle[v, TRIPS] >= fleet[f, MOST_TRIPS]:
            continue
        after = vehicle[v, FIRST]
        pd, pe, pl, before = 0, -(1 << 40), 1 << 40, -1
        while True:
            if after >= 0:
                pd, pe, pl = trip[after, PD], trip[after, PE], trip[after, PL]
            elif before >= 0:
                pd, pe, pl = join(
                    trip[before, PD], trip[before, PE], trip[before, PL],
                    trip[before, TD] + swap, trip[before, TD + 1], trip[before, TD + 2],
                )  # fmt: skip
            if pe + pd > late:
                break
            nd, ne, nl = join(pd, pe, pl, d, e, late)
            s.counter[BLINK] -= 1
            fine = s.counter[BLINK] > 0
            if not fine:
                s.counter[BLINK] = until_hit(s.dice, g.blinks)
            if after >= 0:
                nd += swap
                sd, se, sl = join(
                    trip[after, TD] + swap * (trip[after, AFTER] >= 0), trip[after, TD + 1], trip[after, TD + 2],
                    trip[after, SD], trip[after, SE], trip[after, SL],
                )  # fmt: skip
                fine = fine and ne + nd <= sl
                nd, ne, nl = join(nd, ne, nl, sd, se, sl)
            if fine and nd <= fleet[f, LONGEST]:
                cost = base + duty_pay(g, f, nd) - duty_pay(g, f, vehicle[v, DUTY])
                if cost < best and fleet[f, EXACT]:
                    cost += later_own(g, s, f, before, after, c)
                if cost < best and not (after >= 0 and g.still[s.node[g.column.shape[0] + after, NEXT]]):
                    if fleet[f, EXACT]:
                        most = list_place(g, s, cost + extra, c, TRIP_OF_ITS_OWN, v, v, after, extra)
                        best = min(best, most - extra)
                    else:
                        best, best_vehicle, best_after = cost, v, after
            if after < 0:
                break
            before, after = after, trip[after, AFTER]
    return best, best_vehicle, best_after
