"""Rows: the cells of a table on disk as text, each row with the name by which a person finds it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import Fault, OrderError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WGS84 = "EPSG:4326"
NUL_WITHIN = 4096
"""Bytes in which a text of two bytes a letter shows itself."""
MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What else than commas may stand between cells."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table as text."""

    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    """[rows][names], stripped; empty where nothing is given."""
    places: tuple[str, ...]
    """[rows] such as `line 7`."""
    lon_lat: NDArray[np.float64] | None
    """[rows, 2] degrees, where the file holds points rather than columns."""
    notes: tuple[str, ...] = ()


def read_rows(path: Path) -> Rows:
    """Return the rows of a .csv, .tsv, .geojson, .json or .gpkg file; OrderError with every fault of its form."""
    readers = {".csv": _separated, ".tsv": _separated, ".geojson": _geojson, ".json": _geojson, ".gpkg": _geopackage}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        what = f"'{path.suffix}' is no kind of table that can be read"
        raise OrderError.of(str(path), what, f"save it as one of {', '.join(readers)}", "unknown-format")
    if not path.is_file():
        near = sorted(p.name for p in path.parent.glob(f"*{path.suffix}")) if path.parent.is_dir() else []
        fix = f"there are: {', '.join(near[:5])}" if near else "check the path"
        raise OrderError.of(str(path), "there is no such file", fix, "missing-file")
    rows = reader(path)
    if not rows.cells:
        raise OrderError.of(str(path), "the table holds no orders", "give one row an order", "empty-table")
    return rows


def _text(path: Path) -> str:
    """Return a file as text, which must be UTF-8."""
    data = path.read_bytes()
    fix = "save it as UTF-8 (in a spreadsheet: `CSV UTF-8`)"
    if b"\0" in data[:NUL_WITHIN] and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        what = "the file holds zero bytes: it is UTF-16 or no text at all"
        raise OrderError.of(f"{path}, line 1", what, fix, "bad-encoding")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            what = "the file is UTF-16, not UTF-8"
        raise OrderError.of(f"{path}, line {line}", what, fix, "bad-encoding") from None


def _separated(path: Path) -> Rows:
    """Return the rows of a file whose cells are separated by commas, semicolons or tabs."""
    text = _text(path)
    head = text.partition("\n")[0]
    mark = "\t" if path.suffix.lower() == ".tsv" else max(",", *MARKS, key=head.count)
    said = mark in MARKS and path.suffix.lower() != ".tsv"
    notes: tuple[str, ...] = (f"{path.name}: cells are separated by {MARKS[mark]}",) if said else ()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[str]] = []
    places: list[str] = []
    blank, before = 0, 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
                places.append(f"line {before + 1}")
            else:
                blank += 1
            before = reader.line_num
    except csv.Error as error:
        where, what, fix = f"{path}, line {reader.line_num}", f"the line cannot be read: {error}", "mend its quotes"
        if "field limit" in str(error):
            what = f"a cell holds more than {csv.field_size_limit():,} letters"
            fix = "write a word or a number; perhaps a quote is never closed"
        raise OrderError.of(where, what, fix, "bad-line") from None
    if not rows:
        raise OrderError.of(
            str(path), "the file is empty", "give a line of column names and one an order", "empty-table"
        )
    names, width = rows[0], len(rows[0])
    faults = [
        Fault(f"{path}, line 1", f"the column '{name}' is there twice", "keep one of them", "duplicate-column")
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    faults += [
        Fault(f"{path}, {place}", f"has {len(row)} cells where line 1 has {width}", "mend the row", "ragged-row")
        for row, place in zip(rows[1:], places[1:], strict=True)
        if len(row) != width
    ]
    if faults:
        raise OrderError(capped(faults))
    if blank:
        notes += (f"{path.name}: {blank} blank lines are left out",)
    return Rows(tuple(names), tuple(map(tuple, rows[1:])), tuple(places[1:]), None, notes)


def _geojson(path: Path) -> Rows:
    """Return the point features of a GeoJSON file, in degrees unless it names another system."""
    try:
        found: Any = json.loads(_text(path))
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno}, column {error.colno}"
        raise OrderError.of(where, f"is not JSON: {error.msg}", "mend the line", "bad-json") from None
    except RecursionError:
        fix = "export the orders as points in GeoJSON"
        raise OrderError.of(str(path), "lists are nested too deeply", fix, "bad-json") from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        what = "is not a GeoJSON FeatureCollection"
        raise OrderError.of(str(path), what, "export the orders as points in GeoJSON", "bad-geojson")
    points: list[tuple[float, float]] = []
    faults: list[Fault] = []
    tables: list[dict[str, Any]] = []
    for index, feature in enumerate(features, 1):
        pair = _point(feature)
        if pair is None:
            where = f"{path}, feature {index}"
            faults.append(Fault(where, "is not a point", "give each order a point", "not-a-point"))
            continue
        points.append(pair)
        table = feature.get("properties")
        tables.append(dict(table) if isinstance(table, dict) else {})
        if "id" in feature:
            tables[-1].setdefault("id", feature["id"])
    if faults:
        raise OrderError(capped(faults))
    crs = found.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    system = named.get("name", WGS84) if isinstance(named, dict) else WGS84
    degrees, notes = _to_degrees(np.array(points, dtype=np.float64).reshape(-1, 2), str(system), path)
    names = tuple(dict.fromkeys(name for table in tables for name in table))
    cells = tuple(tuple(_as_text(table.get(name)) for name in names) for table in tables)
    return Rows(names, cells, tuple(f"feature {k}" for k in range(1, len(cells) + 1)), degrees, notes)


def _point(feature: Any) -> tuple[float, float] | None:
    """Return the coordinates of a point feature."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    pair = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(pair, list) or len(pair) < 2:  # noqa: PLR2004  # longitude and latitude
        return None
    if any(isinstance(part, bool) or not isinstance(part, (int, float)) for part in pair[:2]):
        return None
    try:
        return float(pair[0]), float(pair[1])
    except OverflowError:  # whole numbers of hundreds of digits
        return None


def _geopackage(path: Path) -> Rows:
    """Return the points of the only, or the first, layer of a GeoPackage."""
    import geopandas
    import pyogrio

    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        if not layers:
            raise OrderError.of(str(path), "holds no layer", "export the orders as points", "empty-table")
        frame = geopandas.read_file(path, layer=layers[0])
    except pyogrio.errors.DataSourceError:
        raise OrderError.of(str(path), "is not a GeoPackage", "export it again", "bad-geopackage") from None
    notes = (f"{path.name}: the layer '{layers[0]}' of {', '.join(layers)}",) if len(layers) > 1 else ()
    if "geometry" not in frame:
        raise OrderError.of(
            str(path), f"the layer '{layers[0]}' has no points", "give each order a point", "not-a-point"
        )
    if frame.crs is None:
        what = f"the layer '{layers[0]}' does not name its reference system"
        raise OrderError.of(str(path), what, "set it before exporting", "no-crs")
    shapes = frame.geometry
    bad = [k for k, shape in enumerate(shapes, 1) if shape is None or shape.is_empty or shape.geom_type != "Point"]
    if bad:
        faults = [Fault(f"{path}, row {k}", "is not a point", "give each order a point", "not-a-point") for k in bad]
        raise OrderError(capped(faults))
    xy = np.column_stack([shapes.x, shapes.y]).astype(np.float64)
    degrees, more = _to_degrees(xy, str(frame.crs.to_string()), path)
    table = frame.drop(columns="geometry")
    cells = tuple(tuple(map(_as_text, row)) for row in table.itertuples(index=False, name=None))
    names = tuple(map(str, table.columns))
    return Rows(names, cells, tuple(f"row {k}" for k in range(1, len(cells) + 1)), degrees, (*notes, *more))


def _to_degrees(xy: NDArray[np.float64], system: str, path: Path) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return [n, 2] coordinates of a reference system in degrees, and a note where that changed them."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    if system in {WGS84, "urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"} or not xy.size:
        return xy, ()
    try:
        turn = Transformer.from_crs(CRS.from_user_input(system), WGS84, always_xy=True)
    except CRSError:
        what = f"the reference system '{system}' is unknown"
        raise OrderError.of(str(path), what, f"export it in {WGS84}", "no-crs") from None
    return np.column_stack(turn.transform(xy[:, 0], xy[:, 1])), (f"{path.name}: reprojected from {system} to degrees",)


def _as_text(value: Any) -> str:
    """Return a cell of a typed table as text; numbers without a needless decimal."""
    if value is None or value != value:  # noqa: PLR0124  # NaN is the empty cell of typed tables
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return str(value).strip()


def capped(faults: list[Fault], most: int = 20) -> list[Fault]:
    """Return the first faults, and how many more there are."""
    if len(faults) <= most:
        return faults
    rest = len(faults) - most
    return [*faults[:most], Fault("", f"and {rest} more", "mend these first", "more")]
