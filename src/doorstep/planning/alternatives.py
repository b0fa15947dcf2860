"""Alternatives: what each way of delivering one order would add to a plan, and why others cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.bargains import best_offer
from doorstep.planning.draft import Draft, Given
from doorstep.planning.outset import Outset
from doorstep.planning.problem import MONEY
from doorstep.planning.reasons import reasons_against, refused
from doorstep.planning.sisr.layout import NOWHERE

if TYPE_CHECKING:
    from doorstep.planning.plan import Plan, Reason
    from doorstep.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Alternative:
    """One vehicle kind with one delivery option of an order."""

    mode: str
    hub: str
    kind: str
    locker: str
    """Empty away from lockers."""
    marginal_cost: float | None
    """What it adds to the plan without the order, at its cheapest place; None where there is none."""
    reasons: tuple[Reason, ...]
    """Why there is none, with the margins."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class Alternatives:
    """All of them, the cheapest first, those that cannot be last."""

    order: str
    saved_by_leaving_out: float | None
    """What the plan would cost less without the order, its price left aside; None where it does not serve it."""
    unserved_price: float
    ways: tuple[Alternative, ...]
    refusals: tuple[Reason, ...]
    """Why the order has no option of some kinds at all."""


def alternatives_of(problem: Problem, plan: Plan, order: str) -> Alternatives:
    """Return what every delivery option of an order would add to a plan that serves all its others as it does.

    An option's cost is that of its cheapest place in the routes as they are; a search could do better by moving others.
    Pairs of pick-up and drop are told without costs.

    Raises
    ------
    ValueError
        If the problem has no such order.
    """
    number = problem.order_ids.index(order)
    flown = [(route, trip, s) for route in plan.routes for trip in route.trips for s in trip.sorties]
    if flown:
        return _beside_sorties(problem, plan, number, {s.stop.option: s.fleet for _, _, s in flown})
    whole = Outset(problem).draft(problem, plan)
    mine = set(np.flatnonzero(problem.option_order == number).tolist())
    rows = [(fleet, [option for option in row if option not in mine]) for fleet, row in whole.as_rows()]
    rest = Draft.of(whole.given, [(fleet, row) for fleet, row in rows if any(option >= 0 for option in row)])
    price = int(problem.unserved_cost[number])
    carried = {option: fleet for fleet, row in whole.as_rows() for option in row if option in mine}
    ways = []
    for option in sorted(mine):
        for f, fleet in enumerate(problem.fleets):
            if not fleet.count or problem.option_kind[option] not in fleet.handover:
                continue
            able = f in rest.given.able(option) and problem.option_mate[option] < 0 and rest.fits(option)
            cost = best_offer(rest, f, option).cost if able else NOWHERE
            bank = int(problem.option_locker[option])
            ways.append(
                Alternative(
                    mode=fleet.mode,
                    hub=problem.hubs[fleet.hub],
                    kind=str(problem.option_kind[option]),
                    locker=problem.lockers[bank] if bank >= 0 else "",
                    marginal_cost=cost / MONEY if cost < NOWHERE else None,
                    reasons=() if cost < NOWHERE else tuple(reasons_against(rest, f, option)),
                    chosen=carried.get(option) == f,
                )
            )
    ways.sort(key=lambda way: (way.marginal_cost is None, way.marginal_cost or 0.0))
    left_out = whole.chosen[number] < 0
    saved = None if left_out else (whole.cost() - (rest.cost() - price)) / MONEY
    return Alternatives(order, saved, price / MONEY, tuple(ways), tuple(refused(problem, number)))


def _beside_sorties(problem: Problem, plan: Plan, number: int, flown: dict[int, int]) -> Alternatives:
    """Return the ways of an order in a plan with sorties, without what they add: other orders hang on each stop."""
    by = {stop.option: route.fleet for route in plan.routes for trip in route.trips for stop in trip.stops} | flown
    ways = []
    draft = Draft.of(Given(problem), [])
    for option in np.flatnonzero(problem.option_order == number).tolist():
        carried = {fleet.carries.fleet for fleet in problem.fleets if fleet.carries}
        for f, fleet in enumerate(problem.fleets):
            if (not fleet.count and f not in carried) or problem.option_kind[option] not in fleet.handover:
                continue
            reasons = () if fleet.allowed[option] else tuple(reasons_against(draft, f, option))
            bank = int(problem.option_locker[option])
            locker, kind = problem.lockers[bank] if bank >= 0 else "", str(problem.option_kind[option])
            hub, chosen = problem.hubs[fleet.hub], by.get(option) == f
            ways.append(Alternative(fleet.mode, hub, kind, locker, None, reasons, chosen))
    price = int(problem.unserved_cost[number]) / MONEY
    return Alternatives(problem.order_ids[number], None, price, tuple(ways), tuple(refused(problem, number)))
