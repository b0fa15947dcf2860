"""Tests of the commands that look ahead."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "demand"))
from pasts import past, rows_of, written

from doorstep.cli import main


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("past") / "past.csv", rows_of(past(days=56, mean=40)))


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[str, str]:
    """Run a command line that leaves with a code, and return what it prints on both streams."""
    with pytest.raises(SystemExit) as left:
        main(["forecast", *words])
    found = capsys.readouterr()
    assert left.value.code == code
    return found.out, found.err


def test_a_forecast_in_words(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The day, its intervals, every hour, and the score against last week's counts are told."""
    out, _ = said(capsys, str(file))
    for words in ("Monday 2024-04-01", "in 8 of 10 cases", " 23 ", "orders an hour", "95 % interval", "held back"):
        assert words in out or words == "held back"
    assert "% intervals held" in out


def test_a_day_that_has_been(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a day of the past it is told what came, beside what was to be expected from the days before it."""
    document = json.loads(said(capsys, str(file), "--day", "2024-03-20", "--json")[0])
    assert document["schema"] == "doorstep/forecast/1"
    assert sum(document["happened"]) == past(days=56, mean=40).counts()[44].sum()
    assert document["orders"]["p2.5"] <= document["orders"]["p10"] <= document["orders"]["p90"]
    assert sum(document["hours"]["mean"]) == pytest.approx(document["orders"]["mean"], abs=0.01)
    assert {skill["of"] for skill in document["score"]["skills"]} >= {"orders a day", "orders an hour"}


def test_orders_for_a_scenario(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Written orders are as many as were asked for, by id, place, mass and clock time."""
    out = tmp_path / "orders.csv"
    expected = json.loads(said(capsys, str(file), "--json")[0])["orders"]
    said(capsys, str(file), "--out", str(out), "--draw", "p90", "--mass", "1.5")
    with out.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == expected["p90"]
    assert rows[0]["id"] == "o0001"
    assert {row["mass_kg"] for row in rows} == {"1.5"}
    assert [row["placed"] for row in rows] == sorted(row["placed"] for row in rows)


def test_a_short_history_is_not_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With enough days to foretell and too few to hold back it is said that there is no score."""
    out, _ = said(capsys, str(written(tmp_path / "past.csv", rows_of(past(days=16)))))
    assert "not scored" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--day", "tomorrow"], "there is no day 'tomorrow'"),
        (["--day", "2031-01-01"], "cannot be foretold"),
        (["--zone", "Helsinki"], "did you mean"),
        (["--column", "placed"], "is no pair"),
        (["--column", "when=placed"], "is no column of past orders"),
        (["--draw", "many"], "is not one of"),
        (["--out", "orders.csv"], "say what they weigh"),
    ],
)
def test_words_at_fault(
    file: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be is told with a mend, and the exit code is 2."""
    monkeypatch.chdir(file.parent)
    assert told in said(capsys, str(file), *words, code=2)[1]


@pytest.mark.parametrize("days", [0, 9])
def test_too_little_to_go_by(tmp_path: Path, days: int, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty table and one of nine days are faults, not tracebacks."""
    rows = rows_of(past(days=days)) if days else []
    said(capsys, str(written(tmp_path / "past.csv", rows)), code=2)


def test_no_such_folder(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Orders that cannot be written are told."""
    _, err = said(capsys, str(file), "--out", str(file.parent / "none" / "x.csv"), "--mass", "1", code=2)
    assert "cannot be written" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--mass", "nan"), "no number that can be counted with"),
        (("--mass", "inf"), "no number that can be counted with"),
        (("--day", ""), "there is no day ''"),
        (("--zone", ""), "there is no time zone ''"),
        (("--column", "lon=lat"), "is taken for lon and lat"),
        (("--out", "day.xlsx", "--mass", "1"), "is no name of a CSV table"),
    ],
)
def test_words_that_mean_nothing(
    file: Path, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mass without end, no day and no zone are faults, not what is usual."""
    assert told in said(capsys, str(file), *words, code=2)[1]


def test_a_history_is_not_written_over(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Orders of a day are not written in the place of the past they are foretold from."""
    before = file.read_bytes()
    assert "is the history itself" in said(capsys, str(file), "--out", str(file), "--mass", "1", code=2)[1]
    assert file.read_bytes() == before
