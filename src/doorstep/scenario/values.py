"""Values: the numbers of a scenario file that say where they come from, its defaults among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorstep.modes.mode import Value
from doorstep.scenario.export import json_schema
from doorstep.scenario.mends import dotted, part_of
from doorstep.scenario.quantity import amount_and_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from doorstep.scenario.case import Case
    from doorstep.scenario.stated import Statement

DEFAULT = "default"
"""What the note of a value says that the file does not give."""


def values_of(case: Case) -> tuple[Value, ...]:
    """Return the numbers that the file states with a source or an estimate, then the defaults it relies on."""
    schema = json_schema()
    stated = [_stated(statement, schema) for statement in case.statements]
    return (*stated, *_defaults(case, schema))


def default_note(values: tuple[Value, ...]) -> list[str]:
    """Return a note of the defaults among the values; none where the file gives everything."""
    taken = [f"{value.name} {value.amount} {value.unit}".strip() for value in values if value.note == DEFAULT]
    return [f"defaults taken: {'; '.join(taken)}"] if taken else []


def _stated(statement: Statement, schema: Mapping[str, Any]) -> Value:
    held = statement.node.child("value")
    written = held.plain() if held else ""
    amount, unit = amount_and_unit(_in_words(written))
    return Value(
        name=dotted(statement.loc),
        amount=amount,
        unit=unit or str(_unit(schema, statement.loc)),
        source=statement.part("source"),
        estimate=statement.part("estimate"),
        note=statement.part("note"),
    )


def _defaults(case: Case, schema: Mapping[str, Any]) -> Iterator[Value]:
    tables = case.tables
    parts: list[tuple[tuple[str | int, ...], Any]] = [
        ((), tables),
        (("network",), tables.network),
        (("network", "no_fly"), tables.network.no_fly),
        (("network", "robot_rules"), tables.network.robot_rules),
        (("work",), tables.work),
        (("planner",), tables.planner),
        (("demand", "sample"), tables.demand.sample),
        (("demand", "table"), tables.demand.table),
        (("demand", "history"), tables.demand.history),
        (("demand", "absent"), tables.demand.absent),
    ]
    if isinstance(tables.lockers, dict):
        parts += [(("lockers", name), table) for name, table in tables.lockers.items()]
    else:
        parts.append((("lockers",), tables.lockers))
    parts += [
        (("configurations", name, "vehicles", position, "carries"), group.carries)
        for name, table in tables.configurations.items()
        for position, group in enumerate(table.vehicles)
    ]
    for loc, table in parts:
        for key, field in type(table).model_fields.items() if table is not None else ():
            extra = field.json_schema_extra
            if (
                key in table.model_fields_set
                or not isinstance(extra, dict)
                or not extra.keys() & {"source", "estimate"}
            ):
                continue
            if key == "promise_by" and table.promise_after is not None:
                continue
            here = (*loc, field.alias or key)
            amount, unit = amount_and_unit(_in_words(field.default))
            source, estimate = str(extra.get("source", "")), str(extra.get("estimate", ""))
            yield Value(dotted(here), amount, unit or str(_unit(schema, here)), source, estimate, DEFAULT)


def _unit(schema: Mapping[str, Any], loc: tuple[str | int, ...]) -> str:
    return str(part_of(schema, loc).get("unit", ""))


def _in_words(written: object) -> object:
    if isinstance(written, dict):
        return ", ".join(f"{key} {value}" for key, value in written.items()) or "none"
    if isinstance(written, list):
        return ", ".join(map(str, written))
    return written
