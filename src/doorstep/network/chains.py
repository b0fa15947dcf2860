"""Chains: the segments of a street graph joined into edges between its junctions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code

if TYPE_CHECKING:
    from numpy.typing import NDArray


@machine_code
def link_chains(  # noqa: C901, PLR0912 - a loop for the compiler
    nodes: int,
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    forward: NDArray[np.int8],
    backward: NDArray[np.int8],
    kept: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Join segments end to end wherever a node has just two of them that are open in the same directions to the same.

    `forward` and `backward` [segments] tell how they are open, in any numbers; nodes that are `kept` stay junctions.
    Returns the segments [m] in the order of the chains, whether each is run through from its head to its tail [m], and
    where each chain begins in that order [chains + 1]. Rings without a junction begin at one of their nodes.
    """
    m = tail.size
    begin = np.zeros(nodes + 1, np.int64)
    for s in range(m):
        begin[tail[s] + 1] += 1
        begin[head[s] + 1] += 1
    for n in range(nodes):
        begin[n + 1] += begin[n]
    fill = begin[:-1].copy()
    touching = np.empty(2 * m, np.int64)
    for s in range(m):
        touching[fill[tail[s]]] = s
        fill[tail[s]] += 1
        touching[fill[head[s]]] = s
        fill[head[s]] += 1

    through = np.zeros(nodes, np.bool_)
    for n in range(nodes):
        if begin[n + 1] - begin[n] == 2 and not kept[n]:  # noqa: PLR2004 - nothing turns off
            one, two = touching[begin[n]], touching[begin[n] + 1]
            if one != two:
                into = forward[one] if head[one] == n else backward[one]
                back = backward[one] if head[one] == n else forward[one]
                onward = forward[two] if tail[two] == n else backward[two]
                against = backward[two] if tail[two] == n else forward[two]
                through[n] = into == onward and back == against

    order = np.empty(m, np.int64)
    flipped = np.zeros(m, np.bool_)
    first = np.empty(m + 1, np.int64)
    done = np.zeros(m, np.bool_)
    placed = 0
    chains = 0
    for lap in range(2):
        for start in range(m):
            if done[start]:
                continue
            # The first lap starts at junctions only; what is left for the second are rings without one.
            if lap == 0 and through[tail[start]] and through[head[start]]:
                continue
            s = start
            flip = lap == 0 and through[tail[start]]
            first[chains] = placed
            chains += 1
            while True:
                done[s] = True
                order[placed] = s
                flipped[placed] = flip
                placed += 1
                n = tail[s] if flip else head[s]
                if not through[n]:
                    break
                s = touching[begin[n] + 1] if touching[begin[n]] == s else touching[begin[n]]
                if done[s]:
                    break
                flip = head[s] == n
    first[chains] = placed
    return order, flipped, first[: chains + 1]
