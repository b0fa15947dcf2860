"""Soil: areas, buildings, places and names of streets, gathered from a PBF for the ground of pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from doorstep.network.osm.courtyards import AREAS
from doorstep.network.osm.gathering import Gathering, tag_row
from doorstep.network.osm.landkinds import AREA_KEYS, PLACES, land_kind
from doorstep.network.osm.pbfbits import ADDRESS, BUILDING, DOOR_TAG, NODE_TAG, NOWHERE
from doorstep.network.osm.sorting import find_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.network.osm.pbf import Block, Nodes, Relation, Ways

GROUND, HOUSE, SPOT, NAMED = 1, 2, 3, 4
"""What a way is used as: an area, a building, a place with a name but without a kind, and a street with a name."""
STREET = "street"
"""Kind of the names of streets."""


class Meaning(NamedTuple):
    """What something is drawn as."""

    use: int
    kind: str
    name: str


@dataclass(slots=True, eq=False)
class Soil(Gathering):
    """What has been gathered so far; lists hold the last of the file first."""

    # To the compiled loops every key stands for a building, whose tags are kept, or for an address of a node.
    kinds: ClassVar = {
        **{key.encode(): BUILDING | DOOR_TAG for key in AREA_KEYS},
        **{key.encode(): DOOR_TAG | NODE_TAG for key in ("name", "area")},
        b"place": BUILDING | DOOR_TAG | ADDRESS | NODE_TAG,
    }
    relation_bits: ClassVar = BUILDING
    relations: list[tuple[Relation, Meaning]] = field(default_factory=list)
    meanings: list[Meaning] = field(default_factory=list)
    """Of the ways that are used."""
    places: list[tuple[Meaning, tuple[int, int]]] = field(default_factory=list)
    """Points, in 1e-7 degrees."""

    def keep_relations(self, found: list[Relation]) -> None:
        """Keep those that are areas."""
        for relation in reversed(found):
            if relation.tags.get("type") in AREAS and (meaning := area_meaning(relation.tags)):
                self.relations.append((relation, meaning))

    def wanted_ways(self) -> set[int]:
        """Return the ways of the areas."""
        return {ref for relation, _ in self.relations for ref, _ in relation.ways}

    def keep_ways(self, block: Block, ways: Ways) -> NDArray[np.uint8]:
        """Keep areas, and streets with a name."""
        kind, example = find_kinds(ways.use, ways.tag_first, ways.tags)
        judged = [way_meaning(dict(tag_row(block, tags))) for _, tags in ways.some(example)]
        self.meanings += (meaning for row in kind[::-1].tolist() if (meaning := judged[row]))
        return np.asarray(np.array([meaning.use if meaning else 0 for meaning in judged], np.uint8)[kind])

    def keep_nodes(self, block: Block, nodes: Nodes) -> None:
        """Keep places with a name."""
        found = []
        for row, (begin, end) in enumerate(pairwise(nodes.tag_first.tolist())):
            tags = dict(tag_row(block, nodes.tags[begin:end]))
            x, y = nodes.place[row].tolist()
            if tags.get("place") in PLACES and tags.get("name") and x != NOWHERE:
                found.append((Meaning(SPOT, tags["place"], tags["name"]), (x, y)))
        self.places += reversed(found)


def area_meaning(tags: Mapping[str, str]) -> Meaning | None:
    """Return what an area is drawn as, None for nothing; a building is nothing else besides."""
    house, name, place = tags.get("building", "no"), tags.get("name", ""), tags.get("place", "")
    if house != "no":
        return Meaning(HOUSE, house, name)
    if tags.get("area") == "no":
        return None
    if kind := land_kind(tags):
        return Meaning(GROUND, kind, name)
    return Meaning(SPOT, place, name) if place in PLACES and name else None


def way_meaning(tags: Mapping[str, str]) -> Meaning | None:
    """Return what a way is drawn as, None for nothing."""
    if meaning := area_meaning(tags):
        return meaning
    name = tags.get("name", "")
    return Meaning(NAMED, STREET, name) if name and "highway" in tags else None
