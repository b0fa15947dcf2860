"""Crossing: routes of one good plan put into another, each time followed by a short search nearby.

A search that has cooled down stays with how it parts orders among routes, and another one parts them otherwise, better
in some places and worse in others. Routes near each other make way for those of another plan that serve mostly
the same orders (after the selective route exchange of Nagata, Bräysy and Dullaert 2010, doi:10.1016/j.cor.2009.06.022);
what would be served twice is left to one of both, and what is left over is put back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.sisr.annealing import anneal, construct, load, save_best
from doorstep.planning.sisr.build import served_at, vehicles_of
from doorstep.planning.sisr.cooling import COLD
from doorstep.planning.sisr.strings import lured
from doorstep.planning.sisr.ventures import without

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.sisr.pace import Pace
    from doorstep.planning.sisr.recombine import Pool

    Whole = NDArray[np.int64]
    Plans = list[tuple[Whole, int]]
    """Rows and cost of each."""
    Both = tuple[NDArray[np.float64], NDArray[np.float64]]
    """Knobs of which either is taken; see `strings`."""

PIECES, PIECE = (4, 8, 16), 250
"""Pieces of the search after a crossing, and steps of each. All numbers here are tuned."""
HOT = (0.05, 0.1, 0.2)
"""Temperatures to begin with, in mean costs of one order."""
MOST = 0.5
"""Share of the routes of a plan that make way, at the most."""
ALIKE = (0.35, 0.65)
"""Share of the orders of another plan's route that must have lost theirs for it to come in, drawn from this span."""
VAIN = 100
"""Crossings in a row that gave nothing new after which there is no more to be had."""


def cross(
    g: at.Ground,
    s: at.State,
    pace: Pace,
    knobs: Both,
    plans: Plans,
    mean: float,
    end: float,
    pool: Pool | None = None,
) -> None:
    """Go on from some plans by crossing them until a share of the search is over, or they are alike.

    `mean` is the mean cost of one order; no vehicle has begun. The best plan of the search takes part, and it has the
    best one met afterwards; routes met are put into the `pool`.
    """
    rng = np.random.default_rng(int(s.dice[0] % np.uint64(1 << 32)))
    plans, vain = list(plans), 0
    rows, least = s.best[: s.counter[at.BEST_LENGTH]].copy(), int(s.counter[at.BEST])
    if all(cost > least for _, cost in plans):
        plans.append((rows, least))
    while not pace.over() and pace.share() < end and vain < VAIN:
        one, other = rng.choice(len(plans), 2, replace=False).tolist()
        child, orders = _crossed(g, plans[one][0], plans[other][0], rng)
        vain += 1
        if not len(child) or not load(g, s, child, len(child)) or (s.room < 0).any():
            continue
        s.counter[at.BEST] = at.NOWHERE
        construct(g, s, True, -1)
        now = lured(knobs[int(rng.integers(2))], pace.share())
        _cool_nearby(g._replace(able=orders), s, pace, now, mean, rng)
        if pool:
            pool.note(s)
        cost = int(s.counter[at.BEST])
        if cost >= plans[one][1] or any(cost == known for _, known in plans):
            continue
        plans[one], vain = (s.best[: s.counter[at.BEST_LENGTH]].copy(), cost), 0
        if cost < least:
            rows, least = plans[one]
            pace.watch.better(least)
    load(g, s, rows, len(rows))
    save_best(g, s)


def _cool_nearby(
    near: at.Ground, s: at.State, pace: Pace, knobs: NDArray[np.float64], mean: float, rng: np.random.Generator
) -> None:
    """Search from warm to cold around the orders of `near`."""
    pieces, hot = int(rng.choice(PIECES)), float(rng.choice(HOT))
    heats = mean * hot * (COLD / hot) ** np.linspace(0, 1, pieces + 1)
    for k in range(pieces):
        if pace.over():
            break
        size = min(PIECE, pace.steps - pace.done)
        anneal(near, s, size, heats[k], heats[k + 1], knobs, -1)
        pace.go(size)


def _crossed(g: at.Ground, one: Whole, other: Whole, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """Return the rows of a plan with some routes of another one, and the orders of all of them.

    There are none where there are no routes, nothing would change, or fleets would need vehicles that they do not have.
    """
    mine, bar = vehicles_of(one), rng.uniform(*ALIKE)
    out = _neighbours(g, mine, rng) if mine else set()
    gone = _orders_of(g, [mine[k] for k in out])
    come = [row for row in vehicles_of(other) if gone[g.column[row[row >= 0], at.ORDER]].mean() > bar]
    if {row.tobytes() for row in come} == {mine[k].tobytes() for k in out}:
        return one[:0], one[:0]
    new, rest = _orders_of(g, come), [row for k, row in enumerate(mine) if k not in out]
    twice = (new & ~gone)[g.column[:, at.ORDER]]
    if rng.random() < 0.5:  # noqa: PLR2004 - either side
        rest = [without(row, twice) for row in rest]
    else:
        come = [without(row, twice) for row in come]
    rows = [row for row in (*rest, *come) if (row >= 0).any()]
    used = np.bincount([-2 - int(row[0]) for row in rows], minlength=len(g.fleet))
    if not come or (used > g.fleet[:, at.VEHICLES]).any():
        return one[:0], one[:0]
    return np.concatenate(rows), np.intersect1d(np.flatnonzero(gone | new), g.able)


def _neighbours(g: at.Ground, vehicles: list[Whole], rng: np.random.Generator) -> set[int]:
    """Return some vehicles, by position, that stop near one of the stops of a plan."""
    whose = served_at(g, vehicles, rng.permutation(len(vehicles)).tolist())  # of several at a site, another each time
    stop = int(rng.choice(np.flatnonzero(whose >= 0)))
    close = whose[rng.permutation(g.near[stop, g.near[stop] >= 0])]
    found = list(dict.fromkeys([int(whose[stop]), *close[close >= 0].tolist()]))
    most = max(1, min(int(MOST * len(vehicles)), len(found)))
    return set(found[: 1 + int(rng.integers(most))])


def _orders_of(g: at.Ground, rows: list[Whole]) -> NDArray[np.bool_]:
    """Return which orders some rows serve."""
    served = np.zeros(len(g.price), bool)
    for row in rows:
        served[g.column[row[row >= 0], at.ORDER]] = True
    return served
