"""Zonefile: no-fly zones from GeoJSON (RFC 7946), GeoPackage or lines of WKT."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import ExtractError, Fault, InputError
from doorstep.network.air.zonecheck import Row, judge_rows
from doorstep.network.filecheck import MAGIC
from doorstep.network.given import given_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from doorstep.network.air.nofly import Zone
    from doorstep.network.network import Network

SUFFIXES = (".geojson", ".json", ".gpkg", ".wkt", ".txt")
DEGREES = "OGC:CRS84"
"""Longitude, latitude: what GeoJSON is in by its standard, and WKT here unless said otherwise."""


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """The no-fly zones of one source, and what reading them needed."""

    zones: tuple[Zone, ...]
    notes: tuple[str, ...]


def read_zones(path: str | Path, network: Network, crs: str | None = None) -> ZoneTable:
    """Return the zones of a .geojson, .json, .gpkg, .wkt or .txt file in the metres of a network.

    Coordinates are longitude and latitude unless the file or `crs`, which comes before the file's word, says
    otherwise; other systems are reprojected and said in a note. Properties `name`, `floor_m` and `ceiling_m` are used.
    Raises ExtractError with every fault found.
    """
    path = given_path(path)
    rows, told = _read(path)
    return _table(str(path), rows, network, (crs, told))


def zones_of_wkt(texts: Iterable[str], network: Network, crs: str | None = None) -> ZoneTable:
    """Return the zones of polygons in WKT, longitude and latitude unless `crs` says otherwise, in a network's metres.

    Raises ExtractError with every fault found.
    """
    return _table("no-fly zones", _rows_of_wkt("no-fly zones", list(texts)), network, (crs, None))


def _table(where: str, rows: list[Row], network: Network, systems: tuple[str | None, str | None]) -> ZoneTable:
    """Return rows as zones; `systems` are the reference systems that the user and the file name."""
    wanted, told = systems
    if not rows:
        raise ExtractError.of(where, "holds no zone", "leave the file out, or draw a polygon in it", "no-zones")
    notes = []
    if wanted and told and wanted != told:
        notes.append(f"{where}: read as {wanted}, as was asked for, although it says {told}")
    crs = wanted or told or DEGREES
    if crs != DEGREES:
        notes.append(f"{where}: reprojected from {crs} to {network.crs}")
    try:
        zones, more = judge_rows(rows, network, crs)
    except InputError as wrong:
        raise ExtractError(wrong.faults) from None
    return ZoneTable(zones, (*notes, *more))


def _read(path: Path) -> tuple[list[Row], str | None]:
    """Return the rows of a file and the reference system it names, if any."""
    if path.suffix.lower() not in SUFFIXES:
        what, fix = "is no file of zones by the end of its name", f"Doorstep reads {', '.join(SUFFIXES)}"
        raise ExtractError.of(str(path), what, fix, "wrong-suffix")
    if not path.exists() or path.is_dir():
        what = "is a folder" if path.is_dir() else "there is no such file"
        raise ExtractError.of(str(path), what, "check the path", "no-file")
    if path.stat().st_size == 0:
        raise ExtractError.of(str(path), "is empty", "save it again", "empty-file")
    if path.suffix.lower() == ".gpkg":
        return _read_geopackage(path)
    text = _text(path)
    if path.suffix.lower() in {".wkt", ".txt"}:
        lines = [line.strip() for line in text.splitlines()]
        return _rows_of_wkt(str(path), [line for line in lines if line and not line.startswith("#")]), None
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise ExtractError.of(str(path), f"is no JSON ({wrong})", "export it again as GeoJSON", "not-json") from None
    return _rows_of_geojson(str(path), document), _named_crs(document)


def _text(path: Path) -> str:
    """Return the text of a file."""
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as refused:
        what = f"cannot be opened: {refused.strerror}"
        raise ExtractError.of(str(path), what, "check its permissions", "unreadable") from None
    except UnicodeDecodeError:
        told = next((what for magic, what in MAGIC.items() if content.startswith(magic)), "no UTF-8 text")
        fix = "give a GeoJSON or WKT file in UTF-8"
        raise ExtractError.of(str(path), f"holds no zones: it is {told}", fix, "not-text") from None


def _rows_of_geojson(where: str, document: Any) -> list[Row]:
    """Return the features, or the geometry, of a GeoJSON document."""
    from shapely.geometry import shape

    kind = document.get("type") if isinstance(document, dict) else None
    items = document.get("features") if kind == "FeatureCollection" else [document]
    if not isinstance(kind, str) or not isinstance(items, list):
        fix = "its outermost object needs a type, such as FeatureCollection with a list of features"
        raise ExtractError.of(where, "is JSON but no GeoJSON", fix, "not-geojson")
    rows, faults = [], []
    for k, item in enumerate(items):
        spot = f"{where}: features[{k}]" if kind == "FeatureCollection" else where
        feature = item if isinstance(item, dict) else {}
        drawn = feature.get("geometry") if feature.get("type") == "Feature" else feature
        properties = feature.get("properties")
        try:
            with np.errstate(invalid="ignore"):  # corners that are no numbers are told below
                geometry = None if drawn is None else shape(drawn)
        except Exception as wrong:  # noqa: BLE001 - shapely answers broken input with errors of every kind
            holes = {"NaN", "Infinity"} & set(re.findall(r"\w+", json.dumps(drawn)))
            what = f"its geometry cannot be read ({type(wrong).__name__}: {wrong})"
            fix = "give two finite numbers for each corner" if holes else "draw it again as Polygon or MultiPolygon"
            faults.append(Fault(spot, what, fix, "zone-not-finite" if holes else "zone-geometry"))
            continue
        notes = ("its outline was left open and was closed",) if _is_open(drawn) else ()
        rows.append(Row(spot, k + 1, geometry, properties if isinstance(properties, dict) else {}, notes))
    if faults:
        raise ExtractError(faults)
    return rows


def _is_open(drawn: dict[str, Any] | None) -> bool:
    """Return whether a ring of a geometry that could be read does not end where it begins."""
    kind, rings = (drawn["type"], drawn.get("coordinates", [])) if drawn else ("", [])
    if kind not in {"Polygon", "MultiPolygon"}:
        return False
    flat = rings if kind == "Polygon" else [ring for part in rings for ring in part]
    return any(list(ring[0]) != list(ring[-1]) for ring in flat if len(ring))


def _named_crs(document: dict[str, Any]) -> str | None:
    """Return the reference system that a GeoJSON of the old kind (2008) names, None where it is that of RFC 7946."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or name.upper().endswith(("CRS84", "EPSG::4326", "EPSG:4326")):
        return None
    return name


def _rows_of_wkt(where: str, texts: list[str]) -> list[Row]:
    """Return polygons in WKT, one a text."""
    import shapely

    rows, faults = [], []
    for k, text in enumerate(texts, 1):
        spot = f"{where}: zone {k}"
        try:
            rows.append(Row(spot, k, shapely.from_wkt(text), {}))
        except (shapely.errors.ShapelyError, TypeError) as wrong:
            fix = "write POLYGON ((lon lat, lon lat, …)), the first position again at the end"
            faults.append(Fault(spot, f"is no WKT ({wrong})", fix, "zone-geometry"))
    if faults:
        raise ExtractError(faults)
    return rows


def _read_geopackage(path: Path) -> tuple[list[Row], str | None]:
    """Return the rows of the only layer of a GeoPackage, and its reference system."""
    import geopandas
    import pyogrio

    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path).tolist() if kind is not None]
        frame = geopandas.read_file(path, layer=layers[0], engine="pyogrio") if len(layers) == 1 else None
    except Exception as wrong:  # noqa: BLE001 - GDAL and its readers have errors of every kind
        what = f"cannot be read as a GeoPackage ({wrong})"
        raise ExtractError.of(str(path), what, "save it again", "not-geopackage") from None
    if frame is None:
        what = f"has {len(layers)} layers with geometry{': ' if layers else ''}{', '.join(layers)}"
        raise ExtractError.of(str(path), what, "save the zones alone, as one layer", "zone-layers")
    if frame.crs is None:
        what = "does not say which reference system its coordinates are in"
        raise ExtractError.of(str(path), what, "set one and save it again", "no-crs")
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    values = frame[columns].astype(object).where(frame[columns].notna(), None).to_dict("records")
    pairs = enumerate(zip(frame.geometry, values, strict=True), 1)
    rows = [Row(f"{path}: row {k}", k, geometry, properties) for k, (geometry, properties) in pairs]
    geographic = frame.crs.to_epsg() == 4326  # noqa: PLR2004 - longitude and latitude, in this order in a file
    return rows, None if geographic else frame.crs.to_string()
