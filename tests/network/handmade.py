"""Nodes and ways written by hand, and what reading them says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from doorstep.errors import ExtractError
from doorstep.network.extract import read_extract

if TYPE_CHECKING:
    from doorstep.network.network import Network

HERE = Path(__file__)
DATA = HERE.parents[2] / "scenarios" / "data"
SHARED = HERE.parents[3] / "shared" / "osm"
LON, LAT = 9.0, 50.0
STEP = 0.001
"""Degrees of latitude; 111 m."""
STREET = {"highway": "residential"}
HOUSE = {"building": "house"}


def row_of(count: int, first: int = 1) -> list[tuple[int, float, float, dict[str, str]]]:
    """Return nodes in a row to the north."""
    return [(first + k, LON, round(LAT + k * STEP, 7), {}) for k in range(count)]


def square_of(
    first: int, lon: float, lat: float, size: float = 0.0001
) -> list[tuple[int, float, float, dict[str, str]]]:
    """Return the four corners of a square."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    return [(first + k, round(lon + x * size, 7), round(lat + y * size, 7), {}) for k, (x, y) in enumerate(corners)]


def ring(first: int) -> list[int]:
    """Return the way round four nodes."""
    return [first, first + 1, first + 2, first + 3, first]


def fault_of(path: Path) -> tuple[str, str]:
    """Return code and words of the one fault of a file, which names the file and a mend."""
    with pytest.raises(ExtractError) as caught:
        read_extract(path)
    (fault,) = caught.value.faults
    assert str(path) in fault.where
    assert fault.fix
    return fault.code, str(fault)


def is_said(network: Network, words: str) -> bool:
    """Tell whether a note of a map or of its layers holds some words."""
    return any(words in note for note in [*network.notes, *network.layer_notes(network.layers)])
