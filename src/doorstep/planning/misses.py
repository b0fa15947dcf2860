"""Misses: what one more option in the routes of a plan would cost, or which rule comes closest to allowing it."""

from __future__ import annotations

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.clock.layout import (
    BEGUN_AS,
    EXACT,
    LENGTHS,
    NOWHERE,
    PER_AWAY_S,
    PER_DUTY_S,
    PER_METRE,
    PER_OVERTIME_S,
    SITE,
    SITE_OF_HUB,
)  # fmt: skip
from doorstep.planning.clock.timing import time_route


@bare_code
def cheapest_or_miss(g, f, option, rows, begins, trial, out, spare):  # type: ignore[no-untyped-def]
    """Return (least added cost, vehicle, position, trip of its own, rule, needs, has), the rule of the nearest miss.

    `rows` are the rows of a fleet's vehicles one after the other, vehicle k from `begins[k]` to `begins[k + 1]`; every
    position is tried, trips of its own too. The cost is NOWHERE where no position allows the option, and a miss is
    measured relative to what there is. Where only the way costs anything, detours beyond the least cost are not timed.
    """
    fleet = g.fleet[f]
    timed = fleet[EXACT] or fleet[PER_DUTY_S] or fleet[PER_AWAY_S] or fleet[PER_OVERTIME_S]
    best, vehicle, position, own, closest, rule_missed, needs_most, has_least = NOWHERE, -1, -1, 0, 1e300, 0, 0, 0
    for k in range(begins.size - 1):
        first, n = begins[k], begins[k + 1] - begins[k]
        for p in range(n):
            trial[p] = rows[first + p]
        _, _, _, before = time_route(g, f, trial, n, out, spare)
        trips = 0
        for p in range(n + 1):
            if p > 0 and rows[first + p - 1] < 0:
                trips += 1
            for opens in range(2):
                if (opens == 1 and p < n and rows[first + p] >= 0) or (opens == 0 and p == 0):
                    continue
                kind = g.fleet[f, BEGUN_AS] if trips + opens == 1 else f
                after = p + opens
                if not g.allowed[kind, option] or (
                    after < n and rows[first + after] >= 0 and g.still[rows[first + after]]
                ):
                    continue
                if not timed and opens == 0:
                    a = rows[first + p - 1]
                    b = rows[first + p] if p < n else -1
                    if _detour(g, f, a, option, b) * fleet[PER_METRE] >= best:
                        continue
                for q in range(n):
                    trial[q if q < p else q + 1 + opens] = rows[first + q]
                trial[p] = -1
                trial[p + opens] = option
                rule, needs, has, cost = time_route(g, f, trial, n + 1 + opens, out, spare)
                if rule == 0:
                    if cost - before < best:
                        best, vehicle, position, own = cost - before, k, p, opens
                    continue
                miss = (needs - has) / max(abs(has), 1)
                if miss < closest:
                    closest, rule_missed, needs_most, has_least = miss, rule, needs, has
    return best, vehicle, position, own, rule_missed, needs_most, has_least


@inner_code
def _detour(g, f, a, option, b):  # type: ignore[no-untyped-def]
    """Return how much longer the way from one option (or the hub) to another is by way of a third."""
    n, at, hub = g.sites, g.fleet[f, LENGTHS], g.fleet[f, SITE_OF_HUB]
    here = g.column[option, SITE]
    i = g.column[a, SITE] if a >= 0 else hub
    j = g.column[b, SITE] if b >= 0 else hub
    return g.length[at + i * n + here] + g.length[at + here * n + j] - g.length[at + i * n + j]
