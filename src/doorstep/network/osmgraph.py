"""Osmgraph: the graphs and tables of osmnx turned into streets, buildings and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.access import KEYS, RULES
from doorstep.network.doors import Addresses, Buildings, building_kind
from doorstep.network.osm.footprints import find_owners, grounds_of
from doorstep.network.osm.harvest import address_text, is_locker, level_count
from doorstep.network.rules.barriers import KEYS as BARRIER_KEYS
from doorstep.network.rules.barriers import barrier_stops, kerb_stops
from doorstep.network.ways import WayTags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from doorstep.network.network import Medium
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.ways import TagRow

    Project = Callable[[NDArray[np.float64]], NDArray[np.float64]]
    Streets = tuple[
        NDArray[np.float64],
        NDArray[np.int64],
        NDArray[np.int64],
        WayTags,
        dict[Medium, NDArray[np.int64]],
    ]

WAY_TAGS = tuple(sorted(KEYS))
NODE_TAGS = tuple(sorted(BARRIER_KEYS))
REVERSED = ("-1", "reverse", "T")
"""Values of `oneway` for which osmnx turns a way round."""


def draw_streets(graph: Any, project: Project) -> Streets:
    """Return nodes [n, 2] in metres, ways as runs of them, their tags, and where barriers stand.

    The graph must be unsimplified, in degrees, and made with `all_oneway`, so that edges keep the direction of ways.
    """
    names = list(graph.nodes)
    row_of = {name: row for row, name in enumerate(names)}
    degrees = np.array([(graph.nodes[name]["x"], graph.nodes[name]["y"]) for name in names], float).reshape(-1, 2)
    steps: dict[tuple[Any, TagRow], list[tuple[int, int]]] = {}
    for tail, head, data in graph.edges(data=True):
        tags = tuple((key, str(data[key])) for key in WAY_TAGS if key in data)
        ends = (head, tail) if data.get("oneway") in REVERSED else (tail, head)
        steps.setdefault((data.get("osmid"), tags), []).append((row_of[ends[0]], row_of[ends[1]]))
    runs, rows = [], []
    for (_, tags), pairs in steps.items():
        for run in _runs(pairs):
            runs.append(run)
            rows.append(tags)
    stops = [
        barrier_stops({key: str(data[key]) for key in NODE_TAGS if key in data}) for _, data in graph.nodes(data=True)
    ]
    blocked = {medium: np.flatnonzero([medium in media for media in stops]) for medium in RULES}
    first = np.concatenate([[0], np.cumsum([len(run) for run in runs])])
    return project(degrees), first, np.array([row for run in runs for row in run], np.int64), WayTags.of(rows), blocked


def find_kerbs(graph: Any, rules: RuleBook) -> NDArray[np.int64]:
    """Return the nodes of a graph where a kerb stands that robots do not climb."""
    rows = ({key: str(data[key]) for key in NODE_TAGS if key in data} for _, data in graph.nodes(data=True))
    return np.flatnonzero([kerb_stops(row, rules) for row in rows])


def draw_features(features: Any, crs: str) -> tuple[Buildings, Addresses, NDArray[np.float64]]:
    """Return the buildings, the addresses and the parcel lockers of a table of osmnx, in metres; of None, none."""
    import shapely

    shapes = np.empty(0, object) if features is None else np.asarray(features.geometry.to_crs(crs).array, object)
    rows: list[dict[str, str]] = [] if features is None else _tag_rows(features)
    outline = np.isin(shapely.get_type_id(shapes), (3, 6))  # polygons, and several of them
    built = np.array([row.get("building", "no") != "no" for row in rows], bool) & outline
    addressed = np.array(["addr:housenumber" in row for row in rows], bool)
    lockers = np.array([is_locker(row) for row in rows], bool)
    tags = [row for row, keep in zip(rows, built, strict=True) if keep]
    buildings = Buildings(
        shapely.area(shapes[built]),
        shapely.get_coordinates(shapely.centroid(shapes[built])).reshape(-1, 2),
        np.array([building_kind(row) for row in tags], object),
        np.array([level_count(row) for row in tags], float),
    )
    texts = [address_text(row) for row, keep in zip(rows, addressed, strict=True) if keep]
    middles = shapely.get_coordinates(shapely.centroid(shapes[addressed])).reshape(-1, 2)
    places = shapely.get_coordinates(shapely.centroid(shapes[lockers])).reshape(-1, 2)
    owner = find_owners(middles, [grounds_of(np.arange(int(built.sum())), shapes[built])])
    return buildings, Addresses(middles, np.array(texts, object), owner), places


def _tag_rows(features: Any) -> list[dict[str, str]]:
    """Return the tags of every feature."""
    columns = [column for column in features.columns if column != "geometry"]
    values = zip(*(features[column] for column in columns), strict=True)
    return [{key: value for key, value in zip(columns, row, strict=True) if isinstance(value, str)} for row in values]


def _runs(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return steps from node to node strung together, in their own direction, into as few runs as come easily."""
    onward: dict[int, list[int]] = {}
    ends = set()
    for tail, head in pairs:
        onward.setdefault(tail, []).append(head)
        ends.add(head)
    runs = []
    for start in [*(node for node in onward if node not in ends), *list(onward)]:
        while onward.get(start):
            run = [start]
            while onward.get(run[-1]):
                run.append(onward[run[-1]].pop())
            runs.append(run)
    return runs
