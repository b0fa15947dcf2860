"""No-fly zones out of files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from doorstep.errors import ExtractError
from doorstep.network.air.zonefile import read_zones, zones_of_wkt
from doorstep.network.network import Doors, KnownRoadside, Network

if TYPE_CHECKING:
    from pathlib import Path

LON, LAT = 13.4, 52.5
SQUARE = [[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.01], [LON, LAT + 0.01], [LON, LAT]]
NETWORK = Network(
    crs="EPSG:32633",
    extent_m=(380_000.0, 5_810_000.0, 400_000.0, 5_830_000.0),
    layers={},
    roadside=KnownRoadside(Doors(np.empty((0, 2)), np.empty(0, np.bool_), np.empty(0)), np.empty((0, 2))),
    origin="made up",
)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def save(folder: Path, *features: Any, **more: Any) -> Path:
    path = folder / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def fault_of(path: Path, crs: str | None = None) -> tuple[str, str]:
    with pytest.raises(ExtractError) as caught:
        read_zones(path, NETWORK, crs)
    fault = caught.value.faults[0]
    assert fault.fix
    assert "zones" in fault.where
    return fault.code, str(caught.value)


ISLAND = replace(NETWORK, crs="EPSG:32760", extent_m=(818_000.0, 8_117_000.0, 822_000.0, 8_121_000.0))
"""A map on the line of dates, 17 degrees south."""


def over_the_line(*sides: tuple[float, float]) -> list[Any]:
    """Return rings of areas between longitudes."""
    return [[[a, -17.01], [b, -17.01], [b, -17.0], [a, -17.0], [a, -17.01]] for a, b in sides]


def test_zones_over_the_line_of_dates(tmp_path: Path) -> None:
    """A zone that is parted at 180 degrees is one area on a map there, and one round the Earth is cut near the map."""
    rings = over_the_line((179.99, 180), (-180, -179.99))
    parted = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    (zone,) = read_zones(save(tmp_path, feature(parted)), ISLAND).zones
    assert zone.area.area == pytest.approx(0.02 * 106_500 * 1107, rel=0.01)
    table = read_zones(save(tmp_path, feature(polygon(*over_the_line((-180, 180))))), ISLAND)
    assert "is cut there" in table.notes[0]
    assert shapely.box(*table.zones[0].area.bounds).area < 1e6 * 40_000


def test_zones_round_the_earth_are_told(tmp_path: Path) -> None:
    """A zone over the line of dates that is not parted there would lead the other way round, and is a fault."""
    path = save(tmp_path, feature(polygon(*over_the_line((179.99, -179.99)))))
    with pytest.raises(ExtractError, match=r"from \[179.99, -17.01\] to \[-179.99, -17.01\] leads round the Earth"):
        read_zones(path, ISLAND)


def test_zones_are_read_in_metres_with_their_band(tmp_path: Path) -> None:
    """A GeoJSON polygon keeps its name and band, and lies where its degrees say, by the network's own projection."""
    table = read_zones(save(tmp_path, feature(polygon(SQUARE), name="park", floor_m=10, ceiling_m=120.5)), NETWORK)
    (zone,) = table.zones
    assert (zone.name, zone.floor_m, zone.ceiling_m, table.notes) == ("park", 10, 120.5, ())
    corners = NETWORK.project(np.array(SQUARE))
    assert zone.area.symmetric_difference(shapely.Polygon(corners)).area < 1
    assert zone.area.area == pytest.approx(678.8 * 1112.7, rel=0.01)


def test_a_bare_geometry_and_a_single_feature_are_zones_too(tmp_path: Path) -> None:
    """A file may hold one geometry or one feature, and a zone without a name is numbered."""
    path = tmp_path / "zones.json"
    for document in (polygon(SQUARE), feature(polygon(SQUARE))):
        path.write_text(json.dumps(document), encoding="utf-8")
        assert [zone.name for zone in read_zones(path, NETWORK).zones] == ["zone 1"]


def test_wkt_geopackage_and_geojson_agree(tmp_path: Path) -> None:
    """The same area is the same zone from WKT, from a GeoPackage in degrees and in metres, and from GeoJSON."""
    drawn = shapely.Polygon(SQUARE)
    frame = gpd.GeoDataFrame({"name": ["park"], "ceiling_m": [90.0]}, geometry=[drawn], crs="EPSG:4326")
    frame.to_file(tmp_path / "zones.gpkg")
    frame.to_crs("EPSG:3035").to_file(tmp_path / "zones 3035.gpkg")
    (tmp_path / "zones.wkt").write_text(f"# closed\n\n{drawn.wkt}\n", encoding="utf-8")
    tables = [read_zones(tmp_path / name, NETWORK) for name in ("zones.gpkg", "zones 3035.gpkg", "zones.wkt")]
    tables += [read_zones(save(tmp_path, feature(polygon(SQUARE))), NETWORK), zones_of_wkt([drawn.wkt], NETWORK)]
    areas = [table.zones[0].area for table in tables]
    assert max(areas[0].symmetric_difference(area).area for area in areas) < 1
    assert [zone.ceiling_m for table in tables[:2] for zone in table.zones] == [90, 90]
    assert ["reprojected from EPSG:3035" in " ".join(table.notes) for table in tables] == [False, True, *[False] * 3]


def test_another_system_is_reprojected_and_noted(tmp_path: Path) -> None:
    """Coordinates in a system that the caller or an old GeoJSON names are turned into the network's, with a note."""
    metres = NETWORK.project(np.array(SQUARE)).tolist()
    path = save(tmp_path, feature(polygon(metres)))
    table = read_zones(path, NETWORK, "EPSG:32633")
    assert table.zones[0].area.equals_exact(shapely.Polygon(metres), 1e-6)
    assert "reprojected from EPSG:32633 to EPSG:32633" in table.notes[0]
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}
    path = save(tmp_path, feature(polygon(metres)), crs=named)
    assert read_zones(path, NETWORK).zones[0].area.equals_exact(shapely.Polygon(metres), 1e-6)
    assert "although it says" in read_zones(path, NETWORK, "EPSG:32633").notes[0]
    assert fault_of(path, "EPSG:nonsense")[0] == "unknown-crs"


def test_an_outline_that_crosses_itself_is_repaired_and_noted(tmp_path: Path) -> None:
    """Both halves of a bow tie are closed, and the repair is told with its cause."""
    tie = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
    table = read_zones(save(tmp_path, feature(polygon(tie), name="tie")), NETWORK)
    assert table.zones[0].area.is_valid
    assert len(shapely.get_parts(table.zones[0].area)) == 2
    assert "('tie'): its outline was at fault (Self-intersection)" in table.notes[0]


@pytest.mark.parametrize("reach", [60.0, 180.0])
def test_a_zone_over_half_the_earth_covers_the_map(tmp_path: Path, reach: float) -> None:
    """An area far larger than any projection is cut near the map, covers all of it, and a note tells of the cut."""
    west, east = max(-180.0, LON - reach), min(180.0, LON + reach)
    wide = [[west, -90], [east, -90], [east, 90], [west, 90], [west, -90]]
    table = read_zones(save(tmp_path, feature(polygon(wide), name="all")), NETWORK)
    assert table.zones[0].area.contains(shapely.box(*NETWORK.extent_m).buffer(50_000))
    (note,) = table.notes
    assert "reaches further than 3 degrees off the map, and is cut there" in note


def test_degrees_are_no_metres(tmp_path: Path) -> None:
    """Degrees on the map that are said to be metres are a fault, and do not lie somewhere else."""
    code, told = fault_of(save(tmp_path, feature(polygon(SQUARE))), "EPSG:3067")
    assert code == "zone-degrees"
    assert "leave `crs` out" in told


def test_a_cut_zone_that_crosses_itself(tmp_path: Path) -> None:
    """A large outline that crosses itself is repaired before it is cut, and both are told."""
    tie = [[-20, 40], [50, 65], [50, 40], [-20, 65], [-20, 40]]
    table = read_zones(save(tmp_path, feature(polygon(tie), name="tie")), NETWORK)
    assert table.zones[0].area.is_valid
    assert sorted(note.split("'tie'): ")[1].split(" ")[0] for note in table.notes) == ["its", "reaches"]


def test_an_outline_left_open_is_closed_and_noted(tmp_path: Path) -> None:
    """A ring without its first position at the end is the same zone, and a note says so."""
    table = read_zones(save(tmp_path, feature(polygon(SQUARE[:4])), feature(polygon(SQUARE))), NETWORK)
    assert table.zones[0].area.equals(table.zones[1].area)
    assert [note.split(": ")[-1] for note in table.notes] == ["its outline was left open and was closed"]


@pytest.mark.parametrize(
    ("geometry", "properties", "code"),
    [
        (None, {}, "zone-empty"),
        ({"type": "Polygon", "coordinates": []}, {}, "zone-empty"),
        ({"type": "Point", "coordinates": SQUARE[0]}, {}, "zone-no-polygon"),
        ({"type": "LineString", "coordinates": SQUARE}, {}, "zone-no-polygon"),
        ({"type": "GeometryCollection", "geometries": [polygon(SQUARE)]}, {}, "zone-no-polygon"),
        (polygon([[float("nan"), LAT], *SQUARE[1:4], [float("nan"), LAT]]), {}, "zone-not-finite"),
        (polygon([spot[::-1] for spot in SQUARE]), {}, "zone-swapped"),
        (polygon([[x + 500, y] for x, y in SQUARE]), {}, "zone-off-earth"),
        (polygon([[x, y + 50] for x, y in SQUARE]), {}, "zone-off-earth"),
        (polygon(NETWORK.project(np.array(SQUARE)).tolist()), {}, "zone-off-earth"),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[1], SQUARE[0]]), {}, "zone-empty"),
        (polygon("abc"), {}, "zone-geometry"),
        (polygon([[1, 2], [3]]), {}, "zone-geometry"),
        ({"type": "Polygone", "coordinates": [SQUARE]}, {}, "zone-geometry"),
        ("POLYGON", {}, "zone-geometry"),
        (polygon(SQUARE), {"floor_m": "120 m"}, "zone-altitude"),
        (polygon(SQUARE), {"ceiling_m": True}, "zone-altitude"),
        (polygon(SQUARE), {"floor_m": 120, "ceiling_m": 60}, "zone-band"),
    ],
)
def test_what_is_no_zone_is_told(tmp_path: Path, geometry: Any, properties: dict[str, Any], code: str) -> None:
    """Every fault of a feature ends in an ExtractError with the feature, the cause and a mend."""
    found, text = fault_of(save(tmp_path, feature(polygon(SQUARE)), feature(geometry, **properties)))
    assert found == code
    assert "features[1]" in text


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """Faults of several features come in one error."""
    point = {"type": "Point", "coordinates": SQUARE[0]}
    path = save(tmp_path, feature(None), feature(point, floor_m="low"), feature(polygon(SQUARE), ceiling_m=-1))
    with pytest.raises(ExtractError) as caught:
        read_zones(path, NETWORK)
    assert [fault.code for fault in caught.value.faults] == [
        "zone-empty",
        "zone-no-polygon",
        "zone-altitude",
        "zone-band",
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("zones.geojson", b"", "empty-file"),
        ("zones.geojson", b"\x89PNG\r\n\x1a\n\xff\x00", "not-text"),
        ("zones.geojson", b'{"type": "FeatureCollection", "feat', "not-json"),
        ("zones.geojson", b"[1, 2]", "not-geojson"),
        ("zones.geojson", b'{"type": "FeatureCollection", "features": 3}', "not-geojson"),
        ("zones.geojson", b'{"type": "FeatureCollection", "features": []}', "no-zones"),
        ("zones.geojson", b'{"type": "FeatureCollection", "features": [7]}', "zone-geometry"),
        ("zones.gpkg", b"SQLite format 3\x00 and then nothing", "not-geopackage"),
        ("zones.wkt", b"POLYGON ((1 2, 3", "zone-geometry"),
        ("zones.wkt", b"# nothing\n", "no-zones"),
        ("zones.png", b"x", "wrong-suffix"),
    ],
)
def test_files_that_hold_no_zones_are_told(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """A file that is empty, cut off, of another kind or without zones ends in an ExtractError that names it."""
    (tmp_path / name).write_bytes(content)
    assert fault_of(tmp_path / name)[0] == code


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    """A path without a file is a fault."""
    (tmp_path / "zones.json").mkdir()
    assert fault_of(tmp_path / "zones.json")[0] == "no-file"
    assert fault_of(tmp_path / "zones.wkt")[0] == "no-file"


def test_what_is_left_unread_is_noted(tmp_path: Path) -> None:
    """Altitudes under other names, and zones far off the map, are told in notes."""
    far = [[x + 5, y] for x, y in SQUARE]
    table = read_zones(save(tmp_path, feature(polygon(SQUARE), lowerLimit=50), feature(polygon(far))), NETWORK)
    assert any("lowerLimit not read" in note for note in table.notes)
    assert any("features[1]" in note and "km off the map" in note for note in table.notes)
    assert len(table.zones) == 2
