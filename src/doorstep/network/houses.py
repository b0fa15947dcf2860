"""Houses: the buildings, addresses and lockers that were read of a map, in metres."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.counting import counted
from doorstep.network.doors import Addresses, Buildings
from doorstep.network.osm.courtyards import draw_relations
from doorstep.network.osm.crop import E7
from doorstep.network.osm.footprints import Outlines, find_owners, grounds_near, grounds_of, measure_outlines
from doorstep.network.osm.harvest import building_trait

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.osm.crop import Built, Runs
    from doorstep.network.osm.harvest import Trait
    from doorstep.network.plane import Project


class Houses(NamedTuple):
    """What stands beside streets."""

    buildings: Buildings
    addresses: Addresses
    lockers_m: NDArray[np.float64]
    """[n, 2] metres."""
    notes: tuple[str, ...] = ()
    """How many were lost."""


def draw_houses(built: Built, project: Project) -> Houses:
    """Return all that can be drawn of what stands beside streets."""
    import shapely

    from doorstep.network.osm.lines import are_closed

    closed = are_closed(built.outlines.first, built.outlines.place)
    outlines = Outlines(built.outlines.first, built.outlines.place, project)
    area_m2, middle_m, box_m = measure_outlines(outlines)
    shapes, rounded_traits, broken = _courtyards(built)
    rounded = shapely.transform(shapely.from_wkb(np.array(shapes, object)), project)
    kept = np.flatnonzero(closed & ~_drawn_twice(box_m, shapely.bounds(rounded).reshape(-1, 4)))
    traits = [built.traits[row] for row in kept.tolist()] + rounded_traits
    kinds, levels, texts = zip(*traits, strict=True) if traits else ((), (), ())
    buildings = Buildings(
        np.concatenate([area_m2[kept], shapely.area(rounded)]),
        np.concatenate([middle_m[kept], shapely.get_coordinates(shapely.centroid(rounded)).reshape(-1, 2)]),
        np.array(kinds, object),
        np.array(levels, float),
    )
    own = np.array([text != "" for text in texts], bool)
    xy_m = np.concatenate([buildings.middle_m[own], _middles(built.address_points, built.address_lines, project)])
    grounds = grounds_near(outlines, kept, box_m[kept], xy_m)
    owner = find_owners(xy_m, chain(grounds, [grounds_of(len(kept) + np.arange(len(rounded)), rounded)]))
    named = np.array([*(text for text in texts if text), *built.address_texts], object)
    lost = built.lost + broken + int((~closed).sum())
    told = counted(lost, "building or address", "buildings or addresses")
    notes = (f"{told} open, not in the file or nowhere on earth, and not drawn",) if lost else ()
    lockers_m = _middles(built.locker_points, built.locker_lines, project)
    return Houses(buildings, Addresses(xy_m, named, owner), lockers_m, notes)


def _courtyards(built: Built) -> tuple[list[str], list[Trait], int]:
    """Return buildings that are relations: outlines (well-known binary), traits, and how many cannot be drawn."""
    shapes, traits, broken = [], [], 0
    for relation, shape in draw_relations(built.courtyards):
        if (trait := building_trait(relation.tags)) is None:
            continue
        broken += not shape
        if shape:
            shapes.append(shape)
            traits.append(trait)
    return shapes, traits, broken


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
