"""Tests of past orders: what is read, what is repaired and said, and what is a fault."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pasts import MONDAY, past, rows_of, written

from doorstep.demand.history import History, read_history
from doorstep.errors import OrderError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LADE_D = (
    "order_id,region_id,city,courier_id,lng,lat,aoi_id,aoi_type,accept_time,accept_gps_time,accept_gps_lng,"
    "accept_gps_lat,delivery_time,delivery_gps_time,delivery_gps_lng,delivery_gps_lat,ds"
)
LADE_P = (
    "order_id,region_id,city,courier_id,accept_time,time_window_start,time_window_end,lng,lat,aoi_id,aoi_type,"
    "pickup_time,pickup_gps_time,pickup_gps_lng,pickup_gps_lat,accept_gps_time,accept_gps_lng,accept_gps_lat,ds"
)


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    return rows_of(past(days=28, mean=40, unlike=0.0))


def lade(rows: list[list[str]], head: str) -> list[list[str]]:
    """Return rows in LaDe's columns, their times without a year."""
    names = head.split(",")
    found = []
    for number, (_, placed, lon, lat) in enumerate(rows):
        cells = dict.fromkeys(names, "")
        cells |= {"order_id": str(number), "accept_time": placed[5:], "lng": lon, "lat": lat, "ds": placed[5:7]}
        found.append([cells[name] for name in names])
    return found


def test_own_columns(tmp_path: Path, rows: list[list[str]]) -> None:
    """Every row of a table is an order on its day, in its hour and at its place."""
    history, true = read_history(written(tmp_path / "past.csv", rows)), past(days=28, mean=40, unlike=0.0)
    assert (history.first, history.days) == (MONDAY, 28)
    assert np.array_equal(history.counts(), true.counts())
    assert np.allclose(history.lon_lat, true.lon_lat, atol=1e-6)


@pytest.mark.parametrize("head", [LADE_D, LADE_P])
def test_lade_as_it_is(tmp_path: Path, rows: list[list[str]], head: str) -> None:
    """Both parts of LaDe are read by their columns; it is said what counts as placed and which year is taken."""
    history = read_history(written(tmp_path / "delivery_xx.csv", lade(rows, head), head), year=2024)
    assert np.array_equal(history.counts(), past(days=28, mean=40, unlike=0.0).counts())
    assert "LaDe" in history.notes[0]
    unsaid = read_history(written(tmp_path / "delivery_xx.csv", lade(rows, head), head))
    assert unsaid.first == MONDAY.replace(year=2024)  # it has 29 February
    assert any("weekdays may bear wrong names" in note for note in unsaid.notes)


def test_years_turn(tmp_path: Path) -> None:
    """Times without a year that go on over new year are those of two years, whose last is the one that is told."""
    days = [f"{month}-{day:02d}" for month, last in (("11", 30), ("12", 31), ("01", 31)) for day in range(1, last + 1)]
    rows = [[f"o{k}", f"{day} 10:{m:02d}:00", "24.9", "60.1"] for k, day in enumerate(days) for m in range(5)]
    rows = [[f"{row[0]}-{k}", *row[1:]] for k, row in enumerate(rows)]
    history = read_history(written(tmp_path / "past.csv", rows), year=2023)
    assert (history.first, history.date(history.days - 1)) == (dt.date(2022, 11, 1), dt.date(2023, 1, 31))
    assert history.known.all()


def test_date_and_clock_apart(tmp_path: Path, rows: list[list[str]]) -> None:
    """A date in a column of its own goes with a time of day, as tables of orders have it."""
    apart = [[name, placed[:10], placed[11:16], lon, lat] for name, placed, lon, lat in rows]
    history = read_history(written(tmp_path / "past.csv", apart, "id,date,placed,lon,lat"))
    assert np.array_equal(history.counts(), past(days=28, mean=40, unlike=0.0).counts())


def test_packed_and_other_marks(tmp_path: Path, rows: list[list[str]]) -> None:
    """A packed file, one with semicolons and a GeoJSON file are read alike."""
    expected = read_history(written(tmp_path / "past.csv", rows)).counts()
    text = (tmp_path / "past.csv").read_text()
    with gzip.open(tmp_path / "past.csv.gz", "wt", encoding="utf-8") as file:
        file.write(text)
    (tmp_path / "marks.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
            "properties": {"id": name, "placed": placed},
        }
        for name, placed, lon, lat in rows
    ]
    (tmp_path / "past.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    for name in ("past.csv.gz", "marks.csv", "past.geojson"):
        assert np.array_equal(read_history(tmp_path / name).counts(), expected)


def without(rows: list[list[str]], *dates: str) -> list[list[str]]:
    return [row for row in rows if row[1][:10] not in dates]


def test_gaps_are_not_days_without_demand(tmp_path: Path, rows: list[list[str]]) -> None:
    """Days that are missing from a busy table are gaps, which are said; weekdays that never have orders are closed."""
    gap = read_history(written(tmp_path / "past.csv", without(rows, "2024-02-14", "2024-02-15")))
    assert np.flatnonzero(~gap.known).tolist() == [9, 10]
    assert any("2 days without any order (2024-02-14, 2024-02-15)" in note for note in gap.notes)
    sundays = [str(MONDAY + dt.timedelta(days=6 + 7 * k)) for k in range(4)]
    closed = read_history(written(tmp_path / "past.csv", without(rows, *sundays)))
    assert closed.known[:-1].all()
    assert any("no order is placed on any Sunday: taken as closed" in note for note in closed.notes)


def test_days_without_demand_are_none_by_chance(tmp_path: Path) -> None:
    """Where a day has but one or two orders, one without any is a day like others."""
    rows = [[f"o{k}", f"{MONDAY + dt.timedelta(days=k)} 10:00", "24.9", "60.1"] for k in range(40) if k not in (8, 23)]
    history = read_history(written(tmp_path / "past.csv", rows))
    assert history.known.all()
    assert history.counts().sum(axis=1)[[8, 23]].tolist() == [0, 0]


def test_rows_there_twice(tmp_path: Path, rows: list[list[str]]) -> None:
    """Rows of a day that were exported twice count once, and that is said."""
    again = [row for row in rows if row[1].startswith("2024-02-20")]
    history = read_history(written(tmp_path / "past.csv", rows + again))
    assert len(history.day) == len(rows)
    assert any(f"{len(again)} rows there twice, on 1 day, counted once" in note for note in history.notes)


def test_copied_days(tmp_path: Path, rows: list[list[str]]) -> None:
    """A day that repeats an earlier one order by order is a gap, whatever its ids are."""
    copy = [[f"x{row[0]}", row[1].replace("02-20", "02-21"), *row[2:]] for row in rows if "02-20" in row[1]]
    history = read_history(written(tmp_path / "past.csv", [*without(rows, "2024-02-21"), *copy]))
    assert np.flatnonzero(~history.known).tolist() == [16]
    assert any("2024-02-21 is 2024-02-20 once more" in note for note in history.notes)


def test_a_last_day_that_is_cut_off(tmp_path: Path, rows: list[list[str]]) -> None:
    """A last day whose orders end hours before those of other days counts as unknown."""
    cut = [row for row in rows if row[1] < "2024-03-03 12:00"]
    history = read_history(written(tmp_path / "past.csv", cut))
    assert np.flatnonzero(~history.known).tolist() == [27]


def spring(zone: str | None, write: Callable[[dt.datetime], str], path: Path) -> History:
    """Return the history of an order every half hour of the days round the change of clocks in spring."""
    start = dt.datetime(2024, 3, 25, tzinfo=dt.UTC)
    times = [start + dt.timedelta(minutes=30 * k) for k in range(48 * 14)]
    rows = [[f"o{k}", write(time), f"{24.9 + k / 1e5:.5f}", "60.1"] for k, time in enumerate(times)]
    return read_history(written(path / "past.csv", rows), zone=zone)


def test_clock_changes(tmp_path: Path) -> None:
    """Times in UTC are told on a zone's clock, whose day of change has 23 hours; without one as written."""
    zoned = spring("Europe/Helsinki", lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ"), tmp_path)
    day = (dt.date(2024, 3, 31) - zoned.first).days
    assert zoned.open_h[day].tolist() == [1, 1, 1, 0, *[1] * 20]
    assert zoned.counts()[day].tolist() == [2, 2, 2, 0, *[2] * 20]
    plain = spring(None, lambda time: time.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tmp_path)
    assert (plain.counts() == 2).all()
    assert any("UTC+00:00" in note for note in plain.notes)


def test_an_hour_that_there_is_not(tmp_path: Path) -> None:
    """Times in an hour that the clock leaves out are moved to its end, and that is said."""
    history = spring("Europe/Helsinki", lambda time: time.strftime("%Y-%m-%d %H:%M"), tmp_path)
    day = (dt.date(2024, 3, 31) - history.first).days
    assert history.counts()[day].tolist()[:6] == [2, 2, 2, 0, 4, 2]
    assert any("2 times in an hour that the clock of Europe/Helsinki leaves out" in note for note in history.notes)


def test_an_hour_twice() -> None:
    """In autumn one hour of the clock lasts two."""
    from doorstep.demand.stamps import hours_of

    first = (dt.date(2024, 10, 26) - dt.date(1970, 1, 1)).days
    assert hours_of(first, 3, "Europe/Helsinki").sum(axis=1).tolist() == [24, 25, 24]
    assert hours_of(first, 3, "Europe/Helsinki")[1, 3] == 2


FAULTS = {
    "unknown-column": ({"columns": {"placd": "x"}}, None, "did you mean 'placed'"),
    "missing-column": ({}, "id,ordered,lon,lat", "column 'placed' is missing"),
    "duplicate-column": ({}, "id,placed,lon,lon", "'lon' is there twice"),
    "unknown-zone": ({"zone": "Europe/Helsinky"}, None, "did you mean 'Europe/Helsinki'"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_columns_at_fault(tmp_path: Path, rows: list[list[str]], code: str) -> None:
    """Columns and zones that there are not are named, with a mend."""
    given, head, told = FAULTS[code]
    path = written(tmp_path / "past.csv", rows, head or "id,placed,lon,lat")
    with pytest.raises(OrderError, match=told) as error:
        read_history(path, **given)
    assert error.value.faults[0].code == code


CELLS = {
    "bad-time": (["o1", "Tuesday", "24.9", "60.1"], "'Tuesday' is no time"),
    "bad-place": (["o1", "2024-02-05 10:00", "24.9", "160.1"], "swap longitude and latitude"),
    "mixed-years": (["o1", "02-05 10:00:00", "24.9", "60.1"], "some times name a year"),
    "mixed-offsets": (["o1", "2024-02-05 10:00+02:00", "24.9", "60.1"], "some do not"),
}


@pytest.mark.parametrize("code", CELLS)
def test_cells_at_fault(tmp_path: Path, code: str) -> None:
    """Rows that tell no time or place, and times of two kinds, are named."""
    row, told = CELLS[code]
    with pytest.raises(OrderError, match=told) as error:
        read_history(written(tmp_path / "past.csv", [["o0", "2024-02-05 09:00", "24.9", "60.1"], row]))
    assert error.value.faults[0].code == code


def test_a_few_bad_rows_are_left_out(tmp_path: Path, rows: list[list[str]]) -> None:
    """Up to one row in a hundred without a time or place is left out, which is said with the first of them."""
    history = read_history(written(tmp_path / "past.csv", [*rows, ["bad", "2024-02-31 10:00", "24.9", "60.1"]]))
    assert len(history.day) == len(rows)
    assert any(f"1 row left out" in note and f"row {len(rows) + 2}" in note for note in history.notes)  # noqa: F541


def test_some_rows_at_a_time(tmp_path: Path, rows: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is read a hundred rows at a time is the same, and rows at fault are counted from its beginning."""
    bad = ["bad", "2024-02-31 10:00", "24.9", "60.1"]
    path = written(tmp_path / "past.csv", [*rows[:234], bad, *rows[234:]])
    whole = read_history(path)
    monkeypatch.setattr("doorstep.demand.pastfile.ROWS_AT_ONCE", 100)
    again = read_history(path)
    assert np.array_equal(whole.clock_s, again.clock_s)
    assert np.array_equal(whole.lon_lat, again.lon_lat)
    assert whole.notes == again.notes
    assert any("row 236" in note for note in again.notes)


OTHERS = {
    "empty": b"",
    "head alone": b"id,placed,lon,lat\n",
    "ragged": b"id,placed,lon,lat\no1,2024-02-05 10:00,24.9,60.1\no2,2024-02-05 10:00,24.9,60.1,7\n",
    "wide": b"id,placed,lon,lat\no1,2024-02-05 10:00,24.9,60.1,7\n",
    "utf-16": "id,placed,lon,lat\n".encode("utf-16"),
    "latin-1": "id,placed,lon,lat\nö1,2024-02-05 10:00,24.9,60.1\n".encode("latin-1"),
    "two of one id": b"id,placed,lon,lat\no1,2024-02-05 10:00,24.9,60.1\no1,2024-02-05 11:00,24.9,60.1\n",
    "a century": b"id,placed,lon,lat\no1,1924-02-05 10:00,24.9,60.1\no2,2024-02-05 11:00,24.9,60.1\n",
    "two dates": b"id,date,placed,lon,lat\no1,2024-02-05,2024-02-05 10:00,24.9,60.1\n",
    "offsets": b"placed,lon,lat\n2024-02-05 10:00Z,24.9,60.1\n2024-02-05 10:00+02:00,24.9,60.1\n",
    "no leap year": b"placed,lon,lat\n02-28 10:00,24.9,60.1\n02-29 10:00,24.9,60.1\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_files_at_fault(tmp_path: Path, name: str) -> None:
    """Whatever else is wrong with a file is an error that says what, and nothing else."""
    path = tmp_path / "past.csv"
    path.write_bytes(OTHERS[name])
    with pytest.raises(OrderError) as error:
        read_history(path, year=2023 if name == "no leap year" else None)
    assert all(fault.what and fault.fix and fault.code != "fault" for fault in error.value.faults)


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere.csv.gz", "past.xlsx", "broken.csv.gz"])
def test_no_such_file(tmp_path: Path, name: str) -> None:
    """A file that is missing, of an unknown kind, or broken is named."""
    (tmp_path / "broken.csv.gz").write_bytes(b"no zip")
    with pytest.raises(OrderError):
        read_history(tmp_path / name)


def test_odd_masses_are_told(tmp_path: Path, rows: list[list[str]]) -> None:
    """A mass below zero, of nothing, without end or in words counts as not told, and that is said."""
    odd = ["-1", "0", "inf", "heavy", "", "1.5"]
    weighed = [[*row, odd[k] if k < len(odd) else "2"] for k, row in enumerate(rows)]
    path = tmp_path / "masses.csv"
    lines = [["id", "placed", "lon", "lat", "mass_kg"], *weighed]
    path.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    found = read_history(path)
    assert any("4 masses that no parcel has" in note for note in found.notes)
    assert np.isnan(found.mass_kg).sum() == 5


def test_offsets_that_no_clock_has(tmp_path: Path, rows: list[list[str]]) -> None:
    """A time 99 hours from UTC is none."""
    far = [[row[0], f"{row[1]}+99:00", *row[2:]] for row in rows]
    with pytest.raises(OrderError, match="is no time that an order was placed"):
        read_history(written(tmp_path / "far.csv", far))
