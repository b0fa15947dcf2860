"""The OR-Tools routing model of a Problem.

Every delivery option is a node, and where vehicles may make several trips it is two: one to go on to from the stop
before, and a *fresh* one that is reached by way of the hub, with what was loaded, used and known set back to nothing.
So a trip needs no nodes of its own, and one insertion can open it. Quantities that start anew with a trip are counted
as `what came before this stop`, which is 0 at every fresh node; the arc into a fresh node takes a whole capacity off
and slack fills up the rest, which is possible only if the trip before kept its limit.

Left to the exact timing that follows: where drivers take their breaks, pay while waiting, lockers' daily cost as a lump
(here it is spread over the parcels that might use it), and what a slower vehicle of several adds to the way out when
parcels become ready late.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.planning.problem import FAR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem
    from doorstep.scenario.scenario import Effort

COST_UNIT = 1000
"""Units of the problem's money in one unit of the model's, to keep sums far from 2⁶³."""
MOST_NODES = 1500
"""A larger model takes longer to build than it is worth; the plan then goes on from insertion alone."""
NODES_A_SOLUTION = 40_000
"""Nodes squared at which one solution of the model costs about as much as one unit of work."""
DEARER_READY = 40
"""How much more it costs where parcels become ready during the day."""
FEWEST_SOLUTIONS = 3
"""Fewer than these are not worth building the model for."""

Row = list[int]


class Model:
    """Index arithmetic and matrices of the nodes: hubs first, then options to go on to, then fresh ones."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.hubs = len(problem.hubs)
        used = np.zeros(len(problem.option_kind), bool)
        fresh = np.zeros(len(problem.option_kind), bool)
        for fleet in problem.fleets:
            used |= fleet.allowed
            if _trips_matter(problem, fleet):
                fresh |= fleet.allowed
        on, anew = np.flatnonzero(used), np.flatnonzero(fresh)
        self.option = np.concatenate([np.full(self.hubs, -1), on, anew]).astype(np.int64)
        self.fresh = np.concatenate([np.zeros(self.hubs + on.size, bool), np.ones(anew.size, bool)])
        self.site = np.concatenate([np.arange(self.hubs), problem.option_site[on], problem.option_site[anew]])
        self.size = int(self.option.size)

    def of_options(self, column: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a column of the options as a column of the nodes, 0 at hubs."""
        return np.where(self.option >= 0, column[self.option], 0).astype(np.int64)

    def arcs(self, fleet: Fleet, table: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return a table of sites as a matrix of nodes, by way of the hub into fresh nodes."""
        direct = table[np.ix_(self.site, self.site)].astype(np.int64)
        detour = table[self.site, fleet.hub].astype(np.int64)[:, None] + table[fleet.hub, self.site][None, :]
        return np.minimum(np.where(self.fresh[None, :], detour, direct), 3 * FAR)

    def moved(self) -> NDArray[np.bool_]:
        """Return [nodes, nodes] true where an arc leads to another place."""
        return self.fresh[None, :] | (self.site[:, None] != self.site[None, :])

    def times(self, fleet: Fleet) -> NDArray[np.int64]:
        """Return seconds from the beginning of one handover to the beginning of the next."""
        setup = np.where(self.moved(), self.of_options(fleet.setup_s)[None, :], 0)
        at_hub = np.where(self.option < 0, fleet.load_s, self.of_options(fleet.service_s))[:, None]
        again = np.where(self.fresh & True, fleet.turnaround_s + fleet.load_s, 0)[None, :]
        return self.arcs(fleet, fleet.duration_s) + setup + at_hub + np.where((self.option < 0)[:, None], 0, again)

    def costs(self, fleet: Fleet) -> NDArray[np.int64]:
        """Return the money of each arc."""
        stop = (self.option >= 0)[None, :] & self.moved()
        hubward = (self.option < 0)[:, None]
        away_s = self.times(fleet) - np.where(hubward, fleet.load_s, 0)
        away_s -= np.where(self.fresh[None, :] & ~hubward, fleet.turnaround_s + fleet.load_s, 0)
        trip = np.where(self.fresh[None, :] & ~hubward, fleet.trip_cost, 0)
        cost = self.arcs(fleet, fleet.distance_m) * fleet.metre_cost + away_s * fleet.away_cost
        cost += self.times(fleet) * fleet.duty_cost
        return (cost + stop * fleet.stop_cost + trip + self._locker_share()[None, :]) // COST_UNIT

    def _locker_share(self) -> NDArray[np.int64]:
        """Return what each node's parcel bears of the daily cost of its locker."""
        problem, share = self.problem, np.zeros(self.size, np.int64)
        locker = np.where(self.option >= 0, problem.option_locker[self.option], -1)
        for bank in range(len(problem.lockers)):
            wanted = np.unique(problem.option_order[problem.option_locker == bank]).size
            parcels = max(1, min(wanted, int(problem.locker_room[bank, 0])))
            share[locker == bank] = problem.locker_cost[bank] // parcels
        return share


def search(
    problem: Problem,
    effort: Effort,
    start: Sequence[tuple[int, Row]],
    stop: Callable[[], bool],
) -> tuple[list[tuple[int, Row]], dict[str, object]]:
    """Return routes as (fleet, row) (see timing) and what the search did.

    It goes on from the `start` rows where they keep its rules. The same work gives the same routes, unless the time
    limit (a half of the effort's) or `stop` ends it first.
    """
    model = Model(problem)
    vehicles = [f for f, fleet in enumerate(problem.fleets) for _ in range(_useful(problem, fleet))]
    if model.size > MOST_NODES or model.size == model.hubs or not vehicles:
        return [], {"left_out": "too many nodes" if model.size > MOST_NODES else "nothing to plan", "nodes": model.size}
    limit_s = effort.time_limit_s / 2
    if not start:
        return [], {"left_out": "no plan to go on from", "nodes": model.size}
    dearer = DEARER_READY if _ready_late(problem, model, vehicles) else 1
    solutions = min(effort.work, effort.work * NODES_A_SOLUTION // (model.size**2 * dearer))
    if solutions < FEWEST_SOLUTIONS:
        return [], {"left_out": "too large with ready times", "nodes": model.size}
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    starts = [problem.fleets[f].hub for f in vehicles]
    manager = pywrapcp.RoutingIndexManager(int(model.size), len(vehicles), starts, starts)
    routing = pywrapcp.RoutingModel(manager)
    _add_costs(routing, model, vehicles)
    clock = _add_time(routing, model, vehicles)
    _add_loads(routing, manager, model, vehicles)
    _add_options(routing, manager, model, vehicles)
    _add_windows(routing, manager, model, clock)
    _add_release(routing, manager, model, vehicles, clock)
    _add_lockers(routing, manager, model)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategy = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.solution_limit = solutions
    parameters.time_limit.FromMilliseconds(max(1, int(limit_s * 1000)))
    routing.CloseModelWithParameters(parameters)
    found = {"solutions": 0}

    def met() -> None:
        found["solutions"] += 1

    routing.AddAtSolutionCallback(met)
    routing.AddSearchMonitor(routing.solver().CustomLimit(stop))
    begun = time.monotonic()
    first = routing.ReadAssignmentFromRoutes(_nodes(model, vehicles, start), True) if start else None  # noqa: FBT003
    if first:
        assignment = routing.SolveFromAssignmentWithParameters(first, parameters)
    else:
        assignment = routing.SolveWithParameters(parameters)
    seconds = time.monotonic() - begun
    facts: dict[str, object] = {"status": int(routing.status()), "nodes": model.size, **found}
    facts["started"] = "from a plan" if first else "from nothing"
    facts["out_of_time"] = seconds >= limit_s
    if assignment is None:
        return [], facts
    return [(f, row) for v, f in enumerate(vehicles) if (row := _row(routing, manager, assignment, model, v))], facts


def _nodes(model: Model, vehicles: list[int], start: Sequence[tuple[int, Row]]) -> list[list[int]]:
    """Return rows as the nodes of each vehicle, in the order of the vehicles."""
    on = {int(o): n for n, o in enumerate(model.option) if o >= 0 and not model.fresh[n]}
    anew = {int(o): n for n, o in enumerate(model.option) if o >= 0 and model.fresh[n]}
    waiting = [list(pair) for pair in start]
    routes: list[list[int]] = []
    for f in vehicles:
        mine = next((k for k, (fleet, _) in enumerate(waiting) if fleet == f), None)
        row = waiting.pop(mine)[1] if mine is not None else []
        heads = [k > 1 and row[k - 1] < 0 for k in range(len(row))]
        routes.append([anew[o] if head else on[o] for o, head in zip(row, heads, strict=True) if o >= 0])
    return routes


def _row(routing: Any, manager: Any, assignment: Any, model: Model, vehicle: int) -> Row:
    """Return the row of one vehicle's route; empty where it stays at its hub."""
    row: Row = []
    index = assignment.Value(routing.NextVar(routing.Start(vehicle)))
    while not routing.IsEnd(index):
        node = manager.IndexToNode(index)
        if not row or model.fresh[node]:
            row.append(-1)
        row.append(int(model.option[node]))
        index = assignment.Value(routing.NextVar(index))
    return row


def _trips_matter(problem: Problem, fleet: Fleet) -> bool:
    """Tell whether a vehicle of the fleet may have to come back for more."""
    orders = np.unique(problem.option_order[fleet.allowed])
    if not orders.size:
        return False
    late = bool(np.any(problem.ready_s[orders] > fleet.open_s + fleet.load_s))
    ample = fleet.count * 0.6
    tight = (
        problem.mass_g[orders].sum() > ample * fleet.mass_g
        or problem.volume_ml[orders].sum() > ample * fleet.volume_ml
        or orders.size > ample * fleet.max_parcels
    )
    return late or bool(tight)


def _ready_late(problem: Problem, model: Model, vehicles: list[int]) -> bool:
    """Tell whether any parcel becomes ready only after a vehicle might have left."""
    opens = min(problem.fleets[f].open_s + problem.fleets[f].load_s for f in vehicles)
    orders = problem.option_order[model.option[model.option >= 0]]
    return bool(np.any(problem.ready_s[orders] > opens))


def _useful(problem: Problem, fleet: Fleet) -> int:
    """Return how many vehicles of a fleet could possibly be needed."""
    return min(fleet.count, int(np.unique(problem.option_order[fleet.allowed]).size))


def _add_costs(routing: Any, model: Model, vehicles: list[int]) -> None:
    fleets = model.problem.fleets
    arcs = {f: routing.RegisterTransitMatrix(model.costs(fleets[f]).tolist()) for f in sorted(set(vehicles))}
    for v, f in enumerate(vehicles):
        routing.SetArcCostEvaluatorOfVehicle(arcs[f], v)
        routing.SetFixedCostOfVehicle((fleets[f].vehicle_cost + fleets[f].trip_cost) // COST_UNIT, v)


def _add_time(routing: Any, model: Model, vehicles: list[int]) -> Any:
    """Add the clock: at a stop the beginning of the handover, at a start the beginning of loading."""
    fleets = model.problem.fleets
    times = {f: routing.RegisterTransitMatrix(model.times(fleets[f]).tolist()) for f in sorted(set(vehicles))}
    horizon = max(fleets[f].close_s for f in vehicles)
    routing.AddDimensionWithVehicleTransits([times[f] for f in vehicles], horizon, horizon, False, "time")  # noqa: FBT003
    clock = routing.GetDimensionOrDie("time")
    for v, f in enumerate(vehicles):
        fleet = fleets[f]
        clock.CumulVar(routing.Start(v)).SetMin(fleet.open_s)
        clock.CumulVar(routing.End(v)).SetMax(fleet.close_s)
        clock.SlackVar(routing.Start(v)).SetValue(0)
        rest = fleet.break_s if 0 < fleet.break_after_s < fleet.shift_s else 0
        clock.SetSpanUpperBoundForVehicle(max(fleet.shift_s - rest, fleet.break_after_s), v)
    return clock


def _add_loads(routing: Any, manager: Any, model: Model, vehicles: list[int]) -> None:
    """Add what a trip carries and uses, each counted before the stop (see above)."""
    problem = model.problem
    who = np.where(model.option >= 0, problem.option_order[model.option], 0)
    real = model.option >= 0
    mass, volume = np.where(real, problem.mass_g[who], 0), np.where(real, problem.volume_ml[who], 0)
    for name, weight, limit in (
        ("mass", mass, lambda fleet: fleet.mass_g),
        ("volume", volume, lambda fleet: fleet.volume_ml),
        ("parcels", real.astype(np.int64), lambda fleet: fleet.max_parcels),
    ):
        most = int(weight[~model.fresh].sum())
        limits = [min(limit(problem.fleets[f]), most) for f in vehicles]
        if min(limits) < most:
            uses = {f: np.repeat(weight[:, None], model.size, axis=1) for f in set(vehicles)}
            _add_reset(routing, manager, model, vehicles, name, uses, limits)
    energy, limits = {}, []
    for f in sorted(set(vehicles)):
        energy[f] = _energy(model, problem.fleets[f])
    for f in vehicles:
        fleet = problem.fleets[f]
        per_m = fleet.energy_mwh_per_m or 1.0
        limits.append(int(min(fleet.energy_mwh, fleet.range_m * per_m + fleet.energy_mwh_per_stop, 10**12)))
    if any(limits[v] < energy[f].max() * max(1, problem.fleets[f].max_parcels) for v, f in enumerate(vehicles)):
        _add_reset(routing, manager, model, vehicles, "energy", energy, limits)


def _energy(model: Model, fleet: Fleet) -> NDArray[np.int64]:
    """Return what each arc adds to `used so far, over and above going straight to this stop`."""
    per_m = fleet.energy_mwh_per_m or 1.0
    out = fleet.distance_m[fleet.hub, model.site] * per_m
    back = fleet.distance_m[model.site, fleet.hub] * per_m
    direct = fleet.distance_m[np.ix_(model.site, model.site)] * per_m
    stop = np.where(model.moved(), fleet.energy_mwh_per_stop, 0) * (model.option >= 0)[None, :]
    first = np.where(model.option >= 0, fleet.energy_mwh_per_stop, 0)
    on = out[:, None] + first[:, None] + direct + stop - out[None, :] - first[None, :]
    home = (out + back + first)[:, None] + np.zeros(model.size)[None, :]
    closes = model.fresh[None, :] | (model.option < 0)[None, :]
    used = np.where(closes, home, on)
    used[model.option < 0, :] = 0
    return np.maximum(np.ceil(used), 0).astype(np.int64)


def _add_reset(
    routing: Any,
    manager: Any,
    model: Model,
    vehicles: list[int],
    name: str,
    uses: dict[int, NDArray[np.int64]],
    limits: list[int],
) -> None:
    """Add a quantity that starts anew with each trip; `uses` are arc matrices by fleet."""
    evaluators = {}
    for v, f in enumerate(vehicles):
        if f not in evaluators:
            off = np.where(model.fresh[None, :] & (model.option >= 0)[:, None], limits[v], 0)
            evaluators[f] = routing.RegisterTransitMatrix((uses[f] - off).tolist())
    slack = max(limits) if model.fresh.any() else 0
    routing.AddDimensionWithVehicleTransitAndCapacity([evaluators[f] for f in vehicles], slack, limits, True, name)  # noqa: FBT003
    dimension = routing.GetDimensionOrDie(name)
    for node in np.flatnonzero(model.fresh).tolist():
        dimension.CumulVar(manager.NodeToIndex(node)).SetValue(0)


def _add_options(routing: Any, manager: Any, model: Model, vehicles: list[int]) -> None:
    """Let each order be served by at most one of its nodes, by a vehicle that may, or be left out at its price."""
    problem = model.problem
    may = np.array([problem.fleets[f].allowed for f in vehicles])
    penalty = problem.unserved_cost // COST_UNIT
    order = np.where(model.option >= 0, problem.option_order[model.option], -1)
    for node in range(model.hubs, model.size):
        able = np.flatnonzero(may[:, model.option[node]]).tolist()
        routing.VehicleVar(manager.NodeToIndex(node)).SetValues([-1, *able])
    for who in np.unique(order[order >= 0]).tolist():
        nodes = [manager.NodeToIndex(int(node)) for node in np.flatnonzero(order == who)]
        routing.AddDisjunction(nodes, penalty, 1)


def _add_windows(routing: Any, manager: Any, model: Model, clock: Any) -> None:
    problem = model.problem
    late = problem.late_cost // COST_UNIT
    for node in range(model.hubs, model.size):
        option, index = int(model.option[node]), manager.NodeToIndex(node)
        able = [fleet for fleet in problem.fleets if fleet.allowed[option]]
        order = int(problem.option_order[option])
        soonest = min(_reached_s(problem, fleet, option) for fleet in able)
        window = clock.CumulVar(index)
        window.SetRange(max(int(problem.option_open_s[option]), soonest), int(problem.option_close_s[option]))
        if late:
            handing = min(int(fleet.service_s[option]) for fleet in able)
            clock.SetCumulVarSoftUpperBound(index, max(0, int(problem.promise_s[order]) - handing), late)


def _reached_s(problem: Problem, fleet: Fleet, option: int) -> int:
    """Return when a vehicle that leaves as soon as the parcel is ready can begin to hand it over."""
    depart = max(fleet.open_s + fleet.load_s, int(problem.ready_s[problem.option_order[option]]))
    return depart + _way_s(problem, fleet, option)


def _way_s(problem: Problem, fleet: Fleet, option: int) -> int:
    return int(fleet.duration_s[fleet.hub, problem.option_site[option]]) + int(fleet.setup_s[option])


def _add_release(routing: Any, manager: Any, model: Model, vehicles: list[int], clock: Any) -> None:
    """Let no trip leave before its last parcel is ready.

    The dimension is `horizon - departure of this trip`: no more than `horizon - ready` at each stop, carried along
    unchanged, and at least what the first stop's time tells of the departure.
    """
    problem = model.problem
    if not _ready_late(problem, model, vehicles):
        return
    real = model.option >= 0
    ready = np.where(real, problem.ready_s[problem.option_order[model.option]], 0)
    horizon = max(int(clock.CumulVar(routing.End(v)).Max()) for v in range(len(vehicles)))
    reset = np.where(model.fresh[None, :] & real[:, None], -horizon, 0) + np.zeros((model.size, model.size), np.int64)
    evaluator = routing.RegisterTransitMatrix(reset.tolist())
    routing.AddDimension(evaluator, horizon, horizon, False, "release")  # noqa: FBT003
    release, solver = routing.GetDimensionOrDie("release"), routing.solver()
    for node in np.flatnonzero(real).tolist():
        index = manager.NodeToIndex(node)
        release.CumulVar(index).SetMax(max(0, horizon - int(ready[node])))
        if model.fresh[node]:
            option = int(model.option[node])
            ways = [_way_s(problem, problem.fleets[f], option) for f in vehicles]
            solver.Add(release.CumulVar(index) + clock.CumulVar(index) >= min(ways) + horizon)
    for v, f in enumerate(vehicles):
        start = routing.Start(v)
        solver.Add(release.CumulVar(start) + clock.CumulVar(start) >= horizon - problem.fleets[f].load_s)


def _add_lockers(routing: Any, manager: Any, model: Model) -> None:
    """Let no more parcels of a size or larger into a locker than compartments that take them."""
    problem, solver = model.problem, routing.solver()
    locker = np.where(model.option >= 0, problem.option_locker[model.option], -1)
    rank = np.array([problem.sizes[problem.option_order[o]].rank if o >= 0 else -1 for o in model.option])
    for bank in range(len(problem.lockers)):
        for size in range(problem.locker_room.shape[1]):
            nodes = np.flatnonzero((locker == bank) & (rank >= size)).tolist()
            room = int(problem.locker_room[bank, size])
            if np.unique(problem.option_order[model.option[nodes]]).size > room:
                solver.Add(solver.Sum([routing.ActiveVar(manager.NodeToIndex(node)) for node in nodes]) <= room)
