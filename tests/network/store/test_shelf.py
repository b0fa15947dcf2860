"""Tests of columns in a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.network.store.shelf import read_columns, write_columns

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {
    "whole": np.arange(5),
    "flags": np.array([[True, False]]),
    "none": np.empty((0, 2, 2)),
    "one": np.array([7], np.uint8),
    "across": np.arange(6.0).reshape(2, 3).T,
}


def test_columns_come_back_as_they_were(tmp_path: Path) -> None:
    """Values, types and shapes are the same, and compiled code meets them as it meets arrays of its own."""
    path = tmp_path / "some.columns"
    with path.open("wb") as file:
        write_columns(file, COLUMNS)
    with path.open("rb") as file:
        found = read_columns(file)
    assert list(found) == list(COLUMNS)
    for name, column in COLUMNS.items():
        np.testing.assert_array_equal(found[name], column)
        assert found[name].dtype == column.dtype
        assert found[name].flags.writeable
        assert found[name].flags.c_contiguous
        assert found[name].flags.aligned


def test_every_wrong_bit_is_seen(tmp_path: Path) -> None:
    """Whichever byte of the head or of a column differs, nothing is returned."""
    path = tmp_path / "some.columns"
    with path.open("wb") as file:
        write_columns(file, {"whole": np.arange(8)})
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with path.open("rb") as file, pytest.raises((ValueError, TypeError, KeyError)):
            read_columns(file)


def test_only_numbers_are_kept() -> None:
    """Objects, which would have to be trusted when they are read, are refused."""
    with pytest.raises(TypeError, match="no column of numbers"):
        write_columns(io.BytesIO(), {"names": np.array(["a", None], object)})
