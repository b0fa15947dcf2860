"""The made-up town."""

from __future__ import annotations

import numpy as np
import pytest

from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Pace


def test_it_says_that_it_is_made_up() -> None:
    """The town is flagged and named as made up, with every layer and doors of both kinds."""
    town = grid_town(8, 6, 120.0, seed=1)
    assert town.made_up
    assert "made-up" in town.origin
    assert set(town.layers) == set(Medium)
    assert 0 < town.doors.flat.sum() < len(town.doors.flat)
    assert len(town.lockers_m) == 1


def test_same_seed_same_town() -> None:
    """The same seed gives the same town, another one another."""
    one, same, other = (grid_town(6, 5, 100.0, seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(one.doors.xy_m, same.doors.xy_m)
    assert len(one.doors.xy_m) != len(other.doors.xy_m)


@pytest.mark.parametrize("medium", list(Medium))
def test_everybody_can_be_reached(medium: Medium) -> None:
    """Every door is near every layer, and can be reached from every other and left again."""
    town = grid_town(6, 5, 100.0, seed=2)
    layer = town.layers[medium]
    snaps = layer.snap(town.doors.xy_m)
    assert snaps.distance_m.max() < 60
    assert np.isfinite(layer.legs(snaps, snaps, Pace(5.0)).duration_s).all()


def test_steps_are_for_people_only() -> None:
    """The park's steps shorten the way on foot, and not the robot's."""
    town = grid_town(6, 5, 100.0, seed=2)
    column, row = 6 // 4, 5 // 4
    corner = np.array([[500_000 + 100 * (column + 1), 5_000_000 + 100 * row]], float)
    middle = corner + np.array([-50, 50])
    metres = {}
    for medium in (Medium.FOOT, Medium.PATH):
        layer = town.layers[medium]
        metres[medium] = layer.legs(layer.snap(corner), layer.snap(middle), Pace(1.0)).distance_m.item()
    assert metres[Medium.FOOT] == pytest.approx(np.hypot(50, 50))
    assert metres[Medium.PATH] == pytest.approx(100 + np.hypot(50, 50))


def test_smallest_town() -> None:
    """Even a town of one block holds together."""
    town = grid_town(1, 1, 80.0, seed=0)
    assert town.extent_m[2] - town.extent_m[0] == pytest.approx(80)
