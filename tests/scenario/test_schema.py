"""The tables of a scenario file and their JSON Schema."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorstep.demand.sample import Sampling
from doorstep.demand.table import OrderDefaults
from doorstep.handover import Handover
from doorstep.scenario.demands import OrderTable, SampleTable
from doorstep.scenario.export import json_schema
from doorstep.scenario.ground import sampling_of
from doorstep.scenario.mends import keys_at, part_of
from doorstep.scenario.schema import ScenarioTable, read_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def _objects(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "properties" in part:
            yield part
        for inner in part.values():
            yield from _objects(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _objects(inner)


def test_every_key_is_explained() -> None:
    """Every property of the JSON Schema has a description, and no table takes unknown keys."""
    tables = list(_objects(json_schema()))
    for table in tables:
        if table.get("title") == "Doorstep scenario" or "additionalProperties" in table:
            for key, part in table["properties"].items():
                assert key in {"value", "note"} or part.get("description"), key
    assert all(table.get("additionalProperties") is False for table in tables)


def test_the_shipped_json_schema_is_this_one() -> None:
    """The file beside the shipped scenarios is what `json_schema` returns."""
    assert json.loads((SCENARIOS / "schema.json").read_text(encoding="utf-8")) == json_schema()


def test_clock_times_are_texts_with_a_pattern() -> None:
    """Editors accept the clock times that Doorstep accepts, and no others."""
    part = part_of(json_schema(), ("demand", "sample", "cutoff"))
    pattern = part["anyOf"][0]["pattern"]
    assert all(re.search(pattern, good) for good in ("07:30", "7:30", "24:00", "48:00", "07:30:15"))
    assert not any(re.search(pattern, bad) for bad in ("7pm", "49:00", "07:60", "0730", "48:30"))


def test_numbers_may_be_stated() -> None:
    """The JSON Schema lets a number come with its source or as an estimate."""
    assert {"$ref": "#/$defs/Stated"} in part_of(json_schema(), ("network", "traffic"))["anyOf"]


def test_defaults_that_matter_have_a_reason() -> None:
    """Working hours, walking speed and the like say where their default comes from."""
    for loc in (
        ("walk_speed",),
        ("work", "shift"),
        ("work", "break"),
        ("network", "snap_limit"),
        ("network", "traffic"),
    ):
        assert "Default: " in part_of(json_schema(), loc)["description"], loc


def test_defaults_of_the_sampler_are_those_of_the_schema() -> None:
    """A sample of which only the number is given is the sampler's own default."""
    assert sampling_of(SampleTable(orders=100)) == Sampling()


def test_defaults_of_a_table_of_orders_are_those_of_the_schema() -> None:
    """An order table that says nothing takes what the reader of tables takes."""
    table, ours = OrderTable(file="x.csv"), OrderDefaults()
    assert table.placed - 86_400 == ours.placed_s
    assert (table.preparation, table.ready_from, table.walk_limit) == (
        ours.preparation_s,
        ours.ready_from_s,
        ours.walk_limit_m,
    )
    assert table.window == dataclasses.astuple(ours.window)
    assert (table.dwelling, table.landing_place) == (ours.dwelling, ours.landing_place)
    assert frozenset(map(Handover, table.accepts)) == ours.accepts


def test_a_promise_after_placing_replaces_the_clock_time() -> None:
    """Where customers are promised a time after placing, no default clock time is promised too."""
    tables, _ = read_tables(
        {
            "network": {},
            "demand": {"sample": {"orders": 1, "promise_after": "3 h"}},
            "hubs": {},
            "configurations": {},
        }
    )
    sampling = sampling_of(tables.demand.sample)
    assert (sampling.promise_by_s, sampling.promise_after_s) == (None, 10800)


def test_keys_are_found_at_any_depth() -> None:
    """The keys known at a path are those of its table, through lists, maps and unions."""
    schema = json_schema()
    assert set(keys_at(schema, ())) == set(ScenarioTable.model_fields)
    assert "compartments" in keys_at(schema, ("lockers", "any"))
    assert "count" in keys_at(schema, ("configurations", "any", "vehicles", 3))
    assert "break" in keys_at(schema, ("work",))
