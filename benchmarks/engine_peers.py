"""What the peers of the planning engine make of an instance: PyVRP, VROOM and OR-Tools' routing by itself.

Each returns its routes as options, by position of the vehicle in the file and by trip, with the seconds of the search,
of importing (`setup_s`) and of building its model (`build_s`); or `cannot` and why.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.formats import Objective, Rounding, left_out, vroom_input
from doorstep.formats.tabling import LATEST, MONEY_UNIT
from doorstep.planning.problem import DROP, PICK_UP
from doorstep.planning.task.tables import ENDLESS

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.formats import Instance
    from doorstep.planning.problem import Fleet

Told = dict[str, Any]
ROUNDED = {Rounding.NEAREST: "round", Rounding.TRUNC1: "dimacs", Rounding.X1000: "exact", Rounding.NONE: "exact"}
"""What PyVRP calls our roundings."""
VEHICLE_WEIGHT = 10_000
"""Lengths of the file that a vehicle counts for where vehicles come first, for tools that know one objective only."""
SPARE = 1.2
"""Vehicles offered to tools that are slow with more than they need, over what the load asks for, and a few more."""
TIMES_LONGEST = 100
"""How many times the longest arc a forbidden one is for PyVRP; 5 to 500 gave the same on PR05 and PR13."""
_FORBIDDEN = 1 << 40
"""Arcs from this length on are PyVRP's word for forbidden ones."""
_DEAREST = 1 << 40
"""Price at which OR-Tools leaves an order out that must be served; many of them can still be added up."""
GLS_IF_MIXED = 1
"""More fleets than this, and OR-Tools does best with guided local search; else with iterated local search."""


def pyvrp(instance: Instance, path: Path, seconds: float, seed: int) -> Told:
    """Return PyVRP's routes; VRPLIB files are read by PyVRP itself."""
    began = time.perf_counter()
    import pyvrp as tool
    from pyvrp.stop import MaxRuntime

    setup_s = time.perf_counter() - began
    began = time.perf_counter()
    problem = instance.problem
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = instance.kind == "vrplib"
        data = _reachable(tool.read(path, ROUNDED[instance.rounding])) if own else _pyvrp_data(tool, instance)
    build_s = time.perf_counter() - began
    began = time.perf_counter()
    result = tool.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False, display=False)
    told = {"seconds": time.perf_counter() - began, "setup_s": setup_s, "build_s": build_s}
    kinds = data.vehicle_types()
    positions = [
        list(map(int, kind.name.split(","))) if kind.name else list(range(kind.num_available)) for kind in kinds
    ]
    first = np.flatnonzero(problem.option_part == PICK_UP).tolist()
    rows: list[list[list[int]]] = [[] for crew in instance.vehicles for _ in crew]
    for route in result.best.routes():
        trips: list[list[int]] = [[]]
        for visit in route:
            done = getattr(visit, "activity", visit)
            if done.is_depot():
                trips.append([])
            else:
                pair = first[done.idx] if done.is_shipment() else done.idx
                trips[-1].append(int(problem.option_mate[pair]) if done.is_delivery() else pair)
        rows[positions[route.vehicle_type()].pop(0)] = [trip for trip in trips if trip]
    return told | {"rows": rows}


def _reachable(data: Any) -> Any:
    """Return PyVRP's data with what a vehicle may not visit no farther than forbids it.

    PyVRP reads forbidden arcs as 2^44 long; with such lengths its first local search did not end on most instances of
    vehicles that may serve only some customers.
    """

    def cut(table: np.ndarray) -> np.ndarray:
        return np.where(table >= _FORBIDDEN, TIMES_LONGEST * table[table < _FORBIDDEN].max(initial=1), table)

    if not any((table >= _FORBIDDEN).any() for table in data.distance_matrices()):
        return data
    return data.replace(
        distance_matrices=[cut(table) for table in data.distance_matrices()],
        duration_matrices=[cut(table) for table in data.duration_matrices()],
    )


def _pyvrp_data(tool: Any, instance: Instance) -> Any:
    """Return an instance that is not in VRPLIB's words as PyVRP's data: one depot, customers or pairs."""
    problem, fleet = instance.problem, instance.problem.fleets[0]
    sites = len(problem.site_xy_m)
    table = fleet.distance_m.astype(np.int64)
    latest = np.minimum(problem.option_close_s, LATEST)
    columns = problem.option_site, problem.option_open_s, latest, fleet.service_s
    clients, shipments = [], []
    for option, (site, opens, closes, service) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        amount = [int(problem.mass_g[problem.option_order[option]])]
        if problem.option_part[option] == PICK_UP:
            drop = int(problem.option_mate[option])
            ends = int(problem.option_site[drop]), int(problem.option_open_s[drop]), int(latest[drop])
            stop = (site, ends[0], opens, closes, service, ends[1], ends[2], int(fleet.service_s[drop]))
            shipments.append(tool.Shipment(*stop, amount=amount))
        elif problem.option_part[option] != DROP:
            timing = {"service_duration": service, "tw_early": opens, "tw_late": closes}
            clients.append(tool.Client(site, delivery=amount, **timing))
    first = instance.objective == Objective.VEHICLES
    kind = tool.VehicleType(
        num_available=fleet.count,
        capacity=[fleet.mass_g],
        tw_early=fleet.open_s,
        tw_late=fleet.close_s,
        fixed_cost=VEHICLE_WEIGHT * instance.factor if first else 0,
    )
    return tool.ProblemData(
        locations=[tool.Location(x=float(x), y=float(y)) for x, y in problem.site_xy_m[:sites]],
        clients=clients,
        depots=[tool.Depot(location=0)],
        vehicle_types=[kind],
        distance_matrices=[table],
        duration_matrices=[table],
        shipments=shipments,
    )


def pyvroom(instance: Instance, path: Path, seconds: float, seed: int) -> Told:  # noqa: ARG001 - VROOM knows no seed
    """Return VROOM's routes at its deepest exploration; it stops by itself, often before its time."""
    began = time.perf_counter()
    from datetime import timedelta

    import vroom

    setup_s = time.perf_counter() - began
    lacking = [*left_out(instance.problem), *(["prizes"] if instance.prize.any() else [])]
    if lacking:
        return {"cannot": f"VROOM has no {', no '.join(lacking)}"}
    began = time.perf_counter()
    document = vroom_input(instance)
    offered = {position for f, fleet in enumerate(instance.problem.fleets) for position in _offer(instance, f, fleet)}
    document["vehicles"] = [vehicle for vehicle in document["vehicles"] if vehicle["id"] in offered]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "problem.json")
        file.write_text(json.dumps(document), encoding="utf-8")
        model = vroom.Input.from_json(file)
    build_s = time.perf_counter() - began
    began = time.perf_counter()
    solved = model.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    told = {"seconds": time.perf_counter() - began, "setup_s": setup_s, "build_s": build_s}
    rows: list[list[list[int]]] = [[] for crew in instance.vehicles for _ in crew]
    for route in solved.to_dict()["routes"]:
        rows[route["vehicle"]] = [[step["id"] for step in route["steps"] if "id" in step]]
    return told | {"rows": rows}


def ortools(instance: Instance, path: Path, seconds: float, seed: int) -> Told:  # noqa: ARG001 - nor does OR-Tools
    """Return the routes of OR-Tools' routing by itself, at the settings that did best with one fleet or many."""
    began = time.perf_counter()
    from ortools.constraint_solver import pywrapcp

    setup_s = time.perf_counter() - began
    problem = instance.problem
    if any(fleet.max_trips > 1 for fleet in problem.fleets):
        return {"cannot": "OR-Tools has no several trips but by a node for each reload"}
    began = time.perf_counter()
    crew = [(f, position) for f, fleet in enumerate(problem.fleets) for position in _offer(instance, f, fleet)]
    site = np.concatenate([np.arange(len(problem.hubs)), problem.option_site])
    starts = [problem.fleets[f].hub for f, _ in crew]
    manager = pywrapcp.RoutingIndexManager(len(site), len(crew), starts, starts)
    model = pywrapcp.RoutingModel(manager)
    index = [manager.NodeToIndex(len(problem.hubs) + option) for option in range(len(problem.option_order))]
    _add_arcs(model, instance, crew, site)
    _add_loads(model, instance, crew)
    _add_clock(model, instance, crew, site, index)
    _add_orders(model, instance, crew, index)
    settings = _ortools_settings(instance, seconds)
    model.CloseModelWithParameters(settings)
    build_s = time.perf_counter() - began
    began = time.perf_counter()
    go = model.SolveWithIteratedLocalSearch if settings.use_iterated_local_search else model.SolveWithParameters
    found = go(settings)
    told = {"seconds": time.perf_counter() - began, "setup_s": setup_s, "build_s": build_s}
    rows: list[list[list[int]]] = [[] for positions in instance.vehicles for _ in positions]
    for vehicle, (_, position) in enumerate(crew if found else []):
        at, trip = found.Value(model.NextVar(model.Start(vehicle))), []
        while not model.IsEnd(at):
            trip.append(manager.IndexToNode(at) - len(problem.hubs))
            at = found.Value(model.NextVar(at))
        rows[position] = [trip] if trip else []
    return told | {"rows": rows}


def _offer(instance: Instance, f: int, fleet: Fleet) -> tuple[int, ...]:
    """Return the positions of the vehicles of a fleet that are offered: no more than could be of use."""
    load = int(instance.problem.mass_g.sum())
    if fleet.count < len(instance.problem.order_ids) or fleet.mass_g >= ENDLESS:
        return instance.vehicles[f]
    return instance.vehicles[f][: math.ceil(load / max(fleet.mass_g, 1) * SPARE) + 3]


def _add_arcs(model: Any, instance: Instance, crew: list[tuple[int, int]], site: np.ndarray) -> None:
    """Give every vehicle its costs."""
    fixed = VEHICLE_WEIGHT * instance.factor if instance.objective == Objective.VEHICLES else None
    seen: dict[int, int] = {}
    for vehicle, (f, _) in enumerate(crew):
        fleet = instance.problem.fleets[f]
        if f not in seen:
            arcs = fleet.distance_m[np.ix_(site, site)].astype(np.int64) * (fleet.metre_cost // MONEY_UNIT)
            seen[f] = model.RegisterTransitMatrix(arcs.tolist())
        model.SetArcCostEvaluatorOfVehicle(seen[f], vehicle)
        model.SetFixedCostOfVehicle(fleet.vehicle_cost // MONEY_UNIT if fixed is None else fixed, vehicle)


def _add_loads(model: Any, instance: Instance, crew: list[tuple[int, int]]) -> None:
    problem = instance.problem
    sign = np.where(problem.option_part == DROP, -1, 1)
    amounts = [0] * len(problem.hubs) + (problem.mass_g[problem.option_order] * sign).tolist()
    most = [min(problem.fleets[f].mass_g, ENDLESS) for f, _ in crew]
    model.AddDimensionWithVehicleCapacity(model.RegisterUnaryTransitVector(amounts), 0, most, True, "load")


def _add_clock(model: Any, instance: Instance, crew: list[tuple[int, int]], site: np.ndarray, index: list[int]) -> None:
    """Add windows and longest duties where the instance has any."""
    problem = instance.problem
    timed = bool((problem.option_close_s < LATEST).any()) or any(f.shift_s < LATEST for f in problem.fleets)
    if not timed and not (problem.option_part == PICK_UP).any():
        return
    seen: dict[int, int] = {}
    for f, fleet in enumerate(problem.fleets):
        service = np.concatenate([np.zeros(len(problem.hubs), np.int64), fleet.service_s])
        seen[f] = model.RegisterTransitMatrix((fleet.duration_s[np.ix_(site, site)] + service[:, None]).tolist())
    horizon = max(int(min(fleet.close_s, LATEST)) for fleet in problem.fleets)
    model.AddDimensionWithVehicleTransits([seen[f] for f, _ in crew], horizon, horizon, False, "clock")
    clock = model.GetDimensionOrDie("clock")
    for option, at in enumerate(index):
        opens, closes = int(problem.option_open_s[option]), int(problem.option_close_s[option])
        clock.CumulVar(at).SetRange(opens, max(opens, min(closes, horizon)))
    for vehicle, (f, _) in enumerate(crew):
        fleet = problem.fleets[f]
        for end in model.Start(vehicle), model.End(vehicle):
            clock.CumulVar(end).SetRange(fleet.open_s, min(fleet.close_s, horizon))
        if fleet.shift_s < LATEST:
            clock.SetSpanUpperBoundForVehicle(fleet.shift_s, vehicle)


def _add_orders(model: Any, instance: Instance, crew: list[tuple[int, int]], index: list[int]) -> None:
    """Add prizes, alternatives, pairs and who may serve whom; what must be served has a price beyond any route."""
    problem = instance.problem
    for order, prize in enumerate(instance.prize.tolist()):
        ways = np.flatnonzero(problem.option_order == order)
        price = (prize or int(problem.unserved_cost[order])) // MONEY_UNIT
        if problem.option_mate[ways[0]] >= 0:
            for option in ways:
                model.AddDisjunction([index[option]], min(price, _DEAREST))
        else:
            model.AddDisjunction([index[option] for option in ways], min(price, _DEAREST))
    for option in np.flatnonzero(problem.option_part == PICK_UP).tolist():
        first, second = index[option], index[int(problem.option_mate[option])]
        model.AddPickupAndDelivery(first, second)
        model.solver().Add(model.VehicleVar(first) == model.VehicleVar(second))
        clock = model.GetDimensionOrDie("clock")
        model.solver().Add(clock.CumulVar(first) <= clock.CumulVar(second))
    for option, at in enumerate(index):
        barred = [v for v, (f, _) in enumerate(crew) if not problem.fleets[f].allowed[option]]
        if barred:
            model.VehicleVar(at).RemoveValues(barred)


def _ortools_settings(instance: Instance, seconds: float) -> Any:
    """Return iterated local search for one fleet, guided local search for several: what did best with each."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2, routing_ils_pb2

    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.time_limit.FromMilliseconds(int(seconds * 1000))
    first = routing_enums_pb2.FirstSolutionStrategy
    if len(instance.problem.fleets) > GLS_IF_MIXED:
        windows = bool((instance.problem.option_close_s < LATEST).any())
        settings.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION if windows else first.PATH_CHEAPEST_ARC
        settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        return settings
    settings.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION
    settings.use_iterated_local_search = True
    searching = settings.iterated_local_search_parameters
    searching.perturbation_strategy = routing_ils_pb2.PerturbationStrategy.RUIN_AND_RECREATE
    ruin = searching.ruin_recreate_parameters.ruin_strategies.add().sisr
    ruin.max_removed_sequence_size, ruin.avg_num_removed_visits, ruin.bypass_factor = 10, 10, 0.01
    searching.improve_perturbed_solution = True
    cooling = searching.reference_solution_acceptance_strategy.simulated_annealing
    cooling.automatic_temperatures = True
    return settings


PEERS: dict[str, Callable[[Instance, Path, float, int], Told]] = {
    "pyvrp": pyvrp,
    "pyvroom": pyvroom,
    "ortools": ortools,
}
