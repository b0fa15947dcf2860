"""Extract: a file of OpenStreetMap on disk made a Network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import ExtractError
from doorstep.network.access import RULES
from doorstep.network.assemble import LICENCE, Sheet, bounds_m, box_outline, utm_crs
from doorstep.network.chart import Chart
from doorstep.network.counting import counted
from doorstep.network.filecheck import unreadable, well_read
from doorstep.network.given import given_path
from doorstep.network.houses import draw_houses
from doorstep.network.memory import give_back
from doorstep.network.osm.crop import E7, read_crop
from doorstep.network.osm.restrictions import read_restrictions
from doorstep.network.plane import projection
from doorstep.network.region import find_box
from doorstep.network.rulebook import USUAL
from doorstep.network.ways import Survey

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.houses import Houses
    from doorstep.network.network import Medium, Network
    from doorstep.network.osm.crop import Built, Crop, StreetRuns
    from doorstep.network.plane import Project
    from doorstep.network.rulebook import RuleBook

NO_STREETS = "take an extract that has streets, or fetch this one again if it should"


def read_extract(path: str | Path, rules: RuleBook = USUAL) -> Network:
    """Return the network of a file of OpenStreetMap: .osm.pbf, .osm, .osm.gz or .osm.bz2.

    The rule book says whether ferries are taken, and what robots can do.

    Raises ExtractError for a file that is missing, empty, cut off, something else, or without streets.
    """
    return chart_extract(given_path(path), rules).network()


def chart_extract(path: Path, rules: RuleBook = USUAL) -> Chart:
    """Return what was read of a file; raises as `read_extract` does."""
    return chart_crop(path, well_read(path, lambda: read_crop(path, rules)), rules)


def chart_crop(path: Path, crop: Crop, rules: RuleBook) -> Chart:
    """Return what one pass over a file yielded in metres; raises ExtractError for a file without streets."""
    streets = crop.streets
    _check_streets(path, streets)
    box, box_notes = find_box(path, crop)
    crs = utm_crs((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    project = projection(crs, box, len(streets.place))
    outline_m, xy_m = _in_metres(box_outline(box), streets.place, project)
    restrictions = read_restrictions(crop.turns, streets.ways, streets.ids, (streets.first, streets.node))
    survey = Survey(
        xy_m=xy_m,
        first=streets.first,
        node=streets.node,
        tags=streets.tags,
        blocked=_blocked(crop),
        turns=restrictions.turns,
        kerbs=_rows_of(crop.kerbs, streets.ids),
    )
    sheet = Sheet(crs, bounds_m(outline_m), _origin(path, crop))
    notes = (*crop.notes, *_torn_notes(crop), *box_notes, *_ferry_notes(crop), *restrictions.notes)
    chart = Chart(sheet, survey, partial(_draw, path, crop.built, project), notes, rules)
    _check_used(path, chart)
    # Layers take most of the memory: what they do not need goes before any is laid.
    del crop, streets
    give_back(len(survey.xy_m))
    return chart


def _in_metres(
    outline: NDArray[np.float64], place: NDArray[np.int32], project: Project
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return an outline in degrees, and places in 1e-7 degrees, in metres; PROJ is slow to ask, and so asked once."""
    degrees = np.empty((len(outline) + len(place), 2))
    degrees[: len(outline)] = outline
    np.divide(place, E7, out=degrees[len(outline) :])
    xy_m = project(degrees)
    return xy_m[: len(outline)], xy_m[len(outline) :]


def _draw(path: Path, built: Built, project: Project) -> Houses:
    """Return what stands beside the streets of a file; raises ExtractError where osmium gives up on an area."""
    try:
        return draw_houses(built, project)
    except (RuntimeError, ValueError) as error:
        raise unreadable(path, error) from error


def _check_streets(path: Path, streets: StreetRuns) -> None:
    """Raise ExtractError if there are no streets."""
    if len(streets.tags.kind):
        return
    if streets.torn or streets.stubs:
        what = f"no street has two nodes that are in the file, of {streets.torn + streets.stubs}"
        raise ExtractError.of(str(path), what, "cut it with complete ways", "no-nodes")
    raise ExtractError.of(str(path), "holds no way tagged `highway`", NO_STREETS, "no-streets")


def _blocked(crop: Crop) -> dict[Medium, NDArray[np.int64]]:
    """Return where barriers stop a medium, by rows of the sorted ids of nodes."""
    stops = {medium: [node for node, media in crop.barriers.items() if medium in media] for medium in RULES}
    return {medium: _rows_of(nodes, crop.streets.ids) for medium, nodes in stops.items()}


def _rows_of(names: list[int], rising: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows of names among rising ones; those that are not there are left out."""
    if not names:
        return np.empty(0, np.int64)
    wanted = np.array(names, np.int64)
    row = np.minimum(np.searchsorted(rising, wanted), len(rising) - 1)
    return np.asarray(row[rising[row] == wanted])


def _check_used(path: Path, chart: Chart) -> None:
    """Raise ExtractError if nobody may use any way."""
    if not (chart.plain.usable() or chart.streets.usable()):
        ways = counted(len(chart.plain.kind), "way", "ways")
        what = f"holds {ways} tagged `highway`, none of which anybody may use"
        raise ExtractError.of(str(path), what, NO_STREETS, "no-streets")
    if (chart.plain.xy_m == chart.plain.xy_m[0]).all():
        raise ExtractError.of(str(path), "all its streets lie at a single point", NO_STREETS, "no-streets")


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
