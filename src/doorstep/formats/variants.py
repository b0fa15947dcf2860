"""Variants: what the keys and sections of a VRPLIB file mean, as an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.tabling import LATEST, MONEY_UNIT, REQUIRED, Task, Vehicle, problem_of
from doorstep.formats.vrplib import parse
from doorstep.formats.weights import MOST_PLACES, best_factor, flat_table, oddities, rounded, spread
from doorstep.planning.problem import FAR, MANY
from doorstep.planning.tables import ENDLESS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.formats.sheet import Sheet
    from doorstep.formats.vrplib import VrpText

    Ints = NDArray[np.int64]

CONVENTIONS = {
    "CVRP": Rounding.NEAREST,
    "ACVRP": Rounding.NEAREST,
    "DCVRP": Rounding.NEAREST,
    "MDVRP": Rounding.NEAREST,
    "MTVRP": Rounding.NEAREST,
    "GVRP": Rounding.NEAREST,
    "PCVRP": Rounding.NEAREST,
    "HFVRP": Rounding.NONE,
    "VRPTW": Rounding.TRUNC1,
    "CVRPTW": Rounding.TRUNC1,
    "PCVRPTW": Rounding.TRUNC1,
    "MTVRPTW": Rounding.TRUNC1,
    "MTVRPTWR": Rounding.TRUNC1,
    "MDVRPTW": Rounding.X1000,
    "SDVRPTW": Rounding.X1000,
}
"""Types that are known, and the rounding by which their best-known values are told."""
_METRICS = ("EUC_2D", "CEIL_2D", "EXPLICIT")
_HUNDREDTHS = "HFVRP"
"""Type whose costs are written in hundredths, and told without."""
_MOST_DECIMALS = 6


def read_vrplib(sheet: Sheet, rounding: Rounding | None, objective: Objective | None) -> Instance:
    """Return the instance of a VRPLIB file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    text = parse(sheet)
    variant = _variant(text)
    nodes = int(text.value("DIMENSION") or 0)
    if "DIMENSION" not in text.keys:
        sheet.fault(0, "DIMENSION is missing", "say how many nodes there are, depots among them", "missing")
    elif nodes < 1:
        sheet.fault(text.keys["DIMENSION"][0], "there are no nodes at all", code="empty", token=text.text("DIMENSION"))
    elif nodes > MOST_PLACES:
        sheet.fault(text.keys["DIMENSION"][0], f"more than {MOST_PLACES} nodes", "cut the problem up", "size")
    sheet.stop()
    reader = _Reader(text, variant, nodes, rounding, objective)
    instance = reader.instance()
    sheet.stop()
    return instance


def _variant(text: VrpText) -> str:
    variant = text.text("TYPE").upper()
    if variant not in CONVENTIONS:
        line = text.keys.get("TYPE", (0, ""))[0]
        what = f"TYPE '{variant}' is not known" if variant else "TYPE is missing"
        text.sheet.fault(line, what, f"one of {', '.join(CONVENTIONS)}", "unknown-type", text.text("TYPE"))
    return variant


class _Reader:
    """Reads one file, section by section; what one section says is needed to read the next."""

    def __init__(
        self, text: VrpText, variant: str, nodes: int, rounding: Rounding | None, objective: Objective | None
    ) -> None:
        self.text, self.sheet, self.variant, self.nodes = text, text.sheet, variant, nodes
        self.notes: list[str] = []
        self.rounding = rounding or CONVENTIONS[variant]
        self.asked = objective
        depots = text.depots(nodes)
        if not text.has("DEPOT_SECTION"):
            self.notes.append("no DEPOT_SECTION: node 1 is taken for the depot")
        kept = np.ones(nodes, bool)
        kept[np.array(depots) - 1] = False
        self.depots = np.array(depots, np.int64)
        self.customers = np.flatnonzero(kept) + 1
        self.sites = np.concatenate([self.depots, self.customers])
        self.site_of = np.zeros(nodes + 1, np.int64)
        self.site_of[self.sites] = np.arange(nodes)

    def instance(self) -> Instance:
        """Return what the file says."""
        xy, table = self._ways()
        who, option = self._orders()
        n = len(self.customers)
        windows = self._windows()
        service = self._service()
        groups = np.zeros(len(who), np.int64)
        groups[option] = np.arange(n)  # a group's last member stands for it where all are equal
        mass, capacity = self._amounts(option, groups)
        release = self._times("RELEASE_TIME_SECTION")
        self._one_value(release, option, groups, "RELEASE_TIME_SECTION")
        price = self._prices(option, len(who))
        vehicles = self._vehicles(windows, capacity)
        self.sheet.stop()
        task = Task(
            name=self.text.text("NAME") or self.sheet.file,
            hubs=[f"depot {node}" for node in self.depots],
            xy=xy,
            tables=[(table, table)],
            order_ids=who,
            mass=mass,
            ready=release[groups],
            price=price,
            option_order=option,
            option_site=np.arange(len(self.depots), self.nodes),
            option_open=windows[len(self.depots) :, 0],
            option_close=windows[len(self.depots) :, 1],
            service=service,
            vehicles=vehicles,
        )
        task.vehicles_first = self.asked == Objective.VEHICLES
        problem, positions = problem_of(task)
        scale = float(MONEY_UNIT)
        if self.variant == _HUNDREDTHS:
            scale *= 100 * self.factor
            self.notes.append("costs are written in hundredths: they are told divided by 100")
        elif self.rounding == Rounding.NONE:
            scale *= self.factor
        elif self.factor > 1:
            self.notes.append(f"lengths, times and costs are whole {self._parts()}: cost 10 is {10 / self.factor:g}")
        return Instance(
            name=task.name,
            kind="vrplib",
            variant=self.variant,
            objective=self._objective(),
            rounding=self.rounding,
            factor=self.factor,
            scale=scale,
            length_scale=float(self.factor) if self.rounding == Rounding.NONE else 1.0,
            problem=problem,
            labels=tuple(int(node) for node in self.customers),
            numbers=tuple(int(node) - 1 for node in self.customers),
            hub_labels=tuple(int(node) for node in self.depots),
            hub_numbers=tuple(int(node) - 1 for node in self.depots),
            vehicles=positions,
            notes=tuple(self.notes),
        )

    def _parts(self) -> str:
        return {10: "tenths", 1000: "thousandths"}.get(self.factor, f"parts of {self.factor}")

    def _objective(self) -> Objective:
        if self.asked is not None:
            return self.asked
        if self.text.has("PRIZE_SECTION"):
            return Objective.PRIZES
        costs = "VEHICLES_FIXED_COST_SECTION", "VEHICLES_UNIT_DISTANCE_COST_SECTION"
        return Objective.FIXED if any(map(self.text.has, costs)) else Objective.DISTANCE

    def _ways(self) -> tuple[NDArray[np.float64] | None, NDArray[np.int32]]:
        """Return coordinates and table of the sites; also settles the factor."""
        metric = self.text.text("EDGE_WEIGHT_TYPE").upper()
        xy = self.text.table("NODE_COORD_SECTION", self.nodes) if self.text.has("NODE_COORD_SECTION") else None
        if self.text.has("DISPLAY_DATA_SECTION"):
            shown = self.text.table("DISPLAY_DATA_SECTION", self.nodes)
            xy = shown if xy is None else xy
        if metric not in _METRICS:
            line = self.text.keys.get("EDGE_WEIGHT_TYPE", (0, ""))[0]
            what = f"EDGE_WEIGHT_TYPE '{metric}' is not known" if metric else "EDGE_WEIGHT_TYPE is missing"
            self.sheet.fault(line, what, f"one of {', '.join(_METRICS)}", "unknown-metric", metric)
        elif metric != "EXPLICIT" and not self.text.has("NODE_COORD_SECTION"):
            self.sheet.fault(0, f"{metric} needs a NODE_COORD_SECTION", "or is the file cut off?", "missing")
        elif metric != "EXPLICIT" and self.text.has("EDGE_WEIGHT_SECTION"):
            head = self.text.sections["EDGE_WEIGHT_SECTION"][0]
            self.sheet.fault(head, f"{metric} and a matrix too", "say EXPLICIT, or leave the matrix out", "contradiction")
        matrix = self.text.matrix(self.nodes) if metric == "EXPLICIT" else None
        self.sheet.stop()
        if metric == "CEIL_2D" and self.rounding == Rounding.NEAREST:
            self.rounding = Rounding.CEIL
        xy = None if xy is None else xy[self.sites - 1]
        if matrix is not None:
            matrix = matrix[np.ix_(self.sites - 1, self.sites - 1)]
            return xy, self._from_matrix(matrix)
        assert xy is not None  # noqa: S101 - a fault otherwise
        longest = spread(xy)
        self.factor = best_factor(self.rounding, longest)
        if longest * self.factor >= FAR:
            what = f"lengths up to {longest:.6g} in parts of {self.factor} are more than {FAR - 1}"
            self.sheet.fault(0, what, "choose another --rounding", "beyond-measure")
            self.sheet.stop()
        return xy, flat_table(xy, self.rounding, self.factor)

    def _from_matrix(self, matrix: NDArray[np.float64]) -> NDArray[np.int32]:
        """Return a matrix of the file as a table; whole numbers stay as they are."""
        longest = float(matrix.max(initial=0))
        if np.all(matrix == np.rint(matrix)) and self.rounding in {Rounding.NONE, Rounding.NEAREST, Rounding.CEIL}:
            self.rounding, self.factor = Rounding.NEAREST, 1
        else:
            if self.rounding == Rounding.NONE:
                self.rounding = Rounding.X1000
            self.factor = best_factor(self.rounding, longest)
            self.notes.append(f"lengths of the matrix are made whole: {self.rounding.value}")
        lost = matrix * self.factor >= FAR
        if lost.any():
            self.notes.append(f"{int(lost.sum())} lengths of {FAR} or more are taken for `no way`")
        table = np.where(lost, FAR, rounded(np.where(lost, 0, matrix), self.rounding, self.factor)).astype(np.int32)
        if np.diagonal(table).any():
            self.notes.append("the matrix has lengths from a place to itself: they are left out")
            table[np.diag_indices(len(table))] = 0
        self.notes += oddities(table)
        return table

    def _orders(self) -> tuple[list[str], Ints]:
        """Return the names of the orders, and which of them each customer is an option of."""
        if not self.text.has("MUTUALLY_EXCLUSIVE_GROUP_SECTION"):
            return [str(node) for node in self.customers], np.arange(len(self.customers))
        head = self.text.sections["MUTUALLY_EXCLUSIVE_GROUP_SECTION"][0]
        groups = self.text.lists("MUTUALLY_EXCLUSIVE_GROUP_SECTION", None, self.nodes)
        order = np.full(self.nodes + 1, -1, np.int64)
        names = []
        for k, group in enumerate(groups):
            for node in group:
                if node > self.nodes or order[node] >= 0 or node in self.depots:
                    what = f"group {k + 1}: node {node} is a depot or in another group too"
                    self.sheet.fault(head, what, "a customer is in one group at most", "group")
                else:
                    order[node] = k
            names.append("|".join(map(str, group)))
        for node in self.customers:
            if order[node] < 0:
                order[node] = len(names)
                names.append(str(node))
        empty = [k + 1 for k, group in enumerate(groups) if not group]
        if empty:
            self.sheet.fault(head, f"group {empty[0]} has no members", code="group")
        return names, order[self.customers]

    def _whole(self, values: NDArray[np.float64]) -> Ints:
        """Return times or prizes of the file in units of the tables."""
        scaled = rounded(np.minimum(values, LATEST / max(self.factor, 1)), self.rounding, self.factor)
        return np.minimum(scaled, LATEST).astype(np.int64)

    def _times(self, section: str) -> Ints:
        """Return a section's value for each customer; 0 where the file does not have it."""
        if not self.text.has(section):
            return np.zeros(len(self.customers), np.int64)
        values = self.text.table(section, self.nodes)[self.customers - 1, 0]
        if (values < 0).any():
            node = int(self.customers[np.argmin(values)])
            self.sheet.fault(self.text.sections[section][0], f"{section}: node {node} is negative", code="negative")
        return self._whole(values)

    def _service(self) -> Ints:
        if self.text.has("SERVICE_TIME_SECTION"):
            return self._times("SERVICE_TIME_SECTION")
        return self._whole(np.full(len(self.customers), self.text.value("SERVICE_TIME") or 0.0))

    def _windows(self) -> Ints:
        """Return when service may begin at each site [sites, 2]."""
        windows = np.tile(np.array([0, LATEST], np.int64), (self.nodes, 1))
        if self.text.has("TIME_WINDOW_SECTION"):
            table = self.text.table("TIME_WINDOW_SECTION", self.nodes)[self.sites - 1]
            for site in np.flatnonzero(table[:, 0] > table[:, 1]):
                what = f"TIME_WINDOW_SECTION: node {self.sites[site]} closes before it opens"
                self.sheet.fault(self.text.sections["TIME_WINDOW_SECTION"][0], what, code="window")
            windows = self._whole(table)
        return windows

    def _amounts(self, option: Ints, groups: Ints) -> tuple[Ints, Ints]:
        """Return the demand of each order and the capacity of each vehicle, as whole numbers."""
        demand = np.zeros(len(self.customers))
        if self.text.has("DEMAND_SECTION"):
            table = self.text.table("DEMAND_SECTION", self.nodes)[:, 0]
            head = self.text.sections["DEMAND_SECTION"][0]
            for node in np.flatnonzero(table < 0) + 1:
                self.sheet.fault(head, f"DEMAND_SECTION: node {node} is negative", code="negative")
            if table[self.depots - 1].any():
                self.sheet.fault(head, "DEMAND_SECTION: a depot has a demand", "depots have 0", "demand")
            demand = table[self.customers - 1]
        elif self.text.has("CAPACITY_SECTION") or "CAPACITY" in self.text.keys:
            self.sheet.fault(0, "DEMAND_SECTION is missing", "or is the file cut off?", "missing")
        self._one_value(demand, option, groups, "DEMAND_SECTION")
        number = self.text.value("VEHICLES")
        count = len(self.customers) if number is None else int(number)
        if number is None:
            self.notes.append(f"the file names no number of vehicles: {count}, as many as customers")
        if self.text.has("CAPACITY_SECTION"):
            capacity = self.text.table("CAPACITY_SECTION", count)[:, 0]
        else:
            each = self.text.value("CAPACITY")
            capacity = np.full(count, float(ENDLESS) if each is None else each)
            if "CAPACITY" not in self.text.keys:
                self.notes.append("the file names no capacity: vehicles carry any amount")
        amounts = np.concatenate([demand, np.minimum(capacity, ENDLESS)])
        for decimals in range(_MOST_DECIMALS + 1):
            whole = np.rint(amounts * 10**decimals)
            if np.allclose(whole, amounts * 10**decimals, rtol=0, atol=1e-6):
                break
        else:
            self.sheet.fault(0, f"demands have more than {_MOST_DECIMALS} decimals", "round them", "decimals")
        if decimals:
            self.notes.append(f"demands and capacities are counted in parts of {10**decimals}")
        if float(np.abs(whole).sum()) >= LATEST * 1000.0 * 1000.0:
            self.sheet.fault(0, "demands or capacities are too large to be counted", code="beyond-measure")
        ints = np.minimum(whole, ENDLESS).astype(np.int64)
        return ints[: len(demand)][groups], ints[len(demand) :]

    def _one_value(self, values: NDArray[np.generic], option: Ints, groups: Ints, section: str) -> None:
        """Note a fault where the members of a group differ in what is the order's own."""
        unlike = np.flatnonzero(values != values[groups][option])
        if unlike.size:
            node = int(self.customers[unlike[0]])
            what = f"{section}: node {node} differs from another member of its group"
            self.sheet.fault(self.text.sections[section][0], what, "members of a group must be alike in it", "group")

    def _prices(self, option: Ints, orders: int) -> Ints:
        price = np.full(orders, REQUIRED, np.int64)
        if self.text.has("PRIZE_SECTION"):
            prize = self._times("PRIZE_SECTION")
            if self.text.has("MUTUALLY_EXCLUSIVE_GROUP_SECTION"):
                head = self.text.sections["PRIZE_SECTION"][0]
                self.sheet.fault(head, "PRIZE_SECTION and groups together are not supported", code="unsupported")
            price[option] = np.where(prize > 0, prize * MONEY_UNIT, REQUIRED)
            free = int(np.count_nonzero(prize == 0))
            if free:
                self.notes.append(f"{free} customers have no prize: they must be served")
        return price

    def _vehicles(self, windows: Ints, capacity: Ints) -> list[Vehicle]:
        """Return the vehicles in the order of the file."""
        count = len(capacity)
        hubs = np.zeros(count, np.int64)
        if self.text.has("VEHICLES_DEPOT_SECTION"):
            nodes = self.text.table("VEHICLES_DEPOT_SECTION", count)[:, 0].astype(np.int64)
            for vehicle in np.flatnonzero(~np.isin(nodes, self.depots)):
                what = f"VEHICLES_DEPOT_SECTION: {nodes[vehicle]}, of vehicle {vehicle + 1}, is no depot"
                self.sheet.fault(self.text.sections["VEHICLES_DEPOT_SECTION"][0], what, code="depot")
            hubs = self.site_of[np.clip(nodes, 1, self.nodes)]
        elif len(self.depots) > 1:
            self.notes.append("no VEHICLES_DEPOT_SECTION: all vehicles start from the first depot")
        shift = self._limit("VEHICLES_MAX_DURATION", count)
        if "DISTANCE" in self.text.keys:
            most = self.text.value("DISTANCE")
            shift = np.minimum(shift, self._whole(np.array([LATEST if most is None else most]))[0])
            self.notes.append("DISTANCE limits a route's length and service times together, as in the sets that have it")
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
            return self._whole(self.text.table(f"{key}_SECTION", count)[:, 0])
        each = self.text.value(key)
        return self._whole(np.full(count, float(LATEST) if each is None else each))

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
        if self.asked == Objective.DISTANCE:
            fixed, unit = fixed * 0, unit * 0 + 1
        return np.rint(fixed * MONEY_UNIT * self.factor).astype(np.int64), np.rint(unit * MONEY_UNIT).astype(np.int64)

    def _trips(self, count: int, hubs: Ints) -> list[int]:
        """Return how many trips each vehicle may make."""
        if not self.text.has("VEHICLES_RELOAD_DEPOT_SECTION"):
            return [1] * count
        rows = self.text.lists("VEHICLES_RELOAD_DEPOT_SECTION", count, self.nodes)
        head = self.text.sections["VEHICLES_RELOAD_DEPOT_SECTION"][0]
        most = np.full(count, MANY)
        if self.text.has("VEHICLES_MAX_RELOADS_SECTION"):
            most = self.text.table("VEHICLES_MAX_RELOADS_SECTION", count)[:, 0].astype(np.int64) + 1
        elif (each := self.text.value("VEHICLES_MAX_RELOADS")) is not None:
            most = np.full(count, int(each) + 1)
        for vehicle, row in enumerate(rows):
            if row and row != [int(self.depots[hubs[vehicle]])]:
                what = f"vehicle {vehicle + 1} reloads elsewhere than at its own depot, which is not supported"
                self.sheet.fault(head, what, code="unsupported")
        return [int(most[vehicle]) if row else 1 for vehicle, row in enumerate(rows)]

    def _allowed(self, count: int) -> list[frozenset[int] | None]:
        """Return which options each vehicle may serve."""
        if not self.text.has("VEHICLES_ALLOWED_CLIENTS_SECTION"):
            return [None] * count
        rows = self.text.lists("VEHICLES_ALLOWED_CLIENTS_SECTION", count, self.nodes)
        first = len(self.depots)
        sets = {}
        for row in rows:
            sites = self.site_of[np.array([node for node in row if node <= self.nodes], np.int64)]
            sets[tuple(row)] = frozenset((sites[sites >= first] - first).tolist())
        return [sets[tuple(row)] for row in rows]
