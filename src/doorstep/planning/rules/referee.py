"""Referee: what legs take by the hour and trips use by load, apart from the compiled kernels, for all who check or ask.

The way of a leg is added up period by period from its departure on, and its end read off that sum; the clockwork goes
through the same day by what is left of the leg.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.problem import DELIVER, DROP, FAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from doorstep.planning.plan import Route, Sortie, Trip
    from doorstep.planning.problem import Draw, Fleet, Problem

HAIR_S, HAIR_MWH = 1e-9, 1e-6
"""Rounding errors that do not make another second or milliwatt-hour."""


def ways_s(fleet: Fleet, origin: ArrayLike, destination: ArrayLike, depart_s: ArrayLike) -> NDArray[np.int64]:
    """Return the whole seconds of legs [k] between sites [k] that begin at times [k]; FAR where there is no way."""
    here, there, clock_s = np.broadcast_arrays(np.asarray(origin), np.asarray(destination), np.asarray(depart_s))
    least: NDArray[np.int64] = fleet.duration_s[here, there].astype(np.int64)
    if fleet.period_duration_s is None:
        return least
    duration_s = fleet.period_duration_s[:, here, there].reshape(len(fleet.period_from_s), -1).astype(float)
    begins_s = np.asarray(fleet.period_from_s, float)[1:]
    took_s = _took_s(begins_s, duration_s, clock_s.reshape(-1).astype(float))
    whole: NDArray[np.int64] = np.ceil(took_s - HAIR_S).astype(np.int64).reshape(here.shape)
    return np.where(least >= FAR, FAR, whole)


def way_with_rests_s(
    fleet: Fleet, origin: int, destination: int, depart_s: int, rests: Sequence[tuple[int, int]] = ()
) -> float:
    """Return the least seconds from leaving one site to being at another, the rests on the way included.

    A rest is (begin, end); meanwhile the vehicle stands still. FAR where there is no way.
    """
    least = int(fleet.duration_s[origin, destination])
    table = fleet.period_duration_s
    if least >= FAR:
        return FAR
    from_s = fleet.period_from_s if table is not None else (0,)
    leg_s = table[:, origin, destination].tolist() if table is not None else [least]
    ends_s = sorted({*from_s[1:], *(moment for rest in rests for moment in rest)})
    paces = []
    for begin_s in [min([*ends_s, depart_s]) - 1, *ends_s]:
        resting = any(start <= begin_s < end for start, end in rests)
        paces.append(np.inf if resting else leg_s[max(0, int(np.searchsorted(from_s, begin_s, side="right")) - 1)])
    took_s = _took_s(np.array(ends_s, float), np.array(paces, float)[:, None], np.array([float(depart_s)]))
    return float(took_s[0])


def trip_mwh(problem: Problem, route: Route, trip: Trip, other: Draw | None = None) -> int:
    """Return what a trip uses by its fleet's draw or another, rounded up to whole milliwatt-hours.

    Legs count by what is aboard on them and by the seconds in motion, breaks left out; each new place by what is
    aboard on arrival.
    """
    fleet = problem.fleets[route.fleet]
    draw = other or fleet.draw
    if draw is None:
        return ceil(_flat_mwh(problem, fleet, trip) - HAIR_MWH)
    options = np.array([stop.option for stop in trip.handed], np.int64)
    brought = problem.option_order[options[problem.option_part[options] == DELIVER]]
    load = int(problem.mass_g[brought].sum()) + carried_g(fleet, trip)
    energy, load, site, left = drawn_mwh(problem, route, trip, load, draw)
    if site != fleet.hub:
        energy += int(fleet.distance_m[site, fleet.hub]) * draw.at(draw.mwh_per_m, load)
        energy += _moving_s(route, left, trip.return_s) * draw.at(draw.mwh_per_s, load)
    return ceil(energy - HAIR_MWH)


def longest_turnaround_s(fleet: Fleet, mwh: float) -> int:
    """Return the turnaround after a trip that used as much, where all of that is put back before the next."""
    if fleet.spares or not fleet.refill_mwh_per_s:
        return fleet.turnaround_s
    return fleet.turnaround_s + ceil(mwh / fleet.refill_mwh_per_s - HAIR_MWH)


def there_and_back_mwh(
    fleet: Fleet, site: NDArray[np.int64], load_g: NDArray[np.int64], *, longest: bool = False
) -> NDArray[np.float64]:
    """Return what trips [k] use that carry one load each to one site, at the quickest (or the slowest) hour."""
    out_s, back_s = fleet.duration_s[fleet.hub, site], fleet.duration_s[site, fleet.hub]
    if longest and fleet.period_duration_s is not None:
        slowest = fleet.period_duration_s.max(axis=0)
        out_s, back_s = slowest[fleet.hub, site], slowest[site, fleet.hub]
    out_m, back_m = fleet.distance_m[fleet.hub, site].astype(float), fleet.distance_m[site, fleet.hub].astype(float)
    draw = fleet.draw
    if draw is None:
        return np.asarray((out_m + back_m) * fleet.energy_mwh_per_m + fleet.energy_mwh_per_stop)
    full, empty = np.asarray(load_g), np.zeros(len(site), np.int64)
    moving = out_m * draw.each(draw.mwh_per_m, full) + back_m * draw.each(draw.mwh_per_m, empty)
    moving += out_s * draw.each(draw.mwh_per_s, full) + back_s * draw.each(draw.mwh_per_s, empty)
    return np.asarray(moving + draw.each(draw.mwh_per_stop, full))


def carried_g(fleet: Fleet, trip: Trip) -> int:
    """Return what the drones or robots weigh that a trip takes along, itself without a parcel."""
    return len({sortie.vehicle for sortie in trip.sorties}) * (fleet.carries.mass_g if fleet.carries else 0)


def sortie_mwh(problem: Problem, trip: Trip, sortie: Sortie, other: Draw | None = None) -> int:
    """Return what a sortie uses by its fleet's draw or another, rounded up to whole milliwatt-hours.

    Out with the parcel, back without; who waits, for a window or for the van, draws what a second on the way does.
    """
    fleet, stop = problem.fleets[sortie.fleet], sortie.stop
    draw, there = other or fleet.draw, int(problem.option_site[stop.option])
    if draw is None:
        metres, stops = sortie.distance_m, 1
        return ceil(metres * fleet.energy_mwh_per_m + stops * fleet.energy_mwh_per_stop - HAIR_MWH)
    load = int(problem.mass_g[problem.option_order[stop.option]])
    sites = [int(problem.option_site[trip.stops[k].option]) for k in (sortie.launched_at, sortie.taken_in_at)]
    out_m, back_m = int(fleet.distance_m[sites[0], there]), int(fleet.distance_m[there, sites[1]])
    early_s = max(0, stop.start_s - stop.arrive_s - int(fleet.setup_s[stop.option]))
    out_s, back_s = stop.arrive_s - sortie.takeoff_s + early_s, sortie.landed_s - stop.leave_s
    energy = out_m * draw.at(draw.mwh_per_m, load) + out_s * draw.at(draw.mwh_per_s, load)
    energy += draw.at(draw.mwh_per_stop, load)
    energy += back_m * draw.at(draw.mwh_per_m, 0) + back_s * draw.at(draw.mwh_per_s, 0)
    return ceil(energy - HAIR_MWH)


def drawn_mwh(
    problem: Problem, route: Route, trip: Trip, load_g: int, other: Draw | None = None
) -> tuple[float, int, int, int]:
    """Return (milliwatt-hours used, grams aboard, site, time) after the stops of a trip that leaves with a load."""
    fleet = problem.fleets[route.fleet]
    draw, load = other or fleet.draw, load_g
    energy, site, left = 0.0, fleet.hub, trip.depart_s
    launched = Counter[int]()
    for sortie in trip.sorties:
        launched[sortie.launched_at] += int(problem.mass_g[problem.option_order[sortie.stop.option]])
    for place, stop in enumerate(trip.stops):
        here = int(problem.option_site[stop.option])
        if here != site and draw is not None:
            energy += int(fleet.distance_m[site, here]) * draw.at(draw.mwh_per_m, load)
            energy += _moving_s(route, left, stop.arrive_s) * draw.at(draw.mwh_per_s, load)
            energy += draw.at(draw.mwh_per_stop, load)
        falls = problem.option_part[stop.option] in {DELIVER, DROP}
        load += int(problem.mass_g[problem.option_order[stop.option]]) * (-1 if falls else 1) - launched[place]
        site, left = here, trip.left_s(place)
    return energy, load, site, left


def _flat_mwh(problem: Problem, fleet: Fleet, trip: Trip) -> float:
    sites = [fleet.hub, *(int(problem.option_site[stop.option]) for stop in trip.stops)]
    places = sum(here != there for here, there in pairwise(sites))
    return trip.distance_m * fleet.energy_mwh_per_m + places * fleet.energy_mwh_per_stop


def _moving_s(route: Route, since: int, until: int) -> int:
    """Return the seconds between two times that no break fills."""
    return until - since - route.resting_s(since, until)


def _took_s(
    begins_s: NDArray[np.float64], duration_s: NDArray[np.float64], depart_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what legs [k] take that begin at `depart_s` [k].

    `begins_s` [periods - 1] is when all but the first begin, `duration_s` [periods, k] what a leg takes in each.
    """
    legs = np.arange(len(depart_s))
    bounds_s = np.maximum(begins_s[:, None] - depart_s, 0.0)
    bounds_s = np.concatenate([np.zeros((1, len(legs))), bounds_s])
    widths_s = np.diff(bounds_s, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(widths_s > 0, widths_s / duration_s[:-1], 0.0)
    done = np.concatenate([np.zeros((1, len(legs))), np.cumsum(shares, axis=0)])
    period = (done[1:] < 1).sum(axis=0)
    return np.asarray(bounds_s[period, legs] + (1 - done[period, legs]) * duration_s[period, legs])
