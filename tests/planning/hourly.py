"""Fleets whose travel times depend on the hour, drawn at random or made from those of the plain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from plain import group, order, plain

from doorstep.planning.plan import Plan, Route, Stop, Trip
from doorstep.planning.rules.referee import ways_s
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Configuration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem


def some_problem() -> Problem:
    """Return the problem of three vans of the plain and a dozen orders round its hub."""
    orders = tuple(order(f"o{k}", 300 * k - 1500, 170 * (k % 4)) for k in range(12))
    only = Configuration("only", (group("van", 3, "door"),))
    return tabulate(replace(plain(orders), configurations=(only,)), "only")


def slowed(problem: Problem, from_s: tuple[int, ...], factors: tuple[float, ...]) -> Problem:
    """Return the problem with every way of its first fleet so many times as long in each period."""
    fleet = problem.fleets[0]
    table = np.stack([np.ceil(fleet.duration_s * factor - 1e-9).astype(np.int32) for factor in factors])
    return with_periods(problem, from_s, table)


def with_periods(problem: Problem, from_s: tuple[int, ...], table: NDArray[np.int32]) -> Problem:
    """Return the problem with the periods of its first fleet."""
    fleet = replace(
        problem.fleets[0], period_from_s=from_s, period_duration_s=table, duration_s=np.asarray(table.min(axis=0))
    )
    return replace(problem, fleets=(fleet, *problem.fleets[1:]))


def drawn(seed: int, periods: int, sites: int, longest_s: int = 4000) -> Fleet:
    """Return a fleet whose periods last some minutes and whose ways differ in each."""
    rng = np.random.default_rng(seed)
    table = rng.integers(1, longest_s, (periods, sites, sites)).astype(np.int32)
    table[:, np.arange(sites), np.arange(sites)] = 0
    from_s = tuple(np.cumsum(rng.integers(1, 3000, periods)).tolist())
    return with_periods(some_problem(), from_s, table).fleets[0]


def driven(problem: Problem, options: list[int], depart_s: int) -> Plan:
    """Return the plan of one vehicle that drives one trip without a pause, each way timed by when it begins."""
    fleet = problem.fleets[0]
    site, clock, metres, stops = fleet.hub, depart_s, 0, []
    for option in options:
        here = int(problem.option_site[option])
        arrive = clock + int(ways_s(fleet, site, here, clock))
        start = max(arrive + int(fleet.setup_s[option]), int(problem.option_open_s[option]))
        metres += int(fleet.distance_m[site, here])
        site, clock = here, start + int(fleet.service_s[option])
        stops.append(Stop(option, arrive, start, clock))
    back = clock + int(ways_s(fleet, site, fleet.hub, clock))
    metres += int(fleet.distance_m[site, fleet.hub])
    trip = Trip(depart_s - fleet.load_s, depart_s, tuple(stops), back, metres)
    return Plan(problem.configuration, (Route(0, 0, (trip,)),), ())
