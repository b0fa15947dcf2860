"""Locked: what may not be planned anew, because it has happened, is happening, or is promised to a vehicle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.planning.begun.homeward import trip_home
from doorstep.planning.begun.takeover import matched
from doorstep.planning.problem import DELIVER, DROP, PICK_UP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from doorstep.planning.plan import Plan, Route, Stop, Trip
    from doorstep.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Begun:
    """What one vehicle has done today, and the trip that it is on."""

    fleet: int
    """Index of the vehicle's fleet in the problem."""
    vehicle: int
    trips: tuple[Trip, ...]
    """All that have begun, with their real times. Of one under way only the stops that are done or being driven to;
    what it says of its return and length is not looked at."""
    breaks: tuple[tuple[int, int], ...] = ()
    aboard: tuple[int, ...] = ()
    """Options of what is still aboard a trip under way: loaded for a stop to come, or picked up for a drop to come."""
    under_way: bool = False
    """Whether the last trip is not over yet."""


@dataclass(frozen=True, slots=True)
class Pin:
    """An order that only one fleet, one vehicle or one option may serve; -1 leaves the choice open."""

    order: int
    fleet: int = -1
    vehicle: int = -1
    option: int = -1


@dataclass(frozen=True, slots=True)
class Locked:
    """All that stays as it is."""

    now_s: int
    """Nothing else is loaded before."""
    begun: tuple[Begun, ...] = ()
    pinned: tuple[Pin, ...] = ()


def freeze(
    problem: Problem,
    plan: Plan,
    now_s: int,
    *,
    of: Problem | None = None,
    before: Locked | None = None,
    pinned: Sequence[Pin] = (),
) -> Locked:
    """Return what of a plan has begun before a moment, as locked in a problem (the plan is one `of` another, if given).

    Trips that were loaded before it are begun. Of one that is not over, the stops that are done or being driven to are
    locked, and what else was loaded is aboard. To freeze a day as it really went, give the plan its real times. Where
    the plan itself went on from something locked, give that as `before`: what is aboard but not in the plan any more is
    aboard until the vehicle is back.

    Raises
    ------
    InputError
        If something that has begun is not in the problem.
    """
    earlier = before.begun if before else ()
    known = {(one.fleet, one.vehicle, len(one.trips)): one.aboard for one in earlier if one.under_way}
    begun = tuple(
        _begun(route, now_s, of or problem, known)
        for route in plan.routes
        if route.trips and route.trips[0].load_s < now_s
    )
    if of is not None and of is not problem:
        begun = tuple(_moved(problem, of, one) for one in begun)
    return Locked(int(now_s), begun, tuple(pinned))


def _begun(route: Route, now_s: int, problem: Problem, known: Mapping[tuple[int, int, int], tuple[int, ...]]) -> Begun:
    trips = [trip for trip in route.trips if trip.load_s < now_s]
    last = trips[-1]
    if last.return_s <= now_s:
        breaks = tuple(rest for rest in route.breaks if rest[0] < now_s)
        return Begun(route.fleet, route.vehicle, tuple(trips), breaks)
    left, done = last.depart_s, 0
    for stop in last.stops:
        resting = [end for begin, end in route.breaks if left <= begin and end <= stop.arrive_s]
        if max([left, *resting]) >= now_s:
            break
        left, done = stop.leave_s, done + 1
    stops = last.stops[:done]
    breaks = tuple(rest for rest in route.breaks if rest[0] < max(now_s, left if done else 0))
    trips[-1] = trip_home(problem, route.fleet, last, stops, breaks)
    aboard = _aboard(problem, last, stops, known.get((route.fleet, route.vehicle, len(trips)), ()))
    return Begun(route.fleet, route.vehicle, tuple(trips), breaks, aboard, under_way=True)


def _aboard(problem: Problem, trip: Trip, done: tuple[Stop, ...], known: tuple[int, ...]) -> tuple[int, ...]:
    """Return what is still aboard: what is to be brought, drops of what was picked up, and what was aboard before."""
    handed = {stop.option for stop in done}
    mates = {int(problem.option_mate[option]) for option in handed if problem.option_part[option] == PICK_UP}
    coming = [stop.option for stop in trip.stops[len(done) :]]
    coming = [option for option in coming if problem.option_part[option] == DELIVER or option in mates]
    return tuple(dict.fromkeys([*coming, *sorted(mates - handed), *(o for o in known if o not in handed)]))


def _moved(problem: Problem, old: Problem, begun: Begun) -> Begun:
    """Return what has begun with the options of another problem."""
    match = matched(problem, old)
    options = {stop.option for trip in begun.trips for stop in trip.stops} | set(begun.aboard)
    lost = [f"order {match.name(option)}: {match.why(option)}" for option in options if match.option[option] < 0]
    if match.fleet[begun.fleet] < 0:
        lost.append(f"{old.fleets[begun.fleet].mode} {begun.vehicle + 1}: no such vehicles here")
    if lost:
        fix = "keep in the problem whatever has begun"
        raise InputError.of(
            problem.configuration, f"what has begun is not in it: {'; '.join(sorted(lost))}", fix, "locked"
        )
    trips = tuple(match.trip(trip) for trip in begun.trips)
    aboard = tuple(match.option[option] for option in begun.aboard)
    return Begun(match.fleet[begun.fleet], begun.vehicle, trips, begun.breaks, aboard, begun.under_way)


def ask_sound(problem: Problem, locked: Locked) -> None:
    """Raise InputError where what is locked speaks of what there is not, or contradicts itself."""
    faults = [*_vehicle_faults(problem, locked), *_stop_faults(problem, locked), *_pin_faults(problem, locked)]
    if faults:
        raise InputError.of(problem.configuration, "; ".join(faults), "lock what the problem has, once", "locked")


def _vehicle_faults(problem: Problem, locked: Locked) -> Iterator[str]:
    seen: set[tuple[int, int]] = set()
    for one in locked.begun:
        if not 0 <= one.fleet < len(problem.fleets) or not 0 <= one.vehicle < problem.fleets[one.fleet].count:
            yield f"there is no vehicle {one.vehicle + 1} of fleet {one.fleet + 1}"
            continue
        name = f"{problem.fleets[one.fleet].mode} {one.vehicle + 1}"
        if (one.fleet, one.vehicle) in seen:
            yield f"{name} has begun twice"
        if not one.trips:
            yield f"{name} has begun nothing"
        seen.add((one.fleet, one.vehicle))


def _stop_faults(problem: Problem, locked: Locked) -> Iterator[str]:
    done = [stop.option for one in locked.begun for trip in one.trips for stop in trip.stops]
    aboard = [option for one in locked.begun for option in one.aboard]
    if any(not 0 <= option < len(problem.option_order) for option in done + aboard):
        yield "a stop has an option that there is not"
        return
    counted = Counter(int(problem.option_order[k]) for k in done + aboard if problem.option_part[k] != DROP)
    for order, n in counted.items():
        if n > 1:
            yield f"order {problem.order_ids[order]} is locked {n} times"
    for option in aboard:
        if problem.option_part[option] not in {DELIVER, DROP}:
            yield f"order {problem.order_ids[problem.option_order[option]]} is fetched, so it cannot be aboard yet"


def _pin_faults(problem: Problem, locked: Locked) -> Iterator[str]:
    for pin in locked.pinned:
        if not 0 <= pin.order < len(problem.order_ids):
            yield f"there is no order {pin.order + 1} to pin"
            continue
        name, here = problem.order_ids[pin.order], pin.fleet < len(problem.fleets)
        if pin.option >= 0 and pin.option not in np.flatnonzero(problem.option_order == pin.order):
            yield f"order {name} is pinned to an option that it has not"
        if not here or (pin.vehicle >= 0 and not 0 <= pin.vehicle < _count(problem, pin.fleet)):
            yield f"order {name} is pinned to a vehicle that there is not"


def _count(problem: Problem, fleet: int) -> int:
    return problem.fleets[fleet].count if fleet >= 0 else 0
