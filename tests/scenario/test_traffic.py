"""Tests of traffic in scenario files: one factor, a profile by its name, or a table of one's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from doorstep.errors import ScenarioError
from doorstep.network.extract import read_extract
from doorstep.network.traffic import load_traffic, traffic_facts, traffic_names
from doorstep.scenario.file import check_file, load_scenario

EXTRACT = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"
SMALL = f"""\
network: {{extract: '{EXTRACT}', traffic: TRAFFIC}}
demand: {{sample: {{orders: 5}}}}
hubs: {{depot: {{place: auto}}}}
configurations:
  courier: {{vehicles: [{{mode: van, count: 2}}]}}
"""
RUSH = "road_class,from,to,factor\nall,0,7,1\nall,7,9,1.8\nall,9,24,1.1\n"
READ = cache(read_extract)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each extract once for all tests of this file."""
    monkeypatch.setattr("doorstep.network.extract.read_extract", READ)


def write(folder: Path, traffic: str, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(SMALL.replace(", traffic: TRAFFIC", f", traffic: {traffic}" if traffic else ""), encoding="utf-8")
    return path


def test_a_profile_by_its_name(tmp_path: Path) -> None:
    """A named profile is the scenario's traffic, its numbers are among the scenario's, and a note says what it is."""
    scenario = load_scenario(write(tmp_path, "chinese-metropolis"))
    assert scenario.traffic is load_traffic("chinese-metropolis")
    values = {value.name: value for value in scenario.values}
    assert (values["network.traffic.peak_factor"].amount, values["network.traffic.peak_factor"].source) == (
        1.609,
        "amap2020",
    )
    assert values["network.traffic.hourly_speed"].source == "rudy2025"
    assert "network.traffic" not in values
    assert any("chinese-metropolis, on streets 1 to 1.61 times free flow" in note for note in scenario.notes)


def test_without_a_profile_the_streets_are_free_at_all_hours(tmp_path: Path) -> None:
    """The default is the flat profile, which is one factor, counts as an estimate and is told among the defaults."""
    scenario = load_scenario(write(tmp_path, ""))
    assert (scenario.traffic, scenario.traffic_factor) == (None, 1.0)
    (value,) = (value for value in scenario.values if value.name == "network.traffic")
    assert (value.amount, value.note) == ("flat", "default")
    assert value.estimate
    assert any("network.traffic flat" in note for note in scenario.notes if note.startswith("defaults taken"))


def test_a_profile_may_be_stated(tmp_path: Path) -> None:
    """A profile can be given with the reason for it, as a factor can."""
    scenario = load_scenario(write(tmp_path, '{value: open-country, estimate: "a village"}'))
    assert scenario.traffic is load_traffic("open-country")
    assert {v.name: v.estimate for v in scenario.values}["network.traffic"] == "a village"


@pytest.mark.parametrize("given", ["rush.csv", '{value: rush.csv, estimate: "counted at the gate"}'])
def test_a_table_of_ones_own(tmp_path: Path, given: str) -> None:
    """A CSV file lies beside the file that names it, heirs elsewhere find it, and the resolved text loads again."""
    (tmp_path / "rush.csv").write_text(RUSH, encoding="utf-8")
    write(tmp_path, given)
    (tmp_path / "heirs").mkdir()
    heir = tmp_path / "heirs" / "heir.yaml"
    heir.write_text("extends: ../small.yaml\n", encoding="utf-8")
    scenario = load_scenario(heir)
    assert scenario.traffic is not None
    assert scenario.traffic.pace(1, 8 * 3600).traffic_factor[0] == 1.8
    (tmp_path / "else").mkdir()
    again = tmp_path / "else" / "again.yaml"
    again.write_text(scenario.text, encoding="utf-8")
    found = load_scenario(again)
    assert found.traffic is not None
    np.testing.assert_array_equal(found.traffic.factor, scenario.traffic.factor)


def test_a_table_of_one_factor_is_told(tmp_path: Path) -> None:
    """A table with one factor for all streets and hours is that factor, and a note says so."""
    (tmp_path / "even.csv").write_text("road_class,from,to,factor\nall,0,24,1.3\n", encoding="utf-8")
    scenario = load_scenario(write(tmp_path, "even.csv"))
    assert (scenario.traffic, scenario.traffic_factor) == (None, 1.3)
    assert "traffic: even has the same factor, 1.3, for all streets at all hours" in scenario.notes


def test_a_faulty_table_is_told_with_its_own_lines(tmp_path: Path) -> None:
    """Every fault of the table is told, each with its line, at the key that names the table."""
    (tmp_path / "rush.csv").write_text(RUSH.replace("1.8", "fast").replace("9,24", "10,24"), encoding="utf-8")
    faults = check_file(write(tmp_path, "rush.csv"))
    assert {fault.where for fault in faults} == {"network.traffic"}
    assert any("line 3" in fault.what and "'fast' is no factor" in fault.what for fault in faults)
    assert any("from 09:00 to 10:00" in fault.what for fault in faults)
    with pytest.raises(ScenarioError, match="no factor"):
        load_scenario(tmp_path / "small.yaml")


def test_an_unknown_profile_is_told_even_without_a_map(tmp_path: Path) -> None:
    """The name is looked at also where the map cannot be read, and once only."""
    path = write(tmp_path, "metropolis")
    path.write_text(path.read_text(encoding="utf-8").replace("karhula", "nowhere"), encoding="utf-8")
    assert sorted(fault.code for fault in check_file(path)) == ["missing-file", "unknown-traffic"]


def test_every_number_of_a_profile_has_an_origin() -> None:
    """What any shipped profile rests on has a source or is called an estimate."""
    for name in traffic_names():
        assert all(bool(fact.get("source")) != bool(fact.get("estimate")) for fact in traffic_facts(name).values())
        assert traffic_facts(name)
