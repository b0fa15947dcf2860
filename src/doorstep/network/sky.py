"""Sky: the air as a layer, crossed in straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.network import Legs, Snaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from doorstep.network.network import Pace


@dataclass(frozen=True, slots=True)
class Sky:
    """Open air without limits: every place touches it, and the shortest way is straight."""

    def snap(self, xy_m: NDArray[np.float64]) -> Snaps:
        """Return the [n, 2] places themselves."""
        xy_m = np.asarray(xy_m, float).reshape(-1, 2)
        n = len(xy_m)
        return Snaps(xy_m.copy(), np.zeros(n), np.full(n, -1), np.zeros(n))

    def legs(self, origins: Snaps, destinations: Snaps, pace: Pace) -> Legs:
        """Return straight flights at top speed; traffic on the ground holds none of them up."""
        east, north = (origins.xy_m[:, None, :] - destinations.xy_m[None, :, :]).transpose(2, 0, 1)
        distance_m = np.hypot(east, north)
        return Legs(distance_m / pace.max_speed_mps, distance_m)

    def paths(self, origins: Snaps, destinations: Snaps, pace: Pace) -> Sequence[NDArray[np.float64]]:  # noqa: ARG002
        """Return the two ends of each flight; the way is the same at any pace."""
        return [np.stack(ends) for ends in zip(origins.xy_m, destinations.xy_m, strict=True)]
