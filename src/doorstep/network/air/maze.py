"""Maze: walls in a plane, the corners where taut ways bend, and who sees whom (visibility graph: Lee 1978)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.air.nofly import CUT_OFF
from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Real = NDArray[np.float64]
    Truth = NDArray[np.bool_]
    Whole = NDArray[np.int64]

CLEARANCE_M = 1e-3
"""Ways bend this far outside the walls, so that no rounding leads into them; narrower gaps than two are no way."""


class Walls(NamedTuple):
    """Closed rings; solid lies to the left of each."""

    first: NDArray[np.int64]
    """[rings + 1] where the points of each begin; the first point is repeated at the end."""
    xy_m: NDArray[np.float64]
    """[points, 2] from the origin of the maze."""
    box_m: NDArray[np.float64]
    """[rings, 4] middle x and y, half the width and half the height."""


class Corners(NamedTuple):
    """Where a taut way may bend."""

    xy_m: NDArray[np.float64]
    """[corners, 2] from the origin of the maze."""
    before: NDArray[np.float64]
    """[corners, 2] direction along the wall towards the corner, of length 1."""
    after: NDArray[np.float64]
    """[corners, 2] direction along the wall from it."""


class Maze(NamedTuple):
    """Walls, their corners, and the straight pieces that join corners."""

    origin_m: NDArray[np.float64]
    """[2] subtracted from all places, so that little is lost by rounding."""
    walls: Walls
    corners: Corners
    begin: NDArray[np.int64]
    """[corners + 1] where the pieces from each corner begin."""
    heads: NDArray[np.int64]
    """[pieces] the corner at the end of each."""


def build_maze(solid: BaseGeometry) -> Maze:
    """Return the maze round a valid polygon or several; an empty geometry gives one without walls."""
    low_high = np.zeros((2, 2)) if solid.is_empty else np.array(solid.bounds, float).reshape(2, 2)
    origin = np.asarray(np.round(low_high.mean(axis=0)), float)
    walls = _walls(_rings(solid), origin)
    corners = find_corners(solid.buffer(CLEARANCE_M, join_style="mitre", mitre_limit=CUT_OFF), origin)
    begin, heads = _join(walls, corners)
    return Maze(origin, walls, corners, begin, heads)


def find_corners(solid: BaseGeometry, origin_m: Real) -> Corners:
    """Return the corners of polygons that stick out into the open."""
    spots, before, after = [np.empty((0, 2))], [np.empty((0, 2))], [np.empty((0, 2))]
    for ring in _rings(solid):
        step = np.diff(ring, axis=0)
        ahead = step / np.hypot(step[:, 0], step[:, 1])[:, None]
        behind = np.roll(ahead, 1, axis=0)
        out = behind[:, 0] * ahead[:, 1] - behind[:, 1] * ahead[:, 0] > 0
        spots.append(ring[:-1][out])
        before.append(behind[out])
        after.append(ahead[out])
    return Corners(np.concatenate(spots) - origin_m, np.concatenate(before), np.concatenate(after))


def _rings(solid: BaseGeometry) -> list[Real]:
    """Return the closed rings of polygons, outer ones counterclockwise and holes clockwise, no point twice in a row."""
    import shapely

    parts = shapely.get_parts(shapely.orient_polygons(solid))
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    points = [np.asarray(shapely.get_coordinates(ring), float) for ring in rings]
    return [ring[np.concatenate([[True], np.any(np.diff(ring, axis=0) != 0, axis=1)])] for ring in points]


def _walls(rings: list[Real], origin_m: Real) -> Walls:
    """Return rings [points, 2] as walls."""
    moved = [ring - origin_m for ring in rings]
    first = np.concatenate([[0], np.cumsum([len(ring) for ring in moved])]).astype(np.int64)
    low = np.array([ring.min(axis=0) for ring in moved]).reshape(-1, 2)
    high = np.array([ring.max(axis=0) for ring in moved]).reshape(-1, 2)
    return Walls(first, np.concatenate([np.empty((0, 2)), *moved]), np.hstack([(low + high) / 2, (high - low) / 2]))


@machine_code
def sight(walls: Walls, corners: Corners, xy_m: Real) -> Truth:
    """Return [places, corners] which corners a taut way can go to from the [n, 2] places, straight and by no wall."""
    seen = np.zeros((xy_m.shape[0], corners.xy_m.shape[0]), np.bool_)
    for i in range(xy_m.shape[0]):
        x, y = xy_m[i, 0], xy_m[i, 1]
        for k in range(corners.xy_m.shape[0]):
            if _taut(corners, k, x, y):
                seen[i, k] = not blocked(walls, x, y, corners.xy_m[k, 0], corners.xy_m[k, 1])
    return seen


@machine_code
def _join(walls: Walls, corners: Corners) -> tuple[Whole, Whole]:
    """Return where the pieces from each corner begin, and the corners at their ends, in ascending order.

    A piece is of use where a taut way can arrive at its end and leave from its beginning.
    """
    count, found = corners.xy_m.shape[0], 0
    low, high = np.empty(64, np.int64), np.empty(64, np.int64)
    degree = np.zeros(count + 1, np.int64)
    for i in range(count):
        x, y = corners.xy_m[i, 0], corners.xy_m[i, 1]
        for k in range(i + 1, count):
            cx, cy = corners.xy_m[k, 0], corners.xy_m[k, 1]
            if not (_taut(corners, k, x, y) and _taut(corners, i, cx, cy)) or blocked(walls, x, y, cx, cy):
                continue
            if found == low.size:
                low, high = np.concatenate((low, np.empty_like(low))), np.concatenate((high, np.empty_like(high)))
            low[found], high[found] = i, k
            degree[i + 1] += 1
            degree[k + 1] += 1
            found += 1
    begin = np.cumsum(degree)
    heads, at = np.empty(2 * found, np.int64), begin[:-1].copy()
    # Pairs come in the order of their lower end, so that both loops fill each corner's row in ascending order.
    for n in range(found):
        heads[at[high[n]]] = low[n]
        at[high[n]] += 1
    for n in range(found):
        heads[at[low[n]]] = high[n]
        at[low[n]] += 1
    return begin, heads


@machine_code
def _taut(corners: Corners, k: int, x: float, y: float) -> bool:
    """Return whether a line from a place runs past a corner with both its walls on one side, so that it may bend."""
    slack = 3 * CLEARANCE_M
    dx, dy = corners.xy_m[k, 0] - x, corners.xy_m[k, 1] - y
    a = dy * corners.before[k, 0] - dx * corners.before[k, 1]
    b = dx * corners.after[k, 1] - dy * corners.after[k, 0]
    return not ((a < -slack and b > slack) or (a > slack and b < -slack))


@machine_code
def blocked(walls: Walls, ax: float, ay: float, bx: float, by: float) -> bool:
    """Return whether a straight piece meets a wall, be it at a corner only."""
    if ax > bx or (ax == bx and ay > by):
        ax, ay, bx, by = bx, by, ax, ay
    dx, dy = bx - ax, by - ay
    if dx == 0 and dy == 0:
        return False
    low_y, high_y = min(ay, by), max(ay, by)
    for r in range(walls.first.size - 1):
        mx, my, hx, hy = walls.box_m[r, 0], walls.box_m[r, 1], walls.box_m[r, 2], walls.box_m[r, 3]
        if bx < mx - hx or ax > mx + hx or high_y < my - hy or low_y > my + hy:
            continue
        if abs(dx * (my - ay) - dy * (mx - ax)) > (hx * abs(dy) + hy * abs(dx)) * (1 + 1e-9):
            continue
        start = walls.first[r]
        px, py = walls.xy_m[start, 0], walls.xy_m[start, 1]
        s = dx * (py - ay) - dy * (px - ax)
        for k in range(start + 1, walls.first[r + 1]):
            qx, qy = walls.xy_m[k, 0], walls.xy_m[k, 1]
            t = dx * (qy - ay) - dy * (qx - ax)
            if not ((s > 0 and t > 0) or (s < 0 and t < 0)) and _meets(px, py, qx, qy, ax, ay, bx, by):
                return True
            px, py, s = qx, qy, t
    return False


@machine_code
def _meets(
    px: float,
    py: float,
    qx: float,
    qy: float,
    ax: float,
    ay: float,
    bx: float,
    by: float,
) -> bool:
    """Return whether a to b meets p to q, whose ends are not both strictly on one side of the line through a and b."""
    ex, ey = qx - px, qy - py
    a = ex * (ay - py) - ey * (ax - px)
    b = ex * (by - py) - ey * (bx - px)
    if (a > 0 and b > 0) or (a < 0 and b < 0):
        return False
    # On one line both tests hold wherever the two lie; then their spans decide.
    if max(px, qx) < min(ax, bx) or min(px, qx) > max(ax, bx):
        return False
    return not (max(py, qy) < min(ay, by) or min(py, qy) > max(ay, by))
