"""Orders from tables of the user's."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.demand.order import Dwelling, Order, Window
from doorstep.demand.table import OrderDefaults, read_orders
from doorstep.errors import Fault, OrderError
from doorstep.handover import Handover, Size
from doorstep.network.network import Doors, KnownRoadside, Network

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WEST, SOUTH, EAST, NORTH = 385_000.0, 6_671_000.0, 388_000.0, 6_674_000.0
NETWORK = Network(
    crs="EPSG:3067",
    extent_m=(WEST, SOUTH, EAST, NORTH),
    layers={},
    roadside=KnownRoadside(Doors(np.zeros((0, 2)), np.zeros(0, bool), np.zeros(0)), np.zeros((0, 2))),
    origin="three kilometres of nothing, for tests",
    made_up=True,
)
LON, LAT = NETWORK.unproject(np.array([[386_500.0, 6_672_500.0]]))[0].tolist()
HEAD = "id,lon,lat,mass_kg"
ROW = f"a,{LON},{LAT},1.5"


def _read(path: Path, columns: Mapping[str, str] | None = None) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """Return orders and notes of a file."""
    return read_orders(path, NETWORK, columns or {}, OrderDefaults())


def _csv(folder: Path, *lines: str, name: str = "orders.csv") -> Path:
    """Return a file of these lines."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _faults(path: Path, columns: Mapping[str, str] | None = None) -> tuple[Fault, ...]:
    """Return the faults of a file."""
    with pytest.raises(OrderError) as caught:
        _read(path, columns)
    return caught.value.faults


def test_all_columns(tmp_path: Path) -> None:
    """Every column is read into its field, in the units and words of orders."""
    more = "volume_l,size,placed,ready,window_open,window_close,promise,dwelling,landing_place,accepts,walk_limit_m"
    row = f"{ROW},20,L,-1 18:30,07:15,09:00,11:00,10:30:30,flat,yes,door;locker,350"
    (order,), notes = _read(_csv(tmp_path, f"{HEAD},{more}", row))
    assert (order.x_m, order.y_m) == pytest.approx((386_500, 6_672_500), abs=0.01)
    assert order == Order(
        id="a",
        x_m=order.x_m,
        y_m=order.y_m,
        mass_kg=1.5,
        volume_l=20,
        size=Size.L,
        placed_s=-19_800,
        ready_s=26_100,
        window=Window(32_400, 39_600),
        promise_s=37_830,
        dwelling=Dwelling.FLAT,
        landing_place=True,
        accepts=frozenset({Handover.DOOR, Handover.LOCKER}),
        walk_limit_m=350,
    )
    assert notes == ()


def test_defaults_are_said(tmp_path: Path) -> None:
    """Columns that are not there take their defaults, and each is said in a note."""
    (order,), notes = _read(_csv(tmp_path, HEAD, ROW))
    assert (order.volume_l, order.size) == (7.5, Size.S)
    assert (order.placed_s, order.ready_s) == (-21_600, 25_200)
    assert order.promise_s == order.window.close_s == 72_000
    assert order.accepts == set(Handover) - {Handover.KIOSK}
    assert order.landing_place
    assert len(notes) == 11
    assert "orders.csv: no column placed, taken as -1 18:00" in notes
    assert "orders.csv: no column volume_l, taken as mass at 0.2 kg/L" in notes


def test_empty_cells_are_said(tmp_path: Path) -> None:
    """Empty cells of an optional column take its default, and how many did is said."""
    orders, notes = _read(_csv(tmp_path, f"{HEAD},dwelling", f"{ROW},flat", f"b,{LON},{LAT},1,", f"c,{LON},{LAT},1,"))
    assert [order.dwelling for order in orders] == [Dwelling.FLAT, Dwelling.HOUSE, Dwelling.HOUSE]
    assert [order.landing_place for order in orders] == [False, True, True]
    assert "orders.csv: 2 empty cells in column dwelling, taken as house" in notes


def test_ready_follows_placing(tmp_path: Path) -> None:
    """Without a ready time, an order placed at noon is ready an hour later and not in the morning before."""
    (order,), _ = _read(_csv(tmp_path, f"{HEAD},placed", f"{ROW},12:00"))
    assert order.ready_s == 13 * 3600


def test_column_map(tmp_path: Path) -> None:
    """A column of another name is read once the map says what it is, and columns not used are named."""
    path = _csv(tmp_path, "order no,x,y,weight,colour", f"a,{LON},{LAT},1.5,red")
    (order,), notes = _read(path, {"id": "order no", "lon": "x", "lat": "y", "mass_kg": "weight"})
    assert (order.id, order.mass_kg) == ("a", 1.5)
    assert "orders.csv: columns not used: colour" in notes


def test_missing_columns_name_near_misses(tmp_path: Path) -> None:
    """All missing columns are named at once, with the nearest column of the file and how to say so."""
    faults = _faults(_csv(tmp_path, "id,longitude,Lat,mass", f"a,{LON},{LAT},1.5"))
    assert [fault.code for fault in faults] == ["missing-column"] * 3
    assert "did you mean 'Lat'? (say `columns: {lat: Lat}`)" in faults[1].fix
    assert "did you mean 'mass'? (say `columns: {mass_kg: mass}`)" in faults[2].fix


def test_column_map_at_fault(tmp_path: Path) -> None:
    """A map from a column that orders do not have, or to one that the file does not have, is a fault."""
    faults = _faults(_csv(tmp_path, HEAD, ROW), {"masskg": "mass_kg", "promise": "due"})
    assert [(fault.code, fault.where) for fault in faults] == [
        ("unknown-column", "columns"),
        ("missing-column", str(tmp_path / "orders.csv")),
    ]
    assert faults[0].fix == "did you mean 'mass_kg'?"


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("mass_kg", "-1", "bad-cell"),
        ("mass_kg", "0", "bad-cell"),
        ("mass_kg", "nan", "bad-cell"),
        ("mass_kg", "", "empty-cell"),
        ("id", "", "empty-cell"),
        ("lon", "east", "bad-cell"),
        ("size", "XXL", "bad-cell"),
        ("accepts", "dor", "bad-cell"),
        ("dwelling", "castle", "bad-cell"),
        ("placed", "soon", "bad-cell"),
        ("placed", "09:30", "ready-early"),
        ("window_close", "07:00", "window-reversed"),
        ("promise", "-1 10:00", "promise-early"),
        ("walk_limit_m", "-5", "bad-cell"),
        ("volume_l", "0", "bad-cell"),
        ("landing_place", "maybe", "bad-cell"),
    ],
)
def test_one_bad_cell(tmp_path: Path, column: str, cell: str, code: str) -> None:
    """One bad cell is one fault, naming line and column."""
    good = {
        "id": "b", "lon": str(LON), "lat": str(LAT), "mass_kg": "1", "volume_l": "5", "size": "S", "placed": "-1 18:00",
        "ready": "08:00", "window_open": "09:00", "window_close": "11:00", "promise": "11:00", "dwelling": "house",
        "landing_place": "yes", "accepts": "door", "walk_limit_m": "100",
    }  # fmt: skip
    rows = [{**good, "id": "a"}, {**good, column: cell}]
    (fault,) = _faults(_csv(tmp_path, ",".join(good), *(",".join(row.values()) for row in rows)))
    assert fault.code == code
    assert "line 3" in fault.where
    assert fault.fix
    assert f"column {'ready' if code == 'ready-early' else column}" in fault.where


def test_faults_of_all_rows_together(tmp_path: Path) -> None:
    """Faults of several rows are told together, in the order of the rows."""
    faults = _faults(_csv(tmp_path, HEAD, f"a,{LON},{LAT},-1", ROW.replace("a,", "b,"), f"c,{LON},{LAT},x"))
    assert [fault.where.split(", ")[1] for fault in faults] == ["line 2", "line 4"]


def test_duplicate_ids_name_both_rows(tmp_path: Path) -> None:
    """An id that is there twice is a fault that names both rows."""
    (fault,) = _faults(_csv(tmp_path, HEAD, ROW, f"b,{LON},{LAT},1", ROW))
    assert fault.code == "duplicate-id"
    assert "line 2 and line 4" in fault.where


def test_swapped_and_far_away(tmp_path: Path) -> None:
    """A swapped pair of degrees is named as such, and a place elsewhere is named with its distance."""
    swapped, far = _faults(_csv(tmp_path, HEAD, f"a,{LAT},{LON},1", f"b,{LON + 3},{LAT},1", f"c,{LON},{LAT},1"))
    assert "swap" in swapped.fix
    assert ("line 2" in swapped.where, "line 3" in far.where) == (True, True)
    assert "km" in far.what


def test_ten_thousand_rows_with_one_bad(tmp_path: Path) -> None:
    """Ten thousand rows with one bad one name that row, within seconds."""
    rows = [f"o{k},{LON},{LAT},1" for k in range(10_000)]
    rows[6_788] = f"o6788,{LON},{LAT},-1"
    path = _csv(tmp_path, HEAD, *rows)
    start = time.perf_counter()
    (fault,) = _faults(path)
    assert time.perf_counter() - start < 10
    assert fault.where == f"{path}, line 6790, column mass_kg"


def test_many_faults_are_capped(tmp_path: Path) -> None:
    """Of fifty faults the first twenty are told, and how many more there are."""
    faults = _faults(_csv(tmp_path, HEAD, *(f"o{k},{LON},{LAT},0" for k in range(50))))
    assert len(faults) == 21
    assert faults[-1].what == "and 30 more"


def test_quoted_lines_keep_their_numbers(tmp_path: Path) -> None:
    """A cell with a line break inside does not shift the line number of the rows below it."""
    rows = (f'{ROW},"two\nlines"', "", f'b,{LON},{LAT},0,"again\ntwo"')
    (fault,) = _faults(_csv(tmp_path, f"{HEAD},note", *rows))
    assert "line 5" in fault.where


@pytest.mark.parametrize(("name", "mark"), [("orders.tsv", "\t"), ("orders.csv", ";")])
def test_other_separators(tmp_path: Path, name: str, mark: str) -> None:
    """Tabs and semicolons separate cells as commas do."""
    (order,), _ = _read(_csv(tmp_path, HEAD.replace(",", mark), ROW.replace(",", mark), name=name))
    assert order.id == "a"


def test_byte_order_mark(tmp_path: Path) -> None:
    """A table that a spreadsheet saved with a byte order mark is read as any other."""
    path = tmp_path / "orders.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEAD}\r\n{ROW}\r\n".encode())
    assert _read(path)[0][0].id == "a"


def test_wrong_encoding(tmp_path: Path) -> None:
    """A table in Latin-1 is answered with the line of its first odd byte and how to save it."""
    path = tmp_path / "orders.csv"
    path.write_bytes(f"{HEAD}\n{ROW}\nJärvi,{LON},{LAT},1\n".encode("latin-1"))
    (fault,) = _faults(path)
    assert fault.code == "bad-encoding"
    assert fault.where.endswith("line 3")
    assert "0xe4" in fault.what
    assert "UTF-8" in fault.fix
    path.write_bytes(f"{HEAD}\n{ROW}\n".encode("utf-16"))
    assert "UTF-16" in _faults(path)[0].what


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.csv", "", "empty-table"),
        ("a.csv", HEAD, "empty-table"),
        ("a.csv", f"{HEAD},id\n{ROW},b", "duplicate-column"),
        ("a.csv", f"{HEAD}\na,1,2", "ragged-row"),
        ("a.csv", f'{HEAD}\n"a,1,2', "bad-line"),
        ("a.xlsx", HEAD, "unknown-format"),
        ("a.geojson", "{", "bad-json"),
        ("a.geojson", "[" * 100_000, "bad-json"),
        ("a.geojson", "[]", "bad-geojson"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "empty-table"),
        ("a.geojson", '{"features": [{"geometry": {"type": "LineString", "coordinates": []}}]}', "not-a-point"),
        ("a.geojson", '{"features": [3]}', "not-a-point"),
        ("a.gpkg", "not a database", "bad-geopackage"),
    ],
)
def test_broken_files(tmp_path: Path, name: str, text: str, code: str) -> None:
    """A file that is no table is answered with what it is, and no traceback."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [fault.code for fault in _faults(tmp_path / name)] == [code]


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is answered with those that are."""
    _csv(tmp_path, HEAD, ROW)
    (fault,) = _faults(tmp_path / "oders.csv")
    assert fault.code == "missing-file"
    assert "orders.csv" in fault.fix


def _geojson(folder: Path, coordinates: list[float], **more: object) -> Path:
    """Return a GeoJSON file of one order."""
    feature = {
        "type": "Feature",
        "properties": {"id": 7, "mass_kg": 2, "landing_place": False, "size": None, "accepts": ["door", "kerb"]},
        "geometry": {"type": "Point", "coordinates": coordinates},
    }
    path = folder / "orders.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], **more}), encoding="utf-8")
    return path


def test_geojson(tmp_path: Path) -> None:
    """Points of GeoJSON are orders, with typed properties and empty ones."""
    (order,), notes = _read(_geojson(tmp_path, [LON, LAT]))
    assert (order.id, order.mass_kg, order.landing_place) == ("7", 2, False)
    assert order.accepts == {Handover.DOOR, Handover.KERB}
    assert (order.x_m, order.y_m) == pytest.approx((386_500, 6_672_500), abs=0.01)
    assert "orders.geojson: 1 empty cells in column size, taken as by volume" in notes


def test_geojson_of_another_system(tmp_path: Path) -> None:
    """GeoJSON that names another reference system is reprojected, and that is said; an unknown one is a fault."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3067"}}
    (order,), notes = _read(_geojson(tmp_path, [386_500, 6_672_500], crs=crs))
    assert (order.x_m, order.y_m) == pytest.approx((386_500, 6_672_500), abs=0.01)
    assert any("reprojected" in note for note in notes)
    crs = {"type": "name", "properties": {"name": "nowhere"}}
    assert _faults(_geojson(tmp_path, [1, 2], crs=crs))[0].code == "no-crs"


def test_geopackage(tmp_path: Path) -> None:
    """Points of a GeoPackage in another reference system are orders at the same places, and that is said."""
    import geopandas

    frame = geopandas.GeoDataFrame(
        {"id": [1, 2], "mass_kg": [2.5, 1.0], "dwelling": ["flat", None]},
        geometry=geopandas.points_from_xy([386_500, 386_600], [6_672_500, 6_672_600]),
        crs="EPSG:3067",
    )
    path = tmp_path / "orders.gpkg"
    frame.to_file(path, layer="day", engine="pyogrio")
    orders, notes = _read(path)
    assert [(order.id, order.mass_kg, order.dwelling) for order in orders] == [
        ("1", 2.5, Dwelling.FLAT),
        ("2", 1.0, Dwelling.HOUSE),
    ]
    assert (orders[1].x_m, orders[1].y_m) == pytest.approx((386_600, 6_672_600), abs=0.01)
    assert any("reprojected" in note for note in notes)
    frame.to_crs("EPSG:4326").to_file(path, layer="other", engine="pyogrio")
    assert any("the layer 'day' of day, other" in note for note in _read(path)[1])


def test_geopackage_of_lines(tmp_path: Path) -> None:
    """A GeoPackage whose rows are no points is answered with the rows."""
    import geopandas
    from shapely import LineString

    frame = geopandas.GeoDataFrame(
        {"id": [1], "mass_kg": [1]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:3067"
    )
    frame.to_file(tmp_path / "orders.gpkg", engine="pyogrio")
    (fault,) = _faults(tmp_path / "orders.gpkg")
    assert (fault.code, fault.where.endswith("row 1")) == ("not-a-point", True)


def test_a_bad_default_is_told_once(tmp_path: Path) -> None:
    """Defaults that contradict each other are one fault, whatever the rows; a row's own cell is told at the row."""
    path = _csv(
        tmp_path, f"{HEAD},window_close", f"{ROW},", ROW.replace("a,", "b,") + ",", ROW.replace("a,", "c,") + ",07:00"
    )
    with pytest.raises(OrderError) as caught:
        read_orders(path, NETWORK, {}, OrderDefaults(window=Window(20 * 3600.0, 8 * 3600.0)))
    default, own = caught.value.faults
    assert (default.where, default.code) == ("window_open", "window-reversed")
    assert own.where.endswith("line 4, column window_close")


def test_a_cell_without_an_end(tmp_path: Path) -> None:
    """A cell of hundreds of kilobytes is named as such, at its line."""
    (fault,) = _faults(_csv(tmp_path, HEAD, ROW, f'"{"x" * 200_000}",{LON},{LAT},1'))
    assert fault.where.endswith("line 3")
    assert "a cell holds more than" in fault.what


def test_households_have_one_home(tmp_path: Path) -> None:
    """Orders of one household may lie in one place; an order of it elsewhere is a fault that tells how far."""
    head = f"{HEAD},household"
    orders, _ = _read(_csv(tmp_path, head, f"{ROW},h", f"b,{LON},{LAT},1,h", f"c,{LON},{LAT + 0.01},1,"))
    assert [order.household for order in orders] == ["h", "h", ""]
    (fault,) = _faults(_csv(tmp_path, head, f"{ROW},h", f"b,{LON},{LAT + 0.01},1,h"))
    assert fault.code == "household-apart"
    assert "1,1" in fault.what


def test_returns_are_told_in_a_column(tmp_path: Path) -> None:
    """A column `return` tells what is to be fetched; an empty cell means a delivery."""
    orders, notes = _read(_csv(tmp_path, f"{HEAD},return", f"{ROW},yes", f"b,{LON},{LAT},1,no", f"c,{LON},{LAT},1,"))
    assert [order.is_return for order in orders] == [True, False, False]
    assert not any("return" in note and "not used" in note for note in notes)
