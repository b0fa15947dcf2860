"""Districts: a large plan searched part by part, vehicles near each other together, on as many cores as are free.

Every round draws districts anew, so that their borders move; each is a search of its own with the orders, vehicles and
compartments that are its own, and all go on from where they were. Cores change how long that takes, not what is found.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import anneal, load, save_best
from doorstep.planning.sisr.build import blank, vehicles_of
from doorstep.planning.sisr.pace import CHUNK
from doorstep.planning.sisr.rows import write_all
from doorstep.planning.sisr.strings import lured

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem
    from doorstep.planning.sisr.pace import Pace

    Whole = NDArray[np.int64]

LARGE = 1000
"""Orders beyond which a plan is searched in districts."""
SIZE = 400
"""Orders of a district, about."""
STEPS_AN_ORDER = 40
"""Steps of a district in one round, for each of its orders."""


@dataclass(frozen=True, slots=True)
class District:
    """Vehicles near each other, and the orders that only they may serve meanwhile."""

    rows: Whole
    orders: Whole
    used: Whole
    """[fleets] vehicles of it."""


def explore_districts(
    problem: Problem,
    g: at.Ground,
    s: at.State,
    pace: Pace,
    warmth: Callable[[float], float],
    knobs: NDArray[np.float64],
) -> None:
    """Search round by round until the pace is over; the best plan is kept in `s`."""
    rng = np.random.default_rng(int(s.dice[0] % np.uint64(1 << 32)))
    buffer, best = np.zeros_like(s.best), int(s.counter[at.BEST])
    with ThreadPoolExecutor(_cores()) as crew:
        while not pace.over():
            length = write_all(g, s, buffer)
            districts = _districts(problem, g, s, buffer[:length].copy(), rng)
            steps = [STEPS_AN_ORDER * len(district.orders) for district in districts]
            heats = warmth(pace.share()), warmth(pace.share(sum(steps)))
            seeds = rng.integers(1 << 32, size=len(districts)).tolist()
            grounds = _grounds(g, s, districts)
            now = lured(knobs, pace.share())
            tasks = [
                crew.submit(_search, problem, *task, heats, now, pace)
                for task in zip(districts, grounds, steps, seeds, strict=True)
            ]
            found = [task.result() for task in tasks]
            for _, done in found:
                pace.go(done)
            rows = np.concatenate([row for row, _ in found])
            if not load(g, s, rows, len(rows)):
                load(g, s, buffer, length)
            if s.counter[at.LEVEL] < best:
                save_best(g, s)
                best = int(s.counter[at.BEST])
                pace.watch.better(best)


def _cores() -> int:
    """Return how many districts are searched at once."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(free, int(told)) if told.isdigit() else free)


def _search(
    problem: Problem,
    district: District,
    ground: tuple[at.Ground, Whole],
    steps: int,
    seed: int,
    heats: tuple[float, float],
    knobs: NDArray[np.float64],
    pace: Pace,
) -> tuple[Whole, int]:
    """Return a district's rows after its steps, and how many were done."""
    g, room = ground
    s, orders = blank(problem, g, seed), district.orders
    s.room[:] = room
    # Whoever belongs to another district counts as served here, so that nobody tries to serve it.
    s.chosen[:] = g.option[np.minimum(g.first[:-1], len(g.option) - 1)]
    s.chosen[orders] = -1
    s.absent_at[:] = -1
    s.absent[: len(orders)], s.absent_at[orders] = orders, np.arange(len(orders))
    s.counter[at.ABSENT] = len(orders)
    load(g, s, district.rows, len(district.rows))
    s.counter[at.BEST] = s.counter[at.LEVEL]
    s.counter[at.MET] = len(s.met)
    done, cooling = 0, (heats[1] / heats[0]) ** (1 / max(steps, 1))
    while done < steps and not pace.watch.over():
        size = min(CHUNK, steps - done)
        anneal(g, s, size, heats[0] * cooling**done, heats[0] * cooling ** (done + size), knobs, -1)
        done += size
    return s.row[: write_all(g, s, s.row)].copy(), done


def _districts(problem: Problem, g: at.Ground, s: at.State, rows: Whole, rng: np.random.Generator) -> list[District]:
    """Part the vehicles of a plan by where they go, and give each absent order to the district nearest to it."""
    vehicles = vehicles_of(rows)
    stops = [row[row >= 0] for row in vehicles]
    middle = np.array([problem.site_xy_m[g.column[options, at.SITE]].mean(axis=0) for options in stops])
    count = np.array([len(options) for options in stops])
    groups = _parted(np.arange(len(vehicles)), middle, count, rng)
    absent = np.intersect1d(s.absent[: s.counter[at.ABSENT]], g.able)
    site = g.column[g.option[g.first[absent]], at.SITE]
    centre = np.array([middle[group].mean(axis=0) for group in groups])
    apart = ((problem.site_xy_m[site][:, None] - centre[None]) ** 2).sum(axis=2)
    nearest = apart.argmin(axis=1) if len(absent) else np.zeros(0, int)
    kinds = [{-2 - int(vehicles[v][0]) for v in group.tolist()} for group in groups]
    for k, order in enumerate(absent.tolist()):
        # Whoever only one vehicle may serve is where that vehicle is.
        able = np.flatnonzero(_may(g, g.option[g.first[order] : g.first[order + 1]])).tolist()
        home = [d for d, mine in enumerate(kinds) if not mine.isdisjoint(able)]
        nearest[k] = nearest[k] if nearest[k] in home or not home else home[0]
    districts = []
    for k, group in enumerate(groups):
        own = np.unique(np.concatenate([g.column[stops[v], at.ORDER] for v in group.tolist()]))
        fleets = np.array([-2 - int(vehicles[v][0]) for v in group.tolist()])
        districts.append(
            District(
                np.concatenate([vehicles[v] for v in group.tolist()]),
                np.concatenate([own, absent[nearest == k]]),
                np.bincount(fleets, minlength=len(g.fleet)),
            )
        )
    return districts


def _may(g: at.Ground, options: Whole) -> NDArray[np.bool_]:
    """Return which fleets may serve any of some options, be it only in the trip that their vehicle has begun."""
    mine = np.asarray(g.allowed[:, options].any(axis=1))
    may: NDArray[np.bool_] = mine | mine[g.fleet[:, at.BEGUN_AS]]
    return may


def _parted(
    group: NDArray[np.int64], middle: NDArray[np.float64], count: Whole, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Part vehicles along lines of random slopes until no part has many more orders than a district should."""
    if count[group].sum() <= 1.5 * SIZE or len(group) < 4:  # noqa: PLR2004 - two vehicles a part
        return [group]
    angle = rng.uniform(0, np.pi)
    along = middle[group] @ np.array([np.cos(angle), np.sin(angle)])
    order = group[np.argsort(along, kind="stable")]
    parts = max(2, round(float(count[group].sum()) / SIZE))
    share = (parts // 2) / parts
    cut = int(np.searchsorted(np.cumsum(count[order]), share * count[group].sum()))
    cut = min(max(cut, 1), len(order) - 1)
    return _parted(order[:cut], middle, count, rng) + _parted(order[cut:], middle, count, rng)


def _grounds(g: at.Ground, s: at.State, districts: list[District]) -> list[tuple[at.Ground, Whole]]:
    """Return for each district its ground and compartments: what it uses, and a share of what nobody does."""
    spare = g.fleet[:, at.VEHICLES] - sum(district.used for district in districts)
    taken = [_lodged(g, s, district.orders) for district in districts]
    grounds = []
    for k, district in enumerate(districts):
        fleet = g.fleet.copy()
        fleet[:, at.VEHICLES] = district.used + spare // len(districts) + (k < spare % len(districts))
        room = taken[k].copy()
        for bank in range(len(room)):
            if k == int(np.argmax([int(mine[bank, 0]) for mine in taken])):
                room[bank] += s.room[bank]
        grounds.append((g._replace(able=np.sort(district.orders), fleet=fleet), room))
    return grounds


def _lodged(g: at.Ground, s: at.State, orders: Whole) -> Whole:
    """Return the compartments [lockers, sizes] that some orders take."""
    taken = np.zeros_like(s.room)
    chosen = s.chosen[orders]
    for option in chosen[chosen >= 0].tolist():
        bank = int(g.column[option, at.LOCKER])
        if bank >= 0:
            taken[bank, : g.column[option, at.RANK] + 1] += 1
    return taken
