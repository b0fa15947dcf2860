"""Build: a problem as the arrays of the compiled search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.problem import FAR
from doorstep.planning.sisr import layout as at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem

NEAREST = 48
"""Sites beside which an order is put back."""
WAIT_WEIGHT, LATE_WEIGHT = 0.2, 1.0
"""How waiting and lateness between two sites count beside the way (PyVRP's neighbourhood, Wouda et al. 2024)."""
BLOCK = 256
KEY_WEIGHTS = {"demand": 4.0, "far": 2.0, "near": 1.0}
CLOCK_WEIGHTS = {"narrow": 2.0, "open": 2.0, "close": 2.0}
RANDOM_WEIGHT = 4.0
"""How often orders go back in which sequence (Christiaens and Vanden Berghe 2020, sections 5.2 and 6.2)."""


def ground(problem: Problem) -> at.Ground:
    """Return the arrays that do not change."""
    fleets, orders = problem.fleets, len(problem.order_ids)
    options = len(problem.option_order)
    sites = len(problem.site_xy_m)
    durations, lengths, duration, length = _tables(fleets)
    column = _columns(problem)
    rows = np.zeros((len(fleets), at.FLEET_COLUMNS), np.int64)
    for f, fleet in enumerate(fleets):
        rows[f] = _fleet(problem, fleet, orders)
        rows[f, at.DURATIONS], rows[f, at.LENGTHS] = durations[f], lengths[f]
    service = np.array([fleet.service_s for fleet in fleets], np.int32).reshape(len(fleets), options)
    setup = np.array([fleet.setup_s for fleet in fleets], np.int32).reshape(len(fleets), options)
    allowed = np.array([fleet.allowed for fleet in fleets], bool).reshape(len(fleets), options)
    energy = np.array([(f.energy_mwh_per_m, f.energy_mwh_per_stop, f.energy_mwh) for f in fleets], float)
    alone, way, stretch = _alone(problem, rows, column, service, setup, allowed)
    by_order = np.argsort(problem.option_order, kind="stable")
    key, key_share = _keys(problem, rows)
    return at.Ground(
        sites=sites,
        duration=duration,
        length=length,
        near=_near(problem, rows),
        column=column,
        service=service,
        setup=setup,
        allowed=allowed,
        alone=alone,
        alone_way=way,
        alone_stretch=stretch,
        fleet=rows,
        energy=energy.reshape(len(fleets), 3),
        kin=_kin(rows, service, setup, allowed),
        site_first=np.concatenate([[0], np.cumsum(np.bincount(problem.option_site, minlength=sites))]).astype(np.int64),
        site_option=np.argsort(problem.option_site, kind="stable").astype(np.int64),
        first=np.concatenate([[0], np.cumsum(np.bincount(problem.option_order, minlength=orders))]).astype(np.int64),
        option=by_order.astype(np.int64),
        price=problem.unserved_cost.astype(np.int64),
        key=key,
        key_share=key_share,
        locker_cost=problem.locker_cost.astype(np.int64),
        hub_cost=problem.hub_cost.astype(np.int64),
    )


def blank(problem: Problem, g: at.Ground, seed: int) -> at.State:
    """Return the plan that serves nobody."""
    orders, options = len(g.price), len(g.column)
    vehicles = int(min(sum(min(f.count, orders) for f in problem.fleets), orders + 1)) + 1
    trips = orders + 2
    node = np.zeros((options + trips, at.NODE_COLUMNS), np.int64)
    node[:options] = g.column
    node[:, at.TRIP] = -1
    trip = np.zeros((trips, at.TRIP_COLUMNS), np.int64)
    counter = np.zeros(at.COUNTERS, np.int64)
    counter[at.LEVEL] = counter[at.BEST] = int(g.price.sum())
    counter[at.ABSENT], counter[at.FREE_TRIPS], counter[at.FREE_VEHICLES] = orders, trips, vehicles
    vehicle = np.zeros((vehicles, at.VEHICLE_COLUMNS), np.int64)
    vehicle[:, at.KIND] = -1
    longest = orders + trips + vehicles
    return at.State(
        node=node,
        trip=trip,
        vehicle=vehicle,
        here=np.full(g.sites, -1),
        chosen=np.full(orders, -1),
        free_trips=np.arange(trips),
        free_vehicles=np.arange(vehicles),
        in_use=np.zeros(vehicles, np.int64),
        used=np.zeros(len(g.fleet), np.int64),
        hub_used=np.zeros(len(g.hub_cost), np.int64),
        room=problem.locker_room.astype(np.int64).copy(),
        parcels=np.zeros(len(g.locker_cost), np.int64),
        absent=np.arange(orders),
        absent_at=np.arange(orders),
        log=np.zeros(2 * longest, np.int64),
        changed=np.zeros(4 * longest, np.int64),
        best=np.zeros(longest, np.int64),
        out=np.zeros(2 * orders + 64, np.int64),
        late_out=np.zeros(64, np.int64),
        counter=counter,
        dice=np.random.default_rng(seed).integers(1, 1 << 63, 2).astype(np.uint64),
    )


def _tables(fleets: tuple[Fleet, ...]) -> tuple[list[int], list[int], NDArray[np.int32], NDArray[np.int32]]:
    """Return where the times and lengths of each fleet begin in one row of all different tables, and that row twice."""
    places: dict[int, int] = {}
    flat: list[NDArray[np.int32]] = []
    size = 0
    starts: list[list[int]] = [[], []]
    for k, tables in enumerate(([f.duration_s for f in fleets], [f.distance_m for f in fleets])):
        for table in tables:
            if id(table) not in places:
                places[id(table)] = size
                flat.append(np.ascontiguousarray(table, np.int32).reshape(-1))
                size += table.size
            starts[k].append(places[id(table)])
    whole = flat[0] if len(flat) == 1 else np.concatenate(flat) if flat else np.zeros(0, np.int32)
    return starts[0], starts[1], whole, whole


def _columns(problem: Problem) -> NDArray[np.int64]:
    who = problem.option_order
    column = np.zeros((len(who), at.NODE_COLUMNS), np.int64)
    column[:, at.SITE], column[:, at.ORDER], column[:, at.TRIP] = problem.option_site, who, -1
    column[:, at.OPEN], column[:, at.CLOSE] = problem.option_open_s, np.minimum(problem.option_close_s, at.INF)
    column[:, at.LOAD], column[:, at.LOAD + 1], column[:, at.LOAD + 2] = problem.mass_g[who], problem.volume_ml[who], 1
    column[:, at.READY], column[:, at.LOCKER] = problem.ready_s[who], problem.option_locker
    ranks = np.array([size.rank for size in problem.sizes], np.int64)
    column[:, at.RANK] = ranks[who] if len(ranks) else 0
    return column


def _fleet(problem: Problem, fleet: Fleet, orders: int) -> NDArray[np.int64]:
    row = np.zeros(at.FLEET_COLUMNS, np.int64)
    row[at.HUB] = row[at.SITE_OF_HUB] = fleet.hub
    row[at.OPENS], row[at.CLOSES] = fleet.open_s, min(fleet.close_s, at.INF)
    row[at.LOADING], row[at.SWAP], row[at.LONGEST] = fleet.load_s, fleet.turnaround_s, min(fleet.shift_s, at.INF)
    row[at.RANGE], row[at.MOST_TRIPS], row[at.VEHICLES] = fleet.range_m, fleet.max_trips, min(fleet.count, orders)
    row[at.CAPACITY : at.CAPACITY + 3] = fleet.mass_g, fleet.volume_ml, fleet.max_parcels
    costs = fleet.vehicle_cost, fleet.trip_cost, fleet.stop_cost, fleet.metre_cost, fleet.duty_cost, fleet.away_cost
    row[at.PER_VEHICLE : at.PER_VEHICLE + 6] = costs
    row[at.CLOCK] = _clock(problem, fleet)
    return row


def _clock(problem: Problem, fleet: Fleet) -> int:
    """Return how much of time the search must know: nothing, windows only, or whole stretches."""
    span = fleet.close_s - fleet.open_s
    late = problem.ready_s.max(initial=-at.INF) > fleet.open_s + fleet.load_s
    if fleet.max_trips > 1 or fleet.duty_cost or fleet.away_cost or fleet.shift_s < span or late:
        return at.STRETCHES
    mine = fleet.allowed
    opened = problem.option_open_s[mine].max(initial=-at.INF) <= fleet.open_s + fleet.load_s
    reached = fleet.duration_s[fleet.duration_s < FAR]
    longest = fleet.open_s + fleet.load_s + _longest_s(fleet, mine, int(reached.max(initial=0)))
    close = min(int(problem.option_close_s[mine].min(initial=at.INF)), fleet.close_s)
    free = opened and close >= longest and reached.size == fleet.duration_s.size
    return at.NO_CLOCK if free else at.WINDOWS


def _longest_s(fleet: Fleet, mine: NDArray[np.bool_], leg_s: int) -> int:
    work = fleet.service_s[mine].sum() + fleet.setup_s[mine].sum()
    return int(work) + (int(mine.sum()) + 1) * leg_s


def _alone(
    problem: Problem,
    rows: NDArray[np.int64],
    column: NDArray[np.int64],
    service: NDArray[np.int32],
    setup: NDArray[np.int32],
    allowed: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return for each fleet and option the cost of a vehicle for it only, of one more trip, and that trip's stretch."""
    shape = allowed.shape
    cost, way = np.full(shape, at.NOWHERE), np.full(shape, at.NOWHERE)
    stretch = np.zeros((*shape, 3), np.int64)
    site = problem.option_site
    for f, fleet in enumerate(problem.fleets):
        row, hub = rows[f], fleet.hub
        out_s, back_s = fleet.duration_s[hub, site].astype(np.int64), fleet.duration_s[site, hub].astype(np.int64)
        metres = fleet.distance_m[hub, site].astype(np.int64) + fleet.distance_m[site, hub]
        moved = (site != hub).astype(np.int64)
        delta = row[at.LOADING] + out_s + setup[f] * moved
        opens, closes = column[:, at.OPEN], column[:, at.CLOSE]
        fine = allowed[f] & (row[at.OPENS] + delta <= closes)
        early, late = np.maximum(opens - delta, row[at.OPENS]), closes - delta
        delta = delta + service[f] + back_s
        late = np.minimum(late, row[at.CLOSES] - delta)
        early = np.maximum(early, column[:, at.READY] - row[at.LOADING])
        fine &= (early <= late) & (metres <= row[at.RANGE]) & (delta <= row[at.LONGEST])
        fine &= metres * fleet.energy_mwh_per_m + moved * fleet.energy_mwh_per_stop <= fleet.energy_mwh
        for k in range(3):
            fine &= column[:, at.LOAD + k] <= row[at.CAPACITY + k]
        fine &= (out_s < FAR) & (back_s < FAR)
        trip = fleet.trip_cost + metres * fleet.metre_cost + moved * fleet.stop_cost
        trip += (delta - row[at.LOADING]) * fleet.away_cost
        way[f] = np.where(fine, trip, at.NOWHERE)
        cost[f] = np.where(fine, trip + fleet.vehicle_cost + delta * fleet.duty_cost, at.NOWHERE)
        stretch[f] = np.stack([delta, early, late], axis=1)
    return cost, way, stretch


def _kin(
    rows: NDArray[np.int64], service: NDArray[np.int32], setup: NDArray[np.int32], allowed: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return for each fleet those that differ from it only in capacity, range and costs, and may do all that it may."""
    clocks = (at.OPENS, at.CLOSES, at.LOADING, at.SWAP, at.LONGEST, at.MOST_TRIPS, at.CLOCK)
    same = (at.SITE_OF_HUB, *clocks, at.DURATIONS, at.LENGTHS)
    n = len(rows)
    kin = np.full((n, max(n, 1)), -1, np.int64)
    for f in range(n):
        if rows[f, at.MOST_TRIPS] > 1:
            continue
        mine = [
            other
            for other in range(n)
            if other != f
            and all(rows[f, k] == rows[other, k] for k in same)
            and (service[f] == service[other]).all()
            and (setup[f] == setup[other]).all()
            and (allowed[other] >= allowed[f]).all()
        ]
        mine.sort(key=lambda other: tuple(rows[other, at.CAPACITY : at.CAPACITY + 3]))
        kin[f, : len(mine)] = mine
    return kin


def _keys(problem: Problem, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return keys by which orders are put back, least first, and the summed up shares of their use."""
    orders = len(problem.order_ids)
    option = np.full(orders, -1)
    option[problem.option_order[::-1]] = np.arange(len(problem.option_order))[::-1]
    site = problem.option_site[option] if len(problem.option_order) else np.zeros(orders, np.int64)
    way = np.zeros(orders)
    if problem.fleets:
        fleet = problem.fleets[0]
        way = fleet.distance_m[fleet.hub, site].astype(float)
    most = np.array([max(1, min(f.mass_g, 1 << 60)) for f in problem.fleets] or [1], float).max()
    bulk = np.array([max(1, min(f.volume_ml, 1 << 60)) for f in problem.fleets] or [1], float).max()
    demand = np.maximum(problem.mass_g / most, problem.volume_ml / bulk)
    opens = problem.option_open_s[option].astype(float) if len(problem.option_order) else way
    closes = problem.option_close_s[option].astype(float) if len(problem.option_order) else way
    columns = {"demand": -demand, "far": -way, "near": way, "narrow": closes - opens, "open": opens, "close": -closes}
    weights = dict(KEY_WEIGHTS)
    if (rows[:, at.CLOCK] != at.NO_CLOCK).any():
        weights |= CLOCK_WEIGHTS
    total = RANDOM_WEIGHT + sum(weights.values())
    return np.array([columns[name] for name in weights]), np.cumsum(list(weights.values())) / total


def _near(problem: Problem, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return each site's nearest sites that have options, itself first; what waiting and lateness cost counts too."""
    sites = len(problem.site_xy_m)
    near = np.full((sites, NEAREST + 1), -1, np.int32)
    if not problem.fleets or not len(problem.option_order):
        return near
    here = np.unique(problem.option_site)
    fleet = min(problem.fleets, key=lambda f: int(f.distance_m.max(initial=0)))
    opens, closes = np.full(sites, at.INF), np.full(sites, -at.INF)
    np.minimum.at(opens, problem.option_site, problem.option_open_s)
    np.maximum.at(closes, problem.option_site, problem.option_close_s)
    work = np.full(sites, np.iinfo(np.int32).max)
    np.minimum.at(work, problem.option_site, fleet.service_s)
    timed = bool((rows[:, at.CLOCK] != at.NO_CLOCK).any())
    k = min(NEAREST, len(here) - 1)
    for start in range(0, len(here), BLOCK):
        mine = here[start : start + BLOCK]
        ways = [_apart(fleet, (mine, here), (opens, closes, work), timed=timed)]
        ways.append(_apart(fleet, (here, mine), (opens, closes, work), timed=timed).T)
        apart = np.minimum(*ways)
        apart[mine[:, None] == here[None, :]] = -1.0
        chosen = (
            np.argpartition(apart, k, axis=1)[:, : k + 1]
            if k + 1 < len(here)
            else np.tile(np.arange(len(here)), (len(mine), 1))
        )
        order = np.argsort(np.take_along_axis(apart, chosen, axis=1), axis=1, kind="stable")
        near[mine, : k + 1] = here[np.take_along_axis(chosen, order, axis=1)]
    return near


def _apart(
    fleet: Fleet,
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    clocks: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    *,
    timed: bool,
) -> NDArray[np.float32]:
    """Return how far apart sites are [origins, destinations], in metres and seconds of waiting or lateness."""
    (out, to), (opens, closes, work) = ends, clocks
    apart = fleet.distance_m[np.ix_(out, to)].astype(np.float32)
    if timed:
        way = fleet.duration_s[np.ix_(out, to)].astype(np.float32) + work[out].astype(np.float32)[:, None]
        a, b = opens.astype(np.float32), closes.astype(np.float32)
        apart += WAIT_WEIGHT * np.maximum(a[to][None, :] - way - b[out][:, None], 0)
        apart += LATE_WEIGHT * np.maximum(a[out][:, None] + way - b[to][None, :], 0)
    return apart
