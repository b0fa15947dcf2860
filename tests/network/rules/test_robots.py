"""Tests of where sidewalk robots go."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import InputError
from doorstep.network.access import walk
from doorstep.network.extract import read_extract
from doorstep.network.network import Medium
from doorstep.network.osm.crop import E7, read_crop
from doorstep.network.rulebook import USUAL, RobotRules, RuleBook
from doorstep.network.rules.barriers import kerb_stops
from doorstep.network.rules.robots import PLAIN, REFUSALS, ROUGH, ROUGH_SURFACES, refusal, roll, slope_of
from doorstep.network.rules.tags import KNOWN
from doorstep.network.streets import lay_streets
from doorstep.network.ways import Survey, tabulate_ways

if TYPE_CHECKING:
    from collections.abc import Callable

HELSINKI = Path(__file__).parents[3] / "scenarios" / "data" / "helsinki-centre.osm.pbf"
FOOTWAY = {"highway": "footway"}


def rules(**limits: float) -> RuleBook:
    """Return a rule book with other limits for robots."""
    return replace(USUAL, robot=RobotRules(**limits))


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"highway": "steps"}, "steps"),
        ({"width": "0.7"}, "too narrow"),
        ({"width": "0.8"}, ""),
        ({"maxwidth:physical": "0.5"}, "too narrow"),
        ({"width": "narrow"}, ""),
        ({"incline": "16%"}, "too steep"),
        ({"incline": "-16 %"}, "too steep"),
        ({"incline": "10°"}, "too steep"),
        ({"incline": "8°"}, ""),
        ({"incline": "up"}, ""),
        ({"incline": "steep"}, "too steep"),
        ({"surface": "sand"}, "unfit surface"),
        ({"surface": "gravel"}, ""),
        ({"smoothness": "very_bad"}, "unfit surface"),
        ({"smoothness": "bad"}, ""),
        ({"kerb": "raised"}, "high kerb"),
        ({"kerb": "lowered"}, ""),
        ({"kerb": "flush"}, ""),
        ({"kerb": "yes"}, ""),
        ({"kerb": "raised", "kerb:height": "2 cm"}, ""),
        ({"kerb": "lowered", "kerb:height": "0.05"}, "high kerb"),
        ({"footway": "crossing", "crossing": "no"}, "no crossing"),
        ({"footway": "crossing", "crossing": "zebra"}, ""),
    ],
)
def test_why_a_way_is_refused(tags: dict[str, str], why: str) -> None:
    """Each rule refuses what its tag page calls unfit, and nothing that is not said."""
    way = FOOTWAY | tags
    assert refusal(way, USUAL.robot) == why
    assert any(roll(way)) == (not why)


@pytest.mark.parametrize(
    ("sides", "open_"),
    [
        ({"sidewalk": "separate"}, False),
        ({"sidewalk:both": "separate"}, False),
        ({"sidewalk:left": "separate", "sidewalk:right": "separate"}, False),
        ({"sidewalk:left": "separate", "sidewalk:right": "no"}, False),
        ({"sidewalk:left": "separate"}, False),
        ({"sidewalk:left": "separate", "sidewalk:right": "yes"}, True),
        ({"sidewalk": "left"}, True),
    ],
)
def test_where_the_pavement_is_a_way_of_its_own(sides: dict[str, str], open_: bool) -> None:
    """Robots take the pavement that is drawn beside a quiet street, unless the other side has one on the street."""
    assert any(roll({"highway": "residential"} | sides)) == open_


@pytest.mark.parametrize("said", [{"sidewalk": "no"}, {"sidewalk": "none"}, {"sidewalk:both": "no"}])
def test_a_residential_street_without_pavement_is_a_carriageway(said: dict[str, str]) -> None:
    """Where no pavement is, robots use the street only at a limit up to which the rule book lets them."""
    way = {"highway": "residential", "maxspeed": "30"} | said
    assert not any(roll(way))
    assert any(roll(way, rules(roads_kmh=30)))
    assert not any(roll(way, rules(roads_kmh=20)))
    assert any(roll({"highway": "living_street"} | said))


def test_limits_are_those_of_the_rule_book() -> None:
    """Another robot has other limits."""
    for way, limit in (
        ({"width": "0.7"}, {"width_m": 0.6}),
        ({"incline": "16%"}, {"incline": 0.2}),
        ({"kerb": "raised"}, {"kerb_m": 0.2}),
    ):
        assert not any(roll(FOOTWAY | way))
        assert all(roll(FOOTWAY | way, rules(**limit)))


@pytest.mark.parametrize("limit", [-0.1, math.nan, math.inf, "0.8 m", True, None])
def test_limits_are_numbers_of_nought_or_more(limit: Any) -> None:
    """Every limit of a rule book that is no number, or below nought, is told by its name."""
    with pytest.raises(InputError) as told:
        RobotRules(width_m=limit, kerb_m=limit)
    assert [fault.where for fault in told.value.faults] == ["robot rules, width_m", "robot rules, kerb_m"]


def test_carriageways_only_where_the_rule_book_lets() -> None:
    """A road without a pavement is open up to the limit of the rule book, by default none; motorroads never."""
    road = {"highway": "tertiary", "sidewalk": "no", "maxspeed": "30"}
    slow = rules(roads_kmh=30)
    assert not any(roll(road))
    assert all(roll(road, slow))
    assert not any(roll(road | {"maxspeed": "50"}, slow))
    assert not any(roll({"highway": "tertiary", "sidewalk": "no"}, slow))
    assert not any(roll(road | {"motorroad": "yes"}, slow))


def test_words_left_out_keep_nobody_out() -> None:
    """The words of surfaces that the reader leaves out are those that no rule refuses."""
    assert not PLAIN & (ROUGH_SURFACES | ROUGH)


def test_slopes() -> None:
    """A slope is a percentage, or an angle."""
    assert slope_of("10%") == slope_of("-10") == 0.1
    assert slope_of("45°") == pytest.approx(1.0)
    assert slope_of("down") is None


KEYS = (
    "foot",
    "wheelchair",
    "ramp",
    "access",
    "bicycle",
    "sidewalk",
    "width",
    "incline",
    "surface",
    "kerb",
    "maxspeed",
)
WORDS = ("yes", "no", "designated", "both", "5", "2 %", "asphalt", "flush", "30", "permissive")


@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(WORDS)),
    st.builds(RobotRules, *(st.floats(0, 99) for _ in range(4))),
)
def test_no_tag_opens_steps(tags: dict[str, str], robot: RobotRules) -> None:
    """Whatever else is tagged, and whatever the robot, steps are closed to it."""
    assert roll(tags | {"highway": "steps"}, RuleBook(robot=robot)) == (False, False)


@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(WORDS)),
    st.sampled_from(("footway", "residential", "path", "tertiary", "cycleway", "steps")),
)
def test_a_rule_only_takes_away(tags: dict[str, str], highway: str) -> None:
    """What one rule refuses is closed, whatever the others say."""
    way = tags | {"highway": highway}
    if any(rule(way, USUAL.robot) for rule in REFUSALS.values()):
        assert not any(roll(way))


@given(
    st.dictionaries(st.sampled_from((*KEYS, "motorroad", "sidewalk:left")), st.sampled_from((*WORDS, "private", "50"))),
    st.sampled_from(sorted(KNOWN)),
)
def test_no_robot_where_nobody_may_walk(tags: dict[str, str], highway: str) -> None:
    """A robot that keeps off carriageways goes nowhere that is closed to people on foot."""
    way = tags | {"highway": highway}
    assert any(walk(way)) or not any(roll(way))


def test_no_robot_on_steps_of_a_city() -> None:
    """Not one segment of the steps of Helsinki is in the layer of robots."""
    crop = read_crop(HELSINKI).streets
    steps = [way for way, kind in enumerate(crop.tags.kind) if ("highway", "steps") in crop.tags.rows[kind]]
    assert len(steps) > 50
    degrees = crop.place / E7
    table = tabulate_ways(Survey(degrees, crop.first, crop.node, crop.tags))
    edges = lay_streets(table, Medium.PATH).edges
    begins = np.ones(len(edges.point_xy_m), bool)
    begins[edges.first[1:] - 1] = False
    at = np.flatnonzero(begins)
    used = {
        frozenset(map(tuple, pair)) for pair in np.stack([edges.point_xy_m[at], edges.point_xy_m[at + 1]], 1).tolist()
    }
    for way in steps:
        line = degrees[crop.node[crop.first[way] : crop.first[way + 1]]].tolist()
        assert not used & {frozenset(map(tuple, pair)) for pair in pairwise(line)}


def test_kerbs_of_nodes() -> None:
    """A raised kerb stops a robot, a lowered one and one of unknown height do not."""
    assert kerb_stops({"barrier": "kerb", "kerb": "raised"}, USUAL)
    assert not kerb_stops({"barrier": "kerb", "kerb": "raised"}, rules(kerb_m=0.2))
    assert not kerb_stops({"barrier": "kerb"}, USUAL)
    assert not kerb_stops({"highway": "crossing", "kerb": "lowered"}, USUAL)


def test_a_kerb_bars_the_crossing_and_not_the_street(osm_file: Callable[..., Path]) -> None:
    """A raised kerb at a crossing stops who crosses, not who goes along the street; that is said."""
    step = 0.001
    nodes = [(k, 9.0, 50.0 + k * step, {}) for k in range(1, 4)]
    nodes[1] = (2, 9.0, 50.0 + 2 * step, {"highway": "crossing", "kerb": "raised"})
    nodes += [(4, 9.001, 50.0 + 2 * step, {}), (5, 8.999, 50.0 + 2 * step, {})]
    street = (1, [1, 2, 3], {"highway": "residential"})
    crossing = (2, [4, 2, 5], {"highway": "footway", "footway": "crossing"})
    path = osm_file(nodes, [street, crossing])
    network = read_extract(path)
    robots, walkers = network.layers[Medium.PATH], network.layers[Medium.FOOT]
    assert robots.edges.length_m.sum() == pytest.approx(2 * 111.2, rel=0.01)  # type: ignore[attr-defined]
    assert walkers.edges.length_m.sum() == pytest.approx(2 * 111.2 + 2 * 71.7, rel=0.01)  # type: ignore[attr-defined]
    assert any("path: 1 kerb is too high" in note for note in network.notes)
    climbing = read_extract(path, rules(kerb_m=0.2)).layers[Medium.PATH]
    assert climbing.edges.length_m.sum() == pytest.approx(walkers.edges.length_m.sum())  # type: ignore[attr-defined]
