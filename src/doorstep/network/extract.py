"""Extract: a file of OpenStreetMap on disk made a Network."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import ExtractError
from doorstep.network.access import RULES
from doorstep.network.assemble import LICENCE, Sheet, assemble_network, bounds_m, box_outline, utm_crs
from doorstep.network.counting import counted
from doorstep.network.crop import E7, read_crop
from doorstep.network.doors import Addresses, Buildings
from doorstep.network.filecheck import well_read
from doorstep.network.footprints import Outlines, find_owners, grounds_near, grounds_of, measure_outlines
from doorstep.network.given import given_path
from doorstep.network.memory import give_back
from doorstep.network.plane import projection
from doorstep.network.region import find_box, leave_out_strays
from doorstep.network.restrictions import read_restrictions
from doorstep.network.rulebook import USUAL
from doorstep.network.survey import Survey, chart_doors, chart_streets

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.crop import Crop, Runs
    from doorstep.network.network import Doors, Medium, Network
    from doorstep.network.plane import Project
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.ways import StreetTable

    Chart = tuple[Sheet, StreetTable, Doors, NDArray[np.float64]]

NO_STREETS = "take an extract that has streets, or fetch this one again if it should"


def read_extract(path: str | Path, rules: RuleBook = USUAL) -> Network:
    """Return the network of a file of OpenStreetMap: .osm.pbf, .osm, .osm.gz or .osm.bz2.

    The rule book says whether ferries are taken, and what robots can do.

    Raises ExtractError for a file that is missing, empty, cut off, something else, or without streets.
    """
    return assemble_network(*chart_extract(given_path(path), rules))


def chart_extract(path: Path, rules: RuleBook = USUAL) -> Chart:
    """Return what the network of a file is assembled of; raises as `read_extract` does."""
    return chart_crop(path, well_read(path, lambda: read_crop(path, rules)), rules)


def chart_crop(path: Path, crop: Crop, rules: RuleBook) -> Chart:
    """Return the same of what one pass over a file yielded; raises ExtractError for a file without streets."""
    _check_streets(path, crop)
    survey, sheet, shape_notes = _survey(path, crop)
    del crop
    table, street_notes = chart_streets(survey, rules)
    _check_used(path, table)
    doors, door_notes = chart_doors(survey, table)
    doors, lockers_m, stray_notes = leave_out_strays(doors, survey.lockers_m, survey.xy_m, sheet.extent_m)
    # Layers take most of the memory: what they do not need goes before any is laid.
    del survey
    give_back(len(table.xy_m))
    notes = (*sheet.notes, *street_notes, *shape_notes, *door_notes, *stray_notes)
    return replace(sheet, notes=notes), table, doors, lockers_m


def _check_streets(path: Path, crop: Crop) -> None:
    """Raise ExtractError if there are no streets."""
    if len(crop.streets.tags.kind):
        return
    if crop.streets.torn:
        what = f"no street has two nodes that are in the file, of {crop.streets.torn}"
        raise ExtractError.of(str(path), what, "cut it with complete ways", "no-nodes")
    raise ExtractError.of(str(path), "holds no way tagged `highway`", NO_STREETS, "no-streets")


def _survey(path: Path, crop: Crop) -> tuple[Survey, Sheet, list[str]]:
    """Return what was read in metres, what is known of the map besides, and which buildings were lost."""
    streets = crop.streets
    box, box_notes = find_box(path, crop)
    crs = utm_crs((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    project = projection(crs, box)
    buildings, addresses, shape_notes = _built(crop, project)
    restrictions = read_restrictions(crop.turns, streets.ways, streets.ids, (streets.first, streets.node))
    survey = Survey(
        xy_m=project(streets.place / E7),
        first=streets.first,
        node=streets.node,
        tags=streets.tags,
        blocked=_blocked(crop),
        buildings=buildings,
        addresses=addresses,
        lockers_m=_middles(crop.locker_points, crop.locker_lines, project),
        turns=restrictions.turns,
        kerbs=_rows_of(crop.kerbs, streets.ids),
    )
    notes = (*crop.notes, *_torn_notes(crop), *box_notes, *_ferry_notes(crop), *restrictions.notes)
    return survey, Sheet(crs, bounds_m(project(box_outline(box))), _origin(path, crop), notes), shape_notes


def _blocked(crop: Crop) -> dict[Medium, NDArray[np.int64]]:
    """Return where barriers stop a medium, by rows of the sorted ids of nodes."""
    stops = {medium: [node for node, media in crop.barriers.items() if medium in media] for medium in RULES}
    return {medium: _rows_of(nodes, crop.streets.ids) for medium, nodes in stops.items()}


def _rows_of(names: list[int], rising: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows of names among rising ones; those that are not there are left out."""
    wanted = np.array(names, np.int64)
    row = np.minimum(np.searchsorted(rising, wanted), len(rising) - 1)
    return np.asarray(row[rising[row] == wanted])


def _check_used(path: Path, table: StreetTable) -> None:
    """Raise ExtractError if nobody may use any way."""
    if not any(allowed.any() for allowed in table.allowed.values()):
        what = f"holds {len(table.kind)} ways tagged `highway`, none of which anybody may use"
        raise ExtractError.of(str(path), what, NO_STREETS, "no-streets")
    if not np.ptp(table.xy_m, axis=0).any():
        raise ExtractError.of(str(path), "all its streets lie at a single point", NO_STREETS, "no-streets")


def _built(crop: Crop, project: Project) -> tuple[Buildings, Addresses, list[str]]:
    """Return buildings and addresses in metres."""
    import shapely

    from doorstep.network.lines import are_closed

    closed = are_closed(crop.outlines.first, crop.outlines.place)
    outlines = Outlines(crop.outlines.first, crop.outlines.place, project)
    area_m2, middle_m, box_m = measure_outlines(outlines)
    rounded = shapely.transform(shapely.from_wkb(np.array(crop.courtyards, object)), project)
    kept = np.flatnonzero(closed & ~_drawn_twice(box_m, shapely.bounds(rounded).reshape(-1, 4)))
    traits = [crop.traits[row] for row in kept.tolist()] + crop.traits[len(closed) :]
    kinds, levels, texts = zip(*traits, strict=True) if traits else ((), (), ())
    buildings = Buildings(
        np.concatenate([area_m2[kept], shapely.area(rounded)]),
        np.concatenate([middle_m[kept], shapely.get_coordinates(shapely.centroid(rounded)).reshape(-1, 2)]),
        np.array(kinds, object),
        np.array(levels, float),
    )
    own = np.array([text != "" for text in texts], bool)
    xy_m = np.concatenate([buildings.middle_m[own], _middles(crop.address_points, crop.address_lines, project)])
    grounds = grounds_near(outlines, kept, box_m[kept], xy_m)
    owner = find_owners(xy_m, chain(grounds, [grounds_of(len(kept) + np.arange(len(rounded)), rounded)]))
    named = np.array([*(text for text in texts if text), *crop.address_texts], object)
    lost = crop.lost_shapes + int((~closed).sum())
    told = counted(lost, "building or address", "buildings or addresses")
    notes = [f"{told} open, not in the file or nowhere on earth, and not drawn"] if lost else []
    return buildings, Addresses(xy_m, named, owner), notes


def _drawn_twice(single_m: NDArray[np.float64], whole_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which boxes [n, 4] are also those [k, 4] of a building with courtyards, drawn as a relation."""
    wanted = np.round(whole_m, 2)
    near = np.flatnonzero(np.isin(np.round(single_m[:, 0], 2), wanted[:, 0]))
    known = {tuple(row) for row in wanted.tolist()}
    twice = np.zeros(len(single_m), bool)
    twice[near] = [tuple(row) in known for row in np.round(single_m[near], 2).tolist()]
    return twice


def _middles(points: NDArray[np.float64], lines: Runs, project: Project) -> NDArray[np.float64]:
    """Return [n, 2] metres of points, and of the middles of lines."""
    import shapely

    owner = np.repeat(np.arange(len(lines.first) - 1), np.diff(lines.first))
    if len(owner):
        drawn = shapely.linestrings(lines.place / E7, indices=owner)
        points = np.concatenate([points, shapely.get_coordinates(shapely.centroid(drawn))])
    return project(points) if len(points) else np.empty((0, 2))


def _origin(path: Path, crop: Crop) -> str:
    """Return what map this is, of which date, under which licence."""
    date = f", newest edit of its streets and buildings {crop.newest.date()}" if crop.newest else ", of unknown date"
    return f"{path.name}{date}, {LICENCE}"


def _ferry_notes(crop: Crop) -> list[str]:
    """Return how many ferries nobody asked for."""
    return (
        [f"{counted(crop.ferries, 'ferry is', 'ferries are')} not used, as nobody asked for them"]
        if crop.ferries
        else []
    )


def _torn_notes(crop: Crop) -> list[str]:
    """Return how many streets lack nodes."""
    streets = crop.streets
    notes = (
        [f"{counted(streets.stubs, 'street of a single node is', 'streets of a single node are')} not used"]
        if streets.stubs
        else []
    )
    if streets.torn:
        notes.append(
            f"{counted(streets.torn, 'street lacks', 'streets lack')} {counted(streets.lost, 'node')} not in the "
            f"file, or nowhere on earth; {counted(streets.pieces, 'piece is', 'pieces are')} used of what is left",
        )
    return notes
