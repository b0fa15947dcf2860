"""Every way in which a scenario file can be wrong is one fault, in its place, with a mend."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from doorstep.network.extract import read_extract
from doorstep.scenario.checks import RULES
from doorstep.scenario.file import check_file

EXTRACT = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"
HUB = "[26.9532, 60.5318]"
SOUND = f"""\
network: {{extract: '{EXTRACT}'}}
demand: {{sample: {{orders: 5}}}}
hubs:
  depot: {{place: {HUB}}}
lockers:
  village: {{place: [26.96116, 60.52549]}}
configurations:
  courier: {{vehicles: [{{mode: van, count: 1}}]}}
  drone: {{vehicles: [{{mode: quadcopter, count: 2}}, {{mode: van, count: 1, reserve: true}}]}}
  locker: {{vehicles: [{{mode: van, count: 1, handover: [locker], reserve: [door]}}], lockers: all}}
  mixed: {{combine: all}}
"""

BROKEN = [
    ("extract: '", "place: Vaduz, extract: '", "two-networks", "network"),
    (r"network: \{.*\}", "network: {traffic: 1.2}", "no-network", "add `extract: PATH`"),
    (r"network: \{", "network: {traffic: european-town, ", "unknown-traffic", "did you mean 'european-city'?"),
    (r"network: \{", "network: {traffic: rush.csv, ", "missing-file", "looked for"),
    (r"network: \{", "network: {traffic: 0, ", "wrong-value", "free flow"),
    (r"network: \{", "network: {traffic: '1,2', ", "wrong-value", "without quotes, and with a point: 1.2"),
    (r"network: \{", "network: {traffic: [1.2], ", "wrong-value", "european-city"),
    (r"network: \{.*\}", "network: {extract: none.osm.pbf}", "missing-file", "none.osm.pbf"),
    (r"demand: \{.*\}", "demand: {}", "no-demand", "sample"),
    (r"demand: \{.*\}", "demand: {sample: {orders: 1}, table: {file: x.csv}}", "two-demands", "keep one"),
    (r"demand: \{.*\}", "demand: {table: {file: none.csv}}", "missing-file", "none.csv"),
    (r"demand: \{.*\}", "demand: {sample: {orders: 0}}", "out-of-range", "1"),
    (r"demand: \{.*\}", "demand: {sample: {orders: 5, arrival: evning}}", "unknown-profile", "evening"),
    (r"demand: \{.*\}", "demand: {sample: {orders: 5, window_share: 1.2}}", "out-of-range", "from 0 to 1"),
    (r"demand: \{.*\}", "demand: {sample: {orders: 5, kerb: {house: -0.1, flat: 1}}}", "out-of-range", "from 0 to 1"),
    (r"demand: \{.*\}", "demand: {sample: {orders: 5, hours: ['20:00', '08:00']}}", "window-reversed", "swap"),
    (r"hubs:\n.*\n", "hubs: {}\n", "no-hub", "depot: {place: auto}"),
    (r"hubs:\n.*\n", "", "missing-key", "hubs"),
    (
        re.escape(HUB),
        "[60.5318, 26.9532]",
        "outside-area",
        "did you swap longitude and latitude? try [26.9532, 60.5318]",
    ),
    (re.escape(HUB), "[26.97, 60.60]", "no-stem", "stem: {length"),
    (re.escape(HUB), "[2.35, 48.85]", "outside-area", "longitudes 26.93"),
    (re.escape(HUB), "[26.91, 60.453], stem: {length: 13 m, time: 16 min}", "unlikely-stem", "units"),
    (re.escape(HUB), "[26.91, 60.453], stem: {length: 5 km, time: 16 min}", "stem-too-short", "length"),
    (r"place: \[26.96116, 60.52549\]", "place: [26.96116]", "wrong-value", "decimal points"),
    (r"place: \[26.96116, 60.52549\]", "place: [26.90, 60.52549]", "outside-area", "longitudes"),
    (r"\n  village: \{(.*)\}", r"\n  village: {\1, compartments: {S: 0}}", "no-compartments", "give some"),
    (r"\n  village: \{(.*)\}", r"\n  village: {\1, occupied: {XL: 2}}", "over-occupied", "0 or less"),
    (r"\n  village: \{(.*)\}", r"\n  village: {\1, compartments: {XS: 3}}", "not-allowed", "S, M, L, XL"),
    (r"\n  village: \{(.*)\}", r"\n  village: {\1, hours: ['22:00', '07:00']}", "window-reversed", "25:00"),
    ("mode: van, count: 1}]", "mode: vann, count: 1}]", "unknown-mode", "did you mean 'van'?"),
    ("mode: van, count: 1}]}\n  drone", "mode: van, count: 0}]}\n  drone", "no-fleet", "1 or more"),
    ("mode: van, count: 1}]}\n  drone", "mode: van, count: -1}]}\n  drone", "out-of-range", "0 or more"),
    ("mode: van, count: 1}]}\n  drone", "mode: van, cuont: 1}]}\n  drone", "unknown-key", "did you mean 'count'?"),
    ("mode: van, count: 1}]}\n  drone", "mode: van, count: 1, hub: depo}]}\n  drone", "unknown-hub", "'depot'"),
    (
        "mode: quadcopter, count: 2}",
        "mode: quadcopter, count: 2, reserve: true}",
        "reserve-only",
        "leave `reserve` out",
    ),
    ("mode: quadcopter, count: 2}", "mode: quadcopter, count: 2, handover: [door]}", "unable", "it can: kiosk, yard"),
    (
        "mode: quadcopter, count: 2}",
        "mode: quadcopter, count: 2, handover: [yrd]}",
        "not-allowed",
        "did you mean 'yard'?",
    ),
    (
        "mode: quadcopter, count: 2}",
        "mode: quadcopter, count: 2, reserve: [yrd]}",
        "wrong-value",
        "did you mean 'yard'?",
    ),
    (", lockers: all", "", "no-lockers", "lockers: all"),
    (", lockers: all", ", lockers: [vilage]", "unknown-locker", "did you mean 'village'?"),
    (", lockers: all", ", lockers: some", "wrong-value", "[a, b]"),
    ("combine: all", "combine: [mixed]", "combines-itself", "leave it out"),
    ("combine: all", "combine: [drones]", "unknown-configuration", "did you mean 'drone'?"),
    ("combine: all", "combine: all, lockers: all", "two-fleets", "lockers"),
    ("combine: all", "combine: [drone]}\n  more: {combine: [mixed]", "combines-combined", "its parts"),
    ("$", "work: {shift: 20 min}\n", "break-too-long", "30 min"),
    ("$", "work: {hours: ['21:00', '07:00']}\n", "window-reversed", "swap"),
    ("$", "walk_speed: 0 km/h\n", "no-speed", "4.8 km/h"),
    ("$", "planner: {time_limit: 0 s}\n", "no-time", "2 min"),
    ("$", "prices: euro-area-2042\n", "unknown-price-book", "euro-area-2024"),
    ("$", "prices: ./no.yaml\n", "missing-file", "no.yaml"),
    ("$", "modes: {van: no.yaml}\n", "missing-file", "no.yaml"),
    ("$", "seed: {value: 3, source: nobody1999}\n", "unknown-source", "estimate: why"),
    ("$", "seed: {value: 3}\n", "unsourced", "estimate: WHY"),
    ("$", "seed: {value: 3, source: spb2024, estimate: both}\n", "unsourced", "one of"),
    ("$", "seed: {value: 3, estimat: x}\n", "unknown-key", "did you mean 'estimate'?"),
    ("$", "prises: x\n", "unknown-key", "did you mean 'prices'?"),
    ("$", "work:\n", "empty", "leave it out"),
    ("$", "planner: {unserved_price: '17,50'}\n", "not-a-number", "use a decimal point: 17.50"),
    ("$", "planner: {work: 1.5}\n", "not-a-number", "round it: 2"),
    ("$", "planner: {work: .nan}\n", "not-a-number", ""),
    (re.escape(HUB), "[.inf, 60.5318]", "wrong-value", "decimal points"),
    ("$", "planner: {unserved_price: 1e300}\n", "out-of-range", "1,000,000 or less"),
    ("$", "planner: {late_per_hour: 1e15}\n", "out-of-range", "1,000,000 or less"),
    ("$", "planner: {work: 0}\n", "out-of-range", "1 or more"),
    ("$", "planner: {work: 1_0}\n", "not-a-number", "without separators: 10"),
    ("$", "seed: 99999999999999999999999999\n", "out-of-range", "write less than 9,223"),
    ("$", "work: {break_after: 0 h}\n", "no-work", "write the length of the shift"),
    ("$", "work: {break_after: 0.4 s}\n", "no-work", "write the length of the shift"),
    ("$", "walk_speed: 1e30 km/h\n", "wrong-value", "has an exponent"),
    ("network: {extract: '[^']*'}", "network: {extract: ''}", "empty", "'extract' is empty"),
    ("network: {extract: '[^']*'}", "network: {place: ' '}", "empty", "'place' is empty"),
    (
        "network: {extract: '[^']*'}",
        "network: {bbox: [60.5, 26.9, 60.6, 27.0]}",
        "swapped-box",
        "[26.9, 60.5, 27, 60.6]",
    ),
    ("network: {extract: '[^']*'}", "network: {bbox: [-180, -90, 180, 90]}", "too-large", "25,000 km²"),
    (r"demand: \{.*\}", "demand: {table: {file: ''}}", "empty", "'file' is empty"),
    (r"orders: 5\}", "orders: 5, window_length: 30 h}", "out-of-range", "30 h do not fit in 12 h"),
    (r"orders: 5\}", "orders: 5, density: 1e-30}", "out-of-range", "0.001"),
    (r"orders: 5\}", "orders: 5, mass_sigma: 1e300}", "out-of-range", "10"),
    (r"orders: 5\}", "orders: 5, walk_limit: [900 m, 100 m]}", "out-of-range", "100 m is below the shortest of 900 m"),
    (r"orders: 5\}", "orders: 5, placed: today, cutoff: '00:00'}", "out-of-range", "a time after 00:00"),
    (r"lockers:\n.*\n", "lockers: {count: 9999}\n", "out-of-range", "500"),
    (r"\n  village:", "\n  ../village:", "wrong-value", "cannot hold '/'"),
    (r"\n  depot:", "\n  .depot:", "wrong-value", "leave the dot out"),
    ("\n  courier:", '\n  "cou\\\\nrier":', "wrong-value", "U+000A"),
    ("\n  courier:", f"\n  {'c' * 65}:", "wrong-value", "65 letters"),
    ("mode: quadcopter, count: 2}", "mode: quadcopter, count: 2, handover: []}", "unable", "hand nothing over"),
    ("$", "name: 2024\n", "wrong-type", 'put it in quotes: "2024"'),
    ("$", "modes: []\n", "wrong-type", "name"),
]

READ = cache(read_extract)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each extract once for all tests of this file."""
    monkeypatch.setattr("doorstep.network.extract.read_extract", READ)


def test_the_sound_file_has_no_fault(tmp_path: Path) -> None:
    """The file that the others are broken from is sound."""
    path = tmp_path / "sound.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert check_file(path) == ()


@pytest.mark.parametrize(("old", "new", "code", "words"), BROKEN, ids=[f"{b[2]}-{n}" for n, b in enumerate(BROKEN)])
def test_each_break_is_one_fault_in_its_place(tmp_path: Path, old: str, new: str, code: str, words: str) -> None:
    """A file broken in one way has one fault with that code, a place in the file and a mend."""
    text = SOUND + new if old == "$" else re.sub(old, new, SOUND, count=1)
    assert text != SOUND
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    faults = check_file(path)
    assert [fault.code for fault in faults] == [code], "\n".join(map(str, faults))
    assert words in f"{faults[0].what} {faults[0].fix}"
    assert faults[0].mark is not None
    assert faults[0].mark.file == str(path)
    assert faults[0].mark.text == text.splitlines()[faults[0].mark.line - 1]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Faults of the schema, between the tables, of the map and of the orders are told together, in order."""
    text = SOUND.replace("orders: 5", "orders: 5, hours: ['20:00', '08:00'], cutof: 5")
    text = text.replace(HUB, "[60.5318, 26.9532]").replace("combine: all", "combine: [drones]")
    path = tmp_path / "broken.yaml"
    path.write_text(text + "work: {shift: 8}\n", encoding="utf-8")
    codes = [fault.code for fault in check_file(path)]
    assert codes == ["window-reversed", "unknown-key", "outside-area", "unknown-configuration", "wrong-value"]


def test_a_fault_in_one_place_is_not_told_of_another(tmp_path: Path) -> None:
    """A hub that cannot be read is still a hub, so nobody is told that it is unknown."""
    path = tmp_path / "broken.yaml"
    text = SOUND.replace(f"place: {HUB}", "plase: here").replace(
        "mode: van, count: 1}", "mode: van, count: 1, hub: depot}"
    )
    path.write_text(text, encoding="utf-8")
    assert sorted(fault.code for fault in check_file(path)) == ["unknown-key"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_its_reason(rule: object) -> None:
    """Every rule says in a sentence what it asks."""
    assert str(rule.__doc__).startswith("Ask that ")


def test_a_thousand_mutilations_never_raise(tmp_path: Path) -> None:
    """Whatever single line of a sound file is dropped, emptied, or made a list, faults come and no traceback."""
    lines = SOUND.splitlines()
    for number, line in enumerate(lines):
        key = line.split(":")[0]
        for new in ("", f"{key}:", f"{key}: []", f"{key}: 3", f"{key}: text", f"{key}: {{a: {{b: 1}}}}"):
            text = "\n".join([*lines[:number], new, *lines[number + 1 :]])
            try:
                yaml.safe_load(text)
            except yaml.YAMLError:
                continue
            path = tmp_path / "mutilated.yaml"
            path.write_text(text.replace(str(EXTRACT), "none.osm.pbf"), encoding="utf-8")
            assert check_file(path)
