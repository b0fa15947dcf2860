"""Footprints: the ground that buildings stand on, and the addresses in them.

Outlines are taken some at a time, since in metres they need twice the room that they do as they are in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code, nested_code
from doorstep.network.graph.cells import CELL_M, Cells, end_of_row, first_in_row, lay_cells, squared_gap

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


class Grounds(NamedTuple):
    """n buildings as closed rings of corners, courtyards being rings of their own."""

    number: NDArray[np.int64]
    """[n]"""
    first: NDArray[np.int64]
    """[n + 1] where the rings of each begin."""
    ring: NDArray[np.int64]
    """[rings + 1] where the corners of each begin, the first of them being there again as the last."""
    corner_m: NDArray[np.float64]
    """[corners, 2]"""


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
    for begin in range(0, n, BLOCK):
        end = min(begin + BLOCK, n)
        first = outlines.first[begin : end + 1]
        corner_m = outlines.project(outlines.place[first[0] : first[-1]] / 1e7)
        _measure(first - first[0], corner_m, area_m2[begin:end], middle_m[begin:end], box_m[begin:end])
    return area_m2, middle_m, box_m


def grounds_near(outlines: Outlines, rows: Whole, box_m: Real, xy_m: Real) -> Iterator[Grounds]:
    """Yield those outlines of some whose box [rows, 4] holds or touches one of [k, 2] places, numbered among them."""
    near = np.flatnonzero(_meets(lay_cells(xy_m), np.ascontiguousarray(box_m)))
    for begin in range(0, len(near), BLOCK):
        here = near[begin : begin + BLOCK]
        corner_m, ring = outlines.corners_m(rows[here])
        yield Grounds(here, np.arange(len(here) + 1), ring, corner_m)


def grounds_of(numbers: Whole, shapes: Shapes) -> Grounds:
    """Return polygons, also such of several parts, with their numbers."""
    import shapely

    rings, owner = shapely.get_rings(shapely.get_parts(shapes), return_index=True)
    owner = shapely.get_parts(shapes, return_index=True)[1][owner] if len(rings) else np.empty(0, np.int64)
    ring = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))]).astype(np.int64)
    first = np.searchsorted(owner, np.arange(len(shapes) + 1)).astype(np.int64)
    return Grounds(numbers, first, ring, shapely.get_coordinates(rings))


def find_owners(xy_m: Real, grounds: Iterable[Grounds]) -> Whole:
    """Return for each of [n, 2] places the number of the building that it is in, or else touches nearest; -1 for none.

    Of several as near the one of the least number is taken.
    """
    owner, gap = np.full(len(xy_m), -1), np.full(len(xy_m), np.inf)
    cells = lay_cells(xy_m)
    for some in grounds:
        _claim(cells, some, owner, gap)
    return owner


@machine_code
def _measure(first: Whole, corner_m: Real, area_m2: Real, middle_m: Real, box_m: Real) -> None:
    """Write area, middle and box of outlines whose corners begin at `first` [n + 1]."""
    for k in range(first.size - 1):
        # From a corner of their own, so that nothing is lost to the size of the coordinates.
        x0, y0 = corner_m[first[k], 0], corner_m[first[k], 1]
        west, south, east, north = x0, y0, x0, y0
        twice = moment_x = moment_y = 0.0
        for c in range(first[k], first[k + 1] - 1):
            ax, ay = corner_m[c, 0] - x0, corner_m[c, 1] - y0
            bx, by = corner_m[c + 1, 0] - x0, corner_m[c + 1, 1] - y0
            across = ax * by - bx * ay
            twice += across
            moment_x += (ax + bx) * across
            moment_y += (ay + by) * across
            west, east = min(west, corner_m[c, 0]), max(east, corner_m[c, 0])
            south, north = min(south, corner_m[c, 1]), max(north, corner_m[c, 1])
        area_m2[k] = abs(twice) / 2
        box_m[k, 0], box_m[k, 1], box_m[k, 2], box_m[k, 3] = west, south, east, north
        if twice:
            middle_m[k, 0], middle_m[k, 1] = x0 + moment_x / (3 * twice), y0 + moment_y / (3 * twice)
        else:
            middle_m[k, 0], middle_m[k, 1] = (west + east) / 2, (south + north) / 2


@machine_code
def _meets(cells: Cells, box_m: Real) -> NDArray[np.bool_]:
    """Return which boxes [n, 4] hold or touch a place."""
    found = np.zeros(len(box_m), np.bool_)
    for k in range(len(box_m)):
        west, south = box_m[k, 0] - TOUCH_M, box_m[k, 1] - TOUCH_M
        east, north = box_m[k, 2] + TOUCH_M, box_m[k, 3] + TOUCH_M
        for row in range(int(np.floor(south / CELL_M)), int(np.floor(north / CELL_M)) + 1):
            last = end_of_row(east, row)
            place = first_in_row(cells, west, row)
            while not found[k] and place < cells.square.size and cells.square[place] <= last:
                x, y = cells.xy_m[place, 0], cells.xy_m[place, 1]
                found[k] = west <= x <= east and south <= y <= north
                place += 1
    return found


@machine_code
def _claim(cells: Cells, grounds: Grounds, owner: Whole, gap: Real) -> None:
    """Give each place to the building that is nearest to it, if nearer than its owner so far."""
    for k in range(grounds.number.size):
        begin, end = grounds.ring[grounds.first[k]], grounds.ring[grounds.first[k + 1]]
        if begin == end:
            continue
        west = south = np.inf
        east = north = -np.inf
        for c in range(begin, end):
            west, east = min(west, grounds.corner_m[c, 0] - TOUCH_M), max(east, grounds.corner_m[c, 0] + TOUCH_M)
            south, north = min(south, grounds.corner_m[c, 1] - TOUCH_M), max(north, grounds.corner_m[c, 1] + TOUCH_M)
        for row in range(int(np.floor(south / CELL_M)), int(np.floor(north / CELL_M)) + 1):
            last = end_of_row(east, row)
            place = first_in_row(cells, west, row)
            while place < cells.square.size and cells.square[place] <= last:
                x, y = cells.xy_m[place, 0], cells.xy_m[place, 1]
                if west <= x <= east and south <= y <= north:
                    away = _squared_distance(grounds, k, x, y)
                    which = cells.which[place]
                    nearer = away < gap[which] or (away == gap[which] and grounds.number[k] < owner[which])
                    if away <= TOUCH_M * TOUCH_M and nearer:
                        owner[which], gap[which] = grounds.number[k], away
                place += 1


@nested_code
def _squared_distance(grounds: Grounds, k: int, x: float, y: float) -> float:
    """Return the square of the distance of a place from a building; nought within it (the rule of even and odd)."""
    inside = False
    least = np.inf
    for ring in range(grounds.first[k], grounds.first[k + 1]):
        for c in range(grounds.ring[ring], grounds.ring[ring + 1] - 1):
            ax, ay = grounds.corner_m[c, 0], grounds.corner_m[c, 1]
            bx, by = grounds.corner_m[c + 1, 0], grounds.corner_m[c + 1, 1]
            least = min(least, squared_gap(x, y, ax, ay, bx, by))
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                inside = not inside
    return 0.0 if inside else least
