"""Skyways: fastest flights through a maze, compiled: taut ways over the corners of its walls."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.air.maze import Maze, blocked, sight
from doorstep.network.air.piece import Air, crossing_s, highest_m, weigh_pieces
from doorstep.network.compiled import machine_code
from doorstep.network.graph.search import START, grow_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.air.maze import Walls

    Real = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Truth = NDArray[np.bool_]

STRAIGHT, NONE = -1, -2
"""Last corner of a flight that has no corner, and of one that there is not."""


class Fans(NamedTuple):
    """The pieces between each place and the corners that it sees; place after place."""

    begin: NDArray[np.int64]
    """[places + 1]"""
    corner: NDArray[np.int64]
    """[pieces]"""
    time_s: NDArray[np.float64]
    length_m: NDArray[np.float64]
    top_m: NDArray[np.float64]
    """[pieces] the highest ground under each."""


def fly(maze: Maze, air: Air, starts: Real, ends: Real, usable: tuple[Truth, Truth]) -> tuple[Real, Real, Real]:
    """Return time, length and highest ground [n, m] of the fastest flights from [n, 2] to [m, 2] places.

    `usable` says where one may start [n] and land [m]. Highest ground is minus infinity where there is no flight.
    """
    arcs, tops = _weigh(maze, air)
    out, back = _fans(maze, air, starts, False), _fans(maze, air, ends, True)
    return _combine(maze.walls, air, (starts, ends), usable, (out, back), arcs, tops)


def follow(maze: Maze, air: Air, starts: Real, ends: Real, usable: Truth) -> list[Real]:
    """Return the line [p, 2] of the fastest flight of each pair of [n, 2] places; empty where there is none."""
    arcs, _ = _weigh(maze, air)
    out, back = _fans(maze, air, starts, False), _fans(maze, air, ends, True)
    tails = np.repeat(np.arange(len(maze.begin) - 1), np.diff(maze.begin))
    lines = []
    for k in range(len(starts)):
        last, came_by = _settle(maze.walls, air, (starts[k], ends[k]), _one(out, k), _one(back, k), arcs)
        if last == NONE or not usable[k]:
            lines.append(np.empty((0, 2)))
            continue
        bends = []
        while last >= 0:
            bends.append(maze.corners.xy_m[last])
            arc = START - 1 - came_by[last] if came_by[last] <= START else came_by[last]
            last = int(tails[arc]) if arc >= 0 else STRAIGHT
        lines.append(np.stack([starts[k], *bends[::-1], ends[k]]))
    return lines


def _one(fans: Fans, k: int) -> Fans:
    """Return the fan of one place."""
    part = slice(int(fans.begin[k]), int(fans.begin[k + 1]))
    begin = fans.begin[k : k + 2] - fans.begin[k]
    return Fans(begin, fans.corner[part], fans.time_s[part], fans.length_m[part], fans.top_m[part])


def _weigh(maze: Maze, air: Air) -> tuple[tuple[Whole, Whole, Real, Real], Real]:
    """Return the pieces between corners as arcs with time and length, and the highest ground under each."""
    corners = maze.corners.xy_m
    tails = np.repeat(np.arange(len(corners)), np.diff(maze.begin))
    time_s, length_m, top_m = weigh_pieces(air, corners[tails], corners[maze.heads])
    return (maze.begin, maze.heads, time_s, length_m), top_m


def _fans(maze: Maze, air: Air, xy_m: Real, inwards: bool) -> Fans:
    """Return the pieces from places to corners, or those from corners to places."""
    seen = sight(maze.walls, maze.corners, xy_m)
    place, corner = np.nonzero(seen)
    spots, bends = xy_m[place], maze.corners.xy_m[corner]
    time_s, length_m, top_m = weigh_pieces(air, bends, spots) if inwards else weigh_pieces(air, spots, bends)
    begin = np.concatenate([[0], np.cumsum(seen.sum(axis=1))]).astype(np.int64)
    return Fans(begin, corner.astype(np.int64), time_s, length_m, top_m)


@machine_code
def _combine(
    walls: Walls,
    air: Air,
    places: tuple[Real, Real],
    usable: tuple[Truth, Truth],
    fans: tuple[Fans, Fans],
    arcs: tuple[Whole, Whole, Real, Real],
    tops: Real,
) -> tuple[Real, Real, Real]:
    """Return time, length and highest ground [n, m] of the best of: straight, or over corners."""
    starts, ends = places
    out, back = fans
    n, m, count = starts.shape[0], ends.shape[0], arcs[0].size - 1
    table = np.full((n, m), np.inf), np.full((n, m), np.inf), np.full((n, m), -np.inf)
    wanted = np.zeros(count, np.bool_)
    wanted[back.corner] = True
    wanted_count = int(wanted.sum())
    labels = (np.empty(count), np.empty(count), np.empty(count, np.int64))
    ground = np.zeros(count)
    size = arcs[1].size + count + 2
    heap = (np.empty(size), np.empty(size, np.int64))
    level = air.height_m.shape[0] == 0
    bent = np.empty(m, np.bool_)
    for i in range(n):
        if not usable[0][i]:
            continue
        _go_straight(walls, air, starts[i], ends, usable[1], (table[0][i], table[1][i], table[2][i]), bent)
        if count == 0 or not bent.any():
            continue
        a, b = out.begin[i], out.begin[i + 1]
        grow_tree(arcs, (out.corner[a:b], out.time_s[a:b], out.length_m[a:b]), wanted, wanted_count, labels, heap)
        if not level:
            _lift(labels[2], arcs[0], tops, (out.corner[a:b], out.top_m[a:b]), ground)
        for j in np.flatnonzero(bent):
            for f in range(back.begin[j], back.begin[j + 1]):
                corner = back.corner[f]
                time = labels[0][corner] + back.time_s[f]
                if time < table[0][i, j]:
                    table[0][i, j] = time
                    table[1][i, j] = labels[1][corner] + back.length_m[f]
                    table[2][i, j] = max(ground[corner], back.top_m[f])
    return table


@machine_code
def _go_straight(
    walls: Walls, air: Air, start: Real, ends: Real, usable: Truth, row: tuple[Real, Real, Real], bent: Truth
) -> None:
    """Set time, length and highest ground [m] of straight flights, and for which ends corners may be faster."""
    # In still or even air nothing beats a straight flight.
    even = air.uv_mps.shape[0] * air.uv_mps.shape[1] <= 1
    for j in range(ends.shape[0]):
        bent[j] = usable[j]
        piece = (start[0], start[1], ends[j, 0], ends[j, 1])
        if not usable[j] or blocked(walls, piece[0], piece[1], piece[2], piece[3]):
            continue
        bent[j] = not even
        row[0][j] = crossing_s(air.airspeed_mps, air.uv_mps, air.wind_grid, piece)
        if row[0][j] < np.inf:
            row[1][j] = np.hypot(piece[2] - piece[0], piece[3] - piece[1])
            row[2][j] = highest_m(air.height_m, air.height_grid, piece)


@machine_code
def _lift(came_by: Whole, begin: Whole, tops: Real, fan: tuple[Whole, Real], ground: Real) -> None:
    """Set the highest ground on the way to each corner of a tree."""
    count = begin.size - 1
    first = np.full(count, -np.inf)
    for f in range(fan[0].size):
        first[fan[0][f]] = fan[1][f]
    for k in range(count):
        ground[k] = -np.inf
        at = k
        for _ in range(count):
            arc = START - 1 - came_by[at] if came_by[at] <= START else came_by[at]
            if arc < 0:
                break
            ground[k] = max(ground[k], tops[arc])
            at = np.searchsorted(begin, arc, side="right") - 1
        ground[k] = max(ground[k], first[at])


@machine_code
def _settle(
    walls: Walls,
    air: Air,
    places: tuple[Real, Real],
    out: Fans,
    back: Fans,
    arcs: tuple[Whole, Whole, Real, Real],
) -> tuple[int, Whole]:
    """Return the last corner of the fastest flight between two places, and by which arc each corner was reached."""
    count = arcs[0].size - 1
    wanted = np.zeros(count, np.bool_)
    wanted[back.corner] = True
    labels = (np.empty(count), np.empty(count), np.empty(count, np.int64))
    size = arcs[1].size + count + 2
    heap = (np.empty(size), np.empty(size, np.int64))
    grow_tree(arcs, (out.corner, out.time_s, out.length_m), wanted, wanted.sum(), labels, heap)
    best, last = np.inf, NONE
    piece = (places[0][0], places[0][1], places[1][0], places[1][1])
    if not blocked(walls, piece[0], piece[1], piece[2], piece[3]):
        best = crossing_s(air.airspeed_mps, air.uv_mps, air.wind_grid, piece)
        last = STRAIGHT if best < np.inf else NONE
    for f in range(back.corner.size):
        time = labels[0][back.corner[f]] + back.time_s[f]
        if time < best:
            best, last = time, back.corner[f]
    return last, labels[2]
