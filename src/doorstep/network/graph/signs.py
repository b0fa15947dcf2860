"""Signs: junctions that remember how they were reached, so that forbidden turns and passages are no ways at all.

A junction has a copy for each set of runs of streets that its arrivals may not go on by, and, where streets may be used
only to reach places on them, one for who is still on the way out of such streets and one for who has entered them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.compiled import machine_code, nested_code

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
    begin, (arc, end) = _spread(junctions, tail, head, allowed)
    none = np.empty(0, np.int64)
    if not len(signs.bans) and not signs.limited.any():
        return Links(none, none.astype(bool), begin, arc, end, none, none)
    limited = (signs.limited & allowed).reshape(-1)
    kind, moves = np.zeros(allowed.size, np.int32), np.empty((0, 2), np.int64)
    if len(signs.bans):
        bans = signs.bans[(allowed.reshape(-1)[signs.bans] | (signs.bans < 0)).all(axis=1)]
        kind, moves = _kinds(bans, allowed.size)
    graph = (begin, arc, end), (tail, head), limited, kind, moves
    span = STATES * (1 + max(int(kind.max()), int(moves[:, 1].max(initial=0))))
    home, states = _find_states(*graph, span)
    return Links(*_copy_junctions(*graph, span, home, np.unique(states)))


@machine_code
def _find_states(
    arcs: tuple[Rows, Rows, Rows], ends: tuple[Rows, Rows], limited: Flags, kind: Rows, moves: Whole, span: int
) -> tuple[Whole, Whole]:
    """Return the state that each junction is itself, its freest one, and all others to which arcs with signs lead.

    A state is a junction, what may not follow, and THROUGH, OUT or IN; there are `span` of them for each junction.
    Arcs are given as `_spread` returns them, some [2 edges] `limited`, some of a `kind`, with moves of `_kinds`.
    """
    begin, arc, end = arcs
    home = np.arange(begin.size - 1) * span + OUT
    signed = 0
    for junction in range(home.size):
        for a in range(begin[junction], begin[junction + 1]):
            signed += limited[arc[a]] or kind[arc[a]] > 0
            if not limited[arc[a]]:
                home[junction] = junction * span + THROUGH
                home[end[a]] = end[a] * span + THROUGH
    states, n = np.empty(2 * (signed + len(moves)), np.int64), 0
    for k in range(arc.size + len(moves)):
        if k < arc.size:
            one, what = np.int64(arc[k]), np.int64(kind[arc[k]])
        else:
            one, what = moves[k - arc.size, 0] % kind.size, moves[k - arc.size, 1]
        # Arcs without signs, which are nearly all, lead to junctions themselves.
        if what > 0 or (what == 0 and limited[one]):
            to = ends[1 - (one & 1)][one >> 1]
            come = to * span + what * STATES
            states[n] = come + (OUT if limited[one] else THROUGH)
            n += states[n] != home[to]
            if limited[one]:
                states[n] = come + IN
                n += 1
    return home, states[:n]


@machine_code
def _copy_junctions(  # noqa: C901 - a loop for the compiler
    arcs: tuple[Rows, Rows, Rows],
    ends: tuple[Rows, Rows],
    limited: Flags,
    kind: Rows,
    moves: Whole,
    span: int,
    home: Whole,
    states: Whole,
) -> tuple[Whole, Flags, Rows, Rows, Rows, Whole, Whole]:
    """Return Links of arcs, given as in `_find_states`, to junctions and to rising states, each of which is a copy."""
    begin, arc, end = arcs
    junctions, size, signed = begin.size - 1, arc.size, 0
    for state in states:
        size += begin[state // span + 1] - begin[state // span]
    begins, its_arc = np.empty(junctions + states.size + 1, np.int32), np.empty(size, np.int32)
    onward = np.empty(size, np.int32)
    begins[0] = 0
    for junction in range(junctions):
        begins[junction + 1] = begin[junction + 1]
        inward = IN if home[junction] % span == THROUGH else OUT
        for a in range(begin[junction], begin[junction + 1]):
            its_arc[a], onward[a] = arc[a], end[a]
            if limited[arc[a]] or kind[arc[a]] > 0:
                come = end[a] * span + kind[arc[a]] * STATES
                onward[a] = _node_of(come + (inward if limited[arc[a]] else THROUGH), span, home, states)
                signed += 1
    copies, rests, size = np.empty(states.size, np.int64), np.empty(states.size, np.bool_), arc.size
    for copy in range(states.size):
        junction, what, where = states[copy] // span, states[copy] % span // STATES, states[copy] % STATES
        copies[copy], rests[copy] = junction, where != IN or home[junction] % span == OUT
        for a in range(begin[junction], begin[junction + 1]):
            further = kind[arc[a]]
            if what > 0:
                move = _rank(moves[:, 0], what * kind.size + arc[a])
                if move < len(moves) and moves[move, 0] == what * kind.size + arc[a]:
                    further = moves[move, 1]
            if further >= 0 and (where != IN or limited[arc[a]]):
                then = (OUT if where == OUT else IN) if limited[arc[a]] else THROUGH
                its_arc[size] = arc[a]
                onward[size] = _node_of(end[a] * span + further * STATES + then, span, home, states)
                size += 1
        begins[junctions + copy + 1] = size
    signs, leads, n = np.empty(signed, np.int64), np.empty(signed, np.int64), 0
    open_ = np.zeros(kind.size, np.bool_)
    for a in range(arc.size):
        open_[arc[a]] = True
    for one in range(kind.size):
        if open_[one] and (limited[one] or kind[one] > 0):
            come = ends[1 - (one & 1)][one >> 1] * span + kind[one] * STATES
            signs[n], leads[n] = one, _node_of(come + (OUT if limited[one] else THROUGH), span, home, states)
            n += 1
    return copies, rests, begins, its_arc[:size].copy(), onward[:size].copy(), signs, leads


@nested_code
def _node_of(state: int, span: int, home: Whole, states: Whole) -> int:
    """Return the junction or copy that a state is."""
    junction = state // span
    return junction if state == home[junction] else home.size + _rank(states, state)


@nested_code
def _rank(rising: Whole, value: int) -> int:
    """Return how many of rising numbers are less than a value."""
    low, high = 0, rising.size
    while low < high:
        middle = (low + high) >> 1
        if rising[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@machine_code
def _spread(junctions: int, tail: Rows, head: Rows, allowed: Flags) -> tuple[Rows, Rows]:
    """Return where the arcs out of each junction begin, and [2, arcs] those that are allowed and where they lead."""
    begin = np.zeros(junctions + 1, np.int32)
    for edge in range(tail.size):
        begin[tail[edge] + 1] += allowed[edge, 0]
        begin[head[edge] + 1] += allowed[edge, 1]
    for node in range(junctions):
        begin[node + 1] += begin[node]
    fill, arcs = begin[:-1].copy(), np.empty((2, begin[-1]), np.int32)
    for edge in range(tail.size):
        for back in range(2):
            if allowed[edge, back]:
                node, onward = (head[edge], tail[edge]) if back else (tail[edge], head[edge])
                arcs[0, fill[node]], arcs[1, fill[node]] = 2 * edge + back, onward
                fill[node] += 1
    return begin, arcs


def _kinds(bans: Whole, arcs: int) -> tuple[Rows, Whole]:
    """Return the kind of every arc, alike where the same runs may not follow; that of arcs without bans is nought.

    Then come, by rising kind times the number of arcs, plus the next arc, the moves [moves, 2]: that key, and the kind
    of who has followed a forbidden run so far, or -1 where he may not go (Aho and Corasick 1975,
    doi:10.1145/360825.360855). All other moves lead to the kind of the arc.
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
    moves: dict[int, int] = {}
    while waiting:
        told = waiting.pop()
        for arc in {run[0] for run in told}:
            key = kinds[told] * arcs + arc
            further = {run[1:] for run in told if run[0] == arc} | after.get(arc, set())
            moves[key] = -1 if (arc,) in told else kind_of(further)
    return kind, np.array(sorted(moves.items()), np.int64).reshape(-1, 2)
