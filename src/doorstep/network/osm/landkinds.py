"""Landkinds: what a map shows an area as, and which places have their names on it.

Page names are those of the OpenStreetMap wiki (wiki.openstreetmap.org/wiki/...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

WATER, WOOD, GREEN, FIELD, BARE, BUILT, WORKS, SQUARE = (
    *("water", "wood", "green", "field", "bare", "built", "works", "square"),
)
LAND_KINDS = (WATER, WOOD, GREEN, FIELD, BARE, BUILT, WORKS, SQUARE)
"""Water, woods, parks and grass, fields, bare ground, where people live, where they work, and paved squares."""
LANDS: Mapping[str, Mapping[str, str]] = {
    "natural": {
        **dict.fromkeys(("water", "bay", "strait", "spring"), WATER),
        **dict.fromkeys(("wood", "scrub"), WOOD),
        **dict.fromkeys(("grassland", "heath", "fell", "moor", "wetland", "tundra"), GREEN),
        **dict.fromkeys(("beach", "sand", "shingle", "bare_rock", "scree", "rock", "mud", "glacier", "shoal"), BARE),
    },
    "waterway": dict.fromkeys(("riverbank", "dock", "boatyard"), WATER),
    "landuse": {
        **dict.fromkeys(("reservoir", "basin", "salt_pond", "aquaculture"), WATER),
        "forest": WOOD,
        **dict.fromkeys(("grass", "meadow", "village_green", "recreation_ground", "cemetery", "flowerbed"), GREEN),
        **dict.fromkeys(("farmland", "farmyard", "allotments", "orchard", "vineyard", "plant_nursery"), FIELD),
        **dict.fromkeys(("quarry", "landfill", "brownfield", "construction", "greenfield"), BARE),
        "residential": BUILT,
        **dict.fromkeys(("commercial", "retail", "industrial", "railway", "port", "military", "garages"), WORKS),
        **dict.fromkeys(("education", "religious", "institutional"), BUILT),
    },
    "leisure": {
        **dict.fromkeys(("park", "garden", "golf_course", "playground", "dog_park", "common"), GREEN),
        **dict.fromkeys(("pitch", "sports_centre", "stadium", "track"), GREEN),
        **dict.fromkeys(("swimming_pool", "marina"), WATER),
    },
}
"""Kind of an area by key and value (pages `Key:natural`, `Key:waterway`, `Key:landuse`, `Key:leisure`)."""
AREA_KEYS = (*LANDS, "highway", "place", "building")
"""Keys of ways and relations that may be areas with a kind or a name."""
PLACES = frozenset(
    (
        *("city", "town", "village", "hamlet", "isolated_dwelling", "farm", "borough", "suburb", "quarter"),
        *("neighbourhood", "city_block", "square", "island", "islet", "locality"),
    ),
)
"""Values of `place` that have their names on a map (page `Key:place`)."""


def land_kind(tags: Any) -> str | None:
    """Return what an area is shown as, None if as nothing (page `Key:area` for pedestrian areas).

    Tags are a mapping, or a list of osmium's, which is asked in the same way.
    """
    for key, kinds in LANDS.items():
        if (kind := kinds.get(tags.get(key, ""))) is not None:
            return kind
    paved = tags.get("highway") in ("pedestrian", "footway") and tags.get("area") == "yes"
    return SQUARE if paved or tags.get("place") == "square" else None
