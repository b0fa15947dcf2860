"""Variants: what the keys and sections of a VRPLIB file mean, as an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.crew import Crew
from doorstep.formats.ground import Ground
from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.tabling import LATEST, MONEY_UNIT, REQUIRED, Task, problem_of
from doorstep.formats.vrplib import parse
from doorstep.formats.weights import MOST_PLACES
from doorstep.planning.task.tables import ENDLESS

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
_PRICED = "VEHICLES_UNIT_DISTANCE_COST_SECTION or VEHICLES_FIXED_COST_SECTION"
NEEDED = {
    "CVRP": ("DEMAND_SECTION",),
    "GVRP": ("DEMAND_SECTION", "MUTUALLY_EXCLUSIVE_GROUP_SECTION"),
    "PCVRP": ("PRIZE_SECTION",),
    "HFVRP": ("DEMAND_SECTION", "CAPACITY_SECTION", _PRICED),
    "VRPTW": ("TIME_WINDOW_SECTION",),
    "CVRPTW": ("TIME_WINDOW_SECTION",),
    "PCVRPTW": ("TIME_WINDOW_SECTION", "PRIZE_SECTION"),
    "MTVRPTW": ("TIME_WINDOW_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"),
    "MTVRPTWR": ("TIME_WINDOW_SECTION", "RELEASE_TIME_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"),
    "MDVRPTW": ("SERVICE_TIME_SECTION", "TIME_WINDOW_SECTION", "VEHICLES_DEPOT_SECTION", "DEPOT_SECTION"),
    "SDVRPTW": (
        "DEMAND_SECTION",
        "SERVICE_TIME_SECTION",
        "TIME_WINDOW_SECTION",
        "CAPACITY_SECTION",
        "VEHICLES_ALLOWED_CLIENTS_SECTION",
    ),
}
"""Sections that every file of a type has; a key that says the same for all will do instead. What follows `or` will do
in a file that has its end."""
_HUNDREDTHS = "HFVRP"
"""Type whose costs are written in hundredths, and told without."""
_MOST_DECIMALS = 6
_MOST_LOAD = ENDLESS


def read_vrplib(sheet: Sheet, rounding: Rounding | None, objective: Objective | None) -> Instance:
    """Return the instance of a VRPLIB file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    text = parse(sheet)
    variant = _variant(text)
    _whole_file(text)
    nodes = int(text.value("DIMENSION") or 0)
    if "DIMENSION" not in text.keys:
        sheet.fault(0, "DIMENSION is missing", "say how many nodes there are, depots among them", "missing")
    elif nodes < 1:
        sheet.fault(text.keys["DIMENSION"][0], "there are no nodes at all", code="empty", token=text.text("DIMENSION"))
    elif nodes > MOST_PLACES:
        sheet.fault(text.keys["DIMENSION"][0], f"more than {MOST_PLACES} nodes", "cut the problem up", "size")
    if nodes < 1 or nodes > MOST_PLACES:
        sheet.stop()
    if rounding is None:
        hierarchical = objective == Objective.VEHICLES and CONVENTIONS[variant] == Rounding.TRUNC1
        rounding = Rounding.NONE if hierarchical else CONVENTIONS[variant]
    instance = _Reader(text, variant, Ground(text, nodes, rounding), objective).instance()
    sheet.stop()
    return instance


def _variant(text: VrpText) -> str:
    variant = text.text("TYPE").upper()
    if variant not in CONVENTIONS:
        line = text.keys.get("TYPE", (0, ""))[0]
        what = f"TYPE '{variant}' is not known" if variant else "TYPE is missing"
        text.sheet.fault(line, what, f"one of {', '.join(CONVENTIONS)}", "unknown-type", text.text("TYPE"))
        return "CVRP"
    return variant


def _whole_file(text: VrpText) -> None:
    """Note a fault for each section that the file's type, or what it says of capacities, cannot do without."""
    variant, given = text.text("TYPE").upper(), {*text.sections, *(f"{key}_SECTION" for key in text.keys)}
    needed = NEEDED.get(variant, ())
    if "CAPACITY_SECTION" in given and "DEMAND_SECTION" not in needed:
        needed = ("DEMAND_SECTION", *needed)
    for section in needed:
        others = section.split(" or ") if text.ended else [section.partition(" or ")[0]]
        if not given.intersection(others):
            what = f"TYPE is {variant}, but there is no {' or '.join(others)}"
            text.sheet.fault(0, what, "is the file cut off?", "missing")


class _Reader:
    """Reads one file, section by section; what one section says is needed to read the next."""

    def __init__(self, text: VrpText, variant: str, ground: Ground, objective: Objective | None) -> None:
        self.text, self.sheet, self.variant, self.ground, self.asked = text, text.sheet, variant, ground, objective
        self.customers, self.notes = ground.customers, ground.notes
        self.hundredths = variant == _HUNDREDTHS and objective != Objective.DISTANCE
        """Whether costs are the file's own, in hundredths."""

    def instance(self) -> Instance:
        """Return what the file says."""
        ground, first = self.ground, len(self.ground.depots)
        if not self.text.ended:
            self.notes.append("there is no EOF at the end: is the file whole?")
        who, option = self._orders()
        member = np.zeros(len(who), np.int64)
        member[option] = np.arange(len(option))  # a group's last member stands for it, since all must be alike
        crew = Crew(ground, priced=self.asked != Objective.DISTANCE)
        windows, carries = ground.windows(), crew.capacities()
        mass, capacity = self._whole_amounts(self._demand(option, member)[member], carries)
        release = ground.times("RELEASE_TIME_SECTION")
        self._one_value(release, option, member, "RELEASE_TIME_SECTION")
        task = Task(
            name=self.text.text("NAME") or self.sheet.file,
            hubs=[f"depot {node}" for node in ground.depots],
            xy=ground.xy,
            tables=[(ground.table, ground.table)],
            order_ids=who,
            mass=mass,
            ready=release[member],
            price=self._prices(option, len(who)),
            option_order=option,
            option_site=np.arange(first, ground.nodes),
            option_open=windows[first:, 0],
            option_close=windows[first:, 1],
            service=self._service(),
            vehicles=crew.vehicles(windows, capacity),
            vehicles_first=self.asked == Objective.VEHICLES,
        )
        self.sheet.stop()
        problem, positions = problem_of(task)
        in_file_units = self.hundredths or ground.rounding == Rounding.NONE
        return Instance(
            name=task.name,
            kind="vrplib",
            variant=self.variant,
            objective=self._objective(),
            rounding=ground.rounding,
            factor=ground.factor,
            scale=self._scale(),
            length_scale=float(ground.factor) if in_file_units else 1.0,
            problem=problem,
            labels=tuple(int(node) for node in ground.customers),
            numbers=tuple(int(node) - 1 for node in ground.customers),
            hub_labels=tuple(int(node) for node in ground.depots),
            hub_numbers=tuple(int(node) - 1 for node in ground.depots),
            vehicles=positions,
            vehicle_labels=tuple(range(1, len(task.vehicles) + 1)),
            prize=np.maximum(task.price, 0),
            notes=tuple(self.notes),
        )

    def _scale(self) -> float:
        """Return the problem's money in one unit of the costs that are told."""
        factor = self.ground.factor
        if self.hundredths:
            self.notes.append("costs are written in hundredths: they are told divided by 100")
            return float(MONEY_UNIT * 100 * factor)
        if self.ground.rounding == Rounding.NONE:
            return float(MONEY_UNIT * factor)
        if factor > 1:
            self.notes.append(f"lengths, times and costs are whole numbers of which {factor} are 1 in the file")
        return float(MONEY_UNIT)

    def _objective(self) -> Objective:
        if self.text.has("PRIZE_SECTION"):
            if self.asked is not None:
                what = "PRIZE_SECTION: prizes are part of the objective, which leaves no other"
                self.sheet.fault(self.text.sections["PRIZE_SECTION"][0], what, "leave the option out", "option")
            return Objective.PRIZES
        if self.asked is not None:
            return self.asked
        costs = "VEHICLES_FIXED_COST_SECTION", "VEHICLES_UNIT_DISTANCE_COST_SECTION"
        return Objective.FIXED if any(map(self.text.has, costs)) else Objective.DISTANCE

    def _orders(self) -> tuple[list[str], Ints]:
        """Return the names of the orders, and which of them each customer is an option of."""
        if not self.text.has("MUTUALLY_EXCLUSIVE_GROUP_SECTION"):
            return [str(node) for node in self.customers], np.arange(len(self.customers))
        head = self.text.sections["MUTUALLY_EXCLUSIVE_GROUP_SECTION"][0]
        groups = self.text.lists("MUTUALLY_EXCLUSIVE_GROUP_SECTION", None, self.ground.nodes)
        order = [-1] * (self.ground.nodes + 1)
        names = []
        for k, group in enumerate(groups):
            for node in group:
                if node > self.ground.nodes or order[node] >= 0 or node in self.ground.depots:
                    what = f"group {k + 1}: node {node} is a depot or in another group too"
                    self.sheet.fault(head, what, "a customer is in one group at most", "group")
                else:
                    order[node] = k
            names.append("|".join(map(str, group)))
        for node in self.customers.tolist():
            if order[node] < 0:
                order[node] = len(names)
                names.append(str(node))
        empty = [k + 1 for k, group in enumerate(groups) if not group]
        if empty:
            self.sheet.fault(head, f"group {empty[0]} has no members", code="group")
        return names, np.array(order, np.int64)[self.customers]

    def _service(self) -> Ints:
        if self.text.has("SERVICE_TIME_SECTION"):
            return self.ground.times("SERVICE_TIME_SECTION")
        return self.ground.whole(np.full(len(self.customers), self.text.value("SERVICE_TIME") or 0.0))

    def _demand(self, option: Ints, member: Ints) -> NDArray[np.float64]:
        """Return the demand of each customer."""
        if not self.text.has("DEMAND_SECTION"):
            return np.zeros(len(option))
        table = self.text.table("DEMAND_SECTION", self.ground.nodes)[:, 0]
        head = self.text.sections["DEMAND_SECTION"][0]
        for node in np.flatnonzero(table < 0) + 1:
            self.sheet.fault(head, f"DEMAND_SECTION: node {node} is negative", code="negative")
        if table[self.ground.depots - 1].any():
            self.sheet.fault(head, "DEMAND_SECTION: a depot has a demand", "depots have 0", "demand")
        self._one_value(table[self.customers - 1], option, member, "DEMAND_SECTION")
        return table[self.customers - 1]

    def _whole_amounts(self, demand: NDArray[np.float64], capacity: NDArray[np.float64]) -> tuple[Ints, Ints]:
        """Return demands and capacities as whole numbers, in tenths or less where they have decimals."""
        amounts = np.concatenate([demand, np.minimum(capacity, ENDLESS)])
        decimals = 0
        while decimals < _MOST_DECIMALS and not _is_whole(amounts * 10**decimals):
            decimals += 1
        whole = np.rint(amounts * 10**decimals)
        if not _is_whole(amounts * 10**decimals):
            self.sheet.fault(0, f"demands have more than {_MOST_DECIMALS} decimals", "round them", "decimals")
        if decimals:
            self.notes.append(f"demands and capacities are counted in parts of {10**decimals}")
        if whole[: len(demand)].sum() >= _MOST_LOAD:
            self.sheet.fault(0, "demands are too large to be counted", "count them in larger units", "beyond-measure")
            whole = np.zeros_like(whole)
        whole = np.minimum(whole, ENDLESS).astype(np.int64)
        return whole[: len(demand)], whole[len(demand) :]

    def _one_value(self, values: NDArray[np.generic], option: Ints, member: Ints, section: str) -> None:
        """Note a fault where the members of a group differ in what is the order's own."""
        unlike = np.flatnonzero(values != values[member][option])
        if unlike.size:
            node = int(self.customers[unlike[0]])
            what = f"{section}: node {node} differs from another member of its group"
            self.sheet.fault(self.text.sections[section][0], what, "members of a group must be alike in it", "group")

    def _prices(self, option: Ints, orders: int) -> Ints:
        price = np.full(orders, REQUIRED, np.int64)
        if self.text.has("PRIZE_SECTION"):
            head, prize = self.text.sections["PRIZE_SECTION"][0], self.ground.times("PRIZE_SECTION")
            for node in self.customers[prize >= LATEST]:
                what = f"PRIZE_SECTION: the prize of node {node} is more than can be counted exactly"
                self.sheet.fault(head, what, "count prizes and lengths in larger units", "beyond-measure")
            if self.text.has("MUTUALLY_EXCLUSIVE_GROUP_SECTION"):
                self.sheet.fault(head, "PRIZE_SECTION and groups together are not supported", code="unsupported")
            price[option] = np.where(prize > 0, prize * MONEY_UNIT, REQUIRED)
            free = int(np.count_nonzero(prize == 0))
            if free:
                self.notes.append(f"{free} customers have no prize: they must be served")
        return price


def _is_whole(amounts: NDArray[np.float64]) -> bool:
    return bool(np.all(np.abs(amounts - np.rint(amounts)) <= 1e-6))  # noqa: PLR2004 - far below a unit
