"""No flight touches a zone, not even at a corner: judged by whole fractions, where nothing is rounded."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.network.air.nofly import Zone
from doorstep.network.air.wind import Wind
from doorstep.network.network import Pace
from doorstep.network.sky import HAIR_M, Sky

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Spot = tuple[Fraction, Fraction]

PACE = Pace(10.0)


def exactly(xy: NDArray[np.float64]) -> list[Spot]:
    """Return places as the very fractions that their floating-point numbers are."""
    return [(Fraction(x), Fraction(y)) for x, y in xy.tolist()]


def side(a: Spot, b: Spot, c: Spot) -> int:
    """Return on which side of the line from a to b a place lies, 0 on it."""
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (area > 0) - (area < 0)


def between(a: Spot, b: Spot, c: Spot) -> bool:
    """Return whether a place on the line through a and b lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def meet(a: Spot, b: Spot, p: Spot, q: Spot) -> bool:
    """Return whether two straight pieces share a point, ends included."""
    if side(a, b, p) * side(a, b, q) < 0 and side(p, q, a) * side(p, q, b) < 0:
        return True
    ends = ((a, b, p), (a, b, q), (p, q, a), (p, q, b))
    return any(side(u, v, w) == 0 and between(u, v, w) for u, v, w in ends)


def touches(line: NDArray[np.float64], zones: tuple[Zone, ...]) -> bool:
    """Return whether a line meets the outline of any zone, or begins in one."""
    spots = exactly(line)
    for zone in zones:
        rings = [exactly(shapely.get_coordinates(ring)) for ring in shapely.get_rings(shapely.get_parts(zone.area))]
        if any(meet(a, b, p, q) for a, b in pairwise(spots) for ring in rings for p, q in pairwise(ring)):
            return True
        # On the way from the start to far outside an odd number of crossings means inside.
        (x, y), crossings = spots[0], 0
        for ring in rings:
            for p, q in pairwise(ring):
                if (p[1] > y) != (q[1] > y):
                    crossings += p[0] + (y - p[1]) * (q[0] - p[0]) / (q[1] - p[1]) > x
        if crossings % 2:
            return True
    return False


@st.composite
def layouts(draw: st.DrawFn) -> tuple[tuple[Zone, ...], NDArray[np.float64]]:
    """Return zones of one of the hard kinds on whole metres, and places that often lie on their outlines."""
    kind = draw(st.sampled_from(["chessboard", "comb", "nested", "any"]))
    cell = draw(st.integers(1, 6))
    if kind == "chessboard":
        at = [(x, y) for x in range(4) for y in range(4) if (x + y) % 2 == 0]
        areas = [shapely.box(x * cell, y * cell, (x + 1) * cell, (y + 1) * cell) for x, y in at]
    elif kind == "comb":
        teeth = [shapely.box(3 * x, 0, 3 * x + 1, 12) for x in range(4)]
        areas = [shapely.union_all([*teeth, shapely.box(0, -1, 10, 0)]), shapely.box(11, 2, 12, 2 + cell)]
    elif kind == "nested":
        gate = shapely.box(6, 5, 20, 6)
        areas = [
            shapely.box(-r, -r, 10 + r, 10 + r).difference(shapely.box(1 - r, 1 - r, 9 + r, 9 + r)).difference(gate)
            for r in (0, 3, 3 + cell)
        ]
    else:
        spot = st.tuples(st.integers(0, 12), st.integers(0, 12))
        areas = [shapely.Polygon(draw(st.lists(spot, min_size=3, max_size=8))) for _ in range(draw(st.integers(1, 4)))]
    made = [
        [part for part in shapely.get_parts(shapely.make_valid(area)) if part.geom_type == "Polygon"] for area in areas
    ]
    zones = tuple(Zone(f"{k}", shapely.union_all(parts)) for k, parts in enumerate(made) if parts)
    spots = draw(st.lists(st.tuples(st.integers(-2, 14), st.integers(-2, 14)), min_size=2, max_size=7, unique=True))
    halves = np.array(draw(st.lists(st.sampled_from([0.0, 0.5]), min_size=len(spots), max_size=len(spots))))
    return zones, np.array(spots, float) + halves[:, None]


def test_a_place_on_the_outline_of_one_of_two_zones_that_overlap() -> None:
    """A place on the outline of a zone is closed, though the outline of all zones is rounded where they overlap."""
    zones = (
        Zone("0", shapely.Polygon([(0, 0), (0, 1), (9, 6)])),
        Zone("1", shapely.Polygon([(5, 11), (9, 6), (12, 2)])),
    )
    spots = np.array([(8.5, 6.5), (8.5, 6.4999), (8.5, 6.7)])
    assert not shapely.union_all([zone.area for zone in zones]).intersects(shapely.Point(8.5, 6.5))
    assert np.isfinite(Sky(zones).snap(spots).distance_m).tolist() == [False, True, True]


@pytest.mark.parametrize("windy", [False, True])
@settings(max_examples=80, deadline=None)
@given(layout=layouts(), away=st.sampled_from([0.0, 6_700_000.0]))
def test_no_flight_touches_a_zone(
    windy: bool, layout: tuple[tuple[Zone, ...], NDArray[np.float64]], away: float
) -> None:
    """No line shares a point with a zone, corners and outlines included; who stands on an outline does not fly.

    Who stands beside one flies, unless it is only a hair away.
    """
    zones, xy = layout
    zones = tuple(Zone(zone.name, shapely.transform(zone.area, lambda spots: spots + away)) for zone in zones)
    grid = Wind(np.zeros(1), np.random.default_rng(1).uniform(-4, 4, (1, 3, 3, 2)), (away, away), (6.0, 6.0))
    sky = Sky(zones, wind=grid if windy else None)
    n = len(xy)
    starts, ends = sky.snap(np.repeat(xy + away, n, axis=0)), sky.snap(np.tile(xy + away, (n, 1)))
    for k, line in enumerate(sky.paths(starts, ends, PACE)):
        if len(line):
            assert not touches(line, zones)
        else:
            assert np.isinf(sky.legs(sky.snap(starts.xy_m[[k]]), sky.snap(ends.xy_m[[k]]), PACE).duration_s).all()
    on, near = np.zeros(n, bool), np.zeros(n, bool)
    for zone in zones:
        on |= shapely.intersects_xy(zone.area, *(xy + away).T)
        near |= shapely.dwithin(zone.area, shapely.points(xy + away), HAIR_M)
    closed = np.isinf(sky.snap(xy + away).distance_m)
    assert (closed >= on).all()
    assert (closed <= near).all()


def test_the_judge_sees_a_touch() -> None:
    """The judge tells of a line through a corner, along a side and from within, and not of one beside."""
    zone = (Zone("square", shapely.box(0, 0, 2, 2)),)
    touching = [[(-1, 1), (1, 3)], [(-1, 2), (3, 2)], [(1, 1), (1.5, 1)], [(1, 1), (9, 9)], [(-1, 1), (0, 1)]]
    assert all(touches(np.array(line, float), zone) for line in touching)
    assert not touches(np.array([(-1, 1), (-1e-9, 5), (3, 2.0000001)]), zone)
