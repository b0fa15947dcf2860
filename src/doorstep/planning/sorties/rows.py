"""Rows: routes with sorties as rows of whole numbers, and back as routes with their times."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from doorstep.planning.clock.schedule import ARRIVE, LEAVE, METRES, PAUSE, PAUSE_BACK, START
from doorstep.planning.plan import Route, Sortie, Stop, Trip
from doorstep.planning.sorties.hold import (
    ARRIVES,
    BACK,
    BEGIN,
    BY,
    EARLY_LAUNCH,
    EARLY_RECOVER,
    END,
    LANDED,
    LAUNCH,
    LEAVES,
    LENGTH,
    RECOVER,
    SERVE,
    STARTS,
    TAKEOFF,
)  # fmt: skip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem
    from doorstep.planning.sorties.hold import Hold


def row_of(problem: Problem, route: Route) -> list[int]:
    """Return the row of a route: what its crew does, in its sequence."""
    options, row = len(problem.option_order), []
    for trip in route.trips:
        row.append(-1)
        for place, stop in enumerate(trip.stops):
            tasks = []
            for s in trip.sorties:
                if s.launched_at == place:
                    tasks.append((s.launch_s, EARLY_LAUNCH if s.launch_s < stop.start_s else LAUNCH, s.stop.option))
                if s.taken_in_at == place:
                    tasks.append((s.landed_s, EARLY_RECOVER if s.landed_s < stop.start_s else RECOVER, s.stop.option))
            tasks.sort()
            row += [kind * options + option for _, kind, option in tasks if kind >= EARLY_LAUNCH]
            row.append(SERVE * options + stop.option)
            row += [kind * options + option for _, kind, option in tasks if kind < EARLY_LAUNCH]
    return row


def timed(problem: Problem, hold: Hold, fleet: int, vehicle: int, row: NDArray[np.int64]) -> Route:
    """Return the route of a row that was timed last in a hold."""
    options, out, rest = len(problem.option_order), hold.out, problem.fleets[fleet].break_s
    tokens = row.tolist()
    heads = [*(p for p, token in enumerate(tokens) if token < 0), len(tokens)]
    trips, pauses = [], []
    for i, j in pairwise(heads):
        stops: list[Stop] = []
        launched: dict[int, int] = {}
        ends: dict[int, int] = {}
        for p in range(i + 1, j):
            kind, option = divmod(tokens[p], options)
            place = len(stops) - (kind in {LAUNCH, RECOVER})
            if kind == SERVE:
                stops.append(Stop(option, int(out[ARRIVE, p]), int(out[START, p]), int(out[LEAVE, p])))
            elif kind in {LAUNCH, EARLY_LAUNCH}:
                launched[option] = place
            else:
                ends[option] = place
        sorties = tuple(
            _sortie(problem, hold, (fleet, vehicle), option, (launched[option], ends[option])) for option in launched
        )
        load, depart, back, metres = (int(out[k, i]) for k in (ARRIVE, START, LEAVE, METRES))
        trips.append(Trip(load, depart, tuple(stops), back, metres, sorties))
        pauses += [int(s) for s in (*out[PAUSE, i:j], out[PAUSE_BACK, i]) if s >= 0]
    return Route(fleet, vehicle, tuple(trips), tuple((s, s + rest) for s in pauses))


def _sortie(problem: Problem, hold: Hold, van: tuple[int, int], option: int, places: tuple[int, int]) -> Sortie:
    carries = problem.fleets[van[0]].carries
    assert carries is not None, "who launches carries"  # noqa: S101 - no other row has sorties
    made: list[int] = hold.sortie[option].tolist()
    return Sortie(
        fleet=carries.fleet,
        vehicle=van[1] * carries.count + made[BY],
        launched_at=places[0],
        taken_in_at=places[1],
        launch_s=made[BEGIN],
        takeoff_s=made[TAKEOFF],
        stop=Stop(option, made[ARRIVES], made[STARTS], made[LEAVES]),
        back_s=made[BACK],
        landed_s=made[LANDED],
        end_s=made[END],
        distance_m=made[LENGTH],
    )
