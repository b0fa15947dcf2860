"""Case: a scenario file read and measured against the schema, on its way to a Scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from doorstep.errors import Fault, ScenarioError
from doorstep.scenario.inherit import resolved
from doorstep.scenario.mends import Loc, dotted, loc_of, once_each, schema_fault
from doorstep.scenario.stated import statement_faults, without_statements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from doorstep.scenario.document import Node
    from doorstep.scenario.schema import ScenarioTable
    from doorstep.scenario.stated import Statement

_GONE = object()
ROUNDS = 12
"""Tables are at most this deep, so no more rounds are needed to take out all that is at fault."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario file, what is sound of it, and what the schema complains of."""

    path: Path
    full: Node
    """As written, with everything inherited."""
    root: Node
    """The same with bare numbers in place of stated ones."""
    tables: ScenarioTable
    """What is left of it without the values at fault."""
    statements: tuple[Statement, ...]
    faults: tuple[Fault, ...]
    at_fault: frozenset[Loc]
    """Where the schema complains."""

    def fault(self, loc: Sequence[str | int], what: str, fix: str, code: str, *, key: bool = False) -> Fault:
        """Return a fault that points at a value of the file, or at its key."""
        found = Fault(dotted(loc), what, fix, code, self.root.mark_of(loc, key=key))
        return self.told_from(found)

    def adopt(self, fault: Fault, loc: Sequence[str | int]) -> Fault:
        """Return a fault found elsewhere, pointing at the value of the file that led there."""
        if fault.mark:
            return fault
        what = fault.what if not fault.where else f"{fault.where}: {fault.what}"
        return self.fault(loc, what, fault.fix, fault.code)

    def told_from(self, fault: Fault) -> Fault:
        """Return a fault that says so where it lies in an inherited file."""
        if fault.mark is None or fault.mark.file == str(self.path):
            return fault
        said = f"inherited by {self.path.name}"
        if fault.code == "unknown-key":
            said += f", where `{fault.where.rsplit('.', 1)[-1]}: null` takes it away"
        return replace(fault, fix=f"{fault.fix}; {said}" if fault.fix else said)

    def names(self, *loc: str) -> list[str]:
        """Return the keys at a path as they are written, sound or not."""
        node = self.root.at(loc)
        return list(node.entries) if node else []

    def given(self, *loc: str | int) -> bool:
        """Tell whether anything but null is written at a path."""
        node = self.root.at(loc)
        return node is not None and node.value is not None

    def sound(self, *loc: str | int) -> bool:
        """Tell whether the schema has no complaint about a path, nor about anything below it or around it."""
        return not any(bad[: len(loc)] == loc or loc[: len(bad)] == bad for bad in self.at_fault)


def open_case(path: Path) -> Case:
    """Return the case of a scenario file.

    Raises
    ------
    ScenarioError
        If nothing can be said about its tables: it cannot be read, is no YAML map, or inherits from itself.
    """
    from doorstep.scenario.export import json_schema
    from doorstep.scenario.schema import read_tables

    full = resolved(path)
    root, statements = without_statements(full)
    plain: Any = root.plain()
    tables, first = read_tables(plain)
    errors = first
    for _ in range(ROUNDS):
        if tables is not None:
            break
        plain = _without(plain, errors)
        tables, errors = read_tables(plain)
    schema = json_schema()
    faults = [schema_fault(error, root, schema) for error in once_each(first, schema)]
    if tables is None:
        raise ScenarioError(faults)
    found = Case(path, full, root, tables, tuple(statements), (), frozenset(loc_of(error) for error in first))
    faults = [schema_fault(error, root, schema) for error in once_each(first, schema)]
    for statement in statements:
        faults += statement_faults(statement)
    return replace(found, faults=tuple(found.told_from(fault) for fault in faults))


def _without(plain: dict[str, Any], errors: Sequence[dict[str, Any]]) -> Any:
    """Return a document without what the schema complains of."""
    found = _copy(plain)
    for error in errors:
        loc = loc_of(error)
        if error["type"] == "missing" and len(loc) == 1:
            found[loc[0]] = {}
            continue
        _drop(found, loc[:-1] if error["type"] == "missing" else loc)
    return _compact(found)


def _drop(found: Any, loc: Loc) -> None:
    for step in loc[:-1]:
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(found, dict) and str(loc[-1]) in found:
        found[str(loc[-1])] = _GONE
    elif isinstance(found, list) and isinstance(loc[-1], int) and loc[-1] < len(found):
        found[loc[-1]] = _GONE


def _copy(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _copy(value) for key, value in part.items()}
    return [_copy(value) for value in part] if isinstance(part, list) else part


def _compact(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _compact(value) for key, value in part.items() if value is not _GONE}
    return [_compact(value) for value in part if value is not _GONE] if isinstance(part, list) else part
