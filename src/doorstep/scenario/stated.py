"""Numbers that a scenario file gives with their source or as an estimate: `{value: 1.44, source: rudy2025}`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from doorstep.errors import Fault
from doorstep.scenario.document import Entry, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = ("value", "source", "estimate", "note")


@dataclass(frozen=True, slots=True)
class Statement:
    """One number of a file with where it comes from."""

    loc: tuple[str | int, ...]
    node: Node
    """The map that states it."""

    def part(self, name: str) -> str:
        """Return the source, the estimate or the note; empty where it is not given."""
        node = self.node.child(name)
        return str(node.value) if node and node.value is not None else ""


def is_stated(node: Node) -> bool:
    """Tell whether a value is a number with its source or estimate; no table of a scenario has a key `value`."""
    held = node.child("value") if isinstance(node.value, dict) else None
    return held is not None and not isinstance(held.value, dict)


def without_statements(node: Node, loc: tuple[str | int, ...] = ()) -> tuple[Node, list[Statement]]:
    """Return the document with bare values in place of stated ones, and the statements taken out."""
    if is_stated(node):
        held = node.child("value")
        assert held is not None
        return held, [Statement(loc, node)]
    found: list[Statement] = []
    if isinstance(node.value, dict):
        entries = {}
        for key, entry in node.value.items():
            child, stated = without_statements(entry.node, (*loc, key))
            entries[key] = Entry(entry.key, child)
            found += stated
        return replace(node, value=entries), found
    if isinstance(node.value, list):
        items = []
        for position, item in enumerate(node.value):
            child, stated = without_statements(item, (*loc, position))
            items.append(child)
            found += stated
        return replace(node, value=items), found
    return node, []


def statement_faults(statement: Statement) -> Iterator[Fault]:
    """Yield what is wrong with one statement, whatever its sources are."""
    assert isinstance(statement.node.value, dict)
    where = ".".join(map(str, statement.loc))
    for key, entry in statement.node.value.items():
        if key not in PARTS:
            fix = f"a stated number has: {', '.join(PARTS)}"
            yield Fault(f"{where}.{key}", f"unknown key '{key}'", fix, "unknown-key", entry.key)
        elif key != "value" and (not isinstance(entry.node.value, str) or not entry.node.value.strip()):
            yield Fault(f"{where}.{key}", f"'{key}' is no text", "write words, in quotes", "wrong-type", entry.node.mark)
    given = [part for part in ("source", "estimate") if part in statement.node.value]
    if len(given) != 1:
        mark = statement.node.value["value"].key
        what = "a stated number has both a source and an estimate" if given else "neither a source nor an estimate"
        yield Fault(where, what, "give one of `source: KEY` and `estimate: WHY`", "unsourced", mark)
