"""Built-up streets: where a pavement may be taken for granted though nobody tagged it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.counting import counted
from doorstep.network.graph.cells import count_near, lay_cells
from doorstep.network.rules.robots import BUILT_UP, BUILT_UP_KMH, PAVED_BESIDE
from doorstep.network.rules.speed import limit_kmh
from doorstep.network.ways import WayTags

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_M = 40.0
BUILDINGS_PER_KM = 20.0
"""A street with so many buildings near it is built up (estimate: one for each 50 m)."""
JUNCTIONS_PER_KM = 5.0
"""So is one with so many junctions with residential streets (estimate: one for each 200 m)."""
HOME_STREETS = ("residential", "living_street")


def mark_built_up(
    tags: WayTags,
    first: NDArray[np.int64],
    node: NDArray[np.integer],
    xy_m: NDArray[np.float64],
    building_xy_m: NDArray[np.float64],
) -> tuple[WayTags, list[str]]:
    """Return the tags of ways, those of built-up through streets that say nothing of pavements so marked."""
    rows = [dict(row) for row in tags.rows]
    open_kind, homely = (np.array(told, bool) for told in zip(*((_unsaid(r), _homely(r)) for r in rows), strict=True))
    asked, count = np.flatnonzero(open_kind[tags.kind]), np.diff(first)
    at_home_street = np.zeros(len(xy_m), bool)
    at_home_street[node[np.repeat(homely[tags.kind], count)]] = True
    corner = node[np.repeat(open_kind[tags.kind], count)]
    begin, corner_m = np.concatenate([[0], np.cumsum(count[asked])]), xy_m[corner]
    length_km = np.maximum(_lengths_m(begin, corner_m), NEAR_M) / 1000
    number = np.repeat(np.arange(len(asked)), count[asked])
    junctions = np.bincount(number, at_home_street[corner], minlength=len(asked))
    buildings = count_near(lay_cells(building_xy_m), begin, corner_m, NEAR_M)
    dense = (buildings / length_km >= BUILDINGS_PER_KM) | (junctions / length_km >= JUNCTIONS_PER_KM)
    if not dense.any():
        return tags, []
    marked, twin, kind = asked[dense], len(rows) + np.cumsum(open_kind) - 1, tags.kind.copy()
    kind[marked] = twin[kind[marked]]
    twins = [(*row, (BUILT_UP, "yes")) for row, is_open in zip(tags.rows, open_kind.tolist(), strict=True) if is_open]
    says = counted(len(marked), "built-up street says", "built-up streets say")
    return WayTags([*tags.rows, *twins], kind), [f"path: {says} nothing of pavements, taken to have one"]


def _lengths_m(first: NDArray[np.int64], corner_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how long lines are; `first` [lines + 1] is where the corners of each begin."""
    step_m = np.hypot(*np.diff(corner_m, axis=0, append=corner_m[-1:]).T)
    step_m[first[1:] - 1] = 0.0
    return np.add.reduceat(step_m, first[:-1]) if len(step_m) else step_m


def _homely(row: dict[str, str]) -> bool:
    """Return whether people live along a street by its class."""
    return row.get("highway") in HOME_STREETS


def _unsaid(row: dict[str, str]) -> bool:
    """Return whether a through street says nothing of pavements, nor of a limit above that of built-up areas."""
    if row.get("highway") not in PAVED_BESIDE or any(key.startswith("sidewalk") for key in row):
        return False
    limit = limit_kmh(row.get("maxspeed", ""))
    return limit is None or limit <= BUILT_UP_KMH
