"""Dispatching: when orders become known to whoever plans a configuration's trips, as a file says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Discriminator, Field, Tag

from doorstep.network.counting import hour_and_minute
from doorstep.scenario.fields import MOST, Clock, Duration, Table
from doorstep.scenario.scenario import Dispatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.errors import Fault
    from doorstep.scenario.case import Case

NEXT_DAY = "next-day"
LEAST_S = 1.0
"""Clock times are whole seconds."""


class OnDemandTable(Table):
    """Planned anew whenever orders wait: at the least one of the two."""

    every: Duration | None = None
    """As often as this from the beginning of the working day on, where new orders have come."""
    orders: Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True, "unit": "orders"})] | None = None
    """As soon as this many new orders wait."""


class DispatchTable(Table):
    """Trips are planned in the course of the day: either `waves` or `on-demand`."""

    waves: Annotated[tuple[Clock, ...], Field(strict=False)] = ()
    """Cut-offs, rising: what was ordered by one of them goes with that wave."""
    on_demand: OnDemandTable | None = Field(default=None, alias="on-demand")
    """Every few minutes, or as soon as some orders wait."""


def _worded(written: object) -> str:
    """Tell a rule from the word for none."""
    return "<rule>" if isinstance(written, (dict, DispatchTable)) else "<word>"


DispatchRule = Annotated[
    Annotated[Literal["next-day"], Tag("<word>")] | Annotated[DispatchTable, Tag("<rule>")], Discriminator(_worded)
]


def dispatch_of(table: Literal["next-day"] | DispatchTable) -> Dispatch | None:
    """Return when a configuration's trips are planned; None where all orders are known before."""
    if isinstance(table, str):
        return None
    asked = table.on_demand or OnDemandTable()
    return Dispatch(tuple(table.waves), asked.every or 0.0, asked.orders or 0)


def dispatch_rules(case: Case) -> Iterator[Fault]:
    """Ask that trips are planned at times that there are, by one rule."""
    for name, table in case.tables.configurations.items():
        loc = ("configurations", name, "dispatch")
        if isinstance(table.dispatch, str) or not case.sound(*loc):
            continue
        given = [key for key in ("waves", "on-demand") if case.given(*loc, key)]
        if len(given) != 1:
            what = f"'{name}' is dispatched {'both in waves and' if given else 'neither in waves nor'} on demand"
            fix = "write `{waves: ['12:00', '17:00']}` or `{on-demand: {every: 15 min}}`"
            yield case.fault(loc, what, fix, "dispatch", key=True)
        yield from _wave_faults(case, (*loc, "waves"), table.dispatch.waves)
        yield from _demand_faults(case, (*loc, "on-demand"), table.dispatch.on_demand)


def _wave_faults(case: Case, loc: tuple[str, ...], waves: tuple[float, ...]) -> Iterator[Fault]:
    closes_s = case.tables.work.hours[1]
    if case.given(*loc) and not waves:
        yield case.fault(loc, "no wave at all", "write cut-offs, as in ['12:00', '17:00']", "no-waves")
    for k, wave in enumerate(waves):
        if wave >= closes_s and case.sound("work", "hours"):
            what = f"a wave at {hour_and_minute(wave)}, where all are back by {hour_and_minute(closes_s)}"
            fix = "give an earlier cut-off, or longer `work: {hours: …}`"
            yield case.fault((*loc, k), what, fix, "wave-after-closing")
        elif k and wave <= waves[k - 1]:
            what = f"a wave at {hour_and_minute(wave)} after that of {hour_and_minute(waves[k - 1])}"
            yield case.fault((*loc, k), what, "write each cut-off once, the earliest first", "waves-not-rising")


def _demand_faults(case: Case, loc: tuple[str, ...], table: OnDemandTable | None) -> Iterator[Fault]:
    if table is None:
        return
    if table.every is None and table.orders is None:
        what, fix = "neither a time nor a number of orders", "write `every: 15 min`, or `orders: 8`, or both"
        yield case.fault(loc, what, fix, "dispatch", key=True)
    if table.every is not None and table.every < LEAST_S:
        what = f"planned anew every {table.every:g} s"
        yield case.fault((*loc, "every"), what, "write it as in 15 min", "no-interval")
