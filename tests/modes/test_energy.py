"""What all energy models have in common, and their faults."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from doorstep.errors import CatalogError, InputError
from doorstep.modes.catalog import load_mode, mode_names
from doorstep.modes.energy import Conditions, Energy, own_conditions, trip_range_m, usable_wh
from doorstep.modes.layout import ENERGY
from doorstep.modes.models import MODELS
from doorstep.modes.rotors import Rodrigues
from doorstep.modes.sources import FOLDER
from doorstep.modes.wheels import Constant

PAIRS = [(name, key) for name in mode_names() for key in load_mode(name).energy.models]


def test_every_model_has_a_table() -> None:
    """The models that files may name are those that have values to be read, and every mode has two at the least."""
    assert list(MODELS) == list(ENERGY.entries)
    assert all(len(load_mode(name).energy.models) >= 2 for name in mode_names())
    assert {key for _, key in PAIRS} == set(MODELS)


@pytest.mark.parametrize(("name", "key"), PAIRS)
def test_more_load_never_takes_less(name: str, key: str) -> None:
    """Every model of every mode gives finite energies above nothing that never fall with the load."""
    mode = load_mode(name)
    use = mode.energy.use(key, np.linspace(0, mode.payload_kg, 30), own_conditions(mode))
    total = use.j_per_m * 1000 + use.j_per_s * 100 + use.j_per_place
    assert (total > 0).all()
    for _, amounts in use.parts():
        assert (np.diff(amounts) >= 0).all()


@pytest.mark.parametrize("name", mode_names())
def test_models_of_a_mode_are_of_one_size(name: str) -> None:
    """No model of a mode gives more than two and a half times what another does for an ordinary trip."""
    mode = load_mode(name)
    conditions = own_conditions(mode)
    trips = []
    for key in mode.energy.models:
        use = mode.energy.use(key, np.array([0.0, mode.payload_kg / 2]), conditions)
        metres = 2500.0
        trips.append(float((use.j_per_m + use.j_per_s / conditions.speed_mps).sum() * metres + use.j_per_place[-1]))
    assert max(trips) < 2.5 * min(trips)


def test_range_by_the_models() -> None:
    """A drone flies less far with a smaller battery, by each of its models, and by the thriftier model farther."""
    drone = replace(load_mode("quadcopter"), battery_wh=200.0)
    reach = {key: trip_range_m(drone, key) for key in drone.energy.models}
    assert reach["dandrea"] < reach["rodrigues"] < reach["momentum"] < drone.range_m
    assert trip_range_m(drone) == reach[drone.energy.planned]
    assert usable_wh(drone) == pytest.approx(160)


def test_negative_energy_is_one_named_fault() -> None:
    """A model that gives less than nothing is one fault, with the model, the load and the amount."""
    tiny = Energy("rodrigues", {"rodrigues": Rodrigues(0.05, 20.0)})
    with pytest.raises(InputError, match=r"rodrigues gives -\d+(\.\d+)? J for each second of .* with 0 kg") as caught:
        tiny.use("rodrigues", np.array([0.0, 0.01]), Conditions(10.0, descent_s=60.0), "mode gnat")
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [("negative-energy", "mode gnat")]
    broken = Energy("constant", {"constant": Constant(float("nan"), 0.0)})
    with pytest.raises(InputError, match=r"gives nan J for each metre"):
        broken.use("constant", np.zeros(1), Conditions(10.0))


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "words"),
    [
        ("quadcopter", "value: 6.8, unit: kg", "value: 0.001, unit: kg", "negative-energy", "rodrigues gives -"),
        ("quadcopter", "battery: {value: 600,", "battery: {value: 20,", "impossible", "one stop takes"),
        ("quadcopter", "battery: {value: 600,", "battery: {value: 0,", "out-of-range", "0 is impossible"),
        ("quadcopter", "energy_model: {value: rodrigues", "energy_model: {value: winged", "no-model", "no values for"),
        ("quadcopter", "energy_model: {value: rodrigues", "energy_model: {value: dorling", "bad-value", "dorling"),
        ("quadcopter", "altitude: {value: 60, unit: m", "altitude: {value: 0, unit: m", "out-of-range", "impossible"),
        ("quadcopter", "  spares:", "  spare:", "unknown-key", "spare"),
        ("van", "  way: {value: charge", "  way: {value: swap", "impossible", "there are no others"),
        ("van", "  rolling:\n", "  winged:\n", "missing-key", "lift_over_drag"),
        ("cargo-trike", "  way: {value: swap", "  way: {value: charge", "impossible", "nobody changes batteries"),
        ("diesel-van", "range:", "charging: {way: {value: charge, unit: word, estimate: no}}\nrange:", "", "power"),
    ],
)
def test_each_fault_of_energy(name: str, old: str, new: str, code: str, words: str, tmp_path: object) -> None:
    """A file whose energy is broken in one way is answered with that fault, at its line."""
    text = (FOLDER / "catalog" / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / f"{name}.yaml"  # type: ignore[operator]
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_mode(path)
    faults = [fault for fault in caught.value.faults if not code or fault.code == code]
    assert any(words in f"{fault.where} {fault.what}" for fault in faults)
    assert all(fault.mark for fault in faults)


def test_an_electric_vehicle_says_how_it_is_charged(tmp_path: object) -> None:
    """An electric mode without charging is a fault, and so is a flying model on wheels."""
    text = (FOLDER / "catalog" / "van.yaml").read_text(encoding="utf-8")
    begin, end = text.index("charging:"), text.index("vehicles_per_operator:")
    path = tmp_path / "van.yaml"  # type: ignore[operator]
    path.write_text(text[:begin] + text[end:], encoding="utf-8")
    with pytest.raises(CatalogError, match=r"an electric vehicle has no charging"):
        load_mode(path)
    copter = "  dandrea:\n    mass: {value: 1, unit: kg, estimate: x}\n"
    copter += "    lift_over_drag: {value: 3, unit: ratio, estimate: x}\n"
    copter += '    efficiency: {value: 50, unit: "%", estimate: x}\n    electronics: {value: 1, unit: W, estimate: x}\n'
    path.write_text(text.replace("  constant:\n", copter + "  constant:\n"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"the model dandrea is not one of vehicles on road"):
        load_mode(path)
