"""Ground: the network and the orders that a file asks for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorstep.errors import Fault, InputError
from doorstep.handover import Handover
from doorstep.network.counting import counted
from doorstep.scenario.air import with_sky
from doorstep.scenario.checks import box_the_right_way_round
from doorstep.scenario.inherit import found_path, is_file, missing_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from doorstep.demand.order import Order
    from doorstep.demand.sample import Sampling
    from doorstep.lockers.locker import Locker
    from doorstep.modes.lawbook import Lawbook
    from doorstep.network.network import Medium, Network
    from doorstep.network.rulebook import RuleBook
    from doorstep.scenario.case import Case
    from doorstep.scenario.demands import DrawnTable, HistoryTable, OrderTable, SampleTable
    from doorstep.scenario.schema import NetworkTable

_SAMPLING = {
    "orders": "orders",
    "factor": "demand_factor",
    "arrival": "arrival",
    "placed": "placed_day",
    "cutoff": "cutoff_s",
    "preparation": "preparation_s",
    "ready_from": "ready_from_s",
    "window_share": "window_share",
    "household_share": "household_share",
    "return_share": "return_share",
    "window_length": "window_length_s",
    "promise_by": "promise_by_s",
    "promise_after": "promise_after_s",
    "mass_bound": "mass_bound_kg",
    "mass_share_below": "mass_share_below",
    "mass_sigma": "mass_sigma",
    "mass_max": "mass_max_kg",
    "density": "density_kg_per_l",
    "density_sigma": "density_sigma",
    "volume_max": "volume_max_l",
}
_TABLE = {"columns": "columns", "window_open": "window", "window_close": "window", "placed": "placed"}
_SOME = 5
"""So many ids are told of orders."""
_SHARES = ("kerb", "yard", "locker", "landing_place")


def cache_folder() -> Path:
    """Return where maps fetched over the network are kept: `$DOORSTEP_CACHE`, or `~/.cache/doorstep`."""
    return Path(os.environ.get("DOORSTEP_CACHE") or Path.home() / ".cache" / "doorstep")


def network_of(case: Case, laws: Lawbook | None = None) -> tuple[Network | None, list[Fault]]:
    """Return the network that the file names, with flights as the law lets them be, or why there is none."""
    table = case.tables.network
    given = [key for key in ("extract", "place", "bbox", "graphml") if getattr(table, key) is not None]
    if len(given) != 1:
        return None, []
    loc = ["network", given[0]]
    path = table.extract or table.graphml
    node = case.root.at(loc)
    if path is not None and node is not None and found_path(path, Path.cwd()) is None:
        return None, [case.told_from(missing_file(path, Path(node.mark.file).parent, f"network.{given[0]}", node.mark))]
    if any(box_the_right_way_round(case)):  # told by the checks; nobody is asked for the wrong map
        return None, []
    try:
        network = _read_network(case)
    except InputError as error:
        return None, [case.adopt(fault, loc) for fault in error.faults]
    return with_sky(case, network, laws)


def orders_of(case: Case, network: Network) -> tuple[tuple[Order, ...], list[str], list[Fault]]:
    """Return the day's orders, notes on what was taken for granted, and faults."""
    demand = case.tables.demand
    try:
        if demand.sample:
            return _sampled(demand.sample, network, case.tables.seed)
        if demand.table:
            return _listed(case, demand.table, network)
        if demand.history:
            return _foretold(case, demand.history, network)
    except InputError as error:
        return (), [], [_placed(case, fault) for fault in error.faults]
    return (), [], []


def joined_orders(
    case: Case, orders: tuple[Order, ...], lockers: Iterable[Locker]
) -> tuple[tuple[Order, ...], list[str]]:
    """Return the orders, those of one household joined where the file asks for it, with a note of how many are left."""
    from doorstep.demand.household import consolidated
    from doorstep.handover import Size

    homes = {order.household for order in orders} - {""}
    shared = sum(bool(order.household) for order in orders) - len(homes)
    if not case.tables.demand.consolidate:
        told = f"orders: {shared} go to the home of another order, and each is handed over by itself"
        return orders, [f"{told} (`demand: {{consolidate: true}}` joins them)"] if shared else []
    sizes = [size for bank in lockers for size in Size if bank.of_size(size)]
    found = consolidated(orders, max(sizes, key=lambda size: size.rank, default=Size.L))
    return found, [f"orders: {len(orders)} handed over as {len(found)}, those of one household together"]


def rules_of(table: NetworkTable) -> RuleBook:
    """Return the reader's own rule book of what a file says."""
    from doorstep.network.rulebook import RobotRules, RuleBook

    robot = table.robot_rules
    if robot is None:
        return RuleBook(ferries=table.ferries)
    return RuleBook(table.ferries, RobotRules(robot.width, robot.incline, robot.kerb, round(3.6 * robot.roads, 6)))


def cut_off_notes(network: Network, orders: Sequence[Order], media: Iterable[Medium]) -> list[str]:
    """Return how many orders lie at streets that a medium cannot reach or leave, with the ids of some."""
    import numpy as np

    from doorstep.network.streets import Streets

    places = np.array([(order.x_m, order.y_m) for order in orders], float).reshape(-1, 2)
    notes = []
    for medium in dict.fromkeys(media):
        layer = network.layers[medium]
        lost = layer.cut_off(places) if isinstance(layer, Streets) else np.zeros(len(places), bool)
        if lost.any():
            ids = [orders[row].id for row in np.flatnonzero(lost).tolist()]
            told = ", ".join(ids[:_SOME]) + (" and others" if len(ids) > _SOME else "")
            notes.append(
                f"{medium}: {len(ids)} of {counted(len(orders), 'order')} at streets that cannot be reached and left "
                f"again, and so served from the nearest that can: {told}",
            )
    return notes


def sampling_of(table: DrawnTable) -> Sampling:
    """Return the sampler's own record of what a file says."""
    from doorstep.demand.order import Window
    from doorstep.demand.sample import Sampling, Shares

    found: dict[str, Any] = {theirs: getattr(table, ours) for ours, theirs in _SAMPLING.items() if hasattr(table, ours)}
    if table.promise_after is not None and "promise_by" not in table.model_fields_set:
        found["promise_by_s"] = None
    found |= {name: Shares(getattr(table, name).house, getattr(table, name).flat) for name in _SHARES}
    low, high = table.walk_limit
    return Sampling(**found, hours=Window(*table.hours), walk_limit_low_m=low, walk_limit_high_m=high)


def _read_network(case: Case) -> Network:
    table = case.tables.network
    rules = rules_of(table)
    if table.extract is not None:
        from doorstep.network.store.pantry import load_extract

        return load_extract(Path(table.extract), cache_folder(), rules)
    from doorstep.network.place import read_bbox, read_graphml, read_place

    if table.graphml is not None:
        return read_graphml(Path(table.graphml), rules)
    if table.bbox is not None:
        return read_bbox(table.bbox, cache_folder(), rules)
    return read_place(str(table.place), cache_folder(), rules)


def _sampled(table: SampleTable, network: Network, seed: int) -> tuple[tuple[Order, ...], list[str], list[Fault]]:
    import numpy as np

    from doorstep.demand.sample import sample_orders

    orders = sample_orders(network.doors, sampling_of(table), np.random.default_rng(seed))
    back = sum(order.is_return for order in orders)
    fetched = f"; {counted(back, 'return')} among them" if back else ""
    factor = f" ({table.orders} times {table.factor:g})" if table.factor != 1 else ""
    homes = counted(len(network.doors.xy_m), "door")
    return orders, [f"orders: {len(orders)}{factor} drawn over {homes} with seed {seed}{fetched}"], []


def _foretold(case: Case, table: HistoryTable, network: Network) -> tuple[tuple[Order, ...], list[str], list[Fault]]:
    from doorstep.scenario.foreseen import foreseen_orders

    node = case.root.at(["demand", "history", "file"])
    if node is not None and not is_file(table.file):
        folder = Path(node.mark.file).parent
        return (), [], [case.told_from(missing_file(table.file, folder, "demand.history.file", node.mark))]
    orders, notes = foreseen_orders(table, sampling_of(table), network, case.tables.seed)
    return orders, notes, []


def _listed(case: Case, table: OrderTable, network: Network) -> tuple[tuple[Order, ...], list[str], list[Fault]]:
    from doorstep.demand.order import Dwelling, Window
    from doorstep.demand.table import OrderDefaults, read_orders

    loc = ["demand", "table", "file"]
    node = case.root.at(loc)
    if node is not None and not is_file(table.file):
        folder = Path(node.mark.file).parent
        return (), [], [case.told_from(missing_file(table.file, folder, "demand.table.file", node.mark))]
    defaults = OrderDefaults(
        placed_s=table.placed - (86_400.0 if table.placed_day == "yesterday" else 0.0),
        preparation_s=table.preparation,
        ready_from_s=table.ready_from,
        window=Window(*table.window),
        dwelling=Dwelling(table.dwelling),
        landing_place=table.landing_place,
        accepts=frozenset(map(Handover, table.accepts)),
        walk_limit_m=table.walk_limit,
    )
    orders, notes = read_orders(Path(table.file), network, table.columns, defaults)
    if not orders:
        return (), [], [case.fault(loc, "the table holds no orders", "add a row for each order", "no-orders")]
    return orders, list(notes), []


def _placed(case: Case, fault: Fault) -> Fault:
    """Return a fault of the demand, pointing at the key of the file that is to blame, if one is."""
    if fault.mark:
        return fault
    ours = {**{theirs: our for our, theirs in _SAMPLING.items()}, "promise": "promise_by"}
    ours |= {"walk_limit_low_m": "walk_limit", "walk_limit_high_m": "walk_limit"}
    if fault.where in _TABLE:
        return case.fault(["demand", "table", _TABLE[fault.where]], fault.what, fault.fix, fault.code)
    drawn = "history" if case.tables.demand.history else "sample"
    if drawn == "history" and fault.where in {"file", "day"}:
        loc = ["demand", drawn, fault.where if case.given("demand", drawn, fault.where) else "file"]
        return case.fault(loc, fault.what, fault.fix, fault.code)
    if fault.where.split(".")[0] != "sample":
        return fault
    rest = fault.where.split(".")[1:]
    loc = ["demand", drawn, *[ours.get(part, part) for part in rest]]
    words = fault.fix
    for our, theirs in _SAMPLING.items():
        words = words.replace(theirs, our)
    return case.fault(loc, fault.what, words, fault.code)
