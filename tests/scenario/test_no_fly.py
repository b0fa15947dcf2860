"""Tests of no-fly zones in scenario files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyproj import Transformer

from doorstep.network.network import Medium
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.file import check_file, load_scenario

if TYPE_CHECKING:
    from pathlib import Path

ACROSS = [[26.925, 60.500], [26.975, 60.500], [26.975, 60.506], [26.925, 60.506]]
"""Between the hub of `rural` and its village."""
VILLAGE = [[26.92, 60.51], [26.99, 60.51], [26.99, 60.55], [26.92, 60.55]]
HUB = [[26.90, 60.45], [26.92, 60.45], [26.92, 60.456], [26.90, 60.456]]


def scenario_with(folder: Path, corners: list[list[float]], margin: str = "30 m") -> Path:
    """Write `rural` with one zone, and return its path."""
    shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    feature = {"type": "Feature", "properties": {"name": "school"}, "geometry": shape}
    (folder / "zones.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    file = folder / "zoned.yaml"
    file.write_text(f"extends: rural\nnetwork: {{no_fly: {{file: zones.geojson, margin: {margin}}}}}\n")
    return file


def test_flights_go_round_a_zone(tmp_path: Path) -> None:
    """A zone on the way makes flights longer and those of no vehicle on the ground."""
    closed, free = load_scenario(scenario_with(tmp_path, ACROSS)), load_scenario("rural")
    longer, straight = tabulate(closed, "drone"), tabulate(free, "drone")
    flown = next(k for k, fleet in enumerate(straight.fleets) if fleet.mode == "quadcopter")
    for k, (fleet, old) in enumerate(zip(longer.fleets, straight.fleets, strict=True)):
        more_m = fleet.distance_m.astype(int) - old.distance_m
        assert (more_m >= 0).all()
        assert (more_m > 0).any() == (k == flown)
    assert any("no-fly" in note and "30 m" in note for note in closed.network.notes)


def test_an_order_in_a_zone_is_not_flown_to_and_says_why(tmp_path: Path) -> None:
    """Of all rules, the one that keeps a drone from a place in a zone is named, and the snap limit is not."""
    problem = tabulate(load_scenario(scenario_with(tmp_path, VILLAGE)), "drone")
    fleet = next(fleet for fleet in problem.fleets if fleet.mode == "quadcopter")
    verdicts = {verdict.rule: verdict.needs > verdict.has for verdict in fleet.verdicts}
    yard = np.array([kind == "yard" for kind in problem.option_kind])
    assert yard.any()
    assert verdicts["no-fly"][yard].all()
    assert not verdicts["snap"].any()
    assert not fleet.allowed[yard].any()


def test_a_hub_in_a_zone_is_a_fault(tmp_path: Path) -> None:
    """Where nothing may rise from a hub with drones, the file is at fault, and the zone is named."""
    (fault,) = check_file(scenario_with(tmp_path, HUB))
    assert fault.code == "no-fly"
    assert "'school'" in fault.what


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{file: zonez.geojson}", "missing-file"),
        ("{margin: 5 m}", "missing-key"),
        ("{file: zones.geojson, margin: -5 m}", "wrong-value"),
    ],
)
def test_bad_zones_are_told(tmp_path: Path, text: str, code: str) -> None:
    """A file that is not there, none at all, and a margin below zero are each one fault."""
    file = scenario_with(tmp_path, ACROSS)
    file.write_text(f"extends: rural\nnetwork: {{no_fly: {text}}}\n")
    assert [fault.code for fault in check_file(file)] == [code]


def test_without_zones_the_sky_is_open() -> None:
    """A scenario without zones flies straight and does not mention them."""
    free = load_scenario("rural")
    assert free.network.layers[Medium.AIR].snap(np.zeros((1, 2))).distance_m.item() == 0
    assert not any("no-fly" in note for note in (*free.notes, *free.network.notes))


def test_zones_in_another_system(tmp_path: Path) -> None:
    """Metres in a file that does not say so are a fault that names the key, and with that key they are read."""
    turn = Transformer.from_crs("EPSG:4326", "EPSG:3067", always_xy=True)
    file = scenario_with(tmp_path, [list(turn.transform(*corner)) for corner in ACROSS])
    (fault,) = check_file(file)
    assert fault.code == "zone-off-earth"
    assert "crs: EPSG:nnnn" in fault.fix
    zoned = "extends: rural\nnetwork: {{no_fly: {{file: zones.geojson, crs: '{}'}}}}\n"
    file.write_text(zoned.format("EPSG:3067"))
    notes = load_scenario(file).network.notes
    assert any("reprojected from EPSG:3067" in note for note in notes)
    file.write_text(zoned.format("EPSG:999999"))
    (fault,) = check_file(file)
    assert (fault.code, fault.where) == ("unknown-crs", "network.no_fly.crs")


def test_a_self_crossing_zone_is_repaired(tmp_path: Path) -> None:
    """An outline that crosses itself is repaired, with a note, and still flown round."""
    bow = [ACROSS[0], ACROSS[2], ACROSS[1], ACROSS[3]]
    notes = load_scenario(scenario_with(tmp_path, bow)).network.notes
    assert any("its outline was at fault (Self-intersection) and was repaired" in note for note in notes)
