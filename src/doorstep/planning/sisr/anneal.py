"""Annealing: take strings out, put orders back, keep or undo, step after step without leaving the compiled loop."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import bare_code
from doorstep.planning.sisr.dice import pick, share
from doorstep.planning.sisr.layout import (
    ABSENT, BEST, BEST_LENGTH, CHANGED, IN_USE, KIND, LEVEL, LOGGED, NOWHERE, STEP, TOUCHED,
)  # fmt: skip
from doorstep.planning.sisr.places import cheapest, put
from doorstep.planning.sisr.route import dissolve, read_rows, write_row
from doorstep.planning.sisr.strings import cut_strings

MOST_ABSENT = 10
"""Orders that were absent before the step and are tried in it, at the most."""
ANY_PRICE = 0.1
"""Share of the steps that serve an order even where that costs more than it is worth."""


@bare_code
def anneal(g, s, steps, hot, cold, knobs):  # type: ignore[no-untyped-def]
    """Run steps while the temperature falls from one cost to another; return how many were kept."""
    count, kept = s.count, 0
    cooling = (cold / hot) ** (1.0 / max(steps, 1)) if hot > 0 else 1.0
    warmth = hot
    for _ in range(steps):
        count[STEP] += 1
        count[LOGGED] = count[CHANGED] = 0
        before = count[LEVEL]
        absent = count[ABSENT]
        out = _some_absent(s, absent, g)
        taken = cut_strings(g, s, knobs)
        for k in range(out):
            s.out[taken + k] = s.late_out[k]
        out += taken
        _line_up(g, s, out)
        any_price = absent > 0 and share(s.dice) < ANY_PRICE
        for k in range(out):
            order = s.out[k]
            _, option, how, where, then = cheapest(g, s, order, NOWHERE if any_price else g.price[order])
            if option >= 0:
                put(g, s, option, how, where, then)
        if count[LEVEL] < before - warmth * np.log(1.0 - share(s.dice)):
            kept += 1
            if count[LEVEL] < count[BEST]:
                save_best(g, s)
        else:
            _undo(g, s)
        warmth *= cooling
    return kept


@bare_code
def construct(g, s):  # type: ignore[no-untyped-def]
    """Put in all absent orders that it pays to serve, in one of the sequences."""
    n = s.count[ABSENT]
    s.count[STEP] += 1
    s.count[LOGGED] = s.count[CHANGED] = 0
    for k in range(n):
        s.out[k] = s.absent[k]
    _line_up(g, s, n)
    for k in range(n):
        order = s.out[k]
        _, option, how, where, then = cheapest(g, s, order, g.price[order])
        if option >= 0:
            put(g, s, option, how, where, then)
    if s.count[LEVEL] < s.count[BEST]:
        save_best(g, s)


@bare_code
def save_best(g, s):  # type: ignore[no-untyped-def]
    """Keep the plan as the best one."""
    at = 0
    for k in range(s.count[IN_USE]):
        at = write_row(g, s, s.in_use[k], s.best, at)
    s.count[BEST], s.count[BEST_LENGTH] = s.count[LEVEL], at


@bare_code
def load(g, s, row, length):  # type: ignore[no-untyped-def]
    """Replace the whole plan by rows; return whether they keep all rules."""
    while s.count[IN_USE] > 0:
        dissolve(g, s, s.in_use[0])
    return read_rows(g, s, row, length)


@bare_code
def _undo(g, s):  # type: ignore[no-untyped-def]
    count = s.count
    for k in range(count[CHANGED]):
        v = s.changed[k]
        if s.vehicle[v, KIND] >= 0 and s.vehicle[v, TOUCHED] == count[STEP]:
            dissolve(g, s, v)
    read_rows(g, s, s.log, count[LOGGED])


@bare_code
def _some_absent(s, absent, g):  # type: ignore[no-untyped-def]
    """Choose some of the orders that are absent before the step; they are listed in `s.late_out`."""
    n = min(absent, MOST_ABSENT)
    start = pick(s.dice, absent) if absent > n else 0
    for k in range(n):
        s.late_out[k] = s.absent[(start + k) % absent]
    return n


@bare_code
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
