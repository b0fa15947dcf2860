"""Pbf: the blocks of a file of OpenStreetMap in its binary format, decoded in compiled loops.

Written after https://wiki.openstreetmap.org/wiki/PBF_Format: packed in zlib or not at all, and nodes dense. Every other
file raises ForeignPbfError, and pyosmium must rewrite it first. A damaged one raises DamagedPbfError: pyosmium, which
may crash over it, is not asked.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.osm.pbfscan import find_texts, scan_nodes, scan_relations, scan_ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

NODES, WAYS, RELATIONS = 2, 3, 4
"""Fields of a group, by what it holds."""
FOREIGN = {1, 5}
"""The same of nodes that are not dense, and of changesets."""
FEATURES = (b"OsmSchema-V0.6", b"DenseNodes")
MOST_BYTES = 32 * 2**20
"""Of a block, by the format."""
MOST_HEADER = 64 * 2**10
"""Bytes of the header of a block, by the format."""
TWICE = "it holds objects twice, of which the newer ones count"
CUT = "it ends within a block"
RUINED = "a block of it ends within a number or a field"
_PADDING = bytes(16)
"""Behind every block, so that numbers cut off at its end read as nought."""
_PACKED = 2
"""Wire type of what tells its own length."""


class ForeignPbfError(ValueError):
    """A file that is written in a way that is not read here."""


class DamagedPbfError(ValueError):
    """A file that breaks the rules of its format."""


class Header(NamedTuple):
    """What the first block says of the file, and where the others are."""

    box: tuple[float, float, float, float] | None
    """West, south, east, north in degrees."""
    blobs: list[tuple[int, int]]
    """Offset and size of each."""


class Ways(NamedTuple):
    """The n ways of interest in a group."""

    ids: NDArray[np.int64]
    use: NDArray[np.uint8]
    """[n] STREET, BUILDING or ADDRESS, whichever counts most; 0 for those that only relations need."""
    member: NDArray[np.bool_]
    """[n] whether a relation needs it."""
    newest_ms: int
    tag_first: NDArray[np.int64]
    """[n + 1]"""
    tags: NDArray[np.int32]
    """[tags, 2] strings of the block, of keys that are kept."""
    ref_first: NDArray[np.int64]
    """[n + 1]"""
    refs: NDArray[np.int64]

    def some(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """Yield the use and the tags of some of the ways."""
        begins, ends = self.tag_first[rows].tolist(), self.tag_first[rows + 1].tolist()
        for use, begin, end in zip(self.use[rows].tolist(), begins, ends, strict=True):
            yield use, self.tags[begin:end]


class Nodes(NamedTuple):
    """The n nodes of a group that are of interest by themselves."""

    ids: NDArray[np.int64]
    place: NDArray[np.int32]
    """[n, 2] longitude and latitude in 1e-7 degrees."""
    newest_ms: int
    tag_first: NDArray[np.int64]
    tags: NDArray[np.int32]


class Relation(NamedTuple):
    """A relation with its ways."""

    id: int
    tags: dict[str, str]
    ways: list[tuple[int, str]]
    """Id and role of each member that is a way."""
    nodes: list[tuple[int, str]]
    """The same of those that are nodes."""
    date_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One block of objects."""

    raw: bytes
    data: NDArray[np.uint8]
    text: list[list[int]]
    """Where each string begins and ends."""
    kind: NDArray[np.uint16]
    """[strings] the bits of those that are keys of interest."""
    groups: list[tuple[int, int, int]]
    """What each holds, its begin and end."""
    unit: tuple[int, int, int, int]
    """Granularity and offsets of latitude and longitude (nanodegrees), granularity of dates (milliseconds)."""
    told: dict[int, str] = field(default_factory=dict)
    """Strings that were asked for."""

    def marked(self, kinds: Mapping[bytes, int]) -> Block:
        """Return the block, its strings marked with the bits that they have as keys."""
        kind = np.array([kinds.get(self.raw[begin:end], 0) for begin, end in self.text], np.uint16)
        return Block(self.raw, self.data, self.text, kind, self.groups, self.unit, self.told)

    def string(self, row: int) -> str:
        """Return one string of the block."""
        if (told := self.told.get(row)) is None:
            begin, end = self.text[row]
            told = self.told[row] = self.raw[begin:end].decode("utf-8", "replace")
        return told

    def ways(self, begin: int, end: int, members: NDArray[np.int64]) -> Ways:
        """Return the ways of a group that are of interest, or among the members of relations (sorted)."""
        found = scan_ways(self.data, begin, end, self.kind, members)
        if not found[0]:
            raise DamagedPbfError("its ways are damaged")
        ways = Ways(*found[1:])
        return ways._replace(newest_ms=ways.newest_ms * self.unit[3])

    def nodes(self, begin: int, end: int, needed: NDArray[np.int64], place: NDArray[np.int32]) -> Nodes:
        """Write where the nodes lie that are needed (sorted) into [n, 2] places, and return those with tags."""
        spans: list[Sequence[int]] = [(0, 0)] * 5
        for name, start, stop in fields(self.raw, begin, end):
            if name != NODES:
                raise DamagedPbfError("a group of it holds several kinds of objects")
            for inner, *span in fields(self.raw, start, stop):
                if inner in {1, 8, 9, 10}:
                    if not span[1]:
                        raise DamagedPbfError("its nodes are not packed")
                    spans[{1: 0, 8: 2, 9: 3, 10: 4}[inner]] = span
                elif inner == 5:  # noqa: PLR2004 - what is known of the edits
                    found = fields(self.raw, *span)
                    dates = [at for name, *at in found if name == 2 and at[1]]  # noqa: PLR2004 - when
                    spans[1] = dates[-1] if dates else (0, 0)
        good, twice, ids, tagged, newest, tag_first, tags = scan_nodes(
            self.data, np.array(spans), np.array(self.unit), self.kind, needed, place
        )
        if not good:
            raise DamagedPbfError("its nodes are damaged")
        if twice:
            raise ForeignPbfError(TWICE)
        return Nodes(ids, tagged, newest * self.unit[3], tag_first, tags)

    def relations(self, begin: int, end: int, bit: int) -> Iterator[Relation]:
        """Yield the relations of a group that have a key with one of these bits."""
        good, found, pairs, members = scan_relations(self.data, begin, end, self.kind, bit)
        if not good:
            raise DamagedPbfError("its relations are damaged")
        tag = member = 0
        for name, date, tag_end, member_end in found.tolist():
            tags = {self.string(key): self.string(value) for key, value in pairs[tag:tag_end].tolist()}
            its = members[member:member_end].tolist()
            nodes, ways = ([(ref, self.string(role)) for ref, role, of in its if of == what] for what in (0, 1))
            yield Relation(name, tags, ways, nodes, date * self.unit[3])
            tag, member = tag_end, member_end


def open_pbf(file: BinaryIO) -> Header:
    """Return the header of a file and where its blocks are."""
    blobs = list(_blobs(file))
    if not blobs or blobs[0][0] != b"OSMHeader" or any(kind != b"OSMData" for kind, _, _ in blobs[1:]):
        raise ForeignPbfError("its blocks are of unknown kinds")
    raw = _unpack(file, *blobs[0][1:])
    box: tuple[float, float, float, float] | None = None
    for name, begin, end in fields(raw, 0, len(raw) - len(_PADDING)):
        if name == 1:
            # Nanodegrees are cut to the seven digits of nodes, as osmium does.
            side = {at: int(unzigzag(value) / 100) / 1e7 for at, value, _ in fields(raw, begin, end)}
            box = side.get(1, 0.0), side.get(4, 0.0), side.get(2, 0.0), side.get(3, 0.0)
        elif name == 4 and raw[begin:end] not in FEATURES:  # noqa: PLR2004 - required
            raise ForeignPbfError(f"it needs {raw[begin:end].decode(errors='replace')}")
        elif name == 5 and raw[begin:end] == b"LocationsOnWays":  # noqa: PLR2004 - optional
            raise ForeignPbfError("its ways hold coordinates")
    if box and not (-180 <= box[0] < box[2] <= 180 and -90 <= box[1] < box[3] <= 90):  # noqa: PLR2004 - degrees
        box = None
    return Header(box, [(offset, size) for _, offset, size in blobs[1:]])


def read_block(file: BinaryIO, offset: int, size: int) -> Block:
    """Return a block, none of its strings being marked."""
    raw = _unpack(file, offset, size)
    data = np.frombuffer(raw, np.uint8)
    text: list[list[int]] = []
    groups: list[tuple[int, int, int]] = []
    unit = {17: 100, 18: 1000, 19: 0, 20: 0}
    for name, begin, end in fields(raw, 0, len(raw) - len(_PADDING)):
        if name == 1:
            if end < begin:
                raise DamagedPbfError("its table of words is damaged")
            found = np.empty(((end - begin) // 2 + 1, 2), np.int64)
            text = found[: find_texts(data, begin, end, found)].tolist()
        elif name == 2 and end > begin:  # noqa: PLR2004 - a group
            groups.append((raw[begin] >> 3, begin, end))
        elif name in unit:
            unit[name] = whole(begin)
    strange = {group[0] for group in groups} - {NODES, WAYS, RELATIONS}
    if strange - FOREIGN:
        raise DamagedPbfError("it has groups of unknown kinds")
    if strange:
        raise ForeignPbfError("it holds nodes that are not dense, or changesets")
    kind = np.zeros(len(text), np.uint16)
    return Block(raw, data, text, kind, groups, (unit[17], unit[19], unit[20], unit[18]))


def fields(raw: bytes, pos: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the fields of a message: number, begin and end of what has a length; number, value and nought of others."""
    while pos < end:
        tag, pos = varint(raw, pos)
        wire = tag & 7
        if wire and wire != _PACKED:
            raise DamagedPbfError("it has fields of unknown kinds")
        value, pos = varint(raw, pos)
        if not wire:
            yield tag >> 3, value, 0
        elif pos + value > end:
            raise DamagedPbfError(RUINED)
        else:
            yield tag >> 3, pos, pos + value
            pos += value


def varint(raw: bytes, pos: int) -> tuple[int, int]:
    """Return a number without sign and the position behind it."""
    try:
        value, shift = raw[pos] & 127, 7
        while raw[pos] > 127:  # noqa: PLR2004 - there are more bytes
            pos += 1
            value |= (raw[pos] & 127) << shift
            shift += 7
    except IndexError:
        raise DamagedPbfError(RUINED) from None
    return value, pos + 1


def whole(value: int) -> int:
    """Return the last 64 bits of a number with their sign."""
    value &= 2**64 - 1
    return value - 2**64 if value >= 2**63 else value


def unzigzag(value: int) -> int:
    """Return a number with its sign."""
    return value >> 1 ^ -(value & 1)


def _blobs(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, offset and size of every block."""
    file_end = file.seek(0, 2)
    file.seek(0)
    while head := file.read(4):
        size = int.from_bytes(head, "big")
        if size > MOST_HEADER:
            raise DamagedPbfError("it has blocks without a header")
        raw = file.read(size)
        if len(head) < 4 or len(raw) < size:  # noqa: PLR2004 - bytes of a size
            raise DamagedPbfError(CUT)
        named = {name: (begin, end) for name, begin, end in fields(raw, 0, len(raw))}
        if 1 not in named or 3 not in named:  # noqa: PLR2004 - kind and size
            raise DamagedPbfError("it has blocks without kind and size")
        kind, size, offset = raw[slice(*named[1])], named[3][0], file.tell()
        if file_end < offset + size:
            raise DamagedPbfError(CUT)
        yield kind, offset, size
        file.seek(offset + size)


def _unpack(file: BinaryIO, offset: int, size: int) -> bytes:
    """Return what a block holds, with zeros behind it."""
    file.seek(offset)
    blob = file.read(size)
    parts = {name: (begin, end) for name, begin, end in fields(blob, 0, len(blob))}
    if 1 in parts:
        return blob[slice(*parts[1])] + _PADDING
    if 3 not in parts or parts.get(2, (0, 0))[0] > MOST_BYTES:  # noqa: PLR2004 - zlib, and the size unpacked
        raise ForeignPbfError("it is not packed with zlib")
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(blob[slice(*parts[3])], MOST_BYTES)
    except zlib.error as error:
        raise DamagedPbfError(str(error)) from error
    if not unpacker.eof and len(raw) < MOST_BYTES:
        raise DamagedPbfError(RUINED)
    return raw + _PADDING
