"""Outcome: what became of one configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorstep.evaluation.scorecard import Scorecard
    from doorstep.planning.plan import Plan, Route, Sortie
    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace


@dataclass(frozen=True, slots=True)
class Outcome:
    """One configuration's task, its plan, the day lived through, and what that was worth."""

    problem: Problem
    plan: Plan
    trace: Trace
    scorecard: Scorecard

    @property
    def name(self) -> str:
        """Name of the configuration."""
        return self.plan.configuration

    @property
    def interrupted(self) -> bool:
        """True where the search was stopped by hand; the plan is the best found until then."""
        return self.plan.solver.get("stopped") == "interrupted"

    def vehicle(self, route: Route) -> str:
        """Return a name for the vehicle of a route: its mode, and its number among all of that mode from 1."""
        fleets = self.problem.fleets
        mode = fleets[route.fleet].mode
        earlier = sum(fleet.count for fleet in fleets[: route.fleet] if fleet.mode == mode)
        return f"{mode} {earlier + route.vehicle + 1}"

    def carried(self, route: Route, sortie: Sortie) -> str:
        """Return a name for who makes a sortie: its mode, its number among those of its van, and that van."""
        carries = self.problem.fleets[route.fleet].carries
        own = sortie.vehicle % carries.count + 1 if carries else 1
        return f"{self.problem.fleets[sortie.fleet].mode} {own} of {self.vehicle(route)}"


def outcome_of(problem: Problem, plan: Plan) -> Outcome:
    """Return a plan with its day and its scorecard."""
    from doorstep.evaluation.scorecard import evaluate
    from doorstep.simulation.trace import simulate

    trace = simulate(problem, plan)
    return Outcome(problem, plan, trace, evaluate(problem, plan, trace))
