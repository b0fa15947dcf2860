"""Yard: what vehicles share and how they are, for days to be lived through; who comes first waits least.

Pads, docks, chargers and operators have the room that the scenario gives them. Of places where the plan has several
vehicles stop, each has room for as many at once as the plan has there. People who watch are as many as the scenario
says, else as many as the plan's vehicles under way need.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.handover import Handover, Size
from doorstep.network.network import Medium
from doorstep.network.ways import TRAFFIC
from doorstep.planning.problem import Stage
from doorstep.planning.task.dayparts import side_by_side
from doorstep.planning.task.things import WATCH
from doorstep.simulation.script import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from doorstep.modes.chancebook import ChanceBook
    from doorstep.modes.mode import Mode
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Flags = NDArray[np.bool_]

WAYS_OUT = ("wait", "courier", "tomorrow", "locker")
"""Recourse, in the order of its codes."""
WAIT, COURIER, TOMORROW, LOCKER, NEIGHBOUR = range(5)
"""What becomes of an order; the fate of one to which nothing happened is the first."""
FATES = ("came", "courier", "tomorrow", "locker", "neighbour")
MISSED, LATE, GROUNDED, BROKEN, FULL = range(5)
"""What befalls an order, in the order of `Yard.recourse`."""
CAUSES = ("missed", "late", "grounded", "broken", "full")
STAGES = tuple(Stage)
TINY = 1e-300


class Yard(NamedTuple):
    """What days have in common, besides the script."""

    takes: Whole
    """[things, fleets] how much of each shared thing one vehicle takes up."""
    stage: Whole
    """[things] place in STAGES."""
    room: Whole
    """[things]"""
    place_room: Whole
    """[sites] vehicles at once."""
    people: int
    """Who can look at one vehicle each."""
    in_traffic: Flags
    """[fleets]"""
    flies: Flags
    """[fleets]"""
    broken_per_m: Real
    """[fleets]"""
    stopped_per_m: Real
    """[fleets]"""
    mended_s: float
    stopped_s: float
    patience_s: float
    recourse: Whole
    """[causes] place in WAYS_OUT."""
    courier_s: Real
    """[orders] from a call until a courier hands it over."""
    nobody: Real
    """[kinds of handover] share at which nobody is there."""
    neighbour: float
    """Share of these at doors that a neighbour takes in."""
    neighbour_s: float
    bank_room: Whole
    """[lockers, sizes] compartments of at least this size that the plan counts with."""
    bank_held: Whole
    """[lockers, sizes] likewise those that hold parcels of earlier days."""
    battery_mwh: Real
    """[fleets]"""
    refill_mwh_per_s: Real
    """[fleets] 0 where each trip begins with all the energy that there is."""
    spares: Whole
    """[fleets]"""
    turnaround_s: Whole
    """[fleets]"""
    hub: Whole
    """[fleets] site of the hub."""
    sites: int
    period_from: Whole
    """When the periods of the fleets' ways begin, one fleet after the other."""
    period_s: NDArray[np.int32]
    """Likewise the tables of ways."""
    periods: Whole
    """[fleets, 3] how many, and where the two begin."""


def yard_of(problem: Problem, plan: Plan, book: ChanceBook, modes: Mapping[str, Mode]) -> Yard:
    """Return what the days of a plan have in common."""
    fleets, things = problem.fleets, problem.shared
    kinds = [modes[fleet.mode] for fleet in fleets]
    watched = [mode.medium != Medium.AIR and not mode.has_driver for mode in kinds]
    nobody = np.full(len(problem.order_ids), np.inf)
    held = np.zeros_like(problem.locker_room) if problem.locker_held is None else problem.locker_held
    period_from, period_s, periods = side_by_side(fleets)
    return Yard(
        takes=np.array([thing.takes for thing in things], np.int64).reshape(len(things), len(fleets)),
        stage=np.array([STAGES.index(thing.stage) for thing in things], np.int64),
        room=np.array([thing.room for thing in things], np.int64),
        place_room=_place_room(problem, plan),
        people=_people(problem, plan, kinds),
        in_traffic=np.array([mode.medium in TRAFFIC for mode in kinds], bool),
        flies=np.array([mode.medium == Medium.AIR for mode in kinds], bool),
        broken_per_m=np.array([book.broken_per_m[mode.medium] for mode in kinds], float),
        stopped_per_m=np.array([book.stopped_per_m * mine for mine in watched], float),
        mended_s=book.mended_s,
        stopped_s=book.stopped_s,
        patience_s=book.patience_s,
        recourse=np.array([WAYS_OUT.index(book.recourse[cause]) for cause in CAUSES], np.int64),
        courier_s=nobody if problem.courier_s is None else problem.courier_s.astype(float),
        nobody=np.array([nobody_there(book, kind) for kind in KINDS], float),
        neighbour=1 - book.missed[Handover.DOOR] / max(nobody_there(book, Handover.DOOR), TINY),
        neighbour_s=book.neighbour_s,
        bank_room=problem.locker_room.reshape(-1, len(Size)),
        bank_held=held.reshape(-1, len(Size)),
        battery_mwh=np.array([fleet.energy_mwh for fleet in fleets], float),
        refill_mwh_per_s=np.array([fleet.refill_mwh_per_s for fleet in fleets], float),
        spares=np.array([fleet.spares for fleet in fleets], np.int64),
        turnaround_s=np.array([fleet.turnaround_s for fleet in fleets], np.int64),
        hub=np.array([fleet.hub for fleet in fleets], np.int64),
        sites=len(problem.site_xy_m),
        period_from=period_from,
        period_s=period_s,
        periods=periods,
    )


def nobody_there(book: ChanceBook, kind: Handover) -> float:
    """Return the share of handovers at which nobody is there: at doors, more than fail, as neighbours take some in."""
    share = book.missed.get(kind, 0.0)
    return min(1.0, share / (1 - book.neighbour_share)) if kind == Handover.DOOR else share


def _place_room(problem: Problem, plan: Plan) -> Whole:
    """Return how many vehicles the plan has at each place at once; any number at hubs."""
    spans: dict[int, list[tuple[int, int, int]]] = {}
    for route in plan.routes:
        for trip in route.trips:
            site = problem.fleets[route.fleet].hub
            for stop in trip.stops:
                here = int(problem.option_site[stop.option])
                mine = spans.setdefault(here, [])
                if here == site and mine:
                    mine[-1] = (mine[-1][0], stop.leave_s, 1)
                else:
                    mine.append((stop.arrive_s, stop.leave_s, 1))
                site = here
    room = np.full(len(problem.site_xy_m), np.iinfo(np.int64).max)
    for site, some in spans.items():
        if site >= len(problem.hubs):
            room[site] = max(1, _most(some))
    return room


def _people(problem: Problem, plan: Plan, modes: list[Mode]) -> int:
    """Return how many people watch from afar."""
    given = [thing.room for thing in problem.shared if thing.stage is Stage.AWAY]
    takes = [thing.takes for thing in problem.shared if thing.stage is Stage.AWAY]
    if given and any(takes[0]):
        return max(1, given[0] // WATCH)
    away: Counter[int] = Counter()
    for f, mode in enumerate(modes):
        trips = [(t.depart_s, t.return_s, 1) for r in plan.routes if r.fleet == f for t in r.trips]
        if trips and math.isfinite(mode.vehicles_per_operator):
            away[f] = math.ceil(_most(trips) / mode.vehicles_per_operator)
    return max(1, sum(away.values()))


def _most(spans: Iterable[tuple[int, int, int]]) -> int:
    """Return the most that is taken up at once by (from, until, how much); who leaves makes room for who comes."""
    changes: Counter[int] = Counter()
    for begin, end, much in spans:
        changes[begin] += much
        changes[end] -= much
    taken = np.cumsum([change for _, change in sorted(changes.items())])
    return int(taken.max(initial=0))
