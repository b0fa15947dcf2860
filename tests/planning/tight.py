"""Small problems that a plan is known for which leaves no vehicle and hardly any room unused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from plain import configured, group, order, plain

from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

FULL = 1000
NOTHING = {
    "trip_cost": 0,
    "stop_cost": 0,
    "duty_cost": 0,
    "away_cost": 0,
    "vehicle_cost": 0,
    "kwh_cost": 0,
    "break_after_s": 0,
}


def tight(seed: int, vehicles: int, orders: int, *, slack_s: int, spare: float, others: float) -> Problem:
    """Return a problem made from a plan of so many vehicles with so many orders each; money is metres.

    Windows open and close `slack_s` before and after the plan is there, a share of `spare` of mass and volume is left
    in every vehicle, and fleets other than the plan's may serve an order by a chance of `others`.
    """
    rng = np.random.default_rng(seed)
    n = vehicles * orders
    places = rng.uniform(-5000, 5000, (n, 2))
    day = plain(tuple(order(str(k), *xy, mass_kg=1) for k, xy in enumerate(places.tolist())), hub_m=(0, 0))
    problem = tabulate(
        configured(day, group("van", 1, "door"), group("van", 1, "door"), group("van", 1, "door")), "only"
    )
    count = np.bincount(rng.integers(3, size=vehicles), minlength=3)
    kind = np.repeat(np.repeat(np.arange(3), count), orders)
    first = problem.fleets[0]
    at_s = np.zeros(n)
    for v in range(vehicles):
        here, clock = first.hub, max(first.open_s, int(problem.ready_s.max())) + first.load_s
        for k in range(v * orders, (v + 1) * orders):
            site = problem.option_site[k]
            clock += int(first.duration_s[here, site]) + int(first.setup_s[k])
            at_s[k], here = clock, site
            clock += int(first.service_s[k]) + int(rng.integers(min(slack_s, 600) + 1))
    loads = np.stack([_parts(rng, vehicles, orders, round(FULL * (1 - spare))) for _ in range(2)])
    allowed = (rng.random((3, n)) < others) | (kind == np.arange(3)[:, None])
    fleets = tuple(
        replace(
            f,
            **NOTHING,
            count=int(count[k]),
            allowed=allowed[k],
            mass_g=FULL,
            volume_ml=FULL,
            metre_cost=1,
            max_trips=1,
        )
        for k, f in enumerate(problem.fleets)
    )
    return replace(
        problem,
        fleets=fleets,
        mass_g=loads[0],
        volume_ml=loads[1],
        option_open_s=(at_s - slack_s).astype(np.int64),
        option_close_s=(at_s + slack_s).astype(np.int64),
        late_cost=0,
        unserved_cost=np.full(n, 10**9),
        hub_cost=np.zeros_like(problem.hub_cost),
    )


def _parts(rng: np.random.Generator, vehicles: int, orders: int, whole: int) -> np.ndarray:
    """Return whole numbers that sum up to the same for the orders of each vehicle."""
    cuts = np.sort(rng.integers(1, whole, (vehicles, orders - 1)), axis=1)
    edges = np.concatenate([np.zeros((vehicles, 1), int), cuts, np.full((vehicles, 1), whole)], axis=1)
    return np.diff(edges, axis=1).reshape(-1)
