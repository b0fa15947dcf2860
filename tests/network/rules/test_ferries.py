"""Tests of ferries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.network.extract import read_extract
from doorstep.network.network import Medium, Network, Pace
from doorstep.network.rulebook import RuleBook
from doorstep.network.rules.ferries import crossing_s, ferry_mps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LON, LAT, STEP = 9.0, 50.0, 0.001
SHIP = {"route": "ferry", "motor_vehicle": "yes", "duration": "00:10"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20", 1200), ("0:35", 2100), ("01:05:30", 3930), ("PT20M", 1200), ("PT1H30M", 5400), ("P1D", 86_400)]
    + [(text, None) for text in ("", "soon", "0", "PT", "P", "-5", "a:b")],
)
def test_durations(text: str, seconds: float | None) -> None:
    """Minutes, clock times and periods are durations, other words are none."""
    assert crossing_s(text) == seconds


def test_speeds() -> None:
    """A ferry is as fast as its duration says, else as OSRM takes it."""
    assert ferry_mps({"duration": "10"}, 1200.0) == 2.0
    assert ferry_mps({}, 1200.0) == pytest.approx(5 / 3.6)


def crossing(osm_file: Callable[..., Path], rules: RuleBook, **tags: str) -> Network:
    """Return two villages with water between."""
    nodes = [(k, LON, LAT + k * STEP, {}) for k in range(1, 5)]
    street = {"highway": "residential"}
    return read_extract(osm_file(nodes, [(1, [1, 2], street), (2, [2, 3], SHIP | tags), (3, [3, 4], street)]), rules)


def metres(network: Network, medium: Medium) -> float:
    """Return the length of a layer."""
    return float(network.layers[medium].edges.length_m.sum())  # type: ignore[attr-defined]


def test_ferries_are_refused_unless_asked(osm_file: Callable[..., Path]) -> None:
    """No ferry is taken unless the rule book says so, and both are said."""
    network = crossing(osm_file, RuleBook())
    assert metres(network, Medium.ROAD) == pytest.approx(111.2, rel=0.01)
    assert "1 ferry is not used, as nobody asked for them" in network.notes
    network = crossing(osm_file, RuleBook(ferries=True))
    assert metres(network, Medium.ROAD) == metres(network, Medium.CYCLE) == pytest.approx(333.6, rel=0.01)
    assert metres(network, Medium.FOOT) == metres(network, Medium.PATH) == pytest.approx(111.2, rel=0.01)
    assert any(note.startswith("of 1 ferry those are used") for note in network.notes)


def test_a_crossing_takes_as_long_as_it_says(osm_file: Callable[..., Path]) -> None:
    """Over the water a van takes the ferry's time."""
    network = crossing(osm_file, RuleBook(ferries=True))
    layer = network.layers[Medium.ROAD]
    edges = layer.edges  # type: ignore[attr-defined]
    ends = layer.snap(edges.point_xy_m[[0]]), layer.snap(edges.point_xy_m[[-1]])
    on_land_s = 2 * 111.2 / (25 / 3.6)
    assert layer.legs(*ends, Pace(99.0)).duration_s.item() == pytest.approx(600 + on_land_s, rel=0.01)


def test_ferries_for_others(osm_file: Callable[..., Path]) -> None:
    """A ferry that does not name motor vehicles takes cycles only."""
    network = crossing(osm_file, RuleBook(ferries=True), motor_vehicle="no")
    assert metres(network, Medium.ROAD) == pytest.approx(111.2, rel=0.01)
    assert metres(network, Medium.CYCLE) == pytest.approx(333.6, rel=0.01)
