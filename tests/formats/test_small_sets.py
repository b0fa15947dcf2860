"""Tests of published sets of lockers and of charging: small files of each, what is wrong with them, known values."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from doorstep.errors import InputError
from doorstep.formats.buzzega import read_lockers
from doorstep.formats.schneider import read_charging
from doorstep.planning.small.charging import plan_charging
from doorstep.planning.small.lockertour import plan_lockers

BENCH = Path(__file__).parents[2].parent / "shared" / "bench"
LOCKERS = """2
[[0, 3, 4, 3], [3, 0, 5, 1], [4, 5, 0, 9], [3, 1, 9, 0]]
[2]
5
[[0, 99], [0, 99], [20, 40], [0, 99]]
"""
CHARGING = """StringID   Type       x          y          demand     ReadyTime  DueDate    ServiceTime
D0 d 0 0 0 0 100 0
S0 f 0 0 0 0 100 0
C1 c 3 4 1 0 50 2
C2 c 0 8 1 0 60 2

Q Vehicle fuel tank capacity /14/
C Vehicle load capacity /2/
r fuel consumption rate /1/
g inverse refueling rate /0.5/
v average Velocity /1/
"""


def test_lockers_are_read(tmp_path: Path) -> None:
    """The customer near the locker walks where that is cheaper; windows are kept where they count."""
    path = tmp_path / "one.txt"
    path.write_text(LOCKERS, encoding="utf-8")
    task = read_lockers(path)
    plan = plan_lockers(task)
    assert (task.customers, task.capacity, plan.cost) == (2, 5, pytest.approx(12))
    assert plan_lockers(task, windows=True).optimal


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2\n", "3\n", "square"),
        ("[2]", "2", "brackets"),
        ("9, 0]]", "9, -1]]", "0 or more"),
        ("[0, 99], [0, 99], [20", "[20", "two times"),
        ("[20, 40]", "[50, 40]", "before it opens"),
        ("5\n[[0, 99]", "five\n[[0, 99]", "not a number"),
    ],
)
def test_bad_locker_files_are_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    """What is wrong with a line is said."""
    path = tmp_path / "one.txt"
    path.write_text(LOCKERS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_lockers(path)


def test_charging_is_read(tmp_path: Path) -> None:
    """Stations come before customers; a battery that is too small for both is filled or two vehicles go."""
    path = tmp_path / "one.txt"
    path.write_text(CHARGING, encoding="utf-8")
    task = read_charging(path)
    assert (task.stations, task.battery, task.load, task.charging) == (1, 14.0, 2.0, 0.5)
    with pytest.raises(Exception, match="no plan"):
        plan_charging(task)
    path.write_text(CHARGING.replace("/14/", "/18/"), encoding="utf-8")
    assert len(plan_charging(read_charging(path)).routes) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("D0 d", "D0 x", "d, f or c"),
        ("D0 d 0 0 0 0 100 0\n", "", "one depot"),
        ("/14/", "", "not told"),
        ("/14/", "/0/", "above 0"),
        ("/0.5/", "/-0.5/", "not below"),
        ("3 4 1", "3 four 1", "not a number"),
        ("C2 c", "C1 c", "C1 already"),
        ("3 4 1 0 50", "3 4 -1 0 50", "demand -1"),
        ("3 4 1 0 50 2", "3 4 1 0 50 -2", "service -2"),
        ("3 4 1 0 50", "3 4 1 60 50", "before it opens"),
    ],
)
def test_bad_charging_files_are_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    """What is wrong with a file is said."""
    path = tmp_path / "one.txt"
    path.write_text(CHARGING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_charging(path)


def test_published_values_are_met() -> None:
    """Tours with windows of 20 customers, and vehicles of 5, cost what is published."""
    if not (BENCH / "MANIFEST.csv").is_file():
        pytest.skip("the public instances are not there")
    with (BENCH / "MANIFEST.csv").open(encoding="utf-8") as file:
        entries = list(csv.DictReader(file))
    for entry in entries:
        path = BENCH / entry["instance_file"]
        if entry["set"] == "evrptw_schneider":
            vehicles, _, distance = entry["bks"].partition("/")
            plan = plan_charging(read_charging(path))
            assert len(plan.routes) == int(vehicles.split()[0])
            assert plan.distance == pytest.approx(float(distance), abs=0.0101)
        elif entry["problem"].endswith("TSPLTW") and entry["n_customers"] == "20" and path.is_file():
            assert plan_lockers(read_lockers(path), windows=True).cost == pytest.approx(float(entry["bks"]))
