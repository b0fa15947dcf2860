"""Tests of turn restrictions as OpenStreetMap holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.network.extract import read_extract
from doorstep.network.network import Medium, Network, Pace
from doorstep.network.osm.restrictions import sign_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

STREET = {"highway": "residential"}
LON, LAT, STEP = 9.0, 50.0, 0.001
NODES = [(1, LON - STEP, LAT, {}), (2, LON, LAT, {}), (3, LON + STEP, LAT, {}), (14, LON, LAT + STEP, {})]
"""West, middle, east and north."""
WAYS = [(11, [1, 2], STREET), (12, [2, 3], STREET), (13, [14, 2], STREET)]
EAST_M, NORTH_M = 71.7, 111.2


def relation(members: str, number: int = 1, **tags: str) -> str:
    """Return a relation; members as in `from=w11 via=n2 to=w13`."""
    rows = []
    for member in members.split():
        role, _, ref = member.partition("=")
        rows.append(f'<member type="{"way" if ref[0] == "w" else "node"}" ref="{ref[1:]}" role="{role}"/>')
    told = "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())
    return f'<relation id="{number}" version="1">{"".join(rows)}<tag k="type" v="restriction"/>{told}</relation>'


LEFT = "from=w11 via=n2 to=w13"


def left_turn_m(network: Network, medium: Medium = Medium.ROAD) -> float:
    """Return how far it is from the middle of the western arm to the middle of the northern one."""
    layer = network.layers[medium]
    xy = network.project(np.array([(LON - STEP / 2, LAT), (LON, LAT + STEP / 2)]))
    ends = layer.snap(xy[:1]), layer.snap(xy[1:])
    assert max(end.distance_m.item() for end in ends) < 0.1
    return float(layer.legs(*ends, Pace(10.0)).distance_m.item())


FREE = pytest.approx((EAST_M + NORTH_M) / 2, rel=0.01)
ROUND = pytest.approx((EAST_M + NORTH_M) / 2 + 2 * EAST_M, rel=0.01)
"""Straight on, round at the end of the eastern arm, and right."""


@pytest.mark.parametrize(
    ("tags", "bound"),
    [
        ({"restriction": "no_left_turn"}, {Medium.ROAD, Medium.CYCLE}),
        ({"restriction": "no_left_turn", "except": "bicycle"}, {Medium.ROAD}),
        ({"restriction": "no_left_turn", "except": "psv; bicycle"}, {Medium.ROAD}),
        ({"restriction": "no_left_turn", "except": "psv"}, {Medium.ROAD, Medium.CYCLE}),
        ({"restriction": "no_left_turn", "except": "motorcar"}, {Medium.CYCLE}),
        ({"restriction__bicycle": "no_left_turn"}, {Medium.CYCLE}),
        ({"restriction__hgv": "no_left_turn"}, set()),
        ({"restriction__motor_vehicle": "no_left_turn"}, {Medium.ROAD}),
        ({"restriction__conditional": "no_left_turn @ (07:00-09:00)"}, set()),
        ({"restriction": "no_left_turn", "hour_on": "7", "hour_off": "9"}, set()),
        ({"restriction": "give_way"}, set()),
    ],
)
def test_whom_a_restriction_binds(osm_file: Write, tags: dict[str, str], bound: set[Medium]) -> None:
    """A restriction binds vans and cycles unless it says otherwise, nobody on foot; what is not kept to is said."""
    network = read_extract(osm_file(NODES, WAYS, relation(LEFT, **tags)))
    for medium in (Medium.ROAD, Medium.CYCLE):
        assert left_turn_m(network, medium) == (ROUND if medium in bound else FREE), medium
    assert left_turn_m(network, Medium.FOOT) == FREE
    kept = f"{int(Medium.ROAD in bound)} for road and {int(Medium.CYCLE in bound)} for cycle kept to"
    assert any(kept in note for note in network.notes)
    assert any("restrictions not kept to: 1 " in note for note in network.notes) == (not bound)


def test_straight_on_only(osm_file: Write) -> None:
    """Where one must go straight on, left is a way round."""
    sign = relation("from=w11 via=n2 to=w12", restriction="only_straight_on")
    assert left_turn_m(read_extract(osm_file(NODES, WAYS, sign))) == ROUND


def test_no_entry_from_several_ways(osm_file: Write) -> None:
    """A restriction may name several ways to come from."""
    found = read_extract(osm_file(NODES, WAYS, relation("from=w11 from=w12 via=n2 to=w13", restriction="no_entry")))
    assert any("1 part," in note and note.startswith("road") for note in found.layer_notes(found.layers))


def test_a_street_of_several_ways(osm_file: Write) -> None:
    """Ways that would have been joined at the node stay apart there, and only this turn is forbidden."""
    line = [(11, [1, 2], STREET), (12, [2, 3], STREET)]
    rest = [*NODES[:3], (5, LON + STEP, LAT + STEP, {}), (6, LON - STEP, LAT + STEP, {})]
    ring = (14, [3, 5, 6, 1], STREET)
    sign = relation("from=w11 via=n2 to=w12", restriction="no_straight_on")
    network = read_extract(osm_file(rest, [*line, ring], sign))
    layer = network.layers[Medium.ROAD]
    ends = [layer.snap(network.project(np.array([(LON + x * STEP, LAT)]))) for x in (-0.5, 0.5)]
    there, back = (layer.legs(*pair, Pace(10.0)).distance_m.item() for pair in (ends, ends[::-1]))
    assert there == pytest.approx(3 * EAST_M + 2 * NORTH_M, rel=0.01)
    assert back == pytest.approx(EAST_M, rel=0.01)
    assert len(layer.edges.copies)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "members",
    [
        "from=w99 via=n2 to=w13",
        "from=w11 via=n9 to=w13",
        "from=w11 via=n99 to=w13",
        "from=w11 from=w99 via=n2 to=w13",
        "from=w11 via=n2 to=w99",
    ],
)
def test_missing_members(osm_file: Write, members: str) -> None:
    """A restriction of which a member is not in the file is counted and forbids nothing."""
    network = read_extract(osm_file(NODES, WAYS, relation(members, restriction="no_left_turn")))
    assert left_turn_m(network) == FREE
    assert any("1 lacking a member" in note for note in network.notes)


def test_restrictions_over_streets_that_do_not_join(osm_file: Write) -> None:
    """A restriction over a street that does not lead from its one end to the other is counted and not kept to."""
    network = read_extract(osm_file(NODES, WAYS, relation("from=w11 via=w12 to=w13", restriction="no_u_turn")))
    assert left_turn_m(network) == FREE
    assert any("1 leading over streets that do not join their ends" in note for note in network.notes)


def test_the_most_special_key_decides() -> None:
    """What a restriction says to one kind of traffic stands in place of what it says to all."""
    tags = {"restriction": "no_left_turn", "restriction:bicycle": "no_u_turn"}
    assert sign_of(tags, Medium.CYCLE) == "no_u_turn"
    assert sign_of(tags, Medium.ROAD) == "no_left_turn"


def test_a_map_without_restrictions_says_so(osm_file: Write) -> None:
    """That a file holds no restrictions, and where one may turn round, is in the notes."""
    assert any(
        "holds no turn restrictions; turning round is allowed" in n for n in read_extract(osm_file(NODES, WAYS)).notes
    )
