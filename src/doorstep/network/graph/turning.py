"""Turning: which street may not follow which over a junction, of those that one medium may use."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Rows = NDArray[np.integer]


class Turn(NamedTuple):
    """A turn restriction that binds a medium."""

    start: frozenset[int]
    """Rows of the ways from which one comes."""
    via: tuple[int, ...]
    """Row of the node; or those of all nodes along streets that lie between, from the first to the last."""
    end: frozenset[int]
    """Rows of the ways into which one turns."""
    only: bool
    """Whether no other turn is allowed; else this one is forbidden."""
    back: bool
    """Whether it is about turning round."""
    over: frozenset[int] = frozenset()
    """Rows of the ways that lie between."""


def forbidden_turns(turns: Sequence[Turn], tail: Rows, head: Rows, way: Rows) -> list[tuple[int, ...]]:
    """Return runs through segments, the last of which may not follow the others.

    Segments lead from `tail` to `head` along their `way` [segments]; in a run they are twice their number, and one more
    where they are run through backward. Where the ways of a restriction do not meet at its nodes, as far as they may be
    used, nothing is forbidden. Who may turn one way only may not turn round either, nor who is on the streets between.
    """
    if not turns or not len(tail):
        return []
    vias = [node for turn in turns for node in turn.via]
    at_via = np.zeros(1 + max(int(tail.max()), int(head.max()), *vias), bool)
    at_via[vias] = True
    near: dict[int, list[tuple[int, int]]] = {}
    for back, ends in enumerate((tail, head)):
        for segment in np.flatnonzero(at_via[ends]).tolist():
            near.setdefault(int(ends[segment]), []).append((2 * segment + back, int(way[segment])))
    found: set[tuple[int, ...]] = set()
    for turn in turns:
        # What leaves a node comes to it when run through the other way.
        coming = [(arc ^ 1, its) for arc, its in near.get(turn.via[0], []) if its in turn.start]
        here = near.get(turn.via[-1], [])
        going = [place for place in here if place[1] in turn.end]
        between = _between(turn, near, (tail, head))
        if between is None:
            continue
        if going:
            # Else who turns round twice on a short street between would have come from elsewhere.
            rounds = [(*between[: end + 1], between[end] ^ 1) for end in range(len(between))]
            found.update((one, *round_) for one, _ in coming for round_ in rounds)
        if turn.only and going:
            going = [place for place in here if place not in going]
            found.update((one, *between, other) for one, _ in coming for other, _ in going)
            continue
        for one, from_way in coming:
            # A way that goes on beyond the node is itself only where the sign is about turning round.
            same = [
                other for other, to_way in going if between or from_way != to_way or (one == other ^ 1) == turn.back
            ]
            found.update((one, *between, other) for other in same)
    return sorted(found)


def _between(turn: Turn, near: dict[int, list[tuple[int, int]]], ends: tuple[Rows, Rows]) -> tuple[int, ...] | None:
    """Return the segments along the nodes of a restriction, as in a run; nothing if one of them is missing."""
    found = []
    for one, other in pairwise(turn.via):
        fits = [arc for arc, its in near.get(one, []) if its in turn.over and ends[~arc & 1][arc >> 1] == other]
        if not fits:
            return None
        found.append(fits[0])
    return tuple(found)


def junctions_of(turns: Sequence[tuple[int, ...]], tail: Rows, head: Rows) -> Whole:
    """Return the nodes where runs turn off their first segment and into their last one."""
    if not turns:
        return np.empty(0, np.int64)
    first, last = np.array([turn[0] for turn in turns], np.int64), np.array([turn[-1] for turn in turns], np.int64)
    ends = np.stack([head, tail])
    return np.concatenate([ends[first & 1, first >> 1], ends[1 - (last & 1), last >> 1]])


def as_arcs(turns: Sequence[tuple[int, ...]], order: Rows, flipped: NDArray[np.bool_], chain_first: Rows) -> Whole:
    """Return [turns, longest] forbidden runs of segments as those of arcs of the chains that they belong to.

    `order` are the segments chain by chain, each chain beginning at `chain_first` [chains + 1], and `flipped` those
    that lie backward in it; an arc is twice the chain, and one more if run through backward. Shorter runs end in -1.
    """
    if not turns:
        return np.empty((0, 2), np.int64)
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    chain = np.repeat(np.arange(len(chain_first) - 1), np.diff(chain_first))
    segments = np.array([arc for turn in turns for arc in turn], np.int64)
    of = np.repeat(np.arange(len(turns)), [len(turn) for turn in turns])
    at = position[segments >> 1]
    back = flipped[at] ^ (segments & 1 == 1)
    arc = 2 * chain[at] + back
    # Several segments of one chain are one arc.
    same = (np.diff(arc) == 0) & (np.diff(of) == 0) & (np.diff(at) == np.where(back[1:], -1, 1))
    begins = np.concatenate([[True], ~same])
    arc, of = arc[begins], of[begins]
    place = np.arange(len(of)) - np.searchsorted(of, of)
    found = np.full((len(turns), int(place.max()) + 1), -1)
    found[of, place] = arc
    return found
