"""Problems with any mixture of rules, drawn at random table by table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.handover import Handover, Size
from doorstep.planning.draft import Given
from doorstep.planning.problem import (
    DELIVER,
    DROP,
    FAR,
    MANY,
    MONEY,
    PICK_UP,
    RETURN,
    Draw,
    Fleet,
    Problem,
    Shared,
    Stage,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rng = np.random.Generator

HOUR = 3600
ENDLESS = 10**12
KINDS = (Handover.DOOR, Handover.KERB, Handover.YARD)
RULES = (
    "hubs", "lockers", "returns", "pairs", "windows", "ready", "late", "early", "hours", "draw", "shared", "breaks",
    "paid", "prizes", "range", "gaps", "single", "shift",
)  # fmt: skip


def any_day(seed: int, most: int = 14) -> Problem:
    """Return a problem of up to so many orders in which each rule may matter or not."""
    rng = np.random.default_rng(seed)
    rules = {rule for rule in RULES if rng.random() < 0.33}
    hubs, banks = 1 + ("hubs" in rules), 2 * ("lockers" in rules)
    n, spread_m = int(rng.integers(1, most + 1)), int(rng.choice([800, 3000, 6000]))
    options, sites = _options(rng, rules, n, hubs, banks)
    columns = {name: np.array([option[name] for option in options]) for name in ("order", "site", "part", "mate")}
    clocks = {name: np.array([option[name] for option in options]) for name in ("open", "close", "locker")}
    xy = rng.uniform(-spread_m, spread_m, (sites, 2))
    kinds = tuple(option["kind"] for option in options)
    ready_s = 8 * HOUR + rng.integers(0, 3 * HOUR, n) * ("ready" in rules)
    fleets = tuple(
        _fleet(rng, rules, f, int(rng.integers(hubs)), xy, spread_m, kinds, columns["mate"])
        for f in range(int(rng.integers(1, 4)))
    )
    problem = Problem(
        configuration="any day",
        order_ids=tuple(f"o{k}" for k in range(n)),
        site_xy_m=xy,
        hubs=tuple(f"h{k}" for k in range(hubs)),
        lockers=tuple(f"l{k}" for k in range(banks)),
        mass_g=rng.integers(200, 4000, n),
        volume_ml=rng.integers(500, 9000, n),
        sizes=tuple(list(Size)[k] for k in rng.integers(0, len(Size), n)),
        placed_s=ready_s - HOUR,
        ready_s=ready_s,
        promise_s=ready_s + (rng.integers(0, 3 * HOUR, n) if "late" in rules else 40 * HOUR),
        unserved_cost=(rng.uniform(1, 30 if "prizes" in rules else 200, n) * MONEY).astype(np.int64),
        late_cost=_money(rng, 40) // HOUR if "late" in rules else 0,
        option_order=columns["order"],
        option_site=columns["site"],
        option_kind=kinds,
        option_locker=clocks["locker"],
        option_open_s=clocks["open"],
        option_close_s=clocks["close"],
        option_part=columns["part"].astype(np.int8),
        option_mate=columns["mate"],
        option_walk_m=np.zeros(len(options)),
        locker_room=rng.integers(0, 3, (banks, len(Size))).cumsum(axis=1)[:, ::-1].copy().reshape(-1, len(Size)),
        locker_cost=(rng.uniform(0, 4, banks) * MONEY).astype(np.int64),
        hub_cost=(rng.uniform(0, 5, hubs) * MONEY).astype(np.int64),
        fleets=fleets,
        refusals=(),
        own_reach=np.ones(n, bool),
        wanted_s=ready_s + rng.integers(0, 3 * HOUR, n) if "early" in rules else None,
        early_cost=_money(rng, 40) // HOUR if "early" in rules else 0,
    )
    if "shared" in rules:
        room, stage = int(rng.integers(1, 3)), list(Stage)[int(rng.integers(3))]
        thing = Shared("thing", stage, room, tuple(rng.integers(0, 3, len(fleets)).tolist()))
        return _able_alone(replace(problem, shared=(thing,)))
    return _able_alone(problem)


def _options(rng: Rng, rules: set[str], n: int, hubs: int, banks: int) -> tuple[list[dict[str, Any]], int]:
    """Return the options of all orders as columns by name, and how many sites there are."""
    found: list[dict[str, Any]] = []
    sites = hubs + banks

    def add(order: int, site: int, kind: Handover, part: int, mate: int = -1, locker: int = -1) -> None:
        opens, closes = 0, 30 * HOUR
        if "windows" in rules and locker < 0 and rng.random() < 0.6:
            opens = 8 * HOUR + int(rng.integers(0, 4 * HOUR))
            closes = opens + int(rng.choice([0, 600, 5400, 3 * HOUR]))
        numbers = {"order": order, "site": site, "part": part, "mate": mate, "locker": locker}
        found.append({**numbers, "kind": kind, "open": opens, "close": closes})

    for order in range(n):
        luck = rng.random()
        if "pairs" in rules and luck < 0.4:
            k = len(found)
            add(order, sites, KINDS[0], PICK_UP, k + 1)
            add(order, sites + 1, KINDS[0], DROP, k)
            sites += 2
            continue
        part = RETURN if "returns" in rules and luck > 0.6 else DELIVER
        for k in rng.permutation(3)[: int(rng.integers(1, 4))].tolist():
            add(order, sites, KINDS[k], part)
        sites += 1
        if part == DELIVER:
            for bank in range(banks):
                add(order, hubs + bank, Handover.LOCKER, DELIVER, locker=bank)
    return found, sites


def _fleet(
    rng: Rng,
    rules: set[str],
    f: int,
    hub: int,
    xy: np.ndarray,
    spread_m: int,
    kinds: Sequence[Handover],
    mate: np.ndarray,
) -> Fleet:
    n = len(kinds)
    metres = np.ceil(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * rng.uniform(1, 1.5, (len(xy), len(xy))))
    if "gaps" in rules:
        metres[rng.random(metres.shape) < 0.05] = FAR
    np.fill_diagonal(metres, 0)
    seconds = np.where(metres < FAR, np.ceil(metres / float(rng.choice([2, 5, 10]))), FAR)
    begins, periods = (), None
    if "hours" in rules:
        begins = tuple(sorted((7 * HOUR + rng.choice(6 * HOUR, 3, replace=False)).tolist()))
        slower = rng.uniform(0.6, 2.2, (3, 1, 1))
        periods = np.where(seconds < FAR, np.ceil(seconds * slower), FAR).astype(np.int32)
        seconds = periods.min(axis=0)
    handover = frozenset(kind for kind in Handover if rng.random() < 0.8) | {KINDS[0]}
    allowed = np.array([kind in handover for kind in kinds])
    allowed &= np.where(mate >= 0, allowed[mate], True)
    per_m, draw = float(rng.uniform(5, 300)), None
    if "draw" in rules:
        loads = np.arange(3.0)
        draw = Draw(int(rng.choice([700, 2000])), per_m * (1 + loads), 50 * loads, 900 * loads)
    opens, closes = int(rng.choice([7, 8])) * HOUR, int(rng.choice([11, 13, 18, 24])) * HOUR
    tight = "range" in rules
    return Fleet(
        mode=f"m{f}",
        count=int(rng.integers(1, 4)),
        hub=hub,
        duration_s=seconds.astype(np.int32),
        distance_m=metres.astype(np.int32),
        handover=handover,
        verdicts=(),
        allowed=allowed,
        last_resort=np.zeros(n, bool),
        service_s=rng.integers(0, 400, n),
        setup_s=rng.integers(0, 200, n),
        mass_g=int(rng.choice([ENDLESS, 8000, 5000])),
        volume_ml=int(rng.choice([ENDLESS, 20_000])),
        max_parcels=int(rng.choice([1, 2, 3, 100])),
        load_s=int(rng.choice([0, 60, 600])),
        turnaround_s=int(rng.choice([0, 60, 1200])),
        max_trips=1 if "single" in rules else int(rng.choice([2, 3, MANY])),
        open_s=opens,
        close_s=closes,
        shift_s=int(rng.choice([2, 4, 6])) * HOUR if "shift" in rules else closes - opens,
        break_after_s=int(rng.choice([1, 2, 4])) * HOUR if "breaks" in rules else 0,
        break_s=int(rng.choice([600, 1800])),
        range_m=int(spread_m * rng.uniform(2, 9)) if tight else ENDLESS,
        energy_mwh=per_m * spread_m * float(rng.uniform(2, 9)) if tight else 1e12,
        energy_mwh_per_m=per_m,
        energy_mwh_per_stop=0.0,
        co2e_kg_per_kwh=0.2,
        rates=(),
        vehicle_cost=_money(rng, 20),
        trip_cost=_money(rng, 2),
        stop_cost=_money(rng, 0.5),
        metre_cost=int(rng.uniform(1e4, 2e6)),
        duty_cost=_money(rng, 30) // HOUR,
        away_cost=_money(rng, 10) // HOUR,
        period_from_s=begins,
        period_duration_s=periods,
        draw=draw,
        kwh_cost=_money(rng, 50) if draw else 0,
        paid_least_s=int(rng.choice([0, 1800, 2 * HOUR])) if "paid" in rules else 0,
        overtime_after_s=int(rng.choice([1, 2, 4])) * HOUR if "paid" in rules else MANY,
        overtime_cost=_money(rng, 30) // HOUR if "paid" in rules else 0,
    )


def _money(rng: Rng, most: float) -> int:
    return int(rng.uniform(0, most) * MONEY)


def _able_alone(problem: Problem) -> Problem:
    """Return the problem in which vehicles are allowed only what one of them could do if it did nothing else."""
    given, mates = Given(replace(problem, shared=())), problem.option_mate.tolist()
    fleets = []
    for f, fleet in enumerate(problem.fleets):
        allowed = fleet.allowed.copy()
        for option in np.flatnonzero(allowed & (problem.option_part != DROP)).tolist():
            row = [-1, option] + [mates[option]] * (mates[option] >= 0)
            if given.time(f, row)[0]:
                allowed[row[1:]] = False
        fleets.append(replace(fleet, allowed=allowed))
    return replace(problem, fleets=tuple(fleets))
