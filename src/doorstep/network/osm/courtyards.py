"""Courtyards: areas drawn as relations: one outline and its holes, or else put together by osmium."""

from __future__ import annotations

from itertools import compress, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from doorstep.network.osm.pbfbits import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from doorstep.network.osm.gathering import Gathering
    from doorstep.network.osm.pbf import Relation

AREAS = ("multipolygon", "boundary")
"""Types of relations that are areas."""
ROLES = ("outer", "inner", "")
TRIANGLE = 3
"""Sides of the least ring."""
MOST_NODES = 2**18
"""Of ways of relations that are put together at once, as lines of text, each of which takes a hundred bytes."""


class Rings(NamedTuple):
    """Relations that are areas, none of whose ways are missing, with these."""

    relations: list[Relation]
    span: dict[int, slice]
    """Where the nodes of each way are."""
    node: NDArray[np.int64]
    """[k] ids."""
    place: NDArray[np.int32]
    """[k, 2] longitude and latitude in 1e-7 degrees."""


def rings_of(gathering: Gathering, relations: Iterable[Relation]) -> Rings:
    """Return the areas among relations with no more of what was gathered than they need."""
    areas = {each.id: each for each in relations if each.tags.get("type") in AREAS and each.ways}
    if not areas:
        return Rings([], {}, np.empty(0, np.int64), np.empty((0, 2), np.int32))  # no views, which would keep all nodes
    ways, wanted = gathering.ways, gathering.ways.member
    row, end = ways.refs[np.repeat(wanted, ways.size)], [0, *np.cumsum(ways.size[wanted]).tolist()]
    span = dict(zip(ways.ids[wanted].tolist(), (slice(*ends) for ends in pairwise(end)), strict=True))
    whole = [area for area in areas.values() if all(ref in span for ref, _ in area.ways)]
    return Rings(whole, span, gathering.needed[row], gathering.place[row])


def draw_relations(rings: Rings) -> Iterator[tuple[Relation, str]]:
    """Yield areas with their outlines (well-known binary, degrees), empty if they cannot be drawn.

    Those of which no ring closes do not come.
    """
    batch: list[Relation] = []
    size = 0
    for relation in rings.relations:
        if shape := _one_outline(relation, rings):
            yield relation, shape
            continue
        batch.append(relation)
        size += sum(rings.span[ref].stop - rings.span[ref].start for ref, _ in relation.ways)
        if size > MOST_NODES:
            yield from _draw(rings, batch)
            batch, size = [], 0
    yield from _draw(rings, batch)


def _one_outline(relation: Relation, found: Rings) -> str:
    """Return the outline of an area with holes of which every way is a ring by itself; nothing for any other.

    Nearly all buildings with courtyards are such. They need no osmium, which takes a millisecond to begin. Rings may
    touch, as in Simple Features (OGC 06-103r4, 6.1.11.1); osmium draws none that touch where one of them has no node.
    """
    import shapely

    spans = [found.span[ref] for ref, _ in relation.ways]
    rings, places = [found.node[span] for span in spans], [found.place[span] for span in spans]
    inner = np.array([role == "inner" for _, role in relation.ways])
    if inner.sum() != len(rings) - 1 or any(len(ring) <= TRIANGLE or ring[0] != ring[-1] for ring in rings):
        return ""
    nodes = np.concatenate([ring[1:] for ring in rings])
    if len(set(nodes.tolist())) < len(nodes) or any((place[:, 0] == NOWHERE).any() for place in places):
        return ""
    drawn = [shapely.LinearRing(place / 1e7) for place in places]
    shape = shapely.Polygon(drawn.pop(int(inner.argmin())), drawn)
    return str(shapely.to_wkb(shapely.MultiPolygon([shape]), hex=True)) if shape.is_valid else ""


def _draw(rings: Rings, batch: list[Relation]) -> Iterator[tuple[Relation, str]]:
    """Yield some relations with their outlines."""
    if not batch:
        return
    import osmium

    text = osmium.io.FileBuffer(_as_text(rings, batch).encode(), "opl")
    draw = osmium.geom.WKBFactory()
    # The stubs of pyosmium do not know that only areas are asked for.
    things: Any = osmium.FileProcessor(text).with_locations().with_areas(osmium.filter.KeyFilter("area"))
    for area in things.with_filter(osmium.filter.EntityFilter(osmium.osm.AREA)):
        if not area.is_area() or area.from_way():
            continue
        try:
            shape = draw.create_multipolygon(area)
        except (RuntimeError, osmium.InvalidLocationError):
            shape = ""
        yield batch[area.orig_id() - 1], shape


def _as_text(rings: Rings, batch: list[Relation]) -> str:
    """Return relations with their ways and nodes in osmium's format of lines, all numbered from 1.

    Osmium would find no nodes whose ids are below nought, as editors give them to what is not sent in yet.
    """
    refs = sorted({ref for relation in batch for ref, _ in relation.ways})
    number = {ref: k for k, ref in enumerate(refs, 1)}
    spans = [rings.span[ref] for ref in refs]
    _, first, row = np.unique(
        np.concatenate([rings.node[span] for span in spans]), return_index=True, return_inverse=True
    )
    place = np.concatenate([rings.place[span] for span in spans])[first]
    ends = np.cumsum([span.stop - span.start for span in spans])
    places = enumerate((place / 1e7).tolist(), 1)
    there = (place[:, 0] != NOWHERE).tolist()
    lines = [f"n{k} v1 x{lon:.7f} y{lat:.7f}" for k, (lon, lat) in compress(places, there)]
    runs = enumerate(np.split(row + 1, ends[:-1]), 1)
    lines += [f"w{k} v1 N{','.join(f'n{node}' for node in run.tolist())}" for k, run in runs]
    for k, relation in enumerate(batch, 1):
        members = ",".join(f"w{number[ref]}@{role if role in ROLES else 'other'}" for ref, role in relation.ways)
        lines.append(f"r{k} v1 Ttype={relation.tags['type']},area=yes M{members}")
    return "\n".join([*lines, ""])
