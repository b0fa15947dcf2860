"""Vans that carry drones or robots, as a file says it, and what is told of faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.handover import Handover
from doorstep.scenario.carried import carried_notes
from doorstep.scenario.case import open_case
from doorstep.scenario.fleets import configurations_of, modes_of
from doorstep.scenario.values import values_of

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.errors import Fault
    from doorstep.scenario.case import Case
    from doorstep.scenario.scenario import Configuration

GOOD = "{mode: quadcopter, count: 2, mass: 8 kg, space: 400 L}"


def case_of(folder: Path, carries: str, more: str = "", hub: str = "{place: auto}") -> Case:
    path = folder / "x.yaml"
    text = f"""\
network: {{extract: x}}
demand: {{sample: {{orders: 1}}}}
hubs: {{depot: {hub}}}
configurations:
  courier: {{vehicles: [{{mode: van, count: 2}}]}}
  both: {{vehicles: [{{mode: van, count: 2, handover: [door], carries: {carries}}}]{more}}}
  mixed: {{combine: all}}
"""
    path.write_text(text, encoding="utf-8")
    return open_case(path)


def read(case: Case) -> tuple[tuple[Configuration, ...], list[Fault]]:
    modes, faults = modes_of(case)
    found, wrong = configurations_of(case, modes, ["depot"], [])
    return found, [*case.faults, *faults, *wrong]


def test_a_van_with_drones(tmp_path: Path) -> None:
    """What a van carries has its numbers from the file, the rest by default, and its mode is one of the scenario's."""
    found, faults = read(case_of(tmp_path, GOOD))
    assert faults == []
    both = found[1]
    assert both.tandem
    assert both.modes == ("van", "quadcopter")
    carried = both.vehicles[0].carries
    assert carried is not None
    assert (carried.mode, carried.count, carried.mass_kg, carried.space_l) == ("quadcopter", 2, 8.0, 400.0)
    assert (carried.launch_s, carried.recover_s, carried.swap_s, carried.same_stop) == (60.0, 30.0, 60.0, True)
    assert carried.handover == {Handover.YARD}


def test_combinations_leave_vans_that_carry_out(tmp_path: Path) -> None:
    """`combine: all` joins all but configurations whose vans carry others, and a note says so."""
    case = case_of(tmp_path, GOOD)
    found, _ = read(case)
    assert found[2].combines == ("courier",)
    assert not found[2].tandem
    assert carried_notes(case, found, {}) == ["mixed: combines all but both, whose vans carry others"]


def test_how_many_operators_let_out_is_told(tmp_path: Path) -> None:
    """With operators a note says how many of what vans carry may leave them on a day, whatever it comes to there."""
    case = case_of(tmp_path, GOOD, ", operators: 2")
    modes, _ = modes_of(case)
    found, faults = read(case)
    assert faults == []
    told = [note for note in carried_notes(case, found, modes) if "operator" in note]
    assert told == ["both: operators watch 30 x quadcopter at once, so no more of them leave their vans on a day"]


def test_defaults_of_what_is_carried_are_told(tmp_path: Path) -> None:
    """The launch that the file does not give is among the study's numbers, with its source."""
    told = {value.name: value for value in values_of(case_of(tmp_path, GOOD))}
    launch = told["configurations.both.vehicles[0].carries.launch"]
    assert (launch.amount, launch.unit, launch.source) == (60, "s", "murray2020")


@pytest.mark.parametrize(
    ("carries", "more", "hub", "code"),
    [
        ("{mode: quadcoptr, count: 2, mass: 8 kg, space: 400 L}", "", "{place: auto}", "unknown-mode"),
        ("{mode: cargo-trike, count: 2, mass: 80 kg, space: 400 L}", "", "{place: auto}", "carried-driver"),
        ("{mode: robovan, count: 1, mass: 80 kg, space: 400 L}", "", "{place: auto}", "carried-medium"),
        (GOOD.replace("}", ", handover: [door]}"), "", "{place: auto}", "unable"),
        (GOOD.replace("}", ", handover: []}"), "", "{place: auto}", "unable"),
        (GOOD.replace("count: 2", "count: 20"), "", "{place: auto}", "out-of-range"),
        (GOOD.replace(", mass: 8 kg", ""), "", "{place: auto}", "missing-key"),
        (GOOD, ', dispatch: {waves: ["12:00"]}', "{place: auto}", "carried-dispatch"),
        (GOOD, "", "{place: auto, docks: 1}", "carried-docks"),
        (GOOD, "", "{place: auto, docks: 2, chargers: 1}", "carried-docks"),
    ],
)
def test_what_cannot_be_carried(tmp_path: Path, carries: str, more: str, hub: str, code: str) -> None:
    """Each thing that cannot be is one fault, with its code and a way to mend it."""
    _, faults = read(case_of(tmp_path, carries, more, hub))
    codes = {fault.code: fault for fault in faults}
    assert code in codes
    assert codes[code].fix or codes[code].what


def test_docks_for_all_are_no_limit(tmp_path: Path) -> None:
    """Vans that carry may start where there are as many docks and chargers as vehicles that use them."""
    assert read(case_of(tmp_path, GOOD, "", "{place: auto, docks: 2, chargers: 2}"))[1] == []


def test_vans_that_carry_are_not_named_to_be_combined(tmp_path: Path) -> None:
    """Naming such a configuration in `combine` is a fault."""
    case = case_of(tmp_path, GOOD)
    path = tmp_path / "x.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("combine: all", "combine: [courier, both]"), "utf-8")
    case = open_case(path)
    assert {fault.code for fault in read(case)[1]} == {"combines-carried"}


@pytest.mark.parametrize("size", ["mass: 9999 kg, space: 400 L", "mass: 8 kg, space: 99999 L"])
def test_what_no_van_could_carry(tmp_path: Path, size: str) -> None:
    """A drone that is heavier or larger than all that a van takes is a fault, not one that never leaves the hub."""
    _, faults = read(case_of(tmp_path, f"{{mode: quadcopter, count: 1, {size}}}"))
    assert [fault.code for fault in faults] == ["carried-too-big"]
