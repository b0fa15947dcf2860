"""Nodes: a problem's delivery options as the nodes of a routing model, and the matrices between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.problem import DELIVER, FAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet, Problem

COST_UNIT = 1000
"""Units of the problem's money in one unit of the model's, to keep sums far from 2⁶³."""


class Nodes:
    """Index arithmetic and matrices of the nodes: hubs first, then options to go on to, then fresh ones."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.hubs = len(problem.hubs)
        used = np.zeros(len(problem.option_kind), bool)
        fresh = np.zeros(len(problem.option_kind), bool)
        for fleet in problem.fleets:
            used |= fleet.allowed
            if fleet.count and fleet.max_trips > 1 and trips_matter(problem, fleet):
                fresh |= fleet.allowed
        on, anew = np.flatnonzero(used), np.flatnonzero(fresh)
        self.option = np.concatenate([np.full(self.hubs, -1), on, anew]).astype(np.int64)
        self.fresh = np.concatenate([np.zeros(self.hubs + on.size, bool), np.ones(anew.size, bool)])
        self.site = np.concatenate([np.arange(self.hubs), problem.option_site[on], problem.option_site[anew]])
        self.size = int(self.option.size)

    def of_options(self, column: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a column of the options as a column of the nodes, 0 at hubs."""
        whole: NDArray[np.int64] = np.where(self.option >= 0, column[self.option], 0).astype(np.int64)
        return whole

    def arcs(self, fleet: Fleet, table: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return a table of sites as a matrix of nodes, by way of the hub into fresh nodes."""
        direct = table[np.ix_(self.site, self.site)].astype(np.int64)
        detour = table[self.site, fleet.hub].astype(np.int64)[:, None] + table[fleet.hub, self.site][None, :]
        arcs: NDArray[np.int64] = np.minimum(np.where(self.fresh[None, :], detour, direct), 3 * FAR)
        return arcs

    def moved(self) -> NDArray[np.bool_]:
        """Return [nodes, nodes] true where an arc leads to another place."""
        moved: NDArray[np.bool_] = self.fresh[None, :] | (self.site[:, None] != self.site[None, :])
        return moved

    def times(self, fleet: Fleet) -> NDArray[np.int64]:
        """Return seconds from the beginning of one handover to the beginning of the next."""
        setup = np.where(self.moved(), self.of_options(fleet.setup_s)[None, :], 0)
        at_hub = np.where(self.option < 0, fleet.load_s, self.of_options(fleet.service_s))[:, None]
        again = np.where(self.fresh, fleet.turnaround_s + fleet.load_s, 0)[None, :]
        return self.arcs(fleet, fleet.duration_s) + setup + at_hub + np.where((self.option < 0)[:, None], 0, again)

    def costs(self, fleet: Fleet) -> NDArray[np.int64]:
        """Return the money of each arc."""
        stop = (self.option >= 0)[None, :] & self.moved()
        hubward = (self.option < 0)[:, None]
        away_s = self.times(fleet) - np.where(hubward, fleet.load_s, 0)
        away_s -= np.where(self.fresh[None, :] & ~hubward, fleet.turnaround_s + fleet.load_s, 0)
        trip = np.where(self.fresh[None, :] & ~hubward, fleet.trip_cost, 0)
        cost = self.arcs(fleet, fleet.distance_m) * fleet.metre_cost + away_s * fleet.away_cost
        return (cost + stop * fleet.stop_cost + trip + self._locker_share()[None, :]) // COST_UNIT

    def energy(self, fleet: Fleet) -> NDArray[np.int64]:
        """Return what each arc adds to `used so far, over and above going straight to this stop`."""
        per_m = fleet.energy_mwh_per_m or 1.0
        out = fleet.distance_m[fleet.hub, self.site] * per_m
        back = fleet.distance_m[self.site, fleet.hub] * per_m
        direct = fleet.distance_m[np.ix_(self.site, self.site)] * per_m
        stop = np.where(self.moved(), fleet.energy_mwh_per_stop, 0) * (self.option >= 0)[None, :]
        first = np.where(self.option >= 0, fleet.energy_mwh_per_stop, 0)
        on = out[:, None] + first[:, None] + direct + stop - out[None, :] - first[None, :]
        home = (out + back + first)[:, None] + np.zeros(self.size)[None, :]
        closes = self.fresh[None, :] | (self.option < 0)[None, :]
        used = np.where(closes, home, on)
        used[self.option < 0, :] = 0
        whole: NDArray[np.int64] = np.maximum(np.ceil(used), 0).astype(np.int64)
        return whole

    def _locker_share(self) -> NDArray[np.int64]:
        """Return what each node's parcel bears of the daily cost of its locker."""
        problem, share = self.problem, np.zeros(self.size, np.int64)
        locker = np.where(self.option >= 0, problem.option_locker[self.option], -1)
        for bank in range(len(problem.lockers)):
            wanted = np.unique(problem.option_order[problem.option_locker == bank]).size
            parcels = max(1, min(wanted, int(problem.locker_room[bank, 0])))
            share[locker == bank] = problem.locker_cost[bank] // parcels
        return share


def trips_matter(problem: Problem, fleet: Fleet) -> bool:
    """Tell whether a vehicle of the fleet may have to come back for more."""
    orders = np.unique(problem.option_order[fleet.allowed & (problem.option_part == DELIVER)])
    if not orders.size or fleet.max_trips == 1:
        return False
    late = bool(np.any(problem.ready_s[orders] > fleet.open_s + fleet.load_s))
    ample = fleet.count * 0.6
    tight = (
        problem.mass_g[orders].sum() > ample * fleet.mass_g
        or problem.volume_ml[orders].sum() > ample * fleet.volume_ml
        or orders.size > ample * fleet.max_parcels
    )
    return late or bool(tight)
