"""The catalogue that is shipped, and files of a user's own."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

import pytest

from doorstep.errors import CatalogError
from doorstep.handover import Handover
from doorstep.modes.catalog import load_mode, load_prices, load_sources, mode_names, price_faults, price_names
from doorstep.modes.energy import trip_range_m
from doorstep.modes.entries import Rule, Table
from doorstep.modes.layout import MODE, PRICES
from doorstep.modes.mode import Charging, Refill
from doorstep.modes.rates import Per, rates_of
from doorstep.modes.sources import FOLDER
from doorstep.modes.wheels import Constant
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VAN = (FOLDER / "catalog" / "van.yaml").read_text(encoding="utf-8")
BOOK = (FOLDER / "prices" / "euro-area-2024.yaml").read_text(encoding="utf-8")


def _faults(folder: Path, text: str, load: Callable[[Path], object] = load_mode) -> list[tuple[str, str, int]]:
    """Return where, code and line of each fault of a file with this text."""
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load(path)
    return [(fault.where, fault.code, fault.mark.line) for fault in caught.value.faults]


def _line(text: str, start: str) -> int:
    """Return on which line a text begins so."""
    return next(k for k, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


def test_shipped_names() -> None:
    """The catalogue holds the five modes of the road map, a winged drone and a diesel van, and four price books."""
    names = ("cargo-trike", "diesel-van", "quadcopter", "robovan", "sidewalk-robot", "van", "vtol-drone")
    assert mode_names() == names
    assert price_names() == ("china-2024", "euro-area-2024", "united-kingdom-2023", "united-states-2024")


@pytest.mark.parametrize("name", mode_names())
def test_every_value_of_a_mode_has_an_origin(name: str) -> None:
    """Every value of a shipped mode names a known source or says why it is estimated, never both."""
    mode = load_mode(name)
    assert mode.name == name
    for value in mode.values:
        assert value.unit
        assert bool(value.source) != bool(value.estimate), value
        assert not value.source or value.source in load_sources(), value


@pytest.mark.parametrize("name", price_names())
def test_every_value_of_a_price_book_has_an_origin(name: str) -> None:
    """Every value of a shipped price book names a known source or says why it is estimated, never both."""
    book = load_prices(name)
    assert book.name == name
    for value in book.values:
        assert bool(value.source) != bool(value.estimate), value
        assert not value.source or value.source in load_sources(), value


@pytest.mark.parametrize("name", mode_names())
def test_values_are_complete(name: str) -> None:
    """Every number of a mode's record stands among its values: as many values as the record has numbers."""
    mode = load_mode(name)

    def count(record: object) -> int:
        total = 0
        for field in fields(record):  # type: ignore[arg-type]
            value = getattr(record, field.name)
            absent = value == field.default and field.name in {
                "descent_s",
                "climb_s",
                "altitude_m",
                "hover_s",
                "spares",
            }
            absent |= field.name in {"max_wind_mps", "power_w", "charging"} and value == field.default
            if field.name in {"name", "label", "values", "currency", "opens_s", "closes_s"} or absent:
                continue
            if field.name == "models":
                total += sum(count(model) for model in value.values())
            else:
                total += count(value) if is_dataclass(value) else len(value) if hasattr(value, "items") else 1
        return total

    assert len(mode.values) == count(mode)


@pytest.mark.parametrize("book", price_names())
@pytest.mark.parametrize("name", mode_names())
def test_every_mode_can_be_priced_everywhere(name: str, book: str) -> None:
    """Every shipped mode has finite, positive rates at the prices of every shipped book."""
    mode, prices = load_mode(name), load_prices(book)
    assert price_faults(mode, prices) == ()
    found = rates_of(mode, prices)
    assert all(math.isfinite(rate.amount) and rate.amount > 0 for rate in found)
    assert {Per.VEHICLE, Per.METRE, Per.KWH} <= {rate.per for rate in found}


def test_overridden_modes_exist() -> None:
    """The modes that shipped price books have prices of their own for are modes of the catalogue."""
    for name in price_names():
        assert set(load_prices(name).ownership) <= set(mode_names())


def test_units_are_converted() -> None:
    """Kilometres an hour, cubic metres, minutes, percent and kilowatt-hours come out in the units used inside."""
    van = load_mode("van")
    assert van.max_speed_mps == pytest.approx(100 / 3.6)
    assert van.capacity_l == 8000
    assert van.setup_s[Handover.DOOR] == 120
    assert van.reserve_share == pytest.approx(0.1)
    assert van.battery_wh == 40_000
    assert van.energy.models["constant"] == Constant(pytest.approx(0.25), 0)
    assert load_mode("diesel-van").energy.models["constant"] == Constant(pytest.approx(10 * 10.46 / 100), 0)
    assert van.charging == Charging(Refill.CHARGE, 11_000, pytest.approx(0.88))


def test_diesel_prices_by_the_litre() -> None:
    """A litre's price and carbon become those of a kilowatt-hour, so that a kilometre costs what its litres cost."""
    book, van = load_prices("euro-area-2024"), load_mode("diesel-van")
    constant = van.energy.models["constant"]
    assert isinstance(constant, Constant)
    kwh_per_km = constant.wh_per_m
    assert kwh_per_km * book.energy_per_kwh["diesel"] == pytest.approx(0.1 * 1.3)
    assert kwh_per_km * book.co2e_kg_per_kwh["diesel"] == pytest.approx(0.1 * 2.51)


def test_handover_kinds() -> None:
    """Couriers go to doors and banks, aircraft to yards and kiosks, robots to the kerb; only couriers sit in it."""
    kinds = {name: set(load_mode(name).service_s) for name in mode_names()}
    assert (kinds["quadcopter"], kinds["vtol-drone"]) == ({Handover.YARD, Handover.KIOSK}, {Handover.YARD})
    assert (kinds["sidewalk-robot"], kinds["robovan"]) == ({Handover.KERB}, {Handover.KERB, Handover.KIOSK})
    assert kinds["van"] == kinds["cargo-trike"] == {Handover.DOOR, Handover.LOCKER, Handover.KIOSK}
    assert {name for name in mode_names() if load_mode(name).has_driver} == {"van", "diesel-van", "cargo-trike"}
    assert load_mode("quadcopter").medium is Medium.AIR


@pytest.mark.parametrize("name", mode_names())
def test_battery_covers_the_stated_range(name: str) -> None:
    """By no model does a mode's battery, reserve kept back, fall short of its stated range by more than a quarter."""
    mode = load_mode(name)
    for key in mode.energy.models:
        if math.isfinite(mode.range_m):
            assert trip_range_m(mode, key) >= 0.75 * mode.range_m


def test_unknown_mode_names_the_nearest() -> None:
    """A misspelt mode is answered with the nearest name and how to give a file of one's own."""
    with pytest.raises(CatalogError, match=r"no mode 'quadcoptr'.*did you mean 'quadcopter'.*\./quadcoptr\.yaml"):
        load_mode("quadcoptr")
    with pytest.raises(CatalogError, match=r"no price book 'euro-2024'.*did you mean 'euro-area-2024'"):
        load_prices("euro-2024")


def test_own_file(tmp_path: Path) -> None:
    """A user's own file is read by its path, given as text or as a path, and keeps its own name."""
    path = tmp_path / "my-van.yaml"
    path.write_text(VAN.replace("name: van", "name: my-van"), encoding="utf-8")
    assert load_mode(str(path)).name == load_mode(path).name == "my-van"


def test_missing_own_file(tmp_path: Path) -> None:
    """A path without a file is answered with the files that lie there."""
    (tmp_path / "my-drone.yaml").write_text(VAN, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"no such file.*did you mean 'my-drone\.yaml'"):
        load_mode(tmp_path / "my-dron.yaml")


def test_all_faults_at_once(tmp_path: Path) -> None:
    """A file with many faults is answered with all of them, each at its line, in the order of the file."""
    text = (
        VAN.replace("value: 580, unit: kg", "value: -580, unit: kg")
        .replace("value: 8, unit: m3", "value: 8, unit: km")
        .replace("max_parcels:", "max_parcel:")
        .replace("note: an assumption of its authors to park", "notes: an assumption of its authors to park")
        .replace("value: 30, unit: min, estimate", "value: 30, unit: min, because")
        .replace("value: 40, unit: kWh", "value: .nan, unit: kWh")
        .replace("source: inpost2020", "source: inpost2002", 1)
    )
    found = _faults(tmp_path, text)
    assert {(where, code) for where, code, _ in found} >= {
        ("payload", "out-of-range"),
        ("capacity", "wrong-unit"),
        ("", "unknown-key"),
        ("max_parcels", "missing-key"),
        ("setup.locker", "unknown-key"),
        ("load", "unknown-key"),
        ("load", "missing-source"),
        ("battery", "not-finite"),
        ("carrier", "unknown-source"),
    }
    lines = [line for _, _, line in found]
    assert lines == sorted(lines)
    assert ("payload", "out-of-range", _line(text, "payload:")) in found


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("value: 580,", "value: much,", "not-a-number"),
        ("value: 580,", "value: true,", "not-a-number"),
        ("value: 580,", "value: ,", "not-a-number"),
        ("value: 580,", "value: 0,", "out-of-range"),
        ("value: 580,", "value: .inf,", "not-finite"),
        ("value: 580, ", "", "missing-value"),
        ("unit: kg, ", "", "missing-unit"),
        ("value: 580, unit: kg, source: inpost2020, note: weak source", "value: 580, unit: kg", "missing-source"),
        ("payload: {value: 580, unit: kg,", "payload: {value: 580, unit: kg, estimate: both,", "two-origins"),
        ("payload: {value: 580, unit: kg, source: inpost2020, note: weak source}", "payload: 580", "bare-value"),
        ("value: 200, unit: parcels", "value: 200.5, unit: parcels", "not-whole"),
        ("value: road", "value: rode", "bad-value"),
        ("value: true", "value: perhaps", "bad-value"),
        ('value: 10, unit: "%"', 'value: 100, unit: "%"', "out-of-range"),
        ("value: 38000, unit: EUR", "value: 38000, unit: USD", "mixed-currency"),
        ("value: 25, unit: kWh/100km", "value: 8, unit: L/100km", "wrong-unit"),
        ("battery: {value: 40,", "battery: {value: unlimited,", "impossible"),
        ("battery_price: {value: 0,", "battery_price: {value: 9000,", "impossible"),
        ("standing: {value: 0, unit: W", "standing: {value: 900, unit: kW", "impossible"),
        ("label: electric van with a courier", "label:", "bad-text"),
        ("name: van\n", "", "missing-key"),
        ("name: van\n", "name: ../van\n", "bad-name"),
        ("value: 38000, unit: EUR", "value: 1e300, unit: EUR", "out-of-range"),
        ("turnaround:", 'climb: {value: 15, unit: s, estimate: "high kerbs"}\nturnaround:', "impossible"),
    ],
)
def test_each_fault_of_a_mode(tmp_path: Path, old: str, new: str, code: str) -> None:
    """A file broken in one way is answered with that fault."""
    assert old in VAN
    assert code in {found for _, found, _ in _faults(tmp_path, VAN.replace(old, new, 1))}


def test_service_without_setup(tmp_path: Path) -> None:
    """A kind of handover with a service time and no set-up time is a fault that names it."""
    text = VAN.replace(
        "  locker: {value: 1, unit: min, source: rudy2025, note: an assumption of its authors to park and depart}\n", ""
    )
    assert text != VAN
    assert [(where, code) for where, code, _ in _faults(tmp_path, text)] == [("setup.locker", "missing-key")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("currency: EUR", "currency: euro", "bad-value"),
        ("currency: EUR", "currency: GBP", "mixed-currency"),
        ("year: 2024", "year: last", "bad-value"),
        ("unit: EUR/GBP", "unit: EUR/USD", "wrong-unit"),
        ("value: 0.2, unit: EUR/kWh", "value: 0.2, unit: EUR/L", "wrong-unit"),
        ("value: 300, unit: days/year", "value: 400, unit: days/year", "out-of-range"),
        ("value: 79, unit: compartments", "value: 0, unit: compartments", "out-of-range"),
        ("value: 50, unit: EUR/order", "value: 0, unit: EUR/order", "out-of-range"),
        ("value: 50, unit: EUR/order", "value: 1e7, unit: EUR/order", "out-of-range"),
        ("late:", "vehicles: {robovna: {}}\nlate:", "unknown-mode"),
        ("  driver:", "  drivers:", "unknown-key"),
    ],
)
def test_each_fault_of_a_price_book(tmp_path: Path, old: str, new: str, code: str) -> None:
    """A price book broken in one way is answered with that fault."""
    assert old in BOOK
    assert code in {found for _, found, _ in _faults(tmp_path, BOOK.replace(old, new, 1), load_prices)}


def test_book_without_an_exchange(tmp_path: Path) -> None:
    """A mode priced in a currency that the book does not exchange is named, before anything is costed."""
    path = tmp_path / "book.yaml"
    path.write_text("\n".join(line for line in BOOK.splitlines() if not line.startswith("  USD:")), encoding="utf-8")
    (fault,) = price_faults(load_mode("sidewalk-robot"), load_prices(path))
    assert fault.code == "no-exchange"
    assert "USD" in fault.what


def test_own_prices_of_a_book_count() -> None:
    """A driverless van costs less a day in China, at the prices of 2025, than at its own file's price exchanged."""
    book, robovan = load_prices("china-2024"), load_mode("robovan")
    day = next(rate.amount for rate in rates_of(robovan, book) if rate.per is Per.VEHICLE)
    assert book.ownership["robovan"].price == 19_800
    assert day < 0.1 * robovan.ownership.price / book.operating_days


@pytest.mark.parametrize("table", [MODE, PRICES], ids=["mode", "prices"])
def test_every_number_has_a_bound_of_belief(table: Table) -> None:
    """No number of a mode or a price book may be so large, or so near to zero, that costs lose their meaning."""

    def rules(within: Table) -> Iterator[Rule]:
        for entry in (*within.entries.values(), *([within.open_to] if within.open_to else [])):
            yield from rules(entry) if isinstance(entry, Table) else [entry]

    for rule in rules(table):
        assert rule.quantity in {"word", "yes or no"} or rule.high <= 1e9, rule
        assert not rule.quantity.startswith("money") or rule.high <= (1e8 if rule.quantity == "money" else 1e6), rule


def test_every_missing_key_of_a_book_is_told(tmp_path: Path) -> None:
    """A price book that has nothing but a name lacks every other key, each told where it should be."""
    found = {where for where, code, _ in _faults(tmp_path, "name: x\n", load_prices) if code == "missing-key"}
    assert found == {"label", "currency", "year", *PRICES.entries} - {"vehicles"}
