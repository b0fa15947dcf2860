"""Numbers that a scenario file gives with their source or as an estimate: `{value: 1.44, source: rudy2025}`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from doorstep.errors import Fault
from doorstep.scenario.document import Entry, Node
from doorstep.scenario.mends import did_you_mean

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
    """Tell whether a value is a number, or a row of them, with its source or estimate."""
    held = node.child("value")
    if held is None or not isinstance(held.value, dict):
        return held is not None
    origins = (node.child("source"), node.child("estimate"))
    return any(origin is not None and isinstance(origin.value, str) for origin in origins)


def without_statements(node: Node, loc: tuple[str | int, ...] = ()) -> tuple[Node, list[Statement]]:
    """Return the document with bare values in place of stated ones, and the statements taken out."""
    held = node.child("value")
    if held is not None and is_stated(node):
        return held, [Statement(loc, node)]
    found: list[Statement] = []
    if isinstance(node.value, dict):
        entries = {}
        for key, entry in node.entries.items():
            child, stated = without_statements(entry.node, (*loc, key))
            entries[key] = Entry(entry.key, child)
            found += stated
        return replace(node, value=entries), found
    if isinstance(node.value, list):
        items = []
        for position, item in enumerate(node.items):
            child, stated = without_statements(item, (*loc, position))
            items.append(child)
            found += stated
        return replace(node, value=items), found
    return node, []


def statement_faults(statement: Statement) -> Iterator[Fault]:
    """Yield what is wrong with one statement, whatever its sources are."""
    where, entries = ".".join(map(str, statement.loc)), statement.node.entries
    for key, entry in entries.items():
        if key not in PARTS:
            fix = did_you_mean(key, PARTS)
            yield Fault(f"{where}.{key}", f"unknown key '{key}'", fix, "unknown-key", entry.key)
        elif key != "value" and (not isinstance(entry.node.value, str) or not entry.node.value.strip()):
            what = f"'{key}' is no text"
            yield Fault(f"{where}.{key}", what, "write words, in quotes", "wrong-type", entry.node.mark)
    given = [part for part in ("source", "estimate") if part in entries]
    if len(given) != 1 and entries.keys() <= set(PARTS):
        mark = entries["value"].key
        what = "a stated number has both a source and an estimate" if given else "neither a source nor an estimate"
        yield Fault(where, what, "give one of `source: KEY` and `estimate: WHY`", "unsourced", mark)
