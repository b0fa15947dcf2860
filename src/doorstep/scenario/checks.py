"""Rules that a scenario file keeps, one function each; every fault says where, what, and what would mend it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from doorstep.scenario.dispatching import dispatch_rules
from doorstep.scenario.inherit import is_table
from doorstep.scenario.mends import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from doorstep.errors import Fault
    from doorstep.scenario.banks import BankTable
    from doorstep.scenario.case import Case
    from doorstep.scenario.schema import StemTable

FAST_MPS, SLOW_MPS = 36.0, 1.0
"""No delivery road is driven faster on average than 130 km/h, or slower than 3.6 km/h."""


def file_faults(case: Case) -> list[Fault]:
    """Return every fault that shows without a map."""
    return list(chain.from_iterable(rule(case) for rule in RULES))


def one_network(case: Case) -> Iterator[Fault]:
    """Ask that the streets come from exactly one place."""
    yield from _one_of(case, "network", ("extract", "place", "bbox", "graphml"), "extract: PATH")


def box_the_right_way_round(case: Case) -> Iterator[Fault]:
    """Ask that a bounding box does not hold the file's places only after longitude and latitude are swapped."""
    box = case.tables.network.bbox
    lockers = case.tables.lockers
    tables = [*case.tables.hubs.values(), *(lockers.values() if isinstance(lockers, dict) else ())]
    places = [table.place for table in tables if not isinstance(table.place, str)]
    if box is None or not places:
        return
    west, south, east, north = box
    inside = [west <= lon <= east and south <= lat <= north for lon, lat in places]
    turned = [west <= lat <= east and south <= lon <= north for lon, lat in places]
    if any(turned) and not any(inside):
        fix = f"did you swap longitude and latitude? try [{south:g}, {west:g}, {north:g}, {east:g}]"
        what = "the box holds the hubs and lockers only the other way round"
        yield case.fault(["network", "bbox"], what, fix, "swapped-box")


def known_traffic(case: Case) -> Iterator[Fault]:
    """Ask that a profile of traffic given by its name is one that there is."""
    from doorstep.network.traffic import traffic_names

    name = case.tables.network.traffic
    if isinstance(name, str) and not is_table(name) and name not in traffic_names():
        fix = f"{did_you_mean(name, traffic_names())}; or write one factor as in 1.2, or the path of a CSV file"
        yield case.fault(["network", "traffic"], f"there is no traffic profile '{name}'", fix, "unknown-traffic")


def altitude_above_terrain(case: Case) -> Iterator[Fault]:
    """Ask that flights over terrain have an altitude to keep above it."""
    if case.given("network", "terrain") and not case.given("network", "flight"):
        fix = "add `flight: {altitude: 60 m}` beside it"
        yield case.fault(
            ["network", "terrain"], "there is terrain, but no altitude to keep", fix, "no-altitude", key=True
        )


def one_wind(case: Case) -> Iterator[Fault]:
    """Ask that a wind is told either by a speed and a direction or by a file."""
    loc = ("weather", "wind")
    given = [key for key in ("speed", "from", "file") if case.given(*loc, key)]
    if not case.given(*loc) or not case.sound(*loc) or given in (["speed", "from"], ["file"]):
        return
    if "file" in given:
        what, fix = f"the wind has both a file and {given[0]}", "keep one; `file: null` takes an inherited one away"
    else:
        lacks = "speed" if "speed" not in given else "from"
        what, fix = f"the wind has no '{lacks}'", "write `{speed: 6 m/s, from: SW}`, or `{file: winds.csv}`"
    yield case.fault(loc, what, fix, "half-a-wind", key=True)


def one_demand(case: Case) -> Iterator[Fault]:
    """Ask that the orders come from exactly one place."""
    yield from _one_of(case, "demand", ("sample", "table", "history"), "sample: {orders: 100}")


def likely_surge(case: Case) -> Iterator[Fault]:
    """Ask that a surge is one that there is, or days of which some have orders."""
    from doorstep.demand.profiles import surge_of
    from doorstep.errors import InputError

    said = case.tables.demand.surge
    try:
        if said is not None:
            surge_of(said)
    except InputError as error:
        yield from (case.fault(["demand", "surge"], one.what, one.fix, one.code) for one in error.faults)


def some_hub(case: Case) -> Iterator[Fault]:
    """Ask that there is a hub."""
    if case.sound("hubs") and not case.names("hubs"):
        yield case.fault(["hubs"], "there is no hub", "add one: `depot: {place: auto}`", "no-hub", key=True)


def some_configuration(case: Case) -> Iterator[Fault]:
    """Ask that there is a configuration."""
    if case.sound("configurations") and not case.names("configurations"):
        fix = "add one: `courier: {vehicles: [{mode: van, count: 2}]}`"
        yield case.fault(["configurations"], "there is no configuration", fix, "no-configuration", key=True)


def own_fleet_or_joined(case: Case) -> Iterator[Fault]:
    """Ask that a configuration has vehicles of its own, or joins those of others."""
    for name in case.names("configurations"):
        loc = ["configurations", name]
        joined = [key for key in ("vehicles", "lockers") if case.given(*loc, key)]
        if case.given(*loc, "combine") and joined:
            fix = f"leave out `{joined[0]}`, or `combine`"
            what = f"'{name}' both combines others and has {joined[0]} of its own"
            yield case.fault([*loc, "combine"], what, fix, "two-fleets", key=True)


def some_vehicle(case: Case) -> Iterator[Fault]:
    """Ask that a configuration has at least one vehicle."""
    for name, table in case.tables.configurations.items():
        loc = ("configurations", name)
        if table.combine is None and case.sound(*loc) and not any(group.count for group in table.vehicles):
            fix = "give at least one vehicle a count of 1 or more"
            here = (*loc, "vehicles") if case.given(*loc, "vehicles") else loc
            yield case.fault(here, f"configuration '{name}' has no vehicles", fix, "no-fleet", key=True)


def known_hubs(case: Case) -> Iterator[Fault]:
    """Ask that vehicles start at hubs that there are."""
    hubs = case.names("hubs")
    for loc in _vehicle_locs(case):
        hub = case.root.at([*loc, "hub"])
        if hub is not None and isinstance(hub.value, str) and hub.value not in hubs:
            what = f"there is no hub '{hub.value}'"
            yield case.fault([*loc, "hub"], what, did_you_mean(hub.value, hubs), "unknown-hub")
        elif hub is None and len(hubs) > 1:
            what = f"the vehicles have no hub, where there are {len(hubs)}"
            yield case.fault(loc, what, f"add `hub: {hubs[0]}`", "no-hub")


def known_lockers(case: Case) -> Iterator[Fault]:
    """Ask that configurations use lockers that there are."""
    counted = hasattr(case.tables.lockers, "count")
    lockers = case.names("lockers")
    for name in case.names("configurations"):
        loc = ["configurations", name, "lockers"]
        node = case.root.at(loc)
        for position, item in enumerate(node.items if node else []):
            if counted:
                what, fix = "lockers given by number have no names yet", "write `lockers: all`"
                yield case.fault([*loc, position], what, fix, "unknown-locker")
            elif str(item.value) not in lockers:
                what = f"there is no locker '{item.value}'"
                fix = did_you_mean(str(item.value), lockers) or "add it below `lockers`"
                yield case.fault([*loc, position], what, fix, "unknown-locker")
        if node is not None and node.value == "all" and not lockers:
            fix = "add lockers, or leave this out"
            yield case.fault(loc, "the scenario has no lockers", fix, "unknown-locker")


def known_parts(case: Case) -> Iterator[Fault]:
    """Ask that a configuration joins others that there are, not itself, and none that joins others in turn."""
    names = case.names("configurations")
    joining = [name for name in names if case.given("configurations", name, "combine")]
    for name in joining:
        loc = ["configurations", name, "combine"]
        node = case.root.at(loc)
        plain = [other for other in names if other not in joining]
        if node is not None and node.value == "all" and not plain:
            fix = "add a configuration with vehicles"
            yield case.fault(loc, "there is nothing to combine", fix, "unknown-configuration")
        items = node.items if node else []
        if node is not None and not items and node.value != "all" and case.sound(*loc):
            yield case.fault(loc, "there is nothing to combine", "name configurations", "unknown-configuration")
        for position, item in enumerate(items):
            part = str(item.value)
            if part == name:
                what = f"'{name}' combines itself"
                yield case.fault([*loc, position], what, "leave it out", "combines-itself")
            elif part not in names:
                what = f"there is no configuration '{part}'"
                yield case.fault([*loc, position], what, did_you_mean(part, plain), "unknown-configuration")
            elif part in joining:
                what = f"'{part}' combines others itself"
                yield case.fault([*loc, position], what, "name its parts instead", "combines-combined")


def some_compartment(case: Case) -> Iterator[Fault]:
    """Ask that a locker has compartments."""
    for loc, table in _banks(case):
        if case.sound(*loc, "compartments") and not sum(table.compartments.values()):
            what = f"{_bank(loc)} has no compartments"
            here = (*loc, "compartments") if case.given(*loc, "compartments") else loc
            yield case.fault(here, what, "give some, as in {S: 12, M: 8, L: 4}", "no-compartments", key=True)


def occupied_within(case: Case) -> Iterator[Fault]:
    """Ask that no more compartments are occupied than there are."""
    for loc, table in _banks(case):
        for size, taken in table.occupied.items() if isinstance(table.occupied, dict) else ():
            there = next((count for name, count in table.compartments.items() if name == size), 0)
            if taken > there and case.sound(*loc, "compartments"):
                what = f"{taken} occupied compartments of size {size}, where there are {there}"
                yield case.fault([*loc, "occupied", size], what, f"write {there} or less", "over-occupied")


def some_dwell(case: Case) -> Iterator[Fault]:
    """Ask that parcels stay in a locker for some time."""
    for loc, table in _banks(case):
        if table.dwell <= 0 and case.sound(*loc, "dwell"):
            yield case.fault([*loc, "dwell"], "parcels that stay for no time", "write it as in 14 h", "no-dwell")


def opens_before_it_closes(case: Case) -> Iterator[Fault]:
    """Ask that hours open before they close."""
    spans: list[tuple[Sequence[str], tuple[float, float]]] = [(("work", "hours"), case.tables.work.hours)]
    spans += [((*loc, "hours"), table.hours) for loc, table in _banks(case)]
    for key, drawn in (("sample", case.tables.demand.sample), ("history", case.tables.demand.history)):
        if drawn:
            spans.append((("demand", key, "hours"), drawn.hours))
    if case.tables.demand.table:
        spans.append((("demand", "table", "window"), case.tables.demand.table.window))
    for loc, (opens, closes) in spans:
        if closes <= opens and case.given(*loc):
            fix = "swap the two; a time after midnight is written 25:00"
            yield case.fault(loc, "the window closes before it opens", fix, "window-reversed")


def break_within_shift(case: Case) -> Iterator[Fault]:
    """Ask that a shift is longer than its break, and neither it nor anything else that must last is nothing."""
    work = case.tables.work
    if work.shift <= 0:
        yield case.fault(["work", "shift"], "a shift of no length", "write it as in 8 h", "no-shift")
    elif work.break_ >= work.shift:
        loc = ["work", "break"] if case.given("work", "break") else ["work", "shift"]
        yield case.fault(loc, "the break is not shorter than the shift", "a break is some 30 min", "break-too-long")
    if round(work.break_after) <= 0:
        fix = "for a day without breaks, write the length of the shift"
        yield case.fault(["work", "break_after"], "a break is due before any work", fix, "no-work")
    if case.tables.walk_speed <= 0:
        yield case.fault(["walk_speed"], "nobody walks at no speed", "write it as in 4.8 km/h", "no-speed")
    if case.tables.planner.time_limit <= 0:
        loc = ["planner", "time_limit"]
        yield case.fault(loc, "no time to look for a plan", "write it as in 2 min", "no-time")


def likely_stems(case: Case) -> Iterator[Fault]:
    """Ask that a stem is driven at a speed that vehicles have."""
    for name, hub in case.tables.hubs.items():
        if hub.stem is None or not case.sound("hubs", name):
            continue
        loc = ["hubs", name, "stem"]
        if hub.stem.length <= 0 or hub.stem.time <= 0:
            yield case.fault(loc, "a stem has a length and a time", "write both above zero", "no-stem", key=True)
            continue
        speed = hub.stem.length / hub.stem.time
        if not likely(hub.stem):
            what = f"{hub.stem.length / 1000:g} km in {hub.stem.time / 60:.3g} min is {speed * 3.6:,.0f} km/h"
            yield case.fault(loc, what, "look at the units of length and time", "unlikely-stem", key=True)


def likely(stem: StemTable) -> bool:
    """Tell whether a stem is driven at a speed that vehicles have."""
    return stem.time > 0 and SLOW_MPS <= stem.length / stem.time <= FAST_MPS


def known_sources(case: Case) -> Iterator[Fault]:
    """Ask that stated numbers name sources that there are."""
    from doorstep.modes.catalog import load_sources

    sources = list(load_sources())
    for statement in case.statements:
        key = statement.part("source")
        node = statement.node.child("source")
        if key and node and key not in sources:
            near = did_you_mean(key, sources)
            fix = near if near.startswith("did") else "name one of Doorstep's sources, or say `estimate: why`"
            found = case.fault(statement.loc, f"there is no source '{key}'", fix, "unknown-source")
            yield type(found)(found.where, found.what, found.fix, found.code, node.mark)


RULES: tuple[Callable[[Case], Iterator[Fault]], ...] = (
    one_network,
    box_the_right_way_round,
    known_traffic,
    altitude_above_terrain,
    one_wind,
    one_demand,
    likely_surge,
    some_hub,
    some_configuration,
    own_fleet_or_joined,
    some_vehicle,
    known_hubs,
    known_lockers,
    known_parts,
    dispatch_rules,
    some_compartment,
    occupied_within,
    some_dwell,
    opens_before_it_closes,
    break_within_shift,
    likely_stems,
    known_sources,
)


def _one_of(case: Case, table: str, keys: Sequence[str], example: str) -> Iterator[Fault]:
    given = [key for key in keys if case.given(table, key)]
    if not given and case.given(table) and (table,) not in case.at_fault:
        what = f"'{table}' has none of {', '.join(keys)}"
        yield case.fault([table], what, f"add `{example}`", f"no-{table}", key=True)
    for extra in given[1:]:
        fix = f"keep one; `{given[0]}: null` takes an inherited one away"
        yield case.fault([table, extra], f"'{table}' has both {given[0]} and {extra}", fix, f"two-{table}s", key=True)


def _vehicle_locs(case: Case) -> Iterator[tuple[str | int, ...]]:
    for name in case.names("configurations"):
        node = case.root.at(["configurations", name, "vehicles"])
        for position in range(len(node.items) if node else 0):
            yield "configurations", name, "vehicles", position


def _banks(case: Case) -> Iterator[tuple[tuple[str, ...], BankTable]]:
    lockers = case.tables.lockers
    if isinstance(lockers, dict):
        for name, table in lockers.items():
            yield ("lockers", name), table
    else:
        yield ("lockers",), lockers


def _bank(loc: Sequence[str]) -> str:
    return f"locker '{loc[1]}'" if len(loc) > 1 else "the lockers"
