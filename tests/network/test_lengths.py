"""Lines on the map are as long as the tables say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.network.extract import read_extract
from doorstep.network.hours.departures import journey_lines, journeys
from doorstep.network.network import Medium, Network, Pace
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.streets import Streets
from doorstep.network.traffic import DAY_S, Traffic, load_traffic

DATA = Path(__file__).parents[2] / "scenarios" / "data"
MAPS = ("karhula.osm.pbf", "helsinki-centre.osm.pbf")
SPEED_MPS = {Medium.ROAD: 25.0, Medium.CYCLE: 6.0, Medium.PATH: 1.6, Medium.FOOT: 1.3}
SHARE = 0.005
"""What lines may differ from tables by."""


@cache
def shipped(name: str) -> Network:
    """Return a shipped map, read once."""
    return read_extract(DATA / name)


def lengths_m(lines: list[np.ndarray]) -> np.ndarray:
    return np.array([np.hypot(*np.diff(line, axis=0).T).sum() for line in lines])


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("medium", list(SPEED_MPS))
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), jam=st.sampled_from([0.0, 0.5, 4.0]), prepared=st.booleans())
def test_lines_are_as_long_as_the_tables_say(name: str, medium: Medium, seed: int, jam: float, prepared: bool) -> None:
    """For every mode, in free flow and in traffic, prepared or not, lines are as long as told, from place to place."""
    rng = np.random.default_rng(seed)
    network = shipped(name)
    streets = network.layers[medium]
    if prepared:
        streets.hierarchy  # noqa: B018 - made at its first use
    else:
        streets = Streets(medium, streets.edges, streets.left_out_parts, streets.left_out_m)
    west, south, east, north = network.extent_m
    places = streets.snap(rng.uniform((west, south), (east, north), (14, 2)))
    factor: float | tuple[float, ...] = tuple(rng.uniform(1, 1 + jam, len(CLASS_NAMES)).tolist()) if jam else 1.0
    pace = Pace(SPEED_MPS[medium], factor)
    told_m = np.diag(streets.legs(places, places, pace).distance_m[:, ::-1])
    back = type(places)(places.xy_m[::-1], places.distance_m[::-1], places.edge[::-1], places.share[::-1])
    lines = streets.paths(places, back, pace)
    np.testing.assert_allclose(lengths_m(lines), told_m, rtol=SHARE, atol=0.01)
    for k, line in enumerate(lines):
        np.testing.assert_allclose(line[[0, -1]], [places.xy_m[k], back.xy_m[k]], atol=0.01)


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("medium", list(SPEED_MPS))
def test_lines_by_the_clock_are_as_long_as_journeys_say(name: str, medium: Medium) -> None:
    """Under traffic by the hour, too, drawn journeys of every mode have the length that is told."""
    rng = np.random.default_rng(11)
    network = shipped(name)
    streets = network.layers[medium]
    west, south, east, north = network.extent_m
    ends = [streets.snap(rng.uniform((west, south), (east, north), (8, 2))) for _ in range(2)]
    clocks = rng.uniform(0, DAY_S, 8)
    jam = rng.uniform(1, 5, (24, len(CLASS_NAMES)))
    for traffic in (load_traffic("european-city"), Traffic("jam", np.arange(25) * 3600.0, jam)):
        told = journeys(streets, *ends, SPEED_MPS[medium], traffic, clocks)
        lines = journey_lines(streets, *ends, SPEED_MPS[medium], traffic, clocks)
        k = np.arange(8)
        np.testing.assert_allclose(lengths_m(list(lines)), told.distance_m[k, k, k], rtol=SHARE, atol=0.01)
