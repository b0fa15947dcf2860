"""Banks: how full one configuration's lockers become, and how often they would turn parcels away for good."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from doorstep.handover import Size
from doorstep.lockers.occupancy import DAY_S, erlang_b
from doorstep.lockers.turnover import live_through
from doorstep.planning.problem import DELIVER

if TYPE_CHECKING:
    from doorstep.lockers.occupancy import Dwell
    from doorstep.scenario.scenario import Scenario
    from doorstep.study.outcome import Outcome

PARCELS = 30_000
"""So many are brought to each bank to see how many are turned away."""


@dataclass(frozen=True, slots=True)
class BankUse:
    """One locker of a configuration on its day, and on many days like it."""

    name: str
    compartments: int
    taken: int
    """In the morning, by parcels of earlier days."""
    parcels: int
    """Parcels that the plan puts into it, and returns that customers do."""
    elsewhere: int
    """Orders that have it as their nearest (with a free compartment) and that the plan leaves in another locker."""
    otherwise: int
    """Of these orders, those handed over in no locker: at the door as all are full, or as that is cheaper."""
    nearest: int
    """Orders of the day that could be left here and in no nearer locker."""
    offered: float
    """Compartments that these would take up on average if they all came here, every day, and there were enough."""
    erlang_b: float
    """Share of them that would find everything taken, by Erlang's formula, sizes aside."""
    blocked_share: float
    """Share of them that would find no compartment of their size or larger, simulated."""
    blocked_within: float
    """Half the width of its interval of 99 %."""


def bank_uses(scenario: Scenario, outcome: Outcome) -> tuple[BankUse, ...]:
    """Return what becomes of each locker of a configuration, in the order of the scenario.

    Shares turned away are those of days like this one without end, parcels coming at random around the clock.
    """
    problem = outcome.problem
    at_locker = np.flatnonzero((problem.option_locker >= 0) & (problem.option_part == DELIVER))
    at_locker = at_locker[np.argsort(problem.option_walk_m[at_locker], kind="stable")]
    whose, first = np.unique(problem.option_order[at_locker], return_index=True)
    nearest = problem.option_locker[at_locker][first]
    chosen = outcome.trace.option
    used = np.where(chosen >= 0, problem.option_locker[chosen], -1)
    found = []
    for name in next(c for c in scenario.configurations if c.name == outcome.name).lockers:
        bank, locker = problem.lockers.index(name), scenario.lockers[name]
        near = whose[nearest == bank]
        counts = Counter(problem.sizes[order] for order in near.tolist())
        per_day = tuple(counts[size] for size in Size)
        blocked, within = _turned_away(tuple(locker.of_size(size) for size in Size), per_day, locker.dwell)
        offered = len(near) * locker.dwell.mean_s / DAY_S
        found.append(
            BankUse(
                name=name,
                compartments=locker.size,
                taken=sum(locker.taken.values()),
                parcels=int(np.sum(used == bank)),
                elsewhere=int(np.sum((used[near] >= 0) & (used[near] != bank))),
                otherwise=int(np.sum((used[near] < 0) & (chosen[near] >= 0))),
                nearest=len(near),
                offered=offered,
                erlang_b=erlang_b(offered, locker.size),
                blocked_share=blocked,
                blocked_within=within,
            )
        )
    return tuple(found)


@cache
def _turned_away(rooms: tuple[int, ...], per_day: tuple[int, ...], dwell: Dwell) -> tuple[float, float]:
    """Return the share of parcels that a bank turns away, and half the width of its interval."""
    if not sum(per_day):
        return 0.0, 0.0
    found = live_through(
        dict(zip(Size, rooms, strict=True)),
        dict(zip(Size, map(float, per_day), strict=True)),
        dwell,
        PARCELS,
        np.random.default_rng(PARCELS),
    )
    return found.blocked_share, found.within
