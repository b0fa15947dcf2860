"""Aside: the locker to which a vehicle takes a parcel that it could not hand over, on its way to the next stop.

It is the one that is the shortest walk for the customer, of those that the configuration has, that take the parcel and
that the vehicle serves. Ways are those of the quickest hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.problem import DELIVER, FAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem

    Whole = NDArray[np.int64]

BANK, OPTION, WAY, SERVICE, ONWARD, METRES, OPENS, CLOSES, GIVEN = range(9)
"""Columns: the locker, -1 for none; its delivery option; seconds from the stop until it could be put in, and until it
is; seconds and metres more to where the vehicle goes next; between which times it may be put in; and whether something
is given at the stop, not fetched."""


def asides(problem: Problem, trip_first: Whole, trip_fleet: Whole, site: Whole, option: Whole) -> Whole:
    """Return the lockers [stops, columns] of stops at sites at which options are handed over, -1 where none is."""
    found = np.zeros((len(option), GIVEN + 1), np.int64)
    found[:, [BANK, OPTION]] = -1
    trip = np.searchsorted(trip_first, np.arange(len(option)), side="right") - 1
    mine = (option >= 0) & (problem.option_part[option] == DELIVER)
    found[mine, GIVEN] = 1
    banked = np.flatnonzero(problem.option_locker >= 0)
    if not len(banked):
        return found
    by_walk = banked[np.argsort(problem.option_walk_m[banked], kind="stable")]
    for k in np.flatnonzero(mine & (problem.option_locker[option] < 0)).tolist():
        fleet = problem.fleets[trip_fleet[trip[k]]]
        others = by_walk[problem.option_order[by_walk] == problem.option_order[option[k]]]
        others = others[fleet.allowed[others] | fleet.last_resort[others]]
        here, then = int(site[k]), fleet.hub if k + 1 == trip_first[trip[k] + 1] else int(site[k + 1])
        for other in others.tolist():
            bank = int(problem.option_site[other])
            metres = fleet.distance_m[[here, bank, here], [bank, then, then]].astype(np.int64)
            seconds = fleet.duration_s[[here, bank, here], [bank, then, then]].astype(np.int64)
            metres[2], seconds[2] = (metres[2], seconds[2]) if here != then else (0, 0)
            if max(*metres.tolist(), *seconds.tolist()) >= FAR:
                continue
            found[k] = (
                *(problem.option_locker[other], other, seconds[0] + fleet.setup_s[other], fleet.service_s[other]),
                *(max(0, seconds[1] - seconds[2]), max(0, metres[0] + metres[1] - metres[2])),
                *(problem.option_open_s[other], problem.option_close_s[other], 1),
            )
            break
    return found
