"""Tours of a van over all sets of customers, and flights from the depot beside it, in compiled loops."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code, inner_code

HAIR = 1e-9


@bare_code
def fill_tours(g, last, tour):  # type: ignore[no-untyped-def]
    """Fill `tour` [sets] with the least time to serve a set and be back; `last` [sets, customers] by who is last.

    Held and Karp 1962, doi:10.1137/0110015; customer `k + 1` is bit `k`.
    """
    sets, n = last.shape[0], last.shape[1]
    tour[0] = 0.0
    for served in range(1, sets):
        tour[served] = np.inf
        for x in range(n):
            last[served, x] = np.inf
            if not (served >> x & 1 and g.by_van[x + 1]):
                continue
            before = served ^ (1 << x)
            value = g.van_s[0, x + 1] if before == 0 else np.inf
            for y in range(n):
                if before >> y & 1:
                    value = min(value, last[before, y] + g.van_s[y + 1, x + 1])
            last[served, x] = value + g.van_stay_s[x + 1]
            tour[served] = min(tour[served], last[served, x] + g.van_s[x + 1, 0])


@bare_code
def best_split(tour, flight_s, order, loads, was, jobs, choice, found):  # type: ignore[no-untyped-def]
    """Return the set flown from the depot for which the later of van and drones is back first; -1 for none.

    `order` has the customers that may be flown to, longest flights first; `found` [customers] is left with the drone
    that flies to each, -1 where the van goes. `loads` [drones], `was`, `jobs` and
    `choice` [customers] are room.
    """
    full, best, chosen, flyable = tour.size - 1, np.inf, -1, 0
    for k in range(order.size):
        flyable |= 1 << order[k]
    # First a bound by sets whose flights are quickly assigned, then whatever may still be better, exactly.
    for exact in range(2):
        flown = flyable
        while True:
            count, total, most = 0, 0.0, 0.0
            for k in range(order.size):
                if flown >> order[k] & 1:
                    jobs[count] = order[k]
                    total += flight_s[order[k]]
                    most = max(most, flight_s[order[k]])
                    count += 1
            least = max(tour[full ^ flown], most, total / loads.size)
            if least < best - HAIR:
                limit = best if exact else np.inf
                value = _assigned(flight_s, jobs, count, least, limit, loads, was, choice, exact == 1)
                value = max(value, tour[full ^ flown])
                if value < best - HAIR:
                    best, chosen = value, flown
                    found[:] = -1
                    for k in range(count):
                        found[jobs[k]] = choice[k]
            if flown == 0:
                break
            flown = (flown - 1) & flyable
    return chosen


@inner_code
def _assigned(flight_s, jobs, count, least, most, loads, was, choice, exact):  # type: ignore[no-untyped-def]
    """Return when the last drone is back once every flight has its drone in `choice`.

    Quickly: longest flights first, each to the drone that is free first (Graham 1969, doi:10.1137/0117039). Exactly:
    all ways depth first, until one is below `most` and done by `least`, which is the best there can be; where none is,
    the best that is below `most`, tried again with its value as limit; infinite where there is none.
    """
    limit, value = most, np.inf
    while True:
        found = _deeper(flight_s, jobs, count, limit, loads, was, choice)
        if not found:
            break
        value = 0.0
        for drone in range(loads.size):
            value = max(value, loads[drone])
        if value <= least + HAIR or not exact:
            return value
        limit = value
    if value < np.inf:
        _deeper(flight_s, jobs, count, value + 2.0 * HAIR, loads, was, choice)
    return value


@inner_code
def _deeper(flight_s, jobs, count, limit, loads, was, choice):  # type: ignore[no-untyped-def]
    """Return whether every flight finds a drone that is back before `limit`: the first such way, depth first."""
    loads[:] = 0.0
    depth = 0
    choice[0] = -1
    while depth < count:
        time = flight_s[jobs[depth]]
        drone = choice[depth]
        if drone >= 0:
            loads[drone] = was[depth]
        drone = _lighter(loads, drone, time, limit)
        if drone < 0:
            choice[depth] = -1
            depth -= 1
            if depth < 0:
                return False
            continue
        choice[depth] = drone
        was[depth] = loads[drone]
        loads[drone] += time
        depth += 1
        if depth < count:
            choice[depth] = -1
    return True


@inner_code
def _lighter(loads, before, time, limit):  # type: ignore[no-untyped-def]
    """Return the next drone to try after `before`, those with least to do first; -1 where no further one has room."""
    chosen = -1
    for drone in range(loads.size):
        if loads[drone] + time >= limit - HAIR:
            continue
        if before >= 0 and (loads[drone] < loads[before] or (loads[drone] == loads[before] and drone <= before)):
            continue
        if chosen < 0 or loads[drone] < loads[chosen]:
            chosen = drone
    return chosen
