"""Travel: times and lengths between every two sites of a scenario, by medium and top speed, kept between problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.network import Medium, Pace, Snaps
from doorstep.planning.problem import FAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.demand.order import Order
    from doorstep.lockers.locker import Locker
    from doorstep.scenario.scenario import Hub, Scenario, Stem


class Travel:
    """Sites are the hubs, then the lockers, then the orders' own places, in the order of the scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        places: list[Hub | Locker | Order] = [*scenario.hubs.values(), *scenario.lockers.values(), *scenario.orders]
        self.site_xy_m: NDArray[np.float64] = np.array([(p.x_m, p.y_m) for p in places], np.float64).reshape(-1, 2)
        self._snaps: dict[Medium, Snaps] = {}
        self._walks: NDArray[np.float64] | None = None
        self._tables: dict[tuple[Medium, float], tuple[NDArray[np.int32], NDArray[np.int32]]] = {}

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
        """Return [sites, sites] whole seconds and metres; FAR where there is no way, or a site is off the layer."""
        key = medium, max_speed_mps
        if key not in self._tables:
            self._tables[key] = self._table(medium, max_speed_mps)
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

    def _table(self, medium: Medium, max_speed_mps: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        scenario, snaps = self.scenario, self.snaps(medium)
        legs = scenario.network.layers[medium].legs(snaps, snaps, Pace(max_speed_mps, scenario.traffic_factor))
        duration_s, distance_m = legs.duration_s.copy(), legs.distance_m.copy()
        if medium != Medium.AIR:
            for site, stem in self._stems():
                stem_s = max(stem.duration_s * scenario.traffic_factor, stem.length_m / max_speed_mps)
                for table, added in (duration_s, stem_s), (distance_m, stem.length_m):
                    table[site, :] += added
                    table[:, site] += added
                    table[site, site] = 0
        stray = self.strays(medium) > scenario.snap_limit_m
        for table in (duration_s, distance_m):
            table[stray, :] = np.inf
            table[:, stray] = np.inf
        lost = ~(np.isfinite(duration_s) & np.isfinite(distance_m))
        return _whole(duration_s, lost), _whole(distance_m, lost)

    def _stems(self) -> list[tuple[int, Stem]]:
        return [(site, hub.stem) for site, hub in enumerate(self.scenario.hubs.values()) if hub.stem]


def _whole(table: NDArray[np.float64], lost: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the table rounded up, so that a sum of legs is never too short."""
    return np.where(lost, FAR, np.minimum(np.ceil(np.where(lost, 0, table) - 1e-6), FAR)).astype(np.int32)


def _rows(snaps: Snaps, rows: slice) -> Snaps:
    return Snaps(snaps.xy_m[rows], snaps.distance_m[rows], snaps.edge[rows], snaps.share[rows])
