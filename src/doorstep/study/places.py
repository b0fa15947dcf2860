"""Where a configuration's vehicles go and stop, as GeoDataFrames in degrees (EPSG:4326)."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from doorstep.network.degrees import in_degrees
from doorstep.network.network import Medium, Pace, Snaps
from doorstep.network.sky import Sky
from doorstep.network.streets import Streets
from doorstep.planning.problem import RETURN
from doorstep.planning.task.travel import Travel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from doorstep.modes.mode import Mode
    from doorstep.network.network import Layer
    from doorstep.planning.plan import Route, Stop, Trip
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario
    from doorstep.study.outcome import Outcome

DEGREES = "EPSG:4326"


def routes(scenario: Scenario, outcome: Outcome) -> gpd.GeoDataFrame:
    """Return one row a leg, along the streets as the vehicle drives them; clock times in seconds since midnight.

    Where traffic or wind depends on the hour, a line is the fastest way of the hour in which its leg begins.

    `piece` is `street`, `air`, or `stem`: the straight line that stands for the road between a hub off the map and
    the gate where it meets the map.
    """
    travel = Travel(scenario)
    rows: list[dict[str, object]] = []
    for mode_name in dict.fromkeys(fleet.mode for fleet in outcome.problem.fleets):
        legs = _legs(outcome, mode_name)
        mode = scenario.modes[mode_name]
        if not legs:
            continue
        snaps = travel.snaps(mode.medium)
        ways = np.array([(leg["origin"], leg["destination"]) for leg in legs], int)
        clocks_s = np.array([leg["depart_s"] for leg in legs], float)
        ends = _rows(snaps, ways[:, 0]), _rows(snaps, ways[:, 1])
        for leg, line in zip(legs, _lines(scenario, mode, ends, clocks_s), strict=True):
            rows += _pieces(scenario, leg, line, mode.medium)
    return _frame(scenario, rows, ROUTE_COLUMNS)


def streets(scenario: Scenario, medium: Medium) -> gpd.GeoDataFrame:
    """Return the streets of one medium, one row a piece between junctions; none in the air."""
    edges = getattr(scenario.network.layers[medium], "edges", None)
    cuts = edges.first if edges is not None else np.zeros(1, int)
    lines = [edges.xy_m(slice(a, b)) for a, b in pairwise(cuts.tolist())] if edges is not None else []
    rows: list[dict[str, object]] = [{"geometry": shapely.LineString(line)} for line in lines]
    return _frame(scenario, rows, ())


def stops(scenario: Scenario, outcome: Outcome) -> gpd.GeoDataFrame:
    """Return one row for each order handed over, at the customer's own place or at the locker.

    What a van's drone or robot brings has the position of the van's stop that it left from.
    """
    problem, rows = outcome.problem, []
    for route in outcome.plan.routes:
        fleet = problem.fleets[route.fleet]
        for number, trip in enumerate(route.trips):
            brought = [(fleet.mode, outcome.vehicle(route), k, stop) for k, stop in enumerate(trip.stops)]
            for sortie in trip.sorties:
                who = problem.fleets[sortie.fleet].mode, outcome.carried(route, sortie)
                brought.append((*who, sortie.launched_at, sortie.stop))
            for mode, vehicle, place, stop in brought:
                order = int(problem.option_order[stop.option])
                rows.append(
                    {
                        "order": problem.order_ids[order],
                        "mode": mode,
                        "vehicle": vehicle,
                        "trip": number,
                        "position": place,
                        "handover": problem.option_kind[stop.option].value,
                        "walk_m": float(problem.option_walk_m[stop.option]),
                        "arrive_s": stop.arrive_s,
                        "start_s": stop.start_s,
                        "leave_s": stop.leave_s,
                        "latency_min": (stop.leave_s - int(problem.placed_s[order])) / 60,
                        "late_min": max(0, stop.leave_s - int(problem.promise_s[order])) / 60,
                        "returned": bool(problem.option_part[stop.option] == RETURN),
                        "geometry": shapely.Point(problem.site_xy_m[int(problem.option_site[stop.option])]),
                    }
                )
    return _frame(scenario, rows, STOP_COLUMNS)


def lockers(scenario: Scenario, outcome: Outcome) -> gpd.GeoDataFrame:
    """Return the lockers that the configuration has, and how many parcels its plan puts into each."""
    from doorstep.study.banks import BankUse, bank_uses

    rows = [
        {**asdict(bank), "geometry": shapely.Point(scenario.lockers[bank.name].x_m, scenario.lockers[bank.name].y_m)}
        for bank in bank_uses(scenario, outcome)
    ]
    return _frame(scenario, rows, tuple(BankUse.__dataclass_fields__))


def hubs(scenario: Scenario, outcome: Outcome) -> gpd.GeoDataFrame:
    """Return the hubs that the configuration's vehicles belong to."""
    used = {outcome.problem.hubs[fleet.hub] for fleet in outcome.problem.fleets}
    rows = [
        {
            "name": hub.name,
            "stem_m": hub.stem.length_m if hub.stem else 0.0,
            "geometry": shapely.Point(hub.x_m, hub.y_m),
        }
        for hub in scenario.hubs.values()
        if hub.name in used
    ]
    return _frame(scenario, rows, ("name", "stem_m"))


def unserved(scenario: Scenario, outcome: Outcome) -> gpd.GeoDataFrame:
    """Return the orders left out, at the customer's own place, with every reason in words."""
    rows = [
        {
            "order": scenario.orders[left.order].id,
            "rules": ", ".join(dict.fromkeys(reason.rule for reason in left.reasons)),
            "reasons": "; ".join(
                f"{r.mode or 'any'}: {r.rule} needs {r.needs:g} {r.unit}, has {r.has:g}" for r in left.reasons
            ),
            "geometry": shapely.Point(scenario.orders[left.order].x_m, scenario.orders[left.order].y_m),
        }
        for left in outcome.plan.unserved
    ]
    return _frame(scenario, rows, ("order", "rules", "reasons"))


ROUTE_COLUMNS = ("mode", "vehicle", "trip", "leg", "piece", "load", "from_order", "to_order", "depart_s", "arrive_s")
STOP_COLUMNS = (
    "order", "mode", "vehicle", "trip", "position", "handover", "walk_m",
    "arrive_s", "start_s", "leave_s", "latency_min", "late_min", "returned",
)  # fmt: skip


def _legs(outcome: Outcome, mode: str) -> list[dict[str, object]]:
    """Return every journey between two different places that vehicles of one mode make."""
    problem, legs = outcome.problem, list[dict[str, object]]()
    for route in outcome.plan.routes:
        fleet = problem.fleets[route.fleet]
        for number, trip in enumerate(route.trips):
            legs += _flights(outcome, route, number, mode)
            if fleet.mode != mode:
                continue
            calls = _calls(outcome, fleet.hub, trip)
            moves = [(a, b) for a, b in pairwise(calls) if a[0] != b[0]]
            for leg, ((origin, from_order, depart_s, _), (destination, to_order, _, arrive_s)) in enumerate(moves):
                legs.append(
                    {
                        "origin": origin,
                        "destination": destination,
                        "mode": mode,
                        "vehicle": outcome.vehicle(route),
                        "trip": number,
                        "leg": leg,
                        "load": sum(_aboard(problem, stop, depart_s) for stop in trip.stops)
                        + sum(sortie.takeoff_s > depart_s for sortie in trip.sorties),
                        "from_order": from_order,
                        "to_order": to_order,
                        "depart_s": depart_s,
                        "arrive_s": arrive_s,
                    }
                )
    return legs


def _flights(outcome: Outcome, route: Route, number: int, mode: str) -> Iterator[dict[str, object]]:
    """Yield the ways out and back of the sorties of one mode on a trip."""
    problem, trip = outcome.problem, route.trips[number]
    for sortie in trip.sorties:
        if problem.fleets[sortie.fleet].mode != mode:
            continue
        there, name = int(problem.option_site[sortie.stop.option]), _order_name(problem, sortie.stop)
        ends = trip.stops[sortie.launched_at], trip.stops[sortie.taken_in_at]
        start, end = (int(problem.option_site[stop.option]) for stop in ends)
        for leg, (origin, from_order, target, to_order, load, depart_s, arrive_s) in enumerate(
            (
                (start, _order_name(problem, ends[0]), there, name, 1, sortie.takeoff_s, sortie.stop.arrive_s),
                (there, name, end, _order_name(problem, ends[1]), 0, sortie.stop.leave_s, sortie.back_s),
            )
        ):
            if origin != target:
                yield {
                    "origin": origin,
                    "destination": target,
                    "mode": mode,
                    "vehicle": outcome.carried(route, sortie),
                    "trip": number,
                    "leg": leg,
                    "load": load,
                    "from_order": from_order,
                    "to_order": to_order,
                    "depart_s": depart_s,
                    "arrive_s": arrive_s,
                }


def _order_name(problem: Problem, stop: Stop) -> str:
    return problem.order_ids[int(problem.option_order[stop.option])]


def _aboard(problem: Problem, stop: Stop, clock_s: int) -> bool:
    """Tell whether a stop's order is on board at a time: before it is handed over, or once it is fetched."""
    return bool((problem.option_part[stop.option] == RETURN) == (stop.leave_s <= clock_s))


def _lines(
    scenario: Scenario, mode: Mode, ends: tuple[Snaps, Snaps], depart_s: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Return the lines of legs [k] that begin at `depart_s` [k]."""
    layer, traffic = scenario.network.layers[mode.medium], scenario.traffic
    windy = isinstance(layer, Sky) and layer.wind is not None
    if not windy and (traffic is None or not isinstance(layer, Streets)):
        return list(layer.paths(*ends, Pace(mode.max_speed_mps, scenario.traffic_factor)))
    period = [_period(scenario, layer, clock_s) for clock_s in depart_s.tolist()]
    lines = [np.empty((0, 2))] * len(period)
    for one in dict.fromkeys(period):
        rows = np.flatnonzero(np.array(period) == one)
        ends_then = _rows(ends[0], rows), _rows(ends[1], rows)
        for row, line in zip(rows.tolist(), _lines_then(scenario, mode, ends_then, depart_s[rows[0]]), strict=True):
            lines[row] = line
    return lines


def _period(scenario: Scenario, layer: Layer, clock_s: float) -> int:
    """Return during which of the periods of a day's wind or traffic a leg begins."""
    if isinstance(layer, Sky) and layer.wind is not None:
        return layer.wind.period(clock_s)
    return scenario.traffic.period(clock_s) if scenario.traffic else 0


def _lines_then(
    scenario: Scenario, mode: Mode, ends: tuple[Snaps, Snaps], clock_s: float
) -> Sequence[NDArray[np.float64]]:
    """Return the lines of legs [k] that begin in one period."""
    layer, traffic = scenario.network.layers[mode.medium], scenario.traffic
    if isinstance(layer, Streets) and traffic is not None:
        pace = Pace(mode.max_speed_mps, tuple(traffic.factor[traffic.period(clock_s)].tolist()))
        return layer.paths(*ends, pace, traffic.columns(layer))
    pace = Pace(mode.max_speed_mps)
    return layer.paths(*ends, pace, clock_s) if isinstance(layer, Sky) else layer.paths(*ends, pace)


def _calls(outcome: Outcome, hub: int, trip: Trip) -> list[tuple[int, str, int, int]]:
    """Return (site, order, time of leaving, time of coming) of a trip's places, from the hub to the hub."""
    problem = outcome.problem
    calls = [(hub, "", trip.depart_s, trip.depart_s)]
    for place, stop in enumerate(trip.stops):
        site = int(problem.option_site[stop.option])
        calls.append((site, _order_name(problem, stop), trip.left_s(place), stop.arrive_s))
    return [*calls, (hub, "", trip.return_s, trip.return_s)]


def _pieces(
    scenario: Scenario, leg: dict[str, object], line: NDArray[np.float64], medium: Medium
) -> list[dict[str, object]]:
    """Return a leg cut where a stem meets the map."""
    hubs = list(scenario.hubs.values())
    pieces: list[tuple[str, Sequence[Sequence[float]]]] = []
    if len(line) > 1:
        pieces.append(("air" if medium == Medium.AIR else "street", line.tolist()))
    for end, at_start in (leg["origin"], True), (leg["destination"], False):
        hub = hubs[end] if isinstance(end, int) and end < len(hubs) else None
        if hub and hub.stem and medium != Medium.AIR:
            stem = [(hub.x_m, hub.y_m), (hub.stem.gate_x_m, hub.stem.gate_y_m)]
            pieces.insert(0 if at_start else len(pieces), ("stem", stem if at_start else stem[::-1]))
    shown = {key: leg[key] for key in ROUTE_COLUMNS if key != "piece"}
    return [{**shown, "piece": piece, "geometry": shapely.LineString(points)} for piece, points in pieces]


def _rows(snaps: Snaps, rows: NDArray[np.int64]) -> Snaps:
    return Snaps(snaps.xy_m[rows], snaps.distance_m[rows], snaps.edge[rows], snaps.share[rows])


def _frame(scenario: Scenario, rows: list[dict[str, object]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    """Return rows whose geometry is in metres as a frame in degrees."""
    frame = gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], geometry="geometry", crs=DEGREES)
    return frame.assign(geometry=in_degrees(frame.geometry, scenario.network))
