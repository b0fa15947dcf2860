"""Every rule of a scenario file, and all that it says of hubs and lockers, moves a result of a shipped scenario."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from levers import merge, of_modes, results

from doorstep.scenario.banks import LockerCount, LockerTable
from doorstep.scenario.schema import AbsentTable, HubTable, NoFlyTable, RobotTable, StemTable, WorkTable
from doorstep.scenario.surroundings import FlightTable, WindTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

HELSINKI = Path(__file__).parents[2] / "scenarios" / "data" / "helsinki-centre.osm.pbf"
SHORT = of_modes({"van": ["door"], "quadcopter": ["yard"], "sidewalk-robot": ["kerb"]})
BANKS = of_modes({"van": ["locker"], "robovan": ["kiosk"]})
FEW = {"configurations": {"van": {"vehicles": [{"mode": "van", "count": 1, "handover": ["door"]}]}}}
MANY = {
    "configurations": {
        "robot": {"vehicles": [{"mode": "sidewalk-robot", "count": 8, "handover": ["kerb"]}]},
        "drone": {"vehicles": [{"mode": "quadcopter", "count": 8, "handover": ["yard"]}]},
    },
    "demand": {
        "sample": {
            "orders": 60,
            "factor": 1.0,
            "arrival": [0] * 11 + [1] + [0] * 12,
            "yard": {"house": 1, "flat": 1},
            "landing_place": {"house": 1, "flat": 1},
            "kerb": {"house": 1, "flat": 1},
        }
    },
}
"""All at noon."""
FAR = {
    "configurations": {"drone": {"vehicles": [{"mode": "quadcopter", "count": 2, "handover": ["yard"]}]}},
    "demand": {"sample": {"yard": {"house": 1, "flat": 1}, "landing_place": {"house": 1, "flat": 1}}},
}
STREETS = {"residential", "unclassified", "tertiary", "secondary", "primary"}
ZONE = [[26.925, 60.500], [26.955, 60.500], [26.955, 60.506], [26.925, 60.506], [26.925, 60.500]]
HUB = {"place": [24.9385, 60.1716]}
OFF = {"place": [24.9900, 60.1900]}
STEM = {"length": "5 km", "time": "8 min"}


@dataclass(frozen=True)
class Lever:
    """Two values of one key, and a variant in which it binds."""

    here: str
    """Path of the table in the scenario file."""
    first: object
    then: object
    where: Mapping[str, Any] = field(default_factory=lambda: SHORT)
    base: str = "peak-kiosks"
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Other keys of the table that are needed."""
    without: str = ""
    """What the shipped scenario has that is in the way."""


def hub(first: object, then: object, where: Mapping[str, Any] = SHORT, **beside: object) -> Lever:
    """Return a lever of the hub."""
    return Lever("hubs.post-office", first, then, where, beside=beside or HUB)


def stem(first: object, then: object) -> Lever:
    """Return a lever of a hub's stem; the hub itself lies off the map."""
    return Lever("hubs.post-office.stem", first, then, merge(SHORT, {"hubs": {"post-office": OFF}}), beside=STEM)


def zone(first: object, then: object) -> Lever:
    """Return a lever of no-fly zones between the hub and the village."""
    return Lever("network.no_fly", first, then, FAR, "rural", {"file": "zones.geojson"})


def robot(first: object, then: object) -> Lever:
    """Return a lever of what robots can do, on a map that says more of pavements."""
    return Lever("network.robot_rules", first, then, merge(SHORT, {"network": {"extract": "tagged.osm.pbf"}}))


def bank(first: object, then: object) -> Lever:
    """Return a lever of the locker in the west."""
    return Lever("lockers.west", first, then, BANKS)


LEVERS: Mapping[type[BaseModel], Mapping[str, Lever]] = {
    RobotTable: {
        "width": robot("0.8 m", "2 m"),
        "incline": robot(0.15, 0.01),
        "kerb": robot("0.03 m", "0.2 m"),
        "roads": robot("0 km/h", "50 km/h"),
    },
    NoFlyTable: {
        "file": zone("zones.geojson", "other.geojson"),
        "margin": zone("10 m", "400 m"),
        "crs": Lever("network.no_fly", "EPSG:3067", "EPSG:3046", FAR, "rural", {"file": "metres.wkt"}),
    },
    WorkTable: {
        "hours": Lever("work", ["10:00", "23:30"], ["10:00", "14:00"]),
        "shift": Lever("work", "8 h", "100 min", FEW),
        "break_after": Lever("work", "6 h", "1 h", FEW),
        "break": Lever("work", "30 min", "90 min", FEW, beside={"break_after": "1 h"}),
        "paid_at_least": Lever("work", "0 h", "7.5 h"),
        "overtime_after": Lever("work", "8 h", "30 min"),
        "overtime_premium": Lever("work", 0.5, 1.0, beside={"overtime_after": "30 min"}),
    },
    HubTable: {
        "place": hub(HUB["place"], [24.9450, 60.1700]),
        "stem": Lever("hubs.post-office", STEM, {**STEM, "length": "6 km"}, beside=OFF),
        "pads": hub(8, 1, MANY),
        "docks": hub(8, 1, MANY),
        "chargers": hub(8, 1, MANY),
        "loaders": hub(8, 1, MANY),
    },
    StemTable: {
        "length": stem("5 km", "6 km"),
        "time": stem("8 min", "12 min"),
        "gate": stem("auto", [24.9385, 60.1716]),
    },
    AbsentTable: {
        "door": Lever("demand.absent", 0.05, 0.3),
        "kerb": Lever("demand.absent", 0.1, 0.3),
        "wait": Lever("demand.absent", "3 min", "5 min"),
    },
    FlightTable: {
        "altitude": Lever("network.flight", "60 m", "120 m"),
        "climb": Lever("network.flight", "4 m/s", "2 m/s", beside={"altitude": "60 m"}),
        "descent": Lever("network.flight", "4 m/s", "2 m/s", beside={"altitude": "60 m"}),
    },
    WindTable: {
        "speed": Lever("weather.wind", "3 m/s", "7 m/s", beside={"from": "W"}),
        "from": Lever("weather.wind", "W", "S", beside={"speed": "7 m/s"}),
        "file": Lever("weather.wind", "winds.csv", "gales.csv"),
    },
    LockerTable: {
        "place": bank([24.939942, 60.167194], [24.9500, 60.1750]),
        "compartments": bank({"S": 2}, {"S": 1, "L": 3}),
        "occupied": bank({}, {"S": 14, "M": 8, "L": 4}),
        "dwell": bank("14 h", "30 h"),
        "dwell_spread": bank(0.5, 0.1),
        "kiosk": bank(False, True),
        "hours": bank(["00:00", "48:00"], ["20:00", "22:00"]),
    },
    LockerCount: {
        "count": Lever("lockers", 2, 4, of_modes({"van": ["locker"]}), without="lockers"),
    },
}
CASES = [(table, key) for table, levers in LEVERS.items() for key in levers]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that levers name."""
    folder = tmp_path_factory.mktemp("rules")
    for name, ring in (("zones", ZONE), ("other", [[x, y + 0.004] for x, y in ZONE])):
        shape = {"type": "Polygon", "coordinates": [ring]}
        (folder / f"{name}.geojson").write_text(json.dumps(shape), encoding="utf-8")
    corners = "496000 6707200, 498000 6707200, 498000 6707800, 496000 6707800, 496000 6707200"
    (folder / "metres.wkt").write_text(f"POLYGON(({corners}))\n", encoding="utf-8")
    for name, speed in (("winds", 3), ("gales", 8)):
        (folder / f"{name}.csv").write_text(f"hour,speed_mps,from_deg\n0,{speed},270\n", encoding="utf-8")
    tagged_map(folder / "tagged.osm.pbf")
    return folder


def tagged_map(path: Path) -> None:
    """Write the shipped centre with pavements that say how wide and steep they are, kerbs, and streets without any."""
    import osmium

    with osmium.SimpleWriter(str(path)) as writer:
        for thing in osmium.FileProcessor(str(HELSINKI)):
            more: dict[str, str] = {}
            if thing.is_node() and thing.id % 3 == 0 and thing.tags.get("highway") == "crossing":
                more = {"kerb": "raised", "kerb:height": "0.1"}
            if thing.is_way() and thing.tags.get("highway") == "footway":
                more = [{"width": "1.5"}, {"incline": "5%"}, {}][thing.id % 3]
            elif thing.is_way() and "highway" in thing.tags and thing.id % 2:
                more = {"sidewalk": "no", "maxspeed": "30"} if thing.tags["highway"] in STREETS else {}
            writer.add(thing.replace(tags={**dict(thing.tags), **more}) if more else thing)


def said(desk: Path, lever: Lever, key: str, value: object) -> Any:
    """Return what comes of one value of a lever."""
    own: dict[str, Any] = {**lever.beside, key: value}
    for step in reversed(lever.here.split(".")):
        own = {step: own}
    return results(desk, merge(lever.where, own), lever.base, lever.without)


@pytest.mark.parametrize(("table", "key"), CASES, ids=[f"{table.__name__}.{key}" for table, key in CASES])
def test_every_rule_moves_something(desk: Path, table: type[BaseModel], key: str) -> None:
    """What a file says otherwise of its rules, hubs or lockers changes a number of some card, or a reason."""
    lever = LEVERS[table][key]
    assert said(desk, lever, key, lever.first) != said(desk, lever, key, lever.then)


def test_no_field_is_without_a_lever() -> None:
    """Each field of the tables has a lever; those of counted lockers are those of named ones besides."""
    for table, levers in LEVERS.items():
        fields = {one.alias or name for name, one in table.model_fields.items()}
        assert set(levers) == fields - (set(LockerTable.model_fields) if table is LockerCount else set()), table
