"""Turn a scenario and one of its configurations into the whole-number tables of a Problem."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.demand.order import Window
from doorstep.errors import InputError
from doorstep.handover import Handover, Size
from doorstep.modes.catalog import load_chance
from doorstep.modes.energy import usable_wh
from doorstep.modes.rates import Per, locker_per_day, overtime_rates, rates_of
from doorstep.network.air.flight import Flight
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.planning.clock.refills import steady_refills, with_refill
from doorstep.planning.problem import DELIVER, FAR, MANY, MONEY, Fleet, Problem
from doorstep.planning.rules.reach import judge
from doorstep.planning.task.carrying import ANYWHERE, carried_groups, with_carried
from doorstep.planning.task.consumption import conditions_of, draws_of, flying_hours, pace_s_per_m
from doorstep.planning.task.decisions import moments
from doorstep.planning.task.options import delivery_options
from doorstep.planning.task.recourse import with_recourse
from doorstep.planning.task.things import shared_things
from doorstep.planning.task.travel import Travel
from doorstep.scenario.laws import crowds

if TYPE_CHECKING:
    from doorstep.lockers.locker import Locker
    from doorstep.modes.mode import Mode
    from doorstep.modes.rates import Rate
    from doorstep.network.network import Network
    from doorstep.planning.task.options import Options
    from doorstep.scenario.scenario import Configuration, Scenario, VehicleGroup

_LONGEST_S, _MOST_COST = 2 * 86_400, 1 << 61
ENDLESS = 10**12
"""Stands for a limit that there is not."""


def tabulate(scenario: Scenario, configuration: str, travel: Travel | None = None) -> Problem:
    """Return the problem of one configuration; `travel` keeps travel times between calls.

    Raises
    ------
    InputError
        If the scenario has no such configuration.
    """
    chosen = next((c for c in scenario.configurations if c.name == configuration), None)
    if chosen is None:
        names = ", ".join(c.name for c in scenario.configurations)
        raise InputError.of("configuration", f"no configuration '{configuration}'", f"choose one of {names}")
    travel = travel or Travel(scenario)
    options = delivery_options(scenario, chosen, travel)
    fleets = [_fleet(scenario, group, options, travel) for group in chosen.vehicles if group.count > 0]
    carried = [_fleet(scenario, group, options, travel, carried=True) for group in carried_groups(chosen)]
    own = [_kinds(options, group.handover) & fleet.allowed for group, fleet in _pairs(chosen, fleets)]
    own += [fleet.allowed for fleet in carried]
    own_reach = _by_order(len(scenario.orders), options, own)
    prices = scenario.prices
    banks = list(scenario.lockers.values())
    problem = Problem(
        configuration=chosen.name,
        order_ids=tuple(o.id for o in scenario.orders),
        site_xy_m=travel.site_xy_m,
        hubs=tuple(scenario.hubs),
        lockers=tuple(scenario.lockers),
        mass_g=_whole([o.mass_kg * 1000 for o in scenario.orders]),
        volume_ml=_whole([o.volume_l * 1000 for o in scenario.orders]),
        sizes=tuple(o.size for o in scenario.orders),
        placed_s=_whole([o.placed_s for o in scenario.orders]),
        # A return is no load that its trip waits for: when it can be fetched is in its options.
        ready_s=_whole([0 if o.is_return else o.ready_s for o in scenario.orders]),
        promise_s=_whole([o.promise_s for o in scenario.orders]),
        unserved_cost=np.array([_price(prices.unserved_price * o.parcels) for o in scenario.orders], np.int64),
        bundle=np.array([o.parcels for o in scenario.orders], np.int64),
        late_cost=round(prices.late_per_hour * MONEY / 3600),
        option_order=options.order,
        option_site=options.site,
        option_kind=options.kind,
        option_locker=options.locker,
        option_open_s=options.open_s,
        option_close_s=options.close_s,
        option_part=options.part,
        option_mate=np.full(len(options.kind), -1, np.int64),
        option_walk_m=options.walk_m,
        option_dwell_s=options.dwell_s,
        locker_hours_s=np.array([(bank.open_s, bank.close_s) for bank in banks], float).reshape(-1, 2),
        locker_room=_whole([[bank.free_from(size) for size in Size] for bank in banks]).reshape(-1, len(Size)),
        locker_cost=_whole([locker_per_day(bank.size, prices) * MONEY for bank in banks]),
        hub_cost=_whole([prices.hub_per_day * MONEY for _ in scenario.hubs]),
        fleets=(
            *(_with_reserve(group, fleet, options, own_reach) for group, fleet in _pairs(chosen, fleets)),
            *carried,
        ),
        refusals=options.refusals,
        own_reach=own_reach,
        shared=shared_things(scenario, chosen, [*fleets, *carried]),
        wage_cost=round(prices.driver_per_hour * MONEY / 3600),
        locker_held=_whole([[_held(bank, size) for size in Size] for bank in banks]).reshape(-1, len(Size)),
    )
    problem = with_recourse(problem, scenario.chance or load_chance("usual"))
    problem = dataclasses.replace(problem, fleets=with_carried(scenario, chosen, problem.fleets))
    problem = dataclasses.replace(problem, fleets=steady_refills(problem), **_decisions(scenario, chosen, problem))
    _ask_countable(problem)
    return problem


def _decisions(scenario: Scenario, chosen: Configuration, problem: Problem) -> dict[str, Any]:
    """Return when a configuration's trips are planned, and which orders are known by then."""
    if chosen.dispatch is None:
        return {}
    # Of orders of one household that go as one, all are known when the last of them is ready.
    joined = problem.bundle is not None and problem.bundle > 1
    placed_s = np.where(joined, np.maximum(problem.placed_s, problem.ready_s), problem.placed_s)
    hours = scenario.work.hours
    decisions_s, known_s = moments(chosen.dispatch, placed_s, hours.open_s, hours.close_s)
    return {"decisions_s": decisions_s, "known_s": known_s}


def _held(bank: Locker, size: Size) -> int:
    """Return how many compartments of at least a size hold parcels of earlier days."""
    return sum(n for other, n in bank.taken.items() if other.rank >= size.rank)


def _ask_countable(problem: Problem) -> None:
    """Raise InputError where a plan could cost more than whole numbers of 64 bits can count."""
    orders = max(1, len(problem.order_ids))
    each = int(problem.unserved_cost.max(initial=0)) + problem.late_cost * _LONGEST_S
    fixed = int(problem.hub_cost.sum()) + int(problem.locker_cost.sum())
    for fleet in problem.fleets:
        metres = 2 * int(fleet.distance_m[fleet.distance_m < FAR].max(initial=0))
        trip = fleet.trip_cost + fleet.stop_cost + fleet.metre_cost * metres
        route = fleet.vehicle_cost + (fleet.duty_cost + fleet.away_cost) * _LONGEST_S
        if min(fleet.count, orders) * route + orders * (each + trip) + fixed >= _MOST_COST:
            what = f"a day of {min(fleet.count, orders)} x {fleet.mode} could cost more than can be counted exactly"
            fix = f"look at the prices that {fleet.mode} costs, and at those of late and unserved orders"
            raise InputError.of(problem.configuration, what, fix, "beyond-measure")


def _vertical_s(mode: Mode, network: Network) -> float:
    """Return how long a mode comes down and rises at each stop, as far as its flights do not take that time already."""
    sky = network.layers[Medium.AIR]
    flight = sky.flight if isinstance(sky, Sky) else Flight()
    timed = flight.cruise_m is not None
    descent_s = 0.0 if timed and flight.descent_mps < np.inf else mode.descent_s
    return descent_s + (0.0 if timed and flight.climb_mps < np.inf else mode.climb_s)


def _fleet(
    scenario: Scenario, group: VehicleGroup, options: Options, travel: Travel, *, carried: bool = False
) -> Fleet:
    """Return the tables of one group of vehicles, `allowed` being what one vehicle could do.

    What is `carried` is loaded by the crew of its van, and leaves the hub only with that.
    """
    mode, prices, work = scenario.modes[group.mode], scenario.prices, scenario.work
    if carried:
        mode = dataclasses.replace(mode, loading_staff=0)
    lawful = Window(max(work.hours.open_s, mode.opens_s), min(work.hours.close_s, mode.closes_s))
    hours, wind_mps = flying_hours(mode, scenario.network, lawful)
    ways = travel.by_hour(mode.medium, mode.max_speed_mps, hours)
    draws = draws_of(mode, conditions_of(mode, scenario.network, ways), _limit(mode.payload_kg * 1000))
    planned, *others = draws.items()
    draw = planned[1]
    kinds = group.handover | group.reserve
    found = (*rates_of(mode, prices), *overtime_rates(mode, prices, work.overtime_premium))
    setup_s = {kind: spent_s + _vertical_s(mode, scenario.network) for kind, spent_s in mode.setup_s.items()}
    lost_s = {kind: scenario.absence.lost_s(kind, setup_s.get(kind, 0)) for kind in kinds} if scenario.absence else {}
    fleet = Fleet(
        mode=mode.name,
        count=group.count,
        hub=list(scenario.hubs).index(group.hub),
        duration_s=ways.least_s,
        distance_m=ways.distance_m,
        handover=kinds,
        verdicts=(),
        allowed=np.zeros(len(options.kind), bool),
        last_resort=np.zeros(len(options.kind), bool),
        service_s=_whole([mode.service_s.get(kind, 0) + lost_s.get(kind, 0) for kind in options.kind]),
        setup_s=_whole([setup_s.get(kind, 0) for kind in options.kind]),
        mass_g=_limit(mode.payload_kg * 1000),
        volume_ml=_limit(mode.capacity_l * 1000),
        max_parcels=mode.max_parcels,
        load_s=round(mode.load_s),
        turnaround_s=round(mode.turnaround_s),
        max_trips=MANY,
        open_s=round(hours.open_s),
        close_s=round(hours.close_s),
        shift_s=round(work.shift_s) if mode.has_driver else max(0, round(hours.close_s - hours.open_s)),
        break_after_s=round(work.break_after_s) if mode.has_driver else 0,
        break_s=round(work.break_s),
        range_m=_limit(mode.range_m),
        energy_mwh=_limit(usable_wh(mode) * 1000),
        energy_mwh_per_m=float(draw.mwh_per_m[0] + draw.mwh_per_s[0] * pace_s_per_m(ways)),
        energy_mwh_per_stop=float(draw.mwh_per_stop[0]),
        draw=draw,
        draw_model=planned[0],
        other_draws=tuple(others),
        kwh_at_plug=1 / mode.charging.efficiency,
        co2e_kg_per_kwh=prices.co2e_kg_per_kwh[mode.carrier] / mode.charging.efficiency,
        rates=found,
        vehicle_cost=_cost(found, Per.VEHICLE),
        trip_cost=_cost(found, Per.TRIP),
        stop_cost=_cost(found, Per.STOP),
        metre_cost=_cost(found, Per.METRE),
        duty_cost=_cost(found, Per.DUTY_SECOND),
        away_cost=_cost(found, Per.AWAY_SECOND),
        paid_least_s=round(work.paid_least_s) if mode.has_driver else 0,
        overtime_after_s=round(min(work.overtime_after_s, MANY)) if mode.has_driver else MANY,
        overtime_cost=_cost(found, Per.OVERTIME_SECOND),
        kwh_cost=_cost(found, Per.KWH),
        period_from_s=ways.from_s,
        period_duration_s=ways.duration_s,
    )
    people = crowds(scenario, mode.medium, travel.site_xy_m)
    stray_m = travel.strays(mode.medium)
    if carried:
        stray_m = np.where(np.arange(len(stray_m)) == fleet.hub, 0.0, stray_m)
    verdicts = judge(scenario, fleet, options, stray_m, people, wind_mps)
    if carried:
        verdicts = tuple(verdict for verdict in verdicts if verdict.rule in ANYWHERE)
    allowed = _kinds(options, kinds)
    for verdict in verdicts:
        allowed &= verdict.needs <= verdict.has
    fleet = dataclasses.replace(fleet, verdicts=verdicts, allowed=allowed)
    if carried:
        return dataclasses.replace(fleet, count=0, allowed=allowed & (options.part == DELIVER))
    return with_refill(fleet, mode.charging)


def _with_reserve(group: VehicleGroup, fleet: Fleet, options: Options, own_reach: np.ndarray) -> Fleet:
    """Return the fleet with its reserve kinds kept for the orders that nobody else can reach."""
    could, reached = fleet.allowed, own_reach[options.order]
    own, reserve = _kinds(options, group.handover), _kinds(options, group.reserve - group.handover)
    return dataclasses.replace(
        fleet, allowed=could & (own | (reserve & ~reached)), last_resort=could & reserve & reached
    )


def _pairs(chosen: Configuration, fleets: list[Fleet]) -> list[tuple[VehicleGroup, Fleet]]:
    return list(zip((group for group in chosen.vehicles if group.count > 0), fleets, strict=True))


def _kinds(options: Options, kinds: frozenset[Handover]) -> np.ndarray:
    return np.array([kind in kinds for kind in options.kind], bool)


def _by_order(orders: int, options: Options, masks: list[np.ndarray]) -> np.ndarray:
    reached = np.zeros(orders, bool)
    for mask in masks:
        reached[options.order[mask]] = True
    return reached


def _cost(found: tuple[Rate, ...], per: Per) -> int:
    """Return the money of one unit of a driver of cost, each line rounded by itself so that lines add up."""
    return sum(round(rate.amount * MONEY) for rate in found if rate.per == per)


def _price(amount: float) -> int:
    """Return money in whole numbers; what is beyond counting is refused later, by `_ask_countable`."""
    return min(round(amount * MONEY), _MOST_COST)


def _limit(amount: float) -> int:
    return int(min(amount, ENDLESS))


def _whole(amounts: list[float] | list[list[int]]) -> np.ndarray:
    whole: np.ndarray = np.rint(np.array(amounts, float)).astype(np.int64)
    return whole
