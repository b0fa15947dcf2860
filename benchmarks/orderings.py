"""What four papers find of drones beside vans, in shipped scenarios: the ordering, and where it turns round.

Each ordering names a scenario in which it holds, one in which it does not, and what is moved to get from one to the
other.
Nothing here decides: scenarios are planned as `doorstep run` does, and two numbers of their scorecards are compared.
"""

from __future__ import annotations

import math
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from doorstep.scenario.file import load_scenario
from doorstep.scenario.inherit import shipped
from doorstep.study import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorstep.evaluation.scorecard import Scorecard

    Own = dict[str, Any]
    """What a variant says otherwise than the file that it extends."""

VILLAGE, HARBOUR = (26.951, 60.531), (26.9100, 60.4530)
"""Where the depot of a zone is, and as far off as it gets, longitude and latitude."""
DETOUR, STEM_KMH = 1.4, 50.0
KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is compared."""

    name: str
    unit: str
    of: Callable[[Scorecard], float]


@dataclass(frozen=True, slots=True)
class Sweep:
    """One number moved through values, with everything else as in a scenario."""

    along: str
    unit: str
    base: str
    """Scenario."""
    values: tuple[float, ...]
    """From where the ordering is expected to where it is not."""
    own: Callable[[float, Path], Own]
    """What the variant says; it may put files into the folder."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """What a paper says: less of something by one configuration than by another."""

    paper: str
    where: str
    """In the paper, as far as it was read."""
    quantity: Quantity
    less: str
    more: str
    holds_in: str
    """Scenario."""
    turned_in: str
    """Scenario in which it is the other way round; empty where none was found."""
    sweeps: tuple[Sweep, ...]


def of_scenario(name: str | Path) -> dict[str, Scorecard]:
    """Return the scorecards of a scenario by configuration, planned as `doorstep run` plans it."""
    return {outcome.name: outcome.scorecard for outcome in run(load_scenario(name)).outcomes}


def sides(ordering: Ordering, cards: dict[str, Scorecard]) -> tuple[float, float]:
    """Return the quantity of the configuration that is said to have less, and of the other."""
    return ordering.quantity.of(cards[ordering.less]), ordering.quantity.of(cards[ordering.more])


def turns_at(points: list[list[float]]) -> float | None:
    """Return where the ratio of the sides passes one, by straight lines between its logarithms; None where nowhere.

    `points` are (value, left, right) in the order of the sweep.
    """
    for (a, left_a, right_a), (b, left_b, right_b) in pairwise(points):
        first, then = math.log(left_a / right_a), math.log(left_b / right_b)
        if (first < 0) != (then < 0):
            return a + (b - a) * first / (first - then)
    return None


def rows(chosen: tuple[Ordering, ...] | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for each sweep of each ordering."""
    kept: dict[str, dict[str, Scorecard]] = {}
    for ordering in ORDERINGS if chosen is None else chosen:
        for name in filter(None, (ordering.holds_in, ordering.turned_in)):
            kept.setdefault(name, of_scenario(name))
        left, right = sides(ordering, kept[ordering.holds_in])
        row: dict[str, Any] = {
            "set": "orderings",
            "paper": ordering.paper,
            "where": ordering.where,
            "ordering": f"{ordering.less} < {ordering.more}",
            "quantity": f"{ordering.quantity.name} [{ordering.quantity.unit}]",
            "scenario": ordering.holds_in,
            "left": _short(left),
            "right": _short(right),
            "holds": left < right,
        }
        if ordering.turned_in:
            left, right = sides(ordering, kept[ordering.turned_in])
            row |= {"turned_scenario": ordering.turned_in, "turned_left": _short(left), "turned_right": _short(right)}
            row["turned"] = left > right
        for sweep in ordering.sweeps:
            yield row | _swept(ordering, sweep)


def _swept(ordering: Ordering, sweep: Sweep) -> dict[str, Any]:
    """Return what a sweep adds to a row."""
    began = time.process_time()
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for value in sweep.values:
            own = {"extends": str(shipped()[sweep.base].resolve()), **sweep.own(value, Path(folder))}
            path = Path(folder) / "variant.yaml"
            path.write_text(yaml.safe_dump(own, sort_keys=False), encoding="utf-8")
            points.append([value, *map(_short, sides(ordering, of_scenario(path)))])
    at = turns_at(points)
    return {
        "n": len(points),
        "along": f"{sweep.along} [{sweep.unit}] of {sweep.base}",
        "points": points,
        "turns_at": None if at is None else _short(at),
        "seconds": round(time.process_time() - began, 1),
    }


def _short(number: float) -> float:
    return float(f"{number:.4g}")


def _orders(value: float, _: Path) -> Own:
    return {"demand": {"sample": {"orders": {"value": round(value), "estimate": "swept"}}}}


def _depot_km(value: float, _: Path) -> Own:
    """Put the depot so far from the village, on the line to the harbour."""
    east, north = (math.cos(math.radians(VILLAGE[1])), 1.0)
    whole_km = KM_PER_DEGREE * math.hypot((HARBOUR[0] - VILLAGE[0]) * east, (HARBOUR[1] - VILLAGE[1]) * north)
    share = value / whole_km
    place = [round(a + share * (b - a), 5) for a, b in zip(VILLAGE, HARBOUR, strict=True)]
    stem = {"length": f"{DETOUR * value:.3g} km", "time": f"{60 * DETOUR * value / STEM_KMH:.3g} min"}
    return {"hubs": {"depot": {"place": place, "stem": stem}}}


def _wind(value: float, _: Path) -> Own:
    return {"weather": {"wind": {"speed": f"{value:g} m/s", "from": "SW"}}}


def _parcels_a_stop(value: float, _: Path) -> Own:
    return {"demand": {"sample": {"household_share": 1 - 1 / value}}}


def _payload(value: float, _: Path) -> Own:
    return {"demand": {"sample": {"mass_bound": f"{value:g} kg", "mass_max": f"{value:g} kg", "mass_sigma": 0.0}}}


def _aircraft_cost(value: float, folder: Path) -> Own:
    """Write an aircraft that costs a share of what Oakey et al. have: its crew, its running and its standing."""
    sheet = yaml.safe_load((shipped()["oakey"].parent / "modes" / "medical-drone.yaml").read_text(encoding="utf-8"))
    sheet["vehicles_per_operator"]["value"] /= value
    for key in ("wear", "insurance"):
        sheet["ownership"][key]["value"] *= value
    path = folder / "medical-drone.yaml"
    path.write_text(yaml.safe_dump(sheet), encoding="utf-8")
    return {"modes": {"medical-drone": str(path)}}


def _transport(card: Scorecard) -> float:
    """Return the cost of vehicles and crews: all but the hub and the compensation for lateness."""
    return float(sum(amount for line, amount in card.cost_lines.items() if line not in {"hubs", "late"}))


_CO2E = Quantity("CO2e a parcel", "g", lambda card: 1000 * card.co2e_kg / card.served)
_CO2E_KM = Quantity("CO2e a vehicle-kilometre", "g", lambda card: 1000 * card.co2e_kg / sum(card.distance_km.values()))
_ENERGY = Quantity("energy a parcel", "kWh", lambda card: card.energy_kwh / card.served)
_COST = Quantity("cost of transport a parcel", "GBP", lambda card: _transport(card) / card.served)
_LATENCY = Quantity("median latency", "min", lambda card: card.latency_min["p50"])
_GROUPED = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 32.0, 48.0)
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.19, 0.12)

ORDERINGS: tuple[Ordering, ...] = (
    Ordering(
        "Goodchild and Toy 2018", "abstract", _CO2E, "drone", "truck", "goodchild-toy", "goodchild-toy-far",
        (
            Sweep("stops", "orders", "goodchild-toy-far", (5, 10, 20, 30, 45, 60, 90), _orders),
            Sweep("stops", "orders", "goodchild-toy", (5, 15, 30, 60, 120), _orders),
            Sweep("distance of the depot", "km", "goodchild-toy-far", (1.5, 3, 4.5, 6, 7.5, 9), _depot_km),
        ),
    ),
    Ordering(
        "Figliozzi 2017, by distance", "abstract", _CO2E_KM, "drone", "diesel-van", "figliozzi", "",
        (Sweep("payload", "kg", "figliozzi", (0.2, 0.5, 1.0, 1.5, 2.0), _payload),),
    ),
    Ordering(
        "Figliozzi 2017, grouped", "abstract", _CO2E, "drone", "tricycle", "figliozzi", "figliozzi-grouped",
        (Sweep("customers of a day", "orders", "figliozzi", _GROUPED[:6], _orders),),
    ),
    Ordering(
        "Figliozzi 2017, grouped", "abstract", _CO2E, "drone", "electric-van", "figliozzi", "figliozzi-grouped",
        (Sweep("customers of a day", "orders", "figliozzi", _GROUPED, _orders),),
    ),
    Ordering(
        "Kirschstein 2020, dense", "press release of the author's university", _ENERGY, "electric-van", "drone",
        "kirschstein", "kirschstein-rural",
        (
            Sweep("parcels a stop", "parcels", "kirschstein", (3.0, 2.0, 1.5, 1.0), _parcels_a_stop),
            Sweep("orders of a day", "orders", "kirschstein", (160, 80, 40, 20, 12, 8, 4), _orders),
        ),
    ),
    Ordering(
        "Kirschstein 2020, rural", "press release of the author's university", _ENERGY, "drone", "electric-van",
        "kirschstein-rural", "kirschstein-windy",
        (
            Sweep("orders of a day", "orders", "kirschstein-rural", (3, 6, 9, 12, 20, 30), _orders),
            Sweep("wind", "m/s", "kirschstein-rural", (0.0, 3.0, 5.0, 7.0, 9.0, 11.0), _wind),
        ),
    ),
    Ordering(
        "Oakey et al. 2025, time", "abstract", _LATENCY, "drone", "van", "oakey", "",
        (Sweep("requests of a day", "orders", "oakey", (2, 4, 8, 16, 32), _orders),),
    ),
    Ordering(
        "Oakey et al. 2025, cost", "abstract", _COST, "van", "drone", "oakey", "oakey-few",
        (
            Sweep("cost of the aircraft", "share of today's", "oakey", _SHARES, _aircraft_cost),
            Sweep("requests of a day", "orders", "oakey", (32, 16, 8, 4, 2), _orders),
        ),
    ),
)  # fmt: skip
