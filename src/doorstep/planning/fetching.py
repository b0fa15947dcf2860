"""Fetching: pick-ups with their drops, returns, and what vehicles have begun, in the OR-Tools routing model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.planning.problem import DELIVER, DROP, PICK_UP, RETURN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.nodes import Nodes

REMAINING, FETCHED = "to bring", "fetched"


def add_pairs(routing: Any, manager: Any, nodes: Nodes, clock: Any) -> None:
    """Let each drop be served with its pick-up, later and by the same vehicle, or neither."""
    problem, solver = nodes.problem, routing.solver()
    node = {int(option): n for n, option in enumerate(nodes.option) if option >= 0}
    for option in np.flatnonzero(problem.option_part == PICK_UP).tolist():
        if option not in node:
            continue
        here = manager.NodeToIndex(node[option])
        there = manager.NodeToIndex(node[int(problem.option_mate[option])])
        routing.AddDisjunction([there], 0, 1)
        routing.AddPickupAndDelivery(here, there)
        solver.Add(routing.ActiveVar(here) == routing.ActiveVar(there))
        solver.Add(routing.VehicleVar(here) == routing.VehicleVar(there))
        solver.Add(clock.CumulVar(here) <= clock.CumulVar(there))


def add_aboard(routing: Any, manager: Any, nodes: Nodes, vehicles: list[int]) -> None:
    """Let no vehicle have more aboard than it can: what is still to be brought, and what was fetched so far.

    The first falls to nothing at the end of a route, the second begins with nothing.
    """
    problem, solver = nodes.problem, routing.solver()
    real = nodes.option >= 0
    who = np.where(real, problem.option_order[nodes.option], 0)
    part = np.where(real, problem.option_part[nodes.option], -1)
    for name, amount, limit in (
        ("mass", problem.mass_g[who], [fleet.mass_g for fleet in problem.fleets]),
        ("volume", problem.volume_ml[who], [fleet.volume_ml for fleet in problem.fleets]),
        ("parcels", np.ones(nodes.size, np.int64), [fleet.max_parcels for fleet in problem.fleets]),
    ):
        most = int(amount[real].sum())
        limits = [min(limit[f], most) for f in vehicles]
        if min(limits, default=most) >= most:
            continue
        bring = _dimension(routing, np.where(part == DELIVER, -amount, 0), limits, f"{name} {REMAINING}", empty=False)
        change = np.where((part == RETURN) | (part == PICK_UP), amount, np.where(part == DROP, -amount, 0))
        fetch = _dimension(routing, change, limits, f"{name} {FETCHED}", empty=True)
        for v, has in enumerate(limits):
            bring.CumulVar(routing.End(v)).SetValue(0)
            solver.Add(bring.CumulVar(routing.Start(v)) <= has)
        for n in np.flatnonzero(real).tolist():
            index = manager.NodeToIndex(n)
            # Counted before the stop: what is aboard after it is what binds where it takes something in.
            aboard = bring.CumulVar(index) + fetch.CumulVar(index) + max(int(change[n]), 0)
            solver.Add(aboard <= _room(solver, routing.VehicleVar(index), limits))


def add_begun(routing: Any, manager: Any, nodes: Nodes, vehicles: list[int]) -> None:
    """Let what vehicles have done come first, and in the trips that they have begun only what is aboard."""
    problem, solver = nodes.problem, routing.solver()
    still = problem.still if problem.still is not None else np.zeros(len(problem.option_order), bool)
    if not still.any():
        return
    ahead = np.where(nodes.fresh[None, :] & (nodes.option >= 0)[:, None], 1, 0)
    most = len(problem.order_ids)
    routing.AddDimension(routing.RegisterTransitMatrix(ahead.tolist()), 0, most, True, "trips")
    trips = routing.GetDimensionOrDie("trips")
    on = [n for n in range(nodes.hubs, nodes.size) if not nodes.fresh[n]]
    for v, f in enumerate(vehicles):
        if problem.fleets[f].begun_as < 0:
            continue
        first = problem.fleets[problem.fleets[f].begun_as].allowed
        for node in on:
            option, index = int(nodes.option[node]), manager.NodeToIndex(node)
            if first[option] and still[option]:
                solver.Add(routing.NextVar(routing.Start(v)) == index)
            elif first[option]:
                trips.CumulVar(index).SetMax(0)
            elif problem.fleets[f].allowed[option]:
                here = solver.IsEqualCstVar(routing.VehicleVar(index), v)
                solver.Add(here <= solver.IsGreaterOrEqualCstVar(trips.CumulVar(index), 1))


def _room(solver: Any, vehicle: Any, limits: list[int]) -> Any:
    """Return what the vehicle of a stop can carry, where they differ by the vehicle's number; -1 is none."""
    return limits[0] if len(set(limits)) == 1 else solver.Element([max(limits), *limits], vehicle + 1)


def _dimension(routing: Any, change: NDArray[np.int64], limits: list[int], name: str, *, empty: bool) -> Any:
    """Return a new quantity that changes at each node by an amount."""
    evaluator = routing.RegisterUnaryTransitVector(change.tolist())
    routing.AddDimensionWithVehicleCapacity(evaluator, 0, limits, empty, name)
    return routing.GetDimensionOrDie(name)
