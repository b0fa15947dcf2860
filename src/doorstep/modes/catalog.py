"""The catalogue: modes and price books by name or from a user's own file, with every fault of a file at once."""

from __future__ import annotations

import math
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from doorstep.errors import CatalogError, Fault
from doorstep.handover import Handover
from doorstep.modes.entries import Reading, Rule, Table, read_table
from doorstep.modes.mode import Mode, Ownership, PriceBook
from doorstep.modes.sheet import Cell, near, read_sheet
from doorstep.modes.sources import FOLDER, Source, load_sources
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Source", "load_mode", "load_prices", "load_sources", "mode_names", "price_faults", "price_names"]

CARRIERS = ("electricity", "diesel")
_TIME = Rule("time", high=6 * 3600)
_HANDOVERS = Table({kind.value: _TIME for kind in Handover}, choice=True)
_OWNERSHIP = Table(
    {
        "price": Rule("money"),
        "life": Rule("years", above=True, high=50),
        "wear": Rule("money per km"),
        "battery_price": Rule("money"),
        "battery_cycles": Rule("cycles", above=True, endless=True),
        "site_price": Rule("money"),
        "site_life": Rule("years", above=True, high=50),
        "insurance": Rule("money per day"),
    },
)
_MODE = Table(
    {
        "medium": Rule("word", words=tuple(medium.value for medium in Medium)),
        "carrier": Rule("word", words=CARRIERS),
        "has_driver": Rule("yes or no"),
        "max_speed": Rule("speed", above=True, high=100),
        "payload": Rule("mass", above=True, high=40_000),
        "capacity": Rule("volume", above=True, high=100_000),
        "max_parcels": Rule("parcels", low=1, whole=True),
        "service": _HANDOVERS,
        "setup": _HANDOVERS,
        "load": _TIME,
        "turnaround": _TIME,
        "range": Rule("length", above=True, endless=True),
        "battery": Rule("energy", above=True, endless=True),
        "reserve": Rule("share", high=0.95),
        "energy": Rule("use", above=True),
        "energy_per_stop": Rule("energy"),
        "vehicles_per_operator": Rule("vehicles", above=True, endless=True),
        "loading_staff": Rule("people"),
        "ownership": _OWNERSHIP,
    },
    plain=("name", "label"),
)
_PRICES = Table(
    {
        "wages": Table({who: Rule("money per hour") for who in ("driver", "operator", "loader")}),
        "energy": Table({carrier: Rule(f"price of {carrier}") for carrier in CARRIERS}),
        "carbon": Table({carrier: Rule(f"carbon of {carrier}", high=10) for carrier in CARRIERS}),
        "interest": Rule("share", high=1),
        "operating_days": Rule("days", above=True, high=366),
        "exchange": Table({}, open_to=Rule("exchange", above=True)),
        "lockers": Table(
            {
                "price": Rule("money"),
                "compartments": Rule("compartments", low=1, whole=True),
                "life": Rule("years", above=True, high=50),
                "running": Rule("money per day"),
            },
        ),
        "hub": Rule("money per day"),
        "unserved": Rule("money per order", above=True),
        "late": Rule("money per hour"),
        "vehicles": Table({}, open_to=_OWNERSHIP),
    },
    plain=("name", "label", "currency", "year"),
    optional=("vehicles",),
)


def mode_names() -> tuple[str, ...]:
    """Return the names of the modes that come with Doorstep."""
    return tuple(sorted(path.stem for path in (FOLDER / "catalog").glob("*.yaml")))


def price_names() -> tuple[str, ...]:
    """Return the names of the price books that come with Doorstep."""
    return tuple(sorted(path.stem for path in (FOLDER / "prices").glob("*.yaml")))


def load_mode(name: str | Path) -> Mode:
    """Return a mode of the catalogue by its name, or of a user's file by its path.

    CatalogError names every fault of the file, and the nearest name where there is no such mode.
    """
    sheet = read_sheet(_path(name, "mode", mode_names(), FOLDER / "catalog"))
    faults: list[Fault] = []
    read = read_table(sheet, _MODE, faults)
    if not faults:
        faults += _mode_faults(read)
    if faults:
        raise CatalogError(_placed(faults, sheet))
    service, setup = (
        MappingProxyType({kind: read[f"{part}.{kind}"].number for kind in Handover if f"{part}.{kind}" in read})
        for part in ("service", "setup")
    )
    return Mode(
        name=_word(sheet, "name"),
        label=_word(sheet, "label"),
        medium=Medium(str(read["medium"].amount)),
        max_speed_mps=read["max_speed"].number,
        payload_kg=read["payload"].number,
        capacity_l=read["capacity"].number,
        max_parcels=int(read["max_parcels"].number),
        service_s=service,
        setup_s=setup,
        load_s=read["load"].number,
        turnaround_s=read["turnaround"].number,
        range_m=read["range"].number,
        battery_wh=read["battery"].number,
        reserve_share=read["reserve"].number,
        energy_wh_per_m=read["energy"].number,
        energy_wh_per_stop=read["energy_per_stop"].number,
        carrier=str(read["carrier"].amount),
        has_driver=bool(read["has_driver"].amount),
        vehicles_per_operator=read["vehicles_per_operator"].number,
        loading_staff=read["loading_staff"].number,
        ownership=_ownership(read, "ownership"),
        values=tuple(reading.value for reading in read.values()),
    )


def load_prices(name: str | Path) -> PriceBook:
    """Return a price book of the catalogue by its name, or of a user's file by its path.

    CatalogError names every fault of the file, and the nearest name where there is no such book.
    """
    sheet = read_sheet(_path(name, "price book", price_names(), FOLDER / "prices"))
    faults: list[Fault] = []
    read = read_table(sheet, _PRICES, faults)
    faults += _book_faults(sheet, read)
    if faults:
        raise CatalogError(_placed(faults, sheet))
    currency = _word(sheet, "currency")
    vehicles = (sheet.cells or {}).get("vehicles")
    exchange = {path.split(".")[1]: one.number for path, one in read.items() if path.startswith("exchange.")}
    return PriceBook(
        name=_word(sheet, "name"),
        label=_word(sheet, "label"),
        currency=currency,
        year=int(_word(sheet, "year")),
        driver_per_hour=read["wages.driver"].number,
        operator_per_hour=read["wages.operator"].number,
        loader_per_hour=read["wages.loader"].number,
        energy_per_kwh=MappingProxyType({carrier: read[f"energy.{carrier}"].number for carrier in CARRIERS}),
        co2e_kg_per_kwh=MappingProxyType({carrier: read[f"carbon.{carrier}"].number for carrier in CARRIERS}),
        interest_rate=read["interest"].number,
        operating_days=read["operating_days"].number,
        exchange=MappingProxyType({currency: 1.0, **exchange}),
        locker_price=read["lockers.price"].number,
        locker_compartments=int(read["lockers.compartments"].number),
        locker_life_years=read["lockers.life"].number,
        locker_running_per_day=read["lockers.running"].number,
        hub_per_day=read["hub"].number,
        unserved_price=read["unserved"].number,
        late_per_hour=read["late"].number,
        ownership=MappingProxyType(
            {mode: _ownership(read, f"vehicles.{mode}") for mode in (vehicles and vehicles.cells) or {}}
        ),
        values=tuple(reading.value for reading in read.values()),
    )


def price_faults(mode: Mode, prices: PriceBook) -> tuple[Fault, ...]:
    """Return why a mode cannot be costed at the prices of a book: a currency or a carrier that the book lacks."""
    own = prices.ownership.get(mode.name, mode.ownership)
    faults = []
    if own.currency not in prices.exchange:
        what = f"is priced in {own.currency}, which the price book '{prices.name}' does not exchange"
        fix = f"add `exchange: {own.currency}:` in {prices.currency}/{own.currency} to the price book"
        faults.append(Fault(f"mode {mode.name}", what, fix, "no-exchange"))
    if mode.carrier not in prices.energy_per_kwh:
        what = f"runs on {mode.carrier}, which the price book '{prices.name}' has no price of"
        faults.append(Fault(f"mode {mode.name}", what, f"add `energy: {mode.carrier}:` to the price book", "no-price"))
    return tuple(faults)


def _path(name: str | Path, what: str, names: tuple[str, ...], folder: Path) -> Path:
    """Return the file of a name or a user's path."""
    text = str(name)
    if text in names:
        return folder / f"{text}.yaml"
    if isinstance(name, Path) or "/" in text or "\\" in text or text.endswith((".yaml", ".yml")):
        return Path(name)
    fix = f"{near(text, names)} (or give the path of your own file, ./{text}.yaml)"
    raise CatalogError.of("", f"there is no {what} '{text}'", fix, f"unknown-{what.replace(' ', '-')}")


def _word(sheet: Cell, key: str) -> str:
    """Return a bare word at the top of a file; a number without its decimals."""
    cell = (sheet.cells or {}).get(key)
    value = cell.value if cell else None
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def _placed(faults: list[Fault], sheet: Cell) -> list[Fault]:
    """Return faults in the order of the file, those without a place at its top."""
    marked = [
        fault if fault.mark else Fault(fault.where, fault.what, fault.fix, fault.code, sheet.mark) for fault in faults
    ]
    return sorted(marked, key=lambda fault: (fault.mark.line, fault.mark.column) if fault.mark else (0, 0))


def _ownership(read: Mapping[str, Reading], where: str) -> Ownership:
    """Return what it costs to have one vehicle."""
    return Ownership(
        price=read[f"{where}.price"].number,
        currency=read[f"{where}.price"].currencies[0],
        life_years=read[f"{where}.life"].number,
        wear_per_km=read[f"{where}.wear"].number,
        battery_price=read[f"{where}.battery_price"].number,
        battery_cycles=read[f"{where}.battery_cycles"].number,
        site_price=read[f"{where}.site_price"].number,
        site_life_years=read[f"{where}.site_life"].number,
        insurance_per_day=read[f"{where}.insurance"].number,
    )


def _mode_faults(read: Mapping[str, Reading]) -> list[Fault]:
    """Return where the values of a mode contradict each other."""
    faults = _mixed_money(read, "ownership")
    kinds = {
        part: {path.split(".")[1] for path in read if path.startswith(f"{part}.")} for part in ("service", "setup")
    }
    for kind in sorted(kinds["service"] ^ kinds["setup"]):
        part = "setup" if kind in kinds["service"] else "service"
        faults.append(Fault(f"{part}.{kind}", "is missing", "give service and setup the same kinds", "missing-key"))
    battery = read["battery"]
    usable_wh = battery.number * (1 - read["reserve"].number)
    if read["energy_per_stop"].number >= usable_wh:
        what = f"one stop takes more than the {usable_wh:g} Wh that the battery may give"
        faults.append(Fault("energy_per_stop", what, "a larger battery or a smaller use", "impossible", battery.mark))
    electric = read["carrier"].amount == "electricity"
    if electric and read["energy"].value.unit == "L/100km":
        faults.append(Fault("energy", "litres of electricity", "use kWh/100km", "wrong-unit", read["energy"].mark))
    if electric and math.isinf(battery.number):
        what = "an electric vehicle cannot have an unlimited battery"
        faults.append(Fault("battery", what, "give its battery in kWh", "impossible", battery.mark))
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


def _book_faults(sheet: Cell, read: Mapping[str, Reading]) -> list[Fault]:
    """Return where a price book contradicts itself."""
    currency, year = _word(sheet, "currency"), _word(sheet, "year")
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
        close = near(mode, mode_names())
        if mode not in mode_names() and close.startswith("did"):
            where = (cells["vehicles"].keys or {})[mode]
            faults.append(Fault("vehicles", f"there is no mode '{mode}'", close, "unknown-mode", where))
    for path, reading in read.items():
        key = path.removeprefix("exchange.")
        if key != path and reading.currencies != (currency, key):
            what = f"'{reading.value.unit}' is not the unit of this rate"
            faults.append(Fault(path, what, f"give it in {currency}/{key}", "wrong-unit", reading.mark))
    return faults
