"""Strings: what is taken out of a plan in one step, stretches of neighbouring trips.

Slack induction by string removals (Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.network.compiled import inner_code
from doorstep.planning.problem import DROP
from doorstep.planning.sisr.dice import pick, share
from doorstep.planning.sisr.garage import drop_trip
from doorstep.planning.clock.layout import (
    AFTER, COUNT, CUT, FIRST, FLEET, FREE_TRIPS, HERE_NEXT, KIND, LAST, LENGTHS, NEXT, ORDER, PER_METRE, PER_STOP, PREV,
    SERVED, SITE, STEP, TRIP, TRIPS, VEHICLE,
)  # fmt: skip
from doorstep.planning.sisr.route import unlink
from doorstep.planning.sisr.rows import touch
from doorstep.planning.sisr.sums import resum, retime

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OUT, LONGEST_STRING, SPLIT, DEEPER, WHOLE, OPENING, LURE = range(7)
"""Knobs: orders out on average, longest string, share of split strings, chance that what they keep grows by one more
order, share of steps that empty a whole trip; share of steps in which the first new vehicle is held to cost a random
part only, since no single order pays for one that several will fill; what a trip more is worth when a plan is kept or
undone, in temperatures: there are so many more plans of few trips that a hot search would hardly meet others."""


def lured(knobs: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Return knobs as they are at a share of the search: the lure of more trips falls to nothing."""
    now = knobs.copy()
    now[LURE] *= max(0.0, 1 - share)
    return now


@inner_code
def cut_strings(g, s, seed, knobs, whole):  # type: ignore[no-untyped-def]
    """Take strings out of the trips near an order, or all that its vehicle does where that is wanted and not too much.

    Return how many orders are out, listed in `s.out`.
    """
    served, trips = s.counter[SERVED], s.free_trips.size - s.counter[FREE_TRIPS]
    out = 0
    if trips == 0:
        return out
    c = s.chosen[seed]
    if whole and c >= 0 and _orders_of(s, s.trip[s.node[c, TRIP], VEHICLE]) <= 2 * knobs[LONGEST_STRING]:
        return _empty_vehicle(g, s, s.trip[s.node[c, TRIP], VEHICLE], out)
    if share(s.dice) < knobs[WHOLE] and c >= 0 and s.trip[s.node[c, TRIP], COUNT] <= 2 * knobs[LONGEST_STRING]:
        t = s.node[c, TRIP]
        touch(g, s, s.trip[t, VEHICLE])
        return _empty_trip(g, s, t, out)
    longest = min(knobs[LONGEST_STRING], served / trips)
    strings = int(1 + share(s.dice) * (4 * knobs[OUT] / (1 + longest) - 1))
    site = g.column[c if c >= 0 else g.option[g.first[seed]], SITE]
    for k in range(g.near.shape[1]):
        other = g.near[site, k]
        if other < 0 or strings <= 0:
            break
        x = s.here[other]
        while x >= 0 and strings > 0:
            t, after = s.node[x, TRIP], s.node[x, HERE_NEXT]
            if s.trip[t, CUT] != s.counter[STEP]:
                s.trip[t, CUT] = s.counter[STEP]
                strings -= 1
                most = min(longest, s.trip[t, COUNT])
                out = _cut(g, s, x, t, int(1 + share(s.dice) * most), out, knobs)
                # What was next here may have gone with the string.
                if after >= 0 and s.node[after, TRIP] < 0:
                    after = s.here[other]
            x = after
    return out


@inner_code
def _cut(g, s, x, t, length, out, knobs):  # type: ignore[no-untyped-def]
    """Take a string that holds a node out of its trip, now and then leaving some orders in its middle."""
    node, dice = s.node, s.dice
    touch(g, s, s.trip[t, VEHICLE])
    hubs = g.column.shape[0]
    kept = 0
    if length > 1 and length < s.trip[t, COUNT] and share(dice) < knobs[SPLIT]:
        kept = 1
        while length + kept < s.trip[t, COUNT] and share(dice) < knobs[DEEPER]:
            kept += 1
    span = length + kept
    back, p = 0, x
    while back < span - 1 and node[p, PREV] < hubs:
        p = node[p, PREV]
        back += 1
    ahead, p = 0, x
    while ahead < span - 1 and node[p, NEXT] < hubs:
        p = node[p, NEXT]
        ahead += 1
    least = max(0, span - 1 - ahead)
    start = least + pick(dice, back - least + 1)
    p = x
    for _ in range(start):
        p = node[p, PREV]
    skip_from = 1 + pick(dice, length - 1) if kept > 0 else span
    for k in range(span):
        after = node[p, NEXT]
        if (k < skip_from or k >= skip_from + kept) and not g.still[p]:
            mate = g.mate[p]
            if mate >= 0:
                after = node[mate, NEXT] if after == mate else after
                unlink(g, s, mate)
            unlink(g, s, p)
            s.out[out] = node[p, ORDER]
            out += 1
        p = after
        if p >= hubs:
            break
    return _mend(g, s, t, out)


@inner_code
def _mend(g, s, t, out):  # type: ignore[no-untyped-def]
    """Time a trip anew after orders have left it; one that has lost all of them, or its feasibility, is dropped."""
    hub, v = g.column.shape[0] + t, s.trip[t, VEHICLE]
    if s.node[hub, NEXT] == hub:
        v = drop_trip(g, s, t)
    elif not retime(g, s, t):
        return _empty_trip(g, s, t, out)
    if v >= 0 and not resum(g, s, v):
        return _empty_vehicle(g, s, v, out)
    return out


@inner_code
def give_up(g, s, n):  # type: ignore[no-untyped-def]
    """Take out again those of `s.out` whose detour is longer than they are worth."""
    node, options = s.node, g.column.shape[0]
    for k in range(n):
        c = s.chosen[s.out[k]]
        if c < 0 or g.still[c]:
            continue
        t = node[c, TRIP]
        f, i, j = s.trip[t, FLEET], node[c, PREV], node[c, NEXT]
        a, here, b, at = node[i, SITE], node[c, SITE], node[j, SITE], g.fleet[f, LENGTHS]
        metres = g.length[at + a * g.sites + here] + g.length[at + here * g.sites + b]
        metres -= g.length[at + a * g.sites + b]
        stops = (a != here) + (here != b and j < options) - (a != b and j < options)
        if metres * g.fleet[f, PER_METRE] + stops * g.fleet[f, PER_STOP] > g.price[s.out[k]]:
            touch(g, s, s.trip[t, VEHICLE])
            unlink(g, s, c)
            _mend(g, s, t, n)


@inner_code
def _orders_of(s, v):  # type: ignore[no-untyped-def]
    t, orders = s.vehicle[v, FIRST], 0
    while t >= 0:
        orders += s.trip[t, COUNT]
        t = s.trip[t, AFTER]
    return orders


@inner_code
def _empty_vehicle(g, s, v, out):  # type: ignore[no-untyped-def]
    """Take all orders of a vehicle out, and the vehicle away."""
    touch(g, s, v)
    while s.vehicle[v, TRIPS] > 1:
        out = _unload(g, s, s.vehicle[v, LAST], out)
        drop_trip(g, s, s.vehicle[v, LAST])
    out = _empty(g, s, s.vehicle[v, FIRST], out)
    if s.vehicle[v, KIND] >= 0:
        resum(g, s, v)
    return out


@inner_code
def _empty_trip(g, s, t, out):  # type: ignore[no-untyped-def]
    """Take all orders of a trip out, and all else of its vehicle too where that would not keep its hours without it."""
    v = s.trip[t, VEHICLE]
    out = _empty(g, s, t, out)
    if s.vehicle[v, KIND] >= 0 and not resum(g, s, v):
        return _empty_vehicle(g, s, v, out)
    return out


@inner_code
def _empty(g, s, t, out):  # type: ignore[no-untyped-def]
    """Take all orders of a trip out, and the trip away; what has been done stays. The vehicle's sums are stale then."""
    out = _unload(g, s, t, out)
    hub = g.column.shape[0] + t
    if s.node[hub, NEXT] == hub:
        drop_trip(g, s, t)
    else:
        retime(g, s, t)
    return out


@inner_code
def _unload(g, s, t, out):  # type: ignore[no-untyped-def]
    node, hub = s.node, g.column.shape[0] + t
    p = node[hub, NEXT]
    while p != hub:
        after = node[p, NEXT]
        if not g.still[p]:
            unlink(g, s, p)
            if g.part[p] != DROP:
                s.out[out] = node[p, ORDER]
                out += 1
        p = after
    return out
