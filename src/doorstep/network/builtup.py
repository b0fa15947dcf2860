"""Built-up streets: where a pavement may be taken for granted though nobody tagged it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.cells import count_near, lay_cells
from doorstep.network.counting import counted
from doorstep.network.robots import BUILT_UP, BUILT_UP_KMH, PAVED_BESIDE
from doorstep.network.speed import limit_kmh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from doorstep.network.ways import TagRow

NEAR_M = 40.0
BUILDINGS_PER_KM = 20.0
"""A street with so many buildings near it is built up (estimate: one for each 50 m)."""
JUNCTIONS_PER_KM = 5.0
"""So is one with so many junctions with residential streets (estimate: one for each 200 m)."""
HOME_STREETS = ("residential", "living_street")


def mark_built_up(
    tags: Sequence[TagRow],
    first: NDArray[np.int64],
    node: NDArray[np.integer],
    xy_m: NDArray[np.float64],
    building_xy_m: NDArray[np.float64],
) -> tuple[list[TagRow], list[str]]:
    """Return the tags of ways [n], those of built-up through streets that say nothing of pavements so marked."""
    asks = {
        row: (_unsaid(way), way.get("highway") in HOME_STREETS) for row, way in ((row, dict(row)) for row in set(tags))
    }
    open_question, homely = np.array([asks[row] for row in tags], bool).reshape(-1, 2).T
    owner = np.repeat(np.arange(len(tags)), np.diff(first))
    at_home_street = np.zeros(len(xy_m), bool)
    at_home_street[node[homely[owner]]] = True
    asked = np.flatnonzero(open_question)
    here = open_question[owner]
    number = np.cumsum(open_question) - 1
    count = np.diff(first)[asked]
    begin, corner_m = np.concatenate([[0], np.cumsum(count)]), xy_m[node[here]]
    length_km = np.maximum(_lengths_m(begin, corner_m), NEAR_M) / 1000
    junctions = np.bincount(number[owner[here]], at_home_street[node[here]], minlength=len(asked))
    buildings = count_near(lay_cells(building_xy_m), begin, corner_m, NEAR_M)
    dense = (buildings / length_km >= BUILDINGS_PER_KM) | (junctions / length_km >= JUNCTIONS_PER_KM)
    marked = np.zeros(len(tags), bool)
    marked[asked[dense]] = True
    says = counted(int(marked.sum()), "built-up street says", "built-up streets say")
    told = f"path: {says} nothing of pavements, taken to have one"
    out = [(*row, (BUILT_UP, "yes")) if mark else row for row, mark in zip(tags, marked, strict=True)]
    return out, [told] if marked.any() else []


def _lengths_m(first: NDArray[np.int64], corner_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how long lines are; `first` [lines + 1] is where the corners of each begin."""
    step_m = np.hypot(*np.diff(corner_m, axis=0, append=corner_m[-1:]).T)
    step_m[first[1:] - 1] = 0.0
    return np.add.reduceat(step_m, first[:-1]) if len(step_m) else step_m


def _unsaid(row: dict[str, str]) -> bool:
    """Return whether a through street says nothing of pavements, nor of a limit above that of built-up areas."""
    if row.get("highway") not in PAVED_BESIDE or any(key.startswith("sidewalk") for key in row):
        return False
    limit = limit_kmh(row.get("maxspeed", ""))
    return limit is None or limit <= BUILT_UP_KMH
