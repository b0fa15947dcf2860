"""Tests of a fair split of what several parties pay together."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from doorstep.evaluation.shapley import coalitions, fair_split, tempted

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("a", "b", "c", "d")


def costs(amounts: list[int]) -> dict[frozenset[str], Decimal]:
    """Return a game of as many members as there are amounts for their coalitions."""
    members = NAMES[: len(amounts).bit_length()]
    return {some: Decimal(amount) / 100 for some, amount in zip(coalitions(members), amounts, strict=True)}


def members_of(cost: Mapping[frozenset[str], Decimal]) -> tuple[str, ...]:
    """Return the members of a game."""
    return tuple(sorted(max(cost, key=len)))


games = (
    st.integers(1, 4)
    .flatmap(lambda n: st.lists(st.integers(0, 10**6), min_size=2**n - 1, max_size=2**n - 1))
    .map(costs)
)


@given(games)
def test_parts_are_the_mean_over_all_sequences_and_add_up(cost: dict[frozenset[str], Decimal]) -> None:
    """Each part is the mean of what a member adds over all sequences of coming, and the parts are the whole cost."""
    members = members_of(cost)
    parts = fair_split(members, cost)
    assert sum(parts.values()) == cost[frozenset(members)]
    sequences = list(permutations(members))
    for member in members:
        added = Decimal(0)
        for sequence in sequences:
            before = frozenset(sequence[: sequence.index(member)])
            added += cost[before | {member}] - (cost[before] if before else 0)
        assert abs(float(parts[member]) - float(added) / len(sequences)) < 1e-9


def test_the_airport_game() -> None:
    """Who needs a runway of 1, 2 or 4 pays 1/3, 5/6 and 17/6 of one for 4 (Littlechild and Owen 1973)."""
    need = {"a": 1, "b": 2, "c": 4}
    cost = {some: Decimal(max(need[name] for name in some)) for some in coalitions(list(need))}
    assert [part.as_integer_ratio() for part in fair_split(list(need), cost).values()] == [(1, 3), (5, 6), (17, 6)]
    assert tempted(list(need), cost, fair_split(list(need), cost)) == []


def test_who_would_leave_is_told() -> None:
    """Where two of three save all that there is to save, they are asked for more than they would pay alone."""
    cost = {some: Decimal(6 if len(some) == 1 else 6 if some == {"a", "b"} else 12) for some in coalitions("abc")}
    cost[frozenset("abc")] = Decimal(14)
    parts = fair_split("abc", cost)
    assert frozenset("ab") in tempted("abc", cost, parts)


@given(games)
def test_who_adds_nothing_pays_nothing(cost: dict[frozenset[str], Decimal]) -> None:
    """A member whom every coalition has for nothing pays nothing."""
    members = members_of(cost)
    wider = {some: cost[some] for some in cost}
    wider |= {some | {"z"}: amount for some, amount in cost.items()} | {frozenset("z"): Decimal(0)}
    assert fair_split((*members, "z"), wider)["z"] == 0
