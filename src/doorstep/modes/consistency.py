"""Where the values of one file contradict each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.modes.energy import own_conditions, usable_wh
from doorstep.modes.models import models_in, suits
from doorstep.modes.sheet import near
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.modes.entries import Reading
    from doorstep.modes.mode import Mode
    from doorstep.modes.sheet import Cell


_PARTS = ("service", "setup")


def word(sheet: Cell, key: str) -> str:
    """Return a bare word at the top of a file; a number without its decimals."""
    cell = (sheet.cells or {}).get(key)
    value = cell.value if cell else None
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def mode_faults(read: Mapping[str, Reading]) -> list[Fault]:
    """Return where the values of a mode contradict each other; values that could not be read are left out."""
    faults = _mixed_money(read, "ownership.")
    kinds = {part: {path.split(".")[1] for path in read if path.startswith(f"{part}.")} for part in _PARTS}
    for kind in sorted(kinds["service"] ^ kinds["setup"]) if all(kinds.values()) else ():
        part = "setup" if kind in kinds["service"] else "service"
        faults.append(Fault(f"{part}.{kind}", "is missing", "give service and setup the same kinds", "missing-key"))
    carrier, use = read.get("carrier"), read.get("energy.constant.per_distance")
    if carrier and use and carrier.amount == "electricity" and use.value.unit == "L/100km":
        what = "are litres of electricity"
        faults.append(Fault("energy.constant.per_distance", what, "use kWh/100km", "wrong-unit", use.mark))
    return faults + _flight_faults(read) + _model_faults(read) + _battery_faults(read)


def _flight_faults(read: Mapping[str, Reading]) -> list[Fault]:
    """Return what only aircraft have and the file gives to another vehicle, and climbs without a height."""
    medium = read.get("medium")
    flying = [read[key] for key in ("descent", "climb", "altitude", "hover", "max_wind") if key in read]
    if medium is None or not flying:
        return []
    if medium.amount != Medium.AIR:
        what, fix = f"nothing on {medium.amount} flies", "leave it out, or give the time under `setup`"
        return [Fault(one.value.name, what, fix, "impossible", one.mark) for one in flying if one.number]
    climbs = [read[key] for key in ("descent", "climb") if key in read and read[key].number]
    if climbs and "altitude" not in read:
        what, fix = "a climb has no height", "add `altitude: {value: 60, unit: m, estimate: …}`"
        return [Fault("altitude", what, fix, "missing-key", climbs[0].mark)]
    return []


def _model_faults(read: Mapping[str, Reading]) -> list[Fault]:
    """Return models that are none of this vehicle's, and a choice of one that the file has no values for."""
    faults, medium, given = [], read.get("medium"), list(models_in(read))
    for key in given if medium else ():
        if medium and not suits(key, Medium(str(medium.amount))):
            mark = next(one.mark for path, one in read.items() if path.startswith(f"energy.{key}."))
            what, fix = f"the model {key} is not one of vehicles on {medium.amount}", "take it out"
            faults.append(Fault(f"energy.{key}", what, fix, "impossible", mark))
    chosen = read.get("energy_model")
    if chosen and given and chosen.amount not in given:
        what = f"the file has no values for the model {chosen.amount}"
        fix = f"add them under `energy: {chosen.amount}:`, or choose {' or '.join(given)}"
        faults.append(Fault("energy_model", what, fix, "no-model", chosen.mark))
    return faults


def energy_faults(mode: Mode, read: Mapping[str, Reading]) -> list[Fault]:
    """Return where a model gives what no energy can be, and where a battery does not last for one stop."""
    faults, usable = [], usable_wh(mode)
    loads_kg = np.linspace(0.0, mode.payload_kg, 9)
    for key in mode.energy.models:
        mark = next(one.mark for path, one in read.items() if path.startswith(f"energy.{key}."))
        try:
            use = mode.energy.use(key, loads_kg, own_conditions(mode), f"energy.{key}")
        except InputError as error:
            faults += [Fault(one.where, one.what, one.fix, one.code, mark) for one in error.faults]
            continue
        place_wh = float(use.j_per_place[-1]) / 3600
        if key == mode.energy.planned and place_wh >= usable:
            what = f"one stop takes {place_wh:.4g} Wh by the model {key}, and the battery may give {usable:.4g} Wh"
            fix = "a larger battery, a smaller reserve or a smaller use"
            faults.append(Fault("battery", what, fix, "impossible", read["battery"].mark))
    return faults


def _battery_faults(read: Mapping[str, Reading]) -> list[Fault]:
    """Return where a battery cannot cost, or be charged as, what the file says."""
    battery, carrier, way = (read.get(key) for key in ("battery", "carrier", "charging.way"))
    faults = []
    if carrier and carrier.amount == "electricity" and way is None:
        what, fix = "an electric vehicle has no charging", "add `charging: {way: …, power: …, efficiency: …}`"
        faults.append(Fault("charging", what, fix, "missing-key", carrier.mark))
    if carrier and way and carrier.amount != "electricity":
        what = f"nobody charges {carrier.amount}"
        faults.append(Fault("charging", what, "take it out", "impossible", way.mark))
    if way and (way.amount == "swap") != ("charging.spares" in read):
        what = "batteries are changed, but there are no others" if way.amount == "swap" else "nobody changes batteries"
        fix = "add `spares: {value: 1, unit: batteries, …}`" if way.amount == "swap" else "take `spares` out"
        faults.append(Fault("charging.spares", what, fix, "impossible", way.mark))
    if battery and carrier and carrier.amount == "electricity" and math.isinf(battery.number):
        what = "an electric vehicle cannot have an unlimited battery"
        faults.append(Fault("battery", what, "give its battery in kWh", "impossible", battery.mark))
    price, cycles = read.get("ownership.battery_price"), read.get("ownership.battery_cycles")
    if price and cycles and price.number and math.isinf(cycles.number):
        what = "a battery that wears out has a number of cycles"
        fix = "give its cycles, or a price of 0 where it lasts as long as the vehicle"
        faults.append(Fault("ownership.battery_cycles", what, fix, "impossible", cycles.mark))
    return faults


def _mixed_money(read: Mapping[str, Reading], where: str, currency: str = "") -> list[Fault]:
    """Return the values below a path whose currency is not that of the first, or the one given."""
    faults = []
    for path, reading in read.items():
        if not path.startswith(where) or not reading.currencies or path.startswith("exchange."):
            continue
        currency = currency or reading.currencies[0]
        if reading.currencies[0] != currency:
            what = f"is in {reading.currencies[0]} where the rest is in {currency}"
            faults.append(Fault(path, what, f"give it in {currency}", "mixed-currency", reading.mark))
    return faults


def book_faults(sheet: Cell, read: Mapping[str, Reading], modes: tuple[str, ...]) -> list[Fault]:
    """Return where a price book contradicts itself."""
    currency, year = word(sheet, "currency"), word(sheet, "year")
    faults: list[Fault] = []
    cells = sheet.cells or {}
    if "currency" in cells and not (len(currency) == len("EUR") and currency.isalpha() and currency.isupper()):
        what = f"'{currency}' is no currency"
        faults.append(Fault("currency", what, "write three capitals, as EUR", "bad-value", cells["currency"].mark))
        return faults
    if "year" in cells and not (year.isdigit() and len(year) == len("2024")):
        faults.append(Fault("year", f"'{year}' is no year", "write it as 2024", "bad-value", cells["year"].mark))
    own = {path: reading for path, reading in read.items() if not path.startswith("vehicles.")}
    faults += _mixed_money(own, "", currency)
    for mode in (cells["vehicles"].cells or {}) if "vehicles" in cells else {}:
        faults += _mixed_money(read, f"vehicles.{mode}.")
        close = near(mode, modes)
        if mode not in modes and close.startswith("did"):
            where = (cells["vehicles"].keys or {})[mode]
            faults.append(Fault("vehicles", f"there is no mode '{mode}'", close, "unknown-mode", where))
    for path, reading in read.items():
        key = path.removeprefix("exchange.")
        if key != path and reading.currencies != (currency, key):
            what = f"'{reading.value.unit}' is not the unit of this rate"
            faults.append(Fault(path, what, f"give it in {currency}/{key}", "wrong-unit", reading.mark))
    return faults


def law_faults(read: Mapping[str, Reading]) -> list[Fault]:
    """Return where a book of law contradicts itself: hours that end before they begin, a density that nobody counts."""
    faults = []
    for medium in Medium:
        opens, closes = read.get(f"{medium}.opens"), read.get(f"{medium}.closes")
        if opens and closes and closes.number <= opens.number:
            what = f"closes at {closes.number / 3600:g} h, not after it opens at {opens.number / 3600:g} h"
            faults.append(Fault(f"{medium}.closes", what, "swap the two, or add 24 h", "hours-reversed", closes.mark))
    density = read.get("air.density")
    if density and "air.people_per_home" not in read:
        fix = "add `people_per_home`, by which homes of the map are counted as people"
        faults.append(Fault("air.density", "says nothing without the people of a home", fix, "no-people", density.mark))
    return faults


def chance_faults(read: Mapping[str, Reading]) -> list[Fault]:
    """Return where a book of chance has more doors fail than are left when neighbours have taken in their share."""
    door, share = read.get("missed.door"), read.get("neighbour.share")
    if not door or not share or door.number <= 1 - share.number:
        return []
    what = f"{100 * door.number:g} % of doors fail, where neighbours take in {100 * share.number:g} % of what would"
    fix = f"`missed: door` is what nobody takes in: {100 - 100 * share.number:g} % at the most, or less by neighbours"
    return [Fault("missed.door", what, fix, "impossible", door.mark)]
