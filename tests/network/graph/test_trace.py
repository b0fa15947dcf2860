"""Lines of journeys over whole maps: as long as told, for every medium, searched or over prepared streets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from doorstep.network.extract import read_extract
from doorstep.network.grid import grid_town
from doorstep.network.network import Network, Pace
from doorstep.network.streets import Streets

SHARED = Path(__file__).parents[4] / "shared" / "osm"


def _check_lines(network: Network) -> None:
    """Assert that lines between places all over a map are as long as its tables say."""
    rng, (west, south, east, north) = np.random.default_rng(1), network.extent_m
    for layer in network.layers.values():
        if isinstance(layer, Streets):
            starts, ends = (layer.snap(rng.uniform((west, south), (east, north), (80, 2))) for _ in range(2))
            found = []
            for pace in (Pace(7.0, 1.3), Pace(7.0, 1.3)):
                told = np.diagonal(layer.legs(starts, ends, pace).distance_m)
                lines = layer.paths(starts, ends, pace)
                drawn = [np.hypot(*np.diff(line, axis=0).T).sum() for line in lines]
                np.testing.assert_allclose(drawn, told, rtol=1e-6, atol=1e-6)
                found.append(told)
                assert layer.hierarchy is not None  # and so prepared for the second time
            np.testing.assert_allclose(*found, rtol=1e-6)


def test_lines_of_a_made_up_town() -> None:
    """On the grid every line is as long as the table says."""
    _check_lines(grid_town(9, 7, 100.0, seed=3))


@pytest.mark.parametrize("name", ["monaco.osm.pbf", "campo-grande.osm.gz"])
def test_lines_of_real_towns(name: str) -> None:
    """So it is on real maps, with one-ways, bridges and streets that cross themselves."""
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not at hand")
    _check_lines(read_extract(SHARED / name))
