"""Ventures: trips made anew where orders are optional, each followed by a short search nearby.

No single order pays for a trip of many, and a trip stays while its orders pay for their detours: what it takes is many
steps in a row, some of them for the worse. So whole trips are put into the plan, or orders near each other are held to
be worth more than they are for a while; kept is what makes the plan cheaper in the end, or dearer by little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import anneal, load
from doorstep.planning.sisr.build import served_at, vehicles_of
from doorstep.planning.sisr.newtrip import LABELS, NONE, best_trip
from doorstep.planning.sisr.rising import back_to_prices, set_prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.sisr.pace import Pace

    Whole = NDArray[np.int64]
    Both = tuple[NDArray[np.float64], NDArray[np.float64]]
    """Knobs of the first half of a short search, and of the second one; see `strings`."""

MADE = 0.6
"""Share of the ventures that begin with new trips; the others begin with dearer orders. All numbers here are tuned."""
PIECES, PIECE = (4, 8, 16), 250
"""Pieces of the search after that, and steps of each; prices fall to the true ones in the first half of them."""
HOT, COOL, COLD = (0.03, 0.06, 0.12), 0.03, 0.02
"""Temperatures to begin with, to come to in the first half, and of the second one; as those of `optional`."""
MORE, LESS_IF_MADE = (0.2, 0.4, 0.8), 0.5
"""What orders nearby are worth beyond their price to begin with, in the unit of temperatures; less after new trips."""
BESIDE = (3, 10, 25)
"""Sites around each order concerned that are nearby."""
DEARER = 0.3
"""Temperature at which ventures are judged, to begin with; it falls to nothing."""
TRIPS_FULL, FEWEST = 1.5, 10
"""Absent orders that become dearer, in orders of a trip, and at the least."""
GONE = (0, 1, 1, 2)
"""Trips near each other that are taken out where new ones are made."""
TAKING = 0.5
"""Share of the new trips that may take orders from others, which are worth the detour that is saved there."""
PASSED_OVER, NOISE = 0.3, (0.0, 0.1, 0.3)
"""Share of the orders that a new trip does not look at, at the most; by how much it mistakes their worth."""


def venture(g: at.Ground, s: at.State, pace: Pace, knobs: Both, unit: float, end: float) -> None:
    """Go on from the best plan by ventures until a share of the search is over; temperatures are in a unit of cost."""
    rng = np.random.default_rng(int(s.dice[0] % np.uint64(1 << 32)))
    begun = pace.share()
    best = now = s.best[: s.counter[at.BEST_LENGTH]].copy()
    least = cost = int(s.counter[at.BEST])
    while not pace.over() and pace.share() < end:
        load(g, s, now, len(now))
        made = rng.random() < MADE
        orders = _made(g, s, now, rng) if made else _absent(g, s, rng)
        if not len(orders):
            orders = rng.choice(g.able, 1)
        more = unit * float(rng.choice(MORE)) * (LESS_IF_MADE if made else 1.0)
        nearby = _beside(g, orders, int(rng.choice(BESIDE)))
        _search_nearby(g, s, pace, knobs, nearby, (unit, more), rng)
        if pace.over():
            break
        left = max(0.0, 1 - (pace.share() - begun) / (end - begun))
        if s.counter[at.BEST] < cost - DEARER * unit * left * np.log(1.0 - rng.random()):
            now, cost = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST])
            if cost < least:
                best, least = now, cost
    load(g, s, best, len(best))
    back_to_prices(g, s, best, least)


def _search_nearby(
    g: at.Ground,
    s: at.State,
    pace: Pace,
    knobs: Both,
    orders: Whole,
    heights: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    """Search around some orders that are held to be worth more to begin with; the best plan at true prices is kept.

    `heights` are the unit of temperatures and what orders are worth beyond their price.
    """
    true, near, (unit, more) = g.price.copy(), g._replace(able=orders), heights
    pieces, hot = int(rng.choice(PIECES)), float(rng.choice(HOT))
    for k in range(pieces):
        if pace.over():
            break
        early = max(0.0, 1 - 2 * k / pieces)
        prices = true.copy()
        prices[orders] += round(more * early)
        set_prices(g, s, prices)
        if 2 * k <= pieces:
            s.counter[at.BEST] = at.NOWHERE
        warmth = unit * (COOL * (hot / COOL) ** early if early else COLD)
        anneal(near, s, PIECE, warmth, warmth, knobs[0] if early else knobs[1], -1)
        pace.go(PIECE)
    set_prices(g, s, true)


def _absent(g: at.Ground, s: at.State, rng: np.random.Generator) -> Whole:
    """Return absent orders near one of them, somewhat more than a trip has."""
    absent = np.intersect1d(s.absent[: s.counter[at.ABSENT]], g.able)
    if not len(absent):
        return absent
    trips = len(s.free_trips) - int(s.counter[at.FREE_TRIPS])
    many = max(FEWEST, int(TRIPS_FULL * s.counter[at.SERVED] / max(trips, 1)))
    sites = g.column[g.option[g.first[absent]], at.SITE]
    fleet = rng.integers(len(g.fleet))
    way = g.length[g.fleet[fleet, at.LENGTHS] + rng.choice(sites) * g.sites + sites]
    return absent[np.argsort(way, kind="stable")[:many]]


def _made(g: at.Ground, s: at.State, rows: Whole, rng: np.random.Generator) -> Whole:
    """Put new trips into the plan, now and then in place of some; return the orders of all of them, if it keeps rules.

    Where anything is fetched, the plan is left as it is.
    """
    if g.mixed:
        return rows[:0]
    vehicles = vehicles_of(rows)
    gone = int(rng.choice(GONE))
    changed = _taken_out(g, vehicles, gone, rng)
    for _ in range(max(1, gone + (int(rng.integers(2)) if gone != 1 else 0))):
        new = _new(g, s, vehicles, rng)
        if not len(new):
            break
        orders = g.column[new[new >= 0], at.ORDER]
        taken = np.isin(g.column[:, at.ORDER], orders)
        rest = [without(row, taken) for row in vehicles]
        vehicles = [*(row for row in rest if (row >= 0).any()), new]
        changed.append(orders)
    plan = np.concatenate([rows[:0], *vehicles])
    if changed and load(g, s, plan, len(plan)) and (s.room >= 0).all():
        return np.unique(np.concatenate(changed))
    load(g, s, rows, len(rows))
    return rows[:0]


def _taken_out(g: at.Ground, vehicles: list[Whole], many: int, rng: np.random.Generator) -> list[Whole]:
    """Take some vehicles that stop near each other out of a list, none that have begun; return their orders."""
    free = [k for k, row in enumerate(vehicles) if not g.still[row[row >= 0]].any()]
    if not free or not many:
        return []
    whose = served_at(g, vehicles, free)
    stop = int(rng.choice(np.flatnonzero(whose >= 0)))
    near = g.near[stop, g.near[stop] >= 0]
    found = list(dict.fromkeys(k for k in whose[near].tolist() if k >= 0))[:many]
    gone = [vehicles[k] for k in found]
    for k in sorted(found, reverse=True):
        vehicles.pop(k)
    return [g.column[row[row >= 0], at.ORDER] for row in gone]


def without(row: Whole, taken: NDArray[np.bool_]) -> Whole:
    """Return a vehicle's row without some options, and without the marks of trips that have lost all of theirs."""
    row = row[(row < 0) | ~taken[np.maximum(row, 0)]]
    kept = (row >= 0) | np.append(row[1:] >= 0, False)
    kept[0] = True
    left: Whole = row[kept]
    return left


def _new(g: at.Ground, s: at.State, vehicles: list[Whole], rng: np.random.Generator) -> Whole:
    """Return the row of a vehicle for orders that are absent, or worth taking from others; none if no fleet has one."""
    used = np.bincount([-2 - int(row[0]) for row in vehicles], minlength=len(g.fleet))
    spare = np.flatnonzero(used < g.fleet[:, at.VEHICLES])
    if not len(spare):
        return spare
    f = int(rng.choice(spare))
    worth, mine, taking = g.price.astype(float), np.ones(len(g.price), bool), rng.random() < TAKING
    for row in vehicles:
        orders = g.column[row[row >= 0], at.ORDER]
        mine[orders] = taking
        worth[orders] = _saved(g, row)
    worth *= 1 + float(rng.choice(NOISE)) * rng.uniform(-1, 1, len(worth))
    mine &= rng.random(len(mine)) >= PASSED_OVER * rng.random()
    options = np.flatnonzero(mine[g.column[:, at.ORDER]] & g.allowed[f] & ~g.still)
    # One option of each order, in the sequence of when it is served or, if it is not, of a time in its window.
    options = rng.permutation(options)
    options = options[np.unique(g.column[options, at.ORDER], return_index=True)[1]]
    opens = g.column[options, at.OPEN]
    closes = np.minimum(g.column[options, at.CLOSE], g.fleet[f, at.CLOSES])
    when = opens + rng.random(len(options)) * (closes - opens)
    served = s.node[options, at.TRIP] >= 0
    when[served] = _ends(g, s, options[served])
    options = options[np.argsort(when, kind="stable")]
    before, label = np.full(len(options), NONE), np.zeros((len(options), LABELS), np.int64)
    end = best_trip(g, f, options, worth[g.column[options, at.ORDER]].astype(np.int64), before, label)
    found: list[int] = []
    while end >= 0:
        found.append(int(options[end]))
        end = int(before[end])
    return np.array([-2 - f, -1, *found[::-1]] if found else [], np.int64)


def _ends(g: at.Ground, s: at.State, options: Whole) -> Whole:
    """Return when service ends at the earliest at options that are in the plan."""
    clock = g.fleet[s.trip[s.node[options, at.TRIP], at.FLEET], at.CLOCK]
    ends: Whole = s.node[options, at.FE] + np.where(clock == at.STRETCHES, s.node[options, at.FD], 0)
    return ends


def _saved(g: at.Ground, row: Whole) -> Whole:
    """Return what each stop of a vehicle's row costs by its detour."""
    kind = g.fleet[-2 - int(row[0])]
    stops = np.flatnonzero(row >= 0)
    site = np.append(
        np.where(row >= 0, g.column[np.maximum(row, 0), at.SITE], kind[at.SITE_OF_HUB]), kind[at.SITE_OF_HUB]
    )
    a, b, c = site[stops - 1], site[stops], site[stops + 1]
    length, base = g.length, kind[at.LENGTHS]
    metres = length[base + a * g.sites + b].astype(np.int64) + length[base + b * g.sites + c]
    saved: Whole = (metres - length[base + a * g.sites + c]) * kind[at.PER_METRE]
    return saved


def _beside(g: at.Ground, orders: Whole, many: int) -> Whole:
    """Return some orders, and those at the sites nearest to them."""
    mine = np.isin(g.column[:, at.ORDER], orders)
    near = g.near[np.unique(g.column[mine, at.SITE]), : many + 1]
    here = np.isin(g.column[:, at.SITE], near[near >= 0])
    return np.union1d(orders, g.column[here, at.ORDER])
