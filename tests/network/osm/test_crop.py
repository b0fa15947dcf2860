"""Reading the bytes of extracts ourselves, against pyosmium."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import pytest
import shapely

from doorstep.network.access import KEYS
from doorstep.network.osm.courtyards import draw_relations
from doorstep.network.osm.crop import E7, Crop, read_crop
from doorstep.network.osm.harvest import KINDS, address_text, building_trait, is_locker
from doorstep.network.osm.pbf import DamagedPbfError, open_pbf
from doorstep.network.osm.pbfbits import GRADE, PLAIN
from doorstep.network.osm.rewriter import write_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Write = Callable[..., Path]

HERE = Path(__file__)
SHIPPED = sorted((HERE.parents[3] / "scenarios" / "data").glob("*.osm.pbf"))
SHARED = sorted(path for path in (HERE.parents[4] / "shared" / "osm").glob("*.osm*"))


def _by_osmium(path: Path) -> dict[str, Any]:
    """Return what pyosmium finds, with simple means."""
    draw = osmium.geom.WKBFactory()
    found: dict[str, Any] = {
        name: [] for name in ("streets", "torn", "stubs", "outlines", "traits", "rounded", "texts")
    }
    found |= {"points": [], "way_texts": [], "lockers": 0, "lost": 0, "newest": None}
    things: Any = osmium.FileProcessor(str(path)).with_locations().with_areas(osmium.filter.KeyFilter("building"))
    for thing in things:
        tags = dict(thing.tags)
        if thing.is_node():
            if "addr:housenumber" in tags:
                found["points"].append((thing.lon, thing.lat))
                found["texts"].append(address_text(tags))
            found["lockers"] += is_locker(tags)
        elif thing.is_way():
            nodes = [(n.ref, n.location.lon_without_check(), n.location.lat_without_check()) for n in thing.nodes]
            whole = all(n.location.valid() for n in thing.nodes)
            if "highway" in tags:
                row = tuple((key, value) for key, value in tags.items() if key in KEYS and not _plain(key, value))
                found["torn" if not whole else "streets" if len(nodes) > 1 else "stubs"].append((row, nodes))
            elif "building" in tags:
                if (trait := building_trait(tags)) is not None:
                    _keep_outline(found, whole, nodes, trait)
            elif "addr:housenumber" in tags:
                found["way_texts"].append(address_text(tags))
            else:
                found["lockers"] += is_locker(tags)
        elif thing.is_area() and not thing.from_way() and (trait := building_trait(tags)) is not None:
            found["rounded"].append((draw.create_multipolygon(thing), trait))
    found["header"] = things.header
    return found


def _plain(key: str, value: str) -> bool:
    return bool(KINDS[key.encode()] & GRADE and KINDS.get(value.encode(), 0) & PLAIN)


def _keep_outline(found: dict[str, Any], whole: bool, nodes: list[Any], trait: tuple[str, float, str]) -> None:
    places = [node[1:] for node in nodes]
    line = [place for k, place in enumerate(places) if not k or place != places[k - 1]]
    if whole and len(line) > 1:
        found["outlines"].append(line)
        found["traits"].append(trait)
    else:
        found["lost"] += 1


def _sorted_shapes(drawn: Iterable[tuple[str, Any]]) -> list[str]:
    """Return shapes with what they are in one order, wherever their rings begin and whichever way these run."""
    return sorted(f"{shapely.to_wkb(shapely.normalize(shapely.from_wkb(shape)))!r} {told}" for shape, told in drawn)


def _agree(crop: Crop, found: dict[str, Any]) -> None:
    streets, built = crop.streets, crop.built
    whole = len(found["streets"])
    assert [streets.tags.rows[kind] for kind in streets.tags.kind[:whole]] == [row for row, _ in found["streets"]]
    nodes = [node for _, run in found["streets"] for node in run]
    own = streets.node[: streets.first[whole]]
    assert streets.ids[own].tolist() == [node[0] for node in nodes]
    assert np.array_equal(
        (streets.place[own] / E7).reshape(-1, 2), np.array([node[1:] for node in nodes]).reshape(-1, 2)
    )
    assert (streets.torn, streets.stubs) == (len(found["torn"]), len(found["stubs"]))
    assert np.diff(built.outlines.first).tolist() == [len(line) for line in found["outlines"]]
    corners = np.array([place for line in found["outlines"] for place in line]).reshape(-1, 2)
    assert np.array_equal(built.outlines.place / E7, corners)
    assert repr(built.traits) == repr(found["traits"])
    rounded = ((shape, building_trait(relation.tags)) for relation, shape in draw_relations(built.courtyards))
    assert _sorted_shapes(rounded) == _sorted_shapes(found["rounded"])
    assert np.array_equal(built.address_points, np.array(found["points"]).reshape(-1, 2))
    assert built.address_texts == found["texts"] + found["way_texts"]
    assert len(built.locker_points) + len(built.locker_lines.first) - 1 == found["lockers"]
    assert built.lost == found["lost"]
    low, high = found["header"].box().bottom_left, found["header"].box().top_right
    assert crop.box == (low.lon, low.lat, high.lon, high.lat)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_extracts_against_pyosmium(path: Path) -> None:
    """Every street, building and address of the shipped extracts is what pyosmium reads, to the last bit."""
    _agree(read_crop(path), _by_osmium(path))


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.name)
def test_other_extracts_against_pyosmium(path: Path) -> None:
    """So are those of other extracts, as far as they are beside this repository."""
    _agree(read_crop(path), _by_osmium(path))


@pytest.mark.parametrize("form", ["osm", "osm.bz2", "pbf,pbf_compression=none", "pbf,pbf_dense_nodes=false"])
def test_other_forms_read_the_same(tmp_path: Path, form: str) -> None:
    """XML, packed XML and a PBF of another kind give the same as the usual PBF; rewriting a PBF is said."""
    source = next(path for path in SHIPPED if path.name.startswith("karhula"))
    kind = form.partition(",")[0]
    target = tmp_path / f"karhula.{'osm.pbf' if kind == 'pbf' else kind}"
    with osmium.SimpleWriter(
        osmium.io.File(str(target), form), 4_000_000, osmium.io.Reader(str(source)).header()
    ) as out:
        osmium.apply(str(source), out)
    crop = read_crop(target)
    _agree(crop, _by_osmium(source))
    assert crop.newest == read_crop(source).newest
    assert any("rewritten by osmium" in note for note in crop.notes) == ("dense" in form)


def test_an_unsorted_file_is_sorted(tmp_path: Path) -> None:
    """A file whose ways stand before their nodes loses nothing."""
    path = tmp_path / "a.osm"
    path.write_text(
        '<osm version="0.6"><way id="1" version="1"><nd ref="-2"/><nd ref="1"/><tag k="highway" v="road"/></way>'
        '<node id="1" version="1" lat="0" lon="2"/><node id="-2" version="1" lat="0" lon="3"/></osm>'
    )
    streets = read_crop(path).streets
    assert streets.ids[streets.node].tolist() == [-2, 1]
    assert (streets.place[streets.node] / E7).tolist() == [[3, 0], [2, 0]]


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_never_crash(tmp_path: Path, seed: int) -> None:
    """A PBF that is not packed, with bytes changed anywhere, reads or is refused, never more."""
    source = next(path for path in SHIPPED if path.name.startswith("karhula"))
    plain = tmp_path / "plain.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(plain), "pbf,pbf_compression=none")) as out:
        osmium.apply(str(source), out)
    rng = random.Random(seed)  # noqa: S311 - no secret
    raw = bytearray(plain.read_bytes())
    for _ in range(rng.choice((1, 5, 200))):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    plain.write_bytes(raw)
    try:
        read_crop(plain)
    except (RuntimeError, ValueError, OSError):
        return


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    """Bytes that are no PBF are damaged."""
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    with path.open("rb") as file, pytest.raises(DamagedPbfError):
        open_pbf(file)


def test_objects_there_twice_count_once(tmp_path: Path) -> None:
    """Of ways and nodes that are in a file twice the newer ones are kept, sorted or not, and it is said."""
    node = '<node id="{}" version="{}" lat="0" lon="{}"/>'
    way = '<way id="1" version="{}"><nd ref="1"/><nd ref="2"/><tag k="highway" v="{}"/></way>'
    old, new = node.format(2, 1, 2), node.format(2, 2, 3)
    rest = way.format(1, "road"), way.format(2, "service")
    sorted_, mixed = [node.format(1, 1, 1), old, new, *rest], [rest[1], new, node.format(1, 1, 1), old, rest[0]]
    for lines in (sorted_, mixed, [*sorted_[:2], *rest]):
        (tmp_path / "a.osm").write_text(f'<osm version="0.6">{"".join(lines)}</osm>')
        crop = read_crop(tmp_path / "a.osm")
        assert crop.streets.tags.rows == [(("highway", "service"),)]
        assert crop.streets.place[1, 0] / E7 == (3 if new in lines else 2)
        assert any("twice" in note for note in crop.notes)


@pytest.mark.parametrize("seed", range(12))
def test_damage_that_is_left_to_osmium_never_crashes(tmp_path: Path, seed: int) -> None:
    """A PBF whose nodes are not dense, with bytes changed, reads or is refused: osmium runs apart."""
    source = next(path for path in SHIPPED if path.name.startswith("karhula"))
    plain = tmp_path / "plain.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(plain), "pbf,pbf_compression=none,pbf_dense_nodes=false")) as out:
        osmium.apply(str(source), out)
    rng = random.Random(seed)  # noqa: S311 - no secret
    raw = bytearray(plain.read_bytes())
    for _ in range(rng.choice((1, 5, 200))):
        raw[rng.randrange(200, len(raw))] = rng.choice((0, 127, 128, 255))
    plain.write_bytes(raw)
    try:
        read_crop(plain)
    except (RuntimeError, ValueError, OSError):
        return


def test_what_osmium_says_apart_is_told(tmp_path: Path) -> None:
    """Whatever osmium cannot read in a process of its own is told in its words."""
    (tmp_path / "a.osm").write_text("<osm><node id='x'/></osm>")
    with pytest.raises(RuntimeError, match=r"version|illegal id"):
        write_apart(str(tmp_path / "a.osm"), str(tmp_path / "b.osm.pbf"))
