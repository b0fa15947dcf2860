"""New trip: the trip that earns most, out of orders in a given sequence, by dynamic programming.

Of each order one label is kept: the best trip so far that ends there, and when and how full it is. With narrow windows
little is lost by that; what else a plan must keep to is for whoever puts the trip into it to judge.
"""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code
from doorstep.planning.clock.layout import (
    CAPACITY, CLOSE, CLOSES, DURATIONS, LENGTHS, LOAD, LOADING, NOWHERE, OPEN, OPENS,
    PER_METRE, PER_STOP, SITE, SITE_OF_HUB,
)  # fmt: skip


NONE = -2
"""Where no trip can end."""
LABELS = 5
"""Numbers of a label: what the trip earns, when it leaves, mass, volume and parcels aboard."""


@bare_code
def best_trip(g, f, options, worth, before, label):  # type: ignore[no-untyped-def]
    """Return at which of some options the best trip of a fleet ends, -1 if none can be driven.

    `worth` is what serving each brings in; `before` is to tell after which each comes, -1 if it is the first one, NONE
    where no trip ends; `label` is room for [options, LABELS] numbers.
    """
    fleet, n, column = g.fleet, g.sites, g.column
    lengths, durations, hub = fleet[f, LENGTHS], fleet[f, DURATIONS], fleet[f, SITE_OF_HUB]
    per_metre, per_stop, closes = fleet[f, PER_METRE], fleet[f, PER_STOP], fleet[f, CLOSES]
    most, end = np.int64(-NOWHERE), -1
    for k in range(options.size):
        c = options[k]
        site, opens, close = column[c, SITE], column[c, OPEN], column[c, CLOSE]
        work, back = g.service[f, c], g.duration[durations + site * n + hub]
        a, b, d = column[c, LOAD], column[c, LOAD + 1], column[c, LOAD + 2]
        best, whence, left = np.int64(-NOWHERE), NONE, np.int64(0)
        start = max(opens, fleet[f, OPENS] + fleet[f, LOADING] + g.duration[durations + hub * n + site] + g.setup[f, c])
        if (
            start <= close
            and start + work + back <= closes
            and a <= fleet[f, CAPACITY]
            and b <= fleet[f, CAPACITY + 1]
            and d <= fleet[f, CAPACITY + 2]
        ):
            best = worth[k] - g.length[lengths + hub * n + site] * per_metre - per_stop
            whence, left = -1, start + work
        for j in range(k):
            if before[j] == NONE:
                continue
            other = column[options[j], SITE]
            earned = label[j, 0] + worth[k] - g.length[lengths + other * n + site] * per_metre
            if other != site:
                earned -= per_stop
            if earned <= best:
                continue
            start = label[j, 1] + g.duration[durations + other * n + site]
            if other != site:
                start += g.setup[f, c]
            start = max(start, opens)
            if (
                start <= close
                and start + work + back <= closes
                and label[j, 2] + a <= fleet[f, CAPACITY]
                and label[j, 3] + b <= fleet[f, CAPACITY + 1]
                and label[j, 4] + d <= fleet[f, CAPACITY + 2]
            ):
                best, whence, left = earned, j, start + work
        before[k] = whence
        if whence == NONE:
            continue
        label[k, 0], label[k, 1], label[k, 2], label[k, 3], label[k, 4] = best, left, a, b, d
        if whence >= 0:
            for m in range(2, 5):
                label[k, m] += label[whence, m]
        best -= g.length[lengths + site * n + hub] * per_metre
        if best > most:
            most, end = best, k
    return end
