"""Asking: one more order as somebody asks for it in words, with what is taken for granted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.demand import cells
from doorstep.demand.order import Dwelling, Order, Window
from doorstep.demand.parcel import DENSITY_KG_PER_L, size_by_volume, volume_by_mass
from doorstep.demand.table import OrderDefaults
from doorstep.errors import Fault, InputError
from doorstep.network.counting import hour_and_minute
from doorstep.study.quoting import place_on_map

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from doorstep.handover import Handover
    from doorstep.scenario.scenario import Scenario

    T = TypeVar("T")

ID = "asked"
"""Of an order that has no name yet."""
PAIR = 2


def asked_order(
    scenario: Scenario, asked: Mapping[str, str | None]
) -> tuple[Order, tuple[float, float], int | None, tuple[str, ...]]:
    """Return an order of words, its place in degrees, when it is asked for, and notes on what was taken for granted.

    Words go by `place`, `at`, `parcel`, `dwelling`, `accepts`, `walk_limit_m`, `window`, `promise` and `preparation`.

    Raises
    ------
    InputError
        With every word that means nothing.
    """
    defaults, faults, notes = OrderDefaults(), list[Fault](), list[str]()

    def read(name: str, means: Callable[[str], T], otherwise: T, note: str = "") -> T:
        text = asked.get(name)
        if text is None:
            notes.extend([note] if note else [])
            return otherwise
        try:
            return means(text.strip())
        except cells.MisfitError as misfit:
            option = {"walk_limit_m": "walk", "preparation": "ready-in"}.get(name, name)
            faults.append(Fault(f"--{option}", misfit.what, misfit.fix, "bad-word"))
            return otherwise

    hours = scenario.work.hours
    day = Window(hours.open_s, hours.close_s)
    lon, lat = read("place", _place, (0.0, 0.0))
    now_s = read("at", cells.clock, None)
    nothing: tuple[float, float | None] = (1.0, None)
    mass, volume = read("parcel", _parcel, nothing)
    if volume is None:
        notes.append(f"{DENSITY_KG_PER_L:g} kg/L")
    litres = volume_by_mass(mass) if volume is None else volume
    dwelling = Dwelling(read("dwelling", lambda text: cells.word(text, Dwelling), Dwelling.HOUSE))
    kinds: frozenset[Handover] = read("accepts", cells.kinds, defaults.accepts, "accepts all but kiosks alone")
    walk_m = read("walk_limit_m", cells.not_negative, defaults.walk_limit_m, f"walks {defaults.walk_limit_m:g} m")
    window = read("window", _window, day, "can be served in the working hours")
    promise_s = read("promise", cells.clock, window.close_s, "promised for the window's end")
    minutes = defaults.preparation_s / 60
    ready_in = read("preparation", cells.not_negative, minutes, f"ready {minutes:g} min after it is placed")
    if faults:
        raise InputError(faults)
    placed_s = defaults.placed_s if now_s is None else now_s
    ready_s = max(placed_s + 60 * ready_in, hours.open_s)
    if now_s is None:
        notes.append(f"placed the evening before, at {hour_and_minute(placed_s % 86_400)}")
    landing = dwelling is Dwelling.HOUSE
    notes.append(f"{'a' if landing else 'no'} place to land")
    x_m, y_m = place_on_map(scenario, lon, lat)
    order = Order(
        id=_free(scenario),
        x_m=x_m,
        y_m=y_m,
        mass_kg=mass,
        volume_l=litres,
        size=size_by_volume(litres),
        placed_s=placed_s,
        ready_s=ready_s,
        window=window,
        promise_s=promise_s,
        dwelling=dwelling,
        landing_place=landing,
        accepts=kinds,
        walk_limit_m=walk_m,
    )
    return order, (lon, lat), None if now_s is None else int(now_s), tuple(notes)


def _free(scenario: Scenario) -> str:
    """Return a name that no order has."""
    taken = {order.id for order in scenario.orders}
    return next(name for k in range(len(taken) + 1) if (name := ID if k == 0 else f"{ID}-{k + 1}") not in taken)


def _place(text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != PAIR:
        raise cells.MisfitError(f"'{text}' is no place", "write longitude and latitude, as 24.94,60.17")
    return cells.number(parts[0].strip()), cells.number(parts[1].strip())


def _parcel(text: str) -> tuple[float, float | None]:
    parts = [part.strip().lower().removesuffix("kg").removesuffix("l").strip() for part in text.split(",")]
    if len(parts) > PAIR:
        raise cells.MisfitError(f"'{text}' is no parcel", "write its mass, or mass and volume, as 1.2 or 1.2,6")
    return cells.positive(parts[0]), cells.positive(parts[1]) if len(parts) == PAIR else None


def _window(text: str) -> Window:
    opens, mark, closes = text.partition("-")
    if not mark:
        raise cells.MisfitError(f"'{text}' is no window", "write it as 10:00-14:00")
    return Window(cells.clock(opens.strip()), cells.clock(closes.strip()))
