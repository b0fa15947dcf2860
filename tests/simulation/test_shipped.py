"""Tests of the shipped scenarios: without chance every day is the plan, whoever plans and whatever is shared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.modes.catalog import load_chance
from doorstep.network.traffic import load_traffic
from doorstep.planning.checker import check
from doorstep.planning.planner import solve
from doorstep.planning.task.tables import tabulate
from doorstep.planning.task.travel import Travel
from doorstep.scenario.file import load_scenario
from doorstep.scenario.scenario import Effort
from doorstep.simulation.days import simulate_days
from doorstep.simulation.trace import simulate

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario

FOLDER = Path(__file__).parents[2] / "scenarios"
FETCHED = "china-town"
"""The one whose streets are fetched over the network."""
OFFLINE = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != FETCHED)
NO_CHANCE = load_chance("usual").scaled(0.0)
LEAST = Effort(1, 600)


def ask_as_planned(scenario: Scenario) -> None:
    """Ask that a day without chance is the plan to the second, in every column, in every configuration."""
    travel = Travel(scenario)
    for configuration in scenario.configurations:
        problem = tabulate(scenario, configuration.name, travel)
        plan = solve(problem, LEAST, seed=scenario.seed)
        assert check(problem, plan) == ()
        days = simulate_days(problem, plan, NO_CHANCE, scenario.modes, 2)
        planned = simulate(problem, plan)
        for name in planned.__slots__:
            mine, its = getattr(days.trace(1), name), getattr(planned, name)
            assert np.array_equal(mine, its, equal_nan=its.dtype.kind == "f"), (configuration.name, name)


@pytest.mark.parametrize("name", OFFLINE)
def test_without_chance_the_day_is_the_plan(name: str) -> None:
    """Every shipped scenario, in every configuration and by every rule of dispatch, goes as planned without chance."""
    ask_as_planned(load_scenario(name))


def test_so_it_is_where_streets_are_fetched(tmp_path: Path) -> None:
    """The one whose streets are fetched goes as planned too, on streets that are at hand."""
    path = tmp_path / "town.yaml"
    network = f"{{place: null, extract: {FOLDER / 'data' / 'karhula.osm.pbf'}}}"
    path.write_text(f"extends: {FOLDER / FETCHED}.yaml\nnetwork: {network}\n", encoding="utf-8")
    ask_as_planned(load_scenario(path))


@pytest.mark.parametrize("name", ["peak", "peak-kiosks", "peak-dispatch", "rural"])
def test_so_it_is_where_things_are_shared(name: str) -> None:
    """So it is with one pad, few docks, chargers and operators, traffic by the hour and breaks of drivers."""
    scenario = load_scenario(name)
    hubs = {key: replace(hub, pads=1, docks=2, chargers=2) for key, hub in scenario.hubs.items()}
    configurations = tuple(replace(one, operators=1) for one in scenario.configurations)
    work = replace(scenario.work, break_after_s=7200.0, break_s=1200.0)
    tight = replace(scenario, hubs=hubs, configurations=configurations, work=work)
    ask_as_planned(replace(tight, traffic=load_traffic("chinese-metropolis")))
