"""Refills: how long vehicles wait at the hub until their energy is put back, by charging or by a change of batteries.

What is charged is what the trip drew. A changed battery is charged while its vehicle is out again: with `n` spares
there are `n` turns of the vehicle before it is needed, none shorter than loading and the way to the nearest customer
and back; what they leave is waited for. So no battery is used before it is full.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from doorstep.modes.mode import Refill
from doorstep.planning.problem import FAR
from doorstep.planning.referee import longest_turnaround_s, there_and_back_mwh

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from doorstep.modes.mode import Charging
    from doorstep.planning.problem import Fleet, Problem


def with_refill(fleet: Fleet, charging: Charging, sites: NDArray[np.int64]) -> Fleet:
    """Return a fleet that gets its energy back in its mode's way, `sites` being those that it may serve."""
    if charging.way is Refill.FUEL:
        return fleet
    mwh_per_s = charging.power_w / 3.6
    if charging.way is Refill.CHARGE:
        return dataclasses.replace(fleet, refill_mwh_per_s=mwh_per_s)
    ways_s = fleet.duration_s[fleet.hub, sites] + fleet.duration_s[sites, fleet.hub]
    nearest_s = int(ways_s.min(initial=FAR)) % FAR
    return dataclasses.replace(
        fleet, refill_mwh_per_s=mwh_per_s, refill_free_s=int(charging.spares) * (fleet.load_s + nearest_s)
    )


def steady_refills(problem: Problem) -> tuple[Fleet, ...]:
    """Return the fleets of a problem, those that share anything with turnarounds that suit any of their trips.

    Pads, docks and chargers are booked for a whole turnaround before it is known what the trip before it drew. It is
    taken for the most that any trip can draw: of vehicles with one parcel that of the farthest, else a whole battery.
    """
    found = []
    for f, fleet in enumerate(problem.fleets):
        if not any(thing.takes[f] for thing in problem.shared) or not fleet.refill_mwh_per_s:
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
