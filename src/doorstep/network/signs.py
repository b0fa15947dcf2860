"""Signs: junctions that remember how they were reached, so that forbidden turns and passages are no ways at all.

A junction has a copy for each set of runs of streets that its arrivals may not go on by, and, where streets may be used
only to reach places on them, one for who is still on the way out of such streets and one for who has entered them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

THROUGH, OUT, IN = 0, 1, 2
"""On streets open to all; still on the limited streets where the journey began; on those where it will end."""
STATES = 3


class Signs(NamedTuple):
    """What signs forbid on a street graph."""

    bans: NDArray[np.int64]
    """[bans, longest] runs of arcs, the last of which may not follow the others; shorter ones end in -1.

    Arcs are twice the edge, and one more if run backward.
    """
    limited: NDArray[np.bool_]
    """[edges, 2] not to be passed through, forward and backward."""


class Links(NamedTuple):
    """Junctions and their copies, and the arcs between them."""

    copies: NDArray[np.int64]
    """[copies] junction that each stands for, ascending; they are numbered after all junctions."""
    rests: NDArray[np.bool_]
    """[copies] whether who comes there has come to the junction itself."""
    begin: NDArray[np.int64]
    """[nodes + 1] where the arcs out of each junction or copy begin."""
    arc: NDArray[np.int64]
    """[arcs] ascending for each junction or copy."""
    head: NDArray[np.int64]
    """[arcs] junction or copy to which each leads."""
    leads: NDArray[np.int64]
    """[edges, 2] that to which a place on an edge leads, forward and backward."""


def no_signs(edges: int) -> Signs:
    """Return the signs of a graph that has none."""
    return Signs(np.empty((0, 2), np.int64), np.zeros((edges, 2), bool))


def link_arcs(junctions: int, tail: Whole, head: Whole, allowed: Flags, signs: Signs) -> Links:
    """Return the arcs of edges from `tail` to `head` [edges] where they are allowed [edges, 2], after the signs."""
    arc = np.flatnonzero(allowed.reshape(-1))
    leads = np.column_stack([head, tail])
    start = np.column_stack([tail, head]).reshape(-1)[arc]
    begin = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=junctions))])
    arc = arc[np.argsort(start, kind="stable")]
    end = leads.reshape(-1)[arc]
    if not len(signs.bans) and not signs.limited.any():
        return Links(np.empty(0, np.int64), np.empty(0, bool), begin, arc, end, leads)
    start = np.repeat(np.arange(junctions), np.diff(begin))
    limited = (signs.limited & allowed).reshape(-1)
    bans = signs.bans[(allowed.reshape(-1)[signs.bans] | (signs.bans < 0)).all(axis=1)]
    kind, banned, moves = _kinds(bans, 2 * len(tail))
    open_to_all = np.zeros(junctions, bool)
    for ends in (start, end):
        open_to_all[ends[~limited[arc]]] = True

    # A state is a junction, what may not follow, and THROUGH, OUT or IN; each junction is itself its freest state.
    span = STATES * (1 + max(int(kind.max()), *moves.values(), 0))

    def home(junction: Whole) -> Whole:
        return junction * span + np.where(open_to_all[junction], THROUGH, OUT)

    # Arcs without signs, which are nearly all, lead to junctions themselves.
    signed = np.flatnonzero(limited[arc] | (kind[arc] > 0))
    come = end[signed] * span + kind[arc[signed]] * STATES
    closed = limited[arc[signed]]
    first = come + np.where(closed, OUT, THROUGH)
    onto = np.array(list(moves), np.int64) % len(kind)
    further = leads.reshape(-1)[onto] * span + np.array(list(moves.values()), np.int64) * STATES
    shut = limited[onto]
    states = np.concatenate(
        [first, come[closed] + IN, further + np.where(shut, OUT, THROUGH), further[shut] + IN],
    )
    states = np.unique(states[states != home(states // span)])

    def node_of(state: Whole) -> Whole:
        junction = state // span
        return np.where(state == home(junction), junction, junctions + np.searchsorted(states, state))

    leads[arc[signed] >> 1, arc[signed] & 1] = node_of(first)
    head = end.copy()
    head[signed] = node_of(come + np.where(closed, np.where(open_to_all[start[signed]], IN, OUT), THROUGH))
    copies = states // span
    degree = np.diff(begin)[copies]
    owner = np.repeat(np.arange(len(states)), degree)
    at = np.arange(len(owner)) + np.repeat(begin[copies] - (np.cumsum(degree) - degree), degree)
    where, what = states[owner] % STATES, states[owner] % span // STATES
    good = (where != IN) | limited[arc[at]]
    key = what * len(kind) + arc[at]
    told = np.flatnonzero(what)
    good[told[np.isin(key[told], banned)]] = False
    owner, at, where, key = owner[good], at[good], where[good], key[good]
    then = np.where(limited[arc[at]], np.where(where == OUT, OUT, IN), THROUGH)
    kept = kind[arc[at]]
    if moves:
        further = np.flatnonzero(np.isin(key, list(moves)))
        kept[further] = [moves[told] for told in key[further].tolist()]
    return Links(
        copies,
        (states % STATES != IN) | ~open_to_all[copies],
        np.concatenate([begin, len(arc) + np.searchsorted(owner, np.arange(1, len(states) + 1))]),
        np.concatenate([arc, arc[at]]),
        np.concatenate([head, node_of(end[at] * span + kept * STATES + then)]),
        leads,
    )


def _kinds(bans: Whole, arcs: int) -> tuple[Whole, Whole, dict[int, int]]:
    """Return the kind of every arc, alike where the same runs may not follow, each kind with each arc that may not.

    The latter as the kind times the number of arcs, plus the arc; the kind of arcs without bans is nought. Last come
    the kinds of those who follow forbidden runs over further arcs, by kind and arc before, as above (Aho and Corasick
    1975, doi:10.1145/360825.360855).
    """
    after: dict[int, set[tuple[int, ...]]] = {}
    for first, *run in bans.tolist():
        after.setdefault(first, set()).add(tuple(arc for arc in run if arc >= 0))
    kinds: dict[frozenset[tuple[int, ...]], int] = {}
    waiting: list[frozenset[tuple[int, ...]]] = []

    def kind_of(runs: set[tuple[int, ...]]) -> int:
        # What is forbidden to go on by need not be told again for what lies beyond.
        told = frozenset(run for run in runs if not any(run[:end] in runs for end in range(1, len(run))))
        if told not in kinds:
            kinds[told] = len(kinds) + 1
            waiting.append(told)
        return kinds[told]

    kind = np.zeros(arcs, np.int64)
    for arc, runs in after.items():
        kind[arc] = kind_of(runs)
    banned, moves = [], {}
    while waiting:
        told = waiting.pop()
        for arc in {run[0] for run in told}:
            key = kinds[told] * arcs + arc
            if (arc,) in told:
                banned.append(key)
            else:
                moves[key] = kind_of({run[1:] for run in told if run[0] == arc} | after.get(arc, set()))
    return kind, np.array(banned, np.int64), moves
