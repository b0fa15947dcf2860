"""Harvest: streets, buildings, addresses, lockers and what stops vehicles, gathered from a PBF."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from doorstep.network.access import KEYS
from doorstep.network.doors import NOT_HOME_KEYS, building_kind
from doorstep.network.osm.gathering import Gathering, tag_row
from doorstep.network.osm.pbfbits import (
    ADDRESS,
    AMENITY,
    BARRIER,
    BUILDING,
    DOOR_TAG,
    FERRY,
    GRADE,
    LOCKER,
    NODE_TAG,
    NOWHERE,
    PLAIN,
    STREET,
    STREET_TAG,
    TURN,
)
from doorstep.network.osm.restrictions import KEYS as TURN_KEYS
from doorstep.network.osm.sorting import find_kinds
from doorstep.network.rulebook import USUAL, RuleBook
from doorstep.network.rules.barriers import KEYS as BARRIER_KEYS
from doorstep.network.rules.barriers import MARKS, barrier_stops, kerb_stops
from doorstep.network.rules.ferries import is_ferry
from doorstep.network.rules.robots import PLAIN as PLAIN_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.network.network import Medium
    from doorstep.network.osm.pbf import Block, Nodes, Relation, Ways
    from doorstep.network.ways import TagRow

    Trait = tuple[str, float, str]

_PLACE_KEYS = ("addr:street", "addr:place", "addr:housenumber", "amenity", "vending")
_BITS = (
    (STREET, ("highway",)),
    (BUILDING, ("building",)),
    (ADDRESS, ("addr:housenumber",)),
    (AMENITY, ("amenity",)),
    (BARRIER, MARKS),
    (STREET_TAG, KEYS),
    (DOOR_TAG, (*_PLACE_KEYS, *NOT_HOME_KEYS, "building", "building:levels")),
    (NODE_TAG, (*_PLACE_KEYS, *BARRIER_KEYS)),
    (TURN, TURN_KEYS),
    (FERRY, ("route",)),
    (GRADE, ("surface", "smoothness", "lanes")),
    (LOCKER, ("parcel_locker", "vending_machine")),
    (PLAIN, (*PLAIN_WORDS, *map(str, range(1, 9)))),
)
KINDS = {
    key.encode(): sum(bit for bit, names in _BITS if key in names) for key in sorted({k for _, ks in _BITS for k in ks})
}
"""Every key that is read, and some values, with their bits."""
MOST_LEVELS = 200
"""No building has more: the highest one has 163 (Burj Khalifa, Council on Tall Buildings and Urban Habitat)."""
_LEVELS = re.compile(r"^\s*(\d+(?:\.\d+)?)")
NO_FERRY = -1
"""Stands for a ferry that nobody asked for."""


MARKED = frozenset(MARKS)


@dataclass(slots=True, eq=False)
class Harvest(Gathering):
    """What has been gathered so far; every list holds one entry for each group, the last group of the file first."""

    kinds: ClassVar = KINDS
    relation_bits: ClassVar = BUILDING | TURN
    rules: RuleBook = USUAL
    relations: list[list[Relation]] = field(default_factory=list)
    """Buildings."""
    turns: list[list[Relation]] = field(default_factory=list)
    """Turn restrictions."""
    street_kinds: list[list[int]] = field(default_factory=list)
    """Of each the number of its tags among `rows`."""
    traits: list[list[Trait]] = field(default_factory=list)
    address_ways: list[list[str]] = field(default_factory=list)
    barriers: dict[int, frozenset[Medium]] = field(default_factory=dict)
    ferries: int = 0
    """How many are left out, as nobody asked for them."""
    lost: int = 0
    """Addresses and lockers nowhere on earth."""
    kerbs: list[int] = field(default_factory=list)
    """Nodes where a kerb stands that robots do not climb."""
    address_nodes: list[list[str]] = field(default_factory=list)
    address_places: list[NDArray[np.int32]] = field(default_factory=list)
    locker_places: list[NDArray[np.int32]] = field(default_factory=list)
    rows: dict[TagRow, int] = field(default_factory=dict)
    """The distinct tags of streets, numbered in the order in which they are met."""

    def keep_relations(self, found: list[Relation]) -> None:
        """Keep buildings and turn restrictions."""
        self.relations.append([relation for relation in found if "building" in relation.tags])
        self.turns.append([relation for relation in found if relation.tags.get("type") == "restriction"])

    def wanted_ways(self) -> set[int]:
        """Return the ways of buildings."""
        return {ref for group in self.relations for relation in group for ref, _ in relation.ways}

    def keep_ways(self, block: Block, ways: Ways) -> NDArray[np.uint8]:
        """Keep streets, buildings, addresses and lockers, which are used as AMENITY."""
        self.newest_ms = max(self.newest_ms, ways.newest_ms)
        kind, example = find_kinds(ways.use, ways.tag_first, ways.tags)
        judged = [self._judge(use, tag_row(block, tags)) for use, tags in ways.some(example)]
        found: dict[int, list[Any]] = {use: [] for use in (STREET, BUILDING, ADDRESS, AMENITY, 0)}
        for row in kind.tolist():
            use, told = judged[row]
            found[use].append(told)
        self.street_kinds.append(found[STREET])
        self.traits.append(found[BUILDING])
        self.address_ways.append(found[ADDRESS])
        self.ferries += found[0].count(NO_FERRY)
        return np.asarray(np.array([use for use, _ in judged], np.uint8)[kind])

    def keep_nodes(self, block: Block, nodes: Nodes) -> None:
        """Keep barriers, addresses and lockers."""
        self.newest_ms = max(self.newest_ms, nodes.newest_ms)
        pairs, string = nodes.tags.tolist(), block.string
        texts: list[str] = []
        homes: list[int] = []
        lockers: list[int] = []
        for row, (begin, end) in enumerate(pairwise(nodes.tag_first.tolist())):
            tags = {string(key): string(value) for key, value in pairs[begin:end]}
            if not MARKED.isdisjoint(tags):
                self._mark(int(nodes.ids[row]), tags)
            addressed, locker = "addr:housenumber" in tags, "amenity" in tags and is_locker(tags)
            if (addressed or locker) and nodes.place[row, 0] == NOWHERE:
                self.lost += 1
                continue
            if addressed:
                homes.append(row)
                texts.append(address_text(tags))
            if locker:
                lockers.append(row)
        self.address_nodes.append(texts)
        self.address_places.append(nodes.place[homes])
        self.locker_places.append(nodes.place[lockers])

    def _mark(self, node: int, tags: dict[str, str]) -> None:
        """Keep whom a node stops."""
        if stops := barrier_stops({key: value for key, value in tags.items() if key in BARRIER_KEYS}):
            self.barriers[node] = stops
        if kerb_stops(tags, self.rules):
            self.kerbs.append(node)

    def _judge(self, use: int, tags: TagRow) -> tuple[int, Any]:
        """Return what ways with these tags are used as, if anything, and what is told of them."""
        if use == STREET:
            return self._number(tags)
        named = dict(tags)
        if use == BUILDING:
            trait = building_trait(named)
            return (BUILDING, trait) if trait else (0, None)
        if use == ADDRESS and "addr:housenumber" in named:
            return ADDRESS, address_text(named)
        return (AMENITY, None) if use == ADDRESS and is_locker(named) else (0, None)

    def _number(self, tags: TagRow) -> tuple[int, int | None]:
        """Return STREET and the number of the tags of a street or ferry; nothing for other ways."""
        if tags not in self.rows and not any(key == "highway" for key, _ in tags):
            if not is_ferry(dict(tags)):
                return 0, None
            if not self.rules.ferries:
                return 0, NO_FERRY
        return STREET, self.rows.setdefault(tags, len(self.rows))


def level_count(tags: Mapping[str, str]) -> float:
    """Return the levels of a building, NaN where nobody says a number that can be (wiki page `Key:building:levels`)."""
    found = _LEVELS.match(tags.get("building:levels") or "")
    levels = float(found[1]) if found else float("nan")
    return levels if levels <= MOST_LEVELS else float("nan")


def address_text(tags: Mapping[str, str]) -> str:
    """Return street and number of an address (wiki page `Key:addr:*`)."""
    street = tags.get("addr:street") or tags.get("addr:place") or ""
    return f"{street} {tags.get('addr:housenumber')}"


def is_locker(tags: Mapping[str, str]) -> bool:
    """Return whether parcels can be fetched from it (wiki pages `Tag:amenity=parcel_locker`, `Key:vending`)."""
    if tags.get("amenity") == "vending_machine":
        return any(
            word.strip() in ("parcel_pickup", "parcel_mail_in") for word in (tags.get("vending") or "").split(";")
        )
    return tags.get("amenity") == "parcel_locker"


def building_trait(tags: dict[str, str]) -> Trait | None:
    """Return kind, levels and address of a building."""
    if tags["building"] == "no":
        return None
    return building_kind(tags), level_count(tags), address_text(tags) if "addr:housenumber" in tags else ""
