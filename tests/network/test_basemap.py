"""Tests of what lies under routes on a picture."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from handmade import DATA, LAT, LON, STREET, ring, row_of, square_of

from doorstep.errors import ExtractError
from doorstep.network.basemap import Basemap, read_basemap, read_map
from doorstep.network.extract import read_extract
from doorstep.network.osm.landkinds import LAND_KINDS, LANDS, land_kind
from doorstep.network.osm.rewriter import write_anew
from doorstep.network.streets import Streets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

COURTYARD = (
    '<relation id="1" version="1"><member type="way" ref="5" role="outer"/><member type="way" ref="6" role="inner"/>'
    '<tag k="type" v="multipolygon"/><tag k="building" v="apartments"/></relation>'
)


@pytest.fixture
def village(osm_file: Write) -> Path:
    """Return a file with an area of every sort, some that are none, streets and places."""
    nodes = [
        *row_of(5),
        *(node for k in range(6) for node in square_of(10 * (k + 1), LON + 0.01 * k, LAT)),
        *square_of(70, LON + 0.04002, LAT + 0.00002, 0.00005),
        *square_of(80, LON + 0.02, LAT, 0.005),
        (90, LON, LAT, {"place": "village", "name": "Ort"}),
        (91, LON, LAT, {"place": "village"}),
        (92, LON, LAT, {"place": "ocean", "name": "Meer"}),
    ]
    ways = [
        (1, ring(10), {"leisure": "park", "name": "Park"}),
        (2, ring(20), {"building": "house", "landuse": "residential", "name": "Haus"}),
        (3, ring(30), {"building": "no"}),
        (4, [40, 41, 42], {"building": "yes"}),
        (5, [50, 51, 52, 53, 50], {}),
        (6, ring(70), {}),
        (7, ring(80), {"natural": "water"}),
        (8, ring(60), {"highway": "pedestrian", "area": "yes", "name": "Markt"}),
        (9, [1, 2], STREET | {"name": "Gasse"}),
        (10, [2, 3, 4, 5], STREET | {"name": "Gasse"}),
        (11, [1, 99], STREET | {"name": "Lost"}),
        (12, [10, 11], {"natural": "coastline"}),
        (13, [10, 99, 11, 10], {"landuse": "grass"}),
    ]
    return osm_file(nodes, ways, COURTYARD)


def test_areas_buildings_and_labels(village: Path) -> None:
    """Areas come largest first, buildings with their courtyards, and names once where they are longest or within."""
    found = read_basemap(village)
    assert found.areas.kind == ["water", "green", "square"]
    assert found.areas.name == ["", "Park", "Markt"]
    assert found.buildings.kind == ["house", "apartments"]
    assert list(zip(found.labels.kind, found.labels.name, strict=True)) == [
        *(("village", "Ort"), ("green", "Park"), ("square", "Markt"), ("street", "Gasse")),
    ]
    assert found.notes == ("2 areas or buildings open or not whole, and not drawn",)
    assert found.origin == "hand.osm, © OpenStreetMap contributors, ODbL 1.0"
    areas, labels = found.areas.frame(), found.labels.frame()
    assert areas.crs == labels.crs == "EPSG:4326"
    assert areas.geometry.iloc[1].contains(labels.geometry.iloc[1])
    assert labels.geometry.iloc[3].coords[0] == pytest.approx((LON, LAT + 0.0025))
    (holes,) = (len(shape.geoms[0].interiors) for shape in found.buildings.frame().geometry[1:])
    assert holes == 1


def test_a_map_without_any(osm_file: Write) -> None:
    """A map of streets without names has empty frames."""
    found = read_basemap(osm_file(row_of(3), [(1, [1, 2, 3], STREET)]))
    for drawn in (found.areas, found.buildings, found.labels):
        assert drawn.frame().columns.tolist() == ["kind", "name", "geometry"]
        assert len(drawn.frame()) == 0
    assert found.notes == ()


def told(found: Basemap) -> list[tuple[list[str], list[str], list[bytes]]]:
    """Return all that is drawn."""
    return [
        (drawn.kind, drawn.name, shapely.to_wkb(drawn.shapes()).tolist())
        for drawn in (found.areas, found.buildings, found.labels)
    ]


def test_all_forms_of_a_file_give_the_same(village: Path, tmp_path: Path) -> None:
    """Text, packed text, PBF, and ways that stand before their nodes make the same picture."""
    forms = [tmp_path / name for name in ("a.osm.gz", "a.osm.pbf", "mixed.osm")]
    forms[0].write_bytes(gzip.compress(village.read_bytes()))
    write_anew(str(village), str(forms[1]))
    head, *rest = village.read_text().partition('<way id="1"')
    begin, nodes = head.split("\n", 2)[:2], head.split("\n", 2)[2]
    forms[2].write_text("\n".join([*begin, "".join(rest).replace("</osm>", ""), nodes, "</osm>"]))
    wanted = told(read_basemap(village))
    assert [told(read_basemap(form)) == wanted for form in forms] == [True, True, True]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_files_that_are_not_whole(tmp_path: Path, share: float) -> None:
    """A file cut off or empty is the same fault as for the reader of streets."""
    whole = (DATA / "karhula.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    faults = []
    for read in (read_basemap, read_extract):
        with pytest.raises(ExtractError) as caught:
            read(path)
        faults.append(caught.value.faults)
    assert faults[0] == faults[1]


def test_areas_that_osmium_gives_up_on(village: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What osmium refuses to put together is a fault of the file for readers of basemaps, too."""

    def refuse(*_: object) -> None:
        raise RuntimeError("Way IDs out of order")

    monkeypatch.setattr("doorstep.network.basemap.draw_relations", refuse)
    for read in (read_basemap, read_map):
        with pytest.raises(ExtractError, match="Way IDs out of order"):
            read(village)


def test_a_real_town() -> None:
    """Areas and buildings of a city centre are sound polygons around it, and its streets have their names."""
    found = read_basemap(DATA / "helsinki-centre.osm.pbf")
    assert set(found.areas.kind) <= set(LAND_KINDS)
    assert {"Esplanadinpuisto", "Aleksanterinkatu"} <= set(found.labels.name)
    for drawn in (found.areas, found.buildings):
        shapes = drawn.shapes()
        assert set(shapely.get_type_id(shapes).tolist()) == {6}
        assert len(shapes) > 100


def test_one_pass_gives_both(village: Path) -> None:
    """The network and the ground of one pass over a file are those of a pass for each."""
    for path in (village, DATA / "helsinki-centre.osm.pbf"):
        network, ground = read_map(path)
        alone, apart = read_extract(path), read_basemap(path)
        assert told(ground) == told(apart)
        assert ground.notes == apart.notes
        assert network.notes == alone.notes
        assert np.array_equal(network.doors.xy_m, alone.doors.xy_m)
        for medium, layer in network.layers.items():
            if isinstance(layer, Streets):
                assert np.array_equal(layer.edges.length_m, alone.layers[medium].edges.length_m)


def test_what_says_it_is_no_area(osm_file: Write) -> None:
    """A ring tagged `area=no` is none; a ring with the name of a place and no kind is a label."""
    nodes = [*square_of(10, LON, LAT), *square_of(20, LON + 0.01, LAT), *row_of(2)]
    ways = [
        (1, ring(10), {"leisure": "track", "area": "no", "name": "Bahn"}),
        (2, ring(20), {"place": "island", "name": "Insel"}),
        (3, [1, 2], STREET),
    ]
    found = read_basemap(osm_file(nodes, ways))
    assert found.areas.kind == []
    assert list(zip(found.labels.kind, found.labels.name, strict=True)) == [("island", "Insel")]
    assert found.notes == ()


def test_kinds_of_land() -> None:
    """Every value has one of the kinds; lines and what is drawn as nothing have none."""
    assert {kind for values in LANDS.values() for kind in values.values()} < set(LAND_KINDS)
    assert land_kind({"natural": "coastline"}) is None
    assert land_kind({"highway": "pedestrian"}) is None
    assert land_kind({"highway": "pedestrian", "area": "yes"}) == "square"
    assert land_kind({"natural": "nonsense", "landuse": "forest"}) == "wood"
