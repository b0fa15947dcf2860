"""Tests of limits of size."""

from __future__ import annotations

import math

import pytest

from doorstep.network.access import street_uses
from doorstep.network.network import Medium
from doorstep.network.rules.sizes import SIZES, keeps_out, metres, tonnes, unread

ROAD, CYCLE = Medium.ROAD, Medium.CYCLE


@pytest.mark.parametrize(
    ("text", "length_m"),
    [
        ("3.5", 3.5),
        ("3,5 m", 3.5),
        ("2 m", 2.0),
        ("350 cm", 3.5),
        ("0.01km", 10.0),
        ("6'7\"", 2.0066),
        ("6'", 1.8288),
        ("6 ft 7 in", 2.0066),
        ("14ft", 4.2672),
        ("6\u20327\u2033", 2.0066),
        ('80"', 2.032),
        ("default", math.inf),
        ("none", math.inf),
        ("below_default", math.inf),
        ("no_sign", math.inf),
        ("very low", None),
        ("-3", None),
        ("3.5 t", None),
        ("", None),
    ],
)
def test_lengths(text: str, length_m: float | None) -> None:
    """Metres, feet and inches are read, words that stand for no sign bind nobody, and nonsense is no length."""
    found = metres(text)
    assert (found is None) == (length_m is None)
    assert found is None or found == pytest.approx(length_m)


@pytest.mark.parametrize(
    ("text", "mass_t"),
    [
        ("7.5", 7.5),
        ("3.5 t", 3.5),
        ("2800 kg", 2.8),
        ("16000 lbs", 7.257_478),
        ("3 st", 2.721_554),
        ("none", math.inf),
        ("3 m", None),
        ("heavy", None),
    ],
)
def test_masses(text: str, mass_t: float | None) -> None:
    """Tonnes unless it says so; short tons and pounds too."""
    found = tonnes(text)
    assert (found is None) == (mass_t is None)
    assert found is None or found == pytest.approx(mass_t, rel=1e-6)


@pytest.mark.parametrize(
    ("tags", "kept_out"),
    [
        ("maxheight=2.5", {ROAD}),
        ("maxheight=1.8", {ROAD, CYCLE}),
        ("maxheight=2.8", set()),
        ("maxheight:physical=2.2", {ROAD}),
        ("maxheight=below_default", set()),
        ("maxwidth=2", {ROAD}),
        ("maxwidth:physical=0.9", {ROAD, CYCLE}),
        ("width=1.5", {ROAD}),
        ("est_width=3", set()),
        ("maxlength=5", {ROAD}),
        ("maxweight=3.5", set()),
        ("maxweight=2.8", {ROAD}),
        ("maxweight=300 kg", {ROAD, CYCLE}),
        ("maxweight=7.5 maxheight=2.1", {ROAD}),
        ("maxweightrating=2.8", {ROAD}),
        ("maxweightrating=3.5", set()),
        ("maxheight=low", set()),
        ("oneway=no", set()),
    ],
)
def test_who_is_too_large(tags: str, kept_out: set[Medium]) -> None:
    """A way that is too low, narrow, short or weak is closed to the vehicle, and to no other."""
    way = {"highway": "residential"} | dict(pair.split("=") for pair in tags.replace(" kg", "_kg").split())
    way = {key: value.replace("_kg", " kg") for key, value in way.items()}
    assert {medium for medium in SIZES if keeps_out(way, medium)} == kept_out
    uses = street_uses(way)
    assert {medium for medium in SIZES if not any(uses[medium])} == kept_out
    assert any(uses[Medium.FOOT])


def test_unreadable_limits_are_told() -> None:
    """Limits that cannot be read are named with their key."""
    way = {"maxheight": "low", "maxweight": "3 m", "maxwidth": "2"}
    assert unread(way) == ["maxheight=low", "maxweight=3 m"]
    assert unread({"highway": "service"}) == []
