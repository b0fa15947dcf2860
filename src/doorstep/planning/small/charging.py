"""Charging: few customers served within windows by electric vehicles that may charge on the way (E-VRPTW)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.errors import PlanError

if TYPE_CHECKING:
    from numpy.typing import NDArray

HAIR = 1e-9
MOST_CUSTOMERS = 10
"""Beyond, the number of sets of customers is too large."""


@dataclass(frozen=True, slots=True)
class ChargingTask:
    """Site 0 is the depot, then come the stations, then the customers."""

    lengths: NDArray[np.float64]
    """[sites, sites]"""
    stations: int
    demand: NDArray[np.float64]
    """[sites]"""
    opens: NDArray[np.float64]
    """[sites]"""
    closes: NDArray[np.float64]
    """[sites]"""
    service: NDArray[np.float64]
    """[sites]"""
    battery: float
    load: float
    consumption: float
    """Battery for a unit of length."""
    charging: float
    """Time for a unit of battery."""
    speed: float


@dataclass(frozen=True, slots=True)
class ChargingPlan:
    """Routes from depot to depot, by sites."""

    routes: tuple[tuple[int, ...], ...]
    distance: float


class _Label(NamedTuple):
    """A way from the depot to a site: what it served and took so far."""

    served: int
    site: int
    distance: float
    time: float
    battery: float
    way: tuple[int, ...]

    def beats(self, other: _Label) -> bool:
        """Return whether it is nowhere worse."""
        better = self.distance <= other.distance + HAIR and self.time <= other.time + HAIR
        return better and self.battery >= other.battery - HAIR


def plan_charging(task: ChargingTask) -> ChargingPlan:
    """Return a plan of fewest vehicles and, of those, least distance, by labels over sets of customers.

    Batteries are filled at every station visited, in time proportional to what is missing (Schneider, Stenger and
    Goeke 2014, doi:10.1287/trsc.2013.0490).

    Raises
    ------
    PlanError
        Where a customer cannot be served at all, or there are more than `MOST_CUSTOMERS`.
    """
    customers = len(task.lengths) - 1 - task.stations
    if customers > MOST_CUSTOMERS:
        raise PlanError(f"{customers} customers are more than the {MOST_CUSTOMERS} that all sets are tried for")
    routes = _routes(task, customers)
    full = (1 << customers) - 1
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)] + [(customers + 1, np.inf, 0)] * full
    for served in range(1, full + 1):
        lowest, inside = served & -served, served
        while inside:
            if inside & lowest and inside in routes:
                rest = best[served ^ inside]
                best[served] = min(best[served], (rest[0] + 1, rest[1] + routes[inside].distance, inside))
            inside = (inside - 1) & served
    if best[full][0] > customers:
        raise PlanError("no plan serves all customers")
    chosen, served = [], full
    while served:
        chosen.append(routes[best[served][2]].way)
        served ^= best[served][2]
    return ChargingPlan(tuple(chosen), best[full][1])


def _routes(task: ChargingTask, customers: int) -> dict[int, _Label]:
    """Return the shortest route for each set of customers that one vehicle can serve."""
    start = _Label(0, 0, 0.0, float(task.opens[0]), task.battery, (0,))
    kept: dict[tuple[int, int], list[_Label]] = {}
    done: dict[int, _Label] = {}
    waiting = [start]
    while waiting:
        label = waiting.pop()
        if label is not start and not any(other is label for other in kept[label.served, label.site]):
            continue
        for site in range(len(task.lengths)):
            made = _extended(task, customers, label, site)
            if made is None:
                continue
            if site == 0:
                if made.served and (made.served not in done or made.distance < done[made.served].distance - HAIR):
                    done[made.served] = made
                continue
            others = kept.setdefault((made.served, site), [])
            if not any(other.beats(made) for other in others):
                others[:] = [other for other in others if not made.beats(other)]
                others.append(made)
                waiting.append(made)
    return done


def _extended(task: ChargingTask, customers: int, label: _Label, site: int) -> _Label | None:
    """Return a way prolonged by one site; None where that is not possible or leads nowhere."""
    length = float(task.lengths[label.site, site])
    battery = label.battery - task.consumption * length
    time = max(label.time + length / task.speed, float(task.opens[site]))
    if site == label.site or battery < -HAIR or time > task.closes[site] + HAIR:
        return None
    served = label.served
    if site > task.stations:
        bit = 1 << (site - 1 - task.stations)
        served |= bit
        members = [k + 1 + task.stations for k in range(customers) if served >> k & 1]
        if label.served & bit or float(task.demand[members].sum()) > task.load + HAIR:
            return None
    elif site > 0:
        time, battery = time + task.charging * (task.battery - battery), task.battery
    time += float(task.service[site])
    return _Label(served, site, label.distance + length, time, battery, (*label.way, site))
