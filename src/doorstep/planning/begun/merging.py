"""Merging: plans of parts of a task as one plan of the whole, every vehicle doing what it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from doorstep.planning.begun.takeover import matched
from doorstep.planning.plan import Plan, Unserved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.planning.problem import Problem


def merged(problem: Problem, parts: Sequence[tuple[Problem, Plan]]) -> Plan:
    """Return the routes of several plans as a plan of a problem that has their orders, vehicles and lockers.

    What has no counterpart there is left out. Whether the whole breaks a rule that the parts kept, such as the room of
    a locker that they share, the checker tells.
    """
    used: Counter[int] = Counter()
    routes = []
    for old, plan in parts:
        match = matched(problem, old)
        for route in sorted(plan.routes, key=lambda route: (route.fleet, route.vehicle)):
            fleet = match.fleet[route.fleet]
            trips = tuple(trip for trip in map(match.trip, route.trips) if trip.stops)
            if fleet < 0 or not trips:
                continue
            routes.append(replace(route, fleet=fleet, vehicle=used[fleet], trips=trips))
            used[fleet] += 1
    served = {int(problem.option_order[stop.option]) for route in routes for trip in route.trips for stop in trip.stops}
    left = tuple(Unserved(order, ()) for order in range(len(problem.order_ids)) if order not in served)
    return Plan(problem.configuration, tuple(routes), left)
