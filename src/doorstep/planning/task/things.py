"""Things that vehicles share for a while: pads, docks, chargers and loaders of hubs, and people who watch from afar."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from doorstep.modes.mode import Refill
from doorstep.network.network import Medium
from doorstep.planning.problem import Shared, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.planning.problem import Fleet, Problem
    from doorstep.scenario.scenario import Configuration, Scenario

WATCH = 840
"""Parts of one person's attention: what divides it evenly is counted exactly, the rest is rounded up."""


def shared_things(scenario: Scenario, configuration: Configuration, fleets: Sequence[Fleet]) -> tuple[Shared, ...]:
    """Return what the fleets of a configuration share, as far as the scenario limits it."""
    modes = [scenario.modes[fleet.mode] for fleet in fleets]
    found = []
    for site, hub in enumerate(scenario.hubs.values()):
        for name, room, stage, ours in (
            ("pads", hub.pads, Stage.LOADING, [mode.medium == Medium.AIR for mode in modes]),
            ("docks", hub.docks, Stage.LOADING, [mode.medium != Medium.AIR for mode in modes]),
            ("chargers", hub.chargers, Stage.TURNAROUND, [mode.charging.way is Refill.CHARGE for mode in modes]),
        ):
            here = [fleet.hub == site and fleet.count > 0 for fleet in fleets]  # what vans carry is not loaded here
            takes = tuple(int(there and mine) for there, mine in zip(here, ours, strict=True))
            # Vans that carry do not wait for what there is enough of for all.
            ample = (
                configuration.tandem
                and room is not None
                and room >= sum(fleet.count * k for fleet, k in zip(fleets, takes, strict=True))
            )
            if room is not None and any(takes) and not ample:
                found.append(Shared(f"{name} of {hub.name}", stage, room, takes))
        here = [fleet.hub == site for fleet in fleets]
        packed = tuple(_parts(mode.loading_staff) * mine for mode, mine in zip(modes, here, strict=True))
        if hub.loaders is not None and any(packed):
            found.append(Shared(f"loaders of {hub.name}", Stage.PACKING, hub.loaders * WATCH, packed))
    watched = [mode.vehicles_per_operator for mode in modes]
    takes = tuple(0 if math.isinf(ratio) else _parts(1 / ratio) for ratio in watched)
    if configuration.operators is not None and any(takes):
        found.append(Shared("operators", Stage.AWAY, configuration.operators * WATCH, takes))
    return tuple(found)


def operators_of(problem: Problem) -> Shared | None:
    """Return the operators of a problem; None where there are any number."""
    return next((thing for thing in problem.shared if thing.stage is Stage.AWAY), None)


def _parts(people: float) -> int:
    """Return how many parts of their attention so many people give, rounded up."""
    return math.ceil(WATCH * people - 1e-9)
