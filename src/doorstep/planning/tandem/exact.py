"""Exact: the best plan of a van with at most one drone, where there are few customers and the makespan is all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.tandem.layout import DRIVE, LAUNCH, RECOVER, SERVE, ground_of
from doorstep.planning.tandem.oneroute import AGAIN, HANDOVER, LOOP, MEET, MOVE, sweep
from doorstep.planning.tandem.paths import fill_operations, fill_paths, operation_s

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.tandem.layout import Ground
    from doorstep.planning.tandem.problem import TandemProblem

MOST_CUSTOMERS, MOST_WITH_STAYS = 15, 13
"""Customers of an exact search, where the van's handovers take no time and where they do: 0.2 GB of tables."""
_SITES = 64


def within_reach(problem: TandemProblem) -> bool:
    """Return whether `best_row` knows all that the problem asks and is done in seconds."""
    stays = bool(problem.van_stay_s[1:].any())
    few = problem.sites - 1 <= (MOST_WITH_STAYS if stays else MOST_CUSTOMERS)
    return few and problem.drones <= 1 and not problem.beside and not problem.windowed and problem.plain_makespan


def best_row(problem: TandemProblem) -> NDArray[np.int64] | None:
    """Return the tasks of a plan of least makespan, as `layout` says; None where no plan serves all customers.

    Every customer is a stop of the van once, or served by the drone once (Bouman, Agatz and Schmidt 2018,
    doi:10.1002/net.21864), with launches, taking in, handovers and an endurance added. Time grows with 3 ^ customers.
    """
    g, sites = ground_of(problem), problem.sites
    sets, flags = 1 << (sites - 1), 2 if problem.van_stay_s[1:].any() else 1
    path = np.empty((sites, sets, sites))
    fill_paths(g, path)
    tables = np.full((4 if flags > 1 else 1, sites, sets, sites), np.inf)
    if problem.drones:
        for which, table in enumerate(tables):
            fill_operations(g, path, flags > 1 and which < 2, which % 2 == 1, table)  # noqa: PLR2004 - two of four
    best, came = np.empty((sets, sites, flags)), np.empty((sets, sites, flags), np.int64)
    sweep(g, tables, best, came)
    if not np.isfinite(best[-1, 0, flags - 1]):
        return None
    return _Trail(g, path, flags).row(best, came)


class _Trail:
    """The way back from the end of the tables to the tasks that led there."""

    def __init__(self, g: Ground, path: NDArray[np.float64], flags: int) -> None:
        self.g, self.path, self.flags = g, path, flags
        self.sites = len(path)

    def row(self, best: NDArray[np.float64], came: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return all tasks in order."""
        served, v, flag, pieces = len(best) - 1, 0, self.flags - 1, []
        while served or v:
            how, rest = int(came[served, v, flag]) % 8, int(came[served, v, flag]) // 8
            was_flag, was, inside = rest % 2, rest // 2 % _SITES, rest // 2 // _SITES
            pieces.append(self._piece(how, was, v, inside, was_flag, flag))
            served ^= inside
            if how in {MOVE, MEET} and v:
                served ^= 1 << (v - 1)
            v, flag = was, was_flag
        tasks = [task for piece in reversed(pieces) for task in piece]
        if not any(kind == DRIVE for kind, _ in tasks):
            tasks.append((DRIVE, 0))
        return np.array([kind * self.sites + site for kind, site in tasks], np.int64)

    def _piece(self, how: int, v: int, w: int, inside: int, flag: int, then: int) -> list[tuple[int, int]]:
        """Return the tasks between two states."""
        if how == HANDOVER:
            return [(SERVE, v)]
        late = self.flags > 1 and flag == 0
        early = self.flags > 1 and then == 1 and how != AGAIN
        if how == LOOP:
            d = inside.bit_length()
            serves = early and late
            return [(LAUNCH, d), *([(SERVE, v)] if serves else []), (RECOVER, d)]
        own = self.flags == 1 and w > 0 and how != AGAIN
        if how == MOVE:
            return [(DRIVE, w), *([(SERVE, w)] if own else [])]
        d = self._flown(v, w, inside, late, early)
        inner = self._way(v, inside ^ (1 << (d - 1)), w)
        passed = [task for x in inner for task in ((DRIVE, x), (SERVE, x))]
        served_w = [(SERVE, w)] if own or (early and w > 0) else []
        return [(LAUNCH, d), *([(SERVE, v)] if late else []), *passed, (DRIVE, w), *served_w, (RECOVER, d)]

    def _flown(self, v: int, w: int, inside: int, late: bool, early: bool) -> int:
        """Return whom the drone serves in an operation of least time."""
        able = [d for d in range(1, self.sites) if inside >> (d - 1) & 1 and self.g.by_drone[d]]
        times = [operation_s(self.g, self.path, v, inside ^ (1 << (d - 1)), w, d, late, early) for d in able]
        return able[int(np.argmin(times))]

    def _way(self, v: int, inner: int, w: int) -> list[int]:
        """Return the customers that the van serves on its way from `v` to `w`, in order."""
        order = []
        while inner:
            ends = [x for x in range(1, self.sites) if inner >> (x - 1) & 1 and self.g.by_van[x]]
            rest = [inner ^ (1 << (x - 1)) for x in ends]
            times = [
                self.path[v, r, x] + self.g.van_stay_s[x] + self.g.van_s[x, w] for r, x in zip(rest, ends, strict=True)
            ]
            k = int(np.argmin(times))
            order.append(ends[k])
            inner, w = rest[k], ends[k]
        return order[::-1]
