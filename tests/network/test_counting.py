"""Tests of numbers of things in notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from doorstep.network.counting import counted
from doorstep.network.extract import read_extract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_one_and_many() -> None:
    """Only one thing stands in the singular, verb and all."""
    assert [counted(n, "way") for n in range(3)] == ["0 ways", "1 way", "2 ways"]
    assert [counted(n, "ferry is", "ferries are") for n in range(3)] == ["0 ferries are", "1 ferry is", "2 ferries are"]


def test_notes_of_a_map_with_one_of_everything(osm_file: Callable[..., Path]) -> None:
    """A map with one odd thing of each kind tells each of them in the singular."""
    odd = [
        {"highway": "residential", "lanes": "-2", "maxspeed": "quick", "access": "maybe", "oneway": "perhaps"},
        {"highway": "trail", "incline": "steeply"},
        {"highway": "sideways"},
        {"highway": "service", "access": "private"},
        {"highway": "service", "maxheight": "1.2"},
        {"highway": "service", "maxheight": "high", "maxspeed": "walk", "maxspeed:conditional": "20 @ wet"},
        {"route": "ferry"},
    ]
    nodes = [(n, 9 + n / 1000, 50.0, {}) for n in range(1, 10)] + [(20, 9.2, 50.2, {"addr:housenumber": "1"})]
    ways = [(n, [n, n + 1], tags) for n, tags in enumerate(odd, 1)]
    ways += [(30, [1, 99], {"highway": "residential"}), (31, [5, 6, 7, 99], {"building": "house"})]
    notes = " | ".join(read_extract(osm_file(nodes, ways)).notes)
    assert len(re.findall(r"\b1 ", notes)) > 8, notes
    many = (
        "ways|streets|ferries|buildings|doors|homes|parts|nodes|limits|words|rules|numbers|kerbs|roads|addresses|tags"
    )
    assert not re.search(rf"\b1 (\w+ )?({many}|are|have)\b", notes), notes
