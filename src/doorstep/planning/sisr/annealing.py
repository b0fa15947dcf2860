"""Annealing: take strings out, put orders back, keep or undo, step after step without leaving the compiled loop."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code, inner_code
from doorstep.planning.sisr.choices import choose_anew
from doorstep.planning.sisr.dice import pick, share
from doorstep.planning.clock.layout import (
    ABSENT, BEST, BEST_LENGTH, CHANGED, CLOCK, FREE_TRIPS, IN_USE, KIND, LEVEL, LOGGED, NO_CLOCK, NOWHERE, ORDER,
    SERVED, SITE, STEP, TOUCHED,
)  # fmt: skip
from doorstep.planning.sisr.meeting import meet
from doorstep.planning.sisr.places import cheapest, put
from doorstep.planning.sisr.refit import refit_changed
from doorstep.planning.sisr.rows import dissolve, read_rows, write_all
from doorstep.planning.sisr.shortlist import VEHICLE_OF_ITS_OWN
from doorstep.planning.sisr.strings import LURE, OPENING, cut_strings, give_up
from doorstep.planning.sisr.tails import swap_tails

MOST_ABSENT = 10
"""Orders that were absent before the step and are tried in it, at the most."""
TRIP_FULL = 1.5
"""Of the steps that serve orders at any price, every other one tries more: so many times the orders of a trip, all of
them near, since a trip that no single order pays for may pay for many."""
SERVED_SEEDS, NEAR_ABSENT = 0.8, 0.5
"""Where orders are absent: share of the steps around one that is served, and share of the near absent ones tried."""
BLIND = 0.1
"""Share of the steps that put orders back without looking at what a first vehicle, hub or locker costs."""
ONE_FLEET = 0.1
"""Share of the steps that put orders back into vehicles of one fleet, wherever that can serve them."""
WHOLE_VEHICLE = 0.5
"""Share of those steps that first take out all that a vehicle does."""
ANY_PRICE = 0.1
"""Share of the steps that serve an order even where that costs more than it is worth."""


@bare_code
def anneal(g, s, steps, hot, cold, knobs, enough):  # type: ignore[no-untyped-def]
    """Run steps while the temperature falls from one cost to another; return how many were kept.

    They end early once no more than `enough` orders are absent; never where that is -1.
    """
    counter, kept = s.counter, 0
    cooling = (cold / hot) ** (1.0 / max(steps, 1)) if hot > 0 else 1.0
    warmth, kin, several, fleets = hot, False, False, g.fleet.shape[0]
    for f in range(g.kin.shape[0]):
        kin = kin or g.kin[f, 0] >= 0
        several = several or (g.fleet[f, CLOCK] == NO_CLOCK and g.option.size > g.able.size and not g.mixed)
    for _ in range(steps if g.able.size else 0):
        if not g.mixed:
            counter[STEP] += 1
            counter[LOGGED] = counter[CHANGED] = 0
            lure = warmth * knobs[LURE]
            before = counter[LEVEL] + lure * counter[FREE_TRIPS]
            done = swap_tails(g, s, warmth)
            after = counter[LEVEL] + lure * counter[FREE_TRIPS]
            if done < 0 or (done > 0 and after >= before - warmth * np.log(1.0 - share(s.dice))):
                _undo(g, s)
            elif done > 0:
                meet(g, s)
                if counter[LEVEL] < counter[BEST]:
                    save_best(g, s)
        counter[STEP] += 1
        counter[LOGGED] = counter[CHANGED] = 0
        lure = warmth * knobs[LURE]
        before = counter[LEVEL] + lure * counter[FREE_TRIPS]
        absent = counter[ABSENT]
        seed = _seed(g, s)
        any_price = absent > 0 and share(s.dice) < ANY_PRICE
        out = _some_absent(g, s, seed, any_price and share(s.dice) < 0.5) if absent > 0 else 0  # noqa: PLR2004
        only = pick(s.dice, fleets) if fleets > 1 and share(s.dice) < ONE_FLEET else -1
        taken = cut_strings(g, s, seed, knobs, only >= 0 and share(s.dice) < WHOLE_VEHICLE)
        for k in range(out):
            s.out[taken + k] = s.late_out[k]
        out += taken
        _line_up(g, s, out)
        blind = share(s.dice) < BLIND
        part = share(s.dice) if share(s.dice) < knobs[OPENING] else 1.0
        for k in range(out):
            order = s.out[k]
            most = NOWHERE if any_price else g.price[order]
            _, option, how, where, then, kind = cheapest(g, s, order, most, blind, only, part)
            if option < 0 and only >= 0:
                _, option, how, where, then, kind = cheapest(g, s, order, most, blind, -1, part)
            if option >= 0:
                put(g, s, option, how, where, then, kind)
                if how == VEHICLE_OF_ITS_OWN:
                    part = 1.0
        if any_price and not g.mixed:
            give_up(g, s, out)
        if several:
            choose_anew(g, s)
        if kin:
            refit_changed(g, s)
        if counter[LEVEL] + lure * counter[FREE_TRIPS] < before - warmth * np.log(1.0 - share(s.dice)):
            kept += 1
            meet(g, s)
            if counter[LEVEL] < counter[BEST]:
                save_best(g, s)
            if counter[ABSENT] <= enough:
                break
        else:
            _undo(g, s)
        warmth *= cooling
    return kept


@bare_code
def construct(g, s, any_price, only):  # type: ignore[no-untyped-def]
    """Put in absent orders in one of the sequences: where that pays, or at any price, for the search to judge later.

    Vehicles of one fleet only are taken where that is not -1, as far as they can serve.
    """
    n = s.counter[ABSENT]
    s.counter[STEP] += 1
    s.counter[LOGGED] = s.counter[CHANGED] = 0
    for k in range(n):
        s.out[k] = s.absent[k]
    _line_up(g, s, n)
    for k in range(n):
        order = s.out[k]
        most = NOWHERE if any_price else g.price[order]
        _, option, how, where, then, kind = cheapest(g, s, order, most, False, only, 1.0)
        if option < 0 and only >= 0:
            _, option, how, where, then, kind = cheapest(g, s, order, most, False, -1, 1.0)
        if option >= 0:
            put(g, s, option, how, where, then, kind)
    if s.counter[LEVEL] < s.counter[BEST]:
        save_best(g, s)


@bare_code
def save_best(g, s):  # type: ignore[no-untyped-def]
    """Keep the plan as the best one."""
    s.counter[BEST_LENGTH] = write_all(g, s, s.best)
    s.counter[BEST] = s.counter[LEVEL]


@bare_code
def load(g, s, row, length):  # type: ignore[no-untyped-def]
    """Replace the whole plan by rows; return whether they keep all rules."""
    while s.counter[IN_USE] > 0:
        dissolve(g, s, s.in_use[0])
    return read_rows(g, s, row, length, s.was[:0])


@inner_code
def _undo(g, s):  # type: ignore[no-untyped-def]
    counter = s.counter
    for k in range(counter[CHANGED]):
        v = s.changed[k]
        if s.vehicle[v, KIND] >= 0 and s.vehicle[v, TOUCHED] == counter[STEP]:
            dissolve(g, s, v)
    read_rows(g, s, s.log, counter[LOGGED], s.was[: counter[CHANGED]])


@inner_code
def _seed(g, s):  # type: ignore[no-untyped-def]
    """Choose an order at random; where most are absent, as often one that is served."""
    orders = g.able.size
    seed = g.able[pick(s.dice, orders)]
    if s.chosen[seed] < 0 and s.counter[IN_USE] > 0 and share(s.dice) < SERVED_SEEDS:
        for _ in range(orders):
            seed = g.able[pick(s.dice, orders)]
            if s.chosen[seed] >= 0:
                break
    return seed


@inner_code
def _some_absent(g, s, seed, many):  # type: ignore[no-untyped-def]
    """Choose some of the orders that are absent before the step and near its seed: half of a few, or a trip full."""
    n, absent, most, chance = 0, s.counter[ABSENT], MOST_ABSENT, NEAR_ABSENT
    if many:
        trips = max(1, s.free_trips.size - s.counter[FREE_TRIPS])
        most, chance = min(max(most, int(TRIP_FULL * s.counter[SERVED] / trips)), s.late_out.size), 1.0
    if absent <= most:
        for k in range(absent):
            s.late_out[k] = s.absent[k]
        return absent
    c = s.chosen[seed]
    site = g.column[c if c >= 0 else g.option[g.first[seed]], SITE]
    for k in range(g.near.shape[1]):
        other = g.near[site, k]
        if other < 0 or n >= most:
            break
        for q in range(g.site_first[other], g.site_first[other + 1]):
            order = g.column[g.site_option[q], ORDER]
            if s.chosen[order] < 0 and n < most and share(s.dice) < chance:
                n += _listed(s, order, n)
    return n


@inner_code
def _listed(s, order, n):  # type: ignore[no-untyped-def]
    """List an order in `s.late_out` if it is not there yet; return how many were added."""
    for k in range(n):
        if s.late_out[k] == order:
            return 0
    s.late_out[n] = order
    return 1


@inner_code
def _line_up(g, s, n):  # type: ignore[no-untyped-def]
    """Put the orders that are out into the sequence in which they go back: at random, or by one of the keys."""
    out, dice = s.out, s.dice
    for k in range(n - 1, 0, -1):
        j = pick(dice, k + 1)
        out[k], out[j] = out[j], out[k]
    throw, chosen = share(dice), -1
    for k in range(g.key.shape[0]):
        if throw < g.key_share[k]:
            chosen = k
            break
    if chosen < 0:
        return
    for k in range(1, n):
        o = out[k]
        worth, j = g.key[chosen, o], k
        while j > 0 and g.key[chosen, out[j - 1]] > worth:
            out[j] = out[j - 1]
            j -= 1
        out[j] = o
