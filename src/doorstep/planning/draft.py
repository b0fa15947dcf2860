"""Draft: routes as rows of options whose rules and cost are exact, apart from any search."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.problem import DROP
from doorstep.planning.sisr.build import ground, scratch
from doorstep.planning.timing import time_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem


class Given:
    """What does not change while drafts of one problem are made and compared."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ground = ground(problem)
        self.order_of: list[int] = problem.option_order.tolist()
        self.locker_of: list[int] = problem.option_locker.tolist()
        self.mate_of: list[int] = problem.option_mate.tolist()
        self.rank = np.array([size.rank for size in problem.sizes], np.int64)

    def time(self, fleet: int, row: Sequence[int]) -> tuple[int, int, int, int, NDArray[np.int64]]:
        """Return (rule, needs, has, cost, schedule [6, n]) of one route; rule is 0 where it keeps them all."""
        numbers, out, spare = scratch(max(len(row), 1))
        numbers[: len(row)] = row
        rule, needs, has, cost = time_route(self.ground, fleet, numbers, len(row), out, spare)
        return int(rule), int(needs), int(has), int(cost), out


@dataclass(slots=True)
class Draft:
    """Routes as rows of options (see timing), with the compartments that they take."""

    given: Given
    fleets: list[int] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    room: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 4), np.int64))
    """[lockers, sizes] compartments left."""
    parcels: list[int] = field(default_factory=list)
    """In each locker."""
    chosen: list[int] = field(default_factory=list)
    """Option of each order, -1 where it is unserved."""

    @classmethod
    def of(cls, given: Given, routes: Iterable[tuple[int, Sequence[int]]]) -> Draft:
        """Return the draft of given routes; stops that break a rule are left out."""
        problem = given.problem
        orders, lockers = len(problem.order_ids), len(problem.lockers)
        draft = cls(given, room=problem.locker_room.copy(), parcels=[0] * lockers, chosen=[-1] * orders)
        for fleet, row in routes:
            if draft.fleets.count(fleet) < problem.fleets[fleet].count:
                draft.take(fleet, row)
        return draft

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
        return list(zip(self.fleets, self.rows, strict=True))

    def fits(self, option: int) -> bool:
        """Tell whether there is a compartment left for an option; always true away from lockers."""
        locker = self.given.locker_of[option]
        if locker < 0:
            return True
        rank = self.given.rank[self.given.order_of[option]]
        return bool(np.all(self.room[locker, : rank + 1] > 0))

    def take(self, fleet: int, row: Sequence[int]) -> None:
        """Add a route, dropping what is not allowed and then the last stop until no rule is broken."""
        left = []
        for option in row:
            if option < 0:
                left.append(option)
            elif self.given.ground.allowed[fleet, option] and self._is_free(option, left):
                self._lodge(option, 1)
                left.append(option)
        left = _tidy(left)
        rule, _, _, cost, _ = self.given.time(fleet, left)
        while left and rule:
            self._lodge(left[-1], -1)
            gone = left[-1], self.given.mate_of[left[-1]]
            left = _tidy([option for option in left if option < 0 or option not in gone])
            rule, _, _, cost, _ = self.given.time(fleet, left)
        if left:
            self.fleets.append(fleet)
            self.rows.append(left)
            self.costs.append(cost)

    def put(self, fleet: int, vehicle: int, row: list[int], option: int) -> None:
        """Give a vehicle (none in use yet: -1) a row that has one option more than its own."""
        self._lodge(option, 1)
        _, _, _, cost, _ = self.given.time(fleet, row)
        if vehicle < 0:
            self.fleets.append(fleet)
            self.rows.append(row)
            self.costs.append(cost)
        else:
            self.rows[vehicle], self.costs[vehicle] = row, cost

    def _is_free(self, option: int, row: Sequence[int]) -> bool:
        if self.given.problem.option_part[option] == DROP:
            return self.given.mate_of[option] in row
        return self.fits(option) and self.chosen[self.given.order_of[option]] < 0

    def _lodge(self, option: int, parcels: int) -> None:
        order, locker = self.given.order_of[option], self.given.locker_of[option]
        self.chosen[order] = option if parcels > 0 else -1
        if self.given.problem.option_part[option] == DROP and parcels > 0:
            self.chosen[order] = self.given.mate_of[option]
        if locker >= 0:
            self.room[locker, : self.given.rank[order] + 1] -= parcels
            self.parcels[locker] += parcels


def _tidy(row: list[int]) -> list[int]:
    """Return a row without its empty trips."""
    return [o for k, o in enumerate(row) if o >= 0 or max(row[k + 1 : k + 2], default=-1) >= 0]
