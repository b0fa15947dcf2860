"""Basemap: what lies under routes on a picture, out of the extract that they run through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.assemble import LICENCE
from doorstep.network.counting import counted
from doorstep.network.extract import chart_crop
from doorstep.network.filecheck import well_read
from doorstep.network.given import given_path
from doorstep.network.memory import give_back
from doorstep.network.osm.courtyards import draw_relations, rings_of
from doorstep.network.osm.crop import crop_of
from doorstep.network.osm.drawn import AREA, LINE, POINT, Drawn, from_lines, joined, pack
from doorstep.network.osm.gathering import gather
from doorstep.network.osm.harvest import Harvest
from doorstep.network.osm.lines import draw_lines, keep_closed
from doorstep.network.osm.soil import GROUND, HOUSE, NAMED, SPOT, Soil
from doorstep.network.rulebook import USUAL

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.network import Network
    from doorstep.network.osm.soil import Meaning
    from doorstep.network.rulebook import RuleBook


@dataclass(frozen=True, slots=True, eq=False)
class Basemap:
    """The ground of a picture."""

    areas: Drawn
    """Largest first, so that the small ones come to lie on top; kinds are those of LAND_KINDS."""
    buildings: Drawn
    """Kinds are values of `building`."""
    labels: Drawn
    """Points: places by their kind, named areas by theirs, and each named street once, where it is longest."""
    origin: str
    """What file this is, under which licence."""
    notes: tuple[str, ...]


def read_basemap(path: str | Path) -> Basemap:
    """Return areas, buildings and labels of a file of OpenStreetMap: .osm.pbf, .osm, .osm.gz or .osm.bz2.

    The sea is no area: OpenStreetMap draws its coast as a line.

    Raises ExtractError for a file that is missing, empty, cut off, or something else.
    """
    path = given_path(path)

    def draw() -> Basemap:
        (soil,), _, notes = gather(path, lambda: (Soil(),))
        return draw_basemap(path, soil, notes)

    return well_read(path, draw)


def read_map(path: str | Path, rules: RuleBook = USUAL) -> tuple[Network, Basemap]:
    """Return the network of a file of OpenStreetMap, and what lies under routes on it, in one pass over the file.

    Raises ExtractError as `read_extract` does.
    """
    path = given_path(path)
    # What the network is made of is not kept here, so that it can go as soon as possible.
    found = well_read(path, lambda: _read_both(path, rules))
    return chart_crop(path, found.pop(0), rules).network(), found[0]


def _read_both(path: Path, rules: RuleBook) -> list[Any]:
    """Return what the network is made of, and the basemap."""
    (harvest, soil), header, notes = gather(path, lambda: (Harvest(rules=rules), Soil()))
    give_back(len(soil.needed))
    ground = draw_basemap(path, soil, notes)
    del soil
    return [crop_of(harvest, header.box, notes), ground]


def draw_basemap(path: Path, soil: Soil, notes: tuple[str, ...] = ()) -> Basemap:
    """Return what was gathered of a file as shapes."""
    bundled = _relations(soil)
    pile = {use: joined(_single(soil, use), bundled[use]) for use in (GROUND, HOUSE, SPOT)}
    wanted = sum(meaning.use in {GROUND, HOUSE} for meaning in soil.meanings)
    wanted += sum(meaning.use in {GROUND, HOUSE} for _, meaning in soil.relations)
    if lost := wanted - len(pile[GROUND].kind) - len(pile[HOUSE].kind):
        notes = (*notes, f"{counted(lost, 'area or building', 'areas or buildings')} open or not whole, and not drawn")
    areas = _largest_first(pile[GROUND])
    named = areas.rows(np.flatnonzero(np.array(areas.name, object) != ""))
    streets = _single(soil, NAMED)
    labels = _points(soil)
    for some in (pile[SPOT], named, streets.rows(_longest(streets))):
        labels = joined(labels, _middles(some))
    return Basemap(areas, pile[HOUSE], labels, f"{path.name}, {LICENCE}", notes)


def _single(soil: Soil, use: int) -> Drawn:
    """Return what is drawn of single ways: streets with a name, or areas that are sound."""
    first, place, good = draw_lines(soil.ways.size, soil.ways.use == use, soil.ways.refs, soil.place)
    if use != NAMED:
        first, place, closed = keep_closed(first, place)
        good[good] = closed
    meanings = (meaning for meaning in reversed(soil.meanings) if meaning.use == use)
    drawn = [meaning for meaning, kept in zip(meanings, good.tolist(), strict=True) if kept]
    return from_lines(drawn, first, place, LINE if use == NAMED else AREA)


def _relations(soil: Soil) -> dict[int, Drawn]:
    """Return the areas that are made of several ways, by use."""
    import shapely

    meant = {relation.id: meaning for relation, meaning in soil.relations}
    found: dict[int, list[tuple[Meaning, str]]] = {GROUND: [], HOUSE: [], SPOT: []}
    for relation, shape in draw_relations(rings_of(soil, [relation for relation, _ in reversed(soil.relations)])):
        if shape:
            found[meant[relation.id].use].append((meant[relation.id], shape))
    return {
        use: pack(
            [meaning.kind for meaning, _ in some],
            [meaning.name for meaning, _ in some],
            shapely.from_wkb(np.array([shape for _, shape in some], object)),
            AREA,
        )
        for use, some in found.items()
    }


def _points(soil: Soil) -> Drawn:
    """Return the places that are nodes."""
    places = np.array([place for _, place in reversed(soil.places)], np.int32).reshape(-1, 2)
    meanings = [meaning for meaning, _ in reversed(soil.places)]
    return Drawn([each.kind for each in meanings], [each.name for each in meanings], POINT, places, ())


def _largest_first(areas: Drawn) -> Drawn:
    """Return areas by size; square degrees will do, since they lie on one map."""
    import shapely

    sizes = [np.empty(0), *(shapely.area(shapes) for shapes in areas.some())]
    return areas.rows(np.argsort(-np.concatenate(sizes), kind="stable"))


def _longest(streets: Drawn) -> NDArray[np.int64]:
    """Return the rows of the longest way of each name, in the order of the file."""
    import shapely

    longest: dict[str, tuple[float, int]] = {}
    lengths = np.concatenate([np.empty(0), *(shapely.length(shapes) for shapes in streets.some())])
    for row, (name, length) in enumerate(zip(streets.name, lengths.tolist(), strict=True)):
        if length > longest.get(name, (-1.0, 0))[0]:
            longest[name] = length, row
    return np.array(sorted(row for _, row in longest.values()), np.int64)


def _middles(drawn: Drawn) -> Drawn:
    """Return a point on each shape: half-way along lines, inside of areas."""
    import shapely

    points = [np.empty(0, object)]
    for shapes in drawn.some():
        lines = drawn.form == LINE
        points.append(
            shapely.line_interpolate_point(shapes, 0.5, normalized=True) if lines else shapely.point_on_surface(shapes)
        )
    return pack(drawn.kind, drawn.name, np.concatenate(points), POINT)
