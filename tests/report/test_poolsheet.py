"""Tests of what platforms pay apart and together, as it is told."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from doorstep.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def pooled_file(village_file: Path) -> Path:
    """Return the village's scenario with two platforms."""
    path = village_file.with_name("pooled.yaml")
    path.write_text("extends: village.yaml\nplatforms: {a: {share: 0.5}, b: {share: 0.5}}\n", encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return the exit code and what is printed."""
    with pytest.raises(SystemExit) as left:
        main(list(words))
    told = capsys.readouterr()
    return int(str(left.value.code)), told.out, told.err


def test_the_document_adds_up(pooled_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Parts of the split add up to the cost together to the last digit, and savings are what lies between."""
    code, out, err = run(capsys, "pool", str(pooled_file), "--json", "--configuration", "courier", "--quiet")
    document = json.loads(out)
    assert (code, err, document["schema"]) == (0, "", "doorstep/pool/1")
    assert [one["name"] for one in document["platforms"]] == ["a", "b"]
    (told,) = document["configurations"]
    paid = sum(Decimal(str(part["pays"])) for part in told["split"])
    assert paid == Decimal(str(told["together"]))
    assert told["saving"] == pytest.approx(told["apart"] - told["together"])
    assert {tuple(one["members"]) for one in told["coalitions"]} == {("a",), ("b",), ("a", "b")}


def test_the_tables_tell_who_pays_what(pooled_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People read the saving, each platform's part, and how it was reckoned."""
    code, out, _ = run(capsys, "pool", str(pooled_file), "--configuration", "courier")
    assert code == 0
    for words in ("Who pays what", "courier", "Shapley", "saved", "streets:"):
        assert words in out


def test_a_scenario_without_platforms(village_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is a fault with a mend and exit code 2, as is a configuration that there is not."""
    code, _, err = run(capsys, "pool", str(village_file))
    assert code == 2
    assert "platforms" in err


def test_an_unknown_configuration(pooled_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told with those that there are."""
    code, _, err = run(capsys, "pool", str(pooled_file), "--configuration", "couriers")
    assert code == 2
    assert "couriers" in err


@pytest.mark.parametrize("limit", ["nan", "inf", "0"])
def test_a_time_limit_that_is_none(pooled_file: Path, capsys: pytest.CaptureFixture[str], limit: str) -> None:
    """Seconds that are no number, endless or none are refused, as `run` refuses them."""
    for command in ("pool", "run"):
        code, _, err = run(capsys, command, str(pooled_file), "--time-limit", limit)
        assert code == 2
        assert "--time-limit" in err
