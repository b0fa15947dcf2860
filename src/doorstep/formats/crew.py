"""Crew: the vehicles of a VRPLIB file, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.tabling import LATEST, MONEY_UNIT, Vehicle
from doorstep.planning.problem import MANY
from doorstep.planning.task.tables import ENDLESS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.formats.ground import Ground

    Ints = NDArray[np.int64]


MOST_VEHICLES = 100_000
_MOST = 1e18


class Crew:
    """Reads what a file says of its vehicles; `priced` tells whether their own costs count."""

    def __init__(self, ground: Ground, *, priced: bool) -> None:
        self.ground, self.text, self.sheet, self.notes = ground, ground.text, ground.sheet, ground.notes
        self.priced = priced

    def capacities(self) -> NDArray[np.float64]:
        """Return what each vehicle carries; there are as many as customers where the file does not say."""
        number = self.text.value("VEHICLES")
        count = len(self.ground.customers) if number is None else int(number)
        if "VEHICLES" not in self.text.keys:
            self.notes.append(f"the file names no number of vehicles: {count}, as many as customers")
        if count > MOST_VEHICLES:
            line, token = self.text.keys["VEHICLES"]
            self.sheet.fault(line, f"more than {MOST_VEHICLES} vehicles", code="size", token=token)
            count = 0
        if self.text.has("CAPACITY_SECTION"):
            return self.text.table("CAPACITY_SECTION", count)[:, 0]
        each = self.text.value("CAPACITY")
        if "CAPACITY" not in self.text.keys:
            self.notes.append("the file names no capacity: vehicles carry any amount")
        return np.full(count, float(ENDLESS) if each is None else each)

    def vehicles(self, windows: Ints, capacity: Ints) -> list[Vehicle]:
        """Return the vehicles in the order of the file."""
        count = len(capacity)
        hubs = np.zeros(count, np.int64)
        if self.text.has("VEHICLES_DEPOT_SECTION"):
            nodes = self.text.table("VEHICLES_DEPOT_SECTION", count)[:, 0].astype(np.int64)
            for vehicle in np.flatnonzero(~np.isin(nodes, self.ground.depots)):
                what = f"VEHICLES_DEPOT_SECTION: {nodes[vehicle]}, of vehicle {vehicle + 1}, is no depot"
                self.sheet.fault(self.text.sections["VEHICLES_DEPOT_SECTION"][0], what, code="depot")
            hubs = self.ground.site_of[np.clip(nodes, 1, self.ground.nodes)]
        elif len(self.ground.depots) > 1:
            self.notes.append("no VEHICLES_DEPOT_SECTION: all vehicles start from the first depot")
        shift = self._limit("VEHICLES_MAX_DURATION", count)
        if "DISTANCE" in self.text.keys:
            most = self.text.value("DISTANCE")
            shift = np.minimum(shift, self.ground.whole(np.array([LATEST if most is None else most]))[0])
            self.notes.append(
                "DISTANCE limits a route's length and service times together, as in the sets that have it"
            )
        if (shift < LATEST).any():
            self.notes.append("waiting counts towards the longest duration, from departure to return")
        reach = np.minimum(self._limit("VEHICLES_MAX_DISTANCE", count), ENDLESS)
        fixed, unit = self._unit_costs(count)
        trips, allowed = self._trips(count, hubs), self._allowed(count)
        return [
            Vehicle(
                hub=int(hubs[k]),
                mass=int(capacity[k]),
                trips=trips[k],
                open_s=int(windows[hubs[k], 0]),
                close_s=int(windows[hubs[k], 1]),
                shift_s=int(shift[k]),
                range_m=int(reach[k]),
                fixed=int(fixed[k]),
                metre=int(unit[k]),
                allowed=allowed[k],
            )
            for k in range(count)
        ]

    def _limit(self, key: str, count: int) -> Ints:
        """Return a limit of each vehicle, given for all at once or one by one."""
        if self.text.has(f"{key}_SECTION"):
            return self.ground.whole(self.text.table(f"{key}_SECTION", count)[:, 0])
        each = self.text.value(key)
        return self.ground.whole(np.full(count, float(LATEST) if each is None else each))

    def _unit_costs(self, count: int) -> tuple[Ints, Ints]:
        """Return the money for using each vehicle and for each unit of its lengths."""
        fixed, unit = np.zeros(count), np.ones(count)
        if self.text.has("VEHICLES_FIXED_COST_SECTION"):
            fixed = self.text.table("VEHICLES_FIXED_COST_SECTION", count)[:, 0]
        if self.text.has("VEHICLES_UNIT_DISTANCE_COST_SECTION"):
            unit = self.text.table("VEHICLES_UNIT_DISTANCE_COST_SECTION", count)[:, 0]
        for section, values in ("VEHICLES_FIXED_COST_SECTION", fixed), ("VEHICLES_UNIT_DISTANCE_COST_SECTION", unit):
            if (values < 0).any():
                self.sheet.fault(self.text.sections[section][0], f"{section} has a negative cost", code="negative")
        if not self.priced:
            fixed, unit = fixed * 0, unit * 0 + 1
        money = np.minimum(fixed * MONEY_UNIT * self.ground.factor, _MOST), np.minimum(unit * MONEY_UNIT, _MOST)
        return np.rint(money[0]).astype(np.int64), np.rint(money[1]).astype(np.int64)

    def _trips(self, count: int, hubs: Ints) -> list[int]:
        """Return how many trips each vehicle may make."""
        if not self.text.has("VEHICLES_RELOAD_DEPOT_SECTION"):
            return [1] * count
        rows = self.text.lists("VEHICLES_RELOAD_DEPOT_SECTION", count, self.ground.nodes)
        head = self.text.sections["VEHICLES_RELOAD_DEPOT_SECTION"][0]
        most = np.full(count, MANY)
        if self.text.has("VEHICLES_MAX_RELOADS_SECTION"):
            most = self.text.table("VEHICLES_MAX_RELOADS_SECTION", count)[:, 0].astype(np.int64) + 1
        elif (each := self.text.value("VEHICLES_MAX_RELOADS")) is not None:
            most = np.full(count, int(each) + 1)
        for vehicle, row in enumerate(rows):
            if row and row != [int(self.ground.depots[hubs[vehicle]])]:
                what = f"vehicle {vehicle + 1} reloads elsewhere than at its own depot, which is not supported"
                self.sheet.fault(head, what, code="unsupported")
        return [int(most[vehicle]) if row else 1 for vehicle, row in enumerate(rows)]

    def _allowed(self, count: int) -> list[frozenset[int] | None]:
        """Return which options each vehicle may serve."""
        if not self.text.has("VEHICLES_ALLOWED_CLIENTS_SECTION"):
            return [None] * count
        rows = self.text.lists("VEHICLES_ALLOWED_CLIENTS_SECTION", count, self.ground.nodes)
        first = len(self.ground.depots)
        sets = {}
        for row in rows:
            sites = self.ground.site_of[np.array([node for node in row if node <= self.ground.nodes], np.int64)]
            sets[tuple(row)] = frozenset((sites[sites >= first] - first).tolist())
        return [sets[tuple(row)] for row in rows]
