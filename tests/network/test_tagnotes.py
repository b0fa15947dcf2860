"""Tests of what is said of tags."""

from __future__ import annotations

import pytest

from doorstep.network.rulebook import RobotRules, RuleBook
from doorstep.network.tagnotes import tag_notes
from doorstep.network.ways import WayTags

STREET = {"highway": "residential"}


def said(*ways: dict[str, str], rules: RuleBook | None = None) -> str:
    """Return all notes on some ways."""
    return "\n".join(tag_notes(WayTags.of([tuple(way.items()) for way in ways]), rules or RuleBook()))


@pytest.mark.parametrize("lanes", ["-1", "0", "many", "2;-3", ""])
def test_lanes_that_cannot_be(lanes: str) -> None:
    """Numbers of lanes that cannot be are named."""
    assert f"1 number of lanes that cannot be; no rule needs it: {lanes!r} (1)" in said(STREET | {"lanes": lanes})


@pytest.mark.parametrize("lanes", ["1", "2", "1.5", "2;3", "12"])
def test_lanes_that_can_be(lanes: str) -> None:
    """Usual numbers of lanes are no matter."""
    assert "lanes" not in said(STREET | {"lanes": lanes})


def _notes(*limits: str) -> list[str]:
    told = tag_notes(WayTags.of([(("highway", "residential"), ("maxspeed", limit)) for limit in limits]))
    return [note for note in told if not note.startswith("path:")]


def test_limits_in_words_are_told_as_read() -> None:
    """A limit that is no plain number is said with what it is read as, however often it is there."""
    notes = _notes("RO:urban", "RO:urban", "none", "walk", "50;30", "50 mph", "30")
    assert "7 of 7 ways for vans with a readable speed limit" in notes[0]
    told = "'RO:urban' as 50 km/h (2), 'none' as 130 km/h (1), 'walk' as 7 km/h (1), '50;30' as 30 km/h (1)"
    assert notes[1:] == [f"5 speed limits not a plain number, read so: {told}"]


@pytest.mark.parametrize("limit", ["-30", "0", "signals", "fast", "NaN", "1e9", "DE:", "km/h"])
def test_limits_that_state_nothing_are_told(limit: str) -> None:
    """A limit that cannot be read is said to count as unstated, and is not read in any other way."""
    assert _notes(limit)[1:] == [f"1 speed limit that cannot be read and so taken as unstated: {limit!r} (1)"]


def test_small_ways() -> None:
    """Ways closed to a vehicle by nothing but its size are counted, and limits that cannot be read are named."""
    footway = {"highway": "footway", "width": "0.5"}
    told = said(STREET | {"maxheight": "2.1"}, STREET | {"maxweight": "0.3"}, STREET | {"maxwidth": "wide"}, footway)
    assert "road: 2 ways too low, narrow, short or weak for a vehicle 2.8 m high" in told
    assert "cycle: 1 way" in told
    assert "1 limit of size that cannot be read, binding nobody: 'maxwidth=wide' (1)" in told


def test_private_roads() -> None:
    """Private roads are counted, with what happens to doors there; those open to goods are not private."""
    private = STREET | {"access": "private"}
    told = said(private, STREET | {"motor_vehicle": "private"}, private | {"goods": "yes"}, STREET)
    assert "road: 2 private roads not used" in told


def test_robots() -> None:
    """The limits of robots are told with the number of ways that each rule refuses."""
    told = said({"highway": "steps"}, {"highway": "footway", "width": "0.5"}, {"highway": "motorway", "width": "0.5"})
    assert "need 0.8 m, slopes up to 15 % and kerbs up to 3 cm: steps (1), too narrow (1);" in told
    assert "carriageways" not in told
    assert "at most 30 km/h" in said(STREET, rules=RuleBook(robot=RobotRules(roads_kmh=30)))
