"""Schedule: when each stop of a given route happens, its rules kept or not; which are not, the checker tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.planning.plan import Route, Stop, Trip
from doorstep.planning.problem import DELIVER, DROP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorstep.planning.problem import Fleet, Problem


def scheduled(problem: Problem, fleet: int, vehicle: int, trips: Sequence[Sequence[int]]) -> Route:
    """Return a route as short as it can be among those that end soonest; trips are rows of options.

    Every stop is begun as soon as possible, and then, where all windows are kept, as late as possible without coming
    home later: so no time is lost by waiting that a later start would spare (Savelsbergh 1992).
    """
    kind = problem.fleets[fleet]
    starts = _earliest(problem, kind, trips)
    starts = _latest(problem, kind, trips, starts) or starts
    timed = []
    for row, begins in zip(trips, starts, strict=True):
        site, metres, stops = kind.hub, 0, []
        depart = begins[0]
        clock = depart
        for option, start in zip(row, begins[1:], strict=False):
            here = int(problem.option_site[option])
            arrive = clock + _way(kind, site, here)
            clock = start + int(kind.service_s[option])
            stops.append(Stop(option, arrive, start, clock))
            metres += int(kind.distance_m[site, here]) if here != site else 0
            site = here
        back = clock + _way(kind, site, kind.hub)
        metres += int(kind.distance_m[site, kind.hub]) if site != kind.hub else 0
        timed.append(Trip(depart - kind.load_s, depart, tuple(stops), back, metres))
    return Route(fleet, vehicle, tuple(timed))


def _earliest(problem: Problem, kind: Fleet, trips: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return for each trip its departure, the beginning of each handover and its return, as early as they can be."""
    free, found = kind.open_s, []
    for k, row in enumerate(trips):
        ready = [_ready(problem, option) for option in row if problem.option_part[option] == DELIVER]
        clock = max(free + (kind.turnaround_s if k else 0) + kind.load_s, *ready, 0)
        begins, site = [clock], kind.hub
        for option in row:
            here = int(problem.option_site[option])
            setup = int(kind.setup_s[option]) if here != site else 0
            start = max(clock + _way(kind, site, here) + setup, int(problem.option_open_s[option]))
            if problem.option_part[option] not in {DELIVER, DROP}:
                start = max(start, _ready(problem, option))
            begins.append(start)
            clock, site = start + int(kind.service_s[option]), here
        free = clock + _way(kind, site, kind.hub)
        found.append([*begins, free])
    return found


def _latest(
    problem: Problem, kind: Fleet, trips: Sequence[Sequence[int]], earliest: list[list[int]]
) -> list[list[int]] | None:
    """Return the same as late as it can be without coming home later; None where windows are broken anyway."""
    found: list[list[int]] = []
    limit = earliest[-1][-1] if earliest else 0
    for row, soonest in zip(reversed(trips), reversed(earliest), strict=True):
        begins, after, setup = [limit], kind.hub, 0
        came = [kind.hub, *(int(problem.option_site[option]) for option in row)]
        for position in range(len(row) - 1, -1, -1):
            option, here = row[position], came[position + 1]
            leave = begins[-1] - setup - _way(kind, here, after)
            start = min(leave - int(kind.service_s[option]), int(problem.option_close_s[option]))
            if start < soonest[position + 1]:
                return None
            begins.append(start)
            after, setup = here, int(kind.setup_s[option]) if came[position] != here else 0
        depart = begins[-1] - setup - _way(kind, kind.hub, after)
        found.append([depart, *reversed(begins)])
        limit = depart - kind.load_s - kind.turnaround_s
    return found[::-1]


def _ready(problem: Problem, option: int) -> int:
    return int(problem.ready_s[problem.option_order[option]])


def _way(kind: Fleet, here: int, there: int) -> int:
    return int(kind.duration_s[here, there]) if here != there else 0
