"""Tests of quotes on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.cli import main
from doorstep.report.archive import save

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.study import Study


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a saved study."""
    path = tmp_path_factory.mktemp("quotes") / "study"
    save(study, path)
    return path


@pytest.fixture(scope="module")
def place(study: Study) -> str:
    """Return a place on the map in degrees."""
    order = study.scenario.orders[0]
    lon, lat = study.scenario.network.unproject(np.array([[order.x_m, order.y_m]]))[0]
    return f"{lon:.6f},{lat:.6f}"


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[str, str]:
    """Run a command line that leaves with a code, and return what it prints on both streams."""
    with pytest.raises(SystemExit) as left:
        main(["quote", *words])
    found = capsys.readouterr()
    assert left.value.code == code
    return found.out, found.err


def test_in_words(folder: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every configuration has its ways with cost and time, one of them is starred, and what was assumed is said."""
    out, _ = said(capsys, str(folder), "--place", place, "--parcel", "3")
    for words in ("courier", "mixed", "adds, EUR", "to show to the customer", "too heavy, needs 3 kg, has 2.3"):
        assert words in out
    assert out.count("*") >= 5
    assert "taken for granted" in out


def test_on_days_of_chance(folder: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for days, the table tells on how many of them a way comes, is in time, and by when on 95 of a hundred."""
    out, _ = said(capsys, str(folder), "--place", place, "--days", "20")
    assert "on time" in out
    assert "p95" in out
    document = json.loads(said(capsys, str(folder), "--place", place, "--days", "20", "--json")[0])
    ways = [way for one in document["configurations"] for way in one["ways"]]
    assert {way["days"]["days"] for way in ways if way["adds"] is not None} == {20}


def test_as_json(folder: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The document has one recommended way at most in each configuration, and it is among its ways."""
    document = json.loads(said(capsys, str(folder), "--place", place, "--at", "09:00", "--json")[0])
    assert document["schema"] == "doorstep/quote/1"
    assert document["now_s"] == 32_400
    for one in document["configurations"]:
        best = [way for way in one["ways"] if way["recommended"]]
        assert len(best) == (one["recommended"] is not None)
        assert all(way["handed_s"] >= document["order"]["ready_s"] for way in best)
        assert all(bool(way["reasons"]) == (way["adds"] is None) for way in one["ways"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--place", "60.53,26.95"], "swap longitude and latitude"),
        (["--place", "here"], "is no place"),
        (["--at", "23:30"], "window is over"),
        (["--at", "noon"], "not a clock time"),
        (["--parcel", "0"], "not above zero"),
        (["--accepts", "dor"], "did you mean 'door'"),
        (["--window", "10"], "is no window"),
    ],
)
def test_words_at_fault(
    folder: Path, place: str, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be asked is told with a mend, and the exit code is 2."""
    given = words if words[0] == "--place" else ["--place", place, *words]
    assert told in said(capsys, str(folder), *given, code=2)[1]


def test_no_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without a study is told."""
    assert "holds no study" in said(capsys, str(tmp_path), "--place", "26.9,60.5", code=2)[1]
