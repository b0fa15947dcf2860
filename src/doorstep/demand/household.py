"""Household: several orders of one home, handed over as one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from doorstep.demand.order import Window
from doorstep.demand.parcel import size_by_volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.demand.order import Order
    from doorstep.handover import Size

MOST_KG = 31.5
"""Nobody is handed more at once than the heaviest single parcel that services carry; an estimate."""
APART_M = 50.0
"""Orders farther apart are not those of one home."""


def consolidated(orders: Sequence[Order], largest: Size) -> tuple[Order, ...]:
    """Return the orders with those of one household joined, each in the place of the first of them.

    Orders are joined where their windows have a moment in common, where one platform owes them, where all are to be
    brought or all to be fetched, and where they fit together into a compartment of the size `largest` and weigh no
    more than one person carries. What is joined is promised for the earliest of its promises, ready when the last is,
    and counts as placed with the first.
    """
    found: list[Order] = []
    open_at: dict[tuple[str, str, bool], list[int]] = {}
    for order in orders:
        places = open_at.setdefault((order.household, order.platform, order.is_return), [])
        for place in places if order.household else ():
            joined = _joined(found[place], order, largest)
            if joined is not None:
                found[place] = joined
                break
        else:
            places.append(len(found))
            found.append(order)
    return tuple(found)


def _joined(one: Order, other: Order, largest: Size) -> Order | None:
    """Return two orders as one, or None where they cannot be."""
    volume, mass = one.volume_l + other.volume_l, one.mass_kg + other.mass_kg
    size = max(size_by_volume(volume), one.size, other.size, key=lambda s: s.rank)
    opens = max(one.window.open_s, other.window.open_s)
    closes = min(one.window.close_s, other.window.close_s)
    apart_m = math.hypot(one.x_m - other.x_m, one.y_m - other.y_m)
    if size.rank > largest.rank or mass > MOST_KG or opens > closes or apart_m > APART_M:
        return None
    return replace(
        one,
        id=f"{one.id}+{other.id}",
        mass_kg=round(mass, 6),
        volume_l=round(volume, 6),
        size=size,
        placed_s=min(one.placed_s, other.placed_s),
        ready_s=max(one.ready_s, other.ready_s),
        window=Window(opens, closes),
        promise_s=min(one.promise_s, other.promise_s),
        landing_place=one.landing_place and other.landing_place,
        accepts=one.accepts & other.accepts,
        walk_limit_m=min(one.walk_limit_m, other.walk_limit_m),
        parcels=one.parcels + other.parcels,
    )
