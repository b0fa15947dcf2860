"""Pbfscan: the compiled loops over the bytes of a PBF; numbers cut off by the end of a block read its padding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.compiled import machine_code, nested_code
from doorstep.network.osm.pbfbits import (
    ADDRESS,
    AMENITY,
    BARRIER,
    BUILDING,
    DOOR_TAG,
    FERRY,
    GRADE,
    LOCKER,
    NODE_TAG,
    NOWHERE,
    PLAIN,
    STREET,
    STREET_TAG,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Bits = NDArray[np.uint16]
    Longs = NDArray[np.int64]
    FoundWays = tuple[bool, Longs, Bytes, NDArray[np.bool_], int, Longs, NDArray[np.int32], Longs, Longs]
    FoundRelations = tuple[bool, Longs, NDArray[np.int32], Longs]
    FoundNodes = tuple[bool, bool, Longs, NDArray[np.int32], int, Longs, NDArray[np.int32]]

_WAY_USES = STREET | BUILDING | ADDRESS | AMENITY | FERRY
_PLACES = ADDRESS | AMENITY
_NODE_USES = ADDRESS | AMENITY | BARRIER
_WIDEST, _HIGHEST = 1_800_000_000, 900_000_000


@nested_code
def _number(data: Bytes, pos: int) -> tuple[int, int]:
    """Return a number and the position behind it."""
    value = int(data[pos]) & 127
    shift = 7
    while data[pos] > 127 and shift < 70:  # noqa: PLR2004 - bits
        pos += 1
        if shift < 64:  # noqa: PLR2004 - bits
            value |= (int(data[pos]) & 127) << shift
        shift += 7
    return value, pos + 1


@nested_code
def _signed(data: Bytes, pos: int) -> tuple[int, int]:
    """Return a number with its sign and the position behind it."""
    value, pos = _number(data, pos)
    return ((value >> 1) & 0x7FFFFFFFFFFFFFFF) ^ -(value & 1), pos


@machine_code
def find_texts(data: Bytes, pos: int, end: int, text: Longs) -> int:
    """Write where the strings of a table begin and end [strings, 2], and return how many there are."""
    n = 0
    while pos < end:
        size, pos = _number(data, pos + 1)
        text[n, 0], text[n, 1] = pos, max(pos, min(pos + size, end))
        pos = text[n, 1]
        n += 1
    return n


@nested_code
def _fields(data: Bytes, pos: int, end: int, spans: Longs) -> bool:
    """Write begin and end, or value and -1, of the fields of a message into [fields, 2]; return whether it is whole."""
    spans[:] = 0
    while pos < end:
        tag, pos = _number(data, pos)
        value, pos = _number(data, pos)
        wire, field = tag & 7, tag >> 3
        if wire == 0:
            begin, stop = value, -1
        elif wire == 2 and 0 <= value <= end - pos:  # noqa: PLR2004 - tells its length
            begin, stop = pos, pos + value
            pos = stop
        else:
            return False
        if 0 <= field < len(spans):
            spans[field, 0], spans[field, 1] = begin, stop
    return pos == end


@machine_code
def scan_ways(  # noqa: C901, PLR0912, PLR0915 - a loop for the compiler
    data: Bytes, pos: int, end: int, kind: Bits, members: Longs
) -> FoundWays:
    """Return whether a group of ways is whole, and those that a key or a member of a relation (sorted) asks for.

    Ids, highest use, which are such members, the newest date, where the tags of each begin, the tags kept [tags, 2],
    where the nodes of each begin, and those.
    """
    room = end - pos
    ids, use = np.empty(room // 2 + 1, np.int64), np.empty(room // 2 + 1, np.uint8)
    member = np.empty(room // 2 + 1, np.bool_)
    tag_first, ref_first = np.zeros(room // 2 + 2, np.int64), np.zeros(room // 2 + 2, np.int64)
    tags, refs = np.empty((room + 1, 2), np.int32), np.empty(room + 1, np.int64)
    span, info = np.zeros((9, 2), np.int64), np.zeros((3, 2), np.int64)
    n = t = r = newest = 0
    good = True
    while pos < end and good:
        good = data[pos] == 26  # noqa: PLR2004 - field 3, with a length
        size, pos = _number(data, pos + 1)
        if not good or size < 0 or size > end - pos or not _fields(data, pos, pos + size, span):
            good = False
            break
        pos += size
        good = span[2, 1] >= 0 and span[3, 1] >= 0 and span[8, 1] >= 0
        if not good:
            break
        uses = 0
        at = span[2, 0]
        while at < span[2, 1]:
            key, at = _number(data, at)
            if key < 0 or key >= len(kind):
                good = False
                break
            uses |= kind[key]
        row = ids[n] = span[1, 0]
        where = int(np.searchsorted(members, row))
        member[n] = where < len(members) and members[where] == row
        if not uses & _WAY_USES and not member[n]:
            continue
        use[n] = 0
        keep = 0
        if uses & STREET:
            use[n], keep = STREET, STREET_TAG
        elif uses & BUILDING:
            use[n], keep = BUILDING, DOOR_TAG
        elif uses & _PLACES:
            use[n], keep = ADDRESS, DOOR_TAG
        elif uses & FERRY:
            use[n], keep = STREET, STREET_TAG
        at, value_at = span[2, 0], span[3, 0]
        while at < span[2, 1] and good:
            key, at = _number(data, at)
            value, value_at = _number(data, value_at)
            if value_at > span[3, 1] or value < 0 or value >= len(kind):
                good = False
            elif kind[key] & keep and not (kind[key] & GRADE and kind[value] & PLAIN):
                tags[t, 0], tags[t, 1] = key, value
                t += 1
        ref, at = 0, span[8, 0]
        while at < span[8, 1]:
            step, at = _signed(data, at)
            ref += step
            refs[r] = ref
            r += 1
        if uses & _WAY_USES and span[4, 1] > 0:
            good = good and _fields(data, span[4, 0], span[4, 1], info)
            newest = max(newest, info[2, 0])
        n += 1
        tag_first[n], ref_first[n] = t, r
    return (
        good,
        ids[:n].copy(),
        use[:n].copy(),
        member[:n].copy(),
        newest,
        tag_first[: n + 1].copy(),
        tags[:t].copy(),
        ref_first[: n + 1].copy(),
        refs[:r].copy(),
    )


@machine_code
def scan_relations(data: Bytes, pos: int, end: int, kind: Bits, bit: int) -> FoundRelations:
    """Return whether a group of relations is whole, and those that have a key with such a bit.

    Of each [relations, 4] id, date and where its tags and its members end; the tags [tags, 2], and of the members
    [members, 3] id, role and whether it is a node, way or relation.
    """
    room = end - pos
    found = np.zeros((room // 2 + 1, 4), np.int64)
    tags, members = np.empty((room // 2 + 1, 2), np.int32), np.empty((room // 3 + 1, 3), np.int64)
    span, info = np.zeros((11, 2), np.int64), np.zeros((3, 2), np.int64)
    n = t = m = 0
    good = True
    while pos < end and good:
        good = data[pos] == 34  # noqa: PLR2004 - field 4, with a length
        size, pos = _number(data, pos + 1)
        if not good or size < 0 or size > end - pos or not _fields(data, pos, pos + size, span):
            good = False
            break
        pos += size
        good = span[2, 1] >= 0 and span[3, 1] >= 0 and span[8, 1] >= 0 and span[9, 1] >= 0 and span[10, 1] >= 0
        begun, uses = t, 0
        at, value_at = span[2, 0], span[3, 0]
        while at < span[2, 1] and good:
            key, at = _number(data, at)
            value, value_at = _number(data, value_at)
            good = value_at <= span[3, 1] and 0 <= key < len(kind) and 0 <= value < len(kind)
            if good:
                uses |= kind[key]
                tags[t, 0], tags[t, 1] = key, value
                t += 1
        if not uses & bit:
            t = begun
            continue
        ref, role_at, at, type_at = 0, span[8, 0], span[9, 0], span[10, 0]
        while at < span[9, 1] and good:
            role, role_at = _number(data, role_at)
            step, at = _signed(data, at)
            what, type_at = _number(data, type_at)
            ref += step
            good = role_at <= span[8, 1] and type_at <= span[10, 1] and 0 <= role < len(kind)
            members[m, 0], members[m, 1], members[m, 2] = ref, role, what
            m += 1
        good = good and role_at == span[8, 1] and type_at == span[10, 1]
        if span[4, 1] > 0:
            good = good and _fields(data, span[4, 0], span[4, 1], info)
            found[n, 1] = info[2, 0]
        found[n, 0], found[n, 2], found[n, 3] = span[1, 0], t, m
        n += 1
    return good, found[:n].copy(), tags[:t].copy(), members[:m].copy()


@machine_code
def scan_nodes(  # noqa: C901, PLR0912, PLR0915 - a loop for the compiler
    data: Bytes, spans: Longs, unit: Longs, kind: Bits, needed: Longs, place: NDArray[np.int32]
) -> FoundNodes:
    """Write where needed nodes (sorted) lie into places [needed, 2], and return those that a key asks for.

    Spans are begin and end of ids, dates, latitudes, longitudes and tags; units those of a block. Returns whether all
    is whole, whether some node was there before, ids, longitude and latitude [n, 2], the newest date, where the tags
    of each begin, and those [tags, 2].
    """
    room = spans[4, 1] - spans[4, 0]
    ids, found = np.empty(room // 2 + 1, np.int64), np.empty((room // 2 + 1, 2), np.int32)
    tag_first, tags = np.zeros(room // 2 + 2, np.int64), np.empty((room // 2 + 1, 2), np.int32)
    n = t = newest = 0
    row = date = y = x = k = 0
    id_at, date_at, y_at, x_at, tag_at = spans[0, 0], spans[1, 0], spans[2, 0], spans[3, 0], spans[4, 0]
    good, twice = True, False
    while id_at < spans[0, 1] and good:
        step, id_at = _signed(data, id_at)
        row += step
        step, y_at = _signed(data, y_at)
        y += step
        step, x_at = _signed(data, x_at)
        x += step
        if date_at < spans[1, 1]:
            step, date_at = _signed(data, date_at)
            date += step
        if y_at > spans[2, 1] or x_at > spans[3, 1]:
            good = False
            break
        lat, lon = int((y * unit[0] + unit[1]) / 100), int((x * unit[0] + unit[2]) / 100)
        if abs(lat) > _HIGHEST or abs(lon) > _WIDEST:
            lat = lon = NOWHERE
        # Ids usually rise from node to node; where they do not, the place is looked for afresh.
        if k == len(needed) or needed[k] != row:
            if (k < len(needed) and needed[k] > row) and (k == 0 or needed[k - 1] < row):
                pass
            elif k + 1 < len(needed) and needed[k] < row <= needed[k + 1]:
                k += 1
            else:
                k = int(np.searchsorted(needed, row))
        if k < len(needed) and needed[k] == row:
            twice |= place[k, 0] != NOWHERE
            place[k, 0], place[k, 1] = lon, lat
        uses, locker, begun = 0, False, t
        while tag_at < spans[4, 1]:
            key, tag_at = _number(data, tag_at)
            if key == 0:
                break
            value, tag_at = _number(data, tag_at)
            if key < 0 or value < 0 or key >= len(kind) or value >= len(kind):
                good = False
                break
            uses |= kind[key]
            locker |= kind[key] & AMENITY != 0 and kind[value] & LOCKER != 0
            if kind[key] & NODE_TAG:
                tags[t, 0], tags[t, 1] = key, value
                t += 1
        if uses & _NODE_USES:
            newest = max(newest, date)
        if uses & (ADDRESS | BARRIER) or locker:
            ids[n], found[n, 0], found[n, 1] = row, lon, lat
            n += 1
            tag_first[n] = t
        else:
            t = begun
    return good, twice, ids[:n].copy(), found[:n].copy(), newest, tag_first[: n + 1].copy(), tags[:t].copy()


@machine_code
def find_rows(refs: Longs, order: Longs, rising: Longs, rows: NDArray[np.int32]) -> None:
    """Write the rows [n] of ids [n] that are all among rising ones, given the order [n] in which they rise too."""
    k = 0
    for at in order:
        while rising[k] < refs[at]:
            k += 1
        rows[at] = k
