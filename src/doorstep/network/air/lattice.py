"""Lattice: points at every one of some easts with every one of some norths, in any reference system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from doorstep.network.network import Network

    Real = NDArray[np.float64]

FEWEST = 2
"""Points along an axis that span anything."""


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """A grid whose axes need not be evenly spaced."""

    east: NDArray[np.float64]
    """[columns] ascending."""
    north: NDArray[np.float64]
    """[rows] ascending."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.north), len(self.east)

    def in_metres(
        self, network: Network, project: Callable[[Real], Real] | None = None
    ) -> tuple[tuple[float, float], tuple[float, float], Real]:
        """Return corner, steps and points [rows, columns, 2] of an even grid of as many points over the same ground.

        `project` turns places of this lattice into the metres of the network; by default they are degrees.
        """
        project = project or network.project
        edge = np.linspace(0, 1, 33)
        east, north = np.interp(edge, [0, 1], self.east[[0, -1]]), np.interp(edge, [0, 1], self.north[[0, -1]])
        rim = [np.column_stack([east, np.full(33, side)]) for side in self.north[[0, -1]]]
        rim += [np.column_stack([np.full(33, side), north]) for side in self.east[[0, -1]]]
        xy_m = project(np.concatenate(rim))
        low, high = xy_m.min(axis=0), xy_m.max(axis=0)
        rows, columns = self.shape
        x, y = np.linspace(low[0], high[0], columns), np.linspace(low[1], high[1], rows)
        points = np.stack(np.meshgrid(x, y), axis=-1)
        steps = [float(axis[1] - axis[0]) if len(axis) >= FEWEST else 1.0 for axis in (x, y)]
        return (float(x[0]), float(y[0])), (steps[0], steps[1]), points


def interpolate(lattice: Lattice, values: Real, places: Real) -> Real:
    """Return values [n, …] at places [n, 2] between those of a lattice [rows, columns, …]; outside of its edge."""
    (j, q), (i, p) = _between(lattice.north, places[:, 1]), _between(lattice.east, places[:, 0])
    up, right = np.minimum(j + 1, len(lattice.north) - 1), np.minimum(i + 1, len(lattice.east) - 1)
    more = (slice(None), *[None] * (values.ndim - 2))
    p, q = p[more], q[more]
    low = (1 - p) * values[j, i] + p * values[j, right]
    high = (1 - p) * values[up, i] + p * values[up, right]
    return np.asarray((1 - q) * low + q * high)


def _between(axis: Real, at: Real) -> tuple[NDArray[np.int64], Real]:
    """Return behind which point of an axis places lie, and how far on the way to the next."""
    if len(axis) < FEWEST:
        return np.zeros(len(at), np.int64), np.zeros(len(at))
    k = np.clip(np.searchsorted(axis, at, side="right") - 1, 0, len(axis) - 2)
    return k, np.clip((at - axis[k]) / (axis[k + 1] - axis[k]), 0.0, 1.0)
