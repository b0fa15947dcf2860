"""Sky: the air as a layer, crossed in straight lines or, round no-fly zones, on the fastest taut way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.network.air.flight import Flight
from doorstep.network.network import Legs, Snaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from doorstep.network.air.flight import Terrain
    from doorstep.network.air.maze import Maze
    from doorstep.network.air.nofly import Zone
    from doorstep.network.air.piece import Air
    from doorstep.network.air.wind import Wind
    from doorstep.network.network import Pace

    Real = NDArray[np.float64]

HAIR_M = 1e-6
"""Outlines of zones are rounded by less, as far from the origin as any map is."""


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """The air over a place, for one flight profile; with nothing given, open air where the shortest way is straight.

    A flight is the fastest way from place to place that enters no zone that holds at its altitude, nor its margin;
    traffic on the ground holds none up. In wind the nose is turned into it, and the wind of the hour of departure
    holds for the whole flight. On a grid of winds the way is the fastest of the taut ones, those that would be
    shortest in some still air; in still or even wind no way is faster. Climbs and descents are added to the way that
    is fastest across.
    """

    zones: tuple[Zone, ...] = ()
    margin_m: float = 0.0
    """Kept from every zone on all sides, metres."""
    flight: Flight = field(default_factory=Flight)
    wind: Wind | None = None
    terrain: Terrain | None = None
    notes: tuple[str, ...] = field(init=False, default=())
    """Conventions that these inputs brought into play."""
    _maze: Maze | None = field(init=False, repr=False, default=None)
    """What is closed at cruise altitude; None where nothing is."""
    _pads: BaseGeometry | None = field(init=False, repr=False, default=None)
    """Where nobody can rise through; None where one can everywhere."""

    def __post_init__(self) -> None:
        """Lay out the zones that bind; raises InputError if the margin is no length."""
        if not 0 <= self.margin_m < np.inf:
            fix = "give metres, 0 or more"
            raise InputError.of("no-fly margin", f"a margin of {self.margin_m} m", fix, "no-fly-margin")
        object.__setattr__(self, "zones", tuple(self.zones))
        notes: list[str] = []
        if self.zones:
            from doorstep.network.air.maze import build_maze
            from doorstep.network.air.nofly import close_off

            lowest, highest = self._band_m()
            around = [zone for zone in self.zones if zone.binds(lowest, highest)]
            if around:
                solid, simpler = close_off(around, self.margin_m)
                notes += simpler
                object.__setattr__(self, "_maze", build_maze(solid))
            if len(rising := self._rising()):
                object.__setattr__(self, "_pads", close_off(rising, self.margin_m)[0])
            if len(around) < len(self.zones):
                notes.append(
                    f"no-fly zones that do not hold between {lowest:g} m and {highest:g} m above ground, where flights "
                    f"cruise: {len(self.zones) - len(around)} of {len(self.zones)}",
                )
        if self.terrain is not None:
            if self.flight.cruise_m is None:
                fix = "give a cruise altitude above ground"
                raise InputError.of("flight", "there is terrain but no altitude to keep above it", fix, "no-altitude")
            notes.append("each flight keeps its altitude above the highest ground on its way")
        object.__setattr__(self, "notes", tuple(notes))

    def snap(self, xy_m: NDArray[np.float64]) -> Snaps:
        """Return the [n, 2] places themselves; infinitely far from the air where a no-fly zone closes it above them."""
        xy_m = np.asarray(xy_m, float).reshape(-1, 2)
        n = len(xy_m)
        return Snaps(xy_m.copy(), np.where(self._open(xy_m), 0.0, np.inf), np.full(n, -1), np.zeros(n))

    def legs(self, origins: Snaps, destinations: Snaps, pace: Pace, depart_s: float = 0.0) -> Legs:
        """Return the fastest flights at top speed through the air, with climb and descent, leaving at depart_s.

        Lengths are over ground across, and through the air up and down.
        """
        return self._flights(origins, destinations, pace, depart_s)[0]

    def legs_through_air(self, origins: Snaps, destinations: Snaps, pace: Pace, depart_s: float = 0.0) -> Legs:
        """Return the same flights with their lengths through the air, which is what battery and range hang on.

        In still air these are the lengths over ground; a flight against the wind is longer, one with it shorter.
        """
        legs, vertical_s, vertical_m = self._flights(origins, destinations, pace, depart_s)
        if self.wind is None:
            return legs
        return Legs(legs.duration_s, (legs.duration_s - vertical_s) * pace.max_speed_mps + vertical_m)

    def _flights(
        self, origins: Snaps, destinations: Snaps, pace: Pace, depart_s: float
    ) -> tuple[Legs, Real | float, Real | float]:
        """Return flights, and the time and the length of their vertical parts."""
        starts, ends = _somewhere(origins.xy_m), _somewhere(destinations.xy_m)
        east, north = (starts[:, None, :] - ends[None, :, :]).transpose(2, 0, 1)
        straight_m = np.hypot(east, north)
        usable_ends = (self._open(origins.xy_m), self._open(destinations.xy_m))
        if self._maze is None and self.wind is None and self.terrain is None:
            usable = np.logical_and.outer(*usable_ends)
            distance_m = np.where(usable, straight_m, np.inf)
            duration_s, top_m = distance_m / pace.max_speed_mps, np.zeros((1, 1))
        else:
            from doorstep.network.air.skyways import fly

            maze, air = self._air(pace, depart_s)
            duration_s, distance_m, top_m = fly(maze, air, starts - maze.origin_m, ends - maze.origin_m, usable_ends)
        if self.flight.cruise_m is None:
            return Legs(duration_s, distance_m), 0.0, 0.0
        cruise_m, moves = self.flight.cruise_m, (straight_m > 0) & np.isfinite(duration_s)
        ground = [self.terrain.ground_m(xy) if self.terrain else np.zeros(len(xy)) for xy in (starts, ends)]
        up_m = np.where(moves, top_m + cruise_m - ground[0][:, None], 0.0)
        down_m = np.where(moves, top_m + cruise_m - ground[1][None, :], 0.0)
        vertical_s = up_m / self.flight.climb_mps + down_m / self.flight.descent_mps
        vertical_m = up_m + down_m
        return Legs(duration_s + vertical_s, distance_m + vertical_m), vertical_s, vertical_m

    def paths(self, origins: Snaps, destinations: Snaps, pace: Pace, depart_s: float = 0.0) -> Sequence[Real]:
        """Return the way [p, 2] of each flight over ground; empty where there is none."""
        starts, ends = _somewhere(origins.xy_m), _somewhere(destinations.xy_m)
        usable = self._open(origins.xy_m) & self._open(destinations.xy_m)
        if self._maze is None and self.wind is None:
            pairs = zip(starts, ends, usable, strict=True)
            return [np.stack([start, end]) if fine else np.empty((0, 2)) for start, end, fine in pairs]
        from doorstep.network.air.skyways import follow

        maze, air = self._air(pace, depart_s)
        lines = follow(maze, air, starts - maze.origin_m, ends - maze.origin_m, usable)
        return [line + maze.origin_m for line in lines]

    def zones_at(self, xy_m: NDArray[np.float64]) -> list[tuple[str, ...]]:
        """Return for each of [n, 2] places the names of the zones, margin included, that nobody can rise out of."""
        from doorstep.network.air.nofly import names_at

        return names_at(self._rising(), self.margin_m, xy_m)

    def refusals(self, xy_m: NDArray[np.float64]) -> list[tuple[int, str, str]]:
        """Return index, what is wrong and its mend, for each of the [n, 2] places that no flight can start from."""
        told = []
        margin = f" or within {self.margin_m:g} m of it" if self.margin_m else ""
        closed = ~self._open(np.asarray(xy_m, float).reshape(-1, 2))
        for k, names in enumerate(self.zones_at(xy_m)):
            if names:
                zones = ", ".join(repr(name) for name in names)
                what = f"lies in the no-fly zone {zones}{margin}"
            elif closed[k]:
                what = "lies close to a no-fly zone, inside its simpler outline"
            else:
                continue
            told.append((k, what, "move the place, serve it from the ground, or correct the zone"))
        return told

    def _band_m(self) -> tuple[float, float]:
        """Return the lowest and the highest altitude above ground of cruising flights."""
        if self.flight.cruise_m is None:
            return -np.inf, np.inf
        relief_m = self.terrain.relief_m() if self.terrain else 0.0
        return self.flight.cruise_m, self.flight.cruise_m + relief_m

    def _rising(self) -> list[Zone]:
        """Return the zones that a flight straight up to cruise altitude meets."""
        return [zone for zone in self.zones if zone.binds(0.0, self._band_m()[1])]

    def _open(self, xy_m: Real) -> NDArray[np.bool_]:
        """Return whether a flight can start from each of [n, 2] places."""
        somewhere = np.isfinite(xy_m).all(axis=1)
        if self._pads is None:
            return np.asarray(somewhere)
        import shapely

        shapely.prepare(self._pads)
        free = somewhere & ~np.asarray(shapely.intersects_xy(self._pads, xy_m[:, 0], xy_m[:, 1]), np.bool_)
        # Where zones overlap the outline of all is rounded: a place on that of one of them may lie outside by a hair.
        near = np.flatnonzero(free)
        near = near[shapely.dwithin(self._pads, shapely.points(xy_m[near]), HAIR_M)]
        for zone in self._rising() if len(near) else ():
            free[near] &= ~np.asarray(shapely.intersects_xy(zone.area, *xy_m[near].T), np.bool_)
        return free

    def _air(self, pace: Pace, depart_s: float) -> tuple[Maze, Air]:
        """Return walls and air at an hour, both from the origin of the maze."""
        from shapely import Polygon

        from doorstep.network.air.maze import build_maze
        from doorstep.network.air.piece import Air

        maze = self._maze if self._maze is not None else build_maze(Polygon())
        uv_mps, wind_grid = np.empty((0, 0, 2)), np.ones(4)
        height_m, height_grid = np.empty((0, 0)), np.ones(4)
        if self.wind is not None:
            uv_mps = self.wind.at(depart_s)
            wind_grid = np.concatenate([self.wind.corner_m - maze.origin_m, self.wind.step_m])
        if self.terrain is not None:
            height_m = self.terrain.height_m
            height_grid = np.concatenate([self.terrain.corner_m - maze.origin_m, self.terrain.step_m])
        return maze, Air(float(pace.max_speed_mps), uv_mps, wind_grid, height_m, height_grid)


def _somewhere(xy_m: Real) -> Real:
    """Return places [n, 2] with those that have no finite coordinates put to where others are; none can be used."""
    known = np.asarray(np.isfinite(xy_m).all(axis=1))
    if known.all():
        return xy_m
    return np.where(known[:, None], xy_m, xy_m[known][0] if known.any() else 0.0)
