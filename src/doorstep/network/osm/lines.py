"""Lines: ways of a map as runs of places, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.network.osm.pbfbits import NOWHERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int32]

CORNERS = 3
"""Fewest of an outline."""


@machine_code
def draw_lines(size: Whole, chosen: Flags, row: Places, place: Places) -> tuple[Whole, Places, Flags]:
    """Return chosen ways as lines, nodes at one place taken once, and which of them [chosen] can be drawn.

    Ways have `size` [ways] nodes, whose rows among `place` [nodes, 2] lie one way behind the other. Lines are where
    each begins [lines + 1] and their places; a way with a node that is nowhere, or with a single place, is none.
    """
    total = count = 0
    for way in range(size.size):
        if chosen[way]:
            total += size[way]
            count += 1
    first, drawn, good = np.zeros(count + 1, np.int64), np.empty((total, 2), np.int32), np.zeros(count, np.bool_)
    at = line = which = end = 0
    for way in range(size.size):
        if chosen[way]:
            begin = end
            torn = False
            for k in range(at, at + size[way]):
                x, y = place[row[k], 0], place[row[k], 1]
                torn |= x == NOWHERE
                if end == begin or drawn[end - 1, 0] != x or drawn[end - 1, 1] != y:
                    drawn[end, 0], drawn[end, 1] = x, y
                    end += 1
            good[which] = not torn and end - begin > 1
            if good[which]:
                line += 1
                first[line] = end
            else:
                end = begin
            which += 1
        at += size[way]
    return first[: line + 1], drawn[:end], good


def are_closed(first: Whole, place: Places) -> Flags:
    """Return which lines come back to where they began, with three corners at least."""
    same = (place[first[:-1]] == place[first[1:] - 1]).all(axis=1)
    return np.asarray(same & (np.diff(first) > CORNERS))


def keep_closed(first: Whole, place: Places) -> tuple[Whole, Places, Flags]:
    """Return lines that are closed, and which ones they are; their places are moved together where they lie."""
    closed = are_closed(first, place)
    return *keep_lines(first, place, closed), closed


def keep_lines(first: Whole, place: Places, kept: Flags) -> tuple[Whole, Places]:
    """Return some lines; their places are moved together where they lie."""
    if kept.all():
        return first, place
    return np.concatenate([[0], np.cumsum(np.diff(first)[kept])]), place[: _move_together(first, place, kept)]


@machine_code
def _move_together(first: Whole, place: Places, kept: Flags) -> int:
    """Write the places of lines that are kept over those of the others, and return how many there are."""
    end = 0
    for line in range(kept.size):
        if kept[line]:
            # Corner by corner: slices that are assigned would take the compiler a second more.
            for k in range(first[line], first[line + 1]):
                place[end, 0], place[end, 1] = place[k, 0], place[k, 1]
                end += 1
    return end
