"""Build: a problem as the arrays of the compiled search."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.problem import DELIVER, DROP, FAR, MWH, PICK_UP, Stage
from doorstep.planning.sisr.kinship import alone_by, kin_of
from doorstep.planning.sisr.nearness import nearest_sites
from doorstep.planning.sisr.pricing import price_alone
from doorstep.planning.sisr.sequences import sequence_keys
from doorstep.planning.task.dayparts import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from doorstep.planning.problem import Draw, Fleet, Problem

_MOST_SLOTS = 100_000
_SHY = 0.85
"""Of the usual energy, so much is counted before a route is timed, lest cheap places be passed over; tuned."""
BLINKS, BLINKS_OF_FEW = 0.01, 0.5
"""Share of the places that are overlooked; where orders are few, this number over theirs, since few ways lead on."""

MOST_LATE = 128
"""Absent orders that one step can try."""
MOST_LISTED = 64
"""Places among which the cheapest is sought by timing whole routes."""
MET_ROOM, SEEN = 1 << 16, 1 << 16
"""Numbers of the routes met between two looks at them, and routes that are remembered; a power of two."""


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
        rows[f, at.BEGUN_AS] = fleet.begun_as if fleet.begun_as >= 0 else f
        rows[f, at.DURATIONS], rows[f, at.LENGTHS] = durations[f], lengths[f]
    service = np.array([fleet.service_s for fleet in fleets], np.int32).reshape(len(fleets), options)
    setup = np.array([fleet.setup_s for fleet in fleets], np.int32).reshape(len(fleets), options)
    allowed = np.array([fleet.allowed for fleet in fleets], bool).reshape(len(fleets), options)
    energy = np.array([_energy(fleet) for fleet in fleets], float)
    period_from, period_duration, places = side_by_side(fleets)
    rows[:, [at.PERIODS, at.PERIOD_FROM, at.PERIOD_TABLE]] = places
    draw = _draws(fleets, rows)
    alone, way, stretch = alone_by(problem, rows, column, service, setup, allowed)
    by_order = np.argsort(problem.option_order, kind="stable")
    slot_from, taken = _taken(problem, rows)
    takes = np.array([thing.takes for thing in problem.shared], np.int64).reshape(len(problem.shared), len(fleets)).T
    rows[:, at.SHARES] = (takes > 0).sum(axis=1)
    key, key_share = sequence_keys(problem, rows)
    g = at.Ground(
        sites=sites,
        duration=duration,
        length=length,
        period_from=period_from,
        period_duration=period_duration,
        near=nearest_sites(problem, rows),
        column=column,
        service=service,
        setup=setup,
        allowed=allowed,
        part=problem.option_part.astype(np.int8),
        mate=problem.option_mate.astype(np.int64),
        still=np.zeros(options, bool) if problem.still is None else problem.still,
        mixed=bool((problem.option_part != DELIVER).any()),
        alone=alone,
        alone_way=way,
        alone_stretch=stretch,
        fleet=rows,
        energy=energy.reshape(len(fleets), 10),
        draw=draw,
        wanted=_wanted(problem),
        takes=np.ascontiguousarray(takes),
        stage=np.array([list(Stage).index(thing.stage) for thing in problem.shared], np.int64),
        room=np.array([thing.room for thing in problem.shared], np.int64),
        booked=taken.copy(),
        taken=taken,
        slot_from=slot_from,
        kin=kin_of(rows, service, setup, allowed),
        site_first=np.concatenate([[0], np.cumsum(np.bincount(problem.option_site, minlength=sites))]).astype(np.int64),
        site_option=np.argsort(problem.option_site, kind="stable").astype(np.int64),
        first=np.concatenate([[0], np.cumsum(np.bincount(problem.option_order, minlength=orders))]).astype(np.int64),
        option=by_order.astype(np.int64),
        able=np.unique(problem.option_order).astype(np.int64),
        price=problem.unserved_cost.astype(np.int64),
        key=key,
        key_share=key_share,
        locker_cost=problem.locker_cost.astype(np.int64),
        hub_cost=problem.hub_cost.astype(np.int64),
        blinks=max(BLINKS, BLINKS_OF_FEW / max(orders, 5)),
    )
    if rows[:, at.EXACT].any():
        price_alone(g, *scratch(3))
    return g


def held_rows(g: at.Ground) -> list[tuple[int, list[int]]]:
    """Return the routes as (fleet, row) of the vehicles that have begun, with nothing but what they have done."""
    begun = np.flatnonzero(g.fleet[:, at.BEGUN_AS] != np.arange(len(g.fleet)))
    return [(int(f), [-1, int(np.flatnonzero(g.allowed[f] & g.still)[0])]) for f in begun]


def vehicles_of(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the rows of a plan vehicle by vehicle, each with the mark of its fleet."""
    heads = [*np.flatnonzero((rows <= -2) & (rows > -at.HELD)).tolist(), len(rows)]  # noqa: PLR2004 - marks of trips
    return [rows[i:j] for i, j in pairwise(heads)]


def served_at(g: at.Ground, vehicles: list[NDArray[np.int64]], which: Iterable[int]) -> NDArray[np.int64]:
    """Return which of some vehicles, by position, stops at each site: the last named of several, -1 for none."""
    whose = np.full(g.sites, -1)
    for k in which:
        whose[g.column[vehicles[k][vehicles[k] >= 0], at.SITE]] = k
    return whose


def scratch(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return a row of `n` numbers on trial, its schedule, and a spare one to work in."""
    return np.zeros(n, np.int64), np.zeros((6, n), np.int64), np.zeros((8, n), np.int64)


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
    stops = orders + int((g.part == DROP).sum())
    longest = stops + trips + vehicles
    row, schedule, spare = scratch(longest + 1)  # long enough for the rows of a whole plan too
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
        was=np.zeros(4 * longest, np.int64),
        listed=np.zeros((MOST_LISTED, 8), np.int64),
        best=np.zeros(longest, np.int64),
        met=np.zeros(MET_ROOM, np.int64),
        seen=np.zeros((SEEN, 2), np.int64),
        out=np.zeros(2 * orders + MOST_LATE, np.int64),
        late_out=np.zeros(MOST_LATE, np.int64),
        early=np.zeros((options + trips, 2), np.int64),
        aboard=np.zeros((options + trips if g.mixed else 1, 9), np.int64),
        row=row,
        schedule=schedule,
        spare=spare,
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


def _draws(fleets: tuple[Fleet, ...], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what all fleets use by load, and note in `rows` where each begins."""
    tables = [np.zeros((0, 6))]
    for row, fleet in zip(rows, fleets, strict=True):
        if fleet.draw is not None:
            row[at.DRAW], row[at.DRAW_STEP] = sum(len(table) for table in tables), fleet.draw.step_g
            row[at.DRAW_LOADS], row[at.PER_KWH] = len(fleet.draw.mwh_per_m), fleet.kwh_cost
            row[at.USUAL_METRE], row[at.USUAL_STOP] = _usual(fleet, fleet.draw)
            row[at.PER_METRE] += row[at.USUAL_METRE]
            row[at.PER_STOP] += row[at.USUAL_STOP]
            drawn = np.stack([fleet.draw.mwh_per_m, fleet.draw.mwh_per_s, fleet.draw.mwh_per_stop], axis=1)
            rise = np.diff(drawn, axis=0, append=drawn[-1:])
            tables.append(np.concatenate([drawn, rise], axis=1))
    return np.ascontiguousarray(np.concatenate(tables), np.float64)


def _usual(fleet: Fleet, draw: Draw) -> tuple[int, int]:
    """Return what the energy of a metre and of a stop costs with half a load, at the mean pace of ways from the hub."""
    half = len(draw.mwh_per_m) // 2
    seconds, metres = fleet.duration_s[fleet.hub], fleet.distance_m[fleet.hub]
    known = (seconds < FAR) & (metres < FAR)
    pace = float(seconds[known].sum()) / max(1.0, float(metres[known].sum()))
    metre = draw.mwh_per_m[half] + pace * draw.mwh_per_s[half]
    each = _SHY * fleet.kwh_cost / MWH
    return int(metre * each), int(draw.mwh_per_stop[half] * each)


def _energy(fleet: Fleet) -> tuple[float, ...]:
    battery, rate = fleet.battery, fleet.refill_mwh_per_s if fleet.draw is not None else 0.0
    held = max(battery.full_s, -at.INF), max(battery.earlier_full_s, -at.INF)
    return (
        *(fleet.energy_mwh_per_m, fleet.energy_mwh_per_stop, fleet.energy_mwh),
        *(rate, fleet.spares, battery.lacks_mwh, *held, battery.begun_mwh, battery.begun_s),
    )


def _taken(problem: Problem, rows: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Return when the first slot begins and what is taken up in any case [things, slots]; note in `rows` until when."""
    rows[:, at.HOME] = -at.INF
    if not problem.shared:
        return 0, np.zeros((0, 0), np.int64)
    opens = min((fleet.open_s for fleet in problem.fleets), default=0) // at.SLOT_S * at.SLOT_S  # the same on any day
    closes = max((min(fleet.close_s, opens + _MOST_SLOTS * at.SLOT_S) for fleet in problem.fleets), default=0)
    taken = np.zeros((len(problem.shared), -(-max(closes - opens, 0) // at.SLOT_S) + 1), np.int64)
    for slots, thing in zip(taken, problem.shared, strict=True):
        for since, until, much in thing.taken:
            slots[(since - opens) // at.SLOT_S : -((opens - until) // at.SLOT_S)] += much
    for row, fleet in zip(rows, problem.fleets, strict=True):
        if fleet.home_s >= 0:
            row[at.HOME] = opens - (opens - fleet.home_s) // at.SLOT_S * at.SLOT_S
    return opens, taken


def _wanted(problem: Problem) -> NDArray[np.int64]:
    """Return when each option is wanted at the earliest; a pick-up is nobody's wish."""
    if problem.wanted_s is None:
        return np.full(len(problem.option_order), -at.INF)
    wanted: NDArray[np.int64] = np.maximum(problem.wanted_s[problem.option_order], -at.INF)
    return np.where(problem.option_part == PICK_UP, -at.INF, wanted)


def _columns(problem: Problem) -> NDArray[np.int64]:
    who = problem.option_order
    column = np.zeros((len(who), at.NODE_COLUMNS), np.int64)
    column[:, at.SITE], column[:, at.ORDER], column[:, at.TRIP] = problem.option_site, who, -1
    column[:, at.OPEN], column[:, at.CLOSE] = problem.option_open_s, np.minimum(problem.option_close_s, at.INF)
    column[:, at.LOAD], column[:, at.LOAD + 1], column[:, at.LOAD + 2] = problem.mass_g[who], problem.volume_ml[who], 1
    if problem.parcels is not None:
        column[:, at.LOAD + 2] = problem.parcels[who]
    fetched, ready_s = problem.option_part != DELIVER, problem.ready_s[who]
    column[:, at.READY], column[:, at.LOCKER] = np.where(fetched, -at.INF, ready_s), problem.option_locker
    fetched &= problem.option_part != DROP
    column[fetched, at.OPEN] = np.maximum(column[fetched, at.OPEN], ready_s[fetched])
    ranks = np.array([size.rank for size in problem.sizes], np.int64)
    # A promise that costs nothing to break binds nobody, nor does one at a pick-up.
    minded = (problem.option_part != PICK_UP) & (problem.late_cost > 0)
    column[:, at.PROMISE] = np.where(minded, np.minimum(problem.promise_s[who], at.INF), at.INF)
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
    row[at.BREAK_AFTER], row[at.BREAK], row[at.PER_LATE_S] = fleet.break_after_s, fleet.break_s, problem.late_cost
    row[at.PAID_LEAST], row[at.OVERTIME_AFTER] = fleet.paid_least_s, min(fleet.overtime_after_s, at.INF)
    row[at.PER_OVERTIME_S], row[at.PER_EARLY_S] = fleet.overtime_cost, problem.early_cost
    row[at.WORK_FROM] = fleet.work_from_s
    row[at.RELEASE] = fleet.release_s + fleet.load_s if fleet.release_s >= 0 else -at.INF
    row[at.EXACT] = _only_whole(problem, fleet)
    row[at.CLOCK] = at.STRETCHES if row[at.EXACT] else _clock(problem, fleet)
    return row


def _only_whole(problem: Problem, fleet: Fleet) -> bool:
    """Tell whether only whole routes show what one costs.

    That is so with breaks, a price of lateness or of coming too early, travel by the hour, energy by load, or anything
    that is shared.
    """
    duty_s = min(fleet.shift_s, fleet.close_s - fleet.open_s)
    late = problem.late_cost > 0 and bool((problem.promise_s < fleet.close_s).any())
    early = problem.early_cost > 0 and problem.wanted_s is not None and bool((problem.wanted_s > fleet.open_s).any())
    shares = any(
        taken and kind is fleet
        for thing in problem.shared
        for taken, kind in zip(thing.takes, problem.fleets, strict=True)
    )
    special = fleet.period_duration_s is not None or fleet.draw is not None or shares
    return late or early or 0 < fleet.break_after_s < duty_s or special


def _clock(problem: Problem, fleet: Fleet) -> int:
    """Return how much of time the search must know: nothing, windows only, or whole stretches."""
    if fleet.release_s >= 0 or not fleet.count:  # what has begun, first trips too
        return at.STRETCHES
    span = fleet.close_s - fleet.open_s
    late = problem.ready_s.max(initial=-at.INF) > fleet.open_s + fleet.load_s
    paid = fleet.duty_cost or fleet.overtime_cost or fleet.away_cost
    if fleet.max_trips > 1 or paid or fleet.shift_s < span or late:
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
