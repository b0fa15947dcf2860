"""Places chosen from the map."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np

from doorstep.network.grid import grid_town
from doorstep.network.network import Doors, KnownRoadside, Medium, Network
from doorstep.scenario.siting import NEAR_M, demand_points, middle_of_demand, near_most_doors


@cache
def town() -> Network:
    """Return a town of 2 by 2 km."""
    return grid_town(10, 10, 200.0, 1)


def near(network: Network, places: np.ndarray) -> float:
    """Return how many homes lie near any of the places."""
    away = np.linalg.norm(network.doors.xy_m[:, None] - places[None, :], axis=2).min(axis=1)
    return float(network.doors.homes[away <= NEAR_M].sum())


def test_the_middle_lies_on_a_road_between_the_doors() -> None:
    """Half of the homes lie on each side of the middle, which touches the road."""
    network = town()
    place = middle_of_demand(network, 250)
    assert network.layers[Medium.ROAD].snap(place[None, :]).distance_m[0] < 0.01
    homes, total = network.doors.homes, network.doors.homes.sum()
    for axis in (0, 1):
        below = homes[network.doors.xy_m[:, axis] <= place[axis]].sum()
        assert 0.35 < below / total < 0.65


def test_the_first_locker_is_near_as_many_homes_as_any_place_could_be() -> None:
    """No door of the town has more homes near it than the first locker, but for what its way to the street costs."""
    network = town()
    places, gains = near_most_doors(network, 1, 250, np.empty((0, 2)))
    best = max(near(network, door[None, :]) for door in network.doors.xy_m[::7])
    assert gains[0] == near(network, places)
    assert gains[0] >= 0.9 * best


def test_further_lockers_bring_ever_fewer_homes_near() -> None:
    """Each locker brings no more homes near than the one before it, and all together as many as they say."""
    network = town()
    places, gains = near_most_doors(network, 4, 250, np.empty((0, 2)))
    assert len(places) == 4
    assert list(gains) == sorted(gains, reverse=True)
    assert gains.sum() == near(network, places)


def test_a_locker_that_stands_is_not_doubled() -> None:
    """A new locker does not go where one stands already."""
    network = town()
    first, gain = near_most_doors(network, 1, 250, np.empty((0, 2)))
    second, less = near_most_doors(network, 1, 250, first)
    assert np.linalg.norm(first - second) > NEAR_M / 2
    assert less[0] < gain[0]


def test_without_doors_streets_stand_in() -> None:
    """On a map without a single door, points of its streets are taken for the customers."""
    none = Doors(np.empty((0, 2)), np.empty(0, bool), np.empty(0))
    network = dataclasses.replace(town(), roadside=KnownRoadside(none, np.empty((0, 2))))
    xy, _, what = demand_points(network)
    assert what == "streets"
    assert len(xy) > 50
    assert middle_of_demand(network, 250) is not None
    assert len(near_most_doors(network, 3, 250, np.empty((0, 2)))[0]) == 3
