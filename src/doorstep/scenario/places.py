"""Places: hubs and lockers set on the map, and whether they can stand where the file puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.handover import BANKS, Size
from doorstep.lockers.locker import Locker
from doorstep.lockers.occupancy import Dwell
from doorstep.network.bounds import whereabouts
from doorstep.network.network import Medium
from doorstep.network.sky import Sky
from doorstep.scenario.checks import likely
from doorstep.scenario.scenario import Hub, Stem
from doorstep.scenario.siting import middle_of_demand, near_most_doors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.errors import Fault
    from doorstep.modes.mode import Mode
    from doorstep.network.network import Network
    from doorstep.scenario.banks import BankTable
    from doorstep.scenario.case import Case
    from doorstep.scenario.scenario import Configuration
    from doorstep.scenario.schema import HubTable

FAR_M = 100_000.0
"""A hub farther from the map than this was hardly meant."""


def hubs_of(case: Case, network: Network) -> tuple[dict[str, Hub], list[str], list[Fault]]:
    """Return the hubs, notes on choices made, and faults."""
    notes: list[str] = []
    faults: list[Fault] = []
    hubs: dict[str, Hub] = {}
    for name, table in case.tables.hubs.items():
        if table.place == "auto":
            place = middle_of_demand(network, case.tables.network.snap_limit)
            if place is None:
                fix = "give its longitude and latitude"
                faults.append(case.fault(["hubs", name, "place"], "the map has no road for it", fix, "no-place"))
                continue
            notes.append(f"hub {name}: placed in the middle of the doors, {_degrees(network, place)}")
        else:
            found = _located(case, ("hubs", name, "place"), network, table.place, FAR_M)
            if not isinstance(found, np.ndarray):
                faults.append(found)
                continue
            place = found
        hub = _hub(case, name, table, place, network, notes, faults)
        if hub is not None:
            hubs[name] = hub
    return hubs, notes, faults


def lockers_of(case: Case, network: Network) -> tuple[dict[str, Locker], list[str], list[Fault]]:
    """Return the lockers, notes on choices made, and faults."""
    lockers, limit = case.tables.lockers, case.tables.network.snap_limit
    notes: list[str] = []
    faults: list[Fault] = []
    tables: dict[str, BankTable]
    at: dict[str, NDArray[np.float64]] = {}
    if isinstance(lockers, dict):
        tables = dict(lockers)
        for name, table in lockers.items():
            if table.place != "auto":
                found = _located(case, ("lockers", name, "place"), network, table.place, limit)
                if isinstance(found, np.ndarray):
                    at[name] = found
                else:
                    faults.append(found)
        free = [name for name, table in lockers.items() if table.place == "auto"]
    else:
        free = [f"locker-{number}" for number in range(1, lockers.count + 1)]
        tables = dict.fromkeys(free, lockers)
    taken = np.array(list(at.values())).reshape(-1, 2)
    places, gains = near_most_doors(network, len(free), limit, taken) if free else (taken, np.empty(0))
    for name, place, gain in zip(free, places, gains, strict=False):
        at[name] = place
        notes.append(f"locker {name}: placed near {gain:.0f} homes more, {_degrees(network, place)}")
    for name in free[len(places) :]:
        loc = ["lockers", name, "place"] if isinstance(lockers, dict) else ["lockers", "count"]
        what = f"the map has no more than {len(places)} places for lockers"
        faults.append(case.fault(loc, what, "give its longitude and latitude, or ask for fewer", "no-place"))
    return {name: _locker(name, tables[name], at[name]) for name in tables if name in at}, notes, faults


def snap_faults(
    case: Case,
    network: Network,
    modes: Mapping[str, Mode],
    places: tuple[Mapping[str, Hub], Mapping[str, Locker]],
    configurations: Sequence[Configuration],
) -> list[Fault]:
    """Return hubs and lockers that lie too far from what their vehicles and customers move on."""
    hubs, lockers = places
    faults: list[Fault] = []
    limit = case.tables.network.snap_limit
    for (kind, name), media in _used(modes, configurations, lockers).items():
        place = hubs.get(name) if kind == "hubs" else lockers.get(name)
        if place is None:
            continue
        stem = place.stem if isinstance(place, Hub) else None
        x, y = (stem.gate_x_m, stem.gate_y_m) if stem else (place.x_m, place.y_m)
        for medium, who in media.items():
            layer = network.layers[medium]
            if isinstance(layer, Sky):
                closed = layer.refusals(np.array([[place.x_m, place.y_m]]))
                faults += [_no_fly(case, kind, name, what, fix) for _, what, fix in closed]
                continue
            away = float(layer.snap(np.array([[x, y]])).distance_m[0])
            if away > limit:
                here = f"{kind[:-1]} '{name}'{', its gate,' if stem else ''}"
                how_far = f"{_km(away)} from the" if np.isfinite(away) else "on a map without any"
                what = f"{here} lies {how_far} {medium} network, for {who}"
                nearer = f"move it nearer, or raise network.snap_limit above {limit:g} m"
                fix = nearer if np.isfinite(away) else "take a larger extract, or leave out who needs it"
                loc = [kind, name, "place"] if case.given(kind, name, "place") else [kind]
                faults.append(case.fault(loc, what, fix, "too-far"))
    return faults


def _no_fly(case: Case, kind: str, name: str, what: str, fix: str) -> Fault:
    loc = [kind, name, "place"] if case.given(kind, name, "place") else [kind]
    return case.fault(loc, f"{kind[:-1]} '{name}' {what}", fix, "no-fly")


def _used(
    modes: Mapping[str, Mode], configurations: Sequence[Configuration], lockers: Mapping[str, Locker]
) -> dict[tuple[str, str], dict[Medium, str]]:
    """Return which hub or locker is reached on which ground, and by whom."""
    found: dict[tuple[str, str], dict[Medium, str]] = {}
    for configuration in configurations:
        for group in configuration.vehicles if not configuration.combines else ():
            medium = modes[group.mode].medium
            if not group.count:
                continue
            found.setdefault(("hubs", group.hub), {}).setdefault(medium, f"the {group.mode}")
            for kind in (group.handover | group.reserve) & set(BANKS):
                for name in (name for name in configuration.lockers if name in lockers and lockers[name].kind == kind):
                    near = found.setdefault(("lockers", name), {Medium.FOOT: "customers"})
                    near.setdefault(medium, f"the {group.mode}")
    return found


def _hub(  # one for each thing that it may find
    case: Case,
    name: str,
    table: HubTable,
    place: NDArray[np.float64],
    network: Network,
    notes: list[str],
    faults: list[Fault],
) -> Hub | None:
    """Return a hub with its stem, or None where it lies outside of the map without one."""
    x, y = float(place[0]), float(place[1])
    room = table.pads, table.docks, table.chargers, table.loaders
    if table.stem is None:
        fault = None if case.given("hubs", name, "stem") else _off_the_road(case, name, place, network)
        faults += [fault] if fault else []
        if fault or case.given("hubs", name, "stem"):  # a stem that is given and not read is at fault itself
            return None
        return Hub(name, x, y, None, *room)
    if _inside(place, network):
        notes.append(f"hub {name}: lies on the map, so its stem is not needed and not used")
        return Hub(name, x, y, None, *room)
    loc = ("hubs", name, "stem", "gate")
    if table.stem.gate == "auto":
        gate = network.layers[Medium.ROAD].snap(place[None, :]).xy_m[0]
        notes.append(
            f"hub {name}: its road meets the map at {_degrees(network, gate)}, the nearest point of the streets"
        )
    else:
        found = _located(case, loc, network, table.stem.gate, case.tables.network.snap_limit)
        if not isinstance(found, np.ndarray):
            faults.append(found)
            return None
        gate = found
    straight = float(np.hypot(*(gate - place)))
    if table.stem.length < straight * 0.999 and likely(table.stem):
        what = f"a road of {_km(table.stem.length)} is shorter than the straight line of {_km(straight)}"
        fix = "look at the hub's place, the gate and the length"
        faults.append(case.fault(["hubs", name, "stem", "length"], what, fix, "stem-too-short"))
    stem = Stem(float(gate[0]), float(gate[1]), table.stem.length, table.stem.time)
    return Hub(name, x, y, stem, *room)


def _off_the_road(case: Case, name: str, place: NDArray[np.float64], network: Network) -> Fault | None:
    """Return the fault of a hub that lies on the map only by its own word: no road begins there."""
    away = float(network.layers[Medium.ROAD].snap(place[None, :]).distance_m[0])
    if not np.isfinite(away):
        what = f"hub '{name}' has no road: the map holds none that can be reached and left again"
        return case.fault(["hubs", name, "place"], what, "take a larger extract", "no-road")
    if _inside(place, network) or away <= case.tables.network.snap_limit:
        return None
    what = f"hub '{name}' lies outside of the map, {_km(away)} from its nearest road"
    fix = "state its way there: `stem: {length: 13 km, time: 16 min}`"
    return case.fault(["hubs", name, "place"], what, fix, "no-stem")


def _inside(place: NDArray[np.float64], network: Network) -> bool:
    west, south, east, north = network.extent_m
    return bool(west <= place[0] <= east and south <= place[1] <= north)


def _locker(name: str, table: BankTable, place: NDArray[np.float64]) -> Locker:
    there = {size: table.compartments.get(size.value, 0) for size in Size}
    given = {} if table.occupied == "steady" else table.occupied
    taken = {size: min(count, given.get(size.value, 0)) for size, count in there.items()}
    free = {size: count - taken[size] for size, count in there.items()}
    dwell = Dwell(table.dwell, table.dwell_spread)
    return Locker(name, float(place[0]), float(place[1]), free, *table.hours, dwell, taken, table.kiosk)


def _located(
    case: Case, loc: tuple[str, ...], network: Network, lon_lat: tuple[float, float] | str, margin_m: float
) -> NDArray[np.float64] | Fault:
    """Return a pair of degrees in metres [2], or the fault of a place that is not near the map."""
    pair = np.array([lon_lat], float)
    wrong = whereabouts(network, pair, margin_m)
    if wrong:
        _, what, fix = wrong[0]
        return case.fault(loc, what, fix, "outside-area")
    place: NDArray[np.float64] = network.project(pair)[0]
    return place


def _degrees(network: Network, place: NDArray[np.float64]) -> str:
    lon, lat = network.unproject(place[None, :])[0]
    return f"[{lon:.5f}, {lat:.5f}]"


def _km(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"  # noqa: PLR2004  # metres below a kilometre
