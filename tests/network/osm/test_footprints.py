"""Footprints: areas, middles and owners are those of shapely, however few outlines are taken at a time."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from doorstep.network.osm import footprints
from doorstep.network.osm.footprints import TOUCH_M, Outlines, find_owners, grounds_near, measure_outlines

M_PER_UNIT = 0.5
"""Of the made-up projection here, for each 1e-7 degrees."""


def to_metres(degrees: np.ndarray) -> np.ndarray:
    """Return metres far from nought, where digits are dear."""
    return degrees * 1e7 * M_PER_UNIT + np.array([5e5, 5e6])


def outlines_of(rings: list[np.ndarray]) -> Outlines:
    """Return rings [k, 2] of whole numbers, each closed."""
    closed = [np.concatenate([ring, ring[:1]]) for ring in rings]
    first = np.concatenate([[0], np.cumsum([len(ring) for ring in closed])])
    return Outlines(first, np.concatenate([*closed, np.empty((0, 2))]).astype(np.int32), to_metres)


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> tuple[Outlines, np.ndarray]:
    """Return stars of all sizes, some of them long, as outlines taken seven at a time, and as polygons."""
    monkeypatch.setattr(footprints, "BLOCK", 7)
    rng = np.random.default_rng(5)
    rings = []
    for _ in range(60):
        angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(4, 9)))
        far = rng.uniform(4, 40, len(angle)) * rng.choice([1, 1, 6])
        rings.append(np.rint(rng.uniform(0, 900, 2) + far[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])))
    outlines = outlines_of(rings)
    corner_m = to_metres(outlines.place / 1e7)
    shapes = [shapely.Polygon(corner_m[a:b]) for a, b in zip(outlines.first[:-1], outlines.first[1:], strict=True)]
    return outlines, np.array(shapes, object)


def test_areas_and_middles_are_those_of_shapely(town: tuple[Outlines, np.ndarray]) -> None:
    """Area, middle and box of every outline are what shapely says."""
    outlines, shapes = town
    area_m2, middle_m, box_m = measure_outlines(outlines)
    np.testing.assert_allclose(area_m2, shapely.area(shapes), rtol=1e-7)
    np.testing.assert_allclose(middle_m, shapely.get_coordinates(shapely.centroid(shapes)), atol=1e-6, rtol=0)
    np.testing.assert_allclose(box_m, shapely.bounds(shapes))


def test_an_outline_without_area_has_a_middle() -> None:
    """A house drawn as a line has the middle of its box and no area."""
    area_m2, middle_m, _ = measure_outlines(outlines_of([np.array([[0, 0], [40, 20], [20, 10]])]))
    assert area_m2.tolist() == [0]
    assert middle_m.tolist() == [[5e5 + 10, 5e6 + 5]]


def test_every_address_finds_its_house(town: tuple[Outlines, np.ndarray]) -> None:
    """An address belongs to the house that it is in or touches, the nearest of several, as a search of all finds."""
    outlines, shapes = town
    rng = np.random.default_rng(6)
    on_walls = shapely.get_coordinates(shapely.line_interpolate_point(shapely.boundary(shapes), rng.uniform(0, 50, 60)))
    xy_m = np.concatenate(
        [on_walls + rng.normal(0, 1.5, (60, 2)), rng.uniform((5e5, 5e6), (500450, 5000450), (200, 2))]
    )
    *_, box_m = measure_outlines(outlines)
    rows = np.arange(3, 60)  # the first three are left out
    owner = find_owners(xy_m, grounds_near(outlines, rows, box_m[rows], xy_m))
    gap_m = shapely.distance(shapes[rows][None, :], shapely.points(xy_m)[:, None])
    nearest = np.where(gap_m.min(axis=1) <= TOUCH_M, gap_m.argmin(axis=1), -1)
    assert owner.tolist() == nearest.tolist()
    assert (nearest < 0).any()
    assert len(set(nearest.tolist())) > 30


def test_between_two_houses_the_nearer_one_counts() -> None:
    """Of two houses that an address touches, it belongs to the nearer, be that the later one."""
    two = outlines_of(
        [np.array([[0, 0], [20, 0], [20, 20], [0, 20]]), np.array([[24, 0], [44, 0], [44, 20], [24, 20]])]
    )
    box_m, numbers = measure_outlines(two)[2], np.arange(2)
    for x_m, nearest in ((10.5, 0), (11.0, 0), (11.5, 1)):
        xy_m = np.array([[5e5 + x_m, 5e6 + 5]])
        assert find_owners(xy_m, grounds_near(two, numbers, box_m, xy_m)).tolist() == [nearest]


def test_nothing_has_no_owner() -> None:
    """Without houses no address has one, and without addresses nothing is drawn."""
    none = outlines_of([])
    assert find_owners(
        np.zeros((2, 2)), grounds_near(none, np.arange(0), np.empty((0, 4)), np.zeros((2, 2)))
    ).tolist() == [
        -1,
        -1,
    ]
    one = outlines_of([np.array([[0, 0], [40, 20], [20, 40]])])
    box_m = measure_outlines(one)[2]
    assert list(grounds_near(one, np.arange(1), box_m, np.empty((0, 2)))) == []
    assert len(find_owners(np.empty((0, 2)), [])) == 0
