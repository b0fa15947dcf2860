"""Ways: those of a map as arrays, before any medium is asked what it may use, and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.access import RULES, limited_uses
from doorstep.network.network import Medium
from doorstep.network.roadclass import class_number
from doorstep.network.rulebook import USUAL
from doorstep.network.rules.ferries import ferry_mps, is_ferry
from doorstep.network.rules.speed import free_speeds_mps
from doorstep.network.rules.tags import DRIVEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.network.graph.turning import Turn
    from doorstep.network.rulebook import RuleBook

TagRow = tuple[tuple[str, str], ...]
"""Keys and values of one way, as far as a rule reads them."""
TRAFFIC = (Medium.ROAD, Medium.CYCLE)
"""Media that move among motor traffic; the others keep their own pace."""
FREE = (np.inf, np.inf)
"""Speeds where nothing holds anybody up."""


@dataclass(frozen=True, slots=True, eq=False)
class WayTags:
    """The tags of ways: each distinct row of them, a kind of way, is there once."""

    rows: Sequence[TagRow]
    """[kinds]"""
    kind: NDArray[np.int32]
    """[ways] row of each."""

    @classmethod
    def of(cls, tags: Sequence[TagRow]) -> WayTags:
        """Return the tags of ways, told way by way."""
        kinds: dict[TagRow, int] = {}
        kind = [kinds.setdefault(row, len(kinds)) for row in tags]
        return cls(list(kinds), np.array(kind, np.int32))

    def counts(self) -> list[tuple[dict[str, str], int]]:
        """Return the tags of every kind that some way is of, in the order of the ways, and how many ways are."""
        ways = len(self.kind)
        earliest = np.full(len(self.rows), ways)
        earliest[self.kind[::-1]] = np.arange(ways)[::-1]
        count = np.bincount(self.kind, minlength=len(self.rows)).tolist()
        return [(dict(self.rows[kind]), count[kind]) for kind in np.argsort(earliest).tolist() if count[kind]]


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Ways that were read of a map: runs of nodes with their tags, barriers, turns and kerbs."""

    xy_m: NDArray[np.float64]
    """[nodes, 2] metres."""
    first: NDArray[np.int64]
    """[ways + 1] where the nodes of each way begin in `node`."""
    node: NDArray[np.integer]
    """[k] rows of `xy_m`, way by way."""
    tags: WayTags
    blocked: Mapping[Medium, NDArray[np.int64]] = field(default_factory=dict)
    """Nodes where a barrier stands that the medium cannot pass."""
    turns: Mapping[Medium, Sequence[Turn]] = field(default_factory=dict)
    """Restrictions that bind each medium."""
    kerbs: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Nodes where a kerb stands that robots do not climb."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetTable:
    """Ways as runs of nodes, and what each medium may do on them."""

    xy_m: NDArray[np.float64]
    """[nodes, 2] metres."""
    first: NDArray[np.int64]
    """[ways + 1] where the nodes of each way begin in `node`."""
    node: NDArray[np.integer]
    """[k] rows of `xy_m`, way by way."""
    kind: NDArray[np.int32]
    """[ways] of what kind each is."""
    allowed: Mapping[Medium, NDArray[np.bool_]]
    """[kinds, 2] forward and backward, for each medium that moves on streets."""
    free_speed_mps: NDArray[np.float64]
    """[kinds, 2] of motor traffic on an empty street, forward and backward; infinite where there is none."""
    road_class: NDArray[np.uint8]
    """[kinds] place in CLASS_NAMES."""
    blocked: Mapping[Medium, NDArray[np.int64]] = field(default_factory=dict)
    """Nodes where a barrier stands that the medium cannot pass."""
    limited: Mapping[Medium, NDArray[np.bool_]] = field(default_factory=dict)
    """[kinds, 2] what a medium may use only to reach places there, forward and backward."""
    turns: Mapping[Medium, Sequence[Turn]] = field(default_factory=dict)
    """Restrictions that bind each medium."""
    kerbs: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Nodes where a kerb stands that robots do not climb."""
    carriageway: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    """[kinds] drawn where vans drive, so that kerbs lie beside them; needed where there are kerbs."""

    def usable(self) -> bool:
        """Tell whether anybody may use any way."""
        return any(allowed.any() for allowed in self.allowed.values())


def tabulate_ways(survey: Survey, rules: RuleBook = USUAL, media: Sequence[Medium] = tuple(RULES)) -> StreetTable:
    """Return the ways of a survey with what their tags allow to some media, vans among them."""
    rows, kind, ships = _set_apart(survey.tags)
    uses = {medium: [RULES[medium](row, rules) for row in rows] for medium in media}
    limits = [limited_uses(row) for row in rows]
    driven = zip(rows, uses[Medium.ROAD], strict=True)
    speeds_mps = _pairs([free_speeds_mps(row) if any(use) else FREE for row, use in driven], float)
    for way in ships:
        line = survey.xy_m[survey.node[survey.first[way] : survey.first[way + 1]]]
        length_m = float(np.hypot(*np.diff(line, axis=0).T).sum())
        speeds_mps[kind[way]] = ferry_mps(rows[kind[way]], length_m)
    return StreetTable(
        survey.xy_m,
        survey.first,
        survey.node,
        kind,
        {medium: _pairs(uses[medium], bool) for medium in media},
        speeds_mps,
        np.array([class_number(row.get("highway", "")) for row in rows], np.uint8),
        survey.blocked,
        {medium: _pairs([row[medium] for row in limits], bool) for medium in TRAFFIC},
        survey.turns,
        survey.kerbs,
        np.array([row.get("highway") in DRIVEN for row in rows], bool),
    )


def _set_apart(tags: WayTags) -> tuple[list[dict[str, str]], NDArray[np.int32], list[int]]:
    """Return tags so that each ferry is a kind of its own, and the ferries: they take as long as their lines are long.

    They are the tags of every kind, and of what kind each way is [ways].
    """
    rows = [dict(row) for row in tags.rows]
    if not any(map(is_ferry, rows)):
        return rows, tags.kind, []
    ships = np.flatnonzero(np.array([is_ferry(row) for row in rows], bool)[tags.kind])
    kind = tags.kind.copy()
    kind[ships] = len(rows) + np.arange(len(ships))
    return [*rows, *(rows[k] for k in tags.kind[ships].tolist())], kind, ships.tolist()


def _pairs(rows: Sequence[tuple[Any, Any]], of: type) -> NDArray[Any]:
    """Return [n, 2] of what is said forward and backward of n kinds."""
    return np.array(rows, of).reshape(-1, 2)
