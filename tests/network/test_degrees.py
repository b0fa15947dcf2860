"""Tests of shapes that are told in degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from handmade import STREET

from doorstep.network.catchment import isochrones
from doorstep.network.degrees import in_degrees
from doorstep.network.extract import read_extract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from doorstep.network.network import Network

    Write = Callable[..., Path]

ACROSS = [179.998, 179.999, -180.0, -179.999, -179.998]
"""Longitudes over the line of dates."""


@pytest.fixture
def island(osm_file: Write) -> Network:
    """Return a street over the line of dates."""
    nodes = [(k, lon, -17.0, {}) for k, lon in enumerate(ACROSS, 1)]
    return read_extract(osm_file(nodes, [(1, [1, 2, 3, 4, 5], STREET)]))


def test_shapes_over_the_line_of_dates_are_parted(island: Network) -> None:
    """Points, lines and areas that cross the line of dates lie on both sides of it, and are as large as before."""
    ends = island.project(np.array([[ACROSS[0], -17.0], [ACROSS[-1], -17.0]]))
    line = shapely.LineString(ends)
    shapes = [line, line.buffer(20), shapely.MultiPoint(ends), line.buffer(20).boundary, shapely.Point(ends[0])]
    turned = in_degrees(shapes, island)
    assert [shape.geom_type for shape in turned] == [
        *("MultiLineString", "MultiPolygon", "MultiPoint", "MultiLineString", "Point"),
    ]
    for shape, was in zip(turned, shapes, strict=True):
        assert all(np.ptp(part.bounds[::2]) < 0.01 for part in shapely.get_parts(shape))
        back = shapely.transform(shape, island.project)
        assert (back.length, back.area) == pytest.approx((was.length, was.area), rel=0.2)
        assert shapely.hausdorff_distance(shapely.buffer(back, 1), shapely.buffer(was, 1)) < 1


def test_shapes_elsewhere_stay_whole(island: Network) -> None:
    """A shape on one side of the line keeps its kind, and no shapes are no fault."""
    here = shapely.Point(island.project(np.array([[ACROSS[0], -17.0]]))[0]).buffer(20)
    assert in_degrees([here], island)[0].geom_type == "Polygon"
    assert len(in_degrees([], island)) == 0


def test_areas_over_the_line_of_dates(island: Network) -> None:
    """An isochrone over the line of dates does not reach round the Earth."""
    (area,) = isochrones(island, [[-179.9999, -17.0]], [2]).geometry
    assert area.geom_type == "MultiPolygon"
    assert area.is_valid
    assert area.area < 1e-4
