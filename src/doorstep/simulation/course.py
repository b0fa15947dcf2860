"""Course: what happened on some days, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Real = NDArray[np.float64]


class Course(NamedTuple):
    """What happened on some days."""

    handed_s: Real
    """[days, orders] when the customer could have it; NaN where it was not handed over."""
    fate: NDArray[np.int8]
    """[days, orders] what became of it: WAIT where its own vehicle brought it, else COURIER, TOMORROW, LOCKER where it
    went to one as nobody was there, or NEIGHBOUR."""
    cause: NDArray[np.int8]
    """[days, orders] what befell it, in the order of CAUSES; -1 nothing."""
    clock_s: Real
    """[days, trips, 3] loading, departure and return; NaN where a trip did not go. Sorties are trips too, after those
    of vehicles."""
    aside_m: Real
    """[days, trips] metres more than planned, to lockers."""
    times_s: Real
    """[days, stops, 3] when vehicles arrived, began and were done at stops; no days where nobody asked."""
