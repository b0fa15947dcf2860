"""Reasons: why an order is not in a plan, from the rules themselves and with their margins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.bargains import best_offer
from doorstep.planning.clock.layout import NOWHERE
from doorstep.planning.clock.timing import RULES, UNITS
from doorstep.planning.plan import Reason, Unserved
from doorstep.planning.problem import FAR, MONEY
from doorstep.planning.task.decisions import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.draft import Draft
    from doorstep.planning.problem import Fleet, Problem


SHOWN = {"g": ("kg", 1000), "mL": ("L", 1000), "m": ("km", 1000), "mWh": ("Wh", 1000), "s": ("h", 3600)}
"""Units in which reasons tell what the timing counts in."""


def unserved_with_reasons(draft: Draft) -> tuple[Unserved, ...]:
    """Return every order that a draft leaves out, with every reason that kept it out."""
    return tuple(Unserved(order, tuple(_reasons(draft, order))) for order in draft.unserved)


def refused(problem: Problem, order: int) -> Iterator[Reason]:
    """Yield why an order has no delivery option of some kinds at all."""
    for refusal in problem.refusals:
        if refusal.order == order:
            modes = ", ".join(sorted({f.mode for f in problem.fleets if refusal.kind in f.handover}))
            yield Reason(refusal.rule, refusal.needs, refusal.has, refusal.unit, modes, refusal.detail)


def cut_off(problem: Problem, order: int) -> Reason | None:
    """Return that an order came after the last decision of the day; None where some decision knows it."""
    if problem.known_s is None or problem.known_s[order] < NEVER:
        return None
    if not problem.decisions_s:
        return Reason("cut-off", 1, 0, "ways", "", "there was none, as nobody, or too few, had ordered by then")
    detail = "came after the last decision of the day, and is carried to tomorrow"
    return Reason("cut-off", int(problem.placed_s[order]) / 3600, max(problem.decisions_s) / 3600, "h", "", detail)


def reasons_against(draft: Draft, f: int, option: int) -> Iterator[Reason]:
    """Yield why a fleet that does such handovers does not do this one in a draft."""
    if f in draft.given.able(option):
        yield _no_room(draft, f, option)
    else:
        yield from _broken(draft.given.problem, draft.given.problem.fleets[f], option)


def _reasons(draft: Draft, order: int) -> Iterator[Reason]:
    problem = draft.given.problem
    yield from refused(problem, order)
    carried = {fleet.carries.fleet for fleet in problem.fleets if fleet.carries}
    for option in np.flatnonzero(problem.option_order == order).tolist():
        for f, fleet in enumerate(problem.fleets):
            ours = fleet.count or (f in carried and not fleet.allowed[option])
            if ours and problem.option_kind[option] in fleet.handover:
                yield from reasons_against(draft, f, option)


def _broken(problem: Problem, fleet: Fleet, option: int) -> Iterator[Reason]:
    """Yield the rules that keep a vehicle of a fleet from an option even if it does nothing else.

    There are none where only its mate is kept from being served: that has reasons of its own.
    """
    kind, mate = str(problem.option_kind[option]), int(problem.option_mate[option])
    broken = [v for v in fleet.verdicts if not v.needs[option] <= v.has[option]]
    for verdict in broken:
        needs, has = float(verdict.needs[option]), float(verdict.has[option])
        yield Reason(verdict.rule, min(needs, FAR), min(has, FAR), verdict.unit, fleet.mode, kind)
    if not broken and (mate < 0 or all(v.needs[mate] <= v.has[mate] for v in fleet.verdicts)):
        yield Reason("reserve", 1, 0, "vehicles", fleet.mode, "kept for orders that no other vehicle may take")


def _no_room(draft: Draft, f: int, option: int) -> Reason:
    """Return why an option that a vehicle could deliver by itself has no place in the plan as it is."""
    problem = draft.given.problem
    fleet, kind = problem.fleets[f], str(problem.option_kind[option])
    if problem.option_mate[option] >= 0:
        detail = "no trip has room for both its pick-up and its drop"
        return Reason("pair", 1, 0, "ways", fleet.mode, detail)
    if not draft.fits(option):
        bank = int(problem.option_locker[option])
        return Reason("compartments", 1, 0, "compartments", fleet.mode, problem.lockers[bank])
    offer = best_offer(draft, f, option)
    if offer.cost < NOWHERE:
        price = int(problem.unserved_cost[problem.option_order[option]]) / MONEY
        shared = [thing.name for thing in problem.shared if thing.takes[f]]
        if shared and offer.cost / MONEY <= price:
            return Reason("shared", 1, 0, "free", fleet.mode, f"{kind}: {', '.join(shared)} taken up when it could go")
        return Reason(
            "price", offer.cost / MONEY, price, "currency", fleet.mode, f"{kind}: costs more than leaving it out"
        )
    if not offer.misses:
        return Reason("begun", 1, 0, "vehicles", fleet.mode, f"{kind}: what the vehicle has begun leaves it no place")
    rule, needs, has = min(offer.misses, key=lambda miss: (miss[1] - miss[2]) / max(abs(miss[2]), 1))
    detail = f"{kind}: no room in {draft.fleets.count(f)} of {fleet.count} vehicles in use; this is the nearest miss"
    unit, per = SHOWN.get(UNITS[rule], (UNITS[rule], 1))
    return Reason(RULES[rule], needs / per, has / per, unit, fleet.mode, detail)
