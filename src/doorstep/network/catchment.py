"""Catchment: what can be reached from a place within some minutes, and how many homes that is for each locker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.bounds import whereabouts
from doorstep.network.degrees import in_degrees
from doorstep.network.graph.ends import exits, mark_places
from doorstep.network.graph.search import grow_tree
from doorstep.network.network import Medium, Pace
from doorstep.network.streets import Streets

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from doorstep.network.graph.edges import Edges
    from doorstep.network.network import Network, Snaps

WALK_MPS = 4.8 / 3.6
"""Walking speed of the default scenarios."""
BESIDE_M = 25.0
"""Land this near to a street that is reached counts as reached, so that a line becomes an area."""


OFF_MAP_M = 1000.0
"""Places further off the map than this are not asked after on it: their nearest street is another one."""


def isochrones(
    network: Network,
    lon_lat: NDArray[np.float64],
    minutes: Sequence[float],
    *,
    medium: str = Medium.FOOT,
    pace: Pace | None = None,
) -> gpd.GeoDataFrame:
    """Return the area within each number of minutes of each of the [n, 2] places (longitude, latitude).

    One row a place and time (EPSG:4326): `place`, `minutes`, `away_m` from the place to the nearest point of the layer,
    `streets_km` that are reached, and as geometry those streets widened by 25 m. Times are exact, from that nearest
    point on, by default at a walk of 4.8 km/h.

    Raises
    ------
    InputError
        If a time is not above zero, a place not on the map, or the medium has no streets.
    """
    import geopandas as gpd

    streets, pace = _streets(network, medium), pace or Pace(WALK_MPS)
    spans = _above_zero("minutes", minutes, "a span of time")
    snaps = streets.snap(network.project(_on_map(network, lon_lat)))
    rows: list[dict[str, Any]] = []
    for place, away_m in enumerate(snaps.distance_m.tolist()):
        for span in spans:
            area, length_m = _area(streets.edges, snaps, place, pace, 60 * span)
            found = {"place": place, "minutes": span, "away_m": away_m, "streets_km": length_m / 1000}
            rows.append({**found, "geometry": area})
    columns = ["place", "minutes", "away_m", "streets_km", "geometry"]
    found = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")
    return found.assign(geometry=in_degrees(found.geometry, network))


def catchments(
    network: Network, lockers: NDArray[np.float64] | None = None, *, walk_m: float = 500.0
) -> gpd.GeoDataFrame:
    """Return who lives within a walk of each locker [n, 2] (longitude, latitude), by default of the map's own.

    One row a locker (EPSG:4326): `lon` and `lat`; `doors` and `homes` within the walk; `homes_nearest`, those to which
    it is the nearest of all; `walk_mean_m`, the mean way of the latter's people; and as geometry the streets within the
    walk, widened by 25 m, empty where the locker itself stands further off. Walks are exact along the foot layer.

    Raises
    ------
    InputError
        If the walk is not above zero, a locker not on the map, or the map has no footways.
    """
    import geopandas as gpd
    from shapely import Polygon

    streets = _streets(network, Medium.FOOT)
    (walk_m,) = _above_zero("walk_m", [walk_m], "a walk")
    places = network.lockers_m if lockers is None else network.project(_on_map(network, lockers))
    banks, doors, homes = streets.snap(places), streets.snap(network.doors.xy_m), network.doors.homes
    away_m = streets.legs(banks, doors, Pace(WALK_MPS)).distance_m
    away_m = away_m + banks.distance_m[:, None] + doors.distance_m[None, :]
    near = away_m <= walk_m
    mine = near & (np.arange(len(places))[:, None] == away_m.argmin(axis=0)[None, :]) if len(places) else near
    total = (mine * homes).sum(axis=1)
    walked = np.where(mine, away_m, 0.0) * homes
    degrees = network.unproject(places)
    left_m = walk_m - banks.distance_m
    areas = [
        _area(streets.edges, banks, bank, Pace(1.0), left)[0] if left > 0 else Polygon()
        for bank, left in enumerate(left_m.tolist())
    ]
    columns = {
        "lon": degrees[:, 0],
        "lat": degrees[:, 1],
        "doors": near.sum(axis=1),
        "homes": near @ homes,
        "homes_nearest": total,
        "walk_mean_m": np.divide(walked.sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0),
    }
    return gpd.GeoDataFrame(columns, geometry=in_degrees(areas, network), crs="EPSG:4326")


def _above_zero(where: str, given: Any, noun: str) -> list[float]:
    """Return one number or several, all above zero; InputError otherwise."""
    try:
        numbers = np.atleast_1d(np.asarray(given, float)).ravel()
    except (TypeError, ValueError):
        raise InputError.of(where, f"{given!r} is not {noun}", "write numbers above zero", "not-a-number") from None
    wrong = numbers[~((numbers > 0) & (numbers < np.inf))]
    if len(wrong):
        raise InputError.of(where, f"{wrong[0]:g} is not {noun}", "write numbers above zero", "not-above-zero")
    found: list[float] = numbers.tolist()
    return found


def _on_map(network: Network, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places [n, 2] in degrees; InputError for each that does not lie on the map."""
    try:
        pairs = np.asarray(lon_lat, float).reshape(-1, 2)
    except (TypeError, ValueError):
        what = f"{lon_lat!r:.60} are no places"
        raise InputError.of("places", what, "give [[longitude, latitude], ...]", "no-places") from None
    off = whereabouts(network, pairs, OFF_MAP_M)
    if off:
        raise InputError([Fault(f"place {k}", what, fix, "off-map") for k, what, fix in off])
    return pairs


def _streets(network: Network, medium: str) -> Streets:
    """Return the layer of a medium that moves on streets."""
    known = [str(kind) for kind in network.layers if kind != Medium.AIR]
    if medium not in known:
        raise InputError.of("medium", f"'{medium}' has no streets", f"one of: {', '.join(known)}", "unknown-medium")
    layer = network.layers[Medium(medium)]
    assert isinstance(layer, Streets)  # noqa: S101  # for the type checker
    if not len(layer.edges.tail):
        raise InputError.of("medium", f"nothing on this map may be used by {medium}", "take another map", "no-streets")
    return layer


def _area(edges: Edges, snaps: Snaps, place: int, pace: Pace, limit_s: float) -> tuple[BaseGeometry, float]:
    """Return the streets within some seconds of a place, widened, and their length in metres."""
    import shapely

    others, own = _reached(edges, snaps, place, pace, limit_s)
    area = shapely.union_all(shapely.buffer(np.concatenate([others, own]), BESIDE_M, quad_segs=4))
    # The street of the place itself is reached from it and perhaps round the block as well.
    return area, float(shapely.length(others).sum() + shapely.union_all(own).length)


def _reached(
    edges: Edges, snaps: Snaps, place: int, pace: Pace, limit_s: float
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the pieces of streets within some seconds of a place, as lines: of other streets, and of its own."""
    import shapely

    clock_s = edges.clock_s(pace)
    here = mark_places(edges, snaps, clock_s)
    leave = exits(edges, here)
    labels = np.empty(edges.nodes), np.empty(edges.nodes), np.empty(edges.nodes, np.int64)
    heap = np.empty(len(edges.arc) + 2), np.empty(len(edges.arc) + 2, np.int64)
    arcs = edges.arc_begin, edges.arc_head, edges.arc_s(clock_s), edges.length_m[edges.arc >> 1]
    starts = leave.node[place], leave.duration_s[place], leave.distance_m[place]
    grow_tree(arcs, starts, np.ones(edges.nodes, bool), edges.nodes, labels, heap)
    entered_s = np.full(edges.allowed.shape, np.inf)
    np.minimum.at(entered_s, (edges.arc >> 1, edges.arc & 1), labels[0][edges.arc_tail()])
    at_tail, at_head = entered_s.T

    edge = np.repeat(np.arange(len(edges.tail)), np.diff(edges.first))
    begins = np.ones(len(edge), bool)
    begins[edges.first[1:] - 1] = False
    k, edge = np.flatnonzero(begins), edge[begins]
    first, last = edges.first[edge], edges.first[edge + 1] - 1
    step_s = clock_s[k + 1] - clock_s[k]
    # Seconds left where each segment is entered: from the tail on, from the head on, and from the place itself.
    forward_s = limit_s - at_tail[edge] - (clock_s[k, 0] - clock_s[first, 0])
    backward_s = limit_s - at_head[edge] - (clock_s[last, 1] - clock_s[k + 1, 1])
    from_start, from_end = (
        np.where(edges.allowed[edge, way], _share(left_s, step_s[:, way]), 0.0)
        for way, left_s in ((0, forward_s), (1, backward_s))
    )
    whole = from_start + from_end >= 1
    a, b = edges.xy_m(k), edges.xy_m(k + 1)
    ends = [
        (a[whole], b[whole], edge[whole]),
        (a[~whole], (a + from_start[:, None] * (b - a))[~whole], edge[~whole]),
        (b[~whole], (b - from_end[:, None] * (b - a))[~whole], edge[~whole]),
        *_own(edges, clock_s, snaps, place, limit_s),
    ]
    pairs = np.concatenate([np.stack(pair[:2], axis=1) for pair in ends])
    owner = np.concatenate([pair[2] for pair in ends])
    moves = np.hypot(*(pairs[:, 1] - pairs[:, 0]).T) > 0
    lines = np.asarray(shapely.linestrings(pairs[moves]), object)
    own = owner[moves] == snaps.edge[place]
    return lines[~own], lines[own]


def _own(
    edges: Edges, clock_s: NDArray[np.float64], snaps: Snaps, place: int, limit_s: float
) -> list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]]:
    """Return the pieces of a place's own edge that are reached without leaving it, as starts, ends and edges."""
    edge = int(snaps.edge[place])
    span = slice(edges.first[edge], edges.first[edge + 1])
    points = edges.xy_m(span)
    road_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at_m = float(snaps.share[place] * edges.length_m[edge])
    reach = [at_m, at_m]
    for way, sign in ((0, 1), (1, -1)):
        if edges.allowed[edge, way]:
            at_s = np.interp(at_m, road_m, clock_s[span, way])
            reach[way] = float(np.interp(at_s + sign * limit_s, clock_s[span, way], road_m))
    stations = np.unique(np.concatenate([road_m[(road_m > reach[1]) & (road_m < reach[0])], reach]))
    line = np.column_stack([np.interp(stations, road_m, points[:, axis]) for axis in range(2)])
    return [(line[:-1], line[1:], np.full(len(line) - 1, edge))]


def _share(left_s: NDArray[np.float64], step_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much of each segment can be passed in the seconds left."""
    passable = np.where(step_s > 0, left_s / np.where(step_s > 0, step_s, 1.0), np.where(left_s >= 0, 1.0, 0.0))
    return np.clip(passable, 0.0, 1.0)
