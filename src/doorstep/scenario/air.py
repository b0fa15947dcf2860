"""Air: no-fly zones, altitude, terrain and wind, as a scenario file asks for them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import InputError
from doorstep.network.counting import counted, hour_and_minute
from doorstep.network.layers import Layers
from doorstep.network.network import KnownRoadside, Medium
from doorstep.scenario.inherit import is_file, missing_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from doorstep.errors import Fault
    from doorstep.modes.lawbook import Lawbook
    from doorstep.modes.mode import Mode
    from doorstep.network.air.flight import Flight
    from doorstep.network.network import Network
    from doorstep.scenario.case import Case
    from doorstep.scenario.scenario import Configuration

ZONES, TERRAIN, WIND = ("network", "no_fly"), ("network", "terrain"), ("weather", "wind")


def with_sky(case: Case, network: Network, laws: Lawbook | None = None) -> tuple[Network, list[Fault]]:
    """Return the network with the sky that a file asks for, and what is wrong with its parts."""
    from doorstep.network.sky import Sky

    table, weather = case.tables.network, case.tables.weather
    wanted = table.no_fly, table.flight, table.terrain, weather and weather.wind
    if all(part is None for part in wanted):
        return network, []
    faults: list[Fault] = []
    parts: dict[str, Any] = {}
    notes: list[str] = []
    for add in (_add_zones, partial(_add_flight, laws), _add_terrain, _add_wind):
        add(case, network, parts, notes, faults)
    if faults or (table.terrain is not None and table.flight is None):  # the latter is told by the checks
        return network, faults
    try:
        sky = Sky(**parts)
    except InputError as error:
        return network, [case.adopt(fault, ZONES) for fault in error.faults]
    layers = Layers(network.layers, network.layers.__getitem__, sky)
    roadside = KnownRoadside(network.doors, network.lockers_m, (*network.notes, *notes, *sky.notes))
    return replace(network, layers=layers, roadside=roadside), []


def _add_zones(case: Case, network: Network, parts: dict[str, Any], notes: list[str], faults: list[Fault]) -> None:
    from doorstep.network.air.zonefile import read_zones

    table = case.tables.network.no_fly
    if table is None:
        return
    zones = _read(case, ZONES, table.file, lambda: read_zones(Path(table.file), network, table.crs), faults)
    if zones is not None:
        parts |= {"zones": zones.zones, "margin_m": table.margin}
        told = f"sky: flown round {counted(len(zones.zones), 'no-fly zone')}, with a margin of {table.margin:g} m"
        notes += [told, *zones.notes]


def _add_flight(
    laws: Lawbook | None, case: Case, _: Network, parts: dict[str, Any], notes: list[str], faults: list[Fault]
) -> None:
    from doorstep.network.air.flight import Flight

    table = case.tables.network.flight
    if table is None:
        return
    speeds = {
        name: speed for name, speed in (("climb_mps", table.climb), ("descent_mps", table.descent)) if speed is not None
    }
    altitude_m, told = _lawful_altitude(laws, table.altitude)
    notes += told
    try:
        flight = Flight(altitude_m, **speeds)
    except InputError as error:
        for fault in error.faults:
            key = fault.where.rpartition(" ")[2] if fault.code == "vertical-speed" else "altitude"
            faults.append(case.fault(("network", "flight", key), fault.what, fault.fix, fault.code))
        return
    parts["flight"] = flight
    notes.append(_flight_note(flight))


def _lawful_altitude(laws: Lawbook | None, altitude_m: float) -> tuple[float, list[str]]:
    """Return an altitude as the law allows it, and the rule if it binds."""
    ceiling_m = laws.limit(Medium.AIR, "ceiling") if laws else np.inf
    if not laws or altitude_m <= ceiling_m:
        return altitude_m, []
    told = f"sky: flights cruise no higher than {ceiling_m:g} m, not at {altitude_m:g} m, by law"
    return ceiling_m, [f"{told} ({laws.rule(Medium.AIR, 'ceiling')})"]


def _flight_note(flight: Flight) -> str:
    """Return what an altitude does to plans."""
    told = f"sky: flights cruise {flight.cruise_m:g} m above ground; climb and descent add to their metres"
    speeds = {"climb": flight.climb_mps, "descent": flight.descent_mps}
    timed = [f"{name} {speed:g} m/s" for name, speed in speeds.items() if np.isfinite(speed)]
    untimed = [name for name, speed in speeds.items() if not np.isfinite(speed)]
    if timed:
        told += f" and, at {' and '.join(timed)}, to their time, in place of those of the modes"
    if untimed:
        told += f"; {' and '.join(untimed)} take what the modes hold for them at each stop"
    return told


def _add_terrain(case: Case, network: Network, parts: dict[str, Any], notes: list[str], faults: list[Fault]) -> None:
    from doorstep.network.air.terrainfile import read_terrain

    table = case.tables.network.terrain
    if table is None:
        return
    found = _read(case, TERRAIN, table.file, lambda: read_terrain(Path(table.file), network, table.crs), faults)
    if found is not None:
        parts["terrain"] = found.terrain
        notes += found.notes


def _add_wind(case: Case, network: Network, parts: dict[str, Any], notes: list[str], faults: list[Fault]) -> None:
    from doorstep.network.air.windfile import even_wind, read_wind

    table = case.tables.weather.wind if case.tables.weather else None
    if table is None:
        return
    if table.file is not None:
        found = _read(case, WIND, table.file, lambda: read_wind(Path(str(table.file)), network), faults)
        if found is None:
            return
        parts["wind"] = found.wind
        notes += [f"wind: {note}" for note in found.notes]
    elif table.speed is not None and table.from_ is not None:  # else told by the checks
        try:
            parts["wind"] = even_wind(table.speed, table.from_, network)
        except InputError as error:
            faults += [case.fault((*WIND, "speed"), fault.what, fault.fix, fault.code) for fault in error.faults]
            return
        notes.append(f"wind: {table.speed:.3g} m/s from {table.from_:g} degrees, everywhere and all day")
    else:
        return
    notes.append(
        "wind: it makes flights faster or slower and draws on batteries by their seconds; their metres are those "
        "through the air, in the working hour that asks most, since range and wear hang on them"
    )


def _read(case: Case, loc: Sequence[str], file: str, read: Callable[[], Any], faults: list[Fault]) -> Any:
    """Return what a file holds, None where it is at fault."""
    here = (*loc, "file")
    node = case.root.at(here)
    if node is not None and not is_file(file):
        faults.append(case.told_from(missing_file(file, Path(node.mark.file).parent, ".".join(here), node.mark)))
        return None
    try:
        return read()
    except InputError as error:
        named = (*loc, "crs")
        faults += [
            case.adopt(fault, named if fault.code == "unknown-crs" and case.given(*named) else here)
            for fault in error.faults
        ]
        return None


def storm_notes(
    network: Network, modes: Mapping[str, Mode], configurations: Iterable[Configuration], hours_s: tuple[float, float]
) -> list[str]:
    """Return for each flying mode in which working hours more wind blows than it flies in, or as fast as it."""
    from doorstep.network.sky import Sky

    sky = network.layers[Medium.AIR]
    if not isinstance(sky, Sky) or sky.wind is None:
        return []
    used = dict.fromkeys(name for one in configurations for name in one.modes)
    notes = []
    for name in used:
        mode = modes.get(name)
        if mode is None or mode.medium != Medium.AIR:
            continue
        calm = sky.wind.calm(*hours_s, mode.max_wind_mps)
        if calm != hours_s:
            notes.append(_limit_note(name, mode.max_wind_mps, sky.wind.strongest(*hours_s), calm))
        stormy = [begin_s for begin_s, mps in sky.wind.strongest(*(calm or hours_s)) if mps >= mode.max_speed_mps]
        if stormy:
            when = ", ".join(map(hour_and_minute, stormy))
            notes.append(
                f"wind: from {when} on it blows as fast as the {name} flies, {mode.max_speed_mps:.3g} m/s; a way that "
                "cannot be flown in every working hour is not flown at all"
            )
    return notes


def _limit_note(
    name: str, limit_mps: float, winds: Sequence[tuple[float, float]], calm: tuple[float, float] | None
) -> str:
    """Return when a mode flies whose limit of wind is passed in some working hours."""
    speeds = [mps for _, mps in winds]
    if calm is None:
        return (
            f"wind: the {name} does not fly, as it may in {limit_mps:.3g} m/s at most and in the calmest working hour "
            f"{min(speeds):.3g} m/s blow somewhere"
        )
    begin, end = map(hour_and_minute, calm)
    return (
        f"wind: the {name} flies from {begin} to {end} only, the longest part of the working "
        f"hours in which no more than its limit of {limit_mps:.3g} m/s blows anywhere; up to {max(speeds):.3g} m/s "
        "blow that day"
    )
