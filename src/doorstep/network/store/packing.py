"""Packing: maps, ways and layers as plain columns of numbers, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.assemble import Sheet
from doorstep.network.graph.edges import Edges
from doorstep.network.graph.turning import Turn
from doorstep.network.network import Doors, KnownRoadside, Medium
from doorstep.network.streets import Streets
from doorstep.network.ways import StreetTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.network.network import Roadside

    Columns = Mapping[str, NDArray[Any]]

_EDGES = (
    *("tail", "head", "allowed", "first", "point", "speed", "speed_mps", "speed_class", "length_m"),
    *("arc_begin", "arc", "arc_head", "limited", "bans", "copies", "rests", "signed", "leads"),
)
_WAYS = ("first", "node", "kind", "free_speed_mps", "road_class", "kerbs", "carriageway")
_BY_MEDIUM = ("allowed", "blocked", "limited")
_DOORS = ("xy_m", "flat", "homes")
_SHEET = ("crs", "extent_m", "origin", "made_up")


def pack_map(sheet: Sheet, xy_m: NDArray[np.float64], roadside: Roadside) -> Columns:
    """Return what is always needed of a map: its sheet, the nodes of its streets, and its roadside."""
    columns = {f"doors.{name}": getattr(roadside.doors, name) for name in _DOORS}
    facts = {name: getattr(sheet, name) for name in _SHEET}
    told = {"facts": _as_bytes(facts), "notes": _as_bytes(roadside.notes)}
    return columns | {"lockers_m": roadside.lockers_m, "xy_m": xy_m} | told


def unpack_map(columns: Columns) -> tuple[Sheet, NDArray[np.float64], KnownRoadside]:
    """Return what `pack_map` packed."""
    facts = _from_bytes(columns["facts"])
    sheet = Sheet(**facts | {"extent_m": tuple(facts["extent_m"])})
    doors = Doors(**{name: columns[f"doors.{name}"] for name in _DOORS})
    roadside = KnownRoadside(doors, columns["lockers_m"], tuple(_from_bytes(columns["notes"])))
    return sheet, columns["xy_m"], roadside


def pack_ways(table: StreetTable) -> Columns:
    """Return ways as columns, without the places of their nodes."""
    columns = {name: getattr(table, name) for name in _WAYS}
    for name in _BY_MEDIUM:
        columns |= {f"{name}.{medium}": column for medium, column in getattr(table, name).items()}
    turns = {medium: [[*map(_plain, turn)] for turn in some] for medium, some in table.turns.items()}
    return columns | {"turns": _as_bytes(turns)}


def unpack_ways(columns: Columns, xy_m: NDArray[np.float64]) -> StreetTable:
    """Return ways between nodes at these places."""
    by_medium: dict[str, Any] = {name: {} for name in _BY_MEDIUM}
    for key, column in columns.items():
        name, _, medium = key.partition(".")
        if medium:
            by_medium[name][Medium(medium)] = column
    turns = {
        Medium(medium): [
            Turn(frozenset(start), tuple(via), frozenset(end), only, back, frozenset(over))
            for start, via, end, only, back, over in some
        ]
        for medium, some in _from_bytes(columns["turns"]).items()
    }
    by_way: dict[str, Any] = {name: columns[name] for name in _WAYS}
    return StreetTable(xy_m=xy_m, turns=turns, **by_way, **by_medium)


def pack_layer(streets: Streets) -> Columns:
    """Return a layer as columns, without the places of its nodes."""
    edges = streets.edges
    facts = [edges.nodes, streets.left_out_parts, streets.left_out_m, list(streets.notes)]
    columns = {name: getattr(edges, name) for name in _EDGES}
    return columns | {"left_out_node": streets.left_out_node, "facts": _as_bytes(facts)}


def unpack_layer(columns: Columns, medium: Medium, xy_m: NDArray[np.float64]) -> Streets:
    """Return a layer over nodes at these places."""
    nodes, parts, length_m, notes = _from_bytes(columns["facts"])
    edges = Edges(nodes, node_xy_m=xy_m, **{name: columns[name] for name in _EDGES})
    return Streets(medium, edges, parts, length_m, columns["left_out_node"], tuple(notes))


def _plain(part: Any) -> Any:
    """Return a part of a turn as JSON knows it."""
    return sorted(part) if isinstance(part, frozenset) else part


def _as_bytes(facts: Any) -> NDArray[np.uint8]:
    """Return facts as a column."""
    return np.frombuffer(json.dumps(facts).encode(), np.uint8)


def _from_bytes(column: NDArray[Any]) -> Any:
    """Return the facts of a column."""
    return json.loads(column.tobytes())
