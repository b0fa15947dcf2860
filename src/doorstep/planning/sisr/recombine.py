"""Recombination: the best set of routes out of all routes met, by OR-Tools' CP-SAT, within what they share.

A set-partitioning model: every order is in one chosen route or left out at its price; vehicles of each fleet,
compartments of lockers, and what opens a hub or a locker are linear rows over the routes. Its linear relaxation is
solved first: no plan that is better than the best one has a route whose reduced cost is above the gap to it, so that
CP-SAT is left with few routes, and loses no plan by that.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.planning.clock import layout as at
from doorstep.planning.problem import DROP
from doorstep.planning.sisr.build import vehicles_of
from doorstep.planning.sisr.meeting import HEAD
from doorstep.planning.sisr.rows import write_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.sisr.pace import Pace

FIRST_ROUTES, MORE_ROUTES = 4000, 1000
"""In the linear relaxation to begin with, those of the best plans, and taken in at once."""
MOST_KEPT = 60_000
"""In the pool; then those of the worst plans go."""
MOST_CHOSEN = 500
"""Columns that CP-SAT is given, those of the least reduced cost."""
WORTH = 0.01
"""By how much of its cost a plan may be dearer than the best one for more routes of it to be looked at."""
TINY = 1e-6
"""What reduced costs may be wrong by."""
COST_BITS = 40
"""Costs of a model are rounded so that all of a plan fits into so many bits."""
SHARE_S = 0.05
"""Share of the time of a search that one model may take."""
LEAST_S = 0.05
"""Seconds that it is given however little is left."""
DETERMINISTIC = 1.0
"""Units of deterministic time of CP-SAT, about a second each, to one model."""


@dataclass(slots=True)
class Met:
    """A route that was in a plan."""

    fleet: int
    row: NDArray[np.int64]
    options: NDArray[np.int64]
    cost: int
    level: int
    """Cost of the best plan that it was in."""


class Pool:
    """Routes met in a search: of those over the same options the cheapest."""

    def __init__(self, g: at.Ground, s: at.State, room: NDArray[np.int64], *, meets: bool = True) -> None:
        self.g, self.room, self.meets = g, room, meets
        if not meets:
            s.counter[at.MET] = len(s.met)
        self.buffer = np.zeros_like(s.best)
        self.by_row: dict[bytes, Met] = {}
        self.by_options: dict[tuple[int, bytes], Met] = {}

    def note(self, s: at.State) -> None:
        """Take note of the routes written down as the search passed them, and of those of the plan as it is."""
        begin, end = 0, int(s.counter[at.MET]) * self.meets
        met = s.met[:end].copy()
        while begin < end:
            after, cost, level = met[begin : begin + HEAD].tolist()
            self._add(met[begin + HEAD : after], cost, level)
            begin = after
        s.counter[at.MET] = 0 if self.meets else len(s.met)
        length, level = int(write_all(self.g, s, self.buffer)), int(s.counter[at.LEVEL])
        whole = self.buffer[:length].copy()
        costs = s.vehicle[s.in_use[: s.counter[at.IN_USE]], at.COST].tolist()
        for row, cost in zip(vehicles_of(whole), costs, strict=True):
            self._add(row, cost, level)
        if len(self.by_row) > MOST_KEPT:
            self._thin()

    def _add(self, row: NDArray[np.int64], cost: int, level: int) -> None:
        row = np.where(row <= -at.HELD, -1, row)
        key = row.tobytes()
        known = self.by_row.get(key)
        if known:
            known.level = min(known.level, level)
            return
        options = np.sort(row[row >= 0])
        fleet = -2 - int(row[0])
        met = self.by_options.setdefault((fleet, options.tobytes()), Met(fleet, row, options, cost, level))
        met.level = min(met.level, level)
        if cost < met.cost:
            met.row, met.cost = row, cost
        self.by_row[key] = met

    def _thin(self) -> None:
        bound = sorted(met.level for met in self.by_options.values())[len(self.by_options) // 2]
        self.by_options = {key: met for key, met in self.by_options.items() if met.level <= bound}
        self.by_row = {key: met for key, met in self.by_row.items() if met.level <= bound}

    def best_set(self, best: NDArray[np.int64], pace: Pace) -> NDArray[np.int64]:
        """Return the rows of the cheapest plan that can be put together from the pool and the best plan's rows."""
        routes = sorted(self.by_options.values(), key=lambda met: met.level)
        most = routes[0].level * (1 + WORTH)
        routes = [met for k, met in enumerate(routes) if k < FIRST_ROUTES or (self.meets and met.level <= most)]
        sheet = _sheet(self.g, self.room, routes)
        mine = set(_keys(best))
        known = np.array([(met.fleet, met.options.tobytes()) in mine for met in routes], bool)
        begun = time.monotonic()
        limit_s, until = max(LEAST_S, min(pace.left_s(), pace.limit_s * SHARE_S)), begun + pace.left_s()
        picked = _picked(sheet, known, limit_s, until)
        pace.by_work = pace.by_work and time.monotonic() - begun < limit_s
        return np.concatenate([routes[k].row for k in picked]) if len(picked) else best[:0]


@dataclass(slots=True)
class Sheet:
    """Rows and columns of the model: routes, orders left out, hubs opened, lockers opened."""

    cost: NDArray[np.float64]
    """[columns]"""
    equal: Any
    """Sparse [orders, columns]: each order once."""
    most: Any
    """Sparse [limits, columns]"""
    limit: NDArray[np.float64]
    """[limits]"""
    routes: int
    upper: NDArray[np.float64]
    """[columns] 1, and 0 where an order stands for what a vehicle has done, which cannot be left out."""


def _keys(rows: NDArray[np.int64]) -> list[tuple[int, bytes]]:
    """Return fleet and options of each route, as the pool knows it."""
    return [(-2 - int(row[0]), np.sort(row[row >= 0]).tobytes()) for row in vehicles_of(rows)]


def _sheet(g: at.Ground, room: NDArray[np.int64], routes: list[Met]) -> Sheet:
    from scipy import sparse

    n, able = len(routes), len(g.able)
    stops = np.concatenate([met.options for met in routes])
    column = np.repeat(np.arange(n), [len(met.options) for met in routes])
    once = g.part[stops] != DROP
    line = np.searchsorted(g.able, g.column[stops, at.ORDER])
    hubs, banks = np.flatnonzero(g.hub_cost), np.arange(len(g.locker_cost))
    left, opened, lodged = n + np.arange(able), n + able + np.arange(len(hubs)), n + able + len(hubs) + banks
    columns = n + able + len(hubs) + len(banks)
    cost = np.concatenate([[met.cost for met in routes], g.price[g.able], g.hub_cost[hubs], g.locker_cost]).astype(
        float
    )
    ones = np.ones(once.sum() + able)
    places = np.concatenate([line[once], np.arange(able)]), np.concatenate([column[once], left])
    equal = sparse.csr_matrix((ones, places), shape=(able, columns))
    fleet = np.array([met.fleet for met in routes])
    parts = [sparse.csr_matrix((np.ones(n), (fleet, np.arange(n))), shape=(len(g.fleet), columns))]
    limit = [g.fleet[:, at.VEHICLES].astype(float)]
    for hub, y in zip(hubs.tolist(), opened.tolist(), strict=True):
        mine = np.flatnonzero(g.fleet[fleet, at.HUB] == hub)
        most = float(g.fleet[g.fleet[:, at.HUB] == hub, at.VEHICLES].sum())
        parts.append(_line(columns, mine, y, -most))
        limit.append(np.zeros(1))
    for bank, y in zip(banks.tolist(), lodged.tolist(), strict=True):
        here = g.column[stops, at.LOCKER] == bank
        for size in range(room.shape[1]):
            mine = np.flatnonzero(here & (g.column[stops, at.RANK] >= size))
            parts.append(_line(columns, column[mine], y, -float(room[bank, size])))
            limit.append(np.zeros(1))
    upper = np.ones(columns)
    upper[n + np.searchsorted(g.able, g.column[g.still, at.ORDER])] = 0
    return Sheet(cost, equal, sparse.vstack(parts).tocsr(), np.concatenate(limit), n, upper)


def _line(columns: int, where: NDArray[np.int64], y: int, most: float) -> Any:
    """Return a row that counts some columns, and allows so many of them as `most` says only if column `y` is taken."""
    from scipy import sparse

    places = np.zeros(len(where) + 1, int), np.append(where, y)
    return sparse.csr_matrix((np.append(np.ones(len(where)), most), places), shape=(1, columns))


def _picked(sheet: Sheet, known: NDArray[np.bool_], limit_s: float, until: float) -> NDArray[np.int64]:
    """Return the routes of the best choice found that is better than the known one; none if there is not.

    Both the relaxation and the choice out of what it leaves may take `limit_s`, and end at the time `until`.
    """
    own = np.flatnonzero(known)
    served = np.asarray(sheet.equal[:, own].sum(axis=1)).reshape(-1)
    value = np.zeros(len(sheet.cost))
    value[own] = 1
    value[sheet.routes : sheet.routes + len(served)] = served == 0
    worst = float(sheet.cost[value > 0].sum())
    # What is served stays served where leaving it out is no choice: such prices are beyond any plan's cost.
    upper = np.where(sheet.cost > 2 * worst, value, sheet.upper)
    scale = max(1.0, worst / 1e6)
    reduced, bound = _relaxed(sheet, upper, scale, known, limit_s)
    if not len(reduced):
        return own[:0]
    opened = sheet.cost[sheet.routes + len(served) :].sum() / scale
    room = worst / scale + opened - bound + TINY
    kept = np.flatnonzero(((reduced <= room) & (upper > 0)) | (value > 0))
    if len(kept) > MOST_CHOSEN:
        first = np.where(value[kept] > 0, -np.inf, reduced[kept])
        kept = np.sort(kept[np.argsort(first, kind="stable")[:MOST_CHOSEN]])
    return _chosen(sheet, kept, value, max(LEAST_S, min(limit_s, until - time.monotonic())))


def _relaxed(
    sheet: Sheet, upper: NDArray[np.float64], scale: float, known: NDArray[np.bool_], limit_s: float
) -> tuple[NDArray[np.float64], float]:
    """Return the reduced costs of all columns in the linear relaxation, and its value; none if there was no time.

    Columns are taken in as their reduced costs call for them, those of the best plans first; if time runs out, what was
    known by then must do.
    """
    from scipy.optimize import linprog

    cost, begun = sheet.cost / scale, time.monotonic()
    taken = np.arange(len(cost)) >= sheet.routes
    taken[: len(known)] = known
    taken[: min(FIRST_ROUTES, len(known))] = True
    reduced, bound = cost[:0], 0.0
    while True:
        mine = np.flatnonzero(taken)
        found = linprog(
            cost[mine],
            A_ub=sheet.most[:, mine],
            b_ub=sheet.limit,
            A_eq=sheet.equal[:, mine],
            b_eq=np.ones(sheet.equal.shape[0]),
            bounds=np.stack([np.zeros(len(mine)), upper[mine]], axis=1),
            method="highs-ds",
            options={"time_limit": max(begun + limit_s - time.monotonic(), 0.0)},
        )
        if found.status != 0:
            return reduced, bound
        bound = float(found.fun)
        reduced = cost - sheet.equal.T @ found.eqlin.marginals - sheet.most.T @ found.ineqlin.marginals
        cheaper = np.flatnonzero(~taken & (reduced < -TINY) & (upper > 0))
        if not len(cheaper):
            return reduced, bound
        taken[cheaper[np.argsort(reduced[cheaper], kind="stable")[:MORE_ROUTES]]] = True


def _chosen(sheet: Sheet, kept: NDArray[np.int64], value: NDArray[np.float64], limit_s: float) -> NDArray[np.int64]:
    """Return the routes of the best choice out of some columns that CP-SAT finds."""
    from ortools.sat.python import cp_model

    model: Any = cp_model.CpModel()
    takes = [model.new_bool_var("") for _ in kept]
    for take, hint in zip(takes, value[kept].tolist(), strict=True):
        model.add_hint(take, bool(hint))
    equal, most = sheet.equal[:, kept].tocsr(), sheet.most[:, kept].tocsr()
    for begin, end in pairwise(equal.indptr.tolist()):
        model.add_exactly_one([takes[k] for k in equal.indices[begin:end].tolist()])
    for (begin, end), limit in zip(pairwise(most.indptr.tolist()), sheet.limit.tolist(), strict=True):
        terms = zip(most.indices[begin:end].tolist(), most.data[begin:end].tolist(), strict=True)
        model.add(sum(int(times) * takes[k] for k, times in terms) <= int(limit))
    unit = max(1.0, float(sheet.cost[kept].max()) * len(sheet.limit) / 2**COST_BITS)
    costs = np.rint(sheet.cost[kept] / unit).astype(np.int64).tolist()
    model.minimize(sum(cost * take for cost, take in zip(costs, takes, strict=True)))
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.linearization_level = 1, 2
    solver.parameters.max_deterministic_time, solver.parameters.max_time_in_seconds = DETERMINISTIC, limit_s
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return kept[:0]
    picked = [k for k, take in zip(kept.tolist(), takes, strict=True) if solver.boolean_value(take)]
    return np.array([k for k in picked if k < sheet.routes], np.int64)
