"""Story sheet: what became of one order in every configuration of a study, and what else could have."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorstep.errors import InputError
from doorstep.network.counting import counted
from doorstep.planning.alternatives import alternatives_of
from doorstep.report.words import (
    CAUSE_WORDS,
    FATE_WORDS,
    RULE_WORDS,
    YES_OR_NO,
    as_percent,
    clock,
    hours,
    money,
    number,
)
from doorstep.simulation.yard import CAUSES, FATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from doorstep.demand.order import Order
    from doorstep.planning.plan import Reason
    from doorstep.study import Outcome, Study

SCHEMA = "doorstep/story/1"
PERCENTILES = (50, 95)


def ask_known(study: Study, order: str) -> Order:
    """Return an order of a study; InputError where there is none of that name."""
    found = next((one for one in study.scenario.orders if one.id == order), None)
    if found is None:
        ids = [one.id for one in study.scenario.orders]
        close = get_close_matches(order, ids, n=1)
        fix = f"did you mean '{close[0]}'?" if close else f"there are {len(ids)}, from {ids[0]} to {ids[-1]}"
        raise InputError.of("order", f"the study has no order '{order}'", fix, "unknown-order")
    return found


def story_document(study: Study, order: str) -> dict[str, Any]:
    """Return the story of one order as JSON values; InputError where the study has no such order."""
    found = ask_known(study, order)
    return {
        "schema": SCHEMA,
        "scenario": study.scenario.name,
        "currency": study.scenario.prices.currency,
        "order": {
            "id": found.id,
            "mass_kg": found.mass_kg,
            "volume_l": found.volume_l,
            "size": str(found.size),
            "dwelling": str(found.dwelling),
            "accepts": sorted(map(str, found.accepts)),
            "placed_s": found.placed_s,
            "ready_s": found.ready_s,
            "window_s": [found.window.open_s, found.window.close_s],
            "promise_s": found.promise_s,
        },
        "configurations": [_chapter(study, outcome, order) for outcome in study.outcomes],
    }


def _bringer(outcome: Outcome, option: int) -> dict[str, Any]:
    """Return who brings an option; where it is a drone or robot of a van, also where and when it leaves and ends."""
    problem = outcome.problem
    for route in outcome.plan.routes:
        for trip in route.trips:
            if any(stop.option == option for stop in trip.stops):
                return {"vehicle": outcome.vehicle(route), "sortie": None}
            for sortie in trip.sorties:
                if sortie.stop.option == option:
                    ends = (trip.stops[k].option for k in (sortie.launched_at, sortie.taken_in_at))
                    start, end = (problem.order_ids[int(problem.option_order[o])] for o in ends)
                    told = {"from_order": start, "takeoff_s": sortie.takeoff_s, "to_order": end, "end_s": sortie.end_s}
                    waits = {"waits_s": sortie.landed_s - sortie.back_s, "distance_m": sortie.distance_m}
                    return {"vehicle": outcome.carried(route, sortie), "sortie": {**told, **waits}}
    raise ValueError(f"nobody brings option {option}")


def _chapter(study: Study, outcome: Outcome, order: str) -> dict[str, Any]:
    problem, trace = outcome.problem, outcome.trace
    k = problem.order_ids.index(order)
    told = alternatives_of(problem, outcome.plan, order)
    option = int(trace.option[k])
    served = None
    if option >= 0:
        bank = int(problem.option_locker[option])
        served = {
            **_bringer(outcome, option),
            "kind": str(problem.option_kind[option]),
            "locker": problem.lockers[bank] if bank >= 0 else None,
            "walk_m": round(float(problem.option_walk_m[option]), 1),
            "handed_s": float(trace.handed_s[k]),
            "latency_min": round(float(trace.handed_s[k] - problem.placed_s[k]) / 60, 2),
            "late_min": round(max(0.0, float(trace.handed_s[k] - problem.promise_s[k])) / 60, 2),
        }
    return {
        "name": outcome.name,
        "served": served,
        "saved_by_leaving_out": _rounded(told.saved_by_leaving_out),
        "unserved_price": told.unserved_price,
        "ways": [
            {
                "mode": way.mode,
                "hub": way.hub,
                "kind": way.kind,
                "locker": way.locker or None,
                "adds": _rounded(way.marginal_cost),
                "chosen": way.chosen,
                "reasons": [reason_values(reason) for reason in way.reasons],
            }
            for way in told.ways
        ],
        "refusals": [reason_values(reason) for reason in told.refusals],
        "days": _days(study, outcome.name, k),
    }


def _days(study: Study, name: str, k: int) -> dict[str, Any] | None:
    """Return how an order fared on days of chance; None where none were lived through."""
    if study.lived is None:
        return None
    course = study.lived.days[name].course
    handed_s, promise_s = course.handed_s[:, k], study.outcome(name).problem.promise_s[k]
    came = handed_s[np.isfinite(handed_s)]
    quantiles = {f"p{p}_s": round(float(np.percentile(came, p))) for p in PERCENTILES} if len(came) else {}
    befell = Counter(zip(course.cause[:, k].tolist(), course.fate[:, k].tolist(), strict=True))
    return {
        "count": len(handed_s),
        "came_share": round(len(came) / len(handed_s), 4),
        "on_time_share": round(float((came <= promise_s).sum()) / len(handed_s), 4),
        **quantiles,
        "replanned": name in study.lived.replanned,
        "befell": [
            {"cause": CAUSES[cause], "became": FATES[fate], "days": days}
            for (cause, fate), days in sorted(befell.items())
            if cause >= 0
        ],
    }


def reason_values(reason: Reason) -> dict[str, Any]:
    """Return a reason as JSON values."""
    values = {"rule": reason.rule, "needs": reason.needs, "has": reason.has, "unit": reason.unit}
    return {**values, "mode": reason.mode, "detail": reason.detail}


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 4)


def story_tables(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield the story of an order as people read it."""
    order, currency = document["order"], document["currency"]
    size = (
        f"{number(order['mass_kg'])} kg, {number(order['volume_l'])} L, size {order['size']}, to a {order['dwelling']}"
    )
    yield Text(f"order {order['id']} of {document['scenario']}: {size}", style="bold")
    window = f"{clock(order['window_s'][0])} to {clock(order['window_s'][1])}"
    yield Text(
        f"placed {clock(order['placed_s'])}, ready {clock(order['ready_s'])}, can be served {window}, "
        f"promised by {clock(order['promise_s'])}; accepts {', '.join(order['accepts'])}"
    )
    yield ""
    yield _outcomes(document, currency)
    for chapter in document["configurations"]:
        for head, lines in (
            ("what went wrong", list(_befell(chapter))),
            ("what else could be, and what could not", [*_sortie(chapter), *_otherwise(chapter, currency)]),
        ):
            if lines:
                yield Text(f"{chapter['name']}: {head}", style="bold")
                yield from (Padding(Text(line), (0, 0, 0, 2)) for line in lines)
    yield Text("what it adds: at its cheapest place in the routes as they are; others could be moved to make it less")


def _outcomes(document: Mapping[str, Any], currency: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    lived = any(chapter["days"] for chapter in document["configurations"])
    ends = ("on time", "p95") if lived else ("waited",)
    heads = ("configuration", "brought by", "how", "at", f"adds, {currency}", *ends)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < 3 else "right", no_wrap=True)  # noqa: PLR2004 - words
    for chapter in document["configurations"]:
        served, days = chapter["served"], chapter["days"]
        cells = ["nobody", "unserved", "-", "-"]
        if served:
            how = f"locker {served['locker']}" if served["locker"] else served["kind"]
            adds = chapter["saved_by_leaving_out"]
            cells = [served["vehicle"], how, clock(served["handed_s"]), "-" if adds is None else money(adds)]
        if days:
            cells += [as_percent(days["on_time_share"]) + " %", clock(days["p95_s"]) if "p95_s" in days else "-"]
        elif not lived:
            cells.append(hours(served["latency_min"]) if served else "-")
        table.add_row(chapter["name"], *cells)
    return table


def _befell(chapter: Mapping[str, Any]) -> Iterator[str]:
    """Yield on how many days of chance something befell an order, and what became of it then."""
    days = chapter["days"]
    for one in days["befell"] if days else ():
        share = f"{one['days']} of {counted(days['count'], 'day')}"
        yield f"{CAUSE_WORDS[one['cause']]} on {share}: {FATE_WORDS[one['became']]}"


def _sortie(chapter: Mapping[str, Any]) -> Iterator[str]:
    """Yield where whatever brings an order leaves its van and is taken in."""
    told = chapter["served"] and chapter["served"]["sortie"]
    if told:
        end = "there" if told["from_order"] == told["to_order"] else f"at that of order {told['to_order']}"
        yield (
            f"leaves its van at the stop of order {told['from_order']} at {clock(told['takeoff_s'])}, "
            f"{told['distance_m'] / 1000:.1f} km, taken in {end} by {clock(told['end_s'])}"
        )


def _otherwise(chapter: Mapping[str, Any], currency: str) -> Iterator[str]:
    """Yield every way that was not taken, with what it would add or why it cannot be."""
    for way in chapter["ways"]:
        if way["chosen"]:
            continue
        where = f"locker {way['locker']}" if way["locker"] else way["kind"]
        if way["adds"] is not None:
            yield f"{way['mode']}, {where}: would add {money(way['adds'])} {currency}"
        for reason in way["reasons"]:
            yield f"{way['mode']}, {where}: {in_words(reason, currency)}"
    for reason in chapter["refusals"]:
        yield f"{reason['mode'] or 'any vehicle'}: {in_words(reason, currency)}"


def in_words(reason: Mapping[str, Any], currency: str) -> str:
    """Return a rule that binds with its margin, as people read it."""
    words = RULE_WORDS.get(reason["rule"], reason["rule"])
    if reason["unit"] in YES_OR_NO:
        return f"{words} ({reason['detail']})" if reason["detail"] else words
    if reason["rule"] == "cut-off":
        return f"{words}: at {clock(3600 * reason['needs'])}, that is at {clock(3600 * reason['has'])}"
    unit = currency if reason["unit"] == "currency" else reason["unit"]
    return f"{words}, needs {number(reason['needs'])} {unit}, has {number(reason['has'])}"
