"""Draws: the energy of a trip where it depends on what is aboard from stop to stop, and putting it back, compiled."""

from __future__ import annotations

import math

from doorstep.network.compiled import inner_code
from doorstep.planning.problem import DELIVER
from doorstep.planning.schedule import ENERGY_USED, LEAVE
from doorstep.planning.sisr.layout import (
    DRAW_LOADS,
    LOAD,
    REFILL,
    REFILL_FREE,
)  # fmt: skip

HAIR_MWH = 1e-6
"""Rounding error that does not make another milliwatt-hour."""
PER_M, PER_S, PER_PLACE, RISE_M, RISE_S, RISE_PLACE = range(6)
"""Columns of a draw: what is used at the load of a row, and how much more at that of the next."""


@inner_code
def brought_g(g, f, row, i, j):  # type: ignore[no-untyped-def]
    """Return what a trip leaves the hub with; 0 where nothing hangs on it."""
    load = 0
    if g.fleet[f, DRAW_LOADS] > 0:
        for p in range(i + 1, j):
            load += g.column[row[p], LOAD] if g.part[row[p]] == DELIVER else 0
    return load


@inner_code
def refill_s(g, f, mwh):  # type: ignore[no-untyped-def]
    """Return how long after the turnaround a trip's energy is still being put back."""
    if g.energy[f, REFILL] <= 0:
        return 0
    return max(0, math.ceil(mwh / g.energy[f, REFILL] - HAIR_MWH) - int(g.energy[f, REFILL_FREE]))


@inner_code
def ready_s(g, f, i, out):  # type: ignore[no-untyped-def]
    """Return when the energy of a trip that opens at a position is put back, were there no turnaround."""
    return out[LEAVE, i] + refill_s(g, f, out[ENERGY_USED, i + 1])


@inner_code
def leg_mwh(g, first, last, per_g, load, metres, seconds, places):  # type: ignore[no-untyped-def]
    """Return what a leg draws with a load by the rows `first` to `last` of a draw, so many of which make a gram."""
    at = load * per_g
    r = min(int(at), last)
    rest = at - r
    r += first
    energy = metres * (g.draw[r, PER_M] + rest * g.draw[r, RISE_M])
    energy += seconds * (g.draw[r, PER_S] + rest * g.draw[r, RISE_S])
    return energy + places * (g.draw[r, PER_PLACE] + rest * g.draw[r, RISE_PLACE])
