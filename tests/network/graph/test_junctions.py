"""From ways to edges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.network.graph.edges import make_edges
from doorstep.network.graph.junctions import join_ways, largest_part
from doorstep.network.network import Medium
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.streets import lay_streets

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.network.graph.edges import Edges
    from doorstep.network.ways import StreetTable

    Make = Callable[..., StreetTable]

STREET = {"highway": "residential"}
LINE = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (300.0, 0.0)]


def join_all(streets: StreetTable, medium: Medium) -> Edges:
    """Return all edges that a medium may use, whether or not they hang together."""
    return make_edges(join_ways(streets, medium))


def test_ways_in_a_row_become_one_edge(table: Make) -> None:
    """Three ways end to end, one of them drawn the other way round, are one edge of their whole length."""
    edges = join_all(table(LINE, ([0, 1], STREET), ([2, 1], STREET), ([2, 3], STREET)), Medium.ROAD)
    assert edges.length_m.tolist() == [300]
    assert edges.nodes == 2
    assert sorted(edges.point_xy_m[:, 0].tolist()) == [0, 100, 200, 300]


def test_a_change_of_direction_ends_an_edge(table: Make) -> None:
    """A one-way street and the two-way street that goes on from it stay two edges."""
    edges = join_all(table(LINE, ([0, 1, 2], STREET), ([2, 3], STREET | {"oneway": "yes"})), Medium.ROAD)
    assert sorted(edges.length_m.tolist()) == [100, 200]


def test_opposed_drawings_of_a_one_way_street_join(table: Make) -> None:
    """A one-way street drawn forward joins one drawn backward with oneway=-1, and keeps its single direction."""
    forward, backward = STREET | {"oneway": "yes"}, STREET | {"oneway": "-1"}
    edges = join_all(table(LINE, ([0, 1], forward), ([3, 2, 1], backward)), Medium.ROAD)
    assert edges.length_m.tolist() == [300]
    start = edges.point_xy_m[0 if edges.allowed[0, 0] else -1, 0]
    assert (edges.allowed.sum(), start) == (1, 0)


def test_speeds_stay_with_their_segments(table: Make) -> None:
    """Joined ways of different limits keep their speeds along the edge."""
    edges = join_all(
        table(LINE, ([0, 1], STREET | {"maxspeed": "50"}), ([1, 2], STREET | {"maxspeed": "30"})), Medium.ROAD
    )
    assert sorted((edges.free_speed_mps[:-1, 0] * 3.6).round(6).tolist()) == [24, 40]


def test_speeds_turn_with_their_segments(table: Make) -> None:
    """Limits that differ by direction keep to it where a way is joined that was drawn the other way round."""
    drawn = STREET | {"maxspeed:forward": "50", "maxspeed:backward": "30"}
    opposed = STREET | {"maxspeed:forward": "70", "maxspeed:backward": "20"}
    edges = join_all(table(LINE, ([0, 1], drawn), ([2, 1], opposed)), Medium.ROAD)
    kmh = (edges.free_speed_mps[:-1] * 3.6).round(6).tolist()
    east = edges.point_xy_m[0, 0] == 0
    assert kmh == ([[40, 24], [16, 56]] if east else [[56, 16], [24, 40]])


def test_classes_stay_with_their_segments(table: Make) -> None:
    """Joined ways of different classes are one edge and keep their classes along it, however they were drawn."""
    edges = join_all(
        table(LINE, ([1, 0], {"highway": "primary_link"}), ([1, 2], STREET), ([3, 2], {"highway": "service"})),
        Medium.ROAD,
    )
    assert len(edges.tail) == 1
    begin_m, end_m = edges.point_xy_m[:-1, 0].tolist(), edges.point_xy_m[1:, 0].tolist()
    names = [CLASS_NAMES[number] for number in edges.road_class[:-1]]
    by_west_end = dict(zip(map(min, begin_m, end_m), names, strict=True))
    assert by_west_end == {0: "primary", 100: "residential", 200: "service"}


def test_rings_and_parallels_are_kept(table: Make) -> None:
    """A ring by itself is one edge, and two streets between the same junctions are two."""
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    ring = join_all(table(square, ([0, 1, 2, 3, 0], STREET)), Medium.ROAD)
    assert (ring.length_m.tolist(), ring.nodes) == ([40], 1)
    tail = [*square, (-10.0, 0.0), (20.0, 10.0)]
    streets = table(tail, ([4, 0], STREET), ([0, 1, 2], STREET), ([0, 3, 2], STREET), ([2, 5], STREET))
    assert sorted(join_all(streets, Medium.ROAD).length_m.tolist()) == [10, 10, 20, 20]


def test_the_part_that_can_be_left_again(table: Make) -> None:
    """An island and a one-way street out of the town are left out, counted and measured."""
    xy = [*LINE, (0.0, 900.0), (50.0, 900.0), (300.0, 80.0)]
    streets = table(xy, ([0, 1, 2, 3], STREET), ([4, 5], STREET), ([3, 6], STREET | {"oneway": "yes"}))
    edges, parts, length_m, ends = largest_part(join_ways(streets, Medium.ROAD))
    assert (edges.length_m.tolist(), parts, length_m) == ([300], 2, pytest.approx(130))
    assert sorted(ends.tolist()) == [[3, 6], [4, 5]]
    assert ends.dtype == np.int32
    np.testing.assert_array_equal(lay_streets(streets, Medium.ROAD).left_out_xy_m, np.array(xy)[ends])
    assert largest_part(join_ways(streets, Medium.FOOT))[1:3] == (1, pytest.approx(50))


def test_barriers_part_streets(table: Make) -> None:
    """A barrier that stops vans parts the road at its node, and only for them."""
    streets = table(LINE, ([0, 1, 2, 3], STREET))
    streets = replace(streets, blocked={Medium.ROAD: np.array([1])})
    edges, parts, length_m, _ = largest_part(join_ways(streets, Medium.ROAD))
    assert (edges.length_m.tolist(), parts, length_m) == ([200], 1, 100)
    assert join_all(streets, Medium.FOOT).length_m.tolist() == [300]


def test_nothing_to_use(table: Make) -> None:
    """A medium without a single way has no edges, and that is no error."""
    edges, parts, length_m, _ = largest_part(join_ways(table(LINE, ([0, 1], {"highway": "steps"})), Medium.ROAD))
    assert (len(edges.tail), edges.nodes, parts, length_m) == (0, 0, 0, 0)
