"""Tests of travel: times and lengths between hubs, lockers and orders, off the map and beyond it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from plain import Plain, order, plain

from doorstep.network.network import Medium, Network, Snaps
from doorstep.planning.problem import FAR
from doorstep.planning.task.tables import tabulate
from doorstep.planning.task.travel import Travel
from doorstep.scenario.scenario import Hub, Scenario, Stem

HUB, SQUARE, NEAR, FAR_OFF = range(4)


@dataclass(frozen=True)
class Straying(Plain):
    """A layer that ends 100 m short of one place."""

    def snap(self, xy_m: np.ndarray) -> Snaps:
        """Return the places, one of which lies off the layer."""
        found = Plain.snap(self, xy_m)
        return replace(found, distance_m=np.where(found.xy_m[:, 0] == 600, 100.0, 0.0))


def scenario(**numbers: object) -> Scenario:
    """Return a plain with a hub at 2 km, a locker in the middle, and orders at 600 m and 4 km."""
    return replace(plain((order("near", 600), order("far", 4000))), **numbers)


STEM = Stem(gate_x_m=1000, gate_y_m=0, length_m=5000, duration_s=400)


def test_ways_are_whole_and_never_too_short() -> None:
    """Times and lengths are rounded up, and traffic slows the way but does not lengthen it."""
    duration_s, distance_m = Travel(scenario(traffic_factor=1.5)).table(Medium.ROAD, 9)
    assert distance_m[HUB].tolist() == [0, 2000, 1400, 2000]
    assert duration_s[HUB].tolist() == [0, 334, 234, 334]
    assert duration_s.dtype == np.int32


def test_a_stem_lies_between_hub_and_gate() -> None:
    """From a hub beyond the map the stem is driven first and last, and no way between others knows of it."""
    hubs = {"hub": Hub("hub", 9000, 9000, STEM)}
    duration_s, distance_m = Travel(scenario(hubs=hubs, traffic_factor=2)).table(Medium.ROAD, 20)
    assert distance_m[HUB].tolist() == [0, 6000, 5400, 8000]
    assert distance_m[:, HUB].tolist() == [0, 6000, 5400, 8000]
    assert duration_s[HUB].tolist() == [0, 800 + 100, 800 + 40, 800 + 300]
    assert distance_m[NEAR, FAR_OFF] == 3400
    assert duration_s[NEAR, FAR_OFF] == 340


def test_a_slow_vehicle_takes_longer_on_the_stem() -> None:
    """No vehicle goes along the stem faster than it can."""
    duration_s, _ = Travel(scenario(hubs={"hub": Hub("hub", 9000, 9000, STEM)})).table(Medium.ROAD, 5)
    assert duration_s[HUB, SQUARE] == 1000 + 200


def test_whoever_flies_needs_no_stem() -> None:
    """Through the air the way begins at the hub itself."""
    duration_s, distance_m = Travel(scenario(hubs={"hub": Hub("hub", 2000, 1500, STEM)})).table(Medium.AIR, 10)
    assert distance_m[HUB, SQUARE] == 2500
    assert duration_s[HUB, SQUARE] == 250


@pytest.mark.parametrize(("limit_m", "reached"), [(99, False), (100, True)])
def test_a_place_off_the_layer_is_not_reached(limit_m: float, reached: bool) -> None:
    """A place farther from the layer than the limit has no way to or from it, not even its own; others keep theirs."""
    network: Network = replace(scenario().network, layers=dict.fromkeys(Medium, Straying()))
    travel = Travel(scenario(network=network, snap_limit_m=limit_m))
    for table in travel.table(Medium.ROAD, 10):
        assert ((table[NEAR] < FAR).all(), (table[:, NEAR] < FAR).all()) == (reached, reached)
        assert (np.delete(np.delete(table, NEAR, 0), NEAR, 1) < FAR).all()
    assert travel.strays(Medium.ROAD).tolist() == [0, 0, 100, 0]
    assert np.isfinite(travel.walks()[:, 0]).tolist() == [reached, True]


def test_a_place_off_the_layer_has_no_say_about_ways() -> None:
    """An order farther from the streets than may be is refused for that alone, as no way to it was looked for."""
    network: Network = replace(scenario().network, layers=dict.fromkeys(Medium, Straying()))
    problem = tabulate(scenario(network=network, snap_limit_m=99), "courier")
    (near,) = np.flatnonzero((problem.option_order == 0) & (problem.option_site == NEAR))[:1]
    broken = [v.rule for v in problem.fleets[0].verdicts if not v.needs[near] <= v.has[near]]
    assert broken == ["snap"]
