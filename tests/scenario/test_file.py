"""Scenario files become scenarios."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from doorstep.errors import ScenarioError
from doorstep.handover import Handover, Size
from doorstep.network.extract import read_extract
from doorstep.scenario.file import check_file, load_scenario, shipped

SCENARIOS = Path(__file__).parents[2] / "scenarios"
EXTRACT = SCENARIOS / "data" / "karhula.osm.pbf"
SMALL = f"""\
network: {{extract: '{EXTRACT}', traffic: {{value: 1.2, estimate: "a guess"}}}}
demand: {{sample: {{orders: 5, factor: {{value: 1.51, source: spb2024}}}}}}
hubs: {{depot: {{place: auto}}}}
lockers: {{count: 2, compartments: {{S: 4, M: 2}}, occupied: {{S: 1}}}}
configurations:
  courier: {{vehicles: [{{mode: van, count: 2}}]}}
  locker: {{vehicles: [{{mode: van, count: 1, handover: [locker], reserve: [door]}}], lockers: all}}
  mixed: {{combine: all}}
"""

READ = cache(read_extract)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each extract once for all tests of this file."""
    monkeypatch.setattr("doorstep.network.extract.read_extract", READ)


def write(folder: Path, text: str, name: str = "small.yaml") -> Path:
    """Write a scenario and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_units_become_si(tmp_path: Path) -> None:
    """What a file says in human units is in metres, seconds and metres a second in the scenario."""
    text = SMALL + "walk_speed: 3.6 km/h\nplanner: {time_limit: 2 min}\n"
    text += "work: {hours: ['06:30', '22:00'], shift: 9 h, break: 45 min}\n"
    scenario = load_scenario(write(tmp_path, text))
    assert scenario.walk_speed_mps == pytest.approx(1)
    assert (scenario.work.hours.open_s, scenario.work.hours.close_s) == (23400, 79200)
    assert (scenario.work.shift_s, scenario.work.break_s, scenario.effort.time_limit_s) == (32400, 2700, 120)
    assert scenario.name == "small"


def test_what_is_chosen_is_said(tmp_path: Path) -> None:
    """Places chosen from the map and defaults taken stand in the notes."""
    scenario = load_scenario(write(tmp_path, SMALL))
    notes = "\n".join(scenario.notes)
    assert "hub depot: placed" in notes
    assert "locker locker-2: placed" in notes
    assert "8 (5 times 1.51)" in notes
    assert "work.shift 8 h" in notes
    assert list(scenario.lockers) == ["locker-1", "locker-2"]
    assert scenario.lockers["locker-1"].compartments[Size.S] == 3


def test_stated_numbers_are_kept(tmp_path: Path) -> None:
    """A number with a source or an estimate is used, and kept with what it says of itself."""
    scenario = load_scenario(write(tmp_path, SMALL))
    values = {value.name: value for value in scenario.values}
    assert (scenario.traffic_factor, len(scenario.orders)) == (1.2, 8)
    assert (values["network.traffic"].amount, values["network.traffic"].estimate) == (1.2, "a guess")
    assert values["demand.sample.factor"].source == "spb2024"
    assert (values["work.shift"].amount, values["work.shift"].unit, values["work.shift"].note) == (8, "h", "default")
    assert all(bool(value.source) != bool(value.estimate) for value in scenario.values)


def test_the_same_file_gives_the_same_orders(tmp_path: Path) -> None:
    """The seed decides on the orders."""
    first, again = load_scenario(write(tmp_path, SMALL)), load_scenario(write(tmp_path, SMALL))
    other = load_scenario(write(tmp_path, SMALL + "seed: 2\n"))
    assert first.orders == again.orders
    assert first.orders != other.orders


def test_the_text_of_a_scenario_is_a_scenario(tmp_path: Path) -> None:
    """The resolved text loads again from another folder, to the same scenario and the same text."""
    write(tmp_path, SMALL)
    heir = load_scenario(write(tmp_path, "extends: small.yaml\nseed: 9\n", "heir.yaml"))
    (tmp_path / "elsewhere").mkdir()
    again = load_scenario(write(tmp_path / "elsewhere", heir.text, "x.yaml"))
    assert again.text == heir.text
    assert (again.name, again.orders, again.hubs, again.configurations, again.values) == (
        heir.name,
        heir.orders,
        heir.hubs,
        heir.configurations,
        heir.values,
    )


def test_heirs_merge_maps_replace_lists_and_delete_with_null(tmp_path: Path) -> None:
    """An heir adds keys to maps, replaces lists, and takes away what it sets to null."""
    write(tmp_path, SMALL)
    text = """\
extends: small.yaml
network: {traffic: 1.5}
lockers: null
configurations:
  courier: {vehicles: [{mode: cargo-trike, count: 3}]}
  locker: null
"""
    scenario = load_scenario(write(tmp_path, text, "heir.yaml"))
    assert scenario.name == "heir"
    assert scenario.traffic_factor == 1.5
    assert "network.traffic" not in {value.name for value in scenario.values}
    assert [c.name for c in scenario.configurations] == ["courier", "mixed"]
    assert [(g.mode, g.count) for g in scenario.configurations[0].vehicles] == [("cargo-trike", 3)]
    assert not scenario.lockers


def test_an_heir_restates_a_number(tmp_path: Path) -> None:
    """An heir's estimate stands in place of its parent's source, and not beside it."""
    write(tmp_path, SMALL)
    text = "extends: small.yaml\ndemand: {sample: {factor: {value: 2, estimate: why not}}}\n"
    values = {value.name: value for value in load_scenario(write(tmp_path, text, "heir.yaml")).values}
    assert (values["demand.sample.factor"].source, values["demand.sample.factor"].estimate) == ("", "why not")


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An inherited path means the parent's folder, wherever the heir lies and whoever asks."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "map.osm.pbf").write_bytes(EXTRACT.read_bytes())
    write(tmp_path / "a", SMALL.replace(str(EXTRACT), "map.osm.pbf"))
    heir = write(tmp_path / "b", "extends: ../a/small.yaml\n", "heir.yaml")
    monkeypatch.chdir(tmp_path / "b")
    assert load_scenario(heir).orders
    monkeypatch.chdir(tmp_path / "a")
    elsewhere = write(tmp_path / "b", SMALL.replace(str(EXTRACT), "map.osm.pbf"), "mine.yaml")
    assert check_file(elsewhere) == ()
    monkeypatch.chdir(tmp_path)
    fault = check_file(elsewhere)[0]
    assert str(tmp_path / "b" / "map.osm.pbf") in fault.fix
    assert str(tmp_path / "map.osm.pbf") in fault.fix


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("extends: heir.yaml\n", "extends-circle", "itself"),
        ("extends: other.yaml\n", "extends-circle", "itself"),
        ("extends: rurl\n", "missing-file", "did you mean 'rural'?"),
        ("extends: ./nobody.yaml\n", "missing-file", "nobody.yaml"),
        ("extends: [rural]\n", "extends", "one file"),
    ],
)
def test_bad_inheritance_is_a_fault(tmp_path: Path, text: str, code: str, words: str) -> None:
    """A parent that is missing, or an heir of the file itself, is a fault at `extends`."""
    write(tmp_path, "extends: heir.yaml\n", "other.yaml")
    faults = check_file(write(tmp_path, text, "heir.yaml"))
    assert [fault.code for fault in faults] == [code]
    assert words in f"{faults[0].what} {faults[0].fix}"
    assert faults[0].mark.line == 1


def test_a_fault_in_the_parent_says_so(tmp_path: Path) -> None:
    """A fault of an inherited file points into that file and names the heir."""
    parent = write(tmp_path, SMALL.replace("seed", "x") + "sed: 4\n")
    fault = check_file(write(tmp_path, "extends: small.yaml\n", "heir.yaml"))[0]
    assert fault.mark.file == str(parent)
    assert "inherited by heir.yaml" in fault.fix


def test_a_missing_scenario_offers_a_near_name(tmp_path: Path) -> None:
    """A name that is nearly that of a shipped scenario is answered with it."""
    with pytest.raises(ScenarioError, match="did you mean 'peak'"):
        load_scenario("peek")
    assert check_file(tmp_path / "none.yaml")[0].code == "missing-file"


def test_orders_come_from_a_table(tmp_path: Path) -> None:
    """Orders of a table keep their ids, and what the table does not say is said in the notes."""
    (tmp_path / "orders.csv").write_text("nr,lon,lat,kg\na,26.95,60.53,1.5\nb,26.951,60.531,2\n", encoding="utf-8")
    table = "{table: {file: orders.csv, columns: {id: nr, mass_kg: kg}, accepts: [door], walk_limit: 1 km}}"
    text = SMALL.replace(SMALL.splitlines()[1], f"demand: {table}")
    scenario = load_scenario(write(tmp_path, text))
    assert [order.id for order in scenario.orders] == ["a", "b"]
    assert {order.accepts for order in scenario.orders} == {frozenset({Handover.DOOR})}
    assert {order.walk_limit_m for order in scenario.orders} == {1000.0}


def test_ten_thousand_orders_load_in_seconds_and_a_bad_row_is_named(tmp_path: Path) -> None:
    """10,000 orders are read within ten seconds on a busy machine, and one bad row among them is named."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(26.935, 26.965, 10_000), rng.uniform(60.522, 60.538, 10_000)
    rows = [f"o{k},{x:.6f},{y:.6f},1.5" for k, (x, y) in enumerate(zip(lon, lat, strict=True))]
    text = SMALL.replace(SMALL.splitlines()[1], "demand: {table: {file: orders.csv}}")
    path = write(tmp_path, text)
    (tmp_path / "orders.csv").write_text("\n".join(["id,lon,lat,mass_kg", *rows]), encoding="utf-8")
    began = time.perf_counter()
    assert len(load_scenario(path).orders) == 10_000
    assert time.perf_counter() - began < 10
    rows[7123] = rows[7123].replace("1.5", "-1.5")
    (tmp_path / "orders.csv").write_text("\n".join(["id,lon,lat,mass_kg", *rows]), encoding="utf-8")
    faults = check_file(path)
    assert len(faults) == 1
    assert "7125" in faults[0].where


def test_a_hub_off_the_map_meets_it_at_a_gate() -> None:
    """The rural hub keeps its true place, and its stem ends on the edge of the village's streets."""
    scenario = load_scenario("rural")
    hub = scenario.hubs["harbour"]
    assert hub.stem is not None
    gate = np.array([hub.stem.gate_x_m, hub.stem.gate_y_m])
    west, south, east, north = scenario.network.extent_m
    assert west <= gate[0] <= east
    assert south <= gate[1] <= north
    assert hub.y_m < south
    assert hub.stem.length_m == 13_000
    assert hub.stem.length_m > np.hypot(*(gate - (hub.x_m, hub.y_m)))


def test_an_unneeded_stem_is_said(tmp_path: Path) -> None:
    """A hub on the map keeps no stem, and the notes say so."""
    place = "{place: [26.9532, 60.5318], stem: {length: 1 km, time: 2 min}}"
    scenario = load_scenario(write(tmp_path, SMALL.replace("{place: auto}", place)))
    assert scenario.hubs["depot"].stem is None
    assert any("not needed" in note for note in scenario.notes)


@pytest.mark.parametrize("name", ["rural", "rural-winter", "rural-tether", "peak", "peak-ordinary"])
def test_shipped_scenarios_load(name: str) -> None:
    """Every shipped scenario that needs no network loads, with all five configurations."""
    scenario = load_scenario(name)
    assert scenario.name == name
    assert [c.name for c in scenario.configurations] == ["courier", "drone", "robot", "locker", "mixed"]
    assert scenario.configurations[-1].combines == ("courier", "drone", "robot", "locker")
    for configuration in scenario.configurations[1:4]:
        assert any(group.reserve for group in configuration.vehicles)


def test_peak_and_ordinary_differ_in_demand_and_traffic_only() -> None:
    """The ordinary day has the first orders of the peak day, on free streets."""
    peak, ordinary = load_scenario("peak"), load_scenario("peak-ordinary")
    assert (len(peak.orders), len(ordinary.orders)) == (240, 159)
    assert peak.orders[:159] == ordinary.orders
    assert (peak.traffic_factor, ordinary.traffic_factor) == (1.44, 1.0)
    assert (peak.hubs, peak.lockers, peak.configurations) == (ordinary.hubs, ordinary.lockers, ordinary.configurations)


def test_winter_changes_battery_and_energy_of_the_quadcopter_only() -> None:
    """The winter quadcopter is the catalogue's with a weaker battery and more use."""
    summer, winter = load_scenario("rural").modes, load_scenario("rural-winter").modes
    given = {value.name: value.amount for value in summer["quadcopter"].values}
    cold = {value.name: value.amount for value in winter["quadcopter"].values}
    assert {name for name in given | cold if given.get(name) != cold.get(name)} == {
        "battery",
        *(f"energy.{model}.electronics" for model in ("rodrigues", "dandrea", "momentum")),
    }
    assert winter["van"] == summer["van"]


def test_the_named_place_says_that_it_needs_the_network() -> None:
    """The scenario of a named place says in its head that it needs the network on first use."""
    assert set(shipped()) == {
        "rural",
        "rural-winter",
        "rural-tether",
        "rural-tandem",
        "peak",
        "peak-ordinary",
        "peak-platforms",
        "peak-kiosks",
        "peak-dispatch",
        "peak-tandem",
        "peak-robots",
        "peak-by-law",
        "china-town",
        "figliozzi",
        "figliozzi-grouped",
        "goodchild-toy",
        "goodchild-toy-far",
        "kirschstein",
        "kirschstein-rural",
        "kirschstein-windy",
        "oakey",
        "oakey-few",
    }
    assert "NEEDS THE NETWORK ON FIRST USE" in shipped()["china-town"].read_text(encoding="utf-8")


def test_listing_and_importing_load_nothing_heavy() -> None:
    """The names of shipped scenarios are had without pydantic, numpy and the map libraries."""
    code = (
        "import sys; from doorstep.scenario.file import load_scenario, shipped; assert 'rural' in shipped();"
        "print([m for m in ('pydantic', 'numpy', 'osmium', 'pandas', 'ortools', 'scipy', 'yaml') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_reversed_default_is_told_once(tmp_path: Path) -> None:
    """A window that closes before it opens is the fault of the key that says so, not of every order."""
    (tmp_path / "orders.csv").write_text("id,lon,lat,mass_kg\na,26.955,60.525,1\nb,26.957,60.526,2\n")
    text = SMALL.replace("{sample: {orders: 5, factor: {value: 1.51, source: spb2024}}}", "{table: TABLE}")
    text = text.replace("TABLE", "{file: orders.csv, window: ['20:00', '08:00']}")
    (fault,) = check_file(write(tmp_path, text))
    assert (fault.where, fault.code) == ("demand.table.window", "window-reversed")


def test_a_day_without_breaks(tmp_path: Path) -> None:
    """As `check` proposes, a break due only after the whole shift is none, and no fault."""
    assert check_file(write(tmp_path, SMALL + "work: {shift: 8 h, break_after: 8 h}\n")) == ()


def test_what_a_file_says_of_pads_operators_and_pay_is_read(tmp_path: Path) -> None:
    """Pads, docks, operators, hours paid at the least and overtime are read; left out, nothing is limited."""
    text = SMALL.replace("{place: auto}", "{place: auto, pads: 2, docks: 3, chargers: 1, loaders: 4}")
    text = text.replace("count: 2}]}", "count: 2}], operators: 4}")
    text += "work: {paid_at_least: 4 h, overtime_after: 7 h, overtime_premium: 1}\n"
    scenario, plain = load_scenario(write(tmp_path, text)), load_scenario(write(tmp_path, SMALL, "plain.yaml"))
    depot = scenario.hubs["depot"]
    assert (depot.pads, depot.docks, depot.chargers, depot.loaders) == (2, 3, 1, 4)
    assert [c.operators for c in scenario.configurations] == [4, None, 4]
    work = scenario.work
    assert (work.paid_least_s, work.overtime_after_s, work.overtime_premium) == (14400, 25200, 1)
    assert (plain.hubs["depot"].pads, plain.hubs["depot"].docks, plain.work.paid_least_s) == (None, None, 0)
    assert np.isinf(plain.work.overtime_after_s)


def test_too_few_people_to_load_a_vehicle(tmp_path: Path) -> None:
    """A hub with fewer loaders than one of its vehicles asks for is told with both numbers, and one with none too."""
    text = SMALL.replace("{mode: van, count: 2}", "{mode: robovan, count: 2}").replace(
        "place: auto}", "place: auto, loaders: 1}", 1
    )
    (fault,) = check_file(write(tmp_path, text))
    assert (fault.where, fault.code) == ("configurations.courier.vehicles[0].mode", "few-loaders")
    assert "2 people" in fault.what
    assert "hub 'depot' has 1" in fault.what
    assert "loaders: 2" in fault.fix
    (fault,) = check_file(write(tmp_path, text.replace("loaders: 1", "loaders: 0")))
    assert (fault.where, fault.code) == ("hubs.depot.loaders", "out-of-range")
