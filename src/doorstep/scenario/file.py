"""Scenario files: read, checked as a whole, and made a Scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from doorstep.errors import ScenarioError
from doorstep.scenario.case import open_case
from doorstep.scenario.export import json_schema
from doorstep.scenario.inherit import scenario_path, shipped
from doorstep.scenario.writing import written

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.errors import Fault
    from doorstep.modes.mode import Mode
    from doorstep.network.network import Network
    from doorstep.scenario.books import Books
    from doorstep.scenario.case import Case
    from doorstep.scenario.scenario import Scenario

__all__ = ["check_file", "json_schema", "load_scenario", "shipped"]


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Return the scenario of a file, given by its path or by the name of a shipped one.

    Raises
    ------
    ScenarioError
        With every fault of the file, and of the map and the orders that it names.
    """
    scenario, faults = _read(scenario_path(path_or_name))
    if scenario is None or faults:
        raise ScenarioError(faults)
    return scenario


def check_file(path: str | Path) -> tuple[Fault, ...]:
    """Return every fault of a scenario file, and of the map and the orders that it names; none if all is well."""
    try:
        return tuple(_read(scenario_path(path))[1])
    except ScenarioError as error:
        return error.faults


def _read(path: Path) -> tuple[Scenario | None, list[Fault]]:
    """Return the scenario of a file, and everything that is wrong with it."""
    from doorstep.scenario.books import books_of
    from doorstep.scenario.checks import file_faults
    from doorstep.scenario.fleets import modes_of, priced
    from doorstep.scenario.ground import network_of

    case = open_case(path)
    modes, mode_faults = modes_of(case)
    books, book_faults = books_of(case)
    network, network_faults = network_of(case, books.laws)
    faults = [*case.faults, *file_faults(case), *mode_faults, *book_faults, *network_faults]
    if books.prices is not None:
        faults += priced(case, modes, books.prices)
    if network is None:
        return None, _in_order([*faults, *_fleet_faults(case, modes)])
    scenario, found = _on_the_map(case, modes, books, network)
    return (None if faults or found else scenario), _in_order([*faults, *found])


def _fleet_faults(case: Case, modes: dict[str, Mode]) -> list[Fault]:
    """Return what is wrong with the fleets of a file whose map cannot be read."""
    from doorstep.scenario.fleets import configurations_of

    lockers = case.names("lockers") if isinstance(case.tables.lockers, dict) else ["locker-1"]
    return configurations_of(case, modes, case.names("hubs"), lockers)[1]


def _on_the_map(
    case: Case, modes: dict[str, Mode], books: Books, network: Network
) -> tuple[Scenario | None, list[Fault]]:
    """Return the scenario, and what is wrong with its places, fleets and orders; none without a price book."""
    from doorstep.network.network import Medium
    from doorstep.scenario.air import storm_notes
    from doorstep.scenario.banks import after_yesterday, large_enough
    from doorstep.scenario.carried import carried_notes
    from doorstep.scenario.fleets import absence_of, configurations_of, work_rules
    from doorstep.scenario.ground import cut_off_notes, joined_orders, orders_of
    from doorstep.scenario.laws import crowd_notes, lawful
    from doorstep.scenario.places import hubs_of, lockers_of, snap_faults
    from doorstep.scenario.platforms import platforms_of
    from doorstep.scenario.scenario import Effort, Scenario
    from doorstep.scenario.traffic import slowness_of
    from doorstep.scenario.values import default_note, values_of

    tables = case.tables
    work, planner = tables.work, tables.planner
    modes, binding = lawful(books.laws, modes)
    hubs, hub_notes, faults = hubs_of(case, network)
    lockers, locker_notes, locker_faults = lockers_of(case, network)
    names = case.names("lockers") if isinstance(tables.lockers, dict) else list(lockers)
    configurations, fleet_faults = configurations_of(case, modes, case.names("hubs"), names)
    orders, order_notes, order_faults = orders_of(case, network)
    platforms, orders, platform_notes, platform_faults = platforms_of(case, orders, names)
    orders, joined_notes = joined_orders(case, orders, lockers.values())
    faults += large_enough(case, lockers, orders)
    lockers, yesterday_notes = after_yesterday(case, lockers, orders, network)
    slowness, traffic_faults = slowness_of(case, network)
    faults += [*locker_faults, *fleet_faults, *order_faults, *platform_faults, *traffic_faults]
    faults += snap_faults(case, network, modes, (hubs, lockers), configurations)
    if books.prices is None:
        return None, faults
    name, values = tables.name or case.path.stem, values_of(case)
    media = [modes[name].medium for one in configurations for name in one.modes if name in modes]
    media += [Medium.FOOT] if lockers else []
    storms = storm_notes(network, modes, configurations, work.hours)
    order_notes = [*order_notes, *platform_notes, *joined_notes, *cut_off_notes(network, orders, media)]
    order_notes += network.layer_notes(media)
    scenario = Scenario(
        name=name,
        description=tables.description,
        seed=tables.seed,
        network=network,
        snap_limit_m=tables.network.snap_limit,
        traffic_factor=slowness.factor,
        walk_speed_mps=tables.walk_speed,
        orders=orders,
        hubs=hubs,
        lockers=lockers,
        locker_options=tables.locker_options,
        modes=modes,
        prices=books.prices,
        work=work_rules(work),
        configurations=configurations,
        effort=Effort(planner.work, planner.time_limit),
        values=(*values, *slowness.values),
        notes=(
            *binding,
            *hub_notes,
            *locker_notes,
            *yesterday_notes,
            *order_notes,
            *slowness.notes,
            *carried_notes(case, configurations, modes),
            *storms,
            *default_note(values),
        ),
        text=written(case.full, name=name),
        absence=absence_of(tables.demand.absent),
        chance=books.chance,
        laws=books.laws,
        platforms=platforms,
        traffic=slowness.traffic,
    )
    return replace(scenario, notes=(*crowd_notes(scenario), *scenario.notes)), faults


def _in_order(faults: list[Fault]) -> list[Fault]:
    """Return faults once each, in the order of the files that they lie in."""
    once: dict[object, Fault] = {}
    for fault in faults:
        once.setdefault((fault.mark, fault.code, fault.where) if fault.mark else (fault.where, fault.what), fault)
    files = list(dict.fromkeys(fault.mark.file for fault in once.values() if fault.mark))
    return sorted(
        once.values(),
        key=lambda f: (files.index(f.mark.file), f.mark.line, f.mark.column) if f.mark else (len(files), 0, 0),
    )
