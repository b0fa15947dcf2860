"""Every value of a mode's energy moves what plans cost, use or must keep in a shipped scenario."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from doorstep.evaluation.scorecard import evaluate
from doorstep.modes.catalog import load_mode, mode_names
from doorstep.modes.layout import ENERGY
from doorstep.modes.sources import FOLDER
from doorstep.network.air.wind import steady_wind
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.planning.planner import solve
from doorstep.planning.task.tables import tabulate
from doorstep.planning.task.travel import Travel
from doorstep.scenario.file import load_scenario
from doorstep.scenario.scenario import Configuration, Scenario, VehicleGroup
from doorstep.simulation.trace import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.modes.mode import Mode
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem

ALONE = ("battery", "reserve", "turnaround", "energy_model", "climb", "descent", "altitude", "hover", "max_wind")
WIND = steady_wind(4.0, 3.0)


def _sheet(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "catalog" / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def _levers(name: str) -> list[str]:
    sheet = _sheet(name)
    paths = [key for key in ALONE if key in sheet and sheet[key]["value"] != "unlimited"]
    paths += [f"energy.{key}.{value}" for key in sheet["energy"] for value in ENERGY.entries[key].entries]  # type: ignore[union-attr]
    return paths + [f"charging.{key}" for key in sheet.get("charging", ())]


LEVERS = [(name, path) for name in mode_names() for path in _levers(name) if (name, path) != ("diesel-van", "reserve")]


@cache
def _scene(name: str) -> tuple[Scenario, Travel]:
    """Return the shipped scenario that a mode has work in, some wind added, and its travel times."""
    scenario = load_scenario("peak" if name in {"sidewalk-robot", "cargo-trike"} else "rural")
    network = replace(scenario.network, layers={**scenario.network.layers, Medium.AIR: Sky(wind=WIND)})
    scenario = replace(scenario, network=network)
    return scenario, Travel(scenario)


def _problem(name: str, mode: Mode) -> Problem:
    scenario, travel = _scene(name)
    kinds = frozenset(kind for kind in mode.service_s if kind != "locker")
    only = Configuration("only", (VehicleGroup(mode.name, 3, next(iter(scenario.hubs)), kinds),))
    return tabulate(replace(scenario, modes={mode.name: mode}, configurations=(only,)), "only", travel)


@cache
def _plan(name: str) -> Plan:
    scenario, _ = _scene(name)
    return solve(_problem(name, load_mode(name)), replace(scenario.effort, work=2), seed=1)


def _results(name: str, mode: Mode) -> tuple[object, ...]:
    """Return what the same routes cost and use, and what plans would have to keep."""
    problem, plan = _problem(name, mode), _plan(name)
    card, fleet = evaluate(problem, plan, simulate(problem, plan)), problem.fleets[0]
    return (
        card.cost_lines,
        card.energy_kwh,
        card.energy_models,
        card.violations,
        card.reach_share,
        fleet.energy_mwh,
        fleet.turnaround_s,
        (fleet.refill_mwh_per_s, fleet.spares),
    )


def _moved(sheet: dict[str, Any], path: str) -> dict[str, Any]:
    """Return a mode's file with one value a tenth smaller, or another where that cannot be."""
    *above, last = path.split(".")
    table = sheet
    for key in above:
        table = table[key]
    entry = table[last]
    value = entry["value"]
    if path == "energy_model":
        entry["value"] = next(key for key in sheet["energy"] if key != value)
    elif path == "charging.way":
        entry["value"] = "charge" if value == "swap" else "swap"
        spares = {"value": 1, "unit": "batteries", "estimate": "a lever"}
        table.pop("spares") if value == "swap" else table.update(spares=spares)
    elif path == "charging.spares":
        entry["value"] = value + 1
    elif path == "max_wind":
        entry["value"] = 4.0
    else:
        entry["value"] = 0.9 * value or 5.0
    return sheet


@pytest.mark.parametrize(("name", "path"), LEVERS)
def test_every_value_of_energy_moves_something(name: str, path: str, tmp_path: Path) -> None:
    """A tenth less of any value of a mode's energy, battery, climbs or charging changes some result."""
    assert _plan(name).routes
    file = tmp_path / f"{name}.yaml"
    file.write_text(yaml.safe_dump(_moved(_sheet(name), path)), encoding="utf-8")
    assert _results(name, load_mode(file)) != _results(name, load_mode(name))
