"""Extract: a file of OpenStreetMap on disk made a Network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import ExtractError
from doorstep.network.assemble import LICENCE, Sheet, bounds_m, box_outline, utm_crs
from doorstep.network.doors import Addresses, Buildings
from doorstep.network.filecheck import check_file, unreadable
from doorstep.network.harvest import harvest_file
from doorstep.network.network import Medium
from doorstep.network.survey import Survey, chart_network, chart_streets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.harvest import Harvest
    from doorstep.network.network import Network
    from doorstep.network.ways import StreetTable

    Project = Callable[[NDArray[np.float64]], NDArray[np.float64]]

NO_STREETS = "take an extract that has streets, or fetch this one again if it should"
BOX_TOO_WIDE = 10.0
"""A header's box so many times wider or higher than what is in the file says nothing about it."""
LEAST_SPAN = 0.01
"""Of streets, in degrees: a file of a single street may still be about its surroundings."""


def read_extract(path: Path) -> Network:
    """Return the network of a file of OpenStreetMap: .osm.pbf, .osm, .osm.gz or .osm.bz2.

    Raises ExtractError for a file that is missing, empty, cut off, something else, or without streets.
    """
    import osmium

    check_file(path)
    try:
        crop = harvest_file(path)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise unreadable(path, error) from error
    if not crop.street_lines and not crop.torn_pieces:
        if crop.torn_ways:
            what = f"none of its {len(crop.torn_ways)} streets has two nodes that are in the file before it"
            raise ExtractError.of(
                str(path), what, "cut it with complete ways, or sort it with `osmium sort`", "no-nodes"
            )
        raise ExtractError.of(
            str(path), "holds no way tagged `highway`", "take an extract that has streets", "no-streets"
        )
    return _network(path, crop)


def _network(path: Path, crop: Harvest) -> Network:
    """Return the network of what was harvested from a file."""
    from pyproj import Transformer

    lon_lat, ids, first, node = _street_nodes(crop)
    box, box_notes = _box(crop, lon_lat)
    crs = utm_crs((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def project(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(turn.transform(degrees[:, 0], degrees[:, 1]))

    buildings, addresses, shape_notes = _built(crop, project)
    survey = Survey(
        xy_m=project(lon_lat),
        first=first,
        node=node,
        tags=[*crop.street_tags, *crop.torn_tags],
        blocked=_blocked(crop, ids),
        buildings=buildings,
        addresses=addresses,
        lockers_m=_middles(crop.locker_shapes, project),
    )
    table, street_notes = chart_streets(survey)
    _check_used(path, table)
    notes = (*_torn_notes(crop), *box_notes, *street_notes, *shape_notes)
    return chart_network(survey, table, Sheet(crs, bounds_m(project(box_outline(box))), _origin(path, crop), notes))


def _street_nodes(crop: Harvest) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return degrees [nodes, 2] and ids [nodes] of all nodes of streets, and the ways as runs of them."""
    import shapely

    runs = [*crop.street_nodes, *([point[0] for point in piece] for piece in crop.torn_pieces)]
    first = np.concatenate([[0], np.cumsum([len(run) for run in runs])])
    refs = np.fromiter((ref for run in runs for ref in run), np.int64, int(first[-1]))
    torn = np.array([point[1:] for piece in crop.torn_pieces for point in piece], float).reshape(-1, 2)
    degrees = np.concatenate([shapely.get_coordinates(shapely.from_wkb(crop.street_lines)), torn])
    ids, rows, node = np.unique(refs, return_index=True, return_inverse=True)
    return degrees[rows], ids, first, node


def _blocked(crop: Harvest, ids: NDArray[np.int64]) -> dict[Medium, NDArray[np.bool_]]:
    """Return where barriers stop a medium, by rows of the sorted ids of nodes."""
    blocked = {}
    for medium in (Medium.ROAD, Medium.CYCLE, Medium.PATH, Medium.FOOT):
        stops = [node for node, media in crop.barriers.items() if medium in media]
        blocked[medium] = np.isin(ids, np.array(stops, np.int64))
    return blocked


def _check_used(path: Path, table: StreetTable) -> None:
    """Raise ExtractError if nobody may use any way."""
    if not any(allowed.any() for allowed in table.allowed.values()):
        what = f"holds {len(table.first) - 1} ways tagged `highway`, none of which anybody may use"
        raise ExtractError.of(str(path), what, NO_STREETS, "no-streets")


def _built(crop: Harvest, project: Project) -> tuple[Buildings, Addresses, list[str]]:
    """Return buildings and addresses in metres."""
    import shapely

    drawn = shapely.from_wkb(np.array(crop.building_shapes, object))
    line = shapely.get_type_id(drawn) == shapely.GeometryType.LINESTRING
    closed = ~line | (shapely.is_closed(drawn) & (shapely.get_num_coordinates(drawn) > 3))  # noqa: PLR2004 - a triangle
    drawn = shapely.transform(drawn, project)
    corners, owner = shapely.get_coordinates(drawn[line & closed], return_index=True)
    if len(owner):
        drawn[line & closed] = shapely.polygons(shapely.linearrings(corners, indices=owner))
    kept = closed & ~_drawn_twice(drawn, line)
    buildings = Buildings(
        drawn[kept], np.array(crop.building_kinds, object)[kept], np.array(crop.building_levels, float)[kept]
    )
    texts = np.array(crop.building_addresses, object)[kept]
    own = texts != ""
    middles = shapely.get_coordinates(shapely.centroid(buildings.shape[own]))
    places = _middles(crop.address_shapes, project)
    addresses = Addresses(
        np.concatenate([middles, places]), np.concatenate([texts[own], np.array(crop.address_texts, object)])
    )
    lost = len(crop.lost_shapes) + int((~closed).sum())
    notes = (
        [f"{lost} buildings or addresses cannot be drawn, their outlines being open or not in the file"] if lost else []
    )
    return buildings, addresses, notes


def _drawn_twice(drawn: NDArray[np.object_], line: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which outlines are also those of a building with courtyards, drawn as a relation."""
    import shapely

    corners = [tuple(row) for row in np.round(shapely.bounds(drawn), 2).tolist()]
    whole = {corner for corner, single in zip(corners, line, strict=True) if not single}
    return np.asarray(line & np.array([corner in whole for corner in corners], bool))


def _middles(shapes: list[str], project: Project) -> NDArray[np.float64]:
    """Return [n, 2] metres of the middles of things."""
    import shapely

    drawn = shapely.from_wkb(np.array(shapes, object))
    return project(shapely.get_coordinates(shapely.centroid(drawn))) if len(shapes) else np.empty((0, 2))


def _box(crop: Harvest, lon_lat: NDArray[np.float64]) -> tuple[tuple[float, float, float, float], list[str]]:
    """Return west, south, east, north in degrees: as the header says, if it fits the streets, else theirs."""
    own = bounds_m(lon_lat)
    if not crop.box:
        return own, ["the file does not say what area it covers; that of its streets is taken"]
    west, south, east, north = crop.box[0]
    widest = BOX_TOO_WIDE * max(own[2] - own[0], own[3] - own[1], LEAST_SPAN)
    fits = west < own[2] and own[0] < east and south < own[3] and own[1] < north
    if not fits or max(east - west, north - south) > widest:
        return own, ["the area that the file claims to cover does not fit its streets; theirs is taken"]
    return crop.box[0], []


def _origin(path: Path, crop: Harvest) -> str:
    """Return what map this is, of which date, under which licence."""
    date = f", newest edit of its streets and buildings {crop.newest[0].date()}" if crop.newest else ", of unknown date"
    return f"{path.name}{date}, {LICENCE}"


def _torn_notes(crop: Harvest) -> list[str]:
    """Return how many streets lack nodes."""
    notes = [f"{len(crop.stubs)} streets of a single node are not used"] if crop.stubs else []
    if not crop.torn_ways:
        return notes
    notes.append(
        f"{len(crop.torn_ways)} streets lack {len(crop.lost_nodes)} nodes that the file does not hold; "
        f"{len(crop.torn_pieces)} pieces of them are used",
    )
    return notes
