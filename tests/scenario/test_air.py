"""Tests of altitude, terrain and wind in scenario files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from doorstep.modes.sources import FOLDER
from doorstep.network.extract import read_extract
from doorstep.network.network import Medium
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.file import check_file, load_scenario

EXTRACT = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"
SMALL = f"""\
network: {{extract: '{EXTRACT}'MORE}}
demand: {{sample: {{orders: 6}}}}
hubs: {{depot: {{place: auto}}}}
configurations:
  drone: {{vehicles: [{{mode: quadcopter, count: 2}}, {{mode: van, count: 1}}]}}
"""
READ = cache(read_extract)
WINDS = "hour,speed_mps,from_deg\n0,3,240\n12,8,270\n18:30,5,0\n"


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each extract once for all tests of this file."""
    monkeypatch.setattr("doorstep.network.extract.read_extract", READ)


def write(folder: Path, network: str = "", rest: str = "", orders: int = 6) -> Path:
    """Write a small scenario with keys more."""
    path = folder / "small.yaml"
    text = SMALL.replace("MORE", f", {network}" if network else "").replace("orders: 6", f"orders: {orders}")
    path.write_text(text + rest, encoding="utf-8")
    return path


def hill(folder: Path) -> Path:
    """Write a slope from the west of the map to its east in degrees."""
    rows = "\n".join(" ".join(str(10 * column) for column in range(12)) for _ in range(10))
    head = "ncols 12\nnrows 10\nxllcorner 26.86\nyllcorner 60.46\ncellsize 0.012\n"
    (folder / "hill.asc").write_text(head + rows + "\n")
    return folder / "hill.asc"


def flights(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return seconds and metres of flights between all places."""
    fleet = tabulate(load_scenario(path), "drone").fleets[0]
    return fleet.duration_s.astype(float), fleet.distance_m.astype(float)


def test_an_altitude_adds_climb_and_descent(tmp_path: Path) -> None:
    """Flights are longer by climb and descent, slower where their speeds are given, and it is told."""
    old_s, old_m = flights(write(tmp_path))
    moves = old_m > 0
    seconds, metres = flights(write(tmp_path, "flight: {altitude: 60 m}"))
    np.testing.assert_array_equal(metres, old_m + 120 * moves)
    np.testing.assert_array_equal(seconds, old_s)
    file = write(tmp_path, "flight: {altitude: 60 m, climb: 4 m/s, descent: 10.8 km/h}")
    seconds, _ = flights(file)
    np.testing.assert_allclose(seconds, old_s + 35 * moves, atol=1)
    (note,) = [note for note in load_scenario(file).network.notes if "cruise" in note]
    assert "60 m above ground" in note
    assert "climb 4 m/s and descent 3 m/s, to their time, in place of those of the modes" in note


@pytest.mark.parametrize(
    ("speeds", "left_s"),
    [("", 35), (", climb: 4 m/s", 20), (", descent: 3 m/s", 15), (", climb: 4 m/s, descent: 3 m/s", 0)],
)
def test_no_climb_counts_twice(tmp_path: Path, speeds: str, left_s: float) -> None:
    """What a flight takes to climb and to sink at its own speeds, its stops do not take again."""
    told = write(tmp_path, f"flight: {{altitude: 60 m{speeds}}}", orders=30)
    problem = tabulate(load_scenario(told), "drone")
    drone, van = problem.fleets
    still = tabulate(load_scenario(write(tmp_path, orders=30)), "drone").fleets
    yards = still[0].setup_s > 0
    assert set(still[0].setup_s[yards].tolist()) == {35}
    assert set(drone.setup_s[yards].tolist()) == {left_s}
    np.testing.assert_array_equal(van.setup_s, still[1].setup_s)
    # There and back again holds two climbs and two descents, those at the hub among them.
    there = problem.option_site[yards]
    both = drone.duration_s[0, there] + drone.duration_s[there, 0] + drone.setup_s[yards]
    before = still[0].duration_s[0, there] + still[0].duration_s[there, 0] + 35
    assert np.abs(both - before - {35: 0, 20: 15, 15: 20, 0: 35}[left_s]).max() <= 2


def test_zones_hold_in_their_band_of_altitudes(tmp_path: Path) -> None:
    """A zone above the cruise altitude of the file is flown under, and a note says that it does not hold."""
    text = '{"type": "Feature", "properties": {"floor_m": 90}, "geometry": {"type": "Polygon", "coordinates": '
    text += "[[[26.93, 60.5], [26.97, 60.5], [26.97, 60.54], [26.93, 60.54], [26.93, 60.5]]]}}"
    (tmp_path / "high.geojson").write_text(text)
    low, high = (f"flight: {{altitude: {height} m}}, no_fly: {{file: high.geojson}}" for height in (60, 100))
    scenario = load_scenario(write(tmp_path, low))
    assert np.isfinite(scenario.network.layers[Medium.AIR].snap(scenario.network.doors.xy_m).distance_m).all()
    assert any("no-fly zones that do not hold between 60 m" in note for note in scenario.network.notes)
    assert "no-fly" in {fault.code for fault in check_file(write(tmp_path, high))}


def test_terrain_lifts_flights(tmp_path: Path) -> None:
    """Over a slope flights climb above its highest ground on their way, and the reprojection is told."""
    hill(tmp_path)
    _, level_m = flights(write(tmp_path, "flight: {altitude: 60 m}"))
    file = write(tmp_path, "flight: {altitude: 60 m}, terrain: {file: hill.asc}")
    _, metres = flights(file)
    more_m = metres - level_m
    assert (more_m >= 0).all()
    assert more_m.max() > 20
    notes = " ".join(load_scenario(file).network.notes)
    assert "terrain: hill.asc, 0 to 110 m high" in notes
    assert "terrain: reprojected from" in notes


def test_wind_by_the_hour(tmp_path: Path) -> None:
    """Winds out of a table or of one line make flights faster and slower by the hour, vans not, and are told."""
    (tmp_path / "winds.csv").write_text(WINDS)
    file = write(tmp_path, rest="weather: {wind: {file: winds.csv}}\n")
    drone, van = tabulate(load_scenario(file), "drone").fleets
    assert drone.period_from_s == (7 * 3600, 12 * 3600, 18 * 3600 + 1800)
    assert not van.period_from_s
    assert any("winds from 0, 12, 18.5 h on, up to 8 m/s" in note for note in load_scenario(file).network.notes)
    old_s, _ = flights(write(tmp_path))
    seconds, metres = flights(write(tmp_path, rest="weather: {wind: {speed: 5 m/s, from: W}}\n"))
    assert (seconds < old_s).any()
    assert (seconds > old_s).any()
    moves = seconds > 0
    assert metres[moves] == pytest.approx(15 * seconds[moves], abs=16)
    again, _ = flights(write(tmp_path, rest="weather: {wind: {speed: 18 km/h, from: 270}}\n"))
    np.testing.assert_array_equal(again, seconds)


def test_the_files_are_found_by_heirs_and_by_the_resolved_text(tmp_path: Path) -> None:
    """Terrain and winds lie beside the file that names them, also for heirs elsewhere and for the text of a study."""
    hill(tmp_path)
    (tmp_path / "winds.csv").write_text(WINDS)
    network = "flight: {altitude: 60 m}, terrain: {file: hill.asc}"
    write(tmp_path, network, "weather: {wind: {file: winds.csv}}\n")
    (tmp_path / "below").mkdir()
    heir = tmp_path / "below" / "heir.yaml"
    heir.write_text("extends: ../small.yaml\nseed: 4\n")
    resolved = tmp_path / "below" / "resolved.yaml"
    resolved.write_text(load_scenario(heir).text)
    assert check_file(resolved) == ()
    heir.write_text("extends: ../small.yaml\nweather: {wind: {speed: 2 m/s, from: S}}\n")
    assert [fault.code for fault in check_file(heir)] == ["half-a-wind"]
    heir.write_text("extends: ../small.yaml\nweather: {wind: {speed: 2 m/s, from: S, file: null}}\n")
    assert check_file(heir) == ()


def test_wind_beyond_the_limit_of_a_drone_is_told(tmp_path: Path) -> None:
    """A drone flies in the longest part of the day whose wind is within its limit, and that is told with numbers."""
    (tmp_path / "winds.csv").write_text("hour,speed_mps,from_deg\n0,3,240\n13,16,270\n14:30,5,0\n22,30,0\n")
    scenario = load_scenario(write(tmp_path, rest="weather: {wind: {file: winds.csv}}\n", orders=60))
    (note,) = [note for note in scenario.notes if "its limit" in note]
    assert "the quadcopter flies from 14:30 to 21:00 only" in note
    assert "its limit of 10 m/s" in note
    assert "up to 16 m/s" in note
    drone = tabulate(scenario, "drone").fleets[0]
    assert (drone.open_s, drone.close_s) == (14.5 * 3600, 21 * 3600)
    assert drone.allowed.any()


def test_too_much_wind_all_day_is_told(tmp_path: Path) -> None:
    """Where every working hour has more wind than a drone flies in, nobody is served by air, and that is told."""
    scenario = load_scenario(write(tmp_path, rest="weather: {wind: {speed: 12 m/s, from: W}}\n"))
    (note,) = [note for note in scenario.notes if "does not fly" in note]
    assert "10 m/s at most and in the calmest working hour 12 m/s" in note
    problem = tabulate(scenario, "drone")
    assert not problem.fleets[0].allowed.any()
    assert problem.fleets[1].allowed.any()


def test_a_wind_as_fast_as_the_drone_is_told(tmp_path: Path) -> None:
    """For a drone without a limit of its own, hours in which the wind is as fast as it close its ways."""
    text = (FOLDER / "catalog" / "quadcopter.yaml").read_text(encoding="utf-8")
    (tmp_path / "kite.yaml").write_text(text.replace("max_wind: {value: 10,", "max_wind: {value: unlimited,"))
    (tmp_path / "winds.csv").write_text("hour,speed_mps,from_deg\n0,3,240\n13,16,270\n14:30,5,0\n22,30,0\n")
    rest = "weather: {wind: {file: winds.csv}}\nmodes: {quadcopter: kite.yaml}\n"
    scenario = load_scenario(write(tmp_path, rest=rest))
    (note,) = [note for note in scenario.notes if "as fast as" in note]
    assert "from 13:00 on it blows as fast as the quadcopter flies, 15 m/s" in note
    problem = tabulate(scenario, "drone")
    assert not problem.fleets[0].allowed.any()
    assert problem.fleets[1].allowed.any()


@pytest.mark.parametrize(
    ("network", "rest", "faults"),
    [
        ("flight: {climb: 4 m/s}", "", [("missing-key", "network.flight.altitude")]),
        ("flight: {altitude: 60}", "", [("wrong-value", "network.flight.altitude")]),
        ("flight: {altitude: 200 ft}", "", [("wrong-value", "network.flight.altitude")]),
        ("flight: {altitude: -60 m}", "", [("wrong-value", "network.flight.altitude")]),
        ("flight: {altitude: 60 m, climb: 0 m/s}", "", [("vertical-speed", "network.flight.climb")]),
        ("flight: {altitude: 60 m, descent: 0 m/s}", "", [("vertical-speed", "network.flight.descent")]),
        ("terrain: {file: hill.asc}", "", [("no-altitude", "network.terrain")]),
        ("flight: {altitude: 60 m}, terrain: {file: hil.asc}", "", [("missing-file", "network.terrain.file")]),
        ("flight: {altitude: 60 m}, terrain: {file: small.yaml}", "", [("no-grid", "network.terrain.file")]),
        (
            "flight: {altitude: 60 m}, terrain: {file: hill.asc, crs: 'EPSG:0'}",
            "",
            [("unknown-crs", "network.terrain.crs")],
        ),
        (
            "flight: {altitude: 60 m}, terrain: {file: hill.asc, crs: 'EPSG:3067'}",
            "",
            [("terrain-off-map", "network.terrain.file")],
        ),
        ("", "weather: {}\n", []),
        ("", "weather: {wind: {}}\n", [("half-a-wind", "weather.wind")]),
        ("", "weather: {wind: {speed: 5 m/s}}\n", [("half-a-wind", "weather.wind")]),
        ("", "weather: {wind: {from: N}}\n", [("half-a-wind", "weather.wind")]),
        ("", "weather: {wind: {speed: 5, from: N}}\n", [("wrong-value", "weather.wind.speed")]),
        ("", "weather: {wind: {speed: 5 m/s, from: 400}}\n", [("wrong-value", "weather.wind.from")]),
        ("", "weather: {wind: {speed: 5 m/s, from: north}}\n", [("wrong-value", "weather.wind.from")]),
        ("", "weather: {wind: {speed: 5 m/s, from: 90 deg}}\n", [("wrong-value", "weather.wind.from")]),
        ("", "weather: {wind: {speed: 5 m/s, from: .nan}}\n", [("wrong-value", "weather.wind.from")]),
        ("", "weather: {wind: {speed: 200 m/s, from: N}}\n", [("bad-speed", "weather.wind.speed")]),
        ("", "weather: {wind: {speed: 5 m/s, to: N}}\n", [("unknown-key", "weather.wind.to")]),
        ("", "weather: {wind: {file: none.csv}}\n", [("missing-file", "weather.wind.file")]),
        ("", "weather: {wind: {file: bad.csv}}\n", [("bad-hour", "weather.wind.file")]),
        ("", "weather: {wind: 5 m/s}\n", [("wrong-type", "weather.wind")]),
        ("", "weather: {rain: 3}\n", [("unknown-key", "weather.rain")]),
    ],
)
def test_bad_air_is_told(tmp_path: Path, network: str, rest: str, faults: list[tuple[str, str]]) -> None:
    """Each mistake in altitude, terrain and wind is a fault at its key, with a mend."""
    hill(tmp_path)
    (tmp_path / "bad.csv").write_text("hour,speed_mps,from_deg\n7am,5,90\n")
    found = check_file(write(tmp_path, network, rest))
    assert list(dict.fromkeys((fault.code, fault.where) for fault in found)) == faults
    assert all(fault.fix and fault.mark for fault in found)
