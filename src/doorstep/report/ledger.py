"""Ledger: a study as a SQLite database, for questions that no table answers."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from doorstep.report.document import study_document
from doorstep.report.provenance import study_provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from doorstep.study import Study

TABLES = {
    "study": (
        "scenario TEXT, currency TEXT, price_year INTEGER, seed INTEGER, seconds REAL, doorstep TEXT, streets TEXT"
    ),
    "configurations": (
        "name TEXT PRIMARY KEY, orders INTEGER, served INTEGER, unserved INTEGER, failed INTEGER, violations INTEGER, "
        "cost_total REAL, cost_per_delivered REAL, unserved_penalty REAL, latency_mean_min REAL, latency_p50_min REAL, "
        "latency_p90_min REAL, latency_p95_min REAL, latency_p99_min REAL, collected_p50_min REAL, "
        "collected_p95_min REAL, on_time_share REAL, reach_share REAL, "
        "distance_km TEXT, energy_kwh REAL, energy_low_kwh REAL, energy_high_kwh REAL, co2e_kg REAL, vehicles TEXT, "
        "walking_km REAL, solver TEXT"
    ),
    "lines": "configuration TEXT, line TEXT, amount REAL, PRIMARY KEY (configuration, line)",
    "orders": (
        'configuration TEXT, "order" TEXT, status TEXT, mode TEXT, handover TEXT, locker TEXT, vehicle TEXT, '
        "trip INTEGER, placed_s REAL, ready_s REAL, promise_s REAL, delivered_s REAL, latency_min REAL, late_min REAL, "
        "collected_s REAL, parcels INTEGER, returned INTEGER, "
        'PRIMARY KEY (configuration, "order")'
    ),
    "unserved": (
        'configuration TEXT, "order" TEXT, rule TEXT, needs REAL, has REAL, unit TEXT, mode TEXT, detail TEXT'
    ),
    "sources": "key TEXT PRIMARY KEY, cite TEXT, title TEXT, place TEXT, url TEXT, weak INTEGER",
}
"""Columns of each table; distances, vehicles and solver facts are JSON texts."""


def write_ledger(study: Study, path: Path) -> None:
    """Write a study to a new SQLite file in write-ahead mode."""
    document, origin = study_document(study), study_provenance(study)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA journal_mode = WAL")
        for table, columns in TABLES.items():
            base.execute(f"CREATE TABLE {table} ({columns})")
        head = (origin["doorstep"], document["streets"]["origin"])
        opening = (document["scenario"], document["currency"], document["price_year"], document["seed"])
        _fill(base, "study", [(*opening, origin["seconds"], *head)])
        _fill(base, "configurations", (_configuration(card) for card in document["configurations"]))
        _fill(base, "lines", _lines(document))
        _fill(base, "orders", _rows(study.orders()))
        _fill(base, "unserved", _rows(study.unserved_frame()))
        _fill(base, "sources", (_source(key, source) for key, source in origin["sources"].items()))


def _fill(base: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        base.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608 - the names of tables are ours


def _configuration(card: dict[str, Any]) -> tuple[Any, ...]:
    cost, latency = card["cost"], card["latency_min"]
    return (
        *(card[key] for key in ("name", "orders", "served", "unserved", "failed", "violations")),
        *(cost[key] for key in ("total", "per_delivered", "unserved_penalty")),
        *(latency.get(key) for key in ("mean", "p50", "p90", "p95", "p99")),
        *(card["collected_min"].get(key) for key in ("p50", "p95")),
        card["on_time_share"],
        card["reach_share"],
        json.dumps(card["distance_km"]),
        card["energy_kwh"],
        *card["energy_span_kwh"],
        card["co2e_kg"],
        json.dumps(card["vehicles"]),
        card["walking_km"],
        json.dumps(card["solver"]),
    )


def _lines(document: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for card in document["configurations"]:
        for line, amount in card["cost"]["lines"].items():
            yield (card["name"], line, amount)


def _source(key: str, source: dict[str, Any]) -> tuple[Any, ...]:
    return (key, *(source.get(part) for part in ("cite", "title", "where", "url", "weak")))


def _rows(frame: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a frame as SQLite knows them: missing values are NULL."""
    whole = frame.astype(object).where(frame.notna(), None)
    for row in whole.itertuples(index=False, name=None):
        yield tuple(value.item() if hasattr(value, "item") else value for value in row)
