"""Draft: a plan under construction, cheap to copy, whose cost is exact at every moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.insertion import NOWHERE, cheapest, inserted, without
from doorstep.planning.timing import tables, time_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem
    from doorstep.planning.timing import Tables


NEAREST = 25
"""Places beside which an insertion is tried."""


class Given:
    """What does not change while drafts of one problem are made and compared."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        near = _near(problem.site_xy_m)
        self.tables: list[Tables] = [tables(problem, fleet, near) for fleet in problem.fleets]
        self.allowed = [fleet.allowed.tolist() for fleet in problem.fleets]
        self.order_of: list[int] = problem.option_order.tolist()
        self.locker_of: list[int] = problem.option_locker.tolist()
        self.options_of: list[list[int]] = [[] for _ in problem.order_ids]
        for option, order in enumerate(self.order_of):
            if any(allowed[option] for allowed in self.allowed):
                self.options_of[order].append(option)
        self.rank = np.array([size.rank for size in problem.sizes], np.int64)

    def time(self, fleet: int, row: NDArray[np.int64]) -> tuple[int, int, int, int]:
        """Return (rule, needs, has, cost) of one route; rule is 0 where it keeps them all."""
        out = np.empty((6, row.size), np.int64)
        rule, needs, has, cost = time_route(row, self.tables[fleet], out)
        return int(rule), int(needs), int(has), int(cost)


@dataclass(slots=True)
class Draft:
    """Routes as rows of options (see timing), with the compartments that they take."""

    given: Given
    fleets: list[int] = field(default_factory=list)
    rows: list[NDArray[np.int64]] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    room: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 4), np.int64))
    """[lockers, sizes] compartments left."""
    parcels: list[int] = field(default_factory=list)
    """In each locker."""
    chosen: list[int] = field(default_factory=list)
    """Option of each order, -1 where it is unserved."""

    @classmethod
    def empty(cls, given: Given) -> Draft:
        """Return the draft that serves nobody."""
        problem = given.problem
        return cls(
            given,
            room=problem.locker_room.copy(),
            parcels=[0] * len(problem.lockers),
            chosen=[-1] * len(problem.order_ids),
        )

    @classmethod
    def of(cls, given: Given, routes: Iterable[tuple[int, Sequence[int]]]) -> Draft:
        """Return the draft of given routes; stops that break a rule are left out."""
        draft = cls.empty(given)
        for fleet, row in routes:
            kept = draft.fleets.count(fleet) < given.problem.fleets[fleet].count
            draft.take(fleet, np.array(row, np.int64) if kept else np.array([], np.int64))
        return draft

    def copy(self) -> Draft:
        """Return a draft that can change without this one changing; rows are never changed in place."""
        lists = list(self.fleets), list(self.rows), list(self.costs)
        return Draft(self.given, *lists, self.room.copy(), list(self.parcels), list(self.chosen))

    @property
    def unserved(self) -> list[int]:
        """Orders without an option."""
        return [order for order, option in enumerate(self.chosen) if option < 0]

    def cost(self) -> int:
        """Return all that the plan costs, the price of unserved orders included."""
        problem = self.given.problem
        lockers = sum(int(problem.locker_cost[k]) for k, n in enumerate(self.parcels) if n)
        hubs = {problem.fleets[fleet].hub for fleet in self.fleets}
        penalty = sum(int(problem.unserved_cost[o]) for o in self.unserved)
        return sum(self.costs) + lockers + sum(int(problem.hub_cost[hub]) for hub in hubs) + penalty

    def as_rows(self) -> list[tuple[int, list[int]]]:
        """Return the routes as (fleet, row)."""
        return [(fleet, row.tolist()) for fleet, row in zip(self.fleets, self.rows, strict=True)]

    def fits(self, option: int) -> bool:
        """Tell whether there is a compartment left for an option; always true away from lockers."""
        locker = self.given.locker_of[option]
        if locker < 0:
            return True
        rank = self.given.rank[self.given.order_of[option]]
        return bool(np.all(self.room[locker, : rank + 1] > 0))

    def best(self, order: int) -> tuple[int, int, int, int, bool]:
        """Return (added cost, option, route or -1 - fleet for a new vehicle, position, opens a trip)."""
        given, problem = self.given, self.given.problem
        found = (NOWHERE, -1, -1, -1, False)
        for option in given.options_of[order]:
            if not self.fits(option):
                continue
            locker = given.locker_of[option]
            extra = int(problem.locker_cost[locker]) if locker >= 0 and not self.parcels[locker] else 0
            for route, fleet in enumerate(self.fleets):
                if given.allowed[fleet][option]:
                    cost, where, opens = cheapest(self.rows[route], option, given.tables[fleet])
                    if cost < NOWHERE and cost - self.costs[route] + extra < found[0]:
                        found = (cost - self.costs[route] + extra, option, route, where, opens)
            for fleet, kind in enumerate(problem.fleets):
                if given.allowed[fleet][option] and self.fleets.count(fleet) < kind.count:
                    rule, _, _, cost = given.time(fleet, np.array([-1, option], np.int64))
                    if not rule and kind.hub not in {problem.fleets[f].hub for f in self.fleets}:
                        cost += int(problem.hub_cost[kind.hub])
                    if not rule and cost + extra < found[0]:
                        found = (cost + extra, option, -1 - fleet, 0, True)
        return found

    def insert(self, order: int, price: int) -> bool:
        """Put an order where it is cheapest; leave it out where that costs as much as the price."""
        added, option, route, where, opens = self.best(order)
        if added >= price:
            return False
        if route < 0:
            self._add(-1 - route, np.array([-1, option], np.int64))
        else:
            self._replace(route, inserted(self.rows[route], option, where, opens=opens))
        self._lodge(option, 1)
        self.chosen[order] = option
        return True

    def prune(self) -> None:
        """Take out the routes that cost more than leaving their orders out would."""
        problem = self.given.problem
        worth = [int(problem.unserved_cost[problem.option_order[row[row >= 0]]].sum()) for row in self.rows]
        dear = [k for k, cost in enumerate(self.costs) if cost > worth[k]]
        self.remove(self.given.order_of[o] for k in dear for o in self.rows[k].tolist() if o >= 0)

    def remove(self, orders: Iterable[int]) -> None:
        """Take orders out of their routes."""
        gone = {self.chosen[order] for order in list(orders) if self.chosen[order] >= 0}
        for option in gone:
            self._lodge(option, -1)
            self.chosen[self.given.order_of[option]] = -1
        for route in range(len(self.rows) - 1, -1, -1):
            if not gone.isdisjoint(self.rows[route].tolist()):
                left = without(self.rows[route], gone)
                if left.size:
                    self._replace(route, left)
                else:
                    del self.fleets[route], self.rows[route], self.costs[route]

    def take(self, fleet: int, row: NDArray[np.int64]) -> None:
        """Add a route, dropping what is not allowed and then the last stop until no rule is broken."""
        row = without(row, set())
        for option in [o for o in row.tolist() if o >= 0]:
            if self.given.allowed[fleet][option] and self.fits(option) and self.chosen[self.given.order_of[option]] < 0:
                self._lodge(option, 1)
                self.chosen[self.given.order_of[option]] = option
            else:
                row = without(row, {option})
        while row.size and self.given.time(fleet, row)[0]:
            last = int(row[-1])
            self._lodge(last, -1)
            self.chosen[self.given.order_of[last]] = -1
            row = without(row, {last})
        if row.size:
            self._add(fleet, row)

    def _add(self, fleet: int, row: NDArray[np.int64]) -> None:
        self.fleets.append(fleet)
        self.rows.append(row)
        self.costs.append(self.given.time(fleet, row)[3])

    def _replace(self, route: int, row: NDArray[np.int64]) -> None:
        rule, _, _, cost = self.given.time(self.fleets[route], row)
        if rule:
            # Taking stops out can move waiting about and so break a rule: start again from an empty route.
            orders = [self.given.order_of[o] for o in row.tolist() if o >= 0]
            del self.fleets[route], self.rows[route], self.costs[route]
            for order in orders:
                self._lodge(self.chosen[order], -1)
                self.chosen[order] = -1
            return
        self.rows[route], self.costs[route] = row, cost

    def _lodge(self, option: int, parcels: int) -> None:
        locker = self.given.locker_of[option]
        if locker >= 0:
            self.room[locker, : self.given.rank[self.given.order_of[option]] + 1] -= parcels
            self.parcels[locker] += parcels


def _near(xy_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return [sites, sites] true where one place is among the nearest of another, either way round."""
    from scipy.spatial import cKDTree

    near = np.zeros((len(xy_m), len(xy_m)), bool)
    _, closest = cKDTree(xy_m).query(xy_m, k=min(NEAREST, len(xy_m)))
    near[np.arange(len(xy_m))[:, None], np.asarray(closest).reshape(len(xy_m), -1)] = True
    return near | near.T
