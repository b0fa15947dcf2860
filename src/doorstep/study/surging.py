"""Surging: several days of high demand, each configuration with the capacity that its plan of the highest day shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from doorstep.simulation.backlog import carry_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doorstep.demand.profiles import Surge
    from doorstep.scenario.scenario import Scenario
    from doorstep.simulation.backlog import Backlog
    from doorstep.study.outcome import Outcome
    from doorstep.study.step import Step


@dataclass(frozen=True, slots=True)
class Strain:
    """One configuration in a surge."""

    configuration: str
    served: int
    """Orders of the highest day that its plan serves."""
    refused: int
    """Orders of it that no vehicle of it could bring on any day, or only at more than leaving them out costs."""
    waiting: int
    """Orders of it that only lack a place in the day."""
    backlog: Backlog
    """Of orders that are not refused; where none had to wait, the capacity is at least `served`."""

    @property
    def binds(self) -> bool:
        """Whether the highest day is more than the fleet can serve."""
        return self.waiting > 0


@dataclass(frozen=True, slots=True)
class Surging:
    """A surge, and how each configuration stands it."""

    surge: Surge
    scenario: Scenario
    """On the highest day."""
    ordinary: int
    """Orders of an ordinary day."""
    strains: tuple[Strain, ...]
    interrupted: bool


def stand(
    surge: Surge,
    on_day: Callable[[float], Scenario],
    ordinary: int,
    names: Sequence[str] = (),
    progress: Callable[[Step], None] | None = None,
) -> Surging:
    """Return how the configurations of a scenario stand a surge.

    `on_day` returns the scenario on a day of so many times an ordinary day's demand. It is planned for the highest day;
    what the plan serves is what each day can serve, as the fleet is the same. Orders that a plan leaves out for want of
    a place in the day are carried on; those that no vehicle could bring, or only at more than leaving them out costs,
    are refused on every day in the same share.

    Raises
    ------
    InputError
        If a name is not one of the scenario's configurations.
    """
    from doorstep.study.study import run

    scenario = on_day(max(surge.factors))
    study = run(scenario, configurations=list(names) or None, progress=progress)
    strains = tuple(_strain(outcome, surge, ordinary) for outcome in study.outcomes)
    return Surging(surge, scenario, ordinary, strains, study.interrupted)


def _strain(outcome: Outcome, surge: Surge, ordinary: int) -> Strain:
    problem, plan = outcome.problem, outcome.plan
    orders, left = len(problem.order_ids), len(plan.unserved)
    waiting = sum(_waits(outcome, one.order) for one in plan.unserved)
    served, refused = orders - left, left - waiting
    share = 1 - refused / orders if orders else 1.0
    new = [factor * ordinary * share for factor in surge.factors]
    capacity = float(served) if waiting else max(float(served), *new)
    return Strain(plan.configuration, served, refused, waiting, carry_on(new, ordinary * share, capacity))


def _waits(outcome: Outcome, order: int) -> bool:
    """Tell whether an order that is left out could be brought on a day with more room, and at its price."""
    problem = outcome.problem
    mine = problem.option_order == order
    able = any(fleet.count and ((fleet.allowed | fleet.last_resort) & mine).any() for fleet in problem.fleets)
    reasons = next(one.reasons for one in outcome.plan.unserved if one.order == order)
    return able and not any(reason.rule == "price" for reason in reasons)
