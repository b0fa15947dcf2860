"""Document: a study as one JSON value, `doorstep/study/1`, from which every table is printed."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from doorstep.evaluation.scorecard import METRICS
from doorstep.report.livedsheet import lived_document
from doorstep.report.provenance import count_values, notes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.evaluation.scorecard import Metric, Scorecard
    from doorstep.study import Outcome, Study
    from doorstep.study.banks import BankUse

SCHEMA = "doorstep/study/1"
CENT = Decimal("0.0001")
"""Money is written to a hundredth of a cent."""

Document: TypeAlias = dict[str, Any]


def study_document(study: Study) -> Document:
    """Return a study as JSON values: the numbers of every configuration, and why orders stayed unserved.

    Each line of the ledger is rounded first and the total is the sum of the rounded lines, so that they add up.
    """
    scenario = study.scenario
    days = {"days": lived_document(study.lived)} if study.lived else {}
    return days | {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "description": scenario.description,
        "currency": scenario.prices.currency,
        "price_year": scenario.prices.year,
        "seed": scenario.seed,
        "configurations": [_configuration(study, outcome) for outcome in study.outcomes],
        "metrics": [_metric(metric, study) for metric in METRICS],
        "unserved": [left for outcome in study.outcomes for left in _unserved(outcome)],
        "skipped": list(study.skipped),
        "streets": {"origin": scenario.network.origin, "made_up": scenario.network.made_up},
        "values": count_values(study),
        "notes": notes_of(study),
    }


def as_json(document: Mapping[str, Any]) -> str:
    """Return a document as text; it never holds NaN or Infinity, which are no JSON."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)


def _configuration(study: Study, outcome: Outcome) -> Document:
    card = outcome.scorecard
    return {
        "name": outcome.name,
        "orders": card.orders,
        "served": card.served,
        "unserved": card.unserved,
        "failed": card.failed,
        "couriered": card.couriered,
        "carried": card.carried,
        "violations": card.violations,
        "cost": _cost(card),
        "latency_min": {name: _round(minutes, 2) for name, minutes in card.latency_min.items()},
        "collected_min": {name: _round(minutes, 2) for name, minutes in card.collected_min.items()},
        "on_time_share": _round(card.on_time_share, 4),
        "reach_share": _round(card.reach_share, 4),
        "distance_km": {mode: _round(km, 3) for mode, km in card.distance_km.items()},
        "energy_kwh": _round(card.energy_kwh, 3),
        "energy_span_kwh": [_round(kwh, 3) for kwh in card.energy_span_kwh],
        "energy_models_kwh": {
            mode: {model: _round(kwh, 3) for model, kwh in models.items()}
            for mode, models in card.energy_models.items()
        },
        "beyond_battery_trips": {mode: dict(counts) for mode, counts in card.beyond_battery.items()},
        "co2e_kg": _round(card.co2e_kg, 3),
        "vehicles": dict(card.vehicles),
        "returns": card.returns,
        "handovers": dict(card.handovers),
        "walking_km": _round(card.walking_km, 3),
        "lockers": [_bank(bank) for bank in study.banks(outcome.name)],
        "solver": {key: _plain(value) for key, value in card.solver.items()},
    }


def _bank(bank: BankUse) -> Document:
    return {name: _plain(getattr(bank, name)) for name in bank.__dataclass_fields__}


def _metric(metric: Metric, study: Study) -> Document:
    values = {outcome.name: _round(metric.of(outcome.scorecard), 6) for outcome in study.outcomes}
    found: Document = {"name": metric.name, "unit": metric.unit, "better": metric.better, "values": values}
    if metric.span is not None:
        spans = ((outcome.name, metric.span(outcome.scorecard)) for outcome in study.outcomes)
        found["spans"] = {name: [_round(amount, 6) for amount in span] for name, span in spans}
    return found


def _cost(card: Scorecard) -> Document:
    lines = {str(line): amount.quantize(CENT) for line, amount in card.cost_lines.items()}
    total = sum(lines.values(), Decimal(0))
    return {
        "total": float(total),
        "per_delivered": float(round(total / card.served, 6)) if card.served else None,
        "lines": {line: float(amount) for line, amount in lines.items()},
        "unserved_penalty": float(card.unserved_penalty.quantize(CENT)),
    }


def _unserved(outcome: Outcome) -> list[Document]:
    return [
        {
            "configuration": outcome.name,
            "order": outcome.problem.order_ids[left.order],
            "reasons": [
                {
                    "rule": reason.rule,
                    "needs": _plain(reason.needs),
                    "has": _plain(reason.has),
                    "unit": reason.unit,
                    "mode": reason.mode,
                    "detail": reason.detail,
                }
                for reason in left.reasons
            ],
        }
        for left in outcome.plan.unserved
    ]


def _round(number: float | None, digits: int) -> float | None:
    return None if number is None or not math.isfinite(number) else round(float(number), digits)


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it; numbers that are not finite become null."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bool | str | None):
        return value
    if isinstance(value, int) or (hasattr(value, "dtype") and value.dtype.kind in "iu"):
        return int(value)
    if isinstance(value, float | Decimal) or hasattr(value, "dtype"):
        return _round(float(value), 6)
    return str(value)
