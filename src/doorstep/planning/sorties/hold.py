"""Hold: what vans carry as compiled loops take it, and room to time a van's day with its sorties.

A route is a row of whole numbers: -1 opens a trip, every other number is `kind * options + option`, in the order in
which the crew does things. So a row of the other planners is one without sorties. `EARLY` launches and recoveries
happen when the van has come to the stop of the next handover, before that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.addresses import by_address
from doorstep.planning.task.things import operators_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]

SERVE, LAUNCH, RECOVER, EARLY_LAUNCH, EARLY_RECOVER = range(5)
"""Kinds of tasks."""
COUNT, LAUNCH_S, RECOVER_S, SWAP_S, SPARES_ABOARD, CARRIED_G, CARRIED_ML, SAME_STOP, WATCHED = range(9)
"""Columns of what a fleet carries; the last is the attention that one asks of operators, 0 where they are unlimited."""
BEGIN, TAKEOFF, ARRIVES, STARTS, LEAVES, BACK, LANDED, END, LENGTH, USED, BY, NEED, FROM, STAGE = range(14)
"""Columns of a sortie: its times, metres, milliwatt-hours, which vehicle, how long it is charged (or whether its
battery is changed) before it starts, where it starts; and whether it is aboard (0), out (1) or done (2)."""
IDLE, LATE, ABOARD_G, FREE, MOST_TAKEN, ATTENTION = range(6)
"""Numbers: of the trip timed last, how much of its waiting can be moved to the hub, lateness, grams at departure; and
of the search, whether what is carried costs nothing by the day for now, how many a van may take along, and how much
attention operators have for all that leave their vans."""
MOST_CARRIED = 8


@by_address
class Hold(NamedTuple):
    """What fleets carry, and room for the times of one route."""

    carried: Whole
    """[fleets] the fleet that each carries, -1 for none."""
    carries: Whole
    """[fleets, 9]"""
    charge: Real
    """[fleets] milliwatt-hours a second put into what is aboard; 0 where batteries are changed."""
    out: Whole
    """[6, room] the schedule, as of other planners; columns are the numbers of the row."""
    spare: Whole
    """[8, room] to work in."""
    sortie: Whole
    """[options, 14]"""
    drawn: Real
    """[options] milliwatt-hours of a sortie until it has handed over."""
    lack: Real
    """[2, vehicles] drawn and not put back: now, and at the beginning of the trip."""
    since: Whole
    """[2, vehicles] when each was taken in: likewise."""
    away: Whole
    """[2, vehicles] whether each is out, and whether it was out on this day."""
    number: Whole
    """[6]"""


def hold_for(problem: Problem, room: int, attention: int = 0) -> Hold:
    """Return the hold of a problem's vans, for rows of so many numbers and so much attention of its operators."""
    fleets = len(problem.fleets)
    carried, carries, charge = np.full(fleets, -1, np.int64), np.zeros((fleets, 9), np.int64), np.zeros(fleets)
    watching = operators_of(problem)
    for f, fleet in enumerate(problem.fleets):
        one = fleet.carries
        if one is not None:
            carried[f], charge[f] = one.fleet, one.charge_mwh_per_s
            times = one.launch_s, one.recover_s, one.swap_s
            asked = watching.takes[one.fleet] if watching else 0
            sizes = one.spares, one.mass_g, one.volume_ml
            carries[f] = min(one.count, MOST_CARRIED), *times, *sizes, one.same_stop, asked
    return Hold(
        carried=carried,
        carries=carries,
        charge=charge,
        out=np.zeros((6, room), np.int64),
        spare=np.zeros((8, room), np.int64),
        sortie=np.zeros((len(problem.option_order), 14), np.int64),
        drawn=np.zeros(len(problem.option_order)),
        lack=np.zeros((2, MOST_CARRIED)),
        since=np.zeros((2, MOST_CARRIED), np.int64),
        away=np.zeros((2, MOST_CARRIED), np.int64),
        number=np.array([0, 0, 0, 0, MOST_CARRIED, attention], np.int64),
    )
