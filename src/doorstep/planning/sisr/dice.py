"""Dice: a small random generator inside compiled loops (xorshift64*, Vigna 2016, doi:10.1145/2845077)."""

from __future__ import annotations

import numpy as np

from doorstep.network.compiled import inner_code

_A, _B, _C, _D = np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(11)
_FACTOR = np.uint64(2685821657736338717)
_SHARE = 1.0 / (1 << 53)


@inner_code
def share(dice):  # type: ignore[no-untyped-def]
    """Return a number from 0 up to 1, 1 excluded."""
    x = dice[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    dice[0] = x
    return np.float64((x * _FACTOR) >> _D) * _SHARE


@inner_code
def pick(dice, n):  # type: ignore[no-untyped-def]
    """Return a whole number from 0 up to n, n excluded."""
    return int(share(dice) * n)


@inner_code
def until_hit(dice, chance):  # type: ignore[no-untyped-def]
    """Return after how many throws something of this chance comes up first, 1 at the least."""
    return 1 + int(np.log(1.0 - share(dice)) / np.log(1.0 - chance))
