"""VROOM: problems as VROOM's JSON states them, with matrices of their own."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.steps import options_of, ways_of
from doorstep.formats.tabling import LATEST, MONEY_UNIT, REQUIRED, Task, Vehicle, problem_of
from doorstep.formats.vroomkeys import parsed
from doorstep.formats.vroomtimes import counted_from, origin_of, tasks_of
from doorstep.formats.weights import oddities
from doorstep.planning.problem import DELIVER, DROP, FAR, PICK_UP, RETURN
from doorstep.planning.task.tables import ENDLESS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.formats.sheet import Sheet
    from doorstep.planning.problem import Problem

    Ints = NDArray[np.int64]
    Table = NDArray[np.int32]
    Window = tuple[int, int]

PROFILE = "car"
PER_HOUR, HOUR_S, KM_M = 3600, 3600, 1000
ALWAYS: Window = (0, LATEST)


@dataclass(frozen=True, slots=True)
class _Option:
    """A way to serve an order: one stop in one of its windows."""

    order: int
    label: int
    index: int
    window: Window
    part: int
    setup: int
    service: int
    mate: int = -1


def read_vroom(sheet: Sheet, rounding: Rounding | None, objective: Objective | None) -> Instance:
    """Return the instance of a VROOM file; its matrices are whole numbers already.

    Raises
    ------
    InputError
        With every fault of the file; also where it gives coordinates without matrices.
    """
    if rounding not in {None, Rounding.NONE} or objective not in {None, Objective.FIXED}:
        sheet.fault(
            0, "VROOM's costs and matrices leave nothing to round or to choose", "leave the option out", "option"
        )
        sheet.stop()
    return _Reader(sheet, parsed(sheet)).instance()


class _Reader:
    """Reads one document whose keys are in order."""

    def __init__(self, sheet: Sheet, document: dict[str, Any]) -> None:
        self.sheet = sheet
        self.notes: list[str] = []
        self.size = 0
        self.matrices = self._matrices(document)
        legs = [kinds["durations"] for kinds in self.matrices.values() if "durations" in kinds]
        longest = max((int(table[table < FAR].max(initial=0)) for table in legs), default=0)
        self.origin = origin_of(document, longest)
        self.document = counted_from(self.origin, document)
        self.options: list[_Option] = []
        self.names: list[str] = []
        self.amounts: list[list[int]] = []
        self.priority: list[int] = []
        self.skills: list[frozenset[int]] = []

    def instance(self) -> Instance:
        """Return what the document says."""
        self._tasks()
        crew = self.document.get("vehicles", [])
        if len({vehicle["id"] for vehicle in crew}) < len(crew):
            self.sheet.fault(0, "vehicles: an id is there twice", code="twice")
        ends = [(self._index("vehicles", v, "start"), self._index("vehicles", v, "end")) for v in crew]
        self.sheet.stop()
        hubs = list(dict.fromkeys(ends)) or [(None, None)]
        places = list(dict.fromkeys(option.index for option in self.options))
        site = {index: len(hubs) + k for k, index in enumerate(places)}
        ways = [self._rates(vehicle) for vehicle in crew]
        kinds = list(dict.fromkeys(ways))
        tables = [self._tables(kind, hubs, places) for kind in kinds] or [_no_tables(len(hubs) + len(places))]
        scale = MONEY_UNIT * math.lcm(*(rate.denominator for _, _, rate, _ in tables))
        self.sheet.stop()
        orders = len(self.names)
        mass, volume = (self._column([amount[axis] for amount in self._padded()]) for axis in range(2))
        task = Task(
            name=self.sheet.file,
            hubs=[f"from {start} to {end}" for start, end in hubs],
            xy=None,
            tables=[(duration, length) for duration, length, _, _ in tables],
            order_ids=self.names,
            mass=mass,
            volume=volume,
            ready=np.zeros(orders, np.int64),
            price=np.full(orders, REQUIRED, np.int64),
            weight=[1 + priority for priority in self.priority],
            option_order=self._column([o.order for o in self.options]),
            option_site=self._column([site[o.index] for o in self.options]),
            option_open=self._column([o.window[0] for o in self.options]),
            option_close=self._column([o.window[1] for o in self.options]),
            service=self._column([o.service for o in self.options]),
            setup=self._column([o.setup for o in self.options]),
            part=np.array([o.part for o in self.options], np.int8),
            mate=self._column([o.mate for o in self.options]),
            vehicles=[
                self._vehicle(vehicle, hubs.index(end), kinds.index(way), tables[kinds.index(way)], scale)
                for vehicle, end, way in zip(crew, ends, ways, strict=True)
            ],
        )
        self.sheet.stop()
        if self.origin:
            self.notes.append(f"times in reasons are counted from {self.origin}")
        if any(self.priority):
            self.notes.append("an order of priority p counts as much as 1 + p orders when some must be left out")
        problem, positions = problem_of(task)
        labels = tuple(option.label for option in self.options)
        return Instance(
            name=task.name,
            kind="vroom",
            variant="VROOM",
            objective=Objective.FIXED,
            rounding=Rounding.NEAREST,
            factor=1,
            scale=float(scale),
            length_scale=1.0,
            problem=problem,
            labels=labels,
            numbers=labels,
            hub_labels=tuple(task.hubs),
            hub_numbers=tuple(-1 - k for k in range(len(hubs))),
            vehicles=positions,
            vehicle_labels=tuple(int(vehicle["id"]) for vehicle in crew),
            prize=np.zeros(orders, np.int64),
            start=self._steps(problem, labels, crew),
            notes=tuple(self.notes),
            document=self.document,
            origin=self.origin,
            metres=self._metres([ways[who[0]][0] for who in positions], hubs, places),
        )

    def _matrices(self, document: dict[str, Any]) -> dict[str, dict[str, Table]]:
        """Return the matrices as tables by profile and kind."""
        found: dict[str, dict[str, Table]] = {}
        for name, kinds in document.get("matrices", {}).items():
            for kind, rows in kinds.items():
                try:
                    table = np.array(rows)
                except (ValueError, OverflowError):
                    table = np.array(None)
                flat = table.ndim == 2 and np.issubdtype(table.dtype, np.integer)  # noqa: PLR2004 - rows and columns
                if rows and not (flat and table.min() >= 0):
                    self.sheet.fault(0, f"matrices.{name}.{kind}: needs whole numbers of 0 or more", code="number")
                    continue
                size = len(rows)
                if self.size not in {0, size}:
                    self.sheet.fault(0, f"matrices.{name}.{kind}: is of another size than the others", code="size")
                    continue
                self.size = size
                if (table >= FAR).any():
                    self.notes.append(f"matrices.{name}.{kind}: numbers of {FAR} or more are taken for `no way`")
                found.setdefault(name, {})[kind] = np.minimum(table, FAR).astype(np.int32).reshape(size, size)
            if "durations" in found.get(name, {}):
                said = oddities(found[name]["durations"])
                self.notes += [f"matrices.{name}: {text}" for text in said]
        return found

    def _index(self, where: str, table: dict[str, Any], key: str) -> int | None:
        """Return the row of a place in the matrices; None where a vehicle names none."""
        index = table.get(f"{key}_index")
        who = f"{where} {table['id']}"
        if index is None:
            if key in table:
                what = f"{who}: has coordinates but no {key}_index"
                fix = "there is no street map here: give matrices, and the rows of the places in them"
                self.sheet.fault(0, what, fix, "no-matrix")
            elif key == "location":
                self.sheet.fault(0, f"{who}: has no location_index", code="missing")
            return None
        if index >= self.size:
            what = f"{who}: {key}_index {index} is beyond the matrices, which have {self.size} rows"
            self.sheet.fault(0, what, code="range")
            return None
        return int(index)

    def _tasks(self) -> None:
        """Turn jobs and shipments into orders with their options."""
        seen: set[tuple[str, int]] = set()
        self._setups()
        for job in self.document.get("jobs", []):
            back, out = any(job.get("pickup", [])), any(job.get("delivery", []))
            if back and out:
                what = f"jobs {job['id']}: brings and fetches at once, which is not supported"
                self.sheet.fault(0, what, "make two jobs of it", "unsupported")
            self._order("jobs", str(job["id"]), job, job.get("pickup" if back else "delivery", []))
            self._once(seen, "job", job["id"])
            for window in self._windows(job):
                self._option("jobs", job, window, RETURN if back else DELIVER)
        for shipment in self.document.get("shipments", []):
            pickup, delivery = shipment["pickup"], shipment["delivery"]
            self._once(seen, "pickup", pickup["id"])
            self._once(seen, "delivery", delivery["id"])
            self._order("shipments", f"{pickup['id']}>{delivery['id']}", shipment, shipment.get("amount", []))
            for first, second in product(self._windows(pickup), self._windows(delivery)):
                k = len(self.options)
                self._option("pickups", pickup, first, PICK_UP, k + 1)
                self._option("deliveries", delivery, second, DROP, k)

    def _setups(self) -> None:
        """Refuse setups that windows cannot hold, being skipped after some stops and not after others."""
        tasks = list(tasks_of(self.document))
        shared = Counter(task.get("location_index") for _, task in tasks)
        starts = {vehicle.get("start_index") for vehicle in self.document.get("vehicles", [])} - {None}
        for where, task in tasks:
            index = task.get("location_index")
            if task.get("setup") and "time_windows" in task and index is not None and shared[index] > 1:
                what = f"{where} {task['id']}: has setup and time_windows, and shares location_index {index}"
                fix = "whether its setup is skipped is not known beforehand: make the setup part of service"
                self.sheet.fault(0, what, fix, "unsupported")
            elif task.get("setup") and index in starts:
                self.notes.append(f"{where} {task['id']}: its setup counts also for a vehicle that starts there")

    def _once(self, seen: set[tuple[str, int]], kind: str, number: int) -> None:
        if (kind, number) in seen:
            self.sheet.fault(0, f"{kind} {number} is there twice", code="twice")
        seen.add((kind, number))

    def _order(self, where: str, name: str, table: dict[str, Any], amount: list[int]) -> None:
        widths = {len(vehicle.get("capacity", [])) for vehicle in self.document.get("vehicles", [])}
        if amount and widths and len(amount) not in widths:
            what = f"{where} {name}: has {len(amount)} amounts, vehicles have {max(widths)}"
            self.sheet.fault(0, what, code="amounts")
        self.names.append(name)
        self.amounts.append(amount)
        self.priority.append(table.get("priority", 0))
        self.skills.append(frozenset(table.get("skills", [])))

    def _option(self, where: str, table: dict[str, Any], window: Window, part: int, mate: int = -1) -> None:
        index = self._index(where, table, "location")
        setup, service = table.get("setup", 0), table.get("service", 0)
        self.options.append(
            _Option(len(self.names) - 1, int(table["id"]), index or 0, window, part, setup, service, mate)
        )

    def _windows(self, table: dict[str, Any]) -> list[Window]:
        """Return the windows in which service begins; those of the file are of the setup before it."""
        setup = table.get("setup", 0)
        return [(begin + setup, end + setup) for begin, end in table.get("time_windows", [])] or [ALWAYS]

    def _rates(self, vehicle: dict[str, Any]) -> tuple[str, float, int, int]:
        """Return what the tables of a vehicle depend on: profile, speed, price of an hour and of a kilometre."""
        costs = vehicle.get("costs", {})
        profile = vehicle.get("profile", PROFILE)
        if "durations" not in self.matrices.get(profile, {}):
            what = f"vehicles {vehicle['id']}: there is no matrix of durations for profile '{profile}'"
            self.sheet.fault(0, what, f"give matrices.{profile}.durations", "no-matrix")
        speed = float(vehicle.get("speed_factor", 1))
        return profile, speed, costs.get("per_hour", PER_HOUR), costs.get("per_km", 0)

    def _tables(
        self, way: tuple[str, float, int, int], hubs: list[tuple[int | None, int | None]], places: list[int]
    ) -> tuple[Table, Table, Fraction, str]:
        """Return durations, lengths that are paid for, the price of one, and what they are."""
        profile, speed, per_hour, per_km = way
        matrices = self.matrices.get(profile, {})
        nothing = np.zeros((self.size, self.size), np.int32)
        durations = _placed(matrices.get("durations", nothing), hubs, places)
        if speed != 1:
            slowed = np.where(durations >= FAR, FAR, np.rint(durations / speed))
            self.notes.append(f"durations of profile '{profile}' are divided by {speed:g} and rounded")
            if ((slowed >= FAR) & (durations < FAR)).any():
                self.notes.append(f"profile '{profile}': divided durations of {FAR} or more are taken for `no way`")
            durations = np.minimum(slowed, FAR).astype(np.int32)
        if "costs" in matrices:
            if (per_hour, per_km) != (PER_HOUR, 0):
                self.sheet.fault(
                    0, f"matrices.{profile}: has costs, and vehicles have prices too", code="contradiction"
                )
            return durations, _placed(matrices["costs"], hubs, places), Fraction(1), "costs"
        if not per_km:
            return durations, durations, Fraction(per_hour, HOUR_S), "durations"
        if "distances" not in matrices:
            self.sheet.fault(0, f"matrices.{profile}: per_km needs distances", code="no-matrix")
        distances = _placed(matrices.get("distances", nothing), hubs, places)
        if not per_hour:
            return durations, distances, Fraction(per_km, KM_M), "distances"
        cost = durations * (per_hour / HOUR_S) + distances * (per_km / KM_M)
        lost = (durations >= FAR) | (distances >= FAR)
        dearest = max(float(cost[~lost].max(initial=0)), 1)
        one = Fraction(10) ** -math.floor(math.log10((FAR - 1) / dearest))
        self.notes.append(f"profile '{profile}': costs of time and distance together are rounded to multiples of {one}")
        lengths = np.where(lost, FAR, np.rint(cost / float(one))).astype(np.int32)
        return durations, lengths, one, "costs"

    def _metres(
        self, profiles: list[str], hubs: list[tuple[int | None, int | None]], places: list[int]
    ) -> tuple[Table, ...]:
        """Return the distances of each fleet by its profile; none where a profile has none."""
        if not all("distances" in self.matrices.get(profile, {}) for profile in profiles):
            return ()
        return tuple(_placed(self.matrices[profile]["distances"], hubs, places) for profile in profiles)

    def _vehicle(
        self, vehicle: dict[str, Any], hub: int, tables: int, found: tuple[Table, Table, Fraction, str], scale: int
    ) -> Vehicle:
        _, _, rate, paid = found
        reach = ENDLESS
        for key, kind in ("max_travel_time", "durations"), ("max_distance", "distances"):
            if key in vehicle and paid != kind:
                what = f"vehicles {vehicle['id']}: {key} is supported only where costs come from {kind} alone"
                self.sheet.fault(0, what, code="unsupported")
            reach = min(reach, vehicle.get(key, ENDLESS))
        if "max_tasks" in vehicle and len({option.part for option in self.options}) > 1:
            what = f"vehicles {vehicle['id']}: max_tasks is supported only where all tasks bring, or all fetch"
            self.sheet.fault(0, what, code="unsupported")
        capacity = [*vehicle.get("capacity", []), ENDLESS, ENDLESS]
        opens, closes = vehicle.get("time_window", ALWAYS)
        own = frozenset(vehicle.get("skills", []))
        needed = [self.skills[option.order] <= own for option in self.options]
        return Vehicle(
            mode=vehicle.get("type") or vehicle.get("profile", PROFILE),
            hub=hub,
            mass=capacity[0],
            volume=capacity[1],
            parcels=vehicle.get("max_tasks", ENDLESS),
            open_s=opens,
            close_s=closes,
            range_m=reach,
            fixed=vehicle.get("costs", {}).get("fixed", 0) * scale,
            metre=int(rate * scale),
            tables=tables,
            allowed=None if all(needed) else frozenset(k for k, fits in enumerate(needed) if fits),
        )

    def _steps(
        self, problem: Problem, labels: tuple[int, ...], crew: list[dict[str, Any]]
    ) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Return the trips of the steps that vehicles have."""
        rows, ways = [], ways_of(problem, labels)
        for vehicle in crew:
            steps = [(step["type"], step.get("id", -1), None) for step in vehicle.get("steps", [])]
            trips, strangers = options_of(problem, labels, ways, steps)
            for name in strangers:
                self.sheet.fault(0, f"vehicles {vehicle['id']}: steps have a {name} that there is not", code="unknown")
            rows.append(tuple(map(tuple, trips)))
        self.sheet.stop()
        return tuple(rows)

    def _padded(self) -> list[list[int]]:
        return [[*amount, 0, 0] for amount in self.amounts]

    def _column(self, values: list[int]) -> Ints:
        return np.array(values, np.int64)


def _placed(matrix: Table, hubs: list[tuple[int | None, int | None]], places: list[int]) -> Table:
    """Return a matrix as a table of sites: out of a hub from its start, into it to its end, free where it has none."""
    out = np.array([start or 0 for start, _ in hubs] + places, np.int64)
    into = np.array([end or 0 for _, end in hubs] + places, np.int64)
    table: Table = matrix[np.ix_(out, into)] if matrix.size else np.zeros((len(out), len(into)), np.int32)
    for hub, (start, end) in enumerate(hubs):
        if start is None:
            table[hub, :] = 0
        if end is None:
            table[:, hub] = 0
        table[hub, hub] = 0
    return table


def _no_tables(sites: int) -> tuple[Table, Table, Fraction, str]:
    nothing = np.zeros((sites, sites), np.int32)
    return nothing, nothing, Fraction(1), "costs"
