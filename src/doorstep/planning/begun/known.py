"""Known: a problem of which some orders are not known yet; tables of ways stay the whole day's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.planning.problem import Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem


def only(problem: Problem, known: NDArray[np.bool_]) -> Problem:
    """Return a problem with some [orders] of its orders alone, all of them known from the beginning."""
    orders = np.flatnonzero(known)
    options = options_of(problem, known)
    here, there = np.cumsum(known) - 1, np.full(len(problem.option_order) + 1, -1)
    there[options] = np.arange(len(options))

    def some(column: NDArray[Any] | None, kept: NDArray[np.int64]) -> Any:
        return None if column is None else column[kept]

    return dataclasses.replace(
        problem,
        order_ids=tuple(problem.order_ids[k] for k in orders),
        sizes=tuple(problem.sizes[k] for k in orders),
        option_kind=tuple(problem.option_kind[k] for k in options),
        option_order=here[problem.option_order[options]],
        option_mate=there[problem.option_mate[options]],
        fleets=tuple(_fleet(fleet, options) for fleet in problem.fleets),
        refusals=tuple(
            dataclasses.replace(refusal, order=int(here[refusal.order]))
            for refusal in problem.refusals
            if known[refusal.order]
        ),
        decisions_s=(),
        known_s=None,
        **{name: some(getattr(problem, name), orders) for name in BY_ORDER},
        **{name: some(getattr(problem, name), options) for name in BY_OPTION},
    )


def options_of(problem: Problem, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the options of some [orders] of a problem's orders."""
    return np.flatnonzero(known[problem.option_order])


def _fleet(fleet: Fleet, options: NDArray[np.int64]) -> Fleet:
    return dataclasses.replace(
        fleet,
        verdicts=tuple(Verdict(v.rule, v.unit, v.needs[options], v.has[options]) for v in fleet.verdicts),
        **{name: getattr(fleet, name)[options] for name in ("allowed", "last_resort", "service_s", "setup_s")},
    )


BY_ORDER = (
    *("mass_g", "volume_ml", "placed_s", "ready_s", "promise_s", "unserved_cost"),
    *("own_reach", "wanted_s", "parcels", "bundle", "courier_s", "courier_cost", "carry_cost"),
)
BY_OPTION = (
    *("option_site", "option_locker", "option_open_s", "option_close_s", "option_part"),
    *("option_walk_m", "option_dwell_s", "still"),
)
"""Columns of a problem besides those that refer to other rows."""
