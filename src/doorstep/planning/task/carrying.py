"""Carrying: what vans carry, as fleets of a problem that leave the hub only with a van."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from doorstep.modes.mode import Refill
from doorstep.planning.problem import Carries
from doorstep.scenario.scenario import VehicleGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.planning.problem import Fleet
    from doorstep.scenario.scenario import Carried, Configuration, Scenario

ANYWHERE = frozenset({"no-fly", "wind", "return", "snap", "density", "mass", "volume"})
"""Rules that say the same wherever a carried vehicle starts; the others hang on the stop that it is launched at."""


def carried_groups(chosen: Configuration) -> list[VehicleGroup]:
    """Return what the vehicles of a configuration carry as groups, one for each group that carries."""
    return [
        VehicleGroup(group.carries.mode, group.carries.count, group.hub, group.carries.handover)
        for group in chosen.vehicles
        if group.count and group.carries
    ]


def with_carried(scenario: Scenario, chosen: Configuration, fleets: Sequence[Fleet]) -> tuple[Fleet, ...]:
    """Return the fleets of a problem, each of those that carry with what it carries; that comes after all others."""
    groups = [group for group in chosen.vehicles if group.count]
    found, place = list(fleets), len(groups)
    for f, group in enumerate(groups):
        if group.carries:
            found[f] = dataclasses.replace(fleets[f], carries=_carries(scenario, group.carries, place))
            place += 1
    return tuple(found)


def _carries(scenario: Scenario, carried: Carried, place: int) -> Carries:
    charging = scenario.modes[carried.mode].charging
    swaps = charging.way is Refill.SWAP
    return Carries(
        fleet=place,
        count=carried.count,
        launch_s=round(carried.launch_s),
        recover_s=round(carried.recover_s),
        swap_s=round(carried.swap_s),
        spares=int(charging.spares) * carried.count if swaps else 0,
        charge_mwh_per_s=0.0 if swaps else min(carried.charge_w, charging.power_w) / 3.6,
        mass_g=round(carried.mass_kg * 1000),
        volume_ml=round(carried.space_l * 1000),
        same_stop=carried.same_stop,
    )
