"""Platforms: whose orders, hubs and lockers are whose, as a file says it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from doorstep.scenario.fields import Share, Table
from doorstep.scenario.mends import did_you_mean
from doorstep.scenario.scenario import Platform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from doorstep.demand.order import Order
    from doorstep.errors import Fault
    from doorstep.scenario.case import Case

NEAR = 1e-6
"""How far shares may add up to something else than one."""


class PlatformTable(Table):
    """A platform or carrier with orders of its own."""

    share: Share | None = None
    """Of the orders that are drawn at random; those of a table say whose they are in a column `platform`."""
    hubs: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Hubs that nobody else uses; at every hub that no platform names each has one of its own, with its vehicles."""
    lockers: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Lockers that nobody else uses; where no platform names one each has a bank of its own there."""


def platforms_of(
    case: Case, orders: Sequence[Order], lockers: Sequence[str]
) -> tuple[tuple[Platform, ...], tuple[Order, ...], list[str], list[Fault]]:
    """Return the platforms, the orders with the names of theirs, notes, and what is wrong."""
    tables = case.tables.platforms
    if not tables:
        named = sorted({order.platform for order in orders} - {""})
        notes = [f"orders: of {', '.join(named)}, which plays no part without `platforms`"] if named else []
        return (), tuple(orders), notes, []
    found = tuple(Platform(name, tuple(table.hubs), tuple(table.lockers)) for name, table in tables.items())
    faults = [*_too_few(case, tables), *_strangers(case, tables, lockers), *_doubly_owned(case, tables)]
    dealt, notes, more = (_dealt if case.tables.demand.table is None else _told)(case, tables, orders)
    return found, dealt, notes, [*faults, *more]


def _too_few(case: Case, tables: Mapping[str, PlatformTable]) -> list[Fault]:
    if len(case.names("platforms")) > 1 or not tables:
        return []
    return [
        case.fault(["platforms"], "a single platform", "name two, or leave `platforms` out", "one-platform", key=True)
    ]


def _strangers(case: Case, tables: Mapping[str, PlatformTable], lockers: Sequence[str]) -> list[Fault]:
    """Return hubs and lockers that are not there."""
    faults = []
    for name, table in tables.items():
        for key, there in (("hubs", case.names("hubs")), ("lockers", lockers)):
            for position, word in enumerate(getattr(table, key)):
                if word not in there:
                    fix = did_you_mean(word, list(there)) or f"the scenario has no {key}"
                    loc = ("platforms", name, key, position)
                    faults.append(case.fault(loc, f"there is no {key[:-1]} '{word}'", fix, f"unknown-{key[:-1]}"))
    return faults


def _doubly_owned(case: Case, tables: Mapping[str, PlatformTable]) -> list[Fault]:
    """Return hubs and lockers that several platforms name."""
    faults = []
    for key in ("hubs", "lockers"):
        owners: dict[str, str] = {}
        for name, table in tables.items():
            for position, word in enumerate(getattr(table, key)):
                if owners.setdefault(word, name) != name:
                    what = f"{key[:-1]} '{word}' is already that of {owners[word]}"
                    fix = "leave it with one of them, or out of both where each has one there"
                    faults.append(case.fault(["platforms", name, key, position], what, fix, "owned-twice"))
    return faults


def _dealt(
    case: Case, tables: Mapping[str, PlatformTable], orders: Sequence[Order]
) -> tuple[tuple[Order, ...], list[str], list[Fault]]:
    """Deal the orders that were drawn out by the shares, in an order of the seed's, so that they add up exactly."""
    import numpy as np

    missing = [name for name, table in tables.items() if table.share is None]
    if missing:
        told = [
            case.fault(["platforms", name], "no share of the orders", "say `share: 0.5`", "no-share", key=True)
            for name in missing
            if case.sound("platforms", name)
        ]
        return tuple(orders), [], told
    shares = np.array([table.share for table in tables.values()], float)
    if abs(shares.sum() - 1) > NEAR:
        what = f"the shares add up to {shares.sum():g}"
        return tuple(orders), [], [case.fault(["platforms"], what, "make them add up to 1", "bad-shares", key=True)]
    ends = np.rint(np.cumsum(shares) * len(orders)).astype(int)
    owner = np.searchsorted(ends, np.arange(len(orders)), side="right")
    owner = np.random.default_rng([case.tables.seed, len(tables)]).permutation(owner)
    names = list(tables)
    dealt = tuple(replace(order, platform=names[k]) for order, k in zip(orders, owner.tolist(), strict=True))
    counts = Counter(order.platform for order in dealt)
    return dealt, [f"orders: dealt out at random, {', '.join(f'{counts[name]} to {name}' for name in names)}"], []


def _told(
    case: Case, tables: Mapping[str, PlatformTable], orders: Sequence[Order]
) -> tuple[tuple[Order, ...], list[str], list[Fault]]:
    """Return the orders of a table, each of which must say whose it is."""
    what = "orders of a table say themselves whose they are"
    faults = [
        case.fault(["platforms", name, "share"], what, "take it out", "share-of-table")
        for name, table in tables.items()
        if table.share is not None
    ]
    counts = Counter(order.platform for order in orders)
    loc = ["demand", "table", "file"]
    if counts.pop("", 0):
        lost = next(order.id for order in orders if not order.platform)
        what = f"order {lost} does not say whose it is"
        faults.append(case.fault(loc, what, "fill in the column `platform`, or name it in `columns`", "no-platform"))
    for name in counts:
        if name not in tables:
            what = f"{counts[name]} of its orders are those of '{name}', which is no platform"
            faults.append(case.fault(loc, what, did_you_mean(name, list(tables)), "unknown-platform"))
    idle = [name for name in tables if not counts[name]]
    return tuple(orders), [f"orders: none of {', '.join(idle)}"] if idle else [], faults
