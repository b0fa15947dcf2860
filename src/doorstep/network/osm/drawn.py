"""Drawn: shapes with kinds and names, kept as small as they are in a file of OpenStreetMap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.osm.crop import E7
from doorstep.network.osm.lines import keep_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from doorstep.network.osm.soil import Meaning

AT_ONCE = 10_000
"""Areas that are made shapes at once to be judged or measured: as such they take ten times the room."""
POINT, LINE, AREA = 0, 1, 6
"""Kinds of geometries, as numbered by shapely."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """n shapes in degrees, all of them points, lines or areas."""

    kind: list[str]
    """[n]"""
    name: list[str]
    """[n] empty where nobody says."""
    form: int
    """POINT, LINE or AREA."""
    place: NDArray[np.int32]
    """[k, 2] longitude and latitude of all corners in 1e-7 degrees."""
    offsets: tuple[NDArray[np.int32], ...]
    """Where corners begin by line, or corners by ring, rings by part and parts by area (as in GeoArrow)."""

    def shapes(self) -> NDArray[np.object_]:
        """Return the shapes [n] as objects of shapely, made anew each time."""
        import shapely

        form = shapely.GeometryType(self.form)
        return np.asarray(shapely.from_ragged_array(form, self.place / E7, self.offsets or None), object)

    def frame(self) -> gpd.GeoDataFrame:
        """Return a frame with `kind`, `name` and `geometry` (EPSG:4326)."""
        import geopandas as gpd

        return gpd.GeoDataFrame({"kind": self.kind, "name": self.name}, geometry=self.shapes(), crs="EPSG:4326")

    def rows(self, which: NDArray[np.int64]) -> Drawn:
        """Return some of them in the order of `which`."""
        taken, offsets = which, []
        for offset in reversed(self.offsets):
            count = np.diff(offset)[taken]
            begins = np.cumsum(count) - count
            offsets.append(np.append(begins, count.sum()).astype(np.int32))
            taken = np.repeat(offset[taken] - begins, count) + np.arange(count.sum())
        kind, name = ([texts[row] for row in which.tolist()] for texts in (self.kind, self.name))
        return Drawn(kind, name, self.form, self.place[taken], tuple(reversed(offsets)))

    def some(self) -> Iterator[NDArray[np.object_]]:
        """Yield all shapes, never many at once."""
        for low in range(0, len(self.kind), AT_ONCE):
            yield self.rows(np.arange(low, min(low + AT_ONCE, len(self.kind)))).shapes()


def pack(kind: list[str], name: list[str], shapes: NDArray[np.object_], form: int) -> Drawn:
    """Return shapes [n] of one form as they are kept; all areas are of parts, be it a single one."""
    import shapely

    if not len(shapes):
        levels = {POINT: 0, LINE: 1, AREA: 3}[form]
        return Drawn(kind, name, form, np.empty((0, 2), np.int32), (np.zeros(1, np.int32),) * levels)
    _, degrees, offsets = shapely.to_ragged_array(shapes)
    offsets = tuple(np.asarray(offset, np.int32) for offset in offsets)
    return Drawn(kind, name, form, np.rint(degrees * E7).astype(np.int32), offsets)


def from_lines(meanings: list[Meaning], first: NDArray[np.int64], place: NDArray[np.int32], form: int) -> Drawn:
    """Return lines, or the areas within them that are sound, which begin at `first` [n + 1] of places [k, 2].

    Places may be moved together where they lie.
    """
    if form == AREA:
        sound = _sound(first, place)
        if not sound.all():
            first, place = keep_lines(first, place, sound)
            meanings = [meaning for meaning, good in zip(meanings, sound.tolist(), strict=True) if good]
    singly = np.arange(len(first), dtype=np.int32)
    offsets = (first.astype(np.int32), *((singly, singly) if form == AREA else ()))
    return Drawn([each.kind for each in meanings], [each.name for each in meanings], form, place, offsets)


def joined(one: Drawn, other: Drawn) -> Drawn:
    """Return two heaps of one form as one."""
    if not other.kind:
        return one
    offsets = tuple(np.concatenate([a, b[1:] + a[-1]]) for a, b in zip(one.offsets, other.offsets, strict=True))
    place = np.concatenate([one.place, other.place])
    return Drawn(one.kind + other.kind, one.name + other.name, one.form, place, offsets)


def _sound(first: NDArray[np.int64], place: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which rings do not cross or touch themselves."""
    import shapely

    sound = np.ones(len(first) - 1, bool)
    for low, high in pairwise([*range(0, len(sound), AT_ONCE), len(sound)]):
        owner = np.repeat(np.arange(high - low), np.diff(first[low : high + 1]))
        rings: Any = shapely.linearrings(place[first[low] : first[high]] / E7, indices=owner)
        sound[low:high] = shapely.is_valid(shapely.polygons(rings))
    return sound
