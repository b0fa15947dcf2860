"""Tests of the network and the orders that a file asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.demand.sample import Sampling, sample_orders
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium
from doorstep.network.rulebook import RobotRules, RuleBook
from doorstep.network.streets import Streets
from doorstep.scenario.file import load_scenario
from doorstep.scenario.ground import cut_off_notes, rules_of
from doorstep.scenario.schema import NetworkTable, RobotTable

if TYPE_CHECKING:
    from pathlib import Path


def test_the_rule_book_of_a_file() -> None:
    """A file that says nothing has the usual rule book, and every key of it counts."""
    assert rules_of(NetworkTable()) == rules_of(NetworkTable(robot_rules=RobotTable())) == RuleBook()
    told = RobotTable(width="1 m", incline=0.2, kerb="0.15 m", roads="30 km/h")
    assert rules_of(NetworkTable(ferries=True, robot_rules=told)) == RuleBook(True, RobotRules(1.0, 0.2, 0.15, 30.0))


def test_rules_of_robots_change_the_map(tmp_path: Path) -> None:
    """What a file says of robots changes the ways they may use."""
    file = tmp_path / "climbing.yaml"
    file.write_text("extends: peak\nnetwork: {robot_rules: {width: 2.5 m}}\n")
    wide, usual = load_scenario(file), load_scenario("peak")
    ways = [scenario.network.layers[Medium.PATH].edges.length_m.sum() for scenario in (wide, usual)]  # type: ignore[attr-defined]
    assert ways[0] < ways[1]
    assert any("robots, which need 2.5 m" in note for note in wide.network.notes)
    assert "network.robot_rules.kerb" in {value.name for value in wide.values}


def test_orders_at_streets_cut_off_are_told() -> None:
    """Orders nearest to a street that is cut off are counted with some ids, for each medium asked for."""
    town = grid_town(4, 4, 100.0, 1)
    orders = sample_orders(town.doors, Sampling(orders=30), np.random.default_rng(1))
    assert cut_off_notes(town, orders, [Medium.ROAD, Medium.AIR]) == []
    at = np.array([[orders[k].x_m + x, orders[k].y_m] for k in range(7) for x in (-1, 1)])
    road = town.layers[Medium.ROAD]
    assert isinstance(road, Streets)
    known = road.edges.node_xy_m
    edges = replace(road.edges, node_xy_m=np.concatenate([known, at]))
    road = replace(road, edges=edges, left_out_node=len(known) + np.arange(14, dtype=np.int32).reshape(-1, 2))
    torn = replace(town, layers={**town.layers, Medium.ROAD: road})
    (note,) = cut_off_notes(torn, orders, [Medium.ROAD, Medium.FOOT, Medium.ROAD])
    there = {(order.x_m, order.y_m) for order in orders[:7]}
    count = sum((order.x_m, order.y_m) in there for order in orders)
    assert note.startswith(f"road: {count} of 30 orders at streets that cannot be reached and left again")
    assert note.endswith(f"{', '.join(order.id for order in orders[:5])} and others")
    assert cut_off_notes(torn, (), [Medium.ROAD]) == []


@pytest.mark.parametrize("key", ["width: wide", "incline: 2", "kerb: 3", "roads: fast"])
def test_wrong_rules_are_faults(tmp_path: Path, key: str) -> None:
    """A limit that is none is a fault at its key."""
    from doorstep.scenario.file import check_file

    file = tmp_path / "odd.yaml"
    file.write_text(f"extends: rural\nnetwork: {{robot_rules: {{{key}}}}}\n")
    (fault,) = check_file(file)
    assert fault.where.endswith(f"network.robot_rules.{key.split(':', maxsplit=1)[0]}")


def test_a_percentage_is_to_be_a_share(tmp_path: Path) -> None:
    """Who writes a percentage where a share is wanted is given the share, not the number without its sign."""
    from doorstep.scenario.file import check_file

    file = tmp_path / "odd.yaml"
    file.write_text("extends: rural\nnetwork: {robot_rules: {incline: 15 %}}\n")
    (fault,) = check_file(file)
    assert fault.fix == "write it as a share: 0.15"


def test_a_map_without_roads_is_not_mended_by_moving(tmp_path: Path) -> None:
    """On a map on which no van can go, nobody is told to move a place nearer to its roads."""
    from doorstep.scenario.file import check_file

    spots = "".join(f'<node id="{k}" version="1" lon="10.00{k}" lat="50.0"/>' for k in (1, 2))
    way = '<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="steps"/></way>'
    (tmp_path / "steps.osm").write_text(f'<osm version="0.6">{spots}{way}</osm>')
    file = tmp_path / "odd.yaml"
    file.write_text(
        "network: {extract: steps.osm}\ndemand: {sample: {orders: 5}}\nhubs: {depot: {place: [10.001, 50]}}\n"
        "lockers: {box: {place: [10.001, 50]}}\nconfigurations:\n"
        "  courier: {vehicles: [{mode: van, count: 1, handover: [locker], reserve: [door]}], lockers: all}\n"
    )
    faults = {fault.code: fault for fault in check_file(file)}
    assert faults.keys() == {"no-road", "too-far", "no-doors"}
    assert "on a map without any road network" in faults["too-far"].what
    assert faults["too-far"].fix == "take a larger extract, or leave out who needs it"
