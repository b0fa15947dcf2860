"""Answer: an instance planned for a given time, and the plan told in the words of its file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.formats.costing import Bill, recompute
from doorstep.formats.instance import Objective
from doorstep.formats.solution import numbered
from doorstep.handover import Handover
from doorstep.planning.outset import NAMES
from doorstep.planning.plan import Plan, Reason, Unserved
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorstep.formats.beginning import Beginning
    from doorstep.formats.instance import Instance
    from doorstep.planning.planner import Progress
    from doorstep.scenario.scenario import Effort

SCHEMA = "doorstep/solution/1"
BOUNDLESS = 1_000_000_000
"""Work that no search does in the time that it has."""
_SHOWN = {"kg": 1000.0, "L": 1000.0, "km": 1000.0, "Wh": 1000.0, "h": 3600.0}
"""What the planner's reasons divide whole numbers by, for scenarios."""
_KINDS = {str(kind) for kind in Handover}
"""Details that tell nothing, since files know one kind of handover."""
_MEASURED = {"s", "m", "h", "km", "units of time", "units of length"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan of an instance and what it comes to."""

    instance: Instance
    bill: Bill
    seconds: float
    seed: int
    begun: Bill | None = None
    """What the plan comes to that the search went on from."""
    strangers: tuple[str, ...] = ()
    """Customers of that plan that the instance does not have."""

    @property
    def stopped(self) -> bool:
        """Tell whether Ctrl-C ended the search."""
        return self.bill.plan.solver.get("stopped") == "interrupted"


def answered(
    instance: Instance,
    effort: Effort,
    seed: int,
    progress: Callable[[Progress], None] | None = None,
    *,
    start: Beginning | None = None,
    planner: str = "doorstep",
) -> Answer:
    """Return the best plan found, from a plan on if there is one, what of that is locked kept.

    The first use on a machine, which compiles, does not count for its seconds.
    """
    began = time.monotonic()
    problem = instance.problem
    if not problem.order_ids or not problem.fleets:
        nobody = (Reason("vehicles", 1, 0, "vehicles"),)
        left = tuple(Unserved(order, nobody) for order in range(len(problem.order_ids)))
        plan = Plan(problem.configuration, (), left, {"steps": 0})
    else:
        first, locked = (start.plan, start.locked) if start else (None, None)
        plan = solve(problem, effort, seed=seed, start=first, locked=locked, progress=progress, planner=planner)
    seconds = time.monotonic() - began - float(str(plan.solver.get("compile_s", 0)))
    if start is None:
        return Answer(instance, recompute(instance, plan), seconds, seed)
    begun = recompute(instance, start.plan, start.locked)
    return Answer(instance, recompute(instance, plan, start.locked), seconds, seed, begun, start.strangers)


def solution_document(answer: Answer) -> dict[str, Any]:
    """Return the answer as `doorstep solve --json` prints it, customers numbered as in the file."""
    bill = answer.bill
    start = {} if answer.begun is None else {"start": _start(answer, answer.begun)}
    return {
        "schema": SCHEMA,
        "cost": bill.cost,
        "distance": bill.distance,
        "vehicles": bill.vehicles,
        "routes": numbered(answer.instance, bill.plan, labels=True),
        "unserved": [_customers(answer.instance, left.order) for left in bill.plan.unserved],
        "violations": len(bill.violations),
        "seconds": round(answer.seconds, 3),
        "iterations": int(str(bill.plan.solver.get("steps", 0))),
        "seed": answer.seed,
        **start,
    }


def _start(answer: Answer, begun: Bill) -> dict[str, Any]:
    """Return what the plan to go on from came to, and what of it could not stay where it was."""
    return {
        "cost": begun.cost,
        "vehicles": begun.vehicles,
        "unserved": len(begun.plan.unserved),
        "violations": len(begun.violations),
        "left_out": [{"customer": name, "why": why} for name, why in _left_out(answer)],
    }


def _left_out(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield each customer that could not stay where the plan to go on from has it, and why."""
    yield from ((name, "it is not in this file") for name in answer.strangers)
    told: Any = answer.bill.plan.solver.get("start", {})
    for left in told.get("left_out", []):
        yield left["order"], left["why"] if left["rule"] in NAMES else f"it breaks the rule '{left['rule']}' there"


def solution_lines(answer: Answer, best_known: float | None = None) -> Iterator[str]:
    """Yield the answer in words."""
    instance, bill = answer.instance, answer.bill
    served = len(instance.problem.order_ids) - len(bill.plan.unserved)
    yield f"{instance.name}: {instance.variant}, {len(instance.problem.order_ids)} orders, {instance.objective.value}"
    for note in instance.notes:
        yield f"  note: {note}"
    if answer.begun is not None:
        yield f"start: cost {answer.begun.cost:.10g}, {answer.begun.vehicles} vehicles"
    for name, why in _left_out(answer):
        yield f"start: {name} is planned anew: {why}"
    for number, row in enumerate(numbered(instance, bill.plan, labels=True), start=1):
        if row:
            yield f"route {number}: {' '.join(map(str, row))}"
    for left in bill.plan.unserved:
        yield f"unserved {_customers(instance, left.order)}: {'; '.join(_reasons(instance, left)) or 'no reason known'}"
    for violation in bill.violations:
        yield f"violation: {violation.rule}, {violation.where}: needs {violation.needs:g}, has {violation.has:g}"
    told = f"cost {bill.cost:.10g}" + (f", {gap(bill.cost, best_known)}" if best_known else "")
    yield f"{told}, distance {bill.distance:.10g}, {bill.vehicles} vehicles, {served} served"


def gap(cost: float, best_known: float) -> str:
    """Return how far a cost is from the best known, in words."""
    return f"{100 * (cost / best_known - 1):+.2f} % of best known"


def incumbent(instance: Instance, step: Progress) -> str:
    """Return a better plan found on the way, in words."""
    money = step.cost * MONEY
    vehicle = max((fleet.vehicle_cost for fleet in instance.problem.fleets), default=0)
    if instance.objective == Objective.VEHICLES and vehicle:
        return f"{step.seconds:8.2f} s  {money // vehicle:.0f} vehicles, cost {money % vehicle / instance.scale:.10g}"
    return f"{step.seconds:8.2f} s  cost {money / instance.scale:.10g}"


def _customers(instance: Instance, order: int) -> int | str | list[int | str]:
    """Return what the file calls the customer of an order, or all of them where it has several."""
    labels = [instance.labels[k] for k in np.flatnonzero(instance.problem.option_order == order)]
    labels = list(dict.fromkeys(labels))
    return labels[0] if len(labels) == 1 else labels


def _reasons(instance: Instance, left: Unserved) -> Iterator[str]:
    for reason in dict.fromkeys(left.reasons):
        if reason.unit == "currency":
            per = instance.scale / MONEY
        else:
            per = (instance.factor if reason.unit in _MEASURED else 1) / _SHOWN.get(reason.unit, 1)
        why = f": {reason.detail}" if reason.detail and reason.detail not in _KINDS else ""
        yield f"{reason.rule} needs {reason.needs / per:.12g}, has {reason.has / per:.12g}{why}"
