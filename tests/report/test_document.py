"""Tests of the document that a study is told by."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from doorstep.report.document import as_json, study_document
from doorstep.study import run

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Study

KEYS = (
    "name", "orders", "served", "unserved", "failed", "violations", "cost", "latency_min", "on_time_share",
    "reach_share", "distance_km", "energy_kwh", "energy_span_kwh", "energy_models_kwh", "beyond_battery_trips",
    "co2e_kg", "vehicles", "solver",
)  # fmt: skip


def without_clock(document: dict[str, Any]) -> dict[str, Any]:
    for card in document["configurations"]:
        card["solver"].pop("seconds")
        card["solver"].pop("compile_s")
    return document


def test_the_document_has_every_promised_key(document: dict[str, Any]) -> None:
    """The document has the keys that programs are promised, and names its schema."""
    assert document["schema"] == "doorstep/study/1"
    assert {"scenario", "currency", "price_year", "seed", "configurations", "unserved"} <= set(document)
    for card in document["configurations"]:
        assert set(KEYS) <= set(card)
        assert set(card["latency_min"]) == {"mean", "p50", "p90", "p95", "p99"}


def test_lines_add_up_to_the_last_digit(document: dict[str, Any]) -> None:
    """Read as decimals, the lines of every ledger are exactly its total, and that is the cost of the parcels."""
    read = json.loads(as_json(document), parse_float=Decimal)
    for card in read["configurations"]:
        assert sum(card["cost"]["lines"].values()) == card["cost"]["total"]
        assert abs(card["cost"]["per_delivered"] * card["served"] - card["cost"]["total"]) < Decimal("0.01")


def test_every_unserved_order_has_a_reason_with_its_margin(document: dict[str, Any]) -> None:
    """Unserved orders are as many as the cards say, each with at least one rule, its need and its limit."""
    left = document["unserved"]
    assert len(left) == sum(card["unserved"] for card in document["configurations"])
    for entry in left:
        assert entry["reasons"]
        assert all({"rule", "needs", "has", "unit"} <= set(reason) for reason in entry["reasons"])


def test_energy_lies_between_its_models(document: dict[str, Any]) -> None:
    """The energy of a card is that of the planned models, and the span from the least to the most of them holds it."""
    metric = next(metric for metric in document["metrics"] if metric["name"] == "energy")
    for card in document["configurations"]:
        low, high = card["energy_span_kwh"]
        assert low <= card["energy_kwh"] <= high
        models = [list(found.values()) for found in card["energy_models_kwh"].values()]
        assert set(card["energy_models_kwh"]) == set(card["vehicles"])
        assert abs(sum(found[0] for found in models) - card["energy_kwh"]) < 0.01
        assert abs(sum(map(max, models)) - high) < 0.01
        assert metric["spans"][card["name"]] == pytest.approx(card["energy_span_kwh"], abs=0.001)


def test_the_document_is_strict_json(document: dict[str, Any]) -> None:
    """The text holds no NaN or Infinity, and reads back as the same document."""
    text = as_json(document)
    assert json.loads(text, parse_constant=lambda word: f"not JSON: {word}") == document


def test_the_same_work_gives_the_same_document(village: Scenario, study: Study) -> None:
    """A run of the same scenario gives the same document but for the seconds that it took."""
    assert without_clock(study_document(run(village))) == without_clock(study_document(study))
