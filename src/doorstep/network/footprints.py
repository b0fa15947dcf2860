"""Footprints: the ground that buildings stand on, and the addresses in them.

Outlines are taken some at a time: drawn as shapes, those of a large map would need ten times the room of their corners.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    Project = Callable[[NDArray[np.float64]], NDArray[np.float64]]
    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Shapes = NDArray[np.object_]

BLOCK = 50_000
"""Outlines taken at a time."""
TOUCH_M = 2.0
"""An address so near to a wall belongs to the building: entrances are drawn on outlines."""
CELL_M = 64.0
"""Side of the squares by which buildings without any address near them are passed by."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """n closed lines, of three corners at least."""

    first: NDArray[np.int64]
    """[n + 1] where the corners of each begin, the first of them being there again as the last."""
    place: NDArray[np.int32]
    """[corners, 2] longitude and latitude in 1e-7 degrees."""
    project: Project
    """From [k, 2] degrees to metres."""

    def corners_m(self, rows: Whole) -> tuple[Real, Whole]:
        """Return the corners of some outlines [k, 2] in metres, and where those of each begin among them [rows + 1]."""
        count = np.diff(self.first)[rows]
        begin = np.concatenate([[0], np.cumsum(count)])
        at = np.repeat(self.first[rows] - begin[:-1], count) + np.arange(begin[-1])
        return self.project(self.place[at] / 1e7), begin


def measure_outlines(outlines: Outlines) -> tuple[Real, Real, Real]:
    """Return area [n], middle [n, 2] and box [n, 4] (west, south, east, north) of all outlines, metres.

    Area and middle by the trapezium formula; an outline without area has the middle of its box.
    """
    n = len(outlines.first) - 1
    area_m2, middle_m, box_m = np.empty(n), np.empty((n, 2)), np.empty((n, 4))
    for rows in _blocks(np.arange(n)):
        corner_m, begin = outlines.corners_m(rows)
        box_m[rows, :2] = np.minimum.reduceat(corner_m, begin[:-1])
        box_m[rows, 2:] = np.maximum.reduceat(corner_m, begin[:-1])
        # From a corner of their own, so that nothing is lost to the size of the coordinates.
        origin_m = corner_m[begin[:-1]]
        x, y = (corner_m - np.repeat(origin_m, np.diff(begin), axis=0)).T
        across = x * np.roll(y, -1) - np.roll(x, -1) * y
        across[begin[1:] - 1] = 0.0
        twice = np.add.reduceat(across, begin[:-1])
        area_m2[rows] = np.abs(twice) / 2
        flat = twice == 0
        moments = [np.add.reduceat((axis + np.roll(axis, -1)) * across, begin[:-1]) for axis in (x, y)]
        middle_m[rows] = origin_m + np.column_stack(moments) / (3 * np.where(flat, 1.0, twice)[:, None])
        middle_m[rows[flat]] = (box_m[rows[flat], :2] + box_m[rows[flat], 2:]) / 2
    return area_m2, middle_m, box_m


def draw_near(outlines: Outlines, rows: Whole, box_m: Real, xy_m: Real) -> Iterator[tuple[Whole, Shapes]]:
    """Yield those of some outlines whose box [rows, 4] may hold one of [k, 2] places: rows there, and polygons."""
    import shapely

    for here in _blocks(np.flatnonzero(_may_hold(box_m, xy_m))):
        corner_m, begin = outlines.corners_m(rows[here])
        owner = np.repeat(np.arange(len(here)), np.diff(begin))
        yield here, np.asarray(shapely.polygons(shapely.linearrings(corner_m, indices=owner)), object)


def find_owners(xy_m: Real, drawn: Iterable[tuple[Whole, Shapes]]) -> Whole:
    """Return for each of [n, 2] places the number of the shape that it is in, or else touches nearest; -1 for none.

    Shapes come some at a time, with their numbers. Of several as near the one of the least number is taken.
    """
    import shapely

    owner, gap_m = np.full(len(xy_m), -1), np.full(len(xy_m), np.inf)
    places = np.asarray(shapely.points(xy_m), object)
    tree = shapely.STRtree(places)
    for numbers, shapes in drawn:
        which, place = tree.query(shapes, predicate="dwithin", distance=TOUCH_M)
        number, away_m = numbers[which], shapely.distance(shapes[which], places[place])
        order = np.lexsort((number, away_m, place))
        place, number, away_m = place[order], number[order], away_m[order]
        best = np.ones(len(place), bool)
        best[1:] = place[1:] != place[:-1]
        place, number, away_m = place[best], number[best], away_m[best]
        nearer = (away_m < gap_m[place]) | ((away_m == gap_m[place]) & (number < owner[place]))
        owner[place[nearer]], gap_m[place[nearer]] = number[nearer], away_m[nearer]
    return owner


def _blocks(rows: Whole) -> Iterator[Whole]:
    """Yield rows some at a time."""
    for begin in range(0, len(rows), BLOCK):
        yield rows[begin : begin + BLOCK]


def _may_hold(box_m: Real, xy_m: Real) -> NDArray[np.bool_]:
    """Return which boxes [n, 4] are large, or have a place within a square's width: all that may touch one."""
    taken = np.unique(_cell(xy_m))
    large = (box_m[:, 2:] - box_m[:, :2]).max(axis=1, initial=0.0) > CELL_M - 2 * TOUCH_M
    found = large.copy()
    for x in (0, 2):
        for y in (1, 3):
            reach = box_m[:, [x, y]] + (x - 1, y - 2) * np.array(TOUCH_M)
            found |= np.isin(_cell(reach), taken)
    return np.asarray(found)


def _cell(xy_m: Real) -> Whole:
    """Return the number of the square in which each of [n, 2] places lies."""
    column, row = np.floor(xy_m / CELL_M).astype(np.int64).T
    return np.asarray(column * 2**32 + row)
