"""Tests of networks that are kept for the next load."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.errors import ExtractError
from doorstep.network.extract import read_extract
from doorstep.network.network import Medium
from doorstep.network.rulebook import RobotRules, RuleBook
from doorstep.network.store import pantry
from doorstep.network.store.pantry import load_extract
from doorstep.network.streets import Streets

if TYPE_CHECKING:
    from doorstep.network.network import Network

KARHULA = Path(__file__).parents[3] / "scenarios" / "data" / "karhula.osm.pbf"


def same(one: Network, other: Network) -> None:
    """Assert that two networks do not differ in anything."""
    for name in ("crs", "extent_m", "origin", "made_up", "notes"):
        assert getattr(one, name) == getattr(other, name)
    for field in dataclasses.fields(one.doors):
        np.testing.assert_array_equal(getattr(one.doors, field.name), getattr(other.doors, field.name))
    np.testing.assert_array_equal(one.lockers_m, other.lockers_m)
    assert list(one.layers) == list(other.layers)
    for medium, layer in one.layers.items():
        twin = other.layers[medium]
        if isinstance(layer, Streets):
            assert isinstance(twin, Streets)
            np.testing.assert_array_equal(layer.left_out_xy_m, twin.left_out_xy_m)
            for name in ("left_out_parts", "left_out_m", "notes"):
                assert getattr(layer, name) == getattr(twin, name)
            for field in dataclasses.fields(layer.edges):
                np.testing.assert_array_equal(getattr(layer.edges, field.name), getattr(twin.edges, field.name))


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody read an extract."""

    def refuse(path: Path, rules: RuleBook) -> Network:
        raise AssertionError(path)

    monkeypatch.setattr(pantry, "chart_extract", refuse)


def test_the_second_load_reads_nothing_and_is_the_same(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A file that was read before is not read again, and the network is the same to the last number."""
    first = load_extract(KARHULA, tmp_path)
    same(first, read_extract(KARHULA))
    request.getfixturevalue("forbidden")
    same(first, load_extract(KARHULA, tmp_path))


def test_another_byte_is_another_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the file holds counts, not when it was written; and so do the rules that read it."""
    copy = tmp_path / "streets.osm"
    node = '<node id="{}" version="1" lat="0.00{}" lon="0.001"/>'
    way = '<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/></way>'
    text = f'<osm version="0.6">{{}}{way}</osm>'
    for lat in (2, 3):
        copy.write_text(text.format(node.format(1, 1) + node.format(2, lat)), encoding="utf-8")
        load_extract(copy, tmp_path)
        assert len(list((tmp_path / "extracts").iterdir())) == lat - 1
    monkeypatch.setattr(pantry, "_rules", lambda: b"newer")
    load_extract(copy, tmp_path)
    assert len(list((tmp_path / "extracts").iterdir())) == 3


def test_another_rule_book_is_another_map(tmp_path: Path) -> None:
    """A map read for other robots is not that of the usual ones."""
    first = load_extract(KARHULA, tmp_path)
    wide = load_extract(KARHULA, tmp_path, RuleBook(robot=RobotRules(width_m=3.0)))
    assert first.notes != wide.notes
    same(first, load_extract(KARHULA, tmp_path))


@pytest.mark.parametrize("name", ["map", "ways", "foot"])
def test_a_broken_store_is_read_anew(tmp_path: Path, name: str) -> None:
    """Half a file in the folder, or one with a wrong bit, is no fault: what it held is made again and stored whole."""
    first = load_extract(KARHULA, tmp_path)
    same(first, load_extract(KARHULA, tmp_path))
    (folder,) = (tmp_path / "extracts").iterdir()
    kept = folder / f"{name}.columns"
    whole = kept.read_bytes()
    turned = [bytearray(whole) for _ in range(3)]
    for k, at in enumerate((20, 400, len(whole) // 2)):
        turned[k][at] ^= 1
    for broken in (whole[: len(whole) // 2], b"", b"PK nonsense", *turned):
        kept.write_bytes(broken)
        if name == "ways":  # which are needed for layers only
            (folder / "road.columns").unlink()
        same(first, load_extract(KARHULA, tmp_path))
        assert name == "ways" or kept.read_bytes() == whole


def test_each_layer_is_laid_and_kept_when_it_is_asked_for(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Who drives only lays no footways; the next load lays those out of the ways that were kept, reading no extract."""
    driven = load_extract(KARHULA, tmp_path).layers[Medium.ROAD]
    (folder,) = (tmp_path / "extracts").iterdir()
    assert {file.stem for file in folder.iterdir()} == {"map", "ways", "road"}
    request.getfixturevalue("forbidden")
    again = load_extract(KARHULA, tmp_path)
    assert list(again.layers) == list(Medium)[-1:] + list(Medium)[:-1]
    assert driven.notes == again.layers[Medium.ROAD].notes
    same(again, read_extract(KARHULA))
    assert {file.stem for file in folder.iterdir()} == {"map", "ways", "road", "cycle", "path", "foot"}


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Where nothing can be kept the network comes all the same, with a note, and so does each layer."""
    (tmp_path / "extracts").write_text("a file in the way")
    network = load_extract(KARHULA, tmp_path)
    assert "cannot be kept" in network.notes[-1]
    assert "cannot be kept" in network.layers[Medium.ROAD].notes[-1]


def test_a_folder_that_closes_between_layers_is_said_once(tmp_path: Path) -> None:
    """However many layers cannot be kept, the reason is told one time, whether or not the map has told it."""
    load_extract(KARHULA, tmp_path)
    later = load_extract(KARHULA, tmp_path)
    shutil.rmtree(tmp_path / "extracts")
    (tmp_path / "extracts").write_text("a file in the way")
    for network in (later, load_extract(KARHULA, tmp_path)):
        told = [*network.notes, *network.layer_notes(network.layers)]
        assert sum("cannot be kept" in note for note in told) == 1


def test_who_moves_to_another_folder_keeps_the_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer comes out of the folder and the file that were named, wherever its asker works by then."""
    shutil.copy(KARHULA, tmp_path / "karhula.osm.pbf")
    monkeypatch.chdir(tmp_path)
    load_extract("karhula.osm.pbf", "kept")
    stored, lost = load_extract("karhula.osm.pbf", "kept"), load_extract("karhula.osm.pbf", "kept")
    monkeypatch.chdir("/")
    same(stored, read_extract(KARHULA))
    shutil.rmtree(tmp_path / "kept")
    same(lost, read_extract(KARHULA))


def test_a_file_that_changed_lends_no_streets_to_the_old_map(tmp_path: Path) -> None:
    """Where a layer must be read anew and the file is another by now, that is told, and nothing wrong is stored."""
    copy, other = tmp_path / "karhula.osm.pbf", KARHULA.with_name("helsinki-centre.osm.pbf")
    shutil.copy(KARHULA, copy)
    load_extract(copy, tmp_path)
    network = load_extract(copy, tmp_path)
    (folder,) = (tmp_path / "extracts").iterdir()
    (folder / "ways.columns").unlink()
    shutil.copy(other, copy)
    with pytest.raises(ExtractError, match="has changed since it was opened"):
        network.layers[Medium.ROAD]
    assert {file.stem for file in folder.iterdir()} == {"map"}


def test_a_missing_file_is_told_as_ever(tmp_path: Path) -> None:
    """A file that is not there is the reader's to tell."""
    with pytest.raises(ExtractError, match="no such file"):
        load_extract(tmp_path / "none.osm.pbf", tmp_path)
