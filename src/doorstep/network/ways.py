"""StreetTable: the ways of a map as arrays, before any medium is asked what it may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.access import RULES, limited_uses, street_uses
from doorstep.network.ferries import ferry_mps, is_ferry
from doorstep.network.network import Medium
from doorstep.network.roadclass import class_number
from doorstep.network.rulebook import USUAL
from doorstep.network.speed import free_speeds_mps
from doorstep.network.tags import DRIVEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.network.rulebook import RuleBook
    from doorstep.network.turning import Turn

TagRow = tuple[tuple[str, str], ...]
"""Keys and values of one way, as far as a rule reads them."""
TRAFFIC = (Medium.ROAD, Medium.CYCLE)
"""Media that move among motor traffic; the others keep their own pace."""
FREE = (np.inf, np.inf)
"""Speeds where nothing holds anybody up."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetTable:
    """Ways as runs of nodes, and what each medium may do on them."""

    xy_m: NDArray[np.float64]
    """[nodes, 2] metres."""
    first: NDArray[np.int64]
    """[ways + 1] where the nodes of each way begin in `node`."""
    node: NDArray[np.integer]
    """[k] rows of `xy_m`, way by way."""
    allowed: Mapping[Medium, NDArray[np.bool_]]
    """[ways, 2] forward and backward, for each medium that moves on streets."""
    free_speed_mps: NDArray[np.float64]
    """[ways, 2] of motor traffic on an empty street, forward and backward; infinite where there is none."""
    road_class: NDArray[np.uint8]
    """[ways] place in CLASS_NAMES."""
    blocked: Mapping[Medium, NDArray[np.bool_]] = field(default_factory=dict)
    """[nodes] where a barrier stands that the medium cannot pass."""
    limited: Mapping[Medium, NDArray[np.bool_]] = field(default_factory=dict)
    """[ways, 2] what a medium may use only to reach places there, forward and backward."""
    turns: Mapping[Medium, Sequence[Turn]] = field(default_factory=dict)
    """Restrictions that bind each medium."""
    kerbs: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    """[nodes] where a kerb stands that robots do not climb; none of them if there are no kerbs at all."""
    carriageway: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    """[ways] drawn where vans drive, so that kerbs lie beside them."""


def tabulate_ways(
    xy_m: NDArray[np.float64],
    first: NDArray[np.int64],
    node: NDArray[np.integer],
    tags: Sequence[TagRow],
    blocked: Mapping[Medium, NDArray[np.bool_]] | None = None,
    rules: RuleBook = USUAL,
) -> StreetTable:
    """Return ways with what their tags [ways] allow; each distinct row of tags is judged once."""
    kinds: dict[TagRow, int] = {}
    kind = np.fromiter((kinds.setdefault(row, len(kinds)) for row in tags), np.int64, len(tags))
    rows = [dict(row) for row in kinds]
    uses, limits = [street_uses(row, rules) for row in rows], [limited_uses(row) for row in rows]
    allowed = {medium: np.array([use[medium] for use in uses], bool).reshape(-1, 2)[kind] for medium in RULES}
    limited = {medium: np.array([row[medium] for row in limits], bool).reshape(-1, 2)[kind] for medium in TRAFFIC}
    found = [free_speeds_mps(row) if any(use[Medium.ROAD]) else FREE for row, use in zip(rows, uses, strict=True)]
    speeds = np.array(found, float).reshape(-1, 2)[kind]
    ships = np.array([is_ferry(row) for row in rows], bool)[kind] if rows else np.empty(0, bool)
    for way in np.flatnonzero(ships).tolist():
        line = xy_m[node[first[way] : first[way + 1]]]
        speeds[way] = ferry_mps(dict(tags[way]), float(np.hypot(*np.diff(line, axis=0).T).sum()))
    driven = np.array([row.get("highway") in DRIVEN for row in rows], bool)[kind] if rows else np.empty(0, bool)
    classes = np.array([class_number(row.get("highway", "")) for row in rows], np.uint8)[kind]
    return StreetTable(xy_m, first, node, allowed, speeds, classes, blocked or {}, limited, carriageway=driven)
