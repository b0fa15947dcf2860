"""Turning: which street may not follow which over a junction, of those that one medium may use."""

from __future__ import annotations

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
    via: int
    """Row of the node."""
    end: frozenset[int]
    """Rows of the ways into which one turns."""
    only: bool
    """Whether no other turn is allowed; else this one is forbidden."""
    back: bool
    """Whether it is about turning round."""


def forbidden_turns(turns: Sequence[Turn], tail: Rows, head: Rows, way: Rows) -> Whole:
    """Return [turns, 3] a segment, the node where it ends, and a segment that may not follow it there.

    Segments lead from `tail` to `head` along their `way` [segments]. Where the ways of a restriction do not meet at its
    node, as far as they may be used, nothing is forbidden. Who may turn one way only may not turn round either.
    """
    if not turns or not len(tail):
        return np.empty((0, 3), np.int64)
    at_via = np.zeros(1 + max(int(tail.max()), int(head.max()), *(turn.via for turn in turns)), bool)
    at_via[[turn.via for turn in turns]] = True
    near: dict[int, list[tuple[int, int]]] = {}
    for ends in (tail, head):
        for segment in np.flatnonzero(at_via[ends]).tolist():
            near.setdefault(int(ends[segment]), []).append((segment, int(way[segment])))
    found: set[tuple[int, int, int]] = set()
    for turn in turns:
        here = near.get(turn.via, [])
        coming = [place for place in here if place[1] in turn.start]
        going = [place for place in here if place[1] in turn.end]
        if turn.only and going:
            going = [place for place in here if place not in going]
            found.update((one, turn.via, other) for one, _ in coming for other, _ in going)
            continue
        for one, from_way in coming:
            # A way that goes on beyond the node is itself only where the sign is about turning round.
            same = [other for other, to_way in going if from_way != to_way or (one == other) == turn.back]
            found.update((one, turn.via, other) for other in same)
    return np.array(sorted(found), np.int64).reshape(-1, 3)


def as_arcs(turns: Whole, order: Rows, chain_first: Rows, ends: tuple[Whole, Whole]) -> Whole:
    """Return [turns, 2] forbidden turns of segments as arcs of the chains that they belong to.

    `order` are the segments chain by chain, each chain beginning at `chain_first` [chains + 1], and `ends` the nodes at
    which chains begin and end; an arc is twice the chain, and one more if it is run through backward.
    """
    if not len(turns):
        return np.empty((0, 2), np.int64)
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    chain = np.repeat(np.arange(len(chain_first) - 1), np.diff(chain_first))
    arcs = []
    for segment, into in ((turns[:, 0], True), (turns[:, 2], False)):
        at = position[segment]
        which = chain[at]
        edge, node = (chain_first[which + 1] - 1, ends[1]) if into else (chain_first[which], ends[0])
        arcs.append(2 * which + ~((at == edge) & (node[which] == turns[:, 1])))
    return np.column_stack(arcs)
