"""Crop: what one pass over a file of OpenStreetMap yields, still in degrees and tags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, compress
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from doorstep.network.osm.courtyards import rings_of
from doorstep.network.osm.gathering import gather
from doorstep.network.osm.harvest import Harvest
from doorstep.network.osm.lines import draw_lines
from doorstep.network.osm.pbfbits import ADDRESS, AMENITY, BUILDING, STREET
from doorstep.network.osm.sorting import cut_streets
from doorstep.network.rulebook import USUAL
from doorstep.network.ways import WayTags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.network import Medium
    from doorstep.network.osm.courtyards import Rings
    from doorstep.network.osm.harvest import Trait
    from doorstep.network.osm.pbf import Relation
    from doorstep.network.rulebook import RuleBook

T = TypeVar("T")
E7 = 1e7
"""Parts of a degree in which places are told."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Lines as runs of points."""

    first: NDArray[np.int64]
    """[lines + 1]"""
    place: NDArray[np.int32]
    """[points, 2] longitude and latitude in 1e-7 degrees, as in the file."""


NO_RUNS = Runs(np.zeros(1, np.int64), np.empty((0, 2), np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class StreetRuns:
    """Streets as runs of nodes; pieces of those that lack nodes come last."""

    tags: WayTags
    ways: NDArray[np.int64]
    """[streets] ids; pieces have that of their street."""
    first: NDArray[np.int64]
    """[streets + 1]"""
    node: NDArray[np.int32]
    """[k] rows of the nodes."""
    ids: NDArray[np.int64]
    """[nodes] rising."""
    place: NDArray[np.int32]
    """[nodes, 2] longitude and latitude in 1e-7 degrees, as in the file."""
    torn: int
    """Streets that lack nodes."""
    pieces: int
    """Of them, with at least two nodes each."""
    lost: int
    """How many nodes they lack."""
    stubs: int
    """Streets of a single node."""


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """Buildings, addresses and lockers."""

    outlines: Runs
    """Of buildings that are single ways, closed or not."""
    traits: list[Trait]
    """Kind, levels and address of each of them."""
    courtyards: Rings
    """Buildings that are relations."""
    address_points: NDArray[np.float64]
    """[n, 2] degrees."""
    address_lines: Runs
    address_texts: list[str]
    """Of points, then of lines."""
    locker_points: NDArray[np.float64]
    locker_lines: Runs
    lost: int
    """How many of all these are lines that cannot be drawn, or nowhere on earth."""


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """Streets, and what stands beside them."""

    streets: StreetRuns
    turns: list[Relation]
    """Turn restrictions."""
    barriers: Mapping[int, frozenset[Medium]]
    """By node."""
    kerbs: list[int]
    """Nodes where a kerb stands that robots do not climb."""
    ferries: int
    """How many are left out, as nobody asked for them."""
    built: Built
    box: tuple[float, float, float, float] | None
    """West, south, east, north, if the header says."""
    newest: datetime | None
    """Of the last edit, if any object tells."""
    notes: tuple[str, ...] = ()


def read_crop(path: Path, rules: RuleBook = USUAL) -> Crop:
    """Read a file; raises what `gather` does."""
    (harvest,), header, notes = gather(path, lambda: (Harvest(rules=rules),))
    return crop_of(harvest, header.box, notes)


def crop_of(harvest: Harvest, box: tuple[float, float, float, float] | None, notes: tuple[str, ...]) -> Crop:
    """Return what was gathered, in the order of the file."""
    built = _built(harvest)
    newest_ms = max(harvest.newest_ms, *(relation.date_ms for relation in built.courtyards.relations), 0)
    return Crop(
        streets=_street_runs(harvest),
        turns=_in_order(harvest.turns),
        barriers=harvest.barriers,
        kerbs=harvest.kerbs,
        ferries=harvest.ferries,
        built=built,
        box=box,
        newest=datetime.fromtimestamp(newest_ms / 1000, UTC) if newest_ms > 0 else None,
        notes=notes,
    )


def _built(harvest: Harvest) -> Built:
    """Return what stands beside streets."""
    outlines, drawn = _lines(harvest, BUILDING)
    address_lines, named = _lines(harvest, ADDRESS)
    locker_lines, found = _lines(harvest, AMENITY)
    return Built(
        outlines=outlines,
        traits=list(compress(_in_order(harvest.traits), drawn)),
        courtyards=rings_of(harvest, chain.from_iterable(reversed(harvest.relations))),
        address_points=_degrees(harvest.address_places),
        address_lines=address_lines,
        address_texts=[*_in_order(harvest.address_nodes), *compress(_in_order(harvest.address_ways), named)],
        locker_points=_degrees(harvest.locker_places),
        locker_lines=locker_lines,
        lost=harvest.lost + sum(good.count(False) for good in (drawn, named, found)),
    )


def _lines(harvest: Harvest, use: int) -> tuple[Runs, list[bool]]:
    """Return ways of one use as lines, nodes at one place taken once, and which of these ways can be drawn."""
    chosen = harvest.ways.use == use
    if not np.count_nonzero(chosen):
        return NO_RUNS, []
    first, place, good = draw_lines(harvest.ways.size, chosen, harvest.ways.refs, harvest.place)
    return Runs(first, place), good.tolist()


def _street_runs(harvest: Harvest) -> StreetRuns:
    """Return the streets, those torn in pieces last."""
    ways, chosen = harvest.ways, harvest.ways.use == STREET
    of, first, node, used, torn, lost, stubs = cut_streets(ways.size, chosen, ways.refs, harvest.place)
    kind = np.array(_in_order(harvest.street_kinds), np.int32)
    return StreetRuns(
        tags=WayTags(list(harvest.rows), kind[of]),
        ways=ways.ids[chosen][of],
        first=first,
        node=node,
        ids=harvest.needed[used],
        place=harvest.place[used],
        torn=torn,
        pieces=len(of) - (len(kind) - torn - stubs),
        lost=lost,
        stubs=stubs,
    )


def _degrees(places: list[NDArray[np.int32]]) -> NDArray[np.float64]:
    """Return [n, 2] degrees of the places of all groups."""
    return np.concatenate([*places[::-1], np.empty((0, 2), np.int32)]) / E7


def _in_order(groups: list[list[T]]) -> list[T]:
    """Return what all groups hold, in the order of the file."""
    return list(chain.from_iterable(reversed(groups)))
