"""Laws: what the law of a scenario's place does to its vehicles and flights."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.counting import counted
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.modes.lawbook import Lawbook
    from doorstep.modes.mode import Mode
    from doorstep.network.network import Network
    from doorstep.scenario.scenario import Scenario

CELL_M = 100.0
"""Side of the squares by which homes are counted."""
ACROSS = 5
"""Squares to either side of a place's own that are counted with it: 1.1 km in all."""


def lawful(laws: Lawbook | None, modes: Mapping[str, Mode]) -> tuple[dict[str, Mode], list[str]]:
    """Return the modes as the law lets them move, and the rules that bind."""
    if laws is None:
        return dict(modes), []
    kept = {name: laws.keep(mode) for name, mode in modes.items()}
    return {name: mode for name, (mode, _) in kept.items()}, [note for _, notes in kept.values() for note in notes]


def people_per_km2(network: Network, xy_m: NDArray[np.float64], people_per_home: float) -> NDArray[np.float64]:
    """Return how many people live within half a kilometre to each side of [n, 2] places, per square kilometre [n]."""
    doors = network.doors
    if not len(doors.xy_m) or not len(xy_m):
        return np.zeros(len(xy_m))
    corner = doors.xy_m.min(axis=0)
    shape = np.floor((doors.xy_m.max(axis=0) - corner) / CELL_M).astype(int) + 1
    homes = np.zeros(shape + 1)
    at = np.floor((doors.xy_m - corner) / CELL_M).astype(int)
    np.add.at(homes, (at[:, 0] + 1, at[:, 1] + 1), doors.homes)
    total = homes.cumsum(axis=0).cumsum(axis=1)
    here = np.floor((xy_m - corner) / CELL_M).astype(int)
    low, high = np.clip(here - ACROSS, 0, shape), np.clip(here + ACROSS + 1, 0, shape)
    found = total[high[:, 0], high[:, 1]] - total[low[:, 0], high[:, 1]]
    found += total[low[:, 0], low[:, 1]] - total[high[:, 0], low[:, 1]]
    return np.asarray(found * people_per_home / ((2 * ACROSS + 1) * CELL_M / 1000) ** 2)


class Crowds(NamedTuple):
    """People around places, as far as the law asks who may come there."""

    flies: bool
    people_per_km2: NDArray[np.float64]
    """[n]"""
    most_per_km2: float


def crowds(scenario: Scenario, medium: Medium, xy_m: NDArray[np.float64]) -> Crowds:
    """Return how densely people live around [n, 2] places, and how densely they may where somebody comes."""
    laws, flies = scenario.laws, medium == Medium.AIR
    limit = laws.limit(medium, "density") if laws else np.inf
    if not laws or limit == np.inf:
        return Crowds(flies, np.zeros(len(xy_m)), np.inf)
    per_home = laws.limit(medium, "people_per_home", 0.0)
    return Crowds(flies, people_per_km2(scenario.network, xy_m, per_home), limit)


def crowd_notes(scenario: Scenario) -> list[str]:
    """Return how many orders lie where nothing may fly, as too many people live around them."""
    laws, orders = scenario.laws, scenario.orders
    flown = any(scenario.modes[name].medium == Medium.AIR for one in scenario.configurations for name in one.modes)
    found = crowds(scenario, Medium.AIR, np.array([(o.x_m, o.y_m) for o in orders], float).reshape(-1, 2))
    many = int((found.people_per_km2 > found.most_per_km2).sum())
    if not laws or not many or not flown:
        return []
    rule = laws.rule(Medium.AIR, "density")
    told = (
        f"{many} of {counted(len(orders), 'order')} lie where more than {found.most_per_km2:,.0f} people live per km²"
    )
    return [f"air: {told}, so that nothing may fly there, by law ({rule})"]
