"""Quoting: what one more order would cost, and when it would come, in every configuration of a study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.handover import Handover
from doorstep.planning.task.decisions import NEVER

if TYPE_CHECKING:
    from doorstep.demand.order import Order
    from doorstep.planning.alternatives import Alternative, Alternatives
    from doorstep.planning.begun.locked import Locked
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario
    from doorstep.study.study import Study

MARGIN_M = 250.0
"""How far beyond the map an order may lie; whether a street is near enough is judged by each vehicle."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What becomes of an order on days of chance, by one way."""

    days: int
    came_share: float
    on_time_share: float
    mean_s: float | None
    """When the customer has it, of the days on which it comes; None where there are none."""
    p95_s: float | None
    """By then on 95 of a hundred of these."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One configuration's ways of bringing one more order."""

    configuration: str
    found: Alternatives
    promise_s: float
    expected: tuple[Expected | None, ...] = ()
    """Of each way found, where days were asked for and there is a way."""

    @property
    def ways(self) -> tuple[Alternative, ...]:
        """Ways that there are, the cheapest first."""
        return tuple(way for way in self.found.ways if way.marginal_cost is not None)

    @property
    def best(self) -> Alternative | None:
        """What to show a customer: the cheapest that keeps the promise, or else the cheapest; the soonest of equals.

        None where there is no way, or each costs more than leaving the order out.
        """
        worth = [way for way in self.ways if (way.marginal_cost or 0.0) <= self.found.unserved_price]
        in_time = [way for way in worth if way.handed_s is not None and way.handed_s <= self.promise_s]
        return min(in_time or worth, key=lambda way: (way.marginal_cost or 0.0, way.handed_s or 0), default=None)


def quote(study: Study, order: Order, now_s: int | None = None, *, days: int = 0) -> tuple[Quote, ...]:
    """Return what an order would add to each plan of a study, and when it would come, by every way there is.

    At `now_s`, seconds since the scenario's midnight, trips that were loaded before it stay as they are, and nothing is
    loaded sooner; without it nothing has begun. Where trips are dispatched in the course of the day, that moment is the
    decision that knows the order first; there is no way if none does. The order takes its cheapest place in the routes;
    nothing else moves, so that a new search could do better, never worse. With `days` each way is lived through as
    often, by the scenario's book of chance; what has begun by then is as planned.

    Raises
    ------
    InputError
        If the study has an order of that id, or the order's times contradict each other.
    """
    from doorstep.planning.alternatives import offers_for
    from doorstep.planning.begun.locked import freeze
    from doorstep.planning.task.tables import tabulate
    from doorstep.planning.task.travel import Travel

    _ask_sound(study.scenario, order, now_s)
    scenario = replace(study.scenario, orders=(*study.scenario.orders, order))
    travel, found = Travel(scenario), []
    for outcome in study.outcomes:
        problem = tabulate(scenario, outcome.name, travel)
        at_s = _planned_s(problem, order.id, now_s)
        locked = None if at_s is None else freeze(problem, outcome.plan, at_s, of=outcome.problem)
        ways = offers_for(problem, outcome.problem, outcome.plan, order.id, locked, plans=days > 0)
        expected = tuple(_expected(study, problem, way, order, days, locked) for way in ways.ways) if days else ()
        found.append(Quote(outcome.name, ways, order.promise_s, expected))
    return tuple(found)


def _expected(
    study: Study, problem: Problem, way: Alternative, order: Order, days: int, locked: Locked | None
) -> Expected | None:
    """Return how an order fares by one way on days of chance."""
    from doorstep.planning.task.recourse import with_recourse
    from doorstep.simulation.days import simulate_days
    from doorstep.study.living import book_of

    if way.plan is None:
        return None
    scenario, book = study.scenario, book_of(study.scenario)
    lived = simulate_days(
        with_recourse(problem, book), way.plan, book, scenario.modes, days, scenario.seed, locked
    ).handed_s[:, problem.order_ids.index(order.id)]
    came = lived[np.isfinite(lived)]
    mean_s, p95_s = (float(came.mean()), float(np.percentile(came, 95))) if len(came) else (None, None)
    return Expected(days, len(came) / days, float((came <= order.promise_s).sum()) / days, mean_s, p95_s)


def _planned_s(problem: Problem, order: str, now_s: int | None) -> int | None:
    """Return when an order is planned for: at once, or at the first decision of the day that knows it."""
    known_s = NEVER if problem.known_s is None else int(problem.known_s[problem.order_ids.index(order)])
    return now_s if known_s == NEVER else max(known_s, now_s or 0)


def place_on_map(scenario: Scenario, lon: float, lat: float) -> tuple[float, float]:
    """Return where a place in degrees is on a scenario's map [m]; InputError where it is off the map."""
    from doorstep.network.bounds import whereabouts

    given = np.array([[lon, lat]])
    for _, what, fix in whereabouts(scenario.network, given, MARGIN_M):
        raise InputError.of("--place", what, fix, "outside")
    x_m, y_m = scenario.network.project(given)[0].tolist()
    return x_m, y_m


def _ask_sound(scenario: Scenario, order: Order, now_s: int | None) -> None:
    """Raise InputError where an order cannot be one more of a scenario."""
    if any(one.id == order.id for one in scenario.orders):
        raise InputError.of("order", f"there is an order '{order.id}' already", "give it another id", "duplicate-id")
    if order.window.close_s < order.window.open_s or (now_s is not None and order.window.close_s < now_s):
        what = "the window closes before it opens" if now_s is None else "the window is over by then"
        raise InputError.of("order.window", what, "give a later one", "window-reversed")
    if order.promise_s < order.placed_s:
        raise InputError.of("order.promise", "it is promised before it is placed", "give a later one", "promise-early")
    if not order.accepts & set(Handover):
        raise InputError.of("order.accepts", "the customer accepts nothing", "name a kind of handover", "no-way")
