"""YAML read with places, by the core rules of YAML 1.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.errors import CatalogError
from doorstep.modes.sheet import near, read_sheet

if TYPE_CHECKING:
    from pathlib import Path


def _read(folder: Path, text: str | bytes) -> dict[str, object]:
    """Return the values at the top of a file."""
    path = folder / "sheet.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return {key: cell.value for key, cell in (read_sheet(path).cells or {}).items()}


def _code(folder: Path, text: str | bytes) -> str:
    """Return the code of the only fault."""
    with pytest.raises(CatalogError) as caught:
        _read(folder, text)
    (fault,) = caught.value.faults
    return fault.code


def test_scalars_by_the_core_schema(tmp_path: Path) -> None:
    """`no` and `08:00` are words, quotes make words of numbers, and true, null and numbers are what they say."""
    text = "a: no\nb: 08:00\nc: '5'\nd: true\ne: ~\nf: -1.5e3\ng: .inf\nh: 010\n"
    expected = {"a": "no", "b": "08:00", "c": "5", "d": True, "e": None, "f": -1500.0, "g": float("inf"), "h": 10.0}
    assert _read(tmp_path, text) == expected


def test_marks(tmp_path: Path) -> None:
    """Each key and value knows its line, column, length and text."""
    path = tmp_path / "sheet.yaml"
    path.write_text("# first\nsome: {value: 12}\n", encoding="utf-8")
    sheet = read_sheet(path)
    assert sheet.cells is not None
    assert sheet.keys is not None
    assert (sheet.keys["some"].line, sheet.keys["some"].column, sheet.keys["some"].length) == (2, 1, 4)
    inner = sheet.cells["some"].cells
    assert inner is not None
    assert (inner["value"].mark.line, inner["value"].mark.column, inner["value"].mark.length) == (2, 15, 2)
    assert inner["value"].mark.text == "some: {value: 12}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("just words", "empty-file"),
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a: [1, 2]\n", "bad-form"),
        ("a: &x {b: *x}\n", "bad-form"),
        ("a: {b: 1\n", "bad-yaml"),
        ("a: {unit: %}\n", "bad-yaml"),
        ("a: caf\xe9".encode("latin-1"), "bad-encoding"),
        (b"a: \x00", "bad-yaml"),
    ],
)
def test_faults_of_form(tmp_path: Path, text: str | bytes, code: str) -> None:
    """A file that is no table of values is answered with what it is, and no traceback."""
    assert _code(tmp_path, text) == code


def test_percent_sign_needs_quotes(tmp_path: Path) -> None:
    """A bare percent sign, which YAML forbids, is answered with the quotes that it needs."""
    with pytest.raises(CatalogError, match="put the percent sign in quotes"):
        _read(tmp_path, "a: {unit: %}\n")


def test_byte_order_mark(tmp_path: Path) -> None:
    """A file saved with a byte order mark is read as any other."""
    assert _read(tmp_path, b"\xef\xbb\xbfa: 1\n") == {"a": 1.0}


def test_folder_instead_of_file(tmp_path: Path) -> None:
    """A folder in place of a file is a fault."""
    with pytest.raises(CatalogError, match="cannot be read"):
        read_sheet(tmp_path)


def test_near() -> None:
    """A near word is offered by itself; without one, all are."""
    assert near("paylod", ["payload", "price"]) == "did you mean 'payload'?"
    assert near("zzz", ["payload", "price"]) == "known: payload, price"
