"""Sorting: ways sorted out by what they are, and by which of their nodes are in the file, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code
from doorstep.network.osm.pbfbits import NOWHERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Bytes = NDArray[np.uint8]
    Flags = NDArray[np.bool_]
    Rows = NDArray[np.int32]

_PRIME = 16_777_619
"""By which Fowler, Noll and Vo multiply (RFC 9923); sums stay below 2**32."""


@machine_code
def find_kinds(use: Bytes, first: Whole, tags: Rows) -> tuple[Rows, Whole]:
    """Return of which kind each of n ways is, ways of the same use and tags being alike, and the first of each kind.

    The [tags, 2] of each way begin at `first` [n + 1].
    """
    n = use.size
    slots = 8
    while slots < 2 * n:
        slots *= 2
    table, kind, example = np.full(slots, -1, np.int32), np.empty(n, np.int32), np.empty(n, np.int64)
    kinds = 0
    for way in range(n):
        size, mark = first[way + 1] - first[way], np.int64(use[way])
        for at in range(first[way], first[way + 1]):
            mark = ((mark ^ tags[at, 0]) * _PRIME ^ tags[at, 1]) * _PRIME & 0xFFFFFFFF
        slot = (mark ^ (mark >> 15)) & (slots - 1)
        while table[slot] >= 0:
            other = example[table[slot]]
            same = use[other] == use[way] and first[other + 1] - first[other] == size
            at = 0
            while same and at < size:
                one, two = first[way] + at, first[other] + at
                same = tags[one, 0] == tags[two, 0] and tags[one, 1] == tags[two, 1]
                at += 1
            if same:
                break
            slot = (slot + 1) & (slots - 1)
        if table[slot] < 0:
            table[slot] = kinds
            example[kinds] = way
            kinds += 1
        kind[way] = table[slot]
    return kind, example[:kinds].copy()


@machine_code
def pick_ways(ids: Whole, use: Bytes, member: Flags, size: Whole, refs: Whole) -> tuple[int, int]:
    """Move ways together, where they lie, that have a use or that relations need; return how many, and their nodes.

    The `size` [ways] nodes of each lie one way behind the other in `refs`.
    """
    n = at = end = 0
    for way in range(ids.size):
        begin, at = at, at + size[way]
        if use[way] or member[way]:
            ids[n], use[n], member[n], size[n] = ids[way], use[way], member[way], size[way]
            n += 1
            for k in range(begin, at):
                refs[end] = refs[k]
                end += 1
    return n, end


@machine_code
def without_repeats(rising: Whole) -> Whole:
    """Return rising numbers without those that are there already."""
    n = 0
    for at in range(rising.size):
        if at == 0 or rising[at] != rising[at - 1]:
            n += 1
    only = np.empty(n, np.int64)
    n = 0
    for at in range(rising.size):
        if at == 0 or rising[at] != rising[at - 1]:
            only[n] = rising[at]
            n += 1
    return only


@machine_code
def cut_streets(  # noqa: C901, PLR0912 - a loop for the compiler
    size: Whole, chosen: Flags, row: Rows, place: Rows
) -> tuple[Whole, Whole, Rows, Flags, int, int, int]:
    """Return chosen ways as runs of nodes that are somewhere: whole ways first, then what is left of others.

    Ways have `size` [ways] nodes, whose rows among `place` [nodes, 2] lie one way behind the other. Of runs there are
    the chosen way that each is of [runs], where each begins [runs + 1] and their nodes, as rows of those that are used.
    Last come which are [nodes], how many ways lack nodes, how many these are, and how many ways are a single node.
    """
    torn = np.zeros(size.size, np.bool_)
    at = room = total = holes = lost = stubs = 0
    for way in range(size.size):
        if chosen[way]:
            gaps = 0
            for k in range(at, at + size[way]):
                gaps += place[row[k], 0] == NOWHERE
            torn[way] = gaps > 0
            holes += gaps > 0
            lost += gaps
            stubs += gaps == 0 and size[way] < 2  # noqa: PLR2004 - a line has two ends
            room += (size[way] - gaps) // 2 if gaps else 1
            total += size[way] - gaps
        at += size[way]
    of, first, node = np.empty(room, np.int64), np.zeros(room + 1, np.int64), np.empty(total, np.int32)
    used, runs, end = np.zeros(len(place), np.bool_), 0, 0
    for lap in range(2):
        at = street = 0
        for way in range(size.size):
            if chosen[way]:
                if torn[way] == (lap == 1):
                    for k in range(at, at + size[way] + 1):
                        if k < at + size[way] and place[row[k], 0] != NOWHERE:
                            node[end] = row[k]
                            end += 1
                        elif end - first[runs] > 1:
                            of[runs] = street
                            runs += 1
                            first[runs] = end
                        else:
                            end = first[runs]
                street += 1
            at += size[way]
    for k in range(end):
        used[node[k]] = True
    number, n = np.empty(len(place), np.int32), 0
    for k in range(used.size):
        number[k] = n
        n += used[k]
    for k in range(end):
        node[k] = number[node[k]]
    return of[:runs].copy(), first[: runs + 1].copy(), node[:end], used, holes, lost, stubs
