"""Tests of tables of traffic that users bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.errors import InputError
from doorstep.network.grid import grid_town
from doorstep.network.hours.periods import timetable
from doorstep.network.hours.trafficfile import read_traffic
from doorstep.network.network import Medium
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.traffic import DAY_S

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a writer of tables."""

    def make(text: str) -> Path:
        path = tmp_path / "mine.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return make


def codes(path: Path, **given: object) -> list[str]:
    """Return the codes of the faults of a table."""
    with pytest.raises(InputError) as caught:
        read_traffic(path, **given)
    return [fault.code for fault in caught.value.faults]


def test_classes_and_spans(write: Write) -> None:
    """Rows become periods between all their breaks; `all` stands for classes without rows, and both are noted."""
    traffic = read_traffic(
        write("road_class,from,to,factor\nprimary,0,7.5,1\nprimary,07:30,24:00,1.5\nall,9,24,1.2\nall,0,9,1\n")
    )
    np.testing.assert_array_equal(traffic.break_s, [0, 27000, 32400, DAY_S])
    assert traffic.name == "mine"
    assert traffic.factor[:, CLASS_NAMES.index("primary")].tolist() == [1, 1.5, 1.5]
    assert traffic.factor[:, CLASS_NAMES.index("service")].tolist() == [1, 1, 1.2]
    assert "have those of `all`: motorway, trunk, secondary" in traffic.notes[1]


def test_hours_of_a_spreadsheet(write: Write) -> None:
    """One row an hour, semicolons, capitals, blank lines and spaces are read; classes left out are noted as free."""
    rows = "\n".join(f"tertiary ; {hour} ; {1 + hour / 100}" for hour in range(24))
    traffic = read_traffic(write(f"\ufeffRoad_Class;Hour;Factor\n{rows}\n\n"))
    assert traffic.factor.shape == (24, len(CLASS_NAMES))
    assert traffic.factor[[0, 23], CLASS_NAMES.index("tertiary")].tolist() == [1, 1.23]
    assert traffic.factor[:, 0].tolist() == [1.0] * 24
    assert "flow freely at every hour: motorway" in traffic.notes[1]


@pytest.mark.parametrize("end", ["7.5", "7:30", "07:30", "07:30:00"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_clock_times_and_separators(write: Write, end: str, mark: str) -> None:
    """Half past seven is written in four ways, cells are parted by commas, semicolons or tabs, rows in any order."""
    rows = ["road_class,from,to,factor", f"all,{end},24:00,2", f"all,00:00,{end},1"]
    traffic = read_traffic(write("\n".join(rows).replace(",", mark)))
    assert traffic.break_s.tolist() == [0, 27000, 86400]
    assert traffic.factor[:, 0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("hours", "code", "fix"),
    [
        (range(1, 25), "bad-span", "0 to 23"),
        ([0, 1, *range(3, 24)], "gap", "give a row"),
        ([0, 1, 2, 2, *range(3, 24)], "duplicate-row", "keep one"),
        (["0000", *range(1, 24)], None, ""),
        (["7am", *range(24)], "bad-hour", "07:30"),
        (["2024-03-31T02:00", *range(24)], "bad-hour", "07:30"),
    ],
)
def test_days_have_24_hours(write: Write, hours: list[object], code: str | None, fix: str) -> None:
    """Hours from 1 to 24, and the days when clocks are put forward or back, are told: a profile is an ordinary day."""
    path = write("road_class,hour,factor\n" + "".join(f"all,{hour},1\n" for hour in hours))
    if code is None:
        assert len(read_traffic(path).factor) == 24
        return
    with pytest.raises(InputError, match=fix) as caught:
        read_traffic(path)
    assert caught.value.faults[0].code == code


def test_swapped_degrees_of_a_street_are_asked_after(write: Write) -> None:
    """A place whose latitude stands first is told as such, one far from any street how near it must be."""
    town = grid_town(4, 4, 100.0, seed=1)
    lon, lat = town.unproject(np.array([[town.extent_m[0], town.extent_m[1]]]))[0]
    head = "lon,lat,from,to,factor\n"
    with pytest.raises(InputError, match="did you swap longitude and latitude"):
        read_traffic(write(f"{head}{lat},{lon},0,24,2\n"), town)
    with pytest.raises(InputError, match="give a place within 25 m"):
        read_traffic(write(f"{head}{lon + 1},{lat},0,24,2\n"), town)


def test_every_fault_of_a_table_comes_at_once(write: Write) -> None:
    """Unknown classes, hours outside of the day, factors that are none, ragged rows: each has its line and its mend."""
    path = write(
        "road_class,from,to,factor\n"
        "primery,0,24,1\n"
        "trunk,-1,24,1\n"
        "tertiary,0,25,1\n"
        "service,0,24,0\n"
        "minor,0,24,nan\n"
        "motorway,12,6,1\n"
        "other,0,24\n"
        "residential,0,24,1e9\n"
    )
    with pytest.raises(InputError) as caught:
        read_traffic(path)
    assert [(fault.where[-6:], fault.code) for fault in caught.value.faults] == [
        *(("line 2", "unknown-class"), ("line 3", "bad-hour"), ("line 4", "bad-hour")),
        *(("line 5", "bad-factor"), ("line 6", "bad-factor"), ("line 7", "bad-span")),
        *(("line 8", "ragged-row"), ("line 9", "bad-factor")),
    ]
    assert "did you mean 'primary'?" in str(caught.value)
    assert all(fault.fix for fault in caught.value.faults)


def test_days_with_holes_and_doubles(write: Write) -> None:
    """Gaps at either end and between rows, overlaps, and rows given twice are told with their hours and lines."""
    path = write(
        "road_class,from,to,factor\n"
        "primary,6,9,1\nprimary,10,23.5,2\n"
        "trunk,0,24,1\ntrunk,0,24,1\n"
        "minor,0,12,1\nminor,11,24,1\n"
    )
    with pytest.raises(InputError) as caught:
        read_traffic(path)
    assert [fault.code for fault in caught.value.faults] == ["gap", "gap", "gap", "duplicate-row", "overlap"]
    text = str(caught.value)
    for told in ("from 00:00 to 06:00", "from 09:00 to 10:00", "from 23:30 to 24:00", "line 5: says again", "line 6"):
        assert told in text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["empty-table"]),
        ("road_class,hour,factor\n", ["empty-table"]),
        ("road_class,hour,factr\nall,1,1\n", ["unknown-column", "no-column"]),
        ("road_class,factor\nall,1\n", ["no-column"]),
        ("road_class,from,factor\nall,1,1\n", ["no-column"]),
        ("road_class,hour,from,to,factor\nall,1,1,2,1\n", ["no-column"]),
        ("hour,factor\n1,1\n", ["no-column"]),
        ("lon,hour,factor\n1,1,1\n", ["no-column"]),
        ("road_class,hour,hour,factor\nall,1,1,1\n", ["duplicate-column"]),
        ('road_class,hour,factor\n"all,1,1\n', ["bad-line"]),
        (
            "road_class,lon,lat,from,to,factor\nall,1,1,0,24,1\n,,,0,24,1\n,500,1,0,24,1\n",
            ["row-key"] * 2 + ["bad-place"],
        ),
    ],
)
def test_what_is_no_table_of_traffic_is_told(write: Write, text: str, wanted: list[str]) -> None:
    """Missing, unknown and doubled columns, empty and broken tables, and rows about nothing are named faults."""
    assert codes(write(text)) == wanted


def test_files_that_are_no_text(tmp_path: Path) -> None:
    """A missing file, a folder and a picture are InputErrors."""
    assert codes(tmp_path / "none.csv") == ["no-file"]
    assert codes(tmp_path) == ["no-file"]
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff")
    assert codes(tmp_path / "picture.csv") == ["bad-encoding"]


def test_many_faults_are_counted(write: Write) -> None:
    """Of hundreds of faults the first twenty are told, and how many more there are."""
    path = write("road_class,from,to,factor\n" + "primary,0,24,x\n" * 100)
    with pytest.raises(InputError, match="and 179 more") as caught:
        read_traffic(path)
    assert len(caught.value.faults) == 21


def test_streets_by_their_place(write: Write) -> None:
    """A place stands for its street from junction to junction; the others keep the factor of their class."""
    town = grid_town(4, 4, 100.0, seed=3)
    middle = np.array([[500250.0, 5000200.0], [500350.0, 5000200.0]])
    (lon, lat), (lon2, lat2) = town.unproject(middle).tolist()
    rows = f"all,,,0,24,1\n,{lon},{lat},0,12,5\n,{lon},{lat},12,24,1\n"
    path = write(f"road_class,lon,lat,from,to,factor\n{rows}")
    traffic = read_traffic(path, town)
    layer = town.layers[Medium.ROAD]
    assert traffic.street is not None
    assert (traffic.street >= 0).sum() == 1
    ends = layer.snap(np.array([[500205.0, 5000200.0], [500295.0, 5000200.0]]))
    assert ends.edge[0] == ends.edge[1] == np.flatnonzero(traffic.street >= 0)[0]
    times = timetable(layer, ends, ends, 99.0, traffic).duration_s[:, 0, 1]
    assert times[0] > times[1] == pytest.approx(90 / (0.8 * 50 / 3.6))
    assert "1 street with factors of a place" in traffic.notes[-1]
    assert codes(path) == ["no-network"]
    far, beside = f",{lon + 1},{lat},0,24,2\n", f",{lon + 1e-4},{lat},0,24,2\n"
    more = f"road_class,lon,lat,from,to,factor\n{rows}{far}{beside},{lon2},{lat2},0,24,2\n"
    assert codes(write(more), network=town) == ["off-street", "duplicate-street"]
