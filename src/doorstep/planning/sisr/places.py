"""Places: where an absent order is put back at the least cost, beside its near neighbours, in a new trip or vehicle."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.problem import DROP, PICK_UP
from doorstep.planning.clock.aboard import has_space
from doorstep.planning.sisr.dice import until_hit
from doorstep.planning.sisr.garage import new_trip, new_vehicle
from doorstep.planning.clock.layout import (
    AFTER, BD, BE, BL, BLINK, CAPACITY, CLOCK, CLOSE, DUE, DURATIONS, DUTY, EXACT, FD, FE, FL, FLEET,
    HERE_NEXT, HUB, LATEST_READY, LEFT, LENGTHS, LISTED, LOAD, LOADING, LOCKER, LONGEST, METRES, MOST_TRIPS, NEXT,
    NOWHERE, ON_BOARD, OPEN, PD, PE, PER_AWAY_S, PER_METRE, PER_STOP, PER_VEHICLE, PL, PREV, RANK, READY, SD, SE,
    SHARES, SETUP, SITE, SL, STOPS, STRETCHES, SWAP, TD, TRIP, VEHICLE, VEHICLES, WHOLE, WINDOWS,
)  # fmt: skip
from doorstep.planning.sisr.owntrips import own_trip
from doorstep.planning.sisr.lateness import later_beside
from doorstep.planning.sisr.pairs import pair_beside
from doorstep.planning.sisr.pricing import price_new
from doorstep.planning.sisr.refit import carries, change_fleet, dearer
from doorstep.planning.sisr.route import link, link_pair
from doorstep.planning.sisr.rows import touch
from doorstep.planning.sisr.shortlist import (
    BESIDE, HOW, LEAST, OPTION, PAIR, THEN, TRIP_OF_ITS_OWN, VEHICLE_OF_ITS_OWN, WHERE, cheapest_listed, list_place,
)  # fmt: skip
from doorstep.planning.clock.stretch import join
from doorstep.planning.sisr.sums import retime, sum_up, trip_fits
from doorstep.planning.clock.wages import duty_pay


@inner_code
def cheapest(g, s, order, most, blind, only, part):  # type: ignore[no-untyped-def]
    """Return (added cost, option, how, three numbers of the place) below `most`, or option -1.

    Beside a node: trip, node before, fleet that the vehicle changes to (or -1); trip of its own: vehicle, trip after
    it; vehicle of its own: fleet; pair: trip, nodes before pick-up and drop. What opening a vehicle, a hub or a locker
    costs is not looked at where `blind`; fleets other than `only` are not either, unless it is -1. A vehicle of its own
    is held to cost a `part` of what it does.
    """
    best, found, how, where, then, kind = most, -1, -1, -1, -1, -1
    s.counter[LISTED], s.counter[WHOLE] = 0, -1
    for q in range(g.first[order], g.first[order + 1]):
        c = g.option[q]
        if g.part[c] == DROP:
            continue
        bank, extra = g.column[c, LOCKER], 0
        if bank >= 0:
            if not _has_room(s, bank, g.column[c, RANK]):
                continue
            extra = g.locker_cost[bank] if s.parcels[bank] == 0 and not blind else 0
        if g.part[c] == PICK_UP:
            cost, t, i, down = pair_beside(g, s, c, best, only)
            if t >= 0:
                best, found, how, where, then, kind = cost, c, PAIR, t, i, down
        else:
            cost, t, i, f = _beside(g, s, c, best - extra, extra, only)
            best = cost + extra
            if t >= 0:
                found, how, where, then, kind = c, BESIDE, t, i, f
        for f in range(g.fleet.shape[0]):
            alone = g.alone[f, c]
            if alone == NOWHERE or (only >= 0 and f != only):
                continue
            if g.fleet[f, MOST_TRIPS] > 1:
                cost, v, t = own_trip(g, s, f, c, best - extra, extra)
                best = cost + extra
                if v >= 0:
                    found, how, where, then = c, TRIP_OF_ITS_OWN, v, t
            if s.used[f] < g.fleet[f, VEHICLES]:
                if g.fleet[f, SHARES] > 0:
                    _, alone = price_new(g, s, f, c)
                    if alone == NOWHERE:
                        continue
                hub = g.fleet[f, HUB]
                if blind:
                    cost = alone - g.fleet[f, PER_VEHICLE]
                else:
                    cost = alone + extra + (g.hub_cost[hub] if s.hub_used[hub] == 0 else 0)
                if part < 1:
                    cost = int(cost * part)
                if cost < best or (cost == best and how == TRIP_OF_ITS_OWN):
                    best, found, how, where, then = cost, c, VEHICLE_OF_ITS_OWN, f, -1
    row = cheapest_listed(g, s, best)
    if row >= 0:
        best, found, how, where, then, kind = (
            s.listed[row, LEAST], s.listed[row, OPTION], s.listed[row, HOW], s.listed[row, WHERE], s.listed[row, THEN],
            -1,
        )  # fmt: skip
    return best, found, how, where, then, kind


@inner_code
def put(g, s, option, how, where, then, kind):  # type: ignore[no-untyped-def]
    """Put an option at a place that `cheapest` found."""
    t, i, v = where, then, where
    if how == BESIDE:
        v = s.trip[t, VEHICLE]
        touch(g, s, v)
        if kind >= 0:
            change_fleet(g, s, v, kind)
    elif how == PAIR:
        v = s.trip[t, VEHICLE]
        touch(g, s, v)
    else:
        if how == VEHICLE_OF_ITS_OWN:
            v = new_vehicle(g, s, where)
        touch(g, s, v)
        t = new_trip(g, s, v, then)
        i = g.column.shape[0] + t
        retime(g, s, t)
    if g.part[option] == PICK_UP:
        link_pair(g, s, option, t, i, kind if how == PAIR else option)
    else:
        link(g, s, option, t, i)
    sum_up(g, s, v, s.counter[WHOLE])


@inner_code
def _has_room(s, bank, rank):  # type: ignore[no-untyped-def]
    least = s.room[bank, 0]
    for size in range(1, rank + 1):
        least = min(least, s.room[bank, size])
    return least > 0


@inner_code
def _beside(g, s, c, most, extra, only):  # type: ignore[no-untyped-def]
    """Return (added cost, trip or -1, node before, other fleet or -1) of the cheapest place beside a near node.

    Where only whole routes tell the cost, places are listed, with what opening a locker costs (`extra`).
    """
    node, trip, fleet, n = s.node, s.trip, g.fleet, g.sites
    site, opens, closes = node[c, SITE], node[c, OPEN], node[c, CLOSE]
    m0, m1, m2 = node[c, LOAD], node[c, LOAD + 1], node[c, LOAD + 2]
    best, best_trip, best_node, best_kind, blink = most, -1, -1, -1, s.counter[BLINK]
    hubs = g.column.shape[0]
    for k in range(g.near.shape[1]):
        other = g.near[site, k]
        if other < 0:
            break
        x = s.here[other]
        while x >= 0:
            t = node[x, TRIP]
            f = trip[t, FLEET]
            base, kind = 0, -1
            able = g.allowed[f, c] and (only < 0 or f == only)
            if (
                able
                and not g.mixed
                and not (
                    trip[t, ON_BOARD] + m0 <= fleet[f, CAPACITY]
                    and trip[t, ON_BOARD + 1] + m1 <= fleet[f, CAPACITY + 1]
                    and trip[t, ON_BOARD + 2] + m2 <= fleet[f, CAPACITY + 2]
                )
            ):
                able = g.kin[f, 0] >= 0 and only < 0
                if able:
                    base, kind = _larger(g, s, t, f, c)
                    able = kind >= 0
                    f = max(kind, 0)
            if able:
                lengths, clock = fleet[f, LENGTHS], fleet[f, CLOCK]
                for side in range(2):
                    i = x if side == 0 else node[x, PREV]
                    j = node[i, NEXT]
                    blink -= 1
                    if blink <= 0:
                        blink = until_hit(s.dice, g.blinks)
                        continue
                    a, b = node[i, SITE], node[j, SITE]
                    if node[c, LOCKER] >= 0 and a == site and b == site:
                        continue
                    metres = g.length[lengths + a * n + site] + g.length[lengths + site * n + b]
                    metres -= g.length[lengths + a * n + b]
                    stops = (a != site) + (site != b and j < hubs) - (a != b and j < hubs)
                    cost = base + metres * fleet[f, PER_METRE] + stops * fleet[f, PER_STOP]
                    if cost >= best or (g.mixed and not has_space(g, s, f, i, c)):
                        continue
                    if clock == WINDOWS:
                        durations = fleet[f, DURATIONS]
                        start = node[i, LEFT] + g.duration[durations + a * n + site]
                        if a != site:
                            start += g.setup[f, c]
                        if start > closes:
                            continue
                        start = max(start, opens) + g.service[f, c] + g.duration[durations + site * n + b]
                        if site != b:
                            start += node[j, SETUP]
                        if start > node[j, DUE]:
                            continue
                    elif clock == STRETCHES:
                        more = _stretched(g, s, f, t, i, j, c)
                        cost += more
                        if more == NOWHERE or cost >= best:
                            continue
                    if not trip_fits(g, f, trip[t, METRES] + metres, trip[t, STOPS] + stops):
                        continue
                    if j < hubs and g.still[j]:
                        continue
                    if fleet[f, EXACT]:
                        cost += later_beside(g, s, f, t, i, c)
                        if cost < best:
                            v = trip[t, VEHICLE]
                            best = min(best, list_place(g, s, cost + extra, c, BESIDE, v, t, i, extra) - extra)
                        continue
                    best, best_trip, best_node, best_kind = cost, t, i, kind
            x = node[x, HERE_NEXT]
    s.counter[BLINK] = blink
    return best, best_trip, best_node, best_kind


@inner_code
def _larger(g, s, t, f, c):  # type: ignore[no-untyped-def]
    """Return (added cost, fleet) of the cheapest kin that would carry a trip and one option more, or fleet -1."""
    best, found = NOWHERE, -1
    for k in range(g.kin.shape[1]):
        other = g.kin[f, k]
        if other < 0:
            break
        if not g.allowed[other, c] or s.used[other] >= g.fleet[other, VEHICLES] or not carries(g, s, t, other, c):
            continue
        cost = dearer(g, s, t, f, other)
        if cost < best:
            best, found = cost, other
    return best, found


@inner_code
def _stretched(g, s, f, t, i, j, c):  # type: ignore[no-untyped-def]
    """Return what the added time costs if an option comes between two nodes of a trip; NOWHERE where it is too late."""
    node, trip, fleet, n = s.node, s.trip, g.fleet, g.sites
    a, site, b = node[i, SITE], g.column[c, SITE], node[j, SITE]
    durations = fleet[f, DURATIONS]
    opens, closes = g.column[c, OPEN], g.column[c, CLOSE]
    delta = node[i, FD] + g.duration[durations + a * n + site]
    if a != site:
        delta += g.setup[f, c]
    if node[i, FE] + delta > closes:
        return NOWHERE
    wait = max(0, opens - delta - node[i, FL])
    early, late = max(opens - delta, node[i, FE]) - wait, min(closes - delta, node[i, FL])
    delta += wait + g.service[f, c] + g.duration[durations + site * n + b]
    if site != b:
        delta += node[j, SETUP]
    if early + delta > node[j, BL]:
        return NOWHERE
    wait = max(0, node[j, BE] - delta - late)
    early, late = max(node[j, BE] - delta, early) - wait, min(node[j, BL] - delta, late)
    delta += node[j, BD] + wait
    ready = max(trip[t, LATEST_READY], g.column[c, READY])
    return _chained(g, s, f, trip[t, VEHICLE], t, delta, max(early, ready - fleet[f, LOADING]), late)


@inner_code
def _chained(g, s, f, v, t, d, e, late):  # type: ignore[no-untyped-def]
    """Return what a changed trip's time adds to its vehicle's cost; NOWHERE where hours or other trips forbid it."""
    trip, fleet, vehicle = s.trip, g.fleet, s.vehicle
    if e > late or trip[t, PE] + trip[t, PD] > late:
        return NOWHERE
    cost = fleet[f, PER_AWAY_S] * (d - trip[t, TD])
    d, e, late = join(trip[t, PD], trip[t, PE], trip[t, PL], d, e, late)
    if trip[t, AFTER] >= 0:
        d += fleet[f, SWAP]
        if e + d > trip[t, SL]:
            return NOWHERE
        d, e, late = join(d, e, late, trip[t, SD], trip[t, SE], trip[t, SL])
    if d > fleet[f, LONGEST]:
        return NOWHERE
    return cost + duty_pay(g, f, d) - duty_pay(g, f, vehicle[v, DUTY])
