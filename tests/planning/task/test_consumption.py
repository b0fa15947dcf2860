"""What the energy models of modes come to in plans."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from plain import PRICES, configured, group, order, plain

from doorstep.evaluation.energy import beyond_battery, energy_by_model, energy_kwh
from doorstep.modes.catalog import load_mode, mode_names
from doorstep.modes.energy import Conditions, own_conditions
from doorstep.network.air.flight import Flight
from doorstep.network.air.wind import Wind, steady_wind
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.planning.checker import check, cost
from doorstep.planning.planner import solve
from doorstep.planning.problem import MONEY, MWH
from doorstep.planning.rules.referee import there_and_back_mwh, trip_mwh
from doorstep.planning.task.consumption import BETWEEN, STEPS, conditions_of, draws_of, flying_hours
from doorstep.planning.task.tables import tabulate
from doorstep.planning.task.travel import Travel
from doorstep.simulation.trace import simulate

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario

MODES = {name: load_mode(name) for name in mode_names()}
PAIRS = [(name, key) for name in MODES for key in MODES[name].energy.models]


def town(mode: str, count: int = 2, orders: int = 6, sky: Sky | None = None, kg: float = 1.0) -> Scenario:
    """Return a plain with vehicles of a mode of the catalogue, and orders from 1 to 2 km to the east of the hub."""
    places = tuple(order(f"o{k}", 1000 + 1000 * k / orders, 50.0 * k, mass_kg=kg) for k in range(orders))
    prices = replace(PRICES, energy_per_kwh={**PRICES.energy_per_kwh, "diesel": 0.1},
                     co2e_kg_per_kwh={**PRICES.co2e_kg_per_kwh, "diesel": 0.24},
                     exchange={"EUR": 1.0, "USD": 0.9, "CNY": 0.13})  # fmt: skip
    scenario = replace(plain(places), modes=MODES, prices=prices)
    if sky is not None:
        layers = {**scenario.network.layers, Medium.AIR: sky}
        scenario = replace(scenario, network=replace(scenario.network, layers=layers))
    kinds = [str(kind) for kind in MODES[mode].service_s if kind != "locker"]
    return configured(scenario, group(mode, count, *kinds))


@pytest.mark.parametrize(("name", "key"), PAIRS)
def test_lines_between_loads_are_never_below_the_model(name: str, key: str) -> None:
    """The lines that plans go by lie on their model or above it at any load, by a tenth of a percent at the most."""
    mode = MODES[name]
    conditions = own_conditions(mode)
    most_g = round(mode.payload_kg * 1000)
    draw = draws_of(mode, conditions, most_g)[key]
    loads_g = np.unique(np.linspace(0, most_g, 997).round())
    use = mode.energy.use(key, np.append(loads_g, STEPS * draw.step_g) / 1000, conditions)
    for drawn, joules in ((draw.mwh_per_m, use.j_per_m), (draw.mwh_per_s, use.j_per_s)):
        exact = joules[:-1] / 3.6
        lines = draw.each(drawn, loads_g)
        assert (lines >= exact - 1e-9).all()
        assert (lines <= exact * 1.001 + 1e-9).all()
    places = use.j_per_place[:-1] / 3.6
    assert (draw.each(draw.mwh_per_stop, loads_g) >= places - 1e-9).all()
    assert (draw.each(draw.mwh_per_stop, loads_g) <= places * 1.005 + 1e-9).all()


def test_a_model_above_its_lines_raises_them() -> None:
    """Where a model bulges above the line between two loads, the lines are raised by the bulge, measured."""
    mode = MODES["robovan"]

    class Bulge:
        """A model whose metres rise as the root of the load, which no chord reaches."""

        def use(self, loads_kg: np.ndarray, conditions: Conditions) -> object:  # noqa: ARG002 - the same in all
            """Return the energy by load."""
            from doorstep.modes.energy import Use

            return Use(np.sqrt(loads_kg), 0 * loads_kg, 0 * loads_kg)

    energy = replace(mode.energy, planned="bulge", models={"bulge": Bulge()})
    draw = draws_of(replace(mode, energy=energy), Conditions(5.0), 8000)["bulge"]
    fine_g = np.arange(0, 8001, 1000 // BETWEEN)
    assert (draw.each(draw.mwh_per_m, fine_g) >= np.sqrt(fine_g / 1000) / 3.6 - 1e-9).all()
    assert draw.mwh_per_m[0] > 0


@pytest.mark.parametrize("name", list(MODES))
def test_planner_checker_and_scorecard_agree(name: str) -> None:
    """A plan of any mode of the catalogue keeps every rule, and costs and energy add up from what its trips draw."""
    scenario = town(name)
    problem = tabulate(scenario, "only")
    plan = solve(problem, replace(scenario.effort, work=30), seed=1)
    assert check(problem, plan) == ()
    assert plan.unserved == ()
    drawn = sum(trip_mwh(problem, route, trip) for route in plan.routes for trip in route.trips)
    trace = simulate(problem, plan)
    assert trace.energy_mwh.sum() == drawn
    fleet = problem.fleets[0]
    efficiency = MODES[name].charging.efficiency
    assert energy_kwh(problem, trace) == pytest.approx(drawn / MWH / efficiency)
    free = replace(problem, fleets=(replace(fleet, kwh_cost=0),))
    money = (cost(problem, plan) - cost(free, plan)) / MONEY
    own = MODES[name].ownership
    wear = own.battery_price / (own.battery_cycles * MODES[name].battery_wh / 1000) if own.battery_price else 0.0
    wear *= scenario.prices.exchange[own.currency]
    price = scenario.prices.energy_per_kwh[MODES[name].carrier] / efficiency
    assert money == pytest.approx(drawn / MWH * (price + wear), abs=1e-6)


def test_energy_by_model_begins_with_the_planned_one() -> None:
    """Of each mode every model is told, the planned one first and equal to what the day used, the others apart."""
    scenario = town("quadcopter")
    problem = tabulate(scenario, "only")
    plan = solve(problem, replace(scenario.effort, work=30), seed=1)
    found = energy_by_model(problem, plan)
    assert list(found) == ["quadcopter"]
    assert list(found["quadcopter"]) == ["rodrigues", "dandrea", "momentum"]
    assert found["quadcopter"]["rodrigues"] == pytest.approx(energy_kwh(problem, simulate(problem, plan)))
    assert found["quadcopter"]["dandrea"] > 1.1 * found["quadcopter"]["rodrigues"]
    assert beyond_battery(problem, plan) == {}
    small = replace(problem.fleets[0], energy_mwh=1.0)
    assert beyond_battery(replace(problem, fleets=(small,)), plan)["quadcopter"]["dandrea"] == 6


def test_a_drone_comes_home_empty() -> None:
    """A flight with a parcel takes what the model gives loaded out and empty back, with two climbs and one hover."""
    problem = tabulate(town("quadcopter", orders=1, kg=2.0), "only")
    fleet, mode = problem.fleets[0], MODES["quadcopter"]
    (site,) = set(problem.option_site.tolist())
    use = mode.energy.use("rodrigues", np.array([0.0, 2.0, 2.3]), own_conditions(mode))
    out_s, back_s = int(fleet.duration_s[fleet.hub, site]), int(fleet.duration_s[site, fleet.hub])
    joules = out_s * use.j_per_s[1] + back_s * use.j_per_s[0] + use.j_per_place[1]
    each = there_and_back_mwh(fleet, np.array([site]), np.array([2000]))
    assert each[0] == pytest.approx(joules / 3.6, rel=2e-3)
    energy = next(verdict for verdict in fleet.verdicts if verdict.rule == "energy")
    assert energy.needs[0] == pytest.approx(each[0] / 1000)


def test_a_head_wind_takes_more_than_a_tail_wind_gives_back() -> None:
    """There and back along the wind takes more energy than in still air, by no less than 1 / (1 - (w / v)²)."""
    still, windy = (
        tabulate(town("quadcopter", orders=1, sky=sky), "only") for sky in (Sky(), Sky(wind=steady_wind(7.5, 0.0)))
    )
    site, load = np.array([still.option_site[0]]), np.array([1000])
    level = [there_and_back_mwh(p.fleets[0], site, load)[0] - p.fleets[0].draw.mwh_per_stop[0] for p in (still, windy)]
    assert level[1] / level[0] == pytest.approx(1 / (1 - 0.5**2), rel=0.06)


def test_climbs_of_the_scenario_take_the_place_of_the_modes() -> None:
    """Where a scenario gives altitude and speeds, climbs count by them and once; a higher flight takes more."""
    low, high = (tabulate(town("quadcopter", orders=1, sky=Sky(flight=Flight(h, 4.0, 3.0))), "only") for h in (60, 120))
    bare = tabulate(town("quadcopter", orders=1), "only")
    site, load = np.array([bare.option_site[0]]), np.array([2000])
    needs = [there_and_back_mwh(problem.fleets[0], site, load)[0] for problem in (bare, low, high)]
    assert 0.92 * needs[0] < needs[1] <= needs[0]  # by itself a mode counts its second climb as with the largest load
    assert needs[2] > needs[1] * 1.05
    timed = conditions_of(MODES["quadcopter"], town("quadcopter", sky=Sky(flight=Flight(90.0, 3.0))).network, ways())
    assert (timed.climb_s, timed.climb_timed, timed.descent_timed) == (30.0, True, False)
    assert (timed.descent_m, timed.descent_s) == (90.0, MODES["quadcopter"].descent_s)


@cache
def ways() -> object:
    """Return flights over the plain."""
    return Travel(town("quadcopter")).by_hour(Medium.AIR, 15.0)


def test_the_way_filter_never_refuses_what_lasts() -> None:
    """What the search takes a metre for at the least is no more than any way of the tables takes for it."""
    for name in MODES:
        problem = tabulate(town(name), "only")
        fleet = problem.fleets[0]
        sites = problem.option_site
        each = there_and_back_mwh(fleet, sites, np.zeros(len(sites), np.int64))
        metres = fleet.distance_m[fleet.hub, sites] + fleet.distance_m[sites, fleet.hub]
        assert (metres * fleet.energy_mwh_per_m + fleet.energy_mwh_per_stop <= each + 1e-6).all()
        assert fleet.energy_mwh_per_m > 0


def test_too_far_for_the_battery_is_told_with_numbers() -> None:
    """An order beyond what the battery lasts for is left out with what it needs and what there is, in watt-hours."""
    scenario = town("quadcopter", orders=1)
    modes = {**MODES, "quadcopter": replace(MODES["quadcopter"], battery_wh=50.0)}
    plan = solve(tabulate(replace(scenario, modes=modes), "only"), scenario.effort, seed=1)
    (left,) = plan.unserved
    (reason,) = [reason for reason in left.reasons if reason.rule == "energy"]
    assert reason.has == pytest.approx(40)
    assert reason.needs > reason.has
    assert reason.unit == "Wh"


def test_too_heavy_is_told_with_the_vehicles_own_limit() -> None:
    """An order beyond a vehicle's payload is left out with its mass and that limit."""
    plan = solve(tabulate(town("quadcopter", orders=1, kg=5.0), "only"), town("quadcopter").effort, seed=1)
    reasons = {reason.rule: (reason.needs, reason.has, reason.unit) for reason in plan.unserved[0].reasons}
    assert reasons["mass"] == (5.0, 2.3, "kg")


def test_wind_beyond_the_limit_all_day_is_a_reason() -> None:
    """Where more wind blows all day than a drone flies in, nothing is flown, and the reason names wind and limit."""
    scenario = town("quadcopter", sky=Sky(wind=steady_wind(11.0, 0.0)))
    plan = solve(tabulate(scenario, "only"), scenario.effort, seed=1)
    assert len(plan.unserved) == 6
    for left in plan.unserved:
        (reason,) = [reason for reason in left.reasons if reason.rule == "wind"]
        assert (reason.needs, reason.has, reason.unit) == (11.0, 10.0, "m/s")


def test_drones_keep_to_the_calm_part_of_the_day() -> None:
    """Where the wind passes the limit for some hours, drones are out only in the longest part of the day without."""
    wind = Wind(np.array([0.0, 9.0, 11.0, 16.0]), np.array([[3.0, 0], [12.0, 0], [5.0, 0], [14.0, 0]]))
    scenario = town("quadcopter", sky=Sky(wind=wind))
    hours, told = flying_hours(MODES["quadcopter"], scenario.network, scenario.work.hours)
    assert (hours.open_s, hours.close_s) == (11 * 3600.0, 16 * 3600.0)
    assert told == (3.0, 10.0)
    problem = tabulate(scenario, "only")
    plan = solve(problem, scenario.effort, seed=1)
    assert check(problem, plan) == ()
    assert plan.unserved == ()
    assert all(trip.load_s >= 11 * 3600 and trip.return_s <= 16 * 3600 for r in plan.routes for trip in r.trips)
