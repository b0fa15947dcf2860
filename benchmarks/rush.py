"""Rush hour: the same days planned by mean speeds and by the hour, both driven through the true day.

    python benchmarks/rush.py [--seeds 20] [--orders 40] [--work 60] [--time 60] [--json]

A made-up town, a van fleet paid by the hour, narrow windows and promises, and a day with two sharp peaks. One planner
knows each street's mean speed over the working hours, the other the speeds of every hour; both get the same orders,
work and seed. Then every trip is driven as planned: it leaves when the plan says, later where the vehicle is not back
yet, visits its stops in the plan's order, waits where a window is not open yet, and takes what the true hours take.
Handing over after a window has closed is priced as an order that was not served. `mean_moved` and `hourly_moved` are
what the same routes cost where each may begin up to an hour sooner or later, whichever is cheapest by the true hours:
what is left of the difference then is that of who visits whom, and in which sequence.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from doorstep.demand.order import Dwelling, Order, Window
from doorstep.handover import Handover, Size
from doorstep.modes.catalog import load_mode, load_prices
from doorstep.network.grid import grid_town
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.traffic import DAY_S, Traffic
from doorstep.planning.checker import check, cost
from doorstep.planning.plan import Route, Stop, Trip
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY
from doorstep.planning.rules.referee import ways_s
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Configuration, Effort, Hub, Scenario, VehicleGroup, WorkRules

if TYPE_CHECKING:
    from doorstep.network.network import Network
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Fleet, Problem

HOUR = 3600.0
HOURS = Window(7 * HOUR, 19 * HOUR)
FREE, ARTERIAL, SIDE = 1.1, 2.6, 1.5
"""Factors outside of the peaks, and within them on wide and on other streets: sharp, and made up for this test."""
PEAKS_H = (7.5, 9.5), (16.0, 18.5)
"""A morning's and an evening's peak, hours; made up as well."""
SHIFTS_S = range(-3600, 3601, 300)
Row = dict[str, Any]


def main() -> None:
    """Run all seeds and print the rows and their means."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--orders", type=int, default=40)
    parser.add_argument("--work", type=int, default=60)
    parser.add_argument("--time", type=float, default=60.0, help="seconds a plan may take at the most")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    network, effort = grid_town(24, 24, 250, 1), Effort(asked.work, asked.time)
    rows = [_day(network, seed, asked.orders, effort) for seed in range(asked.seeds)]
    means = {f"{key}_mean": float(np.mean([row[key] for row in rows])) for key in rows[0] if key != "seed"}
    if asked.json:
        print(json.dumps({"schema": "doorstep/benchmark/1", "rows": [*rows, {"name": "rush", **means}]}))
        return
    keys = [key for key in rows[0] if key != "seed"]
    print("seed " + " ".join(f"{key:>15}" for key in keys))
    for row in rows:
        print(f"{row['seed']:4} " + " ".join(f"{row[key]:15.2f}" for key in keys))
    print("mean " + " ".join(f"{means[f'{key}_mean']:15.2f}" for key in keys))
    gains = [row["mean_cost"] - row["hourly_cost"] for row in rows]
    error = np.std(gains, ddof=1) / np.sqrt(len(gains)) if len(gains) > 1 else np.nan
    print(f"planning by the hour saves {np.mean(gains):.2f} a day (standard error {error:.2f})")


def true_day() -> Traffic:
    """Return the day with its two peaks."""
    breaks = sorted({0.0, DAY_S, *(hour * HOUR for peak in PEAKS_H for hour in peak)})
    factor = np.full((len(breaks) - 1, len(CLASS_NAMES)), FREE)
    for period, begin in enumerate(breaks[:-1]):
        if any(low * HOUR <= begin < high * HOUR for low, high in PEAKS_H):
            factor[period] = SIDE
            factor[period, CLASS_NAMES.index("secondary")] = ARTERIAL
    return Traffic("two peaks", np.array(breaks), factor)


def mean_day(true: Traffic) -> Traffic:
    """Return the day on which every street has its mean speed over the working hours, as means are taken of speeds."""
    begin, end = np.maximum(true.break_s[:-1], HOURS.open_s), np.minimum(true.break_s[1:], HOURS.close_s)
    lasts_s = np.maximum(end - begin, 0.0)
    speed = (lasts_s[:, None] / true.factor).sum(axis=0) / lasts_s.sum()
    return Traffic("mean speeds", np.array([0.0, DAY_S]), 1 / speed[None, :])


def _day(network: Network, seed: int, orders: int, effort: Effort) -> Row:
    """Return what both plans of one day come to, in the currency of the price book."""
    true = true_day()
    scenario = _scenario(network, np.random.default_rng(seed), orders, effort)
    problem = tabulate(replace(scenario, traffic=true), "vans")
    mean = tabulate(replace(scenario, traffic=mean_day(true)), "vans")
    plans = solve(mean, effort, seed=seed), solve(problem, effort, seed=seed)
    for told, plan in zip((mean, problem), plans, strict=True):
        if broken := check(told, plan):
            raise SystemExit(f"seed {seed}: the plan breaks {broken[0]}")
    row: Row = {"seed": seed}
    for name, plan in zip(("mean", "hourly"), plans, strict=True):
        row |= {f"{name}_{key}": value for key, value in _driven(problem, plan).items()}
    if not np.isclose(row["hourly_cost"], cost(problem, plans[1]) / MONEY, rtol=1e-9):
        raise SystemExit(f"seed {seed}: driven {row['hourly_cost']}, planned {cost(problem, plans[1]) / MONEY}")
    row["mean_moved"] = _driven(problem, plans[0], SHIFTS_S)["cost"]
    row["hourly_moved"] = _driven(problem, plans[1], SHIFTS_S)["cost"]
    return row


class Drive(NamedTuple):
    """A route as it went."""

    route: Route
    fine: int
    """Money on top of what the checker says: windows missed as if not served, and hours too many paid once more."""
    late_s: int
    broken: int


def _driven(problem: Problem, plan: Plan, shifts_s: range = range(1)) -> Row:
    """Return what a plan comes to when it is driven, each route begun so much later or sooner as is cheapest."""
    drives = [
        min((_drive(problem, route, shift) for shift in shifts_s), key=lambda drive: _price(problem, plan, drive))
        for route in plan.routes
    ]
    return {
        "cost": _price(problem, plan, *drives) / MONEY,
        "duty_h": sum(_duty_s(drive.route) for drive in drives) / HOUR,
        "late_h": sum(drive.late_s for drive in drives) / HOUR,
        "broken": sum(drive.broken for drive in drives),
        "unserved": len(plan.unserved),
    }


def _price(problem: Problem, plan: Plan, *drives: Drive) -> int:
    """Return the money of a plan whose routes went so: the checker's, which knows of energy and wages, and fines."""
    return cost(problem, replace(plan, routes=tuple(drive.route for drive in drives))) + sum(d.fine for d in drives)


def _duty_s(route: Route) -> int:
    return route.trips[-1].return_s - route.trips[0].load_s


def _drive(problem: Problem, route: Route, shift_s: int) -> Drive:
    """Drive a route that begins so much later than planned."""
    fleet, went = problem.fleets[route.fleet], list[Trip]()
    free, fine, late_s, broken = fleet.open_s, 0, 0, 0
    for trip in route.trips:
        ready = max(int(problem.ready_s[problem.option_order[stop.option]]) for stop in trip.stops)
        load = max(trip.load_s + shift_s, free, ready - fleet.load_s)
        went.append(_retimed(problem, fleet, trip, load))
        for stop in went[-1].stops:
            order = int(problem.option_order[stop.option])
            late_s += max(0, stop.leave_s - int(problem.promise_s[order]))
            if stop.start_s > problem.option_close_s[stop.option]:
                broken += 1
                fine += int(problem.unserved_cost[order])
        free = went[-1].return_s + fleet.turnaround_s
    driven = replace(route, trips=tuple(went))
    # Hours beyond the shift or the working day are paid twice: to the driver, and for keeping the hub open.
    over_s = max(0, went[-1].return_s - fleet.close_s) + max(0, _duty_s(driven) - fleet.shift_s)
    return Drive(driven, fine + over_s * fleet.duty_cost, late_s, broken)


def _retimed(problem: Problem, fleet: Fleet, trip: Trip, load_s: int) -> Trip:
    """Return a trip whose loading begins at another time, its stops in the same sequence."""
    site, clock, stops = fleet.hub, load_s + fleet.load_s, list[Stop]()
    for stop in trip.stops:
        here = int(problem.option_site[stop.option])
        moved = here != site
        arrive = clock + (int(ways_s(fleet, site, here, clock)) if moved else 0)
        start = max(arrive + (int(fleet.setup_s[stop.option]) if moved else 0), int(problem.option_open_s[stop.option]))
        site, clock = here, start + int(fleet.service_s[stop.option])
        stops.append(Stop(stop.option, arrive, start, clock))
    back = clock + int(ways_s(fleet, site, fleet.hub, clock))
    return replace(trip, load_s=load_s, depart_s=load_s + fleet.load_s, stops=tuple(stops), return_s=back)


def _scenario(network: Network, rng: np.random.Generator, count: int, effort: Effort) -> Scenario:
    """Return a day of orders at random doors: half within two hours, some promised, others whenever it suits."""
    doors = network.doors.xy_m[rng.choice(len(network.doors.xy_m), count, replace=False)]
    orders = tuple(_order(k, xy, rng) for k, xy in enumerate(doors.tolist()))
    middle = network.doors.xy_m.mean(axis=0).tolist()
    van = load_mode("van")
    vans = VehicleGroup("van", 6, "depot", frozenset({Handover.DOOR}))
    return Scenario(
        name="rush",
        description="",
        seed=0,
        network=network,
        snap_limit_m=250,
        traffic_factor=1,
        walk_speed_mps=1.3,
        orders=orders,
        hubs={"depot": Hub("depot", *middle)},
        lockers={},
        locker_options=0,
        modes={"van": van},
        prices=replace(load_prices("euro-area-2024"), unserved_price=50.0, late_per_hour=10.0),
        work=WorkRules(HOURS, 9 * HOUR, 0, 0),
        configurations=(Configuration("vans", (vans,)),),
        effort=effort,
    )


def _order(number: int, xy_m: list[float], rng: np.random.Generator) -> Order:
    kind, opens = rng.random(), float(rng.integers(7, 17)) * HOUR
    window = Window(opens, opens + 2 * HOUR) if kind < 0.5 else HOURS  # noqa: PLR2004 - a half
    promise = float(rng.integers(9, 19)) * HOUR if kind > 0.75 else HOURS.close_s  # noqa: PLR2004 - a quarter
    return Order(
        id=f"o{number}",
        x_m=xy_m[0],
        y_m=xy_m[1],
        mass_kg=2.0,
        volume_l=8.0,
        size=Size.S,
        placed_s=0.0,
        ready_s=6 * HOUR,
        window=window,
        promise_s=promise,
        dwelling=Dwelling.HOUSE,
        landing_place=False,
        accepts=frozenset({Handover.DOOR}),
        walk_limit_m=0.0,
    )


if __name__ == "__main__":
    main()
