"""Harvest: what one pass over a file of OpenStreetMap yields, still in degrees and tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from doorstep.network.access import KEYS
from doorstep.network.barriers import KEYS as BARRIER_KEYS
from doorstep.network.barriers import barrier_stops
from doorstep.network.doors import building_kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from doorstep.network.network import Medium
    from doorstep.network.ways import TagRow

NODE_KEYS = ("addr:housenumber", "amenity", "barrier")
WAY_KEYS = ("addr:housenumber", "amenity", "building", "highway")
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
_LEVELS = re.compile(r"^\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, eq=False)
class Harvest:
    """Lists that grow while a file is read; each street, building and address has one row in all lists of its kind."""

    street_tags: list[TagRow] = field(default_factory=list)
    street_nodes: list[list[int]] = field(default_factory=list)
    street_lines: list[str] = field(default_factory=list)
    """Well-known binary, degrees."""
    torn_tags: list[TagRow] = field(default_factory=list)
    """Streets of which some nodes are not in the file; their whole pieces follow."""
    torn_pieces: list[list[tuple[int, float, float]]] = field(default_factory=list)
    """Node, longitude and latitude."""
    torn_ways: set[int] = field(default_factory=set)
    stubs: list[int] = field(default_factory=list)
    """Streets of a single node."""
    lost_nodes: list[int] = field(default_factory=list)
    barriers: dict[int, frozenset[Medium]] = field(default_factory=dict)
    building_shapes: list[str] = field(default_factory=list)
    building_kinds: list[str] = field(default_factory=list)
    building_levels: list[float] = field(default_factory=list)
    building_addresses: list[str] = field(default_factory=list)
    """Empty where there is none."""
    address_shapes: list[str] = field(default_factory=list)
    address_texts: list[str] = field(default_factory=list)
    locker_shapes: list[str] = field(default_factory=list)
    lost_shapes: list[int] = field(default_factory=list)
    """Buildings and addresses that cannot be drawn."""
    box: list[tuple[float, float, float, float]] = field(default_factory=list)
    """West, south, east, north, if the header says."""
    newest: list[datetime] = field(default_factory=list)
    """Of the last edit, if any object tells."""


def harvest_file(path: Path) -> Harvest:
    """Read a file once, relations of buildings beforehand, and return what is in it.

    Raises whatever pyosmium raises: RuntimeError for files that it cannot read.
    """
    import osmium

    # The stubs of pyosmium do not know that filters return themselves, nor which kinds these let through.
    sieve: Any = osmium.filter
    kinds = osmium.osm
    objects: Any = osmium.FileProcessor(str(path)).with_locations().with_areas(sieve.KeyFilter("building"))
    objects = (
        objects.with_filter(sieve.EntityFilter(kinds.NODE | kinds.WAY | kinds.AREA))
        .with_filter(sieve.KeyFilter(*NODE_KEYS).enable_for(kinds.NODE))
        .with_filter(sieve.KeyFilter(*WAY_KEYS).enable_for(kinds.WAY | kinds.AREA))
    )
    crop = Harvest()
    draw = osmium.geom.WKBFactory()
    newest = NO_DATE
    for thing in objects:
        newest = max(newest, thing.timestamp)
        if thing.is_node():
            _pick_node(crop, thing, draw)
        elif thing.is_way():
            _pick_way(crop, thing, draw)
        elif not thing.from_way():
            _pick_building(crop, thing, dict(thing.tags), lambda area=thing: draw.create_multipolygon(area))
    box = objects.header.box()
    if box.valid() and box.size() > 0:
        low, high = box.bottom_left, box.top_right
        crop.box.append((low.lon, low.lat, high.lon, high.lat))
    if newest > NO_DATE:
        crop.newest.append(newest)
    return crop


def _pick_node(crop: Harvest, node: Any, draw: Any) -> None:
    """Keep a barrier, an address or a locker."""
    tags = node.tags
    if "barrier" in tags and (stops := barrier_stops({tag.k: tag.v for tag in tags if tag.k in BARRIER_KEYS})):
        crop.barriers[node.id] = stops
    if "addr:housenumber" in tags:
        crop.address_shapes.append(draw.create_point(node))
        crop.address_texts.append(address_text(tags))
    if is_locker(tags):
        crop.locker_shapes.append(draw.create_point(node))


def _pick_way(crop: Harvest, way: Any, draw: Any) -> None:
    """Keep a street, a building, an address or a locker."""
    import osmium

    tags = way.tags
    if "highway" in tags:
        row = tuple((tag.k, tag.v) for tag in tags if tag.k in KEYS)
        try:
            line = draw.create_linestring(way, osmium.geom.use_nodes.ALL)
        except (RuntimeError, osmium.InvalidLocationError):
            _pick_torn(crop, way, row)
            return
        crop.street_tags.append(row)
        crop.street_nodes.append([node.ref for node in way.nodes])
        crop.street_lines.append(line)
    elif "building" in tags:
        _pick_building(crop, way, dict(tags), lambda: draw.create_linestring(way))
    elif "addr:housenumber" in tags or is_locker(tags):
        try:
            line = draw.create_linestring(way)
        except (RuntimeError, osmium.InvalidLocationError):
            crop.lost_shapes.append(way.id)
            return
        if "addr:housenumber" in tags:
            crop.address_shapes.append(line)
            crop.address_texts.append(address_text(tags))
        else:
            crop.locker_shapes.append(line)


def _pick_torn(crop: Harvest, way: Any, row: TagRow) -> None:
    """Keep the pieces of a street between nodes that the file does not hold."""
    if all(node.location.valid() for node in way.nodes):
        crop.stubs.append(way.id)
        return
    piece: list[tuple[int, float, float]] = []
    crop.torn_ways.add(way.id)
    for node in [*way.nodes, None]:
        if node is not None and node.location.valid():
            piece.append((node.ref, node.lon, node.lat))
            continue
        if node is not None:
            crop.lost_nodes.append(node.ref)
        if len(piece) > 1:
            crop.torn_tags.append(row)
            crop.torn_pieces.append(piece)
        piece = []


def _pick_building(crop: Harvest, thing: Any, tags: dict[str, str], outline: Any) -> None:
    """Keep a building."""
    import osmium

    if tags["building"] == "no":
        return
    try:
        shape = outline()
    except (RuntimeError, osmium.InvalidLocationError):
        crop.lost_shapes.append(thing.id)
        return
    crop.building_shapes.append(shape)
    crop.building_kinds.append(building_kind(tags))
    crop.building_levels.append(level_count(tags))
    crop.building_addresses.append(address_text(tags) if "addr:housenumber" in tags else "")


def level_count(tags: Mapping[str, str]) -> float:
    """Return the levels of a building, NaN where nobody says a number (wiki page `Key:building:levels`)."""
    found = _LEVELS.match(tags.get("building:levels") or "")
    return float(found[1]) if found else float("nan")


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
