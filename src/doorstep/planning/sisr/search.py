"""Search: the compiled annealing run to its end, by work or by the clock."""

from __future__ import annotations

import io
import sys
import threading
import time
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.misses import cheapest_or_miss
from doorstep.planning.sisr.annealing import anneal, construct, load, save_best
from doorstep.planning.sisr.build import blank, ground, held_rows, scratch, vehicles_of
from doorstep.planning.sisr.cooling import Cooling, cycles_for
from doorstep.planning.sisr.crossing import cross
from doorstep.planning.sisr.districts import LARGE, explore_districts
from doorstep.planning.sisr.fewer import thin_out, tighten
from doorstep.planning.sisr.newtrip import LABELS, best_trip
from doorstep.planning.sisr.optional import are_optional, serve_generously
from doorstep.planning.sisr.pace import CHUNK, Pace
from doorstep.planning.sisr.recombine import Pool
from doorstep.planning.sisr.rising import make_room
from doorstep.planning.sisr.rows import write_all
from doorstep.planning.sisr.strings import LURE, OPENING, lured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem
    from doorstep.planning.sisr.crossing import Plans
    from doorstep.planning.sisr.pace import Watch

    Rows = Sequence[tuple[int, Sequence[int]]]

HOT, WARM = 1.0, 0.05
"""Annealing temperatures, in mean costs of one order: to begin with, and to polish a good plan."""
SHORT, LONG = np.array([10, 10, 0.5, 0.99, 0.02, 0.1, 0]), np.array([15, 20, 0.5, 0.5, 0.02, 1, 3])
"""See `strings`; for plans of short and of long trips (after Christiaens and Vanden Berghe 2020), each tuned on a dozen
instances of several kinds. Plans of long trips are searched with both in turn."""
MIXED = (1, 8)
"""The last two of them where fleets could stand in for each other: many small vehicles against few large ones."""
SHORT_TRIP, LONG_TRIP = 12, 20
"""Orders of a trip, on average; between them both are blended. Plans of long trips begin twice as hot."""
SHARE_FEWER = 0.3
"""Share of a search that may go into taking vehicles out."""
TIGHT = 0.5
"""Share of a search after which all vehicles may be used again, where it began with few; see `fewer`. Where plans are
to be crossed, it is when half of them are found."""
NOTICE_S = 3.0
COMPILING = "The search is compiled on first use, which takes about half a minute and is kept for later runs.\n"
RECOMBINE = (0.4, 0.6, 0.8, 0.95)
"""Shares of the search after which the routes met are recombined."""


def explore(
    problem: Problem,
    steps: int,
    seed: int,
    watch: Watch,
    start: Rows = (),
    *,
    g: at.Ground | None = None,
    heat: float = HOT,
) -> tuple[Rows, int, bool]:
    """Return the routes of the best plan met as (fleet, row), steps done, and whether the clock had no say in it.

    A search goes on from `start` if that keeps all rules. `heat` is the first temperature, in mean costs of one order.
    """
    g = g or ground(problem)
    g.booked[:] = g.taken
    s = blank(problem, g, seed)
    row, held = _written(start), _written(held_rows(g))
    load(g, s, held, len(held))
    sunk = int(_own_costs(g, s).sum())
    if len(row) > len(held) and load(g, s, row, len(row)):
        save_best(g, s)
        if steps:
            construct(g, s, False, -1)
    else:
        load(g, s, held, len(held))
        if len(held):
            save_best(g, s)
        construct(g, s, True, -1)
        if (g.kin[:, 0] >= 0).any():
            _try_fleets(g, s, held)
    long = _length(s)
    knobs = _knobs(g, long)
    watch.better(int(s.counter[at.BEST]))
    pace, first, cycles, crossing = Pace(steps, watch), int(s.counter[at.BEST]), 1, None
    there = g.fleet[:, at.VEHICLES].copy()
    if heat >= HOT:
        thin_out(g, s, pace, SHARE_FEWER, knobs, _mean_cost(g, s, sunk))
        make_room(g, s, pace, knobs, _mean_cost(g, s, sunk))
        tighten(g, s, pace, knobs, _mean_cost(g, s, sunk))
        heat *= 1 + long
        if steps and len(g.able) and are_optional(g, _mean_cost(g, s, sunk)):
            heat = min(heat, serve_generously(g, s, pace, (knobs, SHORT), _mean_cost(g, s, sunk)))
        likely = _likely(g, s, pace, heat * _mean_cost(g, s, sunk), knobs)
        # What a vehicle does on several trips need not be near each other: crossed vehicle by vehicle, that lost.
        once = bool((g.fleet[:, at.MOST_TRIPS] <= 1).all())
        may_cross = once and heat >= HOT and len(g.able) <= LARGE and not g.still.any()
        cycles, crossing = cycles_for(len(g.able), likely, long, may_cross=may_cross)
        if (cycles, crossing) != cycles_for(len(g.able), pace.steps - pace.done, long, may_cross=may_cross):
            pace.by_work = False
        if s.counter[at.BEST] < first:
            watch.better(int(s.counter[at.BEST]))
    cooling = Cooling(_mean_cost(g, s, sunk), heat, pace.share(), cycles, crossing)
    if steps and len(g.able) > LARGE and not problem.shared:
        explore_districts(problem, g, s, pace, cooling.warmth, knobs)
    else:
        pool = Pool(g, s, problem.locker_room, meets=cooling.cycles > 1)
        _explore_whole(g, s, pool, pace, cooling, knobs, there)
    g.fleet[:, at.VEHICLES] = there
    return _read(s.best[: s.counter[at.BEST_LENGTH]]), pace.done, pace.by_work and pace.done >= steps


def _knobs(g: at.Ground, long: float) -> NDArray[np.float64]:
    knobs: NDArray[np.float64] = SHORT + long * (LONG - SHORT)
    if (g.kin[:, 0] >= 0).any():
        knobs[[OPENING, LURE]] = MIXED
    return knobs


def _explore_whole(
    g: at.Ground,
    s: at.State,
    pool: Pool,
    pace: Pace,
    cooling: Cooling,
    knobs: NDArray[np.float64],
    there: NDArray[np.int64],
) -> None:
    """Search chunk by chunk until the pace is over, and recombine routes met now and then.

    Vehicles may be fewer than there are (`there`) for a while. What several cycles come to may be crossed; where that
    ends early, it begins anew.
    """
    plans: Plans = []
    due, best = list(RECOMBINE), int(s.counter[at.BEST])
    turn, other = knobs, SHORT.copy()
    other[[OPENING, LURE]] = knobs[[OPENING, LURE]]
    while not pace.over():
        if pace.share() >= (cooling.middle if cooling.crossing else TIGHT):
            g.fleet[:, at.VEHICLES] = there
        if cooling.crossing and len(plans) < int(cooling.done(pace.share())):
            plans.append((pool.buffer[: write_all(g, s, pool.buffer)].copy(), int(s.counter[at.LEVEL])))
            if len(plans) == cooling.cycles:
                cross(g, s, pace, (turn, other), plans, cooling.mean, cooling.crossed_until, pool)
                best = int(s.counter[at.BEST])
                cooling, plans = cooling.again(pace.share()), []
                continue
        if due and pace.share() >= due[0]:
            while due and pace.share() >= due[0]:  # once, where crossing has passed several
                due.pop(0)
            _recombine(g, s, pool, pace)
        size = min(CHUNK, pace.steps - pace.done)
        anneal(g, s, size, *cooling.span(pace.share(), pace.share(size)), lured(turn, pace.share()), -1)
        turn, other = other, turn
        pace.go(size)
        pool.note(s)
        if s.counter[at.BEST] < best:
            best = int(s.counter[at.BEST])
            pace.watch.better(best)


def _likely(g: at.Ground, s: at.State, pace: Pace, hot: float, knobs: NDArray[np.float64]) -> float:
    """Return how many steps there will be, going by the first."""
    size, left_s = min(CHUNK, pace.steps - pace.done), pace.left_s()
    if pace.over():
        return 0.0
    anneal(g, s, size, hot, hot, knobs, -1)
    pace.go(size)
    return pace.likely(size, left_s - pace.left_s())


def _try_fleets(g: at.Ground, s: at.State, held: NDArray[np.int64]) -> None:
    """Build a plan with vehicles of one fleet only, for each; go on from the cheapest, that of all fleets included.

    Whoever has begun (`held`) is in each of them.
    """
    rows, cost = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST])
    for f in np.flatnonzero(g.fleet[:, at.VEHICLES] > 0).tolist():
        load(g, s, held, len(held))
        construct(g, s, True, f)
        if s.counter[at.LEVEL] < cost:
            rows, cost = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.LEVEL])
    load(g, s, rows, len(rows))


def _recombine(g: at.Ground, s: at.State, pool: Pool, pace: Pace) -> None:
    """Go on from the cheapest plan that can be put together from routes met, if that is better than the best."""
    if s.counter[at.IN_USE] == 0 or s.counter[at.BEST_LENGTH] == 0:
        return
    now = pool.buffer[: write_all(g, s, pool.buffer)].copy()
    best, cost = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST])
    load(g, s, best, len(best))
    pool.note(s)
    rows = pool.best_set(best, pace)
    if len(rows) and load(g, s, rows, len(rows)) and s.counter[at.LEVEL] < cost:
        save_best(g, s)
    else:
        load(g, s, now, len(now))


def warm_up(problem: Problem, g: at.Ground) -> float:
    """Compile the search, or read what was compiled before; return how many seconds that took.

    Where that takes a while, which is once on a machine, it is said on stderr.
    """
    begun = time.monotonic()
    notice = threading.Timer(NOTICE_S, (sys.stderr or io.StringIO()).write, [COMPILING])
    notice.daemon = True
    notice.start()
    try:
        s = blank(problem, g, 0)
        load(g, s, np.zeros(0, np.int64), 0)
        anneal(g, s, 0, 1.0, 1.0, SHORT, -1)
        construct(g, s, True, -1)
        write_all(g, s, s.row)
        if len(g.fleet) and len(g.column):
            cheapest_or_miss(g, 0, 0, np.zeros(0, np.int64), np.zeros(1, np.int64), *scratch(3))
            nothing = np.zeros(0, np.int64)
            best_trip(g, 0, nothing, nothing, nothing, np.zeros((0, LABELS), np.int64))
    finally:
        notice.cancel()
    return time.monotonic() - begun


def _length(s: at.State) -> float:
    """Return whether the trips of a plan are long: 0 for short ones, 1 for long ones, or between."""
    trips = len(s.free_trips) - int(s.counter[at.FREE_TRIPS])
    orders = int(s.counter[at.SERVED]) / max(trips, 1)
    return float(np.clip((orders - SHORT_TRIP) / (LONG_TRIP - SHORT_TRIP), 0, 1))


def _mean_cost(g: at.Ground, s: at.State, sunk: int) -> float:
    """Return what serving an order costs on average, the fixed costs of vehicles and what is done left out."""
    served = len(s.chosen) - int(s.counter[at.ABSENT]) - int(g.still.sum())
    return max(1.0, float(_own_costs(g, s).sum() - sunk) / max(served, 1))


def _own_costs(g: at.Ground, s: at.State) -> NDArray[np.int64]:
    """Return what each vehicle in use costs beyond its fixed cost."""
    used = s.in_use[: s.counter[at.IN_USE]]
    costs: NDArray[np.int64] = s.vehicle[used, at.COST] - g.fleet[s.vehicle[used, at.KIND], at.PER_VEHICLE]
    return costs


def _written(rows: Rows) -> np.ndarray:
    """Return routes as the search writes them."""
    return np.array([k for fleet, row in rows for k in (-2 - fleet, *row)], np.int64)


def _read(row: np.ndarray) -> Rows:
    """Return routes as (fleet, row)."""
    return [(-2 - int(mine[0]), mine[1:].tolist()) for mine in vehicles_of(row)]
