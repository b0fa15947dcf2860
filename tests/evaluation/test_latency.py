"""When customers have their parcels in their hands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plain import HOUR, configured, group, option_of, order, plain, plan_of

from doorstep.evaluation.latency import collected_s
from doorstep.evaluation.scorecard import evaluate
from doorstep.handover import Size
from doorstep.lockers.locker import Locker
from doorstep.lockers.occupancy import Dwell
from doorstep.planning.planner import solve
from doorstep.planning.task.tables import tabulate
from doorstep.simulation.trace import simulate

ALL_ALIKE = Dwell(10 * HOUR, 0)


@pytest.mark.parametrize(
    ("hours", "wait_h", "collected_h"),
    [((0, 48), 10, 10), ((0, 24), 10, 10), ((6, 22), 2, 2), ((6, 22), 18, 22), ((6, 22), 44, 46), ((18, 30), 2, 10)],
)
def test_customers_come_when_the_locker_is_open(hours: tuple[int, int], wait_h: int, collected_h: int) -> None:
    """Whoever comes at a closed door comes again when it opens, on whatever day that is."""
    bank = Locker("square", 0, 0, {Size.S: 9}, hours[0] * HOUR, hours[1] * HOUR, Dwell(wait_h * HOUR, 0))
    scenario = configured(
        plain((order("a", 100, 0, size=Size.S),)), group("van", 1, "locker", "door"), lockers=("square",)
    )
    problem = tabulate(replace(scenario, lockers={"square": bank}), scenario.configurations[0].name)
    begin = 8 * HOUR
    trace = replace(
        simulate(problem, plan_of(problem, [])),
        option=np.array([option_of(problem, "a", "locker")]),
        handed_s=np.array([begin]),
    )
    assert collected_s(problem, trace)[0] == begin + collected_h * HOUR


def test_in_hand_is_later_only_from_lockers() -> None:
    """Orders from a locker are in hand a wait later, those brought to the door at once; couriers keep its hours too."""
    bank = Locker("square", 0, 0, {Size.S: 1}, 12 * HOUR, 20 * HOUR, ALL_ALIKE)
    orders = tuple(order(name, 100, 0, size=Size.S) for name in "ab")
    scenario = configured(plain(orders), group("van", 1, "locker", "door"), lockers=("square",))
    problem = tabulate(replace(scenario, lockers={"square": bank}), scenario.configurations[0].name)
    plan = solve(problem, scenario.effort, seed=1)
    trace = simulate(problem, plan)
    kinds = [str(problem.option_kind[option]) for option in trace.option]
    waits = collected_s(problem, trace) - trace.handed_s
    assert [w == 0 for w in waits] == [kind == "door" for kind in kinds]
    at_locker = [k == "locker" for k in kinds]
    assert (trace.handed_s[at_locker] >= 12 * HOUR).all()
    card = evaluate(problem, plan, trace)
    assert card.collected_min["p95"] >= card.latency_min["p95"]
