"""Reading files of OpenStreetMap."""

from __future__ import annotations

import bz2
import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest
from handmade import DATA, HOUSE, LAT, LON, SHARED, STEP, STREET, fault_of, is_said, ring, row_of, square_of

from doorstep.network.extract import read_extract
from doorstep.network.network import Medium, Pace
from doorstep.network.streets import Streets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]


def test_streets_of_a_small_file(osm_file: Write) -> None:
    """Lengths are metres, the reference system is the UTM zone of the place, and the licence is named."""
    network = read_extract(osm_file(row_of(3), [(1, [1, 2], STREET), (2, [2, 3], STREET)]))
    roads = network.layers[Medium.ROAD]
    ends = roads.snap(network.project(np.array([[LON, LAT], [LON, LAT + 2 * STEP]])))
    assert roads.legs(ends, ends, Pace(9.0)).distance_m[0, 1] == pytest.approx(2 * 111.2, rel=0.002)
    assert network.crs == "EPSG:32632"
    assert network.origin == "hand.osm, of unknown date, © OpenStreetMap contributors, ODbL 1.0"
    assert not network.made_up
    assert set(network.layers) == set(Medium)


def test_southern_hemisphere(osm_file: Write) -> None:
    """South of the equator the reference system is that of the south."""
    nodes = [(1, -54.5, -20.5, {}), (2, -54.5, -20.499, {})]
    assert read_extract(osm_file(nodes, [(1, [1, 2], STREET)])).crs == "EPSG:32721"


@pytest.mark.parametrize(("suffix", "opener"), [(".osm.gz", gzip.open), (".osm.bz2", bz2.open)])
def test_packed_files(osm_file: Write, suffix: str, opener: Callable[..., object]) -> None:
    """Packed files read as the plain one does."""
    plain = osm_file(row_of(2), [(1, [1, 2], STREET)])
    packed = plain.with_name(f"hand{suffix}")
    with opener(packed, "wb") as file:  # type: ignore[attr-defined]
        file.write(plain.read_bytes())
    assert read_extract(packed).extent_m == read_extract(plain).extent_m


def test_extent(osm_file: Write) -> None:
    """The extent is the header's box, or that of the streets where the header has none or a senseless one."""
    streets = [(1, [1, 2], STREET)]
    own = read_extract(osm_file(row_of(2), streets))
    boxed = read_extract(osm_file(row_of(2), streets, bounds=(LON - 0.001, LAT, LON + 0.001, LAT + STEP)))
    world = read_extract(osm_file(row_of(2), streets, bounds=(-180, -90, 180, 90)))
    assert is_said(own, "does not say what area")
    assert boxed.extent_m[2] - boxed.extent_m[0] == pytest.approx(143, rel=0.02)
    assert not is_said(boxed, "area")
    assert world.extent_m == own.extent_m
    assert is_said(world, "does not fit its streets")


def test_doors_of_buildings_and_addresses(osm_file: Write) -> None:
    """Houses and flats are doors, sheds are not; addresses in a building are its doors, each once."""
    nodes = [
        *row_of(2),
        *square_of(10, LON + 0.001, LAT),
        *square_of(20, LON + 0.002, LAT, 0.0004),
        *square_of(30, LON + 0.003, LAT),
        (50, LON + 0.0021, LAT + 0.0001, {"addr:housenumber": "1", "addr:street": "High Street", "shop": "books"}),
        (51, LON + 0.0022, LAT + 0.0001, {"addr:housenumber": "1", "addr:street": "High Street", "shop": "shoes"}),
        (52, LON + 0.0022, LAT + 0.0001, {"addr:housenumber": "3", "addr:street": "High Street"}),
        (53, LON + 0.0050, LAT + 0.0001, {"addr:housenumber": "7", "addr:street": "Low Street"}),
    ]
    ways = [
        (1, [1, 2], STREET),
        (2, ring(10), HOUSE),
        (3, ring(20), {"building": "apartments", "building:levels": "4"}),
        (4, ring(30), {"building": "garage"}),
    ]
    doors = read_extract(osm_file(nodes, ways)).doors
    assert doors.flat.tolist() == [False, True, True, False]
    area_m2 = 0.0004**2 * 111_230 * 71_700
    assert doors.homes.tolist() == [
        1,
        pytest.approx(round(area_m2 * 4 / 110) / 2),
        pytest.approx(round(area_m2 * 4 / 110) / 2),
        1,
    ]


def test_buildings_of_no_stated_kind(osm_file: Write) -> None:
    """A building=yes is a home if it is large enough, is nothing else, and the map names few homes."""
    nodes = [
        *row_of(2),
        *square_of(10, LON + 0.001, LAT),
        *square_of(20, LON + 0.002, LAT, 0.00005),
        *square_of(30, LON + 0.003, LAT),
    ]
    ways = [(1, [1, 2], STREET), (2, ring(10), {"building": "yes"}), (3, ring(20), {"building": "yes"})]
    school = (4, ring(30), {"building": "yes", "amenity": "school"})
    network = read_extract(osm_file(nodes, [*ways, school]))
    assert len(network.doors.flat) == 1
    assert is_said(network, "1 building of no stated kind and at least 60 m² taken for homes")
    named = [*nodes, *square_of(40, LON + 0.004, LAT), *square_of(50, LON + 0.005, LAT)]
    network = read_extract(osm_file(named, [*ways, (4, ring(40), HOUSE), (5, ring(50), HOUSE)]))
    assert len(network.doors.flat) == 2
    assert is_said(network, "not taken for homes")


def test_buildings_with_courtyards(osm_file: Write) -> None:
    """A building drawn as a relation counts once, without its courtyard, also where its outline is tagged too."""
    nodes = [*row_of(2), *square_of(10, LON + 0.001, LAT, 0.0008), *square_of(20, LON + 0.0012, LAT + 0.0002, 0.0004)]
    relation = (
        '<relation id="9" version="1">'
        '<member type="way" ref="2" role="outer"/><member type="way" ref="3" role="inner"/>'
        '<tag k="type" v="multipolygon"/><tag k="building" v="apartments"/><tag k="building:levels" v="4"/></relation>'
    )
    plain = [(1, [1, 2], STREET), (2, ring(10), {"name": "Palace"}), (3, ring(20), {})]
    tagged = [plain[0], (2, ring(10), {"building": "apartments", "building:levels": "4"}), plain[2]]
    for ways in (plain, tagged):
        doors = read_extract(osm_file(nodes, ways, relation)).doors
        assert doors.flat.tolist() == [True]
        assert doors.homes.item() == pytest.approx((0.0008**2 - 0.0004**2) * 111_230 * 71_700 * 4 / 110, abs=2)


def test_a_map_without_houses(osm_file: Write) -> None:
    """Where no building is mapped, street corners stand for doors, and that is said."""
    network = read_extract(osm_file(row_of(30), [(1, list(range(1, 31)), STREET)]))
    assert len(network.doors.flat) == 30
    assert is_said(network, "neither buildings nor addresses are mapped")
    assert is_said(network, "no doors are mapped along 3.2 km of streets; 30 street corners and bends stand for houses")


def test_a_map_of_steps_alone(osm_file: Write) -> None:
    """Where no street might have houses, that is said in place of counts of nothing."""
    network = read_extract(osm_file(row_of(3), [(1, [1, 2, 3], {"highway": "steps"})]))
    assert is_said(network, "no doors are mapped, nor streets that might have some")


def test_parcel_lockers(osm_file: Write) -> None:
    """Parcel lockers are found by either way of tagging them, other vending machines are not."""
    nodes = [
        *row_of(2),
        (5, LON, LAT, {"amenity": "parcel_locker"}),
        (6, LON, LAT, {"amenity": "vending_machine", "vending": "parcel_pickup;parcel_mail_in"}),
        (7, LON, LAT, {"amenity": "vending_machine", "vending": "cigarettes"}),
        (8, LON, LAT, {"amenity": "vending_machine"}),
    ]
    assert len(read_extract(osm_file(nodes, [(1, [1, 2], STREET)])).lockers_m) == 2


def test_bollards(osm_file: Write) -> None:
    """A bollard stops the van and lets the cycle through."""
    nodes = [*row_of(2), (3, LON, LAT + 2 * STEP, {"barrier": "bollard"}), (4, LON, LAT + 4 * STEP, {})]
    network = read_extract(osm_file(nodes, [(1, [1, 2, 3, 4], STREET)]))
    metres = {medium: network.layers[medium].edges.length_m.sum() for medium in (Medium.ROAD, Medium.CYCLE)}  # type: ignore[attr-defined]
    assert metres == {Medium.ROAD: pytest.approx(222, rel=0.01), Medium.CYCLE: pytest.approx(445, rel=0.01)}
    assert is_said(network, "road: 1 part, 0.22 km in all")


def test_missing_nodes(osm_file: Write) -> None:
    """Streets that lack nodes keep their whole pieces, and the loss is said with numbers."""
    network = read_extract(osm_file(row_of(5), [(1, [1, 2, 99, 3, 4, 5, 98], STREET), (2, [97, 1], STREET)]))
    assert is_said(network, "2 streets lack 3 nodes not in the file, or nowhere on earth; 2 pieces")
    assert network.layers[Medium.ROAD].edges.length_m.sum() == pytest.approx(222, rel=0.01)  # type: ignore[attr-defined]


def test_speeds_and_strange_classes_are_said(osm_file: Write) -> None:
    """Streets without a limit, limits that cannot be read, and classes that no rule knows are counted."""
    ways = [
        (1, [1, 2], STREET | {"maxspeed": "30"}),
        (2, [2, 3], STREET | {"maxspeed": "as you like"}),
        (3, [3, 4], {"highway": "hovercraft"}),
        (4, [3, 4], {"highway": "trail"}),
    ]
    network = read_extract(osm_file(row_of(4), ways))
    assert is_said(network, "1 of 2 ways for vans with a readable speed limit")
    assert is_said(network, "1 speed limit that cannot be read and so taken as unstated: 'as you like' (1)")
    assert is_said(network, "1 way of classes that no rule knows, not used: 'hovercraft' (1)")
    assert is_said(network, "1 way tagged highway=trail")


def test_a_main_street_through_houses_has_a_pavement(osm_file: Write) -> None:
    """A main street that says nothing of pavements is open to robots where side streets join it, and that is said."""
    nodes = [*row_of(4), (5, LON + STEP, LAT + STEP, {}), (6, LON + STEP, LAT + 2 * STEP, {})]
    main, country = (
        (1, [1, 2, 3, 4], {"highway": "secondary"}),
        (1, [1, 2, 3, 4], {"highway": "secondary", "maxspeed": "80"}),
    )
    sides = [(2, [2, 5], STREET), (3, [3, 6], STREET)]
    network = read_extract(osm_file(nodes, [main, *sides]))
    assert is_said(network, "path: 1 built-up street says nothing of pavements")
    assert is_said(read_extract(osm_file(nodes, [country, *sides])), "path: 1 part,")


def test_the_shipped_city() -> None:
    """The centre of Helsinki is mostly flats, and all of its layers hold together for the most part."""
    network = read_extract(DATA / "helsinki-centre.osm.pbf")
    assert network.doors.flat.mean() > 0.7
    assert len(network.doors.flat) > 500
    for medium in (Medium.ROAD, Medium.CYCLE, Medium.PATH, Medium.FOOT):
        layer = network.layers[medium]
        used_m = layer.edges.length_m.sum()  # type: ignore[attr-defined]
        assert used_m > 3 * layer.left_out_m  # type: ignore[attr-defined]
        snaps = layer.snap(network.doors.xy_m[::10])
        legs = layer.legs(snaps, snaps, Pace(4.0))
        assert np.isfinite(legs.duration_s).all()
        ends = layer.snap(network.doors.xy_m[5::10][: len(snaps.edge)])
        some = layer.snap(network.doors.xy_m[::10][: len(ends.edge)])
        told = np.diagonal(layer.legs(some, ends, Pace(4.0)).distance_m)
        searched = layer.paths(some, ends, Pace(4.0))
        assert layer.hierarchy is not None  # type: ignore[attr-defined]
        for lines in (searched, layer.paths(some, ends, Pace(4.0))):
            drawn = [np.hypot(*np.diff(line, axis=0).T).sum() for line in lines]
            np.testing.assert_allclose(drawn, told, rtol=1e-6, atol=1e-6)


def test_the_shipped_village() -> None:
    """Karhula is mostly houses, its file's date is told, and people walk on nearly all of its streets."""
    network = read_extract(DATA / "karhula.osm.pbf")
    assert network.doors.flat.mean() < 0.2
    assert len(network.doors.flat) > 1000
    assert "2019" in network.origin
    assert network.layers[Medium.FOOT].left_out_m < 1000  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name", ["liechtenstein.osm.pbf", "campo-grande.osm.gz", "tiny-village.osm", "nantong-dieshiqiao.osm.pbf"]
)
def test_other_extracts(name: str) -> None:
    """Extracts of other countries, sizes and formats read, with roads and with doors."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this repository")
    network = read_extract(path)
    roads = network.layers[Medium.ROAD]
    snaps = roads.snap(network.doors.xy_m[:50])
    assert np.isfinite(roads.legs(snaps, snaps, Pace(14.0)).duration_s).all()


def test_a_graph_is_named_by_its_own_key(tmp_path: Path) -> None:
    """A graph of osmnx given as an extract is answered with the key that reads it."""
    path = tmp_path / "a.graphml"
    path.touch()
    code, said = fault_of(path)
    assert code == "wrong-suffix"
    assert "write `graphml:` instead of `extract:`" in said


def test_layers_share_their_nodes() -> None:
    """What the layers of a large map hold for each of their points is few bytes: their nodes are there once."""
    layers = [
        layer.edges for layer in read_extract(DATA / "karhula.osm.pbf").layers.values() if isinstance(layer, Streets)
    ]
    assert len({id(edges.node_xy_m) for edges in layers}) == 1
    for edges in layers:
        assert edges.point.itemsize + edges.step_m.itemsize + edges.speed.itemsize <= 4 + 8 + 2
        assert edges.point_xy_m.tolist() == edges.xy_m(np.arange(len(edges.point))).tolist()
