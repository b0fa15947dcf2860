"""Usergraph: a graph that a user saved with osmnx turned into streets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.access import KEYS
from doorstep.network.assemble import utm_crs
from doorstep.network.counting import counted
from doorstep.network.ways import TRAFFIC, Survey, WayTags

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.ways import StreetTable, TagRow

DIRECTED = frozenset(("oneway", "oneway:bicycle", "oneway:motor_vehicle", "junction"))
"""Tags that the directions of the graph's edges make needless."""
LENGTH_SHARE = 0.02
"""Lengths that differ from the drawn line by more are said so."""


def draw_user_graph(graph: Any) -> tuple[Survey, NDArray[np.bool_], NDArray[np.float64], str, list[str]]:
    """Return the streets of a graph.

    With them come which directions [ways, 2] it holds, its own speeds [ways] in m/s or NaN, the projected reference
    system, and what was taken for granted.

    Raises KeyError or ValueError for a graph without edges, coordinates or reference system.
    """
    from pyproj import CRS, Transformer

    if not graph.number_of_edges():
        raise ValueError("it has no edges")
    own_crs = CRS.from_user_input(graph.graph["crs"])
    names = {name: row for row, name in enumerate(graph.nodes)}
    places = np.array([(float(data["x"]), float(data["y"])) for _, data in graph.nodes(data=True)])
    lon, lat = Transformer.from_crs(own_crs, "EPSG:4326", always_xy=True).transform(*places.mean(axis=0))
    crs = utm_crs(lon, lat)

    points, runs, tags, presence, speeds = list(places), [], [], [], []
    longer = 0
    for (tail, head, data), both in _pairs(graph):
        line = data.get("geometry")
        bends = [] if line is None else list(line.coords)[1:-1]
        runs.append([names[tail], *range(len(points), len(points) + len(bends)), names[head]])
        points.extend(np.array(bend[:2]) for bend in bends)
        tags.append(_tag_row(data))
        presence.append((True, both))
        speeds.append(float(data.get("speed_kph", "nan")) / 3.6)
    xy_m = np.column_stack(Transformer.from_crs(own_crs, crs, always_xy=True).transform(*np.array(points).T))
    if not np.isfinite(xy_m).all():
        raise ValueError("its coordinates do not suit its reference system")
    for run, ((_, _, data), _) in zip(runs, _pairs(graph), strict=True):
        drawn_m = float(np.hypot(*np.diff(xy_m[run], axis=0).T).sum())
        longer += abs(float(data.get("length", drawn_m)) - drawn_m) > LENGTH_SHARE * max(drawn_m, 1.0)
    survey = Survey(
        xy_m=xy_m,
        first=np.concatenate([[0], np.cumsum([len(run) for run in runs])]),
        node=np.array([row for run in runs for row in run], np.int64),
        tags=WayTags.of(tags),
    )
    return survey, np.array(presence, bool), np.array(speeds, float), crs, _notes(longer, speeds)


def follow_graph(table: StreetTable, presence: NDArray[np.bool_], speed_mps: NDArray[np.float64]) -> StreetTable:
    """Return streets on which vans and cycles keep to the graph's directions [ways, 2], at its speeds [ways] if any.

    Every way is a kind of its own.
    """
    kind, free_mps = table.kind, table.free_speed_mps[table.kind]
    told = (np.isfinite(speed_mps) & (speed_mps > 0))[:, None] & np.isfinite(free_mps)
    return replace(
        table,
        kind=np.arange(len(kind), dtype=np.int32),
        allowed={medium: uses[kind] & (presence | (medium not in TRAFFIC)) for medium, uses in table.allowed.items()},
        free_speed_mps=np.where(told, speed_mps[:, None], free_mps),
        road_class=table.road_class[kind],
        limited={medium: uses[kind] for medium, uses in table.limited.items()},
        carriageway=table.carriageway[kind],
    )


def _pairs(graph: Any) -> list[tuple[tuple[Any, Any, dict[str, Any]], bool]]:
    """Return each street of a directed graph once, and whether it is there in both directions."""
    rest: Counter[tuple[Any, ...]] = Counter(_key(tail, head, data) for tail, head, data in graph.edges(data=True))
    found = []
    for tail, head, data in graph.edges(data=True):
        here, there = _key(tail, head, data), _key(head, tail, data)
        if not rest[here]:
            continue
        rest[here] -= 1
        both = not graph.is_directed() or rest[there] > 0
        rest[there] -= both and graph.is_directed()
        found.append(((tail, head, data), bool(both)))
    return found


def _key(tail: Any, head: Any, data: dict[str, Any]) -> tuple[Any, ...]:
    """Return what two directions of one street have in common, ends apart."""
    osmid = data.get("osmid")
    names = tuple(sorted(map(str, osmid))) if isinstance(osmid, list) else (str(osmid),)
    return tail, head, names, round(float(data.get("length", 0.0)))


def _tag_row(data: dict[str, Any]) -> TagRow:
    """Return the tags of an edge; of several values the first, of several speed limits all."""
    row = []
    for key in sorted(KEYS - DIRECTED):
        value = data.get(key)
        if isinstance(value, list):
            value = ";".join(map(str, value)) if key.startswith("maxspeed") else value[0]
        if isinstance(value, str):
            row.append((key, value))
    return (*row, ("oneway", "no"))


def _notes(longer: int, speeds: list[float]) -> list[str]:
    """Return what the graph says that is not, or is, taken over."""
    notes = []
    if longer:
        notes.append(f"{counted(longer, 'edge')} of a length that the line does not have; the line counts")
    if told := int(np.isfinite(speeds).sum()):
        notes.append(f"{told} of {counted(len(speeds), 'street')} with a speed by the graph (speed_kph)")
    return notes
