"""Tests of tables of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.errors import InputError
from doorstep.network.placefile import read_places

if TYPE_CHECKING:
    from pathlib import Path


def test_places_with_and_without_names(tmp_path: Path) -> None:
    """Places have their names, else their number; other columns and their order are no matter."""
    table = tmp_path / "places.csv"
    table.write_text("lat;lon;name;note\n60.5;24.9;church;x\n60.6;25;;y\n", encoding="utf-8")
    names, lon_lat = read_places(table)
    assert names == ("church", "1")
    assert lon_lat.tolist() == [[24.9, 60.5], [25.0, 60.6]]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["empty-table"]),
        ("lon,lat\n", ["empty-table"]),
        ("x,y\n1,2\n", ["missing-column"]),
        ("lon,lat\n1,north\n2,\n3,inf\n", ["bad-place"] * 3),
        ("lon,lat\n1\n2,3\n", ["ragged-row"]),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, codes: list[str]) -> None:
    """Every fault of a table is told."""
    table = tmp_path / "places.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_places(table)
    assert [fault.code for fault in told.value.faults] == codes
