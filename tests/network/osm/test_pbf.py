"""Blocks written by hand that break the rules of their format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.errors import ExtractError
from doorstep.network.extract import read_extract
from doorstep.network.osm.crop import read_crop
from doorstep.network.osm.pbf import DamagedPbfError, fields, whole

if TYPE_CHECKING:
    from pathlib import Path

FAR_BELOW = -(2**40)
DENSE_INFO, WAY_TAGS, WAY_NODES, DATES = 5, 2, 8, 2
UNITS = {"granularity": 17, "dates": 18, "latitudes": 19, "longitudes": 20}


def number(value: int) -> bytes:
    """Return a number as the format has it; those below nought have 64 bits."""
    value += 2**64 * (value < 0)
    told = b""
    while value > 127:
        told += bytes([value & 127 | 128])
        value >>= 7
    return told + bytes([value])


def bare(field: int, value: int) -> bytes:
    """Return a field that is a number."""
    return number(field << 3) + number(value)


def packed(field: int, *parts: bytes) -> bytes:
    """Return a field that tells its length."""
    inside = b"".join(parts)
    return number(field << 3 | 2) + number(len(inside)) + inside


def blob(kind: bytes, *parts: bytes) -> bytes:
    """Return a block that is not packed."""
    inside = packed(1, *parts)
    head = packed(1, kind) + bare(3, len(inside))
    return len(head).to_bytes(4, "big") + head + inside


def file_of(folder: Path, way: bytes = b"", info: bytes = b"", units: bytes = b"") -> Path:
    """Return a file of one street of three nodes, with more in its way, its nodes and its blocks."""
    texts = packed(1, packed(1), packed(1, b"highway"), packed(1, b"residential"))
    steps = packed(1, b"\2\2\2"), packed(8, number(1_000_000_000), b"\2\2"), packed(9, number(180_000_000), b"\2\2")
    street = bare(1, 7), packed(2, b"\1"), packed(3, b"\2"), packed(8, b"\2\2\2"), way
    blobs = [
        blob(b"OSMHeader", packed(4, b"OsmSchema-V0.6"), packed(4, b"DenseNodes")),
        blob(b"OSMData", texts, packed(2, packed(2, *steps, info)), units),
        blob(b"OSMData", texts, packed(2, packed(3, *street)), units),
    ]
    path = folder / "a.osm.pbf"
    path.write_bytes(b"".join(blobs))
    return path


@pytest.mark.parametrize("field", [WAY_TAGS, 3, WAY_NODES])
@pytest.mark.parametrize("value", [FAR_BELOW, -(2**63), -1, 2**40])
def test_numbers_where_there_should_be_many(tmp_path: Path, field: int, value: int) -> None:
    """A way whose tags or nodes are a bare number is damaged, and no byte is looked for where the number says."""
    assert read_crop(file_of(tmp_path)).streets.ids.tolist() == [1, 2, 3]
    with pytest.raises(DamagedPbfError, match="ways are damaged"):
        read_crop(file_of(tmp_path, way=bare(field, value)))


@pytest.mark.parametrize("value", [1, 100, -1])
def test_words_that_are_a_bare_number(tmp_path: Path, value: int) -> None:
    """A block whose table of words is a bare number is damaged, and told so in words of our own."""
    with pytest.raises(DamagedPbfError, match="table of words"):
        read_crop(file_of(tmp_path, units=bare(1, value)))


@pytest.mark.parametrize("value", [5, -1, 2**63, 2**69])
def test_dates_that_are_a_bare_number(tmp_path: Path, value: int) -> None:
    """Dates of nodes that are not packed are no dates, however large the number."""
    path = file_of(tmp_path, info=packed(DENSE_INFO, bare(DATES, value)))
    assert read_crop(path).streets.ids.tolist() == [1, 2, 3]


@pytest.mark.parametrize("unit", UNITS.values(), ids=list(UNITS))
def test_units_of_too_many_bits(tmp_path: Path, unit: int) -> None:
    """Of numbers with more than 64 bits the last ones count, as they do with osmium."""
    assert whole(2**69 + 3) == 3
    assert whole(2**69 - 1) == -1
    path = file_of(tmp_path, units=bare(unit, 2**69 + {17: 100, 18: 1000}.get(unit, 0)))
    assert (read_crop(path).streets.place == read_crop(file_of(tmp_path)).streets.place).all()


def test_a_date_beyond_all_calendars(tmp_path: Path) -> None:
    """A date that no clock can tell is a fault of the file."""
    path = file_of(tmp_path, way=packed(4, bare(2, 2**62)), units=bare(UNITS["dates"], 2**62))
    with pytest.raises(ExtractError, match="cannot be read"):
        read_extract(path)


def test_fields_of_unknown_kinds() -> None:
    """A field of a kind that the format does not use is told as such, even where the block ends within it."""
    for raw in (b"\x0d", b"\x0d\0\0\0\0", b"\x09", b"\x0b"):
        with pytest.raises(DamagedPbfError, match="unknown kinds"):
            list(fields(raw, 0, len(raw)))
