"""Access: which way each medium may use, and in which direction, by the tags of OpenStreetMap.

Page names are those of the OpenStreetMap wiki (wiki.openstreetmap.org/wiki/...). What is private is not used: whoever
lives there is served from the nearest street that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.network.network import Medium
from doorstep.network.rulebook import USUAL
from doorstep.network.rules import ferries, robots, sizes
from doorstep.network.rules.tags import (
    CYCLE,
    CYCLED,
    CYCLEWAYS,
    DRIVEN,
    FOOT,
    LIMITED,
    NEITHER,
    ONEWAYS,
    SAID,
    TRUNKS,
    UNRIDDEN,
    UNUSED,
    VAN,
    WALKED,
    both,
    directed,
    granted,
    signed,
    verdict_of,
)
from doorstep.network.rules.unread import CONDITIONAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorstep.network.rulebook import RuleBook
    from doorstep.network.rules.tags import Directions

    Tags = Mapping[str, str]

KEYS = frozenset(
    (
        *("highway", "area", "junction", "oneway", "oneway:bicycle", "oneway:foot", "oneway:motor_vehicle", "service"),
        *("motorroad", "lanes", *CYCLEWAYS, *(f"{key}:oneway" for key in CYCLEWAYS)),
        *("maxspeed", "maxspeed:forward", "maxspeed:backward"),
        *VAN,
        *CYCLE,
        *FOOT,
        *(f"{key}:{suffix}" for key in (*VAN[1:], "bicycle") for suffix in ("forward", "backward")),
        *sizes.KEYS,
        *robots.KEYS,
        *ferries.KEYS,
        *CONDITIONAL,
    ),
)
"""Every key that a rule here, the table of speeds or a note reads of a way."""


def street_uses(tags: Tags, rules: RuleBook = USUAL) -> dict[Medium, Directions]:
    """Return the directions in which each medium may use a way (page `Key:highway`)."""
    return {medium: rule(tags, rules) for medium, rule in RULES.items()}


def limited_uses(tags: Tags) -> dict[Medium, Directions]:
    """Return the directions in which vans and cycles have no through way (page `Tag:access=destination`).

    So it is with `delivery` and `customers`. Walkers and robots pass: such signs are put up against traffic (estimate).
    """
    if all(verdict_of(value) != LIMITED for key, value in tags.items() if key in _LIMITING):
        return dict.fromkeys(_OPEN_TO, NEITHER)
    found = {}
    for medium, (keys, classes) in _OPEN_TO.items():
        usual = tags.get("highway") in classes
        forward, backward = (granted(tags, keys, way, usual=usual) == LIMITED for way in ("forward", "backward"))
        found[medium] = forward, backward
    return found


def drive(tags: Tags, rules: RuleBook = USUAL) -> Directions:
    """Return where a van may go: roads and service roads, never a way kept from goods vehicles (page `Key:access`).

    Tracks only where motor vehicles are expressly let in; areas and emergency accesses never, nor what is too small.
    """
    if tags.get("area") == "yes" or tags.get("service") == "emergency_access" or _no_ferry(tags, rules):
        return NEITHER
    if sizes.keeps_out(tags, Medium.ROAD):
        return NEITHER
    return both(directed(tags, VAN, open_to_all=tags.get("highway") in DRIVEN), _oneway(tags))


def cycle(tags: Tags, rules: RuleBook = USUAL) -> Directions:
    """Return where a cargo bike or trike may go (pages `Key:bicycle`, `Tag:motorroad=yes`).

    Footways, pedestrian streets and bridleways only where bicycles are expressly let in; steps never. Ferries, where
    they are taken at all, carry bicycles unless they say no, and vans only if they say so (estimate).
    """
    if tags.get("area") == "yes" or tags.get("motorroad") == "yes" or tags.get("highway") in UNRIDDEN:
        return NEITHER
    if _no_ferry(tags, rules) or sizes.keeps_out(tags, Medium.CYCLE):
        return NEITHER
    usual = tags.get("highway") in CYCLED or ferries.is_ferry(tags)
    return both(directed(tags, CYCLE, open_to_all=usual), _oneway_cycle(tags))


def walk(tags: Tags, _rules: RuleBook = USUAL) -> Directions:
    """Return where people walk: all but motorways and trunk roads without a pavement (page `Key:foot`).

    Steps and lifts are included; trunk roads have a pavement where robots may take it to be there.
    """
    if tags.get("motorroad") == "yes" or tags.get("highway") in UNUSED - {"bridleway"} or ferries.is_ferry(tags):
        return NEITHER
    usual = tags.get("highway") in WALKED or (tags.get("highway") in TRUNKS and robots.has_pavement(tags))
    allowed = directed(tags, FOOT, open_to_all=usual)
    return both(allowed, signed(tags.get("oneway:foot"))) if "oneway:foot" in tags else allowed


RULES: Mapping[Medium, Callable[[Tags, RuleBook], Directions]] = {
    Medium.ROAD: drive,
    Medium.CYCLE: cycle,
    Medium.PATH: robots.roll,
    Medium.FOOT: walk,
}
_LANES = {key: f"{key}:oneway" for key in CYCLEWAYS}
_OF_LANES = frozenset((*_LANES, *_LANES.values()))
_NO_LANE = ("no", "none", "separate")
_LIMITING = SAID[VAN] | SAID[CYCLE]
_OPEN_TO = {Medium.ROAD: (VAN, DRIVEN), Medium.CYCLE: (CYCLE, CYCLED)}


def is_private(tags: Tags) -> bool:
    """Return whether a road is kept from vans by being private (page `Tag:access=private`)."""
    return tags.get("highway") in DRIVEN and "private" in map(tags.get, VAN) and not any(drive(tags))


def _no_ferry(tags: Tags, rules: RuleBook) -> bool:
    return ferries.is_ferry(tags) and not rules.ferries


def _oneway(tags: Tags) -> Directions:
    """Return the open directions for motor traffic (page `Key:oneway`)."""
    return signed(tags["oneway:motor_vehicle"]) if "oneway:motor_vehicle" in tags else _oneway_all(tags)


def _oneway_all(tags: Tags) -> Directions:
    """Return the open directions for all that rolls; roundabouts and motorways imply one (page `Key:junction`)."""
    said = tags.get("oneway")
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return signed("yes") if said is None and implied else signed(said)


def _oneway_cycle(tags: Tags) -> Directions:
    """Return the open directions for cycles (pages `Key:oneway:bicycle`, `Key:cycleway`, `Key:cycleway:right:oneway`).

    Lanes and tracks beside the street open the directions that they state; those drawn as ways of their own do not.
    """
    if "oneway:bicycle" in tags:
        return signed(tags["oneway:bicycle"])
    forward, backward = _oneway_all(tags)
    for key, key_of_way in _LANES.items() if not _OF_LANES.isdisjoint(tags) else ():
        lane, way = tags.get(key, ""), tags.get(key_of_way)
        lane_forward, lane_backward = signed(way) if way in ONEWAYS and lane not in _NO_LANE else NEITHER
        contrary = lane.startswith("opposite")
        forward, backward = forward or lane_forward or contrary, backward or lane_backward or contrary
    return forward, backward
