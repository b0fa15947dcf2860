"""Tests of what the law of a place does to a scenario: every rule of a book moves something."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.errors import ScenarioError
from doorstep.network.grid import grid_town
from doorstep.network.network import Doors, KnownRoadside
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.file import load_scenario
from doorstep.scenario.laws import people_per_km2

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.planning.problem import Fleet, Problem

HOME = "  people_per_home: {value: 2, unit: people, estimate: x}"
FLIGHT = "network: {flight: {altitude: 150 m}}\n"


def problem(folder: Path, rules: str, more: str = "", configuration: str = "drone") -> tuple[Problem, tuple[str, ...]]:
    """Return the tables of the village under a book with such rules, and the notes."""
    (folder / "own.yaml").write_text(f"name: own\nlabel: Own\n{rules}", encoding="utf-8")
    path = folder / "x.yaml"
    path.write_text(f"extends: rural\nlaws: ./own.yaml\n{more}", encoding="utf-8")
    scenario = load_scenario(path)
    return tabulate(scenario, configuration), (*scenario.notes, *scenario.network.notes)


def drone(found: Problem) -> Fleet:
    """Return the aircraft of a problem."""
    return next(fleet for fleet in found.fleets if fleet.mode == "quadcopter")


RULES = {
    "max_speed": ("air: {max_speed: {value: 20, unit: km/h, estimate: x}}", lambda fleet: int(fleet.duration_s.sum())),
    "payload": ("air: {payload: {value: 0.5, unit: kg, estimate: x}}", lambda fleet: fleet.mass_g),
    "vehicles_per_operator": (
        "air: {vehicles_per_operator: {value: 1, unit: vehicles, estimate: x}}",
        lambda fleet: (fleet.away_cost, fleet.duty_cost),
    ),
    "opens": ("air: {opens: {value: 10, unit: h, estimate: x}}", lambda fleet: fleet.open_s),
    "closes": ("air: {closes: {value: 15, unit: h, estimate: x}}", lambda fleet: fleet.close_s),
    "ceiling": ("air: {ceiling: {value: 60, unit: m, estimate: x}}", lambda fleet: int(fleet.distance_m.sum())),
    "density": (
        "air:\n  density: {value: 100, unit: people/km2, estimate: x}\n" + HOME,
        lambda fleet: int(fleet.allowed.sum()),
    ),
}


@pytest.mark.parametrize("key", RULES)
def test_every_rule_moves_something_and_is_named(tmp_path: Path, key: str) -> None:
    """Each rule changes what an aircraft may do, and the notes say by which rule of which book."""
    rule, of = RULES[key]
    free, notes = problem(tmp_path, "", FLIGHT)
    assert not any("by law" in note for note in notes)
    bound, notes = problem(tmp_path, rule, FLIGHT)
    assert of(drone(bound)) != of(drone(free))
    assert [f"(own, air.{key})" in note for note in notes if "by law" in note] == [True]


def test_orders_that_may_not_be_flown_to_say_why(tmp_path: Path) -> None:
    """The verdict on each option has the people that live around it, and how many may."""
    bound, _ = problem(tmp_path, RULES["density"][0])
    fleet = drone(bound)
    (verdict,) = (verdict for verdict in fleet.verdicts if verdict.rule == "density")
    assert (verdict.unit, set(verdict.has.tolist())) == ("people/km2", {100.0})
    refused = verdict.needs > verdict.has
    assert refused.any()
    assert not fleet.allowed[refused].any()


def test_people_are_counted_over_the_square_around_a_place() -> None:
    """Homes within the squares around count by their area, as counted one by one; far from all homes there are none."""
    rng = np.random.default_rng(3)
    network = grid_town(3, 3, 100.0, 1)
    doors = Doors(rng.uniform(0, 3000, (400, 2)), np.zeros(400, bool), rng.integers(1, 9, 400))
    network = replace(network, roadside=KnownRoadside(doors, network.lockers_m))
    places = rng.uniform(-2000, 5000, (50, 2))
    corner = doors.xy_m.min(axis=0)
    squares = np.floor((doors.xy_m - corner) / 100), np.floor((places - corner) / 100)
    near = (np.abs(squares[0][None] - squares[1][:, None]) <= 5).all(axis=2)
    assert people_per_km2(network, places, 2.0) == pytest.approx((near * doors.homes).sum(axis=1) * 2.0 / 1.21)


def test_books_that_are_not_there(tmp_path: Path) -> None:
    """A name that is none, and a file that is not there, are faults that point at the scenario's line."""
    path = tmp_path / "x.yaml"
    for words in ("nowhere-2024", "./nowhere.yaml"):
        path.write_text(f"extends: rural\nlaws: {words}\n", encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        assert [fault.mark.line for fault in caught.value.faults if fault.mark] == [2]
