"""Courtyards: buildings drawn as relations, put together by osmium out of the few ways that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.harvest import building_trait
from doorstep.network.pbfbits import NOWHERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.harvest import Harvest, Trait
    from doorstep.network.pbf import Relation

AREAS = ("multipolygon", "boundary")
"""Types of relations that are areas."""
ROLES = ("outer", "inner", "")


def draw_courtyards(crop: Harvest, at: NDArray[np.int32]) -> tuple[list[str], list[Trait], int, int]:
    """Return outlines (well-known binary, degrees), traits, how many cannot be drawn, and the newest date [ms].

    Buildings of which a way is missing are not counted. Takes the rows of the nodes of all ways.
    """
    relations = {
        relation.id: relation
        for group in reversed(crop.relations)
        for relation in group
        if relation.tags.get("type") in AREAS and relation.ways
    }
    if not relations:
        return [], [], 0, 0
    import osmium

    shapes, traits, lost, newest_ms = [], [], 0, 0
    text = osmium.io.FileBuffer(_as_text(crop, at, relations).encode(), "opl")
    draw = osmium.geom.WKBFactory()
    # The stubs of pyosmium do not know that only areas are asked for.
    things: Any = osmium.FileProcessor(text).with_locations().with_areas(osmium.filter.KeyFilter("building"))
    for area in things.with_filter(osmium.filter.EntityFilter(osmium.osm.AREA)):
        if not area.is_area() or area.from_way():
            continue
        relation = relations[area.orig_id()]
        newest_ms = max(newest_ms, relation.date_ms)
        if (trait := building_trait(relation.tags)) is None:
            continue
        try:
            shapes.append(draw.create_multipolygon(area))
        except (RuntimeError, osmium.InvalidLocationError):
            lost += 1
        else:
            traits.append(trait)
    return shapes, traits, lost, newest_ms


def _as_text(crop: Harvest, at: NDArray[np.int32], relations: dict[int, Relation]) -> str:
    """Return the relations with their ways and nodes in osmium's format of lines."""
    ways = crop.ways
    end = np.cumsum(ways.size)
    rows = np.flatnonzero(np.isin(ways.ids, crop.members))
    runs = [at[stop - count : stop] for stop, count in zip(end[rows], ways.size[rows], strict=True)]
    nodes = np.unique(np.concatenate([*runs, at[:0]]))
    nodes = nodes[crop.place[nodes, 0] != NOWHERE]
    places = zip(crop.needed[nodes].tolist(), (crop.place[nodes] / 1e7).tolist(), strict=True)
    lines = [f"n{name} v1 x{lon:.7f} y{lat:.7f}" for name, (lon, lat) in places]
    for name, run in zip(ways.ids[rows].tolist(), runs, strict=True):
        lines.append(f"w{name} v1 N{','.join(f'n{ref}' for ref in crop.needed[run].tolist())}")
    for name, relation in relations.items():
        members = ",".join(f"w{ref}@{role if role in ROLES else 'other'}" for ref, role in relation.ways)
        lines.append(f"r{name} v1 Ttype={relation.tags['type']},building=yes M{members}")
    return "\n".join([*lines, ""])
