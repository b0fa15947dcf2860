"""Bargains: the cheapest place of one more option in a plan, and orders that are worth their cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.clock.layout import NOWHERE
from doorstep.planning.misses import cheapest_or_miss
from doorstep.planning.sisr.build import scratch

if TYPE_CHECKING:
    from doorstep.planning.draft import Draft


@dataclass(frozen=True, slots=True)
class Offer:
    """What a fleet asks for one more option."""

    cost: int
    """NOWHERE where no place allows it."""
    fleet: int
    vehicle: int
    """In the draft; -1 for one that is not in use yet."""
    row: list[int]
    """The vehicle's row with the option."""
    misses: list[tuple[int, int, int]]
    """The nearest misses as (rule, needs, has)."""


def best_offer(draft: Draft, f: int, option: int) -> Offer:
    """Return the cheapest way of a fleet to deliver one more option, compartments left out."""
    known = draft.offers.get((f, option))
    if known is None:
        known = draft.offers[f, option] = _best_offer(draft, f, option)
    return known


def _best_offer(draft: Draft, f: int, option: int) -> Offer:
    given, problem = draft.given, draft.given.problem
    mine = [k for k, owner in enumerate(draft.fleets) if owner == f]
    rows = [draft.rows[k] for k in mine]
    begins = np.cumsum([0, *(len(row) for row in rows)])
    whole = np.array([o for row in rows for o in row], np.int64)
    room = scratch(max((len(row) for row in rows), default=0) + 2)
    cost, k, p, own, *miss = (int(x) for x in cheapest_or_miss(given.ground, f, option, whole, begins, *room))
    misses = [(miss[0], miss[1], miss[2])] if miss[0] else []
    vehicle, row = (mine[k], [*rows[k][:p], *([-1] * own), option, *rows[k][p:]]) if k >= 0 else (-1, [])
    if len(rows) < problem.fleets[f].count:
        rule, needs, has, alone, _ = given.time(f, [-1, option])
        opens = problem.fleets[f].hub not in {problem.fleets[other].hub for other in draft.fleets}
        alone += int(problem.hub_cost[problem.fleets[f].hub]) if opens else 0
        if rule:
            misses.append((rule, needs, has))
        elif alone < cost:
            cost, vehicle, row = alone, -1, [-1, option]
    bank = int(problem.option_locker[option])
    if cost < NOWHERE and bank >= 0 and not draft.parcels[bank]:
        cost += int(problem.locker_cost[bank])
    return Offer(cost, f, vehicle, row, misses)


def take_bargains(draft: Draft) -> None:
    """Serve what costs no more than leaving it out, each order at its cheapest place, until nothing is left.

    Where vehicles share anything, it is left to the search, which knows what is taken up.
    """
    problem, found = draft.given.problem, not draft.given.problem.shared
    while found:
        found = False
        for order in draft.unserved:
            options = np.flatnonzero((problem.option_order == order) & (problem.option_mate < 0)).tolist()
            able = [(f, o) for o in options if draft.fits(o) for f in draft.given.able(o)]
            offers = [(best_offer(draft, f, o), o) for f, o in able]
            offer, option = min(offers, key=lambda pair: pair[0].cost, default=(None, -1))
            if offer and offer.cost <= int(problem.unserved_cost[order]):
                draft.put(offer.fleet, offer.vehicle, offer.row, option)
                found = True
