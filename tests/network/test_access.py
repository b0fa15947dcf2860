"""Which way each medium may use."""

from __future__ import annotations

import pytest

from doorstep.network.access import limited_uses, street_uses
from doorstep.network.network import Medium

ROAD, CYCLE, PATH, FOOT = Medium.ROAD, Medium.CYCLE, Medium.PATH, Medium.FOOT
BOTH, FORWARD, BACKWARD, NEITHER = (True, True), (True, False), (False, True), (False, False)


def _uses(text: str) -> dict[Medium, tuple[bool, bool]]:
    return street_uses(dict(pair.split("=", 1) for pair in text.split()))


@pytest.mark.parametrize(
    ("tags", "users"),
    [
        ("highway=residential", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=service", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=living_street", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=motorway", {ROAD}),
        ("highway=trunk", {ROAD, CYCLE}),
        ("highway=trunk motorroad=yes", {ROAD}),
        ("highway=trunk sidewalk=both", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=trunk sidewalk=no maxspeed=50", {ROAD, CYCLE}),
        ("highway=trunk_link maxspeed=50", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=secondary", {ROAD, CYCLE, FOOT}),
        ("highway=secondary sidewalk=both", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=secondary maxspeed=50", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=secondary maxspeed=80", {ROAD, CYCLE, FOOT}),
        ("highway=secondary maxspeed=50 sidewalk=no", {ROAD, CYCLE, FOOT}),
        ("highway=residential sidewalk=separate", {ROAD, CYCLE, FOOT}),
        ("highway=footway", {PATH, FOOT}),
        ("highway=footway footway=crossing", {PATH, FOOT}),
        ("highway=footway bicycle=yes", {CYCLE, PATH, FOOT}),
        ("highway=pedestrian", {PATH, FOOT}),
        ("highway=cycleway", {CYCLE, PATH, FOOT}),
        ("highway=cycleway foot=no", {CYCLE}),
        ("highway=path", {CYCLE, FOOT}),
        ("highway=path foot=designated", {CYCLE, PATH, FOOT}),
        ("highway=path bicycle=no", {FOOT}),
        ("highway=track", {CYCLE, FOOT}),
        ("highway=track motor_vehicle=yes", {ROAD, CYCLE, FOOT}),
        ("highway=steps", {FOOT}),
        ("highway=steps bicycle=yes ramp=yes", {FOOT}),
        ("highway=elevator", {FOOT}),
        ("highway=platform", {FOOT}),
        ("highway=corridor", {FOOT}),
        ("highway=trail", {FOOT}),
        ("highway=construction", set()),
        ("highway=proposed foot=yes", set()),
        ("highway=raceway", set()),
        ("highway=bridleway", set()),
        ("highway=bridleway foot=yes", {FOOT}),
        ("highway=nonsense", set()),
        ("highway=residential access=private", set()),
        ("highway=residential access=no", set()),
        ("highway=residential access=no foot=yes", {PATH, FOOT}),
        ("highway=residential access=destination", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=residential motor_vehicle=no", {CYCLE, PATH, FOOT}),
        ("highway=residential vehicle=no", {PATH, FOOT}),
        ("highway=residential vehicle=no bicycle=yes", {CYCLE, PATH, FOOT}),
        ("highway=residential motor_vehicle=no goods=yes", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=residential goods=no", {CYCLE, PATH, FOOT}),
        ("highway=residential foot=no", {ROAD, CYCLE}),
        ("highway=footway access=yes", {PATH, FOOT}),
        ("highway=pedestrian area=yes", {PATH, FOOT}),
        ("highway=service area=yes", {PATH, FOOT}),
        ("highway=service service=emergency_access", {CYCLE, PATH, FOOT}),
        ("highway=primary bicycle=use_sidepath", {ROAD, FOOT}),
        ("highway=residential access=private;delivery", {ROAD, CYCLE, PATH, FOOT}),
        ("highway=residential motor_vehicle=agricultural;forestry", {CYCLE, PATH, FOOT}),
        ("route=ferry motor_vehicle=yes foot=yes", set()),
    ],
)
def test_who_may_use_a_way(tags: str, users: set[Medium]) -> None:
    """A way is open to the media that its tags name, and to no other."""
    assert {medium for medium, directions in _uses(tags).items() if any(directions)} == users


@pytest.mark.parametrize(
    ("tags", "road", "cycle"),
    [
        ("highway=residential oneway=yes", FORWARD, FORWARD),
        ("highway=residential oneway=1", FORWARD, FORWARD),
        ("highway=residential oneway=-1", BACKWARD, BACKWARD),
        ("highway=residential oneway=no", BOTH, BOTH),
        ("highway=residential oneway=reversible", NEITHER, NEITHER),
        ("highway=residential oneway=yes oneway:bicycle=no", FORWARD, BOTH),
        ("highway=residential oneway=yes cycleway=opposite", FORWARD, BOTH),
        ("highway=residential oneway=yes cycleway:left=opposite_lane", FORWARD, BOTH),
        ("highway=residential oneway=-1 oneway:bicycle=no", BACKWARD, BOTH),
        ("highway=residential oneway=yes oneway:bicycle=-1", FORWARD, BACKWARD),
        ("highway=residential oneway=yes cycleway=opposite_track", FORWARD, BOTH),
        ("highway=residential oneway=yes cycleway:right=opposite", FORWARD, BOTH),
        ("highway=residential oneway=yes cycleway=lane", FORWARD, FORWARD),
        ("highway=residential oneway=yes cycleway:left=lane", FORWARD, FORWARD),
        ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1", FORWARD, BOTH),
        ("highway=residential oneway=yes cycleway:right=track cycleway:right:oneway=-1", FORWARD, BOTH),
        ("highway=residential oneway=yes cycleway:right=track cycleway:right:oneway=no", FORWARD, BOTH),
        ("highway=residential oneway=yes cycleway:right=lane cycleway:right:oneway=yes", FORWARD, FORWARD),
        ("highway=residential oneway=yes cycleway:both=lane cycleway:left:oneway=-1", FORWARD, BOTH),
        ("highway=residential oneway=-1 cycleway:left=lane cycleway:left:oneway=-1", BACKWARD, BACKWARD),
        ("highway=residential oneway=-1 cycleway:left=lane cycleway:left:oneway=yes", BACKWARD, BOTH),
        ("highway=residential oneway=yes cycleway:left=separate cycleway:left:oneway=-1", FORWARD, FORWARD),
        ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=maybe", FORWARD, FORWARD),
        ("highway=residential oneway=yes cycleway:left:oneway=-1 oneway:bicycle=yes", FORWARD, FORWARD),
        ("highway=residential cycleway:left=lane cycleway:left:oneway=-1", BOTH, BOTH),
        ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1 bicycle=no", FORWARD, NEITHER),
        ("highway=residential oneway:motor_vehicle=yes", FORWARD, BOTH),
        ("highway=residential junction=roundabout", FORWARD, FORWARD),
        ("highway=residential junction=roundabout oneway=no", BOTH, BOTH),
        ("highway=residential motor_vehicle:backward=no", FORWARD, BOTH),
    ],
)
def test_directions(tags: str, road: tuple[bool, bool], cycle: tuple[bool, bool]) -> None:
    """One-ways bind vans and cycles, each by its own tags, and never people on foot or robots."""
    uses = _uses(tags)
    assert (uses[ROAD], uses[CYCLE], uses[PATH], uses[FOOT]) == (road, cycle, BOTH, BOTH)


def test_motorways_imply_one_direction() -> None:
    """A motorway without a word on it is one-way."""
    assert _uses("highway=motorway")[ROAD] == FORWARD


@pytest.mark.parametrize(
    "extra", ["", " foot=yes", " wheelchair=yes", " ramp=yes", " access=yes", " bicycle=designated"]
)
def test_robots_never_take_steps(extra: str) -> None:
    """No tag opens steps to a sidewalk robot."""
    assert _uses(f"highway=steps{extra}")[PATH] == NEITHER


@pytest.mark.parametrize(
    ("tags", "road", "cycle"),
    [
        ("highway=residential", NEITHER, NEITHER),
        ("highway=residential access=destination", BOTH, BOTH),
        ("highway=residential vehicle=destination", BOTH, BOTH),
        ("highway=residential motor_vehicle=destination", BOTH, NEITHER),
        ("highway=residential access=destination bicycle=yes", BOTH, NEITHER),
        ("highway=residential access=destination motor_vehicle=yes", NEITHER, BOTH),
        ("highway=residential motor_vehicle=no goods=delivery", BOTH, NEITHER),
        ("highway=service access=customers", BOTH, BOTH),
        ("highway=service access=destination;delivery", BOTH, BOTH),
        ("highway=residential access=destination motor_vehicle=no", NEITHER, BOTH),
        ("highway=residential vehicle:backward=destination", BACKWARD, BACKWARD),
        ("highway=residential access=private", NEITHER, NEITHER),
    ],
)
def test_streets_for_those_with_business_there(tags: str, road: tuple[bool, bool], cycle: tuple[bool, bool]) -> None:
    """A street for destination, delivery or customers is no through way for those whom the tag is about."""
    uses = limited_uses(dict(pair.split("=", 1) for pair in tags.split()))
    forward_open = {medium: tuple(map(bool, directions)) for medium, directions in uses.items()}
    assert forward_open == {ROAD: road, CYCLE: cycle}
