"""Tests of layers that are laid when they are asked for."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

from doorstep.network.extract import read_extract
from doorstep.network.layers import Layers
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.network.streets import Streets

KARHULA = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"


def test_a_layer_is_laid_once_whatever_it_is_called_by() -> None:
    """A medium and its name are the same question, of which only the first is work."""
    asked = []

    def lay(medium: Medium) -> Sky:
        asked.append(medium)
        return Sky()

    layers = Layers([Medium.ROAD, Medium.FOOT], lay)
    assert layers["foot"] is layers[Medium.FOOT]  # type: ignore[index]
    assert asked == [Medium.FOOT]
    assert type(asked[0]) is Medium
    assert len(list(layers.values())) == len(layers) == 3
    assert asked == [Medium.FOOT, Medium.ROAD]
    with pytest.raises(KeyError):
        layers[Medium.PATH]


def test_a_fleeting_layer_is_not_kept() -> None:
    """A layer that is asked for in passing is laid anew each time, unless it was laid to stay."""
    layers = Layers([Medium.ROAD], lambda _: Sky())
    assert layers.fleeting(Medium.ROAD) is not layers.fleeting(Medium.ROAD)
    assert layers.fleeting(Medium.ROAD) is not layers[Medium.ROAD]
    assert layers.fleeting(Medium.ROAD) is layers[Medium.ROAD]


def test_a_map_travels_before_its_layers_are_laid() -> None:
    """Copies and pickles of a map lay the very layers that it would have laid."""
    network = read_extract(KARHULA)
    for twin in (pickle.loads(pickle.dumps(network)), copy.deepcopy(network)):  # noqa: S301  # our own
        one, other = network.layers[Medium.CYCLE], twin.layers[Medium.CYCLE]
        assert isinstance(one, Streets)
        assert isinstance(other, Streets)
        np.testing.assert_array_equal(one.edges.head, other.edges.head)
