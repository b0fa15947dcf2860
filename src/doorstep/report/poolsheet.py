"""Pool sheet: what platforms pay apart and together, as a document and as tables for people."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from doorstep.report.document import CENT, Document
from doorstep.report.tables import bullet
from doorstep.report.words import as_percent, money, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from rich.console import RenderableType

    from doorstep.study.pooling import Pooling

SCHEMA = "doorstep/pool/1"


def pool_document(pooling: Pooling) -> Document:
    """Return a pooling as JSON values; the parts of a split are rounded so that they add up to the cost together."""
    scenario = pooling.scenario
    counts = {name: sum(o.parcels for o in scenario.orders if o.platform == name) for name in pooling.platforms}
    return {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "currency": scenario.prices.currency,
        "price_year": scenario.prices.year,
        "seed": scenario.seed,
        "platforms": [{"name": name, "orders": count} for name, count in counts.items()],
        "configurations": [_configuration(pooling, name) for name in pooling.configurations],
        "streets": {"origin": scenario.network.origin, "made_up": scenario.network.made_up},
        "notes": list(scenario.notes),
    }


def _configuration(pooling: Pooling, name: str) -> Document:
    cost = pooling.cost(name)
    everybody = frozenset(pooling.platforms)
    apart = sum((cost[frozenset((one,))] for one in pooling.platforms), Decimal(0))
    split = pooling.split(name)
    paid = _to_cents(split, cost[everybody])
    card = pooling.outcome(name, *everybody).scorecard
    alone = [pooling.outcome(name, one).scorecard for one in pooling.platforms]
    return {
        "name": name,
        "served": card.served,
        "apart": float(apart),
        "together": float(cost[everybody]),
        "saving": float(apart - cost[everybody]),
        "saving_share": round(float(1 - cost[everybody] / apart), 4) if apart else None,
        "vehicles_apart": sum(sum(one.vehicles.values()) for one in alone),
        "vehicles_together": sum(card.vehicles.values()),
        "distance_km_apart": round(sum(sum(one.distance_km.values()) for one in alone), 3),
        "distance_km_together": round(sum(card.distance_km.values()), 3),
        "unserved_apart": sum(one.unserved for one in alone),
        "unserved_together": card.unserved,
        "coalitions": [{"members": sorted(some), "cost": float(amount)} for some, amount in cost.items()],
        "split": [
            {"platform": one, "alone": float(cost[frozenset((one,))]), "pays": float(paid[one])}
            for one in pooling.platforms
        ],
        "tempted": [sorted(some) for some in pooling.tempted(name)],
    }


def _to_cents(split: Mapping[str, Fraction], total: Decimal) -> dict[str, Decimal]:
    """Return the parts as they are written; what rounding leaves over goes to the largest."""
    paid = {name: (Decimal(part.numerator) / Decimal(part.denominator)).quantize(CENT) for name, part in split.items()}
    paid[max(paid, key=lambda name: paid[name])] += total - sum(paid.values(), Decimal(0))
    return paid


def pool_tables(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield everything that there is to show of a pooling."""
    names = ", ".join(f"{one['name']} ({one['orders']} orders)" for one in document["platforms"])
    money_of = f"{document['currency']} of {document['price_year']}"
    yield _sums(document, f"{document['scenario']}: {names}; {money_of}")
    yield _split(document)
    yield Text("What this rests on", style="bold")
    yield bullet(f"streets: {document['streets']['origin']}")
    yield bullet(
        "at a hub or locker that no platform names, each has one of its own with its vehicles; together they have the "
        "vehicles of all and pay for one hub"
    )
    yield bullet("what each pays is its Shapley value: the mean of what it adds to those that were there before it")
    for one in document["configurations"]:
        if one["tempted"]:
            who = "; ".join(" + ".join(some) for some in one["tempted"])
            yield bullet(f"{one['name']}: not stable, since these would pay less by themselves: {who}")
    yield from map(bullet, document["notes"])


def _table(title: str, *heads: str, words: int) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < words else "right", overflow="fold")
    return table


def _sums(document: Mapping[str, Any], title: str) -> Table:
    """Return what pooling saves."""
    table = _table(title, "configuration", "apart", "together", "saved", "vehicles", "km", "unserved", words=1)
    for one in document["configurations"]:
        table.add_row(
            one["name"],
            money(one["apart"]),
            money(one["together"]),
            "-" if one["saving_share"] is None else as_percent(one["saving_share"]) + " %",
            f"{one['vehicles_apart']} > {one['vehicles_together']}",
            f"{whole(one['distance_km_apart'])} > {whole(one['distance_km_together'])}",
            f"{one['unserved_apart']} > {one['unserved_together']}",
        )
    return table


def _split(document: Mapping[str, Any]) -> Table:
    """Return what each platform pays."""
    table = _table("Who pays what", "configuration", "platform", "alone", "together", "saved", "per order", words=2)
    orders = {one["name"]: one["orders"] for one in document["platforms"]}
    for one in document["configurations"]:
        for place, part in enumerate(one["split"]):
            saved = 1 - part["pays"] / part["alone"] if part["alone"] else None
            table.add_row(
                one["name"] if not place else "",
                part["platform"],
                money(part["alone"]),
                money(part["pays"]),
                "-" if saved is None else as_percent(saved) + " %",
                money(part["pays"] / orders[part["platform"]]),
            )
    return table
