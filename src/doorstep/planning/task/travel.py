"""Travel: times and lengths between every two sites of a scenario, by medium and top speed, kept between problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import InputError
from doorstep.network.network import Medium, Pace, Snaps
from doorstep.network.sky import Sky
from doorstep.network.streets import WORTH_PREPARING, Streets
from doorstep.planning.problem import FAR
from doorstep.planning.task.dayparts import Dayparts, joined, parts_of, weathered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.demand.order import Order, Window
    from doorstep.lockers.locker import Locker
    from doorstep.planning.task.dayparts import Tables
    from doorstep.scenario.scenario import Hub, Scenario, Stem


class Travel:
    """Sites are the hubs, then the lockers, then the orders' own places, in the order of the scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        places: list[Hub | Locker | Order] = [*scenario.hubs.values(), *scenario.lockers.values(), *scenario.orders]
        self.site_xy_m: NDArray[np.float64] = np.array([(p.x_m, p.y_m) for p in places], np.float64).reshape(-1, 2)
        self._snaps: dict[Medium, Snaps] = {}
        self._walks: NDArray[np.float64] | None = None
        self._tables: dict[tuple[Medium, float, Window], Dayparts] = {}

    def snaps(self, medium: Medium) -> Snaps:
        """Return where the sites touch a layer; hubs with a stem touch the ground at their gate."""
        if medium not in self._snaps:
            xy = self.site_xy_m.copy()
            if medium != Medium.AIR:
                for site, stem in self._stems():
                    xy[site] = stem.gate_x_m, stem.gate_y_m
            self._snaps[medium] = self.scenario.network.layers[medium].snap(xy)
        return self._snaps[medium]

    def strays(self, medium: Medium) -> NDArray[np.float64]:
        """Return how far each site lies from the layer [sites], metres."""
        return self.snaps(medium).distance_m

    def table(self, medium: Medium, max_speed_mps: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return [sites, sites] whole seconds and metres; FAR where there is no way, or a site is off the layer.

        Where travel depends on the hour, the seconds are the least of all working hours.
        """
        ways = self.by_hour(medium, max_speed_mps)
        return ways.least_s, ways.distance_m

    def by_hour(self, medium: Medium, max_speed_mps: float, hours: Window | None = None) -> Dayparts:
        """Return the same with the seconds of every period of the hours: of traffic, and in the air of wind.

        The hours are the working hours unless others are given.
        """
        key = medium, max_speed_mps, hours or self.scenario.work.hours
        if key not in self._tables:
            self._tables[key] = self._dayparts(*key)
        return self._tables[key]

    def walks(self) -> NDArray[np.float64]:
        """Return the way on foot from each locker to each order [orders, lockers], metres; infinite where none."""
        if self._walks is None:
            scenario, hubs, banks = self.scenario, len(self.scenario.hubs), len(self.scenario.lockers)
            self._walks = np.zeros((len(scenario.orders), banks))
            if banks and scenario.orders:
                snaps = self.snaps(Medium.FOOT)
                lockers, homes = _rows(snaps, slice(hubs, hubs + banks)), _rows(snaps, slice(hubs + banks, None))
                legs = scenario.network.layers[Medium.FOOT].legs(lockers, homes, Pace(scenario.walk_speed_mps))
                off = np.maximum(homes.distance_m[:, None], lockers.distance_m[None, :]) > scenario.snap_limit_m
                self._walks = np.where(off, np.inf, legs.distance_m.T)
        return self._walks

    def _dayparts(self, medium: Medium, max_speed_mps: float, hours: Window) -> Dayparts:
        scenario, traffic = self.scenario, self.scenario.traffic
        sky = scenario.network.layers[medium] if medium == Medium.AIR else None
        if isinstance(sky, Sky) and sky.wind is not None:
            pace = Pace(max_speed_mps)
            begins = [round(begin_s) for begin_s, _ in sky.wind.within(hours.open_s, hours.close_s)]
            return weathered([(begin, self._flights(sky, pace, begin)) for begin in begins])
        if traffic is None or medium == Medium.AIR:
            duration_s, distance_m = self._whole_table(medium, Pace(max_speed_mps, scenario.traffic_factor))
            return Dayparts((), None, duration_s, distance_m)
        streets = scenario.network.layers[medium]
        if not isinstance(streets, Streets):
            what = f"the {medium} layer has no streets, so traffic by the hour has no meaning there"
            raise InputError.of("traffic", what, "give one factor for all hours", "no-streets")
        column = traffic.columns(streets)
        parts = parts_of(traffic, hours.open_s, hours.close_s)
        rows = {period: tuple(traffic.factor[period].tolist()) for _, period, _ in parts}
        if len(set(rows.values())) * len(self.site_xy_m) * streets.edges.nodes > WORTH_PREPARING:
            streets.hierarchy  # noqa: B018 - made at its first use, and kept
        tables = {row: self._whole_table(medium, Pace(max_speed_mps, row), column) for row in set(rows.values())}
        return joined([(begin, lasts_s, tables[rows[period]]) for begin, period, lasts_s in parts])

    def _whole_table(self, medium: Medium, pace: Pace, column: NDArray[np.int64] | None = None) -> Tables:
        """Return [sites, sites] whole seconds and metres at one pace; `column` as `Streets.legs` takes it."""
        snaps, layer = self.snaps(medium), self.scenario.network.layers[medium]
        if column is not None and isinstance(layer, Streets):
            legs = layer.legs(snaps, snaps, pace, column)
        else:
            legs = layer.legs(snaps, snaps, pace)
        duration_s, distance_m = legs.duration_s.copy(), legs.distance_m.copy()
        if medium != Medium.AIR:
            for site, stem in self._stems():
                slower = self._slower_at(medium, site, pace, column)
                stem_s = max(stem.duration_s * slower, stem.length_m / pace.max_speed_mps)
                for table, added in (duration_s, stem_s), (distance_m, stem.length_m):
                    table[site, :] += added
                    table[:, site] += added
                    table[site, site] = 0
        stray = self.strays(medium) > self.scenario.snap_limit_m
        for table in (duration_s, distance_m):
            table[stray, :] = np.inf
            table[:, stray] = np.inf
        lost = ~(np.isfinite(duration_s) & np.isfinite(distance_m))
        return _whole(duration_s, lost), _whole(distance_m, lost)

    def _flights(self, sky: Sky, pace: Pace, depart_s: float) -> Tables:
        """Return [sites, sites] whole seconds and metres through the air of flights in the wind of one time."""
        snaps = self.snaps(Medium.AIR)
        legs = sky.legs_through_air(snaps, snaps, pace, depart_s)
        lost = ~(np.isfinite(legs.duration_s) & np.isfinite(legs.distance_m))
        lost |= np.maximum.outer(snaps.distance_m, snaps.distance_m) > self.scenario.snap_limit_m
        return _whole(legs.duration_s, lost), _whole(legs.distance_m, lost)

    def _slower_at(self, medium: Medium, site: int, pace: Pace, column: NDArray[np.int64] | None) -> float:
        """Return the traffic factor of the street at a hub's gate, which stands for that of its stem too."""
        if isinstance(pace.traffic_factor, tuple):
            layer, edge = self.scenario.network.layers[medium], int(self.snaps(medium).edge[site])
            here = 0
            if column is not None and isinstance(layer, Streets) and edge >= 0:
                here = int(column[layer.edges.first[edge]])
            return pace.traffic_factor[here]
        return pace.traffic_factor

    def _stems(self) -> list[tuple[int, Stem]]:
        return [(site, hub.stem) for site, hub in enumerate(self.scenario.hubs.values()) if hub.stem]


def _whole(table: NDArray[np.float64], lost: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the table rounded up, so that a sum of legs is never too short."""
    return np.where(lost, FAR, np.minimum(np.ceil(np.where(lost, 0, table) - 1e-6), FAR)).astype(np.int32)


def _rows(snaps: Snaps, rows: slice) -> Snaps:
    return Snaps(snaps.xy_m[rows], snaps.distance_m[rows], snaps.edge[rows], snaps.share[rows])
