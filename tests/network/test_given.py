"""Tests of what is given in place of paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import doorstep
from doorstep.errors import InputError
from doorstep.formats import read_instance
from doorstep.network.given import given_path
from doorstep.network.grid import grid_town
from doorstep.network.place import read_graphml
from doorstep.network.store.pantry import load_extract

TOWN = grid_town(3, 3, 100.0, 1)
READERS = {
    "read_extract": doorstep.read_extract,
    "load_extract": lambda path: load_extract(path, Path("unused")),
    "read_graphml": read_graphml,
    "read_instance": read_instance,
    "load_scenario": doorstep.load_scenario,
    "read_traffic": doorstep.read_traffic,
    "read_zones": lambda path: doorstep.read_zones(path, TOWN),
    "read_wind": lambda path: doorstep.read_wind(path, TOWN),
    "read_terrain": lambda path: doorstep.read_terrain(path, TOWN),
}


def test_addresses_are_no_files() -> None:
    """An address of the network is told to be none of our files, with its slashes as they were written."""
    with pytest.raises(InputError, match=r"https://example\.org/town\.osm\.pbf: is an address of the network"):
        given_path("https://example.org/town.osm.pbf")


@pytest.mark.parametrize("path", ["there-is-no.osm.pbf", Path("there-is-no.osm.pbf"), "~/no.osm", "", 3, None, b"x"])
@pytest.mark.parametrize("name", READERS)
def test_every_reader_takes_words_or_names_the_fault(name: str, path: Any) -> None:
    """Readers take paths as words or as Path, and name a fault where there is no such file, or no path at all."""
    with pytest.raises(InputError) as told:
        READERS[name](path)
    assert told.value.faults[0].code != "fault"


def test_words_are_read(osm_file: Any) -> None:
    """An extract named by words is read as one named by a Path."""
    path = osm_file([(1, 9.0, 50.0, {}), (2, 9.001, 50.0, {})], [(1, [1, 2], {"highway": "residential"})])
    assert doorstep.read_extract(str(path)).origin == doorstep.read_extract(path).origin
    assert load_extract(str(path), str(path.parent)).origin == doorstep.read_extract(path).origin


def test_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`~` is the user's home, where there is one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert given_path("~/city.osm") == tmp_path / "city.osm"
    assert given_path("~nobody-of-that-name/city.osm") == Path("~nobody-of-that-name/city.osm")
