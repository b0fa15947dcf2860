"""Scorecard: what one configuration's day was worth, in numbers that mean the same for every configuration."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from doorstep.evaluation.cost import ledger
from doorstep.evaluation.energy import beyond_battery, co2e_kg, energy_by_model, energy_kwh
from doorstep.evaluation.latency import collected_min, latency_min, on_time_share, returned
from doorstep.planning.checker import check
from doorstep.planning.problem import MONEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem
    from doorstep.simulation.trace import Trace


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The numbers of one configuration's day; served + unserved + failed = orders, each of a household counted."""

    configuration: str
    orders: int
    served: int
    unserved: int
    failed: int
    couriered: int
    """Of those served, orders for which somebody was called in."""
    carried: int
    """Of those not served, orders that are tomorrow's: they failed, or were ordered too late for any trip."""
    violations: int
    cost_lines: Mapping[str, Decimal]
    cost_total: Decimal
    cost_per_delivered: Decimal | None
    unserved_penalty: Decimal
    """What the unserved orders are held to cost; beside the ledger, never in it."""
    latency_min: Mapping[str, float]
    collected_min: Mapping[str, float]
    """The same until customers have it in their hands, from lockers too."""
    on_time_share: float | None
    reach_share: float
    """Share of the orders that the configuration could deliver without its reserve."""
    distance_km: Mapping[str, float]
    """By mode."""
    energy_kwh: float
    energy_models: Mapping[str, Mapping[str, float]]
    """By mode, what each of its energy models gives for the same plan [kWh], the planned one first."""
    beyond_battery: Mapping[str, Mapping[str, int]]
    """By mode and model, trips that would draw more than the battery may give, were that model true."""
    co2e_kg: float
    vehicles: Mapping[str, int]
    """That left the hub, by mode."""
    walking_km: float
    """By customers, to lockers and back."""
    returns: int
    """Of those served, orders fetched at the customer's or out of a locker and brought to the hub."""
    handovers: Mapping[str, int]
    """Orders by kind of handover."""
    solver: Mapping[str, object]

    @property
    def energy_span_kwh(self) -> tuple[float, float]:
        """Return the energy by the thriftiest and by the hungriest model of every mode."""
        sums = [models.values() for models in self.energy_models.values()]
        return sum(map(min, sums), 0.0), sum(map(max, sums), 0.0)


SIGNS: Mapping[str, int] = {"less": -1, "more": 1, "": 0}
"""Which way is better, as a sign."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of the scorecard: how to call it, its unit, and which way is better."""

    name: str
    unit: str
    better: str
    """`less`, `more`, or nothing where neither is."""
    of: Callable[[Scorecard], float | None]
    span: Callable[[Scorecard], tuple[float, float]] | None = None
    """The least and the most that models give which may stand for one another; none where there is one number."""


METRICS: tuple[Metric, ...] = (
    Metric("cost per parcel", "currency", "less", lambda s: _number(s.cost_per_delivered)),
    Metric("total cost", "currency", "less", lambda s: float(s.cost_total)),
    Metric("latency p50", "min", "less", lambda s: s.latency_min.get("p50")),
    Metric("latency p95", "min", "less", lambda s: s.latency_min.get("p95")),
    Metric("in hand p50", "min", "less", lambda s: s.collected_min.get("p50")),
    Metric("in hand p95", "min", "less", lambda s: s.collected_min.get("p95")),
    Metric("on time", "share", "more", lambda s: s.on_time_share),
    Metric("own reach", "share", "more", lambda s: s.reach_share),
    Metric("served", "orders", "more", lambda s: s.served),
    Metric("distance", "km", "less", lambda s: sum(s.distance_km.values())),
    Metric("energy", "kWh", "less", lambda s: s.energy_kwh, lambda s: s.energy_span_kwh),
    Metric("CO₂e", "kg", "less", lambda s: s.co2e_kg),
    Metric("vehicles", "vehicles", "less", lambda s: sum(s.vehicles.values())),
    Metric("customers' walking", "km", "less", lambda s: s.walking_km),
)


def evaluate(problem: Problem, plan: Plan, trace: Trace, planned: Scorecard | None = None) -> Scorecard:
    """Return the scorecard of a day that was planned and lived through.

    What depends on the plan alone is taken from the scorecard of the day as it was `planned`, where that is known.
    """
    lines = {str(line): amount for line, amount in ledger(problem, trace).items()}
    total = sum(lines.values(), Decimal(0))
    stands_for = np.ones(len(problem.order_ids), np.int64) if problem.bundle is None else problem.bundle
    served = int(stands_for[np.isfinite(trace.handed_s)].sum())
    failed = int(stands_for[trace.failed].sum())
    orders = int(stands_for.sum())
    missed = int(problem.unserved_cost[~np.isfinite(trace.handed_s)].sum())
    vehicles: Counter[str] = Counter()
    distance: Counter[str] = Counter()
    for f, fleet in enumerate(problem.fleets):
        mine = trace.trip_fleet == f
        if mine.any():
            vehicles[fleet.mode] += int(np.unique(trace.trip_vehicle[mine]).size)
            distance[fleet.mode] += int(trace.distance_m[mine].sum())
    chosen = trace.option[trace.option >= 0]
    kinds: Counter[str] = Counter()
    for order in np.flatnonzero(trace.option >= 0).tolist():
        kinds[str(problem.option_kind[trace.option[order]])] += int(stands_for[order])
    return Scorecard(
        configuration=problem.configuration,
        orders=orders,
        served=served,
        unserved=orders - served - failed,
        failed=failed,
        couriered=int(stands_for[trace.couriered].sum()),
        carried=int(stands_for[trace.carried].sum()),
        violations=planned.violations if planned else len(check(problem, plan)),
        cost_lines=lines,
        cost_total=total,
        cost_per_delivered=total / served if served else None,
        unserved_penalty=Decimal(missed) / MONEY,
        latency_min=latency_min(problem, trace),
        collected_min=collected_min(problem, trace),
        on_time_share=on_time_share(problem, trace),
        reach_share=float(np.average(problem.own_reach, weights=stands_for)) if orders else 0.0,
        distance_km={mode: metres / 1000 for mode, metres in distance.items()},
        energy_kwh=energy_kwh(problem, trace),
        energy_models=planned.energy_models if planned else energy_by_model(problem, plan),
        beyond_battery=planned.beyond_battery if planned else beyond_battery(problem, plan),
        co2e_kg=co2e_kg(problem, trace),
        vehicles=dict(vehicles),
        walking_km=float(problem.option_walk_m[chosen].sum()) / 1000,
        returns=int(stands_for[returned(problem, trace)].sum()),
        handovers=dict(kinds),
        solver=plan.solver,
    )


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
