"""Tables of a study: the comparison, the ledger, the orders, and why some stayed unserved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from doorstep.evaluation.latency import collected_s, returned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from doorstep.study.outcome import Outcome

ORDER_COLUMNS = (
    "configuration", "order", "status", "mode", "handover", "locker", "vehicle", "trip",
    "placed_s", "ready_s", "promise_s", "delivered_s", "latency_min", "late_min", "collected_s", "parcels", "returned",
)  # fmt: skip
REASON_COLUMNS = ("configuration", "order", "rule", "needs", "has", "unit", "mode", "detail")


def comparison(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row a configuration; modes that a configuration does not use count 0 there."""
    rows = []
    for outcome in outcomes:
        card = outcome.scorecard
        rows.append(
            {
                "configuration": outcome.name,
                "orders": card.orders,
                "served": card.served,
                "unserved": card.unserved,
                "failed": card.failed,
                "violations": card.violations,
                "cost_total": float(card.cost_total),
                "cost_per_delivered": None if card.cost_per_delivered is None else float(card.cost_per_delivered),
                "unserved_penalty": float(card.unserved_penalty),
                **{f"latency_{name}_min": minutes for name, minutes in card.latency_min.items()},
                **{f"collected_{name}_min": minutes for name, minutes in card.collected_min.items()},
                "on_time_share": card.on_time_share,
                "reach_share": card.reach_share,
                **{f"distance_{mode}_km": km for mode, km in card.distance_km.items()},
                "energy_kwh": card.energy_kwh,
                "energy_low_kwh": card.energy_span_kwh[0],
                "energy_high_kwh": card.energy_span_kwh[1],
                "co2e_kg": card.co2e_kg,
                **{f"vehicles_{mode}": count for mode, count in card.vehicles.items()},
                "walking_km": card.walking_km,
            }
        )
    frame = pd.DataFrame(rows)
    by_mode = [c for c in frame.columns if c.startswith(("distance_", "vehicles_"))]
    return frame.fillna(dict.fromkeys(by_mode, 0)).set_index("configuration") if rows else frame


def ledger(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row a configuration, one column a line of the ledger, and their `total` [currency]."""
    rows = {
        outcome.name: {**outcome.scorecard.cost_lines, "total": outcome.scorecard.cost_total} for outcome in outcomes
    }
    lines = list(dict.fromkeys(line for row in rows.values() for line in row if line != "total"))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[*map(str, lines), "total"])
    return frame.fillna(0).astype(float).rename_axis("configuration")


def orders(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row for each order in each configuration; clock times in seconds since midnight."""
    rows = [row for outcome in outcomes for row in _order_rows(outcome)]
    return pd.DataFrame(rows, columns=list(ORDER_COLUMNS))


def unserved(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row for each reason that kept an order out; several vehicles may each give their own."""
    rows = [
        (o.name, o.problem.order_ids[left.order], r.rule, r.needs, r.has, r.unit, r.mode, r.detail)
        for o in outcomes
        for left in o.plan.unserved
        for r in left.reasons
    ]
    return pd.DataFrame(rows, columns=list(REASON_COLUMNS))


def _order_rows(outcome: Outcome) -> Iterator[tuple[object, ...]]:
    problem, plan = outcome.problem, outcome.plan
    found: dict[int, tuple[object, ...]] = {}
    for route in plan.routes:
        mode = problem.fleets[route.fleet].mode
        for number, trip in enumerate(route.trips):
            for stop in trip.stops:
                order, bank = int(problem.option_order[stop.option]), int(problem.option_locker[stop.option])
                locker = problem.lockers[bank] if bank >= 0 else ""
                kind = problem.option_kind[stop.option].value
                found[order] = ("served", mode, kind, locker, outcome.vehicle(route), number)
            for sortie in trip.sorties:
                kind = problem.option_kind[sortie.stop.option].value
                who = problem.fleets[sortie.fleet].mode, kind, "", outcome.carried(route, sortie)
                found[int(problem.option_order[sortie.stop.option])] = ("served", *who, number)
    handed_s, failed = outcome.trace.handed_s, outcome.trace.failed
    back = returned(problem, outcome.trace)
    collected = collected_s(problem, outcome.trace)
    for order, name in enumerate(problem.order_ids):
        how = found.get(order, ("unserved", "", "", "", "", None))
        if failed[order]:
            how = ("failed", *how[1:])
        leave_s = float(handed_s[order]) if math.isfinite(handed_s[order]) else None
        parcels = 1 if problem.bundle is None else int(problem.bundle[order])
        taken_s = float(collected[order]) if math.isfinite(collected[order]) else None
        placed_s, ready_s = int(problem.placed_s[order]), int(problem.ready_s[order])
        promise_s = int(problem.promise_s[order])
        latency_min = late_min = None
        if leave_s is not None:
            latency_min, late_min = (leave_s - placed_s) / 60, max(0, leave_s - promise_s) / 60
        yield (
            outcome.name,
            name,
            *how,
            placed_s,
            ready_s,
            promise_s,
            leave_s,
            latency_min,
            late_min,
            taken_s,
            parcels,
            bool(back[order]),
        )
