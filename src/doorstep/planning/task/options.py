"""Delivery options: every way in which each order might be fulfilled, and why it has no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.handover import BANKS, Handover
from doorstep.planning.problem import DELIVER, FAR, RETURN, Refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.demand.order import Order
    from doorstep.planning.task.travel import Travel
    from doorstep.scenario.scenario import Configuration, Scenario

NEVER_S = FAR
"""A clock time later than any."""
STREAM = 5
"""Parts the draws of waits from others with the scenario's seed."""


@dataclass(frozen=True, slots=True)
class Options:
    """The delivery options of one configuration, as columns; see Problem for their meaning."""

    order: NDArray[np.int64]
    site: NDArray[np.int64]
    kind: tuple[Handover, ...]
    locker: NDArray[np.int64]
    part: NDArray[np.int8]
    """DELIVER or RETURN."""
    open_s: NDArray[np.int64]
    close_s: NDArray[np.int64]
    walk_m: NDArray[np.float64]
    dwell_s: NDArray[np.float64]
    refusals: tuple[Refusal, ...]


def delivery_options(scenario: Scenario, chosen: Configuration, travel: Travel) -> Options:
    """Return the options that the orders accept and the configuration's vehicles have a kind of handover for."""
    groups = [g for g in chosen.vehicles if g.count > 0]
    kinds = frozenset[Handover]().union(*(g.handover | g.reserve for g in groups))
    kinds |= frozenset[Handover]().union(*(g.carries.handover for g in groups if g.carries))
    names = list(scenario.lockers)
    used = {kind: _banks_of(scenario, chosen, kind) for kind in BANKS if kind in kinds}
    walks = travel.walks()
    first_place = len(scenario.hubs) + len(names)
    rows: list[tuple[int, int, Handover, int, float, float, float]] = []
    refusals: list[Refusal] = []
    for i, order in enumerate(scenario.orders):
        for kind in sorted(kinds - set(BANKS)):
            refusal = _own_place_refusal(i, order, kind)
            if refusal:
                refusals.append(refusal)
            else:
                rows.append((i, first_place + i, kind, -1, order.window.open_s, order.window.close_s, 0.0))
        for kind, banks in used.items():
            near, why = _near_lockers(scenario, i, order, banks, walks, kind)
            refusals += why
            for bank in near:
                locker = scenario.lockers[names[bank]]
                walk_m = 2 * float(walks[i, bank])
                site = len(scenario.hubs) + bank
                rows.append((i, site, kind, bank, locker.open_s, locker.close_s, walk_m))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    who = np.array(columns[0], np.int64)
    fetched = np.array([order.is_return for order in scenario.orders], bool)[who]
    since_s = np.where(fetched, np.array([order.ready_s for order in scenario.orders], float)[who], -np.inf)
    return Options(
        order=who,
        site=np.array(columns[1], np.int64),
        kind=tuple(columns[2]),
        locker=np.array(columns[3], np.int64),
        part=np.where(fetched, RETURN, DELIVER).astype(np.int8),
        open_s=np.maximum(np.array(columns[4], float), since_s).astype(np.int64),
        close_s=np.minimum(np.array(columns[5], float), NEVER_S).astype(np.int64),
        walk_m=np.array(columns[6], float),
        dwell_s=np.where(fetched, 0.0, _dwell_s(scenario, who, np.array(columns[3], np.int64))),
        refusals=tuple(refusals),
    )


def _banks_of(scenario: Scenario, chosen: Configuration, kind: Handover) -> NDArray[np.int64]:
    """Return which lockers of the scenario, by their number, the configuration hands over to in this way."""
    mine = {name for name in chosen.lockers if scenario.lockers[name].kind == kind}
    return np.array([bank for bank, name in enumerate(scenario.lockers) if name in mine], np.int64)


def _dwell_s(scenario: Scenario, order: NDArray[np.int64], locker: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how long each option's parcel would wait for its customer [options]; who is slow is so at every locker.

    The shares are drawn from the scenario's seed for itself, so that they are the same in every configuration.
    """
    slowness = np.random.default_rng([scenario.seed, STREAM]).random(len(scenario.orders))
    dwell_s = np.zeros(len(order))
    for bank, one in enumerate(scenario.lockers.values()):
        here = locker == bank
        dwell_s[here] = one.dwell.at(slowness[order[here]])
    return dwell_s


def _own_place_refusal(i: int, order: Order, kind: Handover) -> Refusal | None:
    """Tell why an order cannot be handed over at its own place in this way; None if it can."""
    if kind == Handover.YARD and order.is_return:
        return Refusal(i, kind, "return", 1, 0, "ways", "an aircraft sets parcels down and takes none up")
    if kind == Handover.YARD and not order.landing_place:
        return Refusal(i, kind, "landing-place", 1, 0, "places", f"a {order.dwelling} without a landing place")
    if kind not in order.accepts:
        return Refusal(i, kind, "consent", 1, 0, "consents", f"the customer does not accept {kind}")
    return None


def _near_lockers(
    scenario: Scenario, i: int, order: Order, used: NDArray[np.int64], walks: NDArray[np.float64], kind: Handover
) -> tuple[list[int], list[Refusal]]:
    """Return the nearest lockers, or kiosks, that would take the order, or why there is none.

    Whoever accepts a locker accepts a kiosk, which for customers is the same.
    """
    if not order.accepts & {Handover.LOCKER, kind}:
        return [], [Refusal(i, kind, "consent", 1, 0, "consents", f"the customer does not accept a {kind}")]
    if not used.size:
        return [], [Refusal(i, kind, "lockers", 1, 0, f"{kind}s", "the configuration has none")]
    banks = list(scenario.lockers.values())
    roomy = np.array([bank for bank in used if banks[bank].free_from(order.size)], int)
    if not roomy.size:
        if any(banks[bank].takes(order.size) for bank in used):
            full = f"all of size {order.size} or larger hold parcels of earlier days"
            return [], [Refusal(i, kind, "compartments", 1, 0, "compartments", full)]
        return [], [Refusal(i, kind, "size", 1, 0, "compartments", f"none takes size {order.size}")]
    nearest = roomy[np.argsort(walks[i, roomy], kind="stable")]
    near = [int(bank) for bank in nearest if walks[i, bank] <= order.walk_limit_m][: scenario.locker_options]
    if near:
        return near, []
    walk_m = float(min(walks[i, nearest[0]], FAR))
    detail = f"nearest is {list(scenario.lockers)[nearest[0]]}"
    return [], [Refusal(i, kind, "walk", walk_m, order.walk_limit_m, "m", detail)]
