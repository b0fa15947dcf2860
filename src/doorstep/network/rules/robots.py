"""Robots: where a sidewalk robot may go, each rule one function.

Page names are those of the OpenStreetMap wiki (wiki.openstreetmap.org/wiki/...). What nobody tagged (width, slope,
surface, kerbs) is taken to be fit, which is an estimate and flatters robots.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from doorstep.network.rulebook import USUAL
from doorstep.network.rules.sizes import WIDTH, metres
from doorstep.network.rules.speed import limit_kmh
from doorstep.network.rules.tags import FOOT, LINKS, NEITHER, QUIET, STREETS, YES, directed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorstep.network.rulebook import RobotRules, RuleBook
    from doorstep.network.rules.tags import Directions

    Tags = Mapping[str, str]

ROLLED = frozenset(("footway", "pedestrian", "cycleway", *QUIET))
"""Where a sidewalk robot may go whatever else is tagged; quiet streets stand for the pavement beside them.

Residential streets that are said to have none are left out, but where the rule book lets robots onto the carriageway.
"""
PAVED_BESIDE = frozenset(("unclassified", "road", "trunk", *STREETS, *LINKS)) - {"motorway_link"}
"""Streets that a robot uses only where a pavement is tagged, or implied by a limit of built-up areas."""
PAVED = ("both", "left", "right", "yes")
"""Values of `sidewalk` and its sides by which there is a pavement on the street itself."""
BUILT_UP = "doorstep:built_up"
"""A tag of our own, on streets that pass houses or meet residential streets."""
BUILT_UP_KMH = 50.0

ROUGH_SURFACES = frozenset(
    (
        *("sand", "mud", "dirt", "earth", "ground", "soil", "clay", "grass", "snow", "ice", "rock", "rocks", "stone"),
        *("stepping_stones", "pebblestone", "woodchips", "bark", "unhewn_cobblestone"),
    ),
)
"""Surfaces in which small wheels sink or stick (page `Key:surface`; that robots do is an estimate)."""
ROUGH = frozenset(("very_bad", "horrible", "very_horrible", "impassable"))
"""Beyond what ordinary wheels take (page `Key:smoothness`)."""
PLAIN = frozenset(
    (
        *("asphalt", "paved", "concrete", "concrete:plates", "paving_stones", "sett", "cobblestone", "metal", "wood"),
        *("unpaved", "compacted", "gravel", "fine_gravel", "grass_paver", "excellent", "good", "intermediate", "bad"),
    ),
)
"""Usual words of surface and smoothness that keep no robot out."""
KERB_M = {"flush": 0.0, "no": 0.0, "lowered": 0.03, "rolled": 0.03, "raised": 0.15}
"""Heights by kind (page `Key:kerb`: lowered about 3 cm, raised more; rolled are as easy; 15 cm is an estimate)."""
STEEP = 0.2
"""Of `incline=steep` (estimate)."""
_SLOPE = re.compile(r"[+-]?(\d+(?:[.,]\d+)?)\s*(%|°)?")

KEYS = (
    *("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right", "indoor", "crossing"),
    *("surface", "smoothness", "incline", "kerb", "kerb:height"),
)
_TELLING = frozenset((*WIDTH, "surface", "smoothness", "incline", "kerb", "kerb:height", "crossing"))
KERB_KEYS = ("kerb", "kerb:height")


def roll(tags: Tags, rules: RuleBook = USUAL) -> Directions:
    """Return where a sidewalk robot may go: footways, crossings, cycleways, quiet streets, pavements; never steps.

    A path counts where people on foot are expressly let in (pages `Tag:highway=footway`, `Key:sidewalk`).
    """
    return NEITHER if refusal(tags, rules.robot) else rolled(tags, rules.robot)


def rolled(tags: Tags, robot: RobotRules) -> Directions:
    """Return where a robot may go by class and access alone."""
    highway = tags.get("highway")
    if highway == "path":
        usable = tags.get("foot") in YES
    else:
        bare = highway == "residential" and _bare(tags)
        beside = (highway in PAVED_BESIDE and has_pavement(tags)) or (
            (highway in PAVED_BESIDE or bare) and _slow(tags, robot)
        )
        usable = ((highway in ROLLED and not bare) or beside) and not _pavement_elsewhere(tags)
    usable = usable and tags.get("motorroad") != "yes" and tags.get("indoor") != "yes"
    return directed(tags, FOOT, open_to_all=True) if usable else NEITHER


def refusal(tags: Tags, robot: RobotRules) -> str:
    """Return why a robot cannot go on a way, nothing if it can."""
    if tags.get("highway") != "steps" and _TELLING.isdisjoint(tags):
        return ""
    return next((why for why, rule in REFUSALS.items() if rule(tags, robot)), "")


def steps(tags: Tags, _robot: RobotRules) -> bool:
    """Return whether a way is steps, which no tag opens (page `Tag:highway=steps`)."""
    return tags.get("highway") == "steps"


def narrow(tags: Tags, robot: RobotRules) -> bool:
    """Return whether a way is too narrow (pages `Key:width`, `Key:maxwidth`)."""
    widths = [metres(tags[key]) for key in WIDTH if key in tags]
    return any(width is not None and width < robot.width_m for width in widths)


def steep(tags: Tags, robot: RobotRules) -> bool:
    """Return whether a way is too steep (page `Key:incline`); `up` and `down` say nothing of how much."""
    slope = slope_of(tags.get("incline", ""))
    return slope is not None and slope > robot.incline


def rough(tags: Tags, _robot: RobotRules) -> bool:
    """Return whether a way is unfit for small wheels (pages `Key:surface`, `Key:smoothness`)."""
    return tags.get("surface") in ROUGH_SURFACES or tags.get("smoothness") in ROUGH


def kerbed(tags: Tags, robot: RobotRules) -> bool:
    """Return whether a kerb is too high: on a crossing, or at a node (page `Key:kerb`); unknown ones are climbed."""
    told = metres(tags["kerb:height"]) if "kerb:height" in tags else None
    height_m = told if told is not None else KERB_M.get(tags.get("kerb", ""))
    return height_m is not None and height_m > robot.kerb_m


def uncrossed(tags: Tags, _robot: RobotRules) -> bool:
    """Return whether a street must not be crossed there (page `Key:crossing`)."""
    return tags.get("crossing") == "no"


REFUSALS: Mapping[str, Callable[[Tags, RobotRules], bool]] = {
    "steps": steps,
    "too narrow": narrow,
    "too steep": steep,
    "unfit surface": rough,
    "high kerb": kerbed,
    "no crossing": uncrossed,
}


def slope_of(text: str) -> float | None:
    """Return rise over run of a value of `incline`, None where it is not said; a bare number is a percentage."""
    if text == "steep":
        return STEEP
    found = _SLOPE.fullmatch(text.strip())
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    return math.tan(math.radians(min(number, 89.0))) if found[2] == "°" else number / 100


def has_pavement(tags: Tags) -> bool:
    """Return whether a street has a pavement: tagged (page `Key:sidewalk`), or implied.

    Implied by a tagged limit of at most 50 km/h, that of built-up areas in most countries (`Default speed limits`), or
    by houses and side streets along it (`builtup.py`); that such streets have a pavement is an estimate.
    """
    if any(side in PAVED for side in _sides(tags)):
        return True
    if _bare(tags):
        return False
    limit = limit_kmh(tags.get("maxspeed", ""))
    return limit <= BUILT_UP_KMH if limit is not None else tags.get(BUILT_UP) == "yes"


def _slow(tags: Tags, robot: RobotRules) -> bool:
    """Return whether the rule book lets robots onto the carriageway (page `Key:maxspeed`)."""
    limit = limit_kmh(tags.get("maxspeed", "")) if robot.roads_kmh > 0 else None
    return limit is not None and limit <= robot.roads_kmh


def _pavement_elsewhere(tags: Tags) -> bool:
    """Return whether the pavement is a way of its own, beside this street (page `Tag:sidewalk=separate`).

    So it is if that of one side is, and the other side has none on the street itself.
    """
    return "separate" in _sides(tags) and not any(side in PAVED for side in _sides(tags))


def _bare(tags: Tags) -> bool:
    """Return whether somebody says that a street has no pavement, or none on one side and says nothing of the other."""
    return any(side in ("no", "none") for side in _sides(tags)) and not any(
        side in (*PAVED, "separate") for side in _sides(tags)
    )


def _sides(tags: Tags) -> list[str | None]:
    """Return what is said of the pavements of a street (page `Key:sidewalk`)."""
    return [tags.get(key) for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")]
