"""Signs: junctions that remember how they were reached, so that forbidden turns and passages are no ways at all.

A junction has a copy for each set of runs of streets that its arrivals may not go on by, and, where streets may be used
only to reach places on them, one for who is still on the way out of such streets and one for who has entered them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Rows = NDArray[np.int32]
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
    begin: NDArray[np.int32]
    """[nodes + 1] where the arcs out of each junction or copy begin."""
    arc: NDArray[np.int32]
    """[arcs] ascending for each junction or copy."""
    head: NDArray[np.int32]
    """[arcs] junction or copy to which each leads."""
    signed: NDArray[np.int64]
    """[signed] ascending arcs that lead to a copy; all others lead to where their edge ends."""
    leads: NDArray[np.int64]
    """[signed] copy to which a place on each leads."""


def link_arcs(junctions: int, tail: Rows, head: Rows, allowed: Flags, signs: Signs) -> Links:
    """Return the arcs of edges from `tail` to `head` [edges] where they are allowed [edges, 2], after the signs."""
    begin, arc, end = _spread(junctions, tail, head, allowed)
    none = np.empty(0, np.int64)
    if not len(signs.bans) and not signs.limited.any():
        return Links(none, none.astype(bool), begin, arc, end, none, none)
    start = np.repeat(np.arange(junctions, dtype=np.int32), np.diff(begin))
    limited = (signs.limited & allowed if len(signs.limited) else np.zeros_like(allowed)).reshape(-1)
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
    come = end[signed].astype(np.int64) * span + kind[arc[signed]] * STATES
    closed = limited[arc[signed]]
    first = come + np.where(closed, OUT, THROUGH)
    onto = np.array(list(moves), np.int64) % len(kind)
    beyond = np.where(onto & 1, tail[onto >> 1], head[onto >> 1]).astype(np.int64)
    further = beyond * span + np.array(list(moves.values()), np.int64) * STATES
    shut = limited[onto]
    states = np.concatenate(
        [first, come[closed] + IN, further + np.where(shut, OUT, THROUGH), further[shut] + IN],
    )
    states = np.unique(states[states != home(states // span)])

    def node_of(state: Whole) -> Whole:
        junction = state // span
        return np.where(state == home(junction), junction, junctions + np.searchsorted(states, state))

    leads, order = node_of(first), np.argsort(arc[signed])
    onward = end.copy()
    onward[signed] = node_of(come + np.where(closed, np.where(open_to_all[start[signed]], IN, OUT), THROUGH))
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
        _joined(begin, len(arc) + np.searchsorted(owner, np.arange(1, len(states) + 1))),
        _joined(arc, arc[at]),
        _joined(onward, node_of(end[at].astype(np.int64) * span + kept * STATES + then)),
        arc[signed][order].astype(np.int64),
        leads[order],
    )


@machine_code
def _spread(junctions: int, tail: Rows, head: Rows, allowed: Flags) -> tuple[Rows, Rows, Rows]:
    """Return where the arcs out of each junction begin, the arcs that are allowed, and the junctions they lead to."""
    begin = np.zeros(junctions + 1, np.int32)
    for edge in range(tail.size):
        begin[tail[edge] + 1] += allowed[edge, 0]
        begin[head[edge] + 1] += allowed[edge, 1]
    for node in range(junctions):
        begin[node + 1] += begin[node]
    fill, arc, end = begin[:-1].copy(), np.empty(begin[-1], np.int32), np.empty(begin[-1], np.int32)
    for edge in range(tail.size):
        for back in range(2):
            if allowed[edge, back]:
                node, onward = (head[edge], tail[edge]) if back else (tail[edge], head[edge])
                arc[fill[node]], end[fill[node]] = 2 * edge + back, onward
                fill[node] += 1
    return begin, arc, end


def _joined(rows: Rows, more: Whole) -> Rows:
    """Return rows with more of them behind, as small as they were."""
    return np.concatenate([rows, more.astype(rows.dtype)])


def _kinds(bans: Whole, arcs: int) -> tuple[Rows, Whole, dict[int, int]]:
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

    kind = np.zeros(arcs, np.int32)
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
