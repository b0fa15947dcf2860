"""Tests of the rows that the benchmark of streets prints."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import streets

ROWS = [
    {"name": "reader", "tool": "doorstep", "n": 9, "cpu_s": 0.1, "peak_mb": 200.0},
    {"name": "reader", "tool": "osmnx, streets only", "n": 9, "cpu_s": 3.0, "peak_mb": 300.0},
    {"name": "reader", "tool": "osmnx", "n": 9, "cpu_s": 9.0, "peak_mb": 400.0, "convert_cpu_s": 0.5},
    {"name": "agreement", "tool": "osmnx", "n": 200, "agree": 199},
    {"name": "table", "tool": "osrm", "left_out": "not installed"},
    {"name": "table", "tool": "scipy", "n": 200, "cpu_s": 2.0, "max_error_s": 0.0},
]


def test_every_row_has_the_same_keys() -> None:
    """Rows are those of the tools that were run, each with the six keys, null where they do not apply."""
    rows = streets.plain_rows(ROWS)
    assert [(row["name"], row["tool"]) for row in rows] == [
        ("reader", "doorstep"),
        ("reader", "osmnx"),
        ("table", "scipy"),
    ]
    assert {tuple(row) for row in rows} == {("name", "tool", "n", "cpu_s", "peak_mb", "max_error_s")}
    assert rows[0]["max_error_s"] is None


def test_nothing_else_is_lost() -> None:
    """What is measured besides, and why a tool is left out, is told apart."""
    assert streets.further(ROWS) == [
        ROWS[1],
        {"name": "reader", "tool": "osmnx", "n": 9, "convert_cpu_s": 0.5},
        ROWS[3],
        ROWS[4],
    ]
