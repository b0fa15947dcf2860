"""Grid: a small made-up town for tests and docs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.assemble import Sheet, assemble_network, bounds_m
from doorstep.network.network import Doors, KnownRoadside
from doorstep.network.ways import Survey, WayTags, tabulate_ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Network
    from doorstep.network.ways import TagRow

CRS = "EPSG:32631"
CORNER_M = (500_000.0, 5_000_000.0)
"""South-west corner, on the meridian 3° E; nothing of that land is in the town."""
SETBACK_M = 12.0
"""From the middle of a street to a front door."""
SPACING_M = 25.0
"""From door to door along a block."""
FLAT_HOMES = 12.0


def grid_town(columns: int, rows: int, block_m: float, seed: int) -> Network:
    """Return a town of columns x rows blocks.

    Its two axes are wider streets, some of the others are one-way, one block holds a park with a footway and steps, and
    the blocks round the middle hold flats. Chance (one-way streets, gaps between houses) comes from the seed.
    """
    rng = np.random.default_rng(seed)
    east, north = _lines(columns, block_m, CORNER_M[0]), _lines(rows, block_m, CORNER_M[1])
    xy_m = np.stack(np.meshgrid(east, north), axis=-1).reshape(-1, 2)
    number = np.arange(len(xy_m)).reshape(rows + 1, columns + 1)
    runs: list[NDArray[np.int64]] = []
    tags: list[TagRow] = []
    for k, line in enumerate(number):
        runs.append(line)
        tags.append(_street(axis=k == rows // 2, edge=k in (0, rows), rng=rng))
    for k, line in enumerate(number.T):
        runs.append(line)
        tags.append(_street(axis=k == columns // 2, edge=k in (0, columns), rng=rng))
    park = rows // 4, columns // 4
    corner, across = number[park], number[park[0] + 1, park[1] + 1]
    xy_m = np.concatenate([xy_m, [(xy_m[corner] + xy_m[across]) / 2]])
    runs += [np.array([corner, len(xy_m) - 1, across]), np.array([number[park[0], park[1] + 1], len(xy_m) - 1])]
    tags += [(("highway", "footway"),), (("highway", "steps"),)]
    first = np.concatenate([[0], np.cumsum([len(run) for run in runs])])
    table = tabulate_ways(Survey(xy_m, first, np.concatenate(runs), WayTags.of(tags)))
    middle_m = xy_m[number[rows // 2, columns // 2]]
    sheet = Sheet(
        crs=CRS,
        extent_m=bounds_m(xy_m),
        origin=f"made-up town of {columns} x {rows} blocks of {block_m:g} m, seed {seed}",
        made_up=True,
    )
    lockers_m, notes = (middle_m + SETBACK_M).reshape(1, 2), ("no street of this town is real",)
    doors = _doors(east, north, middle_m, park, rng)
    return assemble_network(sheet, table, KnownRoadside(doors, lockers_m, notes))


def _lines(blocks: int, block_m: float, start_m: float) -> NDArray[np.float64]:
    """Return where the parallel streets run."""
    return np.asarray(start_m + block_m * np.arange(blocks + 1), np.float64)


def _street(*, axis: bool, edge: bool, rng: np.random.Generator) -> TagRow:
    """Return the tags of a street: an axis, the ring round the town, or a side street that may be one-way."""
    if axis:
        return (("highway", "secondary"), ("maxspeed", "50"), ("sidewalk", "both"))
    side = (("highway", "residential"), ("maxspeed", "30"))
    oneway = ("yes", "-1", "no", "no")[rng.integers(4)]
    return side if edge else (*side, ("oneway", oneway))


def _doors(
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    middle_m: NDArray[np.float64],
    park: tuple[int, int],
    rng: np.random.Generator,
) -> Doors:
    """Return doors along the south and north side of every block but the park; flats round the middle."""
    places = []
    for row in range(len(north) - 1):
        for column in range(len(east) - 1):
            if (row, column) == park:
                continue
            x = np.arange(east[column] + SPACING_M / 2, east[column + 1], SPACING_M)
            for y in (north[row] + SETBACK_M, north[row + 1] - SETBACK_M):
                there = x[rng.random(len(x)) < 0.8]  # noqa: PLR2004 - one plot in five is empty
                places.append(np.column_stack([there, np.full(len(there), y)]))
    xy_m = np.concatenate([np.empty((0, 2)), *places])
    reach_m = np.array([east[-1] - east[0], north[-1] - north[0]]) / 4
    flat = np.asarray((np.abs(xy_m - middle_m) <= reach_m).all(axis=1))
    return Doors(xy_m, flat, np.where(flat, FLAT_HOMES, 1.0))
