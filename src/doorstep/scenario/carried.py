"""Carried: the drones or robots that a file puts on vans, what is wrong with them, and what is said of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from doorstep.handover import BANKS, Handover
from doorstep.modes.mode import Refill
from doorstep.network.network import Medium
from doorstep.scenario.fields import MOST, Duration, Kinds, Mass, Table, Volume, default
from doorstep.scenario.mends import did_you_mean
from doorstep.scenario.scenario import Carried

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from doorstep.errors import Fault
    from doorstep.modes.mode import Mode
    from doorstep.scenario.case import Case
    from doorstep.scenario.scenario import Configuration

    Loc = tuple[str | int, ...]


class CarriedTable(Table):
    """Drones or robots that a van carries: each leaves it at a stop, serves one order, and is taken in at a stop."""

    mode: str
    """Name of a mode without a driver; `doorstep modes` lists them."""
    count: Annotated[int, Field(ge=1, le=8, json_schema_extra={"stated": True, "unit": "vehicles"})]
    """How many each van carries at the most; only those that leave it cost anything."""
    mass: Mass
    """What one weighs in the van."""
    space: Volume
    """What one takes up in the van, its rack or ramp included."""
    handover: Kinds | None = None
    """Kinds of handover they do at customers' own places; all that the mode can do if left out."""
    launch: Duration = default("60 s", source="murray2020")
    """The driver's time to load one and let it go."""
    recover: Duration = default("30 s", source="murray2020")
    """The driver's time to take one in."""
    swap: Duration = default("60 s", estimate="30 to 120 s (Herewin Power, weak source)")
    """The driver's time to change a battery, of modes that change them; a van has the mode's spares for each."""
    power: Annotated[float, Field(gt=0, le=MOST, json_schema_extra={"stated": True, "unit": "W"})] = default(
        500.0, estimate="an inverter of the van's battery; more than a full charge an hour of a sidewalk robot"
    )
    """Watts that the van puts into each that is aboard, of modes that charge."""
    same_stop: bool = True
    """Whether the van may wait at a stop for one that left it there; else it is taken in at a later stop."""


def carried_of(
    case: Case, loc: Loc, table: CarriedTable | None, modes: Mapping[str, Mode], by: Mode, faults: list[Fault]
) -> Carried | None:
    """Return what the vehicles of a mode at a place of the file carry; what cannot be is added to the faults."""
    mode = modes.get(table.mode) if table else None
    if table is None or mode is None:
        return None
    able = frozenset(mode.service_s) - frozenset(BANKS)
    kinds = able if table.handover is None else frozenset(map(Handover, table.handover))
    can = ", ".join(sorted(able)) or "nothing at customers' own places"
    for position, kind in enumerate(table.handover or ()):
        if kind not in able:
            what = f"a carried {mode.name} cannot hand over at the {kind}"
            faults.append(case.fault((*loc, "handover", position), what, f"it can: {can}", "unable"))
    if not kinds:
        what = f"a carried {mode.name} has nothing to hand over"
        faults.append(case.fault((*loc, "mode"), what, f"it can: {can}", "unable"))
    if mode.has_driver:
        what = f"a {mode.name} has a driver of its own"
        faults.append(case.fault((*loc, "mode"), what, "name a drone or a robot", "carried-driver"))
    if mode.medium not in {Medium.AIR, Medium.PATH}:
        what = f"a {mode.name} moves on {mode.medium}, where vans do"
        faults.append(case.fault((*loc, "mode"), what, "name a drone or a robot of the pavement", "carried-medium"))
    for key, needs, has, unit in (
        ("mass", table.mass, by.payload_kg, "kg"),
        ("space", table.space, by.capacity_l, "L"),
    ):
        if needs >= has:
            what = f"one {mode.name} of {needs:g} {unit} in a {by.name}, which takes {has:g} {unit}"
            faults.append(case.fault((*loc, key), what, f"write less than {has:g} {unit}", "carried-too-big"))
    if mode.charging.way is Refill.FUEL:
        what = f"the battery of a {mode.name} is neither changed nor charged"
        faults.append(
            case.fault((*loc, "mode"), what, "name a mode with `charging: {way: swap}` or `charge`", "unable")
        )
    return Carried(
        mode=table.mode,
        count=table.count,
        handover=kinds,
        launch_s=table.launch,
        recover_s=table.recover,
        swap_s=table.swap,
        charge_w=table.power,
        mass_kg=table.mass,
        space_l=table.space,
        same_stop=table.same_stop,
    )


def carried_names(case: Case) -> Iterator[tuple[Loc, str]]:
    """Yield where the file names a mode to be carried, and the name as it is written."""
    for name in case.names("configurations"):
        node = case.root.at(["configurations", name, "vehicles"])
        for position, _ in enumerate(node.items if node else []):
            loc = ("configurations", name, "vehicles", position, "carries", "mode")
            held = case.root.at(list(loc))
            if held is not None and isinstance(held.value, str):
                yield loc, held.value


def carrier_faults(case: Case, configurations: Sequence[Configuration], modes: Mapping[str, Mode]) -> Iterator[Fault]:
    """Yield what configurations that carry cannot have: limits that their planner does not keep, or a combination."""
    tandems = [one for one in configurations if one.tandem]
    for one in tandems:
        loc = ("configurations", one.name)
        if one.dispatch is not None:
            what = f"'{one.name}' has vans that carry others, which are planned before the day only"
            yield case.fault((*loc, "dispatch"), what, "leave `dispatch` out, or `carries`", "carried-dispatch")
        for name, hub in case.tables.hubs.items():
            here = [group for group in one.vehicles if group.hub == name and group.mode in modes]
            if not any(group.carries for group in here):
                continue
            for key, room in (("docks", hub.docks), ("chargers", hub.chargers)):
                users = sum(group.count for group in here if _uses(modes[group.mode], key))
                if room is not None and room < users:
                    what = f"vans that carry others do not wait for {key}: there are {room} for {users} vehicles"
                    fix = f"have no more vehicles than `{key}` at hub {name}, or leave `{key}` out, or `carries`"
                    yield case.fault((*loc, "vehicles"), what, fix, "carried-docks", key=True)
    names = {one.name for one in tandems}
    for name, table in case.tables.configurations.items():
        for position, part in enumerate(table.combine if isinstance(table.combine, tuple) else ()):
            if part in names:
                what = f"'{part}' has vans that carry others, which are not combined"
                yield case.fault(
                    ("configurations", name, "combine", position), what, "leave it out", "combines-carried"
                )


def _uses(mode: Mode, key: str) -> bool:
    """Tell whether the vehicles of a mode take up docks, or chargers."""
    return mode.medium != Medium.AIR if key == "docks" else mode.charging.way is Refill.CHARGE


def carried_notes(case: Case, configurations: Sequence[Configuration], modes: Mapping[str, Mode]) -> list[str]:
    """Return what should be known of configurations that carry."""
    notes = []
    for one in configurations:
        for name in dict.fromkeys(group.carries.mode for group in one.vehicles if group.carries):
            if one.operators is not None and math.isfinite(ratio := modes[name].vehicles_per_operator):
                watched = f"operators watch {math.floor(one.operators * ratio + 1e-9)} x {name} at once"
                notes.append(f"{one.name}: {watched}, so no more of them leave their vans on a day")
    left_out = ", ".join(one.name for one in configurations if one.tandem)
    for name, table in case.tables.configurations.items():
        if table.combine == "all" and left_out:
            notes.append(f"{name}: combines all but {left_out}, whose vans carry others")
    return notes


def unknown_carried(case: Case, known: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for every mode to be carried that there is not."""
    for loc, name in carried_names(case):
        if name not in known:
            yield case.fault(loc, f"there is no mode '{name}'", did_you_mean(name, known), "unknown-mode")
