"""Zonecheck: drawn areas as no-fly zones: what is wrong with them, what was repaired, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.air.nofly import Zone
from doorstep.network.bounds import LIMIT, whereabouts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pyproj import CRS, Transformer
    from shapely.geometry.base import BaseGeometry

    from doorstep.network.network import Network

    Real = NDArray[np.float64]

NEAR_M = 50_000.0
"""A zone further than this off the map is asked whether its coordinates are swapped."""
AROUND_DEG = 3.0
"""Zones count within this many degrees of the map, which no flight leaves."""
ROUND_DEG = 360.0
_SHIFTS = tuple(np.array([turns * ROUND_DEG, 0.0]) for turns in (-1, 0, 1))
EDGE_DEG = 0.02
"""Longer edges are cut up before they are projected, as lines straight in degrees are bent in metres."""
KNOWN = ("name", "floor_m", "ceiling_m")
FOREIGN = ("lowerlimit", "upperlimit", "lower_limit", "upper_limit", "floor", "ceiling", "min_altitude", "max_altitude")
"""Names that other tables of zones have for altitudes, whose unit and level are not known here."""


@dataclass(frozen=True, slots=True)
class Row:
    """One drawn area as it was read."""

    where: str
    number: int
    """Counted from 1."""
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    """Repairs that reading it needed."""


def judge_rows(rows: Sequence[Row], network: Network, crs: str) -> tuple[tuple[Zone, ...], tuple[str, ...]]:
    """Return rows as zones in the metres of a network, and a note for each repair; raises InputError of every fault."""
    import shapely
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        fix = "write it as EPSG:nnnn, or leave it out for longitude and latitude"
        raise InputError.of(rows[0].where, f"{crs!r} is no reference system", fix, "unknown-crs") from None
    turn = Transformer.from_crs(system, network.crs, always_xy=True)
    around = _surroundings(network)
    zones: list[Zone] = []
    faults: list[Fault] = []
    notes: list[str] = []
    for row in rows:
        name = str(row.properties.get("name") or f"zone {row.number}")
        where = f"{row.where} ({name!r})"
        wrong = _shape_faults(where, row.geometry) or _place_faults(
            where, row.geometry, (system, turn), network, around
        )
        band = _band(where, row.properties, wrong)
        if wrong or row.geometry is None:
            faults += wrong
            continue
        notes += [f"{where}: {note}" for note in row.notes]
        area = _project(where, row.geometry, (system, turn), around, notes)
        if area.is_empty:
            what = "covers no area"
            faults.append(Fault(where, what, "draw a polygon with at least three different corners", "zone-empty"))
            continue
        zones.append(Zone(name, area, *band))
        away_m = area.distance(shapely.box(*network.extent_m))
        if away_m > NEAR_M:
            notes.append(f"{where}: lies {away_m / 1000:,.0f} km off the map, where it holds up no flight")
    if faults:
        raise InputError(faults)
    return tuple(zones), (*notes, *_altitude_notes(rows))


def _shape_faults(where: str, geometry: BaseGeometry | None) -> list[Fault]:
    """Return what keeps a geometry from being an area on Earth, whatever its reference system."""
    import shapely

    if geometry is None or geometry.is_empty:
        return [Fault(where, "has no geometry", "draw a polygon, or leave it out", "zone-empty")]
    if geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        fix = "draw the area that is closed as a polygon; buffer a point or a line by the distance to be kept"
        return [Fault(where, f"is a {geometry.geom_type}, which has no inside", fix, "zone-no-polygon")]
    spots = shapely.get_coordinates(geometry)
    if not np.isfinite(spots).all():
        count = int((~np.isfinite(spots).all(axis=1)).sum())
        what = f"{count} of its {len(spots)} corners are no positions (not a number or infinite)"
        return [Fault(where, what, "give two finite numbers for each corner", "zone-not-finite")]
    return []


def _place_faults(
    where: str,
    geometry: BaseGeometry | None,
    turned: tuple[CRS, Transformer],
    network: Network,
    around: BaseGeometry,
) -> list[Fault]:
    """Return what keeps an area from lying where it is said to lie."""
    import shapely

    system, turn = turned
    spots = shapely.get_coordinates(geometry)
    fault = _off_earth(where, spots, network) if system.is_geographic else _not_metres(where, spots, system, network)
    if fault is None and system.is_geographic and geometry is not None:
        fault = _round_the_earth(where, geometry, around)
    if fault is None and not np.isfinite(np.column_stack(turn.transform(spots[:, 0], spots[:, 1]))).all():
        what = f"its coordinates, such as {spots[0].tolist()}, have no place in {network.crs}, that of the map"
        fix = "say which reference system they are in, or cut the zone to the surroundings of the map"
        fault = Fault(where, what, fix, "zone-off-map")
    return [fault] if fault else []


def _round_the_earth(where: str, geometry: BaseGeometry, around: BaseGeometry) -> Fault | None:
    """Return the fault of an area over the line of dates that is not parted there, on a map that lies at that line."""
    import shapely

    if around.geom_type == "Polygon":
        return None
    rings, owner = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometry)), return_index=True)
    leap = np.abs(np.diff(rings[:, 0]))
    at = np.flatnonzero((np.diff(owner) == 0) & (leap > LIMIT[0]) & (leap < ROUND_DEG))
    if not len(at):
        return None
    what = f"its side from {rings[at[0]].tolist()} to {rings[at[0] + 1].tolist()} leads round the Earth"
    fix = "part the area at 180 degrees, as GeoJSON wants it (RFC 7946, 3.1.9)"
    return Fault(where, what, fix, "zone-round-earth")


def _not_metres(where: str, spots: Real, system: CRS, network: Network) -> Fault | None:
    """Return the fault of corners [n, 2] that are degrees on the map, although their system is said to have metres."""
    if (np.abs(spots) > LIMIT).any() or len(whereabouts(network, spots, NEAR_M)) == len(spots):
        return None
    what = f"its corners, such as {spots[0].tolist()}, are degrees on the map and no metres of {system.name}"
    return Fault(where, what, "leave `crs` out, or name that of the coordinates", "zone-degrees")


def _off_earth(where: str, spots: Real, network: Network) -> Fault | None:
    """Return what is wrong with corners [n, 2] as longitudes and latitudes: metres, swapped, or off the Earth."""
    worst = spots[np.argmax(np.abs(spots / LIMIT).max(axis=1))].tolist()
    off = bool((np.abs(spots) > LIMIT).any())
    if (np.abs(spots) > 2 * LIMIT[0]).any():
        what = f"{worst} is no longitude and latitude; the numbers look like metres"
        return Fault(where, what, "say which reference system they are in, as `crs: EPSG:nnnn`", "zone-off-earth")
    found = whereabouts(network, spots, NEAR_M)
    swapped = next((fault for fault in found if "swap" in fault[2]), None)
    if swapped and len(found) == len(spots):
        return Fault(where, f"its corner {swapped[1]}", swapped[2], "zone-swapped")
    if off:
        fix = "give longitudes up to ±180 and latitudes up to ±90"
        return Fault(where, f"{worst} is no position on Earth", fix, "zone-off-earth")
    return None


def _band(where: str, properties: Mapping[str, Any], faults: list[Fault]) -> tuple[float, float]:
    """Return floor and ceiling of a zone, above ground; adds what is wrong with them to the faults."""
    band = {"floor_m": 0.0, "ceiling_m": np.inf}
    for name in band:
        given = properties.get(name)
        if given is None:
            continue
        if isinstance(given, bool) or not isinstance(given, (int, float, np.number)) or not np.isfinite(given):
            fix = "give metres above ground as a number, or leave it out"
            faults.append(Fault(f"{where}: {name}", f"{given!r} is no altitude", fix, "zone-altitude"))
        else:
            band[name] = float(given)
    if not band["floor_m"] < band["ceiling_m"]:
        what = f"floor_m {band['floor_m']:g} is not below ceiling_m {band['ceiling_m']:g}"
        faults.append(Fault(where, what, "have they been swapped?", "zone-band"))
    return band["floor_m"], band["ceiling_m"]


def _surroundings(network: Network) -> BaseGeometry:
    """Return a box in degrees that reaches some 300 km beyond the map, less far at the poles.

    Over the line of dates it has two parts.
    """
    import shapely

    west, south, east, north = network.extent_m
    corners = network.unproject(np.array([[west, south], [east, south], [west, north], [east, north]]))
    beyond = (corners[:, 0] < 0) & (np.ptp(corners[:, 0]) > LIMIT[0])
    corners = corners + np.outer(beyond, [ROUND_DEG, 0.0])
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide = AROUND_DEG / max(0.05, float(np.cos(np.radians(np.abs(corners[:, 1]).max()))))
    reach = np.array([wide, AROUND_DEG])
    boxes = [shapely.box(*(low - reach + shift), *(high + reach + shift)) for shift in _SHIFTS]
    around: BaseGeometry = shapely.union_all(boxes).intersection(shapely.box(*-LIMIT, *LIMIT))
    return around


def _project(
    where: str, geometry: BaseGeometry, turned: tuple[CRS, Transformer], around: BaseGeometry, notes: list[str]
) -> BaseGeometry:
    """Return an area in the metres of the network, without the heights of its corners, and note its repairs."""
    import shapely

    system, turn = turned
    flat = shapely.force_2d(geometry)
    reason = "" if flat.is_valid else shapely.is_valid_reason(flat).split("[")[0]
    flat = _sound(flat)
    if system.is_geographic:
        if not flat.disjoint(around) and not around.contains(flat):
            # Projections hold near their own meridian only: what covers half the Earth would come out as anything.
            flat = _sound(flat.intersection(around))
            notes.append(f"{where}: reaches further than {AROUND_DEG:g} degrees off the map, and is cut there")
        flat = shapely.segmentize(flat, EDGE_DEG)

    def moved(spots: Real) -> Real:
        return np.column_stack(turn.transform(spots[:, 0], spots[:, 1]))

    area = _sound(shapely.transform(flat, moved))
    if reason and not area.is_empty:
        notes.append(f"{where}: its outline was at fault ({reason}) and was repaired; it covers {area.area:,.0f} m²")
    return area


def _sound(area: BaseGeometry) -> BaseGeometry:
    """Return an area whose outline crosses itself as sound polygons with all that it encloses, if anything."""
    import shapely

    if area.is_valid and area.geom_type in {"Polygon", "MultiPolygon"}:
        return area
    parts = shapely.get_parts(shapely.make_valid(area, method="structure", keep_collapsed=False))
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon"])


def _altitude_notes(rows: Sequence[Row]) -> list[str]:
    """Return a note where zones have altitudes under names that are not read."""
    foreign = sorted({name for row in rows for name in row.properties if name.lower() in FOREIGN})
    if not foreign:
        return []
    names = ", ".join(foreign)
    return [f"no-fly zones: {names} not read, as neither unit nor level is known; only floor_m and ceiling_m are"]
