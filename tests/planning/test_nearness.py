"""Tests of the sites beside which orders are put back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from plain import HOUR, configured, group, order, plain

from doorstep.demand.order import Window
from doorstep.planning.sisr.build import ground
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario

MORNING, EVENING = 8 * HOUR, 15 * HOUR


def shift(count: int = 80) -> Scenario:
    """Return orders along a road: every fourth is wanted in the morning, the others are only ready in the evening."""
    orders = []
    for k in range(count):
        ready = EVENING if k % 4 else MORNING
        window = Window(0, MORNING + 4 * HOUR if ready == MORNING else 22 * HOUR)
        orders.append(replace(order(f"o{k}", 20.0 * k, 100.0), ready_s=ready, window=window))
    return configured(plain(tuple(orders)), group("van", 4))


def test_orders_that_cannot_leave_together_are_not_near() -> None:
    """The nearest of an early order are other early ones, though late ones that no trip brings with it are nearer."""
    problem = tabulate(shift(), "only")
    near = ground(problem).near
    early = problem.option_site[problem.ready_s[problem.option_order] <= MORNING]
    for site in early:
        assert set(near[site, : len(early)]) == set(early)


def test_ready_times_before_the_hub_opens_change_nothing() -> None:
    """Parcels that wait at the hub when it opens are as near to each other as parcels without any time."""
    scenario = shift()
    always = replace(scenario, orders=tuple(replace(each, ready_s=0.0) for each in scenario.orders))
    soon = replace(scenario, orders=tuple(replace(each, ready_s=MORNING) for each in scenario.orders))
    np.testing.assert_array_equal(
        ground(tabulate(always, "only")).near,
        ground(tabulate(soon, "only")).near,
    )
