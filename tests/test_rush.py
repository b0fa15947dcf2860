"""Tests of the benchmark of rush hours: it drives what was planned and prices it as the checker does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import rush


def test_days_planned_by_the_hour_go_as_planned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends where what is driven does not cost what was planned; by the hour no window is missed."""
    asked = ["rush.py", "--seeds", "2", "--orders", "8", "--work", "2", "--json"]
    monkeypatch.setattr(sys, "argv", asked)
    rush.main()
    *days, means = json.loads(capsys.readouterr().out)["rows"]
    assert [day["seed"] for day in days] == [0, 1]
    for day in days:
        assert day["hourly_broken"] == 0
        assert day["hourly_cost"] > 0
        assert day["hourly_moved"] <= day["hourly_cost"]
    assert means["hourly_cost_mean"] == pytest.approx(sum(day["hourly_cost"] for day in days) / 2)


def test_what_goes_otherwise_than_planned_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A price that is not the plan's ends the run with the seed and both."""
    monkeypatch.setattr(rush, "_price", lambda *_: 0)
    monkeypatch.setattr(sys, "argv", ["rush.py", "--seeds", "1", "--orders", "4", "--work", "1"])
    with pytest.raises(SystemExit, match=r"seed 0: driven 0\.0, planned \d"):
        rush.main()
