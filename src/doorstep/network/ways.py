"""StreetTable: the ways of a map as arrays, before any medium is asked what it may use."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.access import KNOWN, RULES, UNUSED, drive, street_uses
from doorstep.network.speed import free_speeds_mps, limit_kmh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.network.network import Medium
    from doorstep.network.turning import Turn

TagRow = tuple[tuple[str, str], ...]
"""Keys and values of one way, as far as a rule reads them."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetTable:
    """Ways as runs of nodes, and what each medium may do on them."""

    xy_m: NDArray[np.float64]
    """[nodes, 2] metres."""
    first: NDArray[np.int64]
    """[ways + 1] where the nodes of each way begin in `node`."""
    node: NDArray[np.int64]
    """[k] rows of `xy_m`, way by way."""
    allowed: Mapping[Medium, NDArray[np.bool_]]
    """[ways, 2] forward and backward, for each medium that moves on streets."""
    free_speed_mps: NDArray[np.float64]
    """[ways, 2] of motor traffic on an empty street, forward and backward; infinite where there is none."""
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
    node: NDArray[np.int64],
    tags: Sequence[TagRow],
    blocked: Mapping[Medium, NDArray[np.bool_]] | None = None,
) -> StreetTable:
    """Return ways with what their tags [ways] allow; each distinct row of tags is judged once."""
    kinds: dict[TagRow, int] = {}
    kind = np.fromiter((kinds.setdefault(row, len(kinds)) for row in tags), np.int64, len(tags))
    uses = [street_uses(dict(row)) for row in kinds]
    allowed = {medium: np.array([use[medium] for use in uses], bool).reshape(-1, 2)[kind] for medium in RULES}
    speeds = np.array([_speeds_mps(dict(row)) for row in kinds], float).reshape(-1, 2)[kind]
    return StreetTable(xy_m, first, node, allowed, speeds, blocked or {})


def tag_notes(tags: Sequence[TagRow]) -> list[str]:
    """Return what reading the tags of ways took for granted: classes that no rule knows, and speeds."""
    rows = Counter(tags)
    strange: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    driven = limited = 0
    for row, count in rows.items():
        way = dict(row)
        highway = way.get("highway", "")
        if highway == "trail" or highway not in KNOWN | UNUSED:
            strange[highway] += count
        if any(drive(way)):
            driven += count
            texts = [way[key] for key in ("maxspeed", "maxspeed:forward", "maxspeed:backward") if key in way]
            limits = [limit_kmh(text) for text in texts]
            limited += count if any(limits) else 0
            unread.update({text: count for text, limit in zip(texts, limits, strict=True) if not limit})
    notes = []
    if trails := strange.pop("trail", 0):
        notes.append(
            f"{trails} ways are tagged highway=trail, which is no agreed class; people walk there, nobody rides"
        )
    if strange:
        notes.append(f"{strange.total()} ways are of classes that no rule knows and are not used: {_most(strange)}")
    if driven:
        notes.append(
            f"{limited} of {driven} ways for motor traffic state a readable speed limit, of which 80 % is driven; the "
            "others have the usual speed of their class (car profile of OSRM)",
        )
    if unread:
        notes.append(f"{unread.total()} speed limits cannot be read and count as unstated: {_most(unread)}")
    return notes


def _speeds_mps(tags: Mapping[str, str]) -> tuple[float, float]:
    """Return free speeds where motor traffic may go; elsewhere nothing holds anybody up."""
    return free_speeds_mps(tags) if any(drive(tags)) else (np.inf, np.inf)


def _most(counts: Counter[str]) -> str:
    """Return the most frequent values with their counts."""
    told = ", ".join(f"{value[:40]!r} ({count})" for value, count in counts.most_common(5))
    return told + (" and others" if len(counts) > 5 else "")  # noqa: PLR2004 - as many as told
