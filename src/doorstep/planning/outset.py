"""Outset: what a search sets out with, and the way back from its drafts to plans.

That is the problem as far as it is open, the plans to go on from, and what could not be taken over from them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from doorstep.planning import checker
from doorstep.planning.begun.remainder import OWED, Remainder
from doorstep.planning.begun.takeover import taken_over
from doorstep.planning.clock.schedule import ARRIVE, LEAVE, METRES, PAUSE, PAUSE_BACK, START
from doorstep.planning.draft import Draft, Given
from doorstep.planning.plan import Plan, Route, Stop, Trip, Unserved
from doorstep.planning.problem import MONEY
from doorstep.planning.reasons import unserved_with_reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.problem import Problem

NAMES = {
    "order": "it is no order here",
    "option": "it has no such option here",
    "fleet": "there is no such vehicle here, or not so many",
}
"""What kept a stop of a plan from being taken over, where it was no rule."""


class Outset:
    """A problem, and what of it is locked."""

    def __init__(self, whole: Problem, locked: Locked | None = None) -> None:
        self.whole, self.rest = whole, Remainder(whole, locked) if locked else None
        self.given = self.rest.given if self.rest else Given(whole)
        self.problem = self.given.problem
        self._sunk = 0
        if self.rest:
            base = self.draft()
            self._sunk = self.cost(base) - self.whole_cost(base.cost())

    def whole_cost(self, cost: int) -> int:
        """Return what the whole day costs where the open problem tells a cost, without all that is locked."""
        owed = min(self.rest.owed, cost // OWED) if self.rest else 0
        return cost + self._sunk - owed * OWED

    def cost(self, draft: Draft) -> int:
        """Return what a draft costs as a plan of the whole problem."""
        return checker.cost(self.whole, self.plan(draft, {}, reasons=False))

    def draft(self, old: Problem | None = None, plan: Plan | None = None) -> Draft:
        """Return what can be taken over from a plan of any problem; without one, what vehicles have begun."""
        taken = taken_over(self.whole, old or self.whole, plan) if plan else None
        routes = taken.routes if taken else []
        rows = self.rest.rows(routes) if self.rest else [(fleet, row) for fleet, _, row in routes]
        draft = Draft.of(self.given, rows)
        draft.lost = taken.lost if taken else []
        return draft

    def told(self, draft: Draft) -> dict[str, object]:
        """Return what could be taken over: its cost, and each order that could not stay where it was, with the rule."""
        problem = self.problem
        left = [{"order": name, "rule": rule, "why": NAMES[rule]} for name, rule in draft.lost]
        for drop in draft.dropped:
            name = problem.order_ids[problem.option_order[drop.option]]
            why = NAMES.get(drop.rule) or f"needs {drop.needs} {drop.unit}, has {drop.has}"
            left.append({"order": name, "rule": drop.rule, "why": why})
        return {"cost": round(self.cost(draft) / MONEY, 2), "left_out": left}

    def plan(self, draft: Draft, solver: Mapping[str, object], *, reasons: bool = True) -> Plan:
        """Return a draft as a plan of the whole problem."""
        routes = timed_routes(draft)
        left = unserved_with_reasons(draft) if reasons else tuple(Unserved(order, ()) for order in draft.unserved)
        if self.rest:
            routes = self.rest.routes(routes)
            orders = self.rest.orders.tolist()
            owed = [orders[one.order] for one in left if self.rest.is_owed(one.order)]
            left = tuple(Unserved(orders[one.order], one.reasons) for one in left if not self.rest.is_owed(one.order))
            if owed:
                solver = {**solver, "brought_back": [self.whole.order_ids[order] for order in owed]}
        return Plan(self.whole.configuration, routes, left, solver)


def timed_routes(draft: Draft) -> tuple[Route, ...]:
    """Return the timed routes of a draft, vehicles numbered within their fleet."""
    numbers: dict[int, int] = {}
    routes = []
    # Trips are timed as they were booked, so that nothing is taken up but by themselves.
    draft.given.ground.booked[:] = draft.given.ground.taken
    for fleet, row in sorted(draft.as_rows()):
        number = numbers[fleet] = numbers.get(fleet, -1) + 1
        routes.append(_timed(draft.given, fleet, number, row))
    return tuple(routes)


def _timed(given: Given, fleet: int, number: int, row: list[int]) -> Route:
    *_, out = given.time(fleet, row)
    rest = given.problem.fleets[fleet].break_s
    heads = [*(p for p, o in enumerate(row) if o < 0), len(row)]
    trips, pauses = [], []
    for i, j in pairwise(heads):
        stops = [Stop(row[p], int(out[ARRIVE, p]), int(out[START, p]), int(out[LEAVE, p])) for p in range(i + 1, j)]
        load, depart, back, metres = (int(out[k, i]) for k in (ARRIVE, START, LEAVE, METRES))
        trips.append(Trip(load, depart, tuple(stops), back, metres))
        pauses += [int(s) for s in (*out[PAUSE, i:j], out[PAUSE_BACK, i]) if s >= 0]
    return Route(fleet, number, tuple(trips), tuple((s, s + rest) for s in pauses))
