"""The OR-Tools routing model of a Problem.

Every delivery option is a node, and where vehicles may make several trips it is two: one to go on to from the stop
before, and a *fresh* one that is reached by way of the hub, with what was loaded, used and known set back to nothing.
So a trip needs no nodes of its own, and one insertion can open it. Quantities that start anew with a trip are counted
as `what came before this stop`, which is 0 at every fresh node; the arc into a fresh node takes a whole capacity off
and slack fills up the rest, which is possible only if the trip before kept its limit.

Left to the exact timing that follows: where drivers take their breaks, lockers' daily cost as a lump
(here it is spread over the parcels that might use it), what a slower vehicle of several adds to the way out when
parcels become ready late, travel by the hour (here it takes the least of all hours), energy by load (here vehicles are
empty), and hours that are paid at the least. What of it a problem has is told as `left_to_timing`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.planning.fetching import add_aboard, add_begun, add_pairs
from doorstep.planning.nodes import COST_UNIT, Nodes
from doorstep.planning.problem import DELIVER, DROP, PICK_UP, UNLOAD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem
    from doorstep.scenario.scenario import Effort

MOST_NODES = 1500
"""A larger model takes longer to build than it is worth; the plan then goes on from insertion alone."""
NODES_A_SOLUTION = 40_000
"""Nodes squared at which one solution of the model costs about as much as one unit of work."""
PATIENCE = 2_000_000_000
"""Nodes cubed times the decisions that one unit of work stands for; measured to end within seconds."""
DEARER_READY = 5
"""How much longer decisions take where parcels become ready during the day."""
NEARLY = 0.9
"""Share of a time limit after which a search that ends has run into it."""
MOST_PATIENCE = 5_000
"""Decisions to a unit of work at the most: where no neighbour is left, guided local search meets no more solutions."""

Row = list[int]


def search(
    problem: Problem,
    effort: Effort,
    start: Sequence[tuple[int, Sequence[int]]],
    stop: Callable[[], bool],
) -> tuple[list[tuple[int, Row]], dict[str, object]]:
    """Return routes as (fleet, row) (see timing) and what the search did.

    It goes on from the `start` rows where they keep its rules. The same work gives the same routes, unless the time
    limit (a half of the effort's) or `stop` ends it first. Where it does nothing, it says why.
    """
    nodes, fetched = Nodes(problem), bool((problem.option_part != DELIVER).any())
    vehicles = [f for f, fleet in enumerate(problem.fleets) for _ in range(_useful(problem, fleet))]
    if reason := _cannot(problem, nodes, start if vehicles else ()):
        return [], reason
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    limit_s, late = effort.time_limit_s / 2, _ready_late(problem, nodes, vehicles)
    routing, manager = _model(nodes, vehicles, fetched=fetched, late=late)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.solution_limit = max(1, min(effort.work, effort.work * NODES_A_SOLUTION // nodes.size**2))
    parameters.time_limit.FromMilliseconds(max(1, int(limit_s * 1000)))
    routing.CloseModelWithParameters(parameters)
    found, reading = {"solutions": 0, "decisions": 0}, True
    patience = PATIENCE // (nodes.size**3 * (DEARER_READY if late else 1))
    patience = max(1000, effort.work * min(MOST_PATIENCE, patience))

    def met() -> None:
        found["solutions"] += 1

    def enough() -> bool:
        if reading and found["solutions"]:  # it would go on to prove that the clock of this plan cannot be bettered
            return True
        if found["decisions"] > patience or stop():
            # The limit ends a descent only; guided local search would begin the next one for ever.
            routing.CancelSearch()
            return True
        found["decisions"] += 1
        return False

    routing.AddAtSolutionCallback(met)
    routing.AddSearchMonitor(routing.solver().CustomLimit(enough))
    known = _start(nodes, vehicles, start)
    first = routing.ReadAssignmentFromRoutes(known, True) if known else None
    if not first:
        return [], {"left_out": "the plan to go on from needs what the model leaves out", "nodes": nodes.size}
    reading, found["decisions"], found["solutions"] = False, 0, 0
    begun = time.monotonic()
    assignment = routing.SolveFromAssignmentWithParameters(first, parameters)
    # Its own clock began with the reading, and stops a little early.
    out_of_time = time.monotonic() - begun >= limit_s * NEARLY and found["decisions"] <= patience
    facts: dict[str, object] = {
        "status": int(routing.status()),
        "nodes": nodes.size,
        **found,
        "out_of_time": out_of_time,
    }
    if left := _left_to_timing(problem):
        facts["left_to_timing"] = left
    if assignment is None:
        return [], facts
    return [(f, row) for v, f in enumerate(vehicles) if (row := _row(routing, manager, assignment, nodes, v))], facts


def _cannot(problem: Problem, nodes: Nodes, start: Sequence[tuple[int, Sequence[int]]]) -> dict[str, object]:
    """Return why the model can do nothing for a problem; nothing where it can."""
    if (problem.option_part == UNLOAD).any():
        return {"left_out": "vehicles that have begun, with pick-ups or returns, which the model does not know"}
    if (problem.option_part != DELIVER).any() and nodes.fresh.any():
        return {"left_out": "pick-ups and returns in several trips of a vehicle, which the model does not know"}
    if not start:
        return {"left_out": "no plan to go on from", "nodes": nodes.size}
    return {"left_out": "too many nodes", "nodes": nodes.size} if nodes.size > MOST_NODES else {}


def _model(nodes: Nodes, vehicles: list[int], *, fetched: bool, late: bool) -> tuple[Any, Any]:
    """Return the model of a problem, not closed yet, and its manager of indices."""
    from ortools.constraint_solver import pywrapcp

    starts = [nodes.problem.fleets[f].hub for f in vehicles]
    manager = pywrapcp.RoutingIndexManager(int(nodes.size), len(vehicles), starts, starts)
    routing = pywrapcp.RoutingModel(manager)
    _add_costs(routing, nodes, vehicles)
    clock = _add_time(routing, nodes, vehicles)
    if fetched:
        add_aboard(routing, manager, nodes, vehicles)
        add_pairs(routing, manager, nodes, clock)
    else:
        _add_loads(routing, manager, nodes, vehicles)
    _add_energy(routing, manager, nodes, vehicles)
    _add_options(routing, manager, nodes, vehicles)
    _add_windows(routing, manager, nodes, clock)
    if late:
        _add_release(routing, manager, nodes, vehicles, clock)
    _add_lockers(routing, manager, nodes)
    add_begun(routing, manager, nodes, vehicles)
    return routing, manager


def _left_to_timing(problem: Problem) -> str:
    """Return what the model leaves to the exact timing of this problem."""
    fleets = problem.fleets
    left = {
        "breaks": any(0 < fleet.break_after_s < fleet.shift_s for fleet in fleets),
        "lockers' daily cost": bool((problem.locker_cost > 0).any()),
        "travel by the hour": any(fleet.period_duration_s is not None for fleet in fleets),
        "energy by load": any(fleet.draw is not None for fleet in fleets),
        "hours paid at the least": any(fleet.paid_least_s > 0 for fleet in fleets),
        "what vehicles share": bool(problem.shared),
    }
    return ", ".join(name for name, has in left.items() if has)


def _start(nodes: Nodes, vehicles: list[int], start: Sequence[tuple[int, Sequence[int]]]) -> list[list[int]]:
    """Return rows as the nodes of each vehicle, in the order of the vehicles; nothing where a row has no such nodes."""
    node = {(int(o), bool(fresh)): n for n, (o, fresh) in enumerate(zip(nodes.option, nodes.fresh, strict=True))}
    waiting = list(start)
    routes: list[list[int]] = []
    for f in vehicles:
        mine = next((k for k, (fleet, _) in enumerate(waiting) if fleet == f), None)
        row = waiting.pop(mine)[1] if mine is not None else []
        keys = [(o, k > 1 and row[k - 1] < 0) for k, o in enumerate(row) if o >= 0]
        if not all(key in node for key in keys):
            return []
        routes.append([node[key] for key in keys])
    return routes


def _row(routing: Any, manager: Any, assignment: Any, nodes: Nodes, vehicle: int) -> Row:
    """Return the row of one vehicle's route; empty where it stays at its hub."""
    row: Row = []
    index = assignment.Value(routing.NextVar(routing.Start(vehicle)))
    while not routing.IsEnd(index):
        node = manager.IndexToNode(index)
        if not row or nodes.fresh[node]:
            row.append(-1)
        row.append(int(nodes.option[node]))
        index = assignment.Value(routing.NextVar(index))
    return row


def _useful(problem: Problem, fleet: Fleet) -> int:
    """Return how many vehicles of a fleet could possibly be needed."""
    if fleet.open_s > fleet.close_s:  # too late by now
        return 0
    return min(fleet.count, int(np.unique(problem.option_order[fleet.allowed]).size))


def _add_costs(routing: Any, nodes: Nodes, vehicles: list[int]) -> None:
    fleets = nodes.problem.fleets
    arcs = {f: routing.RegisterTransitMatrix(nodes.costs(fleets[f]).tolist()) for f in sorted(set(vehicles))}
    for v, f in enumerate(vehicles):
        routing.SetArcCostEvaluatorOfVehicle(arcs[f], v)
        routing.SetFixedCostOfVehicle((fleets[f].vehicle_cost + fleets[f].trip_cost) // COST_UNIT, v)


def _add_time(routing: Any, nodes: Nodes, vehicles: list[int]) -> Any:
    """Add the clock: at a stop the beginning of the handover, at a start the beginning of loading."""
    from ortools.constraint_solver import pywrapcp

    fleets = nodes.problem.fleets
    times = {f: routing.RegisterTransitMatrix(nodes.times(fleets[f]).tolist()) for f in sorted(set(vehicles))}
    horizon = max(fleets[f].close_s for f in vehicles)
    routing.AddDimensionWithVehicleTransits([times[f] for f in vehicles], horizon, horizon, False, "time")
    clock = routing.GetDimensionOrDie("time")
    for v, f in enumerate(vehicles):
        fleet = fleets[f]
        clock.CumulVar(routing.Start(v)).SetMin(fleet.open_s)
        clock.CumulVar(routing.End(v)).SetMax(fleet.close_s)
        clock.SlackVar(routing.Start(v)).SetValue(0)
        rest = fleet.break_s if 0 < fleet.break_after_s < fleet.shift_s else 0
        clock.SetSpanUpperBoundForVehicle(max(fleet.shift_s - rest, fleet.break_after_s), v)
        if fleet.duty_cost:
            clock.SetSpanCostCoefficientForVehicle(fleet.duty_cost // COST_UNIT, v)
        if fleet.overtime_cost and fleet.overtime_after_s < fleet.shift_s:
            bound = pywrapcp.BoundCost(fleet.overtime_after_s, fleet.overtime_cost // COST_UNIT)
            clock.SetSoftSpanUpperBoundForVehicle(bound, v)
    return clock


def _add_loads(routing: Any, manager: Any, nodes: Nodes, vehicles: list[int]) -> None:
    """Add what a trip carries, counted before the stop (see above)."""
    problem = nodes.problem
    who = np.where(nodes.option >= 0, problem.option_order[nodes.option], 0)
    real = nodes.option >= 0
    mass, volume = np.where(real, problem.mass_g[who], 0), np.where(real, problem.volume_ml[who], 0)
    for name, weight, limit in (
        ("mass", mass, [fleet.mass_g for fleet in problem.fleets]),
        ("volume", volume, [fleet.volume_ml for fleet in problem.fleets]),
        ("parcels", real.astype(np.int64), [fleet.max_parcels for fleet in problem.fleets]),
    ):
        most = int(weight[~nodes.fresh].sum())
        limits = [min(limit[f], most) for f in vehicles]
        if min(limits) < most:
            uses = {f: np.repeat(weight[:, None], nodes.size, axis=1) for f in set(vehicles)}
            _add_reset(routing, manager, nodes, vehicles, name, uses, limits)


def _add_energy(routing: Any, manager: Any, nodes: Nodes, vehicles: list[int]) -> None:
    """Add what a trip uses, empty, counted before the stop."""
    problem = nodes.problem
    energy = {f: nodes.energy(problem.fleets[f]) for f in sorted(set(vehicles))}
    limits = [_energy_limit(problem.fleets[f]) for f in vehicles]
    if any(limits[v] < energy[f].max() * max(1, problem.fleets[f].max_parcels) for v, f in enumerate(vehicles)):
        _add_reset(routing, manager, nodes, vehicles, "energy", energy, limits)


def _energy_limit(fleet: Fleet) -> int:
    """Return what a trip may use, its range put as energy with that of one stop."""
    range_mwh = fleet.range_m * (fleet.energy_mwh_per_m or 1.0) + fleet.energy_mwh_per_stop
    return int(min(fleet.energy_mwh, range_mwh, 10**12))


def _add_reset(
    routing: Any,
    manager: Any,
    nodes: Nodes,
    vehicles: list[int],
    name: str,
    uses: dict[int, NDArray[np.int64]],
    limits: list[int],
) -> None:
    """Add a quantity that starts anew with each trip; `uses` are arc matrices by fleet."""
    evaluators = {}
    for v, f in enumerate(vehicles):
        if f not in evaluators:
            off = np.where(nodes.fresh[None, :] & (nodes.option >= 0)[:, None], limits[v], 0)
            evaluators[f] = routing.RegisterTransitMatrix((uses[f] - off).tolist())
    slack = max(limits) if nodes.fresh.any() else 0
    routing.AddDimensionWithVehicleTransitAndCapacity([evaluators[f] for f in vehicles], slack, limits, True, name)
    dimension = routing.GetDimensionOrDie(name)
    for node in np.flatnonzero(nodes.fresh).tolist():
        dimension.CumulVar(manager.NodeToIndex(node)).SetValue(0)


def _add_options(routing: Any, manager: Any, nodes: Nodes, vehicles: list[int]) -> None:
    """Let each order be served by at most one of its nodes, by a vehicle that may, or be left out at its price."""
    problem = nodes.problem
    begun_as = [problem.fleets[f].begun_as if problem.fleets[f].begun_as >= 0 else f for f in vehicles]
    may = np.array([problem.fleets[f].allowed for f in vehicles])
    may |= np.array([problem.fleets[f].allowed for f in begun_as])
    first = (nodes.option >= 0) & (problem.option_part[nodes.option] != DROP)
    order = np.where(first, problem.option_order[nodes.option], -1)
    for node in range(nodes.hubs, nodes.size):
        able = np.flatnonzero(may[:, nodes.option[node]]).tolist()
        routing.VehicleVar(manager.NodeToIndex(node)).SetValues([-1, *able])
    for who in np.unique(order[order >= 0]).tolist():
        ways = [manager.NodeToIndex(int(node)) for node in np.flatnonzero(order == who)]
        routing.AddDisjunction(ways, int(problem.unserved_cost[who]) // COST_UNIT, 1)


def _add_windows(routing: Any, manager: Any, nodes: Nodes, clock: Any) -> None:
    problem = nodes.problem
    late, early = problem.late_cost // COST_UNIT, problem.early_cost // COST_UNIT
    for node in range(nodes.hubs, nodes.size):
        option, index = int(nodes.option[node]), manager.NodeToIndex(node)
        able = [fleet for fleet in problem.fleets if fleet.allowed[option]]
        order = int(problem.option_order[option])
        soonest = min(_reached_s(problem, fleet, option) for fleet in able)
        window, opens = clock.CumulVar(index), max(int(problem.option_open_s[option]), soonest)
        closes = min(int(problem.option_close_s[option]), window.Max())
        if opens > closes:
            routing.ActiveVar(index).SetValue(0)  # nobody can be there in time
            continue
        window.SetRange(opens, closes)
        handing = min(int(fleet.service_s[option]) for fleet in able)
        if late and problem.option_part[option] != PICK_UP:
            clock.SetCumulVarSoftUpperBound(index, max(0, int(problem.promise_s[order]) - handing), late)
        if early and problem.wanted_s is not None and problem.option_part[option] != PICK_UP:
            clock.SetCumulVarSoftLowerBound(index, max(0, int(problem.wanted_s[order]) - handing), early)


def _reached_s(problem: Problem, fleet: Fleet, option: int) -> int:
    """Return when a vehicle that leaves as soon as the parcel is ready can begin to hand it over, or to fetch it."""
    ready, out = int(problem.ready_s[problem.option_order[option]]), fleet.open_s + fleet.load_s
    if problem.option_part[option] == DROP:  # by way of its pick-up
        return out
    if problem.option_part[option] != DELIVER:
        return max(ready, out + _way_s(problem, fleet, option))
    return max(out, ready) + _way_s(problem, fleet, option)


def _way_s(problem: Problem, fleet: Fleet, option: int) -> int:
    return int(fleet.duration_s[fleet.hub, problem.option_site[option]]) + int(fleet.setup_s[option])


def _add_release(routing: Any, manager: Any, nodes: Nodes, vehicles: list[int], clock: Any) -> None:
    """Let no trip leave before its last parcel is ready.

    The dimension is `horizon - departure of this trip`: no more than `horizon - ready` at each stop, carried along
    unchanged, and at least what the first stop's time tells of the departure.
    """
    problem = nodes.problem
    real = nodes.option >= 0
    brought = real & (problem.option_part[nodes.option] == DELIVER)
    ready = np.where(brought, problem.ready_s[problem.option_order[nodes.option]], 0)
    horizon = max(int(clock.CumulVar(routing.End(v)).Max()) for v in range(len(vehicles)))
    reset = np.where(nodes.fresh[None, :] & real[:, None], -horizon, 0) + np.zeros((nodes.size, nodes.size), np.int64)
    evaluator = routing.RegisterTransitMatrix(reset.tolist())
    routing.AddDimension(evaluator, horizon, horizon, False, "release")
    release, solver = routing.GetDimensionOrDie("release"), routing.solver()
    for node in np.flatnonzero(real).tolist():
        index = manager.NodeToIndex(node)
        release.CumulVar(index).SetMax(max(0, horizon - int(ready[node])))
        if nodes.fresh[node]:
            option = int(nodes.option[node])
            ways = [_way_s(problem, problem.fleets[f], option) for f in vehicles]
            solver.Add(release.CumulVar(index) + clock.CumulVar(index) >= min(ways) + horizon)
    for v, f in enumerate(vehicles):
        start = routing.Start(v)
        solver.Add(release.CumulVar(start) + clock.CumulVar(start) >= horizon - problem.fleets[f].load_s)


def _add_lockers(routing: Any, manager: Any, nodes: Nodes) -> None:
    """Let no more parcels of a size or larger into a locker than compartments that take them."""
    problem, solver = nodes.problem, routing.solver()
    locker = np.where(nodes.option >= 0, problem.option_locker[nodes.option], -1)
    rank = np.array([problem.sizes[problem.option_order[o]].rank if o >= 0 else -1 for o in nodes.option])
    for bank in range(len(problem.lockers)):
        for size in range(problem.locker_room.shape[1]):
            lodged = np.flatnonzero((locker == bank) & (rank >= size)).tolist()
            room = int(problem.locker_room[bank, size])
            if np.unique(problem.option_order[nodes.option[lodged]]).size > room:
                solver.Add(solver.Sum([routing.ActiveVar(manager.NodeToIndex(node)) for node in lodged]) <= room)


def _ready_late(problem: Problem, nodes: Nodes, vehicles: list[int]) -> bool:
    """Tell whether any parcel becomes ready only after a vehicle might have left."""
    opens = min(problem.fleets[f].open_s + problem.fleets[f].load_s for f in vehicles)
    brought = nodes.option[(nodes.option >= 0) & (problem.option_part[nodes.option] == DELIVER)]
    orders = problem.option_order[brought]
    return bool(np.any(problem.ready_s[orders] > opens))
