"""Speed limits and free speeds."""

from __future__ import annotations

import pytest

from doorstep.network.rules.speed import USUAL_KMH, free_speeds_mps, limit_kmh


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        (" 50 ", 50),
        ("50 km/h", 50),
        ("50mph", 80.4672),
        ("50 mph", 80.4672),
        ("10 knots", 18.52),
        ("50;30", 30),
        ("80|60|60", 60),
        ("none", 130),
        ("walk", 7),
        ("RO:urban", 50),
        ("50,5", 50.5),
        ("50,30", 30),
        ("200", 200),
        ("99999999", None),
        ("130 mph", None),
        ("RU:urban", 60),
        ("CH:rural", 80),
        ("DE:zone:30", 30),
        ("signals", None),
        ("variable", None),
        ("fast", None),
        ("-50", None),
        ("0", None),
        ("", None),
        ("urban", None),
    ],
)
def test_limits(text: str, kmh: float | None) -> None:
    """A value of maxspeed is read as the limit it states, and as none where it states none."""
    assert limit_kmh(text) == (kmh if kmh is None else pytest.approx(kmh))


def test_a_limit_is_driven_at_four_fifths() -> None:
    """A tagged limit counts in place of the usual speed of the class, in its own direction."""
    speeds = free_speeds_mps({"highway": "secondary", "maxspeed": "50", "maxspeed:backward": "30"})
    assert [speed * 3.6 for speed in speeds] == pytest.approx([40, 24])


def test_unreadable_limits_fall_back_on_the_class() -> None:
    """A limit that cannot be read leaves the usual speed of the class."""
    assert free_speeds_mps({"highway": "tertiary", "maxspeed": "signals"})[0] * 3.6 == pytest.approx(
        USUAL_KMH["tertiary"]
    )
