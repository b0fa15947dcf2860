"""Basemap: what lies under routes on a picture: areas, buildings and names, out of the extract that they run through.

Read by a pass of its own when a picture is to be drawn, so that plans do not wait for it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.assemble import LICENCE
from doorstep.network.counting import counted
from doorstep.network.courtyards import AREAS
from doorstep.network.filecheck import check_file, unreadable
from doorstep.network.given import given_path
from doorstep.network.josm import without_deleted
from doorstep.network.landkinds import AREA_KEYS, PLACES, land_kind
from doorstep.network.pbf import ForeignPbfError, kinds_of_groups
from doorstep.network.rewriter import write_anew, write_apart

if TYPE_CHECKING:
    import geopandas as gpd

STREET = "street"
"""Kind of the names of streets."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """n shapes in degrees."""

    kind: list[str] = field(default_factory=list)
    """[n]"""
    name: list[str] = field(default_factory=list)
    """[n] empty where nobody says."""
    shape: list[bytes] = field(default_factory=list)
    """[n] well-known binary, in which they take a fifth of the room that they do in a frame."""

    def add(self, kind: str, name: str, shape: str) -> None:
        """Add a shape in hexadecimal."""
        self.kind.append(kind)
        self.name.append(name)
        self.shape.append(bytes.fromhex(shape))

    def rows(self, which: list[int]) -> Drawn:
        """Return some of them in the order of `which`."""
        kind, name, shape = self.kind, self.name, self.shape
        return Drawn([kind[row] for row in which], [name[row] for row in which], [shape[row] for row in which])

    def frame(self) -> gpd.GeoDataFrame:
        """Return a frame with `kind`, `name` and `geometry` (EPSG:4326)."""
        import geopandas as gpd

        return gpd.GeoDataFrame({"kind": self.kind, "name": self.name}, geometry=_shapes(self), crs="EPSG:4326")


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
    import osmium

    path = given_path(path)
    check_file(path)
    try:
        with tempfile.TemporaryDirectory() as folder:
            plain, notes = _sound(path, Path(folder))
            pile = _gather(plain)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise unreadable(path, error) from error
    if pile.lost:
        notes.append(f"{counted(pile.lost, 'area or building', 'areas or buildings')} open or not whole, and not drawn")
    areas = pile.areas.rows(_largest_first(pile.areas))
    named = pile.areas.rows([row for row, name in enumerate(pile.areas.name) if name])
    labels = Drawn()
    for some in (pile.places, named, pile.streets.rows(_longest(pile.streets))):
        labels.kind.extend(some.kind)
        labels.name.extend(some.name)
        labels.shape.extend(_middles(some))
    return Basemap(areas, pile.buildings, labels, f"{path.name}, {LICENCE}", tuple(notes))


def _sound(path: Path, folder: Path) -> tuple[Path, list[str]]:
    """Return the file, or a copy in the folder, that osmium reads in one go: nodes, ways, relations; and what is left.

    Raises DamagedPbfError, or what pyosmium raises for files that it cannot read.
    """
    plain, told = path, ""
    if path.name.lower().endswith(".pbf"):
        try:
            kinds = kinds_of_groups(path)
        except ForeignPbfError:
            plain = folder / "plain.osm.pbf"
            write_apart(str(path), str(plain))
            kinds = kinds_of_groups(plain)
    else:
        whole, told = without_deleted(path, str(folder))
        plain = folder / "plain.osm.pbf"
        write_anew(str(whole), str(plain))
        kinds = kinds_of_groups(plain)
    if kinds != sorted(kinds):
        write_anew(str(plain), str(folder / "sorted.osm.pbf"), sort=True)
        plain = folder / "sorted.osm.pbf"
    return plain, [told] if told else []


@dataclass(slots=True, eq=False)
class _Pile:
    """What is found as the file goes by."""

    areas: Drawn = field(default_factory=Drawn)
    buildings: Drawn = field(default_factory=Drawn)
    places: Drawn = field(default_factory=Drawn)
    streets: Drawn = field(default_factory=Drawn)
    wanted: int = 0
    """Ways and relations that should be areas or buildings."""

    @property
    def lost(self) -> int:
        """Number of areas and buildings that cannot be drawn."""
        return self.wanted - len(self.areas.kind) - len(self.buildings.kind)

    def take_area(self, area: Any, tags: Any, draw: Any) -> None:
        """Keep an area that is put together, unless osmium could not."""
        import osmium

        house, name = tags.get("building", "no"), tags.get("name", "")
        kind, place = land_kind(tags) if house == "no" else None, _label(tags) if name else None
        try:
            shape = draw.create_multipolygon(area)
        except (RuntimeError, osmium.InvalidLocationError):
            return
        if house != "no":
            self.buildings.add(house, name, shape)
        elif kind:
            self.areas.add(kind, name, shape)
        if place and not kind:
            self.places.add(place, name, shape)

    def take_way(self, way: Any, tags: Any, draw: Any) -> None:
        """Keep a named street, unless a node of it is missing: the reader of streets tells how many those are."""
        if _is_drawn(tags):
            self.wanted += 1
            return
        name, nodes = tags.get("name") if "highway" in tags else None, way.nodes
        if name and len(nodes) > 1 and all(node.location.valid() for node in nodes):
            self.streets.add(STREET, name, draw.create_linestring(way))


def _gather(path: Path) -> _Pile:
    """Return all that a file shows."""
    import osmium

    draw, pile = osmium.geom.WKBFactory(), _Pile()
    asked = osmium.filter.KeyFilter(*AREA_KEYS)
    # The stubs of pyosmium do not know which kinds of objects come.
    things: Any = osmium.FileProcessor(str(path)).with_areas(asked).with_filter(asked)
    for thing in things:
        # Tags are asked one by one: to gather them all would take as long as everything else.
        tags = thing.tags
        if thing.is_area():
            pile.take_area(thing, tags, draw)
        elif thing.is_way():
            pile.take_way(thing, tags, draw)
        elif thing.is_relation():
            pile.wanted += tags.get("type") in AREAS and _is_drawn(tags)
        elif (place := _label(tags)) and thing.location.valid():
            pile.places.add(place, tags["name"], draw.create_point(thing))
    return pile


def _is_drawn(tags: Any) -> bool:
    """Return whether something should be a building or an area."""
    return tags.get("building", "no") != "no" or land_kind(tags) is not None


def _label(tags: Any) -> str | None:
    """Return the kind of a place with a name, None for all else."""
    place: str | None = tags.get("place")
    return place if place in PLACES and tags.get("name") else None


def _shapes(drawn: Drawn) -> Any:
    """Return shapes [n]."""
    import shapely

    return shapely.from_wkb(np.array(drawn.shape, object))


def _largest_first(areas: Drawn) -> list[int]:
    """Return the order of areas by size; square degrees will do, since they lie on one map."""
    import shapely

    order: list[int] = np.argsort(-shapely.area(_shapes(areas)), kind="stable").tolist()
    return order


def _longest(streets: Drawn) -> list[int]:
    """Return the row of the longest way of each name, in the order of the file."""
    import shapely

    longest: dict[str, tuple[float, int]] = {}
    for row, (name, length) in enumerate(zip(streets.name, shapely.length(_shapes(streets)).tolist(), strict=True)):
        if length > longest.get(name, (-1.0, 0))[0]:
            longest[name] = length, row
    return sorted(row for _, row in longest.values())


def _middles(drawn: Drawn) -> list[bytes]:
    """Return a point on each shape: half-way along lines, inside of areas."""
    import shapely

    shapes = _shapes(drawn)
    lines = shapely.get_dimensions(shapes) == 1
    points = shapely.point_on_surface(shapes)
    points[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    found: list[bytes] = shapely.to_wkb(points).tolist()
    return found
