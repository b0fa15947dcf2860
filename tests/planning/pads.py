"""A morning of flights from few pads, with few people to watch them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from plain import HOUR, configured, group, order, plain

from doorstep.demand.order import Window
from doorstep.handover import Handover
from doorstep.planning.problem import Problem, Shared, Stage
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario

SHARED = {"more at once than there is": ("shared", "a plan that knows no pads")}
"""Name: rules broken, how."""


def morning(seed: int, *, orders: int = 24, drones: int = 6, hours: float = 1.25) -> Scenario:
    """Return a scenario of light orders near a hub, all wanted within the hour."""
    rng = np.random.default_rng(seed)
    yard = {"accepts": frozenset({Handover.YARD}), "mass_kg": 0.5, "promise_s": 9 * HOUR}
    day = tuple(order(f"o{k}", *rng.uniform(-1500, 1500, 2).tolist(), **yard) for k in range(orders))
    scenario = configured(plain(day, work=40), group("quadcopter", drones))
    work = replace(scenario.work, hours=Window(8 * HOUR, (8 + hours) * HOUR))
    return replace(scenario, work=work, prices=replace(scenario.prices, late_per_hour=6.0))


def limited(scenario: Scenario, stage: Stage, room: int) -> Problem:
    """Return its problem, with so much of one thing for all drones."""
    return replace(tabulate(scenario, "only"), shared=(Shared("pads", stage, room, (1,)),))
