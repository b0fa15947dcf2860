"""Refills: how vehicles get their energy back at the hub, by charging or by a change of batteries."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from doorstep.modes.mode import Refill
from doorstep.planning.problem import Stage
from doorstep.planning.rules.referee import longest_turnaround_s, there_and_back_mwh

if TYPE_CHECKING:
    from doorstep.modes.mode import Charging
    from doorstep.planning.problem import Fleet, Problem


def with_refill(fleet: Fleet, charging: Charging) -> Fleet:
    """Return a fleet that gets its energy back in its mode's way."""
    if charging.way is Refill.FUEL:
        return fleet
    return dataclasses.replace(fleet, refill_mwh_per_s=charging.power_w / 3.6, spares=int(charging.spares))


def steady_refills(problem: Problem) -> tuple[Fleet, ...]:
    """Return the fleets of a problem, those that share chargers with turnarounds that suit any of their trips.

    Chargers are booked before it is known what the trip before drew. It is taken for the most that any trip can draw:
    of vehicles with one parcel that of the farthest, else a whole battery.
    """
    found = []
    for f, fleet in enumerate(problem.fleets):
        if not any(thing.takes[f] for thing in problem.shared if thing.stage is Stage.TURNAROUND):
            found.append(fleet)
            continue
        most = float(fleet.energy_mwh)
        mine = fleet.allowed | fleet.last_resort
        if fleet.max_parcels == 1:
            mass_g = problem.mass_g[problem.option_order[mine]]
            each = there_and_back_mwh(fleet, problem.option_site[mine], mass_g, longest=True)
            most = min(most, float(each.max(initial=0.0)))
        turnaround_s = longest_turnaround_s(fleet, most)
        found.append(dataclasses.replace(fleet, turnaround_s=turnaround_s, refill_mwh_per_s=0.0))
    return tuple(found)
