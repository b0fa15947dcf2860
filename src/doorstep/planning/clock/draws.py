"""Draws: the energy of a trip where it depends on what is aboard from stop to stop, and putting it back, compiled."""

from __future__ import annotations

import math

from doorstep.network.compiled import inner_code
from doorstep.planning.problem import DELIVER
from doorstep.planning.clock.schedule import ARRIVE, ENERGY_USED, LEAVE
from doorstep.planning.clock.layout import (
    BEGUN_S,
    DRAW_LOADS,
    FULL,
    LACKS,
    LOAD,
    MOST,
    REFILL,
    SPARES,
    SWAP,
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
def refill_wait_s(g, f, load, due, used, battery):  # type: ignore[no-untyped-def]
    """Return how much later a trip must be loaded for its energy to be there (see `charges.loaded`).

    `battery` is (lacks, full, earlier full), and the vehicle could charge since `due`.
    """
    lacks, full, earlier = battery
    rate, most = g.energy[f, REFILL], g.energy[f, MOST]
    if g.energy[f, SPARES] == 0:
        over = max(0.0, lacks - rate * (load - due)) + used - most
        return math.ceil(over / rate) if over > HAIR_MWH else 0
    if lacks + used <= most + HAIR_MWH:
        return 0
    wanted = full if g.energy[f, SPARES] < 2 else earlier  # noqa: PLR2004 - with two one has waited longer
    return math.ceil(wanted - load) if wanted > load else 0


@inner_code
def refilled(g, f, load, due, used, battery):  # type: ignore[no-untyped-def]
    """Return the battery after a trip."""
    lacks, full, earlier = battery
    rate = g.energy[f, REFILL]
    if g.energy[f, SPARES] == 0:
        return max(0.0, lacks - rate * (load - due)) + used, full, earlier
    if lacks + used <= g.energy[f, MOST] + HAIR_MWH:
        return lacks + used, full, earlier
    return 0.0 + used, load + lacks / rate, full


@inner_code
def as_begun(g, f):  # type: ignore[no-untyped-def]
    """Return the battery of a vehicle at its first loading."""
    return g.energy[f, LACKS], g.energy[f, FULL], g.energy[f, FULL + 1]


@inner_code
def first_refilled(g, f, load, used):  # type: ignore[no-untyped-def]
    """Return the battery after the first trip of a route."""
    load = g.energy[f, BEGUN_S] if g.energy[f, BEGUN_S] >= 0 else float(load)
    return refilled(g, f, load, load, used, as_begun(g, f))


@inner_code
def lasts(g, f, row, n, out):  # type: ignore[no-untyped-def]
    """Tell whether batteries last for a timed route."""
    battery, due = as_begun(g, f), -1
    for i in range(n):
        if row[i] < 0:
            load, used = out[ARRIVE, i], out[ENERGY_USED, i + 1]
            if due < 0:
                battery = first_refilled(g, f, load, used)
            else:
                if refill_wait_s(g, f, load, due, used, battery) > 0:
                    return False
                battery = refilled(g, f, load, due, used, battery)
            due = out[LEAVE, i] + g.fleet[f, SWAP]
    return True


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
