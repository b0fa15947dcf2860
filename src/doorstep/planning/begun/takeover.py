"""Takeover: a plan of any problem as the rows of another one, by the names of its orders and of its vehicles."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from doorstep.planning.clock.layout import HELD
from doorstep.planning.problem import PICK_UP

if TYPE_CHECKING:
    from collections.abc import Hashable

    from doorstep.planning.plan import Plan, Trip
    from doorstep.planning.problem import Problem

    Row = list[int]


@dataclass(frozen=True, slots=True)
class Match:
    """Which options and fleets of an old problem are which of another."""

    old: Problem
    option: list[int]
    """[old options] -1 where there is none."""
    fleet: list[int]
    """[old fleets] -1 where there is none."""
    known: frozenset[str]
    """Names of the other problem's orders."""

    def name(self, option: int) -> str:
        """Return the order of an old option."""
        return self.old.order_ids[int(self.old.option_order[option])]

    def why(self, option: int) -> str:
        """Return why an old option has no counterpart."""
        return "option" if self.name(option) in self.known else "order"

    def trip(self, trip: Trip) -> Trip:
        """Return a trip with the options of the other problem, those that it has not left out."""
        stops = tuple(
            dataclasses.replace(stop, option=self.option[stop.option])
            for stop in trip.stops
            if self.option[stop.option] >= 0
        )
        return dataclasses.replace(trip, stops=stops)


def matched(problem: Problem, old: Problem) -> Match:
    """Return the options of a problem that are those of another one: of the same order, part, kind and locker.

    Of several, the one at the same place, or that with the same window too. Fleets are the same whose mode and hub have
    the same names, one by one.
    """
    known = frozenset(problem.order_ids)
    option = list(range(len(old.option_order)))
    if old.option_order is not problem.option_order:  # else the same, or one that differs in what its vehicles may do
        found = _options(problem)
        option = [next((found[key][0] for key in keys if len(found.get(key, ())) == 1), -1) for keys in _keys(old)]
        if (problem.option_part == PICK_UP).any():
            _keep_pairs(problem, old, option)
    ours, theirs = _names(problem), _names(old)
    if ours == theirs:
        return Match(old, option, list(range(len(theirs))), known)
    fleets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for f, name in enumerate(ours):
        fleets[name].append(f)
    fleet_of = []
    for name in theirs:
        mine = fleets.get(name, [])
        fleet_of.append(-1 if not mine else mine.pop(0) if len(mine) > 1 else mine[0])
    return Match(old, option, fleet_of, known)


def _names(problem: Problem) -> list[tuple[str, str]]:
    return [(fleet.mode, problem.hubs[fleet.hub]) for fleet in problem.fleets]


def _keep_pairs(problem: Problem, old: Problem, option: list[int]) -> None:
    """Let no pick-up be matched without its drop, nor with that of another option."""
    for k, mate in enumerate(old.option_mate.tolist()):
        if mate >= 0 and option[k] >= 0 and problem.option_mate[option[k]] != option[mate]:
            option[k] = -1


def _options(problem: Problem) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for option, keys in enumerate(_keys(problem)):
        for key in keys:
            found[key].append(option)
    return found


def _keys(problem: Problem) -> list[tuple[Hashable, ...]]:
    """Return of each option what makes it the same in two problems, the strictest first."""
    names = [problem.lockers[k] if k >= 0 else "" for k in problem.option_locker.tolist()]
    places = [tuple(place) for place in problem.site_xy_m[problem.option_site].round().tolist()]
    windows = list(zip(problem.option_open_s.tolist(), problem.option_close_s.tolist(), strict=True))
    parts, mates = problem.option_part.tolist(), problem.option_mate.tolist()
    keys: list[tuple[Hashable, ...]] = []
    for k, order in enumerate(problem.option_order.tolist()):
        loose = problem.order_ids[order], parts[k], problem.option_kind[k], names[k]
        window = windows[k], windows[mates[k]] if mates[k] >= 0 else ()
        keys.append(((loose, places[k], window), (loose, places[k]), (loose,)))
    return keys


@dataclass(frozen=True, slots=True)
class Taken:
    """What could be taken over from a plan."""

    routes: list[tuple[int, int, Row]]
    """Fleet, vehicle, row (see timing)."""
    lost: list[tuple[str, str]]
    """Name of each order that could not, and what is not there: its `order`, `option` or `fleet`."""


def taken_over(problem: Problem, old: Problem, plan: Plan) -> Taken:
    """Return a plan of another problem as rows of this one's options, in the sequence in which it has them."""
    match = matched(problem, old)
    routes, lost, seen = [], [], set()
    for route in plan.routes:
        options = [stop.option for trip in route.trips for stop in trip.stops]
        fleet = match.fleet[route.fleet]
        if fleet < 0:
            lost += [(match.name(option), "fleet") for option in options]
            continue
        lost += [(match.name(option), match.why(option)) for option in options if match.option[option] < 0]
        row: Row = []
        for trip in route.trips:
            row += [-HELD - trip.load_s if problem.shared else -1]
            row += [match.option[stop.option] for stop in trip.stops if match.option[stop.option] >= 0]
        vehicle = route.vehicle
        while (fleet, vehicle) in seen:  # of several fleets that are one here
            vehicle += 1
        seen.add((fleet, vehicle))
        routes.append((fleet, vehicle, row))
    return Taken(routes, list(dict.fromkeys(lost)))
