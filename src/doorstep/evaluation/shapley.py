"""Shapley: a fair split of what several parties pay together."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    Coalition = frozenset[str]


def coalitions(members: Sequence[str]) -> Iterator[Coalition]:
    """Yield every set of some members, the small ones first."""
    for size in range(1, len(members) + 1):
        for chosen in combinations(members, size):
            yield frozenset(chosen)


def fair_split(members: Sequence[str], cost: Mapping[Coalition, Decimal]) -> dict[str, Fraction]:
    """Return what each of n members pays, given the cost of every coalition: what it adds to those that came before.

    That is the mean over all sequences in which they may come together, exact (Shapley 1953,
    doi:10.1515/9781400881970-018). The parts add up to the cost of all.
    """
    n = len(members)
    parts = dict.fromkeys(members, Fraction(0))
    for member in members:
        others = [other for other in members if other != member]
        for before in (frozenset[str](), *coalitions(others)):
            weight = Fraction(factorial(len(before)) * factorial(n - len(before) - 1), factorial(n))
            added = Fraction(cost[before | {member}]) - (Fraction(cost[before]) if before else 0)
            parts[member] += weight * added
    return parts


def tempted(
    members: Sequence[str], cost: Mapping[Coalition, Decimal], parts: Mapping[str, Fraction]
) -> list[Coalition]:
    """Return the coalitions that would pay less by themselves than they do together: none where the split is stable."""
    return [some for some in coalitions(members) if sum(parts[name] for name in some) > Fraction(cost[some])]
