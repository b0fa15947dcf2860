"""A first scenario for any extract: hub, lockers and fleets chosen from the map and said in comments."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import ScenarioError
from doorstep.modes.catalog import load_prices
from doorstep.network.extract import read_extract
from doorstep.network.network import Medium
from doorstep.scenario.siting import NEAR_M, demand_points, middle_of_demand, near_most_doors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Network

SNAP_LIMIT_M = 250.0
ROBOT_REACH_M = 2200.0
"""Straight line that a sidewalk robot goes there and back: half of its 6.4 km, less a detour of 1.4."""
ORDERS_A_LOCKER, MOST_LOCKERS = 60, 12
ORDERS_A_VAN, ORDERS_A_DRONE, ORDERS_A_ROBOT = 40, 12, 8


def write_draft(
    file: Path, extract: Path, orders: int, seed: int, *, prices: str = "euro-area-2024", overwrite: bool = False
) -> str:
    """Write a scenario that runs as it is for an extract, and return its text.

    Raises
    ------
    InputError
        If the file is there already and may not be overwritten, cannot be written, or the extract is at fault.
    """
    if file.exists() and not overwrite:
        fix = "choose another name, or say --overwrite"
        raise ScenarioError.of(str(file), "the file is there already", fix, "file-exists")
    if not file.parent.is_dir():
        raise ScenarioError.of(str(file), f"there is no folder '{file.parent}'", "make it first", "missing-folder")
    text = draft(extract, orders, seed, prices, folder=file.parent)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"the file cannot be written: {(error.strerror or str(error)).lower()}"
        raise ScenarioError.of(str(file), what, "choose another place", "unwritable") from error
    return text


def draft(extract: Path, orders: int, seed: int, prices: str = "euro-area-2024", *, folder: Path | None = None) -> str:
    """Return the text of a scenario that runs as it is for an extract, or for a street graph saved by osmnx.

    The path of the extract is written as seen from `folder`, the working folder if none is given.

    Raises
    ------
    InputError
        If the extract is at fault, or there are to be no orders.
    """
    if orders < 1:
        raise ScenarioError.of("orders", f"{orders} orders are no orders", "ask for one or more", "no-orders")
    load_prices(prices)
    graph = extract.suffix == ".graphml"
    network = _read_graph(extract) if graph else read_extract(extract)
    chosen = _choose(network, orders)
    if chosen is None:
        what = "the map has no road that can be reached and left again"
        raise ScenarioError.of(str(extract), what, "take a larger extract", "no-streets")
    name = extract.name.split(".")[0]
    head = f"""\
# yaml-language-server: $schema=doorstep.schema.json
# (doorstep schema > doorstep.schema.json gives editors their help)
#
# A first scenario for {extract.name}: {chosen.homes} homes behind {chosen.doors} {chosen.what}.
# Everything below was chosen from the map by rules of thumb, to be changed. It runs as it is.
name: {json.dumps(name, ensure_ascii=False)}
description: {orders} orders a day, served by couriers, drones, robots, lockers and a mix of them
prices: {prices}
seed: {seed}

network:
  {"graphml" if graph else "extract"}: {json.dumps(_seen_from(extract, folder or Path.cwd()), ensure_ascii=False)}
  snap_limit: 250 m  # nothing may lie farther than this from the streets
  traffic: {{value: 1.2, estimate: "ordinary daytime traffic, between free flow (1.0) and a peak (1.44)"}}

demand:
  sample:
    orders: {orders}
    arrival: day
    placed: yesterday  # next-day delivery
    promise_by: "20:00"
    walk_limit: [{chosen.walk}]  # {chosen.why_walk}
"""
    return head + _places_text(chosen, network) + _fleets_text(chosen, orders)


def _read_graph(path: Path) -> Network:
    from doorstep.network.place import read_graphml

    return read_graphml(path)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was chosen from the map."""

    hub_m: NDArray[np.float64]
    lockers_m: NDArray[np.float64]
    gains: NDArray[np.float64]
    """Homes that each locker brings near."""
    homes: int
    doors: int
    what: str
    walk: str
    why_walk: str
    robot: str
    why_robot: str


def _choose(network: Network, orders: int) -> _Choice | None:
    hub = middle_of_demand(network, SNAP_LIMIT_M)
    if hub is None:
        return None
    xy, weight, what = demand_points(network)
    count = min(MOST_LOCKERS, math.ceil(orders / ORDERS_A_LOCKER))
    lockers, gains = near_most_doors(network, count, SNAP_LIMIT_M, np.empty((0, 2)))
    kept = np.flatnonzero((gains > 0) | (np.arange(len(gains)) == 0))
    lockers, gains = lockers[kept], gains[kept]
    near = gains.sum() / weight.sum() if len(gains) else 0.0
    town = near >= 0.3  # noqa: PLR2004  # most doors are then near a second or third locker in towns
    away = np.hypot(*(xy - hub).T)
    close = float(weight[away <= ROBOT_REACH_M].sum() / weight.sum())
    path = float(network.layers[Medium.PATH].snap(hub[None, :]).distance_m[0])
    small = close >= 0.5 and path <= SNAP_LIMIT_M  # noqa: PLR2004  # half of them
    robot_share = f"{close:.0%} of the homes lie within {ROBOT_REACH_M / 1000:g} km of the hub in a straight line"
    return _Choice(
        hub_m=hub,
        lockers_m=lockers,
        gains=gains,
        homes=round(float(weight.sum())),
        doors=len(xy),
        what=what,
        walk="300 m, 500 m" if town else "1 km, 2 km",
        why_walk=f"{near:.0%} of the homes lie within {NEAR_M:g} m of a locker: {'a town' if town else 'wide land'}",
        robot="sidewalk-robot" if small else "robovan",
        why_robot=f"{robot_share}: {'near enough for' if small else 'too few for'} sidewalk robots",
    )


def _places_text(chosen: _Choice, network: Network) -> str:
    lines = [
        "",
        "# Nothing is known of where goods come from here, so the hub stands in the middle: half of the homes lie",
        "# west of it and half south, on the nearest road that can be reached and left again by all vehicles.",
        "hubs:",
        "  depot:",
        f"    place: {_degrees(network, chosen.hub_m)}",
    ]
    if len(chosen.lockers_m):
        lines += [
            "",
            f"# One locker for every {ORDERS_A_LOCKER} orders, at most {MOST_LOCKERS}; each where most homes lie",
            f"# within {NEAR_M:g} m that are near no other. Compartments: the mix of a bank of 79 (rudy2025),",
            "# a tenth of them full.",
            "lockers:",
        ]
        for number, (place, gain) in enumerate(zip(chosen.lockers_m, chosen.gains, strict=True), 1):
            lines += [
                f"  locker-{number}:  # near {gain:.0f} homes",
                f"    place: {_degrees(network, place)}",
                "    compartments: {S: 32, M: 29, L: 18, XL: 0}",
                "    occupied: {S: 3, M: 3, L: 2}",
            ]
    return "\n".join(lines) + "\n"


def _fleets_text(chosen: _Choice, orders: int) -> str:
    """Return the configurations; fleets are ample, as only vehicles that leave the hub cost anything."""
    vans = math.ceil(orders / ORDERS_A_VAN) + 1
    drones = min(40, math.ceil(orders / ORDERS_A_DRONE) + 1)
    robot_orders = ORDERS_A_ROBOT if chosen.robot == "sidewalk-robot" else ORDERS_A_VAN
    robots = min(60, math.ceil(orders / robot_orders) + 1)
    reserve = f"      - {{mode: van, count: {vans}, hub: depot, handover: [door], reserve: true}}"
    lockers = bool(len(chosen.lockers_m))
    lines = [
        "",
        "work:",
        '  hours: ["07:00", "21:00"]',
        "  shift: 8 h",
        "  break_after: 6 h",
        "  break: 30 min",
        "",
        "# The same work gives the same plan; more work gives cheaper ones.",
        "planner: {work: 400, time_limit: 10 min}",
        "",
        f"# Rule of thumb: a van for {ORDERS_A_VAN} orders, a drone for {ORDERS_A_DRONE},",
        f"# a {chosen.robot} for {robot_orders}, and one more of each. Fleets are ample:",
        "# only what leaves the hub costs anything. `reserve: true` serves what the others may not carry.",
        "configurations:",
        "  courier:",
        "    vehicles:",
        f"      - {{mode: van, count: {vans}, hub: depot, handover: [door]}}",
        "  drone:",
        "    vehicles:",
        f"      - {{mode: quadcopter, count: {drones}, hub: depot, handover: [yard]}}",
        reserve,
        f"  robot:  # {chosen.why_robot}",
        "    vehicles:",
        f"      - {{mode: {chosen.robot}, count: {robots}, hub: depot, handover: [kerb]}}",
        reserve,
    ]
    if lockers:
        lines += [
            "  locker:  # the same van takes to the door what cannot go into a locker",
            "    vehicles:",
            f"      - {{mode: van, count: {vans}, hub: depot, handover: [locker], reserve: [door]}}",
            "    lockers: all",
        ]
    return "\n".join(
        [*lines, "  mixed:  # all fleets and lockers of the others, free to do whatever pays", "    combine: all", ""]
    )


def _degrees(network: Network, place: NDArray[np.float64]) -> str:
    lon, lat = network.unproject(place[None, :])[0]
    return f"[{lon:.6f}, {lat:.6f}]"


def _seen_from(extract: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(extract.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive of Windows
        return extract.resolve().as_posix()
