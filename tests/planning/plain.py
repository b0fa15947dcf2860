"""Small scenarios on an open plain, where every way is a straight line."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.demand.order import Dwelling, Order, Window
from doorstep.handover import Handover, Size
from doorstep.lockers.locker import Locker
from doorstep.modes.energy import Energy
from doorstep.modes.mode import Mode, Ownership, PriceBook
from doorstep.modes.wheels import Constant
from doorstep.network.network import Doors, KnownRoadside, Legs, Medium, Network, Pace, Snaps
from doorstep.planning.clock.schedule import ARRIVE, LEAVE, METRES, PAUSE, PAUSE_BACK, START
from doorstep.planning.clock.timing import RULES as TIMING_RULES
from doorstep.planning.draft import Given
from doorstep.planning.plan import Plan, Route, Stop, Trip, Unserved
from doorstep.scenario.scenario import Configuration, Effort, Hub, Scenario, VehicleGroup, WorkRules

if TYPE_CHECKING:
    from doorstep.planning.problem import Problem

HOUR = 3600.0


@dataclass(frozen=True)
class Plain:
    """A layer without obstacles."""

    def snap(self, xy_m: np.ndarray) -> Snaps:
        """Return the places themselves."""
        n = len(xy_m)
        return Snaps(np.asarray(xy_m, float), np.zeros(n), np.full(n, -1), np.zeros(n))

    def legs(self, origins: Snaps, destinations: Snaps, pace: Pace) -> Legs:
        """Return straight lines."""
        metres = np.hypot(*(origins.xy_m[:, None, :] - destinations.xy_m[None, :, :]).transpose(2, 0, 1))
        return Legs(metres / pace.max_speed_mps * pace.traffic_factor, metres)

    def paths(self, origins: Snaps, destinations: Snaps, pace: Pace) -> list[np.ndarray]:  # noqa: ARG002
        """Return straight lines."""
        return [np.stack(pair) for pair in zip(origins.xy_m, destinations.xy_m, strict=True)]


def constant(wh_per_m: float, wh_per_place: float = 0.0) -> Energy:
    """Return the energy of a vehicle that uses the same whatever it carries."""
    return Energy("constant", {"constant": Constant(wh_per_m, wh_per_place)})


OWNERSHIP = Ownership(
    price=20000,
    currency="EUR",
    life_years=5,
    wear_per_km=0.05,
    battery_price=0,
    battery_cycles=math.inf,
    site_price=0,
    site_life_years=10,
    insurance_per_day=2,
)
VAN = Mode(
    name="van",
    label="van",
    medium=Medium.ROAD,
    max_speed_mps=10,
    payload_kg=100,
    capacity_l=1000,
    max_parcels=100,
    service_s={Handover.DOOR: 120, Handover.LOCKER: 30},
    setup_s={Handover.DOOR: 60, Handover.LOCKER: 90},
    load_s=600,
    turnaround_s=300,
    range_m=math.inf,
    battery_wh=40000,
    reserve_share=0.2,
    energy=constant(0.25),
    carrier="electricity",
    has_driver=True,
    vehicles_per_operator=math.inf,
    loading_staff=0,
    ownership=OWNERSHIP,
)
DRONE = replace(
    VAN,
    name="quadcopter",
    medium=Medium.AIR,
    max_speed_mps=15,
    payload_kg=2.5,
    capacity_l=15,
    max_parcels=1,
    service_s={Handover.YARD: 40},
    setup_s={Handover.YARD: 30},
    load_s=60,
    turnaround_s=60,
    range_m=20000,
    battery_wh=600,
    energy=constant(0.02, 5),
    has_driver=False,
    vehicles_per_operator=10,
    loading_staff=1,
)
ROBOT = replace(
    DRONE,
    name="sidewalk-robot",
    medium=Medium.PATH,
    max_speed_mps=1.6,
    payload_kg=10,
    capacity_l=40,
    service_s={Handover.KERB: 120},
    setup_s={Handover.KERB: 0},
    range_m=6000,
)
TROLLEY = replace(
    ROBOT,
    name="robovan",
    medium=Medium.ROAD,
    max_speed_mps=5,
    payload_kg=60,
    capacity_l=300,
    max_parcels=6,
    range_m=30000,
)
MODES = {mode.name: mode for mode in (VAN, DRONE, ROBOT, TROLLEY)}
PRICES = PriceBook(
    name="plain",
    label="plain",
    currency="EUR",
    year=2024,
    driver_per_hour=20,
    operator_per_hour=20,
    loader_per_hour=15,
    energy_per_kwh={"electricity": 0.2},
    co2e_kg_per_kwh={"electricity": 0.25},
    interest_rate=0.05,
    operating_days=300,
    exchange={"EUR": 1.0},
    locker_price=10000,
    locker_compartments=80,
    locker_life_years=10,
    locker_running_per_day=1,
    hub_per_day=5,
    unserved_price=50,
    late_per_hour=2,
    ownership={},
)


def group(mode: str, count: int, *kinds: str, reserve: tuple[str, ...] = ()) -> VehicleGroup:
    """Return vehicles at the only hub."""
    own = frozenset(map(Handover, kinds)) if kinds or reserve else frozenset(MODES[mode].service_s)
    return VehicleGroup(mode, count, "hub", own, frozenset(map(Handover, reserve)))


CONFIGURATIONS = (
    Configuration("courier", (group("van", 4),)),
    Configuration("drone", (group("quadcopter", 4), group("van", 2, reserve=("door",)))),
    Configuration("robot", (group("sidewalk-robot", 6), group("van", 2, reserve=("door",)))),
    Configuration("locker", (group("van", 4, "locker", reserve=("door",)),), ("square",)),
    Configuration(
        "mixed",
        (group("van", 4, "door", "locker"), group("quadcopter", 4), group("sidewalk-robot", 6)),
        ("square",),
        ("courier", "drone", "robot", "locker"),
    ),
)


def configured(scenario: Scenario, *groups: VehicleGroup, lockers: tuple[str, ...] = ()) -> Scenario:
    """Return the scenario with one configuration, called `only`."""
    return replace(scenario, configurations=(Configuration("only", groups, lockers),))


def changed(scenario: Scenario, mode: str, **numbers: object) -> Scenario:
    """Return the scenario with some numbers of one mode changed."""
    return replace(scenario, modes={**scenario.modes, mode: replace(scenario.modes[mode], **numbers)})


def order(name: str, x_m: float, y_m: float = 0.0, **numbers: object) -> Order:
    """Return a light order of a house with a garden, due all day, that accepts everything."""
    plainly = Order(
        id=name,
        x_m=x_m,
        y_m=y_m,
        mass_kg=1,
        volume_l=4,
        size=Size.S,
        placed_s=7 * HOUR,
        ready_s=8 * HOUR,
        window=Window(0, 20 * HOUR),
        promise_s=20 * HOUR,
        dwelling=Dwelling.HOUSE,
        landing_place=True,
        accepts=frozenset(Handover),
        walk_limit_m=600,
    )
    return replace(plainly, **numbers)


def random_orders(n: int, seed: int, *, spread_m: float = 1500, same_day: bool = False) -> tuple[Order, ...]:
    """Return orders round the middle of the plain."""
    rng = np.random.default_rng(seed)
    orders = []
    for i in range(n):
        x, y = rng.uniform(-spread_m, spread_m, 2)
        ready = 8 * HOUR + (rng.uniform(0, 6) * HOUR if same_day else 0)
        close = ready + 5 * HOUR if rng.random() < 0.3 else 20 * HOUR
        mass = float(rng.lognormal(0, 0.8))
        accepts = {Handover.DOOR} | {k for k in (Handover.KERB, Handover.YARD, Handover.LOCKER) if rng.random() < 0.7}
        orders.append(
            Order(
                id=f"o{i + 1}",
                x_m=float(x),
                y_m=float(y),
                mass_kg=mass,
                volume_l=mass * 4,
                size=Size.S if mass < 1 else Size.M if mass < 3 else Size.L,
                placed_s=ready - HOUR,
                ready_s=ready,
                window=Window(0, close),
                promise_s=ready + 4 * HOUR,
                dwelling=Dwelling.HOUSE if rng.random() < 0.6 else Dwelling.FLAT,
                landing_place=bool(rng.random() < 0.6),
                accepts=frozenset(accepts),
                walk_limit_m=600,
            )
        )
    return tuple(orders)


def plain(orders: tuple[Order, ...], *, work: int = 60, hub_m: tuple[float, float] = (2000, 0)) -> Scenario:
    """Return a scenario with one hub, one locker and five configurations."""
    network = Network(
        crs="EPSG:32635",
        extent_m=(-5000, -5000, 5000, 5000),
        layers=dict.fromkeys(Medium, Plain()),
        roadside=KnownRoadside(Doors(np.zeros((0, 2)), np.zeros(0, bool), np.zeros(0)), np.zeros((0, 2))),
        origin="a plain",
        made_up=True,
    )
    return Scenario(
        name="plain",
        description="",
        seed=1,
        network=network,
        snap_limit_m=250,
        traffic_factor=1,
        walk_speed_mps=1.3,
        orders=orders,
        hubs={"hub": Hub("hub", *hub_m)},
        lockers={"square": Locker("square", 0, 0, {Size.S: 4, Size.M: 3, Size.L: 2})},
        locker_options=3,
        modes=MODES,
        prices=PRICES,
        work=WorkRules(Window(7 * HOUR, 21 * HOUR), 9 * HOUR, 6 * HOUR, 0.5 * HOUR),
        configurations=CONFIGURATIONS,
        effort=Effort(work, 60),
    )


def option_of(problem: Problem, name: str, kind: str) -> int:
    """Return the delivery option of an order by one kind of handover."""
    here = problem.order_ids.index(name)
    return next(o for o, k in enumerate(problem.option_kind) if k == kind and problem.option_order[o] == here)


def plan_of(problem: Problem, routes: list[tuple[int, list[int]]]) -> Plan:
    """Return the timed plan of rows (see timing), everything else unserved; vehicles are numbered as they come."""
    timed, used = [], [0] * len(problem.fleets)
    given = Given(problem)
    for f, row in routes:
        rule, needs, has, _, out = given.time(f, row)
        assert rule == 0, (TIMING_RULES[rule], needs, has)
        heads = [*(p for p, o in enumerate(row) if o < 0), len(row)]
        rest, trips, pauses = problem.fleets[f].break_s, [], []
        for i, j in itertools.pairwise(heads):
            stops = [Stop(row[p], *(int(out[k, p]) for k in (ARRIVE, START, LEAVE))) for p in range(i + 1, j)]
            load, depart, back, metres = (int(out[k, i]) for k in (ARRIVE, START, LEAVE, METRES))
            trips.append(Trip(load, depart, tuple(stops), back, metres))
            pauses += [(int(s), int(s) + rest) for s in (*out[PAUSE, i:j], out[PAUSE_BACK, i]) if s >= 0]
        timed.append(Route(f, used[f], tuple(trips), tuple(pauses)))
        used[f] += 1
    served = {int(problem.option_order[o]) for _, row in routes for o in row if o >= 0}
    left = tuple(Unserved(o, ()) for o in range(len(problem.order_ids)) if o not in served)
    return Plan(problem.configuration, tuple(timed), left)
