"""Files of OpenStreetMap that are damaged, empty, odd or something else."""

from __future__ import annotations

import bz2
import gzip
from typing import TYPE_CHECKING

import pytest
from handmade import DATA, HOUSE, LAT, LON, STREET, fault_of, is_said, ring, row_of, square_of

from doorstep.network.extract import read_extract
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]


def test_no_such_file(tmp_path: Path) -> None:
    """A missing file is named, with its nearest neighbour in the folder."""
    (tmp_path / "town.osm.pbf").touch()
    code, said = fault_of(tmp_path / "twon.osm.pbf")
    assert code == "no-file"
    assert f"did you mean {str(tmp_path / 'town.osm.pbf')!r}?" in said


def test_a_link_to_nothing(tmp_path: Path) -> None:
    """A link whose file is gone is said to be one, and not taken for a slip of the pen."""
    path = tmp_path / "town.osm.pbf"
    path.symlink_to("gone.osm.pbf")
    assert fault_of(path) == ("no-file", f"{path}: is a link to gone.osm.pbf, which is not there (check the path)")


def test_a_folder(tmp_path: Path) -> None:
    """A folder is no extract."""
    assert fault_of(tmp_path) == ("no-file", f"{tmp_path}: is a folder (name a file in it)")


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    """A name that the system refuses is a fault, not a crash."""
    assert fault_of(tmp_path / f"{'n' * 300}.osm.pbf")[0] == "unreadable"


@pytest.mark.parametrize(("suffix", "pack"), [(".osm.gz", gzip.compress), (".osm.bz2", bz2.compress)])
def test_a_packed_pbf(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    """A PBF that somebody packed once more is told to be unpacked."""
    path = tmp_path / f"town{suffix}"
    path.write_bytes(pack((DATA / "karhula.osm.pbf").read_bytes()))
    code, said = fault_of(path)
    assert code == "not-osm"
    assert said.endswith("(unpack it, and name it .osm.pbf)")


def test_streets_of_single_nodes(osm_file: Write) -> None:
    """A file whose streets have one node each has streets, but none that leads anywhere."""
    code, said = fault_of(osm_file([(1, LON, LAT, {})], [(1, [1], STREET)]))
    assert code == "no-nodes"
    assert "no street has two nodes that are in the file, of 1" in said


def test_wrong_suffix(tmp_path: Path) -> None:
    """A name that ends otherwise is refused with the endings that are read."""
    path = tmp_path / "streets.shp"
    path.write_bytes(b"x")
    code, said = fault_of(path)
    assert code == "wrong-suffix"
    assert ".osm.pbf" in said


@pytest.mark.parametrize("name", ["town.osm.pbf", "town.osm", "town.osm.gz"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    """An empty file is called empty."""
    (tmp_path / name).touch()
    assert fault_of(tmp_path / name)[0] == "empty-file"


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9])
def test_a_pbf_cut_off(tmp_path: Path, share: float) -> None:
    """A PBF cut off anywhere is called cut off."""
    whole = (DATA / "karhula.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert fault_of(path)[0] == "cut-off"


@pytest.mark.parametrize(("suffix", "pack"), [(".osm", bytes), (".osm.gz", gzip.compress), (".osm.bz2", bz2.compress)])
def test_xml_cut_off(osm_file: Write, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    """XML cut in half is called cut off, packed or not."""
    plain = osm_file(row_of(200), [(1, list(range(1, 201)), STREET)])
    whole = pack(plain.read_bytes())
    path = plain.with_name(f"cut{suffix}")
    path.write_bytes(whole[: len(whole) // 2])
    assert fault_of(path)[0] == "cut-off"


@pytest.mark.parametrize(
    ("name", "head", "end"),
    [
        ("a.osm.pbf", b"<?xml version='1.0'?><osm/>", ".osm"),
        ("a.osm.pbf", gzip.compress(b"<osm/>"), ".osm.gz"),
        ("a.osm", bz2.compress(b"<osm/>"), ".osm.bz2"),
        ("a.osm", (DATA / "karhula.osm.pbf").read_bytes()[:200], ".osm.pbf"),
    ],
)
def test_a_file_by_a_wrong_name(tmp_path: Path, name: str, head: bytes, end: str) -> None:
    """A file of a kind that is read, by the name of another, is to be renamed."""
    path = tmp_path / name
    path.write_bytes(head)
    code, said = fault_of(path)
    assert code == "not-osm"
    assert said.endswith(f"such a file should end in {end} (rename it, or give another file)")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"PK\x03\x04" + bytes(50), "a ZIP archive"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b'{"elements": []}', "JSON"),
    ],
)
@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.osm.gz"])
def test_something_else_by_the_name_of_an_extract(tmp_path: Path, name: str, head: bytes, told: str) -> None:
    """A file of another kind is told by its first bytes."""
    (tmp_path / name).write_bytes(head)
    code, said = fault_of(tmp_path / name)
    assert code == "not-osm"
    assert told in said


def test_noise(tmp_path: Path) -> None:
    """Bytes of no known kind are no PBF, and that is all that is said."""
    (tmp_path / "a.osm.pbf").write_bytes(bytes(range(256)))
    assert fault_of(tmp_path / "a.osm.pbf")[0] == "not-osm"


def test_flipped_bytes(tmp_path: Path) -> None:
    """A PBF with damage inside is a fault, not a crash."""
    whole = bytearray((DATA / "karhula.osm.pbf").read_bytes())
    whole[20_000:20_400] = bytes(400)
    (tmp_path / "a.osm.pbf").write_bytes(whole)
    assert fault_of(tmp_path / "a.osm.pbf")[0] in ("unreadable", "cut-off")


def test_without_streets(osm_file: Write) -> None:
    """A file without streets, or with none that anybody may use, says so."""
    square = square_of(10, LON, LAT)
    assert fault_of(osm_file(square, [(1, ring(10), HOUSE)]))[0] == "no-streets"
    code, said = fault_of(osm_file(row_of(2), [(1, [1, 2], {"highway": "construction"})]))
    assert code == "no-streets"
    assert "none of which anybody may use" in said


def test_all_nodes_missing(osm_file: Write) -> None:
    """A file whose streets have no node in it says so, and how to cut one that has."""
    code, said = fault_of(osm_file([], [(1, [1, 2], STREET)]))
    assert code == "no-nodes"
    assert "complete ways" in said


def test_a_coordinate_that_is_none(tmp_path: Path) -> None:
    """Letters where a coordinate should be are told as a file that cannot be read."""
    path = tmp_path / "a.osm"
    path.write_text('<osm version="0.6"><bounds minlat="x48" minlon="10" maxlat="49" maxlon="11"/></osm>')
    code, said = fault_of(path)
    assert code == "unreadable"
    assert "x48" in said


def test_a_map_across_the_line_of_dates(osm_file: Write) -> None:
    """Streets on both sides of the 180th meridian are one map, with their true length."""
    nodes = [(1, 179.999, -17.0, {}), (2, -179.999, -17.0, {}), (3, -179.998, -17.0, {"addr:housenumber": "1"})]
    network = read_extract(osm_file(nodes, [(1, [1, 2], STREET), (2, [2, 3], STREET)]))
    assert network.crs == "EPSG:32701"
    assert network.layers[Medium.ROAD].edges.length_m.sum() == pytest.approx(0.003 * 106_550, rel=1e-3)
    assert len(network.doors.flat) == 1


def test_streets_too_far_apart(osm_file: Write) -> None:
    """Streets of two continents are no map, and those of a wide one are told to be too long."""
    nodes = [(1, 9.0, 47.0, {}), (2, 9.01, 47.0, {}), (3, -120.0, 47.0, {}), (4, -120.01, 47.0, {})]
    code, said = fault_of(osm_file(nodes, [(1, [1, 2], STREET), (2, [3, 4], STREET)]))
    assert code == "too-wide"
    assert "-120.0 to 9.0" in said
    nodes[2:] = [(3, 29.0, 47.0, {}), (4, 29.01, 47.0, {})]
    network = read_extract(osm_file(nodes, [(1, [1, 2], STREET), (2, [3, 4], STREET)]))
    assert is_said(network, "up to 1.0% too long")


def test_strays_are_left_out(osm_file: Write) -> None:
    """Addresses and lockers on the other side of the earth are no doors of this map, and it says so."""
    locker = {"amenity": "parcel_locker"}
    nodes = [*row_of(2), (8, -150.0, -40.0, {"addr:housenumber": "1"}), (9, -100.0, 0.0, locker)]
    nodes.append((10, LON, LAT, {"addr:housenumber": "2"}))
    network = read_extract(osm_file(nodes, [(1, [1, 2], STREET)]))
    assert (len(network.doors.flat), len(network.lockers_m)) == (1, 0)
    assert is_said(network, "2 doors or lockers over 10 km outside")


def test_an_address_nowhere_on_earth(osm_file: Write) -> None:
    """An address beyond the 180th meridian is lost, and counted."""
    nodes = [*row_of(2), (8, 180.0000001, 50.0, {"addr:housenumber": "1"}), (9, LON, LAT, {"addr:housenumber": "2"})]
    network = read_extract(osm_file(nodes, [(1, [1, 2], STREET)]))
    assert len(network.doors.flat) == 1
    assert is_said(network, "1 building or address open")


def test_levels_that_cannot_be(osm_file: Write) -> None:
    """A house of a million levels is one that tells none."""
    flats = {"building": "apartments", "building:levels": "1000000"}
    network = read_extract(
        osm_file([*row_of(2), *square_of(10, LON, LAT)], [(1, [1, 2], STREET), (2, ring(10), flats)])
    )
    assert network.doors.homes.sum() < 1000
    assert is_said(network, "1 of 1 building without levels")
