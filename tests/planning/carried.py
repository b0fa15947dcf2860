"""Small scenarios of a van with drones or robots, and all rows of tasks that there are for them."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np
from plain import HOUR, OWNERSHIP, configured, group, order, plain

from doorstep.demand.order import Window
from doorstep.handover import Handover
from doorstep.modes.catalog import load_mode
from doorstep.modes.mode import Charging, Refill
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Carried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.planning.problem import Problem
    from doorstep.scenario.scenario import Scenario

CHEAP = replace(OWNERSHIP, price=400, wear_per_km=0.01, insurance_per_day=0)
DRONES = Carried("quadcopter", 2, frozenset({Handover.YARD}), 60, 30, 60, 500, 8, 100)
ROBOTS = Carried("sidewalk-robot", 2, frozenset({Handover.KERB}), 60, 30, 60, 100, 30, 100)


def carrying(scenario: Scenario, carried: Carried, vans: int = 1, **numbers: object) -> Scenario:
    """Return the scenario with vans that carry, their load a cheap mode of the catalogue with some numbers changed."""
    known = load_mode(carried.mode)
    mode = replace(known, ownership=replace(CHEAP, currency="EUR"), **numbers)
    van = replace(group("van", vans, "door"), carries=carried)
    return replace(configured(scenario, van), modes={**scenario.modes, carried.mode: mode})


def drawn(seed: int, orders: int, vans: int = 1) -> Scenario:
    """Return a scenario at random in which batteries, windows, payloads and breaks bind now and then."""
    rng = np.random.default_rng(seed)
    made = []
    for k in range(orders):
        opens = float(rng.choice([0, 0, 0, 9, 10])) * HOUR
        made.append(
            order(
                f"o{k + 1}",
                *(float(x) for x in rng.uniform(-1500, 1500, 2)),
                mass_kg=float(rng.choice([0.3, 1, 2.2, 5])),
                window=Window(opens, opens + float(rng.choice([1, 3])) * HOUR if opens else 20 * HOUR),
                promise_s=float(rng.choice([8.6, 9.5, 20])) * HOUR,
                landing_place=bool(rng.random() < 0.8),
            )
        )
    count, same, mass_kg = int(rng.integers(1, 3)), bool(rng.random() < 0.7), float(rng.choice([8, 45]))
    scenario = replace(plain(tuple(made), work=40), traffic_factor=float(rng.choice([1, 2.5])))
    scenario = replace(scenario, prices=replace(scenario.prices, late_per_hour=float(rng.choice([0, 6]))))
    if seed % 3 == 2:
        carried = replace(ROBOTS, count=count, same_stop=same, mass_kg=mass_kg)
        usable = float(rng.choice([60, 110, 400]))
        return carrying(scenario, carried, vans, battery_wh=usable, max_speed_mps=3.0)
    carried = replace(DRONES, count=count, same_stop=same, mass_kg=mass_kg)
    spares = Charging(Refill.SWAP, 600, 1.0, float(rng.integers(0, 3)))
    return carrying(scenario, carried, vans, battery_wh=float(rng.choice([90, 160, 400])), charging=spares)


def problem_of(scenario: Scenario) -> Problem:
    """Return the problem of the only configuration."""
    return tabulate(scenario, "only")


def all_rows(problem: Problem) -> Iterator[list[int]]:
    """Yield every sequence of tasks of one van on one trip that brings every order, by itself or by what it carries."""
    options = len(problem.option_order)
    orders = range(len(problem.order_ids))
    van = [np.flatnonzero(problem.fleets[0].allowed & (problem.option_order == k)) for k in orders]
    flown = [np.flatnonzero(problem.fleets[1].allowed & (problem.option_order == k)) for k in orders]
    for ways in product(*([*((0, int(o)) for o in van[k]), *((1, int(o)) for o in flown[k])] for k in orders)):
        stops = [option for way, option in ways if way == 0]
        sorties = [option for way, option in ways if way == 1]
        slots = 2 * len(stops)
        spans = [(a, b) for a in range(slots) for b in range(a, slots)]
        for tour in permutations(stops):
            for chosen in product(spans, repeat=len(sorties)):
                yield from _sequences(tour, tuple(zip(sorties, chosen, strict=True)), options)


def _sequences(
    tour: tuple[int, ...], sorties: tuple[tuple[int, tuple[int, int]], ...], options: int
) -> Iterator[list[int]]:
    """Yield the rows with every order of the launches and recoveries within each slot, before and after a stop."""
    slots: list[list[tuple[int, int]]] = [[] for _ in range(2 * len(tour))]
    for option, (start, end) in sorties:
        slots[start].append((0, option))
        slots[end].append((1, option))
    for orders in product(*(permutations(slot) for slot in slots)):
        row = [-1]
        for k, tasks in enumerate(orders):
            early = k % 2 == 0
            row += [((3 if early else 1) + way) * options + option for way, option in tasks]
            row += [tour[k // 2]] if early else []
        yield row
