"""Drafts of scenarios run as they are, for any extract."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from doorstep.errors import InputError
from doorstep.network.extract import read_extract
from doorstep.network.grid import grid_town
from doorstep.scenario.file import check_file, load_scenario
from doorstep.scenario.starter import draft, write_draft

HERE = Path(__file__).parents[2]
OWN = sorted((HERE / "scenarios" / "data").glob("*.pbf"))
SHARED = HERE.parent / "shared" / "osm"
OTHERS = [
    "tiny-village.osm",
    "nantong-dieshiqiao.osm.pbf",
    "beijing-tsinghua.osm.pbf",
    "campo-grande.osm.gz",
    "liechtenstein.osm.pbf",
]

READ = cache(read_extract)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each extract once for all tests of this file."""
    monkeypatch.setattr("doorstep.network.extract.read_extract", READ)
    monkeypatch.setattr("doorstep.scenario.starter.read_extract", READ)


@pytest.mark.parametrize("extract", OWN, ids=lambda path: path.name)
def test_a_draft_is_sound(tmp_path: Path, extract: Path) -> None:
    """A draft for a shipped extract has no fault and asks for what was ordered."""
    file = tmp_path / "new.yaml"
    write_draft(file, extract, 40, 3)
    assert check_file(file) == ()
    scenario = load_scenario(file)
    assert (len(scenario.orders), scenario.seed, len(scenario.configurations)) == (40, 3, 5)


@pytest.mark.parametrize("name", OTHERS)
def test_a_draft_is_sound_for_other_lands(tmp_path: Path, name: str) -> None:
    """A draft for a village, a valley, a steep town or a sparsely mapped one has no fault either."""
    if not (SHARED / name).is_file():
        pytest.skip("the extracts for tests are not beside this checkout")
    file = tmp_path / "new.yaml"
    write_draft(file, SHARED / name, 300, 1)
    assert check_file(file) == ()


def test_the_extract_is_found_from_the_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of the extract is written as seen from the new file's folder."""
    (tmp_path / "maps").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "maps" / "a b.osm.pbf").write_bytes(OWN[-1].read_bytes())
    monkeypatch.chdir(tmp_path)
    text = write_draft(Path("mine/new.yaml"), Path("maps/a b.osm.pbf"), 5, 1)
    assert 'extract: "../maps/a b.osm.pbf"' in text
    monkeypatch.chdir("/")
    assert check_file(tmp_path / "mine" / "new.yaml") == ()


def test_a_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    """A file that is there stays as it is unless overwriting is asked for."""
    file = tmp_path / "new.yaml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        write_draft(file, OWN[0], 5, 1)
    assert file.read_text(encoding="utf-8") == "mine"
    write_draft(file, OWN[0], 5, 1, overwrite=True)
    assert check_file(file) == ()


def test_a_saved_graph_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a street graph saved by osmnx the draft names a graph, and is otherwise as for an extract."""
    town = grid_town(6, 6, 150.0, 1)
    monkeypatch.setattr("doorstep.network.place.read_graphml", lambda *_: town)
    file, graph = tmp_path / "new.yaml", tmp_path / "town.graphml"
    graph.write_text("", encoding="utf-8")
    assert 'graphml: "town.graphml"' in write_draft(file, graph, 20, 1)
    assert check_file(file) == ()


def test_a_draft_says_why(tmp_path: Path) -> None:
    """Hub, lockers, robots and fleet sizes each have their reason in a comment."""
    text = draft(OWN[0], 100, 1, folder=tmp_path)
    for words in ("the hub stands in the middle", "One locker for every", "Rule of thumb", "of the homes lie within"):
        assert words in text
    assert text == draft(OWN[0], 100, 1, folder=tmp_path)


@pytest.mark.parametrize(("extract", "orders"), [(Path("none.osm.pbf"), 5), (OWN[0], 0)])
def test_a_draft_of_nothing_is_a_fault(tmp_path: Path, extract: Path, orders: int) -> None:
    """Without an extract or without orders there is a fault and no file."""
    with pytest.raises(InputError):
        write_draft(tmp_path / "new.yaml", extract, orders, 1)
    with pytest.raises(InputError, match="no folder"):
        write_draft(tmp_path / "nowhere" / "new.yaml", OWN[0], 5, 1)
    assert not list(tmp_path.iterdir())
