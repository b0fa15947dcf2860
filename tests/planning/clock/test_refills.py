"""How vehicles get their energy back, and what chargers and pads let through."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import DRONE, HOUR, MODES, ROBOT, TROLLEY, VAN, configured, group, order, plain

from doorstep.modes.mode import Charging, Refill
from doorstep.network.air.wind import Wind
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.planning.begun.locked import freeze
from doorstep.planning.checker import check, cost
from doorstep.planning.planner import solve
from doorstep.planning.rules.referee import longest_turnaround_s, there_and_back_mwh, trip_mwh
from doorstep.planning.task.tables import tabulate

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario

CHARGE = Charging(Refill.CHARGE, 100.0, 0.9)


def docked(mode: str, charging: Charging, vehicles: int = 1, orders: int = 8, **hub: int) -> Scenario:
    """Return a plain with one kind of vehicle that is charged so, and orders around the hub."""
    places = [(400 + 90 * k, 300 - 70 * k) for k in range(orders)]
    scenario = plain(tuple(order(f"o{k}", x, y, mass_kg=1) for k, (x, y) in enumerate(places)), hub_m=(0, 0))
    modes = {**MODES, mode: replace(MODES[mode], charging=charging)}
    hubs = {name: replace(one, **hub) for name, one in scenario.hubs.items()}
    return configured(replace(scenario, modes=modes, hubs=hubs), group(mode, vehicles))


def planned(scenario: Scenario, work: int = 60) -> tuple[Problem, object]:
    """Return problem and plan."""
    problem = tabulate(scenario, "only")
    return problem, solve(problem, replace(scenario.effort, work=work), seed=1)


def test_nothing_is_charged_while_the_battery_lasts() -> None:
    """Where a battery lasts for all trips of a day, charging and changing cost no time at all."""
    free, charged, changed = (
        planned(docked(ROBOT.name, way))[1]
        for way in (Charging(Refill.FUEL), CHARGE, Charging(Refill.SWAP, 1.0, 0.9, 1))
    )
    ends = [[trip.return_s for trip in plan.routes[0].trips] for plan in (free, charged, changed)]
    assert ends[0] == ends[1] == ends[2]


def small(scenario: Scenario, mode: str, trips: float) -> Scenario:
    """Return a scenario whose vehicles' batteries last for so many of its farthest trips."""
    problem = tabulate(scenario, "only")
    each = there_and_back_mwh(problem.fleets[0], problem.option_site, problem.mass_g[problem.option_order])
    battery_wh = trips * each.max() / 1000 / (1 - scenario.modes[mode].reserve_share)
    modes = {**scenario.modes, mode: replace(scenario.modes[mode], battery_wh=float(battery_wh))}
    return replace(scenario, modes=modes)


@pytest.mark.parametrize("trips", [1.01, 2.5])
def test_a_battery_never_gives_more_than_is_in_it(trips: float) -> None:
    """What a day draws, less what its stays at the hub put back at full power, is never more than the battery holds."""
    problem, plan = planned(small(docked(ROBOT.name, CHARGE), ROBOT.name, trips))
    assert check(problem, plan) == ()
    assert plan.unserved == ()
    (route,) = plan.routes
    fleet, lacks, due, charged = problem.fleets[0], 0.0, None, 0.0
    for trip in route.trips:
        idle_s = 0 if due is None else trip.load_s - due
        put_back = min(lacks, idle_s * 100 / 3.6)
        charged += put_back
        lacks += trip_mwh(problem, route, trip) - put_back
        assert lacks <= fleet.energy_mwh + 1e-3
        due = trip.return_s + fleet.turnaround_s
    assert charged > 0


def test_a_stronger_charger_saves_time() -> None:
    """The weaker the charger, the later the last parcel comes; no charging at all is quickest."""
    ends = []
    for power_w in (np.inf, 400.0, 60.0):
        charging = Charging(Refill.CHARGE, power_w, 0.9) if np.isfinite(power_w) else Charging(Refill.FUEL)
        _, plan = planned(small(docked(ROBOT.name, charging), ROBOT.name, 1.01))
        ends.append(plan.routes[0].trips[-1].return_s - plan.routes[0].trips[0].load_s)
    assert ends[0] < ends[1] < ends[2]


@pytest.mark.parametrize("way", [CHARGE, Charging(Refill.SWAP, 20.0, 0.9, 1)])
def test_leaving_before_the_battery_is_full_is_a_violation(way: Charging) -> None:
    """A plan made as if nothing had to be charged breaks the rule where something has, by what is missing."""
    problem = tabulate(small(docked(ROBOT.name, way), ROBOT.name, 1.2), "only")
    _, plan = planned(small(docked(ROBOT.name, Charging(Refill.FUEL)), ROBOT.name, 1.2))
    broken = [violation for violation in check(problem, plan) if violation.rule == "charge"]
    assert broken
    assert all(violation.needs > violation.has for violation in broken)
    assert {violation.unit for violation in broken} == {"s" if way.spares else "mWh"}


@pytest.mark.parametrize("spares", [1, 2])
def test_no_battery_is_used_before_it_is_full(spares: int) -> None:
    """A battery that was taken out is loaded again, with one spare, only after all that it lacked was charged."""
    way = Charging(Refill.SWAP, 30.0, 0.9, spares)
    problem, plan = planned(small(docked(DRONE.name, way), DRONE.name, 1.2))
    assert check(problem, plan) == ()
    assert plan.unserved == ()
    (route,) = plan.routes
    fleet, lacks, out, changes = problem.fleets[0], 0.0, [], 0
    for trip in route.trips:
        used = trip_mwh(problem, route, trip)
        if lacks + used > fleet.energy_mwh + 1e-3:
            if len(out) >= spares:
                assert out[-spares] <= trip.load_s + 1e-3
            out.append(trip.load_s + lacks / (30 / 3.6))
            lacks, changes = 0.0, changes + 1
        lacks += used
    assert changes >= 3


def test_chargers_are_shared() -> None:
    """No more robots charge at once than there are chargers, and each is booked for the longest charge of any trip."""
    scenario = docked(ROBOT.name, CHARGE, vehicles=3, orders=9, chargers=1)
    problem, plan = planned(scenario)
    assert [(thing.name, thing.room) for thing in problem.shared] == [("chargers of hub", 1)]
    fleet = problem.fleets[0]
    assert fleet.refill_mwh_per_s == 0
    each = {trip_mwh(problem, route, trip) for route in plan.routes for trip in route.trips}
    free = tabulate(docked(ROBOT.name, CHARGE, vehicles=3, orders=9), "only").fleets[0]
    assert max(longest_turnaround_s(free, mwh) for mwh in each) <= fleet.turnaround_s
    assert fleet.turnaround_s <= longest_turnaround_s(free, free.energy_mwh)
    assert check(problem, plan) == ()
    assert plan.unserved == ()
    charging = sorted(
        (trip.load_s - fleet.turnaround_s, trip.load_s) for route in plan.routes for trip in route.trips[1:]
    )
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(charging))


@pytest.mark.parametrize("pads", [1, 2])
def test_throughput_is_never_above_pads_over_cycle(pads: int) -> None:
    """In any span drones leave no more often than pads allow, each held for a turnaround and a loading."""
    scenario = docked(DRONE.name, Charging(Refill.SWAP, 600.0, 0.9, 2), vehicles=6, orders=14, pads=pads)
    problem, plan = planned(scenario)
    assert check(problem, plan) == ()
    fleet = problem.fleets[0]
    cycle_s = fleet.turnaround_s + fleet.load_s
    again = sorted(trip.depart_s for route in plan.routes for trip in route.trips[1:])
    assert again
    for k, begin in enumerate(again):
        for j in range(k + 1, len(again)):
            assert (j - k + 1 - pads) * cycle_s <= pads * (again[j] - begin)


@pytest.mark.parametrize("chargers", [1, 2])
def test_throughput_is_never_above_chargers_over_charge(chargers: int) -> None:
    """In any span robots come from their charge no more often than chargers over the time of a charge allow."""
    problem, plan = planned(docked(ROBOT.name, CHARGE, vehicles=5, orders=14, chargers=chargers))
    assert check(problem, plan) == ()
    charge_s = problem.fleets[0].turnaround_s
    assert charge_s > ROBOT.turnaround_s
    charged = sorted(trip.load_s for route in plan.routes for trip in route.trips[1:])
    assert charged
    for k, begin in enumerate(charged):
        for j in range(k + 1, len(charged)):
            assert (j - k + 1 - chargers) * charge_s <= chargers * (charged[j] - begin)


@pytest.mark.parametrize("way", [Charging(Refill.CHARGE, 3000.0, 0.9), Charging(Refill.SWAP, 3000.0, 0.9, 1)])
@pytest.mark.parametrize("trip", [1, 2])
def test_what_has_begun_keeps_its_battery(way: Charging, trip: int) -> None:
    """Planned again in the middle of the day, trips still last by what is in the battery after what has happened."""
    scenario = docked(VAN.name, way, orders=10)
    modes = {**scenario.modes, VAN.name: replace(scenario.modes[VAN.name], max_parcels=2, battery_wh=1900.0)}
    problem, plan = planned(replace(scenario, modes=modes))
    assert check(problem, plan) == ()
    for later in (-200, 60):
        now_s = int(plan.routes[0].trips[trip].depart_s + later)
        locked = freeze(problem, plan, now_s)
        found = solve(problem, replace(scenario.effort, work=30), seed=2, start=plan, locked=locked)
        assert check(problem, found, locked) == ()
        assert len(found.unserved) <= len(plan.unserved)


@pytest.mark.parametrize("seed", range(12))
def test_any_planner_keeps_any_battery(seed: int) -> None:
    """On random days with small batteries, winds by the hour and any way of charging, no plan breaks a rule.

    Nor does one that goes on from it after some of the day has happened.
    """
    rng = np.random.default_rng(seed)
    mode = (DRONE, TROLLEY, VAN)[seed % 3]
    way = Charging(Refill.CHARGE, float(rng.uniform(30, 900)), 0.9)
    if rng.random() < 0.5:
        way = Charging(Refill.SWAP, float(rng.uniform(10, 300)), 0.9, int(rng.integers(1, 4)))
    orders = [
        order(f"o{k}", *rng.uniform(-2500, 2500, 2), mass_kg=1.0, ready_s=float(rng.integers(6, 14)) * HOUR)
        for k in range(9)
    ]
    scenario = plain(tuple(orders), hub_m=(0, 0))
    wind = Wind(np.array([0.0, 10.0, 13.0]), rng.uniform(-6, 6, (3, 2)))
    layers = {**scenario.network.layers, Medium.AIR: Sky(wind=wind)}
    scenario = replace(scenario, network=replace(scenario.network, layers=layers))
    used = {"max_parcels": int(rng.integers(1, 4)), "charging": way}
    scenario = configured(replace(scenario, modes={**MODES, mode.name: replace(mode, **used)}), group(mode.name, 2))
    scenario = small(scenario, mode.name, float(rng.uniform(1.0, 2.5)))
    problem, plan = planned(scenario, 20)
    assert check(problem, plan) == ()
    found = solve(problem, replace(scenario.effort, work=3), seed=seed, planner="ortools")
    assert check(problem, found) == ()
    now_s = int(rng.uniform(9, 15) * HOUR)
    locked = freeze(problem, plan, now_s)
    again = solve(problem, replace(scenario.effort, work=10), seed=seed, start=plan, locked=locked)
    assert check(problem, again, locked) == ()
    assert cost(problem, again) <= cost(problem, plan)
