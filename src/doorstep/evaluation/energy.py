"""Energy and emissions of a day, from what each trip used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.planning.problem import MWH

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace


def energy_kwh(problem: Problem, trace: Trace) -> float:
    """Return what all vehicles used, kilowatt-hours from the plug or in the tank."""
    return sum(_fleet_kwh(trace, f) for f in range(len(problem.fleets)))


def co2e_kg(problem: Problem, trace: Trace) -> float:
    """Return the emissions of that energy, kilograms of CO₂ equivalent."""
    return sum(_fleet_kwh(trace, f) * fleet.co2e_kg_per_kwh for f, fleet in enumerate(problem.fleets))


def _fleet_kwh(trace: Trace, f: int) -> float:
    return float(trace.energy_mwh[trace.trip_fleet == f].sum()) / MWH
