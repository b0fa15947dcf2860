"""Access: which way each medium may use, and in which direction, by the tags of OpenStreetMap.

Page names are those of the OpenStreetMap wiki (wiki.openstreetmap.org/wiki/...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.network.network import Medium
from doorstep.network.speed import limit_kmh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Directions = tuple[bool, bool]
"""Forward and backward along the nodes of a way."""

NEITHER: Directions = (False, False)
BOTH: Directions = (True, True)

STREETS = ("primary", "secondary", "tertiary")
LINKS = ("motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link")
QUIET = ("residential", "living_street", "service")
DRIVEN = frozenset((*STREETS, *LINKS, *QUIET, "motorway", "trunk", "unclassified", "road"))
CYCLED = DRIVEN - {"motorway", "motorway_link"} | {"cycleway", "path", "track"}
WALKED = DRIVEN - {"motorway", "motorway_link", "trunk", "trunk_link"} | {
    *("footway", "pedestrian", "path", "cycleway", "track", "steps", "corridor", "elevator", "platform", "trail"),
}
ROLLED = frozenset(("footway", "pedestrian", "cycleway", *QUIET))
"""Where a sidewalk robot may go whatever else is tagged; quiet streets stand for the pavement beside them."""
PAVED_BESIDE = frozenset(("unclassified", "road", "trunk", *STREETS, *LINKS)) - {"motorway_link"}
"""Streets that a robot uses only where a pavement is tagged, or implied by a limit of built-up areas."""
KNOWN = DRIVEN | CYCLED | WALKED
UNUSED = frozenset(
    (
        *("construction", "proposed", "planned", "abandoned", "razed", "disused", "demolished", "no", "bus_guideway"),
        *("busway", "raceway", "escape", "rest_area", "services", "emergency_bay", "via_ferrata", "bridleway"),
        *("crossing", "bus_stop", "traffic_island", "ladder", "toll_gantry", "emergency_access_point"),
    ),
)
"""Values of `highway` that are known and that nothing of ours may use, bridleways excepted where tagged."""

YES = frozenset(("yes", "permissive", "designated", "official", "public", "destination", "delivery", "customers"))
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

BUILT_UP = "doorstep:built_up"
"""A tag of our own, on streets that pass houses or meet residential streets."""
BUILT_UP_KMH = 50.0

VAN = ("access", "vehicle", "motor_vehicle", "motorcar", "goods")
CYCLE = ("access", "vehicle", "bicycle")
FOOT = ("access", "foot")

_SUFFIX = ("forward", "backward")
KEYS = frozenset(
    (
        *("highway", "area", "junction", "oneway", "oneway:bicycle", "oneway:foot", "oneway:motor_vehicle", "service"),
        *("cycleway", "cycleway:left", "cycleway:right", "cycleway:both", "motorroad", "sidewalk", "sidewalk:both"),
        *("sidewalk:left", "sidewalk:right", "maxspeed", "maxspeed:forward", "maxspeed:backward", "indoor", "crossing"),
        *VAN,
        *CYCLE,
        *FOOT,
        *(f"{key}:{suffix}" for key in (*VAN[1:], "bicycle") for suffix in _SUFFIX),
    ),
)
"""Every key that a rule here, or the table of speeds, reads of a way."""


def street_uses(tags: Mapping[str, str]) -> dict[Medium, Directions]:
    """Return the directions in which each medium may use a way (page `Key:highway`)."""
    return {medium: rule(tags) for medium, rule in RULES.items()}


def drive(tags: Mapping[str, str]) -> Directions:
    """Return where a van may go: roads and service roads, never a way kept from goods vehicles (page `Key:access`).

    Tracks only where motor vehicles are expressly let in; areas and emergency accesses never.
    """
    if tags.get("area") == "yes" or tags.get("service") == "emergency_access":
        return NEITHER
    return _both(_directed(tags, VAN, open_to_all=tags.get("highway") in DRIVEN), _oneway(tags))


def cycle(tags: Mapping[str, str]) -> Directions:
    """Return where a cargo bike or trike may go (pages `Key:bicycle`, `Tag:motorroad=yes`).

    Footways, pedestrian streets and bridleways only where bicycles are expressly let in; steps never.
    """
    if tags.get("area") == "yes" or tags.get("motorroad") == "yes" or tags.get("highway") in UNRIDDEN:
        return NEITHER
    return _both(_directed(tags, CYCLE, open_to_all=tags.get("highway") in CYCLED), _oneway_cycle(tags))


def roll(tags: Mapping[str, str]) -> Directions:
    """Return where a sidewalk robot may go: footways, crossings, cycleways, quiet streets, pavements; never steps.

    A path counts where people on foot are expressly let in (pages `Tag:highway=footway`, `Key:sidewalk`).
    """
    highway = tags.get("highway")
    if highway == "path":
        usable = tags.get("foot") in YES
    else:
        usable = (highway in ROLLED or (highway in PAVED_BESIDE and _pavement(tags))) and not _pavement_elsewhere(tags)
    usable = usable and tags.get("motorroad") != "yes" and tags.get("indoor") != "yes"
    return _directed(tags, FOOT, open_to_all=True) if usable else NEITHER


def walk(tags: Mapping[str, str]) -> Directions:
    """Return where people walk: all but motorways and trunk roads, steps and lifts included (page `Key:foot`)."""
    if tags.get("motorroad") == "yes" or tags.get("highway") in UNUSED - {"bridleway"}:
        return NEITHER
    allowed = _directed(tags, FOOT, open_to_all=tags.get("highway") in WALKED)
    return _both(allowed, _signed(tags.get("oneway:foot"))) if "oneway:foot" in tags else allowed


RULES: Mapping[Medium, Callable[[Mapping[str, str]], Directions]] = {
    Medium.ROAD: drive,
    Medium.CYCLE: cycle,
    Medium.PATH: roll,
    Medium.FOOT: walk,
}

UNRIDDEN = UNUSED - {"bridleway"} | {"steps", "corridor", "elevator", "platform", "motorway", "motorway_link"}


def _both(one: Directions, other: Directions) -> Directions:
    """Return what two rules allow together."""
    return one[0] and other[0], one[1] and other[1]


def _directed(tags: Mapping[str, str], keys: tuple[str, ...], *, open_to_all: bool) -> Directions:
    """Return where access is granted; the most special key decides (page `Key:access`, `Transport mode hierarchy`)."""
    if tags.get("highway") in UNUSED and tags.get("highway") != "bridleway":
        return NEITHER
    return _granted(tags, keys, "forward", open_to_all), _granted(tags, keys, "backward", open_to_all)


def _granted(tags: Mapping[str, str], keys: tuple[str, ...], direction: str, usual: bool) -> bool:
    """Return whether access is granted in one direction (page `Forward & backward, left & right`)."""
    verdict = usual
    for key in keys:
        for name in (key, f"{key}:{direction}"):
            value = tags.get(name)
            if value in NO:
                verdict = False
            elif value in YES and (usual or key != "access"):
                verdict = True
    return verdict


def _signed(value: str | None) -> Directions:
    """Return the directions that a value of `oneway` leaves open (page `Key:oneway`)."""
    if value in ("yes", "true", "1"):
        return True, False
    if value in ("-1", "reverse"):
        return False, True
    return NEITHER if value in ("reversible", "alternating") else BOTH


def _oneway(tags: Mapping[str, str]) -> Directions:
    """Return the open directions for motor traffic (page `Key:oneway`)."""
    return _signed(tags["oneway:motor_vehicle"]) if "oneway:motor_vehicle" in tags else _oneway_all(tags)


def _oneway_all(tags: Mapping[str, str]) -> Directions:
    """Return the open directions for all that rolls; roundabouts and motorways imply one (page `Key:junction`)."""
    said = tags.get("oneway")
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return _signed("yes") if said is None and implied else _signed(said)


def _oneway_cycle(tags: Mapping[str, str]) -> Directions:
    """Return the open directions for cycles; contraflow lanes open both (`Key:oneway:bicycle`, `Key:cycleway`)."""
    if "oneway:bicycle" in tags:
        return _signed(tags["oneway:bicycle"])
    lanes = (tags.get(key, "") for key in ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both"))
    return BOTH if any(lane.startswith("opposite") for lane in lanes) else _oneway_all(tags)


def _pavement(tags: Mapping[str, str]) -> bool:
    """Return whether a street has a pavement: tagged (page `Key:sidewalk`), or implied.

    Implied by a tagged limit of at most 50 km/h, that of built-up areas in most countries (`Default speed limits`), or
    by houses and side streets along it (`builtup.py`); that such streets have a pavement is an estimate.
    """
    sides = [tags.get(key) for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")]
    if any(side in ("both", "left", "right", "yes") for side in sides):
        return True
    if any(side in ("no", "none") for side in sides):
        return False
    limit = limit_kmh(tags.get("maxspeed", ""))
    return limit <= BUILT_UP_KMH if limit is not None else tags.get(BUILT_UP) == "yes"


def _pavement_elsewhere(tags: Mapping[str, str]) -> bool:
    """Return whether the pavement is a way of its own, beside this street (page `Tag:sidewalk=separate`)."""
    return "separate" in (tags.get("sidewalk"), tags.get("sidewalk:both"))
