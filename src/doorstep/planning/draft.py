"""Draft: routes as rows of options whose rules and cost are exact, apart from any search."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock.layout import BEGUN_AS, SHARES, VEHICLES
from doorstep.planning.clock.sharing import book_trips
from doorstep.planning.clock.timing import RULES, UNITS, time_route
from doorstep.planning.problem import DROP, PICK_UP
from doorstep.planning.sisr.build import ground, held_rows, scratch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from doorstep.planning.bargains import Offer
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

    def able(self, option: int) -> list[int]:
        """Return the fleets that may serve an option, be it only in the trip that their vehicle has begun."""
        mine = self.ground.allowed[:, option]
        return np.flatnonzero(
            (mine | mine[self.ground.fleet[:, BEGUN_AS]]) & (self.ground.fleet[:, VEHICLES] > 0)
        ).tolist()

    def hold(self, fleet: int, row: list[int]) -> list[int]:
        """Book what a route takes up of what is shared; return its row with the times at which its trips are loaded."""
        if not self.ground.fleet[fleet, SHARES]:
            return row
        *_, out = self.time(fleet, row)
        numbers = np.array(row, np.int64)
        book_trips(self.ground, fleet, numbers, len(row), out)
        return list(numbers.tolist())

    def time(self, fleet: int, row: Sequence[int]) -> tuple[int, int, int, int, NDArray[np.int64]]:
        """Return (rule, needs, has, cost, schedule [6, n]) of one route; rule is 0 where it keeps them all."""
        numbers, out, spare = scratch(max(len(row), 1))
        numbers[: len(row)] = row
        rule, needs, has, cost = time_route(self.ground, fleet, numbers, len(row), out, spare)
        return int(rule), int(needs), int(has), int(cost), out


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stop that a draft was to have and could not keep, and the rule that forbade it."""

    option: int
    rule: str
    needs: int = 1
    has: int = 0
    unit: str = "vehicles"


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
    dropped: list[Dropped] = field(default_factory=list)
    """Stops that it was to have and could not keep."""
    offers: dict[tuple[int, int], Offer] = field(default_factory=dict)
    """What fleets ask for one more option, as far as that was asked since a route changed last."""
    lost: list[tuple[str, str]] = field(default_factory=list)
    """Orders of the plan that it is made from for which there is no option or no vehicle here, and which."""

    @classmethod
    def of(cls, given: Given, routes: Iterable[tuple[int, Sequence[int]]]) -> Draft:
        """Return the draft of given routes; stops that break a rule are left out."""
        problem = given.problem
        orders, lockers = len(problem.order_ids), len(problem.lockers)
        draft = cls(given, room=problem.locker_room.copy(), parcels=[0] * lockers, chosen=[-1] * orders)
        held = dict(held_rows(given.ground))
        given.ground.booked[:] = given.ground.taken
        mine = [(fleet, row, held.pop(fleet, [])) for fleet, row in routes]
        for fleet, own, begun in [*mine, *((fleet, row, row) for fleet, row in held.items())]:
            # What a vehicle has begun comes first, whatever a plan says.
            row = own if _same(own, begun) else [*begun, *(o for o in own if o not in begun[1:])]
            if draft.fleets.count(fleet) < problem.fleets[fleet].count:
                draft.take(fleet, row)
            else:
                draft.dropped += [Dropped(option, "fleet") for option in row if option >= 0]
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
        """Add a route without what is not allowed, nor any stop that would break a rule after those before it."""
        left: list[int] = []
        kind, most = int(self.given.ground.fleet[fleet, BEGUN_AS]), self.given.problem.fleets[fleet].max_trips
        for option in row:
            if option < 0:
                kind = fleet if left else kind
                left = [*_tidy(left), option]
            elif (trips := sum(other < 0 for other in left)) > most:
                self.dropped.append(Dropped(option, "trips", trips, most, "trips"))
            elif not self.given.ground.allowed[kind, option]:
                self.dropped.append(Dropped(option, "allowed"))
            elif (part := int(self.given.problem.option_part[option])) == DROP and not self._is_aboard(option, left):
                self.dropped.append(Dropped(option, "pair", 1, 0, "mates"))
            elif option in left or (part != DROP and not self._is_free(option)):
                self.dropped.append(Dropped(option, "each-order-once", 2, 1, "times"))
            else:
                self._lodge(option, 1)
                left.append(option)
        left = _tidy(self._paired(left))
        rule, _, _, cost, _ = self.given.time(fleet, left)
        if rule:
            left = self._mended(fleet, left)
            _, _, _, cost, _ = self.given.time(fleet, left)
        if left:
            self.fleets.append(fleet)
            self.rows.append(self.given.hold(fleet, left))
            self.costs.append(cost)
            self.offers.clear()

    def _mended(self, fleet: int, row: list[int]) -> list[int]:
        """Return a row without the stops that break a rule after those before them, another window of theirs tried."""
        kept: list[int] = []
        gone: set[int] = set()
        for option in row:
            if option < 0 or option in gone:
                kept += [option] * (option < 0)
                continue
            for other in [option, *self._other_windows(option)]:
                rule, needs, has, _, _ = self.given.time(fleet, _tidy([*kept, other]))
                if not rule:
                    if other != option:
                        self._lodge(option, -1)
                        self._lodge(other, 1)
                    kept.append(other)
                    break
            else:
                rule, needs, has, _, _ = self.given.time(fleet, _tidy([*kept, option]))
                self.dropped.append(Dropped(option, RULES[rule], needs, has, UNITS[rule]))
                pair = {option, self.given.mate_of[option]} - {-1}
                for k in pair.intersection(row):
                    self._lodge(k, -1)
                kept, gone = [k for k in kept if k < 0 or k not in pair], gone | pair
        return _tidy(kept)

    def _other_windows(self, option: int) -> list[int]:
        """Return the options that differ from one in nothing but the window."""
        problem, allowed = self.given.problem, self.given.ground.allowed
        same = problem.option_mate < 0
        for column in (problem.option_order, problem.option_site, problem.option_part):
            same &= column == column[option]
        same &= (allowed >= allowed[:, [option]]).all(axis=0)
        kinds = problem.option_kind
        return [k for k in np.flatnonzero(same).tolist() if k != option and kinds[k] == kinds[option]]

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

    def _is_free(self, option: int) -> bool:
        return self.fits(option) and self.chosen[self.given.order_of[option]] < 0

    def _is_aboard(self, drop: int, row: Sequence[int]) -> bool:
        """Tell whether what is to be dropped was picked up in the last trip of a row."""
        opens = max((k for k, option in enumerate(row) if option < 0), default=0)
        return self.given.mate_of[drop] in row[opens:]

    def _paired(self, row: list[int]) -> list[int]:
        """Return a row without what is picked up and never dropped."""
        parts = self.given.problem.option_part
        lone = [o for o in row if o >= 0 and parts[o] == PICK_UP and self.given.mate_of[o] not in row]
        for option in lone:
            self._lodge(option, -1)
            self.dropped.append(Dropped(option, "pair", 1, 0, "mates"))
        return [option for option in row if option not in lone]

    def _lodge(self, option: int, parcels: int) -> None:
        self.offers.clear()
        order, locker = self.given.order_of[option], self.given.locker_of[option]
        self.chosen[order] = option if parcels > 0 else -1
        if self.given.problem.option_part[option] == DROP and parcels > 0:
            self.chosen[order] = self.given.mate_of[option]
        if locker >= 0:
            self.room[locker, : self.given.rank[order] + 1] -= parcels
            self.parcels[locker] += parcels


def _same(own: Sequence[int], begun: Sequence[int]) -> bool:
    """Tell whether a row begins with another, whenever its trips are loaded."""
    return [max(option, -1) for option in own[: len(begun)]] == list(begun)


def _tidy(row: list[int]) -> list[int]:
    """Return a row without its empty trips."""
    return [o for k, o in enumerate(row) if o >= 0 or max(row[k + 1 : k + 2], default=-1) >= 0]
