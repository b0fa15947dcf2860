"""Clockwork: how long a leg takes that begins at a given second, compiled.

In a period in which a leg takes D seconds it gets on by 1/D of itself each second; whoever is under way when a period
ends goes on at the pace of the next one (Ichoua, Gendreau and Potvin 2003, doi:10.1016/S0377-2217(02)00147-9). So
nobody arrives sooner by leaving later, whole seconds included.
"""

from __future__ import annotations

from math import ceil

from doorstep.network.compiled import bare_code
from doorstep.planning.problem import FAR

_HAIR_S = 1e-9
"""Rounding error that does not make another second."""


@bare_code
def travel_s(period_from, flat, at, periods, sites, a, b, depart_s):  # type: ignore[no-untyped-def]
    """Return the whole seconds of a leg from site `a` to site `b` that begins at `depart_s`; FAR where there is no way.

    `period_from` [all periods] and `flat` [all periods * sites * sites] are those of every fleet, one after the other;
    `at` is where in the two this fleet's `periods` begin.
    """
    first, leg, step = at[0], at[1] + a * sites + b, sites * sites
    low, high = 0, periods - 1
    while low < high:
        middle = (low + high + 1) >> 1
        if period_from[first + middle] <= depart_s:
            low = middle
        else:
            high = middle - 1
    whole = flat[leg + low * step]
    if whole >= FAR:
        return FAR
    # What is left of the leg, in seconds of the period: so where periods are alike nothing is rounded.
    left_s, gone_s = float(whole), 0
    while low + 1 < periods:
        room_s = period_from[first + low + 1] - depart_s - gone_s
        if left_s <= room_s:
            break
        low += 1
        following = flat[leg + low * step]
        left_s = (left_s - room_s) * (following / whole)
        gone_s += room_s
        whole = following
    return gone_s + ceil(left_s - _HAIR_S)
