"""The catalogue: modes and price books by name or from a user's own file, with every fault of a file at once."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from doorstep.errors import CatalogError, Fault
from doorstep.handover import Handover
from doorstep.modes.chancebook import ChanceBook
from doorstep.modes.consistency import book_faults, chance_faults, energy_faults, law_faults, mode_faults, word
from doorstep.modes.entries import read_table
from doorstep.modes.lawbook import Lawbook
from doorstep.modes.layout import CARRIERS, CHANCE, ENERGY, LAWS, MODE, PRICES, RECOURSE
from doorstep.modes.mode import Charging, Mode, Ownership, PriceBook, Refill
from doorstep.modes.models import energy_of
from doorstep.modes.sheet import near, read_sheet
from doorstep.modes.sources import FOLDER, Source, load_sources
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorstep.modes.entries import Reading, Table
    from doorstep.modes.sheet import Cell

    Check = Callable[[Cell, Mapping[str, Reading]], list[Fault]]

__all__ = [
    "Source",
    "chance_names",
    "law_names",
    "load_chance",
    "load_laws",
    "load_mode",
    "load_prices",
    "load_sources",
    "mode_names",
    "price_faults",
    "price_names",
]


def mode_names() -> tuple[str, ...]:
    """Return the names of the modes that come with Doorstep."""
    return _names("catalog")


def price_names() -> tuple[str, ...]:
    """Return the names of the price books that come with Doorstep."""
    return _names("prices")


def law_names() -> tuple[str, ...]:
    """Return the names of the books of law that come with Doorstep."""
    return _names("laws")


def chance_names() -> tuple[str, ...]:
    """Return the names of the books of chance that come with Doorstep."""
    return _names("chance")


def load_mode(name: str | Path) -> Mode:
    """Return a mode of the catalogue by its name, or of a user's file by its path.

    CatalogError names every fault of the file, and the nearest name where there is no such mode.
    """
    sheet, read = _read(name, "mode", "catalog", MODE, lambda _, read: mode_faults(read))
    service, setup = (
        MappingProxyType({kind: read[f"{part}.{kind}"].number for kind in Handover if f"{part}.{kind}" in read})
        for part in ("service", "setup")
    )

    def given(key: str, otherwise: float = 0.0) -> float:
        return read[key].number if key in read else otherwise

    mode = Mode(
        name=word(sheet, "name"),
        label=word(sheet, "label"),
        medium=Medium(str(read["medium"].amount)),
        max_speed_mps=read["max_speed"].number,
        payload_kg=read["payload"].number,
        capacity_l=read["capacity"].number,
        max_parcels=int(read["max_parcels"].number),
        service_s=service,
        setup_s=setup,
        descent_s=given("descent"),
        climb_s=given("climb"),
        altitude_m=given("altitude"),
        hover_s=given("hover"),
        max_wind_mps=given("max_wind", math.inf),
        charging=_charging(read),
        load_s=read["load"].number,
        turnaround_s=read["turnaround"].number,
        range_m=read["range"].number,
        battery_wh=read["battery"].number,
        reserve_share=read["reserve"].number,
        energy=energy_of(read, ENERGY.entries),
        carrier=str(read["carrier"].amount),
        has_driver=bool(read["has_driver"].amount),
        vehicles_per_operator=read["vehicles_per_operator"].number,
        loading_staff=read["loading_staff"].number,
        ownership=_ownership(read, "ownership"),
        values=tuple(reading.value for reading in read.values()),
    )
    if faults := energy_faults(mode, read):
        raise CatalogError(_placed(faults, sheet))
    return mode


def load_prices(name: str | Path) -> PriceBook:
    """Return a price book of the catalogue by its name, or of a user's file by its path.

    CatalogError names every fault of the file, and the nearest name where there is no such book.
    """
    sheet, read = _read(name, "price book", "prices", PRICES, partial(book_faults, modes=mode_names()))
    currency = word(sheet, "currency")
    vehicles = (sheet.cells or {}).get("vehicles")
    exchange = {path.split(".")[1]: one.number for path, one in read.items() if path.startswith("exchange.")}
    return PriceBook(
        name=word(sheet, "name"),
        label=word(sheet, "label"),
        currency=currency,
        year=int(word(sheet, "year")),
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


def load_laws(name: str | Path) -> Lawbook:
    """Return a book of law by its name, or of a user's file by its path.

    CatalogError names every fault of the file, and the nearest name where there is no such book.
    """
    sheet, read = _read(name, "book of law", "laws", LAWS, lambda _, read: law_faults(read))
    paths = {path: path.partition(".") for path in read}
    limits = {(Medium(medium), key): read[path].number for path, (medium, _, key) in paths.items()}
    values = tuple(reading.value for reading in read.values())
    return Lawbook(word(sheet, "name"), word(sheet, "label"), MappingProxyType(limits), values)


def load_chance(name: str | Path) -> ChanceBook:
    """Return a book of chance by its name, or of a user's file by its path.

    CatalogError names every fault of the file, and the nearest name where there is no such book.
    """
    sheet, read = _read(name, "book of chance", "chance", CHANCE, lambda _, read: chance_faults(read))
    return ChanceBook(
        name=word(sheet, "name"),
        label=word(sheet, "label"),
        travel_spread=read["travel.spread"].number,
        travel_persistence=read["travel.persistence"].number,
        leg_spread=read["travel.leg_spread"].number,
        handover_spread=read["handover.spread"].number,
        missed=MappingProxyType({kind: read[f"missed.{kind}"].number for kind in Handover}),
        neighbour_share=read["neighbour.share"].number,
        neighbour_s=read["neighbour.time"].number,
        wind_share=read["wind.share"].number,
        wind_persistence=read["wind.persistence"].number,
        rain_share=read["rain.share"].number,
        rain_persistence=read["rain.persistence"].number,
        rain_slower=read["rain.slower"].number,
        broken_per_m=MappingProxyType({medium: read[f"broken.{medium}"].number for medium in Medium}),
        mended_s=read["broken.mended"].number,
        stopped_per_m=read["stopped.rate"].number,
        stopped_s=read["stopped.time"].number,
        full_spread=read["full.spread"].number,
        recourse=MappingProxyType({why: str(read[f"recourse.{why}"].amount) for why in RECOURSE}),
        patience_s=read["recourse.patience"].number,
        courier_call_s=read["courier.call"].number,
        courier_mps=read["courier.speed"].number,
        courier_detour=read["courier.detour"].number,
        courier_handling_s=read["courier.handling"].number,
        carry_s=read["tomorrow.handling"].number,
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


def _names(folder: str) -> tuple[str, ...]:
    """Return the names of the files that come with Doorstep in a folder of the catalogue."""
    return tuple(sorted(path.stem for path in (FOLDER / folder).glob("*.yaml")))


def _read(
    name: str | Path, what: str, folder: str, table: Table, check: Check = lambda _sheet, _read: []
) -> tuple[Cell, dict[str, Reading]]:
    """Return the sheet and the readings of a file by its name or path; CatalogError with every fault of it."""
    sheet = read_sheet(_path(name, what, _names(folder), FOLDER / folder))
    faults: list[Fault] = []
    read = read_table(sheet, table, faults)
    faults += check(sheet, read)
    if faults:
        raise CatalogError(_placed(faults, sheet))
    return sheet, read


def _path(name: str | Path, what: str, names: tuple[str, ...], folder: Path) -> Path:
    """Return the file of a name or a user's path."""
    text = str(name)
    if text in names:
        return folder / f"{text}.yaml"
    if isinstance(name, Path) or "/" in text or "\\" in text or text.endswith((".yaml", ".yml")):
        return Path(name)
    fix = f"{near(text, names)} (or give the path of your own file, ./{text}.yaml)"
    raise CatalogError.of("", f"there is no {what} '{text}'", fix, f"unknown-{what.replace(' ', '-')}")


def _placed(faults: list[Fault], sheet: Cell) -> list[Fault]:
    """Return faults in the order of the file, those without a place at its top."""
    marked = [
        fault if fault.mark else Fault(fault.where, fault.what, fault.fix, fault.code, sheet.mark) for fault in faults
    ]
    return sorted(marked, key=lambda fault: (fault.mark.line, fault.mark.column) if fault.mark else (0, 0))


def _charging(read: Mapping[str, Reading]) -> Charging:
    """Return how a vehicle is charged."""
    if "charging.way" not in read:
        return Charging(Refill.FUEL)
    spares = read["charging.spares"].number if "charging.spares" in read else 0
    way = Refill(str(read["charging.way"].amount))
    return Charging(way, read["charging.power"].number, read["charging.efficiency"].number, spares)


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
