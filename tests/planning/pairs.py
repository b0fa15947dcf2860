"""A day with an order fetched at one place for another, one fetched for the hub, and one brought; and plans of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from plain import HOUR, VAN, configured, group, order, plain

from doorstep.formats.schedule import scheduled
from doorstep.handover import Handover
from doorstep.planning.plan import Plan, Unserved
from doorstep.planning.problem import DELIVER, DROP, PICK_UP, RETURN, Problem
from doorstep.planning.task.tables import tabulate

FETCH, BRING, BACK, OUT = range(4)
"""Options: picked up, dropped, returned to the hub, brought from it."""


def paired() -> Problem:
    """Return a problem of one van with room for 100 kg: 40 from one place to another, 50 to the hub, 60 from it."""
    door = {"accepts": frozenset({Handover.DOOR})}
    day = (
        order("parcel", 1000, mass_kg=40, **door),
        order("unused", 2000, mass_kg=40, **door),
        order("empties", 3000, mass_kg=50, **door),
        order("crate", 500, mass_kg=60, **door),
    )
    scenario = configured(plain(day), group("van", 1, "door"))
    problem = tabulate(replace(scenario, modes={**scenario.modes, "van": replace(VAN, payload_kg=100)}), "only")
    kept = [0, 2, 3]
    columns = ("mass_g", "volume_ml", "placed_s", "ready_s", "promise_s", "unserved_cost", "own_reach")
    return replace(
        problem,
        order_ids=("parcel", "empties", "crate"),
        sizes=tuple(problem.sizes[k] for k in kept),
        option_order=np.array([0, 0, 1, 2]),
        option_part=np.array([PICK_UP, DROP, RETURN, DELIVER], np.int8),
        option_mate=np.array([BRING, FETCH, -1, -1]),
        **{name: getattr(problem, name)[kept] for name in columns},
    )


def planned(problem: Problem, *trips: tuple[int, ...]) -> Plan:
    """Return the plan of one van; who has no stop in it is unserved."""
    served = {int(problem.option_order[option]) for trip in trips for option in trip}
    left = tuple(Unserved(k, ()) for k in range(len(problem.order_ids)) if k not in served)
    return Plan(problem.configuration, (scheduled(problem, 0, 0, trips),), left)


def late(problem: Problem, name: str) -> Problem:
    """Return the problem with one order ready in the evening only."""
    ready = problem.ready_s.copy()
    ready[problem.order_ids.index(name)] = 18 * HOUR
    return replace(problem, ready_s=ready)


GOOD = ((OUT, FETCH, BRING, BACK),)
PAIRS: dict[str, tuple[str, tuple[tuple[int, ...], ...]]] = {
    "a drop before its pick-up": ("pair-order", ((OUT, BRING, FETCH, BACK),)),
    "a pick-up that is never dropped": ("pair", ((OUT, FETCH, BACK),)),
    "a drop of nothing": ("each-order-once pair", ((OUT, BRING, BACK),)),
    "a drop in another trip": ("pair", ((OUT, FETCH), (BRING, BACK))),
    "a parcel dropped twice": ("pair", ((OUT, FETCH, BRING, BRING, BACK),)),
    "a parcel picked up twice": ("each-order-once pair", ((OUT, FETCH, FETCH, BRING, BACK),)),
    "too much aboard on the way": ("mass", ((FETCH, BACK, BRING, OUT),)),
    "too much aboard at the end": ("mass", ((FETCH, BACK, OUT, BRING),)),
}
"""Name: rules broken, trips as rows of options."""
