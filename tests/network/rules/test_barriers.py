"""Which medium cannot pass a barrier."""

from __future__ import annotations

import pytest

from doorstep.network.network import Medium
from doorstep.network.rules.barriers import barrier_stops

ROAD, CYCLE, PATH, FOOT = Medium.ROAD, Medium.CYCLE, Medium.PATH, Medium.FOOT


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, {ROAD}),
        ({"barrier": "bollard", "access": "yes"}, {ROAD}),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, set()),
        ({"barrier": "gate"}, set()),
        ({"barrier": "gate", "access": "private"}, {ROAD, CYCLE, PATH, FOOT}),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, {ROAD, CYCLE}),
        ({"barrier": "cycle_barrier"}, {ROAD, CYCLE}),
        ({"barrier": "stile"}, {ROAD, CYCLE, PATH}),
        ({"barrier": "never heard of"}, {ROAD}),
        ({"barrier": "height_restrictor", "maxheight": "2.1"}, {ROAD}),
        ({"barrier": "height_restrictor", "maxheight": "3"}, set()),
        ({"barrier": "bollard", "bicycle": "yes", "maxwidth:physical": "0.8"}, {ROAD, CYCLE}),
        ({"barrier": "bollard", "width": "0.2"}, {ROAD}),
        ({"maxweight": "2"}, {ROAD}),
        ({"barrier": "kerb", "kerb": "raised"}, set()),
    ],
)
def test_who_is_stopped(tags: dict[str, str], stopped: set[Medium]) -> None:
    """A barrier stops the media that cannot pass it, unless it lets them in by name."""
    assert barrier_stops(tags) == stopped
