"""Remainder: what is left to plan of a problem of which parts are locked, as a problem of its own.

All that a vehicle has done becomes one option, which stands first in its first trip and stays there: it ends when and
where the vehicle is done with what is locked. A vehicle that has begun is a fleet of its own, with a second one for the
rules of that first trip: what may be brought in it is what is aboard, and what it has driven is taken off its range and
energy. Where going home alone would break a limit, the limit is what that needs. So every planner keeps what is locked
without knowing of it.
"""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import PlanError
from doorstep.handover import Size
from doorstep.planning.begun.homeward import free_s, site_of, straight_home, taken_up, work_from_s
from doorstep.planning.begun.locked import ask_sound
from doorstep.planning.clock.timing import RULES
from doorstep.planning.draft import Given
from doorstep.planning.plan import Route, Trip
from doorstep.planning.problem import DELIVER, DROP, RETURN, UNLOAD, Fleet, Shared, Verdict
from doorstep.planning.rules.charges import begun_battery, changeable
from doorstep.planning.rules.referee import drawn_mwh, ways_s

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from doorstep.planning.begun.locked import Begun, Locked
    from doorstep.planning.problem import Problem

    Whole = NDArray[np.int64]

NEVER = 1 << 40
"""Seconds beyond any."""
OWED = 1 << 50
"""Price of bringing back what has been picked up for somebody else: it is served wherever that can be."""


class Remainder:
    """A problem of what is left, and the way back from its plans to those of the whole."""

    def __init__(self, whole: Problem, locked: Locked) -> None:
        ask_sound(whole, locked)
        self.whole, self.locked = whole, locked
        self.begun = locked.begun
        self.mixed = bool((whole.option_part != DELIVER).any())
        self._choose()
        self._vehicles()
        self.problem = self._problem()
        self.given = Given(self.problem)
        for f, one in self.first.items():
            rule, needs, has, _, _ = self.given.time(f, [-1, self._anchor(one)])
            if rule:
                what = f"{self._name(one)} cannot go home from where it is: {RULES[rule]} needs {needs}, has {has}"
                raise PlanError(what)

    def _choose(self) -> None:
        """Choose the orders and options that are left, and what each of them is in the whole."""
        whole = self.whole
        done = [stop.option for one in self.begun for trip in one.trips for stop in trip.stops]
        self.aboard = {option: k for k, one in enumerate(self.begun) for option in one.aboard}
        kept = np.ones(len(whole.option_order), bool)
        kept[np.isin(whole.option_order, whole.option_order[done])] = False
        kept[np.isin(whole.option_order, whole.option_order[list(self.aboard)])] = False
        kept[list(self.aboard)] = True
        for pin in self.locked.pinned:
            if pin.option >= 0:
                mine = {pin.option, int(whole.option_mate[pin.option])}
                kept[[k for k in np.flatnonzero(whole.option_order == pin.order).tolist() if k not in mine]] = False
        gone = np.isin(np.arange(len(whole.order_ids)), whole.option_order[done])
        gone[whole.option_order[list(self.aboard)]] = False
        self.done = np.array(done, np.int64)
        self.orders, self.options = np.flatnonzero(~gone), np.flatnonzero(kept)
        self.option_here = np.full(len(whole.option_order), -1)
        self.option_here[self.options] = np.arange(len(self.options))
        self.order_here = np.full(len(whole.order_ids), -1)
        self.order_here[self.orders] = np.arange(len(self.orders))

    def _vehicles(self) -> None:
        """Tell fleets apart: those of the whole, then one for each vehicle of its own, then those of first trips."""
        whole, now = self.whole, self.locked.now_s
        own = {(one.fleet, one.vehicle): one for one in self.begun}
        apart: list[tuple[int, int]] = list(own)
        apart += [
            (p.fleet, p.vehicle) for p in self.locked.pinned if p.vehicle >= 0 and (p.fleet, p.vehicle) not in own
        ]
        apart = list(dict.fromkeys(apart))
        self.home = [(f, -1) for f in range(len(whole.fleets))] + apart
        self.numbers = [
            [v for v in range(min(fleet.count, len(whole.order_ids) + len(apart))) if (f, v) not in set(apart)]
            for f, fleet in enumerate(whole.fleets)
        ]
        self.numbers += [[vehicle] for _, vehicle in apart]
        self.first = {f: own[who] for f, who in enumerate(self.home) if who in own}
        self.private = {who: f for f, who in enumerate(self.home) if who[1] >= 0}
        self.fleets = [self._fleet(f, who) for f, who in enumerate(self.home)]
        self.kinds = [home for home, _ in self.home]
        for f, fleet in enumerate(self.fleets[:]):
            if f in self.first:
                self.kinds.append(self.kinds[f])
                self.fleets[f], first = self._pair(self.first[f], fleet, len(self.fleets))
                self.fleets.append(first)
            else:
                self.fleets[f] = dataclasses.replace(fleet, open_s=max(fleet.open_s, now))

    def _fleet(self, f: int, who: tuple[int, int]) -> Fleet:
        """Return a fleet with the columns of the options that are left, and of those that stand for what is done."""
        fleet = self.whole.fleets[who[0]]
        mine = np.ones(len(self.options), bool)
        mine[[self.option_here[option] for option in self.aboard]] = False
        for pin in self.locked.pinned:
            meant = who[0] == pin.fleet and (pin.vehicle < 0 or who[1] == pin.vehicle)
            if pin.fleet >= 0 and not meant:
                mine[self.whole.option_order[self.options] == pin.order] = False
        extra = len(self.begun)

        def longer(column: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([column[self.options], np.zeros(extra, column.dtype)])

        off = np.zeros(extra, bool)
        return dataclasses.replace(
            fleet,
            count=len(self.numbers[f]),
            allowed=np.concatenate([fleet.allowed[self.options] & mine, off]),
            last_resort=np.concatenate([fleet.last_resort[self.options] & mine, off]),
            service_s=longer(fleet.service_s),
            setup_s=longer(fleet.setup_s),
            verdicts=tuple(Verdict(v.rule, v.unit, longer(v.needs), longer(v.has)) for v in fleet.verdicts),
        )

    def _pair(self, one: Begun, fleet: Fleet, other: int) -> tuple[Fleet, Fleet]:
        """Return the fleet of a vehicle that has begun, and that of its first trip."""
        whole, last, since, free = self.whole, one.trips[-1], one.trips[0].load_s, free_s(one)
        site, depart = site_of(self.whole, one), since + fleet.load_s
        way = int(ways_s(fleet, fleet.hub, site, depart)) if site != fleet.hub else 0
        anchor = len(self.options) + self.begun.index(one)
        service, allowed = fleet.service_s.copy(), fleet.allowed.copy()
        service[anchor], allowed[anchor] = free - depart - way, True
        work_from, bare = work_from_s(whole, one), straight_home(whole, one)
        back, after = bare.trips[-1].return_s, fleet.break_after_s
        if after:
            after = max(after, back - (bare.breaks[-1][1] if len(bare.breaks) > len(one.breaks) else work_from))
        own = dataclasses.replace(
            fleet,
            service_s=service,
            allowed=allowed,
            open_s=since,
            close_s=max(fleet.close_s, back),
            shift_s=max(fleet.shift_s, back - since),
            max_trips=max(1, fleet.max_trips - len(one.trips) + 1),
            break_after_s=after,
            begun_as=other,
            work_from_s=work_from,
            release_s=max([self.locked.now_s, *(end + fleet.turnaround_s for _, end in one.breaks if end > free)]),
            home_s=back,
        )
        sites = [fleet.hub, *(int(whole.option_site[stop.option]) for stop in last.stops)] if one.under_way else []
        driven = sum(int(fleet.distance_m[a, b]) for a, b in pairwise(sites) if a != b)
        places = sum(a != b for a, b in pairwise(sites))
        counted, home = (
            int(fleet.distance_m[x]) if site != fleet.hub else 0 for x in ((fleet.hub, site), (site, fleet.hub))
        )
        more, stops = driven - counted, places - (site != fleet.hub)
        begun_mwh, energy = 0.0, fleet.energy_mwh - more * fleet.energy_mwh_per_m - stops * fleet.energy_mwh_per_stop
        least = (counted + home) * fleet.energy_mwh_per_m + (site != fleet.hub) * fleet.energy_mwh_per_stop
        battery = begun_battery(whole, one)
        if fleet.draw is not None and one.under_way:
            begun_mwh, least = self._drawn(one, fleet, way)
            energy = fleet.energy_mwh - (0.0 if changeable(fleet, battery, last.load_s) else battery.lacks_mwh)
            battery = dataclasses.replace(battery, begun_s=last.load_s)
        own = dataclasses.replace(own, battery=battery)
        amounts = self._loads(one)
        mine = np.zeros(len(allowed), bool)
        if one.under_way:
            parts = whole.option_part[self.options]
            mine[: len(self.options)] = fleet.allowed[: len(self.options)] & (parts != DELIVER)
            mine[[self.option_here[option] for option in one.aboard]] = True
        mine[anchor] = True
        first = dataclasses.replace(
            own,
            count=0,
            allowed=mine,
            last_resort=np.zeros(len(mine), bool),
            range_m=max(fleet.range_m - more, counted + home),
            energy_mwh=max(energy, math.nextafter(least, math.inf)),
            mass_g=max(fleet.mass_g, amounts[0]),
            volume_ml=max(fleet.volume_ml, amounts[1]),
            max_parcels=max(fleet.max_parcels, amounts[2]),
            battery=dataclasses.replace(battery, begun_mwh=begun_mwh),
            begun_as=-1,
            release_s=-1,
            home_s=-1,
        )
        return own, first

    def _drawn(self, one: Begun, fleet: Fleet, way_s: int) -> tuple[float, float]:
        """Return what the first trip has drawn beyond the count of the kernel, and what it draws going straight home.

        The kernel has the vehicle go to where it is by the straight way, with what is still to be brought.
        """
        whole, draw, last, site = self.whole, fleet.draw, one.trips[-1], site_of(self.whole, one)
        brought = [o for o in one.aboard if whole.option_part[o] == DELIVER]
        still = int(whole.mass_g[whole.option_order[brought]].sum()) if brought else 0
        done = [s.option for s in last.stops if whole.option_part[s.option] == DELIVER]
        route = Route(one.fleet, one.vehicle, one.trips, one.breaks)
        load = still + int(whole.mass_g[whole.option_order[done]].sum()) if done else still
        spent, aboard, _, _ = drawn_mwh(whole, route, last, load)
        if draw is None or site == fleet.hub:
            return spent, 0.0
        seen = 0 if self.mixed else still
        counted = int(fleet.distance_m[fleet.hub, site]) * draw.at(draw.mwh_per_m, seen)
        counted += way_s * draw.at(draw.mwh_per_s, seen) + draw.at(draw.mwh_per_stop, seen)
        bare = straight_home(whole, one)
        leave_s = max([free_s(one), *(end for _, end in bare.breaks)])
        back_s = bare.trips[-1].return_s - leave_s
        home = int(fleet.distance_m[site, fleet.hub]) * draw.at(draw.mwh_per_m, aboard)
        home += back_s * draw.at(draw.mwh_per_s, aboard)
        return spent - counted, math.ceil(spent + home) + 1.0

    def _loads(self, one: Begun) -> tuple[int, int, int]:
        """Return mass, volume and number of parcels aboard a vehicle, where what is aboard is followed."""
        if not (self.mixed and one.under_way):
            return 0, 0, 0
        whole, options = self.whole, list(one.aboard)
        options += [s.option for s in one.trips[-1].stops if whole.option_part[s.option] == RETURN]
        orders = whole.option_order[options] if options else np.zeros(0, np.int64)
        return int(whole.mass_g[orders].sum()), int(whole.volume_ml[orders].sum()), len(options)

    def _problem(self) -> Problem:
        whole, n, extra = self.whole, len(self.orders), len(self.begun)
        amounts = np.array([self._loads(one) for one in self.begun], np.int64).reshape(extra, 3)
        parts, mates, ready = (
            whole.option_part[self.options].copy(),
            whole.option_mate[self.options],
            whole.ready_s.copy(),
        )
        price = whole.unserved_cost.copy()
        for option in self.aboard:
            parts[self.option_here[option]] = UNLOAD if self.mixed else DELIVER
            ready[whole.option_order[option]] = 0
            if whole.option_part[option] == DROP:
                price[whole.option_order[option]] = OWED
        mates = np.where(mates >= 0, self.option_here[mates], -1)
        begins = np.array([self._begins(one) for one in self.begun], np.int64)
        hubs = [whole.fleets[one.fleet] for one in self.begun]
        room = whole.locker_room.copy()
        for option in self.done[whole.option_locker[self.done] >= 0].tolist():
            bank, rank = whole.option_locker[option], whole.sizes[whole.option_order[option]].rank
            room[bank, : rank + 1] -= 1
        opened = np.isin(np.arange(len(whole.lockers)), whole.option_locker[self.done])

        def orders(column: Whole, more: Whole | Sequence[int]) -> Whole:
            return np.concatenate([column[self.orders], np.asarray(more, column.dtype)])

        def options(column: NDArray[Any], more: Whole | Sequence[int]) -> NDArray[Any]:
            return np.concatenate([column[self.options], np.asarray(more, column.dtype)])

        nought = np.zeros(extra, np.int64)
        return dataclasses.replace(
            whole,
            order_ids=(*(whole.order_ids[k] for k in self.orders), *map(self._name, self.begun)),
            mass_g=orders(whole.mass_g, amounts[:, 0]),
            volume_ml=orders(whole.volume_ml, amounts[:, 1]),
            parcels=np.concatenate([np.ones(n, np.int64), amounts[:, 2]]),
            sizes=(*(whole.sizes[k] for k in self.orders), *[Size.S] * extra),
            placed_s=orders(whole.placed_s, nought),
            ready_s=orders(ready, nought),
            promise_s=orders(whole.promise_s, nought + NEVER),
            wanted_s=None if whole.wanted_s is None else orders(whole.wanted_s, nought - NEVER),
            unserved_cost=orders(price, nought),
            own_reach=np.concatenate([whole.own_reach[self.orders], np.ones(extra, bool)]),
            option_order=np.concatenate([self.order_here[whole.option_order[self.options]], n + np.arange(extra)]),
            option_site=options(whole.option_site, [site_of(self.whole, one) for one in self.begun]),
            option_kind=(
                *(whole.option_kind[k] for k in self.options),
                *(min(fleet.handover) for fleet in hubs),
            ),
            option_locker=options(whole.option_locker, nought - 1),
            option_open_s=options(whole.option_open_s, begins),
            option_close_s=options(whole.option_close_s, begins),
            option_part=np.concatenate([parts, np.full(extra, RETURN if self.mixed else DELIVER, np.int8)]),
            option_mate=np.concatenate([mates, nought - 1]),
            option_walk_m=options(whole.option_walk_m, nought),
            still=np.concatenate([np.zeros(len(self.options), bool), np.ones(extra, bool)]),
            shared=tuple(self._shared(it) for it in whole.shared),
            locker_room=room,
            locker_cost=np.where(opened, 0, whole.locker_cost),
            fleets=tuple(self.fleets),
            refusals=tuple(
                dataclasses.replace(refusal, order=int(self.order_here[refusal.order]))
                for refusal in whole.refusals
                if self.order_here[refusal.order] >= 0
            ),
        )

    def _shared(self, thing: Shared) -> Shared:
        """Return something that is shared, with what is taken up of it by all that has begun, going straight home."""
        taken = []
        for one in self.begun:
            if much := thing.takes[one.fleet]:
                spans = taken_up(self.whole, straight_home(self.whole, one), thing.stage)
                taken += [(since, until, much) for since, until in spans if until > since]
        return dataclasses.replace(thing, takes=tuple(thing.takes[f] for f in self.kinds), taken=tuple(taken))

    def _begins(self, one: Begun) -> int:
        """Return when what stands for all that a vehicle has done begins."""
        fleet, site = self.whole.fleets[one.fleet], site_of(self.whole, one)
        depart = one.trips[0].load_s + fleet.load_s
        return depart + (int(ways_s(fleet, fleet.hub, site, depart)) if site != fleet.hub else 0)

    def _name(self, one: Begun) -> str:
        return f"{self.whole.fleets[one.fleet].mode} {one.vehicle + 1}"

    def _anchor(self, one: Begun) -> int:
        return len(self.options) + self.begun.index(one)

    def rows(self, routes: Sequence[tuple[int, int, list[int]]] = ()) -> list[tuple[int, list[int]]]:
        """Return routes of the whole as (fleet, vehicle, row) as rows of what is left of them, those begun first.

        What is aboard a vehicle goes on in the sequence of its route, or else in that in which it is aboard.
        """
        mine = {(fleet, vehicle): row for fleet, vehicle, row in routes}
        rows = []
        for f, one in self.first.items():
            own = mine.pop((one.fleet, one.vehicle), [])
            trips = _trips(own)
            served = [stop.option for trip in one.trips for stop in trip.stops]
            here = len(one.trips) - 1
            rest = [o for trip in trips[: here + 1] for o in trip if o not in served] if one.under_way else []
            later = trips[here + 1 :] if one.under_way else [[o for o in t if o not in served] for t in trips]
            rest += [o for o in one.aboard if o not in rest]
            row = [-1, self._anchor(one), *(int(self.option_here[o]) for o in rest if self.option_here[o] >= 0)]
            marks = [o for o in own if o < 0][len(trips) - len(later) :]
            for mark, trip in zip(marks, later, strict=True):
                left = [int(self.option_here[o]) for o in trip if o not in rest and self.option_here[o] >= 0]
                row += [mark, *left] if left else []
            rows.append((f, row))
        for (fleet, vehicle), row in mine.items():
            left = [o if o < 0 else int(self.option_here[o]) for o in row if o < 0 or self.option_here[o] >= 0]
            rows.append((self.private.get((fleet, vehicle), fleet), left))
        return rows

    def routes(self, routes: Sequence[Route]) -> tuple[Route, ...]:
        """Return the routes of a plan of what is left as those of the whole."""
        found = [self._route(route) for route in routes]
        return tuple(sorted(found, key=lambda route: (route.fleet, route.vehicle)))

    def _route(self, route: Route) -> Route:
        home, vehicle = self.home[route.fleet][0], self.numbers[route.fleet][route.vehicle]
        trips = [self._trip(trip) for trip in route.trips]
        if route.fleet not in self.first:
            return Route(home, vehicle, tuple(trips), route.breaks)
        one = self.first[route.fleet]
        done, breaks = one.trips, one.breaks + route.breaks
        if one.under_way:
            last, rest = one.trips[-1], trips[0]
            fleet = self.whole.fleets[home]
            stops = last.stops + rest.stops
            sites = [fleet.hub, *(int(self.whole.option_site[stop.option]) for stop in stops), fleet.hub]
            metres = sum(int(fleet.distance_m[a, b]) for a, b in pairwise(sites) if a != b)
            done = (*one.trips[:-1], Trip(last.load_s, last.depart_s, stops, rest.return_s, metres))
        return Route(home, vehicle, (*done, *trips[1:]), breaks)

    def _trip(self, trip: Trip) -> Trip:
        """Return a trip with the options of the whole, without what stands for what is done."""
        stops = tuple(
            dataclasses.replace(stop, option=int(self.options[stop.option]))
            for stop in trip.stops
            if stop.option < len(self.options)
        )
        return dataclasses.replace(trip, stops=stops)

    @property
    def owed(self) -> int:
        """How many orders have been picked up already and are to be dropped on the same trip."""
        return int((self.problem.unserved_cost == OWED).sum())

    def is_owed(self, order: int) -> bool:
        """Tell whether an order of what is left has been picked up already, so that it is under way in any case."""
        return order < len(self.orders) and int(self.problem.unserved_cost[order]) == OWED


def _trips(row: list[int]) -> list[list[int]]:
    trips: list[list[int]] = []
    for option in row:
        if option < 0:
            trips.append([])
        else:
            trips[-1].append(option)
    return trips
