"""What reading the tags of ways takes for granted is said."""

from __future__ import annotations

import pytest

from doorstep.network.ways import tag_notes


def _notes(*limits: str) -> list[str]:
    return tag_notes([(("highway", "residential"), ("maxspeed", limit)) for limit in limits])


def test_limits_in_words_are_told_as_read() -> None:
    """A limit that is no plain number is said with what it is read as, however often it is there."""
    notes = _notes("RO:urban", "RO:urban", "none", "walk", "50;30", "50 mph", "30")
    assert "7 of 7 ways for motor traffic state a readable speed limit" in notes[0]
    told = "'RO:urban' as 50 km/h (2), 'none' as 130 km/h (1), 'walk' as 7 km/h (1), '50;30' as 30 km/h (1)"
    assert notes[1:] == [f"5 speed limits are not plain numbers, and read so: {told}"]


@pytest.mark.parametrize("limit", ["-30", "0", "signals", "fast", "NaN", "1e9", "DE:", "km/h"])
def test_limits_that_state_nothing_are_told(limit: str) -> None:
    """A limit that cannot be read is said to count as unstated, and is not read in any other way."""
    assert _notes(limit)[1:] == [f"1 speed limits cannot be read and count as unstated: {limit!r} (1)"]
