"""Checker of tandem plans: which rules does one break? It reads times as they are told, and knows no way to plan."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.tandem.plan import Act

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorstep.planning.tandem.plan import Sortie, TandemPlan, Task
    from doorstep.planning.tandem.problem import TandemProblem

TOLERANCE_S = 1e-4
"""Seconds, and units of energy and cost, that rounding may make."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that a plan breaks."""

    rule: str
    what: str


def breaches(problem: TandemProblem, plan: TandemPlan, tolerance_s: float = TOLERANCE_S) -> tuple[Breach, ...]:
    """Return every rule that a plan breaks; `tolerance_s` [s] is what times may differ by, energies and costs too.

    Rules are served, crew, drive, handover, window, launch, recover, flight, endurance, drones, eligible, meeting,
    same-stop, revisit, beside, makespan and cost.
    """
    found: list[Breach] = []
    for rule in RULES:
        found += rule(problem, plan, tolerance_s)
    return tuple(found)


def _served(problem: TandemProblem, plan: TandemPlan, _: float) -> Iterator[Breach]:
    by = [task.customer for task in plan.tasks if task.act is Act.SERVE]
    by += [sortie.customer for sortie in plan.sorties] + [shuttle.customer for shuttle in plan.shuttles]
    by += plan.unserved
    for x in range(1, problem.sites):
        if by.count(x) != 1:
            yield Breach("served", f"customer {x} is served or left out {by.count(x)} times")
    if any(not 0 < x < problem.sites for x in by):
        yield Breach("served", "a customer is served who is none")


def _crew(problem: TandemProblem, plan: TandemPlan, slack: float) -> Iterator[Breach]:
    """Tell where the crew does two things at a time, or where the van is not, and whether it ends at the depot."""
    at, busy = 0, 0.0
    for task in plan.tasks:
        if task.begin_s < busy - slack:
            yield Breach("crew", f"{task.act} of {task.customer} begins at {task.begin_s:.6g}, before {busy:.6g}")
        busy = task.end_s
        if task.act is Act.DRIVE:
            lasts, at = float(problem.van_s[at, task.customer]), task.customer
        else:
            lasts = {
                Act.SERVE: problem.van_stay_s, Act.LAUNCH: problem.launch_s, Act.RECOVER: problem.recover_s,
            }[task.act][at]  # fmt: skip
        if task.site != at:
            yield Breach("crew", f"{task.act} of {task.customer} is at {task.site}, the van at {at}")
        if not abs(task.end_s - task.begin_s - lasts) <= slack:
            rule = {Act.DRIVE: "drive", Act.SERVE: "handover"}.get(task.act, str(task.act))
            what = f"{task.act} of {task.customer} takes {task.end_s - task.begin_s:.6g} s, should take {lasts:.6g}"
            yield Breach(rule, what)
    if at != 0:
        yield Breach("crew", f"the van ends at {at}")


def _doors(problem: TandemProblem, plan: TandemPlan, slack: float) -> Iterator[Breach]:
    """Tell who serves a customer and may not, or elsewhere, or outside the window."""
    visits = [
        (task.customer, task.begin_s, bool(problem.by_van[task.customer]))
        for task in plan.tasks
        if task.act is Act.SERVE
    ]
    visits += [(s.customer, s.handover_s, bool(problem.by_drone[s.customer])) for s in plan.sorties]
    for x, begin, may in visits:
        if not may:
            yield Breach("eligible", f"customer {x} may not be served so")
        if not problem.opens_s[x] - slack <= begin <= problem.closes_s[x] + slack:
            yield Breach("window", f"customer {x} is served from {begin:.6g}")
    for task in plan.tasks:
        if task.act is Act.SERVE and task.customer != task.site:
            yield Breach("eligible", f"customer {task.customer} is served at {task.site}")


def _sorties(problem: TandemProblem, plan: TandemPlan, slack: float) -> Iterator[Breach]:
    """Tell sorties that do not leave the van, fly as long as they must, meet it again or last within the battery."""
    launches = {task.customer: task for task in plan.tasks if task.act is Act.LAUNCH}
    recoveries = {task.customer: task for task in plan.tasks if task.act is Act.RECOVER}
    flown = {sortie.customer for sortie in plan.sorties}
    if flown != set(launches) or flown != set(recoveries) or len(flown) != len(plan.sorties):
        yield Breach("drones", "launches, sorties and drones taken in do not match")
        return
    stops = _stop_numbers(plan.tasks)
    for sortie in plan.sorties:
        launch, recovery = launches[sortie.customer], recoveries[sortie.customer]
        yield from _met(problem, sortie, launch, recovery, slack)
        yield from _flight(problem, sortie, slack)
        if stops[id(launch)] == stops[id(recovery)] and not problem.may_return:
            yield Breach("same-stop", f"the drone to {sortie.customer} is back at the stop that it left from")


def _stop_numbers(tasks: tuple[Task, ...]) -> dict[int, int]:
    number, numbers = 0, {}
    for task in tasks:
        number += task.act is Act.DRIVE
        numbers[id(task)] = number
    return numbers


def _met(problem: TandemProblem, sortie: Sortie, launch: Task, recovery: Task, slack: float) -> Iterator[Breach]:
    x = sortie.customer
    if (sortie.launch_site, sortie.recover_site) != (launch.site, recovery.site):
        yield Breach("meeting", f"the drone to {x} and the van are not at the same place")
    if abs(sortie.takeoff_s - launch.end_s) > slack or abs(sortie.landed_s - recovery.begin_s) > slack:
        yield Breach("meeting", f"the drone to {x} and the van do not meet in time")
    for site in (launch.site, recovery.site):
        if not problem.meets[site]:
            yield Breach("meeting", f"no drone may leave or join the van at {site}")


def _flight(problem: TandemProblem, sortie: Sortie, slack: float) -> Iterator[Breach]:
    x, from_site, to_site = sortie.customer, sortie.launch_site, sortie.recover_site
    arrival = sortie.takeoff_s + problem.out_s[from_site, x]
    leave = sortie.handover_s + problem.drone_stay_s[x]
    back = leave + problem.back_s[x, to_site]
    if sortie.handover_s < arrival - slack or not abs(sortie.leave_s - leave) <= slack:
        yield Breach("flight", f"the drone is at customer {x} from {sortie.handover_s:.6g} to {sortie.leave_s:.6g}")
    if not abs(sortie.back_s - back) <= slack or sortie.landed_s < back - slack:
        yield Breach(
            "flight", f"the drone from customer {x} is taken in at {sortie.landed_s:.6g}, can be at {back:.6g}"
        )
    waits = max(0.0, sortie.handover_s - arrival) + max(0.0, sortie.landed_s - back)
    energy = problem.out_j[from_site, x] + problem.back_j[x, to_site] + problem.wait_w * waits
    room = slack * max(1.0, problem.wait_w)
    if energy > problem.battery_j + room:
        yield Breach("endurance", f"the sortie to {x} takes {energy:.6g} of {problem.battery_j:.6g}")
    if abs(energy - sortie.energy_j) > room:
        yield Breach("endurance", f"the sortie to {x} takes {energy:.6g}, not {sortie.energy_j:.6g} as told")


def _drones(problem: TandemProblem, plan: TandemPlan, slack: float) -> Iterator[Breach]:
    """Tell drones that do two things at a time, a launch and being taken in included."""
    launches = {task.customer: task.begin_s for task in plan.tasks if task.act is Act.LAUNCH}
    recoveries = {task.customer: task.end_s for task in plan.tasks if task.act is Act.RECOVER}
    spans: dict[int, list[tuple[float, float]]] = {}
    for sortie in plan.sorties:
        span = (launches.get(sortie.customer, np.nan), recoveries.get(sortie.customer, np.nan))
        spans.setdefault(sortie.drone, []).append(span)
    if any(not 0 <= drone < problem.drones for drone in spans):
        yield Breach("drones", f"{len(spans)} drones fly, there are {problem.drones}")
    for drone, busy in spans.items():
        if any(after[0] < before[1] - slack for before, after in pairwise(sorted(busy))):
            yield Breach("drones", f"drone {drone} is launched before it has been taken in")


def _revisits(problem: TandemProblem, plan: TandemPlan, _: float) -> Iterator[Breach]:
    if not problem.may_revisit and len(set(plan.stops[1:-1])) != len(plan.stops[1:-1]):
        yield Breach("revisit", "the van comes by a place twice")


def _beside(problem: TandemProblem, plan: TandemPlan, slack: float) -> Iterator[Breach]:
    spans: dict[int, list[tuple[float, float]]] = {}
    for shuttle in plan.shuttles:
        lasts = shuttle.end_s - shuttle.begin_s
        if shuttle.begin_s < -slack or not abs(lasts - problem.beside_s[shuttle.customer]) <= slack:
            yield Breach("beside", f"the flight to {shuttle.customer} takes {lasts:.6g} s from {shuttle.begin_s:.6g}")
        spans.setdefault(shuttle.drone, []).append((shuttle.begin_s, shuttle.end_s))
    if any(not 0 <= drone < problem.beside for drone in spans):
        yield Breach("beside", f"{len(spans)} drones fly from the depot, there are {problem.beside}")
    for drone, busy in spans.items():
        if any(after[0] < before[1] - slack for before, after in pairwise(sorted(busy))):
            yield Breach("beside", f"drone {drone} of the depot flies twice at a time")


def _figures(problem: TandemProblem, plan: TandemPlan, slack: float) -> Iterator[Breach]:
    ends = [0.0, *(task.end_s for task in plan.tasks), *(shuttle.end_s for shuttle in plan.shuttles)]
    if abs(plan.makespan_s - max(ends)) > slack:
        yield Breach("makespan", f"all are back at {max(ends):.6g}, not at {plan.makespan_s:.6g}")
    cost = problem.second_cost * max(ends) + sum(float(problem.van_cost[leg]) for leg in pairwise(plan.stops))
    for sortie in plan.sorties:
        cost += float(problem.out_cost[sortie.launch_site, sortie.customer])
        cost += float(problem.back_cost[sortie.customer, sortie.recover_site])
    if abs(plan.cost - cost) > slack * max(1.0, problem.second_cost):
        yield Breach("cost", f"the plan costs {cost:.6g}, not {plan.cost:.6g}")


RULES: tuple[Callable[[TandemProblem, TandemPlan, float], Iterator[Breach]], ...] = (
    _served, _crew, _doors, _sorties, _drones, _revisits, _beside, _figures,
)  # fmt: skip
"""All rules; each yields what breaks it."""
