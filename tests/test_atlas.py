"""Tests of the command that tells what can be reached."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

from doorstep.atlas import reach
from doorstep.cli import main
from doorstep.network.extract import read_extract

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.network.network import Network

    Ask = Callable[..., tuple[int, str, str]]

EXTRACT = Path(__file__).parents[1] / "scenarios" / "data" / "karhula.osm.pbf"
AT = "26.95,60.52"


@pytest.fixture(scope="module")
def town() -> Network:
    """Return the streets of a village, read once."""
    return read_extract(EXTRACT)


@pytest.fixture
def ask(town: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return a way to give the command words, which returns its exit code, output and errors."""
    monkeypatch.setattr("doorstep.network.extract.read_extract", lambda _: town)

    def give(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["reach", str(EXTRACT), *arguments])
        told = capsys.readouterr()
        return int(str(left.value.code)), told.out, told.err

    return give


def test_isochrones_are_told_and_written(ask: Ask, tmp_path: Path) -> None:
    """Each place and number of minutes is one row of the table and of the file."""
    for name in ("areas.geojson", "areas.gpkg"):
        code, out, err = ask("--at", AT, "--at", "26.951, 60.521", "--minutes", "5,10", "--out", str(tmp_path / name))
        assert (code, err) == (0, f"{tmp_path / name} written\n")
        assert "walk at up to 4.8 km/h" in out
        assert out.count(AT) == 2
        frame = gpd.read_file(tmp_path / name)
        assert frame["minutes"].tolist() == [5, 10, 5, 10]
        assert frame["name"].tolist() == [AT, AT, "26.951,60.521", "26.951,60.521"]
        assert frame.crs.to_epsg() == 4326
    assert sorted(path.name for path in tmp_path.iterdir()) == ["areas.geojson", "areas.gpkg"]


def test_other_modes_are_faster(ask: Ask) -> None:
    """Modes of the catalogue move on their own layer at their own speed."""
    _, out, _ = ask("--at", AT, "--mode", "cargo-trike", "--minutes", "5")
    assert "on streets at free flow" in out


def test_homes_within_a_walk(ask: Ask, tmp_path: Path) -> None:
    """With a walk the homes around places of a table are counted."""
    table = tmp_path / "places.csv"
    table.write_text("name,lon,lat,more\nchurch,26.95,60.52,1\n,26.951,60.521,2\n", encoding="utf-8")
    code, out, _ = ask("--places", str(table), "--walk", "400")
    assert code == 0
    assert "church" in out
    assert "homes" in out


@pytest.mark.parametrize(
    "words",
    [
        "--at 26.95",
        "--at here,there",
        "--at 60.52,26.95",
        "--at nan,60.52",
        "--at 26.95,60.52 --minutes 0",
        "--at 26.95,60.52 --minutes soon",
        "--at 26.95,60.52 --mode hovercraft",
        "--at 26.95,60.52 --mode quadcopter",
        "--at 26.95,60.52 --walk -3",
        "--at 26.95,60.52 --walk nan",
        "--at 26.95,60.52 --walk 300 --minutes 5",
        "--at 26.95,60.52 --out areas.shp",
        "--at 26.95,60.52 --out no-such-folder/areas.gpkg",
        "--places no-such-table.csv",
        "--what",
    ],
)
def test_bad_input_is_told(ask: Ask, words: str) -> None:
    """Whatever is wrong with the words is a named fault and exit code 2."""
    code, out, err = ask(*words.split())
    assert (code, out) == (2, "")
    assert "internal" not in err


def test_no_lockers_to_start_from(ask: Ask, town: Network) -> None:
    """Without places the lockers of the map are taken; a map without any is a fault."""
    code, out, err = ask("--walk", "300")
    if len(town.lockers_m):
        assert "locker at" in out
    else:
        assert code == 2
        assert "no parcel lockers" in err


def test_help() -> None:
    """The command says what it takes."""
    assert {option.name for option in reach.params} == {"file", "at", "places", "minutes", "mode", "walk", "out"}
