"""Quote sheet: what one more order would cost, and when it would come, by every way in every configuration."""

from __future__ import annotations

from dataclasses import asdict
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorstep.network.counting import counted
from doorstep.report.storysheet import in_words, reason_values
from doorstep.report.words import clock, minutes, money, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from doorstep.demand.order import Order
    from doorstep.planning.alternatives import Alternative
    from doorstep.study import Study
    from doorstep.study.quoting import Quote

SCHEMA = "doorstep/quote/1"


def quote_document(
    study: Study, order: Order, place: tuple[float, float], now_s: int | None, quotes: Sequence[Quote]
) -> dict[str, Any]:
    """Return quotes as JSON values; `place` in degrees."""
    return {
        "schema": SCHEMA,
        "scenario": study.scenario.name,
        "currency": study.scenario.prices.currency,
        "now_s": now_s,
        "order": {
            "id": order.id,
            "place": list(place),
            "mass_kg": order.mass_kg,
            "volume_l": order.volume_l,
            "size": str(order.size),
            "dwelling": str(order.dwelling),
            "accepts": sorted(map(str, order.accepts)),
            "walk_limit_m": order.walk_limit_m,
            "placed_s": order.placed_s,
            "ready_s": order.ready_s,
            "window_s": [order.window.open_s, order.window.close_s],
            "promise_s": order.promise_s,
        },
        "unserved_price": quotes[0].found.unserved_price if quotes else None,
        "configurations": [_configuration(order, one) for one in quotes],
    }


def _configuration(order: Order, one: Quote) -> dict[str, Any]:
    best = one.best
    return {
        "name": one.configuration,
        "recommended": None if best is None else _label(best),
        "ways": [
            {**_way(order, way, recommended=way is best), "days": expected and asdict(expected)}
            for way, expected in zip_longest(one.found.ways, one.expected)
        ],
        "refusals": [reason_values(reason) for reason in one.found.refusals],
    }


def _way(order: Order, way: Alternative, *, recommended: bool) -> dict[str, Any]:
    at = way.handed_s
    return {
        "mode": way.mode,
        "hub": way.hub,
        "kind": way.kind,
        "locker": way.locker or None,
        "adds": None if way.marginal_cost is None else round(way.marginal_cost, 4),
        "handed_s": at,
        "latency_min": None if at is None else round((at - order.placed_s) / 60, 2),
        "late_min": None if at is None else round(max(0.0, at - order.promise_s) / 60, 2),
        "walk_m": round(way.walk_m, 1),
        "delays": {"orders": len(way.delays_s), "most_min": round(max(way.delays_s, default=0) / 60, 2)},
        "recommended": recommended,
        "reasons": [reason_values(reason) for reason in way.reasons],
    }


def _label(way: Alternative) -> str:
    return f"{way.mode}, {f'{way.kind} {way.locker}' if way.locker else way.kind}"


def quote_tables(document: Mapping[str, Any], notes: Sequence[str] = ()) -> Iterator[RenderableType]:
    """Yield quotes as people read them."""
    order, currency = document["order"], document["currency"]
    lon, lat = order["place"]
    size = f"{number(order['mass_kg'])} kg, {number(order['volume_l'])} L, to a {order['dwelling']}"
    now = "before the day begins" if document["now_s"] is None else f"at {clock(document['now_s'])}"
    yield Text(f"one more order for {document['scenario']}, {now}: {size} at {lon:g}, {lat:g}", style="bold")
    window = f"{clock(order['window_s'][0])} to {clock(order['window_s'][1])}"
    yield Text(
        f"ready {clock(order['ready_s'])}, can be served {window}, promised by {clock(order['promise_s'])}; "
        f"accepts {', '.join(order['accepts'])}"
    )
    yield ""
    yield _offers(document, currency)
    yield from _recommended(document, currency)
    for one in document["configurations"]:
        lines = list(_impossible(one, currency))
        if lines:
            yield Text(f"{one['name']}: what cannot be", style="bold")
            yield from (Padding(Text(line), (0, 0, 0, 2)) for line in lines)
    yield Text(
        "adds: to the plan as it is, at the cheapest place; others could be moved to make it less. "
        + (
            f"on time, p95: on {counted(count, 'day')} of chance"
            if (count := _days(document))
            else "others later: how many, and the one that is so most"
        )
    )
    if notes:
        yield Text(f"taken for granted: {'; '.join(notes)}", style="dim")


def _offers(document: Mapping[str, Any], currency: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    lived = _days(document) > 0
    ends = ("on time", "p95") if lived else ("others later",)
    heads = ("configuration", "by", "how", f"adds, {currency}", "at", *ends)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < 3 else "right", no_wrap=True)  # noqa: PLR2004 - words
    for one in document["configurations"]:
        ways = [way for way in one["ways"] if way["adds"] is not None]
        if not ways:
            table.add_row(one["name"], "nobody", *["-"] * (len(heads) - 2))
        for place, way in enumerate(ways):
            how = f"{way['kind']} {way['locker']}" if way["locker"] else way["kind"]
            late = " late" if way["late_min"] else ""
            later = way["delays"]
            delays = f"{later['orders']}, {minutes(later['most_min'])}" if later["orders"] else "-"
            last = _on_days(way) if lived else (delays,)
            cells = way["mode"], how + ("*" if way["recommended"] else ""), money(way["adds"])
            style = "bold green" if way["recommended"] else ""
            name = one["name"] if place == 0 else ""
            table.add_row(name, *cells, clock(way["handed_s"]) + late, *last, style=style)
    return table


def _days(document: Mapping[str, Any]) -> int:
    """Return on how many days of chance the ways were lived through."""
    ways = (way["days"] for one in document["configurations"] for way in one["ways"])
    return next((days["days"] for days in ways if days), 0)


def _on_days(way: Mapping[str, Any]) -> Iterator[str]:
    """Yield how a way fares on days of chance, where these were asked for."""
    if days := way["days"]:
        yield f"{100 * days['on_time_share']:.1f} %"
        yield "-" if days["p95_s"] is None else clock(days["p95_s"])


def _recommended(document: Mapping[str, Any], currency: str) -> Iterator[Text]:
    """Yield what to show to the customer, and what another choice than the door is worth."""
    yield Text("* to show to the customer: the cheapest that keeps the promise, or else the cheapest", style="dim")
    for one in document["configurations"]:
        best = next((way for way in one["ways"] if way["recommended"]), None)
        if best is None:
            dearer = any(way["adds"] is not None for way in one["ways"])
            untold = any(reason["rule"] == "sorties" for reason in one["refusals"])
            why = (
                "every way costs more than leaving it out"
                if dearer
                else "nothing is known"
                if untold
                else "there is no way"
            )
            yield Text(f"{one['name']}: nothing to offer, {why}")
            continue
        doors = [way["adds"] for way in one["ways"] if way["kind"] == "door" and way["adds"] is not None]
        if doors and best["kind"] != "door" and min(doors) > best["adds"]:
            saves = f"{money(min(doors) - best['adds'])} {currency}"
            yield Text(f"{one['name']}: {one['recommended']} saves {saves} against the door")


def _impossible(one: Mapping[str, Any], currency: str) -> Iterator[str]:
    for way in one["ways"]:
        where = f"{way['kind']} {way['locker']}" if way["locker"] else way["kind"]
        for reason in way["reasons"]:
            yield f"{way['mode']}, {where}: {in_words(reason, currency)}"
    for reason in one["refusals"]:
        yield f"{reason['mode'] or 'any vehicle'}: {in_words(reason, currency)}"
