"""Draws: the energy of a trip where it depends on what is aboard from stop to stop, and putting it back, compiled."""

from __future__ import annotations

import math

from doorstep.network.compiled import inner_code
from doorstep.planning.problem import DELIVER
from doorstep.planning.schedule import ARRIVE, ENERGY_USED, LEAVE, PAUSE, PAUSE_BACK, START
from doorstep.planning.sisr.aboard import rise
from doorstep.planning.sisr.layout import (
    BREAK,
    DRAW,
    DRAW_LOADS,
    DRAW_STEP,
    LENGTHS,
    LOAD,
    REFILL,
    REFILL_FREE,
    SITE,
    SITE_OF_HUB,
)  # fmt: skip

HAIR_MWH = 1e-6
"""Rounding error that does not make another milliwatt-hour."""
PER_M, PER_S, PER_STOP_AT = range(3)
"""Columns of a draw."""


@inner_code
def trip_mwh(g, f, row, i, j, out):  # type: ignore[no-untyped-def]
    """Return what a trip uses by its schedule (see `trips`), whole milliwatt-hours."""
    load, energy, at = 0, 0.0, g.fleet[f, LENGTHS]
    for p in range(i + 1, j):
        load += g.column[row[p], LOAD] if g.part[row[p]] == DELIVER else 0
    site, clock = g.fleet[f, SITE_OF_HUB], out[START, i]
    for p in range(i + 1, j):
        here = g.column[row[p], SITE]
        if here != site:
            energy += _leg(
                g, f, load, g.length[at + site * g.sites + here], _moving(g, f, clock, out[PAUSE, p], out[ARRIVE, p])
            )
            energy += _drawn(g, f, load, PER_STOP_AT)
        load += rise(g, row[p], 0)
        site, clock = here, out[LEAVE, p]
    hub = g.fleet[f, SITE_OF_HUB]
    if site != hub:
        energy += _leg(
            g, f, load, g.length[at + site * g.sites + hub], _moving(g, f, clock, out[PAUSE_BACK, i], out[LEAVE, i])
        )
    return math.ceil(energy - HAIR_MWH)


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
def _moving(g, f, left, paused, came):  # type: ignore[no-untyped-def]
    """Return the seconds on the way between two times, without a break that began with them."""
    rest = g.fleet[f, BREAK] if paused == left else 0
    return max(came - left - rest, 0)


@inner_code
def _leg(g, f, load, metres, seconds):  # type: ignore[no-untyped-def]
    return metres * _drawn(g, f, load, PER_M) + seconds * _drawn(g, f, load, PER_S)


@inner_code
def _drawn(g, f, load, column):  # type: ignore[no-untyped-def]
    """Return one column of a fleet's draw at a load, by a straight line between its rows."""
    first, last, step = g.fleet[f, DRAW], g.fleet[f, DRAW_LOADS] - 1, g.fleet[f, DRAW_STEP]
    k = load // step
    if k >= last:
        return g.draw[first + last, column]
    part = (load - k * step) / step
    low, high = g.draw[first + k, column], g.draw[first + k + 1, column]
    return low + (high - low) * part
