"""Fleets: what a file says of vehicles made configurations, with the modes and prices that they name."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING

from doorstep.demand.order import Window
from doorstep.errors import InputError
from doorstep.handover import BANKS, Handover
from doorstep.modes.catalog import load_mode, mode_names, price_faults
from doorstep.scenario.carried import carried_names, carried_of, carrier_faults, unknown_carried
from doorstep.scenario.dispatching import dispatch_of
from doorstep.scenario.inherit import is_file, missing_file
from doorstep.scenario.mends import did_you_mean
from doorstep.scenario.scenario import Absence, Configuration, VehicleGroup, WorkRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from doorstep.errors import Fault
    from doorstep.modes.mode import Mode, PriceBook
    from doorstep.scenario.case import Case
    from doorstep.scenario.demands import AbsentTable
    from doorstep.scenario.schema import ConfigurationTable, VehiclesTable, WorkTable


def modes_of(case: Case) -> tuple[dict[str, Mode], list[Fault]]:
    """Return the modes that the configurations name, and what is wrong with the names or their files."""
    own = case.tables.modes
    faults: list[Fault] = []
    modes: dict[str, Mode] = {}
    for own_name in own:
        _load_own(case, own_name, modes, faults)
    known = sorted({*mode_names(), *case.names("modes")})
    for configuration in case.names("configurations"):
        groups = case.root.at(["configurations", configuration, "vehicles"])
        for position, group in enumerate(groups.items if groups else []):
            node = group.child("mode")
            name = node.value if node else None
            if not isinstance(name, str) or name in modes or name in case.names("modes"):
                continue
            loc = ("configurations", configuration, "vehicles", position, "mode")
            if name in known:
                modes[name] = load_mode(name)
            else:
                faults.append(case.fault(loc, f"there is no mode '{name}'", did_you_mean(name, known), "unknown-mode"))
    for _, name in carried_names(case):
        if name in known and name not in modes and name not in case.names("modes"):
            modes[name] = load_mode(name)
    return modes, [*faults, *unknown_carried(case, known)]


def priced(case: Case, modes: Mapping[str, Mode], prices: PriceBook) -> list[Fault]:
    """Return why modes cannot be costed at the prices."""
    return [
        case.adopt(fault, ["modes", name] if name in case.tables.modes else ["prices"])
        for name, mode in modes.items()
        for fault in price_faults(mode, prices)
    ]


def configurations_of(
    case: Case, modes: Mapping[str, Mode], hubs: Sequence[str], lockers: Sequence[str]
) -> tuple[tuple[Configuration, ...], list[Fault]]:
    """Return the configurations, and where a fleet cannot do what is asked of it."""
    tables = case.tables.configurations
    faults: list[Fault] = []
    simple: dict[str, Configuration] = {}
    for name, table in tables.items():
        if table.combine is None:
            simple[name] = _simple(case, name, table, modes, (hubs, lockers), faults)
    found = []
    for name, table in tables.items():
        if table.combine is None:
            found.append(simple[name])
        else:
            parts = tuple(simple) if table.combine == "all" else tuple(p for p in table.combine if p in simple)
            joined = combined(name, [simple[part] for part in parts if not simple[part].tandem], lockers)
            found.append(dataclasses.replace(joined, dispatch=dispatch_of(table.dispatch)))
    return tuple(found), [*faults, *carrier_faults(case, found, modes)]


def combined(name: str, parts: Sequence[Configuration], lockers: Sequence[str]) -> Configuration:
    """Return the union of configurations.

    Of each mode at each hub it has as many vehicles as the part with most of them, free to do whatever any part's do.
    Fleets are in the order of their names, so that the order of the parts plays no part.
    """
    kinds: dict[tuple[str, str], frozenset[Handover]] = {}
    counts: dict[tuple[str, str], int] = {}
    for part in parts:
        here: dict[tuple[str, str], int] = {}
        for group in part.vehicles:
            key = group.mode, group.hub
            here[key] = here.get(key, 0) + group.count
            if group.count:
                kinds[key] = kinds.get(key, frozenset()) | group.handover | group.reserve
        for key, count in here.items():
            counts[key] = max(count, counts.get(key, 0))
    used = {locker for part in parts for locker in part.lockers}
    return Configuration(
        name=name,
        vehicles=tuple(VehicleGroup(*_split(key, counts[key]), kinds[key]) for key in sorted(kinds)),
        lockers=tuple(locker for locker in lockers if locker in used),
        combines=tuple(part.name for part in parts),
        operators=max((part.operators for part in parts if part.operators is not None), default=None),
    )


def _split(key: tuple[str, str], count: int) -> tuple[str, int, str]:
    return key[0], count, key[1]


def _load_own(case: Case, name: str, modes: dict[str, Mode], faults: list[Fault]) -> None:
    written = case.tables.modes[name]
    node = case.root.at(["modes", name])
    if node and not is_file(written):
        faults.append(case.told_from(missing_file(written, Path(node.mark.file).parent, f"modes.{name}", node.mark)))
        return
    try:
        modes[name] = load_mode(Path(written))
    except InputError as error:
        faults.extend(case.adopt(fault, ["modes", name]) for fault in error.faults)


def _simple(
    case: Case,
    name: str,
    table: ConfigurationTable,
    modes: Mapping[str, Mode],
    known: tuple[Sequence[str], Sequence[str]],
    faults: list[Fault],
) -> Configuration:
    hubs, lockers = known
    used = tuple(lockers) if table.lockers == "all" else () if table.lockers == "none" else tuple(table.lockers)
    groups = []
    sound = case.sound("configurations", name)
    for position, group in enumerate(table.vehicles):
        loc = ("configurations", name, "vehicles", position)
        if group.mode in modes:
            found = _group(case, loc, group, modes[group.mode], used, faults if sound else [])
            mode, wrong = modes[group.mode], faults if sound else []
            carried = carried_of(case, (*loc, "carries"), group.carries, modes, mode, wrong)
            groups.append(dataclasses.replace(found, hub=group.hub or (hubs[0] if hubs else ""), carries=carried))
            faults.extend(_too_few_loaders(case, loc, groups[-1], modes[group.mode]) if sound else [])
    active = [group for group in groups if group.count]
    spare = all(group.reserve and not group.handover for group in active)
    if sound and active and spare and len(groups) == len(table.vehicles):
        what = f"all vehicles of '{name}' are in reserve, and nobody before them"
        fix = "leave `reserve` out for one of them"
        faults.append(case.fault(["configurations", name, "vehicles"], what, fix, "reserve-only", key=True))
    dispatch = dispatch_of(table.dispatch)
    return Configuration(name, tuple(groups), tuple(dict.fromkeys(used)), operators=table.operators, dispatch=dispatch)


def _group(
    case: Case,
    loc: tuple[str | int, ...],
    group: VehiclesTable,
    mode: Mode,
    lockers: Sequence[str],
    faults: list[Fault],
) -> VehicleGroup:
    """Return one group; kinds of handover that it cannot do are faults."""
    there = _kinds_of_banks(case, lockers)
    able = frozenset(kind for kind in mode.service_s if kind not in BANKS or kind in there)
    reserve = (
        frozenset(Handover(kind) for kind in group.reserve) if not isinstance(group.reserve, bool) else frozenset()
    )
    handover = able - reserve if group.handover is None else frozenset(map(Handover, group.handover)) - reserve
    can = ", ".join(sorted(mode.service_s))
    for key, kinds in (("handover", group.handover or ()), ("reserve", reserve)):
        for position, kind in enumerate(kinds):
            here = (*loc, key, position) if key == "handover" else (*loc, key)
            if kind not in mode.service_s:
                what = f"a {mode.name} cannot hand over at the {kind}"
                keeper = kind == Handover.LOCKER and Handover.KIOSK in mode.service_s
                more = "; a bank with `kiosk: true` has somebody, or a machine, to take parcels in" if keeper else ""
                faults.append(case.fault(here, what, f"it can: {can}{more}", "unable"))
            elif kind not in able:
                what = f"{kind}s are to be served, but the configuration uses none"
                bank = f"a bank with `kiosk: {'true' if kind == Handover.KIOSK else 'false'}`"
                fix = f"use {bank}" if lockers else "add `lockers: all` to it"
                faults.append(case.fault(here, what, fix, "no-lockers"))
    if group.handover is not None and not group.handover and not reserve:
        what, fix = "vehicles that hand nothing over", f"name kinds, or leave it out: {can}"
        faults.append(case.fault((*loc, "handover"), what, fix, "unable"))
    if group.reserve is True:
        handover, reserve = frozenset(), handover
    return VehicleGroup(group.mode, group.count, group.hub or "", handover, reserve)


def _too_few_loaders(case: Case, loc: tuple[str | int, ...], group: VehicleGroup, mode: Mode) -> Iterator[Fault]:
    """Yield a fault where a mode asks for more people to load one vehicle than its hub has."""
    hub = case.tables.hubs.get(group.hub)
    if group.count and hub is not None and hub.loaders is not None and mode.loading_staff > hub.loaders:
        what = f"a {mode.name} takes {mode.loading_staff:g} people to load, and hub '{group.hub}' has {hub.loaders}"
        fix = f"write `loaders: {math.ceil(mode.loading_staff)}` at the hub, or leave it out for any number"
        yield case.fault((*loc, "mode"), what, fix, "few-loaders")


def _kinds_of_banks(case: Case, lockers: Sequence[str]) -> frozenset[Handover]:
    """Return the kinds of handover that a configuration's lockers take parcels by; all where some are at fault."""
    tables = case.tables.lockers
    if isinstance(tables, dict) and not set(lockers) <= set(tables):
        return frozenset(BANKS)
    used = [tables[name] for name in lockers] if isinstance(tables, dict) else [tables]
    return frozenset(Handover.KIOSK if table.kiosk else Handover.LOCKER for table in used if lockers)


def absence_of(table: AbsentTable | None) -> Absence | None:
    """Return who is not there when somebody comes, as a file says it."""
    if table is None:
        return None
    return Absence({Handover.DOOR: table.door, Handover.KERB: table.kerb}, table.wait)


def work_rules(work: WorkTable) -> WorkRules:
    """Return the working hours of a file."""
    return WorkRules(
        hours=Window(*work.hours),
        shift_s=work.shift,
        break_after_s=work.break_after,
        break_s=work.break_,
        paid_least_s=work.paid_at_least,
        overtime_after_s=math.inf if work.overtime_after is None else work.overtime_after,
        overtime_premium=work.overtime_premium,
    )
