"""Tests of files that JOSM saved, and of such as are no maps."""

from __future__ import annotations

import bz2
import gzip
from typing import TYPE_CHECKING

import pytest

from doorstep.errors import ExtractError
from doorstep.network.extract import read_extract
from doorstep.network.network import Medium
from doorstep.network.osm.josm import read_head

if TYPE_CHECKING:
    from pathlib import Path

SAVED = """<?xml version='1.0' encoding='UTF-8'?>
<osm version='0.6' generator='JOSM'>
  <node id='-1' lat='60.0' lon='24.0' />
  <node id='-2' lat='60.001' lon='24.0' />
  <node id='-4' lat='60.002' lon='24.0' />
  <node id='7' action='delete' version='3' lat='60.003' lon='24.0' />
  <way id='-1'><nd ref='-1' /><nd ref='-2' /><tag k='highway' v='residential' /></way>
  <way id='5' action='delete' version='2'><nd ref='-2' /><nd ref='-4' /><tag k='highway' v='residential' /></way>
  <way id='6' action='modify' version='2'><nd ref='-1' /><nd ref='-2' /><tag k='building' v='yes' /></way>
</osm>
"""


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2"])
def test_what_josm_marked_as_deleted_is_left_out(tmp_path: Path, suffix: str) -> None:
    """Streets that were deleted in the editor are no streets, and the notes say how many objects that concerns."""
    pack = {".osm": bytes, ".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}[suffix]
    path = tmp_path / f"saved{suffix}"
    path.write_bytes(pack(SAVED.encode()))
    network = read_extract(path)
    assert "2 objects marked as deleted left out" in network.notes
    assert network.layers[Medium.ROAD].edges.length_m.sum() == pytest.approx(111, abs=1)  # type: ignore[attr-defined]
    assert network.origin.startswith(path.name)


def test_nothing_deleted_is_no_matter(tmp_path: Path) -> None:
    """A file of JOSM in which all is alive is read as it is."""
    path = tmp_path / "saved.osm"
    path.write_text(SAVED.replace(" action='delete'", ""), encoding="utf-8")
    assert not any("deleted" in note for note in read_extract(path).notes)


def test_changes_are_no_map(tmp_path: Path) -> None:
    """A file of changes is named as such, not read as if all in it were there."""
    path = tmp_path / "changes.osm"
    body = SAVED.partition("JOSM'>")[2].replace("</osm>", "</delete></osmChange>")
    path.write_text(f"<osmChange version='0.6'><delete>{body}", encoding="utf-8")
    with pytest.raises(ExtractError, match="osmChange"):
        read_extract(path)


def test_heads_that_cannot_be_read_are_left_to_others(tmp_path: Path) -> None:
    """Of a file that is not packed as its name says nothing is returned."""
    path = tmp_path / "plain.osm.gz"
    path.write_bytes(b"\x1f\x8bnonsense")
    assert read_head(path) == b""


def test_names_may_be_in_capitals(tmp_path: Path) -> None:
    """The end of a name says the same in capitals."""
    path = tmp_path / "SAVED.OSM"
    path.write_text(SAVED, encoding="utf-8")
    assert read_extract(path).layers[Medium.ROAD].edges.nodes == 2  # type: ignore[attr-defined]


def test_streets_at_a_single_point_are_none(tmp_path: Path) -> None:
    """A map all of whose streets lie at one point is named as such."""
    path = tmp_path / "point.osm"
    path.write_text(SAVED.replace("60.001", "60.0").replace("-4' lat='60.002", "-4' lat='60.0"), encoding="utf-8")
    with pytest.raises(ExtractError, match="single point"):
        read_extract(path)
