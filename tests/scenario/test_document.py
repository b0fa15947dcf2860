"""YAML documents that know where everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from doorstep.errors import Fault, ScenarioError
from doorstep.scenario.document import parse, read_text
from doorstep.scenario.writing import dumped

if TYPE_CHECKING:
    from pathlib import Path


def fault_of(text: str) -> Fault:
    with pytest.raises(ScenarioError) as caught:
        parse(text, "x.yaml")
    return caught.value.faults[0]


def test_scalars_follow_the_core_schema() -> None:
    """Clock times, `no` and version-like words stay text, and numbers are numbers."""
    node = parse("a: 07:30\nb: no\nc: 12\nd: 1.5e3\ne: 'true'\nf: true\ng: ~\nh: 0x1F\ni: none\nj: .5\n", "x.yaml")
    assert node.plain() == {
        "a": "07:30",
        "b": "no",
        "c": 12,
        "d": 1500.0,
        "e": "true",
        "f": True,
        "g": None,
        "h": 31,
        "i": "none",
        "j": 0.5,
    }


def test_every_value_has_its_place() -> None:
    """Values and keys know their line, column and length."""
    node = parse("a:\n  - b: hello\n    c: [1, 22]\n", "x.yaml")
    value, key, item = (
        node.mark_of(["a", 0, "b"]),
        node.mark_of(["a", 0, "b"], key=True),
        node.mark_of(["a", 0, "c", 1]),
    )
    assert (value.line, value.column, value.length, value.text) == (2, 8, 5, "  - b: hello")
    assert (key.line, key.column, key.length) == (2, 5, 1)
    assert (item.line, item.column, item.length) == (3, 12, 2)


def test_a_missing_path_points_at_what_is_around_it() -> None:
    """The mark of something that is not written is that of its parent's key."""
    mark = parse("a:\n  b: 1\n", "x.yaml").mark_of(["a", "z", "y"])
    assert (mark.line, mark.column) == (1, 1)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\na: 2\n", "duplicate-key", 2, 1),
        ("a:\n\tb: 1\n", "yaml-tab", 2, 1),
        ("a: [1, 2\n", "yaml", 2, 1),
        ("a: b: c\n", "yaml", 1, 5),
        ("", "empty-file", None, None),
        ("# nothing\n", "empty-file", None, None),
        ("- a\n- b\n", "not-a-map", 1, 1),
        ("just words\n", "not-a-map", 1, 1),
        ("a: !!python/object:os.system x\n", "tag", 1, 4),
        ("a: &a [*a]\n", "alias-circle", 1, 4),
        ("a: 1\n---\nb: 2\n", "yaml", 2, 1),
        ("b: &b {x: 1}\na: {<<: *b}\n", "merge-key", 2, 5),
        ("? [a]\n: 1\n", "key", 1, 3),
        ("a: \x07\n", "yaml", 1, 4),
        ("a: *nothing\n", "yaml", 1, 4),
        ("a: " + "[" * 30000 + "]" * 30000, "too-deep", None, None),
        ("- " * 30000, "too-deep", None, None),
        ("{" * 200, "too-deep", None, None),
    ],
)
def test_bad_documents_are_faults_with_a_place(text: str, code: str, line: int | None, column: int | None) -> None:
    """Every way of being no YAML map is one fault with line and column."""
    fault = fault_of(text)
    assert fault.code == code
    assert (fault.mark and (fault.mark.line, fault.mark.column)) == (line and (line, column))
    assert fault.what
    assert "tag:yaml" not in str(fault)


def test_the_python_loader_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the C loader the same values and places come out."""
    text = "a: 07:30\nb: [1, {c: 'x'}]\nd:\n  - e: 2\n"
    quick = parse(text, "x.yaml")
    monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    slow = parse(text, "x.yaml")
    assert slow.plain() == quick.plain()
    for loc in (["a"], ["b", 1, "c"], ["d", 0, "e"]):
        assert slow.mark_of(loc) == quick.mark_of(loc)


def test_other_encodings_are_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is a fault with the place of the byte."""
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: Küche\n".encode("latin-1"))
    with pytest.raises(ScenarioError) as caught:
        read_text(path)
    fault = caught.value.faults[0]
    assert fault.code == "encoding"
    assert (fault.mark.line, fault.mark.column) == (2, 5)
    assert "0xFC" in fault.what


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """A file with a byte order mark reads like one without."""
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert parse(read_text(path), str(path)).plain() == {"a": 1}


def test_what_is_written_reads_back_the_same() -> None:
    """Values written as YAML mean the same when they are read again, whatever they look like."""
    plain = {
        "a": ["07:30", "no", "1e3", "0x1F", "null", "~", " x ", "1.5", "é", "[a]"],
        "b": {"c": 1.5, "d": True, "e": None},
    }
    assert parse(dumped(plain), "x.yaml").plain() == plain
