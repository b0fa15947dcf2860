"""Gathering: what somebody wants of a PBF, taken from its last block to its first.

Run backward, relations tell which ways are needed and ways which nodes, so that nothing else need be kept. Several
gatherings may go over a file in one pass.
"""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

import numpy as np

from doorstep.network.osm.josm import without_deleted
from doorstep.network.osm.pbf import NODES, RELATIONS, TWICE, WAYS, ForeignPbfError, open_pbf, read_block
from doorstep.network.osm.pbfbits import NOWHERE
from doorstep.network.osm.pbfscan import find_rows
from doorstep.network.osm.rewriter import write_anew, write_apart
from doorstep.network.osm.sorting import pick_ways, without_repeats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.network.osm.pbf import Block, Header, Nodes, Relation, Ways

    TagRow = tuple[tuple[str, str], ...]

NOTHING = np.empty(0, np.int64)
MANY = 2**22
"""Nodes of ways that are gathered before they are put together: small pieces, once freed, leave holes in memory."""


class WayRuns(NamedTuple):
    """Ways as runs of nodes."""

    ids: NDArray[np.int64]
    use: NDArray[np.uint8]
    member: NDArray[np.bool_]
    """Whether relations need them."""
    size: NDArray[np.int64]
    """Number of nodes of each."""
    refs: NDArray[Any]
    """Nodes: their ids, or once all ways are known their rows [int32] among those needed."""


NO_WAYS = WayRuns(NOTHING, NOTHING.astype(np.uint8), NOTHING.astype(bool), NOTHING, NOTHING)


@dataclass(slots=True, eq=False)
class Gathering(ABC):
    """Ways and their nodes as far as somebody wants them, who says so in the four methods at the end."""

    kinds: ClassVar[Mapping[bytes, int]]
    """Every key that is read, and some values, with their bits."""
    relation_bits: ClassVar[int]
    """Of keys that make a relation worth reading."""
    stage: int = RELATIONS
    newest_ms: int = 0
    members: NDArray[np.int64] = field(default_factory=NOTHING.copy)
    """Sorted ways that relations need."""
    way_runs: list[WayRuns] = field(default_factory=list)
    """The last of the file first."""
    loose: list[WayRuns] = field(default_factory=list)
    """Groups of ways that are not put together yet."""
    ways: WayRuns = NO_WAYS
    needed: NDArray[np.int64] = field(default_factory=NOTHING.copy)
    """Sorted nodes of all ways kept, of all gatherings of one pass."""
    place: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 2), np.int32))
    """[needed, 2] longitude and latitude in 1e-7 degrees."""

    def take(self, block: Block, kind: int, begin: int, end: int) -> None:
        """Gather a group of relations or ways; raises ForeignPbfError where it stands before what it needs."""
        if kind > self.stage:
            raise ForeignPbfError("it is not sorted: nodes, ways, relations; what is there twice counts once")
        if kind == RELATIONS:
            self.keep_relations(list(block.relations(begin, end, self.relation_bits)))
            return
        self.start_ways()
        ways = block.ways(begin, end, self.members)
        kept = self.keep_ways(block, ways)
        size = ways.ref_first[1:] - ways.ref_first[:-1]
        n, end = pick_ways(ways.ids, kept, ways.member, size, ways.refs)
        self.loose.append(WayRuns(ways.ids[:n], kept[:n], ways.member[:n], size[:n], ways.refs[:end]))
        if sum(len(run.refs) for run in self.loose) > MANY:
            self.put_together()

    def start_ways(self) -> None:
        """Know all relations."""
        if self.stage > WAYS:
            self.stage = WAYS
            self.members = np.array(sorted(self.wanted_ways()), np.int64)

    def put_together(self) -> None:
        """Make one run of all loose ones."""
        self.way_runs.append(WayRuns(*map(_in_a_row, zip(*(self.loose[::-1] or [NO_WAYS]), strict=True))))
        self.loose.clear()

    def find_nodes(self, needed: NDArray[np.int64], place: NDArray[np.int32]) -> None:
        """Know all ways and the nodes that are needed, and go on with their rows instead of their ids."""
        self.stage, self.needed, self.place = NODES, needed, place
        runs = self.way_runs[::-1]
        self.way_runs.clear()
        *columns, refs = zip(*runs, strict=True)
        ids, use, member, size = map(_in_a_row, columns)
        _check_once(ids)
        rows, end = np.empty(sum(map(len, refs)), np.int32), 0
        for part in refs:
            find_rows(part, np.argsort(part), needed, rows[end : end + len(part)])
            end += len(part)
        self.ways = WayRuns(ids, use, member, size, rows)

    @abstractmethod
    def keep_relations(self, found: list[Relation]) -> None:
        """Keep relations of a group that have such a key."""

    @abstractmethod
    def wanted_ways(self) -> set[int]:
        """Return the ways that the relations need."""

    @abstractmethod
    def keep_ways(self, block: Block, ways: Ways) -> NDArray[np.uint8]:
        """Keep what ways of a group are, and return what each is used as [n], 0 for those that are not wanted."""

    @abstractmethod
    def keep_nodes(self, block: Block, nodes: Nodes) -> None:
        """Keep nodes of a group that are something by themselves."""


Many = TypeVar("Many", bound=tuple[Gathering, ...])


def gather(path: Path, begin: Callable[[], Many]) -> tuple[Many, Header, tuple[str, ...]]:
    """Return what is gathered of a file in one pass, its header, and how it was made a PBF that is sorted and plain.

    Gatherings are begun anew for every try. Raises DamagedPbfError, or what pyosmium raises for files that it cannot
    read: RuntimeError, ValueError, OSError.
    """
    reason = told = ""
    write: Callable[[str, str], None] = write_anew
    if path.name.lower().endswith(".pbf"):
        try:
            return *_gathered(path, begin()), ()
        except ForeignPbfError as foreign:
            reason, write = f"the file is rewritten by osmium before it is read: {foreign}", write_apart
    with tempfile.TemporaryDirectory() as folder:
        if write is write_anew:
            path, told = without_deleted(path, folder)
        plain = Path(folder) / "plain.osm.pbf"
        write(str(path), str(plain))
        try:
            found = _gathered(plain, begin())
        except ForeignPbfError as foreign:
            reason = reason or f"the file is sorted by osmium before it is read: {foreign}"
            sorted_file = Path(folder) / "sorted.osm.pbf"
            write_anew(str(plain), str(sorted_file), sort=True)
            found = _gathered(sorted_file, begin())
    return *found, tuple(note for note in (reason, told) if note)


def _gathered(path: Path, gatherings: Many) -> tuple[Many, Header]:
    """Read a PBF from its last block to its first; raises ForeignPbfError if it is not sorted or not plain."""
    with path.open("rb") as file:
        header = open_pbf(file)
        for offset, size in reversed(header.blobs):
            block = read_block(file, offset, size)
            marked = [block.marked(gathering.kinds) for gathering in gatherings]
            for kind, begin, end in reversed(block.groups):
                if kind == NODES:
                    _start_nodes(gatherings)
                # Where nodes lie is written down once for all.
                needed, place = gatherings[0].needed, gatherings[0].place
                for gathering, seen in zip(gatherings, marked, strict=True):
                    if kind == NODES:
                        gathering.keep_nodes(seen, seen.nodes(begin, end, needed, place))
                        needed, place = needed[:0], place[:0]
                    else:
                        gathering.take(seen, kind, begin, end)
    _start_nodes(gatherings)
    return gatherings, header


def _start_nodes(gatherings: Many) -> None:
    """Know all ways, and the nodes of all of them, unless they are known."""
    if gatherings[0].stage == NODES:
        return
    for gathering in gatherings:
        gathering.start_ways()
        gathering.put_together()
    refs = np.concatenate([run.refs for gathering in gatherings for run in gathering.way_runs])
    refs.sort()  # and not `unique` of numpy, which hashes them first
    needed = without_repeats(refs)
    del refs
    place = np.full((len(needed), 2), NOWHERE, np.int32)
    for gathering in gatherings:
        gathering.find_nodes(needed, place)


def tag_row(block: Block, rows: NDArray[np.int32]) -> TagRow:
    """Return keys and values."""
    string = block.string
    return tuple([(string(key), string(value)) for key, value in rows.tolist()])


def _check_once(ids: NDArray[np.int64]) -> None:
    """Raise ForeignPbfError if some way is there twice."""
    if (ids[1:] <= ids[:-1]).any() and len(np.unique(ids)) < len(ids):
        raise ForeignPbfError(TWICE)


def _in_a_row(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return arrays one behind the other, a single one as it is."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
