"""Configurations made of what a file says of vehicles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.handover import Handover
from doorstep.scenario.books import prices_of
from doorstep.scenario.case import open_case
from doorstep.scenario.fleets import combined, configurations_of, modes_of
from doorstep.scenario.scenario import Configuration, VehicleGroup

if TYPE_CHECKING:
    from pathlib import Path

DOOR, KERB, LOCKER, YARD = Handover.DOOR, Handover.KERB, Handover.LOCKER, Handover.YARD


def fleet(folder: Path, groups: str, lockers: str = "none") -> tuple[VehicleGroup, ...]:
    """Return the vehicle groups of a file with one configuration."""
    path = folder / "x.yaml"
    text = f"""\
network: {{extract: x}}
demand: {{sample: {{orders: 1}}}}
hubs: {{depot: {{place: auto}}}}
lockers: {{a: {{place: auto}}, b: {{place: auto}}}}
configurations: {{one: {{vehicles: [{groups}], lockers: {lockers}}}}}
planner: {{unserved_price: 7}}
"""
    path.write_text(text, encoding="utf-8")
    case = open_case(path)
    assert not case.faults
    modes, faults = modes_of(case)
    found, wrong = configurations_of(case, modes, ["depot"], ["a", "b"])
    assert not [*faults, *wrong]
    return found[0].vehicles


@pytest.mark.parametrize(
    ("written", "lockers", "handover", "reserve"),
    [
        ("mode: van, count: 1", "none", {DOOR}, set()),
        ("mode: van, count: 1", "[a]", {DOOR, LOCKER}, set()),
        ("mode: van, count: 1, handover: [locker]", "all", {LOCKER}, set()),
        ("mode: van, count: 1, handover: [locker], reserve: [door]", "all", {LOCKER}, {DOOR}),
        ("mode: van, count: 1, reserve: [door]", "all", {LOCKER}, {DOOR}),
        ("mode: quadcopter, count: 1", "none", {YARD}, set()),
    ],
)
def test_kinds_of_handover(tmp_path: Path, written: str, lockers: str, handover: set, reserve: set) -> None:
    """Left out, kinds are all that the mode can do there; kinds in reserve are not done otherwise."""
    group = fleet(tmp_path, f"{{{written}}}", lockers)[0]
    assert (group.handover, group.reserve, group.hub) == (handover, reserve, "depot")


def test_reserve_true_is_for_all_kinds(tmp_path: Path) -> None:
    """A group in reserve does all its kinds in reserve and none otherwise."""
    reserve = fleet(tmp_path, "{mode: quadcopter, count: 1}, {mode: van, count: 1, reserve: true}")[1]
    assert (reserve.handover, reserve.reserve) == (frozenset(), {DOOR})


def test_combining_takes_the_largest_count_and_all_kinds() -> None:
    """A union has of each mode at each hub the most that a part has, and every kind that any does."""
    none = frozenset()
    parts = [
        Configuration(
            "a",
            (VehicleGroup("van", 3, "x", frozenset({DOOR})), VehicleGroup("van", 1, "y", frozenset({DOOR}))),
            ("l2",),
        ),
        Configuration(
            "b",
            (
                VehicleGroup("van", 2, "x", frozenset({LOCKER}), frozenset({DOOR})),
                VehicleGroup("van", 2, "x", none, frozenset({KERB})),
                VehicleGroup("quadcopter", 5, "x", frozenset({YARD})),
            ),
            ("l1",),
        ),
    ]
    union = combined("u", parts, ["l1", "l2", "l3"])
    assert union.combines == ("a", "b")
    assert union.lockers == ("l1", "l2")
    assert {(g.mode, g.hub): (g.count, g.handover, g.reserve) for g in union.vehicles} == {
        ("van", "x"): (4, {DOOR, LOCKER, KERB}, none),
        ("van", "y"): (1, {DOOR}, none),
        ("quadcopter", "x"): (5, {YARD}, none),
    }


def test_the_planner_s_prices_override_the_book(tmp_path: Path) -> None:
    """A price of the scenario's own stands in place of the price book's."""
    fleet(tmp_path, "{mode: van, count: 1}")
    book, faults = prices_of(open_case(tmp_path / "x.yaml"))
    assert not faults
    assert book.unserved_price == 7
    assert book.late_per_hour > 0


def test_combining_keeps_the_largest_number_of_operators() -> None:
    """A part that says nothing of operators, having nothing to watch, does not lift the limit of another."""
    drones, robots = (Configuration(name, (), (), operators=number) for name, number in (("d", 2), ("r", 3)))
    courier = Configuration("c", ())
    assert combined("u", [courier, drones, robots], []).operators == 3
    assert combined("u", [courier], []).operators is None
