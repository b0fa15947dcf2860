"""Tests of scenarios whose orders are foretold from past ones."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "demand"))
from pasts import past, rows_of, written

from doorstep.errors import ScenarioError
from doorstep.scenario.file import check_file, load_scenario

EXTRACT = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"
TEXT = """\
name: foretold
network: {{extract: '{extract}'}}
demand: {{history: {{file: past.csv{more}}}}}
hubs: {{depot: {{place: auto}}}}
configurations: {{courier: {{vehicles: [{{mode: van, count: 2}}]}}}}
"""


def village(shift: float = 0.0) -> list[list[str]]:
    """Return past orders of the village, perhaps moved to the east by degrees."""
    rows = rows_of(past(days=42, mean=25))
    return [
        [name, placed, f"{26.96 + shift + (float(lon) - 24.94) / 6:.6f}", f"{60.525 + (float(lat) - 60.17) / 6:.6f}"]
        for name, placed, lon, lat in rows
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("foretold")
    written(path / "past.csv", village())
    return path


def scenario_file(folder: Path, more: str = "") -> Path:
    """Write a scenario beside the past orders and return its path."""
    path = folder / "foretold.yaml"
    path.write_text(TEXT.format(extract=EXTRACT, more=more))
    return path


def test_a_day_of_doors(folder: Path) -> None:
    """The orders of a foretold day go to real doors, always the same, and notes tell how many were expected."""
    scenario = load_scenario(scenario_file(folder))
    doors = {tuple(door) for door in scenario.network.doors.xy_m.round(3).tolist()}
    assert all((round(order.x_m, 3), round(order.y_m, 3)) in doors for order in scenario.orders)
    assert 15 < len(scenario.orders) < 45
    assert any("for Monday 2024-03-18 (expected)" in note for note in scenario.notes)
    assert load_scenario(scenario_file(folder)).orders == scenario.orders


def test_busy_and_quiet_days(folder: Path) -> None:
    """Days have more orders the higher their quantile and factor, and Sundays fewer than Fridays."""
    counts = [len(load_scenario(scenario_file(folder, f", draw: {draw}")).orders) for draw in ("p10", "p50", "p90")]
    assert counts[0] < counts[1] < counts[2]
    twice = load_scenario(scenario_file(folder, ", factor: 2.0"))
    once = load_scenario(scenario_file(folder))
    assert len(twice.orders) == pytest.approx(2 * len(once.orders), abs=1)
    friday, sunday = (len(load_scenario(scenario_file(folder, f", day: '2024-03-{day}'")).orders) for day in (22, 24))
    assert sunday < friday


def test_when_orders_are_placed(folder: Path) -> None:
    """Same-day orders are placed in the hours of the past, and what else is said of drawn orders holds for them too."""
    more = ", placed: today, cutoff: '23:59', window_share: 0, hours: ['08:00', '25:00'], mass_max: 2 kg"
    scenario = load_scenario(scenario_file(folder, more))
    hours = np.array([order.placed_s // 3600 for order in scenario.orders])
    assert np.median(hours) == pytest.approx(13, abs=3)
    assert max(order.mass_kg for order in scenario.orders) <= 2.0


WRONG = {
    ", day: 2024-02-30": ("demand.history.day", "there is no day"),
    ", day: 2034-01-01": ("demand.history.day", "cannot be foretold"),
    ", day: tomorrow": ("demand.history.day", ""),
    ", zone: Mars": ("", "there is no time zone 'Mars'"),
    ", columns: {placed: ordered}": ("", "column 'ordered' is missing"),
    ", hours: ['20:00', '08:00']": ("demand.history.hours", "closes before it opens"),
    ", draw: most": ("demand.history.draw", "not allowed"),
}


@pytest.mark.parametrize("more", WRONG)
def test_files_at_fault(folder: Path, more: str) -> None:
    """What is wrong is told where it is written, with the file's line where it can be."""
    where, words = WRONG[more]
    faults = check_file(scenario_file(folder, more))
    assert faults
    assert any(words in fault.what and (not where or fault.where == where) for fault in faults)
    with pytest.raises(ScenarioError):
        load_scenario(scenario_file(folder, more))


def test_past_orders_of_another_place(tmp_path: Path) -> None:
    """Past orders off the map count for nothing, which is said; where none lie on it, that is a fault."""
    near, far = village(), village(shift=3.0)
    written(tmp_path / "past.csv", near + [[f"far{name}", *row] for name, *row in far])
    scenario = load_scenario(scenario_file(tmp_path))
    assert any(f"{len(near):,} of {2 * len(near)} past orders lie on the map" in note for note in scenario.notes)
    written(tmp_path / "past.csv", far)
    faults = check_file(scenario_file(tmp_path))
    assert (faults[0].where, faults[0].code) == ("demand.history.file", "outside")
    (tmp_path / "past.csv").unlink()
    assert check_file(scenario_file(tmp_path))[0].code == "missing-file"
