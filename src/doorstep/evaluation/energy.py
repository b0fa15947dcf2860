"""Energy and emissions of a day, from what the vehicles drove and where they stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.evaluation.cost import drivers
from doorstep.modes.rates import Per

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace


def energy_kwh(problem: Problem, trace: Trace) -> float:
    """Return what all vehicles used, kilowatt-hours from the plug or in the tank."""
    return sum(_fleet_kwh(problem, trace, f) for f in range(len(problem.fleets)))


def co2e_kg(problem: Problem, trace: Trace) -> float:
    """Return the emissions of that energy, kilograms of CO₂ equivalent."""
    return sum(_fleet_kwh(problem, trace, f) * fleet.co2e_kg_per_kwh for f, fleet in enumerate(problem.fleets))


def _fleet_kwh(problem: Problem, trace: Trace, f: int) -> float:
    fleet, used = problem.fleets[f], drivers(trace, f)
    return (used[Per.METRE] * fleet.energy_mwh_per_m + used[Per.STOP] * fleet.energy_mwh_per_stop) / 1e6
