"""How vehicles get their energy back, and what chargers and pads let through."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import DRONE, HOUR, MODES, ROBOT, VAN, configured, group, order, plain

from doorstep.modes.mode import Charging, Refill
from doorstep.planning.checker import check
from doorstep.planning.locked import freeze
from doorstep.planning.planner import solve
from doorstep.planning.referee import longest_turnaround_s, refill_s, trip_mwh
from doorstep.planning.tables import tabulate

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


def test_a_charge_takes_what_the_trip_drew_over_the_power() -> None:
    """Between two trips a robot stands for its turnaround and for what it drew over the power of its dock."""
    problem, plan = planned(docked(ROBOT.name, CHARGE))
    assert check(problem, plan) == ()
    assert plan.unserved == ()
    (route,) = plan.routes
    assert len(route.trips) == 8
    for before, after in zip(route.trips, route.trips[1:], strict=False):
        needs = np.ceil(trip_mwh(problem, route, before) / 1000 * 3600 / 100)
        assert refill_s(problem, route, before) == needs > 0
        assert after.load_s - before.return_s >= ROBOT.turnaround_s + needs


def test_a_stronger_charger_saves_time() -> None:
    """The weaker the charger, the later the last parcel comes; no charging at all is quickest."""
    ends = []
    for power_w in (np.inf, 400.0, 60.0):
        charging = Charging(Refill.CHARGE, power_w, 0.9) if np.isfinite(power_w) else Charging(Refill.FUEL)
        _, plan = planned(docked(ROBOT.name, charging))
        ends.append(plan.routes[0].trips[-1].return_s - plan.routes[0].trips[0].load_s)
    assert ends[0] < ends[1] < ends[2]


def test_leaving_before_the_charge_is_done_is_a_violation() -> None:
    """A plan made as if nothing had to be charged breaks the turnaround where something has, by the missing seconds."""
    scenario = docked(ROBOT.name, CHARGE)
    problem, slow = tabulate(scenario, "only"), docked(ROBOT.name, Charging(Refill.FUEL))
    _, plan = planned(slow)
    broken = [violation for violation in check(problem, plan) if violation.rule == "turnaround"]
    assert len(broken) == 7
    assert all(violation.needs > violation.has for violation in broken)


def test_spare_batteries_charge_while_the_vehicle_is_out() -> None:
    """A changed battery is waited for only where its spares' turns are over before it is full."""
    free = {}
    for spares in (1, 2):
        problem = tabulate(docked(DRONE.name, Charging(Refill.SWAP, 50.0, 0.9, spares)), "only")
        fleet = problem.fleets[0]
        nearest = min(2 * int(fleet.duration_s[fleet.hub, site]) for site in problem.option_site[fleet.allowed])
        assert fleet.refill_free_s == spares * (DRONE.load_s + nearest)
        free[spares] = fleet.refill_free_s
    assert free[2] == 2 * free[1]
    problem, plan = planned(docked(DRONE.name, Charging(Refill.SWAP, 20.0, 0.9, 1)))
    assert check(problem, plan) == ()
    (route,) = plan.routes
    drawn = [trip_mwh(problem, route, trip) for trip in route.trips]
    for k, mwh in enumerate(drawn[:-2]):
        charged_s = route.trips[k + 2].load_s - route.trips[k].return_s
        assert charged_s >= mwh / 1000 * 3600 / 20


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
    """In any span drones leave no more often than pads allow, each held for a turnaround, a charge and a loading."""
    scenario = docked(DRONE.name, CHARGE, vehicles=6, orders=14, pads=pads)
    problem, plan = planned(scenario)
    assert check(problem, plan) == ()
    fleet = problem.fleets[0]
    cycle_s = fleet.turnaround_s + fleet.load_s
    assert cycle_s > DRONE.turnaround_s + DRONE.load_s
    again = sorted(trip.depart_s for route in plan.routes for trip in route.trips[1:])
    assert again
    for k, begin in enumerate(again):
        for j in range(k + 1, len(again)):
            assert (j - k + 1 - pads) * cycle_s <= again[j] - begin + 1e-9


def test_what_has_begun_waits_for_a_whole_charge() -> None:
    """Planned again in the middle of the day, a charging vehicle's later trips keep the rules of the whole day."""
    scenario = docked(VAN.name, Charging(Refill.CHARGE, 20_000.0, 0.9), orders=10)
    modes = {**scenario.modes, VAN.name: replace(scenario.modes[VAN.name], max_parcels=3)}
    problem, plan = planned(replace(scenario, modes=modes))
    assert check(problem, plan) == ()
    now_s = int(plan.routes[0].trips[1].depart_s + 60)
    locked = freeze(problem, plan, now_s)
    found = solve(problem, replace(scenario.effort, work=30), seed=2, start=plan, locked=locked)
    assert check(problem, found, locked) == ()
    assert now_s > 7 * HOUR
