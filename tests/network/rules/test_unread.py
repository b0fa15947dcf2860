"""Tests of rules that nobody keeps to, and that are told."""

from __future__ import annotations

import pytest

from doorstep.network.rules.unread import unread_notes


def said(*ways: dict[str, str]) -> str:
    """Return all notes on some ways."""
    return "\n".join(unread_notes([({"highway": "residential"} | way, 1) for way in ways]))


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ({"maxspeed:conditional": "30 @ (22:00-06:00)"}, "1 rule for some hours or vehicles"),
        ({"motor_vehicle:conditional": "no @ (10:00-18:00)"}, "'motor_vehicle:conditional' (1)"),
        ({"access": "unbekannt"}, "1 unknown word of access, changing nothing: 'access=unbekannt' (1)"),
        ({"bicycle:forward": "maybe"}, "'bicycle:forward=maybe' (1)"),
        ({"oneway": "maybe"}, "1 unknown word of one-ways, open in both directions"),
        ({"incline": "1:5"}, "path: 1 unreadable tag of slope or kerb, stopping no robot: 'incline=1:5' (1)"),
        ({"kerb:height": "low"}, "'kerb:height=low' (1)"),
        ({"kerb": "strange"}, "'kerb=strange' (1)"),
    ],
)
def test_what_nobody_keeps_to_is_told(way: dict[str, str], words: str) -> None:
    """A rule that no mode keeps to, or that cannot be read, is named with its words."""
    assert words in said(way)


@pytest.mark.parametrize(
    "way",
    [
        {
            "access": "yes",
            "bicycle": "designated;permissive",
            "foot": "use_sidepath",
            "vehicle": "destination;delivery",
        },
        {"oneway": "-1", "oneway:bicycle": "no"},
        {"oneway": "reversible"},
        {"incline": "up"},
        {"incline": "-12 %"},
        {"kerb": "lowered", "kerb:height": "2 cm"},
        {},
    ],
)
def test_what_is_read_is_not_told(way: dict[str, str]) -> None:
    """Words that a rule knows are no matter."""
    assert said(way) == ""


def test_ways_that_are_no_streets_are_no_matter() -> None:
    """What is written on a street that is still being built concerns nobody."""
    assert said({"highway": "construction", "oneway": "maybe"}) == ""
