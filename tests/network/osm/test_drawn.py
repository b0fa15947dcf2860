"""Tests of shapes as they are kept."""

from __future__ import annotations

import numpy as np
import shapely

from doorstep.network.osm.drawn import AREA, AT_ONCE, LINE, POINT, Drawn, from_lines, joined, pack
from doorstep.network.osm.soil import Meaning

SQUARE = [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
BOW = [(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]
HOLED = shapely.MultiPolygon(
    [shapely.Polygon(SQUARE, [[(0.5, 0.5), (1, 0.5), (1, 1), (0.5, 0.5)]]), shapely.box(5, 5, 6, 6)]
)


def rings(*rings: list[tuple[int, int]]) -> Drawn:
    """Return areas within rings, numbered by their kinds."""
    first = np.cumsum([0, *map(len, rings)])
    place = np.array([corner for ring in rings for corner in ring], np.int32) * 10**7
    return from_lines([Meaning(1, str(k), "") for k in range(len(rings))], first, place, AREA)


def test_shapes_come_back_as_they_were() -> None:
    """Areas with holes and parts, lines and points are the same once they are unpacked, in any order that is asked."""
    heaps = {
        AREA: [HOLED, shapely.MultiPolygon([shapely.Polygon(SQUARE)])],
        LINE: [shapely.LineString([(0, 0), (1, 2)]), shapely.LineString([(3, 0), (1, 2), (1, 1)])],
        POINT: [shapely.Point(1, 2), shapely.Point(-0.1234567, 2)],
    }
    for form, shapes in heaps.items():
        drawn = pack(["a", "b"], ["", "B"], np.array(shapes, object), form)
        assert drawn.shapes().tolist() == shapes
        turned = drawn.rows(np.array([1, 0, 1]))
        assert turned.shapes().tolist() == [shapes[1], shapes[0], shapes[1]]
        assert (turned.kind, turned.name) == (["b", "a", "b"], ["B", "", "B"])
        both = joined(drawn, turned)
        assert both.shapes().tolist() == [*shapes, shapes[1], shapes[0], shapes[1]]
        assert len(both.frame()) == len(both.kind) == 5


def test_nothing_is_a_heap_too() -> None:
    """Heaps without any shape can be joined to others and asked for none."""
    for form in (AREA, LINE, POINT):
        none = pack([], [], np.empty(0, object), form)
        assert none.shapes().tolist() == none.rows(np.empty(0, np.int64)).shapes().tolist() == []
        assert list(none.some()) == []
    assert (
        joined(pack([], [], np.empty(0, object), AREA), rings(SQUARE)).shapes().tolist()
        == rings(SQUARE).shapes().tolist()
    )


def test_rings_that_cross_themselves_are_left_out() -> None:
    """A ring drawn as a bow tie is no area; those before and behind it keep their meanings."""
    drawn = rings(SQUARE, BOW, SQUARE)
    assert drawn.kind == ["0", "2"]
    assert [shape.area for shape in drawn.shapes()] == [4.0, 4.0]


def test_many_areas_come_in_handfuls() -> None:
    """More areas than are made at once come in several heaps, all of them and in their order."""
    drawn = rings(*[SQUARE] * (AT_ONCE + 1))
    assert [len(shapes) for shapes in drawn.some()] == [AT_ONCE, 1]
