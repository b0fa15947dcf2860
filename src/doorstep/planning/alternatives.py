"""Alternatives: what each way of delivering one order would add to a plan, and why others cannot be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.counting import counted
from doorstep.planning.bargains import best_offer
from doorstep.planning.begun.locked import freeze
from doorstep.planning.clock.layout import NOWHERE
from doorstep.planning.clock.schedule import LEAVE
from doorstep.planning.draft import Draft, Given
from doorstep.planning.outset import Outset
from doorstep.planning.plan import Reason
from doorstep.planning.problem import MONEY
from doorstep.planning.reasons import cut_off, reasons_against, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from doorstep.planning.bargains import Offer
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem


_TAKEN = Reason("shared", 1, 0, "free")


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
    handed_s: int | None = None
    """When the customer could have it then; None where there is no place."""
    walk_m: float = 0.0
    """The customer's way to a locker and back."""
    delays_s: tuple[int, ...] = ()
    """By how much other orders of the vehicle would come later, those that would."""
    plan: Plan | None = None
    """The whole plan with the order in it, where that was asked for."""


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
    late = cut_off(problem, number)
    if late:
        return _none(problem, number, late)
    flown = {sortie.stop.option: sortie.fleet for _, _, sortie in plan.sorties()}
    if flown:
        return _beside_sorties(problem, plan, number, flown)
    # Where orders become known in the course of the day, what is loaded before this one is known stays as it is.
    locked = None if problem.known_s is None else freeze(problem, plan, int(problem.known_s[number]))
    out = Outset(problem, locked)
    whole = out.draft(problem, plan)
    mine = np.flatnonzero(problem.option_order == number)
    here = [int(option) for option in (mine if out.rest is None else out.rest.option_here[mine])]
    own = number if out.rest is None else int(out.rest.order_here[number])
    rows = [(fleet, [option for option in row if option not in here]) for fleet, row in whole.as_rows()]
    rest = Draft.of(whole.given, [(fleet, row) for fleet, row in rows if any(option >= 0 for option in row)])
    price = int(problem.unserved_cost[number])
    carried = {option: fleet for fleet, row in whole.as_rows() for option in row if option in here}
    ways: dict[tuple[str | int, ...], Alternative] = {}
    for f, option, _, way in _ways(rest, here, [None] * len(here)):
        key = way.mode, way.hub, way.kind, way.locker, *(() if locked else (f, option))
        chosen = carried.get(option) == f or (key in ways and ways[key].chosen)
        ways[key] = replace(_better(ways.get(key), way), chosen=chosen)
    left_out = whole.chosen[own] < 0
    saved = None if left_out else (whole.cost() - (rest.cost() - price)) / MONEY
    alone = (problem.option_mate[mine] < 0).all()
    told = [_in_place(way, saved) if way.chosen and alone else way for way in ways.values()]
    return Alternatives(order, saved, price / MONEY, _sorted(told), tuple(refused(problem, number)))


def _in_place(way: Alternative, saved: float | None) -> Alternative:
    """Return the way that is taken; where its vehicle's own bookings hide its place, at what leaving it out saves."""
    if saved is None or (way.marginal_cost is not None and way.marginal_cost <= saved):
        return way
    return replace(way, marginal_cost=saved, reasons=())


def offers_for(
    problem: Problem, old: Problem, plan: Plan, order: str, locked: Locked | None = None, *, plans: bool = False
) -> Alternatives:
    """Return what every delivery option of one more order would add to the plan of a problem that has all the others.

    What is `locked` in the new problem stays as it is. Each way is told with the cost and the times of the plan with
    the order in it, checked as a whole: one that some limit forbids after all is told as none. Vehicles of one kind
    are told as one, by the cheapest of them; with `plans` each has the whole plan too. A plan with sorties has no place
    for one more: orders hang on its stops.

    Raises
    ------
    ValueError
        If the new problem has no such order.
    """
    number = problem.order_ids.index(order)
    against = cut_off(problem, number) or _hung(plan)
    if against:
        return _none(problem, number, against)
    out = Outset(problem, locked)
    draft = out.draft(old, plan)
    mine = np.flatnonzero(problem.option_order == number)
    here = mine if out.rest is None else out.rest.option_here[mine]
    walks: list[float | None] = [float(walk) for walk in problem.option_walk_m[mine]]
    found = list(_ways(draft, [int(option) for option in here], walks))
    price = int(problem.unserved_cost[number])
    before = draft.cost() - price
    ways: dict[tuple[str, str, str, str], Alternative] = {}
    for _, option, offer, way in found:
        told = _tried(out if plans else None, draft, before, option, offer, way) if offer else way
        key = told.mode, told.hub, told.kind, told.locker
        ways[key] = _better(ways.get(key), told)
    return Alternatives(order, None, price / MONEY, _sorted(ways.values()), tuple(refused(problem, number)))


def _hung(plan: Plan) -> Reason | None:
    """Return that other orders hang on the stops of a plan, as drones or robots leave their vans there."""
    count = sum(1 for _ in plan.sorties())
    detail = (
        f"{counted(count, 'order')} brought from vans that carry others hang on their stops; plan anew with the order"
    )
    return Reason("sorties", 1, 0, "ways", "", detail) if count else None


def _none(problem: Problem, number: int, against: Reason) -> Alternatives:
    """Return that an order has no way that could be told, whoever might bring it, and what is against it."""
    price = int(problem.unserved_cost[number]) / MONEY
    return Alternatives(problem.order_ids[number], None, price, (), (against, *refused(problem, number)))


def _ways(
    draft: Draft, options: list[int], walks: list[float | None]
) -> Iterator[tuple[int, int, Offer | None, Alternative]]:
    """Yield, by fleet and option, the cheapest place in the routes as they are, or why there is none."""
    problem = draft.given.problem
    for option, walk in zip(options, walks, strict=True):
        for f, fleet in enumerate(problem.fleets):
            if not fleet.count or problem.option_kind[option] not in fleet.handover:
                continue
            able = f in draft.given.able(option) and problem.option_mate[option] < 0 and draft.fits(option)
            offer = best_offer(draft, f, option) if able else None
            if offer and offer.cost >= NOWHERE:
                offer = None
            bank = int(problem.option_locker[option])
            way = Alternative(
                mode=fleet.mode,
                hub=problem.hubs[fleet.hub],
                kind=str(problem.option_kind[option]),
                locker=problem.lockers[bank] if bank >= 0 else "",
                marginal_cost=offer.cost / MONEY if offer else None,
                reasons=() if offer else tuple(reasons_against(draft, f, option)),
                chosen=False,
                walk_m=walk or 0.0,
            )
            yield f, option, offer, way


def _tried(out: Outset | None, draft: Draft, before: int, option: int, offer: Offer, way: Alternative) -> Alternative:
    """Return a way with the cost and times of the whole plan with it."""
    rows = draft.as_rows()
    if offer.vehicle < 0:
        rows.append((offer.fleet, offer.row))
    else:
        rows[offer.vehicle] = offer.fleet, offer.row
    trial = Draft.of(draft.given, rows)
    row = next((row for row in trial.rows if option in row), None)
    if row is None or trial.dropped:
        names = ", ".join(thing.name for thing in draft.given.problem.shared) or "what vehicles share"
        reason = replace(_TAKEN, mode=way.mode, detail=f"{way.kind}: {names} taken up when it could go")
        return replace(way, marginal_cost=None, reasons=(reason,))
    leaves = _leaves(trial, offer.fleet, row)
    earlier = _leaves(draft, offer.fleet, draft.rows[offer.vehicle]) if offer.vehicle >= 0 else {}
    later = (leaves[one] - left for one, left in earlier.items() if one in leaves)
    return replace(
        way,
        marginal_cost=(trial.cost() - before) / MONEY,
        handed_s=leaves[option],
        delays_s=tuple(sorted(by for by in later if by > 0)),
        plan=out.plan(trial, {}, reasons=False) if out else None,
    )


def _leaves(draft: Draft, fleet: int, row: list[int]) -> dict[int, int]:
    """Return when each option of a row is handed over."""
    *_, timed = draft.given.time(fleet, row)
    return {option: int(timed[LEAVE, p]) for p, option in enumerate(row) if option >= 0}


def _better(one: Alternative | None, other: Alternative) -> Alternative:
    """Return the cheaper of two ways; of two that cannot be, the first with each rule by its nearest miss."""
    if one is None:
        return other
    if one.marginal_cost is not None or other.marginal_cost is not None:
        return min(one, other, key=lambda way: np.inf if way.marginal_cost is None else way.marginal_cost)
    rules: dict[str, Reason] = {}
    for reason in sorted((*one.reasons, *other.reasons), key=lambda reason: reason.needs - reason.has):
        rules.setdefault(reason.rule, reason)
    return replace(one, reasons=tuple(rules.values()))


def _sorted(ways: Iterable[Alternative]) -> tuple[Alternative, ...]:
    return tuple(sorted(ways, key=lambda way: (way.marginal_cost is None, way.marginal_cost or 0.0)))


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
