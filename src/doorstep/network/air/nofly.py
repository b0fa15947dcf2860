"""No-fly: zones that no flight may enter, the band of altitudes that each holds in, and the margin kept from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

CUT_OFF = 2**0.5
"""Mitred corners that would stand out further than this many margins are cut off, still a margin away."""
LEAST_MARGIN_M = 1e-3
"""Lesser margins are none: ways bend a millimetre off the walls anyway, and rounding swallows them."""
MOST_CORNERS = 40_000
"""Beyond this many corners the outlines of zones are drawn more simply, outwards only, and a note says by how much."""
FIRST_SIMPLER_M = 0.25
"""Tolerance of the first try at a simpler outline, doubled until it is simple enough."""
EVERY_M = 5.0
"""Simpler outlines are held against the true ones at points this far apart."""
DOUBLINGS = 5
"""At most: outlines move by no more than 8 m, since further ones close gaps that flights need."""


@dataclass(frozen=True, slots=True)
class Zone:
    """One area that is closed to flights within a band of altitudes."""

    name: str
    area: BaseGeometry
    """A valid polygon or several, metres of the network."""
    floor_m: float = 0.0
    """Above ground; flights below are free."""
    ceiling_m: float = np.inf
    """Above ground; flights above are free."""

    def __post_init__(self) -> None:
        """Raise InputError with every fault found."""
        faults, where = [], f"no-fly zone {self.name!r}"
        if self.area.geom_type not in {"Polygon", "MultiPolygon"} or self.area.is_empty or not self.area.is_valid:
            what = f"is no sound polygon but {self.area.geom_type}{' without any area' if self.area.is_empty else ''}"
            faults.append(Fault(where, what, "repair it with shapely.make_valid", "zone-shape"))
        if not (np.isfinite(self.floor_m) and self.floor_m < self.ceiling_m):
            what = f"reaches from {self.floor_m:g} m to {self.ceiling_m:g} m above ground"
            faults.append(Fault(where, what, "give a floor below the ceiling", "zone-band"))
        if faults:
            raise InputError(faults)

    def binds(self, lowest_m: float, highest_m: float) -> bool:
        """Return whether a flight between two altitudes above ground, ends included, can meet this zone."""
        return self.floor_m <= highest_m and lowest_m <= self.ceiling_m


def widen(zone: Zone, margin_m: float) -> BaseGeometry:
    """Return the area to be kept clear: all within the margin of a zone, and a little more at its corners.

    Corners are mitred, those that would stand out more than 1.41 margins are cut off beyond the margin, so no point
    nearer than the margin is left out and ways bend at few corners.
    """
    if margin_m < LEAST_MARGIN_M:
        return zone.area
    wide: BaseGeometry = zone.area.buffer(margin_m, join_style="mitre", mitre_limit=CUT_OFF)
    return wide if wide.covers(zone.area) else wide.union(zone.area)


def close_off(zones: Sequence[Zone], margin_m: float) -> tuple[BaseGeometry, tuple[str, ...]]:
    """Return all that is closed by zones and their margin, and notes: simpler outlines where there are many corners."""
    import shapely

    solid = shapely.union_all([widen(zone, margin_m) for zone in zones])
    corners = shapely.get_num_coordinates(solid)
    if corners <= MOST_CORNERS:
        return solid, ()
    simpler_m, simple, left = FIRST_SIMPLER_M / 2, solid, corners
    while left > MOST_CORNERS and simpler_m < FIRST_SIMPLER_M * 2**DOUBLINGS:
        simpler_m *= 2
        # Outlines move by no more than the tolerance, by which they were widened before.
        wide = [widen(zone, margin_m + simpler_m).simplify(simpler_m) for zone in zones]
        own = [shapely.union(widen(zone, margin_m), area) for zone, area in zip(zones, wide, strict=True)]
        simple = shapely.union_all(own).simplify(0)
        left = shapely.get_num_coordinates(simple)
    further_m = np.ceil(_furthest_m(simple, solid))
    note = (
        f"the outlines of the no-fly zones have {corners:,} corners; drawn with {left:,}, they keep up to about "
        f"{further_m:g} m more clear than the margin asks for"
    )
    return simple, (note,)


def _furthest_m(outer: BaseGeometry, inner: BaseGeometry) -> float:
    """Return how far the outline of an area lies outside of another that it contains, at points close to each other."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(inner))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    pairs = np.stack([points[:-1], points[1:]], axis=1)[ring[:-1] == ring[1:]]
    outline = shapely.points(shapely.get_coordinates(shapely.segmentize(outer, EVERY_M)))
    tree = shapely.STRtree(np.asarray(shapely.linestrings(pairs), object))
    _, away_m = tree.query_nearest(outline, return_distance=True, all_matches=False)
    return float(away_m.max())


def names_at(zones: Sequence[Zone], margin_m: float, xy_m: NDArray[np.float64]) -> list[tuple[str, ...]]:
    """Return for each of [n, 2] places the names of the zones that it lies in, margin and outline included."""
    import shapely

    xy_m = np.asarray(xy_m, float).reshape(-1, 2)
    names: list[list[str]] = [[] for _ in xy_m]
    for zone in zones:
        area = widen(zone, margin_m)
        shapely.prepare(area)
        for k in np.flatnonzero(shapely.intersects_xy(area, xy_m[:, 0], xy_m[:, 1])).tolist():
            names[k].append(zone.name)
    return [tuple(found) for found in names]
