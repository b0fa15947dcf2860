"""Tags: the classes of ways, and the words by which ways are open or closed.

Page names are those of the OpenStreetMap wiki (wiki.openstreetmap.org/wiki/...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Directions = tuple[bool, bool]
"""Forward and backward along the nodes of a way."""

NEITHER: Directions = (False, False)
BOTH: Directions = (True, True)

STREETS = ("primary", "secondary", "tertiary")
LINKS = ("motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link")
QUIET = ("residential", "living_street", "service")
DRIVEN = frozenset((*STREETS, *LINKS, *QUIET, "motorway", "trunk", "unclassified", "road"))
CYCLED = DRIVEN - {"motorway", "motorway_link"} | {"cycleway", "path", "track"}
TRUNKS = frozenset(("trunk", "trunk_link"))
WALKED = DRIVEN - {"motorway", "motorway_link", *TRUNKS} | {
    *("footway", "pedestrian", "path", "cycleway", "track", "steps", "corridor", "elevator", "platform", "trail"),
}
KNOWN = DRIVEN | CYCLED | WALKED
UNUSED = frozenset(
    (
        *("construction", "proposed", "planned", "abandoned", "razed", "disused", "demolished", "no", "bus_guideway"),
        *("busway", "raceway", "escape", "rest_area", "services", "emergency_bay", "via_ferrata", "bridleway"),
        *("crossing", "bus_stop", "traffic_island", "ladder", "toll_gantry", "emergency_access_point"),
    ),
)
"""Values of `highway` that are known and that nothing of ours may use, bridleways excepted where tagged."""

LIMITED_TO = frozenset(("destination", "delivery", "customers"))
"""Words that let in who has business there, and nobody who passes through."""
YES = frozenset(("yes", "permissive", "designated", "official", "public")) | LIMITED_TO
NO = frozenset(
    (
        *(
            "no",
            "private",
            "agricultural",
            "forestry",
            "military",
            "emergency",
            "restricted",
            "use_sidepath",
            "dismount",
        ),
        *("bus", "psv", "service", "residents", "permit"),
    ),
)

VAN = ("access", "vehicle", "motor_vehicle", "motorcar", "goods")
CYCLE = ("access", "vehicle", "bicycle")
FOOT = ("access", "foot")
UNRIDDEN = UNUSED - {"bridleway"} | {"steps", "corridor", "elevator", "platform", "motorway", "motorway_link"}
"""Values of `highway` that cycles never use."""

CYCLEWAYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
"""Keys of lanes and tracks beside a street."""

CLOSED, OPEN, LIMITED = 0, 1, 2
FORWARD = ("yes", "true", "1")
BACKWARD = ("-1", "reverse")
SHUT = ("reversible", "alternating")
"""Open in one direction at a time, which nobody knows."""
ONEWAYS = frozenset((*FORWARD, *BACKWARD, *SHUT, "no", "false", "0"))
"""Words of one-ways that are known."""
SAID: Mapping[tuple[str, ...], frozenset[str]] = {
    keys: frozenset(f"{key}{side}" for key in keys for side in ("", ":forward", ":backward"))
    for keys in (VAN, CYCLE, FOOT)
}
"""Every key by which a kind of traffic may be let in."""
_NAMES = {
    (keys, direction): tuple((name, key == "access") for key in keys for name in (key, f"{key}:{direction}"))
    for keys in SAID
    for direction in ("forward", "backward")
}
"""The same keys for one direction, the most special ones last, and whether they are about all traffic."""


def both(one: Directions, other: Directions) -> Directions:
    """Return what two rules allow together."""
    return one[0] and other[0], one[1] and other[1]


def directed(tags: Mapping[str, str], keys: tuple[str, ...], *, open_to_all: bool) -> Directions:
    """Return where access is granted; the most special key decides (page `Key:access`, `Transport mode hierarchy`)."""
    if tags.get("highway") in UNUSED and tags.get("highway") != "bridleway":
        return NEITHER
    if SAID[keys].isdisjoint(tags):
        return (True, True) if open_to_all else NEITHER
    return (
        granted(tags, keys, "forward", usual=open_to_all) != CLOSED,
        granted(tags, keys, "backward", usual=open_to_all) != CLOSED,
    )


def granted(tags: Mapping[str, str], keys: tuple[str, ...], direction: str, *, usual: bool) -> int:
    """Return whether a way is OPEN, CLOSED or LIMITED in one direction (page `Forward & backward, left & right`)."""
    verdict = OPEN if usual else CLOSED
    for name, for_all in _NAMES[keys, direction]:
        said = verdict_of(tags[name]) if name in tags else None
        if said == CLOSED or (said is not None and (usual or not for_all)):
            verdict = said
    return verdict


def signed(value: str | None) -> Directions:
    """Return the directions that a value of `oneway` leaves open (page `Key:oneway`)."""
    if value in FORWARD:
        return True, False
    if value in BACKWARD:
        return False, True
    return NEITHER if value in SHUT else BOTH


def verdict_of(value: str) -> int | None:
    """Return what a value of access says; of several words the one that opens most, of unknown ones nothing."""
    if value in LIMITED_TO:
        return LIMITED
    if value in YES:
        return OPEN
    if value in NO:
        return CLOSED
    words = [verdict_of(word.strip()) for word in value.split(";")] if ";" in value else []
    return next((said for said in (OPEN, LIMITED, CLOSED) if said in words), None)
