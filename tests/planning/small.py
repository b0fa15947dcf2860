"""Small scenarios of every kind, for Hypothesis: same-day and next-day, tight in one way or another, or in several."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from plain import CONFIGURATIONS, DRONE, HOUR, PRICES, ROBOT, TROLLEY, VAN, group, plain

from doorstep.demand.order import Dwelling, Order, Window
from doorstep.handover import Handover, Size
from doorstep.lockers.locker import Locker
from doorstep.scenario.scenario import Configuration, Effort, Scenario, WorkRules

TROLLEYS = Configuration("trolley", (group("robovan", 2), group("van", 1, reserve=("door", "locker"))), ("square",))


@st.composite
def orders(draw: st.DrawFn, most: int = 8) -> tuple[Order, ...]:
    """Return a few orders: where they are, what they weigh, when they are ready and wanted."""
    same_day, late = draw(st.booleans()), draw(st.booleans())
    spread = draw(st.sampled_from([300, 2000, 6000]))
    made = []
    for i in range(draw(st.integers(0, most))):
        ready = 8 * HOUR + (draw(st.integers(0, 8)) * HOUR * 0.75 if same_day else 0)
        opens = draw(st.sampled_from([0, 0, 10, 13, 17])) * HOUR if late else 0
        width = draw(st.sampled_from([0.25, 1, 2, 12]))
        kinds = draw(st.frozensets(st.sampled_from([Handover.KERB, Handover.YARD, Handover.LOCKER])))
        made.append(
            Order(
                id=f"o{i + 1}",
                x_m=draw(st.integers(-spread, spread)),
                y_m=draw(st.integers(-spread, spread)),
                mass_kg=draw(st.sampled_from([0.2, 1, 2.4, 6, 30])),
                volume_l=draw(st.sampled_from([1, 6, 14, 60])),
                size=draw(st.sampled_from(list(Size))),
                placed_s=ready - HOUR,
                ready_s=ready,
                window=Window(opens, max(opens, ready) + width * HOUR),
                promise_s=ready + draw(st.sampled_from([0.5, 2, 9])) * HOUR,
                dwelling=Dwelling.HOUSE,
                landing_place=draw(st.booleans()),
                accepts=kinds | {Handover.DOOR} if draw(st.booleans()) else kinds,
                walk_limit_m=draw(st.sampled_from([100, 1000])),
            )
        )
    return tuple(made)


@st.composite
def small_scenarios(draw: st.DrawFn, most: int = 8) -> Scenario:
    """Return a scenario with six configurations whose fleets, ranges, shifts and lockers may be tight."""
    few = draw(st.booleans())
    parcels = draw(st.sampled_from([1, 2, 100]))
    modes = (
        replace(VAN, max_parcels=parcels, payload_kg=draw(st.sampled_from([7, 100]))),
        replace(DRONE, range_m=draw(st.sampled_from([3000, 20000])), battery_wh=draw(st.sampled_from([120, 600]))),
        replace(ROBOT, range_m=draw(st.sampled_from([3000, 9000]))),
        replace(TROLLEY, max_parcels=draw(st.sampled_from([2, 6])), battery_wh=draw(st.sampled_from([150, 600]))),
    )
    room = st.integers(0, 2)
    break_after = draw(st.sampled_from([0, 0.5, 1, 2, 6])) * HOUR
    rules = WorkRules(
        hours=Window(draw(st.sampled_from([6, 8])) * HOUR, draw(st.sampled_from([13, 21])) * HOUR),
        shift_s=draw(st.sampled_from([1.5, 4, 9])) * HOUR,
        break_after_s=break_after,
        break_s=draw(st.sampled_from([0.25, 0.75])) * HOUR if break_after else 0,
    )
    configurations = (*CONFIGURATIONS[:-1], TROLLEYS, CONFIGURATIONS[-1])
    if few:
        configurations = tuple(
            replace(c, vehicles=tuple(replace(g, count=1) for g in c.vehicles)) for c in configurations
        )
    place = st.integers(-3000, 3000)
    return replace(
        plain(draw(orders(most)), hub_m=(draw(place), draw(place))),
        modes={mode.name: mode for mode in modes},
        lockers={"square": Locker("square", 0, 0, {size: draw(room) for size in Size}, *draw(clocks()))},
        work=rules,
        traffic_factor=draw(st.sampled_from([1, 2.5])),
        prices=replace(
            PRICES, unserved_price=draw(st.sampled_from([4, 50])), late_per_hour=draw(st.sampled_from([0, 9]))
        ),
        configurations=configurations,
        effort=Effort(draw(st.integers(1, 6)), 60),
    )


def clocks() -> st.SearchStrategy[tuple[float, float]]:
    """Return when a locker is open: all day, or in the middle of it."""
    return st.sampled_from([(0, 48 * HOUR), (10 * HOUR, 16 * HOUR)])
