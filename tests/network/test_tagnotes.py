"""Tests of what is said of tags."""

from __future__ import annotations

import pytest

from doorstep.network.rulebook import RobotRules, RuleBook
from doorstep.network.tagnotes import tag_notes

STREET = {"highway": "residential"}


def said(*ways: dict[str, str], rules: RuleBook | None = None) -> str:
    """Return all notes on some ways."""
    return "\n".join(tag_notes([tuple(way.items()) for way in ways], rules or RuleBook()))


@pytest.mark.parametrize("lanes", ["-1", "0", "many", "2;-3", ""])
def test_lanes_that_cannot_be(lanes: str) -> None:
    """Numbers of lanes that cannot be are named."""
    assert f"1 ways state numbers of lanes that cannot be; no rule needs them: {lanes!r} (1)" in said(
        STREET | {"lanes": lanes}
    )


@pytest.mark.parametrize("lanes", ["1", "2", "1.5", "2;3", "12"])
def test_lanes_that_can_be(lanes: str) -> None:
    """Usual numbers of lanes are no matter."""
    assert "lanes" not in said(STREET | {"lanes": lanes})


def test_speeds_in_words() -> None:
    """Limits told in words are named with the number they stand for; numbers are not."""
    limits = ["none", "walk", "RO:urban", "50 mph", "30", "DE:zone:30"]
    told = said(*(STREET | {"maxspeed": text} for text in limits))
    for words in ("'none as 130 km/h' (1)", "'walk as 7 km/h' (1)", "'RO:urban as 50 km/h' (1)", "4 speed limits are"):
        assert words in told
    assert "mph" not in told


def test_small_ways() -> None:
    """Ways closed to a vehicle by nothing but its size are counted, and limits that cannot be read are named."""
    footway = {"highway": "footway", "width": "0.5"}
    told = said(STREET | {"maxheight": "2.1"}, STREET | {"maxweight": "0.3"}, STREET | {"maxwidth": "wide"}, footway)
    assert "road: 2 ways are too low, narrow, short or weak for a vehicle 2.8 m high" in told
    assert "cycle: 1 ways" in told
    assert "1 limits of size cannot be read and do not bind: 'maxwidth=wide' (1)" in told


def test_private_roads() -> None:
    """Private roads are counted, with what happens to doors there; those open to goods are not private."""
    private = STREET | {"access": "private"}
    told = said(private, STREET | {"motor_vehicle": "private"}, private | {"goods": "yes"}, STREET)
    assert "road: 2 roads are private and not used" in told


def test_robots() -> None:
    """The limits of robots are told with the number of ways that each rule refuses."""
    told = said({"highway": "steps"}, {"highway": "footway", "width": "0.5"}, {"highway": "motorway", "width": "0.5"})
    assert "need 0.8 m, slopes up to 15 % and kerbs up to 3 cm: steps (1), too narrow (1);" in told
    assert "carriageways" not in told
    assert "at most 30 km/h" in said(STREET, rules=RuleBook(robot=RobotRules(roads_kmh=30)))
