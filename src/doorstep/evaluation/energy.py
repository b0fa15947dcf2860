"""Energy and emissions of a day, from what each trip used; and how far the energy models of a mode lie apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from doorstep.planning.problem import MWH
from doorstep.planning.rules.referee import sortie_mwh, trip_mwh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace


def energy_kwh(problem: Problem, trace: Trace) -> float:
    """Return what all vehicles used, kilowatt-hours from the plug or in the tank."""
    return sum(_drawn_kwh(trace, f) * fleet.kwh_at_plug for f, fleet in enumerate(problem.fleets))


def co2e_kg(problem: Problem, trace: Trace) -> float:
    """Return the emissions of that energy, kilograms of CO₂ equivalent."""
    return sum(_drawn_kwh(trace, f) * fleet.co2e_kg_per_kwh for f, fleet in enumerate(problem.fleets))


def energy_by_model(problem: Problem, plan: Plan) -> Mapping[str, Mapping[str, float]]:
    """Return what the vehicles of each mode use for the plan by each of its models, the planned one first.

    Kilowatt-hours from the plug or in the tank.
    """
    found: dict[str, dict[str, float]] = {}
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        sums = found.setdefault(fleet.mode, {})
        for key, draw in ((fleet.draw_model, fleet.draw), *fleet.other_draws):
            drawn = sum(trip_mwh(problem, route, trip, draw) for trip in route.trips)
            sums[key] = sums.get(key, 0.0) + drawn / MWH * fleet.kwh_at_plug
        for trip in route.trips:
            for sortie in trip.sorties:
                carried = problem.fleets[sortie.fleet]
                sums = found.setdefault(carried.mode, {})
                for key, draw in ((carried.draw_model, carried.draw), *carried.other_draws):
                    flown = sortie_mwh(problem, trip, sortie, draw) / MWH * carried.kwh_at_plug
                    sums[key] = sums.get(key, 0.0) + flown
    return found


def beyond_battery(problem: Problem, plan: Plan) -> Mapping[str, Mapping[str, int]]:
    """Return by mode and model how many trips would draw more than the battery may give, were another model true."""
    found: dict[str, Counter[str]] = {}
    for route in plan.routes:
        fleet = problem.fleets[route.fleet]
        for key, draw in fleet.other_draws:
            beyond = sum(trip_mwh(problem, route, trip, draw) > fleet.energy_mwh for trip in route.trips)
            if beyond:
                found.setdefault(fleet.mode, Counter())[key] += beyond
        for trip in route.trips:
            for sortie in trip.sorties:
                carried = problem.fleets[sortie.fleet]
                for key, draw in carried.other_draws:
                    if sortie_mwh(problem, trip, sortie, draw) > carried.energy_mwh:
                        found.setdefault(carried.mode, Counter())[key] += 1
    return {mode: dict(counts) for mode, counts in found.items()}


def _drawn_kwh(trace: Trace, f: int) -> float:
    return float(trace.energy_mwh[trace.trip_fleet == f].sum()) / MWH
