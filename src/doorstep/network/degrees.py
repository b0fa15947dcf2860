"""Degrees: shapes in metres of a map as longitude and latitude, parted at the line of dates (RFC 7946, 3.1.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.network import Network

HALF, WHOLE = 180.0, 360.0
"""Degrees of longitude half round and round the Earth."""


def in_degrees(shapes: Any, network: Network) -> NDArray[np.object_]:
    """Return shapes [n] in metres of a network as longitude and latitude; what crosses the line of dates in two parts.

    Without parts such a shape would reach round the Earth the other way.
    """
    import shapely

    turned = np.asarray(shapely.transform(np.asarray(shapes, object), network.unproject), object)
    west, _, east, _ = shapely.bounds(turned).reshape(-1, 4).T
    for row in np.flatnonzero(east - west > HALF):
        turned[row] = _parted(turned[row])
    return turned


def _parted(shape: Any) -> Any:
    """Return a shape that crosses the line of dates as its parts on either side."""
    import shapely

    beyond = shapely.transform(shape, lambda at: at + np.outer(at[:, 0] < 0, [WHOLE, 0.0]))
    sides = [shapely.intersection(beyond, shapely.box(low, -WHOLE, low + HALF, WHOLE)) for low in (0.0, HALF)]
    sides[1] = shapely.transform(sides[1], lambda at: at - [WHOLE, 0.0])
    parts = np.concatenate([shapely.get_parts(side) for side in sides])
    rank = shapely.get_dimensions(parts)
    # What is cut off may be a point on the line, where a shape only touches it.
    kept = parts[~shapely.is_empty(parts) & (rank == rank.max())]
    several: Any = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[rank.max()]
    return several(kept)
